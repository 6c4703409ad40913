"""What a store promises: nothing that was taken is lost, and everything is said once, in order, by whichever worker.

Any number of worker processes share one store. A message walks

    accept    the inbox holds the update; what comes again is told. Lasting: a power cut doesn't undo it
    waiting   the visitor's oldest update in the inbox, by the door's own order (`place`), then by arrival
    commit    one transaction: the update leaves the inbox; conversation, message, reply and effects are there; where
              the door sends by itself, the reply stands in the outbox, and its line is ours if it was free
    posted    the reply has reached the visitor: the next of its line, or the line is let go

A *line* is what is sent in order: a chat (`tg:<chat>`). A line has at most one holder, a worker; a worker that has died
holds nothing (`bury`). Turns need no lock: a commit is refused (`Stale`) unless the conversation is at the revision it
was loaded at and no older update of the visitor waits, so two workers can't both move a conversation, nor out of order.

`messages` is append-only, transcript, outbox and source of the statistics at once. Visitors are named by their door:
`web:<id>`, `api:<id>`, `tg:<chat>`, `tg:<chat>:<user>`. The keeper on one machine is `sqlite_store.py`; whoever keeps
the promise elsewhere passes `tests/store_promise.py`. All calls block (`soon`
makes one without that); `conductor.py` keeps them off the event loop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

from bot.cases import CaseStore
from bot.counting import CountStore
from bot.mail.outbox import MailStore
from bot.staffgroup.promise import StaffGroupStore
from bot.tickets import TicketStore
from bot.workbench.knowledge_store import KnowledgeStore
from bot.workbench.staff_store import StaffStore
from dialogs.conversation import Conversation
from dialogs.messages import Effect, Message, Reply

P = ParamSpec("P")
T = TypeVar("T")

SENDING = ("tg",)
"""Doors that send by themselves; at the others the visitor's own request fetches the reply."""


AGAIN = timedelta(minutes=10)
"""How long a conversation's first message, sent again, leads back to it."""

DESK = "desk"
"""The manner under which what happened to a ticket is kept among messages: nobody's words, not to be counted as any."""


class StoreFault(Exception):
    """The store can't be used; the text is one Chinese sentence for the operator."""


class Away(Exception):
    """The store can't do it now (a full disk, a lock): nothing of the call is kept, it may be tried again."""


class Stale(Exception):
    """The conversation has moved on since it was loaded, or an older update waits: load again."""


class Repeated(Exception):
    """This update of the visitor has been taken already."""


@dataclass(frozen=True)
class Held:
    """A visitor's conversation as it stands in the store: None and revision 0 before the first message."""

    conversation: Conversation | None = None
    revision: int = 0


@dataclass(frozen=True)
class Update:
    """A message as the door hands it in.

    `update` is the door's own name for it, `place` its order among the visitor's (0: as they arrive), `manner` what the
    door noticed about it (`photo`, `edited`: a name in its words.yaml).
    """

    visitor: str
    update: str
    at: datetime
    message: Message
    place: int = 0
    manner: str = ""


@dataclass(frozen=True)
class Exchange:
    """A message and the reply that answers it (None while a person has the conversation).

    `useful` is the visitor's last word on the reply (有用 / 不对), `sent` whether it has reached who is sent to, `lost`
    how it is known that it never will: `refused`, or `gone` (nobody reads the chat any more).
    """

    visitor: str
    update: str | None
    at: datetime
    message: Message
    reply: Reply | None
    useful: bool | None = None
    sent: bool = False
    manner: str = ""
    lost: str = ""


@dataclass(frozen=True)
class Parcel:
    """A reply of the outbox whose line is ours: `parts` of the messages it is drawn as have been sent already.

    `tries` counts how often its line was put off since something of it was last sent.
    """

    id: int
    line: str
    visitor: str
    update: str
    reply: Reply
    manner: str = ""
    parts: int = 0
    tries: int = 0


