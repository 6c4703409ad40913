"""Cases to prove on: random ones near every bound, and for each branch one that is eligible with every fact told."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from knowledge.guide import Fact, Guide
from knowledge.judging import verdict
from knowledge.rulebook import Rulebook, Value, rulebook
from knowledge.rules import AS_OF
from knowledge.witnessing import fulfilling

AMOUNTS = (0, 1, 1.5, 199, 200, 300, 499, 499.99, 500, 501, 999, 1000, 1001, 1600, 2000, 3000, 3001, 6000, 9999, 10000)
LARGE = (12000, 15000, 19999, 20000, 60000, 99999, 100000, 200000)
YEARS = (0, 2015, 2021, 2022, 2023)
DAYS = ("2020-12-31", "2021-01-01", "2021-01-02", "2021-12-31", "2022-01-01", "2022-06-30", "2023-04-15", "2023-04-16")
AS_OFS = (
    date(2023, 2, 16),
    date(2023, 3, 20),
    date(2023, 3, 31),
    date(2023, 4, 1),
    date(2023, 4, 15),
    date(2023, 4, 16),
)


def any_value(fact: Fact, dice: random.Random) -> Any:
    """A JSON value of a fact, as likely as not near a bound."""
    if fact.kind == "bool":
        return dice.random() < 0.5
    if fact.kind == "choice":
        return dice.choice(list(fact.choices))
    if fact.kind == "date":
        return dice.choice(DAYS)
    if fact.key.endswith("_year"):
        return dice.choice(YEARS)
    if fact.unit in ("年", "%"):
        return dice.choice((0.5, 2.9, 3, 3.1, 9.9, 10, 14.9, 15, 20))
    return dice.choice((1, 2, 3, 10, 1000)) if fact.whole else dice.choice(AMOUNTS + LARGE)


GOOD = {
    "reg_beijing": True, "independent_legal_entity": True, "serious_dishonesty_last_3y": False,
    "other_municipal_funding": False, "municipal_major_or_key_institution": False, "other_direction_applied": "none",
}  # fmt: skip


def any_case(guide: Guide, dice: random.Random) -> dict[str, Any]:
    """A random case: usually of an enterprise that may apply at all, otherwise anything."""
    told = {fact.key: any_value(fact, dice) for fact in guide.facts if dice.random() < dice.choice((0.3, 0.7, 0.95))}
    if dice.random() < 0.7:
        told |= GOOD
    return told


def likely_case(guide: Guide, dice: random.Random) -> dict[str, Any]:
    """A case that several branches are eligible in, with a few facts changed or left out."""
    branches = dice.sample(list(guide.book.branches), 3)
    told: dict[str, Any] = {}
    for branch in branches:
        told = {**as_json(eligible_case(branch, guide)), **told}
    for key in dice.sample(sorted(told), min(len(told), dice.choice((0, 1, 2)))):
        if dice.random() < 0.5:
            del told[key]
        else:
            told[key] = any_value(guide.fact[key], dice)
    for fact in dice.sample(guide.facts, 12):
        told.setdefault(fact.key, any_value(fact, dice))
    return told | (GOOD if dice.random() < 0.8 else {})


_HONEST: dict[str, Rulebook] = {}


def honest(guide: Guide) -> Rulebook:
    """The rulebook as the guide's files have it, whatever was broken since."""
    return _HONEST.setdefault(guide.id, _HONEST.get(guide.id) or rulebook(guide))


def eligible_case(branch: str, guide: Guide, day: date = date(2023, 4, 12)) -> dict[str, Value]:
    """A case in which a branch is eligible, without the day."""
    book = honest(guide)
    for case in fulfilling(book.branches[branch].whole, True, guide):
        if verdict(book.branches[branch], {**book.defaults, **case, AS_OF: day}) == "eligible":
            return case
    raise AssertionError(f"{branch} can't be eligible")


def as_json(case: dict[str, Value]) -> dict[str, Any]:
    """A case as JSON facts."""
    return {key: json_value(value) for key, value in case.items()}


def json_value(value: Value) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value.isoformat() if isinstance(value, date) else value


def around(value: Value) -> list[Value]:
    """One unit less, exactly, one unit more; and a hundredth for what is measured."""
    if isinstance(value, date):
        return [value - timedelta(days=1), value, value + timedelta(days=1)]
    assert isinstance(value, Decimal)
    return [value - 1, value - Decimal("0.01"), value, value + Decimal("0.01"), value + 1]
