"""Search as you type over entries of any kind: by characters, pinyin, initials, digits, and all of these mixed.

An entry has names (what it is called) and words (what is said in it). Both are indexed by postings: single characters
and pairs, and the first one to three letters of whatever could be typed from any syllable on. What is typed is cut
into tokens; an entry counts by how many tokens it answers, then by how well (`QUALITY`), then by its kind, then by
its place. There is nothing else in the order, so that it can be explained and stays the same.
"""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.syllables import folded, grams, heads, joined, lettered, scripts, typed

KINDS = (
    "direction", "district", "office", "person", "rule", "branch", "topic", "attachment", "provision", "term",
    "clause", "canned", "phrasing", "ticket",
)  # fmt: skip
"""The order of kinds where all else is the same."""
_ORDER = {kind: at for at, kind in enumerate(KINDS)}
OUTSIDE = KINDS[-3:]
"""The kinds that are not the guide's."""

QUALITY = {"whole": 100, "begins": 80, "inside": 60}
"""A token is a whole name, begins one, or stands inside one."""
IN_WORDS = {"provision": 0.5, "term": 0.5}
"""What a place in an entry's words counts beside the same place in its names; other kinds 0.45."""
BORROWED = {"topic": 0.85, "provision": 0.85, "term": 0.85}
"""What a name counts that an entry has from what it stands under."""
CHIEF = 4
"""On top where it begins the first of an entry's names."""
BY = {"characters": 5, "pinyin": 0, "initials": -12}
SHORT = 2
"""Letters of a token up to which pinyin and initials can't be told apart."""
LONGEST_QUERY = 64
MOST_TOKENS = 8
MOST_OTHERS = 120
"""Entries from outside that are looked at closely for one keystroke, newest first."""
LOOKED_THROUGH = 1500
REMEMBERED = 400


Numbers = NDArray[np.uint32]
NOTHING: Numbers = np.array([], dtype=np.uint32)


@dataclass(frozen=True)
class Entry:
    """Something to be found; its `id` begins with its kind.

    `names`: what it is called, a phone or number too; `words`: sentences about it; `under`: what it stands under.
    `says`, `link`: what is shown of an entry that is not the guide's (a ticket, a canned text).
    """

    id: str
    title: str
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    under: str = ""
    says: str = ""
    link: str = ""

    @property
    def kind(self) -> str:
        """direction, district, person … or ticket, canned, phrasing."""
        return self.id.split(":", 1)[0]


@dataclass(frozen=True)
class Matched:
    """How an entry answers one token: where (whole, begins, inside; of its names or its words) and by what."""

    token: str
    where: str
    named: bool
    by: str
    quality: float


@dataclass(frozen=True)
class Found:
    """An entry with the tokens that it answers."""

    entry: Entry
    matched: tuple[Matched, ...]

    @property
    def quality(self) -> float:
        """The sum over the tokens."""
        return sum(one.quality for one in self.matched)


@dataclass(frozen=True)
class Answer:
    """What was found, best first, and the tokens that the first does not answer."""

    found: tuple[Found, ...]
    tokens: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass
class _Text:
    """A text of one or several entries: as characters and as letters; whose it is, as names or as words."""

    text: str
    letters: str
    named: dict[int, None] = field(default_factory=dict)
    worded: dict[int, None] = field(default_factory=dict)


@dataclass
class _Part:
    """The texts of some entries with their postings; a text that is gone stays in the postings and is passed over."""

    texts: dict[int, _Text] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    postings: dict[str, array[int]] = field(default_factory=dict)
    made: int = 0

    def add(self, text: str, entry: int, *, named: bool) -> int:
        """Put an entry's text in; the number of the text."""
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = self.made
            self.made += 1
            letters = lettered(text)
            self.texts[number] = _Text(text, letters)
            for key in grams(text) | heads(letters):
                held_by = self.postings.get(key)
                if held_by is None:
                    held_by = self.postings[key] = array("I")
                held_by.append(number)
        held = self.texts[number]
        (held.named if named else held.worded)[entry] = None
        return number

    def drop(self, number: int, entry: int) -> None:
        """Take an entry's text out."""
        held = self.texts[number]
        held.named.pop(entry, None)
        held.worded.pop(entry, None)
        if not held.named and not held.worded:
            del self.texts[number], self.numbers[held.text]

    def holding(self, token: str) -> Numbers:
        """The numbers of the texts in which a token may stand, oldest first."""
        lists = [self.postings.get(key) for key in _keys(token)]
        if not all(lists):
            return NOTHING
        return _common([np.array(one, dtype=np.uint32) for one in lists if one])


