"""Messages that ask for the people of a district: named, in hand, or one's own; alone or beside other questions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from dialogs.asks import asked
from dialogs.belonging import of_another_matter
from dialogs.conversation import Conversation
from dialogs.hearing import (
    HINTED_TOPIC,
    MANAGES,
    STRONG,
    SURE_TOPIC,
    Heard,
    directions,
    leans,
    merged,
    named,
    own_facets,
    tells_whom,
    top,
    wants_person,
)
from dialogs.intent import FACET_RULES, Ask, Intent
from dialogs.library import Library
from dialogs.recalling import recalled_place, shared_letters
from dialogs.rule_meant import MONEY_OF_WHOM
from knowledge.finding import LONE, Found


def district(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Whom to turn to in a district that was named, or is in hand and leaned on."""
    if conversation.topics == ("other_money",) and MONEY_OF_WHOM.match(whole.folded):
        return None  # 那要是拿的区里的呢: money, whatever district was named before
    if conversation.topics and _asks_of_the_city(whole):
        return None  # 区里我回头打。那市里管这个方向的又是哪位
    facets = top(whole.told)
    wanted = wants_district(whole, conversation, library)
    districts = _districts(whole, conversation, library, wanted)
    only = tuple(offices_picked(whole, conversation, library))
    going_on = conversation.subject.startswith("district:") and not whole.told
    alone = wanted and (going_on or len(whole.folded) <= SHORT)
    called = bool(_CALLED.search(whole.folded)) or asks_which_office(whole)
    ours = bool(only) or wants_person(whole) or bool(whole.gathered("desks")) or alone or called
    if not districts or (of_another_matter(whole) and not ours):
        return None
    if not wanted and conversation.topics and whole.words.get("eligibility", 0.0) >= HINTED_TOPIC:
        return None  # 那我到亦庄新注册一家公司去报呢
    topic, weight = named(whole, library)
    asked_other = set(facets) - {"contact", "email", "district_contact", "recommendation", "reverse_lookup", "compare"}
    if weight >= SURE_TOPIC and not (wanted and not asked_other):
        return None
    if asked_other and not wanted and len(whole.folded) > 8:
        return None
    if weight >= SURE_TOPIC and topic in library.guide.direction_of and _only_told_of(whole):
        return None  # 我们是海淀做设计的，老板让我联系管流片的
    space = _commercial_space(whole, conversation)
    asks: tuple[Ask, ...] = ()
    rest = asked_beside("districts", whole, conversation, library) if weight >= SURE_TOPIC and not space else ()
    apart = [one for one in whole.asking if not one.districts]
    city = not space or OF_THE_CITY.search(whole.folded)
    if weight >= SURE_TOPIC and topic and city and (not rest or any(_WHOM.search(one.text) for one in apart)):
        asks = (Ask((topic,), ("contact",), contacts=whole.contacts()),)
    asks = (*rest, *asks, *(() if rest else _plain_asks(whole)))
    held = (topic,) if weight >= SURE_TOPIC else conversation.topics[:1]
    asks_whether = bool(_WHETHER.search(whole.folded)) or (weight >= SURE_TOPIC and _needs_none(topic, library))
    if "recommendation" in facets and held and held[0] in library.guide.direction_of and asks_whether:
        asks = (Ask(held, ("recommendation",)), *(ask for ask in asks if ask.facets != ("recommendation",)))
        facets = tuple(facet for facet in facets if facet != "recommendation") or ("contact",)
    shared = _shared(whole, districts)
    return Intent("district", ids=tuple(districts), asks=asks, facets=facets, only=only, space=space, shared=shared)


def _only_told_of(whole: Heard) -> bool:
    """Whether districts stand only where a firm tells who it is, and another sentence asks of a direction alone."""
    placed = [one for one in whole.segments if one.districts]
    others = [one for one in whole.segments if not one.districts]
    told_of = all(_OF_ONESELF.match(one.text) and not _WHOM.search(one.text) for one in placed)
    return told_of and any(one.asks and _MANAGING.search(one.text) for one in others)


_OF_ONESELF = re.compile(r"^(?:我们?|咱们?|本)(?:公司|司|厂|企业|家)?(?:是|在|就在|注册在)")
_MANAGING = re.compile(r"(?:管|负责)[^,。?!;区]{1,10}的(?:人|老师|那位|处)?[?]?$")
"""How a firm tells who it is, and what asks for somebody by what he answers for."""


