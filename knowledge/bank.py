"""The bank of whole questions that editors keep, and what was learnt from it.

An entry is a provision (`8:cap`), a topic's facet (`8.contact`), a facet alone, or a matter that is not ours
(`no.recognition`). Three things are told apart, each by a model of its own: which topic a text is about (or which
matter that is not ours), which facet it asks for, and, once the direction is known, which entry of it is meant. A
fourth hears what is asked behind the names, and tells only whether that is ours at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from knowledge.guide import Guide, Provision
from knowledge.learning import Cut, Example, Learnt, Pool, learn, pieces, strongest_of
from knowledge.lexicon import Lexicon
from knowledge.spelling import LATELY, Speller
from knowledge.words import Words

NOT_OURS = "no."
"""How the classes begin that stand for matters outside the guide."""
OURS, THEIRS = "ours", "theirs"
"""The two sides: what is asked of the guide, and of anything else."""
GENERAL = "general"
"""The group of all general rules."""
MANY = 300
"""Texts after which a process is one that reads many: as long as these took, it takes to be quicker from then on."""


class Likeness(Protocol):
    """What a text is like."""

    @property
    def topics(self) -> Mapping[str, float]:
        """Directions, branches and rules."""

    @property
    def elsewhere(self) -> Mapping[str, float]:
        """Matters that are not ours."""

    @property
    def facets(self) -> Mapping[str, float]:
        """What is asked for."""

    @property
    def beyond(self) -> float:
        """How much more what is asked is like questions of other matters than like ours."""


@dataclass(frozen=True, eq=False)
class Liked:
    """What a folded text is like; each likeness is reckoned when it is first asked for, as most never are."""

    bank: Bank
    folded: str

    @cached_property
    def topics(self) -> Mapping[str, float]:
        """Directions, branches and rules."""
        theirs = self.bank.matters
        return {name: score for name, score in self._matters.items() if name not in theirs}

    @cached_property
    def elsewhere(self) -> Mapping[str, float]:
        """Matters that are not ours."""
        theirs = self.bank.matters
        return {theirs[name]: score for name, score in self._matters.items() if name in theirs}

    @cached_property
    def facets(self) -> Mapping[str, float]:
        """What is asked for."""
        return self.bank.facets.scores(self._pieces)

    @cached_property
    def beyond(self) -> float:
        """How much more what is asked is like questions of other matters than like ours, whatever the names in it."""
        veiled = self.bank.lexicon.veiled(self.folded)
        sides = self.bank.sides.scores(pieces(veiled, self.bank.speller))
        return sides.get(THEIRS, 0.0) - sides.get(OURS, 0.0)

    @cached_property
    def _matters(self) -> Mapping[str, float]:
        return self.bank.topics.scores(self._pieces)

    @property
    def _pieces(self) -> Mapping[str, float]:
        return pieces(self.folded, self.bank.speller)


@dataclass(frozen=True, eq=False)
class Bank:
    """What was learnt from the kept questions; `group_of` says which topics' entries are told apart together."""

    speller: Speller
    lexicon: Lexicon
    topics: Learnt
    facets: Learnt
    sides: Learnt
    entries: Mapping[str, Learnt]
    group_of: Mapping[str, str]

    @cached_property
    def matters(self) -> Mapping[str, str]:
        """The classes that stand for matters which are not ours, each with its matter."""
        return {name: name.removeprefix(NOT_OURS) for name in self.topics.classes if name.startswith(NOT_OURS)}

    def likes(self, folded: str) -> Liked:
        """What a folded text is like."""
        return _likes(self, folded)

    def hasten(self) -> None:
        """For a process that reads many texts: what takes a while now and is quicker then; the same comes out."""
        for learnt in (self.topics, self.facets, self.sides, *self.entries.values()):
            learnt.hasten()

    def entries_like(self, topic: str, texts: Iterable[str]) -> dict[str, float]:
        """The entries of a topic's direction (or of the general rules) that some folded texts are like."""
        return strongest_of(_entries(self, self.group_of[topic], text) for text in texts)


@lru_cache(LATELY)
def _entries(bank: Bank, group: str, text: str) -> Mapping[str, float]:
    return bank.entries[group].scores(pieces(text, bank.speller))


@lru_cache(LATELY)
def _likes(bank: Bank, folded: str) -> Liked:
    if _likes.cache_info().misses == MANY:
        bank.hasten()
    return Liked(bank, folded)


def bank(
    guide: Guide, provisions: Iterator[tuple[str, str, Provision]], words: Words, speller: Speller, lexicon: Lexicon
) -> Bank:
    """The bank of a guide and its people's words."""
    topic_of: dict[str, tuple[str, str]] = {}
    questions: list[Example] = []
    sides: list[Example] = []
    pool = Pool()

    def cut(text: str, side: str) -> Cut:
        folded = speller.fold(text)
        veiled = lexicon.veiled(folded)
        made = pool.cut(pieces(folded, speller))
        sides.append((side, made if veiled == folded else pool.cut(pieces(veiled, speller))))
        return made

    for name, topic, provision in provisions:
        topic_of[name] = (topic, provision.facet)
        questions += ((name, cut(text, OURS)) for text in (provision.say, *provision.asks))
    for entry, phrasings in guide.phrasings.items():
        if entry not in topic_of:
            topic, _, facet = entry.partition(".")
            topic_of[entry] = (topic, facet)
        questions += ((entry, cut(text, OURS)) for text in phrasings)
    others = [(NOT_OURS + matter, cut(text, THEIRS)) for matter, asks in words.elsewhere_asks.items() for text in asks]
    alone = [(str(facet), cut(text, OURS)) for facet, asks in words.facet_asks.items() for text in asks]
    numbers = pool.settled()
    group_of = {topic: d.direction for topic, d in guide.direction_of.items()} | {r.id: GENERAL for r in guide.rules}
    grouped: dict[str, list[Example]] = defaultdict(list)
    for entry, found in questions:
        grouped[group_of[topic_of[entry][0]]].append((entry, found))
    return Bank(
        speller,
        lexicon,
        learn([*((topic_of[entry][0], found) for entry, found in questions), *others], numbers),
        learn([*((topic_of[entry][1], found) for entry, found in questions), *alone], numbers),
        learn(sides, numbers),
        {group: learn(own, numbers) for group, own in grouped.items()},
        group_of,
    )
