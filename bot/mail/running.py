"""Mail beside the web: every worker offers it, one at a time does it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from bot.conductor import Conductor
from bot.mail.listener import listening
from bot.mail.posting import Route
from bot.mail.sending import Sending
from bot.settings import Settings

TASK, STAND_BY_S = "mail", 0.5

log = logging.getLogger("policydesk.mail")


def beside(settings: Settings) -> Callable[[Conductor], AbstractAsyncContextManager[None]]:
    """The door: as long as its context letters are sent and answers taken in, here or by another worker."""

    @asynccontextmanager
    async def opened(conductor: Conductor) -> AsyncIterator[None]:
        conductor.mails = True
        working = asyncio.create_task(_work_for_ever(conductor, settings))
        try:
            yield
        finally:
            working.cancel()
            await asyncio.wait([working])

    return opened


async def _work_for_ever(conductor: Conductor, settings: Settings) -> None:
    while True:
        try:
            if await conductor.hold(TASK):
                await work(conductor, settings)
        except OSError as fault:
            log.error("收信的地址 %s 用不了，会再试（%s）。", settings.smtp_listen, fault.strerror)
            await asyncio.sleep(10)
        except Exception as error:
            log.error("收发邮件出错，会再试（%s）。", type(error).__name__)
        await asyncio.sleep(STAND_BY_S)


async def work(conductor: Conductor, settings: Settings) -> None:
    """Take in and send until cancelled."""
    assert settings.public_url
    sending = Sending(conductor, Route.of(settings), settings.public_url)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(conductor.let_go, TASK)
        if settings.smtp_listen:
            host, _, port = settings.smtp_listen.rpartition(":")
            await stack.enter_async_context(listening(conductor, sending.route.own, host.strip("[]"), int(port)))
        await sending.send_for_ever()
