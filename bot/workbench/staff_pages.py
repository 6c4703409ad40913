"""The administrators' pages: who is on the staff, and who saw and changed what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from bot.api import Taker
from bot.conductor import Conductor
from bot.problems import Fault
from bot.web import form_of
from bot.workbench import staffing
from bot.workbench.guard import Admin, Audit, signing
from bot.workbench.shell import shown
from bot.workbench.signing_in import Invitation, SigningIn
from bot.workbench.staff_store import ROLE_NAMES, Account, Entry, Person, Sought
from bot.workbench.staffing import BEIJING, Unstaffed, good_until, link, state

AT_ONCE = 100
"""Lines of the trail on a page."""

router = APIRouter(prefix="/desk", include_in_schema=False)
Id = Annotated[int, Path(alias="id", ge=0, le=2**62)]


@dataclass(frozen=True)
class Way:
    """A one-time sign-in as the page shows it, this once."""

    person: Person
    code: str
    link: str
    until: str


# --- the staff -------------------------------------------------------------------------------------------------------


@router.get("/staff")
async def staff(request: Request, conductor: Taker, person: Admin) -> Response:
    """Every account."""
    return await _staff(request, conductor)


@router.post("/staff")
async def add(request: Request, conductor: Taker, person: Admin) -> Response:
    """A new account; its one-time sign-in is shown this once."""
    form = await form_of(request)
    try:
        made = await conductor.off_the_loop(
            staffing.add, signing(conductor), person, form.get("name", ""), form.get("role", "")
        )
    except Unstaffed as no:
        return await _staff(request, conductor, str(no), given=form.get("name", ""))
    return await _staff(request, conductor, way=_way(request, conductor, *made))


@router.post("/staff/{id}/sign-in")
async def invite(request: Request, conductor: Taker, person: Admin, id_: Id) -> Response:
    """Another one-time sign-in."""
    account = await _account(conductor, id_)
    try:
        made: Invitation = await conductor.off_the_loop(staffing.invite, signing(conductor), person, account)
    except Unstaffed as no:
        return await _staff(request, conductor, str(no))
    return await _staff(request, conductor, way=_way(request, conductor, account.person, made))


@router.post("/staff/{id}/role")
async def change_role(request: Request, conductor: Taker, person: Admin, id_: Id) -> Response:
    """Another role."""
    role = (await form_of(request)).get("role", "")
    return await _change(request, conductor, id_, lambda way, account: staffing.change_role(way, person, account, role))


@router.post("/staff/{id}/disable")
async def disable(request: Request, conductor: Taker, person: Admin, id_: Id) -> Response:
    """Nobody comes in by this account."""
    return await _change(request, conductor, id_, lambda way, account: staffing.disable(way, person, account))


@router.post("/staff/{id}/enable")
async def enable(request: Request, conductor: Taker, person: Admin, id_: Id) -> Response:
    """The account is good again."""
    return await _change(request, conductor, id_, lambda way, account: staffing.enable(way, person, account))


async def _change(
    request: Request, conductor: Conductor, id_: int, change: Callable[[SigningIn, Account], None]
) -> Response:
    account = await _account(conductor, id_)
    try:
        await conductor.off_the_loop(change, signing(conductor), account)
    except Unstaffed as no:
        return await _staff(request, conductor, str(no))
    return RedirectResponse("/desk/staff", 303)


async def _account(conductor: Conductor, id_: int) -> Account:
    accounts = await conductor.off_the_loop(conductor.store.staff)
    found = next((one for one in accounts if one.person.id == id_), None)
    if found is None:
        raise Fault(404, "没有这个账号，请回到人员页再选。")
    return found


async def _staff(
    request: Request, conductor: Conductor, complaint: str = "", *, given: str = "", way: Way | None = None
) -> Response:
    now = conductor.now()
    accounts = await conductor.off_the_loop(conductor.store.staff)
    rows = [(one, state(one, now), _told(one.seen) if one.seen else "还没有") for one in accounts]
    return shown(
        request, "desk/staff.html", 422 if complaint else 200, rows=rows, roles=ROLE_NAMES, complaint=complaint,
        given=given, way=way,
    )  # fmt: skip


def _way(request: Request, conductor: Conductor, person: Person, made: Invitation) -> Way:
    address = conductor.handing.address or str(request.base_url).rstrip("/")
    return Way(person, made.code, link(address, person, made.code), good_until(made))


# --- the trail -------------------------------------------------------------------------------------------------------


@router.get("/audit")
async def trail(
    request: Request, conductor: Taker, person: Admin, audit: Audit, who: str = "", action: str = "",
    since: str = "", until: str = "", older: str = "",
) -> Response:  # fmt: skip
    """The newest lines of the trail, by who, what, on what, and when; looking is a line too."""
    asked = {"who": who[:100], "action": action[:100], "object": request.query_params.get("object", "")[:100],
             "since": since[:10], "until": until[:10]}  # fmt: skip
    first, last = _day(since), _day(until)
    sought = Sought(
        asked["who"], asked["action"], asked["object"], _midnight(first),
        _midnight(last + timedelta(days=1)) if last else None, int(older) if _number(older) else None,
    )  # fmt: skip
    entries = await conductor.off_the_loop(conductor.store.trail, sought, AT_ONCE + 1)
    actions = await conductor.off_the_loop(conductor.store.actions)
    await audit(person, "看操作记录", " ".join(value for value in asked.values() if value))
    following = f"?{urlencode(asked | {'older': entries[AT_ONCE - 1].id})}" if len(entries) > AT_ONCE else ""
    return shown(
        request, "desk/audit.html", lines=[_line(one) for one in entries[:AT_ONCE]], asked=asked, actions=actions,
        following=following,
    )  # fmt: skip


def _line(one: Entry) -> dict[str, str]:
    return {"at": _told(one.at), "who": one.who, "action": one.action, "object": one.object}


def _told(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Fault(422, f"日期“{text[:20]}”读不懂，请写成2023-04-15这样。") from None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), BEIJING) if day else None


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
