"""A ticket's life as a table of transitions, and what the visitor is told of it.

One of two speaks to the visitor: the officer while a ticket is taken, else the assistant; the state says which.

    none ──opened──▶ waiting ──claimed──▶ taken ──closed──▶ closed
      └──called──▶ taken     ◀──released, transferred, left──┘

While a ticket waits (or is raised, a level up) the assistant goes on; once it is taken, what the visitor says is kept
for the officer and `turn.suggest` says what the assistant would have answered. The conversation itself does not move
meanwhile, so a ticket that is closed gives it back at the very point where it was.

Everything that happens to a ticket goes through `TABLE`. An entry that is no state is the sentence (of `phrases.yaml`)
with which an officer's act is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from dialogs import mailing
from dialogs.chatting import smalltalk_in
from dialogs.conversation import Conversation, Ticket
from dialogs.messages import (
    Choice,
    Effect,
    Happened,
    Message,
    Reply,
    Status,
    Text,
    TicketEvent,
    TicketOpened,
    TicketState,
)
from dialogs.saying import Saying, Source, desk_source
from dialogs.stepping import Desk, Turn, go_on

STATES: tuple[TicketState, ...] = get_args(TicketState)
EVENTS: tuple[TicketEvent, ...] = get_args(TicketEvent)

_WAITS: Mapping[TicketEvent, str] = {
    "opened": "refused_has_one", "called": "refused_has_one", "claimed": "taken", "released": "refused_not_taken",
    "transferred": "waiting", "raised": "raised", "said": "refused_claim_first", "closed": "refused_claim_first",
    "left": "refused_not_taken", "withdrawn": "closed", "erased": "closed", "carded": "refused_claim_first",
    "mailed": "refused_claim_first",
}  # fmt: skip

TABLE: Mapping[TicketState, Mapping[TicketEvent, str]] = {
    "none": dict.fromkeys(EVENTS, "refused_none") | {"opened": "waiting", "called": "taken"},
    "waiting": _WAITS,
    "raised": {**_WAITS, "raised": "refused_raised", "transferred": "raised"},
    "taken": {
        "opened": "refused_has_one", "called": "refused_taken", "claimed": "refused_taken", "released": "waiting",
        "transferred": "waiting", "raised": "raised", "said": "taken", "closed": "closed", "left": "waiting",
        "withdrawn": "closed", "erased": "closed", "carded": "taken", "mailed": "taken",
    },
    "closed": dict.fromkeys(EVENTS, "refused_closed"),
}  # fmt: skip

HOLDERS = frozenset({"released", "transferred", "raised", "said", "closed", "left", "carded", "mailed"})
"""What only the officer who has a taken ticket may do with it."""


def speaker(state: TicketState) -> str:
    """Who speaks to the visitor."""
    return "officer" if state == "taken" else "assistant"


def step(state: TicketState, event: TicketEvent, *, own: bool = True) -> str:
    """The next state, or the name of the refusal; `own`: whether a taken ticket is the officer's who acts."""
    if state == "taken" and event in HOLDERS and not own:
        return "refused_taken"
    return TABLE[state][event]


def state_of(conversation: Conversation, no: int) -> TicketState:
    """The state of a ticket as its conversation knows it; 0: of whichever is open."""
    ticket = conversation.ticket
    if ticket is None:
        return "closed" if no else "none"
    return ticket.state if no in (0, ticket.no) else "closed"


# --- what the visitor does -------------------------------------------------------------------------------------------


def beside(conversation: Conversation, message: Text | Choice, desk: Desk) -> Turn | None:
    """What of a visitor's message is about a person, or for one; None for what the assistant is to answer."""
    command = _command(conversation, message, desk)
    if command == "no_person" and conversation.ticket:
        return happened(conversation, Happened("withdrawn", conversation.ticket.no), desk)
    if command.startswith("consent:"):
        return _consented(conversation, *command.removeprefix("consent:").split("."), desk=desk)
    if conversation.speaker == "officer":
        return Turn(conversation, None)
    if command.startswith("human:") and conversation.opens:
        return Turn(conversation.but(helped=0), None, (Effect("open", {"reason": command.removeprefix("human:")}),))
    if command.startswith("helped:"):
        return _helped(conversation, *command.removeprefix("helped:").split("."), desk=desk)
    return None


