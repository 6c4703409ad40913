"""What a general rule of the guide says to an ask."""

from __future__ import annotations

from dataclasses import replace

from dialogs.duties import EXEMPT, NAMED, ONE_ONLY, WITH_14
from dialogs.intent import CEILING, CEILINGS, FORGING, RULE_FACETS, Ask
from dialogs.library import Stated
from dialogs.provisions import LIKED
from dialogs.saying import Saying

KIN_FACETS = {"exclusivity", "honesty"}
"""Facets that several rules answer together."""


def say_rule(saying: Saying, rule: str, ask: Ask, *, most: int = 3, names: bool = True) -> None:
    """A general rule: the provisions that the words name, else its first ones of the facet asked.

    `names`: the directions of a list are called by name besides.
    """
    kin = [name for name, facet in RULE_FACETS.items() if facet == RULE_FACETS.get(rule) and facet in KIN_FACETS]
    under = [one for name in dict.fromkeys((rule, *kin)) for one in saying.library.under(name)]
    facets = tuple(ask.facets)
    scored = sorted(
        ((_score(one, ask, facets) + 0.2 * (one.topic == rule), -at, one) for at, one in enumerate(under)),
        reverse=True,
        key=lambda x: x[:2],
    )
    best = scored[0][0]
    if best < 0.45:
        kept = under[:2]
    else:
        kept = [one for score, _, one in scored if score >= max(0.45, 0.7 * best)][:most]
        if under[0] not in kept and len(kept) < 2 and _is_heading(under[0]):
            kept.append(under[0])
        named = [one for one in kept if ask.provisions.get(one.id, 0.0) >= NAMED]
        outright = len(scored) < 2 or best >= 1.3 * scored[1][0]
        apart = len(named) == 1 and RULE_FACETS.get(rule) == "conditions"  # each of them stands by itself
        first = named if apart else kept[:1] if outright else []
        kept = [*first, *(one for one in under if one in kept and one not in first)]
    if rule == FORGING.partition(":")[0] and ask.provisions.get(FORGING, 0.0) > 1.0:
        kept = [one for one in under if one.id in (FORGING, "consequences:credit")]
    elif any(one.id == "consequences:acts" for one in kept):
        kept += [one for one in under if one.id in ("consequences:clawback", "consequences:credit") and one not in kept]
    both = {f"{rule}:which", f"{rule}:which_not"}
    if both & {one.id for one in kept}:
        kept += [one for one in under if one.id in both and one not in kept]
    if rule == CEILINGS and (ask.provisions.get(CEILING, 0.0) >= 1.0 or "promise" in ask.forms):
        saying.say("no_promise")
    for one in [*_leads(under, ask), *kept]:
        saying.state(one)
    if kept[0].provision.unstated and kept[0].topic != rule:  # 哪些算重大项目, and what holds for them
        kept += [one for one in saying.library.under(kept[0].topic)[:1] if one not in kept]
    if ONE_ONLY in [one.id for one in kept]:
        for exception in (WITH_14, EXEMPT):
            saying.state(saying.library.stated[exception])
    if EXEMPT in [one.id for one in kept] and ask.provisions.get(WITH_14, 0.0) >= 1.0:
        saying.state(saying.library.stated[WITH_14])
    duty = {"recommendation": "district_recommendation", "library": "project_library"}.get(rule)
    asked = next((one.provision.id for one in kept if one.provision.id in ("which", "which_not")), None)
    if duty and asked and names:
        _named_directions(saying, duty, listed=asked == "which")
    if rule == "consultants" or RULE_FACETS.get(rule) == "exclusivity" or any(one.provision.unstated for one in kept):
        for line in saying.library.lines("policy")[:3]:
            saying.card(line)
    if rule == "support":
        for line in saying.library.lines("support"):
            saying.card(line)


def _leads(under: list[Stated], ask: Ask) -> list[Stated]:
    """Of several questions the one provision that answers each, where one does."""
    leads = []
    for question in ask.questions:
        own = replace(ask, provisions=question.provisions, alike=question.alike)
        score, at = max((_score(one, own, question.facets), -at) for at, one in enumerate(under))
        if score >= 0.45:
            leads.append(under[-at])
    return leads


def _score(one: Stated, ask: Ask, facets: tuple[str, ...]) -> float:
    """How well a rule's provision answers: the words that name it, its facet, and the likeness of whole questions."""
    cue = min(2.0, ask.provisions.get(one.id, 0.0))
    likeness = ask.alike.get(one.id, 0.0)
    facet = 1.0 if one.provision.facet in facets else 0.0
    if one.provision.unstated and not cue and likeness < 0.4:
        facet *= 0.35
    return cue + facet + (2.5 * likeness if likeness >= LIKED else 0.0)


def _is_heading(one: Stated) -> bool:
    """Whether a provision is what its rule mainly says (not a doubt)."""
    return one.provision.unstated is None


def _named_directions(saying: Saying, duty: str, *, listed: bool) -> None:
    """The directions that a duty falls on, or those on which it does not, by name."""
    guide = saying.library.guide
    wanted = [d.label for d in guide.directions if any(duty in branch.needs for branch in d.branches) == listed]
    saying.say("listed" if listed else "unlisted", who="、".join(wanted))
