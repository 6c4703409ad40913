"""What is done before applying, and that one direction is applied for: what the guide says of a topic."""

from __future__ import annotations

from dialogs.intent import Ask
from dialogs.saying import Saying
from knowledge.guide import Duty

DUTIES: tuple[Duty, ...] = ("project_library", "district_recommendation")
"""What is done before applying, in this order."""
ONE_ONLY, EXEMPT, WITH_14 = "exclusivity:one", "major_exemption:exempt", "exclusivity:with_14"
"""That only one direction may be applied for, who is exempt from it, and which may be applied for beside another."""


NAMED = 0.9
"""Weight from which words name a provision."""


def say_duty(saying: Saying, topic: str, duty: Duty, ask: Ask) -> None:
    """Whether a topic needs the project library or the district's recommendation; the yes or no stands first."""
    library = saying.library
    direction = library.guide.direction_of[topic]
    of_direction = library.branches_of(direction.direction)
    needing = [branch for branch in of_direction if duty in library.guide.branches[branch].needs]
    word = "library" if duty == "project_library" else "recommendation"
    rule = library.guide.duties[duty]
    if len(needing) == len(of_direction):
        saying.say(f"needs_{word}", what=direction.label)
    elif not needing:
        saying.say(f"needs_no_{word}", what=direction.label)
    else:
        _split_duty(saying, topic, needing, word)
    saying.cite(rule.clause, rule.quote)
    own = [
        one
        for one in library.under(word)
        if ask.provisions.get(one.id, 0) >= 1 and one.provision.id not in ("which", "which_not")
    ]
    for one in own[:2]:
        saying.state(one)


def _split_duty(saying: Saying, topic: str, needing: list[str], word: str) -> None:
    """A duty that falls on some branches of a direction only: those asked for first, then the others."""
    library = saying.library
    asked = library.branches_of(topic)
    rest = [
        branch for branch in library.branches_of(library.guide.direction_of[topic].direction) if branch not in asked
    ]
    for branches in (asked, rest):
        for branch in (b for b in branches if b in needing):
            saying.say(f"needs_{word}", what=library.name_of(branch))
        free = [b for b in branches if b not in needing]
        if free and branches is asked:
            what = (
                library.name_of(free[0]) if len(free) == 1 else "、".join(library.guide.branches[b].name for b in free)
            )
            saying.say(f"needs_no_{word}", what=what)


def say_exclusivity(saying: Saying, topic: str, ask: Ask) -> None:
    """That one direction is applied for: what is printed at the topic itself, else the rule that the words name."""
    library = saying.library
    numbers = {library.number_of[one] for one in ask.topics if one in library.number_of}
    with_14 = library.stated.get(WITH_14) if "14" in numbers else None
    if with_14:
        saying.state(with_14)
        if ask.provisions.get(ONE_ONLY, 0) >= NAMED or len(numbers) > 2:
            saying.state(library.stated[ONE_ONLY])
        return
    if len(numbers) > 1:
        saying.state(library.stated[ONE_ONLY])
        saying.state(library.stated[EXEMPT])
        return
    own = [
        one
        for one in library.under(topic)
        if one.provision.facet == "exclusivity"
        or (len(ask.topics) == len(ask.facets) == 1 and ask.provisions.get(one.id, 0) >= 1)
    ]
    for one in own[:2]:
        saying.state(one)
    rules = [one for rule in ("exclusivity", "other_money", "major_exemption") for one in library.under(rule)]
    named = sorted(
        (one for one in rules if ask.provisions.get(one.id, 0) >= NAMED), key=lambda one: -ask.provisions[one.id]
    )
    for one in (named or [library.stated[ONE_ONLY]])[:2]:
        saying.state(one)
        if one.id == ONE_ONLY and not own:
            saying.state(library.stated[EXEMPT])
    if own:
        saying.state(library.stated[ONE_ONLY])
