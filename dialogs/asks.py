"""What a message asks, with what was in hand before: topics × facets, one a topic and group of facets."""

from __future__ import annotations

import re

from dialogs.alike import alike_in, facets_of
from dialogs.branching import EACH, fitting
from dialogs.conversation import Conversation
from dialogs.duties import NAMED
from dialogs.grouping import MOST_PARTS, ask_of, grouped, questions_of
from dialogs.hearing import COMPARES, HINTED_TOPIC, STRONG, SURE_TOPIC, Heard, directions, forms_in, merged, plain, top
from dialogs.intent import (
    CEILING,
    CEILINGS,
    DUTY_FACETS,
    FACET_RULES,
    NOT_THE_LIBRARY,
    PLAIN_FACETS,
    RULE_FACETS,
    Ask,
    Intent,
    Kind,
)
from dialogs.library import Library
from dialogs.our_chain import of_our_chain
from dialogs.plain_questions import SHORT_WHY, plainly_asked
from dialogs.rule_meant import (
    ENTERED,
    WAY_IN,
    asks_way_in,
    condition_named,
    is_rule,
    rule_meant,
    wants_direction,
)
from dialogs.several_at_once import MORE_THAN_ONE, asked_of_several, with_all_named
from dialogs.told_of import NO_INDUSTRY
from dialogs.topics import chosen, rivals
from dialogs.who_may_apply import with_eligibility
from knowledge.amounts import amounts_in
from knowledge.casework import case_of
from knowledge.finding import LONE

OFFERED = 0.2
"""Likeness from which a direction is offered."""
HALF_UNKNOWN = 0.45
"""Share of unknown letters from which it takes twice as much of it (铁牛赊账封顶多少)."""


def asked(whole: Heard, conversation: Conversation, library: Library) -> Intent:
    """What a message asks of the guide; which of several directions is meant, where they are too close to call."""
    if plain := plainly_asked(whole, conversation, library):
        return plain
    close = rivals(whole, conversation, library)
    if close:
        return Intent("which", ids=close, facets=top(whole.facets), confidence=0.5)
    parts = with_eligibility(_parts(whole, conversation, library), whole, conversation, library)
    asks = tuple(_with_promise(parts, whole, library))
    if not asks:
        return _lost(whole, conversation, library)
    asks = tuple(of_our_chain(ask, whole.folded, conversation, library) for ask in asks)
    facets = tuple(dict.fromkeys(facet for ask in asks for facet in ask.facets))
    return Intent("asks", asks=asks, facets=facets, confidence=_confidence(whole, library))


_ASKS_WHEN = re.compile(r"截止|几[号日月]|哪[天日]|什么时候|时间|多久|今天|现在|来得及|赶[得不]")
"""What asks for the day beside who may apply (个体户还能报吗，几号截止)."""


def _confidence(whole: Heard, library: Library) -> float:
    weights = sorted(directions(whole.topics, library).values(), reverse=True) or [0.0]
    margin = weights[0] - (weights[1] if len(weights) > 1 else 0.0)
    return max(0.3, min(0.99, 0.45 + 0.25 * min(weights[0], 1.5) + 0.12 * min(margin, 1.5) - 0.3 * whole.strange))


