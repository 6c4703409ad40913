"""What a message is most like among the kept questions, said where its reply leaves it out.

The reply is decided by words, facets and what is in hand. Where that went past what was meant, the whole sentence often
still resembles the right question; and where it did not, the nearest provision is what an officer would add anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from dialogs.conversation import Conversation
from dialogs.covering import Besides, only
from dialogs.doubting import DOUBTS
from dialogs.hearing import LONG, corrected, cut
from dialogs.intent import RULE_FACETS, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.recalling import recalled

OF_THE_REPLY, OF_WHAT_IS_HELD, OF_A_RULE = 0.4, 0.3, 0.4
"""Likeness from which an entry is said besides: of what the reply is about, of what was in hand before, of a rule."""
APART, FAR_APART, MOST_SAID = 0.1, 0.2, 2
"""How much less a message, or a part of one, has to be like the next entry of the rules; and how many are said."""
POINTS_ONLY = 10
"""Letters of a message that does no more than point back."""
OF_NO_QUESTION = {"amounts_are_ceilings", "consultants", "issue", "overview"}
"""Rules that hold of every question, so that likeness to theirs tells nothing."""


def nearest(
    text: str,
    intent: Intent,
    reply: Reply,
    conversation: Conversation,
    library: Library,
    answer: Callable[[Intent], Reply],
) -> list[Besides]:
    """The provisions that a message or its parts are most like, each with its own reply, where the reply says none."""
    if reply.status != "answered" or intent.kind != "asks":
        return []
    folded = corrected(library.finder.speller.fold(text))
    if len(folded) <= POINTS_ONLY and recalled(folded, conversation, library):
        return []  # 北京呢 is no question of where a firm is registered, nor 最开始那个呢 of the window
    parts = [one for one in cut(folded) if library.finder.find(one).asks]
    whole = [folded] if len(folded) <= LONG else []
    found = [*_of_directions(whole, parts, reply, conversation, library)]
    doubts = conversation.topics and DOUBTS.search(folded)  # 你再查查 is no question of inspections
    for part in () if doubts else (*whole, *(parts if len(parts) > 1 else ())):
        found += _of_rules(part, library, APART if part == folded else FAR_APART)
    left = list(dict.fromkeys(one.id for one in found if not _says(reply, one)))[:MOST_SAID]
    return [Besides(meant := only(library.stated[one]), answer(meant), 1) for one in left]


def _of_directions(
    whole: list[str], parts: list[str], reply: Reply, conversation: Conversation, library: Library
) -> Iterator[Stated]:
    """The nearest entries of the directions that a reply is about, then of those that were in hand before it."""
    of = library.guide.direction_of
    answered = [topic for topic in reply.topics if topic in of]
    numbers = {of[topic].direction for topic in answered}
    held = [topic for topic in conversation.topics if topic in of and of[topic].direction not in numbers]
    compares = any(_COMPARES.search(text) for text in (*whole, *parts))
    by_name = not compares and any(_names(text, numbers, library) for text in (*parts, *whole))
    held = held if len(numbers) < 2 and not by_name else []  # EDA和流片哪个封顶高 asks of nothing else
    for topics, least in ((answered, OF_THE_REPLY), (held, OF_WHAT_IS_HELD)):
        for texts in (whole, parts):
            for topic in {of[topic].direction: topic for topic in topics}.values():
                best = _best(topic, texts, least, library)
                if best is None or (best.topic not in answered and set(answered) & set(conversation.topics) & set(of)):
                    continue  # 说过是造整车的: nothing of the others
                if texts is whole or topics is held or best.topic in answered:
                    yield best


def _names(text: str, numbers: set[str], library: Library) -> bool:
    """Whether a text calls a direction by its name, which outweighs what was in hand (流片 → 老旧厂房最多多少)."""
    of = library.guide.direction_of
    written = library.finder.lexicon.written(text)
    if not any(len(match.term) >= A_NAME and target.kind == "topic" for match in written for target in match.targets):
        return False
    names = (match for match in library.finder.find(text).matches if match.how == "exact" and len(match.term) >= A_NAME)
    targets = (target for match in names for target in match.targets)
    return any(target.kind == "topic" and target.id in of and of[target.id].direction in numbers for target in targets)


A_NAME = 3
"""Letters from which a name is surely a direction's own (入统 is said of others too)."""
_COMPARES = re.compile(r"比(?!例|如)|哪个|还是|也")
"""What looks back at what was in hand, whatever it names."""


def _of_rules(text: str, library: Library, apart: float) -> Iterator[Stated]:
    """The nearest entry of the general rules, where a text is more like that rule's questions than a direction's."""
    of, likes = library.guide.direction_of, library.finder.bank.likes(text).topics
    of_directions = max((like for topic, like in likes.items() if topic in of), default=0.0)
    rules = {topic for topic, like in likes.items() if topic not in of and like >= of_directions}
    best = _best("process", [text], OF_A_RULE, library, apart=apart) if rules - OF_NO_QUESTION else None
    if best and best.topic in rules - OF_NO_QUESTION:
        yield best


def _best(topic: str, texts: Iterable[str], least: float, library: Library, *, apart: float = 0.0) -> Stated | None:
    """The entry of a topic's group that one of some texts is most like, from `least` on and `apart` from the next."""
    likes = library.finder.bank.entries_like(topic, texts)
    ranked = sorted(likes, key=lambda entry: -likes[entry])[:2]
    next_like = likes[ranked[1]] if len(ranked) > 1 else 0.0
    stands_out = bool(ranked) and likes[ranked[0]] >= max(least, next_like + apart)
    return library.stated.get(ranked[0]) if stands_out else None


def _says(reply: Reply, one: Stated) -> bool:
    """Whether a reply says a provision, or answers for a direction what a rule says of all of them."""
    facet = RULE_FACETS.get(one.topic)
    answered = facet in ("deadline", "library", "recommendation") and facet in reply.facets
    return answered or one.provision.say.rstrip("。") in reply.text
