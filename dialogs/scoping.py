"""Which directions an interview is about: named in words, or hinted at by what was told."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.interview import Standing
from dialogs.library import Library

_NUMBERED = re.compile(r"方向(?:是|为|第)?(1[0-4]|[1-9]|十[一二三四]?|[一二三四五六七八九])(?![\d个年月])")
_MORE = re.compile(r"[、,和及跟与](?:方向)?(1[0-4]|[1-9])(?![\d.个年月日万亿%])")
_ONLY = re.compile(r"^[\s,、和及跟与测选第个方向项]*(?:(?:1[0-4]|[1-9])[\s,、和及跟与测选第个方向项]*)+$")
_CHINESE = {word: number for number, word in enumerate("一二三四五六七八九十", 1)}
MOST_NEAR = 5


def directions_in(text: str, library: Library, *, plainly: bool = False) -> tuple[str, ...]:
    """The directions that a text names: 方向4、7; 1和10; 融资租赁. `plainly`: only by 方向 and number."""
    folded = library.finder.speller.fold(text)
    found = [_number(one) for one in _NUMBERED.findall(folded)]
    if found:
        found += _MORE.findall(folded)
    elif not plainly and _ONLY.match(folded):
        found = re.findall(r"1[0-4]|[1-9]", folded)
    if not plainly:
        fold = library.finder.speller.fold
        found += [one.direction for one in library.guide.directions if _named(fold(one.short), folded)]
    return tuple(one for one in dict.fromkeys(found) if one in library.guide.direction_of)


def _named(name: str, folded: str) -> bool:
    return name in folded or (len(folded) >= 2 and folded in name)


def _number(word: str) -> str:
    if word.isdigit():
        return word
    return str(10 + _CHINESE.get(word[1:], 0) if word.startswith("十") else _CHINESE[word])


def near_directions(
    standing: Standing, conversation: Conversation, library: Library, *, beyond: bool = False
) -> tuple[str, ...]:
    """The directions that what was told hints at, the more it tells of the sooner; `beyond`: outside the scope."""
    guide = library.guide
    weights: dict[str, float] = {}
    for key in standing.case:
        branches = guide.fact[key].branches
        directions = {guide.direction_of[branch].direction for branch in branches}
        if len(directions) <= 6:
            for direction in directions:
                weights[direction] = weights.get(direction, 0) + 1 / len(directions)
    for topic in conversation.topics:
        if topic in guide.direction_of and not beyond:
            weights[guide.direction_of[topic].direction] = weights.get(guide.direction_of[topic].direction, 0) + 1
    inside = {guide.direction_of[branch].direction for branch in standing.branches} if beyond else set()
    ranked = sorted((one for one in weights if one not in inside), key=lambda one: (-weights[one], int(one)))
    return tuple(ranked[:MOST_NEAR])
