"""Where answers and bounces come in: an SMTP server that takes what belongs to a letter, and nothing else.

Nothing that comes in is ever answered by us, so no two machines can talk to each other without end; what is automatic
is recorded a few times, and refused after that. A refusal is the sending server's to tell its sender.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.conductor import Conductor
from bot.mail.outbox import Arrived, Letter
from bot.mail.reading import parsed, read, referred
from bot.mail.wording import token_in_address

LARGEST = 10 * 1024 * 1024
"""Bytes of a message; a larger one is refused, at once where its size is told beforehand."""
SILENT_S = 60.0
COMMANDS = {"RCPT": 10, "*": 40}
UNKNOWN = "550 5.1.1 No such mailbox here"
NO_RELAY = "550 5.7.1 We do not pass mail on"
ONE_ONLY = "452 4.5.3 One recipient at a time"
TOO_MANY = "550 5.7.1 Too many answers on this letter"
NOT_NOW = "451 4.3.0 Not now, try again later"
TAKEN = "250 2.0.0 Taken"

log = logging.getLogger("policydesk.mail")


class Hearing:
    """The handler of every session; `own`: the mailbox that letters are from."""

    def __init__(self, conductor: Conductor, own: str) -> None:
        self.conductor, self.own = conductor, own

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only a letter's own address, or that of all letters."""
        try:
            refused = await self._refused(envelope, address)
        except Exception as error:
            log.error("来信的地址没能查，请对方稍后再发（%s）。", type(error).__name__)
            refused = NOT_NOW
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def _refused(self, envelope: Envelope, address: str) -> str:
        """Why mail to an address is not taken; empty where it is."""
        if envelope.rcpt_tos:
            return ONE_ONLY
        if address.lower() == self.own.lower():
            return ""
        token = token_in_address(address, self.own)
        if token is None:
            return UNKNOWN if address.lower().endswith(self.own[self.own.rindex("@") :].lower()) else NO_RELAY
        return "" if await self._letter(token) else UNKNOWN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep it with its letter."""
        try:
            return await self._take(envelope)
        except Exception as error:  # the sending server keeps it, and tries again
            log.error("一封来信没能存下，请对方稍后再发（%s）。", type(error).__name__)
            return NOT_NOW

    async def _take(self, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = await self.conductor.off_the_loop(parsed, raw)
        addressed = token_in_address(envelope.rcpt_tos[0], self.own)
        for token in [addressed] if addressed else referred(message, self.own):
            letter = await self._letter(token)
            if letter is not None:
                sender = (envelope.mail_from or "").strip("<>")  # aiosmtpd leaves the empty path as it was written
                arrived = await self.conductor.off_the_loop(read, message, raw, sender, self.own)
                return await self._keep(letter, arrived)
        return UNKNOWN

    async def _keep(self, letter: Letter, arrived: Arrived) -> str:
        conductor = self.conductor
        came = await conductor.off_the_loop(conductor.store.keep_arrived, letter, arrived, conductor.now())
        return {"kept": TAKEN, "known": TAKEN, "full": TOO_MANY, "gone": UNKNOWN}[came]

    async def _letter(self, token: tuple[int, str]) -> Letter | None:
        letter = await self.conductor.off_the_loop(self.conductor.store.letter_of, token[1])
        return letter if letter and letter.ticket == token[0] else None


@asynccontextmanager
async def listening(conductor: Conductor, own: str, host: str, port: int) -> AsyncIterator[int]:
    """As long as its context: take mail in; yields the port."""
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            Hearing(conductor, own), data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop, timeout=SILENT_S,
            hostname=own.rpartition("@")[2], ident="policydesk", command_call_limit=COMMANDS,
        )  # fmt: skip

    server = await loop.create_server(session, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
