"""A ticket's letters as JSON, for the desk's pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.conductor import Conductor
from bot.handing_on import BEIJING
from bot.mail.outbox import KIND_NAMES, STATE_NAMES, Answer, File, Letter
from dialogs.messages import Card

CONSENTS = {"yes": "同意附上情况", "no": "不同意附上情况", "": ""}
LOG_NAMES = {
    "mailed": "写信给联系人", "carded": "发了联系人名片", "mail_sent": "信已发出", "mail_again": "信可能发了两次",
    "mail_bounced": "信被退回", "mail_failed": "信没发出去", "mail_dropped": "信没有发",
    "mail_answered": "联系人答复了", "mail_auto": "收到自动回复", "mail_delayed": "信还没送到",
    "agreed": "来访者同意附上情况", "declined": "来访者不同意附上情况",
}  # fmt: skip
"""What the events of mail in a ticket's log are called."""


async def mail_json(conductor: Conductor, no: int, contacts: Iterable[Card] = ()) -> dict[str, Any]:
    """Whether mail is set up, which of the contacts may be written to, what the visitor has agreed to, the letters."""
    store = conductor.store
    letters = await conductor.off_the_loop(store.letters, no)
    consent = await conductor.off_the_loop(store.consent, no)
    confirmed = await conductor.off_the_loop(store.mailboxes)
    near = dict.fromkeys(card.email for card in contacts if card.email.lower() in confirmed)
    return {
        "open": conductor.mails,
        "may_write_to": list(near) if conductor.mails else [],
        "consent": consent or None,
        "consent_name": CONSENTS[consent] or ("已问来访者" if any(one.state == "consent" for one in letters) else ""),
        "letters": [_letter_json(one) for one in letters],
        "log_names": LOG_NAMES,
    }


def _letter_json(letter: Letter) -> dict[str, Any]:
    retrying = letter.state == "ready" and letter.tries > 0
    return {
        "id": letter.id,
        "at": _time(letter.at),
        "by": letter.officer,
        "to": letter.address,
        "contact": letter.contact,
        "question": letter.question,
        "case": letter.case,
        "state": letter.state,
        "state_name": "没发成，会再发" if retrying else STATE_NAMES[letter.state],
        "sent": _time(letter.sent) if letter.sent else None,
        "again_at": _time(letter.due) if retrying else None,
        "why": letter.why,
        "answers": [_answer_json(letter, one) for one in letter.answers],
    }


def _answer_json(letter: Letter, answer: Answer) -> dict[str, Any]:
    """An answer is the contact's; from which mailbox it came is told beside it."""
    return {
        "id": answer.id,
        "at": _time(answer.at),
        "kind": answer.kind,
        "kind_name": KIND_NAMES[answer.kind],
        "from": letter.contact if answer.kind == "answer" else "",
        "sender": answer.sender,
        "other_sender": answer.kind == "answer" and answer.sender.lower() != letter.address,
        "text": answer.text,
        "files": [_file_json(letter, answer, one) for one in answer.files],
    }


def _file_json(letter: Letter, answer: Answer, file: File) -> dict[str, Any]:
    path = f"/api/desk/tickets/{letter.ticket}/mail/{answer.id}/{file.n}"
    return {"name": file.name, "size": file.size, "path": path if file.kept else None}


def _time(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="seconds")
