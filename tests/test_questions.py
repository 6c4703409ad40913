"""The question sets: every reply is proved, and the open set is answered at least as well as was promised.

`open` was given with the project; `seen` and `blind` were written by hands that saw neither code nor the open set.
`cases` is read too and harder: people tell their case, mostly bit by bit, and ask whether it suffices, or what it comes
to. Of each set some are asked here; all of them, and the figures side by side, in `make questions`.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dialogs.library import Library
from tests.conftest import OPEN
from tests.questions import score
from tests.visitor import Visitor

SETS = {"open": 1, "seen": 25, "blind": 6, "cases": 4}
"""The sets, and of how many questions of each one is asked by the tests."""


def items(name: str) -> list[dict[str, Any]]:
    """The items of a set."""
    text = (Path(__file__).parent / "questions" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def answer(item: dict[str, Any], library: Library) -> dict[str, Any]:
    """The reply to an item's last turn, as `ask` gives it; the visitor proves each reply on the way."""
    visitor = Visitor(library, date.fromisoformat(item["as_of"]) if "as_of" in item else OPEN, opens=False)
    for text in item["turns"]:
        reply = visitor.says(text)
    return reply.as_json()


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("open", 97, 1.5), ("seen", 97, 2), ("blind", 97, 2), ("cases", 55, 45)],
    ids=tuple(SETS),
)
def test_a_set_is_answered_and_proved(name: str, right: float, wrong: float, library: Library) -> None:
    """Every figure of every reply has an origin, every quote stands in the guide, a no carries no sum.

    So many percent are right at least, and wrong at most; plain retrieval over the text reaches 42 with 47 wrong.
    """
    outcomes = [score.judge(item, answer(item, library)) for item in items(name)[:: SETS[name]]]
    assert 100 * outcomes.count("right") >= right * len(outcomes)
    assert 100 * outcomes.count("wrong") <= wrong * len(outcomes)
    assert outcomes.count("broken") == 0
