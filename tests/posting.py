"""A real mail server on loopback, and somebody who writes back."""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.policy import default
from types import TracebackType
from typing import TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OWN = "zhishou@hotline.example"
LINK = "https://hotline.example"
T = TypeVar("T")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(look: Callable[[], T], seconds: float = 60) -> T:
    """What a look finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it has not come"
        time.sleep(0.02)
    return found


@dataclass
class Postbox:
    """Takes every message but those to `refuses`; says `busy` to those, as often as it is told there."""

    refuses: set[str] = field(default_factory=set)
    busy: int = 0
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._came = threading.Condition()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, server_hostname="mx")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse, be busy, or take."""
        if address in self.refuses:
            return "550 5.1.1 no such user"
        if self.busy:
            self.busy -= 1
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep it."""
        assert isinstance(envelope.content, bytes)
        with self._came:
            self.senders.append(envelope.mail_from or "")
            self.recipients += envelope.rcpt_tos
            self.raw.append(envelope.content)
            self.messages.append(message_from_bytes(envelope.content, policy=default))
            self._came.notify_all()
        return "250 OK"

    def wait(self, count: int) -> EmailMessage:
        """The message of that number, when it is there."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.messages) >= count, 60), len(self.messages)
        return self.messages[count - 1]

    def to(self, no: int) -> list[EmailMessage]:
        """What has come of a ticket."""
        return [one for one in self.messages if f"工单{no}" in one["Subject"]]

    def __enter__(self) -> Postbox:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop()


def answer_to(letter: EmailMessage, text: str = "按附件1执行。", **headers: str) -> EmailMessage:
    """An answer of the contact's mail program."""
    answer = EmailMessage(policy=WIRE)
    answer["From"] = letter["To"].addresses[0].addr_spec
    answer["To"] = letter["Reply-To"].addresses[0].addr_spec
    answer["Subject"] = f"答复：{letter['Subject']}"
    answer["Message-ID"] = headers.pop("message_id", f"<{time.monotonic_ns()}@jxj.example>")
    answer["In-Reply-To"] = letter["Message-ID"]
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    answer.set_content(f"{text}\n\n> 您好。政策咨询工单\n> 问题：\n", cte="base64")
    return answer


def report_on(letter: EmailMessage, action: str = "failed") -> bytes:
    """A delivery report as mail servers write it."""
    to = letter["To"].addresses[0].addr_spec
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {OWN}\r\nSubject: Undelivered Mail\r\n"
        f"Message-ID: <{action}@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;"
        ' report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n\r\n--b--\r\n"
    ).encode()


def hand_in(port: int, sender: str, to: str, message: EmailMessage | bytes) -> tuple[int, str]:
    """Hand a message to a mail server; its answer."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    with smtplib.SMTP("127.0.0.1", port, "mx.example", timeout=60) as client:
        try:
            client.sendmail(sender, [to], raw)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            return code, said.decode()
        except smtplib.SMTPResponseException as refused:
            return refused.smtp_code, bytes(refused.smtp_error).decode()
    return 250, ""
