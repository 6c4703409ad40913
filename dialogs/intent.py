"""What a message wants: one of a few kinds, with the topics, facets and evidence behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from knowledge.words import Elsewhere

Kind = Literal[
    "empty", "too_long", "smalltalk", "people", "phone", "mailbox", "office", "desk", "district", "attachment",
    "asks", "define", "overview", "over_all", "filter", "trade", "elsewhere", "silent", "which", "not_in_guide",
    "not_understood", "grounds",
]  # fmt: skip
RULE_FACETS = {
    "library": "library",
    "recommendation": "recommendation",
    "exclusivity": "exclusivity",
    "other_money": "exclusivity",
    "major_exemption": "exclusivity",
    "window": "deadline",
    "process": "process",
    "truthfulness": "honesty",
    "inspection": "honesty",
    "consequences": "honesty",
    "attachments": "attachment",
    "consultants": "contact",
    "support": "contact",
    "overview": "overview",
    "eligibility": "conditions",
    "local_matching": "other",
    "issue": "other",
}
"""Which facet a rule answers, and (the first of each) which rule answers a facet that no direction is asked for."""
DIRECTION_FACETS = {"library", "recommendation", "exclusivity", "deadline", "process", "attachment", "conditions"}
"""Facets that a direction answers for itself, though a rule has the same name."""
PLAIN_FACETS = {"library", "recommendation", "exclusivity", "deadline", "process", "honesty", "attachment"}
"""Facets of which one word says which rule is meant."""
CEILINGS, CEILING = "amounts_are_ceilings", "amounts_are_ceilings:ceiling"
"""The rule on ceilings, whose words ask for a direction's own where one is in hand, and what it says of promises."""
FORGING = "consequences:forging"
"""What is said to whoever asks how papers are made up, whatever else is asked."""
NOT_THE_LIBRARY = "process:not_the_library"
"""What is said to whoever takes the library for the application."""
DUTY_FACETS = {"library", "recommendation", "exclusivity"}
FACET_RULES = {facet: rule for rule, facet in reversed(RULE_FACETS.items())}


@dataclass(frozen=True)
class Question:
    """One of several questions that a message puts about a topic: its facets and forms, with its own evidence."""

    facets: tuple[str, ...]
    provisions: dict[str, float] = field(default_factory=dict)
    alike: dict[str, float] = field(default_factory=dict)
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ask:
    """One thing asked: of which topics, which facets, with the evidence for single provisions.

    `forms`: `time`, a period is asked for; `floor`, what is to be met; `rest`, all else that is; `most`, the highest;
    `paid`, whether there is money for it; `kinds`, the kinds that a direction has;
    `told`: words name the facets (else they are only like kept questions);
    `questions`: where it is put in several, each by itself; `figures`: the amounts and shares that it tells;
    `first`: what is said before the rest: of a plain name and facet the provisions that a word of it names, and where
    it is asked of each of several branches those that answer for them.
    """

    topics: tuple[str, ...]
    facets: tuple[str, ...]
    provisions: dict[str, float] = field(default_factory=dict)
    alike: dict[str, float] = field(default_factory=dict)
    contacts: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    told: bool = False
    questions: tuple[Question, ...] = ()
    figures: tuple[str, ...] = ()
    first: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Intent:
    """What a message wants.

    `near`: districts named beside a phone; `only`: the offices of a district that were picked out; `space`: it is
    about commercial space, for which one district prints a mailbox of its own; `figure`: the one by which
    directions are asked for, or how they are compared (highest, lowest, each); `people`: who was named beside a phone;
    `checks`: somebody was named, rightly, to be confirmed for a district; `one_phone`: it is asked whether people have
    the same; `partly`: only a part of the message is of
    another matter; `by_surname`: people are called by no more than that; `shared`: the place that all
    the districts have.
    """

    kind: Kind
    asks: tuple[Ask, ...] = ()
    ids: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    elsewhere: Elsewhere | None = None
    confidence: float = 1.0
    strange: float = 0.0
    near: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    space: bool = False
    figure: str = ""
    people: tuple[str, ...] = ()
    checks: bool = False
    one_phone: bool = False
    partly: bool = False
    by_surname: bool = False
    shared: str = ""
