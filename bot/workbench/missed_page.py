"""The list of what was not answered or was called wrong, page by page, and as a file."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from bot.api import Taker
from bot.handing_on import BEIJING
from bot.workbench import exporting, missed
from bot.workbench.guard import Audit, Editor
from bot.workbench.labels import DOORS
from bot.workbench.numbers_page import Asked, From, Short, asked_for, asked_or_fault, download
from bot.workbench.shell import shown
from bot.workbench.spans import SPANS, Unspanned

AT_ONCE = 50
"""Lines of a page."""

router = APIRouter(prefix="/desk/numbers/missed", include_in_schema=False)
Words = Annotated[str, Query(max_length=100)]
Older = Annotated[int | None, Query(ge=0, le=2**62)]


@router.get("")
async def listed(
    request: Request, conductor: Taker, person: Editor, audit: Audit, span: Short = "", first: From = "",
    to: Short = "", door: Short = "", kind: Short = "", q: Words = "", older: Older = None,
) -> Response:  # fmt: skip
    """The newest first; a page more from the last line on."""
    complaint = ""
    try:
        asked = asked_for(conductor, span, first, to, door)
    except Unspanned as no:
        complaint, asked = str(no), asked_for(conductor, "", "", "", "")
    kind = kind if kind in missed.KINDS else ""
    lost = await conductor.off_the_loop(
        lambda: missed.found(
            conductor, asked.span, kind=kind, door=asked.door, words=q.strip(), older=older, most=AT_ONCE + 1
        )
    )
    await audit(person, "看没答上的", _told(asked, kind, q))
    query = f"{asked.query}&{urlencode({'kind': kind, 'q': q.strip()})}"
    following = f"?{query}&older={lost[AT_ONCE - 1].id}" if len(lost) > AT_ONCE else ""
    lines = [(one, one.at.astimezone(BEIJING), DOORS.get(one.door, one.door), missed.why(one)) for one in lost]
    return shown(
        request, "desk/missed.html", 422 if complaint else 200, asked=asked, spans=SPANS, doors=DOORS, kind=kind,
        kinds=missed.KINDS, q=q, lines=lines[:AT_ONCE], following=following, query=query, complaint=complaint,
    )  # fmt: skip


@router.get("/list.csv")
async def as_file(
    conductor: Taker, person: Editor, audit: Audit, span: Short = "", first: From = "", to: Short = "",
    door: Short = "", kind: Short = "", q: Words = "",
) -> Response:  # fmt: skip
    """The same list whole."""
    asked = asked_or_fault(conductor, span, first, to, door)
    lost = await conductor.off_the_loop(
        lambda: missed.found(
            conductor, asked.span, kind=kind, door=asked.door, words=q.strip(), most=missed.MOST_IN_FILE
        )
    )
    await audit(person, "导出没答上的", f"{_told(asked, kind, q)} CSV")
    name = f"没答上的 {asked.title}.csv"
    return download(exporting.csv_of(missed.table(lost)), "text/csv; charset=utf-8", name)


def _told(asked: Asked, kind: str, words: str) -> str:
    return " ".join(filter(None, (asked.title, missed.KINDS.get(kind, ""), words.strip())))
