"""A direction compared with the one in hand: “新智造呢？跟它一样还是更高” asks of both."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.conversation import Conversation
from dialogs.filtering import investing
from dialogs.hearing import Heard
from dialogs.intent import Ask, Intent
from dialogs.library import Library

_COMPARES = re.compile(
    r"比(?!例|率|重|较)[^,。?!;]{1,14}?(?:更|还)?[高低多少严松](?:多少|些|点|[吗么不呢?]|$)"
    r"|(?:跟|和|与|(?<!合)同)[^,。?!;]{1,14}?"
    r"(?:一样|相同|一致|比(?:呢|起来|哪个|$)|有(?:什么)?(?:区别|不同|差别)|还是更?[高低多少])"
)
"""What compares something with what was spoken of (跟它一样还是更高, 跟新智造比哪个高)."""
_FLOOR = re.compile(r"门槛|固投|固定资产|投资额")
"""What asks of the investment that is required."""
FIRST = 2.0
"""Weight by which a provision is said before the others."""
_COMPARED = ("amount", "rate", "conditions", "scope")
"""Facets in which two directions are compared."""


def with_held(intent: Intent, whole: Heard, conversation: Conversation, library: Library) -> Intent:
    """The ask of one direction beside the same of the one in hand, where a message compares the two."""
    held, of = conversation.topics, library.guide.direction_of
    one_each = intent.kind == "asks" and len(intent.asks) == 1 and len(held) == 1 and held[0] in of
    if not one_each or not _COMPARES.search(whole.folded):
        return intent
    ask = intent.asks[0]
    own = tuple(facet for facet in ask.facets if facet in _COMPARED)
    facets = own or tuple(facet for facet in conversation.facets if facet in _COMPARED)
    apart = len(ask.topics) == 1 and ask.topics[0] in of and ask.topics[0] != held[0]
    if not apart or not facets or ask.topics[0] == of[held[0]].direction:
        return intent
    asked = (*facets, "compare")
    spoken = f"{conversation.case},{whole.folded}"
    floors = {one.id: FIRST for one in investing(library)} if _FLOOR.search(spoken) and "conditions" in facets else {}
    other = Ask(held, asked, floors, forms=ask.forms, told=ask.told, figures=ask.figures)
    both = (replace(ask, facets=asked, provisions={**ask.provisions, **floors}), other)
    return replace(intent, asks=both, facets=asked)
