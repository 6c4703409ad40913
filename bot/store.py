"""What a store promises: conversations with their revision, and one append-only list of messages.

`messages` is transcript, outbox and source of the statistics at once: a message that came in, and the reply that
answers it. A turn is committed whole or not at all (`commit`). The keeper on one machine is `sqlite_store.py`.
Visitors are named by their door: `web:<id>`, `api:<id>`, `tg:<chat>`. All calls block; `conductor.py` keeps them off
the event loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.cases import CaseStore
from dialogs.conversation import Conversation
from dialogs.messages import Effect, Message, Reply


class StoreFault(Exception):
    """The store can't be used; the text is one Chinese sentence for the operator."""


class Stale(Exception):
    """Another worker has moved the conversation on since it was loaded: load it again."""


class Repeated(Exception):
    """This update of the visitor has been taken already."""


@dataclass(frozen=True)
class Held:
    """A visitor's conversation as it stands in the store: None and revision 0 before the first message."""

    conversation: Conversation | None = None
    revision: int = 0


@dataclass(frozen=True)
class Exchange:
    """A message and the reply that answers it (None while a person has the conversation).

    `update` is the door's own name for the message, `useful` the visitor's last word on the reply (有用 / 不对).
    """

    visitor: str
    update: str | None
    at: datetime
    message: Message
    reply: Reply | None
    useful: bool | None = None
    sent: bool = False


class Store(CaseStore, Protocol):
    """The promise; what it keeps of cases that are handed on stands in `cases.py`.

    `at` is an aware time; every method is safe to call from several threads.
    """

    def open(self, visitor: str, at: datetime) -> None:
        """Keep a visitor who has said nothing yet; nothing happens if the visitor is known."""

    def knows(self, visitor: str) -> bool:
        """Whether the visitor was opened or has said something."""

    def load(self, visitor: str) -> Held:
        """The visitor's conversation and its revision."""

    def commit(self, held: Held, exchange: Exchange, after: Conversation, effects: tuple[Effect, ...]) -> None:
        """In one transaction: the next conversation, the message, its reply and the effects.

        Raises `Stale` if the conversation isn't at `held.revision` any more, `Repeated` if the update is kept already.
        """

    def exchange(self, visitor: str, update: str) -> Exchange | None:
        """What was said on an update, if it was taken."""

    def transcript(self, visitor: str, last: int) -> list[Exchange]:
        """The last exchanges of a visitor, oldest first."""

    def unsent(self, door: str) -> list[Exchange]:
        """A door's committed replies that nobody has marked as sent, oldest first."""

    def mark_sent(self, visitor: str, update: str, at: datetime) -> None:
        """The reply to this update has reached the visitor."""

    def rate(self, visitor: str, update: str, useful: bool, at: datetime) -> bool:
        """Keep the visitor's word on the reply to an update; the last one counts. False if there is no such reply."""

    def check(self) -> None:
        """Raise `StoreFault` unless the store can be written."""

    def close(self) -> None:
        """Let go of everything that is open."""
