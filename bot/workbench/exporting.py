"""Tables as files: CSV that a Chinese spreadsheet opens, and a workbook with a sheet a table.

What visitors write may begin like a formula; it is never one. In a workbook it is kept as text by its type; in CSV,
which has no types, an apostrophe goes before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from bot.workbench.figures import Figure
from bot.workbench.numbers import Cell, Table

BOM = "﻿"
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""Beginnings by which some spreadsheet takes a cell for a formula, also in the wide letters of Chinese input."""
LONGEST_CELL, WIDEST, NARROWEST = 32_000, 70, 8
"""Characters that a cell of a workbook holds; columns in the widths of a digit."""


def csv_of(table: Table) -> bytes:
    """UTF-8 with a mark that says so, a header, a row a line."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return (BOM + text.getvalue()).encode("utf-8", "replace")


def xlsx_of(tables: Iterable[Table]) -> bytes:
    """A sheet a table: the header stays in sight, numbers and days are numbers and days."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    for table in tables:
        sheet = book.add_worksheet(table.name)
        for at, width in enumerate(_widths(table)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, table.columns[at], head)
        for number, row in enumerate(table.rows, 1):
            for at, cell in enumerate(row):
                _write(sheet, number, at, cell, day, moment, words)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    book.close()
    return file.getvalue()


def summary(figures: Sequence[Figure], before: str) -> Table:
    """The figures as a table."""
    rows = tuple(
        (one.name, one.value, one.before, _change(one), one.unit or "个", one.says) for one in figures
    )  # fmt: skip
    columns = ("项目", "这一段", f"上一段（{before}）", "增减", "单位", "算的是什么")
    return Table("summary", "总表", "", columns, rows)


def explained(tables: Iterable[Table], *lines: tuple[str, str]) -> Table:
    """What the tables count, and of when and by whom they are."""
    rows = (*lines, *((one.name, one.says) for one in tables if one.says))
    return Table("about", "说明", "", ("表", "算的是什么"), rows)


def _change(one: Figure) -> float | None:
    return None if one.value is None or one.before is None else round(one.value - one.before, 1)


def _plain(cell: Cell) -> str | int | float:
    """A cell of CSV; what could be taken for a formula is kept from being one."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA):
        return f"'{cell}"
    return cell


def _write(sheet: Any, row: int, at: int, cell: Cell, day: Any, moment: Any, words: Any) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(row, at, cell, moment)
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), day)
    elif isinstance(cell, str):
        sheet.write_string(row, at, cell[:LONGEST_CELL], words)
    elif cell is not None:
        sheet.write_number(row, at, cell)


def _widths(table: Table) -> list[float]:
    """Of each column, by the widest of its header and cells: a Chinese character takes two digits' room."""
    found = []
    for at, name in enumerate(table.columns):
        cells = [name, *(_plain(row[at]) for row in table.rows)]
        wide = max(sum(2 if ord(char) > 0x2E80 else 1 for char in str(cell)[:WIDEST]) for cell in cells)
        found.append(float(min(WIDEST, max(NARROWEST, wide + 2))))
    return found
