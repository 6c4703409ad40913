"""The rules made ready for judging: values read once, groups as plain trees, general conditions put to every branch.

`rulebook(guide)` is made once per guide (`Guide.book`). A tree is three-valued: `holds(case)` is True, False, or None
where what was told does not decide. A `case` maps fact keys to bool, str, Decimal or date, and `as_of` to a date.
Named tuples, because every start of a command makes these classes, and they are made five times as fast.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from knowledge.amounts import plain
from knowledge.rules import (
    AS_OF,
    LAST_DAY,
    OWN_DIRECTION,
    Ambiguity,
    Bonus,
    BranchRules,
    DirectionRules,
    Limit,
    Part,
    Requirement,
)

if TYPE_CHECKING:
    from knowledge.guide import Direction, Fact, Guide
    from knowledge.judging import Judgement

Value: TypeAlias = bool | str | Decimal | date
Case: TypeAlias = Mapping[str, Value]
Truth: TypeAlias = bool | None


def number_of(printed: str) -> Decimal:
    """A figure as the guide prints it, in the unit of facts (万元, %, 年): 10亿元 → 100000, 5% → 5, 3年 → 3."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(万元|亿元|%|年度?)?", plain(printed))
    if not found:
        raise ValueError(f"“{printed}”不是数；金额写成3000万元，比例写成5%，年限写成3年")
    return Decimal(found[1]) * (10_000 if found[2] == "亿元" else 1)


def day_of(printed: str, last_day: date) -> date:
    """A day as the guide prints it: 2021年1月1日, or 2022年 for the first day of that year, or 申报截止日期."""
    if printed == LAST_DAY:
        return last_day
    found = re.fullmatch(r"(\d{4})年(?:(\d{1,2})月(\d{1,2})日)?", plain(printed))
    if not found:
        raise ValueError(f"“{printed}”不是日期；写成2021年1月1日、2022年或{LAST_DAY}")
    return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))


OPERATORS: dict[str, Callable[[Any, tuple[Any, ...]], bool]] = {
    "is": lambda have, wanted: bool(have == wanted[0]),
    "one_of": lambda have, wanted: have in wanted,
    "at_least": lambda have, wanted: bool(operator.ge(have, wanted[0])),
    "more_than": lambda have, wanted: bool(operator.gt(have, wanted[0])),
    "at_most": lambda have, wanted: bool(operator.le(have, wanted[0])),
    "between": lambda have, wanted: bool(wanted[0] <= have <= wanted[1]),
}


class Check(NamedTuple):
    """One comparison of one fact with the values it is held against."""

    fact: str
    operator: str
    values: tuple[Value, ...]
    quote: str
    clause: str

    def holds(self, case: Case) -> Truth:
        """True, False, or None where the fact is not told."""
        have = case.get(self.fact)
        if have is None:
            return False if self.operator == "told" else None
        return True if self.operator == "told" else OPERATORS[self.operator](have, self.values)

    def leaves(self) -> Iterator[Check]:
        """This test."""
        yield self

    def speaks_of(self, fact: str) -> bool:
        """Whether the fact is the one that is compared."""
        return self.fact == fact


class Group(NamedTuple):
    """Several joined by all, any or not; with a quote it is one reason, without its members are."""

    how: str
    members: tuple[Node, ...]
    quote: str = ""
    clause: str = ""

    def holds(self, case: Case) -> Truth:
        """Strong three-valued logic (Kleene): one false decides all, one true decides any."""
        deciding = self.how == "any"
        open_ = False
        for member in self.members:
            held = member.holds(case)
            if self.how == "not":
                return None if held is None else not held
            if held is deciding:
                return deciding
            open_ = open_ or held is None
        return None if open_ else not deciding

    def leaves(self) -> Iterator[Check]:
        """Every test under this group, in order."""
        for member in self.members:
            yield from member.leaves()

    def speaks_of(self, fact: str) -> bool:
        """Whether a test under this group compares the fact."""
        return any(member.speaks_of(fact) for member in self.members)


Node: TypeAlias = Check | Group


class Share(NamedTuple):
    """A part of an award, its numbers read: `rate` as a fraction, `cap` in 万元 for one."""

    part: Part
    rate: Decimal | None
    cap: Decimal | None
    when: Node | None


