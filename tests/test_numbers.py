"""The statistics against what was counted by hand, over a store that real turns have filled (`tests/weeks.py`)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.counting import WRONG, Missing
from bot.forgetting import forget
from bot.sqlite_counting import kind_of
from bot.sqlite_store import SqliteStore
from bot.workbench.charts import lying, stacked
from bot.workbench.figures import Figure
from bot.workbench.numbers import Table
from bot.workbench.numbers_page import asked_for, made
from bot.workbench.spans import Unspanned, each_day, span_of, steps
from dialogs.library import Library
from dialogs.messages import Reply, Text
from knowledge.desk_hours import open_between
from tests.conftest import OPEN
from tests.test_store import earlier
from tests.weeks import FORMULA, Weeks

FIRST, LAST = date(2023, 3, 14), OPEN


@pytest.fixture(scope="module")
def weeks(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    """The two weeks; not changed by any test."""
    made_ = asyncio.run(Weeks(tmp_path_factory.mktemp("weeks"), library).lived())
    yield made_
    made_.leaves()


@pytest.fixture
def own_weeks(library: Library, tmp_path: Path) -> Iterator[Weeks]:
    """The two weeks of one test alone."""
    made_ = asyncio.run(Weeks(tmp_path, library).lived())
    yield made_
    made_.leaves()


def seen(weeks: Weeks, **asked: str) -> tuple[dict[str, Figure], dict[str, Table]]:
    """What the page shows, by name."""
    query = {"span": "", "first": "", "last": "", "door": ""} | asked
    figures, tables = made(weeks.conductor, asked_for(weeks.conductor, *query.values()))
    return {one.name: one for one in figures}, {one.id: one for one in tables}


def rows(table: Table) -> dict[object, tuple[object, ...]]:
    """The rows of a table that hold something, by their name."""
    return {row[0]: row[1:] for row in table.rows if any(row[1:])}


# --- what was counted by hand ----------------------------------------------------------------------------------------


def test_the_figures_are_those_counted_by_hand(weeks: Weeks) -> None:
    """Each beside that of the seven days before; the 6th of March is in neither."""
    figures, _ = seen(weeks)
    assert {name: (one.value, one.before) for name, one in figures.items()} == {
        "问了": (22, 2), "来访者": (12, 2), "答上了": (6, 1), "没答上": (3, 0), "不对": (1, 0), "有用": (1, 0),
        "测完": (1, 0), "转人工": (5, 0), "首次回复中位数": (11.5, None), "九成的首次回复": (20.0, None),
        "等了10分钟以上": (1, 0), "没等到回复": (2, 0),
    }  # fmt: skip
    assert figures["问了"].change == "+20" and figures["首次回复中位数"].change == ""
    assert all(one.says for one in figures.values())


def test_the_days_are_those_of_beijing(weeks: Weeks) -> None:
    """23:59 and 0:00 are two days; the outcomes of a day make its sum; what is called wrong later is of its own day."""
    _, tables = seen(weeks)
    assert tables["days"].columns == (
        "日", "问了", "答上了", "反问、测算", "其他", "归人工", "没答上", "不对", "转人工", "来访者",
    )  # fmt: skip
    assert rows(tables["days"]) == {
        date(2023, 3, 14): (4, 3, 0, 0, 0, 1, 0, 0, 3),
        date(2023, 3, 15): (3, 2, 0, 0, 0, 1, 1, 0, 2),
        date(2023, 3, 16): (1, 0, 0, 0, 0, 1, 0, 0, 1),
        date(2023, 3, 17): (6, 1, 4, 1, 0, 0, 0, 0, 3),
        date(2023, 3, 18): (1, 0, 0, 1, 0, 0, 0, 1, 1),
        date(2023, 3, 20): (7, 0, 0, 5, 2, 0, 0, 4, 5),
    }
    assert len(tables["days"].rows) == 7 and all(row[1] == sum(row[2:7]) for row in tables["days"].rows)  # type: ignore[arg-type]


def test_the_tables_are_those_counted_by_hand(weeks: Weeks) -> None:
    """By direction, district, facet, door, reason and outcome."""
    _, tables = seen(weeks)
    assert rows(tables["directions"]) == {
        "1 首轮流片": (3, 1, 0, 0), "2 EDA采购": (1, 0, 0, 0), "10 新智造100": (0, 0, 4, 1), "不分方向的": (2, 0, 0, 0),
    }  # fmt: skip
    assert rows(tables["districts"]) == {"海淀区": (2, 0), "朝阳区": (1, 0)}
    assert rows(tables["facets"]) == {"金额": (4, 1), "区里的联系人": (2, 0)}
    assert rows(tables["doors"]) == {
        "网页": (18, 9, 5, 1, 0, 4, 1), "Telegram": (2, 1, 1, 1, 1, 0, 0), "接口": (1, 1, 0, 1, 0, 0, 0),
        "电话": (1, 1, 0, 0, 0, 1, 0),
    }  # fmt: skip
    assert rows(tables["misses"]) == {"别的政策": (1,), "指南没写": (1,), "没听懂": (1,)}
    assert rows(tables["tickets"]) == {"对方要找人": (4,), "来电": (1,)}
    assert rows(tables["outcomes"]) == {
        "已答复": (1, 1, 0), "已转处室": (1, 0, 0), "还在办": (2, 0, 0), "对方自己撤回": (1, 0, 0),
    }  # fmt: skip


def test_a_door_alone_is_a_part_of_all(weeks: Weeks) -> None:
    """The doors' figures make those of all."""
    whole, _ = seen(weeks)
    parts = [seen(weeks, door=door)[0] for door in ("web", "tg", "api", "phone")]
    for name in ("问了", "来访者", "没答上", "不对", "转人工", "测完"):
        assert sum(part[name].value or 0 for part in parts) == whole[name].value, name


