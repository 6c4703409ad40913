"""Which entry of any FAQ a question means, how sure that is, and whether to answer, to offer a choice or to decline.

Every phrasing stands in two spellings, characters and sounds, each with an inverted index. A question finds the
phrasings most like it in both, these are measured and blended (blending.py), and an entry is as good as its best one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from knowledge.blending import WEIGHTS, Heard, Measures, measured
from knowledge.postings import Numbers, Postings, postings
from knowledge.sounding import LATIN, Sounding
from knowledge.spelling import Speller
from knowledge.wording import Wording, levelled, opened

CANDIDATES = 64
"""Phrasings that are measured; the right entry is among them in 94 to 99 of 100 questions."""

EntryId: TypeAlias = str | int
Outcome: TypeAlias = Literal["answer", "offer", "decline"]


@dataclass(frozen=True)
class Match:
    """Entries best first with their scores (0…1), the outcome, and how sure the first is (0…1)."""

    candidates: tuple[tuple[EntryId, float], ...]
    decision: Outcome
    confidence: float


NOTHING = Match((), "decline", 0.0)


@dataclass(frozen=True)
class Spelled:
    """A text as characters and as sounds, and whether it was typed in pinyin."""

    letters: str
    sounds: str
    typed: bool


@dataclass(frozen=True)
class Spelling:
    """From raw text to the two spellings that are indexed and compared."""

    speller: Speller
    sounding: Sounding
    leave_out: Callable[[str], str]
    level: Callable[[str], str]
    words: frozenset[str]  # Latin words of the entries: never taken for pinyin

    def plain(self, text: str) -> str:
        """Folded, without punctuation, openers and politeness; Latin words stay apart."""
        folded = self.speller.fold(text)
        return self.leave_out("".join(ch for ch in folded if ch.isalnum() or ch == " "))

    def letters(self, plain: str) -> str:
        """The characters of a plain text, question words in their one form."""
        return self.level(plain.replace(" ", ""))

    def sounds(self, plain: str) -> str:
        """The syllables of a plain text."""
        return self.sounding.sounds(plain).replace(" ", "")

    def question(self, text: str) -> Spelled:
        """A question, in which Latin letters that no entry holds may be pinyin."""
        plain = self.plain(text)
        typed = [run for run in LATIN.findall(plain) if run not in self.words and self.sounding.typed(run)]
        rest = self.letters(LATIN.sub(lambda run: "" if run[0] in typed else run[0], plain))
        syllables = sum(len(self.sounding.cut(run)) for run in typed)
        return Spelled(rest, self.sounds(plain), syllables > len(rest))


@dataclass(frozen=True)
class Matcher:
    """Any number of entries with any number of phrasings each."""

    entries: tuple[EntryId, ...]
    owners: Numbers  # the entry of each phrasing
    spelling: Spelling
    letters: Postings
    sounds: Postings

    def match(self, text: str, limit: int = 10) -> Match:
        """What a question means among the entries; any text gives an outcome."""
        spelled = self.spelling.question(text)
        sound = Heard(spelled.sounds, self.sounds.grams(spelled.sounds), self.sounds)
        main = sound if spelled.typed else Heard(spelled.letters, self.letters.grams(spelled.letters), self.letters)
        texts = self.near(main, sound)
        if not len(texts):
            return NOTHING
        owners = self.owners[texts]
        measures = measured(main, sound, texts, owners)
        return self._decide(owners, measures, main.grams.known, limit)

    def near(self, main: Heard, sound: Heard) -> Numbers:
        """The phrasings most like the question in characters and sounds, roughly."""
        found, worth = main.index.reading(main.grams)
        heard, sounding = sound.index.reading(sound.grams)
        both = np.concatenate([found, heard])
        if not len(both):
            return both
        scores = np.bincount(both, np.concatenate([0.6 * worth, 0.4 * sounding]))
        best = np.flatnonzero(scores > 0.4 * scores.max())  # few enough to be sorted out; all, where these are too few
        if len(best) < CANDIDATES:
            best = np.flatnonzero(scores)
        if len(best) > CANDIDATES:
            best = best[np.argpartition(-scores[best], CANDIDATES)[:CANDIDATES]]
        return np.sort(best).astype(np.int32)

    def _decide(self, owners: Numbers, measures: Measures, known: float, limit: int) -> Match:
        scores = measures.table @ WEIGHTS
        order = np.argsort(-scores, kind="stable")
        _, first = np.unique(owners[order], return_index=True)
        best = order[np.sort(first)]
        lead = float(scores[best[0]] - scores[best[1]]) if len(best) > 1 else TIE
        cosine = float(measures.cosines[owners == owners[best[0]]].max())
        confidence = sure(float(scores[best[0]]), cosine, known, lead)
        listed = tuple((self.entries[owners[n]], _squashed(float(scores[n]) - MIDDLE)) for n in best[:limit])
        return Match(listed, outcome(confidence), confidence)


FULL_LEAD = 5.0  # in the units of the blend; a larger lead says no more
TIE = 0.05  # a smaller lead says nothing: either entry may be meant; that of an entry found alone
MIDDLE = 8.0  # the blend's score that is shown as 0.5


def sure(score: float, cosine: float, known: float, lead: float) -> float:
    """How likely the first entry is right (0…1): its score and best likeness, what is known, its lead over the second.

    Calibrated on questions of four public sets of which half belonged to an entry, a quarter were near misses and a
    quarter foreign: of those said to be 0.7 to 0.8 sure, three in four were right.
    """
    plain = 0.1 * score + 0.25 * cosine + 0.6 * known + 0.1 * min(lead, FULL_LEAD)
    likely = _squashed(3.63 * plain - 7.31)
    return likely / 2 if lead < TIE else likely


ANSWER, OFFER = 0.5, 0.1


def outcome(confidence: float) -> Outcome:
    """Answer when right more often than not, offer a choice when something is near, else decline."""
    return "answer" if confidence >= ANSWER else "offer" if confidence >= OFFER else "decline"


def _squashed(value: float) -> float:
    """Any number as 0…1, in its order."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, value)))), 6)


def matcher(
    entries: Iterable[tuple[EntryId, Sequence[str]]], speller: Speller, sounding: Sounding, wording: Wording
) -> Matcher:
    """The matcher over (entry id, phrasings)."""
    leave_out, level = opened(wording), levelled(wording)
    rough = Spelling(speller, sounding, leave_out, level, frozenset())
    ids: list[EntryId] = []
    sizes: list[int] = []
    plain: list[str] = []
    for entry, phrasings in entries:
        ids.append(entry)
        sizes.append(len(phrasings))
        plain += [rough.plain(phrasing) for phrasing in phrasings]
    words = frozenset(run for text in plain for run in LATIN.findall(text))
    counts = Counter(ch for text in plain for ch in text)
    spelling = Spelling(speller, sounding.tuned(counts), leave_out, level, words)
    owners = np.repeat(np.arange(len(ids), dtype=np.int32), sizes)
    letters = postings([spelling.letters(text) for text in plain])
    sounds = postings([spelling.sounds(text) for text in plain])
    return Matcher(tuple(ids), owners, spelling, letters, sounds)
