"""When the desk is manned: days and hours from data, told at any moment; an editor's slip is named."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.opening import KNOWLEDGE
from dialogs.library import Library
from knowledge.desk_hours import due_after, hours_at, works
from knowledge.reading import BrokenGuide, read_desk


@pytest.mark.parametrize(
    ("moment", "why", "opens"),
    [
        ("2023-03-20T08:59", "night", "今天9:00"),
        ("2023-03-20T09:00", "open", ""),
        ("2023-03-20T11:59", "open", ""),
        ("2023-03-20T12:00", "noon", "今天13:30"),
        ("2023-03-20T17:30", "night", "明天（周二）9:00"),
        ("2023-03-24T18:00", "night", "3月27日（周一）9:00"),
        ("2023-03-25T10:00", "weekend", "3月27日（周一）9:00"),
        ("2023-09-28T18:00", "night", "10月7日（周六）9:00"),
        ("2023-10-07T10:00", "open", ""),
        ("2023-12-31T10:00", "weekend", "明天（周一）9:00"),
    ],
)
def test_the_hours_at_a_moment(moment: str, why: str, opens: str, library: Library) -> None:
    """Open, noon, night, weekend, holiday, a weekend that is worked."""
    told = hours_at(library.desk, datetime.fromisoformat(moment))
    assert (told.why, told.opens) == (why, opens)


def test_only_the_desks_minutes_count(library: Library) -> None:
    """Over noon, over night, over a holiday; never a moment at which nobody is there."""
    for start, minutes, due in (
        ("2023-03-20T10:00", 10, "2023-03-20T10:10"),
        ("2023-03-20T11:55", 10, "2023-03-20T13:35"),
        ("2023-03-20T17:25", 10, "2023-03-21T09:05"),
        ("2023-09-28T17:30", 10, "2023-10-07T09:10"),
    ):
        assert due_after(library.desk, datetime.fromisoformat(start), minutes) == datetime.fromisoformat(due)


def test_every_day_of_ten_years_has_a_next_opening(library: Library) -> None:
    """However the calendar is filled in."""
    day = date(2022, 12, 1)
    while day.year < 2033:
        told = hours_at(library.desk, datetime(day.year, day.month, day.day, 20))
        assert told.opens.endswith("9:00") and works(library.desk, day) in (True, False)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('"9:00-12:00"', '"9点到12点"', "应写成9:00-12:00"),
        ('"9:00-12:00"', '"12:00-9:00"', "前早后晚"),
        ('"2023-04-05"', '"清明那天"', "不是日子"),
        ('"2023-01-21..2023-01-27"', '"2023-01-27..2023-01-21"', "颠倒"),
        ("raise_after_minutes: 10", "raise_after_minutes: 0", "应是1以上"),
        ("raise_after_minutes", "raise_after", "raise_after"),
    ],
)
def test_a_slip_is_named(right: str, wrong: str, says: str, tmp_path: Path) -> None:
    """With its line, and what would be right."""
    shutil.copy(KNOWLEDGE / "desk.yaml", tmp_path)
    text = (KNOWLEDGE / "desk.yaml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "desk.yaml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(BrokenGuide) as broken:
        read_desk(tmp_path)
    assert says in str(broken.value) and "desk.yaml 第" in str(broken.value)
