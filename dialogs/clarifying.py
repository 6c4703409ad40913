"""Several readings: asked back, with at most four options, each of which shows the start of its answer."""

from __future__ import annotations

from dialogs.intent import Intent
from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying


def which_direction(intent: Intent, library: Library) -> Reply:
    """No direction was named: all 14 are listed by their short names, those with the highest ceilings as options."""
    saying = Saying(library)
    saying.say("which_direction")
    saying.heading("；".join(direction.label for direction in library.guide.directions))
    facet = intent.facets[0] if intent.facets else "amount"
    for number in intent.ids or ("10", "7", "12", "1"):
        saying.offer(library.guide.direction_of[number].label, f"ask:{number}.{facet}")
    return saying.reply("clarify", facets=intent.facets, confidence=intent.confidence)
