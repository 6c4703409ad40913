"""Who has a ticket before them and types just now: told across all workers, kept for a minute, in no log.

An officer is present under their name, the visitor as `VISITOR`. Who types says so again every few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from bot.conductor import Conductor
from bot.tickets import VISITOR

TYPES, THERE = timedelta(seconds=6), timedelta(seconds=25)
"""How long a key counts as typing, and a sign of life as being there."""
AGAIN = timedelta(seconds=2)
"""A visitor's typing is kept so often at most, however often it is told."""
MOST_NOTED = 1000

_noted: WeakKeyDictionary[Conductor, dict[int, datetime]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Around:
    """What an officer is told of those around a ticket: which colleagues look at it, and whether its visitor types."""

    others: tuple[str, ...]
    typing: bool


@dataclass(frozen=True)
class Standing:
    """What a visitor is told of their ticket beside the log: one line, and whether an officer types."""

    no: int
    state: str
    says: str
    typing: bool


async def around(conductor: Conductor, no: int, me: str) -> Around:
    """Who else is at a ticket."""
    now = conductor.now()
    found = await conductor.off_the_loop(conductor.store.present, no, now - THERE)
    others = tuple(one.who for one in found if one.who not in (me, VISITOR))
    return Around(others, any(one.who == VISITOR and _types(one.typing, now) for one in found))


async def standing(conductor: Conductor, visitor: str) -> Standing | None:
    """The visitor's open ticket; None where they have none."""
    row = await conductor.off_the_loop(conductor.store.open_ticket, visitor)
    if row is None:
        return None
    if row.state != "taken":
        return Standing(row.no, row.state, f"工单{row.no}排在第{row.place}位，有人接手就在这里答您", False)
    now = conductor.now()
    found = await conductor.off_the_loop(conductor.store.present, row.no, now - TYPES)
    typing = any(one.who == row.holder and _types(one.typing, now) for one in found)
    return Standing(row.no, row.state, f"值守员正在为您办理工单{row.no}", typing)


async def visitor_types(conductor: Conductor, visitor: str) -> None:
    """A visitor types; kept only while an officer has the conversation."""
    row = await conductor.off_the_loop(conductor.store.open_ticket, visitor)
    if row is None or row.state != "taken":
        return
    noted, now = _noted.setdefault(conductor, {}), conductor.now()
    if row.no in noted and now - noted[row.no] < AGAIN:
        return
    if len(noted) > MOST_NOTED:
        noted.clear()
    noted[row.no] = now
    await conductor.off_the_loop(conductor.store.attend, row.no, VISITOR, now, typing=True)


def _types(typing: datetime | None, now: datetime) -> bool:
    return typing is not None and now - typing < TYPES
