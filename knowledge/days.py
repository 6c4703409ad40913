"""Days, months, years and spans of time as people tell them, relative to a day that is given.

2022年9月, 22年底, 2022.9.1, 去年九月, 今年3月, 上个月 become a first and a last day; 一年半, 18个月 become years.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from knowledge.numerals import DIGIT, value_of

Precision = Literal["day", "month", "part", "year"]

_RELATIVE = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "上一年": -1,
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "明年": 1,
}
_PARTS = {
    "上半年": (1, 6), "下半年": (7, 12), "年初": (1, 2), "初": (1, 2), "年中": (6, 7), "年底": (12, 12), "底": (12, 12),
    "年末": (12, 12), "末": (12, 12), "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12),
    "春天": (3, 5), "夏天": (6, 8), "秋天": (9, 11),
}  # fmt: skip
_N = rf"(?:\d{{1,2}}|[{DIGIT}十]{{1,3}})"
_YEAR = rf"(?:\d{{4}}|[二][零〇][{DIGIT}十]{{2}}|(?<!\d)\d{{2}})年(?:度|的)?|" + "|".join(
    f"{word}的?" for word in sorted(_RELATIVE, key=len, reverse=True)
)
_PART = (
    "|".join(sorted(_PARTS, key=len, reverse=True)).replace("一季度", "第?[一1]季度").replace("二季度", "第?[二2]季度")
)
_PART = _PART.replace("三季度", "第?[三3]季度").replace("四季度", "第?[四4]季度")
_DAY = re.compile(
    r"(?<![\d.])(?P<iso>(?:19|20)\d{2}([-./])\d{1,2}(?:[-./]\d{1,2})?(?:日|号)?)(?![\d.]|万|亿|%)"
    r"|(?<![\d.])(?P<run>20[0-3]\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?)(?!\d|万|亿|元|\.)"
    rf"|(?P<year>{_YEAR})(?:(?P<month>{_N})月份?(?P<rest>{_N}(?:日|号)|上旬|中旬|下旬|初|中|底|末)?|(?P<part>{_PART}))?"
    rf"|(?P<lone>(?<![\d\-到至~第个]){_N})月份?(?:(?P<lonerest>{_N}(?:日|号)|上旬|中旬|下旬|初|中|底|末))?"
    r"|(?P<near>上上个?月|上个?月|这个?月|本月|下个?月|昨天|前天|今天|上周|上个?星期)"
)
_WITHIN = {
    "上旬": (1, 10),
    "初": (1, 9),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
    "底": (25, 31),
    "末": (25, 31),
}


@dataclass(frozen=True)
class Day:
    """A told day: where it stands in the text, its first and last possible day, and how exactly it was told."""

    start: int
    end: int
    first: date
    last: date
    precision: Precision
    guessed_year: bool = False

    def value(self, breaks: Iterable[date] = (), latest: date | None = None) -> str | None:
        """An ISO day inside it, not after `latest` if it began by then.

        None where it straddles one of `breaks` (days on which something begins to differ).
        """
        last = min(self.last, latest) if latest and self.first <= latest else self.last
        if any(self.first < day <= last for day in breaks):
            return None
        return (self.first + (last - self.first) / 2).isoformat()


def days(text: str, today: date) -> list[Day]:
    """Every day, month or year told in a folded text, in its order; a month without a year takes that before it."""
    found: list[Day] = []
    for match in _DAY.finditer(text):
        day = _read(match, text, today, found[-1].first.year if found else None)
        if day:
            found.append(day)
    return found


def _read(match: re.Match[str], text: str, today: date, year_before: int | None) -> Day | None:
    span = (match.start(), match.end())
    if match["iso"]:
        parts = [int(part) for part in re.findall(r"\d+", match["iso"])]
        if "." in match["iso"] and len(parts) == 2 and parts[1] == 0:
            return None
        return _period(span, parts[0], parts[1], parts[2] if len(parts) > 2 else None)
    if match["run"]:
        run = match["run"]
        return _period(span, int(run[:4]), int(run[4:6]), int(run[6:8]) if len(run) == 8 else None)
    if match["near"]:
        return _near(match["near"], span, today)
    if match["lone"]:
        month = _number(match["lone"])
        if not month or month > 12 or text[match.end() : match.end() + 1] in ("到", "至"):
            return None
        year = year_before or (today.year if month <= today.month else today.year - 1)
        return _in_month(span, year, month, match["lonerest"], guessed=year_before is None)
    year = _year(match["year"], today, bool(match["month"] or match["part"]))
    if not year:
        return None
    if match["month"]:
        month = _number(match["month"])
        return _in_month(span, year, month, match["rest"]) if month and month <= 12 else None
    if match["part"]:
        return _part(span, year, match["part"])
    return Day(*span, date(year, 1, 1), date(year, 12, 31), "year")


def _year(words: str, today: date, more: bool) -> int:
    """The year that words name; 0 where they are a span (3年) or can't be one."""
    words = words.removesuffix("的")
    if words in _RELATIVE:
        return today.year + _RELATIVE[words]
    spelt = words.removesuffix("度").removesuffix("年")
    if not spelt.isdigit():
        value = value_of(spelt)
        return int(value) if value and 1990 <= value <= 2040 else 0
    if len(spelt) == 2:
        return 2000 + int(spelt) if more and 10 <= int(spelt) <= 35 else 0
    return int(spelt) if 1990 <= int(spelt) <= 2040 else 0


