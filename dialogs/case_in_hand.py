"""The case that a conversation has in hand: the question of figures, or the story, that its messages have told.

What a message does with it: puts another in its place, adds to it, changes it, leaves it as it is, or drops it.
"""

from __future__ import annotations

from dialogs.conversation import REMEMBERED, Conversation
from dialogs.intent import Intent
from dialogs.stepping import Desk
from dialogs.supposing import case_in, statement_in, story_with, tells_nothing


def with_case(
    after: Conversation, before: Conversation, whole: str, text: str, intent: Intent, desk: Desk
) -> Conversation:
    """The conversation with the question of figures in hand: as it was changed, or told anew.

    It is kept through what tells nothing of the case: whom to ask, where it stands, why.
    """
    looks_up = intent.kind == "grounds" or (bool(intent.facets) and set(intent.facets) <= LOOK_UPS)
    in_hand = _goes_on(after.topics, before.topics, desk)
    told = story_with(before.case, text, desk) if in_hand else ""
    told = told or (whole if after.topics == before.topics else "") or case_in(text, desk)
    keeps = looks_up or (after.topics == before.topics and not after.denied and tells_nothing(text, desk))
    held = before.said if not _leaves(after.topics, before.topics, desk) else ()
    said = (*held, *filter(None, [statement_in(text, desk)]))[-REMEMBERED:]
    return after.but(case=told or (before.case if keeps else ""), said=said)


def _leaves(topics: tuple[str, ...], before: tuple[str, ...], desk: Desk) -> bool:
    """Whether a message goes over from one direction to another."""
    of = desk.library.guide.direction_of
    new, old = ({of[one].direction for one in held if one in of} for held in (topics, before))
    return bool(new and old) and new.isdisjoint(old)


def _goes_on(topics: tuple[str, ...], before: tuple[str, ...], desk: Desk) -> bool:
    """Whether the topics in hand are those of before, or branches of them."""
    of = desk.library.guide.direction_of
    return topics == before or all(one in of and of[one].direction in before for one in topics)


LOOK_UPS = {"contact", "email", "district_contact", "attachment", "deadline"}
"""Facets whose questions tell nothing of a case."""


def asks_of_the_case(intent: Intent, conversation: Conversation) -> bool:
    """Whether a question may be one of what was told before, not of what every direction has."""
    if intent.kind == "grounds":
        return not conversation.denied and any(topic[:1].isdigit() for topic in conversation.topics)
    of = {topic for ask in intent.asks for topic in ask.topics}
    return (of <= set(conversation.topics) or not conversation.topics) and not set(intent.facets) - OF_A_CASE


OF_A_CASE = {"conditions", "scope", "amount", "rate", "deadline"}
"""Facets whose questions may be of a case."""
