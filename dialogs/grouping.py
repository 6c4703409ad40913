"""A message of several questions: its asking segments by the topic that each is about."""

from __future__ import annotations

import re

from dialogs.alike import facets_of
from dialogs.branching import EACH, WE_ARE, branches_named, narrowed
from dialogs.hearing import (
    BACKGROUND,
    HINTED_TOPIC,
    MEANT,
    STRONG,
    SURE_TOPIC,
    Heard,
    directions,
    forms_in,
    merged,
    own_facets,
    top,
)
from dialogs.intent import CEILINGS, DIRECTION_FACETS, DUTY_FACETS, FACET_RULES, RULE_FACETS, Ask, Question
from dialogs.library import Library
from dialogs.rule_meant import asks_way_in, is_rule
from knowledge.finding import Found

MOST_PARTS = 4
"""Parts of one message that are answered."""
LIKED_RULE = 0.8
"""Likeness from which a segment without a word of any facet asks of a general rule (哪两个局一起发的)."""
BY_FAR = 0.5
"""How much more like another rule's questions than those of the one before it a segment leaves that one."""
PLAINLY_LIKED = 0.6
"""Likeness from which a segment asks of a rule whatever single words say (骗了补贴会不会记失信)."""
RULE_BESIDE = 1.0
"""Weight from which a segment behind a direction asks of a general rule."""


def grouped(topics: tuple[str, ...], whole: Heard, library: Library) -> list[tuple[str, list[Found]]]:
    """The asking segments by the topic each is about: its own where it names one, else the one before it."""
    if len(whole.asking) < 2 or whole.gathered("numbered") or not any(one.asks for one in whole.asking):
        return []
    groups: dict[str, list[Found]] = {}
    begins = topics[0] if topics else _rule_told_before(whole, library)
    current = "" if topics and _begins_with_a_rule(whole, library) else begins
    for one in whole.asking:
        current = _topic_of(one, current, library)
        if current:
            groups.setdefault(current, []).append(one)
    rest = [topic for topic in topics if not any(_same(topic, held, library) for held in groups)]
    if rest and (len(groups) == 1 or EACH.search(whole.folded)):  # a question of several topics named before it
        return []
    return list(groups.items())


def _rule_told_before(whole: Heard, library: Library) -> str:
    """The general rule that is named where nothing is asked yet (网页光转圈，…有没有管这个的电话)."""
    told = {t: w for one in whole.background for t, w in one.topics.items() if is_rule(t, library) and w >= RULE_BESIDE}
    return max(told, key=lambda rule: told[rule], default="")


def _begins_with_a_rule(whole: Heard, library: Library) -> bool:
    """Whether the first question is how a rule is met, before a direction is named (入库上哪弄,方向6用不用)."""
    first, *others = whole.asking
    named = any(directions(one.topics, library) for one in (first, *whole.background))
    return not named and bool(_HOW.search(first.text)) and any(directions(one.topics, library) for one in others)


_HOW = re.compile(r"哪|怎么|怎样|如何|上哪|几号|什么时候|啥时候|附件几")


def _same(topic: str, other: str, library: Library) -> bool:
    of = library.guide.direction_of
    return topic == other or (topic in of and other in of and of[topic].direction == of[other].direction)


def _topic_of(one: Found, current: str, library: Library) -> str:
    """The topic that a segment is about, when the one before it was about `current`."""
    weights = directions(one.topics, library)
    best = max(weights, key=lambda d: weights[d], default="")
    rule = max((t for t in one.topics if is_rule(t, library)), key=lambda t: one.topics[t], default="")
    held = library.guide.direction_of.get(current)
    if held and best != held.direction and _asks_of_the_held(held.direction, best, one, library):
        return _moved(current, one, library)
    if best and weights[best] >= (SURE_TOPIC if current else HINTED_TOPIC):
        if held and weights.get(held.direction, 0.0) >= weights[best]:
            best = held.direction
        return narrowed(best, one, library) if not (held and held.direction == best) else _moved(current, one, library)
    if (
        rule
        and one.topics[rule] >= (RULE_BESIDE if held else SURE_TOPIC)
        and not (held and (RULE_FACETS.get(rule) in DIRECTION_FACETS or rule == CEILINGS))
    ):
        return rule
    if best and held and best != held.direction and _means(best, one, library) and held.direction not in weights:
        return best
    if not current:
        liked = max(one.liked.topics, key=lambda t: one.liked.topics[t], default="")
        by_name = weights.get(best, 0.0) < HINTED_TOPIC and not one.liked.topics.get(liked, 0.0) >= PLAINLY_LIKED
        if by_name and (named_rule := _rule_of_provision(one, library)):
            return named_rule
        facets = top(one.facets)
        liked = max(one.liked.topics, key=lambda t: one.liked.topics[t], default="")
        told = max(one.facets.values(), default=0.0) >= 1.0
        if is_rule(liked, library) and one.liked.topics[liked] >= LIKED_RULE and not told:
            return liked
        return next((FACET_RULES[f] for f in facets if f in FACET_RULES and one.facets[f] > 0.5), "")
    return _moved(current, one, library) if held else _rule_after(current, one)


