"""`policydesk telegram` and `policydesk telegram --setup`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from datetime import date

from telegram import Bot

from bot.conductor import Conductor
from bot.settings import Settings
from bot.sqlite_store import SqliteStore
from bot.store import StoreFault
from bot.telegram.door import TelegramDoor, TelegramFault, asked
from bot.telegram.words import words
from dialogs.library import Library

FAULTS = (TelegramFault, StoreFault)
"""What these two raise for a fault of the operator's, as one Chinese sentence."""


def set_up(settings: Settings) -> None:
    """Check the token, register commands and descriptions, take down a stale webhook; tells each on a line."""
    asyncio.run(_set_up(_token(settings), settings.telegram_api))


async def _set_up(token: str, api: str) -> None:
    said = words()
    bot = Bot(token, base_url=f"{api}/bot")
    try:
        await asked(bot.initialize, api)
        print(f"token有效，机器人是 @{bot.username}。")
        commands = [(name, command.description) for name, command in said.commands.items()]
        await asked(lambda: bot.set_my_commands(commands), api)
        print(f"已登记{len(commands)}条命令：" + "、".join(f"/{name} {does}" for name, does in commands) + "。")
        await asked(lambda: bot.set_my_description(said.description), api)
        await asked(lambda: bot.set_my_short_description(said.short_description), api)
        print("已登记简介。")
        stale = (await asked(bot.get_webhook_info, api)).url
        if stale:
            await asked(bot.delete_webhook, api)
        print("已撤下旧的webhook，改用长轮询。" if stale else "没有webhook，用长轮询。")
    finally:
        await bot.shutdown()


def serve(settings: Settings, library: Library, today: Callable[[], date]) -> None:
    """Serve on Telegram alone until the process is asked to end."""
    token = _token(settings)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    conductor = Conductor(SqliteStore(settings.data), library, today)
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
        await door.check()
        print(f"Telegram机器人 @{door.bot.username} 已上线，按 Ctrl-C 停止。", flush=True)
    except BaseException:
        await door.bot.shutdown()
        raise
    await door.run()


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise TelegramFault(
            "还没有设置 POLICYDESK_TELEGRAM_TOKEN：请向Telegram里的 @BotFather 申请机器人，把token写进环境变量或 .env。"
        )
    return settings.telegram_token.get_secret_value()
