"""Whether a message asks of this guide at all: the log-odds that it doesn't, from everything that was heard.

No single sign decides. A direction's name stands in questions of ours and in questions of its neighbourhood (which
leasing company is cheap), so what is asked behind the names weighs most, and how like that is to what people ask of us.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.hearing import Heard

BIAS = 0.07
OTHER, BEYOND, OURS, FACET = 5.17, 2.76, -3.38, -1.53
"""Likeness to kept questions of other matters, of what is asked behind the names, to our topics and to our facets."""
FORMED, WORDED, STRANGE = 2.24, 3.89, 2.13
"""The form of such a question (a pattern), a word of such a matter, and the share of letters that no list knows."""
QUALIFIED = 3.5
"""The form of another batch or place: set by hand above what the regression gives, as it speaks of the whole."""
LENGTH, GOES_ON, KNOWN = -5.15, -3.08, -3.9
"""Per hundred letters (who tells a story of a firm asks of it), a topic in hand, and somebody whom the tables print.

The other weights are those of a logistic regression, drawn towards weights that were fitted before to 3,300 questions
of two hands which the models behind the likenesses hadn't met then (they have learnt them since): fitted to the 2,234
last messages of the read question sets that come to this point, of which 411 ask of something else. The bias stands
0.3 above the fitted one: what is declined wrongly harms less than what is answered wrongly.
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
    return _odds(whole, evidence, whole.beyond)


def surely_ours(whole: Heard, evidence: Evidence) -> bool:
    """Whether these are below 0 whatever is asked behind the names, which takes longest to tell."""
    return _odds(whole, evidence, MOST) < 0


def _odds(whole: Heard, evidence: Evidence, beyond: float) -> float:
    return (
        BIAS
        + OTHER * _most(whole.others)
        + BEYOND * min(MOST, beyond)
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


PLACED = {"district_policy", "other_bureau", "other_place"}
"""Matters whose words are those of places and offices, which the tables print too."""


def of_another_matter(whole: Heard) -> bool:
    """Whether a message is plainly more like questions of matters that are not ours (几点下班, 岗位推荐)."""
    others = max((score for matter, score in whole.others.items() if matter not in PLACED), default=0.0)
    return others > max([0.5, *whole.ours.values()]) and whole.beyond > 0
