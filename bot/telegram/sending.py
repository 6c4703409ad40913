"""Sending, whatever Telegram says: wait where it asks us to, try again where it is away, say it plainly where it minds.

    429                     wait as long as it says, then again
    5xx, timeout, cut off   again, each time after twice the pause
    400                     the same words without styles, then without buttons
    403, chat not found     Gone: nobody reads it
    the group has moved     again, to where it went

What could not be sent after TRIES stays in the outbox and is tried again at the next start (GaveUp).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.telegram.drawing import CardMessage, Drawn, TextMessage
from bot.telegram.hearing import Address

TRIES, FIRST_PAUSE_S, LONGEST_PAUSE_S, IN_FLIGHT = 12, 0.5, 60.0, 8
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# The library's way to be asked for seconds as a timedelta, which it is going to return anyway.
os.environ.setdefault("PTB_TIMEDELTA", "true")

Send = Callable[[int], Awaitable[Any]]


class Gone(Exception):
    """The person has blocked the bot, or the chat is no more."""


class Refused(Exception):
    """Telegram does not take the message in any form."""


class GaveUp(Exception):
    """Telegram was away for too long; the text is the last fault's kind."""


class Sender:
    """Sends one bot's messages, a few at a time; who waits for a better moment holds nobody up."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)

    async def send(self, where: Address, message: Drawn) -> None:
        """One message, once; raises Gone, Refused or GaveUp."""
        for attempt in self._attempts(where, message):
            try:
                await self.patiently(attempt, where.chat)
                return
            except BadRequest as error:
                if "chat not found" in error.message.lower():
                    raise Gone from None
        raise Refused

    async def stop_the_clock(self, callback: str) -> None:
        """Answer a tap; one that is too old for that still gets its reply."""
        with contextlib.suppress(BadRequest, Gone, GaveUp):
            await self.patiently(lambda _: self._bot.answer_callback_query(callback))

    def _attempts(self, where: Address, message: Drawn) -> list[Send]:
        """The ways to say it, best first; each next one is for when Telegram minds the form of the one before."""
        answers = ReplyParameters(where.answers, allow_sending_without_reply=True) if where.answers else None

        def text(said: TextMessage) -> Send:
            return lambda chat: self._bot.send_message(
                chat, said.text, entities=said.entities or None, reply_markup=said.keyboard,
                reply_parameters=answers, link_preview_options=NO_PREVIEW,
            )  # fmt: skip

        def card(person: CardMessage) -> Send:
            return lambda chat: self._bot.send_contact(
                chat, person.phone, person.name, last_name=person.office or None, vcard=person.vcard or None
            )

        if isinstance(message, CardMessage):
            return [card(message), text(TextMessage(message.line))]
        return [text(message), text(TextMessage(message.text, (), message.keyboard)), text(TextMessage(message.text))]

    async def patiently(self, call: Send, chat: int = 0) -> None:
        """Make a call until it is done; raises what waiting can't mend: BadRequest, Gone, InvalidToken, GaveUp."""
        pause, last = FIRST_PAUSE_S, ""
        for _ in range(TRIES):
            try:
                async with self._in_flight:
                    await call(chat)
                return
            except RetryAfter as told:
                await asyncio.sleep(_seconds(told))
            except ChatMigrated as moved:
                chat = moved.new_chat_id
            except (BadRequest, InvalidToken):
                raise
            except Forbidden:
                raise Gone from None
            except NetworkError as error:
                last = type(error).__name__
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
        raise GaveUp(last)


def _seconds(told: RetryAfter) -> float:
    after = told.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
