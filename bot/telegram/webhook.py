"""Updates by webhook, inside the web application, on every worker.

The 200 is given when the inbox holds the update: Telegram gives it again otherwise, also to another worker. Whoever
does not know the secret, and whatever is no update, leaves nothing behind but a line in the log. The address is set
once, however many workers start: one of them does it, the others find it done.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telegram import Update

from bot.settings import Settings
from bot.store import Away
from bot.telegram.door import KINDS, TelegramDoor
from bot.telegram.glancing import glance
from bot.telegram.polling import come_in
from bot.telegram.reaching import TelegramFault, asked

PATH = "/telegram"
HEADER = "x-telegram-bot-api-secret-token"
TASK, MARK = "telegram-webhook", "telegram-webhook"
STAND_BY_S = 0.2

log = logging.getLogger("policydesk.telegram")


def address(settings: Settings) -> str:
    """Where Telegram is to send updates."""
    return f"{settings.public_url}{PATH}"


def secret(settings: Settings) -> str:
    """What Telegram has to know: as it was set, or made of the token, the same for every worker."""
    if settings.telegram_secret is not None:
        return settings.telegram_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    return hmac.new(token.encode(), b"policydesk webhook", hashlib.sha256).hexdigest()


class Webhook:
    """The route of one worker; before `serve` has begun it asks Telegram to come again."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._door: TelegramDoor | None = None

    async def serve(self, door: TelegramDoor, url: str) -> None:
        """Serve until cancelled; raises BadToken where the token is refused."""
        await come_in(door, webhook=True)
        door.open()
        self._door = door
        try:
            await set_once(door, url, self._secret.decode())
            await asyncio.Event().wait()
        finally:
            self._door = None

    async def receive(self, request: Request) -> Response:
        """One update."""
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self._secret):
            return _turned_away(403, "暗号不对")
        try:
            told = json.loads(await request.body())
            number = told["update_id"]
            if not isinstance(number, int):
                raise TypeError
        except (ValueError, TypeError, KeyError, RecursionError):
            return _turned_away(400, "不是Telegram的消息")
        if self._door is None:
            return Response(status_code=503)
        plain = glance(told, self._door.conductor.now())
        if plain is not None:
            return await _kept(self._door.take([plain]))
        try:
            update = Update.de_json(told, self._door.bot)
        except Exception:
            log.warning("一条Telegram消息读不懂，已略过。")
            return Response()
        return await _kept(self._door.take_in([update]))


async def _kept(taking: Coroutine[Any, Any, int]) -> Response:
    try:
        if not await taking:
            log.info("一条Telegram消息不是给我们的，或已经收过，已略过。")
    except Away as away:
        log.error("一条Telegram消息没能存下，请Telegram过一会儿再送（%s）。", away)
        return Response(status_code=503)
    return Response()


def _turned_away(status: int, why: str) -> Response:
    log.warning("有人往Telegram回调地址送来东西，%s，没有理会。", why)
    return Response(status_code=status)


async def set_once(door: TelegramDoor, url: str, secret: str) -> None:
    """See to it that Telegram sends to `url`; waits for a worker that is at it, tries again where Telegram is away."""
    while True:
        try:
            if await door.conductor.hold(TASK):
                try:
                    return await _set(door, url, secret)
                finally:
                    await door.conductor.let_go(TASK)
        except (TelegramFault, Away) as away:
            log.warning("%s", away)
        await asyncio.sleep(STAND_BY_S)


async def _set(door: TelegramDoor, url: str, secret: str) -> None:
    mark = hashlib.sha256(f"{url} {secret} {KINDS}".encode()).hexdigest()
    standing = (await asked(door.bot.get_webhook_info, door.api)).url
    if standing == url and await door.conductor.recall(MARK) == mark:
        return
    await asked(lambda: door.bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS), door.api)
    await door.conductor.remember(MARK, mark)