class Store(CaseStore, TicketStore, MailStore, StaffStore, StaffGroupStore, CountStore, KnowledgeStore, Protocol):
    """The promise; of cases that are handed on it stands in `cases.py`, of tickets in `tickets.py`, of letters in
    `mail/outbox.py`, of the officers' group in `staffgroup/promise.py`, of what is counted in `counting.py`, of the
    knowledge that editors publish in `workbench/knowledge_store.py`.

    `at` and `now` are aware times; every method may be called from any thread, and may raise `Away`.
    """

    worker: str
    """The name under which this process holds lines."""

    def soon(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Make one of the store's writing calls that aren't lasting without waiting: the future of its outcome."""

    def soon_lasting(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The same for a call that is lasting (`accept`)."""

    def open(self, visitor: str, at: datetime, by: str | None = None) -> str:
        """Keep a visitor who has said nothing yet; nothing happens if the visitor is known.

        `by`: the name of the message that opens the conversation. The same name again leads to the visitor who was kept
        then, whose name is returned, as long as they have said nothing else (`AGAIN`): their answer was lost.
        """

    def knows(self, visitor: str) -> bool:
        """Whether the visitor was opened or has said something."""

    def load(self, visitor: str) -> Held:
        """The visitor's conversation and its revision."""

    # --- in ----------------------------------------------------------------------------------------------------------

    def accept(self, updates: Sequence[Update]) -> list[bool]:
        """Put updates into the inbox, all or none; False for each that waits or was taken already."""

    def waiting(self, visitor: str) -> tuple[Update, Held, bool] | None:
        """The visitor's oldest update in the inbox, the conversation that it meets, and whether more updates wait."""

    def crowd(self, visitor: str) -> int:
        """How many updates of a visitor wait."""

    def paces(self, visitor: str, last: int) -> list[tuple[datetime, str]]:
        """When the last messages were taken and their manners, newest first."""

    def commit(
        self,
        held: Held,
        exchange: Exchange,
        after: Conversation,
        effects: tuple[Effect, ...],
        *,
        claim: bool = True,
    ) -> Parcel | None:
        """In one transaction: the update out of the inbox; the next conversation, the message, its reply, the effects.

        Raises `Stale` if the conversation isn't at `held.revision` any more or an older update of the visitor waits,
        `Repeated` if the update is kept already. An effect `erase` empties all that was kept on the visitor before, and
        the turn is the first of a new conversation. With `claim` the reply's line is held if it is free: what is now to
        be sent on it.
        """

    def left(self, before: datetime) -> list[str]:
        """Visitors whose updates have waited since before a time: whoever accepted them may be no more."""

    # --- out ---------------------------------------------------------------------------------------------------------

    def claim(self, line: str, now: datetime) -> Parcel | None:
        """Hold a line that is free and due; its first parcel. None where there is nothing for us to send."""

    def part_sent(self, parcel: Parcel, parts: int) -> None:
        """So many of the parcel's messages have been sent."""

    def posted(self, parcel: Parcel, at: datetime, outcome: str = "sent") -> Parcel | None:
        """The parcel is done with (`sent`, `refused`); the next one of the line, or None and the line is free."""

    def put_off(self, parcel: Parcel, until: datetime) -> None:
        """Let go of the line; nobody claims it before a time."""

    def retire(self, line: str, at: datetime) -> None:
        """Nobody reads this line any more (outcome `gone`): what waits on it is not sent, and it is free."""

    def due_lines(self, now: datetime, most: int = 1000) -> list[str]:
        """Lines with something to send that nobody holds and that are due, who has waited longest first."""

    # --- by and by ---------------------------------------------------------------------------------------------------

    def put_due(self, update: Update) -> None:
        """Keep an update that is to be taken at its time (`at`); the same name again replaces it."""

    def ripen(self, now: datetime) -> list[str]:
        """Put what is due into the inbox, once whichever worker asks; the visitors."""

    # --- workers -----------------------------------------------------------------------------------------------------

    def hold(self, task: str) -> bool:
        """Whether a task that only one worker may have (polling, setting up) is now ours, or was."""

    def let_go(self, task: str) -> None:
        """The task may be another's."""

    def bury(self) -> bool:
        """Free what dead workers held; whether there was one."""

    def watch(self, ended: threading.Event) -> Iterator[frozenset[str]]:
        """The visitors whose exchanges any process has committed since the last yield; waits in between.

        Also those to whose ticket something happened without a message (a letter was sent, an answer has come). Yields
        an empty set first, when the watch has begun.
        """

    def remember(self, key: str, value: str) -> None:
        """Keep a word for all workers."""

    def recall(self, key: str) -> str:
        """The word that was kept, or nothing."""

    # --- looking back ------------------------------------------------------------------------------------------------

    def exchange(self, visitor: str, update: str) -> Exchange | None:
        """What was said on an update, if it was taken."""

    def transcript(self, visitor: str, last: int) -> list[Exchange]:
        """The last exchanges of a visitor, oldest first."""

    def rate(self, visitor: str, update: str, useful: bool, at: datetime) -> bool:
        """Keep the visitor's word on the reply to an update; the last one counts. False if there is no such reply."""

    def check(self) -> None:
        """Raise `StoreFault` unless the store can be written."""

    def close(self) -> None:
        """Let go of everything that is held and open."""
