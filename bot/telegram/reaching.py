"""Getting at Telegram: the bot's connection, and a fault of it as the operator's sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

ANSWER_S, GLANCE_S = 20.0, 5.0
"""Seconds to wait: for an answer, so long that a slow one isn't taken for lost and sent again; for a short look."""


# They would write down what nobody is to read: addresses with the token, updates with what was said.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


class TelegramFault(Exception):
    """Telegram can't be used; the text is one Chinese sentence for the operator."""


class BadToken(TelegramFault):
    """The token is refused; nothing but another one helps."""


def connect(token: str, api: str, wait: float = ANSWER_S) -> Bot:
    """A bot on a base URL (without `/bot`); nothing is sent yet."""

    def request() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=wait, connect_timeout=wait)

    return Bot(token, base_url=f"{api}/bot", request=request(), get_updates_request=request())


async def check(bot: Bot, api: str, *, webhook: bool = False) -> None:
    """Raise TelegramFault unless the token is good, the API can be reached and, to poll, no webhook is in the way."""
    await asked(bot.initialize, api)
    if webhook:
        return
    standing = await asked(bot.get_webhook_info, api)
    if standing.url:
        raise TelegramFault(
            "Telegram那边还挂着一个webhook，长轮询收不到消息：要改用长轮询，请先运行 policydesk telegram --setup。"
        )


async def asked(call: Callable[[], Coroutine[Any, Any, Any]], api: str) -> Any:
    """Make a call; what goes wrong becomes a TelegramFault."""
    try:
        return await call()
    except TelegramError as error:
        raise fault(error, api) from None


def fault(error: TelegramError, api: str) -> TelegramFault:
    """The sentence; never the error's own words, which may hold the token."""
    if isinstance(error, InvalidToken):
        return BadToken("Telegram不认这个token，请核对 POLICYDESK_TELEGRAM_TOKEN 是否与BotFather给的一致。")
    if isinstance(error, Conflict):
        return TelegramFault("另有一处在用同一个token接收Telegram消息（或挂着webhook），请只留一处。")
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return TelegramFault(f"连不上Telegram接口 {api}，请检查网络，或用 POLICYDESK_TELEGRAM_API 指定可用的地址。")
    return TelegramFault(f"Telegram接口没有照办（{type(error).__name__}），请稍后再试。")
