"""A case handed on: codes and links that expire, are taken back, give nothing away and can't be tried out; wishes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.cases import (
    FIGURES,
    LETTERS,
    TRIES_ALL,
    TRIES_OWN,
    Case,
    case_in_hand,
    digest_of,
    new_code,
    new_token,
    read_code,
)
from bot.conductor import Conductor
from bot.handing_on import offers
from bot.limits import Limit, Limits
from bot.serving import build
from bot.sqlite_store import SqliteStore
from dialogs.conversation import Conversation, Kept
from dialogs.library import Library
from dialogs.messages import Choice, Reply, Text
from dialogs.saying import unproved
from tests.conftest import CLOSED, OPEN
from tests.handing import GUIDE, NOON, shown_a_sheet
from tests.test_sheet import LEASE

OWNER = "web:owner"
TOKEN = new_token()
CASE = Case(OWNER, GUIDE, (Kept(fact="lease_contract_wan", value=3000, telling=1),), ("8",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store on disk."""
    made = SqliteStore(tmp_path)
    yield made
    made.close()


class Desk:
    """A conductor whose clock is moved by hand, and what it says."""

    def __init__(self, store: SqliteStore, library: Library, address: str | None = None) -> None:
        self.at, self.library = NOON, library
        self.conductor = Conductor(store, library, lambda: OPEN, lambda: self.at, address)
        if not store.knows(OWNER):
            shown_a_sheet(store, OWNER, LEASE, library, OPEN)

    async def hears(self, visitor: str, said: str, update: str | None = None) -> Reply:
        """The reply to a text, its figures proved."""
        reply = await self.conductor.take(visitor, Text(said), update=update)
        assert reply and not unproved(reply, self.library), (reply.text, unproved(reply, self.library))
        return reply

    async def code(self, visitor: str = OWNER) -> str:
        """A fresh code."""
        found = re.search(r"编号是([A-Z0-9]{6})，", (await self.hears(visitor, "体检单编号")).text)
        assert found
        return found[1]


@pytest.fixture
def desk(store: SqliteStore, library: Library) -> Desk:
    """A desk in whose store one owner was shown a sheet."""
    return Desk(store, library)


# --- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_can_be_read_out() -> None:
    """Six signs, none like another, never all letters or all figures; typed in any way it is the same."""
    codes = [new_code() for _ in range(2000)]
    assert len(set(codes)) > 1990 and set("".join(codes)) <= set(LETTERS + FIGURES)
    assert not set("0O1IL2Z5S8B") & set(LETTERS + FIGURES)
    assert all(set(code) & set(LETTERS) and set(code) & set(FIGURES) for code in codes)
    assert [read_code(text) for text in ("k7mq3x", "Ｋ７ＭＱ３Ｘ", "K7M-Q3X", " k7m q3x ")] == ["K7MQ3X"] * 4
    assert [read_code(text) for text in ("K7MQ3", "K7MQ3XX", "K7MQ30", "编号")] == [None] * 4


async def test_a_code_takes_the_case_up_on_another_door(desk: Desk, store: SqliteStore) -> None:
    """What was told stands in the other conversation, with its scope; the first one stays as it was."""
    before = store.load(OWNER).conversation
    reply = await desk.hears("tg:5", f"编号{(await desk.code()).lower()}")
    assert "接上了" in reply.text and "融资租赁合同额3000万元" in reply.text
    taken = store.load("tg:5").conversation
    assert taken and {kept.fact: kept.value for kept in taken.told} == LEASE
    assert set(taken.scope) == {"8", "14a"}
    after = store.load(OWNER).conversation
    assert before and after and after.told == before.told


@pytest.mark.parametrize("said", ["{}", "编号：{}。", "用编号 {} 接着办", "我的编号是{}", "体检单编号{}"])
async def test_a_code_is_said_in_many_ways(said: str, desk: Desk) -> None:
    """Bare, with a word before it, in a sentence."""
    assert "接上了" in (await desk.hears("tg:5", said.format(await desk.code()))).text


async def test_a_code_is_good_for_seven_days(desk: Desk) -> None:
    """To the last moment, and not a moment longer; the sentence is that of a code that never was."""
    code = await desk.code()
    desk.at = NOON + timedelta(days=7) - timedelta(microseconds=1)
    assert "接上了" in (await desk.hears("tg:5", code)).text
    desk.at = NOON + timedelta(days=7)
    gone, never = (await desk.hears("tg:6", code)).text, (await desk.hears("tg:6", "K7MQ3X")).text
    assert gone == never and "用不了" in gone


