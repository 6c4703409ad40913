"""How people speak, as models: the words of facets, places, fillers, small talk and of what lies elsewhere.

The words stand in YAML beside this file; an editor adds one in one line.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from knowledge.guide import Facet
from knowledge.rules import Model
from knowledge.tellings import Replies


class FacetWords(Model):
    """Words that tell a facet by themselves, that only hint at it, and that count where no strong one is.

    `forms`: regular expressions over a folded part of a message that tell the facet as a strong word does.
    """

    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


class Places(Model):
    """Everyday places that lie in one district beyond doubt, such as two districts have, and places outside Beijing.

    `shared`: a place with the names of its districts; both are answered, and neither is taken for told.
    """

    beijing: dict[str, tuple[str, ...]]
    shared: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    outside: tuple[str, ...]


class Elsewhere(Model):
    """A matter that the guide does not treat: by which words it is known, and the sentence that says so."""

    id: str
    say: str
    to: str = "policy"
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


class ElsewhereWords(Model):
    """`policy`: another policy, year or place; `matter`: asked of a topic of ours, but the guide is silent on it."""

    policy: tuple[Elsewhere, ...]
    matter: tuple[Elsewhere, ...]


class CommandWords(Model):
    """What steers an interview: `whole` messages, and what opens, corrects or parts `within` a message."""

    whole: dict[
        Literal[
            "back", "sheet", "restart", "stop", "resume", "why", "change", "told", "other", "all", "whom", "standing",
            "person", "person_yes", "no_person", "helped", "not_helped", "grounds", "hears_no", "in_that_case",
            "line_of_work", "erase",
        ],
        tuple[str, ...],
    ]  # fmt: skip
    within: dict[
        Literal[
            "assess", "what", "whether", "firmly", "maybe", "another", "several", "impatient", "keep", "take",
            "around_a_value", "asks_again", "what_there_is", "which_kinds", "how_many_directions",
            "of_a_chapter", "of_all_directions",
        ],
        tuple[str, ...],
    ]  # fmt: skip


class Words(Model):
    """All words of one knowledge folder."""

    facets: dict[Facet, FacetWords]
    fillers: dict[str, tuple[str, ...]]
    places: Places
    elsewhere: ElsewhereWords
    facet_asks: dict[Facet, tuple[str, ...]]
    elsewhere_asks: dict[str, tuple[str, ...]]
    smalltalk: dict[str, tuple[str, ...]]
    variants: dict[str, tuple[str, ...]]
    replies: Replies
    commands: CommandWords
