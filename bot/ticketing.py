"""What the outside adds to tickets: numbers, places, the desk's hours, times that come; and what officers do.

    ticketing = Ticketing(store, lambda: library, today, now)
    turn = ticketing.completed(visitor, turn)      # a turn that wants a ticket gets its number and its reply

The conductor commits what comes of it like any turn: the ticket stands exactly where the reply does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.handing_on import BEIJING
from bot.mail import wording
from bot.store import Store
from dialogs.library import Library
from dialogs.messages import Effect, TicketOpened
from dialogs.turn import Turn, respond
from knowledge.desk_hours import due_after, hours_at, open_between

ANSWERS = ("said", "carded")
"""What of an officer's acts is an answer to the visitor."""


class Ticketing:
    """Completes the turns of one process."""

    def __init__(
        self,
        store: Store,
        library: Callable[[], Library],
        today: Callable[[], date],
        now: Callable[[], datetime],
    ) -> None:
        self.store, self._library, self.today, self.now = store, library, today, now

    @property
    def library(self) -> Library:
        """The library that is served now."""
        return self._library()

    def completed(self, visitor: str, turn: Turn) -> Turn:
        """The turn with the ticket that it wants, and with the times at which those that wait are raised."""
        wanted = next((effect for effect in turn.effects if effect.kind == "open"), None)
        if wanted is not None:
            turn = self._opened(visitor, turn, wanted)
        if not any(effect.kind == "ticket" for effect in turn.effects):
            return turn
        effects = tuple(self._filled(visitor, turn, effect) for effect in map(self._with_times, turn.effects))
        return replace(turn, effects=effects)

    def _filled(self, visitor: str, turn: Turn, effect: Effect) -> Effect:
        """A letter is written while the turn is made: what it says is what the talk was then."""
        if effect.kind != "letter":
            return effect
        talk = self.store.transcript(visitor, wording.LAST)
        return wording.filled(effect, turn.conversation, talk, self.library, self.today())

    def _opened(self, visitor: str, turn: Turn, wanted: Effect) -> Turn:
        no, place = self.store.next_ticket(visitor)
        hours = hours_at(self.library.desk, self._local())
        opened = TicketOpened(no, place, hours, wanted.about["reason"], wanted.about.get("by", ""))
        made = respond(turn.conversation, opened, library=self.library, today=self.today())
        rest = tuple(effect for effect in turn.effects if effect is not wanted)
        return replace(made, effects=(*rest, *made.effects))

    def _with_times(self, effect: Effect) -> Effect:
        if effect.kind != "ticket":
            return effect
        if effect.about["event"] in ANSWERS:
            return self._with_wait(effect)
        return self._with_due(effect) if effect.about["state"] == "waiting" else effect

    def _with_wait(self, effect: Effect) -> Effect:
        """An officer's answer tells how long after the ticket was opened, in the desk's time; the first one counts."""
        row = self.store.ticket(int(effect.about["no"]))
        if row is None:
            return effect
        waited = open_between(self.library.desk, row.opened.astimezone(BEIJING), self._local())
        return replace(effect, about={**effect.about, "waited": str(int(waited.total_seconds()))})

    def _with_due(self, effect: Effect) -> Effect:
        due = due_after(self.library.desk, self._local(), self.library.desk.raise_after_minutes)
        return replace(effect, about={**effect.about, "due": due.astimezone(UTC).isoformat()})

    def _local(self) -> datetime:
        return self.now().astimezone(BEIJING)
