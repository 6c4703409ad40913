"""Which fact a figure, a day or a length of time is told for: the fitting noun that stands nearest in its clause.

Where two nouns fit alike, where the figure is a bound or a range, or where the words around speak against it, it is
bound to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.amounts import Measured
from knowledge.days import Day
from knowledge.guide import Fact
from knowledge.scene import Scene
from knowledge.teller import ReadyFigure, Teller
from knowledge.tellings import Ready, spots, stands

_JOINED = re.compile(r"和|与|跟|及|以及|、|加|加上|还有|\+")
_ELSEWHEN = re.compile(r"以前|之前|往年|过去|早年")
_RELATIVE = re.compile(r"今年|(?<![比较跟和同])(?:去年|前年)(?!同期)")
_YEARS_AGO = {"今年": 0, "去年": 1, "前年": 2}
_NEVER_REACHED = re.compile(r"(?:没有?|未|从不)(?:达|做|超|突|上|有)?(?:到|破|过)?过?个?$|(?:到|破|超过)过$")
"""Words right before a figure that say it was not reached, or only once (没到过1亿, 到过1亿): no figure of a case."""
_NET = re.compile(r"不含税|没含税|ex-?tax|税前|未税|[去扣刨剔抠减除](?:掉|除|了|完)?(?:增值)?税")
_GROSS = re.compile(r"(?<![不没未])含税|价税合计|带税")
_SUM_OVER = re.compile(r"合计|一共|加起来|总共|加一块|总计|共计|合起来|凑")
_ONE_OF = re.compile(r"每一?[个家台辆笔颗发张款种份条套]|单[个家台车笔颗发]|各(?!种|类|项|区|地)|一[台辆颗]")
_FORWARD = 14
_BACKWARD = 4
_CARRY = 60


@dataclass(frozen=True)
class Bound:
    """A fact with the figure or day bound to it: value as told, and where it stands."""

    fact: str
    value: float | int | str
    start: int
    end: int


@dataclass(frozen=True)
class _Noun:
    start: int
    end: int
    facts: tuple[str, ...]  # none for a trap, which takes a figure and tells nothing


def with_tax(text: str) -> bool:
    """Whether a text tells a sum with tax."""
    return bool(_GROSS.search(text)) and not _NET.search(text)


# --- sums and shares -------------------------------------------------------------------------------------------------


def figures_told(scene: Scene, teller: Teller) -> Iterator[Bound]:
    """The sums and shares of a story, each bound to its fact."""
    sums = [one for one in scene.measured if one.kind in ("money", "share") and one.exact]
    if sums:
        found = list(_sums_told(scene, sums, teller))
        twice = {
            one.fact for one in found for other in found if one.fact == other.fact and _of_two_years(scene, one, other)
        }
        yield from (one for one in found if one.fact not in twice)
    for key in teller.told_nothing.near(scene.text):
        figure = teller.figures[key]
        none = spots(figure.none, scene.text)
        if none and _fits(scene, figure):
            yield from (Bound(key, 0, *spot) for spot in none if scene.tells(*spot))


def _sums_told(scene: Scene, sums: list[Measured], teller: Teller) -> Iterator[Bound]:
    near = ((key, teller.figures[key]) for key in teller.told_figures.near(scene.text))
    fitting = {key: figure for key, figure in near if _fits(scene, figure)}
    nouns = _nouns(scene, {key: figure.nouns for key, figure in fitting.items()}, teller.traps)
    things = _nouns(scene, {key: figure.things for key, figure in fitting.items()}, Ready())
    for one in sums:
        if not scene.tells(one.start, one.end):
            continue
        if _NEVER_REACHED.search(scene.text[max(0, one.start - 8) : one.start]) or part_of_more(scene, one, sums):
            continue
        unit = "%" if one.kind == "share" else "万元"
        keys = _beside(scene, one, nouns, things) or _carried(scene, one, things, nouns, fitting, teller)
        keys = tuple(key for key in keys if teller.facts[key].unit == unit and _agrees(scene, one, fitting[key]))
        if len(keys) == 1:
            yield Bound(keys[0], signed(one, teller.facts[keys[0]], scene.text), one.start, one.end)
            yield from _same(scene, one, fitting[keys[0]])


def part_of_more(scene: Scene, one: Measured, sums: list[Measured]) -> bool:
    """Whether a sum is one of several that make up what counts: of each month, of one of two, with a total told."""
    first, last = scene.clause_at(one.start)
    if _PART_BEFORE.search(scene.text[max(first, one.start - 14) : one.start]):
        return True
    if _PART_BEHIND.match(scene.text[one.end : last]):
        return True
    totals = [other for other in sums if _TOTAL.search(scene.text[max(0, other.start - 5) : other.start])]
    return one not in totals and any(other.start > one.start for other in totals)


def _of_two_years(scene: Scene, one: Bound, other: Bound) -> bool:
    """Whether two sums of one thing are of different years (2022年固投300万，2023年固投300万), parts of what counts."""
    beside = [{day.first.year for day in scene.days if first <= day.start < last}
              for first, last in (scene.clause_at(one.start), scene.clause_at(other.start))]  # fmt: skip
    return one.start != other.start and all(beside) and beside[0].isdisjoint(beside[1])


_PART_BEFORE = re.compile(
    r"(?:(?<![辆颗车台])每(?:个|一)?(?:年|月|季度?|份|期|批|天|周)|[年月季]均|平均|分别|追加|[上下]半年|比(?:门槛|要求|标准|起点)(?:还|就)?[多高少低差])[^,。?!;\d]{0,6}$"
)
_PART_BEHIND = re.compile(r"(?:元|块)?(?:再|又|另)?(?:加上?|\+|追加)(?!分|盖)")
_TOTAL = re.compile(
    r"(?:合计|共计|总计|合起来|加起来|加一起|加在一起|一共|总共|全年|全部)(?:就?是|有|到|做了|卖了|卖|达到?|:)?$"
)


_FALLEN = re.compile(
    r"(?:(?<![\d.])[-−]|负|下降|下滑|减少|负增长|萎缩|缩水|[降跌掉少减])了?(?:约|大概|大约|近|有|个|:|\s)*$"
)
"""Words right before a figure that make it a fall (下降5%, -3000万; 下降到8% is none)."""


def signed(one: Measured, fact: Fact, text: str) -> float | int:
    """A figure's value, below zero where it is told as a fall and the fact may be (产值增速-5%)."""
    assert one.value is not None
    fallen = fact.signed and _FALLEN.search(text[max(0, one.start - 10) : one.start])
    return number(-float(one.value) if fallen else float(one.value))