async def test_a_new_code_voids_the_earlier_one(desk: Desk) -> None:
    """One code a visitor; “撤销体检单” leaves none."""
    first, second = await desk.code(), await desk.code()
    assert "用不了" in (await desk.hears("tg:5", first)).text
    assert "接上了" in (await desk.hears("tg:5", second)).text
    assert "编号1个" in (await desk.hears(OWNER, "撤销体检单")).text
    assert "用不了" in (await desk.hears("tg:5", second)).text


async def test_the_store_holds_no_code(desk: Desk, store: SqliteStore) -> None:
    """Neither the table nor the transcript names it; a redelivered message gets the sentence that is kept."""
    code = re.search(r"编号是(\w{6})，", (await desk.hears(OWNER, "体检单编号", "u1")).text)
    assert code and code[1] not in (await desk.hears(OWNER, "体检单编号", "u1")).text
    with store._connection() as db:
        dump = "\n".join(db.conn.iterdump())
    assert code[1] not in dump and digest_of("code", code[1]) in dump


async def test_codes_cannot_be_tried_out(desk: Desk) -> None:
    """A few wrong ones of a visitor, then a pause; a right one in between costs nothing; an hour later it goes on."""
    good = await desk.code()
    for _ in range(TRIES_OWN - 1):
        await desk.hears("tg:5", "K7MQ3X")
    for _ in range(3):
        assert "接上了" in (await desk.hears("tg:5", good)).text
    await desk.hears("tg:5", "K7MQ3X")
    assert "试得太多了" in (await desk.hears("tg:5", good)).text
    assert "接上了" in (await desk.hears("tg:6", good)).text
    desk.at += timedelta(hours=1)
    assert "接上了" in (await desk.hears("tg:5", good)).text


async def test_many_visitors_together_are_held_back_too(store: SqliteStore, desk: Desk) -> None:
    """Fresh conversations get nobody round the limit, also all at once."""
    good = await desk.code()
    told = await asyncio.gather(*(desk.hears(f"api:{n}", "K7MQ3X") for n in range(TRIES_ALL + 6)))
    assert sum("用不了" in reply.text for reply in told) == TRIES_ALL
    assert "试得太多了" in (await desk.hears("tg:9", good)).text


async def test_a_code_of_another_guide_is_told(desk: Desk, store: SqliteStore) -> None:
    """The case isn't read by rules that it was not told for."""
    store.keep_case("code", digest_of("code", "K7MQ3X"), Case("web:x", "2024-batch-1", CASE.told), NOON)
    assert "另一份指南" in (await desk.hears("tg:5", "K7MQ3X")).text


async def test_nothing_told_gives_nothing_to_hand_on(desk: Desk) -> None:
    """A sentence instead of an empty case."""
    assert "还没有记下" in (await desk.hears("web:new", "体检单编号")).text
    assert "还没有记下" in (await desk.hears("web:new", "体检单链接")).text
    assert "没有还有效的" in (await desk.hears("web:new", "撤销体检单")).text


async def test_questions_are_still_questions(desk: Desk) -> None:
    """Nothing that only resembles a command is taken for one."""
    for said in ("流片最多补多少", "体检单是什么", "BIM500", "下一批什么时候开放", "提醒"):
        reply = await desk.hears("web:new", said)
        assert not any(word in reply.text for word in ("编号", "记下了", "链接")), reply.text


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_is_good_for_thirty_days(store: SqliteStore) -> None:
    """Then it is as if it had never been, and the row goes with the next that is kept."""
    token = new_token()
    store.keep_case("sheet", digest_of("sheet", token), CASE, NOON)
    good = NOON + timedelta(days=30) - timedelta(microseconds=1)
    held = store.held_case("sheet", digest_of("sheet", token), good)
    assert held and held.case == CASE and held.until == NOON + timedelta(days=30)
    assert store.held_case("sheet", digest_of("sheet", token), NOON + timedelta(days=30)) is None
    store.keep_case("sheet", "another", CASE, NOON + timedelta(days=30))
    with store._connection() as db:
        assert db["cases"].count == 1


def test_a_token_is_no_code(store: SqliteStore) -> None:
    """A link's secret opens no conversation, a code no page."""
    store.keep_case("code", "digest", CASE, NOON)
    assert store.held_case("sheet", "digest", NOON) is None


