"""Proof of the rules as a whole, once every single one was proved.

use         every fact is asked for where facts.yaml says so
agreement   what is said to people and what is judged by have the same thresholds
outcome     every branch can come out eligible, not eligible and unknown (witnessing.py)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from knowledge.guide import Guide, Provision
from knowledge.judging import DISTRICT, RECOMMENDATION
from knowledge.reading import FACTS_FILE, Draft, Fault
from knowledge.rulebook import day_of, number_of
from knowledge.rules import LAST_DAY, BranchRules, Condition, Requirement
from knowledge.witnessing import witnesses

VERDICTS = {"eligible": "符合", "not_eligible": "不符合", "unknown": "不清楚"}


def prove_outcomes(draft: Draft) -> Iterator[Fault]:
    """What speaks against the rules as a whole; for a draft whose every rule was proved."""
    found = list(_facts_used(draft))
    yield from found
    if not found:
        yield from _agreement(draft)
        yield from _outcomes(draft)


def _facts_used(draft: Draft) -> Iterator[Fault]:
    """facts.yaml says which branches ask for a fact; the rules ask for no others, and for every fact somewhere."""
    guide, book = draft.guide, draft.guide.book
    used = {branch: {*_asked_by(guide, branch)} for branch in book.branches}
    for at, fact in enumerate(guide.facts):
        if not any(fact.key in used[branch] for branch in fact.branches):
            yield draft.fault(FACTS_FILE, ("facts", at), f"“{fact.key}”没有一条规则用到，请在rules/里用上或删去")
        for branch, keys in used.items():
            if fact.key in keys and branch not in fact.branches:
                says = f"{branch}的规则用了“{fact.key}”，请在branches里补上{branch}"
                yield draft.fault(FACTS_FILE, ("facts", at), says)


def _asked_by(guide: Guide, branch: str) -> Iterator[str]:
    """Every fact that something of a branch asks for; what is there in general counts for all."""
    book = guide.book.branches[branch]
    yield from (leaf.fact for leaf in book.whole.leaves())
    for share in book.shares:
        yield from filter(None, (share.part.base, share.part.count))
        yield from (leaf.fact for leaf in (share.when.leaves() if share.when else ()))
    for extra in book.extras:
        yield from (leaf.fact for node in (extra.when, extra.unless) if node for leaf in node.leaves())
    for doubt in book.doubts:
        yield from (leaf.fact for leaf in (doubt.unknown_when.leaves() if doubt.unknown_when else ()))
    general = guide.deciding.general
    yield from (fact for duty, fact in book.duties)
    yield from (leaf.fact for leaf in guide.book.exemption.leaves())
    yield from (condition.require.fact for condition in general.conditions if condition.require.fact)
    if any(duty == RECOMMENDATION for duty, _ in book.duties):
        yield DISTRICT


def _agreement(draft: Draft) -> Iterator[Fault]:
    """What people are told and what is judged by: one threshold for one fact of a branch."""
    guide = draft.guide
    for rules in guide.deciding.directions:
        direction = guide.direction_of[rules.direction]
        file = draft.rules_files[rules.direction]
        for at, branch in enumerate(rules.branches):
            said = [*guide.branches[branch.id].provisions, *direction.shared]
            conditions = _conditions_of(said)
            for wanted in _leaves(branch):
                other = conditions.get(wanted.fact or "")
                if other and not _same(wanted, other, guide):
                    yield draft.fault(
                        file,
                        ("branches", at),
                        f"{branch.id}的“{wanted.fact}”写的是{_shown(wanted)}，而条文里是{_shown(other)}，请改成一致",
                    )


def _conditions_of(provisions: list[Provision]) -> dict[str, Condition]:
    found = (provision.condition for provision in provisions)
    return {condition.fact: condition for condition in found if condition and not condition.one_of}


def _leaves(branch: BranchRules) -> Iterator[Requirement]:
    pending = [*branch.conditions, *(part.when for part in branch.award.parts if part.when)]
    while pending:
        wanted = pending.pop()
        pending += wanted.members
        if wanted.fact and not wanted.one_of and not wanted.told and wanted.is_ in (None, True, False):
            yield wanted


def _same(one: Requirement, other: Condition, guide: Guide) -> bool:
    read: Callable[[str], object] = number_of if guide.fact[other.fact].kind == "number" else _read_day
    return _values(one.written[0], read) == _values(other.written[0], read)


def _values(written: tuple[str, object], read: Callable[[str], object]) -> tuple[str, tuple[object, ...]]:
    name, value = written
    return name, tuple(read(v) if isinstance(v, str) else v for v in (value if isinstance(value, tuple) else (value,)))


def _read_day(text: str) -> object:
    return LAST_DAY if text == LAST_DAY else day_of(text, date.max)


def _shown(wanted: Requirement | Condition) -> str:
    name, value = wanted.written[0]
    return f"{name} {value}"


def _outcomes(draft: Draft) -> Iterator[Fault]:
    """Every branch can come out each way."""
    guide = draft.guide
    for branch, book in guide.book.branches.items():
        file = draft.rules_files[book.direction]
        lacking = [word for verdict, word in VERDICTS.items() if verdict not in witnesses(book, guide)]
        at = next(i for r in guide.deciding.directions for i, b in enumerate(r.branches) if b.id == branch)
        for word in lacking:
            yield draft.fault(
                file, ("branches", at), f"{branch}怎么填都得不到“{word}”，请检查条件是否互相矛盾或总是成立"
            )
