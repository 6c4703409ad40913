"""Which general rule of the guide a message asks for, where it is about no direction."""

from __future__ import annotations

import re

from dialogs.hearing import FLOOR, HINTED_TOPIC, MEANT, STRANGE, STRONG, SURE_TOPIC, Heard
from dialogs.intent import FACET_RULES, PLAIN_FACETS, RULE_FACETS
from dialogs.library import Library
from knowledge.finding import LONE

PLAINLY = 0.9
"""Likeness from which a rule is taken though a word tells the facet of another one (报名受不受影响)."""


DONE_BY_ENTERING = re.compile(
    r"(?<![没未])(?:(?:已经?|成功|都|显示|录)[^,。?!;]{0,6}(?:入库|进了?[^,。?!;]{0,4}库)|(?:录进|进了|入了)[^,。?!;仓备]{0,6}库)"
    r"[^?!;]{0,16}(?:坐等|就等着|等着(?:发|拨|打)|就行了?[,?是吧]|不用再[弄报填交]|(?:还要|用|得)再[弄报填交]|就算(?:报|申)|等于(?:报|申))"
    r"|(?:局里|经信局|官网|网站|网上)[^,。?!;]{0,8}(?:录|登记|填)[^?!;]{0,12}(?:坐等|就等着|等着(?:发|拨|打|拿))"
    r"|库里?一?审过[^?!;]{0,8}(?:坐等|等着|就行)"
)
"""What takes the library for the application (显示已入库，是不是坐等拨款就行)."""
MONEY_OF = re.compile(
    r"^(?!.*(?:没|未|不是))(?:那|要是|如果|假如|换成|是)*(?:拿过?|拿的|领过?|是)?[^,。?!;]{0,4}(?:市|区|国家|中央|部|委|局)[^,。?!;]{0,6}"
    r"(?:的(?:钱|资金|经费|补贴|专项|项目)|(?:给|拿|批|资助|补|发|奖)过)(?:的)?(?:呢|行吗|也不行|算吗|算不算)?[吗?]*$"
)
"""What asks of money got from somebody else, with hardly more than whose it is (市发改委给过呢)."""
MONEY_OF_WHOM = re.compile(
    r"^(?:那|要是|如果|假如|换成|是|拿过?|领过?|的|给过?)*(?:区|国家|中央|部|街道)[^,。?!;]{0,4}(?:呢|行吗|算吗|算不算)[?]?$"
)
"""The same where money is in hand, with no word for it (那要是拿的区里的呢)."""
ENTERED = re.compile(
    r"(?<!台账)(?:挂(?:上|个)?号?|登记|登(?:一遍|个记)|录[进入到]|(?<![准具设])备(?:个|案|一下)?(?:项目)?|建档|报备)[^,。?!;]{0,8}(?:哪|什么)"
    r"|(?:哪一?个|什么)(?:系统|库|网站|平台|地方)[^,。?!;]{0,8}(?:挂|登(?!录|陆)|录(?!像)|(?<![准具设])备|建档)"
    r"|(?:库|池子)(?:的)?(?:门|口|入口)[^,。?!;]{0,6}哪|(?:在哪|哪里|哪儿|上哪)里?(?:去)?(?:挂(?!靠)|登(?!录|陆)|录|备|建档)|登的地方|库[^,。?!;]{0,8}(?:app|手机|官网|网站|网上)[^,。?!;]{0,6}还是"
)
"""What asks where a project is entered before one applies (项目信息去哪儿登记, 那个库是APP里填还是官网上填)."""

WHOSE_COUNTS = re.compile(
    r"(?:谁|哪一?[家个]?(?:机构|部门|单位|组织)?|什么(?:机构|单位|部门))(?:来|给)?(?:评|发|颁|授|认证)(?:的|定的|下来的)?(?:才|都|也)?(?:算|认|有效|行|valid|管用)|在哪拿的才算"
)
"""What asks whose title counts (灯塔工厂得是谁评的才认), not how one is come by."""