def _shared(whole: Heard, districts: list[str]) -> str:
    """The place that stands for several districts, where these are what it stands for (北苑: 朝阳、通州)."""
    for match in (match for one in whole.segments for match in one.matches):
        held = [target.id for target in match.targets if target.kind == "district"]
        if len(held) > 1 and set(held) == set(districts):
            return match.term
    return ""


def _needs_none(direction: str, library: Library) -> bool:
    """Whether no branch of a direction has to be recommended (方向14也得区里出推荐，东城是哪个科室)."""
    branches = library.guide.direction_of[direction].branches
    return not any("district_recommendation" in branch.needs for branch in branches)


_WHETHER = re.compile(r"是否|要不要|需不需要|用不用|(?:需要|需|要|得|用).{0,14}[吗么不]|是不是")
"""What asks whether a district's recommendation is needed at all."""


def asked_beside(
    named_: Literal["districts", "people"], whole: Heard, conversation: Conversation, library: Library
) -> tuple[Ask, ...]:
    """What the sentences that name no district or person ask of a direction (方向10建设期多久，还有平谷区电话)."""
    more = any(not _WHOM.search(one.text) for one in whole.asking)
    told = [one for one in whole.background if more and _own_topic(one, library)]  # 我们是国家级绿色工厂，在房山
    others = [one for one in whole.segments if one in told or not getattr(one, named_)]
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
    whom = _WHOM.search(whole.folded) or _WHERE.search(whole.folded)
    if "recommendation" in intent.facets and whom and not whole.gathered("districts"):
        own = _told_district(whole, conversation, library)
        return Intent("district", ids=tuple(own), asks=intent.asks, facets=intent.facets) if own else intent
    if there := _own_recommending(intent, whole, conversation, library) or _of_the_place(intent, whole, conversation):
        return Intent("district", ids=there, asks=intent.asks, facets=("contact",))
    told = [one for one in whole.segments if one.districts]
    of_the_rule = all(ask.topics == ("recommendation",) for ask in intent.asks) and intent.kind == "asks"
    if told and "recommendation" in intent.facets and (of_the_rule or _all_need_it(intent, library)):
        return Intent("district", ids=tuple(whole.gathered("districts")), asks=intent.asks, facets=intent.facets)
    alone = [one.id for one in library.guide.districts if one.other_email]
    spoken_of = _told_or_last(conversation, library)
    if (
        intent.kind == "asks"
        and "email" in intent.facets
        and ("5a" in whole.words or "5a" in conversation.topics or _SPACE.search(whole.folded))
        and spoken_of in alone
    ):
        return Intent("district", ids=(spoken_of,), asks=intent.asks, facets=("email",), space=True)
    of_space = whole.words.get("5a") or (intent.kind == "people" and conversation.topics == ("5a",))
    if intent.kind in ("asks", "people") and of_space and _MAIL_OF_ITS_OWN.search(whole.folded) and alone:
        return Intent("district", ids=tuple(alone), asks=intent.asks, facets=("email",), space=True)
    space = [one for one in whole.asking if one.districts and "5a" in one.topics and _MAIL.search(one.text)]
    if intent.kind == "asks" and space and any(library.district(d).other_email for one in space for d in one.districts):
        ids = tuple(space[0].districts)
        return Intent("district", ids=ids, asks=intent.asks, facets=("email",), space=True)
    parts = [one for one in whole.asking if _WHOM.search(one.text) and not _own_topic(one, library)]
    if intent.kind == "asks" and told and parts and "recommendation" in conversation.facets:
        asks = tuple(replace(ask, facets=("contact",)) for ask in intent.asks)
        return Intent("district", ids=tuple(whole.gathered("districts")), asks=asks, facets=("contact",))
    one_thing = len(whole.asking) < 2 and "recommendation" not in intent.facets
    if intent.kind != "asks" or not told or not parts or one_thing:
        return intent
    facets = tuple(facet for facet in intent.facets if facet not in ("contact", "recommendation"))
    asks = tuple(replace(ask, facets=_without_contact(ask.facets)) for ask in intent.asks)
    return Intent("district", ids=tuple(whole.gathered("districts")), asks=asks, facets=facets)


