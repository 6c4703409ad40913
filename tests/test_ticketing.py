"""Tickets through the conductor: hours and times that come, words that are sent in order, a person erased."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conductor import Conductor
from bot.kept import kept_reply
from bot.sqlite_store import FILE, SqliteStore
from bot.store import Parcel, Update
from bot.talking import Talk
from bot.workbench.acting import act, call, hear, row_of, seen
from bot.workbench.attendance import look
from bot.workbench.guard import Person
from dialogs.library import Library
from dialogs.messages import Happened, Message, Text
from dialogs.saying import unproved
from tests.conftest import OPEN

MORNING = datetime(2023, 3, 20, 2, tzinfo=UTC)
"""Monday, 10 o'clock in Beijing."""


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = MORNING

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    """A Monday morning."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    """A store on disk."""
    return SqliteStore(tmp_path)


@pytest.fixture
def conductor(store: SqliteStore, library: Library, clock: Clock) -> Iterator[Conductor]:
    """A conductor on that day."""
    made = Conductor(store, library, lambda: OPEN, clock)
    yield made
    made.close()


async def says(conductor: Conductor, text: str, visitor: str = "web:a") -> str:
    """The words of the reply; nothing while an officer has the conversation."""
    reply = await conductor.take(visitor, Text(text))
    assert reply is None or not unproved(reply, conductor.library), reply
    return reply.text if reply else ""


async def last(conductor: Conductor, visitor: str = "web:a") -> str:
    """What the visitor was last told."""
    talk = await conductor.transcript(visitor)
    return next(one.reply.text for one in reversed(talk) if one.reply)


async def ripens(conductor: Conductor) -> None:
    """What is due is taken, as the sweep does it."""
    for visitor in conductor.store.ripen(conductor.now()):
        await conductor.advance(visitor)


# --- times -----------------------------------------------------------------------------------------------------------


async def test_what_nobody_takes_goes_up_a_level(conductor: Conductor, clock: Clock) -> None:
    """After the desk's minutes, once; the visitor is told, and it stands first."""
    await says(conductor, "转人工", "web:b")
    clock.at += timedelta(minutes=5)
    await says(conductor, "转人工")
    clock.at += timedelta(minutes=5, seconds=1)
    await ripens(conductor)
    assert "已报给上一级" in await last(conductor, "web:b") and "已报给上一级" not in await last(conductor)
    assert [(row.no, row.state) for row in conductor.store.queue()] == [(1001, "raised"), (1002, "waiting")]
    clock.at += timedelta(hours=1)
    await ripens(conductor)
    assert [one.event for one in conductor.store.ticket_log(1001)] == ["opened", "raised"]


async def test_the_night_does_not_count(conductor: Conductor, clock: Clock) -> None:
    """A ticket of the evening is raised on the next morning, when the desk has been open long enough."""
    clock.at = MORNING + timedelta(hours=12)
    assert "明天（周二）9:00起有人答您" in await says(conductor, "转人工")
    clock.at += timedelta(hours=10)
    await ripens(conductor)
    assert [row.state for row in conductor.store.queue()] == ["waiting"]
    clock.at = MORNING + timedelta(hours=23, minutes=10)
    await ripens(conductor)
    assert [row.state for row in conductor.store.queue()] == ["raised"]


async def test_what_was_taken_is_not_raised(conductor: Conductor, clock: Clock) -> None:
    """Also where the time had come while it was being taken; given back, it waits anew."""
    await says(conductor, "转人工")
    await act(conductor, 1001, "claimed", "李明")
    clock.at += timedelta(hours=1)
    await ripens(conductor)
    await conductor.take("web:a", Happened("raised", 1001), update="late")
    assert [row.state for row in conductor.store.queue()] == ["taken"]
    await act(conductor, 1001, "released", "李明")
    clock.at += timedelta(minutes=11)
    await ripens(conductor)
    assert [row.state for row in conductor.store.queue()] == ["raised"]


async def test_an_officer_who_has_gone_gives_theirs_back(conductor: Conductor, clock: Clock) -> None:
    """Silent for the desk's minutes; whoever is there keeps theirs."""
    for visitor, officer in (("web:a", "李明"), ("web:b", "王芳")):
        await says(conductor, "转人工", visitor)
        conductor.store.seen(officer, clock())
        await act(conductor, 1001 if visitor == "web:a" else 1002, "claimed", officer)
    clock.at += timedelta(minutes=16)
    conductor.store.seen("王芳", clock())
    assert await look(conductor) == [1001] and await look(conductor) == []
    assert "先离开了" in await last(conductor) and await says(conductor, "在吗", "web:b") == ""
    assert "3000万元" in await says(conductor, "流片最多补多少")


