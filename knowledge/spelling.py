"""One spelling for comparison: widths, invisible and traditional characters, other regions' words, and how it sounds.

Two texts that a person would call the same words come out as the same characters here; what is said to the visitor is
never taken from this spelling. The tables (about 11,000 characters) are made once when the knowledge is compiled.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

LONGEST = 5_000
"""Characters of one message that are read; the doors say so when a message is longer."""

LATELY = 32
"""Texts of which what follows from them alone is remembered: those of one turn, which asks for it again and again."""

_TERMINAL_CODE = re.compile(r"\x1b?\[\d+(?:;\d+)*m")
_CIRCLED = re.compile(r"\s*[①-⑳⑴-⒇]\s*")
"""Numbers of a list, which say nothing themselves (①公司药和器械都有… is not direction 1)."""
_SPELT_NUMBER = re.compile(r"[零〇一二三四五六七八九幺]{7,}")
_SPELT = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
"""A phone as it is spoken (八九二九零零三零)."""
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u20E3]")
_HAN = r"\u3400-\u9fff"
_MARKS = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")

_LOOK_ALIKE = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХаеорсух釆糸", "ABEZHIKMNOPTYXABEKMHOPCTYXaeopcyx采系")
"""Greek and Cyrillic letters, and two characters, that look like those which are meant."""

_SAME_SOUND = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("v", "u"))


OTHERWISE = {
    "长": "chang",
    "行": "hang",
    "重": "chong",
    "调": "tiao",
    "朝": "zhao",
    "传": "zhuan",
    "还": "huan",
    "种": "chong",
}
"""Characters that are read in two ways about as often: the reading that their usual one leaves out."""

SPOKEN_LETTERS = {
    "a": "ei", "b": "bi", "c": "xi", "d": "di", "e": "yi", "f": "aifu", "g": "ji", "h": "aichi", "i": "ai", "k": "kai",
    "l": "aile", "m": "aimu", "n": "en", "o": "ou", "p": "pi", "r": "a", "s": "aisi", "t": "ti", "u": "you", "v": "wei",
    "w": "dabuliu",
}  # fmt: skip
"""Letters as a transcript of speech writes them down (皮优易 is PUE)."""


def alike(syllable: str) -> str:
    """A syllable as it sounds to many speakers: zh and z, ang and an fall together."""
    for exact, loose in _SAME_SOUND:
        syllable = syllable.replace(exact, loose)
    return syllable


class Sound(NamedTuple):
    """A syllable of a text, as it sounds loosely, with the characters it covers."""

    syllable: str
    start: int
    end: int
    typed: bool = False  # written in letters (pinyin), not as a character
    otherwise: str = ""  # how the character is also read

    def may_be(self, syllable: str) -> bool:
        """Whether it is read so, usually or otherwise."""
        return syllable in (self.syllable, self.otherwise)


_HEARD = re.compile(rf"[{_HAN}]|[a-z']+")
_OTHERWISE = {character: alike(syllable) for character, syllable in OTHERWISE.items()}


@dataclass(frozen=True, eq=False)
class Speller:
    """The tables of one knowledge: simplified forms, sounds, and the words that are written in several ways."""

    simplified: Mapping[str, str]
    sounds: Mapping[str, str]
    variants: Mapping[str, str]
    pattern: re.Pattern[str]
    syllables: frozenset[str] = field(default_factory=frozenset)

    def fold(self, text: str) -> str:
        """The text in the one spelling: lower case, simplified, no invisible characters, one word for one thing."""
        return _folded(self, text)

    def _fold(self, text: str) -> str:
        text = text[:LONGEST]
        text = _CIRCLED.sub("。", _TERMINAL_CODE.sub("", text) if "[" in text else text)
        text = unicodedata.normalize("NFKC", text)
        if not text.isprintable():  # seldom: a line's end, an invisible character
            text = "".join([" " if ch in "\n\t\r" else ch for ch in text if _visible(ch) or ch in "\n\t\r"])
        text = _EMOJI.sub(" ", text)
        simplified = self.simplified.get
        text = "".join([simplified(ch, ch) for ch in text]).translate(_LOOK_ALIKE).lower()
        text = _one_gap(text)
        text = _SPELT_NUMBER.sub(lambda found: found[0].translate(_SPELT), text)
        text = self.pattern.sub(lambda found: self.variants[found[0]], text)
        return _SPACE_BESIDE_HAN.sub("", text) if " " in text else text

    def heard(self, text: str) -> list[Sound]:
        """The syllables of a folded text, characters and typed pinyin alike; what has no sound parts them."""
        return list(_sounds(self, text))

    def _heard(self, text: str) -> list[Sound]:
        sounds: list[Sound] = []
        for found in _HEARD.finditer(text):
            run, start = found[0], found.start()
            if run >= "\u3400":
                syllable = self.sounds.get(run)
                if syllable:
                    sounds.append(Sound(syllable, start, start + 1, False, _OTHERWISE.get(run, "")))
            else:
                sounds += self._typed(run, start)
        return sounds

    def spoken(self, letters: str) -> tuple[str, ...]:
        """The syllables that a word of letters is spoken as, letter by letter; nothing where one has no such sound."""
        said = [SPOKEN_LETTERS.get(letter, "") for letter in letters]
        return tuple(alike(part) for one in said for part in self._cut(one)) if all(said) else ()

    def syllables_of(self, letters: str) -> list[str]:
        """A run of letters as pinyin syllables, as few as it takes; nothing where it is not wholly pinyin."""
        return self._cut(letters.replace("'", ""))

    def _typed(self, letters: str, at: int) -> list[Sound]:
        """A run of letters as pinyin syllables, longest first; nothing where it is not wholly pinyin."""
        parts = self._cut(letters.replace("'", ""))
        sounds, here = [], at
        for part in parts:
            sounds.append(Sound(alike(part), here, here + len(part), typed=True))
            here += len(part)
        return sounds

    def _cut(self, letters: str) -> list[str]:
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 6), end):
                head = best[start]
                if head is not None and letters[start:end] in self.syllables:
                    cut = [*head, letters[start:end]]
                    held = best[end]
                    if held is None or len(cut) < len(held):
                        best[end] = cut
        return best[-1] or []


@lru_cache(2 * LATELY)
def _folded(speller: Speller, text: str) -> str:
    return speller._fold(text)


@lru_cache(LATELY)
def _sounds(speller: Speller, text: str) -> tuple[Sound, ...]:
    return tuple(speller._heard(text))


def _one_gap(text: str) -> str:
    """A text with one space where there are gaps between words in letters, and none elsewhere; most have no gap."""
    return text if text.split() == [text] else _SPACE_BESIDE_HAN.sub("", _SPACES.sub(" ", text)).strip()


def _visible(ch: str) -> bool:
    return "\u4e00" <= ch <= "\u9fa5" or unicodedata.category(ch) not in ("Cc", "Cf", "Co", "Cs", "Cn")


def speller(variants: Mapping[str, Iterable[str]]) -> Speller:
    """The tables, with the editors' variants (standard form → other ways of writing it)."""
    simplified, sounds, syllables = _tables()
    words: dict[str, str] = {}
    for standard, others in variants.items():
        for other in others:
            folded = "".join(simplified.get(ch, ch) for ch in unicodedata.normalize("NFKC", other)).lower()
            words[folded] = standard
    return Speller(simplified, sounds, words, any_of(words), syllables)


