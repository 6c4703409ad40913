"""What a message points back to behind what is in hand: 这俩哪个高, 前一个呢, 最开始那个区."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.library import Library
from knowledge.numerals import value_of

_NOT_A_TOPIC = "(?!月|年|季|人|天|条件|要求|文件|附件|电话|号|工作)"
_BOTH = re.compile(
    rf"[这那它他]俩{_NOT_A_TOPIC}|[这那](?:两|2)(?:个|项|块|边|样|者|条|种|位){_NOT_A_TOPIC}|(?<!前)两者|它们"
    rf"|(?:^|[,?])两(?:个|项|边){_NOT_A_TOPIC}"
)
_FIRST = re.compile(
    r"(?:最开始|最早|一开始|最初|最先)(?:说|问|提|聊|讲)?的?[那这](?:个|项)|(?:头一个|第一个)(?=问|说|方向|区|的|呢|是|封顶|最高|最多|上限|找谁|联系|归谁|比例|要区|要入|能补|能拿|,|$)"
    r"|(?:第一|头一|最开始那|最早那|最先那)位"
)
_BEFORE = re.compile(
    rf"另外?一(?:个|项|处|家)(?=呢|的|那边|方向|区|[?]?$)|(?:前一|上一|刚才前面那|前面那)(?:个|项){_NOT_A_TOPIC}(?!项目|度)|再前面|(?:前一|上一)位"
)


OTHER_PLACE = "other_place"
"""The matter of policies of other places, of which it may be asked next how it is here (北京这边呢)."""
_HERE = re.compile(r"北京|本市|[咱你]们?这[边里儿]?")
_NTH = re.compile(
    r"第([一二三四1-4])个(?:方向|呢|再|的|说|是|封顶|最高|最多|上限|找谁|联系|归谁|比例|要区|要入|能补|能拿|$)"
)


def recalled(folded: str, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The directions that a message points back to; none where it points at nothing, or at what is in hand."""
    of = library.guide.direction_of
    held = [topic for topic in conversation.topics if topic in of]
    several = [topic for topic in dict.fromkeys((*conversation.earlier_topics, *held)) if topic in of]
    before = [topic for topic in several if topic not in held]
    if comes_back_here(folded, conversation):
        return tuple(before[-1:])
    if _BOTH.search(folded) and held:
        return tuple([*before[-1:], *held][-2:]) if before or len(held) > 1 else ()
    if _FIRST.search(folded) and len(several) > 1:
        return (several[0],)
    if (nth := _NTH.search(folded)) and 1 < len(several) >= (at := int(value_of(nth[1]) or 1)):
        return (several[at - 1],)
    return (before[-1],) if _BEFORE.search(folded) and before else ()


def comes_back_here(folded: str, conversation: Conversation) -> bool:
    """Whether a message comes back to Beijing from another place just refused (深圳流片补多少 → 北京这边呢)."""
    return conversation.subject == f"elsewhere:{OTHER_PLACE}" and bool(_HERE.search(folded))


def recalled_place(folded: str, conversation: Conversation) -> str:
    """The district that a message points back to; nothing where it points at none."""
    if not conversation.earlier_places:
        return ""
    if _FIRST.search(folded):
        return conversation.earlier_places[0]
    return conversation.earlier_places[-1] if _BEFORE.search(folded) else ""


def shared_letters(office: str, text: str) -> int:
    """Letters of the longest piece of an office's name that stands in a text."""
    pieces = (office[a:b] for a in range(len(office)) for b in range(a + 1, len(office) + 1))
    return max((len(piece) for piece in pieces if piece in text), default=0)
