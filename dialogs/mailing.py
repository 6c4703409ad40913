"""A named contact by card or by letter: who is meant, and whether the visitor's case may go with the letter."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs.conversation import Conversation, Ticket
from dialogs.library import Holder, Library
from dialogs.messages import Effect, Happened
from dialogs.saying import Source, desk_source, holder_source
from dialogs.stepping import Desk, Turn

MOST_CARDS = 3


def people(to: str, library: Library) -> tuple[Holder, ...]:
    """Whom the tables mean by a mailbox, a phone number, a name, or several of these; several where they share them."""
    words = to.lower().split()
    if not words:
        return ()
    return tuple(one for one in library.holders if all(word in _known_by(one) for word in words))


def _known_by(one: Holder) -> tuple[str, ...]:
    return one.email.lower(), one.phone, one.name.lower()


def mailboxes(library: Library) -> dict[str, tuple[Holder, ...]]:
    """Every mailbox of the tables, in lower case, with whom it reaches."""
    found: dict[str, tuple[Holder, ...]] = {}
    for one in library.holders:
        if one.email:
            found[one.email.lower()] = (*found.get(one.email.lower(), ()), one)
    return found


def named(holders: Sequence[Holder]) -> str:
    """Whom a letter or a card is for: the office, and the names there."""
    offices = "、".join(dict.fromkeys(one.office for one in holders))
    return offices + "、".join(dict.fromkeys(one.name for one in holders if one.name))


def carded(conversation: Conversation, message: Happened, desk: Desk) -> Turn:
    """The visitor gets a contact's card from the officer."""
    assert conversation.ticket
    saying, found = desk.saying(), people(message.to, desk.library)[:MOST_CARDS]
    who = "；".join(f"{one.office}{one.name}，电话{one.phone}" for one in found)
    sources = [holder_source(one) for one in found]
    saying.say("person_card", *sources, who=who or message.to)
    for one in found:
        saying.holder(one)
    about = _about(message, conversation.ticket)
    return Turn(conversation.then(), saying.reply("handover", facets=("other",)), (Effect("ticket", about),))


def mailed(conversation: Conversation, message: Happened, ticket: Ticket, desk: Desk) -> Turn:
    """A letter goes out; the visitor hears of it only where they are to be asked about their case."""
    case = {"yes": "yes", "no": "no"}.get(ticket.consent, "ask") if message.case else "no"
    written = {"no": str(ticket.no), "by": message.by, "to": message.to, "text": message.text, "case": case}
    effects = (Effect("ticket", _about(message, ticket)), Effect("letter", written))
    if case != "ask" or ticket.consent == "asked":
        return Turn(conversation, None, effects)
    saying, found = desk.saying(), people(message.to, desk.library)
    sources: list[Source] = [*map(holder_source, found), desk_source(ticket.no)]
    saying.say("consent_ask", *sources, who=named(found) or message.to, no=ticket.no)
    for word in ("yes", "no"):
        saying.offer(desk.library.phrases.say(f"option_consent_{word}"), f"consent:{ticket.no}.{word}")
    reply = saying.reply("handover", facets=("other",))
    after = conversation.but(ticket=ticket.model_copy(update={"consent": "asked"}))
    return Turn(after.then(options=reply.options), reply, effects)


def decided(conversation: Conversation, text: str, library: Library) -> str:
    """The option that a text chooses while it is asked whether the case may go along; empty for every other text."""
    ticket = conversation.ticket
    if ticket is None or ticket.consent != "asked":
        return ""
    said = text.strip().rstrip("。！!.")
    words = {library.phrases.say(f"option_consent_{word}"): word for word in ("yes", "no")}
    return f"consent:{ticket.no}.{words[said]}" if said in words else ""


def consented(conversation: Conversation, no: str, word: str) -> tuple[Conversation, tuple[Effect, ...], str]:
    """The conversation once the visitor has decided, what is to be kept, and the phrase; the last word counts."""
    ticket = conversation.ticket
    if ticket is None or str(ticket.no) != no or not ticket.consent:
        return conversation, (), "consent_late"
    after = conversation.but(ticket=ticket.model_copy(update={"consent": word}))
    return after, (Effect("consent", {"no": no, "consent": word}),), f"consent_{word}"


def _about(message: Happened, ticket: Ticket) -> dict[str, str]:
    return {
        "no": str(ticket.no), "event": message.event, "state": "taken", "by": message.by, "to": message.to, "text": "",
    }  # fmt: skip