def test_nobody_is_named(weeks: Weeks) -> None:
    """No visitor, no word of theirs and no officer stands in a number."""
    figures, tables = seen(weeks)
    told = repr((figures, tables))
    assert not [word for word in ("web:", "tg:", "evil", "呜", "积分", "陈值守") if word in told]


def test_the_district_that_is_told_is_counted_once(library: Library, tmp_path: Path) -> None:
    """When it is told, and again where it is another; not with every turn after it."""
    weeks = Weeks(tmp_path, library)
    for minute, text in enumerate(("测一测方向9", "我们在通州区", "是", "改成顺义区", "是")):
        asyncio.run(weeks.says(f"03-20 10:{minute:02}", "web:a", Text(text)))
    _, tables = seen(weeks)
    assert rows(tables["districts"]) == {"通州区": (1, 0), "顺义区": (1, 0)}
    weeks.leaves()


def test_who_is_given_back_has_waited_since_they_asked(library: Library, tmp_path: Path) -> None:
    """Whichever officer answers in the end."""
    weeks = Weeks(tmp_path, library)

    async def happens() -> None:
        await weeks.says("03-20 10:00", "web:a", Text("转人工"))
        await weeks.does("03-20 10:10", 1001, "claimed")
        await weeks.does("03-20 10:20", 1001, "released")
        await weeks.does("03-20 10:30", 1001, "claimed")
        await weeks.does("03-20 10:31", 1001, "said", "您好。")

    asyncio.run(happens())
    assert seen(weeks)[0]["首次回复中位数"].value == 31
    weeks.leaves()


# --- what is taken out ------------------------------------------------------------------------------------------------


def test_erasing_a_visitor_keeps_the_counts(own_weeks: Weeks) -> None:
    """All of what was before the request stays as it was, waits too; the request itself is one more turn."""
    before, tables = seen(own_weeks)
    for visitor in ("web:a", "web:g", "tg:7"):
        asyncio.run(own_weeks.says("03-20 17:00", visitor, Text("删除我的数据")))
    after, now = seen(own_weeks)
    assert {name for name in after if after[name].value != before[name].value} == {"问了"}
    assert after["问了"].value == 25
    assert [row[:-1] for row in now["days"].rows[:-1]] == [row[:-1] for row in tables["days"].rows[:-1]]
    assert now["days"].rows[-1][1] == 10
    for table in ("directions", "districts", "facets", "misses", "tickets"):
        assert now[table] == tables[table], table
    assert rows(now["outcomes"])["对方删除了数据"] == (1, 1, 0)  # what came of it was in words, and has gone
    times = own_weeks.store._all("select opened_at, claimed_at, answered_at, closed_at from tickets where no = 1001")
    assert {at[10:] for row in times for at in row} == {"T12:00:00+08:00"}


