"""Days that were told in words, as they are taken: 去年9月, said in 2026, is 2025年9月 to whoever reads a sheet.

A month stays a month: how many days lie between it and another day was not told, and is not said.
"""

from __future__ import annotations

import re
from datetime import date

from dialogs.conversation import Kept
from dialogs.library import Library
from dialogs.telling import day_in_words
from knowledge.days import Day, days

_TO_THE_DAY = re.compile(r"\d+年\d+月\d+日")
_ABSOLUTE = re.compile(r"\d{4}|(?<!\d)\d{2}年")


def to_the_day(kept: Kept) -> bool:
    """Whether a day, as `dated` has it, was told to the day."""
    return not kept.words or _TO_THE_DAY.match(kept.words) is not None


def taken_for(kept: Kept, library: Library, today: date) -> str:
    """The day, month or year that a told day is taken for: 2025年9月15日, 2025年9月, 2025年."""
    exact = day_in_words(str(kept.value))
    wanted = {"month": r".*月", "year": r".*年"}.get(_precision(kept, library, today), r".*")
    found = re.match(wanted, exact)
    return found[0] if found else exact


def dated(kept: Kept, library: Library, today: date) -> Kept:
    """A day told in words also as what it is taken for: 2025年9月（您说“去年9月”）; anything else as it is."""
    if kept.value is None or library.guide.fact[kept.fact].kind != "date":
        return kept
    day = taken_for(kept, library, today)
    if not kept.words or _ABSOLUTE.search(kept.words):
        return kept.model_copy(update={"words": day})
    return kept.model_copy(update={"words": library.phrases.say("page_dated", day=day, words=kept.words)})


def _precision(kept: Kept, library: Library, today: date) -> str:
    """day, month or year; a part of a year (上半年) counts as the year, one within a month (9月底) as the month."""
    told = _told_day(kept, library, today) if kept.words else None
    if told is None:
        return "day"
    if told.precision == "part":
        return "month" if (told.first.year, told.first.month) == (told.last.year, told.last.month) else "year"
    return told.precision


def _told_day(kept: Kept, library: Library, today: date) -> Day | None:
    found = days(library.teller.letters(kept.words), today)
    return min(found, key=lambda day: day.last - day.first, default=None)
