"""Where a quote stands: in its clause, and in the source as it came, whatever the breaks, widths and page numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.amounts import plain
from knowledge.guide import Guide

_PAGE_NUMBER = re.compile(r"^\s*-\s*\d+\s*-\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """A clause around a quote (`before`, `marked`, `after`), and from where to where the quote stands in the source.

    Characters are counted from the beginning of source.txt; -1 where the quote is not in it.
    """

    clause: str
    before: str
    marked: str
    after: str
    start: int = -1
    end: int = -1


class Spelled:
    """A text in the spelling of proof, that knows where each of its characters stood."""

    def __init__(self, text: str) -> None:
        """`text` as printed; the lines of page numbers count for nothing."""
        passed = {at for found in _PAGE_NUMBER.finditer(text) for at in range(found.start(), found.end())}
        self.text, self._places = "", list[int]()
        pieces: list[str] = []
        for place, ch in enumerate(text):
            if place not in passed:
                same = plain(unicodedata.normalize("NFKC", ch))
                pieces.append(same)
                self._places += [place] * len(same)
        self.text = "".join(pieces)

    def span(self, quote: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """From where to where a quote stands; only between two places of the text as printed, where they are given."""
        wanted, at = plain(quote), -1
        while wanted:
            at = self.text.find(wanted, at + 1)
            if at < 0:
                return None
            first, last = self._places[at], self._places[at + len(wanted) - 1] + 1
            if first >= start and (end is None or last <= end):
                return first, last
        return None


def passage(guide: Guide, source: Spelled, clause: str, quote: str) -> Passage | None:
    """The clause of a label with the quote marked, else the clause that holds it; None where none does."""
    clauses = guide.all_clauses
    for label in sorted(clauses, key=lambda one: one != clause):
        text = clauses[label].strip("\n")
        span = Spelled(text).span(quote) if plain(quote) in plain(text) else None
        if span:
            around = source.span(text)
            start, end = source.span(quote, *(around or (0, None))) or source.span(quote) or (-1, -1)
            return Passage(label, text[: span[0]], text[span[0] : span[1]], text[span[1] :], start, end)
    return None
