"""The web chat: one page that works with and without JavaScript, the guide's own text, contact cards.

A visitor is known by a random cookie; what was said stands in the store, so a reload, a second tab and a restart show
the same conversation. With JavaScript a form is sent to `/messages` and one exchange comes back; without it, to `/`,
and the page comes back. What comes into the log otherwise (another tab, a person later) is told by `/events`. Every
form carries an `update`, so that what is sent twice is answered once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import jinja2
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, StreamingResponse

from bot import page
from bot.api import UPDATE, Gauge, Taker, address_of
from bot.conductor import Conductor
from bot.limits import Limits
from bot.presence import Standing, standing, visitor_types
from bot.problems import Fault
from bot.source_page import clauses
from bot.vcard import holder_of, tel, vcard
from dialogs.messages import Choice, Reply, Text
from knowledge.corrected import printed
from knowledge.spelling import LONGEST

PAGES = Path(__file__).parent / "pages"
COOKIE = "conversation"
COOKIE_S = 180 * 24 * 3600
EVENTS, BEAT_S, LOOK_S = "text/event-stream", 20, 1
RECENT = 8
"""Exchanges in which the label of a tapped option is looked for."""
_OURS = re.compile(r"[A-Za-z0-9_-]{32}")
_UNGUESSED = re.compile(r"[A-Za-z0-9_-]{22,40}")
"""A message's name as our page makes them: nobody else's message has it, so it may lead back to a conversation."""

OTHERS = "这不是从本站的咨询页面发出的，没有收下；请打开咨询页面再说。"


async def _from_our_page(request: Request) -> None:
    """Another site's form would come without the cookie, and put a conversation of its own in the visitor's place."""
    site = request.headers.get("sec-fetch-site", "none")
    if request.method == "POST" and site not in ("same-origin", "none"):
        raise Fault(403, OTHERS)


router = APIRouter(include_in_schema=False, dependencies=[Depends(_from_our_page)])

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(PAGES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)  # fmt: skip
_templates.globals |= {"examples": page.EXAMPLES, "longest": LONGEST, "fresh": lambda: secrets.token_urlsafe(16)}
_templates.filters |= {
    "lines": page.lines, "source_link": page.source_link, "card_link": page.card_link,
    "copied": page.copied, "tel": tel, "sheet": page.sheet, "told_in_words": page.told_in_words,
    "beyond": page.beyond, "printed": printed,
}  # fmt: skip


def drawn(template: str, status: int = 200, headers: dict[str, str] | None = None, /, **values: Any) -> HTMLResponse:
    """A page."""
    return HTMLResponse(_templates.get_template(template).render(values), status, headers)


@router.get("/")
async def chat(request: Request, conductor: Taker) -> Response:
    """The conversation of the cookie, or the first message."""
    visitor = await known_visitor(request, conductor)
    return await _chat(conductor, visitor)


@router.post("/")
async def say(request: Request, conductor: Taker, limits: Gauge) -> Response:
    """A message without JavaScript: the page with the reply."""
    visitor, update, reply = await _take(request, conductor, limits)
    return _with_cookie(request, await _chat(conductor, visitor, {update: reply} if reply else {}), visitor)


@router.post("/messages")
async def say_quietly(request: Request, conductor: Taker, limits: Gauge) -> Response:
    """A message from the page's script: the one exchange, as HTML."""
    visitor, update, reply = await _take(request, conductor, limits)
    recent = await conductor.transcript(visitor, RECENT)
    if update not in {one.update for one in recent}:
        recent = [one for one in [await conductor.exchange(visitor, update)] if one]
    now = {update: reply} if reply else {}
    shown = next(one for one in page.spoken(recent, now) if one.update == update)
    return _with_cookie(request, drawn("exchange.html", one=shown, library=conductor.library), visitor)


@router.get("/messages")
async def transcript(request: Request, conductor: Taker) -> Response:
    """The whole log as HTML, for a tab that comes back to the front."""
    visitor = await known_visitor(request, conductor)
    shown = page.spoken(await conductor.transcript(visitor)) if visitor else []
    return drawn("exchanges.html", exchanges=shown, library=conductor.library)


@router.get("/events")
async def events(request: Request, conductor: Taker) -> Response:
    """Server-sent: that something new stands in the log, whichever worker has put it there."""
    visitor = await known_visitor(request, conductor)
    if visitor is None:
        return Response(status_code=204)  # which tells the browser not to come again
    return StreamingResponse(_news(conductor, visitor), headers={"X-Accel-Buffering": "no"}, media_type=EVENTS)


