"""Who is at the desk: every call says so; whoever is silent for too long has left, and gives their tickets back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends

from bot.api import Taker
from bot.conductor import Conductor
from bot.workbench.acting import leave
from bot.workbench.guard import Officer, Person

LOOK_S = 15.0
AGAIN = timedelta(seconds=30)
"""An officer's being there is noted so often at most."""

log = logging.getLogger("policydesk")
_noted: WeakKeyDictionary[Conductor, dict[str, datetime]] = WeakKeyDictionary()


async def here(person: Officer, conductor: Taker) -> Person:
    """The officer who calls, noted as being there."""
    noted, now = _noted.setdefault(conductor, {}), conductor.now()
    if person.name not in noted or now - noted[person.name] >= AGAIN:
        await conductor.off_the_loop(conductor.store.seen, person.name, now)
        noted[person.name] = now
    return person


Here = Annotated[Person, Depends(here)]


@asynccontextmanager
async def watched(conductor: Conductor) -> AsyncIterator[None]:
    """As long as its context: look for officers who have left."""
    looking = asyncio.create_task(_look_for_ever(conductor))
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait([looking])


async def _look_for_ever(conductor: Conductor) -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            await look(conductor)
        except Exception as error:
            log.error("检查值守员是否离开时出错，会再试（%s）。", type(error).__name__)


async def look(conductor: Conductor) -> list[int]:
    """Give back the tickets of officers who have left; their numbers."""
    minutes = conductor.library.desk.absent_after_minutes
    gone = await conductor.off_the_loop(conductor.store.absent, conductor.now() - timedelta(minutes=minutes))
    for row in gone:
        await leave(conductor, row)
    return [row.no for row in gone]
