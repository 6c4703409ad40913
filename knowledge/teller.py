"""The tables by which told facts are known: one guide's tellings, with every phrase made ready to be looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from knowledge.guide import Fact, Guide
from knowledge.spelling import LATELY, Speller
from knowledge.tellings import (
    BadPhrase,
    Bool,
    Counted,
    Event,
    Figure,
    Implied,
    Index,
    Ready,
    Replies,
    Shelf,
    Tellings,
    Unsettled,
    Verb,
    compiled,
    phrase,
)
from knowledge.words import Places

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000]+(?=[\u3400-\u9fff])")


@dataclass(frozen=True)
class ReadyBool:
    """A yes-or-no fact's phrases."""

    yes: Ready
    no: Ready
    but: Ready
    flips: bool
    if_asked: Mapping[bool, Ready]


@dataclass(frozen=True)
class ReadyFigure:
    """A figure's phrases, with its rules."""

    rules: Figure
    nouns: Ready
    things: Ready
    where: Ready
    unless: Ready
    none: Ready
    same: Mapping[str, Ready]


@dataclass(frozen=True)
class ReadyEvent:
    """A day's phrases."""

    events: Ready
    where: Ready
    unless: Ready
    never: Ready


@dataclass(frozen=True)
class ReadyCount:
    """A count's phrases."""

    units: frozenset[str]
    things: Ready
    where: Ready


@dataclass(frozen=True)
class ReadyUnsettled:
    """The phrases that tell of a fact what settles nothing, and the doubt that says so."""

    doubt: str
    says: Ready
    where: Ready
    unless: Ready


@dataclass(frozen=True)
class Seats:
    """Districts by the places in them, places outside, and the words around them."""

    districts: Mapping[str, str]
    outside: frozenset[str]
    pattern: str
    seat: Ready
    site: Ready
    others: Ready

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """The places named in a folded text, longest first where several begin alike."""
        return compiled(self.pattern).finditer(text)


@dataclass(frozen=True, repr=False, eq=False)
class Teller:
    """All of it; part of the library (`library.teller`)."""

    speller: Speller
    facts: Mapping[str, Fact]
    bools: Mapping[str, ReadyBool]
    choices: Mapping[str, Mapping[str, Ready]]
    figures: Mapping[str, ReadyFigure]
    strange: Ready
    traps: Ready
    verbs: Mapping[Verb, Ready]
    dates: Mapping[str, ReadyEvent]
    date_traps: Ready
    years: Mapping[str, ReadyEvent]
    spans: Mapping[str, Ready]
    counts: Mapping[str, ReadyCount]
    seats: Seats
    implied: tuple[Implied, ...]
    breaks: tuple[date, ...]
    replies: Mapping[str, Ready]
    unsettled: Mapping[str, ReadyUnsettled]
    spoken_of: Mapping[str, str]

    @cached_property
    def told_bools(self) -> Index:
        """Where to look for what is told with yes or no."""
        return Index({key: (told.yes, told.no, told.but) for key, told in self.bools.items()})

    @cached_property
    def told_choices(self) -> Index:
        """Where to look for choices."""
        return Index({key: words.values() for key, words in self.choices.items()})

    @cached_property
    def told_figures(self) -> Index:
        """Beside which words to look for sums and shares."""
        return Index({key: (told.nouns, told.things) for key, told in self.figures.items()})

    @cached_property
    def told_nothing(self) -> Index:
        """Where to look for figures of which it is said that there are none."""
        return Index({key: (told.none,) for key, told in self.figures.items()})

    @cached_property
    def told_dates(self) -> Index:
        """Beside which words to look for days."""
        return Index({key: (told.events,) for key, told in self.dates.items()})

    @cached_property
    def told_years(self) -> Index:
        """Beside which words to look for years."""
        return Index({key: (told.events, told.never) for key, told in self.years.items()})

    @cached_property
    def told_spans(self) -> Index:
        """Beside which words to look for lengths of time."""
        return Index({key: (words,) for key, words in self.spans.items()})

    @cached_property
    def left_open(self) -> Index:
        """Where to look for what settles nothing."""
        return Index({key: (told.says,) for key, told in self.unsettled.items()})

    def letters(self, text: str) -> str:
        """A text in the spelling in which it is read: folded, lines and gaps between words as marks."""
        return _letters(self, text)

    def _letters(self, text: str) -> str:
        text = _THOUSANDS.sub("", text.replace("\r", "\n"))
        text = _SPACED.sub(",", text.strip().replace("\n", "。"))
        return self.speller.fold(text)


@lru_cache(LATELY)
def _letters(teller: Teller, text: str) -> str:
    return teller._letters(text)


