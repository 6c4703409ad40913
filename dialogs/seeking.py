"""Messages that look somebody or something up: a name, a phone, a mailbox, an office, a district, an attachment."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from dialogs.asks import asked
from dialogs.contacts import narrowest
from dialogs.conversation import Conversation
from dialogs.hearing import (
    HINTED_TOPIC,
    STRONG,
    SURE_TOPIC,
    Heard,
    directions,
    leans,
    merged,
    named,
    own_facets,
    plain,
    tells_whom,
    top,
    wants_person,
)
from dialogs.intent import FACET_RULES, Ask, Intent
from dialogs.library import Holder, Library
from dialogs.recalling import recalled_place
from dialogs.referring import referred
from knowledge.finding import LONE, Found

PEOPLE_FACETS = {"contact", "email", "reverse_lookup", "overview", "amount", "scope", "conditions"}
"""Facets beside which an office that was named is what is asked for (“电子信息处管哪些活”)."""


def looked_up(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Who or what a message looks up by name or number; None where it asks of a topic."""
    return (
        _by_number(whole, conversation, library)
        or _by_name(whole, conversation, library)
        or _by_surname(whole, conversation, library)
        or referred(whole, offices_picked(whole, conversation, library), conversation, library)
        or _by_office(whole, library)
        or _by_desk(whole)
        or _by_attachment(whole, conversation)
    )


