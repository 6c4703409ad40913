"""Pairs: 甲跟乙哪个门槛低, of which the words may name only one side."""

from __future__ import annotations

import re

from dialogs.hearing import HINTED_TOPIC, MEANT, STRONG, Heard, directions, merged
from dialogs.library import Library
from knowledge.finding import Found

PAIR = re.compile(
    r"([^,?]{2,14}?)(?:跟|和|与|同(?!比|期)|还是|(?<![同环])比(?!例|率|重|较|如|去年|上年|前年|往年|同期)|vs|、)([^,?]{2,14}?)(?:这?两|,|哪|谁|各|分别|哪个|比|[?]|$)"
)
_TELLS_APART = re.compile(r"哪|各|分别|谁|区别|(?<![同环])比(?!去年|上年|前年|往年|同期)")
"""A pair is asked apart: 甲跟乙这两样，哪个门槛低."""


def other_of_pair(named: str, whole: Heard, library: Library) -> list[str]:
    """The other direction of a pair of which only one is named by words of its own."""
    pair = PAIR.search(whole.folded)
    if pair is None or not _TELLS_APART.search(whole.folded[pair.start() :]):
        return []
    sides = [_likeliest(library.finder.find(side), named, library) for side in pair.groups()]
    return [side for side in sides if side != named] if named in sides and all(sides) else []


def _likeliest(one: Found, named: str, library: Library) -> str:
    """The direction that one side of a pair hints at, where it is the one that is named, or is plainly like."""
    own = directions(one.topics, library)
    if max(one.facets.values(), default=0.0) >= STRONG and max(own.values(), default=0.0) < HINTED_TOPIC:
        return ""  # 奖励比例 is a facet of the one named, not another one
    if own.get(named):
        return named
    weights = merged([(directions(one.topics, library), 1.0), (directions(one.liked.topics, library), 1.0)])
    best = max(weights, key=lambda topic: weights[topic], default="")
    return best if best and weights[best] >= MEANT else ""


def between_branches(number: str, whole: Heard | Found, library: Library) -> bool:
    """Whether a pair is asked of whose sides hint at different branches of a direction (工厂和机房各是多少)."""
    pair = PAIR.search(whole.folded if isinstance(whole, Heard) else whole.text)
    branches = {branch.id for branch in library.guide.direction_of[number].branches}
    sides = [_strongest(library.finder.find(side), branches) for side in pair.groups()] if pair else []
    return bool(sides) and all(sides) and sides[0] != sides[1]


def _strongest(one: Found, branches: set[str]) -> str:
    """The one branch that a side hints at most; none where several are even."""
    ranked = sorted((one.topics.get(branch, 0.0), branch) for branch in branches)
    return ranked[-1][1] if ranked[-1][0] > (ranked[-2][0] if len(ranked) > 1 else 0.0) else ""
