"""What a door calls: a message in, kept; the turn, kept whole; the reply, for the door to show or to send.

    conductor = Conductor(store, library, today)            # today: () → date, asked at every turn
                                                            # knowledge: the folder of its guide, where it isn't ours
    async with conductor.at_work():                         # beside the doors: what other workers left is taken up
        reply = await conductor.take("web:123", Text("流片最多补多少"), update="8841")

A visitor is named by its door: `web:<id>`, `api:<id>`, `tg:<chat>`. Two kinds of door:

*One whose visitor waits for the reply* (web, API) calls `take`: accept, advance, the reply. The same `update` moves the
conversation once; again, it returns the reply that was kept; None where a person has the conversation.

*One that sends by itself* (Telegram) says once what carries its parcels (`carries("tg", post)`), and then

    new = await conductor.accept([Update(...), ...])        # kept: now the update may be confirmed
    await conductor.advance(visitor)                        # everything of theirs that waits is taken, in order

Replies come to `post(parcel)` after their commit, when the line is ours; who carries it calls `posted` and gets the
next. What holds, whichever worker does it, stands on top of `store.py`. Nothing of the store waits on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from weakref import WeakValueDictionary

from bot import metrics
from bot.carrying import Carrier
from bot.erasing import Erasing
from bot.handing_on import HandingOn
from bot.listening import Listening
from bot.looking_back import LookingBack
from bot.newest import newest
from bot.off_the_loop import on_the_loop
from bot.store import SENDING, Away, Exchange, Held, Repeated, Stale, Store, Update
from bot.ticketing import Ticketing
from dialogs.handover import is_for_a_ticket
from dialogs.library import Library
from dialogs.messages import Choice, Message, Reply
from dialogs.turn import Turn, respond, start

SWEEP_S, ABANDONED_S = 0.5, 15.0
"""How often we look for what was left lying; how long an update waits until we believe it was."""

FLOOD, FLOOD_S, CROWD = 40, 60.0, 200
"""More messages of one visitor than so many in so many seconds are slowed; more than `CROWD` waiting are let pass."""

ELSEWHERE_S, PATIENCE_S = 0.02, 30.0
"""How often, and how long, we look for a reply that another worker is making."""

FAILED = "刚才没能处理您的话，请过一会儿再说一次。"

log = logging.getLogger("policydesk")


class Conductor(Carrier, Listening, LookingBack):
    """Takes messages from every door of one process."""

    def __init__(
        self,
        store: Store,
        library: Library,
        today: Callable[[], date],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        address: str | None = None,
        knowledge: Path | None = None,
    ) -> None:
        super().__init__(store, now)
        self.library, self.today, self.knowledge = library, today, knowledge
        self.handing = HandingOn(store, lambda: self.library, today, now, address)
        self.erasing = Erasing(store, lambda: self.library, now)
        self.tickets = Ticketing(store, lambda: self.library, today, now)
        self._thinker = ThreadPoolExecutor(1, thread_name_prefix="turn")
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._entrances: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._behind: set[str] = set()
        self._slowed: set[str] = set()
        self.mails = False
        self.bot = ""

    # --- in ----------------------------------------------------------------------------------------------------------

    async def take(self, visitor: str, message: Message, *, update: str | None = None) -> Reply | None:
        """One message in, its reply out, kept before it is returned."""
        name = update or secrets.token_urlsafe(9)
        async with self._entrances.setdefault(visitor, asyncio.Lock()):  # threads don't keep the order of the calls
            await self.accept([Update(visitor, name, self.now(), message)])
        await self.advance(visitor)
        async with asyncio.timeout(PATIENCE_S):
            while (exchange := await self.exchange(visitor, name)) is None:
                await asyncio.sleep(ELSEWHERE_S)
        return self._said_once.pop((visitor, name), exchange.reply)

    async def accept(self, updates: Sequence[Update]) -> list[bool]:
        """Keep updates, all or none; False for each that was kept before or is one too many of a flood."""
        let_in = [one for one in updates if is_for_a_ticket(one.message) or not await self._floods(one.visitor)]
        writable = [replace(update, message=_writable(update.message)) for update in let_in]
        new = await on_the_loop(self.store.soon_lasting(self.store.accept, writable)) if writable else []
        kept = {id(update) for update, is_new in zip(let_in, new, strict=True) if is_new}
        return [id(update) in kept for update in updates]

    async def advance(self, visitor: str) -> None:
        """Take everything of a visitor that waits, in order; what can't be taken now is taken up by the sweep."""
        lock = self._locks.setdefault(visitor, asyncio.Lock())
        async with lock:
            try:
                while await self._step(visitor):
                    pass
            except Away:
                self._behind.add(visitor)
                raise

    async def _step(self, visitor: str) -> bool:
        """Take the visitor's oldest update; whether to look for another."""
        with metrics.turn_seconds.time():
            made = await on_the_loop(self._thinker.submit(self._make, visitor))
            if made is None:
                self._slowed.discard(visitor)
                return False
            update, held, turn, kept, more = made
            if held.revision >= FLOOD and visitor.startswith(SENDING) and not is_for_a_ticket(update.message):
                paced = await self._paced(update)
                if paced is None:
                    return False
                update = paced
            exchange = Exchange(visitor, update.update, self.now(), update.message, kept, manner=update.manner)
            claim = self._can_carry(visitor)
            try:
                parcel = await on_the_loop(
                    self.store.soon(self.store.commit, held, exchange, turn.conversation, turn.effects, claim=claim)
                )
            except (Stale, Repeated):
                return True
        if turn.reply is not None and kept != turn.reply:
            self._said_once[visitor, update.update] = turn.reply
        metrics.replies.labels(visitor.partition(":")[0], turn.reply.status if turn.reply else "none").inc()
        if parcel is not None:
            self._post(parcel)
        return more

    def _make(self, visitor: str) -> tuple[Update, Held, Turn, Reply | None, bool] | None:
        """The turn that the visitor's oldest update makes, its reply as it is kept, and whether more updates wait."""
        found = self.store.waiting(visitor)
        if found is None:
            return None
        update, held, more = found
        turn, kept = self._turn(held, update)
        return update, held, turn, kept, more

    def _turn(self, held: Held, update: Update) -> tuple[Turn, Reply | None]:
        """The turn, and its reply as it is kept; what breaks us gets a sentence, or it would be taken for ever."""
        before = held.conversation or start(self.library)
        try:
            heard = self.erasing.hear(update.visitor, before, update.message)
            if heard is None and (before.speaker == "assistant" or update.visitor.startswith("phone:")):
                heard = self.handing.hear(update.visitor, before, update.message)
                heard = heard and heard.with_ticket(before.ticket)
            if heard is not None:
                return heard.turn, heard.kept
            turn = respond(before, update.message, library=self.library, today=self.today())
            turn = self.tickets.completed(update.visitor, turn)
            return turn, turn.reply
        except Away:
            raise
        except Exception as error:
            log.error("一条消息没能处理（%s）。", type(error).__name__)
            failed = None if is_for_a_ticket(update.message) else Reply("notice", FAILED)
            return Turn(before, failed), failed

    # --- a flood -----------------------------------------------------------------------------------------------------

    async def _floods(self, visitor: str) -> bool:
        if visitor not in self._slowed or await self.off_the_loop(self.store.crowd, visitor) < CROWD:
            return False
        log.warning("一位来访者发得太快，多出的消息不再接收。")
        return True

    async def _paced(self, update: Update) -> Update | None:
        """The update, with the kind sentence where a flood begins; None where it is to wait."""
        paces = await self.off_the_loop(self.store.paces, update.visitor, FLOOD)
        free = paces[-1][0] + timedelta(seconds=FLOOD_S)
        wait = (free - self.now()).total_seconds()
        if len(paces) < FLOOD or wait <= 0:
            return update
        self._slowed.add(update.visitor)
        if all(manner != "flood" for _, manner in paces):
            return replace(update, manner="flood")
        asyncio.get_running_loop().call_later(wait, self.begin, update.visitor)
        return None

    def begin(self, visitor: str) -> None:
        """Advance a visitor without waiting for it."""
        self._spawn(self._advance_quietly(visitor))

    async def _advance_quietly(self, visitor: str) -> None:
        try:
            await self.advance(visitor)
        except Exception as error:
            log.error("一位来访者的消息这会儿没能处理，会再试（%s）。", type(error).__name__)

    # --- what was left lying -----------------------------------------------------------------------------------------

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """As long as its context: take up what dead workers left and what is due; tell listeners of other workers."""
        self.library.finder.bank.hasten()
        ended = threading.Event()
        loop = asyncio.get_running_loop()
        watching = threading.Thread(target=self._watch, args=(ended, loop), name="watch", daemon=True)
        watching.start()
        sweeping = asyncio.create_task(self._sweep_for_ever())
        try:
            async with newest(self):
                yield
        finally:
            ended.set()
            sweeping.cancel()
            await asyncio.wait([sweeping])
            await asyncio.to_thread(watching.join)
            while self._tasks:
                await asyncio.wait(self._tasks)

    async def _sweep_for_ever(self) -> None:
        everything = True
        while True:
            try:
                everything = await self._sweep(everything)
            except Exception as error:
                log.error("检查遗留消息时出错，会再试（%s）。", type(error).__name__)
            await asyncio.sleep(SWEEP_S)

    async def _sweep(self, everything: bool) -> bool:
        """One look; whether the next one is to take up all that waits."""
        found_dead = await self.off_the_loop(self.store.bury)
        now = self.now()
        everything = everything or found_dead
        before = now if everything else now - timedelta(seconds=ABANDONED_S)
        behind, self._behind = self._behind, set()
        ripe = await self.off_the_loop(self.store.ripen, now)
        for visitor in {*behind, *ripe, *await self.off_the_loop(self.store.left, before)}:
            self.begin(visitor)
        self._look_for_lines()
        return False

    def _tell(self, visitors: frozenset[str]) -> None:
        self._look_for_lines()
        super()._tell(visitors)

    def close(self) -> None:
        """End the turns that run, then let go of the store."""
        self._thinker.shutdown(wait=True)
        self._waiters.shutdown(wait=True)
        self.store.close()


def _writable(message: Message) -> Message:
    """The message without halves of characters, which JSON can carry and no database keeps."""

    def whole(words: str) -> str:
        return words.encode("utf-8", "replace").decode()

    if isinstance(message, Choice):
        return Choice(whole(message.value))
    return replace(message, text=whole(message.text))
