"""The search of the workbench: `GET /api/search`, asked at every keystroke."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from bot.api import UnescapedJSON, conductor_of
from bot.workbench.following import canned_entries, follow, ticket_entries
from bot.workbench.guard import Officer
from bot.workbench.searcher import Searcher
from knowledge.searching import LONGEST_QUERY

MOST_HITS = 50

router = APIRouter(include_in_schema=False)


async def searcher_of(request: Request) -> Searcher:
    """The searcher of this process, ready."""
    state, conductor = request.app.state, conductor_of(request)
    if not hasattr(state, "searcher"):
        state.searcher = Searcher(lambda: conductor.library, conductor.today)
        state.searcher.put(canned_entries(conductor.library))
        tickets = await ticket_entries(conductor)
        state.searcher.put(tickets.values())
        state.following = asyncio.create_task(follow(conductor, state.searcher, tickets))
    found: Searcher = state.searcher
    return await found.ready()


Finding = Annotated[Searcher, Depends(searcher_of)]


@router.get("/api/search")
async def search(
    person: Officer,
    searcher: Finding,
    q: Annotated[str, Query(max_length=1000)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 12,
) -> Response:
    """What was typed so far → hits, best first, each with all that is to be said; of a long text its beginning."""
    return UnescapedJSON(searcher.search(q[:LONGEST_QUERY], limit))
