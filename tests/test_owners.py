"""Whose case a message tells of: nothing of a supplier, a parent firm, a rumour or a plan is kept as the firm's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dialogs.library import Library
from tests.case_files import cases
from tests.visitor import Visitor

TODAY = date(2023, 3, 20)
CASES = cases("owners.yaml")
ROWS = [(kind, row) for kind, rows in CASES.items() for row in rows]


def _turns(row: dict[str, Any]) -> list[str]:
    said = row["话"]
    return [said] if isinstance(said, str) else said


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=[f"{kind}：{_turns(row)[-1]}" for kind, row in ROWS])
def test_only_what_is_told_of_oneself_is_kept(row: dict[str, Any], library: Library) -> None:
    """All that should be kept is, and nothing besides but what may be."""
    visitor = Visitor(library, TODAY)
    for said in _turns(row):
        visitor.says(said)
    now = {key: kept.value for key, kept in visitor.conversation.now.items() if kept.value is not None}
    wanted, allowed = row.get("记", {}), row.get("可", {}) | row.get("记", {})
    assert {key: _day(value) for key, value in now.items() if key in wanted} == {
        key: _day(value) for key, value in wanted.items()
    }
    assert {key: value for key, value in now.items() if _day(allowed.get(key)) != _day(value)} == {}


def _day(value: Any) -> Any:
    """A day as its month, which is what people say; anything else as it is."""
    return value[:7] if isinstance(value, str) and value[:2] == "20" else value


def test_the_cases_are_many() -> None:
    """Every kind of other party, and the firm's own facts beside them."""
    assert len(ROWS) >= 200 and len(CASES) >= 15


def test_however_often_somebody_is_possessed_it_is_read_at_once(library: Library) -> None:
    """A chain of possessives takes no longer than its letters do."""
    visitor = Visitor(library, TODAY)
    visitor.says("我们" + "的老板的园区的" * 200 + "供应商在海淀，固投800万")
    assert visitor.reply
