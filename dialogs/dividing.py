"""Several of a kind told in one message: 一个…固投800万，一个…固投300万; 两次流片; 三份合同.

What is told of each is held apart, and the visitor says which comes first: an interview is about one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dialogs.library import Library
from knowledge.amounts import Measured
from knowledge.binding import number
from knowledge.scene import Scene
from knowledge.telling import Told, heard_in

_ONE = re.compile(
    r"(?<![每同任唯这那哪单十百])(?:另外?|还有|再有|其中)?第?[一二三四五](?P<of>[个条款次项笔份家颗台批])(?![月年性])"
    r"|(?<![a-z])(?:i{1,3}|[一二三])(?P<stage>期)的"
)
"""How a message turns to one of several: 一个, 另一个, 第二款, with the measure word that they share; Ⅱ期的, Ⅲ期的."""
_BACK = re.compile(
    r"[,。;!](?=(?:另外|此外|同时|然后|对了|再就是|,)*"
    r"(?:还(?=[买租贷投建改签采引])|我们|公司|企业|(?:两|三|四|几)[个条款次项笔份家]都))"
)
"""How a message turns back from the last of several: 还买了…, 我们…, 两个都…."""


@dataclass(frozen=True)
class Part:
    """One of several: the words that speak of it, what they tell, and the sums in them."""

    words: str
    told: tuple[Told, ...]
    sums: tuple[Measured, ...]


def divided(folded: str, library: Library, today: date) -> tuple[str, tuple[Part, ...]]:
    """A text without what it tells of several, and each of them; no parts where it tells of one only.

    Several of which nothing is told in two ways are no conflict: 一个项目做了智改，一个还没开始.
    """
    marks = list(_of_one_measure(folded))
    if len(marks) < 2:
        return folded, ()
    back = _BACK.search(folded, marks[-1])
    ends = [*marks[1:], back.start() if back else len(folded)]
    before = folded[: marks[0]]
    parts = _completed(
        [_part(before, folded[start:end], library, today) for start, end in zip(marks, ends, strict=True)]
    )
    return (before + folded[ends[-1] :], parts) if _conflict(parts) else (folded, ())


def _of_one_measure(folded: str) -> Iterator[int]:
    found = list(_ONE.finditer(folded))
    yield from (match.start() for match in found if match["of"] == found[0]["of"])


def _part(before: str, words: str, library: Library, today: date) -> Part:
    """One of several, read after what comes before them all: 流了两次片 says what 第一次花了180万 is about."""
    general = {one.fact for one in _told(before, library, today)}
    told = tuple(one for one in _told(before + words, library, today) if one.fact not in general)
    sums = tuple(one for one in Scene(words, today, answer=True).measured if one.kind == "money")
    return Part(words.strip(",。;!?: "), told, sums)


def _completed(parts: list[Part]) -> tuple[Part, ...]:
    """一次花了1200万，一次800万: the one sum of a part that names nothing is what the others tell by theirs."""
    figures = {one.fact for part in parts for one in part.told if type(one.value) in (int, float)}
    if len(figures) != 1:
        return tuple(parts)
    fact = figures.pop()
    return tuple(
        replace(part, told=(*part.told, Told(fact, number(float(part.sums[0].value or 0)), part.words)))
        if len(part.sums) == 1 and part.sums[0].exact and all(one.fact != fact for one in part.told)
        else part
        for part in parts
    )


def _told(words: str, library: Library, today: date) -> tuple[Told, ...]:
    return heard_in(Scene(words, today, answer=True), library.teller).told


def _conflict(parts: tuple[Part, ...]) -> bool:
    """Whether two parts tell one fact differently, or each a sum of its own, of which some fact is read."""
    values: dict[str, set[object]] = {}
    for part in parts:
        for one in part.told:
            values.setdefault(one.fact, set()).add(one.value)
    figures = any(isinstance(one.value, int | float) and one.value is not True for part in parts for one in part.told)
    return any(len(held) > 1 for held in values.values()) or (figures and sum(bool(part.sums) for part in parts) > 1)


LABEL = 16
"""Letters by which one of several is named on its option."""


def label_of(part: Part) -> str:
    """The beginning of the words that speak of one of several, Latin letters large (Ⅱ期, EDA)."""
    first = re.split(r"[,。;!?]", part.words)[0].upper()
    return first[:LABEL] + "…" * (len(first) > LABEL)
