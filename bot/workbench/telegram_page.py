"""An officer's own page for Telegram: the one-time code that links an account, and the group for administrators."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.api import Taker
from bot.conductor import Conductor
from bot.handing_on import BEIJING
from bot.workbench.guard import Admin, Officer
from bot.workbench.linking import LASTS, LinkCode, invited
from bot.workbench.shell import shown
from bot.workbench.staff_store import Person

router = APIRouter(prefix="/desk/telegram", include_in_schema=False)


@router.get("")
async def telegram(request: Request, conductor: Taker, person: Officer) -> Response:
    """Whether the officer is linked, and which group is bound."""
    return await _page(request, conductor, person)


@router.post("/code")
async def code(request: Request, conductor: Taker, person: Officer) -> Response:
    """A fresh code, shown this once."""
    made = await conductor.off_the_loop(invited, conductor.store, person, conductor.now())
    return await _page(request, conductor, person, made)


@router.post("/unlink")
async def unlink(request: Request, conductor: Taker, person: Officer) -> Response:
    """The account of Telegram is nobody's any more."""
    await conductor.off_the_loop(conductor.store.unlink, person, conductor.now())
    return RedirectResponse("/desk/telegram", 303)


@router.post("/unbind")
async def unbind(request: Request, conductor: Taker, person: Admin) -> Response:
    """Nothing is posted in the group any more."""
    await conductor.off_the_loop(conductor.store.unbind_group, person, conductor.now())
    return RedirectResponse("/desk/telegram", 303)


async def _page(request: Request, conductor: Conductor, person: Person, made: LinkCode | None = None) -> Response:
    store = conductor.store
    since, group = await conductor.off_the_loop(lambda: (store.linked_since(person.id), store.staff_group()))
    return shown(
        request, "desk/telegram.html", made=made, bot=conductor.bot, group=group,
        minutes=int(LASTS.total_seconds() // 60), admin=person.may("admin"),
        since=f"{since.astimezone(BEIJING):%Y-%m-%d}" if since else "",
        until=f"{made.until.astimezone(BEIJING):%H:%M}" if made else "",
    )  # fmt: skip
