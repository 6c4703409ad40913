"""`policydesk telegram`, `policydesk telegram --setup`, and the door that opens beside the web."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date

from telegram import Bot

from bot import memory
from bot.conductor import Conductor
from bot.settings import Settings
from bot.sqlite_store import SqliteStore
from bot.store import StoreFault
from bot.telegram import webhook
from bot.telegram.door import KINDS, TelegramDoor
from bot.telegram.polling import poll
from bot.telegram.reaching import GLANCE_S, TelegramFault, asked, check, connect
from bot.telegram.words import words
from dialogs.library import Library

FAULTS = (TelegramFault, StoreFault)
"""What these two raise for a fault of the operator's, as one Chinese sentence."""


def set_up(settings: Settings) -> None:
    """Check the token, register commands and descriptions, set the webhook where there is a public
    address, else take a stale one down; tells each on a line."""
    asyncio.run(_set_up(settings))


async def _set_up(settings: Settings) -> None:
    said, api = words(), settings.telegram_api
    bot = connect(_token(settings), api)
    try:
        await asked(bot.initialize, api)
        print(f"token有效，机器人是 @{bot.username}。")
        commands = [(name, command.description) for name, command in said.commands.items()]
        await asked(lambda: bot.set_my_commands(commands), api)
        print(f"已登记{len(commands)}条命令：" + "、".join(f"/{name} {does}" for name, does in commands) + "。")
        await asked(lambda: bot.set_my_description(said.description), api)
        await asked(lambda: bot.set_my_short_description(said.short_description), api)
        print("已登记简介。")
        await _set_up_webhook(bot, settings)
    finally:
        await bot.shutdown()


async def _set_up_webhook(bot: Bot, settings: Settings) -> None:
    api = settings.telegram_api
    if settings.public_url:
        url, known = webhook.address(settings), webhook.secret(settings)
        await asked(lambda: bot.set_webhook(url, secret_token=known, allowed_updates=KINDS), api)
        print(f"已登记webhook：{url}。")
        return
    stale = (await asked(bot.get_webhook_info, api)).url
    if stale:
        await asked(bot.delete_webhook, api)
    print("已撤下旧的webhook，改用长轮询。" if stale else "没有webhook，用长轮询。")


def hook(settings: Settings) -> webhook.Webhook | None:
    """The webhook's route, where there is an address that Telegram can reach."""
    if settings.telegram_token is None or not settings.public_url:
        return None
    return webhook.Webhook(webhook.secret(settings))


def beside(
    settings: Settings, route: webhook.Webhook | None
) -> Callable[[Conductor], AbstractAsyncContextManager[None]]:
    """The door beside the web: open as long as its context; what is wrong with Telegram never takes the web along."""

    @asynccontextmanager
    async def opened(conductor: Conductor) -> AsyncIterator[None]:
        door = TelegramDoor(conductor, _token(settings), settings.telegram_api)
        serving = asyncio.create_task(route.serve(door, webhook.address(settings)) if route else poll(door))
        serving.add_done_callback(_tell)
        try:
            yield
        finally:
            serving.cancel()
            await asyncio.wait([serving])
            await door.close()

    return opened


def _tell(ended: asyncio.Task[None]) -> None:
    fault = None if ended.cancelled() else ended.exception()
    if fault:
        said = str(fault) if isinstance(fault, TelegramFault) else f"Telegram服务出错停下了（{type(fault).__name__}）。"
        logging.getLogger("policydesk.telegram").error("%s", said)


def look_ahead(settings: Settings) -> None:
    """Before the web opens, a short look: TelegramFault for what is wrong, BadToken where waiting won't mend it."""

    async def look() -> None:
        bot = connect(_token(settings), settings.telegram_api, GLANCE_S)
        try:
            await check(bot, settings.telegram_api, webhook=bool(settings.public_url))
        finally:
            await bot.shutdown()

    asyncio.run(look())


def serve(settings: Settings, library: Library, today: Callable[[], date]) -> None:
    """Serve on Telegram alone until the process is asked to end."""
    token = _token(settings)
    memory.give_back_what_is_large()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    conductor = Conductor(
        SqliteStore(settings.data), library, today, address=settings.public_url, knowledge=settings.knowledge
    )
    try:
        asyncio.run(_serve(TelegramDoor(conductor, token, settings.telegram_api)))
    finally:
        conductor.close()


async def _serve(door: TelegramDoor) -> None:
    """Ends in peace on SIGINT and SIGTERM: what is on the way is sent, the rest is kept."""
    serving = asyncio.ensure_future(_check_and_run(door))
    for stop in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(stop, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def _check_and_run(door: TelegramDoor) -> None:
    try:
        await check(door.bot, door.api)
        print(f"Telegram机器人 @{door.bot.username} 已上线，按 Ctrl-C 停止。", flush=True)
        async with door.conductor.at_work():
            await poll(door)
    finally:
        await door.close()


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise TelegramFault(
            "还没有设置 POLICYDESK_TELEGRAM_TOKEN：请向Telegram里的 @BotFather 申请机器人，把token写进环境变量或 .env。"
        )
    return settings.telegram_token.get_secret_value()
