"""What a store counts of what was asked, and promises about it; the statistics are made of this alone.

Turns of visitors are of one *kind* where they came to the same outcome about the same topics, facets and districts.
Every turn adds one to the *tally* of its day (in Beijing), door and kind, in its own transaction: the count is never
behind, and reading a month costs the same however many messages the store holds. A message names its kind, by which a
visitor's later word on a reply (不对) finds what the reply was about. Nobody stands in a tally: erasing a person
changes none.

What happens to tickets, and what officers say, are no turns of a visitor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from dialogs.messages import Reply

NO_REPLY = "none"
"""The status of a turn that an officer is to answer."""

WRONG = "wrong"
"""Beside the reasons of `dialogs.messages.Reason`: what a visitor has called 不对."""


class Tally(NamedTuple):
    """`n` turns at a door that are alike in all that follows; `finished`: with each a sheet ended an interview."""

    door: str
    status: str
    reason: str
    topics: tuple[str, ...]
    facets: tuple[str, ...]
    districts: tuple[str, ...]
    finished: bool
    n: int


class Daily(NamedTuple):
    """`n` turns of a day that came to the same."""

    day: date
    door: str
    status: str
    finished: bool
    n: int


class Judged(NamedTuple):
    """Turns of a day whose replies their visitors have called 有用 (`useful`) or 不对."""

    day: date
    useful: bool
    tally: Tally


@dataclass(frozen=True)
class TicketCount:
    """A ticket as it is counted: the day on which it was opened, where, why, and what came of it.

    `waited`: seconds in which the desk was open until an officer's first answer; None where there was none, or where an
    older program did not keep it. `closed` with an empty `outcome`: its visitor's data was erased.
    """

    day: date
    door: str
    reason: str
    answered: bool
    waited: int | None
    closed: bool
    outcome: str
    helped: bool | None


@dataclass(frozen=True)
class Missed:
    """Something that was not answered, or whose reply was called wrong; `words`: what the visitor said, or tapped."""

    id: int
    at: datetime
    door: str
    words: str
    reply: Reply
    wrong: bool


@dataclass(frozen=True)
class Missing:
    """What is looked for among what was missed; empty fields let everything pass.

    `kind`: a reason, or `WRONG`. `older_than`: only what has a smaller id, the next page.
    """

    first: date
    last: date
    kind: str = ""
    door: str = ""
    words: str = ""
    older_than: int | None = None


class CountStore(Protocol):
    """The promise; days are those of Beijing, both ends count; every call may raise `bot.store.Away`."""

    def tallies(self, first: date, last: date) -> list[Tally]:
        """The turns of some days, by what they are alike in."""

    def daily(self, first: date, last: date) -> list[Daily]:
        """The same turns by day and by what they came to."""

    def judged(self, first: date, last: date) -> list[Judged]:
        """Those of them on whose replies visitors have said a word, whenever that was."""

    def visitors(self, spans: Sequence[tuple[date, date]]) -> list[dict[str, int]]:
        """For each span, how many conversations had a turn in it, by door."""

    def ticket_counts(self, first: date, last: date) -> list[TicketCount]:
        """The tickets that were opened on some days."""

    def missed(self, sought: Missing, most: int) -> list[Missed]:
        """What was missed, newest first; what has been erased has no words and isn't among it."""
