"""Questions that a few words decide by themselves, whatever else a message is like: tried one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.conversation import Conversation
from dialogs.doubting import doubted
from dialogs.hearing import HINTED_TOPIC, STRONG, WHY, Heard, calls_by_name, directions, top
from dialogs.intent import FORGING, NOT_THE_LIBRARY, Ask, Intent
from dialogs.library import Library
from dialogs.naming import named_of
from dialogs.recalling import recalled
from dialogs.rule_meant import DONE_BY_ENTERING, MONEY_OF, MONEY_OF_WHOM, WHOSE_COUNTS
from dialogs.trades import asks_what_there_is, says_a_line_of_work
from dialogs.who_may_apply import NO_DISHONESTY, PENALISED, REGISTERED, is_of_there, on_a_list
from dialogs.years import of_that_year


def plainly_asked(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What the first of these questions that a message puts wants; None where it puts none of them."""
    return next((found for meant in _PLAINLY if (found := meant(whole, conversation, library))), None)


def _forging(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """How papers are made up, whatever else is asked."""
    named = any(one.provisions.get(FORGING, 0.0) >= 1.0 for one in whole.segments)
    return _one(Ask((library.stated[FORGING].topic,), ("honesty",), {FORGING: 2.0}), 0.9) if named else None


def _done_by_entering(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """Whether the library is the application (显示已入库，是不是坐等拨款就行)."""
    found = DONE_BY_ENTERING.search(whole.folded)
    return _one(Ask(("process",), ("process",), {NOT_THE_LIBRARY: 2.0}), 0.8) if found else None


def _hands_in(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Whether papers are handed in by mail or to somebody (那我是给他发邮件交材料吗)."""
    return (
        _one(Ask(("process",), ("process",), {"process:portal": 2.0}), 0.8) if HANDS_IN.search(whole.folded) else None
    )


HANDS_IN = re.compile(
    r"(?:发邮件|发到?邮箱|寄(?:过去|给)|快递|当面|送(?:过去|到))[^,。?!;]{0,8}(?:交|递|报|送)?(?:材料|申请书?|本子)[^,。?!;]{0,4}(?:[吗么?]|行不|就行)"
    r"|(?:往|朝|给|到)[^,。?!;]{0,8}邮箱[^,。?!;]{0,2}发?[^,。?!;]{0,4}(?:就?算|等于)(?:是)?(?:交|报|递)"
    r"|(?:材料|申请书?|本子)[^,。?!;]{0,6}(?:发邮件|发到?[他她]?的?邮箱|寄(?:过去|给)|快递|当面)[^,。?!;]{0,6}(?:[吗么?]|行不|就行)"
)
"""What asks whether papers are sent to somebody, not for an address."""


def _what_there_is(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What there is for a trade that no list knows (做食品的有什么补贴, 我们是卖奶茶的能报吗)."""
    if conversation.topics or recalled(whole.folded, conversation, library):
        return None
    asked = asks_what_there_is(whole.folded, library) and not directions(whole.words, library)
    if asked or _of_an_unknown_trade(whole, library):
        return Intent("overview", facets=("overview",), confidence=0.5)
    unclear = _only_a_facet(whole) or (not conversation.subject and _only_tells(whole))
    return Intent("which", facets=top(whole.told), confidence=0.4) if unclear else None


def _is_stuck(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """Whom to call for the platform, where words tell of nothing else (上传不了材料呢)."""
    alone = max(directions(whole.words, library).values(), default=0.0) < HINTED_TOPIC
    wants = {facet for facet, weight in whole.told.items() if weight >= STRONG} - {"contact", "process"}
    stuck = whole.words.get("support", 0.0) >= 1.0 and len(whole.folded) <= OF_A_DEED
    return _one(Ask(("support",), ("contact",)), 0.7) if stuck and alone and not wants else None


def _is_discredited(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """The condition that a firm on a list of dishonest ones does not meet, where it tells that and asks no cure."""
    return _one(Ask(("eligibility",), ("conditions",), {NO_DISHONESTY: 2.0}), 0.7) if on_a_list(whole) else None


def _is_penalised(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """That the guide writes nothing of ordinary penalties, where a firm tells of one (环保被罚20万)."""
    told = any(one.provisions.get(PENALISED, 0.0) >= 1.0 for one in whole.segments)
    other = "consequences" in whole.words or calls_by_name(whole, library)
    return _one(Ask(("eligibility",), ("conditions",), {PENALISED: 2.0}), 0.7) if told and not other else None


def _is_elsewhere(whole: Heard, conversation: Conversation, _: Library) -> Intent | None:
    """Where a firm must be registered, where nothing is told but that it is elsewhere (我们在河北)."""
    if conversation.topics or not is_of_there(whole):
        return None
    return _one(Ask(("eligibility",), ("conditions",), {REGISTERED: 2.0}), 0.7)


def _who_recommends(whole: Heard, conversation: Conversation, _: Library) -> Intent | None:
    """By whom a firm is recommended (推荐找谁), which the direction's own contact is not."""
    placed = whole.gathered("districts") or conversation.place
    if placed or len(whole.segments) > 1 or not _RECOMMENDED_BY.search(whole.folded):
        return None
    return _one(Ask(("recommendation",), ("recommendation",), {"recommendation:who": 2.0}), 0.7)


_RECOMMENDED_BY = re.compile(
    r"推荐(?:函|信)?(?:的话|这个|这事|要|得|该|是|去|应该)*(?:找|问|联系)(?:谁|哪)|(?:找|由)谁推荐"
)


def _of_that_year(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What was asked, of another year that the direction in hand states something of (2023年的呢)."""
    stated = of_that_year(whole.folded, conversation, library)
    if not stated:
        return None
    return _one(Ask((stated[0].topic,), (stated[0].provision.facet,), {one.id: 2.0 for one in stated}), 0.7)


def _within_one(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """Whether several kinds of one direction go together (重大项目贴息能不能和普惠贴息一起拿)."""
    if whole.told.get("exclusivity", 0.0) < STRONG:
        return None
    of, branches = library.guide.direction_of, library.guide.branches
    targets = (target for one in whole.segments for match in one.matches for target in match.targets)
    named = {target.id for target in targets if target.kind == "topic" and target.id in of}
    numbers = {of[topic].direction for topic in named}
    kinds = len(named & set(branches)) > 1 or (_KINDS.search(whole.folded) and not _OTHER.search(whole.folded))
    if len(numbers) != 1 or not kinds:
        return None
    return _one(Ask(("exclusivity",), ("exclusivity",), {SAME_DIRECTION: 2.0}), 0.7)


SAME_DIRECTION = "exclusivity:same_direction"
_KINDS = re.compile(r"[两二三几](?:种|类|档|项|样)(?:保险|补贴|贴息|奖励|奖|情形|情况)?(?:都|能|可以|一起|同时)")
_OTHER = re.compile(r"方向[^,。?!;]{0,8}(?:和|跟|与|同|加)[^,。?!;]{0,6}方向")


def _how_many_directions(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """How many directions one firm may apply for, whichever it names besides (不算稳运行，最多申报几个方向)."""
    if not library.commands.says("how_many_directions", whole.folded):
        return None
    return _one(Ask(("exclusivity",), ("exclusivity",)), 0.8)


def _of_which_kinds(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """The kinds of the one direction that is named or in hand, each with what it gives (方向4分几样给奖)."""
    told = {facet for facet, weight in whole.told.items() if weight >= STRONG}
    if told - {"overview", "amount", "rate", "compare"} or not library.commands.says("which_kinds", whole.folded):
        return None
    of = library.guide.direction_of
    apart = (topic for topic in whole.words if library.number_of.get(topic, topic) != topic)
    branches = [topic for topic in apart if whole.words[topic] >= HINTED_TOPIC]
    if len(branches) == 1 or max(whole.provisions.values(), default=0.0) >= 1.0:
        return None  # 国际注册机构有几种 asks of that branch
    topics = [topic for topic in (*whole.gathered("numbered"), *whole.words) if topic in of]
    numbers = {of[topic].direction for topic in topics or conversation.topics if topic in of}
    kinds = len(numbers) == 1 and len(of[min(numbers)].branches) > 1
    return _one(Ask((min(numbers),), ("overview",), forms=frozenset({"kinds"})), 0.7) if kinds else None


def _doubts(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What was answered, where it is doubted."""
    return _several(doubted(whole, conversation, library), 0.6)


def _names(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What something is called in full."""
    return _several(named_of(whole, conversation, library), 0.6)


def _reasons(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Why not."""
    return _several(_why(whole, conversation, library), 0.6)


def _one(ask: Ask, confidence: float) -> Intent:
    return Intent("asks", asks=(ask,), facets=ask.facets, confidence=confidence)


def _several(asks: tuple[Ask, ...], confidence: float) -> Intent | None:
    return Intent("asks", asks=asks, facets=asks[0].facets, confidence=confidence) if asks else None


def _whose_counts(whole: Heard, _: Conversation, library: Library) -> Intent | None:
    """The provision on a title, where it is asked who has to have given it (灯塔工厂得是谁评的才认)."""
    weights, of = directions(whole.words, library), library.guide.direction_of
    most = max(weights, key=lambda one: weights[one], default="")
    named = (one for id_ in whole.provisions if (one := library.stated.get(id_)))
    stated = [one for one in named if one.topic in of and of[one.topic].direction == most]
    best = max(stated, key=lambda one: whole.provisions[one.id], default=None)
    if best is None or not WHOSE_COUNTS.search(whole.folded):
        return None
    return _one(Ask((best.topic,), (best.provision.facet,), {best.id: 2.0}), 0.7)


def _another_row(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Another row of contacts of the direction in hand (氢能链条找谁 → 集成电路呢)."""
    of, found = library.guide.direction_of, _AND_THAT.match(whole.folded)
    held = next((topic for topic in conversation.topics if topic in of), "")
    rows = library.contacts_of((of[held].direction,)) if held and found and "contact" in conversation.facets else []
    meant = [row for row in rows if found and any(found[1] in name for name in (row.matter, *row.aliases))]
    if len(meant) != 1:
        return None
    return _one(Ask((of[held].direction,), ("contact",), contacts=(meant[0].id,)), 0.7)


_AND_THAT = re.compile(r"^那?([^,。?!;]{2,6}?)(?:的|那边|那条|产业链|链)?呢[?]?$")
"""What asks for another one of the same, with hardly more than its name."""


def _money_got(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Whether money got elsewhere counts, where that or a direction is in hand (那要是市科委的钱呢)."""
    found = MONEY_OF.match(whole.folded) if conversation.topics else None
    if conversation.topics == ("other_money",):
        found = found or MONEY_OF_WHOM.match(whole.folded)
    if found is None:
        return None
    which = "municipal" if _OF_A_BUREAU.search(found[0]) and "国家" not in found[0] else "central_district"
    return _one(Ask(("other_money",), ("exclusivity",), {f"other_money:{which}": 2.0}), 0.7)


_OF_A_BUREAU = re.compile(r"市|科委|商务局|经信局|金融局|知识产权局|人社局")


def _why(whole: Heard, conversation: Conversation, library: Library) -> tuple[Ask, ...]:
    """What was asked of the topics in hand, where a short message asks why not, or any asks to look away from it."""
    weights = directions(whole.words, library)
    named = max(weights, key=lambda one: weights[one], default="")
    named = named if weights.get(named, 0.0) >= HINTED_TOPIC else ""
    asked = {facet for facet, weight in whole.told.items() if weight >= STRONG} - {"conditions"}
    if not asked and _PLEADS.search(whole.folded):
        return tuple(
            Ask((topic,), ("conditions",), whole.provisions) for topic in ((named,) if named else conversation.topics)
        )
    if named or asked or len(whole.folded) > SHORT_WHY or not WHY.search(whole.folded):
        return ()
    facets = tuple(facet for facet in conversation.facets if facet not in ("contact", "email", "amount", "rate"))
    return tuple(Ask((topic,), facets or ("conditions",), whole.provisions) for topic in conversation.topics)


_PLEADS = re.compile(r"通融|照顾(?:一?下|照顾)|破个?例|网开一面|高抬贵手|宽限(?!期)|行个方便")
"""What asks to look away from a condition, which is then said once more."""
SHORT_WHY = 14
"""Letters of a message that may ask why not, and nothing besides."""


def _of_an_unknown_trade(whole: Heard, library: Library) -> bool:
    """Whether a firm asks if it may apply at all, whose line of work no list knows (我们是卖奶茶的能报吗)."""
    guessed = max(whole.ours.values(), default=0.0) < NEARLY_KEPT
    return says_a_line_of_work(whole.folded, library) and not whole.words and guessed


def _only_a_facet(whole: Heard) -> bool:
    """Whether money or somebody is asked for, in known words of which none is of a topic (老板让我问能拿多少钱).

    Likeness would guess a direction there; only a whole question that is nearly one of the kept ones names it.
    """
    told = {facet for facet, weight in whole.told.items() if weight >= 1.0}
    guessed = max(whole.ours.values(), default=0.0) < NEARLY_KEPT
    spread = max(whole.words.values(), default=0.0) <= SPREAD
    return bool(told & OF_A_DIRECTION) and spread and whole.strange <= FEW_UNKNOWN and guessed


def _only_tells(whole: Heard) -> bool:
    """Whether a few letters tell what was done and ask nothing, in words of no topic (贷了两千万, 买了台五轴)."""
    asks = any(one.asks for one in whole.segments) or max(whole.told.values(), default=0.0) >= STRONG
    guessed = max(whole.ours.values(), default=0.0) < NEARLY_KEPT
    tells = bool(_DONE.search(whole.folded)) and len(whole.folded) <= OF_A_DEED
    return tells and not asks and not whole.words and guessed


_DONE = re.compile(r"了(?![吗么呢吧啊,。?!]|$)")
"""What tells of something done to something (买了台五轴; not 算了)."""
OF_A_DEED = 10
"""Letters of a message that tells one thing only: a deed, or where it is stuck."""


OF_A_DIRECTION = {"amount", "rate", "contact", "email"}
SPREAD = 0.15
"""Weight up to which a word tells no direction, as it stands in many of them (单个企业最高多少)."""
FEW_UNKNOWN, NEARLY_KEPT = 0.15, 0.85
"""Share of letters without a meaning up to which a message says nothing but a facet; likeness of a kept question."""


_PLAINLY: tuple[Callable[[Heard, Conversation, Library], Intent | None], ...] = (
    _forging, _done_by_entering, _hands_in, _what_there_is, _is_stuck, _is_discredited, _is_penalised, _is_elsewhere,
    _who_recommends, _within_one, _how_many_directions, _of_which_kinds, _of_that_year, _doubts, _names, _reasons,
    _whose_counts, _another_row, _money_got,
)  # fmt: skip
