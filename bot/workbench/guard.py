"""Who may come to the desk: a route names the lowest role that it is for, and gets the person.

    @router.get("/queue")
    async def queue(person: Officer, audit: Audit) -> Response: ...      # Officer, Editor or Admin

Whoever isn't signed in is sent to the sign-in page and comes back afterwards; a call gets 401, a role too low 403, as
problem objects. Every unsafe call is checked twice, before the role. It carries a token that only a page of the same
session knows (a form's field `csrf`, or the header `X-CSRF-Token`): that alone is the proof. And where the browser
says from where it comes (Sec-Fetch-Site, else Origin), it must be from here: this also covers the sign-in form, which
has no session yet, and a token that leaked. The token is a keyed digest of the session's id, so it is kept nowhere,
changes with the session, and tells nothing of the id.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.responses import RedirectResponse

from bot.api import Gauge, Taker, address_of, conductor_of
from bot.conductor import Conductor
from bot.problems import Fault
from bot.web import form_of
from bot.workbench.signing_in import LASTS, SigningIn
from bot.workbench.staff_store import ROLE_NAMES, ROLES, Role
from bot.workbench.staff_store import Person as Person  # whom a route gets from here

SIGN_IN = "/desk/sign-in"
SAFE = ("GET", "HEAD", "OPTIONS")
NOT_SIGNED_IN = "请先登录工作台；登录过的，可能太久没有动作，已经自动退出。"
NOT_OURS = "这个操作不是从工作台的页面发出的，或页面放得太久了，没有执行；请刷新页面再试。"
TOO_LOW = "这里要{}才能用，您是{}。"

_hashing = ThreadPoolExecutor(1, thread_name_prefix="password")
"""One password at a time: each takes 19 MiB and a core for a moment, which answers should not have to wait for."""


class NotSignedIn(Exception):
    """Raised where a person's browser is to be sent to the sign-in page; `back`: where it wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


def signing(conductor: Conductor) -> SigningIn:
    """The ways in, over the conductor's store."""
    return SigningIn(conductor.store, conductor.now)


# --- roles -----------------------------------------------------------------------------------------------------------


def _at_least(role: Role) -> Callable[..., Awaitable[Person]]:
    async def signed_in(request: Request, conductor: Taker, limits: Gauge) -> Person:
        key = request.cookies.get(cookie(request, conductor), "")
        person = await conductor.off_the_loop(signing(conductor).who, key) if key else None
        if person is None:
            await _count_guess(request, conductor, limits, key)
            raise _sign_in_first(request)
        request.state.person, request.state.csrf = person, token_of(key)
        if request.method not in SAFE:
            await check_ours(request, conductor, token_of(key))
        if not person.may(role):
            raise Fault(403, TOO_LOW.format("或".join(_names_from(role)), ROLE_NAMES[person.role]))
        return person

    return signed_in


async def still_in(request: Request, conductor: Conductor) -> bool:
    """Whether the person who opened a stream may go on reading it; the stream asks with every beat."""
    key = request.cookies.get(cookie(request, conductor), "")
    return await conductor.off_the_loop(signing(conductor).still, key)


officer, editor, admin = (_at_least(role) for role in ROLES)
GUARDS: dict[object, Role] = {officer: "officer", editor: "editor", admin: "admin"}
Officer = Annotated[Person, Depends(officer)]
Editor = Annotated[Person, Depends(editor)]
Admin = Annotated[Person, Depends(admin)]


def role_of(dependant: Dependant) -> Role | None:
    """The highest role that a route asks for by its dependencies; None: anybody may come."""
    held = [GUARDS[dependant.call]] if dependant.call in GUARDS else []
    held += [role for one in dependant.dependencies if (role := role_of(one))]
    return max(held, key=ROLES.index, default=None)


def _names_from(role: Role) -> list[str]:
    return [ROLE_NAMES[one] for one in ROLES[ROLES.index(role) :]]


