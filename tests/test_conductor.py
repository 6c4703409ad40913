"""The conductor: a visitor's messages in order, an update once, the loop never held up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conductor import Conductor
from bot.sqlite_store import SqliteStore
from bot.store import Away, Exchange, Held, Parcel, Update
from dialogs.conversation import Conversation
from dialogs.library import Library
from dialogs.messages import Choice, Effect, Reply, Text
from tests.conftest import CLOSED, OPEN


class SlowStore(SqliteStore):
    """A real store that keeps one message's commit, or one visitor's look at it, waiting until the gate is opened."""

    held_up = slow_for = ""
    gate = threading.Event()

    def commit(
        self,
        held: Held,
        exchange: Exchange,
        after: Conversation,
        effects: tuple[Effect, ...],
        *,
        claim: bool = True,
    ) -> Parcel | None:
        if exchange.message == Text(self.held_up):
            assert self.gate.wait(60)
        return super().commit(held, exchange, after, effects, claim=claim)

    def exchange(self, visitor: str, update: str) -> Exchange | None:
        if visitor == self.slow_for:
            assert self.gate.wait(60)
        return super().exchange(visitor, update)


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


def updates(*texts: str, visitor: str = "tg:1") -> list[Update]:
    """Updates as Telegram numbers them."""
    return [Update(visitor, str(n), datetime.now(UTC), Text(text), n) for n, text in enumerate(texts, 1)]


async def test_replies_come_to_who_carries_them(conductor: Conductor) -> None:
    """After their commit, the next when the one before is done with; an update that comes again brings nothing."""
    carried: list[Parcel] = []
    conductor.carries("tg", carried.append)
    two = updates("流片最多补多少", "EDA呢")
    assert await conductor.accept(two) == [True, True]
    await conductor.advance("tg:1")
    assert [parcel.update for parcel in carried] == ["1"]
    following = await conductor.posted(carried[0])
    assert following and following.update == "2" and "500万元" in following.reply.text
    assert await conductor.posted(following) is None
    assert await conductor.accept(two) == [False, False]
    await conductor.advance("tg:1")
    assert len(carried) == 1


async def test_what_a_dead_worker_left_is_taken_up(conductor: Conductor, store: SlowStore) -> None:
    """Accepted and never taken; committed and never sent: found at the first look, and after the worker's end."""
    other = SlowStore(store.path.parent)
    other.accept(updates("流片最多补多少"))
    carried: asyncio.Queue[Parcel] = asyncio.Queue()
    conductor.carries("tg", carried.put_nowait)
    async with conductor.at_work():
        first = await asyncio.wait_for(carried.get(), 60)
        assert first.update == "1" and await conductor.posted(first) is None
        left = Exchange("tg:1", "9", datetime.now(UTC), Text("EDA呢"), Reply("notice", "好的。"))
        assert other.commit(other.load("tg:1"), left, Conversation(guide="2023-batch-1"), ())
        other.close()
        assert (await asyncio.wait_for(carried.get(), 60)).update == "9"


async def test_a_store_that_is_away_for_a_while_loses_nothing(
    conductor: Conductor, store: SlowStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that can't be kept is taken again; what was sent is noted when it can be, and not sent again."""
    carried: asyncio.Queue[Parcel] = asyncio.Queue()
    conductor.carries("tg", carried.put_nowait)
    failing = {"commit": 2, "posted": 3}

    def away(name: str) -> None:
        works = getattr(store, name)

        def tried(*given: object, **named: object) -> object:
            failing[name] -= 1
            if failing[name] >= 0:
                raise Away("full")
            return works(*given, **named)

        monkeypatch.setattr(store, name, tried)

    for name in failing:
        away(name)
    await conductor.accept(updates("流片最多补多少"))
    async with conductor.at_work():
        parcel = await asyncio.wait_for(carried.get(), 60)
        assert await conductor.posted(parcel) is None
    assert carried.empty() and store.load("tg:1").revision == 1 and failing == {"commit": -1, "posted": -1}


async def test_a_flood_is_slowed_with_one_kind_sentence(store: SlowStore, library: Library) -> None:
    """Forty in a minute are answered at once; with the next comes the sentence, and the rest wait for their time."""
    clock = [datetime(2023, 3, 20, 4, tzinfo=UTC)]
    conductor = Conductor(store, library, lambda: OPEN, lambda: clock[0])
    await conductor.accept(updates(*["你好"] * 50))
    await conductor.advance("tg:1")
    talk = await conductor.transcript("tg:1", 99)
    assert [one.manner for one in talk] == [""] * 40 + ["flood"] and store.crowd("tg:1") == 9
    clock[0] += timedelta(seconds=61)
    await conductor.advance("tg:1")
    talk = await conductor.transcript("tg:1", 99)
    assert len(talk) == 50 and [one.manner for one in talk].count("flood") == 1
    conductor.close()


async def test_more_than_a_crowd_is_let_pass(store: SlowStore, library: Library) -> None:
    """A loop that never ends doesn't fill the inbox; others are heard."""
    now = datetime(2023, 3, 20, 4, tzinfo=UTC)
    conductor = Conductor(store, library, lambda: OPEN, lambda: now)
    first = updates(*["你好"] * 300)
    await conductor.accept(first[:42])
    await conductor.advance("tg:1")
    assert all(await conductor.accept(first[42:250])) and not any(await conductor.accept(first[250:]))
    assert await conductor.accept(updates("你好", visitor="tg:2")) == [True]
    conductor.close()


async def test_what_breaks_us_gets_a_sentence(
    conductor: Conductor, store: SlowStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is not taken for ever."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.conductor.respond", broken)
    reply = await conductor.take("web:a", Text("你好"))
    assert reply and "没能处理" in reply.text and store.waiting("web:a") is None


async def test_listeners_hear_of_other_workers(conductor: Conductor, store: SlowStore) -> None:
    """An exchange that another worker has committed wakes who listens to that visitor."""
    other = Conductor(SlowStore(store.path.parent), conductor.library, lambda: OPEN)
    async with conductor.at_work(), conductor.listening("web:a") as event:
        await asyncio.sleep(0)
        while not event.is_set():
            await other.take("web:a", Text("你好"))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), 1)
    other.close()
    assert not conductor._listeners


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
    """While the store keeps one visitor waiting, another's turn is done, and the loop goes round."""
    store.slow_for, store.gate = "web:slow", threading.Event()
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