def number(value: float) -> float | int:
    """A float as an int where it is whole."""
    return int(value) if value == int(value) else round(value, 6)


def _fits(scene: Scene, figure: ReadyFigure) -> bool:
    text = scene.text
    return (not figure.where or stands(figure.where, text)) and not stands(figure.unless, text)


def _nouns(scene: Scene, ready: Mapping[str, Ready], traps: Ready) -> list[_Noun]:
    """Every noun of a text in order; one inside a longer one is left out."""
    held: dict[tuple[int, int], list[str]] = {}
    for key, phrases in ready.items():
        for spot in spots(phrases, scene.text):
            if key not in held.setdefault(spot, []):
                held[spot].append(key)
    for spot in spots(traps, scene.text):
        held.setdefault(spot, [])
    all_ = sorted(held)
    outer = [(a, b) for a, b in all_ if not any(c <= a and b <= d and (c, d) != (a, b) for c, d in all_)]
    return [_Noun(a, b, tuple(held[a, b])) for a, b in outer]


def _beside(scene: Scene, one: Measured, nouns: list[_Noun], things: list[_Noun]) -> tuple[str, ...]:
    """The facts of the nearest noun of the same clause, before or right behind the figure."""
    first, last = scene.clause_at(one.start)
    before = [n for n in nouns if first <= n.start and n.end <= one.start]
    after = [n for n in nouns if n.start >= one.end and n.end <= last]
    near = before[-1] if before and one.start - before[-1].end <= _FORWARD else None
    if near and _figure_between(scene, near.end, one.start):
        near = None
    behind = after[0] if after and after[0].start - one.end <= _BACKWARD else None
    if behind and near and near.facts and behind.start - one.end >= one.start - near.end:
        behind = None
    chosen = behind or near
    if chosen is None:
        return ()
    if chosen is near and _joined(scene, chosen, [*before, *things]):
        return ()
    return chosen.facts


def _joined(scene: Scene, noun: _Noun, others: list[_Noun]) -> bool:
    """Whether a noun is the last of several that share one figure (流片和EDA一共花了900万)."""
    return any(
        other.facts and not set(other.facts) & set(noun.facts) and _JOINED.fullmatch(scene.text[other.end : noun.start])
        for other in others
        if other.end < noun.start
    )


def _figure_between(scene: Scene, start: int, end: int) -> bool:
    return any(start <= one.start < end for one in scene.measured if one.kind in ("money", "share"))


