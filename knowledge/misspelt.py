"""A text with its misspelt terms as the lists have them, for what is learnt of whole wordings (老旧长房 → 老旧厂房)."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.lexicon import Match

LONG = 4
"""Letters from which a term that only sounds so is surely meant (钱到 is seldom 迁到)."""
SURELY = 0.8
"""How surely a term must have been heard to be written for what stands there."""


def respelt(text: str, matches: Sequence[Match]) -> str:
    """A folded text in which each long term that was heard by its sound is written rightly, the longest first."""
    heard = [one for one in matches if one.how == "sound" and one.surety >= SURELY and len(one.term) >= LONG]
    taken: list[Match] = []
    for one in sorted(heard, key=lambda one: one.start - one.end):
        if all(one.end <= other.start or one.start >= other.end for other in taken):
            taken.append(one)
    for one in sorted(taken, key=lambda one: -one.start):
        text = text[: one.start] + one.term + text[one.end :]
    return text
