"""Which directions or branches a message is about, and when they are too close to call."""

from __future__ import annotations

import re
from collections import defaultdict

from dialogs.branching import EACH, REFUSES, narrowed, refined
from dialogs.conversation import Conversation
from dialogs.going_on import inherited_by, leaves_topic_out, number_of, only_common
from dialogs.hearing import HINTED_TOPIC, STRANGE, STRONG, SURE_TOPIC, Heard, calls_by_name, directions
from dialogs.intent import PLAIN_FACETS
from dialogs.library import Library
from dialogs.pairing import other_of_pair
from dialogs.recalling import recalled
from dialogs.referring import matters_of
from dialogs.rule_meant import is_rule, rule_is_plainly_meant
from knowledge.finding import LONE, Found

BESIDE = 0.6
"""Share of the best direction's weight from which another one is answered beside it."""
TOO_CLOSE = 0.9
"""Share of the best direction's weight from which another one with the same words makes it a choice."""


ATTACHMENTS = "attachments"
"""The rule that answers which attachment is meant, where no direction is: it does not outdo one that is hinted at."""


def rivals(whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """Directions too close to call: as heavy as the best one, and by the same words."""
    if whole.gathered("numbered") or _asks_a_rule(whole, library) or EACH.search(whole.folded):
        return ()
    weights = directions(whole.topics, library)
    ranked = sorted(weights, key=lambda d: (-weights[d], int(d)))
    if not ranked or weights[ranked[0]] < SURE_TOPIC:
        return ()
    close = [d for d in ranked if weights[d] >= TOO_CLOSE * weights[ranked[0]]]
    inherited = inherited_by(whole, conversation, library)
    if {number_of(topic, library) for topic in conversation.topics} & set(close):
        return ()
    if len(close) < 2 or (inherited and leaves_topic_out(whole, inherited, conversation, library)):
        return ()
    return tuple(close[:4]) if len(_apart(close, whole, library)) == 1 else ()


def _asks_a_rule(whole: Heard, library: Library) -> bool:
    """Whether words tell a general rule's facet and name no direction (要区里推荐吗)."""
    told = any(whole.told.get(facet, 0.0) >= STRONG for facet in PLAIN_FACETS)
    return told and not calls_by_name(whole, library)


def _nth_kind(whole: Heard, conversation: Conversation, library: Library) -> str:
    """The branch of the direction in hand that nothing but its place among its kinds names (第二种最高多少)."""
    found = _NTH_KIND.search(whole.folded)
    direction = library.guide.direction_of.get(conversation.topics[0]) if len(conversation.topics) == 1 else None
    if not found or direction is None or conversation.facets != ("overview",) or whole.words:
        return ""
    at = "一二三四五12345".index(found[1]) % 5
    return direction.branches[at].id if at < len(direction.branches) else ""


_NTH_KIND = re.compile(r"第([一二三四五1-5])(?:种|类|样)")


def chosen(whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The directions or branches a message is about, best first; empty where it names none."""
    weights = directions(whole.topics, library)
    ranked = sorted(weights, key=lambda d: (-weights[d], int(d)))
    numbered = whole.gathered("numbered")
    if numbered:
        together = _both(whole) or "exclusivity" in conversation.facets
        beside = [n for n in _all_named(whole, library) if n not in numbered] if together else []
        return tuple(narrowed(n, whole, library) for n in (*beside, *numbered) if n in library.guide.direction_of)
    if of_attachment := _of_attachment(whole, library):
        return (of_attachment,)
    if nth := _nth_kind(whole, conversation, library):
        return (nth,)
    back = recalled(whole.folded, conversation, library)
    if back and not calls_by_name(whole, library):
        return back
    if theirs := matters_of(whole, conversation, library):
        return theirs
    if _asks_the_exemption(whole, conversation):
        return ()
    inherited = inherited_by(whole, conversation, library)
    best = weights[ranked[0]] if ranked else 0.0
    rules = ((w, t) for t, w in whole.topics.items() if is_rule(t, library) and t != ATTACHMENTS)
    rule = max(rules, default=(0.0, ""))
    if inherited and leaves_topic_out(whole, inherited, conversation, library):
        called = _all_named(whole, library) if len(inherited) > 1 and not _ONLY_ONE.search(whole.folded) else []
        meant = tuple(topic for topic in inherited if number_of(topic, library) in called)
        return refined(meant or inherited, whole, library)
    if not inherited and only_common(whole, library):
        return ()
    if not ranked or best < HINTED_TOPIC or (rule[0] > best and best < SURE_TOPIC):
        return ()
    if not calls_by_name(whole, library) and rule_is_plainly_meant(whole, library) and not _of_attachments(whole):
        return ()
    if best < SURE_TOPIC and whole.strange > STRANGE:
        return ()
    worded = directions(whole.words, library)
    by_name = {d for d in _named_apart(ranked[0], whole, library) if worded[d] >= BESIDE * max(worded.values())}
    several = [d for d in ranked if weights[d] >= max(SURE_TOPIC, best * BESIDE) or d in by_name] or ranked[:1]
    if (EACH.search(whole.folded) or _both(whole)) and len(named := _all_named(whole, library)) > 1:
        return tuple(narrowed(d, whole, library) for d in named[:4])
    if len(several) > 1:
        several = _apart(several, whole, library)
        several = [d for d in several if not _tells_whom_for(d, several, whole, library)]
    if len(several) == 1:
        several += other_of_pair(several[0], whole, library)
    if whole.facets.get("compare", 0) >= STRONG and len(several) == 1:
        return (several[0],)
    return tuple(narrowed(d, whole, library) for d in several[:4])


def _asks_the_exemption(whole: Heard, conversation: Conversation) -> bool:
    """Whether a major project is told of where the limits are spoken of that it is exempt from, not where a loan is."""
    limits = {"exclusivity", "other_money", "major_exemption"} & {*conversation.topics, *conversation.facets}
    of_direction = any(topic[:1].isdigit() for topic in conversation.topics)
    named = _MAJOR.search(whole.folded) or (of_direction and whole.words.get("major_exemption", 0.0) >= SURE_TOPIC)
    return bool(limits) and bool(named) and not _OF_LOANS.search(whole.folded)


_MAJOR = re.compile(r"重大项目|重点机构")
_OF_LOANS = re.compile(r"贴息|贷款|利率|总投资|投资额")
_ONLY_ONE = re.compile(r"[就只光]管")
"""What asks whether somebody answers for nothing else (就管首试产这一个)."""


def _of_attachment(whole: Heard, library: Library) -> str:
    """The direction of the one attachment that a message asks of by its number (附件3里销售额分几档)."""
    named = whole.gathered("attachments")
    directions_ = {direction.direction for direction in library.guide.directions}
    return named[0] if len(named) == 1 and named[0] in directions_ and not calls_by_name(whole, library) else ""


def _of_attachments(whole: Heard) -> bool:
    """Whether it is asked which attachment something stands in that words name (专精特新加的那20万，翻附件几)."""
    held = (id_ for id_, weight in whole.provisions.items() if weight >= 0.5 and id_[:1].isdigit())
    return whole.told.get("attachment", 0.0) >= 1.0 and any(held)


def _both(whole: Heard) -> bool:
    """Whether it is asked if directions go together, so that those that are named count beside the numbered ones."""
    return whole.told.get("exclusivity", 0.0) >= LONE


def _all_named(whole: Heard, library: Library) -> list[str]:
    """The directions that a message calls by name, in its order."""
    targets = (t for one in whole.segments for match in one.matches for t in match.targets)
    topics = (t.id for t in targets if t.kind == "topic" and t.id in library.guide.direction_of)
    return list(dict.fromkeys(library.guide.direction_of[topic].direction for topic in topics))


def _named_apart(best: str, whole: Heard, library: Library) -> set[str]:
    """The directions that a message calls by names which say nothing of the best one, and which it does not deny.

    链主 names 方向13, but beside 流动资金贷款 it tells which loan.
    """
    of, found = library.guide.direction_of, set[str]()
    for one in whole.segments:
        for match in one.matches:
            ids = [target.id.split(":")[0] for target in match.targets if target.kind in ("topic", "cue", "provision")]
            of_best = any(id_ in of and of[id_].direction == best for id_ in ids)
            if match.surety < 1.0 or of_best or REFUSES.search(one.text[: match.start]):
                continue
            found |= {of[t.id].direction for t in match.targets if t.kind == "topic" and t.id in of}
    return found


def _tells_whom_for(number: str, several: list[str], whole: Heard, library: Library) -> bool:
    """Whether the names of a direction only tell whom another one is for (是链主，手里只有流贷，贴几个点).

    They stand in that one's provisions, and nothing is asked of them without its own words.
    """
    of = library.guide.direction_of

    def said(one: Found, direction: str, kinds: set[str]) -> set[str]:
        ids = {(match.term, t.id.split(":")[0]) for match in one.matches for t in match.targets if t.kind in kinds}
        return {term for term, id_ in ids if id_ in of and of[id_].direction == direction}

    names = {term for one in whole.segments for term in said(one, number, {"topic"})}
    if not names or any(f"{name}{reward}" in whole.folded for name in names for reward in _REWARDS):
        return False
    for other in (one for one in several if one != number):
        own = [one for one in whole.segments if said(one, other, {"topic", "cue", "provision"}) - names]
        stated = "".join(f"{one.provision.say}{one.provision.quote}" for one in library.under(other))
        asked = any(one.is_question and said(one, number, {"topic"}) and one not in own for one in whole.segments)
        if own and not asked and all(name in stated for name in names):
            return True
    return False


_REWARDS = ("奖", "的奖", "那个奖", "这个奖", "协同", "补贴")
"""What behind a name says that its own money is asked for (链主那个奖，打到谁账上)."""


def _apart(several: list[str], whole: Heard, library: Library) -> list[str]:
    """Of several strong directions those with words of their own: one that only shares the best one's words goes."""
    best = several[0]
    kept = [best]
    words_of: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    for at, one in enumerate(whole.segments):
        for match in one.matches:
            for target in match.targets:
                if target.kind == "topic" and target.id in library.guide.direction_of:
                    number = library.guide.direction_of[target.id].direction
                    words_of[number].add((at, match.start, match.end))
    for number in several[1:]:
        if words_of[number] - words_of[best]:
            kept.append(number)
    return kept
