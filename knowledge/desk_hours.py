"""When the desk is manned: hours, holidays and moved workdays from `desk.yaml`; what that means at a moment.

Moments are local (Asia/Shanghai) and come from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator

from knowledge.rules import Model

HORIZON = 60
"""Days in which the desk opens again, whatever the calendar."""
WEEKDAYS = "一二三四五六日"

Why = Literal["open", "noon", "night", "weekend", "holiday"]


def _span(text: str) -> str:
    if not re.fullmatch(r"\d{1,2}:\d\d-\d{1,2}:\d\d", text) or _times(text)[0] >= _times(text)[1]:
        raise ValueError(f"“{text}”不是一段时间，应写成9:00-12:00这样，前早后晚")
    return text


def _days(text: str) -> str:
    try:
        first, last = _ends(text)
    except ValueError:
        raise ValueError(f'“{text}”不是日子，应写成"2026-10-01"或"2026-10-01..2026-10-07"') from None
    if first > last:
        raise ValueError(f"“{text}”前后颠倒了，应写先开始的日子")
    return text


def _minutes(value: int) -> int:
    if value < 1:
        raise ValueError(f"分钟数是{value}，应是1以上的整数")
    return value


Span = Annotated[str, AfterValidator(_span)]
Days = Annotated[str, AfterValidator(_days)]
Minutes = Annotated[int, AfterValidator(_minutes)]


class DeskHours(Model):
    """The file."""

    hours: tuple[Span, ...]
    holidays: dict[str, tuple[Days, ...]]
    workdays: tuple[Days, ...] = ()
    raise_after_minutes: Minutes
    absent_after_minutes: Minutes

    @cached_property
    def spans(self) -> tuple[tuple[time, time], ...]:
        """The hours of a workday, in order."""
        return tuple(sorted(_times(text) for text in self.hours))

    @cached_property
    def off(self) -> dict[date, str]:
        """Every day of a holiday, with its name."""
        return {day: name for name, all_days in self.holidays.items() for days in all_days for day in _every(days)}

    @cached_property
    def on(self) -> frozenset[date]:
        """Weekends that are worked."""
        return frozenset(day for days in self.workdays for day in _every(days))

    @property
    def spoken(self) -> str:
        """工作日9:00至12:00、13:30至17:30."""
        return "工作日" + "、".join(f"{_clock(start)}至{_clock(end)}" for start, end in self.spans)


@dataclass(frozen=True)
class Hours:
    """The desk at a moment: why it is open or not, its hours in words, the holiday, when it opens next in words."""

    why: Why
    spoken: str
    holiday: str = ""
    opens: str = ""


def hours_at(desk: DeskHours, now: datetime) -> Hours:
    """What a visitor is told of the hours."""
    why = _why(desk, now)
    if why == "open":
        return Hours(why, desk.spoken)
    return Hours(why, desk.spoken, desk.off.get(now.date(), ""), _in_words(_next(desk, now), now))


def due_after(desk: DeskHours, now: datetime, minutes: int) -> datetime:
    """The moment after so many minutes in which the desk is open."""
    left, at = timedelta(minutes=minutes), now
    while True:
        start, end = _coming(desk, at)
        at = max(at, start)
        if at + left <= end:
            return at + left
        left, at = left - (end - at), end


def open_between(desk: DeskHours, since: datetime, until: datetime) -> timedelta:
    """How long the desk is open between two moments."""
    days = (since.date() + timedelta(days=ahead) for ahead in range((until.date() - since.date()).days + 1))
    spans = ((start, end) for day in days if works(desk, day) for start, end in _of_day(desk, day, since.tzinfo))
    return sum((max(min(end, until) - max(start, since), timedelta()) for start, end in spans), timedelta())


def _why(desk: DeskHours, now: datetime) -> Why:
    day = now.date()
    if not works(desk, day):
        return "holiday" if day in desk.off else "weekend"
    if any(start <= now.time() < end for start, end in desk.spans):
        return "open"
    return "noon" if desk.spans[0][0] <= now.time() < desk.spans[-1][1] else "night"


def works(desk: DeskHours, day: date) -> bool:
    """Whether a day is a workday."""
    return day in desk.on or (day.weekday() < 5 and day not in desk.off)


def _coming(desk: DeskHours, now: datetime) -> tuple[datetime, datetime]:
    """The span that a moment stands in, or the next one."""
    return next((start, end) for start, end in _all_spans(desk, now) if now < end)


def _next(desk: DeskHours, now: datetime) -> datetime:
    return next(start for start, _ in _all_spans(desk, now) if now <= start)


def _all_spans(desk: DeskHours, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    for ahead in range(HORIZON):
        day = now.date() + timedelta(days=ahead)
        if works(desk, day):
            yield from _of_day(desk, day, now.tzinfo)


def _of_day(desk: DeskHours, day: date, zone: tzinfo | None) -> Iterator[tuple[datetime, datetime]]:
    for start, end in desk.spans:
        yield datetime.combine(day, start, zone), datetime.combine(day, end, zone)


def _in_words(at: datetime, now: datetime) -> str:
    """今天13:30, 明天（周五）9:00, 10月8日（周四）9:00."""
    ahead = (at.date() - now.date()).days
    weekday = f"（周{WEEKDAYS[at.weekday()]}）"
    day = "今天" if ahead == 0 else f"明天{weekday}" if ahead == 1 else f"{at.month}月{at.day}日{weekday}"
    return f"{day}{_clock(at.time())}"


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _times(text: str) -> tuple[time, time]:
    start, end = (one.split(":") for one in text.split("-"))
    return time(int(start[0]), int(start[1])), time(int(end[0]), int(end[1]))


def _ends(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _every(days: str) -> Iterator[date]:
    first, last = _ends(days)
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)
