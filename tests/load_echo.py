"""The bare echo bot of the library: webhook, the reply sent before the 200. `python -m tests.load_echo API PORT`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot.serving import bound
from tests.bot_api.server import TOKEN


def main(api: str, port: int) -> None:
    """Serve until killed."""
    bot: Any = Application.builder().token(TOKEN).base_url(f"{api}/bot").updater(None).concurrent_updates(64).build()

    async def echo(update: Update, _: Any) -> None:
        assert update.message and update.message.text
        await update.message.reply_text(update.message.text)

    bot.add_handler(MessageHandler(filters.TEXT, echo))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with bot:
            await bot.bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
            await bot.start()
            yield
            await bot.stop()

    async def hook(request: Request) -> Response:
        await bot.process_update(Update.de_json(await request.json(), bot.bot))
        return Response()

    app = Starlette(routes=[Route("/telegram", hook, methods=["POST"])], lifespan=lifespan)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    server.run(sockets=[bound("127.0.0.1", port)])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