def _parts(whole: Heard, conversation: Conversation, library: Library) -> list[Ask]:
    """What is asked, part by part: one a topic and group of facets."""
    of = library.guide.fact
    kinds = {
        key: one.value
        for key, one in conversation.now.items()
        if one.value is not None and one.value != NO_INDUSTRY and of[key].kind != "number"
    }
    # a figure that does not suffice, or a hotel's trade, makes a firm no other kind
    told = case_of(kinds, library.guide)
    topics = tuple(dict.fromkeys(fitting(t, told, whole, library) for t in chosen(whole, conversation, library)))
    hinted = facets_of(alike_in(topics[0], whole, library), library) if topics else {}
    if "exclusivity" not in conversation.facets and not MORE_THAN_ONE.search(whole.folded):
        hinted.pop("exclusivity", None)  # 稳运行能拿不 asks of nothing beside it
    asked = top(merged([(_but_guessed(whole), 1.0), (hinted, 1.0)]))
    facets = _with_duties(asked, whole, topics, library)
    facets = _with_claims(facets, whole)
    facets = _with_entering(facets, whole, topics, library)
    if "attachment" in facets and whole.told.get("attachment", 0.0) >= STRONG:
        facets = tuple(dict.fromkeys(["attachment", *facets]))  # 要拿啥证明，翻附件几
    goes_on = "exclusivity" in conversation.facets and _open_facet(whole, facets)
    if several := asked_of_several(topics, facets, whole, conversation, library, goes_on=goes_on):
        return several
    groups = grouped(topics, whole, library)
    if len(groups) > 1:
        return with_all_named(
            [ask_of(topic, held, whole, facets, library) for topic, held in groups][:MOST_PARTS], library
        )
    if not topics and _asks_the_day_alone(whole, conversation):
        return [_ask(("window",), ("deadline",), whole, library)]
    if not topics:
        return _of_rules(rule_meant(whole, facets, library), facets, conversation.facets, whole, library)
    if len(topics) == 1 and topics[0] not in library.guide.direction_of:
        return [_ask(topics, facets, whole, library)]
    if plain(whole) and not whole.told and not conversation.facets:
        facets = tuple(facet for facet in facets if whole.words.get(facet, 0.0) >= SURE_TOPIC)  # 项目入库 names a duty
    if not whole.told and not conversation.facets and not any(one.asks for one in whole.segments):
        facets = tuple(facet for facet in facets if whole.facets.get(facet, 1.0) >= LONE)  # 老旧厂房那个奖励: all of it
    if (
        _open_facet(whole, facets)
        and conversation.facets
        and (
            len(whole.folded) <= 16
            or whole.folded.rstrip("?").endswith("呢")
            or not any(one.asks for one in whole.segments)
        )
    ):
        figured = _with_claims((), whole) if set(conversation.facets) <= DUTY_FACETS else ()
        facets = _of_the_named(topics, conversation.facets, whole, library) or figured or conversation.facets
    elif _asks_a_duty_again(whole, facets, topics, conversation):
        facets = tuple(dict.fromkeys([*conversation.facets, *facets]))
    worded = directions(whole.words, library)
    if set(facets) <= {"attachment", "process"} and "attachment" in facets and not worded:
        facets = (
            *(one for one in conversation.facets if one in ("library", "process")),
            *facets,
        )  # 入库流程 → 是附件几
    way_in = facets == ("process",) or (facets == ("library",) and asks_way_in(whole.folded))
    if way_in and conversation.facets == ("library",):
        facets = ("library", "process")  # 那网上从哪儿点进去填, when the library was spoken of
    if both := _of_both_branches(topics, facets, conversation.facets, whole, library):
        return [both]
    return [_ask((topic,), facets, whole, library) for topic in topics]


def _of_both_branches(
    topics: tuple[str, ...], facets: tuple[str, ...], held: tuple[str, ...], whole: Heard, library: Library
) -> Ask | None:
    """The ask of a whole direction whose branches a message compares (数据中心的门槛跟制造业一样吗)."""
    numbers = {library.guide.direction_of[topic].direction for topic in topics if topic in library.guide.direction_of}
    if len(numbers) != 1 or not COMPARES.search(whole.folded) or set(facets) & DUTY_FACETS:
        return None
    number = next(iter(numbers))
    named = [one for one in library.branches_of(number) if whole.words.get(one, 0.0) >= HINTED_TOPIC or one in topics]
    if len(named) < 2:
        return None
    told = any(whole.told.get(facet, 0.0) >= STRONG for facet in ("amount", "rate", "conditions"))
    kept = tuple(facet for facet in held if facet in ("amount", "rate", "conditions"))
    asked_ = facets if told or not kept else kept  # 那最高是多少 → 工业和软件都一样？
    return _ask((number,), tuple(dict.fromkeys([*asked_, "compare"])), whole, library)


def _but_guessed(whole: Heard) -> dict[str, float]:
    """The facets without those that no word tells, of which a little likeness would say too much (真的一点机会没有)."""
    weighty = WEIGHTY | ({"process"} if whole.told.get("deadline", 0.0) >= STRONG else set())
    kept = {
        one for one, weight in whole.facets.items() if one not in weighty or whole.told.get(one) or weight >= SURELY
    }
    return {facet: weight for facet, weight in whole.facets.items() if facet in kept}


WEIGHTY, SURELY = {"honesty", "exclusivity"}, 0.9
"""Facets that are not answered for a direction on a mere guess; likeness from which it is none."""


def _asks_a_duty_again(
    whole: Heard, facets: tuple[str, ...], topics: tuple[str, ...], conversation: Conversation
) -> bool:
    """Whether a few letters name another direction after a duty was asked for, and no word tells what of it."""
    told = any(weight >= STRONG for weight in whole.told.values())
    another = not set(topics) & set(conversation.topics)
    held = set(conversation.facets)
    return (
        bool(held)
        and held <= DUTY_FACETS
        and another
        and not told
        and not held & set(facets)
        and len(whole.folded) <= SHORT_WHY
    )