def _carried(
    scene: Scene,
    one: Measured,
    things: list[_Noun],
    nouns: list[_Noun],
    fitting: Mapping[str, ReadyFigure],
    teller: Teller,
) -> tuple[str, ...]:
    """The facts of the thing that money went to or came from, told before (场景实验室，投了4000万)."""
    first, _ = scene.clause_at(one.start)
    lead = scene.text[first : one.start]
    verbs = {verb for verb, phrases in teller.verbs.items() if _ends_with(lead, phrases)}
    if not verbs or any(noun.end <= one.start and noun.start >= first for noun in nouns):
        return ()
    for thing in reversed([thing for thing in things if thing.end <= one.start]):
        if one.start - thing.end > _CARRY or _sentence_between(scene, thing.end, one.start):
            return ()
        facts = tuple(key for key in thing.facts if fitting[key].rules.by in verbs)
        if facts:
            return () if _joined(scene, thing, things) else facts
    return ()


def _ends_with(lead: str, phrases: Ready) -> bool:
    return any(end >= len(lead) - 5 for _, end in spots(phrases, lead))


def _sentence_between(scene: Scene, start: int, end: int) -> bool:
    return scene.text[start:end].count(",") > 3


def _agrees(scene: Scene, one: Measured, figure: ReadyFigure) -> bool:
    """Whether what is said around a figure fits its fact: the year, with or without tax, of one or of all."""
    first, last = scene.clause_at(one.start)
    clause = scene.text[first:last]
    around = scene.text[max(0, one.start - 14) : one.end + 12]
    rules = figure.rules
    if rules.net and not _is_net(around):
        return False
    if rules.year and not _in_year(scene, one, rules.year):
        return False
    if rules.each and _SUM_OVER.search(clause) and _several(scene):
        return False
    return not (rules.all and _ONE_OF.search(scene.text[max(first, one.start - 8) : one.start]) and _several(scene))


def _is_net(around: str) -> bool:
    """Whether the last word on tax around a figure says that it is without (含税1050万，去掉税930万)."""
    gross = max((one.start() for one in _GROSS.finditer(around)), default=-1)
    return max((one.start() for one in _NET.finditer(around)), default=-1) > gross


def _several(scene: Scene) -> bool:
    """Whether more than one of something is told in the text."""
    return any(one.kind == "count" and (one.value is None or one.value > 1) for one in scene.measured)


def _in_year(scene: Scene, one: Measured, year: int) -> bool:
    """Whether the days told in a figure's clause lie in a year; without one, whether the 去年 told beside it does."""
    first, last = scene.clause_at(one.start)
    if _ELSEWHEN.search(scene.text[first : one.start]):
        return False
    near = [day for day in scene.days if first <= day.start < last and not _compared(scene.text, day.start)]
    if near:
        return all(day.first.year == year == day.last.year for day in near)
    told = list(_RELATIVE.finditer(scene.text))
    before = [word for word in told if word.start() < one.start]
    beside = before[-1:] or told[:1]
    return all(scene.today.year - _YEARS_AGO[word[0]] == year for word in beside)


def _compared(text: str, start: int) -> bool:
    """Whether a time is only one that is compared with (比去年同期多了1.8亿)."""
    return text[max(0, start - 1) : start] in set("比较跟和同")


def _same(scene: Scene, one: Measured, figure: ReadyFigure) -> Iterator[Bound]:
    """A further fact that has the same figure (固投3000万全部在奖励范围内)."""
    _, last = scene.clause_at(one.start)
    for key, phrases in figure.same.items():
        for phrase in phrases:
            if any(start - one.end <= 2 for start, _ in phrase.spots(scene.text[: last + 8]) if start >= one.end):
                assert one.value is not None
                yield Bound(key, number(float(one.value)), one.start, one.end)


# --- days and lengths of time ----------------------------------------------------------------------------------------


def days_told(scene: Scene, teller: Teller) -> Iterator[Bound]:
    """The days of a story, each bound to what happened on it; a month that may be either side of a bound is left."""
    if not scene.days:
        return
    found: dict[str, list[Day]] = {}
    near = ((key, teller.dates[key]) for key in teller.told_dates.near(scene.text))
    ready = {key: e for key, e in near if not e.where or stands(e.where, scene.text)}
    ready = {key: e for key, e in ready.items() if not stands(e.unless, scene.text)}
    events = _nouns(scene, {key: event.events for key, event in ready.items()}, teller.date_traps)
    earliest = min(day.year for day in teller.breaks) - 5
    for day in scene.days:
        if scene.tells(day.start, day.end) and not day.guessed_year and day.first.year >= earliest:
            for key in _event_of(scene, day, events):
                found.setdefault(key, []).append(day)
    for key, told in found.items():
        exact = narrowest(told)
        value = exact.value(teller.breaks, scene.today) if exact else None
        if exact and value:
            yield Bound(key, value, exact.start, exact.end)


