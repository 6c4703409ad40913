"""A message that came in, read: what it is, from whom, what it says, what hangs on it.

Nothing of it is trusted: headers may be broken, names may hold whatever; what can't be read is empty, never a fault.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser

from bot.mail.outbox import AnswerKind, Arrived
from bot.mail.wording import tokens_in_ids

LONGEST_TEXT = 20_000
LONGEST_NAME, MOST_FILES = 120, 30
KEPT_EACH, KEPT_TOGETHER = 2 * 1024 * 1024, 5 * 1024 * 1024
"""Bytes of an attachment, and of all of an answer, up to which their content is kept."""
TOO_LONG = "（后面还有，太长没有存。）"
_AUTOMATIC = ("bulk", "junk", "list", "auto_reply")
_QUOTED = re.compile(r"^\s*-{2,}\s*(?:原始邮件|回复的原邮件|Original Message)\s*-{2,}", re.IGNORECASE | re.MULTILINE)


def parsed(raw: bytes) -> EmailMessage:
    """The message."""
    return message_from_bytes(raw, policy=default)


def referred(message: EmailMessage, own: str) -> list[tuple[int, str]]:
    """Tickets and tokens of our letters that a message answers to."""
    return tokens_in_ids(f"{_header(message, 'In-Reply-To')} {_header(message, 'References')}", own)


def read(message: EmailMessage, raw: bytes, sender: str, own: str) -> Arrived:
    """What came in; `sender`: the envelope's, empty for what nobody is to be told of."""
    kind, why = _kind(message, sender, own)
    named = _header(message, "Message-ID").strip().encode("utf-8", "replace") or raw
    return Arrived(
        name=hashlib.sha256(named).hexdigest(),
        kind=kind,
        sender=_one_line(parseaddr(_header(message, "From"))[1] or sender, LONGEST_NAME),
        text=why or _text(message),
        files=() if kind in ("bounce", "delay") else tuple(_files(message)),
    )


def _kind(message: EmailMessage, sender: str, own: str) -> tuple[AnswerKind, str]:
    """What it is, and of a bounce why."""
    if message.get_content_type() == "multipart/report":
        action, why = _report(message)
        if action in ("failed", "delayed"):
            return ("bounce" if action == "failed" else "delay"), why
        return "auto", ""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    automatic = (
        not sender
        or submitted not in ("", "no")
        or _header(message, "Precedence").strip().lower() in _AUTOMATIC
        or any(_header(message, name) for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or bool(tokens_in_ids(_header(message, "Message-ID"), own))
    )
    return ("auto" if automatic else "answer"), ""


def _report(message: EmailMessage) -> tuple[str, str]:
    """Action and reason of a delivery report."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.walk():
            action = _header(block, "Action").strip().lower()
            if action:
                said = _header(block, "Diagnostic-Code") or _header(block, "Status")
                return action, _one_line(f"退信里说：{said or '没有写原因'}", 300)
    return "", ""


# --- words -----------------------------------------------------------------------------------------------------------


def _text(message: EmailMessage) -> str:
    try:
        part = message.get_body(("plain", "html"))
    except Exception:  # whatever the structure is, the mail has come
        part = None
    if part is None:
        return ""
    said = _decoded(part)
    said = _words_of(said) if part.get_content_subtype() == "html" else said
    said = _QUOTED.split(said)[0]
    lines = [line for line in said.splitlines() if not line.lstrip().startswith(">")]
    kept = "".join(one for one in "\n".join(lines) if one == "\n" or one.isprintable() or one == "\t")
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    return kept if len(kept) <= LONGEST_TEXT else f"{kept[:LONGEST_TEXT]}\n{TOO_LONG}"


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    body = raw if isinstance(raw, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "gb18030"):
        try:
            return body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style", "blockquote")
        if tag in ("p", "br", "div", "tr", "li"):
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "blockquote") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def _words_of(html: str) -> str:
    words = _Words()
    words.feed(html)
    return "".join(words.said)


# --- attachments -----------------------------------------------------------------------------------------------------


def _files(message: EmailMessage) -> Iterator[tuple[str, int, bytes | None]]:
    room = KEPT_TOGETHER
    found = [one for one in message.walk() if not one.is_multipart() and _is_file(one)]
    for part in found[:MOST_FILES]:
        raw = part.get_payload(decode=True)
        body = raw if isinstance(raw, bytes) else b""
        keeps = len(body) <= min(KEPT_EACH, room)
        room -= len(body) if keeps else 0
        yield _file_name(part), len(body), body if keeps else None


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name_of(part))


def _file_name(part: Message) -> str:
    name = _one_line(_file_name_of(part), LONGEST_NAME)
    return re.split(r"[/\\]", name)[-1].strip(". ") or "附件"


def _file_name_of(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except Exception:
        return "附件"


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name) or "")
    except Exception:
        return ""


def _one_line(words: str, most: int) -> str:
    return "".join(one if one.isprintable() else " " for one in words).strip()[:most]
