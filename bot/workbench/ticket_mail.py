"""Named contacts as a ticket's page shows them: whose card may be sent, who may be written to, what came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conductor import Conductor
from bot.mail.doing import is_clear
from dialogs.library import Library
from dialogs.mailing import people
from dialogs.messages import Card

UNCONFIRMED = "policydesk mail confirm {}"


@dataclass(frozen=True)
class ToAsk:
    """A contact: `to` names them for their card (empty: it can't be told whose), `mailbox` may be written to.

    `command`: what the administrator has to run before their mailbox may be written to.
    """

    card: Card
    to: str
    mailbox: str
    command: str


async def to_ask(conductor: Conductor, cards: Iterable[Card]) -> list[ToAsk]:
    """The contacts of a ticket."""
    confirmed = await conductor.off_the_loop(conductor.store.mailboxes)
    return [_to_ask(card, conductor, confirmed) for card in cards]


def _to_ask(card: Card, conductor: Conductor, confirmed: Mapping[str, object]) -> ToAsk:
    to, address = _name_of(card, conductor.library), card.email.lower()
    if not (conductor.mails and address):
        return ToAsk(card, to, "", "")
    return ToAsk(card, to, address if address in confirmed else "", UNCONFIRMED.format(address))


def _name_of(card: Card, library: Library) -> str:
    """Words that mean this contact alone."""
    named = " ".join(filter(None, (card.name, card.phone)))
    return named if is_clear(people(named, library)) else ""


def answer_text(mail: Mapping[str, Any], wanted: str) -> str:
    """The text of one of the answers, by its number as an address has it."""
    answers = [one for letter in mail["letters"] for one in letter["answers"] if one["kind"] == "answer"]
    return next((str(one["text"]) for one in answers if str(one["id"]) == wanted), "")