class Extra(NamedTuple):
    """A bonus, its amount in 万元."""

    bonus: Bonus
    amount: Decimal
    when: Node
    unless: Node | None


class Ceiling(NamedTuple):
    """A limit for an enterprise, its amount in 万元."""

    limit: Limit
    amount: Decimal


class Doubt(NamedTuple):
    """An ambiguity with its conditions read."""

    ambiguity: Ambiguity
    unknown_when: Node | None
    noted_when: Node | None

    @property
    def said_with(self) -> str | None:
        """The verdict that this doubt always goes with."""
        return self.ambiguity.noted_when if isinstance(self.ambiguity.noted_when, str) else None


class Restriction(NamedTuple):
    """A general condition as it stands for one branch; `lifted_by` where the exemption may lift it."""

    id: str
    node: Node
    lifted_by: Node | None

    @property
    def whole(self) -> Node:
        """The condition, or the exemption."""
        return Group("any", (self.node, self.lifted_by)) if self.lifted_by else self.node


@dataclass(frozen=True)
class BranchBook:
    """All that decides over one branch."""

    id: str
    direction: str
    together: str
    restrictions: tuple[Restriction, ...]
    conditions: tuple[Node, ...]
    shares: tuple[Share, ...]
    extras: tuple[Extra, ...]
    ceilings: tuple[Ceiling, ...]
    perhaps: tuple[Ceiling, ...]
    duties: tuple[tuple[str, str], ...]
    lifting_duty: str
    doubts: tuple[Doubt, ...]
    facts: tuple[str, ...]

    @cached_property
    def whole(self) -> Group:
        """Everything that has to hold."""
        return Group("all", (*(restriction.whole for restriction in self.restrictions), *self.conditions))

    @cached_property
    def concerned(self) -> tuple[str, ...]:
        """Every fact on which something hangs that is said of this branch."""
        doubts = [node for doubt in self.doubts for node in (doubt.unknown_when, doubt.noted_when) if node]
        ways = [share.when for share in self.shares if share.when] + [extra.when for extra in self.extras]
        nodes = [self.whole, *doubts, *ways, *(extra.unless for extra in self.extras if extra.unless)]
        named = [fact for share in self.shares for fact in (share.part.base, share.part.count) if fact]
        done = [fact for _, fact in self.duties]
        told = {leaf.fact for node in nodes for leaf in node.leaves()} | {*self.facts, *named, *done}
        return tuple(sorted(told - {AS_OF}))

    @cached_property
    def remembered(self) -> dict[object, tuple[str, ...]]:
        """What is left to ask (`judging.relevant_facts`) in the cases of late: most interviews begin alike."""
        return {}

    @cached_property
    def judged(self) -> dict[object, Judgement]:
        """The judgements of late, by case."""
        return {}


class Rulebook(NamedTuple):
    """The rules of a guide, by branch; `defaults` is what a starred fact counts as when it was not told."""

    branches: Mapping[str, BranchBook]
    defaults: Mapping[str, Value]
    particular: Mapping[str, tuple[str, ...]]
    exemption: Node
    last_day: date


@dataclass(frozen=True)
class _Reader:
    """Reads requirements of one direction's branch."""

    facts: Mapping[str, Fact]
    direction: str
    clause: str
    last_day: date

    def node(self, wanted: Requirement) -> Node:
        clause = wanted.clause or self.clause
        if wanted.fact is None:
            how = "all" if wanted.all_ else "any" if wanted.any_ else "not"
            return Group(how, tuple(self.node(member) for member in wanted.members), wanted.quote or "", clause)
        name, written = ("told", True) if wanted.told else wanted.written[0]
        items = written if isinstance(written, tuple) else (written,)
        values = tuple(self.value(wanted.fact, item) for item in items)
        return Check(wanted.fact, name, values, wanted.quote or "", clause)

    def value(self, fact: str, written: object) -> Value:
        kind = "date" if fact == AS_OF else self.facts[fact].kind
        if isinstance(written, bool):
            return written
        if written == OWN_DIRECTION:
            return self.direction
        if kind == "number":
            return Decimal(written) if isinstance(written, int) else number_of(str(written))
        return day_of(str(written), self.last_day) if kind == "date" else str(written)

    def maybe(self, wanted: Requirement | None) -> Node | None:
        return self.node(wanted) if wanted else None


