"""Questions gathered by likeness: each goes to the heaviest one that it is like, as the matcher measures it."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.matching import Matcher, matcher
from knowledge.sounding import Sounding
from knowledge.spelling import Speller
from knowledge.wording import Wording

ALIKE = 0.5
"""The matcher's score from which two questions are put together."""
MOST = 200
"""Questions that one is compared with."""


def gathered(weights: Mapping[str, int], speller: Speller, sounding: Sounding, wording: Wording) -> list[list[str]]:
    """Groups of questions, the heaviest group first, in each the heaviest question first; the same every time.

    A question that stands in no group yet begins one, the heaviest first, and takes those that are like it.
    """
    ordered = sorted(weights, key=lambda text: (-weights[text], text))
    found: Matcher = matcher(((text, [text]) for text in ordered), speller, sounding, wording)
    groups: list[list[str]] = []
    taken: set[str] = set()
    for text in ordered:
        if text in taken:
            continue
        like = {str(entry) for entry, score in found.match(text, MOST).candidates if score >= ALIKE} - taken
        groups.append([text, *(other for other in ordered if other in like and other != text)])
        taken |= {text, *like}
    return sorted(groups, key=lambda group: (-sum(weights[text] for text in group), group[0]))
