"""What a letter says of a ticket, and how it is put into an `EmailMessage`.

The subject names nothing but the ticket; the visitor's case stands in the body where they have agreed. What would put a
line of its own into a header is refused (`BadLetter`), never mended: it comes from nowhere that is ours.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.heard import heard_since
from bot.mail.outbox import Letter
from bot.page import CLOSED, VERDICTS, window
from bot.store import Exchange
from dialogs.conversation import Conversation
from dialogs.library import Library
from dialogs.mailing import mailboxes, named
from dialogs.messages import Effect
from dialogs.package import Package, package

LAST = 200
"""Exchanges of a conversation from which the question and the case are read."""
TOKEN_BYTES = 16
DESK_NAME = "政策咨询值守"
MAILBOX = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_TOKEN = re.compile(r"(\d{1,9})[-.]([0-9a-f]{32})")


class BadLetter(ValueError):
    """A letter that must not be sent as it is; the text is one Chinese sentence."""


# --- what it says ----------------------------------------------------------------------------------------------------


def filled(
    effect: Effect, conversation: Conversation, talk: Sequence[Exchange], library: Library, today: date
) -> Effect:
    """A `letter` effect with all that the outbox keeps: address, whom it reaches, question, case, token."""
    about = effect.about
    said = [(one.message, one.reply) for one in talk]
    made = package(conversation, said, heard_since(talk), library, today)
    closed = window(library, today)[0] == "closed"
    return Effect(
        "letter",
        {
            **about,
            "address": about["to"],
            "contact": named(mailboxes(library).get(about["to"], ())),
            "question": about["text"] or made.unanswered,
            "facts": case_of(made, closed=closed) if about["case"] != "no" else "",
            "token": secrets.token_hex(TOKEN_BYTES),
        },
    )


def case_of(made: Package, *, closed: bool) -> str:
    """The facts as told and what follows from them, as lines."""
    told = [f"· {one}" for one in made.facts] or ["· 还没有说到具体情况"]
    found = [f"· {one.name}：{_verdict(one.verdict, closed=closed)}" for one in made.verdicts]
    lines = ["来访者说的情况：", *told]
    return "\n".join([*lines, "助手的初步结论（只对照正文，不是审核意见）：", *found] if found else lines)


def _verdict(verdict: str, *, closed: bool) -> str:
    return CLOSED if verdict == "eligible" and closed else VERDICTS[verdict]


def _body(letter: Letter, link: str) -> str:
    parts = [
        "（这封信可能已经发过一次；收到过就不用再看。）" if letter.again else "",
        f"{letter.contact}：\n您好。政策咨询工单{letter.ticket}里，来访者问的下面这件事要请您答复。",
        f"问题：\n{letter.question or '（见工单）'}",
        letter.case,
        f"怎么答：直接回复这封信就行，答复会回到工单{letter.ticket}，由值守员转告来访者，不会自动发给来访者。\n"
        f"有工作台账号的，也可以登录查看：{link}",
        "这封信由政策咨询系统代值守员发出。请不要转给无关的人：凭回复地址就能写进这张工单。",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


# --- as a message ----------------------------------------------------------------------------------------------------


def message_of(letter: Letter, own: str, public_url: str, at: datetime) -> EmailMessage:
    """The letter from the mailbox `own`; raises `BadLetter` where it can't be one."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(DESK_NAME, addr_spec=plain_mailbox(own))
        message["To"] = Address(_plain(letter.contact), addr_spec=plain_mailbox(letter.address))
        message["Reply-To"] = Address(DESK_NAME, addr_spec=answer_address(letter, own))
        message["Subject"] = f"政策咨询工单{letter.ticket}：请您协助答复"
        message["Date"] = format_datetime(at)
        message["Message-ID"] = message_id(letter, own)
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    except BadLetter:
        raise
    except ValueError:
        raise BadLetter("信头里有不该有的字符，没有发。") from None
    message.set_content(_body(letter, f"{public_url}/desk/tickets/{letter.ticket}"), cte="base64")
    return message


def answer_address(letter: Letter, own: str) -> str:
    """Where the letter is answered, and where its bounces go: nobody else knows it."""
    local, _, domain = own.rpartition("@")
    return f"{local}+{letter.ticket}-{letter.token}@{domain}"


def message_id(letter: Letter, own: str) -> str:
    """The same whenever the letter is sent, so that whoever gets it twice can tell."""
    return f"<{letter.ticket}.{letter.token}@{own.rpartition('@')[2]}>"


def token_in_address(address: str, own: str) -> tuple[int, str] | None:
    """Ticket and token of an address of ours; None for every other address."""
    local, _, domain = own.lower().rpartition("@")
    given, _, at = address.lower().rpartition("@")
    if at != domain or not given.startswith(f"{local}+"):
        return None
    found = _TOKEN.fullmatch(given.removeprefix(f"{local}+"))
    return (int(found[1]), found[2]) if found else None


def tokens_in_ids(ids: str, own: str) -> list[tuple[int, str]]:
    """Tickets and tokens of the Message-IDs of ours that stand in a header."""
    domain = own.lower().rpartition("@")[2]
    found = re.findall(r"<([^<>@\s]+)@([^<>@\s]+)>", ids.lower())
    read = [_TOKEN.fullmatch(left) for left, right in found if right == domain]
    return [(int(one[1]), one[2]) for one in read if one]


def plain_mailbox(address: str) -> str:
    """The address; raises `BadLetter` for whatever is more, or less, than one."""
    if not MAILBOX.fullmatch(address):
        raise BadLetter("收件人的邮箱写法不对，没有发。")
    return address


def _plain(words: str) -> str:
    if not words.isprintable():
        raise BadLetter("收件人的名称里有换行之类的字符，没有发。")
    return words
