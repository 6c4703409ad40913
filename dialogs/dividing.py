"""Several of a kind told in one message: 一个…固投800万，一个…固投300万; 两次流片; 三份合同.

What is told of each is held apart, and the visitor says which comes first: an interview is about one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dialogs.library import Library
from knowledge.scene import Scene
from knowledge.telling import Told, heard_in

_ONE = re.compile(
    r"(?<![每同任唯这那哪单十百])(?:另外?|还有|再有|其中)?第?[一二三四五](?P<of>[个条款次项笔份家颗台批])(?![月年性])"
)
"""How a message turns to one of several: 一个, 另一个, 第二款, with the measure word that they share."""


@dataclass(frozen=True)
class Part:
    """One of several: the words that speak of it, what they tell, and whether there is a sum in them."""

    words: str
    told: tuple[Told, ...]
    sums: bool


def divided(folded: str, library: Library, today: date) -> tuple[str, tuple[Part, ...]]:
    """A text up to where it turns to the first of several, and each of them; no parts where it tells of one only.

    Several of which nothing is told in two ways are no conflict: 一个项目做了智改，一个还没开始.
    """
    marks = list(_of_one_measure(folded))
    if len(marks) < 2:
        return folded, ()
    ends = [*marks[1:], len(folded)]
    parts = tuple(
        _part(folded[: marks[0]], folded[start:end], library, today) for start, end in zip(marks, ends, strict=True)
    )
    return (folded[: marks[0]], parts) if _conflict(parts) else (folded, ())


def _of_one_measure(folded: str) -> Iterator[int]:
    found = list(_ONE.finditer(folded))
    yield from (match.start() for match in found if match["of"] == found[0]["of"])


def _part(before: str, words: str, library: Library, today: date) -> Part:
    """One of several, read after what comes before them all: 流了两次片 says what 第一次花了180万 is about."""
    general = {one.fact for one in _told(before, library, today)}
    told = tuple(one for one in _told(before + words, library, today) if one.fact not in general)
    sums = any(one.kind == "money" for one in Scene(words, today, answer=True).measured)
    return Part(words.strip(",。;!?: "), told, sums)


def _told(words: str, library: Library, today: date) -> tuple[Told, ...]:
    return heard_in(Scene(words, today, answer=True), library.teller).told


def _conflict(parts: tuple[Part, ...]) -> bool:
    """Whether two parts tell one fact differently, or each a sum of its own, of which some fact is read."""
    values: dict[str, set[object]] = {}
    for part in parts:
        for one in part.told:
            values.setdefault(one.fact, set()).add(one.value)
    figures = any(isinstance(one.value, int | float) and one.value is not True for part in parts for one in part.told)
    return any(len(held) > 1 for held in values.values()) or (figures and sum(part.sums for part in parts) > 1)


LABEL = 16
"""Letters by which one of several is named on its option."""


def label_of(part: Part) -> str:
    """The beginning of the words that speak of one of several."""
    first = re.split(r"[,。;!?]", part.words)[0]
    return first[:LABEL] + "…" * (len(first) > LABEL)
