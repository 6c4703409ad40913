"""Updates by long polling: by one worker of all; a poll is confirmed when the inbox holds all of it."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import InvalidToken, TelegramError

from bot.telegram.door import KINDS, TelegramDoor
from bot.telegram.reaching import BadToken, TelegramFault, check, fault
from bot.telegram.sending import FIRST_PAUSE_S, LONGEST_PAUSE_S

POLL_S, STAND_BY_S = 50, 0.5
TASK = "telegram-poll"

log = logging.getLogger("policydesk.telegram")


async def poll(door: TelegramDoor) -> None:
    """Serve until cancelled; raises BadToken where the token is refused, waits out everything else."""
    await come_in(door, webhook=False)
    door.open()
    while not await door.conductor.hold(TASK):
        await asyncio.sleep(STAND_BY_S)
    try:
        await _listen(door)
    finally:
        await door.conductor.let_go(TASK)


async def come_in(door: TelegramDoor, *, webhook: bool) -> None:
    """Wait until Telegram knows us."""
    pause = FIRST_PAUSE_S
    while True:
        try:
            return await check(door.bot, door.api, webhook=webhook)
        except BadToken:
            raise
        except TelegramFault as away:
            log.warning("%s", away)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_S)


async def _listen(door: TelegramDoor) -> None:
    offset, pause = 0, FIRST_PAUSE_S
    while True:
        try:
            updates = await door.bot.get_updates(offset, timeout=POLL_S, allowed_updates=KINDS)
            await door.take_in(updates)
        except InvalidToken as error:
            raise fault(error, door.api) from None
        except Exception as error:  # whatever it is: what was not kept is given again
            said = fault(error, door.api) if isinstance(error, TelegramError) else f"收到的消息没能存下（{error}）。"
            log.warning("%s", said)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
            continue
        pause = FIRST_PAUSE_S
        offset = max((update.update_id + 1 for update in updates), default=offset)