def narrowest(told: list[Day]) -> Day | None:
    """The most exact of several tellings of one day; None where they contradict each other."""
    best = min(told, key=lambda day: day.last - day.first)
    return best if all(day.first <= best.first and best.last <= day.last for day in told) else None


def _event_of(scene: Scene, day: Day, events: list[_Noun]) -> tuple[str, ...]:
    first, last = scene.clause_at(day.start)
    after = [n for n in events if day.end <= n.start and n.end <= last and n.start - day.end <= 18]
    before = [n for n in events if first <= n.start and n.end <= day.start and day.start - n.end <= 5]
    between = [other for other in scene.days if other != day]
    after = [n for n in after if not any(day.end <= o.start <= n.start for o in between)]
    before = [n for n in before if not any(n.end <= o.start <= day.start for o in between)]
    near = after[0] if after else None
    if before and (near is None or day.start - before[-1].end < near.start - day.end):
        near = before[-1]
    if near is None or len(near.facts) != 1 or not scene.tells(near.start, near.end):
        return ()
    return () if scene.negated(near.start, near.end) else near.facts


def years_told(scene: Scene, teller: Teller) -> Iterator[Bound]:
    """The years of a story, each bound to what happened in it; 0 where it has not happened."""
    for key in teller.told_years.near(scene.text):
        event = teller.years[key]
        never = [spot for spot in spots(event.never, scene.text) if scene.tells(*spot)]
        if never:
            yield Bound(key, 0, *never[0])
            continue
        if stands(event.unless, scene.text):
            continue
        events = _nouns(scene, {key: event.events}, Ready())
        told = [day for day in scene.days if scene.tells(day.start, day.end) and _event_of(scene, day, events)]
        years = {day.first.year for day in told if day.first.year == day.last.year}
        if len(years) == 1:
            yield Bound(key, years.pop(), told[0].start, told[0].end)


def spans_told(scene: Scene, teller: Teller) -> Iterator[Bound]:
    """The lengths of time of a story, each right beside its noun."""
    if not scene.spans:
        return
    for key in teller.told_spans.near(scene.text):
        nouns = _nouns(scene, {key: teller.spans[key]}, Ready())
        for span in scene.spans:
            first, last = scene.clause_at(span.start)
            beside = any(
                (first <= n.start and n.end <= span.start and span.start - n.end <= 8)
                or (span.end <= n.start <= span.end + 2 and n.end <= last)
                for n in nouns
            )
            bound = re.search(r"(?:不到|不足|超过|不超过|至少|将近|快)$", scene.text[first : span.start])
            if beside and not span.rough and not bound and span.years <= A_TRADE and scene.tells(span.start, span.end):
                yield Bound(key, number(span.years), span.start, span.end)


A_TRADE = 12
"""Years beyond which a length is of somebody's trade, not of what was built (干了三十年环保的老工程师)."""


def counts_told(scene: Scene, teller: Teller) -> Iterator[Bound]:
    """The counts of a story, each with what is counted (4个1类新药, 3家配套企业)."""
    counts = [one for one in scene.measured if one.kind == "count" and one.exact]
    for key, counted in teller.counts.items() if counts else ():
        if counted.where and not stands(counted.where, scene.text):
            continue
        things = spots(counted.things, scene.text)
        for one in counts:
            if one.unit not in counted.units or not scene.tells(one.start, one.end):
                continue
            first, last = scene.clause_at(one.start)
            beside = not counted.things or any(
                (one.end <= a <= one.end + 6 and b <= last) or (first <= a and b <= one.start and one.start - b <= 3)
                for a, b in things
            )
            if beside and one.value and one.value == int(one.value) and _counts(scene, one):
                yield Bound(key, int(one.value), one.start, one.end)


def _counts(scene: Scene, one: Measured) -> bool:
    """Whether a number counts (一个新药 may only be an article; 第三家 and 每家 count nothing)."""
    before = scene.text[max(0, one.start - 2) : one.start]
    return not re.search(r"(?:[第每另这那某前]|(?<!手)上)$", before) and one.value != 1
