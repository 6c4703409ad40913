"""The entries of a topic that a message is like, and the facets that these tell."""

from __future__ import annotations

from dialogs.hearing import LONG, Heard
from dialogs.library import Library
from knowledge.learning import strongest_of

PART_FLOOR, PART = 0.4, 0.8
"""Likeness from which the entry that a part of a message is most like is meant too, and what it then weighs of the best
one's."""
ENTRY_FLOOR, ENTRY_NEAR = 0.3, 0.75
"""Likeness from which an entry of the topic tells the facet, and its share of the best one's."""


def alike_in(topic: str, whole: Heard, library: Library) -> dict[str, float]:
    """The entries of a topic that the asking segments, or a short message as a whole, are like."""
    texts = [one.text for one in whole.asking[:4]]
    if len(whole.folded) <= LONG:
        texts.append(whole.folded)
    likes = [library.finder.bank.entries_like(topic, [text]) for text in dict.fromkeys(texts)]
    alike = strongest_of(likes)
    strongest = max(alike.values(), default=0.0)
    for like in likes:
        best = max(like, key=lambda entry: like[entry], default="")
        if best and like[best] >= PART_FLOOR:
            alike[best] = max(alike[best], PART * strongest)
    return alike


def facets_of(alike: dict[str, float], library: Library) -> dict[str, float]:
    """The facets of the entries that a text is like, where one stands out."""
    facets: dict[str, float] = {}
    best = max(alike.values(), default=0.0)
    for entry, score in alike.items():
        if score >= max(ENTRY_FLOOR, ENTRY_NEAR * best):
            facet = library.stated[entry].provision.facet if entry in library.stated else entry.partition(".")[2]
            facets[facet] = max(facets.get(facet, 0.0), score)
    return facets