def _command(conversation: Conversation, message: Text | Choice, desk: Desk) -> str:
    """What a message says of persons and tickets, in one word; empty where nothing."""
    if isinstance(message, Choice):
        return _tapped(message.value, conversation, desk)
    if decided := mailing.decided(conversation, message.text, desk.library):
        return decided
    found = desk.library.commands.whole_of(message.text)
    if found == "no_person":
        return found
    if found == "person" or smalltalk_in(message.text, desk.library) == "human":
        return "human:asked"
    for word, name in (("yes", "helped"), ("no", "not_helped")):
        if conversation.helped and desk.library.commands.is_(name, message.text):
            return f"helped:{conversation.helped}.{word}"
    first = conversation.shown[0] if conversation.shown else None
    if first and first.value.startswith("human:") and desk.library.commands.is_("person_yes", message.text):
        return first.value.partition("@")[0]
    return _tapped(
        next((o.value for o in conversation.shown if o.label == message.text.strip()), ""), conversation, desk
    )


REASONS = ("asked", "missed", "doubt", "unhelped", "called", "phone")


def _tapped(value: str, conversation: Conversation, desk: Desk) -> str:
    value = next((o.value for o in conversation.shown if value == o.label), value)
    body, _, guide = value.partition("@")
    verb, _, arg = body.partition(":")
    if guide != desk.library.guide.id:
        return ""
    if verb == "human" and arg in REASONS[:4]:
        return body
    no, _, word = arg.partition(".")
    if verb in ("helped", "consent") and no.isascii() and no.isdigit() and word in ("yes", "no"):
        return body
    return "no_person" if verb == "no-person" else ""


def _helped(conversation: Conversation, no: str, word: str, *, desk: Desk) -> Turn:
    """Whether a closed ticket has helped; where not, a person is offered again."""
    saying = desk.saying()
    saying.say("helped_yes" if word == "yes" else "helped_no")
    if word == "no":
        _offer_person(saying, "unhelped")
    after, reply = _and_on(saying, "notice", conversation.but(helped=0), desk)
    return Turn(after, reply, (Effect("helped", {"no": no, "helped": word}),))


def _consented(conversation: Conversation, no: str, word: str, *, desk: Desk) -> Turn:
    """Whether the visitor's case may go with a letter; while an officer speaks, nobody else does."""
    after, effects, phrase = mailing.consented(conversation, no, word)
    if after.speaker == "officer":
        return Turn(after, None, effects)
    saying = desk.saying()
    saying.say(phrase, desk_source(no), no=no)
    return Turn(*_and_on(saying, "notice", after, desk), effects)


def _offer_person(saying: Saying, reason: str) -> None:
    saying.offer(saying.library.phrases.say("option_human"), f"human:{reason}")


def reminding(conversation: Conversation, reply: Reply, effects: tuple[Effect, ...], desk: Desk) -> Turn:
    """An answer while a ticket waits says once that it does."""
    ticket = conversation.ticket
    if ticket is None or ticket.reminded:
        return Turn(conversation, reply, effects)
    saying = desk.saying()
    saying.say("ticket_waits", desk_source(ticket.no), no=ticket.no)
    said = saying.reply("notice")
    lines = (said.text, reply.text) if reply.status == "question" else (reply.text, said.text)
    reply = replace(reply, text="\n".join(lines), origins=(*reply.origins, *said.origins))
    return Turn(conversation.but(ticket=ticket.model_copy(update={"reminded": True})), reply, effects)


# --- what happens to the ticket --------------------------------------------------------------------------------------


def happened(conversation: Conversation, message: Happened | TicketOpened, desk: Desk) -> Turn:
    """The ticket's next state, what the visitor is told, and what the outside is to keep."""
    if isinstance(message, TicketOpened):
        return _opened(conversation, message, desk)
    ticket = conversation.ticket
    state = state_of(conversation, message.no)
    after = step(state, message.event, own=ticket is not None and message.by == ticket.by)
    if after.startswith("refused"):
        return Turn(conversation, None, (_refused(after, message, conversation, desk),))
    if ticket is None:  # the outside has to find a number first
        reason = message.text if message.text in REASONS else "asked"
        by = message.by if after == "taken" else ""
        return Turn(conversation, None, (Effect("open", {"reason": reason, "by": by}),))
    if message.event == "mailed":
        return mailing.mailed(conversation, message, ticket, desk)
    if message.event == "carded":
        return mailing.carded(conversation, message, desk)
    by = message.by if after == "taken" else ""
    kept = {"no": ticket.no, "state": after, "by": by, "consent": ticket.consent}
    moved = None if after == "closed" else Ticket.model_validate(kept)
    about = {
        "no": str(ticket.no), "event": message.event, "state": after, "by": message.by, "to": message.to,
        "text": "" if message.event == "said" else message.text,
    }  # fmt: skip
    conversation, reply = _told(message, ticket, conversation.but(ticket=moved), desk)
    return Turn(conversation, reply, (Effect("ticket", about),))