def teller(guide: Guide, tellings: Tellings, replies: Replies, places: Places, speller: Speller) -> Teller:
    """The teller of a guide; BadPhrase where a phrase can't be looked for."""
    ready = _Maker(tellings, speller)
    made = Teller(
        speller,
        {fact.key: fact for fact in guide.facts},
        {key: ready.bool_(told) for key, told in tellings.bools.items()},
        {key: {value: ready.all(words) for value, words in told.items()} for key, told in tellings.choices.items()},
        {key: ready.figure(told) for key, told in tellings.figures.items()},
        ready.all(tellings.strange),
        ready.all((*tellings.traps, *tellings.strange)),
        {verb: ready.all(words) for verb, words in tellings.verbs.items()},
        {key: ready.event(told) for key, told in tellings.dates.items()},
        ready.all(tellings.date_traps),
        {key: ready.event(told) for key, told in tellings.years.items()},
        {key: ready.all(words) for key, words in tellings.spans.items()},
        {key: ready.count(told) for key, told in tellings.counts.items()},
        _seats(guide, places, tellings, ready),
        tellings.implied,
        tuple(date.fromisoformat(day) for day in tellings.breaks),
        {name: ready.all(getattr(replies, name)) for name in ("yes", "no", "unknown", "doubt", "asks")},
        {key: ready.unsettled(told) for key, told in tellings.unsettled.items()},
        tellings.spoken_of,
    )
    Shelf(ready.made)  # a story is looked through once for all of them
    return made


def telling_faults(guide: Guide, tellings: Tellings, speller: Speller) -> Iterator[tuple[tuple[str, ...], str]]:
    """What an editor wrote that means nothing: (path in the file, what would be right)."""
    kinds = {"bools": "bool", "choices": "choice", "figures": "number", "dates": "date", "years": "number"}
    kinds |= {"spans": "number", "counts": "number"}
    facts = {fact.key: fact for fact in guide.facts}
    for section, kind in kinds.items():
        for key in getattr(tellings, section):
            if key not in facts:
                yield (section, key), f"没有叫“{key}”的事实，键在facts.yaml里"
            elif facts[key].kind != kind:
                yield (section, key), f"“{key}”不是这一类事实，facts.yaml里它的kind是{facts[key].kind}"
    for key, told in tellings.choices.items():
        for value in told:
            if key in facts and value not in (*facts[key].choices, "but"):
                yield ("choices", key, value), f"“{key}”没有“{value}”这个选择，可选：{'、'.join(facts[key].choices)}"
    doubts = {doubt.ambiguity.id for book in guide.book.branches.values() for doubt in book.doubts}
    for key, open_ in tellings.unsettled.items():
        if key not in facts:
            yield ("unsettled", key), f"没有叫“{key}”的事实，键在facts.yaml里"
        if open_.doubt not in doubts:
            yield ("unsettled", key, "doubt"), f"没有叫“{open_.doubt}”的存疑，编号在rules里"
    ready = _Maker(tellings, speller)
    for path, words in _phrases(tellings.model_dump(), ()):
        try:
            ready.all(words)
        except BadPhrase as bad:
            yield path, str(bad)


def _phrases(data: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if path or key not in ("implied", "breaks"):
                yield from _phrases(value, (*path, str(key)))
    elif isinstance(data, tuple) and all(isinstance(one, str) for one in data):
        yield path, data


class _Maker:
    """Makes phrases ready with the groups and the spelling of one file."""

    def __init__(self, tellings: Tellings, speller: Speller) -> None:
        self.groups, self.fold = tellings.groups, speller.fold
        self.made = list[Ready]()

    def all(self, words: Iterable[str]) -> Ready:
        self.made.append(made := Ready(phrase(word, self.groups, self.fold) for word in words))
        return made

    def bool_(self, told: Bool) -> ReadyBool:
        asked = {value == "yes": self.all(words) for value, words in told.if_asked.items()}
        return ReadyBool(self.all(told.yes), self.all(told.no), self.all(told.but), told.flips, asked)

    def figure(self, told: Figure) -> ReadyFigure:
        same = {key: self.all(words) for key, words in told.same.items()}
        nouns, things, where, unless, none = map(
            self.all, (told.nouns, told.things, told.where, told.unless, told.none)
        )
        return ReadyFigure(told, nouns, things, where, unless, none, same)

    def event(self, told: Event) -> ReadyEvent:
        return ReadyEvent(*(self.all(words) for words in (told.events, told.where, told.unless, told.never)))

    def unsettled(self, told: Unsettled) -> ReadyUnsettled:
        return ReadyUnsettled(told.doubt, self.all(told.says), self.all(told.where), self.all(told.unless))

    def count(self, told: Counted) -> ReadyCount:
        return ReadyCount(frozenset(told.units), self.all(told.things), self.all(told.where))


def _seats(guide: Guide, places: Places, tellings: Tellings, ready: _Maker) -> Seats:
    fold = ready.fold
    districts = {fold(place): name for name, held in places.beijing.items() for place in held}
    districts |= {fold(district.name): district.name for district in guide.districts if district.name in places.beijing}
    districts |= {fold(name): name for name in places.beijing}
    outside = frozenset(fold(place) for place in places.outside)
    words = sorted({*districts, *outside}, key=len, reverse=True)
    place = tellings.place
    return Seats(
        districts,
        outside,
        "|".join(map(re.escape, words)),
        ready.all(place.seat),
        ready.all(place.site),
        ready.all(place.others),
    )
