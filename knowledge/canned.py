"""What officers often say, and what may come of a ticket: `canned.yaml`, proved like everything else that is said.

A text holds no figure of its own. It has one from the desk (`{hours}`), from the consultation line (`{office}`,
`{phone}`), or from the quote that stands beside it, which stands in its clause.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from functools import cached_property

from knowledge.amounts import figures, holds, plain
from knowledge.guide import Guide
from knowledge.quoting import without_references
from knowledge.rules import Model
from knowledge.syllables import initials

SLOTS = ("hours", "office", "phone")


class Canned(Model):
    """A text under its title; `clause`, `quote`: where its figures come from, if it has any."""

    title: str
    text: str
    clause: str = ""
    quote: str = ""

    @cached_property
    def initials(self) -> str:
        """What is typed to find it: 请稍等 by qsd."""
        return initials(self.title)

    def filled(self, slots: Mapping[str, str]) -> str:
        """The text as it is said."""
        return self.text.format(**slots)


class CannedTexts(Model):
    """The file."""

    outcomes: tuple[str, ...]
    texts: tuple[Canned, ...]


def canned_faults(canned: CannedTexts, guide: Guide) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where something stands that may not be said, and what would be right."""
    titles = [one.title for one in canned.texts]
    for at, one in enumerate(canned.texts):
        for says in _faults(one, guide):
            yield ("texts", at), f"“{one.title}”{says}"
        if one.title in titles[:at]:
            yield ("texts", at), f"“{one.title}”已经有了，请换个名称或合成一条"
    if not canned.outcomes or not all(canned.outcomes):
        yield ("outcomes",), "“outcomes”至少要有一种办结结果，每种都要有名称"


def _faults(one: Canned, guide: Guide) -> Iterator[str]:
    try:
        slots = [name for _, name, _, _ in string.Formatter().parse(one.text) if name is not None]
    except ValueError:
        yield "的花括号没有成对"
        return
    for slot in slots:
        if slot not in SLOTS:
            yield f"里的{{{slot}}}没有可填的，只能用{'、'.join(f'{{{name}}}' for name in SLOTS)}"
    if one.quote and plain(one.quote) not in plain(guide.all_clauses.get(one.clause, "")):
        yield f"的引文不在“{one.clause}”里，请照原文抄，clause写条款名"
    for figure in figures(without_references(one.text)):
        if not holds(one.quote, figure):
            yield f"里的“{figure}”没有出处，请去掉，或把原文那句写进quote、条款写进clause"
