"""Cases that a branch's rules are tried on: one for each way it can come out, built from the rules themselves.

`witnesses(book, guide)` is the proof that no branch is decided beforehand: conditions that contradict each other leave
no eligible case, a doubt that always holds leaves no other than unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import TYPE_CHECKING

from knowledge.casework import with_defaults
from knowledge.judging import Verdict, verdict
from knowledge.rulebook import BranchBook, Check, Node, Value
from knowledge.rules import AS_OF

if TYPE_CHECKING:
    from knowledge.guide import Guide

Told = dict[str, Value]
ENOUGH = 200
"""How many cases are tried for one outcome; a branch that needs more is too tangled for its editor as well."""


def witnesses(book: BranchBook, guide: Guide) -> dict[Verdict, Told]:
    """For each verdict that this branch can come to, a case in which it does; a verdict without one is left out."""
    found: dict[Verdict, Told] = {}
    for case in _candidates(book, guide):
        found.setdefault(verdict(book, with_defaults(case, guide)), case)
        if len(found) == len(("eligible", "not_eligible", "unknown")):
            break
    return found


def _candidates(book: BranchBook, guide: Guide) -> Iterator[Told]:
    day: Told = {AS_OF: guide.book.last_day}
    yield day
    for case in islice(fulfilling(book.whole, False, guide), ENOUGH):
        yield {**case, **day}
    for case in islice(fulfilling(book.whole, True, guide), ENOUGH):
        yield {**case, **day}
        for fact in case:
            yield {**{key: value for key, value in case.items() if key != fact}, **day}


def fulfilling(node: Node, wanted: bool, guide: Guide) -> Iterator[Told]:
    """Cases in which a tree is true (or false), told as sparingly as can be."""
    if isinstance(node, Check):
        yield from ({node.fact: value} for value in values_for(node, guide) if node.holds({node.fact: value}) is wanted)
    elif node.how == "not":
        yield from fulfilling(node.members[0], not wanted, guide)
    elif (node.how == "all") is wanted:
        ways = (list(islice(fulfilling(member, wanted, guide), 6)) for member in node.members)
        yield from filter(None, map(_merged, product(*ways)))
    else:
        for member in node.members:
            yield from fulfilling(member, wanted, guide)


def _merged(cases: tuple[Told, ...]) -> Told | None:
    """Several cases as one, where they don't contradict each other."""
    whole: Told = {}
    for case in cases:
        if any(whole.get(key, value) != value for key, value in case.items()):
            return None
        whole |= case
    return whole


def values_for(test: Check, guide: Guide) -> list[Value]:
    """The values of a fact that a test tells apart: its bounds and their neighbours, every choice, yes and no."""
    fact = guide.fact.get(test.fact)
    if fact is not None and fact.kind == "bool":
        return [True, False]
    if fact is not None and fact.kind == "choice":
        return list(fact.choices)
    return [near for bound in test.values for near in neighbours(bound)]


def neighbours(bound: Value) -> list[Value]:
    """A bound, one unit above it and one below."""
    if isinstance(bound, date):
        return [bound, bound + timedelta(days=1), bound - timedelta(days=1)]
    if isinstance(bound, Decimal):
        return [bound, bound + 1, bound - 1]
    return [bound]
