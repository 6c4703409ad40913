"""Charts as places and sizes; the templates draw them as SVG without any size of their own.

Across, everything is a share of the width (in percent), so that a chart fits a phone and paper with letters of the same
size; down, it is pixels. What is drawn stands in the table beside it, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.workbench.numbers import Table

HEIGHT, FOOT, HEAD, LEFT = 220, 22, 18, 8.0
"""Of the stacked chart: its height, the room for labels below and above (pixels), and for the scale (percent)."""
LABELS, TOTALS = 8, 14
"""At most so many labels below bars, and bars up to which each has its total on top."""
ROW = 34
"""Of the chart of lying bars: a row's height (pixels)."""


@dataclass(frozen=True)
class Piece:
    """A part of a bar: which of the columns, from the top down."""

    kind: int
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A standing bar."""

    x: str
    width: str
    middle: str
    label: str
    total: int
    top: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Stacked:
    """Bars of several parts, and the lines of the scale (number, height)."""

    height: int
    floor: float
    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, float], ...]
    kinds: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Lying:
    """Bars one below the other (none for what is 0): label, number, width in percent, and where its row begins."""

    height: int
    rows: tuple[tuple[str, int, str, int], ...]
    says: str


def stacked(table: Table) -> Stacked:
    """The columns that are drawn of a table, on top of each other, a bar a row."""
    columns = [table.column(name) for name in table.drawn]
    totals = [sum(parts) for parts in zip(*columns, strict=True)]
    most, floor = _scale(max(totals, default=0)), float(HEIGHT - FOOT)
    unit, slot = (floor - HEAD) / most, (100 - LEFT) / max(1, len(totals))
    every = -(-len(totals) // LABELS)
    bars = []
    for at, total in enumerate(totals):
        x, y, pieces = LEFT + at * slot, floor, []
        for kind, column in enumerate(columns):
            y -= column[at] * unit
            if column[at]:
                pieces.append(Piece(kind, round(y, 2), round(column[at] * unit, 2)))
        label = _label(table.rows[at][0]) if at % every == 0 else ""
        bars.append(
            Bar(_percent(x + slot * 0.12), _percent(slot * 0.76), _percent(x + slot / 2), label,
                total if len(totals) <= TOTALS else 0, round(y, 2), tuple(pieces))
        )  # fmt: skip
    lines = tuple((n, round(floor - n * unit, 2)) for n in (most // 2, most) if n)
    peak = max(range(len(totals)), key=totals.__getitem__, default=0)
    says = f"{len(totals)}根柱子，最高的是{_label(table.rows[peak][0])}，{totals[peak]}次" if any(totals) else "都是0"
    return Stacked(HEIGHT, floor, tuple(bars), lines, table.drawn, says)


def lying(table: Table) -> Lying:
    """The first drawn column of a table, a bar for each row that has something."""
    some = [(str(row[0]), n) for row, n in zip(table.rows, table.column(table.drawn[0]), strict=True) if n]
    most = max((n for _, n in some), default=1)
    rows = tuple((name, n, _percent(100 * n / most), at * ROW) for at, (name, n) in enumerate(some))
    top = max(some, key=lambda row: row[1], default=("", 0))
    return Lying(ROW * len(rows), rows, f"最多的是{top[0]}，{top[1]}")


def _scale(most: int) -> int:
    """A round number at least as large, that can be halved."""
    size = int(10 ** max(0, len(str(most)) - 1))
    return max(2, next(n for n in (size, 2 * size, 4 * size, 6 * size, 8 * size, 10 * size) if n >= most))


def _percent(share: float) -> str:
    return f"{share:.3f}".rstrip("0").rstrip(".") + "%"


def _label(cell: object) -> str:
    return f"{cell.month}-{cell.day}" if hasattr(cell, "month") and hasattr(cell, "day") else str(cell)


def drawn(tables: Sequence[Table]) -> dict[str, Stacked | Lying]:
    """The charts of all tables, by the table's id."""
    return {one.id: stacked(one) if len(one.drawn) > 1 else lying(one) for one in tables if one.drawn}
