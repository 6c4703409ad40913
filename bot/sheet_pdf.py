"""The sheet as a document: A4, what the page says in the same order, its font embedded and cut to what is used.

The font (Noto Sans SC, SIL OFL 1.1) comes with the package pylopdf-fonts-zh-cn, so that no machine needs one. It has
one weight; a bold word is drawn with a thin line around it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fpdf import FPDF
from fpdf.enums import TextMode, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

from bot.sheet_labels import LABELS
from dialogs.messages import Card
from dialogs.sheet_page import Best, Doubt, Part, SheetPage, Step
from dialogs.thresholds import Bar, Checked

Colour = tuple[int, int, int]
INK, QUIET, LINE = (24, 33, 31), (86, 98, 94), (216, 221, 216)
GREEN, RED, AMBER = (11, 107, 93), (161, 52, 38), (122, 82, 0)
SOFT, WARNED = (226, 239, 235), (248, 239, 217)
VERDICTS = {"eligible": GREEN, "unknown": AMBER, "not_eligible": RED}
HOLDS: dict[bool | None, Colour] = {True: GREEN, False: RED, None: AMBER}
MARGIN, WIDTH = 18.0, 174.0
LEADING = 0.3528 * 1.6
"""From a size in points to the height of its line in millimetres."""

_PIECES = re.compile(r"[“‘（《〈【]*(?:[A-Za-z0-9][A-Za-z0-9.@_+%/-]*|.)[，。、；：？！”’）》〉】…—%]*\s*", re.DOTALL)
"""What is never parted: a figure or a word with the marks that open and close on it."""

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells at length what it leaves out of the font


def pdf(page: SheetPage) -> bytes:
    """The document; about half a second of computing."""
    paper = _Paper(page)
    _head(paper, page)
    _told(paper, page)
    paper.heading(LABELS["parts"])
    for part in page.parts:
        _part(paper, part)
    if page.doubts:
        paper.text(f"{LABELS['shared']}：", 9, QUIET)
        for doubt in page.doubts:
            paper.text(_doubt(doubt), 9)
        paper.gap(3)
    if page.unasked:
        paper.text(f"{LABELS['unasked']}：{'、'.join(page.unasked)}", 8.5, QUIET)
    if page.steps:
        _steps(paper, page)
    if page.contacts:
        _contacts(paper, page.contacts)
        paper.text(page.contacts_note, 9, QUIET)
    paper.gap(5)
    paper.text(page.footer, 9, QUIET)
    return bytes(paper.output())


class _Paper(FPDF):
    """A4 with our font, and the few ways in which this document sets text."""

    def __init__(self, page: SheetPage) -> None:
        super().__init__(format="A4")
        self.foot = f"{page.title} · {page.made}"
        self.add_font("zh", fname=sans_path())
        self.set_font("zh", size=10)
        self.set_title(page.title)
        self.set_subject(page.guide)
        self.set_lang("zh-CN")
        self.set_margins(MARGIN, 16, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, 18)
        self.add_page()

    def footer(self) -> None:
        """The title, the day and the page's number on every page."""
        self.set_y(-13)
        self.set_font_size(8)
        self.set_text_color(*QUIET)
        self.cell(WIDTH - 20, 5, self.foot)
        self.cell(20, 5, f"{self.page_no()} / {{nb}}", align="R")

    def text(  # type: ignore[override]
        self, words: str, size: float = 10, colour: Colour = INK, *, bold: bool = False, indent: float = 0
    ) -> None:
        """A paragraph."""
        for line in self._lines(words, size, WIDTH - indent):
            self._set(line, size, colour, bold=bold, indent=indent)

    def heading(self, words: str) -> None:
        """A section's title, with room for what follows it."""
        self.room(24)
        self.gap(5)
        self.text(words, 12.5, bold=True)
        self.gap(1.2)

    def gap(self, height: float) -> None:
        """Room between two things."""
        self.set_y(self.get_y() + height)

    def room(self, height: float) -> None:
        """Begin a page where less than this is left."""
        if self.will_page_break(height):
            self.add_page()

    def plate(self, words: Sequence[tuple[str, float, Colour, bool]], fill: Colour) -> None:
        """Paragraphs on a coloured ground."""
        inner = WIDTH - 10
        height = sum(len(self._lines(text, size, inner)) * size * LEADING for text, size, _, _ in words) + 7
        self.room(height)
        top = self.get_y()
        self.set_fill_color(*fill)
        self.rect(MARGIN, top, WIDTH, height, style="F", round_corners=True, corner_radius=2)
        self.set_y(top + 3.5)
        for text, size, colour, bold in words:
            for line in self._lines(text, size, inner):
                self._set(line, size, colour, bold=bold, indent=5)
        self.set_y(top + height)

    def bar(self, bar: Bar, indent: float) -> None:
        """A figure against its threshold: a filled track, and a mark where the threshold stands."""
        self.room(12)
        missed = "" if bar.holds else f"{LABELS['holds'][False]} · "
        if bar.text:
            self.text(missed + bar.text, 9, INK if bar.holds else RED, indent=indent)
        left, top, length = MARGIN + indent, self.get_y() + 0.6, 100.0
        self.set_fill_color(*LINE)
        self.rect(left, top, length, 2.2, style="F", round_corners=True, corner_radius=1)
        if bar.have > 0:
            self.set_fill_color(*(GREEN if bar.holds else RED))
            width = max(bar.have * length, 2.0)
            self.rect(left, top, width, 2.2, style="F", round_corners=True, corner_radius=1)
        self.set_fill_color(*INK)
        for mark in bar.marks:
            self.rect(left + mark * length - 0.25, top - 0.8, 0.5, 3.8, style="F")
        self.set_y(top + 4.4)

    def _set(self, line: str, size: float, colour: Colour, *, bold: bool, indent: float) -> None:
        """One line, and down to the next."""
        self.set_font_size(size)
        self.set_text_color(*colour)
        self.set_x(MARGIN + indent)
        with self._weight(bold, size, colour):
            self.cell(0, size * LEADING, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _lines(self, words: str, size: float, width: float) -> list[str]:
        """A paragraph in lines as Chinese is set: broken anywhere, but not in a figure, a word or before a mark."""
        self.set_font_size(size)
        lines, line = list[str](), ""
        for piece in _PIECES.findall(words):
            if line and self.get_string_width(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
        return [*lines, line.rstrip()] if line.strip() else lines

    @contextmanager
    def _weight(self, bold: bool, size: float, colour: Colour) -> Iterator[None]:
        if not bold:
            yield
            return
        with self.local_context(
            text_mode=TextMode.FILL_STROKE, line_width=size * 0.008, draw_color=colour, text_color=colour
        ):
            yield


# --- sections --------------------------------------------------------------------------------------------------------


def _head(paper: _Paper, page: SheetPage) -> None:
    if page.state != "open":
        paper.plate([(page.window, 10, AMBER, False)], WARNED)
        paper.gap(4)
    paper.text(page.title, 20, bold=True)
    paper.text(f"《{page.guide}》", 9.5, QUIET)
    paper.text(page.made + (f"；{page.window}" if page.state == "open" else ""), 9.5, QUIET)
    paper.gap(3)
    paper.text(page.counts, 11, bold=True)
    if page.none:
        paper.text(page.none)
    if page.best:
        paper.gap(2)
        paper.plate(list(_best(page.best_lead, page.best)), SOFT)
    for one in page.next_best:
        paper.gap(1.5)
        paper.text("，".join(filter(None, (f"{LABELS['next']}：{one.names}", one.ceiling))), 9.5, indent=5)


def _best(lead: str, best: Best) -> Iterator[tuple[str, float, Colour, bool]]:
    yield lead, 8.5, QUIET, False
    yield best.names, 12, INK, True
    if best.ceiling:
        yield best.ceiling, 13, GREEN, True
    yield best.why, 9, QUIET, False


def _told(paper: _Paper, page: SheetPage) -> None:
    paper.heading(LABELS["told"])
    for subject, told in page.told:
        paper.text(f"{subject}：{'；'.join(told)}")


def _part(paper: _Paper, part: Part) -> None:
    colour, indent = VERDICTS[part.verdict], 4.0
    paper.room(40)
    top = paper.get_y()
    paper.text(part.name, 11.5, bold=True, indent=indent)
    paper.text(part.words, 9.5, colour, bold=True, indent=indent)
    if part.ceiling:
        paper.text(part.ceiling, 13, GREEN, bold=True, indent=indent)
    paper.set_fill_color(*colour)
    paper.rect(MARGIN, top + 0.5, 1, paper.get_y() - top - 0.5, style="F")
    if part.award:
        paper.text(part.award, 9.5, indent=indent)
    if part.might:
        paper.text(part.might, 9.5, indent=indent)
    for sentence in part.fails:
        paper.text(f"{LABELS['holds'][False]} · {sentence}", 9.5, RED, indent=indent)
    if part.missing:
        paper.text(f"{LABELS['missing']}：", 9, QUIET, indent=indent)
        for question in part.missing:
            paper.text(f"· {question}", 9.5, indent=indent)
    if part.assumed:
        paper.text(part.assumed, 9, QUIET, indent=indent)
    for bar in _bars(part):
        paper.gap(1)
        paper.bar(bar, indent)
    if part.doubts:
        paper.text(f"{LABELS['doubts']}：", 9, QUIET, indent=indent)
        for doubt in part.doubts:
            paper.text(_doubt(doubt), 9, indent=indent)
    paper.gap(1)
    paper.text(f"{LABELS['checks']}：", 8.5, QUIET, indent=indent)
    for check in part.checks:
        _check(paper, check, indent)
    paper.gap(4)


def _doubt(doubt: Doubt) -> str:
    return f"· {doubt.text}" + (f"（{doubt.ask}）" if doubt.ask else "")


def _bars(part: Part) -> Iterator[Bar]:
    for check in part.checks:
        if part.verdict != "not_eligible" or check.holds is False:
            yield from check.bars


def _check(paper: _Paper, check: Checked, indent: float) -> None:
    paper.room(10)
    holds = LABELS["holds"][check.holds]
    paper.text(f"{holds} · {check.said}", 9, HOLDS[check.holds], indent=indent)
    paper.text(f"“{check.quote}”（{check.clause}）", 8, QUIET, indent=indent + 4)


def _steps(paper: _Paper, page: SheetPage) -> None:
    paper.heading(LABELS["instead" if page.hopeless else "steps"])
    if page.steps_note:
        paper.text(page.steps_note, 9.5, QUIET)
    for number, step in enumerate(page.steps, 1):
        _step(paper, number, step)
    if page.district:
        paper.text(page.district, 9.5, QUIET)


def _step(paper: _Paper, number: int, step: Step) -> None:
    paper.room(14)
    paper.text(f"{number}. {step.text}")
    for card in step.people:
        paper.text(f"{card.matter}：{card.office} {card.name}", 9.5, indent=5)
    if step.quote:
        paper.text(f"“{step.quote}”（{step.clause}）", 8, QUIET, indent=5)
    paper.gap(1)


def _contacts(paper: _Paper, cards: Sequence[Card]) -> None:
    paper.heading(LABELS["contacts"])
    for card in cards:
        paper.room(10)
        paper.text(_who(card), 10)
        if card.email:
            paper.text(card.email, 9, QUIET, indent=5)
        if card.note:
            paper.text(card.note, 9, QUIET, indent=5)


def _who(card: Card) -> str:
    return " ".join(filter(None, (f"{card.matter}：{card.office}", card.name, card.phone)))
