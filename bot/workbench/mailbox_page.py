"""Which mailboxes of the guide's contacts are confirmed, for administrators to read; only an operator confirms one."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, Request, Response

from bot.api import Taker
from bot.handing_on import BEIJING
from bot.workbench.guard import Admin
from bot.workbench.shell import shown
from dialogs.mailing import mailboxes, named

router = APIRouter(prefix="/desk/staff", include_in_schema=False)


@router.get("/mailboxes")
async def confirmed(request: Request, conductor: Taker, person: Admin) -> Response:
    """Every mailbox of the tables, those confirmed first, and those confirmed that the guide names no more."""
    since = await conductor.off_the_loop(conductor.store.mailboxes)
    known = mailboxes(conductor.library)
    gone = [address for address in since if address not in known]
    rows = [(one, named(known.get(one, ())), _day(since.get(one))) for one in (*known, *gone)]
    rows.sort(key=lambda row: row[2] is None)
    return shown(request, "desk/mailboxes.html", rows=rows, count=len(since), mails=conductor.mails)


def _day(at: datetime | None) -> date | None:
    return at.astimezone(BEIJING).date() if at else None
