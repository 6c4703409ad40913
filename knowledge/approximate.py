"""What may be taken of a figure that was told only roughly: 两千多万, 一千来万, 超过3000万.

Such a figure spans a range. It may stand for the whole range where nothing that is compared lies inside, so that every
figure of the range is judged alike (两千多万 against 1000万元); else the threshold inside tells what to ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from knowledge.amounts import Measured
from knowledge.guide import Fact
from knowledge.rulebook import Check
from knowledge.scene import Scene

_FROM = re.compile(r"[多余]|出头|刚过|开外")
"""Words by which a rough figure is at least what was said: 两千多万, 300万出头."""
_NEARLY = Decimal("0.9")
"""What a figure told with 将近, 接近 or 来 is at the least, as a share of what was said."""
ENDLESS = Decimal("1e12")
_CLOSE = Decimal("0.0001")


@dataclass(frozen=True)
class Span:
    """From where to where a rough figure may lie (the end not included), and the figure that was said for it."""

    low: Decimal
    high: Decimal
    said: Decimal


def span_of(fact: Fact, scene: Scene) -> Span | None:
    """The range of the one rough figure that an answer tells, in the fact's unit; None for none or several."""
    kind = {"万元": "money", "%": "share"}.get(fact.unit or "", "count")
    found = [one for one in scene.measured if one.kind in (kind, "bare")]
    if len(found) != 1 or found[0].value is None or found[0].exact:
        return None
    return _span(found[0], found[0].value, scene.text)


def most_of(one: Measured, text: str) -> Decimal | None:
    """The most that a told figure may be: itself, or the end of its range (九百多万 is below 1000万); None: endless."""
    if one.value is None or one.bound == "at_least":
        return None
    span = None if one.exact or one.bound else _span(one, one.value, text)
    return span.high - _CLOSE if span else one.value


def least_of(one: Measured, text: str) -> Decimal | None:
    """The least that a told figure may be (两千多万 is enough for 1000万元); None where nothing bounds it."""
    if one.value is None or one.bound == "at_most":
        return None
    span = None if one.exact else _span(one, one.value, text)
    return span.low if span else one.value


def _span(one: Measured, value: Decimal, text: str) -> Span | None:
    if one.bound == "at_least":
        return Span(value, ENDLESS, value)
    if one.bound or value <= 0:
        return None
    over = _FROM.search(text[max(0, one.start - 3) : one.end + 3])
    return Span(value if over else value * _NEARLY, value + step_of(value), value)


def step_of(value: Decimal) -> Decimal:
    """The place of a figure's last digit that is not zero: 2000 of two thousand and odd, 100 of 2300."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(10) ** exponent


def inside(span: Span, checks: Iterable[Check]) -> Decimal | None:
    """The threshold on which it depends where in a range a figure lies; None where the whole range is judged alike."""
    for check in checks:
        for bound in check.values:
            if isinstance(bound, Decimal) and not _alike(span, check, bound):
                return bound
    return None


def _alike(span: Span, check: Check, bound: Decimal) -> bool:
    held = {check.holds({check.fact: value}) for value in (span.low, span.said, span.high - _CLOSE)}
    return len(held) == 1 and not span.low < bound < span.high
