"""What a store keeps of tickets and promises about them; written with the turn that moves them, in its transaction.

A ticket is opened, moved and closed by `ticket` effects of a turn (`bot.store.Store.commit`), so a ticket stands where
its reply does, and the lock on it is the conversation's revision: of two officers who claim it, the second meets
the first one's turn. A number that another ticket has got meanwhile, or a second open ticket of one conversation, makes
the commit `Stale`, and the turn is made again. Notes stand in a table of their own and lead to no message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogs.messages import TicketState

FIRST_NO = 1001
"""The first ticket's number: one that is heard as a number on the phone."""


@dataclass(frozen=True)
class TicketRow:
    """A ticket as it stands. `visitor`: its conversation's, `chat` that conversation's number, which officers may see.

    `waits`: since when nobody has it; `told`: when the visitor last said something, `spoken`: when they were last told
    something; `place`: among those that wait, 0 for the others.
    """

    no: int
    visitor: str
    chat: int
    door: str
    reason: str
    state: TicketState
    holder: str
    addressed: str
    opened: datetime
    waits: datetime
    claimed: datetime | None
    answered: datetime | None
    closed: datetime | None
    outcome: str
    helped: bool | None
    told: datetime | None
    spoken: datetime | None
    place: int


@dataclass(frozen=True)
class Moved:
    """A line of a ticket's log: what happened, by whom, to whom; `refused`: the sentence, where nothing moved."""

    no: int
    at: datetime
    event: str
    by: str
    to: str
    text: str
    refused: str


@dataclass(frozen=True)
class KeptNote:
    """A note among officers."""

    no: int
    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class Talk:
    """A conversation as an officer finds it in a list: its number, door, last move, the visitor's last words."""

    chat: int
    door: str
    at: datetime
    words: str
    ticket: int


@dataclass(frozen=True)
class Present:
    """Somebody who has a ticket before them, since when they were last seen there, and when they last typed."""

    who: str
    at: datetime
    typing: datetime | None


VISITOR = ""
"""How the visitor is called among those who are present."""


@dataclass(frozen=True)
class Traces:
    """How much is kept on a visitor."""

    turns: int = 0
    facts: int = 0
    cases: int = 0
    wishes: int = 0
    tickets: int = 0


class TicketStore(Protocol):
    """The promise; times are aware, every call may raise `bot.store.Away`."""

    def next_ticket(self, visitor: str) -> tuple[int, int]:
        """The number and place that the visitor's ticket has, or would get now."""

    def ticket(self, no: int) -> TicketRow | None:
        """A ticket by its number."""

    def queue(self) -> list[TicketRow]:
        """The open tickets: raised ones first, then those that wait, who has waited longest first, then those taken."""

    def closed_tickets(self, most: int) -> list[TicketRow]:
        """The tickets that were closed last."""

    def held_by(self, officer: str) -> list[TicketRow]:
        """The open tickets of an officer."""

    def ticket_log(self, no: int) -> list[Moved]:
        """What happened to a ticket, in order, refused acts too."""

    def moved_by(self, visitor: str, update: str) -> list[Moved]:
        """What an update of a conversation has moved, or was refused."""

    def keep_note(self, no: int, by: str, text: str, at: datetime, key: str | None = None) -> bool:
        """Keep a note on a ticket; False where there is no such ticket, or they have kept one there under this key."""

    def notes(self, no: int) -> list[KeptNote]:
        """The notes on a ticket, in order."""

    def talks(self, most: int) -> list[Talk]:
        """The conversations in which something was said last, newest first."""

    def visitor_of(self, chat: int) -> str:
        """The visitor of a conversation by its number; nothing where there is none."""

    def seen(self, officer: str, at: datetime) -> None:
        """An officer is at the desk."""

    def on_duty(self, since: datetime) -> list[str]:
        """The officers who have been seen at the desk, or in the group, since a time, by name."""

    def absent(self, before: datetime) -> list[TicketRow]:
        """Taken tickets whose officers have not been seen since a time."""

    def open_ticket(self, visitor: str) -> TicketRow | None:
        """The ticket of a visitor that isn't closed."""

    def attend(self, no: int, who: str, at: datetime, *, typing: bool) -> None:
        """Somebody has a ticket before them, and types; forgotten after a minute."""

    def present(self, no: int, since: datetime) -> list[Present]:
        """Who has had a ticket before them since a time."""

    def traces(self, visitor: str) -> Traces:
        """How much is kept on a visitor."""

    def erasure(self, receipt: str) -> datetime | None:
        """When what a receipt names was erased."""
