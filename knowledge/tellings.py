"""How people tell facts, as models: the phrases of `tellings.yaml`, and how a phrase is looked for.

A phrase is written as people say it. `…` stands for up to twelve characters of the same clause, `(甲|乙)` for either,
`(甲|)` for one that may be missing, `{市级}` for any word of that group. Letters and digits stand for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from operator import add
from typing import Literal, NamedTuple

from pydantic import Field

from knowledge.rules import Model
from knowledge.spelling import LATELY

Phrases = tuple[str, ...]
Verb = Literal["spend", "invest", "sell"]

_EITHER = re.compile(r"\(\?:([^()]*)\)")
_GAP = r"[^,;。!?:]{0,12}?"
_TOKEN = re.compile(r"…|\{[^{}]*\}|[()|]|[^…{}()|]+")


class Bool(Model):
    """Phrases that say yes, no, or neither (`but`: the others give way); a negated yes is a no if it `flips`."""

    yes: Phrases = ()
    no: Phrases = ()
    but: Phrases = ()
    flips: bool = True
    if_asked: dict[Literal["yes", "no"], Phrases] = Field(default_factory=dict)


class Figure(Model):
    """Nouns beside which a sum or share stands, or things that money was spent, invested or sold on (`by`).

    `where`: only in a story that has one of these words; `year`: not with another year beside it; `each`: never a sum
    over several; `all`: never one of several; `net`: only where 不含税 is said; `none`: phrases that say 0.
    """

    nouns: Phrases = ()
    things: Phrases = ()
    by: Verb | None = None
    where: Phrases = ()
    unless: Phrases = ()
    year: int | None = None
    each: bool = False
    all: bool = False
    net: bool = False
    none: Phrases = ()
    same: dict[str, Phrases] = Field(default_factory=dict)


class Event(Model):
    """What happened on the day that is told; `never`: phrases that say it has not (for a year: 0)."""

    events: Phrases
    where: Phrases = ()
    unless: Phrases = ()
    never: Phrases = ()


class Counted(Model):
    """Measure words and what is counted by them."""

    units: Phrases
    things: Phrases = ()
    where: Phrases = ()


class Place(Model):
    """Words around a place that make it the seat, only a site, or somebody else's."""

    seat: Phrases
    site: Phrases
    others: Phrases


class Implied(Model):
    """A fact that follows from a told one without doubt."""

    fact: str
    value: bool | str
    then: dict[str, bool | str]


class Unsettled(Model):
    """What is told of a fact and settles nothing, because the guide leaves it open: the doubt that says so."""

    doubt: str
    says: Phrases
    where: Phrases = ()
    unless: Phrases = ()


class Tellings(Model):
    """All phrases of one guide by which a story's facts are known."""

    groups: dict[str, Phrases]
    bools: dict[str, Bool]
    choices: dict[str, dict[str, Phrases]]
    figures: dict[str, Figure]
    strange: Phrases
    traps: Phrases
    verbs: dict[Verb, Phrases]
    dates: dict[str, Event]
    date_traps: Phrases
    years: dict[str, Event]
    spans: dict[str, Phrases]
    counts: dict[str, Counted]
    place: Place
    implied: tuple[Implied, ...]
    unsettled: dict[str, Unsettled]
    breaks: Phrases
    spoken_of: dict[str, str]


class Replies(Model):
    """How people answer any question: yes, no, not known, with doubt, or by asking back."""

    yes: Phrases
    no: Phrases
    unknown: Phrases
    doubt: Phrases
    asks: Phrases


class BadPhrase(ValueError):
    """A phrase that can't be looked for; the message says in Chinese what would be right."""


