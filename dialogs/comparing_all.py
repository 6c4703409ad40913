"""Ceilings and shares over all directions: the highest, the lowest, those by the year or by the firm.

“哪个方向单个企业最高”, “按项目封顶的有哪些”, “各方向封顶列一下” name no direction: each is answered with what every
direction prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import groupby

from dialogs.answering import share_of
from dialogs.contacts import narrowest, rows_of
from dialogs.conversation import Conversation
from dialogs.filtering import WHICH, investing
from dialogs.hearing import SURE_TOPIC, Heard, calls_by_name, directions, tells_whom
from dialogs.intent import Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.provisions import thresholds
from dialogs.saying import Saying, contact_source, stated_sources
from dialogs.window import state_of_day
from knowledge.amounts import amounts_in, plain, wan

_EACH = re.compile(
    r"(?:各个?|每一?个|所有(?:的)?|全部(?:的)?|这?1[0-4]个|十四个)(?:方向|奖励|补贴|政策)|方向(?:里|中|之间)"
)
"""What asks of all directions (各方向封顶列一下)."""
_MOST_WORD = r"(?:最高|最多|最大|最狠|最肥|拿得多|给得多|高一点|高些)"
_LEAST_WORD = r"(?:最少|最低|最小|最矮)"
_OF_WHICH = r"(?:方向|哪个|哪项|哪块|哪条|哪类|哪一个|哪一项|哪家)"
_IS_WHICH = r"(?:的|的?数|额|金额|比例)?(?:是|属|要数|在)?(?:哪|什么方向)"
_MOST = re.compile(rf"{_OF_WHICH}.{{0,14}}{_MOST_WORD}|{_MOST_WORD}{_IS_WHICH}")
_LEAST = re.compile(rf"{_OF_WHICH}.{{0,14}}{_LEAST_WORD}|{_LEAST_WORD}{_IS_WHICH}")
"""Which direction pays most, or least."""
_FLOORS = re.compile(r"门槛|起步|起报|投资|固投|条件|要求|合同")
"""What is lowest where a threshold is asked for."""
_OF_OTHERS = re.compile(
    r"审核|竞争|材料|时间|加奖|[报选占]几个|产值|营收|哪个区|哪类|合同|要求|条件|我们|软件企业|人最|电话|联系人"
)
"""What is compared, or for whom, that is no ceiling and no share of all directions."""
_MONEY = re.compile(r"[给补奖贴拿钱]|封顶|上限|额度|最高|最低")
_LOWEST_FLOOR = re.compile(r"门槛.{0,6}(?:最?[低矮高])|(?:最[低矮高])的?(?:固投|投资)?门槛")
"""Which direction asks for the least, or most, investment."""
_AND_LEAST = re.compile(r"^那?(?:么)?最[高低多少大小](?:的)?(?:呢|是哪|是哪个)?[?]?$")
"""The other end of what was just compared (那最低的呢)."""
_EACH_LISTED = re.compile(
    r"(?:各个?|每一?个|所有|全部|1[0-4]个|十四个)方向.{0,14}(?:列|分别|各是|报一下|说一下|给我)|都列(?:一下|出来)"
)
"""What asks for a list of all directions (各方向找谁，都列一下)."""
_OTHER_FLOOR = re.compile(r"(?:产值|营收|收入|合同额?|履约额?|增速)的?门槛|门槛[高低]不[高低]")
_THIS_ONE = re.compile(r"[这该本]个?(?:方向|项|条)")
"""What points at the direction in hand (这个方向按企业算，一年最高能贴多少)."""
_CAPPED = re.compile(r"封顶|上限|顶格|限额|最高|最多|金额|多少钱|给多少|奖多少|补多少|能拿")
_YEARLY = re.compile(r"(?<!\d)(?<![首当上本今去])年度|按年|每年|(?<!一)年(?:封顶|上限)")
_PER = {
    "企业": re.compile(r"(?:单个?|一?家|每家|每个|按)(?:企业|公司)|单企|一家"),
    "项目": re.compile(r"(?:单个?|每个|一个|按|逐个)项目"),
    "产品": re.compile(r"(?:单个?|每个|一个|按)产品"),
    "品种": re.compile(r"(?:单个?|每个|一个|按)(?:品种|药品?)"),
}
"""What a ceiling is counted for, as `Ceiling.per` names it, and how people ask for it."""


_COUNTED_AS = {"企业": ("企业", "企业（读法）", "产业链龙头企业"), "品种": ("品种", "药品")}
"""What else in `Ceiling.per` stands for a word of people; 配套企业 is none of them."""


def compared_over_all(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What is asked of the ceilings or shares of all directions; None where one is asked of, or something else."""
    text, hinted = whole.folded, max(directions(whole.words, library).values(), default=0.0)
    compares = _MOST.search(text) or _WHICH_OF_TWO.fullmatch(text) or "都有谁" in text
    if calls_by_name(whole, library) or (_wants_whom(whole) and not compares and not _EACH_LISTED.search(text)):
        return None
    if _wants_several(whole):
        return None
    if (conversation.topics and _THIS_ONE.search(text)) or whole.gathered("numbered") or whole.gathered("people"):
        return None
    if (
        _LOWEST_FLOOR.search(text)
        and not _OTHER_FLOOR.search(text)
        and (WHICH.search(text) or _MOST.search(text) or _LEAST.search(text))
    ):
        kind = "highest" if "高" in text else "lowest"
        return _intent(kind, "conditions", investing(library), "")
    if hinted >= SURE_TOPIC:
        return None
    facet = _facet(whole)
    compared = conversation.subject.partition("over_all:")[2]
    if compared in _SIZE and _AND_LEAST.match(text):
        kind, of_what = ("highest" if re.search(r"[高多大]", text) else "lowest"), compared
        if of_what == "conditions":
            return _intent(kind, of_what, investing(library), "")
        return _intent(kind, of_what, _narrowed(of_what, text, library), "")
    if (two := _WHICH_OF_TWO.fullmatch(text)) and (spoken_of := _those_told(conversation, text, library)):
        asked_ = "rate" if "比例" in text or conversation.facets == ("rate",) else "amount"
        kind = "lowest" if re.search("[低少]", two[0].replace("多少", "")) else "highest"
        return _compared(spoken_of, kind, asked_, _narrowed(asked_, text, library), library)
    if _EACH_LISTED.search(text) and (told := _listed(whole)):
        return Intent("over_all", ids=(), facets=(told,), figure="each", confidence=0.85)
    if _OF_OTHERS.search(text) or not (facet or _MONEY.search(text)):
        return None
    if _EACH_LISTED.search(text) and facet:
        return _intent("each", facet, _narrowed(facet, text, library), "")
    if _MOST.search(text) or (_LEAST.search(text) and not _FLOORS.search(text)):
        kind = "highest" if _MOST.search(text) else "lowest"
        found = _narrowed(facet or "amount", text, library)
        if spoken_of := _those_told(conversation, text, library):
            return _compared(spoken_of, kind, facet or "amount", found, library)
        return _intent(kind, facet or "amount", found, "")
    each, by = bool(_EACH.search(text)), _counted_by(text)
    figure = next(iter(amounts_in(text)), "")
    if not facet or not (each or (by and WHICH.search(text))):
        return None
    return _intent("each", facet, _narrowed(facet, text, library), figure)


