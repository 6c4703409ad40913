"""Which directions: those with a ceiling, share or threshold that a message tells, or on which a duty falls.

“封顶3000万的有哪些”, “哪几个方向门槛是500万”, “哪些不用区里推荐”, “链主能报哪些”, and “固投最少得多少” where no
direction is named, ask over all directions at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dialogs.conversation import Conversation
from dialogs.hearing import STRONG, SURE_TOPIC, Heard, calls_by_name, directions, tells_whom
from dialogs.in_district import asks_which_office
from dialogs.intent import Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.rule_meant import asks_way_in
from dialogs.saying import Saying, stated_sources
from dialogs.window import state_of_day
from knowledge.amounts import amounts_in, holds, plain
from knowledge.finding import Found

WHICH = re.compile(
    r"(?:哪|那)(?:几|些|一)?(?:个|项|类|块|条|样)?(?:方向|奖励|政策|补贴)|(?:方向|奖励|政策|补贴|项目)(?:里|中)?(?:都)?有(?:哪些|哪几)|"
    r"(?:的)(?:都)?(?:有|是)(?:哪(?:些|几|个|项|一)|谁)|哪(?:些|几个|几项|几条)(?:是|要|不|需|须|得|免|必须|可以不)|都有谁|是哪[一两三四五六七几]+(?:处|项|个方向)|"
    r"方向(?:清单|名单|列表)|na ?(?:ji|xie|yi) ?(?:ge|xiang|xie)? ?fang ?xiang|(?:还有|都有|都是)谁(?:要|得|需|必须|须)"
)
"""What asks for directions."""
_THRESHOLD = re.compile(r"门槛|起步|至少|最低|不低于|以上|起报|投资额|固投|固定资产投资")
_HOW_LONG = re.compile(r"(?:补|贴|奖|给|连续|最多|最长).{0,6}几年|贴息期|补贴期")
"""What asks for how many years money is given."""
_ALL_OF_THEM = re.compile(
    r"(?:甭管|不管|不论|无论|随便)[^,。?!;]{0,4}哪|统统|一个(?:都|也)(?:跑不|不|没)|只有[^,。?!;]{2,14}(?:才|要|得|需)"
    r"|(?:以|之)外,?(?:还有|都|别的|其他)|(?:是个|凡是|所有)(?:的)?(?:方向|项目)(?:都|就)"
)
"""What asks of a duty whether it falls on all directions, or on those named alone (只有技改和绿色才要区里推，是吧)."""
_OTHERS = re.compile(r"(?:别的|其他|其它|剩下的|另外的)(?:方向)?(?:都|就|全|也)?")
_OF_THE_HELD = re.compile(
    r"^那?(?:都|还)?有?(?:谁|哪(?:些|几)个?(?:方向|项目)?)(?:就|都)?(?:不用|不需要?|要|得|需要|必须)[^,。?!;]{0,4}[?]?$"
)
"""Who else has to do what was just spoken of (那都有谁要进)."""
_NOT = re.compile(r"bu ?(?:yong|xu)|wu ?xu|不用|不需|无需|无须|不须|免|不要求|不必|用不着|没要求|不在")
_DUTIES = {"library": ("library", "which"), "recommendation": ("recommendation", "which")}


def filtered(whole: Heard, library: Library, *, goes_on: bool = False) -> Intent | None:
    """Which directions a message asks for, by a figure or a duty; None where it asks of one, or of something else.

    `goes_on`: a topic is in hand, which a question of a threshold is then about.
    """
    if whole.gathered("people") or whole.gathered("numbered"):
        return None
    whom = tells_whom(whole) or whole.told.get("reverse_lookup", 0.0) >= STRONG or asks_which_office(whole)
    if whole.gathered("districts") and whom:
        return None
    which = bool(WHICH.search(whole.folded))
    spoken_of = _writing_of(whole, library) or (None if goes_on or which else _investing(whole, library))
    if spoken_of:
        return spoken_of
    if of_each := _of_each(whole, library):
        return _listed(of_each)
    if not which or calls_by_name(whole, library):
        return None
    if any(max(one.facets.values(), default=0.0) >= SURE_TOPIC and not WHICH.search(one.text) for one in whole.asking):
        return None
    asked = [(duty, one.text) for one in whole.asking for duty in _DUTIES if _names_duty(duty, one)]
    duties = tuple(dict.fromkeys(duty for duty, _ in asked))
    if duties and not _asks_more(duties, whole):
        listed = _listed({duty: "which_not" if _NOT.search(text) else "which" for duty, text in asked})
        way_in = (
            (Ask(("library",), ("library", "process")),) if "library" in duties and asks_way_in(whole.folded) else ()
        )
        return replace(listed, asks=(*listed.asks, *way_in))  # 哪些方向非进项目库不可，网上从哪儿进去填
    if _HOW_LONG.search(whole.folded):
        periods = tuple(one.id for one in library.stated.values() if one.provision.period)
        return Intent("filter", ids=periods, facets=("conditions",), confidence=0.85)
    amounts = amounts_in(whole.folded)
    if not amounts:
        return None
    amount = amounts[0]
    facet = "rate" if amount.endswith("%") else "conditions" if _THRESHOLD.search(whole.folded) else "amount"
    found = tuple(one.id for one in library.stated.values() if _has(one, facet, amount, library))
    return Intent("filter", ids=found, facets=(facet,), figure=amount, confidence=0.85) if found else None


def _of_each(whole: Heard, library: Library) -> dict[str, str]:
    """The duties of which it is asked whether they fall on every direction, each with what lists them."""
    if not _ALL_OF_THEM.search(whole.folded) or (calls_by_name(whole, library) and not _OTHERS.search(whole.folded)):
        return {}
    return {duty: "which" for one in whole.asking for duty in _DUTIES if _names_duty(duty, one)}


def still_listed(whole: Heard, conversation: Conversation) -> Intent | None:
    """Which directions the duty in hand falls on, where it is asked who else (融资租赁要入库吗 → 那都有谁要进)."""
    held = [facet for facet in conversation.facets if facet in _DUTIES]
    if not held or not _OF_THE_HELD.match(whole.folded):
        return None
    return _listed({held[0]: "which_not" if _NOT.search(whole.folded) else "which"})


def _listed(duties: Mapping[str, str]) -> Intent:
    """An intent that lists the directions on which duties fall, or do not."""
    asks = tuple(Ask((duty,), (duty,), {f"{duty}:{listed}": 2.0}) for duty, listed in duties.items())
    return Intent("asks", asks=asks, facets=tuple(duties), confidence=0.9)


def _names_duty(duty: str, one: Found) -> bool:
    return max(one.facets.get(duty, 0.0), one.topics.get(duty, 0.0)) >= SURE_TOPIC


def _asks_more(duties: tuple[str, ...], whole: Heard) -> bool:
    """Whether another sentence asks for something else (入库操作看哪份附件)."""
    told = ({facet for facet, weight in one.facets.items() if weight >= SURE_TOPIC} for one in whole.asking)
    return any(facets and not facets & {*duties, "conditions", "overview"} for facets in told)


_FOR_WHOM = re.compile(
    r"(?:哪|那)(?:几|些)(?:个|项|类)?(?:方向|奖励|政策|补贴)|(?:能|可以|可)(?:报|申报|申请|享受)(?:哪|什么)(?:些|几)?"
)
"""What asks which directions there are for somebody."""


_TELLS_NOTHING = {"总共", "一共", "合计", "全部", "所有", "加起来"}
"""Words that tell of no matter (这一批总共支持哪些方向)."""


def _writing_of(whole: Heard, library: Library) -> Intent | None:
    """The directions that write of what a question names (链主能报哪些), where there are several."""
    guide = library.guide
    for one in (one for one in whole.asking if _FOR_WHOM.search(one.text)):
        for match in (match for match in one.matches if match.term not in _TELLS_NOTHING):
            written = [library.stated[t.id] for t in match.targets if t.kind == "provision" and t.id in library.stated]
            found = [stated for stated in written if stated.topic in guide.direction_of]
            called = [t.id for t in match.targets if t.kind == "topic" and t.id in guide.direction_of]
            found += [stated for topic in called for stated in library.under(topic) if stated.provision.rate][:1]
            if len({guide.direction_of[stated.topic].direction for stated in found}) > 1 and match.how == "exact":
                ids = tuple(dict.fromkeys(stated.id for stated in found))
                return Intent("filter", ids=ids, facets=("scope",), figure=match.term, confidence=0.85)
    return None


_INVESTED = re.compile(r"固定资产投资|固投|设备投资|投资额?")
_LEAST = re.compile(r"最少|最低|至少|起码|下限|底线|门槛|起步|够不够|够格|够吗|(?:要|得)(?:砸|投|花)(?:多少|几)")


def _investing(whole: Heard, library: Library) -> Intent | None:
    """What must be invested at least, by direction, where a question names none."""
    if max(directions(whole.words, library).values(), default=0.0) >= SURE_TOPIC or calls_by_name(whole, library):
        return None
    if not (_INVESTED.search(whole.folded) and _LEAST.search(whole.folded)):
        return None
    found = tuple(one.id for one in investing(library))
    return Intent("filter", ids=found, facets=("conditions",), confidence=0.8)


def investing(library: Library) -> list[Stated]:
    """The thresholds of all directions for what must be invested."""
    facts = {fact.key for fact in library.guide.facts if INVESTMENT in fact.name}
    return [one for one in library.stated.values() if (held := one.provision.condition) and held.fact in facts]


INVESTMENT = "固定资产投资"


def _has(one: Stated, facet: str, amount: str, library: Library) -> bool:
    """Whether a direction's provision prints a figure as its ceiling or bonus, its share, or its threshold."""
    if one.topic not in library.guide.direction_of or one.provision.unstated or not holds(one.provision.say, amount):
        return False
    of_facet = {
        "amount": one.provision.bonus is not None
        or (one.provision.ceiling is not None and plain(one.provision.ceiling.amount) == amount),
        "rate": one.provision.rate is not None,
        "conditions": one.provision.condition is not None and one.provision.facet == "conditions",
    }
    return of_facet[facet]