def test_forgetting_old_conversations_keeps_the_counts(own_weeks: Weeks) -> None:
    """`policydesk forget` takes words and people, and no number; where something is still to be sent, it waits."""
    before, tables = seen(own_weeks)
    assert forget(own_weeks.store.path.parent, date(2023, 3, 18), OPEN) == 8
    after, now = seen(own_weeks)
    assert after == before and now == tables
    assert {one.door for one in own_weeks.store.missed(Missing(FIRST, LAST), 9)} == {"tg"}


# --- what was missed --------------------------------------------------------------------------------------------------


def test_what_was_missed_is_listed_newest_first(weeks: Weeks) -> None:
    """By reason, door, words, and a page more from the last one on."""

    def words(**sought: object) -> list[str]:
        return [one.words for one in weeks.store.missed(Missing(FIRST, LAST, **sought), 9)]  # type: ignore[arg-type]

    assert words() == ["呜呜呜呜", FORMULA, "指南里写不写发放时间", "积分落户要什么条件"]
    assert words(kind="not_in_guide") == ["指南里写不写发放时间"] and words(kind=WRONG) == [FORMULA]
    assert words(door="tg") == [FORMULA, "指南里写不写发放时间"] and words(words="落户") == ["积分落户要什么条件"]
    assert words(words="hyperlink") == [FORMULA] and words(words="%") == []
    first = weeks.store.missed(Missing(FIRST, LAST), 2)
    assert words(older_than=first[-1].id) == words()[2:]
    assert first[1].wrong and "3000万元" in first[1].reply.text and not first[0].wrong
    assert weeks.store.missed(Missing(date(2023, 3, 17), LAST), 9) == []


def test_a_tapped_option_is_listed_by_its_label(own_weeks: Weeks) -> None:
    """Whoever reads the list sees what the visitor saw."""
    from dialogs.messages import Choice

    name = asyncio.run(own_weeks.says("03-20 12:00", "web:e", Choice("ask:1.conditions@2023-batch-1")))
    asyncio.run(own_weeks.conductor.rate("web:e", name, False))
    assert own_weeks.store.missed(Missing(LAST, LAST), 9)[0].words == "首轮流片 申报条件"


# --- spans ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "title", "compared"),
    [
        (("", "", ""), "2023年3月14日至3月20日", "2023年3月7日至3月13日"),
        (("week", "", ""), "2023年3月20日", "2023年3月13日"),
        (("last_week", "", ""), "2023年3月13日至3月19日", "2023年3月6日至3月12日"),
        (("month", "", ""), "2023年3月1日至3月20日", "2023年2月1日至2月20日"),
        (("custom", "2022-12-31", "2023-01-02"), "2022年12月31日至2023年1月2日", "2022年12月28日至12月30日"),
    ],
)
def test_a_span_is_compared_with_the_same_days_before(asked: tuple[str, str, str], title: str, compared: str) -> None:
    span = span_of(*asked, OPEN)
    assert (span.title, span.compared) == (title, compared)


def test_a_month_is_compared_as_far_as_the_one_before_has_days() -> None:
    assert span_of("month", "", "", date(2023, 3, 31)).before == (date(2023, 2, 1), date(2023, 2, 28))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("custom", "昨天", ""), "2023-04-15这样"),
        (("custom", "2023-03-02", "2023-03-01"), "前后颠倒"),
        (("custom", "2020-01-01", "2023-03-01"), "最多看两年"),
        (("custom", "0001-01-01", "0001-01-02"), "2000年以后"),
        (("year", "", ""), "近7天、本周"),
    ],
)
def test_days_that_make_no_span_are_refused_with_what_would_be_right(asked: tuple[str, str, str], says: str) -> None:
    with pytest.raises(Unspanned, match=says):
        span_of(*asked, OPEN)