def test_only_the_owner_takes_a_link_back(store: SqliteStore) -> None:
    """One by its token, or all of them."""
    for digest in ("a", "b", "c"):
        store.keep_case("sheet", digest, CASE, NOON)
    assert store.drop_cases("web:other", "sheet", NOON, "a") == 0
    assert store.drop_cases(OWNER, "sheet", NOON, "a") == 1 and store.count_cases(OWNER, "sheet", NOON) == 2
    assert store.drop_cases(OWNER, "sheet", NOON) == 2 and store.held_case("sheet", "b", NOON) is None


async def test_a_link_is_said_where_there_is_an_address(desk: Desk, store: SqliteStore, library: Library) -> None:
    """With the address from outside and the day it ends; without one, what to do instead."""
    assert "打开体检单" in (await desk.hears(OWNER, "体检单链接")).text
    reached = Desk(store, library, "https://desk.example")
    reply = await reached.hears(OWNER, "体检单链接")
    token = re.search(r"https://desk\.example/sheet/([\w-]{43})\n", reply.text)
    assert token and "2023年4月19日前有效" in reply.text
    held = store.held_case("sheet", digest_of("sheet", token[1]), NOON)
    assert held and set(held.case.scope) == {"8", "14a"}


def test_a_case_is_each_fact_as_it_counts() -> None:
    """The last telling of a fact; without anything told there is no case."""
    told = (
        Kept(fact="lease_contract_wan", value=900, telling=1),
        Kept(fact="lease_contract_wan", value=3000, telling=4),
    )
    case = case_in_hand(OWNER, Conversation(guide=GUIDE, told=told, scope=("8",)))
    assert case and [kept.value for kept in case.told] == [3000] and case.scope == ("8",)
    assert case_in_hand(OWNER, Conversation(guide=GUIDE)) is None and case_in_hand(OWNER, None) is None


async def test_guesses_and_documents_are_held_back(library: Library, store: SqliteStore) -> None:
    """Too many links that lead nowhere, too many documents of one sheet: 429 with the seconds to wait."""
    store.keep_case("sheet", digest_of("sheet", TOKEN), CASE, datetime.now(UTC))
    conductor = Conductor(store, library, lambda: CLOSED)
    few = Limits(guesses=Limit(2, 1), documents=Limit(1, 1))
    transport = httpx.ASGITransport(build(conductor, limits=few))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        guessed = [(await client.get(f"/sheet/{new_token()}")).status_code for _ in range(4)]
        printed = [(await client.get(f"/sheet/{TOKEN}.pdf")).status_code for _ in range(2)]
        seen = (await client.get(f"/sheet/{TOKEN}")).status_code
    conductor.close()
    assert (guessed, printed, seen) == ([404, 404, 429, 429], [200, 429], 200)


# --- wishes ----------------------------------------------------------------------------------------------------------


async def test_a_wish_is_kept_after_a_yes(desk: Desk, store: SqliteStore) -> None:
    """What is kept is said first; nothing is kept before the yes; it is shown back, and forgotten when told to."""
    asked = await desk.hears(OWNER, "下一批开放时告诉我")
    assert "同意" in asked.text and store.wish(OWNER) is None
    kept = await desk.conductor.take(OWNER, Choice(asked.options[0].value))
    assert kept and "记下了" in kept.text and "网页没法主动找您" in kept.text and store.wish(OWNER) == NOON
    desk.at = datetime.fromisoformat("2023-04-01T00:00:00+00:00")
    assert "2023年3月20日" in (await desk.hears(OWNER, "下一批开放时告诉我")).text
    assert "2023年3月20日" in (await desk.hears(OWNER, "我的提醒")).text
    assert "删掉了" in (await desk.hears(OWNER, "取消提醒")).text and store.wish(OWNER) is None
    assert "没有记着" in (await desk.hears(OWNER, "取消提醒")).text


async def test_what_is_offered_beside_a_sheet_is_heard(desk: Desk) -> None:
    """Every option has a reply of ours, and fits a button."""
    for option in offers(desk.library):
        assert len(option.value.encode()) <= 48 and option.value.endswith(f"@{GUIDE}")
        reply = await desk.conductor.take(OWNER, Choice(option.value))
        assert reply and reply.status == "notice" and "已经失效" not in reply.text
