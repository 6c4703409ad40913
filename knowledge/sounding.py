"""How a text sounds: one letter for each syllable, read from characters and cut out of typed pinyin alike.

Two texts that sound the same become the same string here, so that an index and a comparison of sounds are those of
characters. Syllables that many speakers don't tell apart (zh and z, ang and an) share a letter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.spelling import alike

LATIN = re.compile(r"[a-z]+")
_FIRST = 0xE000  # the private use area: letters that no folded text holds
_LONGEST_SYLLABLE = 6
# Costs of a cut are -log of how often a syllable is said; a letter outside every syllable costs more than any two.
_RAREST = 8.0
_STRANGE = 12.0


@dataclass(frozen=True)
class Sounding:
    """The tables: a letter for each character and syllable, and the words in which a character sounds otherwise."""

    letters: Mapping[int, str]
    syllables: Mapping[str, str]
    costs: Mapping[str, float]
    words: Mapping[str, str]
    shifting: re.Pattern[str]

    def sounds(self, text: str) -> str:
        """A folded text as the letters of its syllables; figures and letters that are no pinyin stay as they are."""
        return LATIN.sub(lambda run: "".join(self.cut(run[0])), self._read(text))

    def _read(self, text: str) -> str:
        heard = text.translate(self.letters)
        for found in self.shifting.finditer(text):
            for start, end in _windows(found.start(), len(text)):
                word = self.words.get(text[start:end])
                if word:
                    heard = heard[:start] + word + heard[end:]
                    break
        return heard

    def cut(self, run: str) -> list[str]:
        """A run of Latin letters as the letters of its likeliest syllables; what is no syllable stays as it is."""
        costs, begins = [0.0], [0]
        for end in range(1, len(run) + 1):
            cost, begin = costs[end - 1] + _STRANGE, end - 1
            for start in range(max(0, end - _LONGEST_SYLLABLE), end):
                said = self.costs.get(run[start:end])
                if said is not None and costs[start] + said < cost:
                    cost, begin = costs[start] + said, start
            costs.append(cost)
            begins.append(begin)
        parts, end = [], len(run)
        while end:
            part = run[begins[end] : end]
            parts.append(self.syllables.get(part, part))
            end = begins[end]
        return parts[::-1]

    def typed(self, run: str) -> bool:
        """Whether a run of Latin letters reads as pinyin: nearly all of it in syllables of two letters and more."""
        parts = self.cut(run)
        strange = sum(part.isascii() for part in parts)
        return strange * 5 <= len(run) and len(run) >= 2 * (len(parts) - strange)

    def tuned(self, counts: Mapping[str, int]) -> Sounding:
        """The same tables for texts in which characters occur this often: a cut prefers what is really said there."""
        said: dict[str, int] = {}
        for character, count in counts.items():
            letter = self.letters.get(ord(character))
            if letter:
                said[letter] = said.get(letter, 0) + count
        total = sum(said.values()) + 1
        costs = {
            syllable: min(_RAREST, -math.log((said.get(letter, 0) + 0.5) / total))
            for syllable, letter in self.syllables.items()
        }
        return Sounding(self.letters, self.syllables, costs, self.words, self.shifting)


def _windows(here: int, length: int) -> list[tuple[int, int]]:
    """The stretches of two to four characters around a place, longest first."""
    return [
        (start, start + size)
        for size in (4, 3, 2)
        for start in range(max(0, here - size + 1), min(here, length - size) + 1)
    ]


def sounding() -> Sounding:
    """The tables, from pypinyin: each character's usual reading, and some three thousand words that read otherwise."""
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    usual = {
        chr(code): lazy_pinyin(chr(code), style=Style.NORMAL)[0] for code in PINYIN_DICT if 0x4E00 <= code <= 0x9FA5
    }
    letter = {said: chr(_FIRST + n) for n, said in enumerate(sorted({alike(said) for said in usual.values()}))}
    syllables = {said: letter[alike(said)] for said in set(usual.values())}
    letters = {ord(ch): syllables[said] for ch, said in usual.items()}
    words, changed = _words(PHRASES_DICT.items(), letters, syllables)
    pattern = re.compile(f"[{''.join(sorted(changed))}]")
    return Sounding(letters, syllables, dict.fromkeys(syllables, 3.0), words, pattern)


def _words(
    phrases: Iterable[tuple[str, list[list[str]]]], letters: Mapping[int, str], syllables: Mapping[str, str]
) -> tuple[dict[str, str], set[str]]:
    """Words that don't sound as their characters usually do, and the characters that change in them."""
    from pypinyin.contrib.tone_convert import to_normal

    plain: dict[str, str] = {}
    words: dict[str, str] = {}
    changed: set[str] = set()
    for word, readings in phrases:
        if not 2 <= len(word) <= 4 or len(readings) != len(word) or any(ord(ch) not in letters for ch in word):
            continue
        heard = ""
        for ch, (reading, *_) in zip(word, readings, strict=True):
            if reading not in plain:
                plain[reading] = to_normal(reading)
            heard += syllables.get(plain[reading], letters[ord(ch)])
        differs = {ch for ch, said in zip(word, heard, strict=True) if letters[ord(ch)] != said}
        if differs:
            words[word] = heard
            changed |= differs
    return words, changed
