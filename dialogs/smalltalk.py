"""What is said beside the matter: greeting, thanks, who are you, help, a person."""

from __future__ import annotations

from dialogs.conversation import Conversation
from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, Source, branch_source, contact_source


def say(kind: str, conversation: Conversation, library: Library) -> Reply:
    """One of our own sentences as a notice; `human` names the consultation line and promises nothing."""
    saying = Saying(library)
    if kind in ("again", "shorter"):
        return _about_what_is_in_hand(kind, conversation, library)
    if kind in ("greeting", "who"):
        guide = library.guide
        saying.say(kind, Source("quoted", guide.title, guide.title), batch=guide.batch)
    else:
        saying.say(kind)
    if kind == "human":
        _consultants(saying)
    if kind == "wrong":
        if conversation.opens:
            saying.offer(library.phrases.say("option_human"), "human:missed")
        _offer_facets(saying, conversation)
    if kind in ("greeting", "help", "who", "empty", "old_option", "wrong", "weary"):
        saying.offer(library.phrases.say("option_overview"), "overview")
        saying.offer(library.phrases.say("option_process"), "ask:process.process")
        saying.offer(library.phrases.say("option_consult"), "ask:consultants.contact")
    return saying.reply("notice", facets=("other",))


def _consultants(saying: Saying) -> None:
    for line in saying.library.lines("policy"):
        slots = {"matter": line.label, "office": line.office, "name": line.name, "phone": line.phone}
        saying.say_slots("contact_line", contact_source(line), slots)
        saying.card(line)


def _about_what_is_in_hand(kind: str, conversation: Conversation, library: Library) -> Reply:
    """再说一遍, 太长了: the facets of the topic in hand, to be tapped one by one."""
    saying = Saying(library)
    topic = _direction(conversation, library)
    if topic:
        own = (branch_source(topic, library),) if topic in library.guide.branches else ()
        saying.say(kind, *own, what=library.name_of(topic))
        _offer_facets(saying, conversation)
    else:
        saying.say("again_none")
        saying.offer(library.phrases.say("option_overview"), "overview")
        saying.offer(library.phrases.say("option_consult"), "ask:consultants.contact")
    return saying.reply("notice", facets=("other",))


def _offer_facets(saying: Saying, conversation: Conversation) -> None:
    topic = _direction(conversation, saying.library)
    if topic:
        short = saying.library.guide.direction_of[topic].short
        for facet in ("amount", "conditions", "contact"):
            saying.offer(saying.library.phrases.say(f"option_{facet}", what=short), f"ask:{topic}.{facet}")


def _direction(conversation: Conversation, library: Library) -> str:
    return next((topic for topic in conversation.topics if topic in library.guide.direction_of), "")
