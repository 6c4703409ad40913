"""The guide's own text as a page: its clauses in printed order, a quote marked in its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from knowledge.amounts import plain
from knowledge.corrected import printed
from knowledge.guide import Contact, District, Guide, Person

TABLES = {"二（三）3": "contacts", "二（三）4": "districts"}
"""The clauses that a table follows; its rows are the guide's contacts, each proved to stand in one printed row."""

PAGE_NUMBER = re.compile(r"^\s*-\s*\d+\s*-\s*$", re.MULTILINE)
"""A line of the print that is no text (- 8 -), sometimes in the middle of a clause."""


@dataclass(frozen=True)
class Piece:
    """A run of text, marked or not; only the first marked piece of a page is the anchor."""

    text: str
    marked: bool = False
    first: bool = False


@dataclass(frozen=True)
class Shown:
    """A clause on the page: its lines as pieces, and the table that belongs to it (`row`: the id of the marked one)."""

    label: str
    lines: tuple[tuple[Piece, ...], ...]
    heading: bool
    contacts: tuple[Contact, ...] = ()
    districts: tuple[District, ...] = ()
    row: str = ""


def clauses(guide: Guide, quote: str = "", clause: str = "") -> tuple[list[Shown], bool]:
    """Every clause in printed order, and whether the quote was found (in the clause named, else wherever it stands)."""
    texts = _printed(guide)
    wanted = _place(texts, quote, clause)
    shown = [_shown(guide, label, text, wanted[1] if wanted and wanted[0] == label else None) for label, text in texts]
    if wanted or not plain(quote):
        return shown, wanted is not None
    row = _row(guide, plain(quote))
    return [replace(one, row=row) for one in shown], bool(row)


def _row(guide: Guide, wanted: str) -> str:
    """The id of the first row of a table in one of whose cells a quote stands."""
    rows: dict[str, tuple[str, ...]] = {}
    rows |= {
        c.id: (c.matter, c.office, printed(c, "name"), printed(c, "phone"), printed(c, "email"))
        for c in guide.contacts
        if c.branches
    }
    for district in guide.districts:
        people = [cell for person in district.people for cell in _cells(person)]
        rows[district.id] = (district.name, *people, printed(district, "email"))
    return next((id_ for id_, cells in rows.items() if any(wanted in plain(cell) for cell in cells)), "")


def _cells(person: Person) -> tuple[str, ...]:
    return person.office, printed(person, "name"), printed(person, "phone")


def _printed(guide: Guide) -> list[tuple[str, str]]:
    source = plain(PAGE_NUMBER.sub("", guide.source))
    texts = [(label, text.strip("\n")) for label, text in guide.all_clauses.items()]
    return sorted(texts, key=lambda one: source.find(plain(one[1])))


def _place(texts: list[tuple[str, str]], quote: str, clause: str) -> tuple[str, tuple[int, int]] | None:
    """The clause that holds the quote, and from where to where in its text."""
    for label, text in sorted(texts, key=lambda one: one[0] != clause):
        span = _span(text, quote)
        if span:
            return label, span
    return None


def _span(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, whatever white space and widths."""
    wanted = plain(quote)
    folded, places = "", []
    for place, ch in enumerate(text):
        same = plain(unicodedata.normalize("NFKC", ch))
        folded += same
        places += [place] * len(same)
    at = folded.find(wanted) if wanted else -1
    return (places[at], places[at + len(wanted) - 1] + 1) if at >= 0 else None


def _shown(guide: Guide, label: str, text: str, span: tuple[int, int] | None) -> Shown:
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append(_pieces(line, at, span))
        at += len(line) + 1
    table = TABLES.get(label)
    return Shown(
        label,
        tuple(lines),
        heading=len(text) < 20 and "\n" not in text and table is None,
        contacts=tuple(row for row in guide.contacts if row.branches) if table == "contacts" else (),
        districts=guide.districts if table == "districts" else (),
    )


def _pieces(line: str, at: int, span: tuple[int, int] | None) -> tuple[Piece, ...]:
    if span is None:
        return (Piece(line),)
    start, end = max(span[0] - at, 0), min(span[1] - at, len(line))
    if start >= end:
        return (Piece(line),)
    pieces = (Piece(line[:start]), Piece(line[start:end], True, span[0] >= at), Piece(line[end:]))
    return tuple(piece for piece in pieces if piece.text)
