"""Messages that look somebody or something up: a name, a phone, a mailbox, an office, a district, an attachment."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.hearing import SURE_TOPIC, Heard, directions, leans, strongest, top, wants_person
from dialogs.intent import Ask, Intent
from dialogs.library import Library


def looked_up(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    facets = top(whole.facets)
    phones, boxes = whole.gathered("phones"), whole.gathered("mailboxes")
    people = whole.gathered("people")
    if people and boxes:
        return Intent("people", ids=tuple(people), facets=("email",))
    if phones and not any(whole.topics.get(str(n), 0) > 2 for n in range(1, 15)):
        return Intent("phone", ids=tuple(phones), facets=("reverse_lookup",))
    if boxes:
        return Intent("mailbox", ids=tuple(boxes), facets=("reverse_lookup",))
    if people:
        narrowed = (
            *people,
            *(f"district:{d}" for d in whole.gathered("districts")),
            *(f"office:{o}" for o in whole.gathered("offices")),
        )
        weights = directions(whole.topics, library)
        own = (
            max(weights, key=lambda d: weights[d], default="") if max(weights.values(), default=0) >= SURE_TOPIC else ""
        )
        held = (own,) if own else tuple(t for t in conversation.topics if t in library.guide.direction_of)
        asks = (
            (Ask(held, ("contact",), whole.provisions, {}, whole.contacts()),)
            if held and _CHECKS.search(whole.folded)
            else ()
        )
        return Intent("people", ids=narrowed, asks=asks, facets=facets or ("contact",))
    if conversation.subject.startswith("person:") and leans(whole) and not strongest(whole, library)[1] > SURE_TOPIC:
        wants = set(facets) & {"contact", "email", "reverse_lookup"} or re.search(
            r"[他她](?:还|也)?管|还管|哪个方向|哪些方向", whole.folded
        )
        if wants and not whole.gathered("districts"):
            return Intent("people", ids=(conversation.subject.split(":", 1)[1],), facets=facets or ("reverse_lookup",))
    offices = whole.gathered("offices", asking=True)
    people_facets = {"contact", "email", "reverse_lookup", "overview", "amount"}
    if set(facets) - people_facets and "contact" not in facets:
        offices = []
    if offices and strongest(whole, library)[1] < SURE_TOPIC and not whole.gathered("districts"):
        return Intent("office", ids=tuple(offices), facets=facets or ("contact",))
    attachments = whole.gathered("attachments", asking=True)
    if attachments and (
        not (set(facets) - {"attachment", "definition", "contact", "overview"}) or len(whole.folded) <= 14
    ):
        return Intent("attachment", ids=tuple(attachments), facets=("attachment",))
    return None


_CHECKS = re.compile(r"是不是|是.{1,8}(?:吗|吧|么|不)|对吗|对吧|对不对|还是找|归.{1,4}管|负责这|管这")
"""A person is named to be confirmed: 负责这块的是…吗."""


def district(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    districts = whole.gathered("districts", asking=True) or (whole.gathered("districts") if wants_person(whole) else [])
    topic, weight = strongest(whole, library)
    spoken_of = conversation.subject.partition("district:")[2]
    leaning = bool(spoken_of) and leans(whole) and weight < SURE_TOPIC
    own_mailbox = spoken_of and _commercial_space(whole) and library.district(spoken_of).other_email
    if not districts and ((leaning and wants_person(whole)) or (own_mailbox and wants_person(whole))):
        districts = [spoken_of]
    if not districts:
        return None
    asked_other = set(top(whole.facets)) - {"contact", "email", "district_contact", "recommendation", "reverse_lookup"}
    if weight >= SURE_TOPIC and not (wants_person(whole) and not asked_other):
        return None
    if asked_other and not wants_person(whole) and len(whole.folded) > 8:
        return None
    if weight >= SURE_TOPIC and topic and not _commercial_space(whole):
        ask = Ask((topic,), ("contact",), contacts=whole.contacts())
        return Intent("district", ids=tuple(districts), asks=(ask,), facets=top(whole.facets))
    return Intent("district", ids=tuple(districts), facets=top(whole.facets), evidence=tuple(whole.segments))


def _commercial_space(whole: Heard) -> bool:
    return whole.topics.get("5a", 0) > 0
