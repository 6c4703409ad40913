"""What follows from the rules for a case: a verdict per branch in three-valued logic, with its reasons.

    case = case_of(facts, guide)                 facts as JSON → values; BadCase names what can't be read (casework.py)
    judged = judge(case, guide, as_of)           every branch's Judgement, by its id, in the guide's order
    judge_branch("10", case, guide, as_of)       one branch
    relevant_facts("10", case, guide, as_of)     what is not told and could still change the verdict, the ceiling, a
                                                 duty or the district's contact; () where all is settled
    deciding_facts / award_facts / duty_facts    the same by what they could change
    combinations(judged, guide, case)            the best lawful applications (choosing.py)

A false condition makes a branch not_eligible, else one not known makes it unknown, else it is eligible. An ambiguity
that the rules call unknown wins over all of these (`verdict`). A starred fact that was not told counts as its default;
`assumed` names those that the outcome rests on, so that it can be worded 按未提及计.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from knowledge.awarding import Reckoned, award
from knowledge.casework import with_defaults
from knowledge.rulebook import BranchBook, Case, Check, Doubt, Group, Node, Truth, Value
from knowledge.rules import AS_OF, Ambiguity

if TYPE_CHECKING:
    from knowledge.guide import Guide

Verdict = Literal["eligible", "not_eligible", "unknown"]
DISTRICT, RECOMMENDATION = "district", "district_recommendation"


@dataclass(frozen=True)
class Reason:
    """A condition that was judged: its clause and quote, the fact that it asks for, and whether it holds."""

    clause: str
    quote: str
    fact: str
    holds: Truth


@dataclass(frozen=True)
class Gap:
    """How far a fact is from what a condition needs, in the fact's own unit (days for a date)."""

    fact: str
    have: Value
    need: Value
    short_by: Decimal


@dataclass(frozen=True)
class Judgement:
    """What follows for one branch. `award` is told for an eligible one only; `asked`: a particular fact was told."""

    branch: str
    verdict: Verdict
    because: tuple[Reason, ...]
    missing: tuple[str, ...]
    gaps: tuple[Gap, ...]
    needs: tuple[str, ...]
    ambiguities: tuple[Ambiguity, ...]
    award: Reckoned | None
    assumed: tuple[str, ...]
    asked: bool

    @property
    def max_award_wan(self) -> Decimal | None:
        """The ceiling in 万元, where one can be given."""
        return self.award.amount if self.award else None


def judge(case: Case, guide: Guide, as_of: date, scope: Container[str] = ()) -> dict[str, Judgement]:
    """Every branch's judgement; `scope`: branches that count as asked, whatever was told."""
    return {branch: judge_branch(branch, case, guide, as_of, chosen=branch in scope) for branch in guide.book.branches}


def judge_branch(branch: str, case: Case, guide: Guide, as_of: date, *, chosen: bool = False) -> Judgement:
    """One branch's judgement; `case` is what was told, without defaults; `chosen`: it was asked for by name."""
    book = guide.book.branches[branch]
    told = {fact: case[fact] for fact in book.concerned if fact in case}
    case_of_branch = (as_of, chosen, *((fact, str(value)) for fact, value in told.items()))
    found = book.judged.get(case_of_branch)
    if found is None:
        if len(book.judged) >= JUDGED:
            book.judged.clear()
        found = book.judged[case_of_branch] = _judged(branch, told, guide, as_of, chosen)
    return found


JUDGED = 8
"""Judgements that a branch remembers: a sheet asks for each twice, and of most branches little is told. More would cost
a process of many visitors several megabytes."""


def _judged(branch: str, case: Case, guide: Guide, as_of: date, chosen: bool) -> Judgement:
    book = guide.book.branches[branch]
    full = with_defaults({**case, AS_OF: as_of}, guide)
    doubts = open_doubts(book, full)
    found = verdict(book, full)
    shaken = {leaf.fact for doubt in doubts if doubt.unknown_when for leaf in doubt.unknown_when.leaves()}
    asked = chosen or is_asked(branch, case, guide)
    reasons = tuple(_shaken(reason, shaken) for reason in reasons_of(book.whole, full))
    failing = {reason.fact for reason in reasons if reason.holds is False}
    return Judgement(
        branch=branch,
        verdict=found,
        because=reasons,
        missing=tuple(open_facts(book.whole, full)) if found == "unknown" else (),
        gaps=tuple(gaps_of(book.whole, full, shaken)),
        needs=needs_of(book, full) if found != "not_eligible" else (),
        ambiguities=tuple(_said(book, doubts, full, found, asked, failing)),
        award=award(book, full) if found == "eligible" else None,
        assumed=_assumed(book, case, full, found),
        asked=asked,
    )


def verdict(book: BranchBook, full: Case) -> Verdict:
    """The verdict of a case with its defaults: an open doubt wins, then the conditions decide."""
    if open_doubts(book, full):
        return "unknown"
    return _VERDICTS[book.whole.holds(full)]


