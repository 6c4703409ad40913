"""The door: updates in, replies out, each once.

1. A poll's updates are handed to the conductor in their order; the poll is confirmed to Telegram only when all of them
   are committed. A process that dies before gets them again, and the conductor knows which it has taken.
2. A reply is sent after its commit, by its chat's own line: one chat in order, different chats side by side. Sent, it
   is marked; what was committed and not marked is sent at the next start.
3. One update that comes twice while its reply is on the way is told by `_met`.
4. Nothing that was said and nobody's id is logged.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.error import InvalidToken, TelegramError

from bot.conductor import Conductor
from bot.telegram.drawing import Drawn, drawn
from bot.telegram.hearing import Address, Heard, hear
from bot.telegram.reaching import BadToken, TelegramFault, check, connect, fault
from bot.telegram.sending import FIRST_PAUSE_S, LONGEST_PAUSE_S, GaveUp, Gone, Refused, Sender
from bot.telegram.words import words
from dialogs.messages import Reply

POLL_S, REMEMBERED, GOODBYE_S, TAKES = 50, 10_000, 5.0, 5
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]

log = logging.getLogger("policydesk.telegram")


@dataclass(frozen=True)
class Parcel:
    """A reply on its way: whose, to which update, as which messages."""

    visitor: str
    update: str
    messages: list[Drawn]


class TelegramDoor:
    """One bot over one conductor; `api` is the base URL without `/bot`."""

    def __init__(self, conductor: Conductor, token: str, api: str) -> None:
        self.conductor, self.api = conductor, api
        self.bot = connect(token, api)
        self._met: OrderedDict[str, None] = OrderedDict()
        self._lines: dict[int, deque[Parcel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.sender = Sender(self.bot)

    async def run(self) -> None:
        """Serve until cancelled; raises BadToken where the token is refused, waits out everything else."""
        try:
            await self._come_in()
            await self._send_what_was_left()
            await self._listen()
        finally:
            await self._leave()

    async def _come_in(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                return await check(self.bot, self.api)
            except BadToken:
                raise
            except TelegramFault as away:
                log.warning("%s", away)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _leave(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GOODBYE_S)
        for task in self._tasks:
            task.cancel()
        await self.bot.shutdown()

    # --- in ----------------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        offset, pause = 0, FIRST_PAUSE_S
        while True:
            try:
                updates = await self.bot.get_updates(offset, timeout=POLL_S, allowed_updates=KINDS)
            except InvalidToken as error:
                raise fault(error, self.api) from None
            except TelegramError as error:
                log.warning("%s", fault(error, self.api))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
                continue
            pause = FIRST_PAUSE_S
            await asyncio.gather(*(self._take(update) for update in updates))
            offset = max((update.update_id + 1 for update in updates), default=offset)

    async def _take(self, update: Update) -> None:
        heard = self._heard(update)
        if heard is None or not self._is_new(heard):
            return
        if heard.callback:
            self._begin(self.sender.stop_the_clock(heard.callback))
        reply = await self._taken(heard)
        if reply is not None:
            self._post(heard.visitor, heard.update, reply, heard.before)

    def _heard(self, update: Update) -> Heard | None:
        """What was said; an update that breaks us is passed over, or Telegram would give it again for ever."""
        try:
            return hear(update, self.bot.bot, words(), self.conductor.library.guide.id)
        except Exception as error:
            log.error("一条Telegram消息读不懂，已略过（%s）。", type(error).__name__)
            return None

    async def _taken(self, heard: Heard) -> Reply | None:
        """The conductor's reply. A store that is away is waited for; not for ever, as others wait behind this poll."""
        pause = FIRST_PAUSE_S
        for _ in range(TAKES):
            try:
                return await self.conductor.take(heard.visitor, heard.message, update=heard.update)
            except Exception as error:  # whatever it is, the visitor is told and the door stays open
                log.error("一条Telegram消息没能处理（%s）。", type(error).__name__)
                await asyncio.sleep(pause)
                pause *= 2
        return Reply("notice", words().failed)

    def _is_new(self, heard: Heard) -> bool:
        """Whether neither the update nor the album that it belongs to has been met."""
        names = [f"{heard.visitor} {name}" for name in (heard.update, heard.album) if name]
        new = not any(name in self._met for name in names)
        self._met.update(dict.fromkeys(names))
        while len(self._met) > REMEMBERED:
            self._met.popitem(last=False)
        return new

    # --- out ---------------------------------------------------------------------------------------------------------

    async def _send_what_was_left(self) -> None:
        for left in await self.conductor.unsent("tg"):
            if left.reply is not None and left.update is not None:
                self._met[f"{left.visitor} {left.update}"] = None
                self._post(left.visitor, left.update, left.reply, "")

    def _post(self, visitor: str, update: str, reply: Reply, before: str) -> None:
        """Put a reply on its chat's line."""
        sentence = getattr(words(), before) if before else ""
        parcel = Parcel(visitor, update, drawn(reply, words(), self.conductor.library, before=sentence))
        chat = Address.of(visitor, update).chat
        if chat in self._lines:
            self._lines[chat].append(parcel)
            return
        self._lines[chat] = deque([parcel])
        self._begin(self._send_line(chat))

    async def _send_line(self, chat: int) -> None:
        line = self._lines[chat]
        try:
            while line:
                await self._send_parcel(line[0])
                line.popleft()
        finally:
            del self._lines[chat]

    async def _send_parcel(self, parcel: Parcel) -> None:
        """A whole reply; it is marked as sent unless there is sense in trying again later."""
        where = Address.of(parcel.visitor, parcel.update)
        try:
            for message in parcel.messages:
                await self.sender.send(where, message)
        except Gone:
            log.info("一位来访者停用了机器人，这条回复不再发。")
        except Refused:
            log.error("Telegram不收这条回复，已放弃。")
        except (GaveUp, InvalidToken) as error:
            log.error("Telegram一直发不出去（%s），这条回复留到下次启动再发。", type(error).__name__)
            return
        await self.conductor.sent(parcel.visitor, parcel.update)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
