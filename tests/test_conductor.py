"""The conductor: a visitor's messages in order, an update once, the loop never held up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conductor import Conductor
from bot.sqlite_store import SqliteStore
from dialogs.conversation import Conversation
from dialogs.library import Library
from dialogs.messages import Choice, Effect, Text
from tests.conftest import CLOSED, OPEN


class SlowStore(SqliteStore):
    """A real store that keeps one message's commit waiting until the gate is opened."""

    held_up = ""
    gate = threading.Event()

    def commit(self, held, exchange, after: Conversation, effects: tuple[Effect, ...]) -> None:  # type: ignore[no-untyped-def]
        if exchange.message == Text(self.held_up):
            assert self.gate.wait(10)
        super().commit(held, exchange, after, effects)


@pytest.fixture
def store(tmp_path: Path) -> SlowStore:
    """A store on disk."""
    return SlowStore(tmp_path)


@pytest.fixture
def conductor(store: SlowStore, library: Library) -> Iterator[Conductor]:
    """A conductor on an open day."""
    made = Conductor(store, library, lambda: OPEN)
    yield made
    made.close()


async def test_a_conversation_goes_on(conductor: Conductor) -> None:
    """The second message is understood from the first."""
    await conductor.take("web:a", Text("流片最多补多少"))
    reply = await conductor.take("web:a", Text("EDA呢"))
    assert reply and "500万元" in reply.text


async def test_an_update_moves_the_conversation_once(conductor: Conductor, store: SlowStore) -> None:
    """A message that is delivered twice gets the same reply, and is in the transcript once."""
    first = await conductor.take("web:a", Text("流片最多补多少"), update="1")
    again = await conductor.take("web:a", Text("流片最多补多少"), update="1")
    assert first == again
    assert store.load("web:a").revision == len(await conductor.transcript("web:a")) == 1


async def test_an_update_delivered_twice_at_once_is_answered_once(conductor: Conductor, store: SlowStore) -> None:
    """Neither of two conductors over one store takes it a second time."""
    other = Conductor(SlowStore(store.path.parent), conductor.library, lambda: OPEN)
    replies = await asyncio.gather(
        *(one.take("web:a", Text("流片最多补多少"), update="1") for one in (conductor, other, conductor, other))
    )
    other.close()
    assert len({reply.text for reply in replies if reply}) == 1
    assert store.load("web:a").revision == 1


async def test_a_sent_reply_is_not_said_again(conductor: Conductor) -> None:
    """Committed and unsent it is handed out again; marked as sent there is nothing to say."""
    await conductor.take("tg:1", Text("你好"), update="1")
    assert [exchange.update for exchange in await conductor.unsent("tg")] == ["1"]
    assert await conductor.take("tg:1", Text("你好"), update="1")
    await conductor.sent("tg:1", "1")
    assert await conductor.unsent("tg") == []
    assert await conductor.take("tg:1", Text("你好"), update="1") is None


async def test_a_visitors_messages_are_taken_in_order(conductor: Conductor, store: SlowStore) -> None:
    """Even where the first is held up, the transcript is in the order of the calls."""
    store.held_up, store.gate = "流片最多补多少", threading.Event()
    texts = ["流片最多补多少", "EDA呢", "联系人呢", "海淀找谁"]
    turns = [asyncio.create_task(conductor.take("web:a", Text(text))) for text in texts]
    await asyncio.wait(turns, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
    store.gate.set()
    await asyncio.gather(*turns)
    assert [exchange.message for exchange in await conductor.transcript("web:a")] == [Text(text) for text in texts]


async def test_visitors_do_not_wait_for_each_other(conductor: Conductor, store: SlowStore) -> None:
    """While one visitor's turn is held up, another's is done, and the loop goes round."""
    store.held_up, store.gate = "慢一点", threading.Event()
    slow = asyncio.create_task(conductor.take("web:slow", Text("慢一点")))
    assert await conductor.take("web:quick", Text("你好"))
    assert not slow.done()
    store.gate.set()
    assert await slow


async def test_two_processes_keep_each_others_turns(conductor: Conductor, store: SlowStore) -> None:
    """Two conductors on one visitor: whoever was slower responds anew to what stands there now."""
    other = Conductor(SlowStore(store.path.parent), conductor.library, lambda: OPEN)
    await asyncio.gather(
        *((conductor, other)[n % 2].take("web:a", Text("流片最多补多少"), update=str(n)) for n in range(10))
    )
    other.close()
    assert store.load("web:a").revision == len(await conductor.transcript("web:a")) == 10


async def test_the_day_is_asked_at_every_turn(store: SlowStore, library: Library) -> None:
    """A process that runs over midnight knows it."""
    days = iter([OPEN, CLOSED])
    conductor = Conductor(store, library, lambda: next(days))
    spoken = [await conductor.take("web:a", Text("现在还能申报吗")) for _ in range(2)]
    conductor.close()
    assert spoken[0] and "还剩26天" in spoken[0].text
    assert spoken[1] and "已不能申报" in spoken[1].text


async def test_an_unknown_visitor_is_unknown_until_opened(conductor: Conductor) -> None:
    """A name is made by us and can't be guessed."""
    names = {await conductor.open("api") for _ in range(3)}
    assert len(names) == 3 and all(len(name) > 30 for name in names)
    assert all([await conductor.knows(name) for name in names])
    assert not await conductor.knows("api:1")


async def test_a_choice_and_its_label_are_kept(conductor: Conductor) -> None:
    """A tapped option is a message like any other."""
    await conductor.take("web:a", Choice("overview@2023-batch-1"))
    assert (await conductor.transcript("web:a"))[0].message == Choice("overview@2023-batch-1")
