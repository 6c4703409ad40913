"""The officers' side of tickets as JSON, under /api/desk: the queue, a ticket, what is done with it.

Officers see a conversation by its number, never by its visitor's name: that name is the visitor's key to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.api import UPDATE, Taker, UnescapedJSON
from bot.conductor import Conductor
from bot.handing_on import BEIJING
from bot.mail.showing import mail_json
from bot.page import words_of
from bot.problems import Fault
from bot.store import Exchange
from bot.tickets import TicketRow
from bot.workbench import doing
from bot.workbench.acting import Seen, row_of, seen, suggestion
from bot.workbench.attendance import Here
from bot.workbench.doing import done, left, looked, noted, taken_over
from dialogs.messages import Choice, Happened, Reply, Text
from knowledge.desk_hours import hours_at
from knowledge.spelling import LONGEST

CLOSED_SHOWN, TALKS_SHOWN = 50, 50

router = APIRouter(prefix="/api/desk", include_in_schema=False)
Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=UPDATE, description="重发时不会再办一遍")]


class Form(BaseModel):
    """A body of ours: exactly these keys."""

    model_config = ConfigDict(extra="forbid")


class Words(Form):
    """Words for the visitor, or a note."""

    text: str = Field(min_length=1, max_length=LONGEST)


class Why(Form):
    """Why a ticket is given back or raised, or what came of it; may be left out."""

    text: str = Field(default="", max_length=LONGEST)


class Transfer(Form):
    """To which colleague, and why."""

    to: str = Field(min_length=1, max_length=100)
    text: str = Field(default="", max_length=LONGEST)


class Heard(Form):
    """What a caller says: words, or the value of an option of the suggested answer."""

    text: str = Field(default="", max_length=LONGEST)
    choose: str = Field(default="", max_length=200)


class Call(Form):
    """A conversation to be taken over, by its number; none: a phone call."""

    chat: int | None = None


# --- looking ---------------------------------------------------------------------------------------------------------


@router.get("/queue", summary="在办的工单：等得最久的在前")
async def queue(person: Here, conductor: Taker) -> Response:
    """The open tickets, and the hours."""
    rows = await conductor.off_the_loop(conductor.store.queue)
    hours = hours_at(conductor.library.desk, conductor.now().astimezone(BEIJING))
    waiting = sum(row.state != "taken" for row in rows)
    tickets = [ticket_json(row) for row in rows]
    return UnescapedJSON({"me": person.name, "hours": asdict(hours), "waiting": waiting, "tickets": tickets})


@router.get("/closed", summary="最近办结的工单")
async def closed(person: Here, conductor: Taker) -> Response:
    """The tickets closed last."""
    rows = await conductor.off_the_loop(conductor.store.closed_tickets, CLOSED_SHOWN)
    return UnescapedJSON({"tickets": [ticket_json(row) for row in rows]})


@router.get("/chats", summary="最近在谈的会话，可以接过来")
async def chats(person: Here, conductor: Taker) -> Response:
    """The conversations in which something was said last."""
    talks = await conductor.off_the_loop(conductor.store.talks, TALKS_SHOWN)
    shown = [
        {"chat": one.chat, "door": one.door, "at": _time(one.at), "words": one.words, "ticket": one.ticket or None}
        for one in talks
    ]
    return UnescapedJSON({"chats": shown})


@router.get("/tickets/{no}", summary="一张工单：交接包、对话、备注、经过")
async def ticket(no: int, person: Here, conductor: Taker) -> Response:
    """All that an officer needs to know what to say."""
    await row_of(conductor, no)
    await looked(conductor, person, no)
    return await _whole(conductor, no)


# --- doing -----------------------------------------------------------------------------------------------------------


@router.post("/tickets", status_code=201, summary="接过一个会话，或登记一个电话")
async def take_over(said: Call, person: Here, conductor: Taker) -> Response:
    """A ticket that is the officer's from the start."""
    row = await taken_over(conductor, person, said.chat)
    return await _whole(conductor, row.no, 201)


@router.post("/tickets/{no}/claim", summary="接手")
async def claim(no: int, person: Here, conductor: Taker, key: Key = None) -> Response:
    """One officer gets it; another is told who has it."""
    await done(conductor, person, "claim", no, key=key)
    return await _whole(conductor, no)


@router.post("/tickets/{no}/release", summary="退回队列")
async def release(no: int, why: Why, person: Here, conductor: Taker, key: Key = None) -> Response:
    """It waits for another officer."""
    return await _row(conductor, await done(conductor, person, "release", no, text=why.text, key=key))


@router.post("/tickets/{no}/raise", summary="上报一级")
async def raise_(no: int, why: Why, person: Here, conductor: Taker, key: Key = None) -> Response:
    """A level up."""
    return await _row(conductor, await done(conductor, person, "raise", no, text=why.text, key=key))