def _rule_of_provision(one: Found, library: Library) -> str:
    """The general rule of which a segment names a provision (失信记录看几年的)."""
    named = {
        id_: weight for id_, weight in one.provisions.items() if weight >= 1.0 and id_.partition(":")[0] in RULE_FACETS
    }
    best = max(named, key=lambda id_: named[id_], default="")
    return best.partition(":")[0]


def _rule_after(current: str, one: Found) -> str:
    """The general rule that a segment behind another rule's asks of by what it is like (在哪个APP上报)."""
    if RULE_FACETS.get(current) in top(one.facets) or (current == "library" and asks_way_in(one.text)):
        return current
    best = max(one.liked.topics, key=lambda t: one.liked.topics[t], default="")
    told = max(one.facets.values(), default=0.0) >= 1.0
    own = best in RULE_FACETS.keys() - {"overview"} and (not told or one.facets.get(RULE_FACETS[best], 0.0) >= 1.0)
    kin = (like for rule, like in one.liked.topics.items() if RULE_FACETS.get(rule) == RULE_FACETS.get(current))
    if own and one.liked.topics[best] >= max(PLAINLY_LIKED, max(kin, default=0.0) + BY_FAR):
        return best
    hinted = (rule for rule, weight in one.topics.items() if weight >= HINTED_TOPIC and rule in RULE_FACETS)
    liked = [rule for rule in hinted if one.liked.topics.get(rule, 0.0) >= MEANT]
    if liked:
        return liked[0]
    asked = own_facets(one)
    facet = max(asked, key=lambda f: asked[f], default="")
    rule = FACET_RULES.get(facet, "")
    known = facet in OF_EVERYBODY and asked[facet] >= RULE_BESIDE and one.liked.topics.get(rule, 0.0) >= MEANT
    return rule if known and current != "library" else current  # 库 has a way in of its own


OF_EVERYBODY = {"process", "deadline", "attachment"}
"""Facets that are asked of any application."""


def _asks_of_the_held(held: str, best: str, one: Found, library: Library) -> bool:
    """Whether a segment only hints at another direction, with words that a provision of the one in hand has too."""
    called = {
        t.id for match in one.matches for t in match.targets if t.kind == "topic" and t.id in library.guide.direction_of
    }
    if any(library.guide.direction_of[topic].direction == best for topic in called) or one.numbered:
        return False
    return any(one.provisions.get(stated.id, 0.0) >= 1.0 for stated in library.under(held))


def _means(direction: str, one: Found, library: Library) -> bool:
    """Whether a segment hints at a direction and is like its questions (绿色看附件几): it leaves the one before."""
    liked = directions(one.liked.topics, library)
    return bool(top(one.facets)) and one.topics.get(direction, 0.0) >= HINTED_TOPIC and liked.get(direction, 0) >= MEANT


def _moved(current: str, one: Found, library: Library) -> str:
    """The topic in hand, moved to the one branch of its direction that a segment names; likeness alone moves none."""
    direction = library.guide.direction_of[current].direction
    if current != direction and not any(
        one.topics.get(branch, 0.0) >= HINTED_TOPIC for branch in library.branches_of(direction)
    ):
        return current
    named = branches_named(direction, one, library)
    return named[0] if len(named) == 1 else current


def ask_of(topic: str, held: list[Found], whole: Heard, facets: tuple[str, ...], library: Library) -> Ask:
    """What a group of segments asks; where it names no facet, what the whole message asks."""
    alike = library.finder.bank.entries_like(topic, [one.text for one in held])
    own = top(merged([*((one.facets, 1.0) for one in held), (facets_of(alike, library), 1.0)])) or facets
    rules = [t for one in held for t, w in one.topics.items() if w >= SURE_TOPIC and t in RULE_FACETS]
    own = tuple(dict.fromkeys([*own, *(RULE_FACETS[rule] for rule in rules if RULE_FACETS[rule] in DUTY_FACETS)]))
    provisions = merged(
        [*((one.provisions, 1.0) for one in held), *((one.provisions, BACKGROUND) for one in whole.background)]
    )
    told = any(one.facets.get(facet, 0.0) >= STRONG for facet in own for one in held)
    forms = forms_in([one.text for one in held])
    questions = questions_of(topic, held, whole, library)
    return Ask((topic,), own, provisions, alike, whole.contacts(), forms, told, questions)


def questions_of(topic: str, held: list[Found], whole: Heard, library: Library) -> tuple[Question, ...]:
    """Each of several segments as a question of its own about a topic; none where there is but one.

    What the message tells before it asks counts in each (我们是灯塔工厂，…百分之几，…最高多少).
    """
    if len(held) < 2:
        return ()
    bank = library.finder.bank
    return tuple(
        Question(
            top(own_facets(one)),
            _with_background(one, whole),
            bank.entries_like(topic, [one.text]),
            forms_in([one.text]),
        )
        for one in held[:MOST_PARTS]
    )


def _with_background(one: Found, whole: Heard) -> dict[str, float]:
    told = ((other.provisions, 1.0 if WE_ARE.search(other.text) else BACKGROUND) for other in whole.background)
    return merged([(one.provisions, 1.0), *told])