@pytest.mark.parametrize(("days", "bars", "first"), [(62, 62, "1-18"), (63, 10, "1-17起"), (401, 14, "2022-02")])
def test_a_long_span_has_a_bar_a_week_or_a_month(days: int, bars: int, first: str) -> None:
    """Every day is in one of them."""
    span = span_of("custom", (OPEN - timedelta(days=days - 1)).isoformat(), "2023-03-20", OPEN)
    found = steps(span)
    assert (len(found), found[0].label) == (bars, first)
    assert sum((one.last - one.first).days + 1 for one in found) == days == len(each_day(span))


def test_a_week_of_a_long_span_holds_its_days(weeks: Weeks) -> None:
    """The same turns, gathered; a visitor of two days of a week is one."""
    _, tables = seen(weeks, span="custom", first="2023-01-01", last="2023-03-20")
    found = rows(tables["days"])
    assert found["3-13起"][:2] == (15, 6) and found["3-13起"][-1] == 8 and found["3-20起"][0] == 7


# --- charts -----------------------------------------------------------------------------------------------------------


def test_a_chart_shows_what_the_table_holds(weeks: Weeks) -> None:
    """Heights as the numbers, the parts of a bar on each other, widths as shares of the longest."""
    _, tables = seen(weeks)
    chart = stacked(tables["days"])
    units = {
        round(piece.height / table_row[2 + piece.kind], 2)  # type: ignore[operator]
        for bar, table_row in zip(chart.bars, tables["days"].rows, strict=True)
        for piece in bar.pieces
    }
    assert units == {22.5} and chart.lines == ((4, 108.0), (8, 18.0))
    assert [bar.total for bar in chart.bars] == [4, 3, 1, 6, 1, 0, 7] and "3-20，7次" in chart.says
    assert [(name, n, width) for name, n, width, _ in lying(tables["districts"]).rows] == [
        ("海淀区", 2, "100%"), ("朝阳区", 1, "50%"),
    ]  # fmt: skip


def test_an_empty_span_draws_nothing(weeks: Weeks) -> None:
    _, tables = seen(weeks, span="custom", first="2001-01-01", last="2001-01-02")
    assert not any(bar.pieces for bar in stacked(tables["days"]).bars) and lying(tables["doors"]).rows == ()


# --- how it is kept ---------------------------------------------------------------------------------------------------


def test_a_store_of_an_earlier_form_is_counted_once(tmp_path: Path) -> None:
    """What was kept before is in the tallies, as if it had been counted then."""
    earlier(tmp_path, 7)
    store = SqliteStore(tmp_path)
    day = date(2023, 3, 20)
    assert {(one.door, one.topics, one.facets, one.n) for one in store.tallies(day, day)} == {
        ("web", ("1",), ("amount",), 1), ("web", ("2",), ("amount",), 1), ("api", ("5a",), ("amount",), 1),
        ("tg", ("general",), ("overview",), 1), ("tg", ("1",), ("amount",), 1), ("tg", ("2",), ("overview",), 1),
    }  # fmt: skip
    assert store.visitors([(day, day)]) == [{"web": 1, "api": 1, "tg": 2}]
    assert [one.tally.topics for one in store.judged(day, day) if one.useful] == [("1",)]
    assert [(one.reason, one.answered, one.waited) for one in store.ticket_counts(day, day)] == [("asked", True, None)]
    store.close()


def test_only_districts_are_named_by_cards_that_end_so(library: Library) -> None:
    """By which a district is told from a municipal office's matter."""
    municipal = [one.label for one in library.guide.contacts]
    assert all(one.name.endswith("区") for one in library.guide.districts)
    assert not [label for label in municipal if label.endswith("区")]
    assert kind_of(Reply("answered", "")) == ("answered", "", "", "", "", 0)


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("03-20 10:00", "03-20 10:20", 20),
        ("03-20 11:50", "03-20 13:40", 20),  # over noon
        ("03-18 18:00", "03-20 09:03", 3),  # over a weekend
        ("03-20 20:00", "03-20 21:00", 0),  # in the evening
        ("03-20 17:20", "03-21 09:05", 15),
        ("03-13 09:00", "03-20 09:00", 5 * 7 * 60),
    ],
)
def test_a_wait_counts_while_the_desk_is_open(since: str, until: str, minutes: int, library: Library) -> None:
    start, end = (datetime.strptime(f"2023-{one}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) for one in (since, until))
    assert open_between(library.desk, start, end) == timedelta(minutes=minutes)
