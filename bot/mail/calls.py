"""What an officer does about a named contact: a letter to them, their card to the visitor, what they have attached."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response
from pydantic import Field

from bot.api import Taker, UnescapedJSON
from bot.mail.doing import carded, written
from bot.mail.showing import mail_json
from bot.problems import Fault
from bot.workbench.attendance import Here
from bot.workbench.guard import Audit
from bot.workbench.queue import Form, Key, ticket_json
from knowledge.spelling import LONGEST

router = APIRouter(prefix="/api/desk", include_in_schema=False)


class To(Form):
    """A contact: mailbox, phone, name as the tables have it, or several of these with a space between."""

    to: str = Field(min_length=1, max_length=100)


class LetterTo(To):
    """A contact, whether the visitor's case is to go along, and the question where the officer puts it anew."""

    case: bool = False
    text: str = Field(default="", max_length=LONGEST)


@router.post("/tickets/{no}/card", summary="把联系人名片发给来访者")
async def card(no: int, said: To, person: Here, conductor: Taker, key: Key = None) -> Response:
    """It reaches the visitor where they asked, like the officer's own words."""
    row = await carded(conductor, person, no, said.to, key)
    return UnescapedJSON({"ticket": ticket_json(row)})


@router.post("/tickets/{no}/mail", status_code=201, summary="写信给联系人")
async def mail(no: int, said: LetterTo, person: Here, conductor: Taker, key: Key = None) -> Response:
    """The letter stands in the outbox; where the case is to go along, the visitor is asked first."""
    row = await written(conductor, person, no, said.to, case=said.case, text=said.text, key=key)
    return UnescapedJSON({"ticket": ticket_json(row), "mail": await mail_json(conductor, no)}, 201)


@router.get("/tickets/{no}/mail/{answer}/{n}", summary="答复里的附件")
async def attached(no: int, answer: int, n: int, person: Here, conductor: Taker, audit: Audit) -> Response:
    """As a file to be saved, whatever it says it is: never shown within the desk."""
    found = await conductor.off_the_loop(conductor.store.answer_file, no, answer, n)
    if found is None:
        raise Fault(404, "没有这个附件，或它太大没有存。")
    name, body = found
    await audit(person, "取附件", f"工单{no} 答复{answer}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(body, headers=headers, media_type="application/octet-stream")
