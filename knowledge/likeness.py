"""How like a text is to the whole questions that editors keep: of provisions, of facets, of what lies elsewhere.

Words decide where they are known (`lexicon.py`); where people say it in words that no list holds, the nearest kept
questions vote. An entry is a provision (`8:cap`), a topic's facet (`8.contact`), a facet alone (`facet.rate`), or a
matter that is not ours (`no.recognition`). Several phrasings lead to one entry; its likeness is its best one's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.guide import Guide, Provision
from knowledge.index import Index, index
from knowledge.spelling import Speller
from knowledge.words import Words

NEAREST = 24
"""Entries that may vote."""


@dataclass(frozen=True)
class Liked:
    """The entries like a text, by what they speak of, each with its likeness (0…1)."""

    provisions: Mapping[str, float]
    topics: Mapping[str, float]
    facets: Mapping[str, float]
    elsewhere: Mapping[str, float]


@dataclass(frozen=True)
class Likeness:
    """The index over the kept questions, and what each of its entries speaks of."""

    index: Index
    speaks_of: Mapping[str, tuple[str, str, str, str]]

    def of(self, folded: str) -> Liked:
        """What a folded text is like."""
        found: tuple[dict[str, float], ...] = ({}, {}, {}, {})
        for entry, score in self.index.search(folded, NEAREST):
            for held, key in zip(found, self.speaks_of[entry], strict=True):
                if key:
                    held[key] = max(held.get(key, 0.0), score)
        return Liked(*found)


def likeness(
    guide: Guide, provisions: Iterator[tuple[str, str, Provision]], words: Words, speller: Speller
) -> Likeness:
    """The likeness tables of a guide and its people's words."""
    questions: list[tuple[str, str]] = []
    speaks_of: dict[str, tuple[str, str, str, str]] = {}
    for name, topic, provision in provisions:
        speaks_of[name] = (name, topic, provision.facet, "")
        questions += ((name, one) for one in (provision.say, *provision.asks))
    for entry, phrasings in guide.phrasings.items():
        if entry not in speaks_of:
            topic, _, facet = entry.partition(".")
            speaks_of[entry] = ("", topic, facet, "")
        questions += ((entry, one) for one in phrasings)
    for facet, asks in words.facet_asks.items():
        speaks_of[f"facet.{facet}"] = ("", "", facet, "")
        questions += ((f"facet.{facet}", one) for one in asks)
    for matter, asks in words.elsewhere_asks.items():
        speaks_of[f"no.{matter}"] = ("", "", "", matter)
        questions += ((f"no.{matter}", one) for one in asks)
    return Likeness(index((entry, speller.fold(text)) for entry, text in questions), speaks_of)