def _own_recommending(intent: Intent, whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """One's own district, where a few letters ask whom to call once its recommendation was spoken of."""
    in_hand = "recommendation" in conversation.facets and set(intent.facets) <= {"contact", "reverse_lookup"}
    asks_who = tells_whom(whole) or whole.told.get("reverse_lookup", 0.0) >= STRONG
    if not in_hand or whole.words.keys() - {"consultants"} or len(whole.folded) > WHOM_ALONE or not asks_who:
        return ()
    own = _told_or_last(conversation, library)
    return (own,) if own else ()


def _of_the_place(intent: Intent, whole: Heard, conversation: Conversation) -> tuple[str, ...]:
    """The district in hand, where a few letters ask whom to call or of its recommendation, and no direction is."""
    spoken_of = conversation.subject.partition("district:")[2]
    topics = {topic for ask in intent.asks for topic in ask.topics}
    if intent.kind != "asks" or len(whole.folded) > WHOM_ALONE or OF_THE_CITY.search(whole.folded):
        return ()
    if topics == {"recommendation"}:
        return (spoken_of,) if spoken_of else ()
    whom = topics <= {"consultants", *conversation.topics} and set(intent.facets) <= {"contact", "email"}
    directions_held = any(topic[:1].isdigit() for topic in conversation.topics)
    place = spoken_of or conversation.place
    return (place,) if whom and place and not directions_held and not _POLICY.search(whole.folded) else ()


_POLICY = re.compile(r"政策|咨询|规划处|技术|系统|客服")
WHOM_ALONE = 10
"""Letters of a message that asks for nothing but whom to call (那打谁的电话)."""


def _all_need_it(intent: Intent, library: Library) -> bool:
    """Whether all that is asked is of directions that need a district's recommendation."""
    of, topics = library.guide.direction_of, [topic for ask in intent.asks for topic in ask.topics]
    return bool(topics) and all(topic in of and not _needs_none(of[topic].direction, library) for topic in topics)


def _told_or_last(conversation: Conversation, library: Library) -> str:
    """The district that was told of or named last; nothing where none was."""
    kept = conversation.now.get("district")
    told = next((one.id for one in library.guide.districts if kept and one.name == kept.value), "")
    return told or conversation.subject.partition("district:")[2] or conversation.place


_SPACE = re.compile(r"航天|火箭|卫星")
_MAIL_OF_ITS_OWN = re.compile(r"(?:单独|专门|专用|另有|另外|特别).{0,8}(?:邮箱|邮件|收信)")
_MAIL = re.compile(r"邮箱|邮件|收信")
_WHERE = re.compile(r"[去上到在]哪|哪[儿里]|哪个(?:科|部门|口)|什么部门")
_WHOM = re.compile(r"电话|联系|找谁|找哪|谁|邮箱|哪位|哪个老师")


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
    if placed and _CALLED.search(whole.folded):
        return True
    going_on = conversation.subject.startswith("district:") or {"contact", "district_contact"} & set(
        conversation.facets
    )
    asked = [facet for facet, weight in whole.told.items() if weight >= STRONG and facet != "recommendation"]
    there = len(whole.folded) <= SHORT and recalled_place(whole.folded, conversation)
    return bool(going_on and (placed or there) and not asked)


_CALLED = re.compile(
    r"(?:(?:发改委?|经信局?|科信局?|那边?|那儿)的?|那俩|两位|那位|人)(?:都)?(?:叫|姓)(?:什么|啥|甚)"
    r"|(?:是|找|问|归|由)(?:哪一?(?:位|个人)|谁)"
)
"""What asks who a district's people are, by name or at all (朝阳那俩，发改的叫啥，科信的叫啥)."""


def asks_which_office(whole: Heard) -> bool:
    """Whether it is asked which office of a district answers for us (朝阳区是发改委管还是科信局管)."""
    manages = (MANAGES.search(whole.folded) or tells_whom(whole)) and _OFFICES.search(whole.folded)
    return bool(whole.gathered("districts") and manages)


_OFFICES = re.compile(
    r"(?:发改|经信|科信|科技|商务)(?:委|局|办)|管(?:推荐|这块|这个|这事|申报)[^,。?!;]{0,4}(?:哪个?|什么|啥)(?:科|部门|口|单位)"
)


def _districts(whole: Heard, conversation: Conversation, library: Library, wanted: bool) -> list[str]:
    sent = wanted or whole.told.get("recommendation", 0) >= STRONG
    named_there = any("处" in one.office for id_ in whole.gathered("districts") for one in library.district(id_).people)
    of_city = OF_THE_CITY.search(whole.folded) and not named_there  # 海淀一口气列了四个处，…归哪个处接
    behind = sent and not (of_city and "区" not in whole.folded and len(whole.segments) > 1)
    placed = whole.gathered("districts", asking=True) or (whole.gathered("districts") if behind else [])
    if left := _left(whole) & set(placed):
        placed = [one for one in whole.gathered("districts") if one not in left]
    if moved := _moved_to(whole):
        return moved
    if wanted and not placed and _BOTH.search(whole.folded) and conversation.earlier_places:
        return [conversation.earlier_places[-1], conversation.place]
    if placed or not wanted:
        return placed
    if back := recalled_place(whole.folded, conversation):
        return [back]
    spoken_of = conversation.subject.partition("district:")[2]
    city = OF_THE_CITY.search(whole.folded)
    leaning = (
        bool(spoken_of)
        and not whole.gathered("outside")
        and leans(whole)
        and named(whole, library)[1] < SURE_TOPIC
        and not city
    )
    own_mailbox = spoken_of and whole.topics.get("5a", 0) and library.district(spoken_of).other_email
    if leaning or own_mailbox:
        return [spoken_of]
    if offices_picked(whole, conversation, library):
        return whole.gathered("districts") or [spoken_of or conversation.place]
    return _told_district(whole, conversation, library) if not named(whole, library)[0] else []


def _moved_to(whole: Heard) -> list[str]:
    """The district that a firm has moved to, unless its old one is asked for besides (从海淀搬到昌平了，打给谁)."""
    for one in whole.segments:
        verb = _MOVES.search(one.text) if len(one.districts) > 1 and has_moved(whole.folded) else None
        if verb:
            behind = (t for match in one.matches if match.start >= verb.end() for t in match.targets)
            return list(dict.fromkeys(target.id for target in behind if target.kind == "district"))
    return []


def _left(whole: Heard) -> set[str]:
    """The districts that a firm has left, unless it asks for both (从朝阳搬来的, 以前在朝阳)."""
    if _OLD_TOO.search(whole.folded):
        return set()
    return {
        target.id
        for one in whole.segments
        for match in one.matches
        for target in match.targets
        if target.kind == "district" and (_WAS_AT.search(one.text[: match.start]) or _CAME.match(one.text[match.end :]))
    }


def has_moved(folded: str) -> bool:
    """Whether a firm has moved, and its old place is not asked for besides."""
    return bool(_MOVES.search(folded)) and not _OLD_TOO.search(folded)


_BOTH = re.compile(r"两(?:边|头|个区|区)|俩区")
"""What asks of the two districts that were named (先别管归谁，两边的电话都给我)."""
_WAS_AT = re.compile(r"(?:以前|原来|原先|之前|早先|过去|去年)(?:是|都)?(?:在|注册在)$")
_CAME = re.compile(r"区?(?:那边)?(?:搬|迁|挪|转)(?:来|过来|出)")
"""What says of a district that the firm was there before."""
_MOVES = re.compile(r"(?:搬|迁|挪|转)(?:到|去|至|进|入|来)")
_OLD_TOO = re.compile(r"两边|两头|都(?:要|给|发)|老的|原来的区|哪(?:边|个区)")


def _asks_of_the_city(whole: Heard) -> bool:
    """Whether all that a message asks, it asks of the city alone."""
    asking = [one for one in whole.asking if not one.districts and "区" not in one.text]
    return bool(asking) and len(asking) == len(whole.asking) and all(_CITY.search(one.text) for one in asking)


_CITY = re.compile(r"市里|市级|市局|市经信")
OF_THE_CITY = re.compile(rf"{_CITY.pattern}|处室|哪个处")
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
    shared = {office: shared_letters(office, text) for office in offices}
    most = max(shared.values())
    picked = [office for office in offices if shared[office] == most]
    return picked if most >= 3 and len(picked) < len(offices) else []


def _commercial_space(whole: Heard, conversation: Conversation) -> bool:
    """Whether it is about commercial space, for which one district prints a mailbox of its own."""
    held = "5a" in conversation.topics and strongest_is_weak(whole)
    return whole.topics.get("5a", 0) > 0 or held


def strongest_is_weak(whole: Heard) -> bool:
    """Whether a message names no topic of its own."""
    return max(whole.topics.values(), default=0.0) < HINTED_TOPIC