WAY_IN = re.compile(r"菜单|栏目|点(?:哪|进)|进去|从哪[儿里]?进|入口")
"""What asks for the way in, step by step."""
_APPLIES = re.compile(r"北京通|企服|平台|立即申报|申报入口|申报(?:是|在|走|怎么)")
"""What asks of the application beside the library."""


def asks_way_in(text: str) -> bool:
    """Whether a folded text asks for the way in, and not of the application's."""
    return bool(WAY_IN.search(text)) and not _APPLIES.search(text)


def is_rule(topic: str, library: Library) -> bool:
    """Whether a topic is a general rule of the guide."""
    return topic in library.rules


OF_ITS_FACET = 0.1
"""What a rule's likeness gains where it answers the facet that is asked for."""


def rule_meant(whole: Heard, facets: tuple[str, ...], library: Library) -> str | None:
    """The general rule that a message without a direction asks for: named, or plainly meant, or told by its facet."""
    rules = {t: w for t, w in whole.topics.items() if is_rule(t, library)}
    if any(w >= HINTED_TOPIC for t, w in rules.items() if t != "overview"):
        rules.pop("overview", None)
    best = max(rules, key=lambda t: rules[t], default=None)
    worded = [t for t in rules if whole.words.get(t, 0.0) >= SURE_TOPIC]
    if "support" in worded and "process" in worded:
        return "support"  # 点立即申报一直转圈: what does not work, where it is done
    if worded:
        return max(worded, key=lambda t: rules[t])
    told = [f for f, weight in whole.told.items() if f in PLAIN_FACETS and weight >= LONE]
    if told == ["deadline"] and (of := condition_named(whole, library)):
        return of  # 公司改名了还能报吗 asks of the firm, not of the day
    asked = max(whole.facets, key=lambda facet: whole.facets[facet], default="")
    liked = max(
        (t for t in whole.ours if is_rule(t, library)),
        key=lambda t: whole.ours[t] + (OF_ITS_FACET if RULE_FACETS.get(t) == asked else 0.0),
        default="",
    )
    other = bool(told) and RULE_FACETS.get(liked) not in told
    if liked and whole.ours[liked] >= (PLAINLY if other else MEANT):
        return liked
    both = asked in PLAIN_FACETS and RULE_FACETS.get(liked) == asked and whole.facets[asked] >= PLAINLY
    if both and whole.ours[liked] >= FLOOR:
        return liked  # 那是到哪里去填: its facet and its questions say the same
    if told and whole.strange <= STRANGE:
        return FACET_RULES[told[0]]
    if best and rules[best] >= HINTED_TOPIC and whole.strange <= STRANGE:
        return best
    others = [f for f in facets if f in FACET_RULES and whole.told.get(f, 0) >= STRONG and whole.strange <= 0.2]
    return FACET_RULES[others[0]] if others and not wants_direction(facets) else None


def condition_named(whole: Heard, library: Library) -> str | None:
    """The rule of who may apply, where a word names one of its provisions."""
    named = max(whole.provisions, key=lambda one: whole.provisions[one], default="")
    rule = named.partition(":")[0]
    said = bool(named) and whole.provisions[named] >= 1.0
    return rule if said and is_rule(rule, library) and RULE_FACETS.get(rule) == "conditions" else None


def rule_is_plainly_meant(whole: Heard, library: Library) -> bool:
    """Whether a message is more like the questions of a general rule than like any direction's."""
    rules = max((score for topic, score in whole.ours.items() if is_rule(topic, library)), default=0.0)
    others = max((score for topic, score in whole.ours.items() if not is_rule(topic, library)), default=0.0)
    return rules >= MEANT and rules > others + 0.1


def wants_direction(facets: tuple[str, ...]) -> bool:
    """Whether what is asked differs from direction to direction."""
    return bool(set(facets) & {"amount", "rate", "conditions", "scope", "contact", "email"})