def _those_told(conversation: Conversation, text: str, library: Library) -> tuple[str, ...]:
    """The few directions or branches just spoken of, where no others are asked for (… → 哪个最高)."""
    topics = tuple(topic for topic in conversation.topics if topic in library.guide.direction_of)
    if _WHICH_OF_TWO.fullmatch(text) and len({library.number_of[topic] for topic in topics}) == 1:
        number = library.number_of[topics[0]]
        before = [one for one in conversation.earlier_topics if library.number_of.get(one, number) != number]
        topics = (*before[-1:], *topics)  # 方向3封顶多少 → 方向4呢 → 哪个高
    several = len({library.number_of[topic] for topic in topics}) > 1 and len(topics) <= SPOKEN_OF
    brief = len(text) <= BRIEF and not _OF_ALL_OF_THEM.search(text)
    return topics if several and brief and not conversation.subject.startswith("over_all:") else ()


def _compared(topics: tuple[str, ...], kind: str, facet: str, found: list[Stated], library: Library) -> Intent | None:
    """The highest or lowest of what some topics print; each of them again where one prints none (流片 has no share)."""
    held = [one for one in found if {one.topic, library.number_of[one.topic]} & set(topics)]
    printed = {name for one in held for name in (one.topic, library.number_of[one.topic])}
    if not set(topics) <= printed:
        asks = tuple(Ask((topic,), (facet, "compare")) for topic in topics)
        return Intent("asks", asks=asks, facets=(facet, "compare"), confidence=0.85)
    return _intent(f"{kind}{TOLD}", facet, held, "")


