"""What a store counts of what was asked, and promises about it; the statistics are made of this alone.

Every turn of a visitor adds one to a *tally*: how many turns of one day (in Beijing) at one door came to the same
outcome, about the same topics, facets and districts. It is written in the turn's transaction, so it is never behind and
never wrong, and reading a month costs the same however many messages the store holds. A message names its tally, by
which a visitor's later word on a reply (不对) finds what the reply was about. Nobody stands in a tally: erasing a person
changes none.

What happens to tickets, and what officers say, are no turns of a visitor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dialogs.messages import Reply

NO_REPLY = "none"
"""The status of a turn that an officer is to answer."""

WRONG = "wrong"
"""Beside the reasons of `dialogs.messages.Reason`: what a visitor has called 不对."""


@dataclass(frozen=True)
class Tally:
    """`n` turns of a day that are alike; `finished`: with each an interview came to its sheet."""

    day: date
    door: str
    status: str
    reason: str
    topics: tuple[str, ...]
    facets: tuple[str, ...]
    districts: tuple[str, ...]
    finished: bool
    n: int


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
        """The tallies of some days, by day."""

    def judged(self, first: date, last: date, *, useful: bool) -> list[Tally]:
        """The tallies of those days with how many of their replies were called so."""

    def visitors(self, spans: Sequence[tuple[date, date]]) -> list[dict[str, int]]:
        """For each span, how many conversations had a turn in it, by door."""

    def ticket_counts(self, first: date, last: date) -> list[TicketCount]:
        """The tickets that were opened on some days."""

    def missed(self, sought: Missing, most: int) -> list[Missed]:
        """What was missed, newest first; what has been erased has no words and isn't among it."""
