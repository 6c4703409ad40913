"""What officers do with tickets: each act is an update of the visitor's conversation, so it stands in its order.

An act goes the way of every message (inbox, turn, one transaction); what came of it is read from the ticket's log. So
two officers who claim the same ticket are one after the other, and the second is told who has it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.conductor import Conductor
from bot.heard import heard_since
from bot.problems import Fault
from bot.store import Exchange
from bot.tickets import Moved, TicketRow
from bot.workbench.guard import Person
from dialogs.conversation import Conversation
from dialogs.library import Library
from dialogs.messages import Choice, Happened, Reply, Text, TicketEvent
from dialogs.package import Package, package
from dialogs.turn import suggest, suggestions

LAST = 200
"""Exchanges of a conversation that an officer is shown."""
PHONE = "phone"


@dataclass(frozen=True)
class Seen:
    """A ticket as an officer sees it; `topics`: what is in hand, else chosen.

    `read_out`: what the assistant would have said to each word of a caller's.
    """

    row: TicketRow
    talk: Sequence[Exchange]
    package: Package
    topics: tuple[str, ...] = ()
    read_out: Sequence[Reply | None] = ()


async def row_of(conductor: Conductor, no: int) -> TicketRow:
    """A ticket; a 404 where there is none."""
    row = await conductor.off_the_loop(conductor.store.ticket, no)
    if row is None:
        raise Fault(404, f"没有工单{no}，请核对号码。")
    return row


async def act(
    conductor: Conductor,
    no: int,
    event: TicketEvent,
    by: str,
    *,
    to: str = "",
    text: str = "",
    case: bool = False,
    key: str | None = None,
) -> TicketRow:
    """Do something with a ticket; a 409 with the sentence that says why not. `key`: the same act again is done once."""
    row = await row_of(conductor, no)
    if key is not None and await _done_before(conductor, row.visitor, key):
        return row
    if row.state == "closed":
        raise Fault(409, conductor.library.phrases.say("refused_closed", no=no, by=""))
    if event == "claimed" and row.holder == by:
        return row
    await _happen(conductor, row.visitor, Happened(event, no, by, to, text, case), key)
    return await row_of(conductor, no)


async def call(conductor: Conductor, visitor: str, by: str, reason: str) -> TicketRow:
    """Take a conversation over, or a phone call up, and open its ticket."""
    moved = await _happen(conductor, visitor, Happened("called", 0, by, text=reason), None)
    return await row_of(conductor, moved.no)


async def _happen(conductor: Conductor, visitor: str, happened: Happened, key: str | None) -> Moved:
    update = _named(secrets.token_urlsafe(9) if key is None else key)
    await conductor.take(visitor, happened, update=update)
    moved = await conductor.off_the_loop(conductor.store.moved_by, visitor, update)
    if not moved:
        raise Fault(409, "这张工单刚刚变了，请刷新再办。")
    if moved[-1].refused:
        raise Fault(409, moved[-1].refused)
    return moved[-1]


async def _done_before(conductor: Conductor, visitor: str, key: str) -> bool:
    """Whether an act has been done already: also where it was the last that could be done."""
    moved = await conductor.off_the_loop(conductor.store.moved_by, visitor, _named(key))
    return bool(moved) and not moved[-1].refused


def _named(key: str) -> str:
    return f"desk-{key.replace(':', '.')}"


async def give_back(conductor: Conductor, officer: str) -> list[int]:
    """An officer leaves: their tickets wait for another; the numbers."""
    held = await conductor.off_the_loop(conductor.store.held_by, officer)
    for row in held:
        await leave(conductor, row)
    return [row.no for row in held]


async def leave(conductor: Conductor, row: TicketRow) -> None:
    """A ticket's officer has left; done once, whoever notices it."""
    log = await conductor.off_the_loop(conductor.store.ticket_log, row.no)
    left = Happened("left", row.no, row.holder)
    await conductor.take(row.visitor, left, update=f"left-{row.no}-{len(log)}")


async def hear(conductor: Conductor, row: TicketRow, person: Person, message: Text | Choice) -> None:
    """What a caller says, typed by the officer who has the phone."""
    if row.door != PHONE:
        raise Fault(409, "只有电话工单由值守员代为输入；网上的来访者自己会说。")
    if row.holder != person.name:
        raise Fault(409, conductor.library.phrases.say("refused_taken", no=row.no, by=row.holder or "别人"))
    await conductor.take(row.visitor, message)


async def seen(conductor: Conductor, row: TicketRow) -> Seen:
    """A ticket with its talk and its package."""
    talk = await conductor.transcript(row.visitor, LAST)
    conversation = await _conversation(conductor, row)
    said, heard = [(one.message, one.reply) for one in talk], heard_since(talk)
    made = await conductor.off_the_loop(package, conversation, said, heard, conductor.library, conductor.today())
    topics = conversation.topics or conversation.scope
    if row.door != PHONE:
        return Seen(row, talk, made, topics)
    turns = await conductor.off_the_loop(
        partial(suggestions, conversation, heard, library=conductor.library, today=conductor.today())
    )
    return Seen(row, talk, made, topics, [turn.reply for turn in turns])


async def suggestion(conductor: Conductor, row: TicketRow, text: str) -> Reply | None:
    """What the assistant would say to a text of the visitor's, after all that they have said."""
    heard = heard_since(await conductor.transcript(row.visitor, LAST))
    conversation = await _conversation(conductor, row)
    turn = await conductor.off_the_loop(
        suggest, conversation, [*heard, Text(text)], library=conductor.library, today=conductor.today()
    )
    return turn.reply


def own_words(reply: Reply, library: Library) -> str:
    """A suggestion without the interview's standing question, which the assistant asks again by itself."""
    return reply.text.partition(library.phrases.say("still_asking"))[0].strip() or reply.text


async def _conversation(conductor: Conductor, row: TicketRow) -> Conversation:
    held = await conductor.off_the_loop(conductor.store.load, row.visitor)
    return held.conversation or Conversation(guide=conductor.library.guide.id)