def _keys(token: str) -> list[str]:
    """The postings that all hold a token."""
    if token[0].isascii() and token[0].isalpha():
        return ["^" + token] if len(token) == 1 else [token[:3]]
    if len(token) == 1:
        return [token]
    size = 3 if token.isdigit() and len(token) > 2 else 2
    return [token[at : at + size] for at in range(len(token) - size + 1)]


def _common(lists: Sequence[Numbers]) -> Numbers:
    """What stands in all of several lists, in the order of the shortest."""
    shortest, *others = sorted(lists, key=len)
    for other in others:
        if not len(shortest):
            break
        shortest = shortest[np.isin(shortest, other, assume_unique=True, kind="table")]
    return shortest


class Index:
    """The entries with their postings: the guide's own, fixed, and others that come and go."""

    def __init__(self, own: Iterable[Entry], simplified: Mapping[str, str]) -> None:
        """`own` in the order in which equals are shown; `simplified`: traditional characters to simplified ones."""
        self._simplified = simplified
        self._entries: dict[int, Entry] = {}
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, tuple[int, ...]] = {}
        self._own, self._others = _Part(), _Part()
        self._next = 0
        self._remembered: OrderedDict[str, dict[int, Matched]] = OrderedDict()
        self._standing: dict[str, Sequence[int]] = {}
        for entry in own:
            number = self._number(entry)
            for lines, named in ((entry.names, True), (entry.words, False)):
                if lines:
                    self._own.add(self._joined(lines), number, named=named)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._numbers

    def entry(self, id_: str) -> Entry | None:
        """An entry by its id."""
        number = self._numbers.get(id_)
        return None if number is None else self._entries[number]

    def add(self, entry: Entry) -> None:
        """Put in an entry from outside, in the place of one with the same id; ValueError for one of the guide's."""
        self.remove(entry.id)
        number = self._number(entry)
        text = self._joined((entry.title, *entry.names, *entry.words))
        self._texts[number] = (self._others.add(text, number, named=True),)

    def remove(self, id_: str) -> bool:
        """Take an entry from outside out again; whether there was one."""
        number = self._numbers.get(id_)
        if number is None:
            return False
        if number not in self._texts:
            raise ValueError(f"{id_} is the guide's own")
        for text in self._texts.pop(number):
            self._others.drop(text, number)
        del self._entries[number], self._numbers[id_]
        if self._others.made > 1000 and self._others.made > 2 * len(self._others.texts):
            self._tidy()
        return True

    def _tidy(self) -> None:
        """Write the postings anew, without the texts that are gone."""
        fresh = _Part()
        for held in self._others.texts.values():
            for entry in held.named:
                self._texts[entry] = (fresh.add(held.text, entry, named=True),)
        self._others = fresh

    def _number(self, entry: Entry) -> int:
        number, self._next = self._next, self._next + 1
        self._entries[number], self._numbers[entry.id] = entry, number
        return number

    def _joined(self, lines: Iterable[str]) -> str:
        return joined(folded(line.replace("\n", " "), self._simplified) for line in lines)

    # --- searching ---------------------------------------------------------------------------------------------------

    def search(self, query: str, limit: int = 12) -> Answer:
        """The entries that answer what has been typed so far, best first; no entry where nothing does."""
        tokens = self._tokens(query)
        answers = [self._of_own(token) for token in tokens]
        held: dict[int, list[Matched]] = {}
        for answered in answers:
            for number, matched in answered.items():
                held.setdefault(number, []).append(matched)
        for number, several in self._of_others(tokens):
            held[number] = several
        ranked = [Found(self._entries[number], tuple(held[number])) for number in sorted(held, key=self._rank(held))]
        first = {one.token for found in ranked[:1] for one in found.matched}
        return Answer(
            tuple(_with_the_rest(ranked, tokens, limit)),
            tuple(tokens),
            tuple(token for token in tokens if token not in first),
        )

    def _rank(self, held: Mapping[int, Sequence[Matched]]) -> Callable[[int], tuple[int, float, int, int]]:
        def rank(number: int) -> tuple[int, float, int, int]:
            matched, kind = held[number], self._entries[number].kind
            place = -number if number in self._texts else number
            quality = sum(one.quality for one in matched)
            return -len(matched), -quality, _ORDER.get(kind, len(KINDS)), place

        return rank

    def _tokens(self, query: str) -> list[str]:
        """What was typed, cut at spaces and scripts; a run that stands nowhere is cut where both halves do."""
        runs = scripts(folded(query.replace("\n", " ")[:LONGEST_QUERY], self._simplified))
        cut = [token for run in runs for token in self._cut(run)]
        return list(dict.fromkeys(cut))[:MOST_TOKENS]

    def _cut(self, run: str) -> list[str]:
        if len(run) < 3 or run[0].isdigit() or self._of_own(run) or any(True for _ in self._of_others([run])):
            return [run]
        least, longest = (2 if run.isascii() else 1), 0
        for at in range(least, len(run)):
            if self._of_own(run[:at]):
                longest = at
            elif at > SHORT:
                break  # what goes on from here stands nowhere either
        cuts = ((self._together(run[:at], run[at:]), at) for at in range(longest, least - 1, -1))
        together, best = max(cuts, key=lambda cut: cut[0], default=(0.0, 0))
        if together:
            return [run[:best], run[best:]]
        return [run[:longest], *self._cut(run[longest:])] if longest else [run]

    def _together(self, one: str, other: str) -> float:
        """How well the best entry answers both."""
        first = self._of_own(one)
        second = self._of_own(other) if first else {}
        return max((first[n].quality + second[n].quality for n in first.keys() & second.keys()), default=0.0)

    def _of_own(self, token: str) -> dict[int, Matched]:
        """How each of the guide's entries answers a token; remembered, as most tokens come again with the next key."""
        if token in self._remembered:
            self._remembered.move_to_end(token)
            return self._remembered[token]
        found: dict[int, Matched] = {}
        look, texts = _Look(token, 2), []
        for number in self._holding(token):
            text = self._own.texts[number]
            seen = look.at(text)
            if seen:
                texts.append(number)
                answered = [(entry, True) for entry in text.named] + [(entry, False) for entry in text.worded]
                for entry, named in answered:
                    matched = _matched(token, *seen, named=named, kind=self._entries[entry].kind)
                    if entry not in found or matched.quality > found[entry].quality:
                        found[entry] = matched
        self._remembered[token], self._standing[token] = found, texts
        if len(self._remembered) > REMEMBERED:
            del self._standing[self._remembered.popitem(last=False)[0]]
        return found

    def _holding(self, token: str) -> Sequence[int]:
        """The guide's texts in which a token may stand, of those where it stood without its last key."""
        shorter = token[:-1]
        if len(shorter) > SHORT and not token[0].isdigit() and shorter in self._standing:
            return self._standing[shorter]
        numbers: list[int] = self._own.holding(token).tolist()
        return numbers

    def _of_others(self, tokens: Sequence[str]) -> Iterator[tuple[int, list[Matched]]]:
        """The newest entries from outside that answer every token."""
        lists = [self._others.holding(token) for token in tokens]
        if not lists or not all(map(len, lists)):
            return
        looks = [_Look(token, 3) for token in tokens]
        answered = 0
        for number in reversed(_common(lists)[-LOOKED_THROUGH:].tolist()):
            text = self._others.texts.get(number)
            seen = [look.at(text) for look in looks] if text else [None]
            if text and all(seen):
                several = [
                    _matched(t, *one, named=one[0] == "whole") for t, one in zip(tokens, seen, strict=True) if one
                ]
                yield from ((entry, several) for entry in text.named)
                answered += 1
                if answered >= MOST_OTHERS:
                    return


