"""What a door calls: load the conversation → respond → commit → the reply, for the door to show or send.

    conductor = Conductor(store, library, today)            # today: () → date, asked at every turn
    reply = await conductor.take("tg:123", Text("流片最多补多少"), update="8841")

A visitor is named by its door: `web:<id>`, `api:<id>`, `tg:<chat>`. What `take` holds to:

1. One transaction keeps the next conversation, the message, its reply and the effects; only then does `take` return.
2. One visitor's messages are taken strictly in the order of the calls; different visitors' side by side.
3. The same `update` (the door's own name for a message) of a visitor moves the conversation once: again, it returns the
   reply that was kept. It returns None where there is nothing to say: the reply was marked as sent, or (later) a person
   has the conversation.
4. Nothing of the database waits on the event loop.

A door that sends by itself (Telegram) closes the gap between commit and send with two more calls:

    await conductor.sent("tg:123", "8841")                  # after the send: a redelivered update gets None from now on
    for exchange in await conductor.unsent("tg"): ...       # at the start: committed, never sent; send, then mark

and keeps a visitor's word on a reply with `rate(visitor, update, useful)`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

from bot import metrics
from bot.handing_on import HandingOn
from bot.store import Exchange, Held, Repeated, Stale, Store
from dialogs.library import Library
from dialogs.messages import Choice, Message, Reply, Text
from dialogs.turn import respond, start

WORKERS = 4
"""Threads that take turns; responding is short and Python's own, so more would only wait for each other."""

P = ParamSpec("P")
T = TypeVar("T")


class Conductor:
    """Takes messages from every door of one process."""

    def __init__(
        self,
        store: Store,
        library: Library,
        today: Callable[[], date],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        address: str | None = None,
    ) -> None:
        self.store, self.library, self.today, self.now = store, library, today, now
        self.handing = HandingOn(store, library, today, now, address)
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="turn")
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, visitor: str, message: Message, *, update: str | None = None) -> Reply | None:
        """One message in, its reply out, kept before it is returned."""
        lock = self._locks.setdefault(visitor, asyncio.Lock())
        async with lock:
            with metrics.turn_seconds.time():
                reply = await self._off_the_loop(self._turn, visitor, _writable(message), update)
        metrics.replies.labels(visitor.partition(":")[0], reply.status if reply else "none").inc()
        return reply

    async def open(self, door: str) -> str:
        """A new visitor of a door, under a name nobody can guess: `api:…`."""
        visitor = f"{door}:{secrets.token_urlsafe(24)}"
        await self._off_the_loop(self.store.open, visitor, self.now())
        return visitor

    async def knows(self, visitor: str) -> bool:
        """Whether the visitor was opened or has said something."""
        return await self._off_the_loop(self.store.knows, visitor)

    async def transcript(self, visitor: str, last: int = 50) -> list[Exchange]:
        """The last exchanges, oldest first."""
        return await self._off_the_loop(self.store.transcript, visitor, last)

    async def exchange(self, visitor: str, update: str) -> Exchange | None:
        """What was said on an update, if it was taken."""
        return await self._off_the_loop(self.store.exchange, visitor, update)

    async def rate(self, visitor: str, update: str, useful: bool) -> bool:
        """Keep the visitor's word on the reply to an update; False if there is no such reply."""
        return await self._off_the_loop(self.store.rate, visitor, update, useful, self.now())

    async def sent(self, visitor: str, update: str) -> None:
        """The reply to this update has reached the visitor."""
        await self._off_the_loop(self.store.mark_sent, visitor, update, self.now())

    async def unsent(self, door: str) -> list[Exchange]:
        """A door's replies that were committed and never marked as sent, oldest first."""
        return await self._off_the_loop(self.store.unsent, door)

    async def off_the_loop(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A blocking call (of `handing`, say) on one of the conductor's threads."""
        return await self._off_the_loop(call, *args, **kwargs)

    async def check(self) -> None:
        """Raise `bot.store.StoreFault` unless the store can be written."""
        await self._off_the_loop(self.store.check)

    def close(self) -> None:
        """End the turns that run, then let go of the store."""
        self._threads.shutdown(wait=True)
        self.store.close()

    async def _off_the_loop(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: call(*args, **kwargs))

    def _turn(self, visitor: str, message: Message, update: str | None) -> Reply | None:
        """Respond to the conversation as it stands; again from the start where another worker was faster."""
        while True:
            earlier = self.store.exchange(visitor, update) if update is not None else None
            if earlier is not None:
                return None if earlier.sent else earlier.reply
            held = self.store.load(visitor)
            try:
                return self._respond(held, visitor, message, update)
            except (Stale, Repeated):
                continue

    def _respond(self, held: Held, visitor: str, message: Message, update: str | None) -> Reply:
        before = held.conversation or start(self.library)
        heard = self.handing.hear(visitor, before, message)
        turn = heard.turn if heard else respond(before, message, library=self.library, today=self.today())
        exchange = Exchange(visitor, update, self.now(), message, heard.kept if heard else turn.reply)
        self.store.commit(held, exchange, turn.conversation, turn.effects)
        return turn.reply


def _writable(message: Message) -> Message:
    """The message without halves of characters, which JSON can carry and no database keeps."""

    def whole(words: str) -> str:
        return words.encode("utf-8", "replace").decode()

    return Text(whole(message.text)) if isinstance(message, Text) else Choice(whole(message.value))
