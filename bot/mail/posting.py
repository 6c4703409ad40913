"""One letter to the mail server: the guard of where it may go, and what came of it.

Unless `POLICYDESK_SMTP_OUTSIDE` is set, only a mail server on this machine is spoken to: every address that its name
leads to must be loopback, and the connection that is used is one to an address that was looked at, so a name that leads
somewhere else a moment later leads nowhere.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import IPv6Address, ip_address
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from bot.settings import Settings

TIMEOUT_S = 30.0
LONGEST_WHY = 300


class Bounced(Exception):
    """The mail server won't have it, ever; the text is what it said."""


class Later(Exception):
    """It may be tried again; the text says what was in the way."""


class Outside(Later):
    """The mail server is not on this machine, and none other is allowed."""


@dataclass(frozen=True)
class Route:
    """The way to the mail server."""

    host: str
    port: int
    own: str
    user: str = ""
    password: str = ""
    tls: Literal["none", "starttls", "tls"] = "none"
    outside: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Route:
        """The way that is set; `host` and `from` must be."""
        assert settings.smtp_host and settings.smtp_from
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
        return cls(
            settings.smtp_host, settings.smtp_port, settings.smtp_from, settings.smtp_user or "", password,
            settings.smtp_tls, settings.smtp_outside,
        )  # fmt: skip


async def post(message: EmailMessage, sender: str, to: str, route: Route) -> None:
    """Hand a message to the mail server; returns when it has taken it, raises `Bounced` or `Later`."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await _post(message, sender, to, route, await connected(route))
    except SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        raise _judged(first.code, first.message) from None
    except SMTPDataError as refused:
        raise _judged(refused.code, refused.message) from None
    except SMTPResponseException as refused:  # of us, not of the letter: somebody may mend it
        raise Later(_why(refused.code, refused.message)) from None
    except (OSError, SMTPException) as fault:
        raise Later(f"邮件服务器连不上（{type(fault).__name__}）") from None


async def _post(message: EmailMessage, sender: str, to: str, route: Route, link: socket.socket) -> None:
    client = SMTP(
        hostname=route.host, sock=link, timeout=TIMEOUT_S, use_tls=route.tls == "tls",
        start_tls=route.tls == "starttls", username=route.user or None, password=route.password or None,
        local_hostname=route.own.rpartition("@")[2],
    )  # fmt: skip
    async with client:
        await client.send_message(message, sender=sender, recipients=[to])


async def connected(route: Route) -> socket.socket:
    """A connection to an address of the mail server that may be spoken to; raises `Outside` where one may not."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(route.host, route.port, type=socket.SOCK_STREAM)
    if not route.outside and not all(is_loopback(str(one[4][0])) for one in found):
        raise Outside(f"邮件服务器 {route.host} 不在本机，没有设置 POLICYDESK_SMTP_OUTSIDE 就不连")
    fault: OSError | None = None
    for family, kind, protocol, _, address in found:
        link = socket.socket(family, kind, protocol)
        link.setblocking(False)
        try:
            await loop.sock_connect(link, address)
        except OSError as error:
            link.close()
            fault = error
        except BaseException:
            link.close()
            raise
        else:
            return link
    raise fault or OSError(route.host)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own, also where it is an IPv4 address in IPv6's clothes."""
    read = ip_address(address.partition("%")[0])
    mapped = read.ipv4_mapped if isinstance(read, IPv6Address) else None
    return (mapped or read).is_loopback


def _judged(code: int, said: str) -> Exception:
    return Bounced(_why(code, said)) if code >= 500 else Later(_why(code, said))


def _why(code: int, said: str) -> str:
    return f"邮件服务器答：{code} {' '.join(said.split())}"[:LONGEST_WHY]
