"""What comes in (text, a choice) and what goes out (a reply); the same for every door.

`Reply.as_json` is the object that CONTRACT fixes; doors draw it, they never build one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from knowledge.desk_hours import Hours

Status = Literal["answered", "clarify", "no_answer", "question", "result", "handover", "notice"]
Reason = Literal["other_policy", "not_in_guide", "not_understood"]
Origin = Literal["quoted", "contact", "told", "computed", "desk"]


@dataclass(frozen=True)
class Text:
    """Words, as the visitor typed them."""

    text: str


@dataclass(frozen=True)
class Choice:
    """An option that was tapped, by its value; also one that an earlier reply showed."""

    value: str


TicketState = Literal["none", "waiting", "raised", "taken", "closed"]
TicketEvent = Literal[
    "opened",
    "called",
    "claimed",
    "released",
    "transferred",
    "raised",
    "said",
    "closed",
    "left",
    "withdrawn",
    "erased",
    "carded",
    "mailed",
]


@dataclass(frozen=True)
class Happened:
    """Something that happens to a ticket: an officer's act (`by`), or a time that has come (`raised` by nobody).

    `no`: 0 where it is to be opened (`called`: an officer takes a conversation over, or a phone call); `to`: whom it is
    transferred to, or which contact is shown (`carded`) or written to (`mailed`); `text`: the words said to the
    visitor, the question of a letter where the officer has put it anew, else the outcome or the reason; `case`: the
    visitor's case is to go with the letter.
    """

    event: TicketEvent
    no: int = 0
    by: str = ""
    to: str = ""
    text: str = ""
    case: bool = False


@dataclass(frozen=True)
class TicketOpened:
    """The outside has a ticket for a conversation: its number, its place among those that wait, the desk's hours."""

    no: int
    place: int
    hours: Hours
    reason: str = "asked"
    by: str = ""


Message = Text | Choice | Happened
"""What the store keeps; `TicketOpened` is made while a turn is made, and kept in what it leads to."""


@dataclass(frozen=True)
class Citation:
    """The clause a reply stands on: a short label and the verbatim quote."""

    guide: str
    clause: str
    quote: str


@dataclass(frozen=True)
class Card:
    """One person to turn to, as printed; `note` where corrected: since when, who says so, what is printed."""

    matter: str
    office: str
    name: str
    phone: str
    email: str
    note: str = ""

    def as_json(self) -> dict[str, str]:
        """The contact object of a reply."""
        return ({"note": self.note} if self.note else {}) | {
            "for": self.matter,
            "office": self.office,
            "name": self.name,
            "phone": self.phone,
            "email": self.email,
        }


def card_from(told: Mapping[str, str]) -> Card:
    """The card of a contact object."""
    return Card(told["for"], told["office"], told["name"], told["phone"], told["email"], told.get("note", ""))


@dataclass(frozen=True)
class Option:
    """Something to tap: what it says, and the value that comes back (`verb:arg…@guide`, ASCII)."""

    label: str
    value: str


@dataclass(frozen=True)
class Figure:
    """A figure of a reply and where it comes from: the quote, the contact's row, what was told, the formula."""

    figure: str
    origin: Origin
    source: str


@dataclass(frozen=True)
class Pick:
    """One way to answer a question: the value as in the fact vocabulary, its label, and the option that taps it."""

    value: str
    label: str
    option: str


@dataclass(frozen=True)
class Question:
    """What the interview asks: the fact (None for the scope), how it is answered, why it is asked, what it decides."""

    fact: str | None
    kind: Literal["bool", "choice", "number", "date", "scope"]
    unit: str | None = None
    choices: tuple[Pick, ...] = ()
    why: str = ""
    decides: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The question object of a reply."""
        return {
            "fact": self.fact,
            "kind": self.kind,
            "unit": self.unit,
            "choices": [vars(pick) for pick in self.choices],
            "why": self.why,
            "decides": list(self.decides),
        }


FEW_QUESTIONS = 8
"""Questions up to which a person is told how many there are at most."""


@dataclass(frozen=True)
class Progress:
    """How far the interview is: questions answered, and how many are left at most."""

    answered: int
    at_most_left: int

    @property
    def few(self) -> bool:
        """Whether it helps to say how many are left at most: a large bound frightens and is hardly ever reached."""
        return self.at_most_left <= FEW_QUESTIONS


@dataclass(frozen=True)
class Reply:
    """One reply to one message."""

    status: Status
    text: str
    reason: Reason | None = None
    citations: tuple[Citation, ...] = ()
    contacts: tuple[Card, ...] = ()
    options: tuple[Option, ...] = ()
    topics: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    confidence: float = 1.0
    origins: tuple[Figure, ...] = ()
    question: Question | None = None
    progress: Progress | None = None
    results: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The reply as CONTRACT's object."""
        found: dict[str, Any] = {"status": self.status, "text": self.text}
        if self.reason:
            found["reason"] = self.reason
        if self.question:
            found["question"] = self.question.as_json()
        if self.progress:
            found["progress"] = vars(self.progress)
        if self.results is not None:
            found["results"] = dict(self.results)
        return found | {
            "citations": [vars(citation) for citation in self.citations],
            "contacts": [card.as_json() for card in self.contacts],
            "options": [vars(option) for option in self.options],
            "topics": list(self.topics),
            "facets": list(self.facets),
            "confidence": round(self.confidence, 2),
            "origins": [{"figure": f.figure, "origin": f.origin, "from": f.source} for f in self.origins],
        }


@dataclass(frozen=True)
class Effect:
    """Something the outside is to do or keep.

    note     a question that was not answered: reason, text
    open     a ticket is wanted: reason, by
    ticket   a ticket has moved: no, event, state, by, to, text, reason
    refused  an officer's act that the table does not allow: no, event, by, says
    helped   what the visitor says of a closed ticket: no, helped
    letter   a contact is written to: no, by, to, text, case (yes, no, ask: when the visitor has said whether)
    consent  whether the visitor's case may go to a contact: no, consent (yes, no)
    erase    all that was kept on the visitor goes: receipt
    """

    kind: Literal["note", "open", "ticket", "refused", "helped", "letter", "consent", "erase"]
    about: Mapping[str, str] = field(default_factory=dict)
