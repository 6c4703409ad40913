"""The JSON door: open a conversation, send messages to it, get the reply object that every door draws."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import JSONResponse

from bot.api_forms import NoReply, Opened, ReplyForm, ResultsForm, Said, TranscriptForm
from bot.assessing import read_json
from bot.conductor import Conductor
from bot.limits import Limits
from bot.problems import Fault, described
from bot.store import Exchange
from dialogs.assessing import BadRequest, assess
from dialogs.handover import is_for_a_ticket
from dialogs.messages import Choice, Text

UPDATE = r"^[A-Za-z0-9_.:-]{1,64}$"
"""What a client may call its message, so that a repeated one is answered once."""

SHOWN = 50
"""Exchanges that are given at a time."""

router = APIRouter(prefix="/api", tags=["会话"])


class UnescapedJSON(JSONResponse):
    """JSON in UTF-8 as it is."""


def conductor_of(request: Request) -> Conductor:
    """The conductor of this process."""
    found: Conductor = request.app.state.conductor
    return found


def limits_of(request: Request) -> Limits:
    """The limits of this process."""
    found: Limits = request.app.state.limits
    return found


def address_of(request: Request) -> str:
    """Where a request comes from, as far as a proxy in front tells."""
    return request.client.host if request.client else ""


Taker = Annotated[Conductor, Depends(conductor_of)]
Gauge = Annotated[Limits, Depends(limits_of)]


@router.post(
    "/conversations",
    status_code=201,
    summary="新开一个会话",
    description="之后的消息都发到这个编号名下；有编号的人就能接着问。",
    responses=described(429),
)
async def open_conversation(request: Request, conductor: Taker, limits: Gauge) -> Opened:
    """Its id names the conversation from now on; whoever has it can go on with it."""
    limits.openings.take(address_of(request))
    return Opened(id=(await conductor.open("api")).partition(":")[2])


@router.post(
    "/conversations/{id}/messages",
    summary="发一条消息，得到答复",
    description="text（一句话）或choose（选项的value），二者之一；由人接手的时候没有答复，reply是null。",
    response_model=ReplyForm | NoReply,
    responses=described(400, 404, 413, 422, 429),
)
async def send_message(
    said: Said,
    request: Request,
    conductor: Taker,
    limits: Gauge,
    id_: Annotated[str, Path(alias="id", max_length=64)],
    key: Annotated[
        str | None, Header(alias="Idempotency-Key", pattern=UPDATE, description="重发时不会再答一遍")
    ] = None,
) -> Any:
    """`text` or `choose`, one of them."""
    if len(said.model_fields_set) != 1:
        raise Fault(422, '请求应含text或choose之一，如{"text": "流片最多补多少"}。')
    visitor = await _known(id_, request, conductor, limits)
    limits.messages.take(visitor)
    message = Text(said.text) if "text" in said.model_fields_set else Choice(said.choose)
    reply = await conductor.take(visitor, message, update=key)
    return UnescapedJSON(reply.as_json() if reply else {"reply": None})


@router.get(
    "/conversations/{id}/messages",
    summary="看会话到现在说了什么",
    description="由人接手的时候，工作人员的话从这里取；after是已看到的最后一条的update。",
    response_model=TranscriptForm,
    responses=described(404, 422, 429),
)
async def read_messages(
    request: Request,
    conductor: Taker,
    limits: Gauge,
    id_: Annotated[str, Path(alias="id", max_length=64)],
    after: Annotated[str, Query(max_length=64)] = "",
) -> Any:
    """The last exchanges, oldest first; those after an update."""
    visitor = await _known(id_, request, conductor, limits)
    limits.readings.take(visitor)
    talk = [one for one in await conductor.transcript(visitor, SHOWN) if one.reply or not is_for_a_ticket(one.message)]
    at = next((number for number, one in enumerate(talk, 1) if one.update == after), 0)
    return UnescapedJSON({"messages": [_exchange(one) for one in talk[at:]]})


async def _known(id_: str, request: Request, conductor: Conductor, limits: Limits) -> str:
    """The visitor of an id; whoever asks for one that leads nowhere has guessed."""
    visitor = f"api:{id_}"
    if not await conductor.knows(visitor):
        limits.guesses.take(address_of(request))
        raise Fault(404, "没有这个会话，请先用 POST /api/conversations 新开一个。")
    return visitor


def _exchange(one: Exchange) -> dict[str, Any]:
    said = one.message
    return {
        "update": one.update,
        "at": one.at.isoformat(timespec="seconds"),
        "text": said.text if isinstance(said, Text) else None,
        "choose": said.value if isinstance(said, Choice) else None,
        "reply": one.reply.as_json() if one.reply else None,
    }


@router.post(
    "/assess",
    tags=["测算"],
    summary="只凭事实判断",
    description="各方向的结论、最高金额、差多少、要办的事、怎么报最划算、找谁；只按指南正文预判，不是审批结果。",
    response_model=ResultsForm,
    responses=described(413, 422, 429),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AssessRequest"}}},
        }
    },
)
async def assess_facts(request: Request, conductor: Taker, limits: Gauge) -> Any:
    """What `policydesk assess` prints for the same request."""
    limits.assessments.take(address_of(request))
    body = await request.body()
    try:
        asked = read_json(body, "请求")
        found = await conductor.off_the_loop(assess, asked, conductor.library, conductor.today())
    except BadRequest as bad:
        raise Fault(422, f"{bad}。") from None
    return UnescapedJSON(found)
