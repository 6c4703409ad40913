"""Another year of what is spoken of, by the year alone (2022年首次纳规的给多少 → 2023年的呢)."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.library import Library, Stated

_THAT_YEAR = re.compile(r"^(?:那|要是|如果)?(20\d\d)年(?:度|当年)?(?:的)?(?:话)?[呢吗?]*$")


def of_that_year(folded: str, conversation: Conversation, library: Library) -> list[Stated]:
    """What the direction in hand states of a year's firms (2023年度…) for what was asked; none where it states none."""
    of, named = library.guide.direction_of, _THAT_YEAR.match(folded)
    numbers = {of[topic].direction for topic in conversation.topics if topic in of}
    if named is None or len(numbers) != 1:
        return []
    stated = library.under(next(iter(numbers)))
    facets = {"amount"} if "rate" in conversation.facets else set(conversation.facets)
    return [one for one in stated if one.provision.facet in facets and f"{named[1]}年度" in one.provision.say]
