"""The officers' queue as a page: what waits, for how long, and why; those addressed to whoever looks come first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.api import Taker
from bot.conductor import Conductor
from bot.handing_on import BEIJING
from bot.heard import heard_since
from bot.problems import Fault
from bot.tickets import TicketRow
from bot.web import form_of
from bot.workbench.acting import PHONE
from bot.workbench.attendance import here
from bot.workbench.doing import taken_over
from bot.workbench.guard import Officer, Person
from bot.workbench.labels import DOORS, REASONS, STATES, WITHOUT_AN_OFFICER
from bot.workbench.queue import CLOSED_SHOWN, TALKS_SHOWN
from bot.workbench.shell import shown
from dialogs.package import unanswered
from knowledge.desk_hours import hours_at

WORDS, LAST = 40, 12
"""Characters of a sentence that a list shows; exchanges in which it is looked for."""
MOST_KEPT = 2000
LIVE = "x-live"
"""The header of a page's script that draws it anew: nobody has touched a key."""

router = APIRouter(prefix="/desk", include_in_schema=False)

_words: WeakKeyDictionary[Conductor, OrderedDict[int, tuple[object, str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Item:
    """A ticket as a list shows it; `waits` in minutes, `mine`: held by, `to_me`: addressed to, whoever looks."""

    row: TicketRow
    waits: int
    door: str
    reason: str
    state: str
    words: str
    mine: bool
    to_me: bool

    @property
    def fresh(self) -> bool:
        """Whether the visitor has said something since they were last told something; who calls says it aloud."""
        told, spoken = self.row.told, self.row.spoken
        return self.row.door != PHONE and told is not None and (spoken is None or told > spoken)

    @property
    def minutes(self) -> str:
        """刚刚, 5分钟, 3小时, 2天."""
        if self.waits < 1:
            return "刚刚"
        if self.waits < 120:
            return f"{self.waits}分钟"
        return f"{self.waits // 60}小时" if self.waits < 2880 else f"{self.waits // 1440}天"


@router.get("/queue")
async def queue(request: Request, conductor: Taker, person: Officer) -> Response:
    """What waits, what is held, what was closed today, the conversations that run."""
    if LIVE not in request.headers:
        await here(person, conductor)
    talks = await conductor.off_the_loop(conductor.store.talks, TALKS_SHOWN)
    closed = await conductor.off_the_loop(conductor.store.closed_tickets, CLOSED_SHOWN)
    today = conductor.now().astimezone(BEIJING).date()
    return shown(
        request, "desk/queue.html", **await standing(conductor, person), talks=talks[:20], doors=DOORS,
        closed=[(one, outcome(one)) for one in closed if one.closed and one.closed.astimezone(BEIJING).date() == today],
        clock=clock,
    )  # fmt: skip


@router.get("/mine")
async def mine(request: Request, conductor: Taker, person: Officer) -> Response:
    """The bar of the officer's open tickets alone, to be put in the place of an older one."""
    return shown(request, "desk/mine.html", mine=await held(conductor, person.name), no=0)


@router.post("/calls")
async def call(request: Request, conductor: Taker, person: Officer) -> Response:
    """A phone call, or a conversation taken over: its ticket, opened."""
    await here(person, conductor)
    chat = (await form_of(request)).get("chat", "")
    if chat and not (chat.isascii() and chat.isdigit() and len(chat) < 16):
        raise Fault(422, "会话号应是数字，请从列表里点。")
    row = await taken_over(conductor, person, int(chat) if chat else None)
    return RedirectResponse(f"/desk/tickets/{row.no}", 303)


async def standing(conductor: Conductor, person: Person) -> dict[str, Any]:
    """What the queue's list is drawn from, here and on the first page.

    `alarm`: the raised tickets, for editors and administrators, who see them before everything else.
    """
    rows = await conductor.off_the_loop(conductor.store.queue)
    now = conductor.now()
    items = [await item(conductor, row, person.name, now) for row in rows]
    alarm = [one for one in items if one.row.state == "raised"] if person.may("editor") else []
    items.sort(key=lambda one: (one not in alarm, not (one.to_me and not one.mine), _rank(one)))
    waiting = sum(row.state != "taken" for row in rows)
    hours = hours_at(conductor.library.desk, now.astimezone(BEIJING))
    return {
        "items": items, "waiting": waiting, "hours": hours, "no": 0, "alarm": alarm,
        "mine": [one for one in items if one.mine],
    }  # fmt: skip


def _rank(one: Item) -> int:
    return ("raised", "waiting", "taken").index(one.row.state)


async def held(conductor: Conductor, me: str) -> list[Item]:
    """The officer's open tickets, by number."""
    now = conductor.now()
    return [await item(conductor, row, me, now) for row in await conductor.off_the_loop(conductor.store.held_by, me)]


async def item(conductor: Conductor, row: TicketRow, me: str, now: datetime) -> Item:
    """A ticket as a list shows it to somebody."""
    waits = int((now - row.waits).total_seconds() // 60)
    return Item(
        row, max(0, waits), DOORS.get(row.door, row.door), REASONS.get(row.reason, row.reason), STATES[row.state],
        await first_words(conductor, row), row.holder == me, row.addressed == me,
    )  # fmt: skip


async def first_words(conductor: Conductor, row: TicketRow) -> str:
    """The beginning of the sentence that was not answered; looked for again where the visitor has said something."""
    kept, as_it_is = _words.setdefault(conductor, OrderedDict()), (row.visitor, row.told, row.state, row.claimed)
    before, words = kept.get(row.no, (None, ""))
    if before != as_it_is:
        talk = await conductor.transcript(row.visitor, LAST)
        words = " ".join(unanswered([(one.message, one.reply) for one in talk], heard_since(talk)).split())
        words = words if len(words) <= WORDS else f"{words[:WORDS]}…"
        kept[row.no] = (as_it_is, words)
        if len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return words


def outcome(row: TicketRow) -> str:
    """What came of a closed ticket."""
    if row.outcome in ("closed", ""):
        return STATES["closed"]
    return WITHOUT_AN_OFFICER.get(row.outcome, row.outcome)


def clock(at: datetime) -> str:
    """14:03, in Beijing."""
    return f"{at.astimezone(BEIJING):%H:%M}"
