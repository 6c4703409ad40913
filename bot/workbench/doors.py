"""Signing in and out: the pages before the desk, and the password."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.api import Taker, address_of
from bot.conductor import Conductor
from bot.problems import Fault
from bot.web import drawn, form_of
from bot.workbench.guard import (
    SIGN_IN,
    Audit,
    Officer,
    back_to,
    check_ours,
    cookie,
    hand_over,
    signing,
    slowly,
    take_away,
)
from bot.workbench.passwords import LONGEST, SHORTEST
from bot.workbench.shell import shown
from bot.workbench.signing_in import Unwelcome

TWICE = "两次写的密码不一样，请再写一遍。"

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("/sign-in")
async def ask_in(request: Request, conductor: Taker) -> Response:
    """The form; whoever is in already goes on."""
    back = back_to(request.query_params.get("next", ""))
    key = request.cookies.get(cookie(request, conductor), "")
    person = await conductor.off_the_loop(signing(conductor).who, key) if key else None
    if person is not None:
        return RedirectResponse(back, 303)
    return _form("desk/sign_in.html", back=back)


@router.post("/sign-in")
async def sign_in(request: Request, conductor: Taker) -> Response:
    """Name and password."""
    await check_ours(request, conductor, None)
    form = await form_of(request)
    name, back = form.get("name", ""), back_to(form.get("next", ""))
    try:
        key = await slowly(signing(conductor).sign_in, name, form.get("password", ""), address_of(request))
    except Unwelcome as no:
        return _form("desk/sign_in.html", 401, complaint=str(no), name=name, back=back)
    except Fault as slow:
        return _form("desk/sign_in.html", slow.status, slow.headers, complaint=slow.detail, name=name, back=back)
    return _let_in(request, conductor, key, back)


@router.get("/first")
async def ask_first() -> Response:
    """The form of a one-time sign-in; name and code stand behind the # of the link, which only the browser reads."""
    return _form("desk/first.html")


@router.post("/first")
async def first(request: Request, conductor: Taker) -> Response:
    """Name, code and a password of one's own."""
    await check_ours(request, conductor, None)
    form = await form_of(request)
    held = {"name": form.get("name", ""), "code": form.get("code", "")}
    password = form.get("password", "")
    if password != form.get("again", ""):
        return _form("desk/first.html", 422, complaint=TWICE, **held)
    try:
        key = await slowly(signing(conductor).first, held["name"], held["code"], password, address_of(request))
    except Unwelcome as no:
        return _form("desk/first.html", 422, complaint=str(no), **held)
    except Fault as slow:
        return _form("desk/first.html", slow.status, slow.headers, complaint=slow.detail, **held)
    return _let_in(request, conductor, key, "/desk")


@router.post("/sign-out")
async def sign_out(request: Request, conductor: Taker, person: Officer, audit: Audit) -> Response:
    """End the session, here and in the store."""
    await conductor.off_the_loop(signing(conductor).sign_out, request.cookies[cookie(request, conductor)])
    await audit(person, "退出")
    return take_away(request, conductor, RedirectResponse(SIGN_IN, 303))


@router.get("/password")
async def ask_password(request: Request, person: Officer) -> Response:
    """The form to change one's password."""
    return shown(request, "desk/password.html", complaint="", shortest=SHORTEST, longest=LONGEST)


@router.post("/password")
async def change_password(request: Request, conductor: Taker, person: Officer) -> Response:
    """Another password: all other sessions of the person end."""
    form = await form_of(request)
    try:
        if form.get("password", "") != form.get("again", ""):
            raise Unwelcome(TWICE)
        key = await slowly(
            signing(conductor).change_password, person, form.get("now", ""), form.get("password", ""),
            address_of(request),
        )  # fmt: skip
    except Unwelcome as no:
        return shown(request, "desk/password.html", 422, complaint=str(no), shortest=SHORTEST, longest=LONGEST)
    return _let_in(request, conductor, key, "/desk")


def _form(template: str, status: int = 200, headers: dict[str, str] | None = None, /, **values: Any) -> Response:
    held = {"complaint": "", "name": "", "code": "", "back": "/desk", "shortest": SHORTEST, "longest": LONGEST}
    return drawn(template, status, headers, **(held | values))


def _let_in(request: Request, conductor: Conductor, key: str, back: str) -> Response:
    return hand_over(request, conductor, RedirectResponse(back, 303), key)