@router.post("/tickets/{no}/transfer", summary="转给同事")
async def transfer(no: int, to: Transfer, person: Here, conductor: Taker, key: Key = None) -> Response:
    """It waits, addressed to a colleague; whoever is free may still take it."""
    row = await done(conductor, person, "transfer", no, to=to.to, text=to.text, key=key)
    return await _row(conductor, row)


@router.post("/tickets/{no}/say", summary="回复来访者")
async def say(no: int, words: Words, person: Here, conductor: Taker, key: Key = None) -> Response:
    """The words reach the visitor where they asked."""
    return await _row(conductor, await done(conductor, person, "say", no, text=words.text, key=key))


@router.post("/tickets/{no}/note", status_code=201, summary="记备注：只有值守人员看得到")
async def note(no: int, words: Words, person: Here, conductor: Taker, key: Key = None) -> Response:
    """It stands in a table of its own, from which nothing is ever sent."""
    await noted(conductor, person, no, words.text, key)
    return await _whole(conductor, no, 201)


@router.post("/tickets/{no}/close", summary="办结，还给助手")
async def close(no: int, outcome: Why, person: Here, conductor: Taker, key: Key = None) -> Response:
    """The visitor is asked whether it has helped, and the assistant goes on where it was."""
    return await _row(conductor, await done(conductor, person, "close", no, text=outcome.text, key=key))


@router.post("/tickets/{no}/suggest", summary="来访者要是这么说，助手会怎么答")
async def suggest_(no: int, words: Words, person: Here, conductor: Taker) -> Response:
    """The assistant's answer, said to nobody."""
    reply = await suggestion(conductor, await row_of(conductor, no), words.text)
    return UnescapedJSON({"suggestion": _reply(reply)})


@router.post("/tickets/{no}/heard", summary="电话里说的话，代为输入")
async def heard(no: int, said: Heard, person: Here, conductor: Taker) -> Response:
    """The interview runs on for a caller: the suggestion is what to ask or say next."""
    if len(said.model_fields_set) != 1:
        raise Fault(422, '请求应含text或choose之一，如{"text": "投资3000万"}。')
    message = Choice(said.choose) if "choose" in said.model_fields_set else Text(said.text)
    await doing.heard(conductor, person, no, message)
    return await _whole(conductor, no)


@router.post("/leave", summary="离开：手里的工单退回队列")
async def leave_desk(person: Here, conductor: Taker) -> Response:
    """The numbers that were given back."""
    return UnescapedJSON({"given_back": await left(conductor, person)})


# --- as JSON ---------------------------------------------------------------------------------------------------------


async def _row(conductor: Conductor, row: TicketRow) -> Response:
    return UnescapedJSON({"ticket": ticket_json(row)})


async def _whole(conductor: Conductor, no: int, status: int = 200) -> Response:
    found = await seen(conductor, await row_of(conductor, no))
    notes = await conductor.off_the_loop(conductor.store.notes, no)
    log = await conductor.off_the_loop(conductor.store.ticket_log, no)
    made = {
        "ticket": ticket_json(found.row),
        "package": package_json(found),
        "talk": talk_json(found),
        "notes": [{"at": _time(one.at), "by": one.by, "text": one.text} for one in notes],
        "log": [{**asdict(one), "at": _time(one.at)} for one in log],
        "mail": await mail_json(conductor, no, found.package.contacts),
    }
    return UnescapedJSON(made, status)


def ticket_json(row: TicketRow) -> dict[str, Any]:
    """A ticket without its visitor's name."""
    shown = {key: _time(value) if isinstance(value, datetime) else value for key, value in asdict(row).items()}
    del shown["visitor"]
    return shown


def package_json(found: Seen) -> dict[str, Any]:
    """What the officer is handed."""
    made = found.package
    return {
        "reason": found.row.reason,
        "facts": list(made.facts),
        "verdicts": [asdict(one) for one in made.verdicts],
        "clauses": [vars(one) for one in made.clauses],
        "unanswered": made.unanswered,
        "suggestion": _reply(made.suggestion),
        "contacts": [card.as_json() for card in made.contacts],
    }


def talk_json(found: Seen) -> list[dict[str, Any]]:
    """The conversation, who said what, without names that would let an officer be the visitor."""
    labels: dict[str, str] = {}
    shown = []
    for one in found.talk:
        shown.append(_exchange(one, labels))
        if one.reply:
            labels |= {option.value: option.label for option in one.reply.options}
    return shown


def _exchange(one: Exchange, labels: Mapping[str, str]) -> dict[str, Any]:
    happened = one.message if isinstance(one.message, Happened) else None
    return {
        "at": _time(one.at),
        "said": words_of(one.message, labels),
        "event": happened.event if happened else None,
        "by": happened.by if happened else "",
        "reply": _reply(one.reply),
        "sent": one.sent,
        "lost": one.lost,
    }


def _reply(reply: Reply | None) -> dict[str, Any] | None:
    return reply.as_json() if reply else None


def _time(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="seconds")
