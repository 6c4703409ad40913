"""Several readings: asked back, with at most four options, each of which shows the start of its answer."""

from __future__ import annotations

from dialogs.intent import Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import MOST_OPTIONS, Saying


def which_direction(intent: Intent, library: Library) -> Reply:
    """Which direction is meant: the likely ones with the start of their answers, or all 14 by name."""
    saying = Saying(library)
    facet = intent.facets[0] if intent.facets else "amount"
    if intent.ids:
        saying.say("which_of")
        for number in intent.ids[:MOST_OPTIONS]:
            saying.heading(f"{library.guide.direction_of[number].label}：")
            saying.state(_start(number, facet, library))
    else:
        saying.say("which_direction")
        saying.heading("；".join(direction.label for direction in library.guide.directions))
    for number in intent.ids or ("10", "7", "12", "1"):
        saying.offer(library.guide.direction_of[number].label, f"ask:{number}.{facet}")
    return saying.reply("clarify", facets=intent.facets, confidence=intent.confidence)


def _start(number: str, facet: str, library: Library) -> Stated:
    """What the answer of a direction would begin with."""
    under = library.under(number)
    return next((one for one in under if one.provision.facet == facet and not one.provision.unstated), under[0])
