"""What a store keeps of the officers' group on Telegram, and promises about it.

A *thread* is a ticket's place in the group (what Telegram calls a topic). What is posted there is a *notice*: a row of
the outbox like every reply, on the group's own line `tg:<chat>`, written in the transaction of what it tells of. So a
notice is there if and only if its event is, whoever is killed when; it is posted by whichever worker has the line, once
or (after a kill in between) once more. A notice holds a reference, not what was said: its words are drawn when it is
posted, so that nothing of a visitor stands in it once they have erased their data.

    open:<no>            a ticket is there: its thread, and the card in it
    did:<no>:<update>    what an update of its conversation has done: words of the visitor, or an officer's act
    lost:<no>:<update>   what an officer said there has not reached the visitor
    mail:<no>:<event>    a letter to a contact was answered, or did not arrive
    erase:<no>           the visitor's data is erased: the thread goes
    tell:<thread>:<message>   a sentence of ours (the row's own text), in answer to somebody's message
    bound:0              the group is bound: its commands, a greeting

Notices to a chat are those of one conversation, `desk:<chat>`; its rows have the door `desk` and are counted nowhere.
What an officer does is named after their message (`act_name`), so that what Telegram gives again is done once: an act
on a ticket by the inbox, everything else by the sentence that answers it (`key`), in one transaction with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.workbench.staff_store import Person

ACT = "tgdesk-"


@dataclass(frozen=True)
class Group:
    """The group that is bound."""

    chat: int
    title: str


@dataclass(frozen=True)
class Thread:
    """A ticket's place in a group."""

    chat: int
    thread: int


@dataclass(frozen=True)
class Answer:
    """A sentence of ours: to which chat, in which thread (0: none), to which message (0: none)."""

    chat: int
    says: str
    thread: int = 0
    message: int = 0


def act_name(message: int) -> str:
    """The name under which the inbox knows what an officer did by a message of the group."""
    return f"{ACT}{message}"


def acted_by(update: str) -> int:
    """The message by which an officer did this in the group; 0 where it came from elsewhere."""
    number = update.removeprefix(ACT)
    return int(number) if update.startswith(ACT) and number.isdigit() else 0


def read_notice(manner: str) -> tuple[str, int, str]:
    """The kind of a notice, its number, and what follows."""
    kind, _, rest = manner.partition(":")
    number, _, what = rest.partition(":")
    return kind, int(number or 0), what


class StaffGroupStore(Protocol):
    """The promise; times are aware, every call may raise `bot.store.Away`."""

    def staff_group(self) -> Group | None:
        """The group that is bound."""

    def bind_group(self, group: Group, by: Person, key: str, at: datetime) -> bool:
        """Bind a group in the place of another: a greeting, and a card for every open ticket; False where done."""

    def unbind_group(self, by: Person, at: datetime) -> bool:
        """Post nothing there any more; False where none is bound."""

    def thread(self, no: int) -> Thread | None:
        """A ticket's thread."""

    def ticket_in(self, thread: Thread) -> int:
        """The ticket of a thread; 0 where it is none's."""

    def keep_thread(self, no: int, thread: Thread) -> None:
        """This is the ticket's thread from now on."""

    def drop_thread(self, no: int) -> None:
        """Its thread is no more."""

    def linked(self, account: int) -> Person | None:
        """Who of the staff an account of Telegram is; nobody where theirs is disabled."""

    def linked_since(self, staff: int) -> datetime | None:
        """Since when somebody of the staff is linked."""

    def keep_link_code(self, staff: int, digest: str, until: datetime) -> None:
        """A one-time code, in the place of an earlier one."""

    def link(self, account: int, digest: str, says: tuple[str, str], key: str, at: datetime) -> Person | None:
        """Use a code up; `says`: the sentence if it is good (with `{name}`), and the one if it isn't."""

    def unlink(self, person: Person, at: datetime) -> bool:
        """The person's account of Telegram is nobody's any more."""

    def tell(self, answer: Answer, key: str, at: datetime) -> bool:
        """Say a sentence; False where one was said under this key."""

    def note_and_tell(self, no: int, by: Person, text: str, answer: Answer, key: str, at: datetime) -> bool:
        """Keep a note and say so, both or neither; False where it was done under this key."""

    def told(self, chat: int, key: str) -> bool:
        """Whether something was said to a chat under this key."""