# --- words -----------------------------------------------------------------------------------------------------------


async def test_an_officers_words_are_sent_in_order(conductor: Conductor) -> None:
    """At a door that sends: one line, each once, none while the one before is on its way; never two answers."""
    carried: asyncio.Queue[Parcel] = asyncio.Queue()
    conductor.carries("tg", carried.put_nowait)

    async def tells(name: str, message: Message) -> None:
        await conductor.accept([Update("tg:5", name, conductor.now(), message, int(name) if name.isdigit() else 0)])
        await conductor.advance("tg:5")

    await tells("1", Text("转人工"))
    await act(conductor, 1001, "claimed", "李明")
    await tells("2", Text("在吗"))
    for words in ("您好。", "请稍等。"):
        await act(conductor, 1001, "said", "李明", text=words)
    await act(conductor, 1001, "closed", "李明")
    assert carried.qsize() == 1
    sent, parcel = [], await carried.get()
    while parcel:
        sent.append(parcel.reply.text)
        following = await conductor.posted(parcel)
        if following is None:
            break
        parcel = following
    assert ["工单号1001" in sent[0], "已接手" in sent[1], *sent[2:4], "解决了吗" in sent[4]] == [
        True, True, "工作人员：您好。", "工作人员：请稍等。", True,
    ]  # fmt: skip
    assert len(sent) == 5


async def test_a_flood_does_not_hold_an_officers_words_back(conductor: Conductor) -> None:
    """What the visitor sends too fast waits; the officer is heard at once."""
    await conductor.accept([Update("tg:1", str(n), conductor.now(), Text("你好"), n) for n in range(1, 42)])
    await conductor.advance("tg:1")
    row = await call(conductor, "tg:1", "李明", "called")
    await act(conductor, row.no, "said", "李明", text="慢慢说。")
    assert (await last(conductor, "tg:1")) == "工作人员：慢慢说。"


async def test_a_case_is_taken_up_on_the_phone(conductor: Conductor) -> None:
    """The caller reads the code out; the ticket stays, and the officer sees what was told elsewhere."""
    await says(conductor, "测一测方向10")
    await says(conductor, "是")
    code = (await says(conductor, "体检单编号")).split("编号是")[1][:6]
    visitor = await conductor.open("phone")
    row = await call(conductor, visitor, "李明", "phone")
    await hear(conductor, row, Person("李明", "officer"), Text(f"编号{code}"))
    shown = await seen(conductor, await row_of(conductor, row.no))
    assert shown.row.state == "taken" and shown.package.facts
    await hear(conductor, row, Person("李明", "officer"), Text("2022年9月"))
    shown = await seen(conductor, await row_of(conductor, row.no))
    assert len(shown.package.facts) == 2


async def test_another_case_does_not_lose_the_ticket(conductor: Conductor) -> None:
    """A visitor who waits and takes up a case by its code still waits."""
    await says(conductor, "测一测方向10")
    await says(conductor, "是")
    code = (await says(conductor, "体检单编号")).split("编号是")[1][:6]
    await says(conductor, "转人工", "web:b")
    await says(conductor, f"编号{code}", "web:b")
    await act(conductor, 1001, "claimed", "李明")
    assert await says(conductor, "在吗", "web:b") == ""


async def test_a_conversation_that_cannot_be_read_keeps_its_ticket(conductor: Conductor, store: SqliteStore) -> None:
    """It begins afresh; who asks for a person again has the same number."""
    await says(conductor, "转人工")
    store._writer.do(lambda db: db.execute("update conversations set state = ?", ('{"misses": "many"}',)).rowcount)
    assert "1001" in await says(conductor, "转人工")
    assert [row.no for row in store.queue()] == [1001]


# --- the terminal ----------------------------------------------------------------------------------------------------


