"""What is said in the officers' group, and what an officer says to the bot alone: done once, or answered.

An act on a ticket is an update of its conversation like one from the workbench: it goes through the inbox and the
ticket's table, and what comes of it is posted in the thread. Everything else is one transaction with the sentence that
answers it, under the message's own number; so whatever Telegram gives again changes nothing.

Nobody's word counts but that of a linked account that isn't disabled; the group is the one that is bound, and no other
group is treated like it. What is not for us (False) goes the way of every visitor's message.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ParamSpec, TypeVar

from telegram import Message, MessageEntity, Update

from bot.conductor import Conductor
from bot.problems import Fault
from bot.staffgroup.promise import Answer, Group, Thread, act_name
from bot.store import Away
from bot.store import Update as Kept
from bot.telegram.hearing import THINGS
from bot.telegram.words import StaffWords, words
from bot.tickets import TicketRow
from bot.workbench.acting import PHONE
from bot.workbench.directory import Row, directory
from bot.workbench.doing import colleague
from bot.workbench.linking import TooMany, linked_by
from bot.workbench.staff_store import Person
from dialogs.library import Library
from dialogs.messages import Happened, TicketEvent
from knowledge.spelling import LONGEST

MOST_SHOWN = 6
"""People whom `/who` names at once."""
_COMMAND = re.compile(r"/([a-z_]+)(?:@(\w+))?(?:\s+|$)", re.IGNORECASE)

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("policydesk.telegram")


@dataclass(frozen=True)
class Spoken:
    """A message in the group: by whom, in which thread, of which ticket (0: none), the command and what follows it."""

    person: Person
    chat: int
    message: int
    thread: int
    no: int
    command: str
    text: str

    @property
    def key(self) -> str:
        """The name under which it is answered."""
        return f"m{self.message}"


class StaffHearing:
    """Hears for one door; `username`: the bot's own, by which a command may name it."""

    def __init__(self, conductor: Conductor) -> None:
        self.conductor, self.store, self.username = conductor, conductor.store, ""
        self._says: StaffWords = words().staff

    async def took(self, update: Update) -> bool:
        """Whether an update is the staff's, and then done with. Raises `bot.store.Away`."""
        try:
            return await self._took(update)
        except Away:
            raise
        except Exception as error:  # or Telegram would give it again for ever
            log.error("值守群里的一条消息没能处理，已略过（%s）。", type(error).__name__)
            return True

    async def _took(self, update: Update) -> bool:
        message = update.message or update.edited_message
        if update.callback_query and update.callback_query.message:
            group = await self._group_of(update.callback_query.message.chat.type)
            return group is not None and group.chat == update.callback_query.message.chat.id
        if message is None or message.from_user is None:
            return False
        command, rest = self._command(message)
        if message.chat.type == "private":
            return await self._alone(message, command, rest) if update.message and command in ("link", "who") else False
        group = await self._group_of(message.chat.type)
        if group is not None and group.chat == message.chat.id:
            await self._in_group(update, message, command, rest)
            return True
        return await self._bind(message) if update.message and command == "desk" else False

    async def _group_of(self, kind: str) -> Group | None:
        return await self._ask(self.store.staff_group) if kind == "supergroup" else None

    def _command(self, message: Message) -> tuple[str, str]:
        """The command of a message to us, in lower case, and the words behind it; else nothing and all words."""
        text = message.text or ""
        marked = any(one.type == MessageEntity.BOT_COMMAND and one.offset == 0 for one in message.entities)
        found = _COMMAND.match(text) if marked else None
        if found is None or (found[2] or self.username).lower() != self.username.lower():
            return "", text.strip()
        return found[1].lower(), text[found.end() :].strip()

    # --- alone with the bot ------------------------------------------------------------------------------------------

    async def _alone(self, message: Message, command: str, rest: str) -> bool:
        assert message.from_user
        chat, key = message.chat.id, f"m{message.message_id}"
        if await self._ask(self.store.told, chat, key):
            return True
        if command == "who":
            if await self._ask(self.store.linked, message.from_user.id) is None:
                return False
            await self._tell(Answer(chat, await self._who(rest)), key)
        elif not rest:
            await self._tell(Answer(chat, self._says.link_what), key)
        else:
            says, now = (self._says.linked, self._says.not_linked), self.conductor.now()
            try:
                await self._ask(linked_by, self.store, message.from_user.id, rest, says, key, now)
            except TooMany:
                await self._tell(Answer(chat, self._says.too_many), key)
        return True

    async def _bind(self, message: Message) -> bool:
        """`/desk` in a group makes it the officers'."""
        assert message.from_user
        chat, key, now = message.chat, f"m{message.message_id}", self.conductor.now()
        person = await self._ask(self.store.linked, message.from_user.id)
        if person is None:
            await self._tell(_answer(message, self._says.bind_who), f"stranger-{message.from_user.id}")
        elif not person.may("admin"):
            await self._tell(_answer(message, self._says.bind_admin), key)
        elif not chat.is_forum:
            await self._tell(_answer(message, self._says.bind_forum), key)
        else:
            await self._ask(self.store.bind_group, Group(chat.id, chat.title or ""), person, key, now)
        return True

    # --- in the group ------------------------------------------------------------------------------------------------

    async def _in_group(self, update: Update, message: Message, command: str, rest: str) -> None:
        assert message.from_user
        thing = any(getattr(message, name) for name in THINGS)
        if message.from_user.is_bot or not (message.text or thing):
            return
        person = await self._ask(self.store.linked, message.from_user.id)
        if person is None:
            await self._tell(_answer(message, self._says.stranger), f"stranger-{message.from_user.id}")
            return
        await self._ask(self.store.seen, person.name, self.conductor.now())
        thread = message.message_thread_id if message.is_topic_message and message.message_thread_id else 0
        no = await self._ask(self.store.ticket_in, Thread(message.chat.id, thread)) if thread else 0
        spoken = Spoken(person, message.chat.id, message.message_id, thread, no, command, rest)
        if update.edited_message:
            await self._edited(spoken, message)
        elif not await self._is_done(spoken):
            await (self._commanded(spoken) if command else self._said(spoken, thing=thing))

    async def _is_done(self, spoken: Spoken) -> bool:
        """Whether Telegram gives a message again: it was answered, or has become an act on the ticket."""
        if await self._ask(self.store.told, spoken.chat, spoken.key):
            return True
        row = await self._ask(self.store.ticket, spoken.no) if spoken.no else None
        return row is not None and await self.conductor.exchange(row.visitor, act_name(spoken.message)) is not None

    async def _commanded(self, spoken: Spoken) -> None:
        if spoken.command == "who":
            return await self._answer(spoken, await self._who(spoken.text))
        if spoken.command not in ("take", "note", "close", "release", "pass", "raise"):
            return await self._answer(spoken, self._says.help)
        if not spoken.no:
            return await self._answer(spoken, self._says.here.format(command=spoken.command))
        row = await self._ask(self.store.ticket, spoken.no)
        if spoken.command == "note":
            return await self._note(spoken)
        if row is None or row.state == "closed":
            return await self._answer(spoken, self._says.closed.format(no=spoken.no))
        if spoken.command == "take":
            if row.holder == spoken.person.name:
                return await self._answer(spoken, self._says.yours)
            return await self._act(spoken, row, "claimed")
        if spoken.command == "close" and not spoken.text:
            return await self._answer(spoken, self._says.close_what)
        if spoken.command == "pass":
            return await self._pass(spoken, row)
        events: dict[str, TicketEvent] = {"close": "closed", "release": "released", "raise": "raised"}
        return await self._act(spoken, row, events[spoken.command])

    async def _pass(self, spoken: Spoken, row: TicketRow) -> None:
        """To a colleague, and why; without a name, or with one who can't have it, it is told who is there."""
        name, _, why = spoken.text.partition(" ")
        try:
            if not name:
                raise Fault(422, self._says.pass_what)
            to = await colleague(self.conductor, spoken.person, name)
        except Fault as fault:
            since = self.conductor.now() - timedelta(minutes=self.conductor.library.desk.absent_after_minutes)
            there = [one for one in await self._ask(self.store.on_duty, since) if one != spoken.person.name]
            says = self._says.on_duty.format(names="、".join(there)) if there else self._says.nobody_on_duty
            return await self._answer(spoken, f"{fault.detail}\n{says}")
        return await self._act(spoken, row, "transferred", to, why.strip())

    async def _said(self, spoken: Spoken, *, thing: bool) -> None:
        """Plain words in a ticket's thread are for the visitor, if the ticket is the officer's."""
        if not spoken.thread:
            return
        if not spoken.no:
            await self._answer(spoken, self._says.no_ticket, f"thread-{spoken.thread}")
            return
        row = await self._ask(self.store.ticket, spoken.no)
        if complaint := self._unsayable(spoken, row, thing=thing):
            await self._answer(spoken, complaint)
        elif row is not None:
            await self._act(spoken, row, "said")

    def _unsayable(self, spoken: Spoken, row: TicketRow | None, *, thing: bool) -> str:
        """Why words don't go to the visitor."""
        if row is None or row.state == "closed":
            return self._says.closed.format(no=spoken.no)
        if row.state != "taken":
            return self._says.take_first
        if row.holder != spoken.person.name:
            return self._says.anothers.format(by=row.holder)
        if thing or not spoken.text:
            return self._says.not_text
        if row.door == PHONE:
            return self._says.phone
        return self._says.too_long.format(most=LONGEST) if len(spoken.text) > LONGEST else ""

    async def _act(
        self, spoken: Spoken, row: TicketRow, event: TicketEvent, to: str = "", why: str | None = None
    ) -> None:
        """Something happens to the ticket, by the way of every message of its conversation."""
        text = "" if event == "claimed" else spoken.text if why is None else why
        happened = Happened(event, row.no, spoken.person.name, to, text[:LONGEST])
        update = Kept(row.visitor, act_name(spoken.message), self.conductor.now(), happened)
        if any(await self.conductor.accept([update])):
            self.conductor.begin(row.visitor)

    async def _note(self, spoken: Spoken) -> None:
        """Words among officers: a call of its own, from which nothing leads to the visitor."""
        if not spoken.text:
            await self._answer(spoken, self._says.note_what)
            return
        answer = Answer(spoken.chat, self._says.noted, spoken.thread, spoken.message)
        now = self.conductor.now()
        await self._ask(
            self.store.note_and_tell, spoken.no, spoken.person, spoken.text[:LONGEST], answer, spoken.key, now
        )

    async def _edited(self, spoken: Spoken, message: Message) -> None:
        """Words that were changed after they went out."""
        row = await self._ask(self.store.ticket, spoken.no) if spoken.no else None
        if row is None:
            return
        before = await self.conductor.exchange(row.visitor, act_name(spoken.message))
        if before is None or before.reply is None or not isinstance(before.message, Happened):
            return
        if before.message.event == "said" and before.message.text != spoken.text:
            at = int(message.edit_date.timestamp()) if message.edit_date else 0
            await self._answer(spoken, self._says.edited, f"edited-{spoken.message}-{at}")

    # --- answers -----------------------------------------------------------------------------------------------------

    async def _who(self, sought: str) -> str:
        if not sought:
            return self._says.who_what
        found = await self._ask(_found, self.conductor.library, sought[:100])
        if not found:
            return self._says.who_none.format(sought=sought[:100])
        more = [self._says.who_more.format(more=len(found) - MOST_SHOWN)] if len(found) > MOST_SHOWN else []
        return "\n".join([*(line for row in found[:MOST_SHOWN] for line in _lines(row)), *more])

    async def _answer(self, spoken: Spoken, says: str, key: str = "") -> None:
        await self._tell(Answer(spoken.chat, says, spoken.thread, spoken.message), key or spoken.key)

    async def _tell(self, answer: Answer, key: str) -> None:
        await self._ask(self.store.tell, answer, key, self.conductor.now())

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A call that blocks, off the loop."""
        return await self.conductor.off_the_loop(call, *args, **kwargs)


def _answer(message: Message, says: str) -> Answer:
    """In answer to a message, in its thread."""
    thread = message.message_thread_id if message.is_topic_message and message.message_thread_id else 0
    return Answer(message.chat.id, says, thread, message.message_id)


def _found(library: Library, sought: str) -> list[Row]:
    return [row for group in directory(library, sought) for row in group.rows]


def _lines(row: Row) -> Iterator[str]:
    """A contact as it is read out, and what to mind about it."""
    who = " ".join(filter(None, (row.office, row.name)))
    yield f"{who} {row.phone}{f' {row.email}' if row.email else ''}"
    if row.matters:
        yield f"　管：{'、'.join(row.matters)}"
    for mind in row.minds:
        yield f"　注意：{mind}"