def _by_number(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    phones, boxes, people = whole.gathered("phones"), whole.gathered("mailboxes"), whole.gathered("people")
    if people and boxes:
        return Intent("people", ids=tuple(people), facets=("email",))
    others = [one for one in whole.asking if not one.phones]
    if phones and others and len(whole.segments) > 1:
        rest = Heard(others, ",".join(one.text for one in others), library.finder.bank)
        if offices_picked(rest, conversation, library):
            return None  # a number was tried already; another office of the district is asked for
    if phones and not whole.gathered("numbered"):
        near = tuple(whole.gathered("districts"))
        topic, weight = named(whole, library)
        asks = (Ask((topic,), ("contact",), contacts=whole.contacts()),) if weight >= SURE_TOPIC else ()
        if not (near or people or asks):
            near, people = _held(conversation)  # 号码我复述一遍：… checks the number just given
        return Intent("phone", asks, tuple(phones), near=near, people=tuple(people), facets=("reverse_lookup",))
    if boxes:
        return Intent("mailbox", ids=tuple(boxes), facets=("reverse_lookup",))
    return None


def _held(conversation: Conversation) -> tuple[tuple[str, ...], list[str]]:
    """The district or the person in hand, as those beside whom a number is said."""
    kind, _, held = conversation.subject.partition(":")
    return ((held,) if kind == "district" else ()), ([held.partition("@")[0]] if kind == "person" else [])


def _by_name(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """People named; one who was named to be confirmed for a topic (负责这块的是…吗) comes beside that topic's own."""
    people = whole.gathered("people")
    if not people or (of_another_matter(whole) and not _asks_for_them(whole, library)):
        return None
    weights, words = directions(whole.topics, library), directions(whole.words, library)
    picked = [
        office for office in offices_picked(whole, conversation, library) if not _sits_in(office, people, library)
    ]
    if spoken_of := conversation.subject.partition("district:")[2] if picked else "":
        return Intent("district", ids=(spoken_of,), facets=("contact",), only=tuple(picked), confidence=0.85)
    topic = max(weights, key=lambda one: weights[one], default="")
    own = (topic,) if topic and weights[topic] >= SURE_TOPIC and words.get(topic, 0.0) >= A_HINT else ()
    if own and _asks_apart(whole):
        return None
    held = own or tuple(t for t in conversation.topics if t in library.guide.direction_of)
    rows = library.contacts_of(held)
    answering = {contact.name for contact in [row for row in rows if row.id in whole.contacts()] or rows}
    other = bool(own) and not answering & set(people)
    facets = top(whole.told) or ("contact",)
    if near := _colleagues(people, whole, library):
        return Intent("district", ids=near, facets=("contact",), confidence=0.85)
    if "recommendation" in facets and held and not tells_whom(whole):
        return None  # 那也得先找区里张静推荐: whether one is needed
    asks: tuple[Ask, ...] = ()
    placed = [d for d in whole.gathered("districts") if not _belongs(people, d, library)]
    if held and (own or not placed) and (_CHECKS.search(whole.folded) or other):
        asks = (Ask(held, ("contact",), whole.provisions, {}, whole.contacts()),)
    if placed and not asks and _CHECKS.search(whole.folded):
        return Intent("people", ids=tuple(people), facets=facets, near=tuple(placed), confidence=0.85)
    if placed and not asks:
        return Intent("district", ids=tuple(placed), facets=("contact",), confidence=0.85)
    if asks and other and _ASKS_BACK.search(whole.folded):
        return Intent("asks", asks=asks, facets=("contact",), confidence=0.85)
    return Intent(
        "people",
        ids=(*people, *_which_one(people, whole, conversation, library)),
        asks=(*asks, *(_asked_beside("people", whole, conversation, library) if own else ())),
        facets=facets,
    )


def _sits_in(office: str, people: list[str], library: Library) -> bool:
    return any(one.office == office for one in _named(people, library))


def _asks_apart(whole: Heard) -> bool:
    """Whether somebody is only named, and what is asked is something else (杨柏林，好的。那保险一年能补多少)."""
    facets = {facet for one in whole.asking for facet in top(one.facets)}
    return (
        bool(facets)
        and not facets & {"contact", "email", "reverse_lookup", "scope", "overview"}
        and not (any(one.people for one in whole.asking))
    )


def _colleagues(people: list[str], whole: Heard, library: Library) -> tuple[str, ...]:
    """The districts of the people named, where others of their office are asked for (刘力一直占线，还有别人没有)."""
    if not _OTHERS.search(whole.folded):
        return ()
    return tuple(one.district.id for one in _named(people, library) if one.district)


def _named(people: list[str], library: Library) -> list[Holder]:
    return [one for one in library.holders if one.name in people]


_OTHERS = re.compile(
    r"(?:还有|有没有|换|找)(?:个|其他|其它|别的?)人|还有(?:谁|别人|哪位|没有别人)|另(?:外)?一?(?:个|位)|别人(?:没有|吗)|其他联系人"
)


def _which_one(people: list[str], whole: Heard, conversation: Conversation, library: Library) -> list[str]:
    """What says which of several of one name is meant: district, office, city; 延庆的还是市里的 asks of both."""
    if "还是" in whole.folded:
        return []
    placed = [f"district:{d}" for d in whole.gathered("districts")]
    offices = whole.gathered("offices")
    held = conversation.subject.removeprefix("district:").rpartition("@")[2]
    if not placed and not offices and any(one.district and one.district.id == held for one in _named(people, library)):
        placed = [f"district:{held}"]
    if not placed and not offices and _OF_THE_CITY.search(whole.folded):
        offices = [one.office for one in _named(people, library) if not one.district]
    return [*placed, *(f"office:{office}" for office in offices)]


def _asks_for_them(whole: Heard, library: Library) -> bool:
    """Whether a message with a name that the tables print asks for that person, whatever else it is like."""
    return (tells_whom(whole) or len(whole.folded) <= NAME_ALONE) and library.finder.elsewhere_in(whole.folded) is None


A_HINT = 0.3
"""Weight of the words from which a direction that a message is like counts as named beside somebody."""
NAME_ALONE = 14
"""Letters of a message that holds little more than a name (材科产业处魏媛圆电活)."""


def _belongs(people: list[str], district: str, library: Library) -> bool:
    """Whether one of some people is printed in a district's row."""
    return any(person.name in people for person in library.district(district).people)


def _by_surname(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """A surname with a title (梁老师): everybody of that surname."""
    called = {"".join(found) for found in _TITLED.findall(whole.folded)}
    holders = [holder for holder in library.holders if holder.name[:1] in called]
    if _asks_apart(whole) and named(whole, library)[1] >= SURE_TOPIC:
        return None  # 徐老师那个新基建的，没进库能不能先报上
    if whole.gathered("districts") and not _near(holders, whole, conversation, library):
        return None  # 王女士，…密云，找谁: who asks, not who is looked for
    names = tuple(dict.fromkeys(holder.name for holder in _near(holders, whole, conversation, library) or holders))
    return Intent("people", ids=names, facets=top(whole.told) or ("contact",)) if names else None


def _near(holders: list[Holder], whole: Heard, conversation: Conversation, library: Library) -> list[Holder]:
    """Of some people those of the district or the topic that a message speaks of, or the one before it spoke of."""
    placed = whole.gathered("districts") or [conversation.subject.partition("district:")[2]]
    topic, weight = named(whole, library)
    rows = library.contacts_of((topic,)) if weight >= SURE_TOPIC else []
    own = narrowest([row for row in rows if row.id in whole.contacts()])
    answering = {row.name for row in own or rows}
    return [one for one in holders if (one.district and one.district.id in placed) or one.name in answering]


_TITLED = re.compile(
    r"(?<![一-鿿])([一-鿿])(?:老师|处长|科长|主任|局长|经理|女士|先生|小姐|工(?=的|电|在|座))|姓([一-鿿])(?![名氏甚什啥])"
)
_CHECKS = re.compile(r"是不是|是.{1,12}(?:吗|吧|么|不)|没错|对吗|对吧|对不对|还是找|归.{1,4}管|负责这|管这")
"""A person is named to be confirmed: 负责这块的是…吗."""
_ASKS_BACK = re.compile(r"[吗吧么?]|也(?:打|找|是|归|问)|还是")
"""A person is named beside a topic of somebody else: 厂房更新也打他这个号吗."""


def _by_office(whole: Heard, library: Library) -> Intent | None:
    offices = whole.gathered("offices", asking=True)
    facets = top(whole.told)
    if of_another_matter(whole) and not plain(whole) and not MANAGES.search(whole.folded):
        return None
    if set(facets) - PEOPLE_FACETS and "contact" not in facets and not MANAGES.search(whole.folded):
        return None
    if offices and named(whole, library)[1] < SURE_TOPIC and not whole.gathered("districts"):
        return Intent("office", ids=tuple(offices), facets=facets or ("contact",))
    return None


MANAGES = re.compile(r"管|负责|分管|手里|手上")
"""What asks of an office what it answers for (规划处手里管着哪几个方向)."""


PLACED = {"district_policy", "other_bureau", "other_place"}
"""Matters whose words are those of places and offices, which the tables print too."""


def of_another_matter(whole: Heard) -> bool:
    """Whether a message is plainly more like questions of matters that are not ours (几点下班, 岗位推荐)."""
    others = max((score for matter, score in whole.others.items() if matter not in PLACED), default=0.0)
    return others > max([0.5, *whole.ours.values()]) and whole.beyond > 0


def _by_desk(whole: Heard) -> Intent | None:
    """An office of some district by its name alone (规划科电话): the people of each district that has one."""
    desks = whole.gathered("desks", asking=True)
    if not desks or whole.gathered("districts") or set(top(whole.told)) - PEOPLE_FACETS:
        return None
    return Intent("desk", ids=tuple(desks), facets=("district_contact",))


def _by_attachment(whole: Heard, conversation: Conversation) -> Intent | None:
    """Attachments by their numbers, also the next one (附件15是干嘛的, 16呢)."""
    if conversation.facets == ("attachment",) and (next_one := _NEXT_ONE.match(whole.folded)):
        return Intent("attachment", ids=(next_one[1],), facets=("attachment",))
    attachments = whole.gathered("attachments", asking=True) if not whole.gathered("numbered") else []
    other = set(top(whole.told)) - {"attachment", "definition", "contact", "overview", "compare"}
    if attachments and (not other or len(whole.folded) <= 14):
        return Intent("attachment", ids=tuple(attachments), facets=("attachment",))
    return None


_NEXT_ONE = re.compile(r"^那?(1[0-6]|[1-9])(?:号)?呢")


# --- districts -------------------------------------------------------------------------------------------------------


def district(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Whom to turn to in a district that was named, or is in hand and leaned on."""
    facets = top(whole.told)
    wanted = wants_district(whole, conversation, library)
    districts = _districts(whole, conversation, library, wanted)
    only = tuple(offices_picked(whole, conversation, library))
    going_on = conversation.subject.startswith("district:") and not whole.told
    alone = wanted and (going_on or len(whole.folded) <= SHORT)
    ours = bool(only) or wants_person(whole) or bool(whole.gathered("desks")) or alone
    if not districts or (of_another_matter(whole) and not ours):
        return None
    topic, weight = named(whole, library)
    asked_other = set(facets) - {"contact", "email", "district_contact", "recommendation", "reverse_lookup", "compare"}
    if weight >= SURE_TOPIC and not (wanted and not asked_other):
        return None
    if asked_other and not wanted and len(whole.folded) > 8:
        return None
    space = _commercial_space(whole, conversation)
    asks: tuple[Ask, ...] = ()
    rest = _asked_beside("districts", whole, conversation, library) if weight >= SURE_TOPIC and not space else ()
    apart = [one for one in whole.asking if not one.districts]
    city = not space or _OF_THE_CITY.search(whole.folded)
    if weight >= SURE_TOPIC and topic and city and (not rest or any(_WHOM.search(one.text) for one in apart)):
        asks = (Ask((topic,), ("contact",), contacts=whole.contacts()),)
    asks = (*rest, *asks, *(() if rest else _plain_asks(whole)))
    held = (topic,) if weight >= SURE_TOPIC else conversation.topics[:1]
    if "recommendation" in facets and held and held[0] in library.guide.direction_of and _WHETHER.search(whole.folded):
        asks = (Ask(held, ("recommendation",)), *(ask for ask in asks if ask.facets != ("recommendation",)))
        facets = tuple(facet for facet in facets if facet != "recommendation") or ("contact",)
    return Intent("district", ids=tuple(districts), asks=asks, facets=facets, only=only, space=space)


_WHETHER = re.compile(r"是否|要不要|需不需要|用不用|(?:需要|需|要|得|用).{0,14}[吗么不]|是不是")
"""What asks whether a district's recommendation is needed at all."""


def _asked_beside(
    named_: Literal["districts", "people"], whole: Heard, conversation: Conversation, library: Library
) -> tuple[Ask, ...]:
    """What the sentences that name no district or person ask of a direction (方向10建设期多久，还有平谷区电话)."""
    others = [one for one in whole.segments if not getattr(one, named_)]
    if len(whole.asking) < 2 or not any(one in whole.asking for one in others):
        return ()
    intent = asked(Heard(others, ",".join(one.text for one in others), library.finder.bank), conversation, library)
    asks = (replace(ask, facets=_without_contact(ask.facets)) for ask in intent.asks)
    return tuple(ask for ask in asks if ask.facets)


def _plain_asks(whole: Heard) -> tuple[Ask, ...]:
    """What other sentences of a message ask of general rules (另外几号之前要弄完)."""
    apart = [one for one in whole.asking if not one.districts]
    asked = merged((own_facets(one), 1.0) for one in apart)
    facets = [facet for facet, weight in asked.items() if facet in BESIDE_DISTRICT and weight >= LONE]
    return tuple(Ask((FACET_RULES[facet],), (facet,)) for facet in facets) if len(whole.asking) > 1 else ()


BESIDE_DISTRICT = {"deadline", "process", "library", "exclusivity", "overview"}
"""Facets that a sentence beside the district may ask for."""


def with_district(intent: Intent, whole: Heard, conversation: Conversation, library: Library) -> Intent:
    """What a message asks of topics, with the people of a district that it or another part of it asks for."""
    if "recommendation" in intent.facets and _WHOM.search(whole.folded) and not whole.gathered("districts"):
        own = _told_district(whole, conversation, library)
        return Intent("district", ids=tuple(own), asks=intent.asks, facets=intent.facets) if own else intent
    told = [one for one in whole.segments if one.districts]
    alone = [one.id for one in library.guide.districts if one.other_email]
    if intent.kind == "asks" and whole.words.get("5a") and _MAIL_OF_ITS_OWN.search(whole.folded) and alone:
        return Intent("district", ids=tuple(alone), asks=intent.asks, facets=("email",), space=True)
    space = [one for one in whole.asking if one.districts and "5a" in one.topics and _MAIL.search(one.text)]
    if intent.kind == "asks" and space and any(library.district(d).other_email for one in space for d in one.districts):
        ids = tuple(space[0].districts)
        return Intent("district", ids=ids, asks=intent.asks, facets=("email",), space=True)
    parts = [one for one in whole.asking if _WHOM.search(one.text) and not _own_topic(one, library)]
    if intent.kind != "asks" or not told or not parts or len(whole.asking) < 2:
        return intent
    facets = tuple(facet for facet in intent.facets if facet not in ("contact", "recommendation"))
    asks = tuple(replace(ask, facets=_without_contact(ask.facets)) for ask in intent.asks)
    return Intent("district", ids=tuple(whole.gathered("districts")), asks=asks, facets=facets)


_MAIL_OF_ITS_OWN = re.compile(r"(?:单独|专门|专用|另有|另外|特别).{0,8}(?:邮箱|邮件|收信)")
_MAIL = re.compile(r"邮箱|邮件|收信")
_WHOM = re.compile(r"电话|联系|找谁|谁|邮箱|哪位|哪个老师")


def _own_topic(one: Found, library: Library) -> bool:
    return max(directions(one.topics, library).values(), default=0.0) >= SURE_TOPIC


def _without_contact(facets: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(facet for facet in facets if facet not in ("contact", "email", "district_contact"))


SHORT = 6
"""Letters of a message that is hardly more than a district's name (石景山经信)."""


def wants_district(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether a message asks for somebody of a district: by word, by an office, or going on from another one."""
    placed = whole.gathered("districts")
    if wants_person(whole) or offices_picked(whole, conversation, library) or (placed and whole.gathered("desks")):
        return True
    if asks_which_office(whole) or (placed and len(whole.folded) <= SHORT and not whole.told):
        return True
    going_on = conversation.subject.startswith("district:") or {"contact", "district_contact"} & set(
        conversation.facets
    )
    asked = [facet for facet, weight in whole.told.items() if weight >= STRONG and facet != "recommendation"]
    return bool(going_on and whole.gathered("districts") and not asked)


def asks_which_office(whole: Heard) -> bool:
    """Whether it is asked which office of a district answers for us (朝阳区是发改委管还是科信局管)."""
    manages = (MANAGES.search(whole.folded) or tells_whom(whole)) and _OFFICES.search(whole.folded)
    return bool(whole.gathered("districts") and manages)


_OFFICES = re.compile(r"(?:发改|经信|科信|科技|商务)(?:委|局|办)")


def _districts(whole: Heard, conversation: Conversation, library: Library, wanted: bool) -> list[str]:
    sent = wanted or whole.told.get("recommendation", 0) >= STRONG
    named_there = any("处" in one.office for id_ in whole.gathered("districts") for one in library.district(id_).people)
    of_city = _OF_THE_CITY.search(whole.folded) and not named_there  # 海淀一口气列了四个处，…归哪个处接
    behind = sent and not (of_city and "区" not in whole.folded and len(whole.segments) > 1)
    placed = whole.gathered("districts", asking=True) or (whole.gathered("districts") if behind else [])
    if placed or not wanted:
        return placed
    if back := recalled_place(whole.folded, conversation):
        return [back]
    spoken_of = conversation.subject.partition("district:")[2]
    city = _OF_THE_CITY.search(whole.folded)
    leaning = bool(spoken_of) and leans(whole) and named(whole, library)[1] < SURE_TOPIC and not city
    own_mailbox = spoken_of and whole.topics.get("5a", 0) and library.district(spoken_of).other_email
    filtered = bool(offices_picked(whole, conversation, library))
    if leaning or own_mailbox or filtered:
        return [spoken_of]
    return _told_district(whole, conversation, library) if not named(whole, library)[0] else []


_OF_THE_CITY = re.compile(r"市里|市级|市局|市经信|处室|哪个处")
"""What asks for somebody of the city, whatever district is told of (我厂在大兴,…市里该问谁)."""


def _told_district(whole: Heard, conversation: Conversation, library: Library) -> list[str]:
    """The district that the visitor told of, or last named, where the people of one's own district are asked for."""
    if not _OWN_DISTRICT.search(whole.folded):
        return []
    kept = conversation.now.get("district")
    told = [district.id for district in library.guide.districts if kept and district.name == kept.value]
    return told or ([conversation.place] if conversation.place else [])


_OWN_DISTRICT = re.compile(r"区里|所在区|我们区|推荐|区经信|[那这]个区|(?:刚才|前面|之前)(?:说|问|提)?的?区")


def offices_picked(whole: Heard, conversation: Conversation, library: Library) -> list[str]:
    """The offices of the district in question that a message picks out (要发改委那个，不要科信局的)."""
    spoken_of = conversation.subject.partition("district:")[2]
    others = whole.gathered("phones") or whole.gathered("people") or whole.gathered("offices")
    place = spoken_of or ("" if others else conversation.place)
    ids = whole.gathered("districts") or ([place] if place else [])
    offices = [person.office for id_ in ids for person in library.district(id_).people]
    if len(offices) < 2:
        return []
    wanted = re.sub(r"(?:不要|不是|不找|别给)[^,?]{2,8}", "", whole.folded)
    return _picked(offices, ",".join(one.text for one in whole.asking)) or _picked(offices, wanted)


def _picked(offices: list[str], text: str) -> list[str]:
    shared = {office: _shared(office, text) for office in offices}
    most = max(shared.values())
    picked = [office for office in offices if shared[office] == most]
    return picked if most >= 3 and len(picked) < len(offices) else []


def _shared(office: str, text: str) -> int:
    """Letters of the longest piece of an office's name that stands in a text."""
    pieces = (office[a:b] for a in range(len(office)) for b in range(a + 1, len(office) + 1))
    return max((len(piece) for piece in pieces if piece in text), default=0)


def _commercial_space(whole: Heard, conversation: Conversation) -> bool:
    """Whether it is about commercial space, for which one district prints a mailbox of its own."""
    held = "5a" in conversation.topics and strongest_is_weak(whole)
    return whole.topics.get("5a", 0) > 0 or held


def strongest_is_weak(whole: Heard) -> bool:
    """Whether a message names no topic of its own."""
    return max(whole.topics.values(), default=0.0) < HINTED_TOPIC
