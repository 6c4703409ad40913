"""The interview: the question worth most now, why it is asked, what remains, when it ends.

All of it follows from what was told, the scope and the rules; nothing here is kept.

    standing_of(conversation, library, today)   the case as it stands
    open_facts(standing)                        what may still be asked, with the branches that it decides
    next_fact(standing)                         the one expected to leave least to ask; None: the interview ends

Scope: the branches of the chosen directions, and those of which something particular was told. A fact is open while it
could change a verdict, a ceiling, a duty or the district's contact of one of them (`judging.relevant_facts`), was not
told and was not answered 不清楚. For each open fact every kind of answer is tried (how likely it is: `_trials`), and
what would be left to ask is counted: a condition that often fails comes early, one that nearly everybody meets late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from dialogs.conversation import Conversation
from dialogs.library import Library
from knowledge.casework import value_of
from knowledge.guide import Fact, Guide
from knowledge.judging import DISTRICT, RECOMMENDATION, is_asked, relevant_facts
from knowledge.rulebook import BranchBook, Check, Group, Node, Value, as_value
from knowledge.rules import AS_OF

SURE, LIKELY = 0.99, 0.85
"""How likely an enterprise that asks meets a general condition, and that a starred fact is as its default."""


@dataclass(frozen=True)
class Standing:
    """A case on a day: what was told, what the visitor does not know, the branches in scope."""

    case: dict[str, Value]
    unknown: frozenset[str]
    branches: tuple[str, ...]
    guide: Guide
    today: date

    def after(self, fact: str, value: Value) -> Standing:
        """The case where one more fact was told."""
        return replace(self, case={**self.case, fact: value})

    @cached_property
    def by_branch(self) -> dict[str, tuple[str, ...]]:
        """What may still be asked for each branch."""
        return {branch: tuple(_open(branch, self)) for branch in self.branches}


def standing_of(conversation: Conversation, library: Library, today: date) -> Standing:
    """The case of a conversation; what another version of the guide no longer knows is left out."""
    case: dict[str, Value] = {}
    unknown = set()
    for key, kept in conversation.now.items():
        fact = library.guide.fact.get(key)
        if fact is None:
            continue
        if kept.value is None:
            unknown.add(key)
            continue
        try:
            case[key] = value_of(fact, kept.value)
        except ValueError:
            continue
    return Standing(case, frozenset(unknown), _scope(conversation, case, library.guide), library.guide, today)


def _scope(conversation: Conversation, case: dict[str, Value], guide: Guide) -> tuple[str, ...]:
    chosen, told = set(conversation.scope), _told_of(case, guide)
    return tuple(
        branch
        for branch in guide.book.branches
        if branch in chosen or guide.direction_of[branch].direction in chosen or branch in told
    )


def _told_of(case: dict[str, Value], guide: Guide) -> set[str]:
    """The branches of which something particular was told.

    A fact that several branches of a direction share speaks for them all, unless another fact was told that only one of
    them asks for (a stage of clinical trial: not of generics); a branch without a fact of its own is never left out.
    """
    asked = {branch for branch in guide.book.branches if is_asked(branch, case, guide)}
    sole = {branches[0]: key for key, branches in guide.book.particular.items() if len(branches) == 1}
    own = {guide.book.particular[key][0] for key in case if len(guide.book.particular.get(key, ())) == 1}
    singled = {guide.direction_of[branch].direction for branch in own}
    return {
        branch
        for branch in asked
        if branch in own or branch not in sole or guide.direction_of[branch].direction not in singled
    }


def open_facts(standing: Standing) -> dict[str, tuple[str, ...]]:
    """What may still be asked, with the branches that it may change; what decides verdicts first."""
    found: dict[str, list[str]] = {}
    for branch, facts in standing.by_branch.items():
        for fact in facts:
            found.setdefault(fact, []).append(branch)
    return {fact: tuple(branches) for fact, branches in found.items()}


def _open(branch: str, standing: Standing) -> Iterator[str]:
    case, guide, today = standing.case, standing.guide, standing.today
    ceiling = not _never_eligible(guide.book.branches[branch], standing)
    found = relevant_facts(branch, case, guide, today, ceiling=ceiling)
    return (fact for fact in found if fact not in standing.unknown)


def _never_eligible(book: BranchBook, standing: Standing) -> bool:
    """Whether a condition hangs on facts that the visitor does not know, so that no ceiling will be given."""
    if not standing.unknown:
        return False
    told = {**standing.case, AS_OF: standing.today}
    full = {**{key: standing.guide.book.defaults[key] for key in standing.unknown & set(standing.guide.book.defaults)}}
    return any(_hangs(member, {**full, **told}, standing.unknown) for member in book.whole.members)


def _hangs(node: Node, case: dict[str, Value], unknown: frozenset[str]) -> bool:
    if node.holds(case) is not None:
        return False
    return {leaf.fact for leaf in node.leaves() if leaf.holds(case) is None} <= unknown


def next_fact(standing: Standing) -> str | None:
    """The fact that is expected to leave least to ask; None where nothing is left."""
    open_ = [fact for fact in open_facts(standing) if not _refers(fact, standing)] or list(open_facts(standing))
    facts = [fact for fact in open_ if not _needless(fact, standing)] or open_
    deciding = [fact for fact in facts if fact not in _duties(standing.guide)] or facts
    return min(deciding, key=lambda fact: _expected(fact, standing), default=None)


def _duties(guide: Guide) -> set[str]:
    """The facts that decide nothing but what is still to be done and whom to ask: asked when all else is known."""
    return {DISTRICT, *(done for book in guide.book.branches.values() for _, done in book.duties)}


_REFERRING = re.compile(r"该|相应|上述|这样的|其中|所得")
"""How a question speaks of what an earlier one asked for (通过该机构注册, 相应国外市场)."""


def _refers(fact: str, standing: Standing) -> bool:
    """Whether a question speaks of a particular fact before it in the vocabulary that is still to be asked."""
    guide = standing.guide
    if not _REFERRING.search(guide.fact[fact].question):
        return False
    branches, open_ = set(guide.fact[fact].branches) & set(standing.branches), open_facts(standing)
    before = list(guide.fact)[: list(guide.fact).index(fact)]
    return any(
        one in open_ and guide.fact[one].default is None and branches & set(open_[one])
        for one in before
        if one in guide.book.particular
    )


def _needless(fact: str, standing: Standing) -> bool:
    """Whether a fact only lifts a restriction that nothing told so far speaks against."""
    if fact not in {leaf.fact for leaf in standing.guide.book.exemption.leaves()}:
        return False
    books = (standing.guide.book.branches[branch] for branch in standing.branches)
    lifted = [one.node for book in books for one in book.restrictions if one.lifted_by]
    return not any(
        node.holds(standing.case) is False or _hangs(node, standing.case, standing.unknown) for node in lifted
    )


def _expected(fact: str, standing: Standing) -> float:
    """How many facts are expected to be left once this one is answered."""
    return sum(weight * _left(standing, fact, value) for value, weight in _trials(fact, standing))


def must_end(standing: Standing, fact: str) -> bool:
    """Whether every answer to a fact ends the interview."""
    return all(_left(standing, fact, value) == 0 for value, _ in _trials(fact, standing))


def _left(standing: Standing, fact: str, value: Value) -> int:
    """How many facts are left to ask where one more is told; only its own branches are looked at anew."""
    after = standing.after(fact, value)
    concerned = standing.guide.fact[fact].branches
    left: set[str] = set()
    for branch, facts in standing.by_branch.items():
        left.update(_open(branch, after) if branch in concerned else facts)
    return len(left - {fact})


# --- the answers that are tried --------------------------------------------------------------------------------------


def _trials(key: str, standing: Standing) -> list[tuple[Value, float]]:
    """The kinds of answers that a fact may get, each by one value with how likely it is."""
    fact, guide = standing.guide.fact[key], standing.guide
    values = _values(fact, standing)
    usual = as_value(fact.default) if fact.default is not None else _met(key, guide)
    if usual is None or len(values) == 1:
        return [(value, 1 / len(values)) for value in values]
    likely = LIKELY if fact.default is not None else SURE
    rest = [value for value in values if value != usual]
    return [(usual, likely), *((value, (1 - likely) / len(rest)) for value in rest)]


def _met(key: str, guide: Guide) -> Value | None:
    """The value that meets a general condition."""
    for general in guide.deciding.general.conditions:
        if general.require.fact == key and isinstance(general.require.is_, bool):
            return general.require.is_
    return None


def _values(fact: Fact, standing: Standing) -> list[Value]:
    if fact.kind == "bool":
        return [True, False]
    checks = [
        check for branch in standing.branches for check in checks_of(standing.guide.book.branches[branch], fact.key)
    ]
    if fact.kind == "choice":
        return [value for value in fact.choices if checks or value == next(iter(fact.choices))]
    bounds = {value for check in checks for value in check.values}
    return sorted({near for bound in bounds for near in _around(bound)}) or [_any(fact)]


def _around(bound: Value) -> tuple[Value, ...]:
    if isinstance(bound, date):
        return (bound - timedelta(1), bound, bound + timedelta(1))
    assert isinstance(bound, Decimal)
    return (bound - 1, bound, bound + 1)


def _any(fact: Fact) -> Value:
    return date(2022, 7, 1) if fact.kind == "date" else Decimal(1)


def checks_of(book: BranchBook, fact: str) -> Iterator[Check]:
    """Every comparison of a fact in one branch: conditions, doubts, awards."""
    for node in _nodes(book):
        yield from (leaf for leaf in node.leaves() if leaf.fact == fact and leaf.operator != "told")


def _nodes(book: BranchBook) -> Iterator[Node]:
    yield book.whole
    yield from (doubt.unknown_when for doubt in book.doubts if doubt.unknown_when)
    yield from (share.when for share in book.shares if share.when)
    for extra in book.extras:
        yield extra.when
        if extra.unless:
            yield extra.unless


# --- why it is asked -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ground:
    """The clause that a question is asked for."""

    clause: str
    quote: str


def grounds(fact: str, branches: tuple[str, ...], guide: Guide) -> list[Ground]:
    """The clauses of some branches that speak of a fact, those that decide first."""
    found = [ground for branch in branches for ground in _grounds(fact, branch, guide)]
    return list(dict.fromkeys(found))


def _grounds(fact: str, branch: str, guide: Guide) -> Iterator[Ground]:
    book, clause = guide.book.branches[branch], guide.branches[branch].clause
    yield from _quotes(book.whole, fact)
    for share in book.shares:
        if fact in (share.part.base, share.part.count) or (share.when and share.when.speaks_of(fact)):
            quote = share.part.cap.quote if fact == share.part.count and share.part.cap else share.part.quote
            yield Ground(share.part.clause or clause, quote)
    for extra in book.extras:
        if extra.when.speaks_of(fact) or (extra.unless and extra.unless.speaks_of(fact)):
            yield Ground(extra.bonus.clause or clause, extra.bonus.quote)
    for duty, done in book.duties:
        if fact == done or (fact == DISTRICT and duty == RECOMMENDATION):
            rule = next(rule for name, rule in guide.duties.items() if name == duty)
            yield Ground(rule.clause, rule.quote)
    for doubt in book.doubts:
        if doubt.ambiguity.quote and doubt.unknown_when and doubt.unknown_when.speaks_of(fact):
            yield Ground(clause, doubt.ambiguity.quote)


def _quotes(node: Node, fact: str) -> Iterator[Ground]:
    if not node.speaks_of(fact):
        return
    if node.quote:
        yield Ground(node.clause, node.quote)
    elif isinstance(node, Group):
        for member in node.members:
            yield from _quotes(member, fact)
