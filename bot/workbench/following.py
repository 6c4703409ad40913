"""Tickets and canned texts as the search of one process finds them: put in as tickets open, taken out as they go.

Every process follows the store by `conductor.listening(EVERYBODY)`, which tells of what any worker has committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from bot.conductor import Conductor
from bot.listening import EVERYBODY
from bot.tickets import TicketRow
from bot.workbench.labels import DOORS, REASONS, STATES
from bot.workbench.queue import CLOSED_SHOWN
from bot.workbench.queue_page import first_words, outcome
from bot.workbench.searcher import Searcher
from dialogs.library import Library
from knowledge.searching import Entry

PAUSE_S = 1.0

log = logging.getLogger("policydesk")


def canned_entries(library: Library) -> Iterator[Entry]:
    """The canned texts."""
    for at, one in enumerate(library.canned.texts):
        said = one.filled(library.canned_slots)
        yield Entry(f"canned:{at}", one.title, (one.title,), (said,), "常用语", said, "")


async def ticket_entries(conductor: Conductor) -> dict[str, Entry]:
    """The open tickets, and those closed last."""
    rows = await conductor.off_the_loop(conductor.store.queue)
    rows += await conductor.off_the_loop(conductor.store.closed_tickets, CLOSED_SHOWN)
    entries = [await _entry(conductor, row) for row in rows]
    return {entry.id: entry for entry in entries}


async def _entry(conductor: Conductor, row: TicketRow) -> Entry:
    words = await first_words(conductor, row)
    state = outcome(row) if row.state == "closed" else f"{row.holder}在办" if row.holder else STATES[row.state]
    under = " · ".join((STATES[row.state], DOORS.get(row.door, row.door), REASONS.get(row.reason, row.reason)))
    title = f"工单{row.no} {words}".strip()
    said = f"{title}\n{state}"
    return Entry(
        f"ticket:{row.no}", title, (str(row.no), f"工单{row.no}"), (words,), under, said, f"/desk/tickets/{row.no}"
    )


async def follow(conductor: Conductor, searcher: Searcher, held: dict[str, Entry]) -> None:
    """Keep the searcher's tickets, which are `held`, those of the store, until the process ends."""
    async with conductor.listening(EVERYBODY) as event:
        event.set()
        while not conductor.ending:
            await event.wait()
            event.clear()
            try:
                held = await _brought_up(conductor, searcher, held)
            except Exception as error:
                log.error("工单没能编进查询，会再试（%s）。", type(error).__name__)
            await asyncio.sleep(PAUSE_S)


async def _brought_up(conductor: Conductor, searcher: Searcher, held: dict[str, Entry]) -> dict[str, Entry]:
    now = await ticket_entries(conductor)
    await searcher.ready()  # what is put in while the index is made would not stand in it
    searcher.put(entry for id_, entry in now.items() if held.get(id_) != entry)
    searcher.drop(held.keys() - now.keys())
    return now