TOLD = "_told"
"""Behind highest and lowest: of those just spoken of, which stay in hand."""
SPOKEN_OF, BRIEF = 4, 10
"""Directions that are spoken of together, and letters of a message that compares them."""
_WHICH_OF_TWO = re.compile(
    r"(?:那|到底)*(?:两个)?(?:哪|谁)(?:一?[个样边种])?(?:的|给得?|拿得?|奖得?|补得?)*(?:比例|封顶|上限|奖励|金额|钱)*"
    r"(?:更|最)?[高低多少大](?:一?[点些])?[?呢啊呀]*"
)
"""A message that asks no more than which of two is higher."""
_OF_ALL_OF_THEM = re.compile(r"方向|政策|指南|所有|全部|14|十四|里面|当中")


def _wants_several(whole: Heard) -> bool:
    """Whether it is asked, beyond doubt, for several directions at once (五个方向全填，你们挑个最肥的给我)."""
    sure = (match for one in whole.segments for match in one.matches if match.how in ("exact", "form"))
    return any(target.kind == "facet" and target.id == "exclusivity" for match in sure for target in match.targets)


def _listed(whole: Heard) -> str:
    """What a list of all directions is asked for besides money: whom to ask, or the thresholds."""
    if _wants_whom(whole):
        return "contact"
    money = {"amount", "rate"} & set(whole.told)
    return "conditions" if re.search(r"门槛|条件|要求", whole.folded) and not money else ""


def _wants_whom(whole: Heard) -> bool:
    return tells_whom(whole) or bool(whole.told.get("contact"))


def _facet(whole: Heard) -> str:
    """Whether shares or ceilings are asked for; neither, where something else is."""
    if {"library", "recommendation", "exclusivity", "deadline"} & set(whole.told):
        return ""
    if re.search(r"封顶|上限", whole.folded) and not re.search(r"比例|%|点|成", whole.folded):
        return "amount"
    if "rate" in whole.told or any(figure.endswith("%") for figure in amounts_in(whole.folded)):
        return "rate"
    return "amount" if "amount" in whole.told or _CAPPED.search(whole.folded) else ""


def _counted_by(text: str) -> tuple[str, ...]:
    """For what the ceilings asked for are counted: 企业, 项目 …, and 年度 where it is by the year."""
    per = [name for name, words in _PER.items() if words.search(text)]
    return (*per, *(["年度"] if _YEARLY.search(text) else []))


def _narrowed(facet: str, text: str, library: Library) -> list[Stated]:
    """The ceilings (counted as asked) or the printed shares of all directions."""
    of_directions = [one for one in library.stated.values() if one.topic in library.guide.direction_of]
    if facet == "rate":
        return [one for one in of_directions if one.provision.rate and share_of(one)]
    by = _counted_by(text)
    per = set(by) - {"年度"}
    return [
        one
        for one in of_directions
        if (ceiling := one.provision.ceiling)
        and (not per or any(ceiling.per in _COUNTED_AS.get(name, (name,)) for name in per))
        and ("年度" not in by or ceiling.yearly)
    ]


def _intent(kind: str, facet: str, found: list[Stated], figure: str) -> Intent | None:
    if figure:
        found = [one for one in found if _printed(facet, one) == figure]
        return Intent("filter", ids=tuple(one.id for one in found), facets=(facet,), figure=figure) if found else None
    ids = tuple(one.id for one in found)
    return Intent("over_all", ids=ids, facets=(facet,), figure=kind, confidence=0.85) if ids else None


def _printed(facet: str, one: Stated) -> str:
    """The figure of a ceiling, share or threshold, as amounts are compared."""
    if facet == "conditions":
        return plain(str(one.provision.condition.at_least)) if one.provision.condition else ""
    if facet == "rate":
        rate = one.provision.rate
        return plain((rate.at_most or rate.exactly or "") if rate else "")
    return plain(one.provision.ceiling.amount) if one.provision.ceiling else ""


