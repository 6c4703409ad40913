"""The first page of the desk, and the directory."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bot import page
from bot.api import Taker
from bot.workbench.directory import directory
from bot.workbench.guard import Officer
from bot.workbench.queue_page import standing
from bot.workbench.shell import shown

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("")
async def landing(request: Request, conductor: Taker, person: Officer) -> Response:
    """What stands at the top of the desk: the day's state, the place to look things up, what waits."""
    state, sentence = page.window(conductor.library, conductor.today())
    waits = await standing(conductor, person)
    return shown(request, "desk/landing.html", window_state=state, window_sentence=sentence, **waits)


@router.get("/directory")
async def people(request: Request, conductor: Taker, person: Officer, q: str = "") -> Response:
    """Everybody of the guide's tables."""
    sought = q[:100]
    groups = await conductor.off_the_loop(directory, conductor.library, sought)
    return shown(request, "desk/directory.html", groups=groups, sought=sought)
