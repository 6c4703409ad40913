"""Whether several directions may be applied for together: asked by words, going on from that, or of several at once.

The three ways in which people ask it, tried one after the other: words tell it (同时报, 打架吗) of directions named
here, or of one that is set beside those in hand; it was spoken of, and another direction is named (稳运行那个另算不);
several are named and wanted at once (一锅端行不行).
"""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.conversation import Conversation
from dialogs.hearing import HINTED_TOPIC, STRONG, Heard, directions, top
from dialogs.intent import FACET_RULES, Ask
from dialogs.library import Library
from knowledge.amounts import amounts_in
from knowledge.finding import LONE

FREE = "14"
"""The direction that may be applied for beside any other."""


def asked_of_several(
    topics: tuple[str, ...],
    facets: tuple[str, ...],
    whole: Heard,
    conversation: Conversation,
    library: Library,
    *,
    goes_on: bool,
) -> list[Ask]:
    """What is asked of several directions together, and of each besides; nothing where it is not asked.

    `goes_on`: it was spoken of before, and the message leaves open what it asks.
    """
    if compared := _compared_too(topics, whole, conversation):
        return compared
    told = whole.facets.get("exclusivity", 0.0) >= max(LONE, 0.65 * max(whole.facets.values(), default=0.0))
    if len(topics) > 1 and (told or goes_on) and ("compare" not in facets or _ALL_AT_ONCE.search(whole.folded)):
        hinted = directions(whole.words, library).get(FREE, 0.0) >= HINTED_TOPIC
        if hinted and FREE not in map(library.number_of.get, topics):
            topics = (*topics, FREE)  # 车规芯片的保险、EDA软件、一季度增长，能过几样
        return [
            Ask(topics, ("exclusivity",), whole.provisions, {}, whole.contacts()),
            *_beside_exclusivity(topics, whole, facets),
        ]
    if told and _BESIDE_IT.search(whole.folded) and len(topics) == 1:
        held = tuple(t for t in conversation.topics if t in library.guide.direction_of and t not in topics)
        if held and topics[0] in library.guide.direction_of:
            return [Ask((*topics, *held), ("exclusivity",), whole.provisions, {}, whole.contacts())]
    going = _goes_with(topics, whole, conversation, library) or _at_once(topics, whole, conversation, library)
    return [going] if going else []


def _compared_too(topics: tuple[str, ...], whole: Heard, conversation: Conversation) -> list[Ask]:
    """Two others that are to be compared as those in hand were (升规和稳运行哪个奖得多 → 升规跟强链补链呢)."""
    facet = next((one for one in ("amount", "rate", "conditions") if one in conversation.facets), "")
    again = "compare" in conversation.facets and bool(facet) and len(topics) > 1
    if not again or not _AND_THESE.search(whole.folded) or whole.told.get("exclusivity", 0.0) >= LONE:
        return []
    return [Ask((topic,), (facet, "compare")) for topic in topics]


_AND_THESE = re.compile(r"呢[?]?$")
"""How others are asked of what was asked before."""


def with_all_named(parts: list[Ask], library: Library) -> list[Ask]:
    """The parts, of which one that asks whether a direction goes together with others asks of all of them."""
    named = tuple(topic for ask in parts for topic in ask.topics if topic in library.guide.direction_of)
    apart = [ask for ask in parts if ask.facets != ("exclusivity",) or ask.topics[0] not in named]
    asked = [ask for ask in parts if ask not in apart]
    return [*apart, replace(asked[0], topics=tuple(dict.fromkeys(named)))] if asked and len(set(named)) > 1 else parts


