"""The sheet's pages: under a link that can't be guessed, expires, is taken back by its owner and found by no engine.

`POST /sheet` makes one of the visitor's case; `/sheet/<token>` shows it, `.pdf` and `.vcf` hand it out. Whoever has
the link may read; only the visitor whose case it is may take it back, get a code, or leave a wish. Every page is made
anew from what was told, so that it says the state of its own day.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from bot.api import Gauge, Taker, address_of
from bot.cases import HeldCase
from bot.conductor import Conductor
from bot.handing_on import BEIJING, Handed
from bot.limits import Limits
from bot.problems import Fault
from bot.sheet_labels import LABELS
from bot.sheet_pdf import pdf
from bot.vcard import holder_of, vcard
from bot.web import drawn, known_visitor
from dialogs.assessing import results
from dialogs.saying import day
from dialogs.sheet_page import SheetPage, sheet_page
from knowledge.casework import BadCase, case_of

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store, private",
}
GONE = "这份体检单打不开了：链接可能过期、被撤销，或者抄错了。请让给您链接的人再发一次，或自己测一测。"
NOT_YOURS = "只有测出这份体检单的人，用当时的浏览器，才能这样做。"
NOTHING = "还没有记下您的情况，没有可以打开的体检单；先讲讲情况，或点“测一测”。"
ELSEWHERE = "这份体检单是按另一份指南测的，现在打不开了，请重新测一测。"

router = APIRouter(prefix="/sheet", include_in_schema=False)
_printing = ThreadPoolExecutor(1, thread_name_prefix="pdf")
"""One document at a time: it takes half a second of computing, which answers should not have to wait for."""


@dataclass(frozen=True)
class Opened:
    """A sheet that was asked for: its token, the case, the page, and whether its owner asks."""

    token: str
    held: HeldCase
    page: SheetPage
    owned: bool


@router.post("")
async def make(request: Request, conductor: Taker, limits: Gauge) -> Response:
    """A link to the sheet of the visitor's case."""
    visitor = await known_visitor(request, conductor)
    case = await conductor.off_the_loop(conductor.handing.case, visitor) if visitor else None
    if visitor is None or case is None or not case.scope:
        raise Fault(404, NOTHING)
    limits.messages.take(visitor)
    handed = await conductor.off_the_loop(conductor.handing.link, case)
    return RedirectResponse(f"/sheet/{handed.secret}", 303, HEADERS)


async def opened(request: Request, conductor: Taker, limits: Gauge, token: str) -> Opened:
    """The sheet of a link that is still good; the same 404 for every other."""
    held = await conductor.off_the_loop(conductor.handing.sheet, token)
    if held is None:
        limits.guesses.take(address_of(request))
        raise Fault(404, GONE, HEADERS)
    if held.case.guide != conductor.library.guide.id:
        raise Fault(410, ELSEWHERE, HEADERS)
    owned = await known_visitor(request, conductor) == held.case.visitor
    return Opened(token, held, await conductor.off_the_loop(_page, held, conductor), owned)


def _page(held: HeldCase, conductor: Conductor) -> SheetPage:
    """The sheet as it stands today; what the guide no longer knows is left out."""
    library, today = conductor.library, conductor.today()
    told = [kept for kept in held.case.told if kept.fact in library.guide.fact]
    try:
        case = case_of({kept.fact: kept.value for kept in told if kept.value is not None}, library.guide)
    except BadCase:
        raise Fault(410, ELSEWHERE, HEADERS) from None
    return sheet_page(results(case, today, library, asked=held.case.scope), told, library, today)


Asked = Annotated[Opened, Depends(opened)]


@router.get("/{token}.pdf")
async def as_pdf(asked: Asked, limits: Gauge) -> Response:
    """The sheet as a document."""
    limits.documents.take(asked.token)
    made = await asyncio.get_running_loop().run_in_executor(_printing, pdf, asked.page)
    return Response(made, 200, HEADERS | _file(f"{asked.page.title}.pdf", "inline"), "application/pdf")


@router.get("/{token}.vcf")
async def as_vcards(asked: Asked, conductor: Taker) -> Response:
    """Everybody to turn to, in one file."""
    holders = [holder_of(conductor.library, card.name, card.phone) for card in asked.page.contacts]
    cards = "".join(vcard(holder) for holder in holders if holder)
    if not cards:
        raise Fault(404, "这份体检单上没有联系人。", HEADERS)
    return Response(cards, 200, HEADERS | _file(f"{asked.page.title}联系人.vcf", "attachment"), "text/vcard")


@router.get("/{token}")
async def show(asked: Asked, conductor: Taker) -> Response:
    """The sheet as a page."""
    return await _shown(asked, conductor)


@router.post("/{token}/code")
async def make_code(asked: Asked, conductor: Taker, limits: Gauge) -> Response:
    """A code for another door, shown this once."""
    _owner(asked, limits)
    return await _shown(asked, conductor, await conductor.off_the_loop(conductor.handing.code, asked.held.case))


@router.post("/{token}/wish")
async def keep_wish(asked: Asked, conductor: Taker, limits: Gauge) -> Response:
    """Keep that the owner wants to hear of the next batch; the form says what is kept."""
    _owner(asked, limits)
    case = asked.held.case
    await conductor.off_the_loop(conductor.store.keep_wish, case.visitor, case.guide, conductor.now())
    return RedirectResponse(f"/sheet/{asked.token}#yours", 303, HEADERS)


@router.post("/{token}/unwish")
async def drop_wish(asked: Asked, conductor: Taker, limits: Gauge) -> Response:
    """Forget it."""
    _owner(asked, limits)
    await conductor.off_the_loop(conductor.store.drop_wish, asked.held.case.visitor)
    return RedirectResponse(f"/sheet/{asked.token}#yours", 303, HEADERS)


@router.post("/{token}/revoke")
async def revoke(asked: Asked, conductor: Taker, limits: Gauge) -> Response:
    """Take the link back."""
    _owner(asked, limits)
    await conductor.off_the_loop(conductor.handing.drop_link, asked.held.case.visitor, asked.token)
    return drawn("revoked.html", 200, HEADERS)


def _owner(asked: Opened, limits: Limits) -> None:
    if not asked.owned:
        raise Fault(403, NOT_YOURS, HEADERS)
    limits.messages.take(asked.held.case.visitor)


async def _shown(asked: Opened, conductor: Conductor, code: Handed | None = None) -> Response:
    wish = await conductor.off_the_loop(conductor.store.wish, asked.held.case.visitor) if asked.owned else None
    return drawn(
        "sheet.html", 200, HEADERS, page=asked.page, token=asked.token, owned=asked.owned, library=conductor.library,
        until=_day(asked.held.until), code=code, code_until=_day(code.until) if code else "",
        wish=_day(wish) if wish else "", labels=LABELS,
    )  # fmt: skip


def _day(at: datetime) -> str:
    return day(at.astimezone(BEIJING).date())


def _file(name: str, how: str) -> dict[str, str]:
    return {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
