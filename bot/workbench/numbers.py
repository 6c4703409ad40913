"""The statistics as tables: what was asked, where, how it came out, how long a person was waited for.

A table is what the page draws, what its chart is drawn of, and what an export holds; each says what it counts. All is
made of tallies and ticket counts (`bot/counting.py`), in which nobody stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from bot.counting import NO_REPLY, CountStore, Daily, Judged, Tally, TicketCount
from bot.workbench.labels import DOORS, FACETS, MISSES, REASONS, WITHOUT_AN_OFFICER
from bot.workbench.spans import Step
from dialogs.library import Library

T = TypeVar("T", Tally, Daily)
Cell = str | int | float | date | None

OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "答上了": ("answered",),
    "反问、测算": ("clarify", "question", "result"),
    "其他": ("notice", "handover"),
    "归人工": (NO_REPLY,),
    "没答上": ("no_answer",),
}
"""What a turn came to, by the reply's status; each turn has one, in the order in which bars are stacked."""


@dataclass(frozen=True)
class Table:
    """Rows under columns; the first column names the row. `drawn`: the columns of which a chart is made."""

    id: str
    name: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    drawn: tuple[str, ...] = ()

    def column(self, name: str) -> list[int]:
        """The counts of a column."""
        at = self.columns.index(name)
        return [int(row[at] or 0) for row in self.rows]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Counted:
    """What is counted of some days at one door, or at all; `tallies` only where tables are made of it."""

    daily: Sequence[Daily]
    judged: Sequence[Judged]
    tickets: Sequence[TicketCount]
    visitors: Mapping[str, int]
    tallies: Sequence[Tally] = ()

    @property
    def wrong(self) -> list[Tally]:
        """The turns whose replies were called 不对."""
        return [one.tally for one in self.judged if not one.useful]


def counted(store: CountStore, first: date, last: date, door: str, *, whole: bool = True) -> Counted:
    """Read it; not `whole`: what the figures alone are made of."""
    visitors = {at: n for at, n in store.visitors([(first, last)])[0].items() if door in ("", at)}
    return Counted(
        [one for one in store.daily(first, last) if door in ("", one.door)],
        [one for one in store.judged(first, last) if door in ("", one.tally.door)],
        [one for one in store.ticket_counts(first, last) if door in ("", one.door)],
        visitors,
        [one for one in store.tallies(first, last) if door in ("", one.door)] if whole else (),
    )


# --- tables ----------------------------------------------------------------------------------------------------------


def tables(now: Counted, each: Sequence[tuple[Step, Mapping[str, int]]], library: Library) -> list[Table]:
    """Every table; `each`: the steps of the table of days, with the visitors of each."""
    return [
        _days(now, each), _directions(now, library), _districts(now, library), _facets(now), _doors(now),
        _misses(now), _tickets(now), _ended(now, library),
    ]  # fmt: skip


def _days(now: Counted, each: Sequence[tuple[Step, Mapping[str, int]]]) -> Table:
    starts, by_day = [step.first for step, _ in each], all(step.first == step.last for step, _ in each)
    asked, wrong = Counter[Any](), Counter[date]()
    for one in now.daily:
        asked[_start(starts, one.day), one.status] += one.n
    for judged in now.judged:
        wrong[_start(starts, judged.day)] += 0 if judged.useful else judged.tally.n
    tickets = Counter(_start(starts, one.day) for one in now.tickets)
    rows = []
    for step, visitors in each:
        outcomes = [sum(asked[step.first, status] for status in statuses) for statuses in OUTCOMES.values()]
        day: Cell = step.first if by_day else step.label
        rows.append((day, sum(outcomes), *outcomes, wrong[step.first], tickets[step.first], sum(visitors.values())))
    says = (
        "问了的分成五种，加起来就是“问了”：“反问、测算”是请对方选的和测一测里的问答，“归人工”是值守员接手后对方说的，"
        "“其他”是寒暄、转人工这些；“不对”是其中后来被点了不对的；一天里同一个会话算一位来访者"
    )
    columns = ("日", "问了", *OUTCOMES, "不对", "转人工", "来访者")
    return Table("days", "按日", says, columns, tuple(rows), tuple(OUTCOMES))


def _start(starts: Sequence[date], day: date) -> date:
    """The step that a day belongs to."""
    return starts[max(0, bisect_right(starts, day) - 1)]


