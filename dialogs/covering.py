"""What else a message asks: each of its questions heard by itself, and answered where the reply has nothing of it.

The message as a whole decides first (`understanding.py`). A question that it holds besides (徐克举邮箱 + 申报截止日,
海淀找谁) may be left over; it counts where its own words say what it asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dialogs.conversation import Conversation
from dialogs.going_on import number_of
from dialogs.hearing import HINTED_TOPIC, SURE_TOPIC, corrected, directions
from dialogs.in_district import has_moved
from dialogs.intent import NOT_THE_LIBRARY, RULE_FACETS, Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.questions import questions_in
from dialogs.refusing import QUALIFIES
from dialogs.understanding import places_asked, understand
from knowledge.amounts import amounts_in
from knowledge.finding import Found

NOT_ALONE = {"asks", "people", "phone", "mailbox", "office", "desk", "district", "attachment"}
"""Kinds of intents beside which something else may be asked."""
WHOM = {"contact", "email", "district_contact", "reverse_lookup"}
OF_APPLYING = {"deadline", "process", "library", "recommendation", "exclusivity"}
ASKED = {"amount", "rate", "conditions", "contact", "email", *OF_APPLYING}
"""Facets that a question by itself may ask for."""
OF_A_DIRECTION = {"amount", "rate", "conditions"}
"""Facets that mean nothing without a direction."""
MOST_BESIDE, MOST_LINES, MOST_SEGMENTS = 2, 3, 8
"""Questions that are answered besides, lines of each, and questions of a message that are looked at."""


Follow = Callable[[Conversation, Intent, Reply], Conversation]


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
    follow: Follow,
) -> list[Besides]:
    """The questions of a message of which its reply has nothing, each answered by itself.

    `follow`: what is in hand after an intent and its reply, so that a question goes on with the one before it.
    """
    if reply.status != "answered" or intent.kind not in NOT_ALONE:
        return []
    if intent.kind == "district" and has_moved(library.finder.speller.fold(text)):
        return []  # 从海淀搬到昌平了，还打海淀那几个电话吗
    segments = _segments(text, library)
    found: list[Besides] = []
    said, before = reply, conversation
    many = sum(segment.is_question for segment in segments) > FEW_QUESTIONS
    room = len(reply.text) <= ROOM
    adding = (_may_add(one, library) or (room and (many or _told(one) or _names_any(one))) for one in segments)
    last = max((at for at, adds in enumerate(adding) if adds), default=-1)
    with_direction = _with_direction(segments, (*reply.topics, *conversation.topics), library)
    for at, (segment, held) in enumerate(with_direction if len(segments) > 1 else ()):
        one = _beside(segment, held, intent, reply, conversation, library, answer)
        if one is None and segment.asks and at <= last:
            of_held = tuple(topic for topic in reply.topics if number_of(topic, library) == held)
            in_hand = before.going_over_to(of_held) if of_held else _about(held, before)
            own = understand(segment.text, in_hand, library, part=True)
            of_own = answer(own)
            one = _unsaid(segment, held, own, of_own, said, library) or _apart(
                segment, own, of_own, said, library, many=many
            )
            before = follow(in_hand, own, of_own)
        if one and len(found) < MOST_BESIDE:
            found.append(one)
            said = replace(said, text=f"{said.text}\n{one.reply.text}")
    left = [one for one in places_asked(text, library) if library.district(one).name not in reply.text]
    if left and intent.kind == "asks":
        there = Intent("district", ids=tuple(left[:2]), facets=("contact",))
        found = [*found[: MOST_BESIDE - 1], Besides(there, answer(there))]
    return found


def _beside(
    segment: Found,
    held: str,
    intent: Intent,
    reply: Reply,
    conversation: Conversation,
    library: Library,
    answer: Callable[[Intent], Reply],
) -> Besides | None:
    """What a segment asks and a reply leaves out, with its own reply; `held`: the direction that it is about."""
    if not _left_out(segment, held, intent, reply, library):
        named = _named_besides(segment, held, reply, library) or _rule_besides(segment, reply, library)
        return Besides(of_one := only(named), answer(of_one), 1) if named else None
    if not held and _told(segment) & OF_A_DIRECTION:
        return None  # 海淀找谁，能补多少: of which direction is not said
    meant = understand(segment.text, _about(held, conversation), library, part=True)
    if meant.kind not in NOT_ALONE:
        return None
    said = answer(meant)
    fits = said.status == "answered" and _answers(segment, said, meant) and said.text not in reply.text
    return Besides(meant, said) if fits else None


def _unsaid(segment: Found, held: str, meant: Intent, own: Reply, reply: Reply, library: Library) -> Besides | None:
    """What a segment asks by its own words, where the first line of its own reply holds facts that a reply has not."""
    if own.status != "answered" or meant.kind != "asks" or not (segment.is_question or _told(segment)):
        return None
    if not _is_about(segment, held, meant, reply, library):
        return None
    first = own.text.splitlines()[0]
    stated = next((one for say, one in library.said_by.items() if first.startswith(say)), None)
    named = stated is not None and _names(segment, stated)
    whom = _asks_the_city(segment) and bool(own.contacts)
    if not (named or whom):
        return None
    said = set(facts_in(reply.text))
    new = [fact for fact in facts_in(first) if fact not in said]
    return Besides(meant, own, 2 if whom and len(own.contacts) == 2 else 1) if new else None


def _apart(segment: Found, meant: Intent, own: Reply, reply: Reply, library: Library, *, many: bool) -> Besides | None:
    """What a segment asks of a duty, or of a direction that it names, where a reply has nothing of its answer.

    A reply of few words leaves room for whatever else a segment asks by name.
    """
    if own.status != "answered" or meant.kind not in NOT_ALONE:
        return None
    duty = bool(_told(segment) & OF_APPLYING) and meant.kind == "asks"
    room = len(reply.text) <= ROOM and (_asks_by_name(segment, meant) or (many and segment.is_question))
    if not (room or duty or (meant.kind == "asks" and _direction(segment, library))):
        return None
    lines = [line for line in own.text.splitlines() if not line.endswith("：")]
    first = next((line for line in lines if line.rstrip("。") not in reply.text), "")
    told, said = facts_in(first), set(facts_in(reply.text))
    new = duty or any(fact not in said for fact in told) or (room and not told)
    return Besides(meant, replace(own, text=first), 1) if first and new else None


def _asks_by_name(segment: Found, meant: Intent) -> bool:
    """Whether a segment asks of somebody, or of a rule or a provision that it names."""
    if meant.kind != "asks":
        return bool(_told(segment))
    return segment.is_question and _names_any(segment)


def _names_any(segment: Found) -> bool:
    """Whether a segment names a rule or a provision."""
    ruled = any(segment.topics.get(rule, 0.0) >= SURE_TOPIC for rule in RULE_FACETS if rule != "consultants")
    return ruled or max(segment.provisions.values(), default=0.0) >= 1.0


ROOM, FEW_QUESTIONS = 80, 2
"""Letters of a reply up to which there is room for another line; questions of which one reply is rarely enough."""


def _may_add(segment: Found, library: Library) -> bool:
    """Whether a segment may ask for what a reply leaves out: the city's people, a duty, or a thing that it names."""
    if not segment.asks:
        return False
    if _asks_the_city(segment) or _told(segment) & OF_APPLYING or _direction(segment, library):
        return True
    named = (library.stated[id_] for id_, weight in segment.provisions.items() if weight >= 1.0)
    return any(_names(segment, one) for one in named)