def test_the_terminal_comes_before_officers_too(tmp_path: Path, library: Library) -> None:
    """In memory until a person is wanted; then all of it is in the store, and an officer's words come back."""
    talk = Talk(library, OPEN, lambda: SqliteStore(tmp_path))
    talk.send(Text("流片最多补多少"))
    assert not (tmp_path / FILE).exists()
    reply = talk.send(Text("转人工"))
    assert reply and "工单号1001" in reply.text
    other = Conductor(SqliteStore(tmp_path), library, lambda: OPEN)
    asyncio.run(act(other, 1001, "claimed", "李明"))
    assert talk.send(Text("比例多少")) is None
    asyncio.run(act(other, 1001, "said", "李明", text="看附件1。"))
    assert [one.text for one in talk.news()][-1] == "工作人员：看附件1。" and talk.news() == []
    row = other.store.ticket(1001)
    assert row and other.store.transcript(row.visitor, 9)[0].message == Text("流片最多补多少")
    other.close()
    talk.close()


def test_a_terminal_without_a_store_names_the_line(tmp_path: Path, library: Library) -> None:
    """Where no ticket can be kept none is promised."""
    (tmp_path / "data").write_text("")
    talk = Talk(library, OPEN, lambda: SqliteStore(tmp_path / "data"))
    reply = talk.send(Text("转人工"))
    assert reply and "工单" not in reply.text and "55578183" in reply.text


# --- erased ----------------------------------------------------------------------------------------------------------

WORDS = "我们投资了三千万叫甲乙丙公司"


@pytest.mark.parametrize("visitor", ["web:secret-cookie", "tg:987654321"])
async def test_what_was_kept_on_a_person_is_erased(
    conductor: Conductor, store: SqliteStore, clock: Clock, visitor: str
) -> None:
    """Words, name, facts, cases, wishes, notes and the ticket's; a receipt comes; what is counted stays."""
    for text in (
        "方向10最多补多少",
        "测一测方向10",
        "是",
        WORDS,
        "体检单编号",
        "同意记下",
        "下一批开放时告诉我",
        "转人工",
    ):
        await says(conductor, text, visitor)
    await act(conductor, 1001, "claimed", "李明")
    await says(conductor, f"{WORDS}二", visitor)
    await act(conductor, 1001, "said", "李明", text="甲乙丙公司您好。")
    store.keep_note(1001, "李明", "甲乙丙公司的", clock())
    before = counted(store)
    receipt = await says(conductor, "删除我的数据", visitor)
    assert "已删除" in receipt and "回执号" in receipt and "1张" in receipt
    number = receipt.split("回执号")[1][:10]
    assert store.erasure(number) == clock()
    rows = dumped(store)
    assert not [line for line in rows if "甲乙丙" in line or WORDS in line]
    named = [line for line in rows if visitor in line or visitor.split(":")[1] in line]
    assert all('"conversations"' in line or '"messages"' in line for line in named) and len(named) <= 2
    after = counted(store)
    assert {key: after[key] - count for key, count in before.items() if after[key] != count} == {
        (visitor.partition(":")[0], "in"): 1, (visitor.partition(":")[0], "out"): 1,
    }  # fmt: skip
    gone = store._all("select m.body from messages m join conversations c on c.id = m.conversation"
                      " where c.visitor like '%:erased:%' and m.direction = 'out'")  # fmt: skip
    assert {"10"} <= {topic for (body,) in gone for topic in kept_reply(body).topics}  # which direction it was stays
    assert not any(kept_reply(body).text for (body,) in gone)
    row = store.ticket(1001)
    assert row and (row.state, row.outcome) == ("closed", "erased") and store.notes(1001) == []
    assert "3000万元" in await says(conductor, "流片最多补多少", visitor)
    conductor.store.check()


def counted(store: SqliteStore) -> dict[tuple[str, str], int]:
    """Messages by door and direction."""
    rows = store._all("select door, direction, count(*) from messages group by door, direction")
    return {(door, direction): count for door, direction, count in rows}


def dumped(store: SqliteStore) -> list[str]:
    """Every row of the file."""
    db = sqlite3.connect(store.path)
    db.row_factory = None
    lines = [line for line in db.iterdump() if line.startswith("INSERT")]
    for body, packed in db.execute("select body, packed from messages"):
        lines.append(f"{body} {packed!r}")
    db.close()
    return lines


async def test_who_left_nothing_is_told_so(conductor: Conductor) -> None:
    """No receipt for nothing; the command of the menu is the same."""
    assert "没有可删的" in await says(conductor, "/delete_my_data", "web:new")


async def test_an_officer_of_an_erased_ticket_is_told(conductor: Conductor) -> None:
    """Their words go nowhere."""
    await says(conductor, "转人工")
    await act(conductor, 1001, "claimed", "李明")
    await says(conductor, "删除我的数据")
    with pytest.raises(Exception, match="已经办结或撤回"):
        await act(conductor, 1001, "said", "李明", text="在吗")
