"""What can be done where nothing fits: what would have to change, the next batch, other directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dialogs.failing import Failure, nearest
from dialogs.library import Library

MOST_NAMED, MOST_TO_CHANGE = 4, 2


def steps_instead(found: Mapping[str, Sequence[Failure]], library: Library) -> list[str]:
    """The steps, in order; `found`: why each branch fails."""
    say = library.phrases.say
    wants = [
        say("sheet_wants", what=_together(branches, library), facts=named(facts, library))
        for branches, facts in nearest(found)[:MOST_TO_CHANGE]
    ]
    return [say("sheet_then_change", wants="；".join(wants)), say("sheet_then_wish"), say("sheet_then_others")]


def named(facts: Sequence[str], library: Library) -> str:
    """Facts by their names, a few of them."""
    names = "、".join(f"“{library.guide.fact[fact].name}”" for fact in facts[:MOST_NAMED])
    return names + "等" * (len(facts) > MOST_NAMED)


def _together(branches: Sequence[str], library: Library) -> str:
    """One branch by its name, several by their directions'."""
    if len(branches) == 1:
        return library.name_of(branches[0])
    numbers = dict.fromkeys(library.guide.direction_of[branch].direction for branch in branches)
    return "、".join(library.guide.direction_of[number].label for number in numbers)
