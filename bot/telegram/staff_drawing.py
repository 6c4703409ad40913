"""Notices as messages in the officers' group: a thread a ticket, its card, then what happens in it.

A thread is made when the first notice of its ticket is posted, and known before anything stands in it; killed in
between, the next worker makes another one: at worst a second thread, never none, never another ticket's. Where the
group has lost a thread, or never had it, what comes next begins a fresh one with the card. A group in which no thread
can be made gets everything in its own common one, with what is to be mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from telegram.error import BadRequest

from bot.conductor import Conductor
from bot.page import spoken_options, words_of
from bot.staffgroup.promise import Thread, acted_by, read_notice
from bot.store import Exchange, Parcel
from bot.telegram.drawing import Drawn, TextMessage, ThreadAct
from bot.telegram.hearing import Address
from bot.telegram.sending import Gone, Sender
from bot.telegram.text import Styled, split
from bot.telegram.words import StaffWords, words
from bot.tickets import Moved, TicketRow
from bot.workbench.acting import PHONE, Seen, own_words, seen
from bot.workbench.labels import DOORS, REASONS, STATES, VERDICTS
from dialogs.library import Library
from dialogs.messages import Happened

NAME_LENGTH, SHORT, SHOWN = 128, 200, 3
"""Characters of a thread's name (Bot API) and of what is only quoted; clauses and contacts on a card."""
TRIES = 3
"""New threads for one notice, where Telegram loses each of them."""
ENDS = ("closed", "withdrawn")

Placed = list[tuple[Address, Drawn]]


@dataclass(frozen=True)
class Told:
    """What a notice says: the text, the message that it answers, whether the ticket has ended, has been raised."""

    text: Styled
    answers: int = 0
    ends: bool = False
    raised: bool = False


