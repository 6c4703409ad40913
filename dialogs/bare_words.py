"""A first word or two, said alone (光伏, 材料, 怎么申请): what words tell outweighs likeness to whole questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dialogs.conversation import Conversation
from dialogs.hearing import Heard
from dialogs.library import Library
from knowledge.finding import LONE

BRIEF = 6
"""Letters up to which a message has too little to be like a kept question: 光伏 is like any that has the word."""


@dataclass(frozen=True)
class _Likeness:
    """What is left of a text's likenesses, in the form of those of the bank."""

    topics: Mapping[str, float]
    facets: Mapping[str, float]
    elsewhere: Mapping[str, float]
    beyond: float


_UNLIKE = _Likeness({}, {}, {}, 0.0)


def by_words(whole: Heard, conversation: Conversation, library: Library) -> Heard:
    """The message, of a few known words alone, like only the topics that its words tell, else only rules."""
    begins = not (conversation.topics or conversation.facets or conversation.subject)
    if not begins or len(whole.segments) > 1 or len(whole.folded) > BRIEF:
        return whole
    if whole.segments[0].strange:
        return _unguessed(whole, library)
    one = whole.segments[0]
    told = {*one.topics, *(library.stated[id_].topic for id_ in one.provisions if id_ in library.stated)}
    most = max(one.facets.values(), default=0.0)
    if not told and one.facets.get("amount") == most > 0.0:
        one = replace(one, facets={"amount": 1.0}, liked=_UNLIKE)  # 能补吗
    elif not told and most < LONE:
        return whole
    elif not told and one.facets.get("overview") == most:
        one = replace(one, facets={"overview": 1.0}, liked=_UNLIKE)  # 补贴, 14个方向
    else:
        may = told or one.liked.topics.keys() - library.guide.direction_of
        liked = {name: like for name, like in one.liked.topics.items() if name in may}
        one = replace(one, liked=_Likeness(liked, one.liked.facets, {}, 0.0))
    return Heard([one], whole.folded, library.finder.bank)


MOSTLY_STRANGE = 0.5
"""Share of unknown letters from which a brief message is like a kept question by those letters alone (轴承, 光刻机)."""
NEARLY_KEPT = 0.95
"""Likeness of what is a kept question itself."""


def _unguessed(whole: Heard, library: Library) -> Heard:
    """A brief message of mostly unknown letters without guesses at what it may be like; any other as it is."""
    one = whole.segments[0]
    says = one.topics or one.elsewhere or one.silent or one.people or one.districts or one.outside or one.is_question
    if one.strange < MOSTLY_STRANGE or says or max(one.facets.values(), default=0.0) >= LONE:
        return whole
    if max([0.0, *one.liked.topics.values(), *one.liked.elsewhere.values()]) >= NEARLY_KEPT:
        return whole
    return Heard([replace(one, liked=_UNLIKE)], whole.folded, library.finder.bank)