@cache
def _tables() -> tuple[Mapping[str, str], Mapping[str, str], frozenset[str]]:
    """Simplified forms, how each common character sounds loosely, and all syllables: they hang on no knowledge."""
    from opencc import OpenCC
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PINYIN_DICT

    to_simplified = OpenCC("t2s")
    characters = [chr(code) for code in PINYIN_DICT if 0x3400 <= code <= 0x9FFF]
    simplified = {ch: plain for ch in characters if (plain := to_simplified.convert(ch)) != ch and len(plain) == 1}
    exact = {ch: lazy_pinyin(ch, style=Style.NORMAL)[0] for ch in characters if ch <= "\u9fa5"}
    return simplified, {ch: alike(sound) for ch, sound in exact.items()}, frozenset(exact.values())


def letters_of(folded: str) -> str:
    """A folded text without its marks and gaps."""
    return _MARKS.sub("", folded)


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of some words, the longest first; most places of a text, and most words, are passed over by one character."""
    ordered: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        ordered.setdefault(word[0], []).append(_behind_first(word))
    first = "".join(map(re.escape, ordered))
    branches = (f"{re.escape(ch)}(?:{'|'.join(own)})" for ch, own in ordered.items())
    return re.compile(f"(?=[{first}])(?:{'|'.join(branches)})" if ordered else "(?!)")


def _behind_first(word: str) -> str:
    """What follows a word's first character; one of letters only as a word of its own (max is not in maximum)."""
    first, rest = re.escape(word[0]), re.escape(word[1:])
    return rf"(?<![a-z0-9]{first}){rest}(?![a-z0-9])" if word.isascii() else rest
