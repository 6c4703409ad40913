"""Every word that means something here, found in a text: as written, as it sounds, or with one slip of the hand.

A term leads to targets (a topic, a provision, a facet, a district, a person, a filler …), each with a weight. Longer
terms win over those inside them, so that 汽车芯片保险 does not also count as 芯片.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise, product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from knowledge.spelling import LATELY, Sound, Speller

_HAN = re.compile(r"[\u3400-\u9fff]")
_NEGATES = re.compile(r"[不没无未非免]")
_WORD = re.compile(r"(?<![a-z0-9])[a-z]{3,8}(?![a-z0-9])")


NAMES = {"topic", "facet", "person", "policy", "matter", "contact", "office", "desk", "attachment", "district"}
"""Kinds of which a word is also heard when it is misspelt; a mere hint is not (什么药 in 什么要求)."""


A_SHORT_WORD = 3
"""Letters of a term that may be heard in any three sounds across two words."""
VEILED = {"topic", "district", "person", "office", "contact", "attachment", "desk"}
"""Kinds of names; what is asked of them tells more of a matter that is not ours than they do."""
VEIL = "〇"
_VEILS = re.compile(f"{VEIL}+")


@dataclass(frozen=True)
class Target:
    """What a term leads to: its kind, which one, and how strongly (1 = by itself enough)."""

    kind: str
    id: str
    weight: float = 1.0


class Match(NamedTuple):
    """A term found in a text: where, how (exact, sound, near, initials, form), how surely, and what it leads to."""

    term: str
    start: int
    end: int
    how: str
    surety: float
    targets: tuple[Target, ...]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The terms with the tables that find them."""

    targets: Mapping[str, tuple[Target, ...]]
    lengths: tuple[int, ...]
    by_sound: Mapping[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]
    by_pair: Mapping[str, tuple[str, ...]]
    initials: Mapping[str, str]
    latin: tuple[str, ...]

    def spot(self, text: str, speller: Speller) -> list[Match]:
        """The terms of a folded text in their order; one that lies inside another is left out."""
        exact = self.written(text)
        covered = {i for match in exact if not _only_filler(match) for i in range(match.start, match.end)}
        found = [*exact, *self._heard(text, speller.heard(text)), *self._initials(text), *self._latin(text)]
        if len(text) <= 400:
            found += self._near(text, covered)
        return _without_inner(found)

    def veiled(self, text: str) -> str:
        """A folded text with every name (topic, place, person, office) behind the same veil: what is asked of it."""
        held = [m for m in self.written(text) if any(target.kind in VEILED for target in m.targets)]
        hidden = {i for match in held for i in range(match.start, match.end)}
        return _VEILS.sub(VEIL, "".join([VEIL if i in hidden else ch for i, ch in enumerate(text)]))

    def written(self, text: str) -> tuple[Match, ...]:
        """The terms that stand in a folded text as they are written, also those inside others."""
        return _written(self, text)

    def _find_written(self, text: str) -> list[Match]:
        found, lengths, targets = [], self._lengths, self.targets
        for start, ch in enumerate(text):
            held = lengths.get(text[start : start + 2])
            for length in lengths.get(ch, ()) if held is None else held:
                term = text[start : start + length]
                if term in targets and len(term) == length and _apart(text, start, start + length):
                    found.append(Match(term, start, start + length, "exact", 1.0, targets[term]))
        return found

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """How long terms are that begin with a character or a pair of them, longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for term in self.targets:
            lengths[term[:2]].add(len(term))
        for start in list(lengths):
            lengths[start] |= lengths.get(start[0], set()) & {1}
        return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}

    def _heard(self, text: str, sounds: list[Sound]) -> list[Match]:
        found = []
        usual = tuple([one.syllable for one in sounds])
        otherwise = any(one.otherwise for one in sounds)
        for at, (one, next_one) in enumerate(pairwise(sounds)):
            for term, syllables in self._sounding(one, next_one):
                end = at + len(syllables)
                if usual[at:end] != syllables and not (otherwise and _may_be(sounds[at:end], syllables)):
                    continue
                if text.startswith(term, one.start) and not term.isascii():
                    continue  # found as written already
                run = sounds[at:end]
                if _cuts_a_word(text, run):
                    continue
                if any(a.end != b.start and text[a.end : b.start].strip() for a, b in pairwise(run)):
                    continue
                surety = _surety(text, term, run)
                if surety:
                    found.append(Match(term, run[0].start, run[-1].end, "sound", surety, self.targets[term]))
        return found

    def _sounding(self, one: Sound, other: Sound) -> Iterable[tuple[str, tuple[str, ...]]]:
        """The terms that begin with two sounds, however these are read."""
        if not one.otherwise and not other.otherwise:
            return self.by_sound.get((one.syllable, other.syllable), ())
        pairs = product(_readings(one), _readings(other))
        return (led for pair in pairs for led in self.by_sound.get(pair, ()))

    def _initials(self, text: str) -> list[Match]:
        return [
            Match(term, run.start(), run.end(), "initials", 0.85, self.targets[term])
            for run in _WORD.finditer(text)
            if (term := self.initials.get(run[0])) and run[0] not in self.targets
        ]

    def _latin(self, text: str) -> list[Match]:
        """A word of letters with one slip (EAD for EDA), where it is no word of ours itself."""
        found = []
        for run in _WORD.finditer(text):
            near = (
                []
                if run[0] in self.targets
                else [
                    term
                    for term in self.latin
                    if sorted(term) == sorted(run[0]) and OSA.distance(term, run[0], score_cutoff=1) <= 1
                ]
            )
            found += [Match(term, run.start(), run.end(), "near", 0.8, self.targets[term]) for term in near[:1]]
        return found

    def _near(self, text: str, covered: set[int]) -> list[Match]:
        by_pair = self.by_pair
        shared = Counter(chain.from_iterable([by_pair.get(text[at : at + 2], ()) for at in range(len(text) - 1)]))
        near = [term for term, pairs in shared.items() if pairs * 2 >= len(term) - 2 and term not in text]
        if not near:
            return []
        places: dict[str, list[int]] = defaultdict(list)
        for at, ch in enumerate(text):
            places[ch].append(at)
        written = set(text).__contains__
        hopeful = (term for term in near if sum(map(written, term)) >= len(term) - 1)  # one slip leaves all but one
        return [match for term in hopeful for match in self._windows(text, term, covered, places)]

    def _windows(self, text: str, term: str, covered: set[int], places: Mapping[str, Sequence[int]]) -> Iterable[Match]:
        starts = sorted({*places.get(term[0], ()), *places.get(term[1], ())})
        for length in (len(term), len(term) + 1, len(term) - 1):
            for start in starts:
                window = text[start : start + length]
                if len(window) < length or OSA.distance(term, window, score_cutoff=1) > 1:
                    continue
                if covered.issuperset(range(start, start + length)):
                    continue
                if bool(_NEGATES.search(term)) != bool(_NEGATES.search(window)):
                    continue  # 是整车 is not 不是整车
                if len(term) == 4 and len(window) == 4 and sorted(term) != sorted(window):
                    continue  # another character in a short word is another word (区经信局, 市经信局)
                yield Match(term, start, start + length, "near", 0.8 if len(term) > 4 else 0.7, self.targets[term])
                return


@lru_cache(LATELY)
def _written(lexicon: Lexicon, text: str) -> tuple[Match, ...]:
    return tuple(lexicon._find_written(text))


_IN_A_FIGURE = re.compile(r"\d\.$")


def _apart(text: str, start: int, end: int) -> bool:
    """Whether letters at the ends of a term are not in the middle of a longer word (EDA is not in median)."""
    first, last = text[start], text[end - 1]
    if not first.isascii() and not last.isascii():
        return True
    if _latin(first) and _latin(text[start - 1 : start]):
        return False
    if first.isdigit() and _IN_A_FIGURE.search(text[:start]):
        return False  # 1亿 is not in 2.1亿
    return not (_latin(last) and _latin(text[end : end + 1]))


def _latin(ch: str) -> bool:
    return bool(ch) and ch.isascii() and ch.isalnum()


def _surety(text: str, term: str, run: list[Sound]) -> float:
    """How surely a run of sounds is a term: typed pinyin nearly, characters only if some are the same."""
    if all(sound.typed for sound in run) or term.isascii():
        return 0.9
    same = sum(text[sound.start : sound.end] == ch for sound, ch in zip(run, term, strict=False))
    if same == len(term):
        return 0.0  # found as written already, with a gap in it
    if len(term) == 2:
        return 0.75 if same == 1 else 0.0
    return 0.85 if same * 2 >= len(term) - 1 else (0.6 if same else 0.0)


def _cuts_a_word(text: str, run: list[Sound]) -> bool:
    """Whether a run of written and typed syllables takes only a part of a word in letters (EDA那个 is no 打哪个)."""
    mixed = any(sound.typed for sound in run) and not all(sound.typed for sound in run)
    return mixed and (
        (run[0].typed and _latin(text[run[0].start - 1 : run[0].start]))
        or (run[-1].typed and _latin(text[run[-1].end : run[-1].end + 1]))
    )


def _may_be(run: Sequence[Sound], syllables: Sequence[str]) -> bool:
    """Whether sounds are those syllables, each read usually or otherwise."""
    return len(run) == len(syllables) and all(map(Sound.may_be, run, syllables))


def _readings(sound: Sound) -> tuple[str, ...]:
    return (sound.syllable, sound.otherwise) if sound.otherwise else (sound.syllable,)


def _only_filler(match: Match) -> bool:
    return match.targets[0].kind == "filler" and all(target.kind == "filler" for target in match.targets)


def _tells(match: Match) -> bool:
    """Whether a term names a topic, or that somebody is asked for, rather than hinting at something."""
    return any(target.kind == "topic" or target.id in ("contact", "email") for target in match.targets)


def _excludes(match: Match) -> bool:
    """Whether a name inside a longer word is not meant: it is another matter's, somebody's, or a filler (制造车间)."""
    return _only_filler(match) or any(
        target.kind in ("policy", "matter", "person", "district", "office", "outside") for target in match.targets
    )


def _value(match: Match) -> tuple[float, float, int]:
    """Longer and surer first; what means something before a filler of the same length."""
    return ((match.end - match.start) * match.surety, 0.0 if _only_filler(match) else 1.0, -match.start)


def _without_inner(found: list[Match]) -> list[Match]:
    kept: list[Match] = []
    words = [one for one in found if one.how == "exact" and len(one.term) > 1 and not _only_filler(one)]
    found = [one for one in found if one.how == "exact" or not _cuts_words(one, words)]
    for match in sorted(found, key=_value, reverse=True):
        beside = [other for other in kept if other.start < match.end and match.start < other.end]
        if not any(_clashes(match, other) for other in beside):
            kept.append(match)
    return sorted(kept, key=lambda match: (match.start, match.end))


def _cuts_words(match: Match, words: list[Match]) -> bool:
    """Whether what only sounds or looks like a short term cuts a word at either end (软件的门槛 is no 健德门)."""
    if match.end - match.start > A_SHORT_WORD:
        return False
    begins = any(word.start < match.start < word.end for word in words)
    return begins and any(word.start < match.end < word.end for word in words)


def _clashes(match: Match, other: Match) -> bool:
    """Whether a term gives way to a longer or surer one that it overlaps."""
    inside = other.start <= match.start and match.end <= other.end
    if inside and match.how == "exact" and _tells(match) and not _tells(other) and not _excludes(other):
        return False  # 流片 inside 流片费用, 电话 inside 电话多少: the longer word hints, the shorter one tells
    return inside or match.how != "exact" or (_only_filler(match) and not _only_filler(other))


def lexicon(terms: Iterable[tuple[str, Target]], speller: Speller) -> Lexicon:
    """The lexicon of terms (any spelling) and their targets; several targets of one kind share their weight."""
    gathered: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for text, target in terms:
        term = speller.fold(text)
        if term:
            held = gathered[term]
            held[target.kind, target.id] = max(held.get((target.kind, target.id), 0.0), target.weight)
    targets = {
        term: tuple(Target(kind, id_, weight) for (kind, id_), weight in held.items())
        for term, held in gathered.items()
    }
    by_sound: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    by_pair: dict[str, list[str]] = defaultdict(list)
    initials: dict[str, set[str]] = defaultdict(set)
    for term, led in targets.items():
        sounds = speller.heard(term)
        names = any(target.kind in NAMES for target in led)
        if len(term) >= (2 if names else 4) and len(sounds) == len(term) and _HAN.match(term):
            for syllables in product(*map(_readings, sounds)):
                by_sound[syllables[0], syllables[1]].append((term, syllables))
            syllables = tuple(sound.syllable for sound in sounds)
            if len(term) >= 3 and any(target.kind in ("topic", "provision", "person") for target in led):
                initials["".join(syllable[0] for syllable in syllables)].add(term)
        elif names and re.fullmatch(r"[a-z]{3,5}", term) and len(syllables := speller.spoken(term)) >= 3:
            by_sound[syllables[0], syllables[1]].append((term, syllables))
        near = any(target.kind in NAMES - {"facet"} for target in led)
        if len(term) >= 4 and _HAN.search(term) and near and not re.search(r"\d", term):
            for pair in {term[i : i + 2] for i in range(len(term) - 1)}:
                by_pair[pair].append(term)
    return Lexicon(
        targets,
        tuple(sorted({len(term) for term in targets}, reverse=True)),
        {pair: tuple(found) for pair, found in by_sound.items()},
        {pair: tuple(found) for pair, found in by_pair.items()},
        {letters: next(iter(named)) for letters, named in initials.items() if len(named) == 1},
        tuple(
            term
            for term, led in targets.items()
            if re.fullmatch(r"[a-z]{3,8}", term) and any(t.kind == "topic" for t in led)
        ),
    )
