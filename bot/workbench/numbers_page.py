"""The statistics as a page, and as files.

An officer may see the numbers, as nobody stands in them. A file leaves the house and holds what visitors wrote, so an
export is for editors, and the trail names who has taken it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response

from bot.api import Taker
from bot.conductor import Conductor
from bot.handing_on import BEIJING
from bot.problems import Fault
from bot.workbench import charts, exporting, missed
from bot.workbench.figures import Figure, figures
from bot.workbench.guard import Audit, Editor, Officer, Person
from bot.workbench.labels import DOORS
from bot.workbench.numbers import Table, counted, tables
from bot.workbench.shell import shown
from bot.workbench.spans import SPANS, Span, Unspanned, each_day, span_of, steps

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(prefix="/desk/numbers", include_in_schema=False)

From = Annotated[str, Query(alias="from", max_length=40)]
Short = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: the days, one door or all."""

    span: Span
    door: str

    @property
    def query(self) -> str:
        """The same as a part of an address."""
        asked = {"span": self.span.name}
        if self.span.name == "custom":
            asked |= {"from": self.span.first.isoformat(), "to": self.span.last.isoformat()}
        return urlencode(asked | ({"door": self.door} if self.door else {}))

    @property
    def title(self) -> str:
        """As the trail and a file call it."""
        return self.span.title + (f" {DOORS[self.door]}" if self.door else "")


def asked_for(conductor: Conductor, span: str, first: str, last: str, door: str) -> Asked:
    """What a query means; raises `Unspanned`."""
    if door and door not in DOORS:
        raise Unspanned(f"没有“{door[:20]}”这个入口，可以选{'、'.join(DOORS.values())}。")
    return Asked(span_of(span, first, last, conductor.today()), door)


@router.get("")
async def numbers(
    request: Request, conductor: Taker, person: Officer, span: Short = "", first: From = "", to: Short = "",
    door: Short = "",
) -> Response:  # fmt: skip
    """What was asked on some days."""
    complaint = ""
    try:
        asked = asked_for(conductor, span, first, to, door)
    except Unspanned as no:
        complaint, asked = str(no), asked_for(conductor, "", "", "", "")
    top, found = await conductor.off_the_loop(made, conductor, asked)
    return shown(
        request, "desk/numbers.html", 422 if complaint else 200, asked=asked, spans=SPANS, doors=DOORS,
        figures=top, tables=found, charts=charts.drawn(found), complaint=complaint, editor=person.may("editor"),
        nothing=not any(one.value for one in top),
    )  # fmt: skip


@router.get("/table.csv")
async def one_table(
    conductor: Taker, person: Editor, audit: Audit, table: Short = "days", span: Short = "", first: From = "",
    to: Short = "", door: Short = "",
) -> Response:  # fmt: skip
    """One of the page's tables."""
    asked = asked_or_fault(conductor, span, first, to, door)
    top, found = await conductor.off_the_loop(made, conductor, asked, daily=True)
    all_tables = [exporting.summary(top, asked.span.compared), *found]
    wanted = next((one for one in all_tables if one.id == table), None)
    if wanted is None:
        raise Fault(404, f"没有“{table}”这张表，请从统计页点导出。")
    await audit(person, "导出统计", f"{wanted.name} {asked.title} CSV")
    return download(exporting.csv_of(wanted), "text/csv; charset=utf-8", f"{wanted.name} {asked.title}.csv")


@router.get("/all.xlsx")
async def whole_book(
    conductor: Taker, person: Editor, audit: Audit, span: Short = "", first: From = "", to: Short = "",
    door: Short = "",
) -> Response:  # fmt: skip
    """All tables and what was not answered, as a workbook."""
    asked = asked_or_fault(conductor, span, first, to, door)
    book = await conductor.off_the_loop(_book, conductor, asked, person)
    await audit(person, "导出统计", f"全部 {asked.title} XLSX")
    return download(book, XLSX, f"统计 {asked.title}.xlsx")


def made(conductor: Conductor, asked: Asked, *, daily: bool = False) -> tuple[list[Figure], list[Table]]:
    """The figures and the tables; `daily`: a row a day, however many there are."""
    store, library, span = conductor.store, conductor.library, asked.span
    now = counted(store, span.first, span.last, asked.door)
    before = counted(store, *span.before, asked.door, whole=False)
    each = each_day(span) if daily else steps(span)
    visitors = store.visitors([(step.first, step.last) for step in each])
    here = [{at: n for at, n in one.items() if asked.door in ("", at)} for one in visitors]
    return figures(now, before, library), tables(now, list(zip(each, here, strict=True)), library)


def _book(conductor: Conductor, asked: Asked, person: Person) -> bytes:
    top, found = made(conductor, asked, daily=True)
    lost = missed.table(missed.found(conductor, asked.span, door=asked.door, most=missed.MOST_IN_FILE))
    at = f"{conductor.now().astimezone(BEIJING):%Y-%m-%d %H:%M}"
    about = exporting.explained(
        [*found, lost], ("日期", asked.title), ("上一段", asked.span.compared), ("导出", f"{person.name} {at}")
    )
    return exporting.xlsx_of([exporting.summary(top, asked.span.compared), *found, lost, about])


def asked_or_fault(conductor: Conductor, span: str, first: str, last: str, door: str) -> Asked:
    """The same; a 422 with the sentence."""
    try:
        return asked_for(conductor, span, first, last, door)
    except Unspanned as no:
        raise Fault(422, str(no)) from None


def download(content: bytes, kind: str, name: str) -> Response:
    """A file to be kept."""
    headers: dict[str, Any] = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, 200, headers | {"Cache-Control": "no-store"}, kind)
