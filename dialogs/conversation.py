"""A consultation as it stands: small, frozen, JSON. The next state is a function of this and the next message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from dialogs.messages import Option

Told = bool | int | float | str
REMEMBERED = 6
"""Directions and districts that are remembered."""


class Shown(BaseModel):
    """An option as it was last shown, so that “第二个” or its words choose it."""

    model_config = ConfigDict(frozen=True)
    label: str
    value: str


class Kept(BaseModel):
    """A fact as it was told: its value (None: 不清楚), in which telling, and the words for a day as they were said."""

    model_config = ConfigDict(frozen=True)
    fact: str
    value: Told | None
    telling: int = 0
    words: str = ""


class Waiting(BaseModel):
    """What waits for a word of the visitor.

    `figure`: a second figure for a fact. `project`: what was told of another project. `change`: 改一项, until it is
    known which fact (`told` empty) and then what it becomes (`told` holds it as it is). `several`: what was told of
    each of several projects (`telling` numbers them, `labels` name them), until the visitor says which comes first.
    """

    model_config = ConfigDict(frozen=True)
    kind: Literal["figure", "project", "change", "several"]
    told: tuple[Kept, ...]
    labels: tuple[str, ...] = ()


class Ticket(BaseModel):
    """The ticket of a conversation: its number, state and holder; `reminded`: it was said that it still waits.

    `consent`: whether the visitor's case may go to a contact by mail; asked once.
    """

    model_config = ConfigDict(frozen=True)
    no: int
    state: Literal["waiting", "raised", "taken"]
    by: str = ""
    reminded: bool = False
    consent: Literal["", "asked", "yes", "no"] = ""


class Conversation(BaseModel):
    """What is kept between two messages.

    `topics` and `facets` are those in hand (for “那邮箱呢”), `subject` the district, office or person last spoken of
    (`district:haidian`, `office:规划处`, `person:李丹@规划处`) or another matter just refused
    (`elsewhere:other_bureau`), `place` the
    district that the visitor's own words named last, `shown` the options last shown, `misses` the failures to
    understand in a row. `earlier_topics` are the directions spoken of, in the order of their first mention, those in
    hand among them (for “这俩哪个高”, “第二个呢”), `earlier_places` the districts before that one, the latest last.
    `grounds`: the provisions that the last answer stated first (for 为啥), and `denied`
    whether it said that something told fails there. `case`: the question of figures or days in hand as it stands now,
    with all that was changed of it since (for 改成4000万呢), and `said` what the last messages stated, one by one.

    `told` is everything told of the case, in order; the last one of a fact counts. `scope`: the directions or branches
    that were chosen. `interview`: not begun or left, open, or done with its sheet; `since`: the telling at which it
    began; `asking`: the fact last asked (or `scope`). `opens`: whether this door opens interviews and tickets by
    itself. `ticket`: the one that is open; who holds it speaks. `helped`: the closed one of which it was asked whether
    it has helped.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    guide: str
    topics: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    subject: str = ""
    place: str = ""
    earlier_topics: tuple[str, ...] = ()
    earlier_places: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    misses: int = 0
    grounds: tuple[str, ...] = ()
    denied: bool = False
    case: str = ""
    said: tuple[str, ...] = ()
    told: tuple[Kept, ...] = ()
    scope: tuple[str, ...] = ()
    interview: Literal["", "open", "done"] = ""
    since: int = 0
    asking: str = ""
    waiting: Waiting | None = None
    opens: bool = True
    ticket: Ticket | None = None
    helped: int = 0

    @property
    def speaker(self) -> Literal["assistant", "officer"]:
        """Who speaks to the visitor: an officer while one holds the ticket, else the assistant."""
        return "officer" if self.ticket and self.ticket.state == "taken" else "assistant"

    def then(self, *, options: tuple[Option, ...] = (), **changes: object) -> Self:
        """The conversation after a reply that showed `options`."""
        shown = tuple(Shown(label=option.label, value=option.value) for option in options)
        return self.model_copy(update={**changes, "shown": shown})

    def but(self, **changes: object) -> Self:
        """The conversation with changes that no reply has shown yet."""
        moved = any(not _same(getattr(self, name), value) for name, value in changes.items())
        return self.model_copy(update=changes) if moved else self

    def having_named(self, places: tuple[str, ...]) -> Self:
        """The conversation after the visitor's words have named districts, in their order."""
        if not places or places == (self.place,):
            return self
        before = (*self.earlier_places, *((self.place,) if self.place else ()), *places[:-1])
        kept = [place for place in dict.fromkeys(before) if place != places[-1]]
        return self.but(place=places[-1], earlier_places=tuple(kept[-REMEMBERED:]))

    def going_over_to(self, topics: tuple[str, ...]) -> Self:
        """The conversation with other topics in hand; all are remembered in the order of their first mention.

        Figures that were told of the ones before are told of them alone.
        """
        case = self.case if topics == self.topics else ""
        return self.but(
            topics=topics, case=case, earlier_topics=remembered((*self.earlier_topics, *self.topics, *topics))
        )

    @property
    def tellings(self) -> int:
        """How many messages have told something."""
        return self.told[-1].telling if self.told else 0

    @property
    def now(self) -> dict[str, Kept]:
        """What counts: the last telling of each fact, in the order in which facts were first told."""
        return {kept.fact: kept for kept in self.told}

    def telling(self, kept: tuple[Kept, ...]) -> Self:
        """The conversation after one more message that tells these facts."""
        number = self.tellings + 1
        return self.but(told=(*self.told, *(one.model_copy(update={"telling": number}) for one in kept)))

    def without_last(self) -> Self:
        """The conversation before the last telling; what that one had replaced counts again."""
        return self.but(told=tuple(one for one in self.told if one.telling != self.tellings))


def remembered(topics: Iterable[str]) -> tuple[str, ...]:
    """The last of some topics, each once, as many as are remembered."""
    return tuple(dict.fromkeys(topics))[-REMEMBERED:]


def _same(held: object, value: object) -> bool:
    """Whether nothing changes, as is told at once: of most changes that a turn makes sure of, nothing does."""
    return held is value or (isinstance(value, str | int) and held == value)
