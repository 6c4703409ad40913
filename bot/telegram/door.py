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
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.conductor import Conductor
from bot.telegram.drawing import Drawn, drawn
from bot.telegram.hearing import Address, Heard, hear
from bot.telegram.sending import FIRST_PAUSE_S, LONGEST_PAUSE_S, GaveUp, Gone, Refused, Sender
from bot.telegram.words import words
from dialogs.messages import Reply

POLL_S, ANSWER_S, REMEMBERED, GOODBYE_S, TAKES = 50, 20.0, 10_000, 5.0, 5
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]

log = logging.getLogger("policydesk.telegram")


class TelegramFault(Exception):
    """Telegram can't be used; the text is one Chinese sentence for the operator."""


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
        self.bot = Bot(token, base_url=f"{api}/bot", request=_requests(), get_updates_request=_requests())
        self._met: OrderedDict[str, None] = OrderedDict()
        self._lines: dict[int, deque[Parcel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.sender = Sender(self.bot)

    async def check(self) -> None:
        """Raise TelegramFault unless the token is good, the API can be reached and no webhook stands in the way."""
        await asked(self.bot.initialize, self.api)
        webhook = await asked(self.bot.get_webhook_info, self.api)
        if webhook.url:
            raise TelegramFault(
                "Telegram那边还挂着一个webhook，长轮询收不到消息：要改用长轮询，请先运行 policydesk telegram --setup。"
            )

    async def run(self) -> None:
        """Serve until cancelled; raises TelegramFault for a token that is refused, waits out everything else."""
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
                return await self.check()
            except TelegramFault as fault:
                if isinstance(fault.__cause__, InvalidToken):
                    raise
                log.warning("%s", fault)
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
                raise _fault(error, self.api) from error
            except TelegramError as error:
                log.warning("%s", _fault(error, self.api))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
                continue
            pause = FIRST_PAUSE_S
            await asyncio.gather(*(self._take(update) for update in updates))
            offset = max((update.update_id + 1 for update in updates), default=offset)

    async def _take(self, update: Update) -> None:
        heard = hear(update, self.bot.bot, words(), self.conductor.library.guide.id)
        if heard is None or not self._is_new(heard):
            return
        if heard.callback:
            self._begin(self.sender.stop_the_clock(heard.callback))
        reply = await self._taken(heard)
        if reply is not None:
            self._post(heard.visitor, heard.update, reply, heard.before)

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
        parcel = Parcel(visitor, update, drawn(reply, words(), before=sentence))
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


def _requests() -> HTTPXRequest:
    """Patient enough that an answer that is only slow is not taken for lost, and the message sent again."""
    return HTTPXRequest(read_timeout=ANSWER_S, connect_timeout=ANSWER_S)


async def asked(call: Callable[[], Coroutine[Any, Any, Any]], api: str) -> Any:
    """Make a call; a fault becomes the operator's sentence, its cause kept."""
    try:
        return await call()
    except TelegramError as error:
        raise _fault(error, api) from error


def _fault(error: TelegramError, api: str) -> TelegramFault:
    """Never the error's own words: they may hold the token."""
    if isinstance(error, InvalidToken):
        return TelegramFault("Telegram不认这个token，请核对 POLICYDESK_TELEGRAM_TOKEN 是否与BotFather给的一致。")
    if isinstance(error, Conflict):
        return TelegramFault("另有一处在用同一个token接收Telegram消息（或挂着webhook），请只留一处。")
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return TelegramFault(f"连不上Telegram接口 {api}，请检查网络，或用 POLICYDESK_TELEGRAM_API 指定可用的地址。")
    return TelegramFault(f"Telegram接口没有照办（{type(error).__name__}），稍后会再试。")