def _asks_the_city(segment: Found) -> bool:
    """Whether a segment asks for somebody of the city, or of a whole direction (区里找谁，市里又找谁)."""
    return bool(_told(segment) & WHOM) and bool(_OF_THE_CITY.search(segment.text))


def _names(segment: Found, stated: Stated) -> bool:
    """Whether words of a segment name a provision, and hardly any other (最高 is a word of every ceiling)."""
    weight = segment.provisions.get(stated.id, 0.0)
    return weight >= 1.0 and sum(other >= weight for other in segment.provisions.values()) <= FEW_NAMED


FEW_NAMED = 2


def _is_about(segment: Found, held: str, meant: Intent, reply: Reply, library: Library) -> bool:
    """Whether what a segment by itself means is what it names, or the direction that the message is about."""
    of = library.guide.direction_of
    topics = {topic for ask in meant.asks for topic in ask.topics}
    own = {of[one].direction for one in (held, _direction(segment, library)) if one in of}
    if any(topic in of for topic in topics):
        return all(topic in of and of[topic].direction in own for topic in topics)
    facets = {facet for ask in meant.asks for facet in ask.facets}
    return not facets & WHOM and (not facets & set(reply.facets) or segment.provisions.get(NOT_THE_LIBRARY, 0.0) >= 1.0)