class Phrase(NamedTuple):
    """A phrase ready to be looked for: pieces of which one must stand in the text, and the whole as a pattern."""

    anchors: tuple[str, ...]
    pattern: str

    @property
    def plain(self) -> bool:
        """Whether it stands for itself and nothing else."""
        return self.anchors == (self.pattern,)

    def may_stand(self, text: str) -> bool:
        """Whether one of its pieces stands in a folded text."""
        return any(anchor in text for anchor in self.anchors)

    def spots(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a folded text, as (start, end)."""
        if self.may_stand(text):
            yield from (match.span() for match in compiled(self.pattern).finditer(text))


class Ready(tuple[Phrase, ...]):
    """Phrases ready to be looked for together, on a shelf with those that are looked for in the same texts."""

    place: int
    """Where they stand on their shelf."""

    @cached_property
    def shelf(self) -> Shelf:
        """Their shelf: their own, unless they were put beside others."""
        return Shelf([self])

    @cached_property
    def plain(self) -> frozenset[str]:
        """Those that stand for themselves and nothing else."""
        return frozenset(one.pattern for one in self if one.plain)

    @cached_property
    def shaped(self) -> Ready:
        """The others."""
        return Ready(one for one in self if not one.plain)

    @cached_property
    def longest(self) -> int:
        """Letters beyond which a text is none of these others."""
        return max((len(_longest(one.pattern)) for one in self.shaped), default=0)

    def standing(self, text: str) -> Sequence[str]:
        """The patterns of those whose anchors stand in a folded text, in their order."""
        return _standing_on(self.shelf, text).get(self.place, ()) if self else ()


class Shelf:
    """Groups of phrases that are looked for in the same texts: one look finds what of all of them may stand in one."""

    def __init__(self, groups: Iterable[Ready]) -> None:
        self.groups = tuple(groups)
        for place, group in enumerate(self.groups):
            group.shelf, group.place = self, place

    @cached_property
    def _led(self) -> Mapping[str, Mapping[str, list[tuple[int, int, str]]]]:
        """Their anchors by how these begin, each with its phrases: place of the group, place in it, pattern."""
        led: dict[str, dict[str, list[tuple[int, int, str]]]] = {}
        for place, group in enumerate(self.groups):
            for at, (anchors, pattern) in enumerate(group):
                for anchor in anchors:
                    led.setdefault(anchor[:2], {}).setdefault(anchor, []).append((place, at, pattern))
        return led

    def standing(self, text: str) -> Mapping[int, Sequence[str]]:
        """By the places of the groups the patterns whose anchors stand in a folded text, in their order."""
        return _standing_on(self, text)

    def _standing(self, text: str) -> Mapping[int, Sequence[str]]:
        led = self._led
        begun = [led[start] for start in led.keys() & pieces_of(text)]
        found = {one for anchors in begun for anchor, held in anchors.items() if anchor in text for one in held}
        standing: dict[int, list[str]] = {}
        for place, _, pattern in sorted(found):
            standing.setdefault(place, []).append(pattern)
        return standing


@lru_cache(LATELY)
def _standing_on(shelf: Shelf, text: str) -> Mapping[int, Sequence[str]]:
    return shelf._standing(text)


@lru_cache(LATELY)
def pieces_of(text: str) -> frozenset[str]:
    """The characters of a text, its neighbouring pairs and nothing: with one of them begins all that stands in it."""
    return frozenset(("", *text, *map(add, text, text[1:])))


def spots(phrases: Iterable[Phrase], text: str) -> list[tuple[int, int]]:
    """Where some phrases stand in a folded text, phrase by phrase; there are thousands, and few of their anchors do."""
    standing = _standing(phrases, text)
    return [match.span() for pattern in standing for match in compiled(pattern).finditer(text)] if standing else []


def stands(phrases: Iterable[Phrase], text: str) -> bool:
    """Whether one of some phrases stands in a folded text."""
    return any(compiled(pattern).search(text) for pattern in _standing(phrases, text))


def _longest(pattern: str) -> str:
    """A phrase's pattern with the longest of each of its alternatives; no shorter than what it stands for."""
    while (shorter := _EITHER.sub(lambda found: max(found[1].split("|"), key=len), pattern)) != pattern:
        pattern = shorter
    return pattern


def is_one(phrases: Ready, text: str) -> bool:
    """Whether a folded text is one of some phrases from its beginning to its end."""
    if text in phrases.plain or len(text) > phrases.longest:
        return text in phrases.plain
    return any(compiled(pattern).fullmatch(text) for pattern in phrases.shaped.standing(text))


def _standing(phrases: Iterable[Phrase], text: str) -> Sequence[str]:
    if isinstance(phrases, Ready):
        return phrases.standing(text)
    return [one.pattern for one in phrases if one.may_stand(text)]


class Index:
    """Which of many named sets of groups may stand in a text: those of which an anchor does; all are of one shelf."""

    def __init__(self, named: Mapping[str, Iterable[Ready]]) -> None:
        self.names = tuple(named)
        groups = [(group, at) for at, own in enumerate(named.values()) for group in own if group]
        self._shelf = groups[0][0].shelf if groups else Shelf(())
        self._at = {group.place: at for group, at in groups}

    def near(self, text: str) -> list[str]:
        """The names of the sets that are worth looking through, in their order."""
        at = self._at
        found = {at[place] for place in at.keys() & self._shelf.standing(text).keys()}
        return [self.names[place] for place in sorted(found)]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, made when it is first needed: most phrases' anchors never turn up."""
    return re.compile(pattern)


def phrase(text: str, groups: Mapping[str, Iterable[str]], fold: Callable[[str], str]) -> Phrase:
    """A phrase as its editor wrote it, made ready; BadPhrase where brackets or a group are wrong."""
    pattern, depth = "", 0
    pieces: list[tuple[str, ...]] = [("",)]
    """Of each of these one must stand in the text."""
    either = [""]
    for token in _TOKEN.findall(text):
        if token == "…":
            pattern += _GAP
        elif token.startswith("{"):
            pattern += _group(token[1:-1], groups, fold)
            if not depth:
                pieces.append(tuple(map(fold, groups[token[1:-1]])))
        elif token in "()|":
            either = either if depth else [""]
            depth += {"(": 1, ")": -1, "|": 0}[token]
            pattern += {"(": "(?:", ")": ")", "|": "|"}[token]
            if token == "|" and depth == 1:
                either.append("")
            if not depth:
                pieces.append(tuple(either))
        else:
            piece = fold(token)
            pattern += _bounded(piece)
            if not depth:
                pieces.append((piece,))
            elif depth == 1:
                either[-1] = max(either[-1], piece, key=len)
    if depth or "".join(_TOKEN.findall(text)) != text:
        raise BadPhrase(f"“{text}”里的括号不成对")
    anchors = max(pieces, key=lambda either: (min(map(len, either), default=0), -len(either)))
    if not any(anchors) and not pattern:
        raise BadPhrase("有一个空的说法，请删去")
    return Phrase(anchors, pattern)


def _group(name: str, groups: Mapping[str, Iterable[str]], fold: Callable[[str], str]) -> str:
    if name not in groups:
        raise BadPhrase(f"没有叫“{name}”的词组，现有：{'、'.join(groups)}")
    return "(?:" + "|".join(re.escape(fold(word)) for word in sorted(groups[name], key=len, reverse=True)) + ")"


def _bounded(piece: str) -> str:
    """Letters and digits at the ends are not the middle of longer ones (EDA is not in median, 64 not in 164)."""
    before = "(?<![a-z0-9.])" if piece[:1].isascii() and piece[:1].isalnum() else ""
    after = "(?![a-z0-9])" if piece[-1:].isascii() and piece[-1:].isalnum() else ""
    return before + re.escape(piece) + after
