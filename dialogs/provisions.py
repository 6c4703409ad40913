"""Which provisions of a topic answer an ask: decided by facet and by the words that name them."""

from __future__ import annotations

import re

from dialogs.intent import Ask
from dialogs.library import Library, Stated
from dialogs.money import MONEY, beside_money, in_money, tells_money, without_doubles
from knowledge.amounts import holds

LIKED = 0.2
"""Likeness from which the entry that a question is most like counts."""


def answering_to(topic: str, ask: Ask, facets: tuple[str, ...], library: Library, most: int) -> list[Stated]:
    """The provisions of a topic that answer an ask, best first."""
    found = _answering(topic, ask, facets, library, most)
    return sorted(found, key=lambda one: not (one.id in ask.first and one.provision.facet in facets))


def _answering(topic: str, ask: Ask, facets: tuple[str, ...], library: Library, most: int) -> list[Stated]:
    under = library.under(topic)
    plain = not ask.alike and not ask.provisions
    if plain and MONEY & set(facets):
        return in_money(under, facets, most)
    meant = _meant(under, ask, facets, library)
    if set(facets) <= {"compare", "overview", "other"} and not meant:
        return _summary(under, most)
    if "conditions" in facets and not meant:
        periods = _periods(under, library, most) if "time" in ask.forms else []
        if "floor" in ask.forms and periods:
            return without_doubles([*thresholds(under, most - 1)[: most - 1], *periods])[:most]
        return periods or thresholds(under, most)
    best = next((weight for weight, one in meant if one.provision.facet in facets), meant[0][0] if meant else 0.0)
    found = [one for weight, one in meant if weight >= 0.6 * best][:most]
    if "rest" in ask.forms and "conditions" in facets:
        found = [*found, *(one for one in thresholds(under, most) if one not in found)]
    of_facet = [one for one in under if one.provision.facet in facets and one not in found and tells_money(one)]
    found = [*found[:1], *_in_order([*found[1:], *(of_facet if MONEY & set(facets) else [])], under, facets)]
    if MONEY & set(facets):
        found += beside_money(found, under, facets)
    found = _with_what_is_stated(found, under)
    answer = without_doubles(_with_the_main(found or _summary(under, most), under, facets))[:most]
    answer = _with_every_tier(answer, under)
    if "paid" in ask.forms and not MONEY & set(facets):
        answer = _with_the_money(answer, under)[:most]
    return _with_thresholds(answer, under, most) if "conditions" in facets and most > 2 else answer


def _with_the_money(found: list[Stated], under: list[Stated]) -> list[Stated]:
    """What answers whether there is money for something, and behind the first of it how much there is."""
    of_branch = {one.topic for one in found[:1]}
    near = [one for one in under if one.topic in of_branch and one.provision.unstated is None]
    money = [one for one in near if one.provision.ceiling][:2] + [one for one in near if one.provision.rate][:1]
    return without_doubles([*found[:1], *money, *found[1:]])


SHORT_OF = 120
"""Letters up to which an answer on conditions goes on with what has to be met besides."""


def _with_thresholds(found: list[Stated], under: list[Stated], most: int) -> list[Stated]:
    for one in thresholds(under, most):
        if sum(len(stated.provision.say) for stated in found) >= SHORT_OF:
            break
        found = [*found, *([one] if one not in found else [])]
    return without_doubles(found)


def _with_every_tier(found: list[Stated], under: list[Stated]) -> list[Stated]:
    """An answer that gives several shares of a branch, with those that there was no line for."""
    missing: list[Stated] = []
    for topic in dict.fromkeys(one.topic for one in found):
        shares = [one for one in under if one.topic == topic and one.provision.rate]
        left = [one for one in shares if one not in found]
        missing += left if len(shares) - len(left) > 1 else []
    return [*found, *missing]


def _with_what_is_stated(found: list[Stated], under: list[Stated]) -> list[Stated]:
    """What is left open, and behind it what the same words of the guide do state (FDA、EMA、PMDA、WHO等)."""
    first = found[0] if found else None
    if first is None or first.provision.unstated is None:
        return found
    same = [one for one in under if one.topic == first.topic and one.provision.unstated is None and one not in found]
    plain = [one for one in same if one.provision.facet == first.provision.facet and _share_words(one, first)]
    return [first, *plain[:1], *found[1:]]


def _share_words(one: Stated, other: Stated) -> bool:
    quotes = (re.sub(r"\s", "", stated.provision.quote) for stated in (one, other))
    shorter, longer = sorted(quotes, key=len)
    return shorter in longer