_VERDICTS: dict[Truth, Verdict] = {True: "eligible", False: "not_eligible", None: "unknown"}


def open_doubts(book: BranchBook, full: Case) -> list[Doubt]:
    """The ambiguities that make the verdict unknown here."""
    return [doubt for doubt in book.doubts if doubt.unknown_when and doubt.unknown_when.holds(full) is True]


def is_asked(branch: str, case: Case, guide: Guide) -> bool:
    """Whether something was told that only this branch's direction asks for."""
    return any(branch in guide.book.particular.get(key, ()) for key in case)


def reasons_of(node: Node, case: Case) -> Iterator[Reason]:
    """The conditions of a tree as reasons; of alternatives those that count: the ones that hold, else those open."""
    held = node.holds(case)
    if isinstance(node, Check):
        yield Reason(node.clause, node.quote, node.fact, held)
    elif node.quote:
        yield Reason(node.clause, node.quote, _deciding(node, case, held), held)
    else:
        for member in node.members:
            if node.how != "any" or _counts(member.holds(case), held):
                yield from reasons_of(member, case)


def _counts(member: Truth, whole: Truth) -> bool:
    return member is whole or (whole is None and member is True)


def _deciding(group: Group, case: Case, held: Truth) -> str:
    """The fact that a group's outcome hangs on: the first that is not known, or that fails, or that is asked for."""
    leaves = list(group.leaves())
    if group.how == "not":
        return leaves[0].fact
    return next((leaf.fact for leaf in leaves if leaf.holds(case) is held), leaves[0].fact)


def _shaken(reason: Reason, facts: set[str]) -> Reason:
    """A condition that fails only in one reading of the guide is not known to fail."""
    if reason.holds is False and reason.fact in facts:
        return Reason(reason.clause, reason.quote, reason.fact, None)
    return reason


def open_facts(node: Node, case: Case) -> list[str]:
    """The facts that are not told and that the outcome of a tree hangs on, each once, in order."""
    return list(dict.fromkeys(leaf.fact for leaf in _open(node, case)))


def _open(node: Node, case: Case) -> Iterator[Check]:
    if node.holds(case) is not None:
        return
    if isinstance(node, Check):
        yield node
    else:
        for member in node.members:
            yield from _open(member, case)


def gaps_of(node: Node, case: Case, shaken: Iterable[str] = ()) -> Iterator[Gap]:
    """How far each failing threshold is away, each fact once."""
    seen = set(shaken)
    for test in _failing(node, case):
        if test.fact not in seen and (gap := _gap(test, case[test.fact])):
            seen.add(test.fact)
            yield gap


def _failing(node: Node, case: Case) -> Iterator[Check]:
    if node.holds(case) is not False:
        return
    if isinstance(node, Check):
        yield node
    elif node.how != "not":
        for member in node.members:
            yield from _failing(member, case)


def _gap(test: Check, have: Value) -> Gap | None:
    if test.operator not in ("at_least", "more_than", "at_most", "between"):
        return None
    need = min(test.values, key=lambda bound: abs(_apart(have, bound)))
    if isinstance(have, Decimal) and test.fact.endswith("_year"):
        return None
    return Gap(test.fact, have, need, abs(_apart(have, need)))


def _apart(have: Value, need: Value) -> Decimal:
    if isinstance(have, date) and isinstance(need, date):
        return Decimal((need - have).days)
    assert isinstance(have, Decimal) and isinstance(need, Decimal)
    return need - have


def needs_of(book: BranchBook, full: Case) -> tuple[str, ...]:
    """The duties that are not yet done, and the government's review where the exemption is really used."""
    duties = [duty for duty, done in book.duties if full.get(done) is not True]
    used = any(lifts(restriction.node, restriction.lifted_by, full) for restriction in book.restrictions)
    return (*duties, *([book.lifting_duty] if used else []))


def lifts(node: Node, lifted_by: Node | None, full: Case) -> bool:
    """Whether the exemption is what lets a restriction pass."""
    return bool(lifted_by and node.holds(full) is False and lifted_by.holds(full) is True)


def _said(
    book: BranchBook, doubts: list[Doubt], full: Case, found: Verdict, asked: bool, failing: set[str]
) -> Iterator[Ambiguity]:
    """The ambiguities that go with a verdict: those that make it unknown, and those that a reader should know of."""
    for doubt in book.doubts:
        if doubt in doubts or (asked and _noted(doubt, full, found, failing)):
            yield doubt.ambiguity


def _noted(doubt: Doubt, full: Case, found: Verdict, failing: set[str]) -> bool:
    if doubt.noted_when is None:
        return doubt.said_with == found
    if found == "not_eligible" and not failing & {leaf.fact for leaf in doubt.noted_when.leaves()}:
        return False
    return doubt.noted_when.holds(full) is True


