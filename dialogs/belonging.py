"""Whether a message asks of this guide at all: the log-odds that it doesn't, from everything that was heard.

No single sign decides. A direction's name stands in questions of ours and in questions of its neighbourhood (which
leasing company is cheap), so what is asked behind the names weighs most, and how like that is to what people ask of us.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.hearing import Heard

BIAS = 0.81
OTHER, BEYOND, OURS, FACET = 3.77, 2.83, -2.38, -1.77
"""Likeness to kept questions of other matters, of what is asked behind the names, to our topics and to our facets."""
FORMED, WORDED, STRANGE = 1.65, 1.85, 2.26
"""The form of such a question (a pattern), a word of such a matter, and the share of letters that no list knows."""
QUALIFIED = 3.5
"""The form of another batch or place: set by hand above what the regression gives, as it speaks of the whole."""
LENGTH, GOES_ON, KNOWN = -4.54, -2.22, -2.7
"""Per hundred letters (who tells a story of a firm asks of it), a topic in hand, and somebody whom the tables print.

The other weights are those of a logistic regression over the question sets that are read and 3,300 questions of two
further hands (2,850 of other matters, 509 of ours that look like them) that the models behind the likenesses hadn't
met; the models have learnt those questions since, and the weights were not fitted again.
"""
MOST = 2.0
"""No likeness counts for more."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a message beside its likenesses."""

    formed: bool
    qualified: bool
    worded: bool
    known: bool
    goes_on: bool


def not_ours(whole: Heard, evidence: Evidence) -> float:
    """The log-odds that a message asks of something else; above 0 it is declined."""
    return (
        BIAS
        + OTHER * _most(whole.others)
        + BEYOND * min(MOST, whole.beyond)
        + OURS * _most(whole.ours)
        + FACET * _most(whole.liked_facets)
        + FORMED * evidence.formed
        + QUALIFIED * evidence.qualified
        + WORDED * evidence.worded
        + STRANGE * whole.strange
        + LENGTH * min(len(whole.folded), 100) / 100
        + GOES_ON * (evidence.goes_on and not evidence.qualified)
        + KNOWN * evidence.known
    )


def _most(likes: dict[str, float]) -> float:
    return min(MOST, max(likes.values(), default=0.0))
