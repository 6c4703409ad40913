"""Texts as letters that can be typed: every syllable behind a mark, so that pinyin, initials and a mixture all find it.

流片 becomes `'liu'pian`; a word in letters or a number is one syllable. What is typed may stop in the middle of any
syllable and go on with the next: liupian, liup, lp, lpian.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

_PARTS = re.compile(r"[\u3400-\u9fff]+|(?<!\d)\d{1,2}[a-e](?![a-z\d])|[a-z]+|\d+(?:\.\d+)?|\n")
_DIGITS = re.compile(r"\d{3,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OTHERWISE = {
    ch: {one: other, other: one}
    for ch, one, other in (
        ("长", "chang", "zhang"), ("行", "xing", "hang"), ("重", "zhong", "chong"), ("调", "tiao", "diao"),
        ("还", "huan", "hai"), ("率", "lv", "shuai"), ("乐", "le", "yue"), ("会", "hui", "kuai"), ("都", "du", "dou"),
        ("单", "dan", "shan"), ("曾", "ceng", "zeng"), ("传", "chuan", "zhuan"), ("降", "jiang", "xiang"),
    )
}  # fmt: skip
"""Characters that are often read in two ways, and the other reading of each."""
_NOISE = re.compile(r"[()\[\]“”\"'《》「」·]")
_NUMERALS = {"十": "10", "十一": "11", "十二": "12", "十三": "13", "十四": "14", "十五": "15", "十六": "16"} | {
    numeral: str(number) for number, numeral in enumerate("一二三四五六七八九", 1)
}
_NUMBERED = re.compile(r"(方向|附件)第?(十[一二三四五六]?|[一二三四五六七八九])(?![（(一二三四五六七八九十])")


def folded(text: str, simplified: Mapping[str, str]) -> str:
    """A text as it is compared: widths, simplified characters, lower case, no brackets, 方向十二 as 方向12."""
    text = unicodedata.normalize("NFKC", text).replace("\r", "\n").lower()
    text = "".join(simplified.get(ch, ch) for ch in text)
    text = _NOISE.sub("", _NUMBERED.sub(lambda found: found[1] + _NUMERALS[found[2]], text))
    return re.sub(r"[^\S\n]+", " ", text).strip(" ")


def scripts(text: str) -> list[str]:
    """A folded text cut where the script changes: 方向12上限 → 方向, 12, 上限; a branch (12b) is one piece."""
    return [part for part in _PARTS.findall(text) if part != "\n"]


def lettered(text: str) -> str:
    """A folded text as marked syllables; lines stay lines, whatever has no sound falls away.

    A line with a character that is read in two ways (长轴 by chance as zhang) follows once more, read the other way.
    """
    lines, again = [], []
    for line in text.split("\n"):
        read = _read(line)
        lines.append("".join("'" + said for _, said in read))
        if any(part in _OTHERWISE for part, _ in read):
            again.append("".join("'" + _OTHERWISE.get(part, {}).get(said, said) for part, said in read))
    return "\n".join(lines) + "".join(f"{line}\n" for line in dict.fromkeys(again))


def _read(line: str) -> list[tuple[str, str]]:
    """The characters, words in letters and numbers of a line, each with what is typed for it."""
    from pypinyin import lazy_pinyin

    found: list[tuple[str, str]] = []
    for part in _PARTS.findall(line):
        if _HAN.match(part):
            found += [(ch, said) for ch, said in zip(part, lazy_pinyin(part), strict=False) if said.isascii()]
        else:
            found.append((part, part))
    return found


def initials(text: str) -> str:
    """The first letter of each syllable: 请稍等 is qsd."""
    return "".join(said[0] for _, said in _read(text.lower()))


def heads(letters: str) -> set[str]:
    """The first one to three letters of all that could be typed from any syllable on; `^` marks a line's first."""
    found: set[str] = set()
    for line in letters.split("\n"):
        syllables = line.split("'")[1:]
        if syllables:
            found.add("^" + syllables[0][0])
        padded = [*syllables, "", ""]
        for at in range(len(syllables)):
            found |= _begun(padded[at], padded[at + 1], padded[at + 2])
    return found


@lru_cache(maxsize=60_000)
def _begun(first: str, second: str, third: str) -> frozenset[str]:
    made = {first[:1], first[:2], first[:3], first[:1] + second[:1], first[:1] + second[:2], first[:2] + second[:1]}
    return frozenset(part for part in made | {first[:1] + second[:1] + third[:1]} if part)


def grams(text: str) -> set[str]:
    """The characters of a folded text and its neighbouring pairs, of digits three together too."""
    lines = text.split("\n")
    pairs = {a + b for line in lines for a, b in pairwise(line)}
    pairs |= {run[at : at + 3] for run in _DIGITS.findall(text) for at in range(len(run) - 2)}
    return {ch for ch in text if ch not in " \n"} | pairs


def typed(run: str) -> re.Pattern[str]:
    """What finds a run of letters in marked syllables, each syllable begun from its first letter."""
    return re.compile("'" + "(?:[a-z]*')?".join(run))


def joined(lines: Iterable[str]) -> str:
    """Names or sentences as the lines of one text, each with a line's end on both sides."""
    return "\n" + "\n".join(dict.fromkeys(line for line in lines if line)) + "\n"
