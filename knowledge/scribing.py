"""Typed pinyin in characters: those that were meant, by what stands beside what in the kept questions.

Each syllable may be any of the characters that sound so; of all ways to write a run of them the likeliest by pairs of
neighbours is taken (a bigram of characters, as in Chen & Lee 2000, searched as in Viterbi 1967). Sounds that many
speakers don't tell apart (zh and z, ang and an) are one here too, so a mistyped syllable is written rightly as well.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import add

from knowledge.spelling import OTHERWISE, Speller, alike

MOSTLY = 0.8
"""Share of a text's letters from which they are pinyin rather than English (words in letters that we know apart)."""
OF_PAIRS = 0.85
"""What a pair of neighbours counts beside how often a character is written at all."""
MOST_ALIKE = 24
"""Characters of one sound that are tried, the most frequent ones."""
SELDOM = 2
"""Times a pair must stand in the kept texts to be remembered."""

_RUN = re.compile(r"[A-Za-z']{2,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_BEGIN = "^"
_SPOKEN = {"得": "dei", "率": "shuai", "都": "du", "柏": "bo"}
"""Characters with how they are also said, and so typed."""
ALSO_TYPED = {"shei": "shui", "zhei": "zhe", "nar": "nali", "zher": "zheli"}
"""What is typed as it is spoken, as it is written otherwise."""
_ALSO_TYPED = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(ALSO_TYPED)})(?![A-Za-z])", re.IGNORECASE)
_GOES_ON = re.compile(
    r"^\s*na(?=\s+(?!(?:ge|li|xie|ji|wei|tian|nian|jia|yi)[^\S]*)[a-z\u3400-\u9fff])|^\s*na(?=\s.*\sne\s*[?？]?$)", re.I
)
"""A first na that goes on with something (那), and asks of nothing (哪个, 哪里)."""


@dataclass(frozen=True, eq=False)
class Scribe:
    """How often characters and pairs of them stand in the kept texts; `known`: the lists' own words in letters."""

    speller: Speller
    known: frozenset[str]
    ones: Mapping[str, int]
    pairs: Mapping[str, int]

    def written(self, text: str) -> str:
        """A text with its runs of typed pinyin in characters; one that is not mostly pinyin stays as it is."""
        if "@" in text:
            return text
        text = _ALSO_TYPED.sub(lambda found: ALSO_TYPED[found[0].lower()], _GOES_ON.sub("那", text))
        runs = [one for one in _RUN.finditer(text) if one[0].lower() not in self.known]
        cut = [(one, self.speller.syllables_of(one[0].lower())) for one in runs]
        typed = [(one, syllables) for one, syllables in cut if syllables]
        if sum(len(one[0]) for one, _ in typed) < max(1, MOSTLY * sum(len(one[0]) for one in runs)):
            return text
        for group in reversed(_groups(typed, text)):
            syllables = [alike(said) for _, one in group for said in one]
            before, behind = text[: group[0][0].start()], text[group[-1][0].end() :]
            beside = (before.rstrip()[-1:], behind.lstrip()[:1])
            text = (
                f"{before}{self._likeliest(syllables, *beside) or text[len(before) : len(text) - len(behind)]}{behind}"
            )
        return text

    def _likeliest(self, syllables: Sequence[str], before: str, behind: str) -> str:
        """The likeliest characters for some syllables between two others; nothing where one of them is never said."""
        ways: dict[str, tuple[float, str]] = {before if before in self.ones else _BEGIN: (0.0, "")}
        for said in (*syllables, *([behind] if behind in self.ones else [])):
            characters = [said] if said == behind else self._sounding.get(said, ())
            ways = {
                ch: max((cost + self._odds(last, ch), written + ch) for last, (cost, written) in ways.items())
                for ch in characters
                if ways
            }
        return max(ways.values())[1][: len(syllables)] if ways else ""

    def _odds(self, last: str, ch: str) -> float:
        """The log of how likely a character stands behind another one, or begins."""
        together = self.pairs.get(last + ch, 0) / self.ones.get(last, 1)
        return math.log(OF_PAIRS * together + (1 - OF_PAIRS) * self.ones[ch] / self._all)

    @cached_property
    def _all(self) -> int:
        return sum(self.ones.values())

    @cached_property
    def _sounding(self) -> Mapping[str, Sequence[str]]:
        """The characters of each sound, the most frequent ones first."""
        found = defaultdict[str, list[str]](list)
        for ch in sorted(self.ones, key=lambda ch: -self.ones[ch]):
            others = (OTHERWISE.get(ch, ""), _SPOKEN.get(ch, ""))
            readings = {self.speller.sounds.get(ch, ""), *map(alike, others)} - {""}
            for said in sorted(readings):
                if len(found[said]) < MOST_ALIKE:
                    found[said].append(ch)
        return found


def _groups(
    typed: Sequence[tuple[re.Match[str], Sequence[str]]], text: str
) -> list[list[tuple[re.Match[str], Sequence[str]]]]:
    """Runs of letters between which nothing but spaces stands, together."""
    groups: list[list[tuple[re.Match[str], Sequence[str]]]] = []
    for one in typed:
        if groups and not text[groups[-1][-1][0].end() : one[0].start()].strip():
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def scribe(texts: Iterable[str], terms: Iterable[str], speller: Speller) -> Scribe:
    """What the kept texts show of characters side by side, with the words in letters of the lists."""
    ones, pairs = Counter[str](), Counter[str]()
    known = frozenset(one[0] for term in terms for one in _RUN.finditer(speller.fold(term)) if len(one[0]) > 2)
    for text in texts:
        for run in _HAN_RUN.findall(text):
            ones.update(run)
            pairs.update(map(add, _BEGIN + run, run))
    ones[_BEGIN] = sum(count for pair, count in pairs.items() if pair[0] == _BEGIN)
    ones_of_letters = {ch: count for ch, count in ones.items() if ch in speller.sounds or ch == _BEGIN}
    kept = {pair: count for pair, count in sorted(pairs.items()) if count >= SELDOM}
    return Scribe(speller, known, dict(sorted(ones_of_letters.items())), kept)
