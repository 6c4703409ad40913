"""What a message points back to behind what is in hand: 这俩哪个高, 前一个呢, 最开始那个区."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.library import Library

_BOTH = re.compile(
    r"[这那它他]俩|[这那](?:两|2)(?:个|项|块|边|样|者|条|种|位)|(?<!前)两者|它们|(?:^|[,?])两(?:个|项|边)(?!月|年)"
)
_FIRST = re.compile(r"(?:最开始|最早|一开始|最初|最先|头一个|第一个)")
_BEFORE = re.compile(r"(?:前一|上一|刚才前面那|前面那)(?:个|项)|再前面")


def recalled(folded: str, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The directions that a message points back to; none where it points at nothing, or at what is in hand."""
    of = library.guide.direction_of
    before = [topic for topic in conversation.earlier_topics if topic in of]
    held = [topic for topic in conversation.topics if topic in of]
    if _BOTH.search(folded) and held:
        return tuple([*before[-1:], *held][-2:]) if before or len(held) > 1 else ()
    several = [*before, *held]
    if _FIRST.search(folded) and len(several) > 1:
        return (several[0],)
    return (before[-1],) if _BEFORE.search(folded) and before else ()


def recalled_place(folded: str, conversation: Conversation) -> str:
    """The district that a message points back to; nothing where it points at none."""
    if not conversation.earlier_places:
        return ""
    if _FIRST.search(folded):
        return conversation.earlier_places[0]
    return conversation.earlier_places[-1] if _BEFORE.search(folded) else ""
