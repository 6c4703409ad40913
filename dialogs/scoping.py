"""Which directions an interview is about: named in words, or hinted at by what was told."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.interview import Standing, checks_of
from dialogs.library import Library
from knowledge.judging import judge_branch

_NUMBERED = re.compile(r"方向(?:是|为|第)?(1[0-4]|[1-9]|十[一二三四]?|[一二三四五六七八九])(?![\d个年月])")
_MORE = re.compile(r"[、,和及跟与](?:方向)?(1[0-4]|[1-9])(?![\d.个年月日万亿%])")
_ONLY = re.compile(r"^[\s,、和及跟与测选第个方向项]*(?:(?:1[0-4]|[1-9])[\s,、和及跟与测选第个方向项]*)+$")
_CHINESE = {word: number for number, word in enumerate("一二三四五六七八九十", 1)}
MOST_NEAR = 5
WIDELY, FEW = 3, 2
"""How many directions may ask for a fact that hints at them; for one outside the scope, unless it is a starred one."""


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
    for key, value in standing.case.items():
        directions = {guide.direction_of[branch].direction for branch in guide.fact[key].branches}
        if beyond:
            directions = {one for one in directions if _speaks_for(one, key, standing)}
        if len(directions) <= WIDELY and value is not False:
            for direction in directions:
                weights[direction] = weights.get(direction, 0) + 1 / len(directions)
    for topic in conversation.topics if not beyond else ():
        if topic in guide.direction_of:
            weights[guide.direction_of[topic].direction] = weights.get(guide.direction_of[topic].direction, 0) + 1
    if beyond:
        weights = {one: weight for one, weight in weights.items() if _may_fit(one, standing)}
    return tuple(sorted(weights, key=lambda one: (-weights[one], int(one)))[:MOST_NEAR])


def _speaks_for(direction: str, key: str, standing: Standing) -> bool:
    """Whether a told fact is what a direction wants, and few ask for it; a figure or a day speaks for none."""
    fact, guide = standing.guide.fact[key], standing.guide
    wide = {guide.direction_of[branch].direction for branch in fact.branches}
    starred = fact.default is not None
    if fact.kind not in ("bool", "choice") or len(wide) > (WIDELY if starred else FEW):
        return False
    branches = [branch for branch in fact.branches if guide.direction_of[branch].direction == direction]
    checks = [check for branch in branches for check in checks_of(guide.book.branches[branch], key)]
    return any(check.holds(standing.case) for check in checks)


def _may_fit(direction: str, standing: Standing) -> bool:
    """Whether a direction is outside the scope, and nothing told so far speaks against each of its branches."""
    guide = standing.guide
    branches = [branch for branch in guide.book.branches if guide.direction_of[branch].direction == direction]
    if set(branches) & set(standing.branches):
        return False
    return any(judge_branch(one, standing.case, guide, standing.today).verdict != "not_eligible" for one in branches)
