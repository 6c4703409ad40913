"""Whether a message goes on with the topics in hand: it names none of its own, and can be about them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from dialogs.conversation import Conversation
from dialogs.hearing import (
    HINTED_TOPIC,
    MEANT,
    STRANGE,
    STRONG,
    SURE_TOPIC,
    Heard,
    calls_by_name,
    directions,
    leans,
    plain,
    top,
)
from dialogs.intent import DIRECTION_FACETS, FACET_RULES, PLAIN_FACETS, RULE_FACETS
from dialogs.library import Library, Stated
from dialogs.rule_meant import is_rule
from knowledge.amounts import amounts_in, holds
from knowledge.finding import LONE

SHORT, ANOTHER, ANOTHER_IN_SHORT, ANOTHER_GOING_ON = 10, 0.5, 0.85, 1.2
"""Letters of a short message (要区里推荐不), and the likeness to another topic's questions from which a message leaves
the topic in hand: a short one says little of any topic, and one that begins with 那 goes on."""


A_FEW = 5
"""Letters of a message that is like any rule's questions."""


def inherited_by(whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The topics in hand; a general rule only while the message asks for no other rule's facet."""
    topics = tuple(t for t in conversation.topics if t in library.guide.direction_of or is_rule(t, library))
    if topics and is_rule(topics[0], library):
        facets = whole.told if len(whole.folded) <= A_FEW else whole.facets  # 还影响不 is like anything
        asked = {FACET_RULES[f] for f in top(facets) if f in PLAIN_FACETS and facets[f] >= LONE}
        if _IN_THIS_CASE.match(whole.folded):
            asked -= {"window"}
        if "eligibility" in topics and len(whole.folded) <= SHORT and _AFFECTS.search(whole.folded):
            return topics
        kin = {RULE_FACETS.get(topic) for topic in topics}
        named = any(whole.provisions.get(one.id, 0.0) >= 1.0 for topic in topics for one in library.under(topic))
        return () if not named and any(RULE_FACETS[rule] not in kin for rule in asked) else topics
    return topics


_AFFECTS = re.compile(r"影响|碍事|要紧|算不算|还算|没事")
"""What asks of a firm's stain whether it still counts (现在还受不受影响)."""
_IN_THIS_CASE = re.compile(
    r"^(?:那|所以)?(?:这样|那样|这种(?:情况)?|(?:像)?我们这(?:样|种)(?:情况)?)(?:的话)?,?(?:还|也)?(?:能|可以)不?"
)
"""How a message begins that asks whether one may apply in the case that was told, not until when (这样还能报吗)."""


def leaves_topic_out(whole: Heard, inherited: tuple[str, ...], conversation: Conversation, library: Library) -> bool:
    """Whether a message names no topic of its own and can be about the one in hand."""
    of_rule = is_rule(inherited[0], library)
    named = max(
        (w for t, w in whole.words.items() if is_rule(t, library) and not _fits_direction(t, whole)), default=0.0
    )
    if named >= SURE_TOPIC:
        return False
    if not of_rule and only_tells(whole) and not calls_by_name(whole, library):
        return True
    weights = directions(whole.words, library)
    hinted = {direction for direction, weight in weights.items() if weight >= HINTED_TOPIC}
    own = {number_of(topic, library) for topic in inherited}
    apart, called = _told_apart(own, whole, library)
    others = {direction: weights.get(direction, 0.0) * share for direction, share in apart.items()}
    other = max(others.values(), default=0.0)
    kin = own | {number for number, share in apart.items() if share == 0.0}  # told by words of the one in hand too
    liked = max(
        (s for t, s in whole.ours.items() if number_of(t, library) not in kin and not _fits_direction(t, whole)),
        default=0.0,
    )
    own_like = max((s for t, s in whole.ours.items() if number_of(t, library) in own), default=0.0)
    if not of_rule and (only_common(whole, library) or _only_a_sum(whole, hinted) or only_figures(whole)):
        return True
    another = ANOTHER_IN_SHORT if len(whole.folded) <= SHORT else ANOTHER
    if not hinted and max(whole.told.values(), default=0.0) >= 1.0:
        another = ANOTHER_IN_SHORT  # a facet and no word of any topic (够了的话最多拿到手多少)
    if not hinted and not of_rule and set(conversation.facets) & set(top(whole.facets)):
        another = ANOTHER_GOING_ON  # the same facet again (没写啊？那具体比例我上哪儿看去)
    if conversation.interview == "open" or _GOES_ON.match(whole.folded):
        another = ANOTHER_GOING_ON
    if other < SURE_TOPIC and not called and _names_provision(whole, inherited, library):
        return True
    if other < SURE_TOPIC and not called and not of_rule and _SUPPOSES.search(whole.folded):
        return True
    if other < HINTED_TOPIC and not of_rule and top(whole.facets) == ("attachment",) and not plain(whole):
        return True  # 那具体在哪份文件里
    if own and other < SURE_TOPIC and not calls_by_name(whole, library) and _POINTS.search(whole.folded):
        return True
    if not hinted and not of_rule and not called and _RECKONS.search(whole.folded):
        return True
    if not whole.words and not whole.told:
        another = max(another, ANOTHER_IN_SHORT)  # 我说的是加的那部分: nothing but likeness speaks of another
    held_on = _COUNTED_BY.search(whole.folded) or _DISPUTES.search(whole.folded)
    if other < SURE_TOPIC and not of_rule and not called and held_on:
        return True
    wants_contact = whole.facets.get("contact", 0.0) >= STRONG or "contact" in conversation.facets
    if own & _of_contacts(whole, library) and wants_contact:
        return True
    if plain(whole) and len(whole.folded) <= SHORT and not of_rule and not calls_by_name(whole, library):
        return True
    if not called and other < SURE_TOPIC and _sibling_meant(whole, inherited, library):
        return True
    if called or other >= SURE_TOPIC or (liked >= another and liked > own_like + 0.15):
        return False
    if leans(whole) and _hints(whole, others, own, library):
        return True
    return _fits(whole, inherited, others, own, own_like, library)


def only_tells(whole: Heard) -> bool:
    """Whether a message tells something and asks for nothing (我们注册在海淀，去年搬来的)."""
    return not any(one.asks for one in whole.segments) and not _PUTS_RIGHT.search(whole.folded)


_PUTS_RIGHT = re.compile(r"改口|其实是|是说|指的是|问的是|不是")
"""What puts another topic in the place of the one in hand (他其实是4号)."""


def _only_a_sum(whole: Heard, hinted: set[str]) -> bool:
    """Whether a few letters tell another sum and name no direction (改成800万了，还行吗)."""
    return not hinted and len(whole.folded) <= A_SUM and bool(amounts_in(whole.folded))


def only_figures(whole: Heard) -> bool:
    """Whether a message is made of figures, days and what joins them, and of nothing else (1亿6呢, 2019年6月开工呢)."""
    figured = bool(_ONLY_FIGURES.fullmatch(whole.folded) and _FIGURE.search(whole.folded))
    return figured and len(whole.folded) <= A_SUM and not whole.gathered("numbered")


_FIGURE = re.compile(r"[\d一二两三四五六七八九十百千万亿]")
_ONLY_FIGURES = re.compile(
    r"(?:那么?|要是|如果|假如|能不能|能|可以|拿|补|奖|贴|给|得|领|吗|不|改成|改为|改到|换成|变成|涨到|再|就|是|到|我们|每|各|一?共|总共|投资?|花|合同额?|保费|固投|开工|动工|竣工|完工"
    r"|的话|左右|多|整|呢|吗|吧|了|的|,|[?]|去年|前年|今年|底|初|[上下]半年|[\d.零一二两三四五六七八九十百千万亿元%ew]|[台辆颗笔家个套张份枚年月日号])+"
)
A_SUM = 18
"""Letters of a message that is hardly more than a sum."""


def only_common(whole: Heard, library: Library) -> bool:
    """Whether a message asks for what every direction has, and no word of it is of any direction: several such things,
    or whether one may still apply.

    Its likeness to one direction's questions then tells nothing (要入库吗，要区推荐吗，找谁，截止哪天).
    """
    told = {facet for facet, weight in whole.told.items() if weight >= STRONG} - {"conditions"}
    hinted = max(directions(whole.words, library).values(), default=0.0)
    return (len(told) > 1 or told == {"deadline"}) and told <= COMMON and hinted < HINTED_TOPIC


COMMON = {"library", "recommendation", "contact", "email", "deadline", "process"}
"""Facets that every direction has."""


def _sibling_meant(whole: Heard, inherited: tuple[str, ...], library: Library) -> bool:
    """Whether a message that goes on hints at another branch of the direction in hand (芯片那个也按颗算)."""
    of = library.guide.direction_of
    kin = {branch for topic in inherited if topic in of for branch in library.branches_of(of[topic].direction)}
    hinted = any(whole.words.get(branch, 0.0) >= HINTED_TOPIC for branch in kin - set(inherited))
    return hinted and bool(_ANOTHER_ONE.search(whole.folded) or _CORRECTS.match(whole.folded))


_ANOTHER_ONE = re.compile(r"[那这](?:个|块|边|种|一?类)(?:呢|也|的|是|按|要|算)|^.{1,6}(?:的|那边)?(?:呢|也)")
"""What puts another thing beside the one just spoken of."""
_CORRECTS = re.compile(r"(?:不对|不是|错了|说错了|搞错了)[,。 ]")
"""How a message begins that takes back what was just said (不对，我们是造东西的厂子)."""
FEW = 4
"""Directions of which a word may be without being everybody's."""


def _told_apart(own: set[str], whole: Heard, library: Library) -> tuple[dict[str, float], bool]:
    """The share of other directions' words that say nothing of those in hand (链主 does of 方向10).

    Beside it, whether one of these words is a name.
    """
    of, called = library.guide.direction_of, False
    apart, total = defaultdict[str, float](float), defaultdict[str, float](float)
    held = [one for number in own if number in of for one in library.under(number)]
    for match in (match for one in whole.segments for match in one.matches):
        told = [t for t in match.targets if t.kind in ("topic", "cue", "provision") and t.id.split(":")[0] in of]
        of_which = {of[t.id.split(":")[0]].direction for t in told}
        shared = bool(of_which & own) and len(of_which) <= FEW  # 门槛 is a word of all of them
        shared = shared or any(holds(one.provision.say, match.term) for one in held if match.term[0].isdigit())
        for target in (t for t in told if t.kind != "provision"):
            direction = of[target.id].direction
            total[direction] += target.weight * match.surety
            apart[direction] += 0.0 if shared else target.weight * match.surety
            called = called or (target.kind == "topic" and not shared)
    return {direction: weight / total[direction] for direction, weight in apart.items()}, called


_RECKONS = re.compile(r"[乘×*]\d|\d(?:%|个点)?(?:乘|×|\*)|按\d+(?:%|个点)")
"""What reckons with figures of a reply (8000万乘5%是400万，全给吗)."""
_COUNTED_BY = re.compile(
    r"按(?:单个|每个|一个)?(?:企业|公司|项目|产品|品种|单品|家)(?:还是[^,。?!;]{1,6})?(?:算|计|来|给|[吗对吧?]|$)"
)
"""What asks for what a ceiling is counted (所以都是按企业算对吧)."""
_DISPUTES = re.compile(
    r"(?:谁|哪一?个|哪种|哪边)(?:说的?)?(?:是|才)?(?:对|准)|(?:我|你)(?:怎么)?(?:记|听|看)(?:得|错|岔)"
)
"""What asks which of two told figures is right (小王说五百万，我怎么记得是二百万，到底哪个对)."""
_SUPPOSES = re.compile(r"^那?(?:要是|如果|假如|万一|要).{2,}呢[?]?$")
"""What supposes something else of the case in hand (要是最后一个礼拜冲到2.1亿呢)."""
_POINTS = re.compile(
    r"(?:[这那]|(?<!应)该)(?:一)?(?:个|条|项)?(?:方向|奖励?|补贴|政策)(?!有哪)|[这那](?:项|条|笔)|[这那]个(?:封?顶|上限|比例|额度|门槛|线)"
)
"""What points at the topic in hand (这个方向是不是还要区里先推一道)."""


def _names_provision(whole: Heard, inherited: tuple[str, ...], library: Library) -> bool:
    """Whether words name a provision of the topic in hand that answers what is asked (单说光伏这块儿,按几成)."""
    asked = {facet for facet, weight in whole.told.items() if weight >= STRONG}
    names_only = not asked
    held = {one.id: one for topic in inherited for one in library.under(topic)}
    of = library.guide.direction_of
    kin = [one for topic in inherited if topic in of for one in library.under(of[topic].direction)]

    def named(stated: Iterable[Stated]) -> bool:
        plain = (
            one for one in stated if one.provision.unstated is None and (names_only or one.provision.facet in asked)
        )
        return any(whole.provisions.get(one.id, 0.0) >= 1.0 for one in plain)

    telling = not any(one.asks for one in whole.segments)  # 履约1600万不含税 is of whatever was asked
    return named(held.values()) and (telling or not named(one for one in kin if one.id not in held))


def _of_contacts(whole: Heard, library: Library) -> set[str]:
    """The directions of the contacts' rows that a message names by their matter (集成电路那条链)."""
    rows = [contact for contact in library.guide.contacts if contact.id in whole.contacts()]
    return {library.guide.direction_of[branch].direction for contact in rows for branch in contact.branches}


_GOES_ON = re.compile(r"na (?!ge)|(?:那|它|这)(?:是|个|又|要|得|按|最|给|算)?(?!个?方向)")
"""How a message begins that goes on with what is in hand (那是按采购额的几成)."""


def number_of(topic: str, library: Library) -> str:
    """The direction's number of a direction or branch, the rule's own id."""
    return library.guide.direction_of[topic].direction if topic in library.guide.direction_of else topic


def _fits_direction(rule: str, whole: Heard) -> bool:
    """Whether a rule's facet is one that the direction in hand answers for itself."""
    plain = rule == "consultants" and not re.search(r"政策咨询|规划处", whole.folded)
    figured = rule == "eligibility" and bool(_HOW_MUCH.search(whole.folded))
    return (
        plain or figured or rule == "amounts_are_ceilings" or RULE_FACETS.get(rule) in DIRECTION_FACETS - {"conditions"}
    )


_HOW_MUCH = re.compile(r"投|(?:多少|几)(?:钱|万|金额|额)|规模|营收|产值|销售额|合同额|保费|金额")
"""What asks for a figure, of which the general conditions hold none (最少得投多少才有资格)."""


def _hints(whole: Heard, others: Mapping[str, float], own: set[str], library: Library) -> bool:
    """Whether a message hints at the direction in hand, or at nothing at all."""
    weights = directions(whole.words, library)
    other = max((weight for direction, weight in others.items() if direction not in own), default=0.0)
    return other < HINTED_TOPIC or any(weights.get(direction) for direction in own)


def _fits(
    whole: Heard,
    inherited: tuple[str, ...],
    others: Mapping[str, float],
    own: set[str],
    own_like: float,
    library: Library,
) -> bool:
    """Whether a message without a topic of its own can be about the one in hand."""
    held = {one.id for topic in inherited for one in library.under(topic)}
    touches = any(name in held for name in whole.provisions)
    named = max((weight for direction, weight in others.items() if direction not in own), default=0.0)
    if HINTED_TOPIC <= named < SURE_TOPIC and own_like >= MEANT and not is_rule(inherited[0], library):
        return True  # a word that any direction's money has, and a question of the one in hand (基数按合同额还是…)
    if named >= HINTED_TOPIC and not touches:
        return False
    if whole.strange > STRANGE and not touches:
        return False
    return touches or leans(whole) or (bool(whole.facets) and len(whole.folded) <= 24)