MOST_SHOWN = 4
"""Directions of which each is shown with its sentence; of more only the names are."""


def directions_with(intent: Intent, library: Library, today: date) -> Reply:
    """The directions that print a figure, each with the sentence in which it stands."""
    saying, of = Saying(library), library.guide.direction_of
    found: dict[tuple[str, str], Stated] = {}
    for one in (library.stated[id_] for id_ in intent.ids):
        found.setdefault((of[one.topic].direction, one.provision.say), one)
    held = sorted(found.values(), key=lambda one: int(of[one.topic].direction))
    numbers = tuple(dict.fromkeys(of[one.topic].direction for one in held))
    short = len(numbers) > MOST_SHOWN and bool(intent.figure)
    names = (library.name_of(one.topic) for one in held) if short else (of[number].label for number in numbers)
    if len(numbers) > 1 and intent.figure:
        who = "、".join(dict.fromkeys(names))
        saying.say(f"filter_{intent.facets[0]}", *stated_sources(held[0]), figure=intent.figure, who=who)
    for one in held:
        if not short:
            saying.line(f"{of[one.topic].label}：{one.provision.say}", *stated_sources(one))
        saying.cite(one.clause, one.provision.quote)
    if short:
        saying.say("filter_more")
    for number in numbers:
        saying.offer(of[number].label, f"ask:{number}.{intent.facets[0]}")
    if set(intent.facets) & {"conditions", "scope"}:
        state_of_day(saying, today)
    return saying.reply("answered", topics=numbers, facets=intent.facets, confidence=intent.confidence)