def _meant(under: list[Stated], ask: Ask, facets: tuple[str, ...], library: Library) -> list[tuple[float, Stated]]:
    """The provisions that words name or that whole questions are like, with their weight, best first.

    Likeness counts against the best of the topic's entries, not absolutely: a story around the question thins it out.
    Where words name the facet, a provision of another one has to be named or much alike to come in.
    """
    best = max((ask.alike.get(one.id, 0.0) for one in under), default=0.0)
    sure = min(1.0, best / 0.35) if best >= LIKED else 0.0

    open_ = not set(facets) - {"compare", "overview", "other"}
    apart = len(ask.figures) > 1  # what each of several figures stands for
    timed = _periods(under, library, len(under)) if "time" in ask.forms else []

    def weight(one: Stated) -> float:
        cue = min(1.5, ask.provisions.get(one.id, 0.0))
        like = sure * ask.alike.get(one.id, 0.0) / best if best else 0.0
        facet = (0.9 if ask.told else 0.4) if one.provision.facet in facets else 0.0
        if one.provision.unstated and cue < 0.9 and like < 0.8:
            facet *= 0.35
        printed = any(holds(one.provision.say, figure) for figure in ask.figures)
        if ask.told and not facet and cue < 0.9 and like < 0.8 and not (printed and (open_ or apart)):
            return 0.0
        shown = PRINTED if printed and (facet or open_ or apart) else 0.0
        return cue + facet + 1.3 * like + shown + (TIMED if (cue or facet) and one in timed else 0.0)

    weighed = [(weight(one), one) for one in under if ask.alike or ask.provisions]
    return sorted((pair for pair in weighed if pair[0] >= 0.7), key=lambda pair: -pair[0])


PRINTED, TIMED = 0.8, 0.5
"""What it weighs that a provision prints a figure which the question tells (30万、50万分别对应什么), and that one which
words name tells a period where one is asked for (最多贴几年)."""


def _with_the_main(found: list[Stated], under: list[Stated], facets: tuple[str, ...]) -> list[Stated]:
    """What an officer says in the same breath while a reply is short: the ceiling, the share, the threshold."""
    if len(found) >= 3 or sum(len(one.provision.say) for one in found) > 80:
        return found
    ceilings = [one for one in under if one.provision.ceiling]
    rates = [one for one in under if one.provision.rate]
    figured = [one for one in under if _has_figure(one)]
    of_branch = {one.topic for one in found}
    main = [figured, ceilings, rates] if MONEY & set(facets) else [ceilings, rates, figured]
    for group in main:
        near = [one for one in group if one.topic in of_branch] or group
        if near and not any(one in group for one in found) and len(near) <= 2:
            found = [*found, *near]
    return found


def thresholds(under: list[Stated], most: int) -> list[Stated]:
    """What has to be met: figures first, then the rest, as printed."""
    stated = [one for one in under if one.provision.condition and one.provision.facet in ("conditions", "scope")]
    figured = [one for one in stated if _has_figure(one)]
    others = [one for one in stated if one not in figured and one.provision.facet == "conditions"]
    scope = [one for one in under if one.provision.facet == "scope"][:1]
    return without_doubles([*figured, *others, *scope])[:most] or _summary(under, most)


def _periods(under: list[Stated], library: Library, most: int) -> list[Stated]:
    """When something must have happened and for how long it is given; what is left open of that comes last."""
    dated = {fact.key for fact in library.guide.facts if fact.kind == "date" or fact.unit == "年"}
    plain = [one for one in under if not one.provision.unstated and one.provision.facet == "conditions"]
    stated = [one for one in plain if one.provision.period or _of_facts(one, dated)]
    worded = [one for one in plain if one not in stated and re.search(r"\d+年", one.provision.say)]
    left = [one for one in under if one.provision.unstated and _ABOUT_TIME.search(one.provision.unstated.what)]
    return without_doubles([*stated, *worded, *left])[:most]


_ABOUT_TIME = re.compile(r"时间|期间|年限|日期")


def _of_facts(one: Stated, facts: set[str]) -> bool:
    return bool(one.provision.condition and one.provision.condition.fact in facts)


def _has_figure(one: Stated) -> bool:
    condition = one.provision.condition
    return bool(condition and (condition.at_least or condition.more_than or condition.at_most or condition.between))


def _in_order(found: list[Stated], under: list[Stated], facets: tuple[str, ...]) -> list[Stated]:
    """What was asked first, bonuses after what they are added to; else as printed."""
    place = {one.id: at for at, one in enumerate(under)}
    return sorted(
        found, key=lambda one: (one.provision.facet not in facets, one.provision.bonus is not None, place[one.id])
    )


def _summary(under: list[Stated], most: int) -> list[Stated]:
    """A topic in short: what is supported, then ceilings, then shares, then thresholds."""
    scope = [one for one in under if one.provision.facet == "scope"][:1]
    ceilings = [one for one in under if one.provision.ceiling]
    rates = [one for one in under if one.provision.rate]
    figured = [one for one in under if _has_figure(one)]
    return without_doubles([*scope, *ceilings, *rates, *figured])[:most] or under[:most]
