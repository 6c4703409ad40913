"""The door: updates in, replies out, each once, whichever worker it is that has them.

1. Updates are heard and kept by the conductor, all or none; only then are they confirmed to Telegram (a poll's offset,
   a webhook's 200). What comes again is known there.
2. Turns are taken behind that; their replies come back as parcels of lines that are ours, and are sent one chat in
   order, different chats side by side. How far a parcel has gone is noted after each of its messages.
3. Nothing that was said and nobody's id is logged.
4. What is said in the officers' group is `staff_hearing.py`'s, what is posted there is a parcel too, drawn by
   `staff_drawing.py`; no other group is treated like it.

How updates come is `polling.py` or `webhook.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

from telegram import Update
from telegram.error import InvalidToken

from bot.conductor import Conductor
from bot.store import DESK, Away, Parcel
from bot.telegram.drawing import PAPER, Drawn, drawn
from bot.telegram.hearing import Address, Heard, hear
from bot.telegram.paper import printed
from bot.telegram.reaching import ANSWER_S, connect
from bot.telegram.sending import FIRST_PAUSE_S, LONGEST_PAUSE_S, GaveUp, Gone, NoThread, Refused, Sender
from bot.telegram.staff_drawing import StaffNotices
from bot.telegram.staff_hearing import StaffHearing
from bot.telegram.wire import Wire
from bot.telegram.words import words

GROUP_GONE = "值守群里发不了通知：机器人被移出了群，或值守员停用了它。"
GOODBYE_S, LONGEST_PUT_OFF_S = 5.0, 3600.0
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]

log = logging.getLogger("policydesk.telegram")


class TelegramDoor:
    """One bot over one conductor; `api` is the base URL without `/bot`."""

    def __init__(self, conductor: Conductor, token: str, api: str) -> None:
        self.conductor, self.api = conductor, api
        self.bot = connect(token, api)
        self._wire = Wire(token, api, ANSWER_S)
        self._sender = Sender(self._wire)
        self._staff, self._notices = StaffHearing(conductor), StaffNotices(conductor, self._sender)
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """From now on this process sends: what it takes, and what was left."""
        self._staff.username = self.conductor.bot = self.bot.username
        self.conductor.carries("tg", lambda parcel: self._begin(self._carry(parcel)))

    async def close(self) -> None:
        """What is on the way is sent; the rest is another's."""
        self.conductor.carries("tg", None)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GOODBYE_S)
        for task in self._tasks:
            task.cancel()
        await self._wire.close()
        await self.bot.shutdown()

    async def take_in(self, updates: Sequence[Update]) -> int:
        """Keep what is said to us in updates, and begin their turns; how many were new. Raises `bot.store.Away`."""
        others = [update for update in updates if not await self._staff.took(update)]
        new = await self.take(one for one in map(self._heard, others) if one is not None)
        return new + len(updates) - len(others)

    async def take(self, said: Iterable[Heard]) -> int:
        """The same for what has been heard of visitors."""
        heard = list(said)
        new = await self.conductor.accept([one.update for one in heard])
        fresh = [one for one, is_new in zip(heard, new, strict=True) if is_new]
        for callback in filter(None, (one.callback for one in fresh)):
            self._begin(self._sender.stop_the_clock(callback))
        for visitor in dict.fromkeys(one.update.visitor for one in fresh):
            self.conductor.begin(visitor)
        return len(fresh)

    def _heard(self, update: Update) -> Heard | None:
        """What was said; an update that breaks us is passed over, or Telegram would give it again for ever."""
        try:
            now = self.conductor.now()
            return hear(update, self.bot.bot, words(), self.conductor.library.guide.id, now)
        except Exception as error:
            log.error("一条Telegram消息读不懂，已略过（%s）。", type(error).__name__)
            return None

    # --- out ---------------------------------------------------------------------------------------------------------

    async def _carry(self, parcel: Parcel) -> None:
        """A line's parcels, one after the other, as long as it is ours."""
        following: Parcel | None = parcel
        while following is not None:
            following = await self._send(following)

    async def _send(self, parcel: Parcel) -> Parcel | None:
        """A parcel from where it stopped; the next one of its line."""
        notice = parcel.visitor.startswith(f"{DESK}:")
        try:
            messages = await (self._notices.drawn(parcel) if notice else self._drawn(parcel))
            for number, (where, message) in enumerate(messages[parcel.parts :], parcel.parts + 1):
                await self._sender.send(where, message)
                if number < len(messages):
                    await self.conductor.part_sent(parcel, number)
        except Gone:
            await self.conductor.retire(parcel)
            log.info(GROUP_GONE if notice else "一位来访者停用了机器人，给这个会话的答复不再发。")
            return None
        except Refused as refused:
            if notice and isinstance(refused, NoThread) and await self._notices.lost_thread(parcel):
                await self.conductor.put_off(parcel, 0)
                return None
            log.error("Telegram不收这条答复，已放弃。")
            return await self.conductor.posted(parcel, "refused")
        except Away as away:
            log.error("数据这会儿读不出来（%s），这条答复过一会儿再发。", type(away).__name__)
            await self.conductor.put_off(parcel, _put_off(FIRST_PAUSE_S, parcel))
            return None
        except (GaveUp, InvalidToken) as error:
            log.error("Telegram一直发不出去（%s），这条答复过一会儿再发。", error)
            await self.conductor.put_off(parcel, _put_off(LONGEST_PAUSE_S, parcel))
            return None
        except Exception as error:
            if not notice:
                raise
            log.error("值守群里的一条通知没能做成，已略过（%s）。", type(error).__name__)
            return await self.conductor.posted(parcel, "refused")
        return await self.conductor.posted(parcel)

    async def _drawn(self, parcel: Parcel) -> list[tuple[Address, Drawn]]:
        """A reply's messages, and where they go."""
        where = Address.of(parcel.visitor, parcel.update)
        before = words().before(parcel.manner)
        messages: list[Drawn] = [*drawn(parcel.reply, words(), self.conductor.library, before=before)]
        messages += await self._paper(parcel) if parcel.manner == PAPER else []
        return [(where, message) for message in messages]

    async def _paper(self, parcel: Parcel) -> list[Drawn]:
        """The document that was tapped for; what can't be made is left out, and reported."""
        try:
            paper = await self.conductor.off_the_loop(printed, parcel.visitor, self.conductor)
        except Away:
            raise
        except Exception as error:
            log.error("一份体检单没能做成文件（%s）。", type(error).__name__)
            return []
        return [paper] if paper else []

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _put_off(first: float, parcel: Parcel) -> float:
    """Seconds until a parcel is tried again: twice as long after every time."""
    return min(first * 2.0**parcel.tries, LONGEST_PUT_OFF_S)