def _amount(one: Stated) -> float:
    return wan(one.provision.ceiling.amount) if one.provision.ceiling else 0.0


def _floor(one: Stated) -> float:
    condition = one.provision.condition
    return wan(str(condition.at_least)) if condition and condition.at_least else 0.0


_SIZE: dict[str, Callable[[Stated], float]] = {"rate": share_of, "amount": _amount, "conditions": _floor}
MOST_GROUPS = 12
"""Figures of which each is told with the directions that print it."""


def over_all(intent: Intent, library: Library, today: date) -> Reply:
    """The highest or lowest with what comes next, or every figure with the directions that print it, highest first."""
    saying, facet = Saying(library), intent.facets[0]
    if not intent.ids:
        return _each_direction(saying, facet, library, today)
    size = _SIZE[facet]
    downward = not intent.figure.startswith("lowest")
    found = sorted((library.stated[id_] for id_ in intent.ids), key=size, reverse=downward)
    if intent.figure != "each":
        found = _one_each(found, library)
    groups = [list(group) for _, group in groupby(found, key=size)]
    if intent.figure == "each":
        saying.say(f"each_{facet}")
        for group in groups[:MOST_GROUPS]:
            _group(saying, f"of_{facet}", facet, group, library)
        shown = found
    else:
        saying.say(f"{intent.figure}_{facet}")
        for one in groups[0]:
            saying.line(f"{_direction(one, library)}：{one.provision.say}", *stated_sources(one))
            saying.cite(one.clause, one.provision.quote)
            for row in narrowest(library.contacts_of((one.topic,)))[:1]:
                saying.card(row)
        if groups[1:]:
            _group(saying, "next_of_all", facet, groups[1], library)
        shown = found if intent.figure.endswith(TOLD) else [one for group in groups[:2] for one in group]
    if facet == "conditions":
        state_of_day(saying, today)
    numbers = tuple(dict.fromkeys(library.guide.direction_of[one.topic].direction for one in shown))
    for number in numbers[:4]:
        saying.offer(library.guide.direction_of[number].label, f"ask:{number}.{facet}")
    return saying.reply("answered", topics=numbers, facets=intent.facets, confidence=intent.confidence)


def _each_direction(saying: Saying, facet: str, library: Library, today: date) -> Reply:
    """One line a direction: whom to ask, or the first thing that has to be met."""
    for direction in library.guide.directions:
        if facet == "contact":
            ask = Ask((direction.direction,), ("contact",))
            for row in rows_of(ask, library):
                slots = {"matter": row.label, "office": row.office, "name": row.name or "", "phone": row.phone}
                saying.say_slots("contact_line", contact_source(row), slots)
        elif first := next(iter(thresholds(library.under(direction.direction), 1)), None):
            saying.line(f"{direction.label}：{first.provision.say}", *stated_sources(first))
            saying.cite(first.clause, first.provision.quote)
    if facet == "contact":
        saying.cite("二（三）3", "各领域联系方式详见下表")
    else:
        saying.say("each_conditions")
        state_of_day(saying, today)
    return saying.reply("answered", topics=("general",), facets=(facet,), confidence=0.85)


def _one_each(found: list[Stated], library: Library) -> list[Stated]:
    """Of each direction the first one."""
    firsts = {library.guide.direction_of[one.topic].direction: one for one in reversed(found)}
    return [one for one in found if firsts[library.guide.direction_of[one.topic].direction] is one]


def _direction(one: Stated, library: Library) -> str:
    return library.guide.direction_of[one.topic].label


def _group(saying: Saying, phrase: str, facet: str, group: list[Stated], library: Library) -> None:
    """One figure with all that print it."""
    who = "、".join(dict.fromkeys(f"{library.name_of(one.topic)}{_counted(one)}" for one in group))
    saying.say(phrase, *stated_sources(group[0]), figure=_printed(facet, group[0]), who=who)
    for one in group:
        saying.cite(one.clause, one.provision.quote)


def _counted(one: Stated) -> str:
    """For what a ceiling is counted, as its sentence prints it; nothing where the guide leaves that open."""
    ceiling = one.provision.ceiling
    if ceiling is None or "读法" in ceiling.per:
        return ""
    return f"（{ceiling.per}{'，按年度' if ceiling.yearly else ''}）"
