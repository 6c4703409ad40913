"""为啥, 凭什么, 报不了？ behind an answer: what that one stood on is said again, with the sentence of the guide.

A conversation keeps the ids of the provisions that the last answer stated first. Such a message is none of its own:
likeness alone would take it anywhere.
"""

from __future__ import annotations

from datetime import date
from itertools import chain

from dialogs.conversation import Conversation
from dialogs.glossing import between_marks
from dialogs.intent import Ask, Intent
from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, Source
from dialogs.window import parted, state_of_day
from knowledge.amounts import plain

KEPT = 2
"""Provisions of an answer that are kept as its grounds."""


def asked_for_grounds(folded: str, conversation: Conversation, library: Library) -> Intent | None:
    """The grounds of the last answer, where a message asks why, or hears a no in it; None where it asks otherwise."""
    held = tuple(one for one in conversation.grounds if one in library.stated)
    if not held:
        return None
    says = library.commands.is_
    limits = {"exclusivity", "eligibility"} & {*conversation.facets, *conversation.topics}
    of_a_limit = conversation.denied or bool(limits)
    asked = says("grounds", folded) or says("hears_no", folded) or (of_a_limit and says("in_that_case", folded))
    if not asked:
        return None
    topics = tuple(dict.fromkeys(library.stated[one].topic for one in held))
    asks = tuple(Ask((topic,), conversation.facets or ("conditions",)) for topic in conversation.topics or topics)
    return Intent("grounds", asks=asks, ids=held, facets=conversation.facets, confidence=0.8)


def grounds_of(reply: Reply, library: Library) -> tuple[str, ...]:
    """The first provisions that a reply states, by their ids, in its order; each sentence once."""
    numbers = dict.fromkeys(library.number_of[topic] for topic in reply.topics if topic in library.number_of)
    under = [library.said_under(topic) for topic in (*numbers, *sorted(library.rules))]
    said = {say: id_ for say, id_ in reversed([*chain(*under)]) if say in reply.text}
    return tuple(said[say] for say in sorted(said, key=reply.text.index)[:KEPT])


def after_verdict(conversation: Conversation, reply: Reply, library: Library, today: date) -> Conversation:
    """The conversation after a reply that begins with a verdict: the condition that was weighed is its ground."""
    weighed = plain(reply.citations[0].quote) if reply.citations else ""
    numbers = {library.number_of.get(topic) for topic in reply.topics}
    under = (one for one in library.stated.values() if library.number_of.get(one.topic) in numbers)
    held = [one.id for one in under if (quote := plain(one.provision.quote)) and (quote in weighed or weighed in quote)]
    meets = library.phrases.say("weighed_meets", told="", quote="").partition("：")[0]
    denied = not parted(reply.text, library, today)[1].startswith(meets)
    return conversation.but(grounds=tuple(held[:1]) or conversation.grounds, denied=denied)


def say_grounds(intent: Intent, library: Library, today: date, *, denied: bool) -> Reply:
    """The provisions again, and the sentence that the first one stands on; `denied`: what was told fails there."""
    saying, first = Saying(library), library.stated[intent.ids[0]]
    if denied:
        saying.say("denied_here")
    for one in intent.ids:
        saying.state(library.stated[one])
    quote = " ".join(first.provision.quote.split())
    saying.say("stands_on", Source("quoted", quote, quote), quote=between_marks(quote))
    state_of_day(saying, today)
    for contact in library.contacts_of((first.topic,))[:1] or library.lines("policy")[:1]:
        saying.card(contact)
    topics = tuple(dict.fromkeys(topic for ask in intent.asks for topic in ask.topics))
    shown = tuple(topic if topic in library.guide.direction_of else "general" for topic in topics)
    return saying.reply("answered", topics=tuple(dict.fromkeys(shown)), facets=intent.facets, confidence=0.8)