def _assumed(book: BranchBook, case: Case, full: Case, found: Verdict) -> tuple[str, ...]:
    """The starred facts that were not told and that the outcome rests on: without the default it would be open."""
    nodes: list[Node] = [book.whole] if found != "unknown" else []
    counts: list[str | None] = []
    if found == "eligible":
        nodes += _award_nodes(book)
        counts += [fact for share in book.shares for fact in (share.part.count, share.part.base)]
    starred = [fact for fact in full if fact not in case and fact != AS_OF]
    return tuple(fact for fact in starred if fact in counts or any(_rests(node, fact, full) for node in nodes))


def _rests(node: Node, fact: str, full: Case) -> bool:
    if not node.speaks_of(fact):
        return False
    return node.holds({key: value for key, value in full.items() if key != fact}) is None


# --- what could still matter ---------------------------------------------------------------------------------------


def relevant_facts(branch: str, case: Case, guide: Guide, as_of: date, *, ceiling: bool = True) -> tuple[str, ...]:
    """The facts not told that could still change what is said of this branch, starred ones too.

    First what decides the verdict, then what changes the `ceiling` (if that is wanted), then duties and the district.
    """
    book = guide.book.branches[branch]
    told = {fact: case[fact] for fact in (*book.concerned, DISTRICT) if fact in case}
    case_of_branch = (as_of, ceiling, *told.items())
    found = book.remembered.get(case_of_branch)
    if found is None:
        if len(book.remembered) >= REMEMBERED:
            book.remembered.clear()
        found = book.remembered[case_of_branch] = _relevant(book, {**told, AS_OF: as_of}, ceiling)
    return found


REMEMBERED = 256
"""Cases that a branch remembers."""


def _relevant(book: BranchBook, told: Case, ceiling: bool) -> tuple[str, ...]:
    held, doubtful = book.whole.holds(told), bool(open_doubts(book, told))
    found: list[str] = []
    if held is not False and not doubtful:
        found += _deciding_facts(book, told)
        found += _award_facts(book, told) if ceiling else ()
    if held is not False or doubtful:
        found += _duty_facts(book, told)
    return tuple(dict.fromkeys(found))


def deciding_facts(branch: str, case: Case, guide: Guide, as_of: date) -> tuple[str, ...]:
    """Those that could change the verdict; () where it is settled.

    A branch that fails counts as settled: a doubt that could still make its verdict unknown is not worth a question.
    """
    book, told = guide.book.branches[branch], {**case, AS_OF: as_of}
    return tuple(dict.fromkeys(_deciding_facts(book, told))) if _may_be_eligible(book, told) else ()


def _deciding_facts(book: BranchBook, told: Case) -> list[str]:
    doubtful = [fact for doubt in book.doubts if doubt.unknown_when for fact in open_facts(doubt.unknown_when, told)]
    return [*open_facts(book.whole, told), *doubtful]


def award_facts(branch: str, case: Case, guide: Guide, as_of: date) -> tuple[str, ...]:
    """Those that could change the ceiling; () where the branch can no longer be eligible."""
    book, told = guide.book.branches[branch], {**case, AS_OF: as_of}
    return tuple(dict.fromkeys(_award_facts(book, told))) if _may_be_eligible(book, told) else ()


def _award_facts(book: BranchBook, told: Case) -> list[str]:
    found = [fact for node in _award_nodes(book) for fact in open_facts(node, told)]
    for share in book.shares:
        if share.when is None or share.when.holds(told) is not False:
            found += [fact for fact in (share.part.base, share.part.count) if fact and fact not in told]
    return found


def duty_facts(branch: str, case: Case, guide: Guide, as_of: date) -> tuple[str, ...]:
    """Those that could change what has to be done, or whom to ask for a recommendation."""
    book, told = guide.book.branches[branch], {**case, AS_OF: as_of}
    if book.whole.holds(told) is False and not open_doubts(book, told):
        return ()
    return tuple(_duty_facts(book, told))


def _duty_facts(book: BranchBook, told: Case) -> list[str]:
    found = [*_lifted_facts(book, told), *(done for _, done in book.duties if done not in told)]
    recommended = any(duty == RECOMMENDATION and told.get(done) is not True for duty, done in book.duties)
    return [*found, DISTRICT] if recommended and DISTRICT not in told else found


def _lifted_facts(book: BranchBook, told: Case) -> Iterator[str]:
    """What tells whether the exemption is really used, and with it the government's review due."""
    for restriction in book.restrictions:
        if restriction.lifted_by and restriction.lifted_by.holds(told) is True:
            yield from open_facts(restriction.node, told)


def _may_be_eligible(book: BranchBook, told: Case) -> bool:
    return book.whole.holds(told) is not False and not open_doubts(book, told)


def _award_nodes(book: BranchBook) -> list[Node]:
    """Every condition that an award hangs on."""
    nodes = [share.when for share in book.shares] + [extra.when for extra in book.extras]
    return [node for node in [*nodes, *(extra.unless for extra in book.extras)] if node]