def _asks_the_day_alone(whole: Heard, conversation: Conversation) -> bool:
    """Whether a few words ask for nothing but whether one may still apply (现在还能报吗)."""
    told = {facet for facet, weight in whole.told.items() if weight >= STRONG}
    return told == {"deadline"} and not (whole.words or conversation.topics) and len(whole.folded) <= SHORT_WHY


def _with_promise(parts: list[Ask], whole: Heard, library: Library) -> list[Ask]:
    """The parts behind what no figure of the guide promises, where a message names that (肯定给我批2000万)."""
    names = (match for one in whole.segments for match in one.matches if match.surety >= 1.0)
    named = any(target.kind == "topic" and target.id == CEILINGS for match in names for target in match.targets)
    of_directions = [ask for ask in parts if ask.topics[0] in library.guide.direction_of]
    wanted = named or _PRESSES.search(whole.folded)
    return [Ask((CEILINGS,), ("amount",), {CEILING: 1.0}), *parts] if wanted and of_directions else parts


_PRESSES = re.compile(r"(?:你们?|给我|现在|白纸黑字)[^,。?!]{0,10}(?:保证|承诺|打?包票|打?保票)(?!金|书)")
"""What presses for a promise of ours (你现在就白纸黑字保证600万一定到手)."""


def _with_entering(facets: tuple[str, ...], whole: Heard, topics: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """The facets with the project library, where a message asks where a project is entered that has to be."""
    of = library.guide.branches
    needing = any("project_library" in of[branch].needs for topic in topics for branch in library.branches_of(topic))
    if not ENTERED.search(whole.folded) or not (needing or not topics):
        return facets
    return tuple(dict.fromkeys([*(one for one in facets if one != "definition"), "library", "process"]))


def _with_claims(facets: tuple[str, ...], whole: Heard) -> tuple[str, ...]:
    """The facets with those of the figures that a message wants confirmed (能补五年、每年按10%，是这么回事吗)."""
    figures = amounts_in(whole.folded)
    if _HEARSAY.search(whole.folded) and any(one.endswith("元") for one in figures):
        return tuple(dict.fromkeys(["amount", *facets]))  # 听同行说能拿3000万，要怎么准备
    if not _CONFIRMS.search(whole.folded) or not set(facets) <= {"amount", "rate", "conditions", "overview"}:
        return facets
    if not figures and not _YEARS.search(whole.folded):
        return facets
    claimed = [*(["rate"] if any(one.endswith("%") for one in figures) else [])]
    claimed += ["conditions"] if _YEARS.search(whole.folded) or _ENOUGH.search(whole.folded) else []
    claimed += ["amount"] if not set(facets) - {"overview"} and not claimed[1:] else []
    return tuple(dict.fromkeys([*facets, *claimed]))


_HEARSAY = re.compile(
    r"(?:听(?:[^,。?!;]{0,4})(?:说|讲)|据说|都说|网上(?:说|写))[^。?!;]{0,16}(?:拿|补|奖|给|贴|封顶|最高|最多|上限)[^,。?!;]{0,4}\d"
)
"""What has heard of a sum that one gets, whatever is asked beside."""
_CONFIRMS = re.compile(
    r"是不是(?:这么回事|真的|这样)|真的(?:吗|假的)|对[吗吧]|对不对|没错吧|属实|核实|核一下|核对|没记错|确认一?下|有这回事|\d[\d.]*[万亿]元?了?吧[?]?$|年(?:都|全)(?:能)?(?:给|补|贴)"
)
_YEARS = re.compile(
    r"(?:补|贴|给|奖|报|享受)(?:满|够|足)?[一二三四五六七八九十两\d]+年|[一二三四五六七八九十两\d]+年(?:都|全|全都|也)?(?:能)?(?:给|补|贴)"
)
"""What says for how many years money is given."""
_ENOUGH = re.compile(r"(?:够|满|达到?|超过?|不低于)(?:了)?\d")
"""What says from which figure on it is given."""


OF_A_CASE = {"amount", "rate", "conditions", "scope", "definition", "other"}
"""Facets that another case is asked for once more; a duty or a contact is the same in each."""


def _of_the_named(topics: tuple[str, ...], held: tuple[str, ...], whole: Heard, library: Library) -> tuple[str, ...]:
    """The facet of a provision that a told or supposed case names (要是今年新开的厂，当年就入统呢), of another kind."""
    if not held or set(held) & OF_A_CASE or _AND_THAT_ONE.search(whole.folded):
        return ()
    named = [one for topic in topics for one in library.under(topic) if whole.provisions.get(one.id, 0.0) >= 1.0]
    return tuple(dict.fromkeys(one.provision.facet for one in named))


_AND_THAT_ONE = re.compile(r"(?:^|[,。?!;])那?[^,。?!;]{1,6}(?:呢|也不?(?:用|要|需要|得|一样))[吗么吧]?[?]?$")
"""What asks of another one by hardly more than its name (那升规的呢)."""
_ALSO = re.compile(r"^那?(?:也|还)是")
"""What asks whether it is done by the same way as something else (也是北京通那个app？)."""
_WHO_MAY = re.compile(r"条件|要求|资格|门槛|硬杠")
"""What asks who may apply at all."""


def _of_rules(
    rule: str | None, facets: tuple[str, ...], held: tuple[str, ...], whole: Heard, library: Library
) -> list[Ask]:
    """What is asked of general rules: several where several of their facets are named (截止时间跟申报入口)."""
    if not rule:
        return []
    if rule == "library" and "attachment" not in facets and asks_way_in(whole.folded):
        return [_ask(("library",), ("library", "process"), whole, library)]  # 说是要先进项目库，网上从哪个菜单点进去填
    if (
        rule in ("support", "process")
        and "library" in held
        and (_ALSO.search(whole.folded) or (rule == "process" and WAY_IN.search(whole.folded)))
    ):
        return [_ask(("library",), ("library", "process"), whole, library)]  # 入库从哪儿进 → 也是北京通那个app？
    if whole.provisions.get(NOT_THE_LIBRARY, 0.0) >= 1.0:
        rule = "process"  # 填完项目库就等于申报完了？
    named = [f for f in facets if f in PLAIN_FACETS and (whole.told.get(f, 0.0) >= LONE or len(whole.asking) > 1)]
    told = [f for f in named if FACET_RULES[f] != rule and RULE_FACETS.get(rule) != f]
    if told == ["deadline"] and rule == condition_named(whole, library) and not _ASKS_WHEN.search(whole.folded):
        facets, told = tuple(f for f in facets if f != "deadline") or ("conditions",), []
    own = tuple(f for f in facets if f not in told) or facets
    beside = {FACET_RULES[facet]: facet for facet in told}
    apart = [one for one in whole.asking if "exclusivity" not in top(one.facets) and _WHO_MAY.search(one.text)]
    if apart and len(whole.asking) > 1 and RULE_FACETS.get(rule) == "exclusivity":
        beside |= {"eligibility": "conditions"}  # 别的钱拿过的还让报吗，另外企业本身有啥硬性要求
    called = (t for t, w in whole.words.items() if w >= SURE_TOPIC and t != rule and is_rule(t, library))
    beside |= {
        t: RULE_FACETS[t]
        for t in called
        if t in ("consultants", "support") or RULE_FACETS.get(t) in PLAIN_FACETS - set(own)
    }
    return [
        _ask((rule,), own, whole, library),
        *(_ask((other,), (facet,), whole, library) for other, facet in list(beside.items())[:2]),
    ]


def _with_duties(facets: tuple[str, ...], whole: Heard, topics: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """A direction together with a duty's name asks for that duty: 方向14 … 盖推荐章."""
    if not any(topic in library.guide.direction_of for topic in topics):
        return facets
    hit = {name.split(":")[0] for name, w in whole.provisions.items() if w >= 0.9}
    named = (RULE_FACETS[t] for t, w in whole.topics.items() if t in RULE_FACETS and (w >= SURE_TOPIC or t in hit))
    found = tuple(dict.fromkeys([*facets, *(facet for facet in named if facet in DUTY_FACETS)]))
    if _CONDITIONS.search(whole.folded):
        return found
    if {"library", "recommendation"} & set(found):
        return tuple(facet for facet in found if facet not in ("conditions", "scope", "rate", "overview"))
    if whole.told.get("exclusivity", 0.0) >= STRONG:
        beside = {"conditions", "scope"} | ({"compare"} if whole.told.get("compare", 0.0) < STRONG else set())
        return tuple(facet for facet in found if facet not in beside)
    return found


_CONDITIONS = re.compile(
    r"竣工|完工|哪一?年|条件|门槛|要求|资格|比例|几成|几个点|还有什么|够不够|符合|建设期|期限|几年|限制|固投|投资额|多少|上限|封顶|\d%?(?:个点)?还是\d"
)
"""What asks of conditions beside a duty; 要不要 or 需要 alone only ask of the duty."""


def _open_facet(whole: Heard, facets: tuple[str, ...]) -> bool:
    """Whether a message leaves open what it asks of its topic (“EDA呢”, “那工业的呢”)."""
    if (plain(whole) and not whole.told) or _ONLY_A_FIGURE.match(whole.folded):
        return True
    leaning = _AND_THAT_ONE.search(whole.folded) or _TOO.search(whole.folded)
    told = whole.told if leaning or not any(one.asks for one in whole.segments) else whole.facets
    if _TOO.search(whole.folded):  # its 要不要 asks of no conditions
        told = {facet: weight for facet, weight in told.items() if facet not in ("conditions", "compare")}
    return not any(told.get(facet, 0) >= LONE or (facet in DUTY_FACETS and not leaning) for facet in facets)


_AND_THAT_ONE = re.compile(r"呢[?,]*$|呢[?,][^,?]{1,5}[?]?$")
"""How a message ends that names another thing and asks what was asked before (换成药呢，一类的)."""
_ONLY_A_FIGURE = re.compile(
    r"^(?:所以|那|就)?(?:是|得)?[\d.]+(?:万元?|亿元?|%|个点|年|家|个)?(?:是吧|对吧|是吗|对吗|啊|吗|\?)+$"
)
"""A message that only has a figure of the last reply confirmed (200万是吧)."""
_TOO = re.compile(
    r"也是\d+[万亿元%年个点]*[吗么吧呢不?]*$|也不(?:用|要|需要)[吗么吧?]*$|也(?:要|需要|得|行|可以|能|有|是|算|一样)?[吗么吧呢不?]*$|(?:用不用|要不要|需不需要|需要|要|得)(?:先)?(?:入|进|推|走|报|办)?库?[吗么?]*$|^那.{1,10}呢"
)
"""What asks of another topic what was asked before (保险那个也要?)."""


def _ask(topics: tuple[str, ...], facets: tuple[str, ...], whole: Heard, library: Library) -> Ask:
    forms = forms_in([whole.folded])
    if plain(whole) and not amounts_in(whole.folded) and topics[0] in library.guide.direction_of:
        first = frozenset(id_ for id_, weight in whole.provisions.items() if weight >= NAMED)
        return Ask(topics, facets, {}, {}, whole.contacts(), forms, first=first)
    told = any(whole.told.get(facet, 0.0) >= STRONG for facet in facets)
    sitting = set(whole.gathered("offices"))
    rows = whole.contacts() or tuple(row.id for row in library.contacts_of(topics) if row.office in sitting)
    provisions = dict(whole.provisions)
    if "exclusivity" in facets and whole.ours.get("other_money", 0.0) > whole.ours.get("exclusivity", 0.0):
        provisions[OTHER_MONEY] = max(1.0, provisions.get(OTHER_MONEY, 0.0))
    alike, questions = alike_in(topics[0], whole, library), questions_of(topics[0], whole.asking, whole, library)
    first = _of_each_branch(topics[0], facets, whole, library)
    return Ask(topics, facets, provisions, alike, rows, forms, told, questions, amounts_in(whole.folded), first)


def _of_each_branch(topic: str, facets: tuple[str, ...], whole: Heard, library: Library) -> frozenset[str]:
    """Where it is asked of each of several branches of a direction, what answers for these (这三样各自最多给多少)."""
    branches = library.branches_of(topic)
    named = [branch for branch in branches if whole.words.get(branch, 0.0) >= HINTED_TOPIC]
    if not EACH.search(whole.folded) or not 1 < len(named) < len(branches):
        return frozenset()
    return frozenset(one.id for one in library.under(topic) if one.topic in named and one.provision.facet in facets)


OTHER_MONEY = "other_money:municipal"
"""What is said of money that a project has had from the city already."""


def _lost(whole: Heard, conversation: Conversation, library: Library) -> Intent:
    """Nothing of ours was recognised well enough: ask which direction, or say that it isn't in the guide."""
    facets = top(whole.facets)
    likes: dict[str, float] = {}
    for topic, score in whole.ours.items():
        if topic in library.guide.direction_of:
            number = library.guide.direction_of[topic].direction
            likes[number] = max(likes.get(number, 0.0), score)
    least = OFFERED if whole.strange < HALF_UNKNOWN else 2 * OFFERED
    near = [number for number in sorted(likes, key=lambda n: -likes[n]) if likes[number] >= least][:3]
    if near or (wants_direction(facets) and whole.strange <= 0.3):
        return Intent("which", ids=tuple(near), facets=facets, confidence=0.4, strange=whole.strange)
    kind: Kind = "not_in_guide" if whole.topics or facets else "not_understood"
    return Intent(kind, facets=facets, confidence=0.3, strange=whole.strange)
