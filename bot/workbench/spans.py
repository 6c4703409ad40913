"""Spans of days that the statistics are about, and what each is compared with.

本周 and 本月 end today: they are compared with the same days of the week or month before, not with the whole of it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SPANS = {"last7": "近7天", "week": "本周", "last_week": "上周", "month": "本月", "custom": "自定"}
LONGEST = 731
BY_DAY, BY_WEEK = 62, 400
"""Days up to which a chart has a bar a day, a bar a week; beyond, a bar a month."""


class Unspanned(Exception):
    """The days make no span; the text is one sentence."""


@dataclass(frozen=True)
class Step:
    """What one bar stands for."""

    label: str
    first: date
    last: date


@dataclass(frozen=True)
class Span:
    """Some days, both ends with them, and the days that they are compared with."""

    name: str
    first: date
    last: date
    before: tuple[date, date]

    @property
    def title(self) -> str:
        """2023年3月14日至3月20日."""
        return in_words(self.first, self.last)

    @property
    def compared(self) -> str:
        """The days that it is compared with."""
        return in_words(*self.before)


def span_of(name: str, first: str, last: str, today: date) -> Span:
    """The span of a name; days are given with `custom` alone. Raises `Unspanned`."""
    monday, week = today - timedelta(days=today.weekday()), timedelta(days=7)
    match name or "last7":
        case "last7":
            return _span("last7", today - timedelta(days=6), today)
        case "week":
            return Span(name, monday, today, (monday - week, today - week))
        case "last_week":
            return _span(name, monday - week, monday - timedelta(days=1))
        case "month":
            start = today.replace(day=1)
            return Span(name, start, today, _month_before(start, today))
        case "custom":
            return _span(name, *_days(first, last, today))
    raise Unspanned(f"没有“{name[:20]}”这一段，可以选{'、'.join(SPANS.values())}。")


def steps(span: Span) -> list[Step]:
    """What a chart of the span has bars for: days, weeks (from Monday) or months."""
    count = (span.last - span.first).days + 1
    if count <= BY_DAY:
        return each_day(span)
    found: dict[tuple[int, int], list[date]] = {}
    for day in _every(span):
        key = day.isocalendar()[:2] if count <= BY_WEEK else (day.year, day.month)
        found.setdefault(key, []).append(day)
    label = "{0.month}-{0.day}起" if count <= BY_WEEK else "{0.year}-{0.month:02}"
    return [Step(label.format(days[0]), days[0], days[-1]) for days in found.values()]


def each_day(span: Span) -> list[Step]:
    """Every day of the span."""
    return [Step(f"{day.month}-{day.day}", day, day) for day in _every(span)]


def in_words(first: date, last: date) -> str:
    """2023年3月14日至3月20日; the year again only where it is another."""
    start = f"{first.year}年{first.month}月{first.day}日"
    if first == last:
        return start
    year = f"{last.year}年" if last.year != first.year else ""
    return f"{start}至{year}{last.month}月{last.day}日"


def _span(name: str, first: date, last: date) -> Span:
    length = last - first + timedelta(days=1)
    return Span(name, first, last, (first - length, last - length))


def _month_before(start: date, today: date) -> tuple[date, date]:
    """The same days of the month before, as far as it has them."""
    end = start - timedelta(days=1)
    return end.replace(day=1), end.replace(day=min(today.day, monthrange(end.year, end.month)[1]))


def _days(first: str, last: str, today: date) -> tuple[date, date]:
    start, end = _day(first) or today, _day(last) or today
    if start > end:
        raise Unspanned(f"从{start}到{end}前后颠倒了，请把早的一天写在前面。")
    if (end - start).days >= LONGEST:
        raise Unspanned("一次最多看两年，请把日子选近一些。")
    if start.year < 2000 or end.year > 9000:
        raise Unspanned("日期应在2000年以后，请改一下。")
    return start, end


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Unspanned(f"日期“{text[:20]}”读不懂，请写成2023-04-15这样。") from None


def _every(span: Span) -> Iterator[date]:
    for ahead in range((span.last - span.first).days + 1):
        yield span.first + timedelta(days=ahead)