async def _news(conductor: Conductor, visitor: str) -> AsyncIterator[str]:
    """A line at once, as something may have been missed; then one for each change, and a sign of life in between.

    `desk` tells of an open ticket what stands beside the log; it is looked at closely only while an officer has it.
    """
    async with conductor.listening(visitor) as event:
        event.set()
        before: Standing | None = None
        while not conductor.ending:
            yield "data: new\n\n" if event.is_set() else ": still here\n\n"
            event.clear()
            now = await standing(conductor, visitor)
            if now != before:
                yield f"event: desk\ndata: {json.dumps(asdict(now) if now else None, ensure_ascii=False)}\n\n"
                before = now
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), LOOK_S if now and now.state == "taken" else BEAT_S)


@router.post("/typing", status_code=204)
async def typing(request: Request, conductor: Taker, limits: Gauge) -> Response:
    """The visitor types: shown to the officer who has the conversation, and kept nowhere else."""
    visitor = await known_visitor(request, conductor)
    if visitor is not None:
        limits.readings.take(visitor)
        await visitor_types(conductor, visitor)
    return Response(status_code=204)


@router.post("/feedback")
async def feedback(request: Request, conductor: Taker, limits: Gauge) -> Response:
    """有用 or 不对, kept with the reply."""
    visitor = await known_visitor(request, conductor)
    form = await form_of(request)
    update, useful = form.get("update", ""), form.get("useful", "")
    if visitor is None or useful not in ("yes", "no"):
        raise Fault(404, "没有找到这条答复，请刷新页面再试。")
    limits.messages.take(visitor)
    if not await conductor.rate(visitor, update, useful == "yes"):
        raise Fault(404, "没有找到这条答复，请刷新页面再试。")
    if "application/json" in request.headers.get("accept", ""):
        return Response(status_code=204)
    return RedirectResponse(f"/#r-{quote(update)}", 303)


@router.post("/new")
async def new(request: Request) -> Response:
    """Forget the cookie; the next message opens another conversation."""
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE)
    return response


@router.get("/source")
async def source(conductor: Taker, quote: str = "", clause: str = "") -> Response:
    """The guide's text, with the quote marked where it stands."""
    shown, found = clauses(conductor.library.guide, quote, clause)
    return drawn("source.html", guide=conductor.library.guide, clauses=shown, quote=quote, found=found)


@router.get("/source.txt")
async def source_as_it_came(conductor: Taker) -> Response:
    """The text that everything is proved against, untouched."""
    return PlainTextResponse(conductor.library.guide.source)


@router.get("/contact.vcf")
async def contact(conductor: Taker, name: str = "", phone: str = "") -> Response:
    """A person of the guide's tables as a vCard."""
    holder = holder_of(conductor.library, name, phone)
    if holder is None:
        raise Fault(404, "指南的联系表里没有这个人。")
    file = quote(f"{holder.name or holder.office}.vcf")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{file}"}
    return Response(vcard(holder), 200, headers, "text/vcard")


async def _chat(conductor: Conductor, visitor: str | None, now: dict[str, Reply] | None = None) -> HTMLResponse:
    exchanges = page.spoken(await conductor.transcript(visitor), now) if visitor else []
    state, sentence = page.window(conductor.library, conductor.today())
    at_desk = await standing(conductor, visitor) if visitor else None
    return drawn(
        "chat.html", exchanges=exchanges, at_desk=at_desk, library=conductor.library, guide=conductor.library.guide,
        window_state=state, window_sentence=sentence,
    )  # fmt: skip


async def _take(request: Request, conductor: Conductor, limits: Limits) -> tuple[str, str, Reply | None]:
    """Take the message of a form; the visitor (opened now where there was none), the message's name, the reply.

    A form that is sent again is the same message only with the same words: going back and asking something else is new.
    Where the answer to the very first one was lost, and the cookie with it, the message's name leads back.
    """
    form = await form_of(request)
    given = form.get("update", "")[:40]
    visitor = await known_visitor(request, conductor)
    if visitor is None:
        limits.openings.take(address_of(request))
        visitor = await conductor.open("web", f"web:{given}" if _UNGUESSED.fullmatch(given) else None)
    limits.messages.take(visitor)
    value, text = form.get("choose", ""), form.get("text", "")
    words = hashlib.sha256(f"{value}\n{text}".encode("utf-8", "replace")).hexdigest()[:16]
    update = f"{given if re.fullmatch(UPDATE, given) else secrets.token_urlsafe(16)}.{words}"
    reply = await conductor.take(visitor, Choice(value) if value else Text(text), update=update)
    return visitor, update, reply


async def known_visitor(request: Request, conductor: Conductor) -> str | None:
    """The visitor of the cookie, if it is one of ours."""
    held = request.cookies.get(COOKIE, "")
    if not _OURS.fullmatch(held):
        return None
    visitor = f"web:{held}"
    return visitor if await conductor.knows(visitor) else None


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; UTF-8 is read also where a client has not escaped it."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def _with_cookie(request: Request, response: Response, visitor: str) -> Response:
    response.set_cookie(
        COOKIE, visitor.partition(":")[2], max_age=COOKIE_S, httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response
