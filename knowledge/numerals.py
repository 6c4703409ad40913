"""Numbers as people write them, found whole in a text: 1200, 1.2个, 三千五百万, 1千200万, 半个亿, 500w, 1.5kw, 两千五.

What is no figure is found too, so that nothing reads a piece of it: 几百万, 五六百, 上千万 have no value; 一千来万 and
两百多万 have one, but only roughly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DIGIT = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_VALUES = {ch: n for n, ch in enumerate("零一二三四五六七八九")} | {
    ch: n for n, ch in enumerate("零壹贰叁肆伍陆柒捌玖")
}
_VALUES |= {"〇": 0, "两": 2}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000, "k": 1_000}
_BIG = {"万": 10_000, "w": 10_000, "亿": 100_000_000, "e": 100_000_000}
_COUNTED = r"[家台颗辆个套份笔单条款种件片]"
_OF_ITS_OWN = (
    rf"(?!(?<=[万亿])[{DIGIT}十拾百\d]*(?:个?半?年|个?月|期|天|周|号))"
    rf"(?!(?:(?<=[百千]万)|(?<=[百千]亿)|(?<=\d\d\d万)|(?<=\d\d\d亿))[{DIGIT}十拾百\d]*{_COUNTED})"
    rf"(?!(?:(?<=\d万)|(?<=\d亿))[{DIGIT}十拾百]+{_COUNTED})"
)
"""Where digits behind 万 or 亿 begin no number of their own: 5000万三年 and 3000万两家 are two numbers, 2万8 is one."""
_FIGURE = re.compile(
    rf"(?<![a-z\d.])(?<!第)(?<!方向)(?<!附件)(?:\d+(?:\.\d+)?|[{DIGIT}十拾]|好?几|上(?=[十百千万亿])|数(?=[十百千万亿])|(?<!个)半(?=个?亿|个?千?万))"
    rf"(?:{_OF_ITS_OWN}(?:\d+(?:\.\d+)?|[{DIGIT}十拾百佰千仟万亿])|点(?=[{DIGIT}])|个(?=多?来?[亿])|个半(?=[百千]?万|亿)|[多来余](?=[十百千万亿])|(?<=[十百千万亿])几|几(?=[十百千万亿])"
    rf"|\s?(?:kw|k|w|(?<=\d)e)(?![a-z0-9]))*(?:[多来余](?=$|[^\u3400-\u9fff]|[元块年个家台辆颗月天]))?"
)
_RANGE = re.compile(rf"(?![零〇])[{DIGIT}](?![零〇])[{DIGIT}](?=[十拾百佰千仟万亿个])")
_SHORTENED = re.compile(rf"[百佰千仟万亿kw](?:[{DIGIT}]|[1-9])$")
"""How a number ends that leaves out its last unit."""
_DIGITS_ALONE = re.compile(rf"[{DIGIT}]{{2,}}")
_SOME, _ROUGH, _MORE = frozenset("几数上"), frozenset("多来余几数上"), re.compile("[多来余]")
_AND_A_HALF, _POINT = re.compile(rf"([{DIGIT}十]+|\d+)个半"), re.compile(rf"([{DIGIT}十]+)点([{DIGIT}]+)")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.")


@dataclass(frozen=True)
class Numeral:
    """A number of a text: where it stands, its value (None where it is no figure), whether 万 or 亿 is in it."""

    start: int
    end: int
    value: Decimal | None
    rough: bool = False
    scaled: bool = False


def numerals(text: str) -> list[Numeral]:
    """Every number of a folded text in its order."""
    return [_numeral(found) for found in _FIGURE.finditer(text)]


def _numeral(found: re.Match[str]) -> Numeral:
    words = "".join(found[0].split())
    rough = not _ROUGH.isdisjoint(words)
    scaled = not _BIG.keys().isdisjoint(words)
    some = not _SOME.isdisjoint(words) or _RANGE.search(words)
    value = None if some else value_of(_MORE.sub("", words))
    return Numeral(found.start(), found.end(), value, rough, scaled)


def value_of(words: str) -> Decimal | None:
    """The number that words of digits and units spell; None where they spell none (五六, 万千)."""
    words = _AND_A_HALF.sub(_and_a_half, words)
    words = words.replace("个", "").replace("kw", "千w")
    if words.startswith("半"):
        words = "0.5" + words[1:]
    words = _POINT.sub(_decimal, words)
    if _DIGITS_ALONE.fullmatch(words):
        return Decimal("".join(str(_VALUES[ch]) for ch in words)) if len(words) > 2 else None
    total = section = Decimal(0)
    held: Decimal | None = None
    last = 1
    for token in _TOKEN.findall(words):
        if token[0].isdigit():
            if held:
                return None
            held = Decimal(token)
        elif token in _VALUES:
            if held:
                return None
            held, last = Decimal(_VALUES[token]), 1 if _VALUES[token] == 0 else last
        elif token in _SMALL:
            section += (1 if held is None else held) * _SMALL[token]
            held, last = None, _SMALL[token]
        elif token in _BIG:
            part = section + (held or 0)
            total = (total + part) * _BIG[token] if token in "亿e" else total + part * _BIG[token]
            section, held, last = Decimal(0), None, _BIG[token]
        else:
            return None
    if held is not None:  # 两千五 is 2500, 一万五 and 1万5 are 15000, 两千零五 is 2005
        short = last >= 100 and bool(_SHORTENED.search(words))
        section += held * last / 10 if short else held
    return total + section


def _and_a_half(found: re.Match[str]) -> str:
    """两个半亿 is 2.5亿."""
    whole = value_of(found[1])
    return f"{whole}.5" if whole is not None else found[0]


def _decimal(found: re.Match[str]) -> str:
    whole = value_of(found[1])
    return f"{whole}.{''.join(str(_VALUES[ch]) for ch in found[2])}" if whole is not None else found[0]
