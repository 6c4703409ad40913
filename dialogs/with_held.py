"""A direction compared with the one in hand: “新智造呢？跟它一样还是更高” asks of both."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.conversation import Conversation
from dialogs.filtering import investing
from dialogs.hearing import COMPARES, Heard
from dialogs.intent import Ask, Intent
from dialogs.library import Library

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
    if not one_each or not COMPARES.search(whole.folded):
        return intent
    ask = intent.asks[0]
    own = tuple(facet for facet in ask.facets if facet in _COMPARED)
    facets = own or tuple(facet for facet in conversation.facets if facet in _COMPARED)
    apart = len(ask.topics) == 1 and ask.topics[0] in of and ask.topics[0] != held[0]
    if not apart or not facets or ask.topics[0] == of[held[0]].direction:
        return intent
    asked = (*facets, "compare")
    if of[ask.topics[0]].direction == of[held[0]].direction:
        number = of[held[0]].direction
        return replace(intent, asks=(replace(ask, topics=(number,), facets=asked),), facets=asked)
    spoken = f"{conversation.case},{whole.folded}"
    floors = {one.id: FIRST for one in investing(library)} if _FLOOR.search(spoken) and "conditions" in facets else {}
    other = Ask(held, asked, floors, forms=ask.forms, told=ask.told, figures=ask.figures)
    both = (replace(ask, facets=asked, provisions={**ask.provisions, **floors}), other)
    return replace(intent, asks=both, facets=asked)