def rulebook(guide: Guide) -> Rulebook:
    """The rulebook of a guide whose rules were proved; ValueError or KeyError for what proof would have refused."""
    facts = {fact.key: fact for fact in guide.facts}
    last_day = date.fromisoformat(guide.window.closes)
    branches = {
        branch.id: _branch(guide, guide.direction_of[branch.id], rules, branch, facts, last_day)
        for rules in guide.deciding.directions
        for branch in rules.branches
    }
    defaults = {key: as_value(fact.default) for key, fact in facts.items() if fact.default is not None}
    exemption = _Reader(facts, "", "", last_day).node(guide.deciding.general.exemption.when)
    return Rulebook(branches, defaults, dict(_particular(guide)), exemption, last_day)


def as_value(given: bool | int | str) -> Value:
    """A default as a value of a case."""
    return Decimal(given) if isinstance(given, int) and not isinstance(given, bool) else given


def _particular(guide: Guide) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The facts that only one direction asks for, with its branches."""
    for fact in guide.facts:
        if len({guide.direction_of[branch].direction for branch in fact.branches}) == 1:
            yield fact.key, fact.branches


def _branch(
    guide: Guide,
    direction: Direction,
    rules: DirectionRules,
    branch: BranchRules,
    facts: Mapping[str, Fact],
    last_day: date,
) -> BranchBook:
    reader = _Reader(facts, direction.direction, guide.branches[branch.id].clause, last_day)
    general = guide.deciding.general
    shares = tuple(_share(part, reader) for part in branch.award.parts)
    ways = tuple(share.when for share in shares if share.when)
    tiers = (Group("any", ways),) if len(ways) == len(shares) else ()
    return BranchBook(
        id=branch.id,
        direction=direction.direction,
        together=rules.together,
        restrictions=tuple(_restrictions(guide, branch.id, reader)),
        conditions=(*(reader.node(wanted) for wanted in branch.conditions), *tiers),
        shares=shares,
        extras=tuple(_extra(bonus, reader) for bonus in branch.award.bonuses),
        ceilings=tuple(Ceiling(limit, number_of(limit.amount)) for limit in rules.limits if branch.id in limit.over),
        perhaps=tuple(Ceiling(limit, number_of(limit.amount)) for limit in rules.limits if branch.id in limit.perhaps),
        duties=tuple((duty, general.duties[duty]) for duty in guide.branches[branch.id].needs),
        lifting_duty=general.exemption.needs,
        doubts=tuple(_doubts((*general.ambiguities, *rules.ambiguities), branch.id, direction.direction, reader)),
        facts=tuple(fact.key for fact in guide.facts if branch.id in fact.branches),
    )


def _restrictions(guide: Guide, branch: str, reader: _Reader) -> Iterator[Restriction]:
    general = guide.deciding.general
    for condition in general.conditions:
        if branch not in condition.except_ and reader.direction not in condition.except_:
            lifted = general.exemption.when if condition.id in general.exemption.lifts else None
            yield Restriction(condition.id, reader.node(condition.require), reader.maybe(lifted))


def _share(part: Part, reader: _Reader) -> Share:
    rate = number_of(part.rate) / 100 if part.rate else None
    return Share(part, rate, number_of(part.cap.amount) if part.cap else None, reader.maybe(part.when))


def _extra(bonus: Bonus, reader: _Reader) -> Extra:
    return Extra(bonus, number_of(bonus.amount), reader.node(bonus.when), reader.maybe(bonus.unless))


def _doubts(ambiguities: tuple[Ambiguity, ...], branch: str, direction: str, reader: _Reader) -> Iterator[Doubt]:
    for ambiguity in ambiguities:
        if not ambiguity.branches or {branch, direction} & set(ambiguity.branches):
            noted = ambiguity.noted_when if isinstance(ambiguity.noted_when, Requirement) else None
            yield Doubt(ambiguity, reader.maybe(ambiguity.unknown_when), reader.maybe(noted))