_OF_THE_CITY = re.compile(r"市里|市级|市局|市经信|总的?(?:口径|联系人?|对接|负责|找|归)|总体")
"""What asks for the city's own, or the one of the whole direction (区里找谁，市里又找谁)."""


def facts_in(line: str) -> list[str]:
    """What of a line can be told wrong: figures, numbers to dial, mailboxes."""
    return [*_FACT.findall(line)]


_FACT = re.compile(r"[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+|\d[\d.]*(?:%|亿元|万元|元|年|月|日)?")


def only(stated: Stated) -> Intent:
    """An intent that is answered by one provision first."""
    ask = Ask((stated.topic,), (stated.provision.facet,), {stated.id: 2.0})
    return Intent("asks", asks=(ask,), facets=ask.facets)


def _about(held: str, conversation: Conversation) -> Conversation:
    return conversation.going_over_to((held,)) if held else conversation


def _with_direction(segments: list[Found], before: tuple[str, ...], library: Library) -> Iterator[tuple[Found, str]]:
    """Each segment with the direction that it names, or else the last one that was named before it."""
    held = next((number_of(one, library) for one in before if one in library.guide.direction_of), "")
    for segment in segments:
        held = _direction(segment, library) or held
        yield segment, held


def _segments(text: str, library: Library) -> list[Found]:
    """The questions of a message; none where it is but one, beside which there is nothing."""
    questions = questions_in(corrected(library.finder.speller.fold(text)))[:MOST_SEGMENTS]
    return [library.finder.find(one) for one in questions] if len(questions) > 1 else []


def ours_beside(
    text: str, intent: Intent, conversation: Conversation, library: Library, answer: Callable[[Intent], Reply]
) -> Besides | None:
    """The first question of ours in a message that was refused for another one (牌照找谁批，顺带问问保险补多少)."""
    other = intent.elsewhere
    if intent.kind not in ("elsewhere", "silent") or other is None:
        return None
    segments = _segments(text, library)
    asking = [one for one in segments if one.asks]
    for segment, held in _with_direction(segments, conversation.topics, library) if len(asking) > 1 else ():
        if not _plainly_ours(segment, held, library):
            continue
        if other.id in OF_THE_WHOLE and not _HERE_AND_NOW.search(segment.text):
            continue
        meant = understand(segment.text, _about(held, conversation), library, part=True)
        besides = (understand(one.text, conversation, library, part=True) for one in asking if one != segment)
        theirs = any(one.elsewhere == other for one in besides)
        if theirs and meant.kind in NOT_ALONE and (said := answer(meant)).status == "answered":
            return Besides(meant, said)
    return None


def _plainly_ours(segment: Found, held: str, library: Library) -> bool:
    """Whether a segment beside a refused one asks of ours: of a direction that it names, or in that one's own words."""
    if segment.elsewhere or segment.silent or not (segment.asks and segment.is_question):
        return False
    if _told(segment) & OF_OURS and (_direction(segment, library) or (held and _HERE_AND_NOW.search(segment.text))):
        return True
    if _direction(segment, library) and not _told(segment):
        return False
    return any(segment.provisions.get(one.id, 0.0) >= 1.0 for one in (library.under(held) if held else ()))


OF_THE_WHOLE = {*QUALIFIES, "statistics", "recognition"}
"""Matters that all questions of a message are of: another year or place, how many got it, how a title is come by."""
_HERE_AND_NOW = re.compile(r"北京|市里|咱市|本批|这批|这次|第一批|今年")
"""What says of a question beside another place's, year's or batch's that it is of this guide."""
OF_OURS = {"amount", "rate", "contact", "email", "deadline", "library", "recommendation"}
"""Facets by which a question beside a refused one is plainly ours; how to apply is asked of any matter."""


def _told(segment: Found) -> set[str]:
    """The facets that words of a segment tell."""
    told = {facet for facet, weight in segment.facets.items() if weight >= 1.0 and facet in ASKED}
    shares = segment.is_question and any(one.endswith("%") for one in amounts_in(segment.text))
    return told | {"rate"} if shares else told  # 花的钱能回三成不


