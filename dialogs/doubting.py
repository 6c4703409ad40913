"""A message that doubts the last answer (不是25吗, 真的？有人跟我讲只有30): the same is answered once more."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.hearing import HINTED_TOPIC, STRONG, Heard, directions
from dialogs.intent import Ask
from dialogs.library import Library

DOUBTS = re.compile(
    r"^真的?(?:不用|不要|不需要|没有|不能|可以|能|要|行)[,?!吗]|^(?:啊|咦|哎|诶)?[,?!]?(?:真的|真是这样|当真|不对|不会吧|你?确定|不可能)(?=[,?!吗吧]|$)"
    r"|再(?:帮我)?(?:查|看|核|核实|确认)(?:一?[查看遍下]|一遍|一下)?(?:[吧,?!]|$)"
    r"|(?:说|搞|弄|记|看|写)错了?[吧吗没]|不对吧|不会吧|有误[吧吗]"
    r"|到底是.{0,3}\d[^,?]*还是|(?:^|[,?!])(?:难道)?不是(?:说)?\d[\d.]*[万亿元%个点]{0,3}[吗么吧?]"
)
_IS_IT_NOT = re.compile(
    r"(?:^(?:难道)?|[,?!](?:你|您)?确定)不是(?!.{0,10}(?:能|可以|行|算|报|给|奖))[^,?!]{1,8}(?:[吗么][?]?|\?)$"
)
"""What doubts a fact of the case in hand by another one (不是一季度吗)."""
FIGURED = ("amount", "rate")


def doubted(whole: Heard, conversation: Conversation, library: Library) -> tuple[Ask, ...]:
    """What was asked of the directions in hand, where a message only doubts what was said of them."""
    held = tuple(topic for topic in conversation.topics if topic in library.guide.direction_of)
    of = library.guide.direction_of
    own = {of[topic].direction for topic in held}
    others = (weight for number, weight in directions(whole.words, library).items() if number not in own)
    weights = others if _IS_IT_NOT.search(whole.folded) else directions(whole.words, library).values()
    named = max(weights, default=0.0) >= HINTED_TOPIC
    if not held or named or not (DOUBTS.search(whole.folded) or _IS_IT_NOT.search(whole.folded)):
        return ()
    asked = [facet for facet, weight in whole.told.items() if weight >= STRONG]
    if set(asked) - {*FIGURED, "conditions", "honesty", *conversation.facets}:
        return ()  # 不对，我问的是联系电话
    told = [facet for facet in asked if facet in (*FIGURED, "conditions")]
    figured = any(ch.isdigit() for ch in whole.folded) and not set(FIGURED) & set(conversation.facets)
    doubted_ = tuple(facet for facet in conversation.facets if facet == "conditions")
    facets = tuple(told) or ((*doubted_, *FIGURED) if figured else conversation.facets)
    return tuple(Ask((topic,), facets, whole.provisions, {}) for topic in held) if facets else ()