def _goes_with(topics: tuple[str, ...], whole: Heard, conversation: Conversation, library: Library) -> Ask | None:
    """Whether directions just named go with those in hand, where that was spoken of (稳运行那个另算不)."""
    of = library.guide.direction_of
    held = tuple(topic for topic in conversation.topics if topic in of and topic not in topics)
    in_hand = {of[topic].direction for topic in conversation.topics if topic in of}
    ours = [topic for topic in topics if topic in of and of[topic].direction not in in_hand]
    told = {facet for facet, weight in whole.told.items() if weight >= STRONG} - {"conditions", "scope", "exclusivity"}
    told -= {"amount"} if _ADDS.search(whole.folded) else set()
    told -= {"deadline"} if _AFTER_IT.search(whole.folded) else set()
    spoken_of = "exclusivity" in conversation.facets or (held and _AFTER_IT.search(whole.folded))
    if not spoken_of or not ours or told or not _GOES_WITH.search(whole.folded):
        return None
    if len(whole.gathered("numbered")) > 1:
        return None  # 报了14还能报12吗 → 12和13呢 asks of these two
    if amounts_in(whole.folded):
        return None  # 把老厂房改成写字楼出租，也按20%给对吧 asks of the figure
    return Ask((*topics, *held), ("exclusivity",), {}, {}, whole.contacts())


def _at_once(topics: tuple[str, ...], whole: Heard, conversation: Conversation, library: Library) -> Ask | None:
    """Whether several directions, named here or before, may all be applied for at once (升规、稳运行，一锅端行不行)."""
    of = library.guide.direction_of
    told = {facet for facet, weight in whole.told.items() if weight >= STRONG} - {"conditions", "scope", "exclusivity"}
    if told or not _ALL_AT_ONCE.search(whole.folded) or not all(topic in of for topic in topics):
        return None
    named = {of[topic].direction for topic in topics}
    before = dict.fromkeys(one for one in (*conversation.earlier_topics, *conversation.topics) if one in of)
    held = [one for one in before if of[one].direction not in named] if len(topics) == 1 else []
    together = (*topics, *held)
    return Ask(together, ("exclusivity",), {}, {}, whole.contacts()) if len(together) > 1 else None


_ALL_AT_ONCE = re.compile(
    r"一锅端|[两俩三四五](?:个|样|项|条)?(?:方向)?(?:我|我们)?(?:都|全|通通)(?:能|可以|想|要)?(?:行|报|拿|申|上)"
    r"|[两三四](?:个|样|项)?(?:方向)?一[起块]|也一[起块]|一[起块]儿?(?:报|来|上|申)"
)
"""What asks for several at once, and of nothing else."""
_ADDS = re.compile(r"[再又]加|加上")
"""What adds a direction, not money."""
_AFTER_IT = re.compile(r"报(?:了|过|完)(?:它|他|这个|那个|这|那)")
"""What points back at the direction in hand as applied for (那报了它，新智造还能不能报)."""
_GOES_WITH = re.compile(r"还能|[也再]|另算|单算|加上?|例外|总?可以|一样|行[吗么不吧]|呢\??$")


def _beside_exclusivity(topics: tuple[str, ...], whole: Heard, facets: tuple[str, ...]) -> list[Ask]:
    """What is asked of topics besides whether they may go together: their duties, and what other sentences ask."""
    apart = {facet for one in whole.asking for facet in top(one.facets) if "exclusivity" not in top(one.facets)}
    apart -= {"amount"} if _ADDS.search(whole.folded) else set()
    own = tuple(f for f in facets if f in ("library", "recommendation") or (f in _OF_TOPICS and f in apart))
    plain = [facet for facet in facets if facet in _OF_ALL and facet in apart]
    return [
        *(Ask((topic,), own) for topic in topics if own),
        *(Ask((FACET_RULES[facet],), (facet,)) for facet in plain),
    ]


MORE_THAN_ONE = re.compile(
    r"同时|一[起块并道]|[再又也还都兼并叠另重]|[两二三几]|别的|其[他它余]|只|单|选|[跟和与同]|冲突|矛盾|影响|占|算|排|限|拿过|领过|报过"
)
"""What speaks of one thing beside another, without which it is not asked whether they go together."""
_BESIDE_IT = re.compile(
    r"[跟和与同].{1,14}(?:一起|一块|同时|一道|一并|都报|兼)|(?:同时|一起|另外|再|还|也)(?:又|还|再)?(?:想|要|打算|准备|能|可以)?(?:再|去)?(?:报|申报|申请|加)"
)
"""What asks whether another direction goes together with the one in hand (能跟方向2一起报不, 还想报新智造)."""
_OF_TOPICS = {"amount", "rate", "contact", "email", "attachment"}
_OF_ALL = {"deadline", "process"}
"""What another sentence may ask of each topic, and of all of them at once."""
