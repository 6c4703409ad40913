"""Who else has a number that was just given, and whether somebody has the same as who was spoken of."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.hearing import Heard, named
from dialogs.intent import Intent
from dialogs.library import Library

_SHARED = re.compile(
    r"(?:[这那]个?|同一个?|一个)(?:号码?|电话|座机)[^?!。]{0,14}(?:哪几[位个]|还有谁|有谁|谁在用|谁用|几个?人|哪些人|共用)"
)
"""What asks who shares a number (这个号除了丰慧，还有哪几位在用)."""
_SAME = re.compile(
    r"(?:号码?|电话|座机)[^。?!]{0,14}(?:同一个?|一样|相同|是一个)|(?:同一个?|一样|相同)的?(?:号码?|电话|座机)"
)
"""What asks whether two have the same number (他办公电话跟流片那位是同一个吗)."""


def of_one_number(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Who is asked of by a number that was given for a direction, where a message leans on that; None where not."""
    held = _people_of(conversation.topics, library) if "contact" in conversation.facets else ()
    if not held or whole.gathered("phones"):
        return None
    if _SHARED.search(whole.folded):
        phones = dict.fromkeys(one.phone for one in library.holders if one.name in held and not one.district)
        return Intent("phone", ids=tuple(phones), facets=("reverse_lookup",))
    topic = named(whole, library)[0]
    others = _people_of((topic,), library) if topic else ()
    if _SAME.search(whole.folded) and len(held) == len(others) == 1 and held != others:
        return Intent("people", ids=(*held, *others), facets=("contact",), one_phone=True)
    return None


def _people_of(topics: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """Who answers for directions, each once; nobody for what is no direction."""
    of = library.guide.direction_of
    if not topics or any(topic not in of for topic in topics):
        return ()
    return tuple(dict.fromkeys(one.name for one in library.contacts_of(topics)))