async def _count_guess(request: Request, conductor: Conductor, limits: Gauge, key: str) -> None:
    """An id that was never ours is a guess; one that is only over is not, or a whole office would be late."""
    if key and await conductor.off_the_loop(signing(conductor).session, key) is None:
        limits.guesses.take(address_of(request))


def _sign_in_first(request: Request) -> Exception:
    if wants_page(request):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return NotSignedIn(here if request.method in SAFE else "/desk")
    return Fault(401, NOT_SIGNED_IN)


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks for a page, rather than a script for data."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api")


async def to_sign_in(request: Request, fault: Exception) -> Response:
    """The answer to `NotSignedIn`; an id that leads nowhere is forgotten, so that it isn't taken for a guess again."""
    assert isinstance(fault, NotSignedIn)
    response = RedirectResponse(f"{SIGN_IN}?next={quote(fault.back, safe='')}", 303)
    return take_away(request, conductor_of(request), response)


def back_to(next_: str) -> str:
    """Where to go after signing in: a place of the desk, nowhere else."""
    inside = re.fullmatch(r"/desk(?:[/?][^\\\s\x00-\x1f]*)?", next_)
    return next_ if inside and not next_.startswith(SIGN_IN) and len(next_) <= 2000 else "/desk"


# --- the session's cookie and token ----------------------------------------------------------------------------------


def _secure(request: Request, conductor: Conductor) -> bool:
    return request.url.scheme == "https" or (conductor.handing.address or "").startswith("https://")


def cookie(request: Request, conductor: Conductor) -> str:
    """The cookie's name; with the prefix, no other host of the domain can set it."""
    return "__Host-desk" if _secure(request, conductor) else "desk"


def hand_over(request: Request, conductor: Conductor, response: Response, key: str) -> Response:
    """Give the session's id to the browser. Lax, not Strict: a link in a mail is to open its ticket."""
    response.set_cookie(
        cookie(request, conductor), key, max_age=int(LASTS.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=_secure(request, conductor),
    )  # fmt: skip
    return response


def take_away(request: Request, conductor: Conductor, response: Response) -> Response:
    """Have the browser forget it."""
    name, secure = cookie(request, conductor), _secure(request, conductor)
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=secure)
    return response


def token_of(key: str) -> str:
    """The token against forged calls that belongs to a session."""
    return hmac.new(key.encode("utf-8", "replace"), b"policydesk csrf", hashlib.sha256).hexdigest()


async def check_ours(request: Request, conductor: Conductor, token: str | None) -> None:
    """Raise a 403 for an unsafe call that a page of ours has not made; `token` None where there is no session yet."""
    if not _from_here(request, conductor.handing.address):
        raise Fault(403, NOT_OURS)
    if token is None:
        return
    given = request.headers.get("x-csrf-token", "")
    if not given and not request.headers.get("content-type", "").startswith("application/json"):
        given = (await form_of(request)).get("csrf", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        raise Fault(403, NOT_OURS)


def _from_here(request: Request, address: str | None) -> bool:
    """What the browser says of where a call comes from; a client that says nothing is no browser."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is None:
        return True
    return urlsplit(origin).netloc in {request.headers.get("host"), urlsplit(address or "").netloc} - {"", None}


# --- passwords and the trail -----------------------------------------------------------------------------------------


async def slowly(call: Callable[..., str], *arguments: object) -> str:
    """Run what hashes a password, off the loop and one at a time."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, call, *arguments)


class Trail:
    """`await audit(person, "看", "工单 B-12")`: a line at the end of the trail; never what a visitor said."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor

    async def __call__(self, person: Person, action: str, object_: str = "") -> None:
        conductor = self._conductor
        await conductor.off_the_loop(conductor.store.audit, person, action, object_, conductor.now())


def trail_of(conductor: Taker) -> Trail:
    """The trail of this process."""
    return Trail(conductor)


Audit = Annotated[Trail, Depends(trail_of)]