class _Look:
    """One token, ready to be looked for in texts."""

    def __init__(self, token: str, least: int) -> None:
        """`least`: from how many digits on they are looked for inside longer numbers."""
        self.token, self.least = token, least
        self.number = re.compile(rf"(?<![\d.]){re.escape(token)}(?![\d.])|\n{re.escape(token)}[a-z]\n")
        self.letters = typed(token) if token[0].isascii() and token[0].isalpha() else None
        self.begins = re.compile("\n" + self.letters.pattern) if self.letters else None

    def at(self, text: _Text) -> tuple[str, str, bool] | None:
        """Where a token stands in a text, by what it was found, whether at the very start; None where it does not."""
        if self.letters:
            return self._sounds(text.letters, everywhere=len(self.token) > SHORT or bool(text.named))
        seen = self._digits(text.text) if self.token.isascii() else self._characters(text.text)
        return (*seen, text.text.startswith(self.token, 1)) if seen else None

    def _characters(self, text: str) -> tuple[str, str] | None:
        if f"\n{self.token}\n" in text:
            return "whole", "characters"
        if f"\n{self.token}" in text:
            return "begins", "characters"
        return ("inside", "characters") if self.token in text else None

    def _digits(self, text: str) -> tuple[str, str] | None:
        """A number stands as a whole; some digits of a longer one (a phone) begin it or are inside it."""
        if f"\n{self.token}\n" in text:
            return "whole", "characters"
        if self.token in text and self.number.search(text):
            return "begins", "characters"
        if len(self.token) >= self.least and f"\n{self.token}" in text:
            return "begins", "characters"
        return ("inside", "characters") if len(self.token) >= self.least and self.token in text else None

    def _sounds(self, letters: str, *, everywhere: bool) -> tuple[str, str, bool] | None:
        assert self.letters and self.begins
        found = self.begins.search(letters)
        if found:
            rest = letters[found.end() : letters.find("\n", found.end())]
            return ("begins" if "'" in rest else "whole"), self._by(found[0][1:]), found.start() == 0
        found = self.letters.search(letters) if everywhere else None
        return ("inside", self._by(found[0]), False) if found else None

    def _by(self, found: str) -> str:
        exact = len(self.token) > SHORT and found.replace("'", "") == self.token
        return "pinyin" if exact else "initials"


def _matched(token: str, where: str, by: str, chief: bool, *, named: bool, kind: str = "") -> Matched:
    quality = QUALITY[where] + BY[by] + CHIEF * (chief and named and where == "begins")
    counted = BORROWED.get(kind, 1.0) if named else IN_WORDS.get(kind, 0.45)
    return Matched(token, where, named, by, round(quality * counted, 2))


def _with_the_rest(ranked: list[Found], tokens: Sequence[str], limit: int) -> list[Found]:
    """The best, and room at the end for two of each token that the first one does not answer, and two from outside."""
    if not ranked:
        return []
    answered = {one.token for one in ranked[0].matched}
    rest: list[Found] = []
    for token in (token for token in tokens if token not in answered):
        of_token = [found for found in ranked if any(one.token == token for one in found.matched)]
        rest += sorted(of_token, key=lambda f, t=token: -max(m.quality for m in f.matched if m.token == t))[:2]  # type: ignore[misc]
    rest += [found for found in ranked if found.entry.kind in OUTSIDE][:2]
    kept = ranked[: max(1, limit - len(rest))]
    return [*kept, *(found for found in rest if found not in kept)][:limit]