def _left_out(segment: Found, held: str, intent: Intent, reply: Reply, library: Library) -> bool:
    """Whether a segment asks, by its own words, for what a reply leaves out; `held`: what it is about."""
    facets = _told(segment)
    if not segment.asks or not facets:
        return False
    given = {*reply.facets, *(facet for ask in intent.asks for facet in ask.facets)}
    if segment.people or segment.phones:
        return not any(name in reply.text for name in (*segment.people, *segment.phones))
    if segment.districts and facets <= WHOM:
        return not any(library.district(one).name in reply.text for one in segment.districts)
    if facets & WHOM and given & WHOM:
        facets -= WHOM
    return bool(facets) and (not facets & given or (bool(facets - NOT_OF_ONE) and _of_another(held, reply, library)))


def _rule_besides(segment: Found, reply: Reply, library: Library) -> Stated | None:
    """The general rule's provision that a segment names, where a reply has nothing of that rule (卡住了打哪个号)."""
    if not segment.asks or not (segment.is_question or _told(segment)):
        return None
    most = max(segment.provisions.values(), default=0.0)
    named = [library.stated[id_] for id_, weight in segment.provisions.items() if weight >= max(1.0, most)]
    if not named or len(named) > FEW_NAMED or named[0].topic not in RULES_NAMED:
        return None
    whom = bool(_told(segment) & WHOM)  # 谁负责 asks of no truthfulness
    if whom != (named[0].topic == "support") or (whom and segment.topics.get("support", 0.0) < HINTED_TOPIC):
        return None
    said = any(one.provision.say.rstrip("。") in reply.text for one in library.under(named[0].topic))
    return None if said else named[0]


RULES_NAMED = {"support", "consequences", "inspection", "truthfulness", "eligibility", "local_matching", "issue"}
"""Rules of which something may be asked beside anything."""


NOT_OF_ONE = {"deadline", "process", "exclusivity", *WHOM}
"""Facets that need no direction."""


def _named_besides(segment: Found, held: str, reply: Reply, library: Library) -> Stated | None:
    """The provision that a segment names most, where a reply says nothing of it (除了PUE还要接一个什么平台)."""
    if not (segment.is_question or _TAGGED.search(segment.text)):
        return None
    own = _in_hand(segment, held, reply, library) or [held or _only_direction(segment, library)]
    under = [one for topic in own for one in library.under(topic)]
    best = max(under, key=lambda one: segment.provisions.get(one.id, 0.0), default=None)
    if segment.provisions.get(NOT_THE_LIBRARY, 0.0) >= 1.0:
        best = library.stated[NOT_THE_LIBRARY]
    named = best is not None and segment.provisions.get(best.id, 0.0) >= 1.0
    return best if named and best and best.provision.say not in reply.text else None


def _in_hand(segment: Found, held: str, reply: Reply, library: Library) -> list[str]:
    """The branches of a direction that a reply is about, unless a segment calls the whole direction or another one."""
    own = [topic for topic in reply.topics if number_of(topic, library) == held]
    others = [branch for branch in library.branches_of(held) if branch not in own] if own != [held] else []
    called = any(segment.topics.get(one, 0.0) >= SURE_TOPIC for one in (held, *others))
    return [] if called else own


_TAGGED = re.compile(r"(?:吧|嘛)[?]?$")
"""How a sentence ends that wants to be confirmed."""


def _only_direction(segment: Found, library: Library) -> str:
    """The one direction of which a segment names provisions; nothing where it names those of several, or of rules."""
    of = library.guide.direction_of
    named = {id_.split(":")[0] for id_, weight in segment.provisions.items() if weight >= 1.0}
    numbers = {of[one].direction if one in of else one for one in named}
    return numbers.pop() if len(numbers) == 1 and not numbers & set(RULE_FACETS) else ""


def _direction(segment: Found, library: Library) -> str:
    """The direction that a segment names."""
    weights = directions(segment.topics, library)
    best = max(weights, key=lambda one: weights[one], default="")
    return best if best and weights[best] >= SURE_TOPIC else ""


def _of_another(held: str, reply: Reply, library: Library) -> bool:
    """Whether a reply says nothing of a direction."""
    of = library.guide.direction_of
    given = {of[topic].direction for topic in reply.topics if topic in of}
    return held in of and bool(given) and of[held].direction not in given


def _answers(segment: Found, reply: Reply, intent: Intent) -> bool:
    """Whether a reply answers what the words of a segment ask."""
    given = {*reply.facets, *(facet for ask in intent.asks for facet in ask.facets)}
    return bool(_told(segment) & given) or bool(_told(segment) & WHOM and given & WHOM)
