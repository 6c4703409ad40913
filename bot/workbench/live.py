"""What the desk's pages are told without asking: that something has moved, who else is at a ticket, who types."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from bot.api import Taker
from bot.conductor import Conductor
from bot.listening import EVERYBODY
from bot.presence import Around, around
from bot.web import BEAT_S, EVENTS
from bot.workbench.acting import row_of
from bot.workbench.attendance import here
from bot.workbench.guard import Officer, Person, still_in
from bot.workbench.queue import Form

TICK_S, DESK_S = 0.5, 3.0
"""How often a stream looks; whatever moves anywhere at the desk is told so often at most to who has a ticket open."""

router = APIRouter(prefix="/api/desk", include_in_schema=False)


class Here(Form):
    """A page's sign of life: whether something is being typed for the visitor, whether anybody has touched a key."""

    typing: bool = False
    active: bool = False


@router.get("/events")
async def events(
    request: Request, person: Officer, conductor: Taker, ticket: Annotated[int, Query(ge=0, le=2**53)] = 0
) -> Response:
    """Without a ticket, `new` whenever something was said or done anywhere. With one: `new` where its visitor's
    conversation has moved, `desk` where another has, `around` when somebody comes, goes or types.
    """
    visitor = (await row_of(conductor, ticket)).visitor if ticket else EVERYBODY
    stream = _news(request, conductor, person, ticket, visitor)
    return StreamingResponse(stream, headers={"X-Accel-Buffering": "no"}, media_type=EVENTS)


@router.post("/tickets/{no}/here", status_code=204)
async def sign_of_life(no: int, said: Here, person: Officer, conductor: Taker) -> Response:
    """The officer has the ticket before them; only who does something is at the desk."""
    await row_of(conductor, no)
    if said.active:
        await here(person, conductor)
    await conductor.off_the_loop(conductor.store.attend, no, person.name, conductor.now(), typing=said.typing)
    return Response(status_code=204)


async def _news(
    request: Request, conductor: Conductor, person: Person, ticket: int, visitor: str
) -> AsyncIterator[str]:
    async with conductor.listening(visitor) as own, conductor.listening(EVERYBODY) as desk:
        own.set()
        seen, beat, told = Around((), False), time.monotonic(), 0.0
        while not conductor.ending:
            now = time.monotonic()
            if own.is_set():
                own.clear()
                yield "data: new\n\n"
            if ticket and desk.is_set() and now - told >= DESK_S:
                desk.clear()
                told = now
                yield "event: desk\ndata: new\n\n"
            if ticket and (found := await around(conductor, ticket, person.name)) != seen:
                seen = found
                yield f"event: around\ndata: {json.dumps(asdict(found), ensure_ascii=False)}\n\n"
            if now - beat >= BEAT_S:
                beat = now
                if not await still_in(request, conductor):
                    return
                yield ": still here\n\n"
            await asyncio.sleep(TICK_S)