class StaffNotices:
    """Draws notices for one door; opening a thread is a call of its own."""

    def __init__(self, conductor: Conductor, sender: Sender) -> None:
        self.conductor, self.store, self._sender = conductor, conductor.store, sender
        self._says: StaffWords = words().staff

    async def drawn(self, parcel: Parcel) -> Placed:
        """A notice's messages and where they go; none where there is nothing to tell any more."""
        kind, number, what = read_notice(parcel.manner)
        chat = int(parcel.visitor.partition(":")[2])
        if kind == "tell":
            return _placed(Styled(parcel.reply.text), Address(chat, int(what or 0) or None, number or None))
        if kind == "bound":
            with suppress(BadRequest):  # a menu is a comfort
                await self._sender.call("setMyCommands", **group_commands(chat))
            return _placed(Styled(self._says.bound), Address(chat, None))
        row = await self.conductor.off_the_loop(self.store.ticket, number)
        if row is None:
            return []
        if kind == "erase":
            return await self._erased(chat, row)
        told = await self._told(kind, row, what)
        if told is None:
            return []
        return await self._in_thread(parcel, chat, row, told)

    async def lost_thread(self, parcel: Parcel) -> bool:
        """The thread of a notice is no more; whether another one is worth a try: from the beginning, in a new one."""
        kind, no, _ = read_notice(parcel.manner)
        if kind not in ("open", "did", "lost", "mail") or parcel.tries >= TRIES:
            return False
        await self.conductor.off_the_loop(self.store.drop_thread, no)
        if parcel.parts:
            await self.conductor.part_sent(parcel, 0)
        return True

    async def _in_thread(self, parcel: Parcel, chat: int, row: TicketRow, told: Told) -> Placed:
        thread = await self.conductor.off_the_loop(self.store.thread, row.no)
        fresh = thread is None or thread.chat != chat
        found = await seen(self.conductor, row)
        if fresh:
            if row.state == "closed" and parcel.manner.partition(":")[0] != "open":
                return []  # its thread was taken away by hand: nobody wants it back
            thread = await self._opened(chat, found)
        where = Address(chat, None, thread.thread if thread else None)
        placed = _placed(self._card(found), where) if fresh or not told.text.text else []
        if fresh and thread is None:
            placed = [*_placed(Styled(self._says.no_thread), where), *placed]
        if told.text.text:
            placed += _placed(told.text, Address(chat, told.answers or None, where.thread))
        if told.raised:
            aloud = self._says.raised.format(no=row.no, words=_short(found.package.unanswered))
            placed += _placed(Styled(aloud), Address(chat, None))
        return [*placed, (where, ThreadAct("closeForumTopic"))] if told.ends and thread else placed

    async def _opened(self, chat: int, found: Seen) -> Thread | None:
        """A new thread for a ticket, kept; None where the group or its rights don't allow any."""
        try:
            made = await self._sender.do(chat, "createForumTopic", name=self._name(found))
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                raise Gone from None
            return None
        thread = Thread(chat, int(made["message_thread_id"]))
        await self.conductor.threaded(found.row.no, thread)
        return thread

    async def _erased(self, chat: int, row: TicketRow) -> Placed:
        """The thread goes with all that stands in it; where that isn't allowed, somebody is asked to."""
        thread = await self.conductor.off_the_loop(self.store.thread, row.no)
        if thread is None or thread.chat != chat:
            return []
        return [(Address(chat, None, thread.thread), ThreadAct("deleteForumTopic", self._says.erase_by_hand))]

    # --- what happened -----------------------------------------------------------------------------------------------

    async def _told(self, kind: str, row: TicketRow, update: str) -> Told | None:
        if kind == "open":
            return Told(Styled())
        if kind == "mail":
            return Told(Styled(self._says.mail[update]))
        exchange = await self.conductor.exchange(row.visitor, update)
        if exchange is None:  # erased meanwhile
            return None
        if kind == "lost":
            return self._lost(exchange)
        moved = await self.conductor.off_the_loop(self.store.moved_by, row.visitor, update)
        if isinstance(exchange.message, Happened):
            return self._happened(row, exchange, moved)
        return await self._spoken(row, exchange, moved)

    def _lost(self, exchange: Exchange) -> Told:
        said = exchange.message.text if isinstance(exchange.message, Happened) else ""
        why = self._says.why.get(exchange.lost, self._says.why["gone"])
        lines = self._says.lost.format(why=why, words=_short(said or (exchange.reply.text if exchange.reply else "")))
        return Told(Styled().then(lines, "bold"), acted_by(exchange.update or ""))

    def _happened(self, row: TicketRow, exchange: Exchange, moved: list[Moved]) -> Told | None:
        own = acted_by(exchange.update or "")
        lines = []
        for one in moved:
            if one.refused:
                lines.append(self._says.refused.format(says=one.refused))
            elif one.event == "said" and isinstance(exchange.message, Happened):
                lines.append(self._says.officer.format(by=one.by, words=exchange.message.text))
            elif one.event in self._says.events:
                lines.append(self._says.events[one.event].format(by=one.by, to=one.to, text=one.text).strip())
        done = [one.event for one in moved if not one.refused]
        ends = any(event in ENDS for event in done)
        return Told(Styled("\n".join(lines)), own, ends, "raised" in done) if lines else None

    async def _spoken(self, row: TicketRow, exchange: Exchange, moved: list[Moved]) -> Told:
        """Words of the visitor, what the assistant has answered, or what it would."""
        found = await seen(self.conductor, row)
        said = words_of(exchange.message, _labels(found)) or ""
        text = Styled().then(self._says.visitor.format(words=said), "bold")
        if exchange.reply is not None:
            text = text.then("\n" + self._says.assistant.format(words=_short(exchange.reply.text)))
        elif _newest(found) == exchange.update:
            text = self._with_suggestion(text, found)
        ends = [one for one in moved if one.event in ENDS and not one.refused]
        for one in ends:
            text = text.then("\n" + self._says.events[one.event].format(by=one.by, to="", text=""))
        return Told(text, ends=bool(ends))

    # --- the card ----------------------------------------------------------------------------------------------------

    def _name(self, found: Seen) -> str:
        """The thread's name: 工单1012 · 方向10 · 网页."""
        row = found.row
        about = about_of(found, self.conductor.library) or REASONS.get(row.reason, row.reason)
        return self._says.card.name.format(no=row.no, about=about, door=DOORS.get(row.door, row.door))[:NAME_LENGTH]

    def _card(self, found: Seen) -> Styled:
        """All that an officer needs to know what to say, in the order in which it is wanted."""
        row, card, package = found.row, self._says.card, found.package
        text = Styled().then(card.head.format(no=row.no, state=STATES[row.state]), "bold")
        reason = REASONS.get(row.reason, row.reason)
        lines = [card.reason.format(reason=reason, door=DOORS.get(row.door, row.door))]
        lines += [card.asked.format(words=package.unanswered)] if package.unanswered else []
        lines += [card.facts.format(facts="；".join(package.facts))] if package.facts else []
        verdicts = [f"{one.name}{VERDICTS[one.verdict]}" for one in package.verdicts]
        lines += [card.verdicts.format(verdicts="；".join(verdicts))] if verdicts else []
        for line in lines:
            text = text.then(f"\n{line}")
        text = self._with_suggestion(text, found)
        people = [" ".join(filter(None, (c.office, c.name, c.phone))) for c in package.contacts[:SHOWN]]
        if people:
            text = text.then(f"\n\n{card.contacts.format(contacts='；'.join(people))}")
        return text.then(f"\n\n{card.how_phone if row.door == PHONE else card.how}", "italic")

    def _with_suggestion(self, text: Styled, found: Seen) -> Styled:
        reply = found.package.suggestion
        if reply is None:
            return text
        text = text.then(f"\n\n{self._says.card.suggestion}", "bold").then(
            f"\n{own_words(reply, self.conductor.library)}"
        )
        if not reply.citations:
            return text
        clauses = (f"{one.clause}：“{one.quote}”" for one in reply.citations[:SHOWN])
        return text.then("\n").then("\n".join(clauses), "expandable_blockquote")


def group_commands(chat: int) -> dict[str, object]:
    """The menu of the officers' group, as `setMyCommands` takes it."""
    commands = [{"command": name, "description": does} for name, does in words().staff.commands.items()]
    return {"commands": commands, "scope": {"type": "chat", "chat_id": chat}}


def about_of(found: Seen, library: Library) -> str:
    """The direction that a ticket is about, where one is in hand."""
    verdicts = [one.branch for one in found.package.verdicts]
    topics = found.topics or tuple(verdicts)
    direction = next((library.guide.direction_of[one] for one in topics if one in library.guide.direction_of), None)
    return f"方向{direction.direction}" if direction else ""


def _labels(found: Seen) -> Mapping[str, str]:
    return {value: label for one in found.talk for value, label in spoken_options(one.reply).items()}


def _newest(found: Seen) -> str | None:
    """The visitor's last words."""
    own = (one.update for one in reversed(found.talk) if not isinstance(one.message, Happened))
    return next(own, None)


def _placed(text: Styled, where: Address) -> Placed:
    return [(where, TextMessage(part.text, tuple(part.entities()))) for part in split(text)]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"
