"""What else a message asks: each of its questions heard by itself, and answered where the reply has nothing of it.

The message as a whole decides first (`understanding.py`). A question that it holds besides (徐克举邮箱 + 申报截止日,
海淀找谁) may be left over; it counts where its own words say what it asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from dialogs.conversation import Conversation
from dialogs.hearing import SURE_TOPIC, corrected, cut, directions
from dialogs.intent import Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.refusing import QUALIFIES
from dialogs.understanding import understand
from knowledge.finding import Found

PARTED = {"asks", "people", "phone", "mailbox", "office", "desk", "district", "attachment"}
"""Kinds of intents beside which something else may be asked."""
WHOM = {"contact", "email", "district_contact", "reverse_lookup"}
OF_APPLYING = {"deadline", "process", "library", "recommendation", "exclusivity"}
ASKED = {"amount", "rate", "conditions", "contact", "email", *OF_APPLYING}
"""Facets that a question by itself may ask for."""
MOST_BESIDE, MOST_LINES = 2, 3
"""Questions that are answered besides, and lines of each."""
_JOINED = re.compile(r"\s*\+\s*|(?<=[一-鿿])/(?=[一-鿿])|(?<=[一-鿿])；(?=[一-鿿])")
"""What joins items of a list of questions (徐克举邮箱 + 申报开始日 + 截止日)."""
_ENDS = re.compile(
    r"(?:多少钱?|几个点|几成|几年|几号|哪天|哪位|找谁问?|是谁|吗|哪里|哪儿)(?:啊|呀|呢|嘛|哈|来着|的)*"
    r"(?=[^的个家以才就算条项元万年月天钱点些][^,。?!]{3,}?(?:多少|几|谁|哪|吗|什么|怎么|要不要|能不能|是不是))"
    r"|(?<=.{6})(?=(?:要不要|能不能|是不是|除了))"
)
"""Where speech without marks goes on to its next question (两位老师电话分别是多少报名截止是几号)."""
RUN_ON = 14
"""Letters from which a piece without marks may hold two questions."""


@dataclass(frozen=True)
class Besides:
    """A question of a message that its reply leaves out, with its own reply."""

    intent: Intent
    reply: Reply
    lines: int = MOST_LINES


def besides(
    text: str,
    intent: Intent,
    reply: Reply,
    conversation: Conversation,
    library: Library,
    answer: Callable[[Intent], Reply],
) -> list[Besides]:
    """The questions of a message of which its reply has nothing, each answered by itself."""
    if reply.status != "answered" or intent.kind not in PARTED:
        return []
    parts = _parts(text, library)
    found: list[Besides] = []
    held = next(iter(topic for ask in intent.asks for topic in ask.topics), "")
    for part in parts if len(parts) > 1 else ():
        named = _direction(part, library)
        held = named or held
        if not _left_out(part, held, intent, reply, library):
            if named_ := _named_besides(part, held, reply, library):
                ask = Ask((named_.topic,), (named_.provision.facet,), {named_.id: 2.0})
                only = Intent("asks", asks=(ask,), facets=ask.facets)
                found.append(Besides(only, answer(only), 1))
            continue
        other = understand(part.text, conversation.going_over_to((held,)) if held else conversation, library)
        if other.kind not in PARTED:
            continue
        said = answer(other)
        if said.status == "answered" and _answers(part, said, other) and said.text not in reply.text:
            found.append(Besides(other, said))
    return found[:MOST_BESIDE]


def _parts(text: str, library: Library) -> list[Found]:
    folded = corrected(library.finder.speller.fold(text))
    return [library.finder.find(part) for part in questions_in(folded)]


def ours_beside(
    text: str, intent: Intent, conversation: Conversation, library: Library, answer: Callable[[Intent], Reply]
) -> Besides | None:
    """The first question of ours in a message that was refused for another one (牌照找谁批，顺带问问保险补多少)."""
    other = intent.elsewhere
    if intent.kind not in ("elsewhere", "silent") or other is None or other.id in QUALIFIES:
        return None
    parts = [part for part in _parts(text, library) if part.asks]
    for part in parts if len(parts) > 1 else ():
        plainly = _told(part) & OF_OURS and part.is_question and _direction(part, library)
        if not plainly or part.elsewhere or part.silent:
            continue
        meant = understand(part.text, conversation, library)
        theirs = any(understand(one.text, conversation, library).elsewhere == other for one in parts if one != part)
        if theirs and meant.kind in PARTED and (said := answer(meant)).status == "answered":
            return Besides(meant, said)
    return None


OF_OURS = {"amount", "rate", "contact", "email", "deadline", "library", "recommendation"}
"""Facets by which a question beside a refused one is plainly ours; how to apply is asked of any matter."""


def questions_in(folded: str) -> list[str]:
    """A folded message in questions: at its marks, between the items of a list, and where speech runs on."""
    pieces = [part for piece in cut(folded) for part in _JOINED.split(piece)]
    parts = [part for piece in pieces for part in (_run_on(piece) if len(piece) >= RUN_ON else [piece])]
    return [part.strip(",;。 ") for part in parts if len(part.strip(",;。 ")) >= 2]


def _run_on(piece: str) -> list[str]:
    ends = [0, *(found.end() for found in _ENDS.finditer(piece)), len(piece)]
    return [piece[start:end] for start, end in pairwise(ends) if end > start]


def _told(part: Found) -> set[str]:
    """The facets that words of a part tell."""
    return {facet for facet, weight in part.facets.items() if weight >= 1.0 and facet in ASKED}


def _left_out(part: Found, held: str, intent: Intent, reply: Reply, library: Library) -> bool:
    """Whether a part asks, by its own words, for something of which a reply has nothing; `held`: what it is about."""
    facets = _told(part)
    if not part.asks or not facets:
        return False
    given = {*reply.facets, *(facet for ask in intent.asks for facet in ask.facets)}
    if part.people or part.phones:
        return not any(name in reply.text for name in (*part.people, *part.phones))
    if part.districts and facets <= WHOM:
        return not any(library.district(one).name in reply.text for one in part.districts)
    if facets & WHOM and given & WHOM:
        facets -= WHOM
    return bool(facets) and (not facets & given or (bool(facets - NOT_OF_ONE) and _of_another(held, reply, library)))


NOT_OF_ONE = {"deadline", "process", "exclusivity", *WHOM}
"""Facets that need no direction."""


def _named_besides(part: Found, held: str, reply: Reply, library: Library) -> Stated | None:
    """The provision that a part names most, where a reply says nothing of it (除了PUE还要接一个什么平台)."""
    if not part.is_question:
        return None
    under = library.under(held) if held else []
    best = max(under, key=lambda one: part.provisions.get(one.id, 0.0), default=None)
    named = best is not None and part.provisions.get(best.id, 0.0) >= 1.0
    return best if named and best and best.provision.say not in reply.text else None


def _direction(part: Found, library: Library) -> str:
    """The direction that a part names."""
    weights = directions(part.topics, library)
    best = max(weights, key=lambda one: weights[one], default="")
    return best if best and weights[best] >= SURE_TOPIC else ""


def _of_another(held: str, reply: Reply, library: Library) -> bool:
    """Whether a reply says nothing of a direction."""
    of = library.guide.direction_of
    given = {of[topic].direction for topic in reply.topics if topic in of}
    return held in of and bool(given) and of[held].direction not in given


def _answers(part: Found, reply: Reply, intent: Intent) -> bool:
    """Whether a reply answers what the words of a part ask."""
    given = {*reply.facets, *(facet for ask in intent.asks for facet in ask.facets)}
    return bool(_told(part) & given) or bool(_told(part) & WHOM and given & WHOM)


def joined(reply: Reply, others: list[Besides]) -> Reply:
    """A reply with the first lines of those to what else was asked."""
    for other in others:
        said = other.reply
        lines = [line for line in said.text.splitlines() if line not in reply.text][: other.lines]
        if not lines:
            continue
        reply = replace(
            reply,
            text="\n".join([reply.text, *lines]),
            citations=(*reply.citations, *(one for one in said.citations if one not in reply.citations)),
            contacts=tuple(dict.fromkeys((*reply.contacts, *said.contacts))),
            origins=(*reply.origins, *said.origins),
            facets=tuple(dict.fromkeys((*reply.facets, *said.facets))),
            topics=tuple(dict.fromkeys((*reply.topics, *said.topics))),
        )
    return reply
