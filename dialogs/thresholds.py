"""A case against its thresholds: each condition as it was judged, how far a figure is away, in words and as a bar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dialogs.conversation import Kept
from dialogs.dated import to_the_day
from dialogs.library import Library
from dialogs.telling import day_in_words, figure, in_words, value_in_words
from knowledge.amounts import holds as stands_in
from knowledge.awarding import plain_number
from knowledge.casework import told_as_json
from knowledge.drawing import threshold
from knowledge.guide import Fact
from knowledge.rulebook import Check, Group, Node, Truth, Value

COMPARED = ("at_least", "more_than", "at_most", "between")
ROOM = Decimal("1.18")
"""The scale ends a little beyond the largest of the figures, so that no mark stands on the edge."""


@dataclass(frozen=True)
class Bar:
    """A figure told against its threshold: the sentence, and places on a scale from 0 to 1."""

    text: str
    have: float
    marks: tuple[float, ...]
    holds: bool


@dataclass(frozen=True)
class Checked:
    """A condition: the clause and its quote, what was told of it, whether it holds (None: open)."""

    clause: str
    quote: str
    said: str
    holds: Truth
    bars: tuple[Bar, ...] = ()


def checks(branch: str, found: Mapping[str, Any], told: Mapping[str, Kept], library: Library) -> list[Checked]:
    """Every condition that a branch's outcome names, in its order."""
    nodes = list(_named(library.guide.book.branches[branch].whole))
    return [_checked(because, nodes, told, library) for because in found["because"]]


def default_of(fact: str, library: Library) -> Kept:
    """A starred fact as it counts when it was not told."""
    return Kept(fact=fact, value=library.guide.fact[fact].default)


# --- conditions ------------------------------------------------------------------------------------------------------


def _named(node: Node) -> Iterator[Node]:
    """The nodes that speak for themselves: a comparison, or a group with a quote of its own."""
    if isinstance(node, Check) or node.quote:
        yield node
    else:
        for member in node.members:
            yield from _named(member)


def _checked(because: Mapping[str, Any], nodes: list[Node], told: Mapping[str, Kept], library: Library) -> Checked:
    own = [node for node in nodes if _speaks(node, because)]
    leaves = [leaf for node in own for leaf in node.leaves()]
    facts = list(dict.fromkeys(leaf.fact for leaf in leaves)) or [because["fact"]]
    quote = " ".join(because["quote"].split())
    bars = tuple(bar for leaf in leaves if _compared(leaf) and (bar := _bar(leaf, told, library)))
    return Checked(because["clause"], quote, _said(facts, because, told, library), because["holds"], bars)


def _speaks(node: Node, because: Mapping[str, Any]) -> bool:
    if (node.quote, node.clause) != (because["quote"], because["clause"]):
        return False
    return node.fact == because["fact"] if isinstance(node, Check) else _asks(node, because["fact"])


def _asks(group: Group, fact: str) -> bool:
    return any(leaf.fact == fact for leaf in group.leaves())


def _said(facts: list[str], because: Mapping[str, Any], told: Mapping[str, Kept], library: Library) -> str:
    """What was told of a condition, else what it counts as, else that nothing was told."""
    said = [in_words(told[fact], library) for fact in facts if fact in told]
    say, defaults, deciding = library.phrases.say, library.guide.book.defaults, because["fact"]
    if not said and deciding in defaults:
        return say("page_default", facts=in_words(default_of(deciding, library), library))
    if because["holds"] is not None and said:
        return "，".join(said)
    if deciding not in told:
        return "，".join([*said, say("page_not_told", names=library.guide.fact[deciding].name)])
    return "，".join([*said, say("page_in_doubt")] if told[deciding].value is not None else said)


# --- bars and gaps ---------------------------------------------------------------------------------------------------


def _compared(leaf: Check) -> bool:
    return leaf.operator in COMPARED and isinstance(leaf.values[0], Decimal) and not leaf.fact.endswith("_year")


def _bar(leaf: Check, told: Mapping[str, Kept], library: Library) -> Bar | None:
    kept = told.get(leaf.fact)
    if kept is None or kept.value is None:
        return None
    have, needs = Decimal(str(kept.value)), [value for value in leaf.values if isinstance(value, Decimal)]
    full = max(have, *needs) * ROOM
    if full <= 0:
        return None
    places = [float(max(number, Decimal(0)) / full) for number in (have, *needs)]
    held = leaf.holds({leaf.fact: have}) is True
    fact = library.guide.fact[leaf.fact]
    text = (
        library.phrases.say(
            "page_reached", name=fact.name, have=figure(fact, have), threshold=threshold(leaf, library.guide)
        )
        if held
        else _gap(leaf, kept, told_as_json(_nearest(have, needs)), min(abs(have - need) for need in needs), library)
    )
    return Bar(text, places[0], tuple(places[1:]), held)


def _nearest(have: Decimal, needs: list[Decimal]) -> Decimal:
    return min(needs, key=lambda need: abs(have - need))


def _gap(leaf: Check, kept: Kept, need: Value | float, short: Decimal, library: Library) -> str:
    """How far what was told is from what is needed, in one sentence."""
    fact, say = library.guide.fact[leaf.fact], library.phrases.say
    if fact.kind == "date":
        slots = {"name": fact.name, "have": value_in_words(fact, kept), "need": day_in_words(str(need))}
        if not short:
            return say("page_not_after", **slots)
        early = date.fromisoformat(str(kept.value)) < date.fromisoformat(str(need))
        if not to_the_day(kept):
            return say("page_sooner" if early else "page_later", **slots)
        return say("page_early" if early else "page_late", short=plain_number(short), **slots)
    have, wanted = Decimal(str(kept.value)), Decimal(str(need))
    large = prints_large(leaf, wanted, fact)
    slots = {
        "name": fact.name,
        "have": amount_as_printed(fact, have, large),
        "need": amount_as_printed(fact, wanted, large),
    }
    if not short:
        return say("page_not_over", **slots)
    return say("page_short" if have < wanted else "page_beyond", short=amount_as_printed(fact, short, large), **slots)


def prints_large(leaf: Check, need: Decimal, fact: Fact) -> bool:
    """Whether the clause prints its threshold in 亿元."""
    return fact.unit == "万元" and need >= 10_000 and stands_in(leaf.quote, f"{plain_number(need / 10_000)}亿元")


def amount_as_printed(fact: Fact, number: Decimal, large: bool) -> str:
    """A figure in the fact's unit, or in 亿元 where the clause prints its threshold so."""
    return f"{plain_number(number / 10_000)}亿元" if large else figure(fact, number)