def _directions(now: Counted, library: Library) -> Table:
    of = library.guide.direction_of

    def named(one: Tally) -> set[str]:
        return {of[topic].direction for topic in one.topics if topic in of} or {""}

    asked = _by(_of(now.tallies, "answered", "clarify"), named)
    tested = _by(_of(now.tallies, "question", "result"), named)
    finished = _by((one for one in now.tallies if one.finished), named)
    wrong = _by(now.wrong, named)
    names = {one.direction: f"{one.direction} {one.short}" for one in library.guide.directions} | {"": "不分方向的"}
    rows = tuple((name, asked[no], wrong[no], tested[no], finished[no]) for no, name in names.items())
    says = "问到是助手答的、反问的；一句问到两个方向，两边各算一次；“不分方向的”是总的规定、联系人和别的"
    return Table("directions", "按方向", says, ("方向", "问到", "不对", "测一测", "测完"), rows, ("问到",))


def _facets(now: Counted) -> Table:
    asked = _by(_of(now.tallies, "answered", "clarify"), lambda one: set(one.facets))
    wrong = _by(now.wrong, lambda one: set(one.facets))
    order = sorted(FACETS, key=lambda facet: -asked[facet])
    rows = tuple((FACETS[facet], asked[facet], wrong[facet]) for facet in order if asked[facet] or wrong[facet])
    says = "问的是什么：金额、条件、找谁……一句问两样，各算一次；测一测里的问答不算"
    return Table("facets", "按问的内容", says, ("问的内容", "问到", "不对"), rows, ("问到",))


def _districts(now: Counted, library: Library) -> Table:
    asked = _by(now.tallies, lambda one: set(one.districts))
    wrong = _by(now.wrong, lambda one: set(one.districts))
    names = [one.name for one in library.guide.districts]
    rows = tuple((name, asked[name], wrong[name]) for name in sorted(names, key=lambda name: -asked[name]))
    says = "答复给出了这个区的联系人，或来访者说了企业在这个区，算一次；一句提到两个区，各算一次"
    return Table("districts", "按区", says, ("区", "提到", "不对"), rows, ("提到",))


def _doors(now: Counted) -> Table:
    asked = _by(now.daily, lambda one: [(one.door, one.status)])
    wrong, tickets = _by(now.wrong, lambda one: [one.door]), Counter(one.door for one in now.tickets)
    finished = _by((one for one in now.daily if one.finished), lambda one: [one.door])
    used = {door for door, _ in asked} | tickets.keys()
    rows = []
    for door, name in DOORS.items():
        if door != "cli" or door in used:
            total = sum(n for (at, _), n in asked.items() if at == door)
            came = (now.visitors.get(door, 0), asked[door, "answered"], asked[door, "no_answer"], wrong[door])
            rows.append((name, total, *came, tickets[door], finished[door]))
    says = "从哪里问的；电话是值守员替来电的人输入的"
    columns = ("入口", "问了", "来访者", "答上了", "没答上", "不对", "转人工", "测完")
    return Table("doors", "按入口", says, columns, tuple(rows), ("问了",))


def _misses(now: Counted) -> Table:
    found = _by(_of(now.tallies, "no_answer"), lambda one: [one.reason])
    rows = tuple((name, found[reason]) for reason, name in MISSES.items())
    return Table("misses", "没答上的原因", "助手说了不答的每一句，按它说的原因", ("原因", "次数"), rows, ("次数",))


def _tickets(now: Counted) -> Table:
    found = Counter(one.reason for one in now.tickets)
    rows = tuple((name, found[reason]) for reason, name in REASONS.items())
    return Table("tickets", "为什么转人工", "每张工单算一次，按开的那天", ("原因", "张数"), rows, ("张数",))


def _ended(now: Counted, library: Library) -> Table:
    outcomes = library.canned.outcomes
    found = Counter(_outcome(one, outcomes) for one in now.tickets)
    helped = Counter((_outcome(one, outcomes), one.helped) for one in now.tickets)
    names = [*outcomes, *(name for name in found if name not in outcomes)]
    rows = tuple((name, found[name], helped[name, True], helped[name, False]) for name in names)
    says = "这几天开的工单现在怎么样了；“解决了”“没解决”是办结后来访者自己说的，没说的不算"
    return Table("outcomes", "工单的结果", says, ("结果", "张数", "解决了", "没解决"), rows, ("张数",))


def _outcome(one: TicketCount, outcomes: Sequence[str]) -> str:
    """The outcome without the officer's own words on it."""
    if not one.closed:
        return "还在办"
    if not one.outcome:
        return WITHOUT_AN_OFFICER["erased"]
    if one.outcome in WITHOUT_AN_OFFICER:
        return WITHOUT_AN_OFFICER[one.outcome]
    head = one.outcome.partition("：")[0]
    return head if head in outcomes else "没选结果"


def _of(tallies: Iterable[Tally], *statuses: str) -> Iterable[Tally]:
    return (one for one in tallies if one.status in statuses)


def _by(tallies: Iterable[T], keys: Callable[[T], Iterable[Any]]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for one in tallies:
        for key in keys(one):
            found[key] += one.n
    return found
