"""Sending, whatever Telegram says: wait where it asks us to, try again where it is away, say it plainly where it minds.

    429                     wait as long as it says, then again; asked of several chats at once, all wait
    5xx, timeout, cut off   again, each time after twice the pause
    400                     the same words without styles, then without buttons
    403, chat not found     Gone: nobody reads it
    the group has moved     again, to where it went

What could not be sent after TRIES is put off (GaveUp).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.telegram.drawing import CardMessage, DocumentMessage, Drawn, TextMessage, ThreadAct
from bot.telegram.hearing import Address
from bot.telegram.wire import Wire

TRIES, FIRST_PAUSE_S, LONGEST_PAUSE_S, IN_FLIGHT = 12, 0.5, 60.0, 8
SEVERAL = 3
"""So many chats that are asked to wait at the same time mean that we send too much altogether."""

# The library's way to be asked for seconds as a timedelta, which it is going to return anyway.
os.environ.setdefault("PTB_TIMEDELTA", "true")

log = logging.getLogger("policydesk.telegram")

Send = Callable[[int], Awaitable[Any]]


class Gone(Exception):
    """The person has blocked the bot, or the chat is no more."""


class Refused(Exception):
    """Telegram does not take the message in any form."""


class NoThread(Refused):
    """The topic in which it was to stand is no more."""


class GaveUp(Exception):
    """Telegram was away for too long; the text is the last fault's kind."""


class Sender:
    """Sends one bot's messages, a few at a time; who waits for a better moment holds nobody up."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._waits: dict[int, float] = {}
        self._moved: dict[int, int] = {}

    async def send(self, where: Address, message: Drawn) -> None:
        """One message, once; raises Gone, Refused or GaveUp."""
        for number, attempt in enumerate(self._attempts(where, message)):
            try:
                await self.patiently(attempt, where.chat)
                if number:
                    log.warning("Telegram不收一条答复原来的样子，已改成更简单的样子发出。")
                return
            except BadRequest as error:
                if "chat not found" in error.message.lower():
                    raise Gone from None
                if "thread not found" in error.message.lower():
                    raise NoThread from None
        raise Refused

    async def do(self, chat: int, method: str, **params: Any) -> Any:
        """Another call for a chat; its result. Raises BadRequest, Gone, GaveUp or InvalidToken."""
        return await self.patiently(lambda to: self._wire.call(method, chat_id=to, **params), chat)

    async def call(self, method: str, **params: Any) -> Any:
        """A call for no chat; its result. Raises as `do`."""
        return await self.patiently(lambda _: self._wire.call(method, **params))

    async def stop_the_clock(self, callback: str) -> None:
        """Answer a tap; one that is too old for that still gets its reply."""
        with contextlib.suppress(BadRequest, Gone, GaveUp, InvalidToken):
            await self.patiently(lambda _: self._wire.call("answerCallbackQuery", callback_query_id=callback))

    def _attempts(self, where: Address, message: Drawn) -> list[Send]:
        """The ways to say it, best first; each next one is for when Telegram minds the form of the one before."""

        def text(said: TextMessage) -> Send:
            return lambda chat: self._wire.call(
                "sendMessage", chat_id=chat, text=said.text, message_thread_id=where.thread,
                entities=said.entities or None,
                reply_markup={"inline_keyboard": said.keyboard} if said.keyboard else None,
                reply_parameters=_answering(where), link_preview_options={"is_disabled": True},
            )  # fmt: skip

        def card(person: CardMessage) -> Send:
            return lambda chat: self._wire.call(
                "sendContact", chat_id=chat, phone_number=person.phone, first_name=person.name,
                last_name=person.office or None, vcard=person.vcard or None, message_thread_id=where.thread,
            )  # fmt: skip

        if isinstance(message, DocumentMessage):
            return [
                lambda chat: self._wire.call(
                    "sendDocument", {"document": message}, chat_id=chat, message_thread_id=where.thread
                )
            ]
        if isinstance(message, ThreadAct):
            act = message.method
            done: list[Send] = [lambda chat: self._wire.call(act, chat_id=chat, message_thread_id=where.thread)]
            return [*done, text(TextMessage(message.otherwise)) if message.otherwise else _nothing]
        if isinstance(message, CardMessage):
            return [card(message), text(TextMessage(message.line))]
        return [text(message), text(replace(message, entities=())), text(TextMessage(message.text))]

    async def patiently(self, call: Send, chat: int = 0) -> Any:
        """Make a call until it is done; its result.

        Raises what waiting can't mend: BadRequest, Gone, InvalidToken, GaveUp.
        """
        pause, last = FIRST_PAUSE_S, ""
        for _ in range(TRIES):
            await self._until_all_may()
            try:
                async with self._in_flight:
                    return await call(self._moved.get(chat, chat))
            except RetryAfter as told:
                await self._wait_as_told(chat, _seconds(told))
            except ChatMigrated as moved:
                self._moved[chat] = moved.new_chat_id
            except (BadRequest, InvalidToken):
                raise
            except Forbidden:
                raise Gone from None
            except NetworkError as error:
                last = error.message
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
        raise GaveUp(last)

    async def _wait_as_told(self, chat: int, seconds: float) -> None:
        self._waits[chat] = time.monotonic() + seconds
        await asyncio.sleep(seconds)
        self._waits.pop(chat, None)

    async def _until_all_may(self) -> None:
        """Where several chats are asked to wait, nothing is sent until the last of them may go on."""
        while len(self._waits) >= SEVERAL:
            await asyncio.sleep(max(0.01, max(self._waits.values()) - time.monotonic()))


async def _nothing(chat: int) -> None:
    """What is said in the place of an act that is done already, or isn't allowed."""


def _answering(where: Address) -> Mapping[str, Any] | None:
    return {"message_id": where.answers, "allow_sending_without_reply": True} if where.answers else None


def _seconds(told: RetryAfter) -> float:
    after = told.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
