"""Answers as people give them: sums, shares, days, yes and no, choices; and what must not be read as one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dialogs.library import Library
from knowledge.answers import Answer, read_answer
from tests.case_files import cases

TODAY = date(2023, 3, 20)
CASES = Path(__file__).parent / "cases"


def _rows(name: str, part: str) -> Iterator[Any]:
    for group in cases(CASES / name):
        held = group.get(part, {})
        for said in held:
            wanted = held[said] if isinstance(held, dict) else None
            yield pytest.param(group["ask"], str(said), wanted, id=f"{group['ask']}: {said}")


def _answer(library: Library, key: str, said: str) -> Answer:
    return read_answer(library.teller.facts[key], said, library.teller, TODAY)


BOTH = ("amounts.yaml", "days.yaml")


@pytest.mark.parametrize(("key", "said", "wanted"), [row for name in BOTH for row in _rows(name, "read")])
def test_an_answer_is_read(key: str, said: str, wanted: Any, library: Library) -> None:
    """It gives the value, or a day inside those that were told."""
    answer = _answer(library, key, said)
    assert answer.kind == "value", answer
    if key.endswith("_date"):
        first, last = wanted.split("/")
        assert first <= str(answer.value) <= last
    else:
        assert answer.value == wanted and isinstance(answer.value, bool) == isinstance(wanted, bool)


@pytest.mark.parametrize(("key", "said", "why"), [row for name in BOTH for row in _rows(name, "refused")])
def test_what_is_no_answer_is_refused(key: str, said: str, why: str, library: Library) -> None:
    """It is not taken, and the reason is known, so that the desk can say what would be right."""
    assert _answer(library, key, said) == Answer("unreadable", why=why)  # type: ignore[arg-type]


@pytest.mark.parametrize(("key", "said", "_"), list(_rows("days.yaml", "unknown")))
def test_not_knowing_is_an_answer(key: str, said: str, _: None, library: Library) -> None:
    """不清楚 in all its forms."""
    assert _answer(library, key, said).kind == "unknown"


@pytest.mark.parametrize(("key", "said", "_"), list(_rows("days.yaml", "question")))
def test_a_question_is_no_answer(key: str, said: str, _: None, library: Library) -> None:
    """什么叫纳统？ asks, and tells nothing."""
    assert _answer(library, key, said).kind == "question"


def test_the_lists_are_long_enough() -> None:
    """At least 120 forms in each list, those included that must not be read."""
    for name in BOTH:
        parts = ("read", "refused", "unknown", "question")
        assert sum(len(list(_rows(name, part))) for part in parts) >= 120


def test_doubt_is_heard(library: Library) -> None:
    """应该是 is a yes, but not a sure one; so is a figure with 大概."""
    for key, said in (("is_zjtx", "应该是"), ("tapeout_cost_wan", "大概1200万"), ("is_zjtx", "是吧")):
        assert _answer(library, key, said).unsure
    assert not _answer(library, "is_zjtx", "是").unsure


def test_every_fact_can_be_answered_by_its_own_words(library: Library) -> None:
    """是, 否, 不清楚, each choice by value, label and number, a figure with its unit, a day in full."""
    for key, fact in library.teller.facts.items():
        assert _answer(library, key, "不清楚").kind == "unknown", key
        for no, (value, label) in enumerate(fact.choices.items(), 1):
            for said in (value, label, f"第{no}个"):
                assert _answer(library, key, said).value == value, (key, said)
        if fact.kind == "bool":
            yes = "有" if "有没有" in fact.question else "是"
            assert _answer(library, key, yes).value is True and _answer(library, key, "否").value is False, key
        elif fact.kind == "date":
            assert _answer(library, key, "2022年9月14日").value == "2022-09-14", key
        elif fact.kind == "number":
            said, value = ("2022年", 2022) if key == "first_above_scale_year" else (f"3{fact.unit}", 3)
            assert _answer(library, key, said).value == value, key
