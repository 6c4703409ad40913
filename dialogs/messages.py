"""What comes in (text, a choice) and what goes out (a reply); the same for every door.

`Reply.as_json` is the object that CONTRACT fixes; doors draw it, they never build one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["answered", "clarify", "no_answer", "question", "result", "handover", "notice"]
Reason = Literal["other_policy", "not_in_guide", "not_understood"]
Origin = Literal["quoted", "contact", "told", "computed", "desk"]

LONGEST_VALUE = 48
"""Bytes of an option's value: Telegram carries at most 64, and some are kept for the door."""


@dataclass(frozen=True)
class Text:
    """Words, as the visitor typed them."""

    text: str


@dataclass(frozen=True)
class Choice:
    """An option that was tapped, by its value; also one that an earlier reply showed."""

    value: str


Message = Text | Choice


@dataclass(frozen=True)
class Citation:
    """The clause a reply stands on: a short label and the verbatim quote."""

    guide: str
    clause: str
    quote: str


@dataclass(frozen=True)
class Card:
    """One person to turn to, fields as printed."""

    matter: str
    office: str
    name: str
    phone: str
    email: str

    def as_json(self) -> dict[str, str]:
        """The contact object of a reply."""
        return {
            "for": self.matter,
            "office": self.office,
            "name": self.name,
            "phone": self.phone,
            "email": self.email,
        }


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

    def as_json(self) -> dict[str, Any]:
        """The reply as CONTRACT's object."""
        found: dict[str, Any] = {"status": self.status, "text": self.text}
        if self.reason:
            found["reason"] = self.reason
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
    """Something the outside is to do or keep (so far only `note`: a question that was not answered)."""

    kind: Literal["note"]
    about: Mapping[str, str] = field(default_factory=dict)
