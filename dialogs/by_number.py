"""Look-ups by a number or a mailbox: whose it is, whom else to call, who shares it, whether two have the same one."""

from __future__ import annotations

import re

from dialogs.asks import asked
from dialogs.conversation import Conversation
from dialogs.hearing import SURE_TOPIC, Heard, named, tells_whom
from dialogs.in_district import offices_picked
from dialogs.intent import Ask, Intent
from dialogs.library import Library
from dialogs.referring import ONE_NUMBER, OTHERS, colleagues


def by_number(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Whose a number or mailbox is, and what else is asked beside it; None where none is told."""
    phones, boxes, people = whole.gathered("phones"), whole.gathered("mailboxes"), whole.gathered("people")
    if (ending := _ENDS_IN.search(whole.folded)) and not phones:
        phones = list(dict.fromkeys(one.phone for one in library.holders if one.phone.endswith(ending[1])))
    if people and boxes:
        return Intent("people", ids=tuple(people), facets=("email",))
    others = [one for one in whole.asking if not one.phones]
    if phones and others and len(whole.segments) > 1:
        rest = Heard(others, ",".join(one.text for one in others), library.finder.bank)
        if offices_picked(rest, conversation, library):
            return None  # a number was tried already; another office of the district is asked for
    others_wanted = OTHERS.search(whole.folded) or (
        _NOBODY_ANSWERS.search(whole.folded) and not _WHOSE.search(whole.folded)
    )
    if phones and not people and others_wanted and (instead := _beside_number(phones, library)):
        return instead
    if phones and not whole.gathered("numbered"):
        near = tuple(whole.gathered("districts"))
        topic, weight = named(whole, library)
        own = Ask((topic,), ("contact",), contacts=whole.contacts())
        asks: tuple[Ask, ...] = (own,) if weight >= SURE_TOPIC else ()
        if not asks and any(tells_whom(rest := Heard([one], one.text, library.finder.bank)) for one in others):
            asks = tuple(ask for ask in asked(rest, conversation, library).asks if ask.topics[0] in OF_A_LINE)
        if not (near or asks) and _CHECKS_NUMBER.search(whole.folded):
            near, held = _held(conversation)  # 号码我复述一遍：… checks the number just given
            people = people or held
        only = tuple(offices_picked(whole, conversation, library)) if near else ()
        facets = ("reverse_lookup",)
        return Intent("phone", asks, tuple(phones), near=near, people=tuple(people), only=only, facets=facets)
    if boxes:
        near, space = tuple(whole.gathered("districts")), "5a" in whole.words
        return Intent("mailbox", ids=tuple(boxes), facets=("reverse_lookup",), near=near, space=space)
    return None


_NOBODY_ANSWERS = re.compile(r"(?:打不通|打不进|接不通|没人接|无人接|占线)(?!.{0,8}(?:邮箱|微信|手机))")
"""What says of a number that it is of no use just now (82176966打了半天打不通)."""
_WHOSE = re.compile(
    r"(?:谁|哪位|哪个人?|哪家)的?(?:座机|电话|号码?)|(?:是|属于)(?:你们)?(?:谁|哪位|哪个处室?|哪个部门)"
)
"""What asks whose a number is (有个未接55578308，回拨占线，是哪个处室的)."""
_ENDS_IN = re.compile(r"(?:尾号|末尾|结尾|最后(?:几|两|三|四)位)(?:是|为)?(\d{2,6})(?!\d)")
"""A number by its last digits (末尾81的呢)."""
OF_A_LINE = {"consultants", "support"}
"""Rules that tell whom to call, asked for beside a number that is somebody else's (政策上的事该打谁)."""


def _beside_number(phones: list[str], library: Library) -> Intent | None:
    """Whom else to call than a number of ours (82176966打了没人接，还有别的电话没)."""
    held = [holder for holder in library.holders if holder.phone in phones]
    names = list(dict.fromkeys(holder.name for holder in held))
    if held and not any(names):
        return Intent("asks", asks=(Ask(("support",), ("contact",)),), facets=("contact",))
    if len(held) == 1 and (there := held[0].district):
        return colleagues(f"{names[0]}@{there.id}", library)
    return colleagues(names[0], library) if len(names) == 1 else None


_CHECKS_NUMBER = re.compile(
    r"^\D{0,4}\d{7,8}(?:[吗吧么]|[?])+$|核|复述|对[吗吧不]|没错|是不是|记[下的得]|重复|不一样|不对"
)
"""What checks a number against who is in hand."""


def _held(conversation: Conversation) -> tuple[tuple[str, ...], list[str]]:
    """The district or the person in hand, as those beside whom a number is said."""
    kind, _, held = conversation.subject.partition(":")
    return ((held,) if kind == "district" else ()), ([held.partition("@")[0]] if kind == "person" else [])


_SHARED = re.compile(
    r"(?:[这那]个?|同一个?|一个)(?:号码?|电话|座机)[^?!。]{0,14}(?:哪几[位个]|还有谁|有谁|谁在用|谁用|几个?人|哪些人|共用)"
)
"""What asks who shares a number (这个号除了丰慧，还有哪几位在用)."""
_SAME = re.compile(rf"{ONE_NUMBER.pattern}|(?:号码?|电话|座机)[^。?!]{{0,14}}(?:同一个?|一样|相同|是一个)")
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