def _refused(phrase: str, message: Happened, conversation: Conversation, desk: Desk) -> Effect:
    ticket = conversation.ticket
    says = desk.library.phrases.say(phrase, no=ticket.no if ticket else message.no, by=ticket.by if ticket else "")
    return Effect("refused", {"no": str(message.no), "event": message.event, "by": message.by, "says": says})


def _told(message: Happened, ticket: Ticket, conversation: Conversation, desk: Desk) -> tuple[Conversation, Reply]:
    """What the visitor is told of a ticket that has moved."""
    saying, no = desk.saying(), desk_source(ticket.no)
    match message.event:
        case "said":
            saying.say("person_says", Source("desk", message.text, "值守人员"), words=message.text)
            return conversation.then(), saying.reply("handover", facets=("other",))
        case "claimed":
            saying.say("ticket_claimed", no, no=ticket.no)
            return conversation.then(), saying.reply("handover", facets=("other",))
        case "closed":
            saying.say("ticket_closed", no, no=ticket.no)
            for phrase, word in (("option_helped", "yes"), ("option_not_helped", "no")):
                saying.offer(desk.library.phrases.say(phrase), f"helped:{ticket.no}.{word}")
            return _and_on(saying, "notice", conversation.but(helped=ticket.no), desk)
        case "withdrawn" | "erased":
            saying.say("ticket_withdrawn", no, no=ticket.no)
            return _and_on(saying, "notice", conversation, desk)
        case _:
            phrase = {"raised": "ticket_raised", "transferred": "ticket_transferred"}.get(message.event, "ticket_back")
            saying.say(phrase, no, no=ticket.no)
            reply = _and_on(saying, "handover", conversation, desk) if ticket.state == "taken" else None
            return reply or (conversation, saying.reply("handover", facets=("other",)))


def _opened(conversation: Conversation, opened: TicketOpened, desk: Desk) -> Turn:
    """A ticket is there: its number, place and the hours at once; where it was there already, the same again."""
    held = conversation.ticket
    if held is None and opened.by:
        return _called(conversation, opened, desk)
    saying, hours = desk.saying(), opened.hours
    own = desk_source(opened.no, f"{opened.place}位", hours.spoken, hours.opens, hours.holiday)
    saying.say("ticket_still" if held else "ticket_opened", own, no=opened.no, place=opened.place)
    slots = {"hours": hours.spoken, "opens": hours.opens, "holiday": hours.holiday}
    saying.say_slots(f"hours_{hours.why}", own, slots)
    saying.say("ticket_meanwhile")
    for line in desk.library.lines("policy"):
        saying.card(line)
    saying.offer(desk.library.phrases.say("option_no_person"), "no-person:")
    state: TicketState = held.state if held else "waiting"
    ticket = held or Ticket(no=opened.no, state="waiting")
    after, reply = _and_on(saying, "handover", conversation.but(ticket=ticket, misses=0), desk)
    about = {"no": str(opened.no), "event": "opened", "state": state, "reason": opened.reason, "by": "", "to": ""}
    return Turn(after, reply, () if held else (Effect("ticket", about),))


def _called(conversation: Conversation, opened: TicketOpened, desk: Desk) -> Turn:
    """An officer has taken the conversation over, or the phone up."""
    saying = desk.saying()
    saying.say("ticket_called", desk_source(opened.no), no=opened.no)
    ticket = Ticket(no=opened.no, state="taken", by=opened.by)
    about = {
        "no": str(opened.no), "event": "called", "state": "taken", "reason": opened.reason, "by": opened.by, "to": "",
    }  # fmt: skip
    reply = saying.reply("handover", facets=("other",))
    return Turn(conversation.but(ticket=ticket, helped=0).then(), reply, (Effect("ticket", about),))


def _and_on(saying: Saying, status: Status, conversation: Conversation, desk: Desk) -> tuple[Conversation, Reply]:
    """The assistant speaks: what is said, and in an open interview the standing question again."""
    said = saying.reply(status, facets=("other",))
    if conversation.interview != "open":
        return conversation.then(options=said.options), said
    again = go_on(conversation, desk.saying(), desk)
    tail = again.reply
    reply = replace(
        said,
        text=f"{said.text}\n{desk.library.phrases.say('still_asking')}{tail.text}",
        status="result" if tail.status == "result" else said.status,
        options=(*said.options, *tail.options)[:4],
        origins=(*said.origins, *tail.origins),
        citations=tail.citations,
        contacts=tuple(dict.fromkeys((*said.contacts, *tail.contacts))),
        question=tail.question,
        progress=tail.progress,
        results=tail.results,
    )
    return again.conversation, reply


def is_for_a_ticket(message: Message) -> bool:
    """Whether a message is something that happened to a ticket, and nobody's words to the assistant."""
    return isinstance(message, Happened)
