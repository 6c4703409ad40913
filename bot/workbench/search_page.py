"""`/desk` with the search alone; `desk/search.html` is the part that another page may include."""

from __future__ import annotations

from fastapi import APIRouter, Response

from bot import page
from bot.api import Taker
from bot.web import drawn
from bot.workbench.guard import Officer

router = APIRouter(include_in_schema=False)


@router.get("/desk")
async def desk(person: Officer, conductor: Taker) -> Response:
    """The day's state and the search."""
    state, sentence = page.window(conductor.library, conductor.today())
    return drawn("desk/search_page.html", person=person, window_state=state, window_sentence=sentence)
