"""Breaking the rules on purpose, so that the proof shows that it can fail: `make prove SABOTAGE=operator`."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from knowledge.guide import Guide
from knowledge.rulebook import BranchBook, Check, Group, Node, Restriction, Rulebook

TURNED = {"at_least": "more_than", "more_than": "at_least", "at_most": "is"}


def _at(node: Node, wanted: Check, put: Callable[[Check], Check]) -> Node:
    if isinstance(node, Check):
        return put(node) if node is wanted else node
    return Group(node.how, tuple(_at(member, wanted, put) for member in node.members), node.quote, node.clause)


def _one_test(book: Rulebook, dice: random.Random, put: Callable[[Check], Check]) -> Rulebook:
    """Change one comparison with a threshold of one branch."""
    branch = dice.choice([b for b in book.branches.values() if _thresholds(b)])
    wanted = dice.choice(_thresholds(branch))
    changed = replace(branch, conditions=tuple(_at(node, wanted, put) for node in branch.conditions))
    return book._replace(branches={**book.branches, branch.id: changed})


def _thresholds(branch: BranchBook) -> list[Check]:
    return [leaf for node in branch.conditions for leaf in node.leaves() if leaf.operator in TURNED]


def operator(book: Rulebook, dice: random.Random) -> Rulebook:
    """不低于 read as 高于, 后 as 当日及以后, 不超过 as 等于."""
    return _one_test(book, dice, lambda test: test._replace(operator=TURNED[test.operator]))


def threshold(book: Rulebook, dice: random.Random) -> Rulebook:
    """A threshold one hundredth (or one day) too high."""

    def raised(test: Check) -> Check:
        value = test.values[0]
        assert isinstance(value, Decimal | date)
        step = Decimal("0.01") if isinstance(value, Decimal) else timedelta(days=1)
        return test._replace(values=(value + step,))  # type: ignore[operator]

    return _one_test(book, dice, raised)


def default(book: Rulebook, dice: random.Random) -> Rulebook:
    """Starred facts count as unknown when they were not told."""
    return book._replace(defaults={})


def doubt(book: Rulebook, dice: random.Random) -> Rulebook:
    """What the guide leaves open is decided all the same."""
    return _each(book, lambda branch: replace(branch, doubts=()))


def exemption(book: Rulebook, dice: random.Random) -> Rulebook:
    """No exemption for anybody."""
    return _each(book, lambda branch: replace(branch, restrictions=_strict(branch)))


def _strict(branch: BranchBook) -> tuple[Restriction, ...]:
    return tuple(restriction._replace(lifted_by=None) for restriction in branch.restrictions)


def cap(book: Rulebook, dice: random.Random) -> Rulebook:
    """No limit for an enterprise."""
    return _each(book, lambda branch: replace(branch, ceilings=()))


def choice(book: Rulebook, dice: random.Random) -> Rulebook:
    """Direction 12 added up as others are."""
    return _each(book, lambda branch: replace(branch, together="sum"))


def duty(book: Rulebook, dice: random.Random) -> Rulebook:
    """Nobody needs a recommendation."""
    return _each(book, lambda branch: replace(branch, duties=branch.duties[:-1]))


def _each(book: Rulebook, put: Callable[[BranchBook], BranchBook]) -> Rulebook:
    return book._replace(branches={id_: put(branch) for id_, branch in book.branches.items()})


KINDS: dict[str, Callable[[Rulebook, random.Random], Rulebook]] = {
    one.__name__: one for one in (operator, threshold, default, doubt, exemption, cap, choice, duty)
}


def broken(guide: Guide, kind: str, dice: random.Random) -> Guide:
    """A copy of the guide with one thing in its rulebook turned."""
    copy = guide.model_copy()
    copy.__dict__["book"] = KINDS[kind](guide.book, dice)
    return copy