def _number(words: str) -> int:
    value = value_of(words)
    return int(value) if value is not None else 0


def _in_month(span: tuple[int, int], year: int, month: int, rest: str | None, guessed: bool = False) -> Day | None:
    if rest and rest in _WITHIN:
        first, last = _WITHIN[rest]
        last = min(last, calendar.monthrange(year, month)[1])
        return Day(*span, date(year, month, first), date(year, month, last), "part", guessed)
    day = _period(span, year, month, _number(rest[:-1]) if rest else None)
    return Day(*span, day.first, day.last, day.precision, guessed) if day else None


def _period(span: tuple[int, int], year: int, month: int, day: int | None) -> Day | None:
    """A month or a day of it; None where the calendar has no such day."""
    if not 1 <= month <= 12:
        return None
    length = calendar.monthrange(year, month)[1]
    if day is None:
        return Day(*span, date(year, month, 1), date(year, month, length), "month")
    if not 1 <= day <= length:
        return None
    return Day(*span, date(year, month, day), date(year, month, day), "day")


def _part(span: tuple[int, int], year: int, words: str) -> Day:
    words = words.removeprefix("第")
    words = "一二三四"[int(words[0]) - 1] + words[1:] if words[0].isdigit() else words
    first, last = _PARTS[words]
    return Day(*span, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), "part")


def _near(words: str, span: tuple[int, int], today: date) -> Day:
    if "月" in words:
        back = {"上上": 2, "上": 1, "下": -1}.get(words.rstrip("月").rstrip("个"), 0)
        months = today.year * 12 + today.month - 1 - back
        day = _period(span, months // 12, months % 12 + 1, None)
        assert day is not None
        return day
    if words in ("昨天", "前天", "今天"):
        day_ = today - timedelta({"今天": 0, "昨天": 1, "前天": 2}[words])
        return Day(*span, day_, day_, "day")
    monday = today - timedelta(today.weekday() + 7)
    return Day(*span, monday, monday + timedelta(6), "part")


# --- spans -----------------------------------------------------------------------------------------------------------

_COUNT = rf"(?:\d+(?:\.\d+)?|[{DIGIT}十]{{1,3}}(?:点[{DIGIT}])?)"
_SPAN = re.compile(
    rf"(?<![\d.])(?P<years>{_COUNT})个?(?:整)?年(?!\d|度|[底初末中]|\w?月|产值|以来|首次|第|[上下]半)(?P<half>半)?"
    rf"(?:(?=[零又]|{_COUNT}个)[零又加]?(?P<months>{_COUNT}|[俩仨])个?月)?(?P<more>多|来|出头)?"
    rf"|(?P<only>{_COUNT})个(?:整)?(?P<monthhalf>半)?月(?P<onlymore>多|来|出头)?"
    r"|(?<!大)(?P<halfyear>半)年(?P<halfmore>多|来|出头)?"
    rf"|(?P<days>{_COUNT})天"
)


@dataclass(frozen=True)
class Span:
    """A told length of time in years, with where it stands; rough where only about so long (一年多)."""

    start: int
    end: int
    years: float
    rough: bool = False


def spans(text: str) -> list[Span]:
    """Every length of time of a folded text, in years (18个月 → 1.5, two decimals)."""
    found = []
    for match in _SPAN.finditer(text):
        years = _length(match)
        if years is not None:
            rough = bool(match["more"] or match["onlymore"] or match["halfmore"])
            found.append(Span(match.start(), match.end(), round(years, 2), rough))
    return found


def _length(match: re.Match[str]) -> float | None:
    if match["halfyear"]:
        return 0.5
    if match["days"]:
        return _or_none(match["days"], 1 / 365)
    if match["only"]:
        months = _or_none(match["only"], 1 / 12)
        return months if months is None else months + (0.5 / 12 if match["monthhalf"] else 0)
    years = _or_none(match["years"], 1)
    if years is None or years > 60:
        return None
    return years + (0.5 if match["half"] else 0) + (_or_none(match["months"], 1 / 12) or 0 if match["months"] else 0)


def _or_none(words: str, per: float) -> float | None:
    value = {"俩": 2, "仨": 3}.get(words) or value_of(words)
    return None if value is None else float(value) * per
