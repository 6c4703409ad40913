"""The outbox is emptied, one letter after the other, by whichever worker has the task."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import ParamSpec

from bot.conductor import Conductor
from bot.mail.outbox import Letter, LetterState
from bot.mail.posting import Bounced, Later, Outside, Route, post
from bot.mail.wording import BadLetter, answer_address, message_of
from bot.store import Away

P = ParamSpec("P")

WAITS_S = (60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
"""How long until it is tried again, by how often it was; then it is given up."""
LOOK_S = 1.0
UNCONFIRMED = "这个邮箱还没有操作员确认过"

log = logging.getLogger("policydesk.mail")


class Sending:
    """Sends for one process."""

    def __init__(self, conductor: Conductor, route: Route, public_url: str, waits: tuple[float, ...] = WAITS_S) -> None:
        self.conductor, self.route, self.public_url, self.waits = conductor, route, public_url, waits

    async def send_for_ever(self) -> None:
        """Until cancelled; the letter that is on its way then is seen through first."""
        while True:
            sending = asyncio.create_task(self.send_next())
            try:
                sent = await asyncio.shield(sending)
            except asyncio.CancelledError:
                with suppress(Exception):
                    await sending
                raise
            except Exception as error:
                log.error("发信出错，会再试（%s）。", type(error).__name__)
                sent = False
            if not sent:
                await asyncio.sleep(LOOK_S)

    async def send_next(self) -> bool:
        """Send the letter that is next; whether there was one."""
        conductor = self.conductor
        letter = await conductor.off_the_loop(conductor.store.next_letter, conductor.now())
        if letter is None:
            return False
        if letter.address not in await conductor.off_the_loop(conductor.store.mailboxes):
            await self._end(letter, "dropped", UNCONFIRMED)
            return True
        try:
            message = message_of(letter, self.route.own, self.public_url, conductor.now())
            await post(message, answer_address(letter, self.route.own), letter.address, self.route)
        except BadLetter as bad:
            await self._end(letter, "failed", str(bad))
        except Bounced as bounced:
            await self._end(letter, "bounced", str(bounced))
        except Later as later:
            await self._later(letter, later)
        else:
            await self._surely(conductor.store.letter_sent, letter, conductor.now())
        return True

    async def _surely(self, call: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """What came of a letter must be noted, or it would be sent again: a store that is away is waited for."""
        pause = 0.05
        while True:
            try:
                return await self.conductor.off_the_loop(call, *args, **kwargs)
            except Away as away:
                log.error("一封信怎样了还没有记下，会再试（%s）。", type(away).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, 2.0)

    async def _later(self, letter: Letter, later: Later) -> None:
        log.warning("工单%s的信这会儿没发出去：%s。", letter.ticket, later)
        if letter.tries >= len(self.waits) and not isinstance(later, Outside):
            await self._end(letter, "failed", str(later))
            return
        due = self.conductor.now() + timedelta(seconds=self.waits[min(letter.tries, len(self.waits) - 1)])
        await self._surely(self.conductor.store.letter_put_off, letter, str(later), due)

    async def _end(self, letter: Letter, state: LetterState, why: str) -> None:
        await self._surely(self.conductor.store.letter_ended, letter, state, why, self.conductor.now())
