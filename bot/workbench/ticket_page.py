"""One ticket on one screen: the talk at the left, what to say at the right, a place to write for each reader.

The page works by its forms; with its script the same forms are sent quietly and the page that comes back is taken
apart, so that whatever is drawn is drawn here. The form that reaches the visitor and the one of the notes have nothing
in common: `say` and `note` are two calls, and only `say` moves the conversation.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.api import UPDATE, Taker
from bot.conductor import Conductor
from bot.mail.doing import carded, written
from bot.mail.showing import LOG_NAMES, mail_json
from bot.page import spoken_options, words_of
from bot.problems import Fault
from bot.store import Exchange
from bot.tickets import TicketRow
from bot.web import form_of
from bot.workbench import doing
from bot.workbench.acting import PHONE, Seen, own_words, row_of, seen
from bot.workbench.attendance import here
from bot.workbench.guard import Officer
from bot.workbench.labels import DOORS, EVENTS, REASONS, STATES, VERDICTS
from bot.workbench.queue_page import LIVE, clock, held, item, outcome
from bot.workbench.shell import shown
from bot.workbench.staff_store import Account
from bot.workbench.ticket_mail import answer_text, to_ask
from dialogs.messages import Choice, Happened, Text
from dialogs.reading_out import read_out
from knowledge.spelling import LONGEST

router = APIRouter(prefix="/desk/tickets", include_in_schema=False)


@dataclass(frozen=True)
class Said:
    """One thing in the talk: who (visitor, assistant, officer, desk), their name, when, the words.

    `fate`: what is to be said where it has not reached the visitor.
    """

    who: str
    name: str
    at: str
    text: str
    fate: str = ""


NAMES = {**LOG_NAMES, **EVENTS}
FATES = {"gone": "没有送到：对方停用了机器人", "refused": "没有送到：Telegram不收"}
LATE = "还没有送到"


@router.get("/{no}")
async def ticket(no: int, request: Request, conductor: Taker, person: Officer, answer: str = "") -> Response:
    """All that an officer needs to know what to say; `answer`: that of a contact to begin the reply with."""
    row = await row_of(conductor, no)
    if LIVE not in request.headers:
        await here(person, conductor)
    await doing.looked(conductor, person, no)
    found = await seen(conductor, row)
    store, library = conductor.store, conductor.library
    reply = found.package.suggestion
    staff = await conductor.off_the_loop(store.staff)
    mail = await mail_json(conductor, no)
    return shown(
        request, "desk/ticket.html", row=row, no=no, may=_may(row, person.name), phone=row.door == PHONE,
        item=await item(conductor, row, person.name, conductor.now()), outcome=outcome(row), states=STATES,
        talk=list(_talk(found)), package=found.package, mail=mail, begun=answer_text(mail, answer),
        contacts=await to_ask(conductor, found.package.contacts), heard=read_out(reply) if reply else "",
        answer=own_words(reply, library) if reply else "",
        verdicts=VERDICTS, mine=await held(conductor, person.name), clock=clock, doors=DOORS, reasons=REASONS,
        notes=await conductor.off_the_loop(store.notes, no),
        log=[(one, NAMES.get(one.event, one.event)) for one in await conductor.off_the_loop(store.ticket_log, no)],
        colleagues=[one.person.name for one in staff if _may_hold(one) and one.person.name != person.name],
        canned=_canned(conductor), outcomes=library.canned.outcomes,
    )  # fmt: skip


@router.post("/{no}/{verb}")
async def do(no: int, verb: str, request: Request, conductor: Taker, person: Officer) -> Response:
    """One of the page's forms: the act, and the page again."""
    await here(person, conductor)
    form = await form_of(request)
    text = form.get("text", "").strip()
    if len(text) > LONGEST:
        raise Fault(422, f"一次最多写{LONGEST}个字，请分几次。")
    if verb in ("say", "note") and not text:
        raise Fault(422, "还没有写字，没有发出。" if verb == "say" else "还没有写字，没有记下。")
    if verb == "note":
        await doing.noted(conductor, person, no, text, _key(form))
    elif verb == "heard":
        await doing.heard(conductor, person, no, _heard(form, text))
    elif verb == "card":
        await carded(conductor, person, no, form.get("to", "")[:100], _key(form))
    elif verb == "mail":
        to, case = form.get("to", "")[:100], bool(form.get("case"))
        await written(conductor, person, no, to, case=case, text=text, key=_key(form))
    elif verb in doing.VERBS:
        to = form.get("to", "")
        if verb == "transfer" and not to:
            raise Fault(422, "请先选一位同事再转。")
        if verb == "close":
            text = "：".join(filter(None, (form.get("outcome", "")[:100], text)))
        await doing.done(conductor, person, verb, no, to=to[:100], text=text, key=_key(form))
        if verb == "say":
            await conductor.off_the_loop(conductor.store.attend, no, person.name, conductor.now(), typing=False)
    else:
        raise Fault(404, "工单上没有这个操作，请刷新页面再试。")
    return RedirectResponse(f"/desk/tickets/{no}", 303)


def _key(form: Mapping[str, str]) -> str | None:
    """The form's name for its act: what is sent twice is done once, and other words are another act."""
    key = form.get("key", "")
    said = hashlib.sha256(form.get("text", "").encode("utf-8", "replace")).hexdigest()[:16]
    return f"{key}.{said}" if re.fullmatch(UPDATE, key) else None


def _may_hold(account: Account) -> bool:
    return account.disabled is None and account.password is not None


def _heard(form: Mapping[str, str], text: str) -> Text | Choice:
    if form.get("choose"):
        return Choice(form["choose"][:200])
    if not text:
        raise Fault(422, "请写下来电的人说的话，或点一个选项。")
    return Text(text)


def _may(row: TicketRow, me: str) -> str:
    """What somebody may do: mine (write), free (claim), other (look), closed."""
    if row.state == "taken":
        return "mine" if row.holder == me else "other"
    return "closed" if row.state == "closed" else "free"


def _canned(conductor: Conductor) -> list[dict[str, Any]]:
    texts, slots = conductor.library.canned.texts, conductor.library.canned_slots
    return [{"title": one.title, "initials": one.initials, "text": one.filled(slots)} for one in texts]


def _talk(found: Seen) -> Iterator[Said]:
    """The conversation, each thing by who said it; a caller's words with what they were answered aloud."""
    labels: dict[str, str] = {}
    caller = "来电者" if found.row.door == PHONE else "来访者"
    words = [one for one in found.talk if one.reply is None and not isinstance(one.message, Happened)]
    aloud = dict(zip(map(id, words[-len(found.read_out) :]), found.read_out, strict=True)) if found.read_out else {}
    for one in found.talk:
        yield from _said(one, labels, caller, found.row)
        labels |= spoken_options(one.reply)
        if said := aloud.get(id(one)):
            labels |= spoken_options(said)
            yield Said("assistant", "念给来电者听的", clock(one.at), read_out(said))


def _said(one: Exchange, labels: Mapping[str, str], caller: str, row: TicketRow) -> Iterator[Said]:
    at, reply = clock(one.at), one.reply
    if isinstance(one.message, Happened):
        if reply is None:
            return
        fate = FATES.get(one.lost, LATE if row.door == "tg" and not one.sent else "")
        if one.message.event in ("said", "carded"):
            words = one.message.text if one.message.event == "said" else reply.text
            yield Said("officer", one.message.by, at, words, fate)
        else:
            who = "、".join(filter(None, (one.message.by, "" if one.message.event == "mailed" else one.message.to)))
            yield Said("desk", who, at, _event(one.message.event, row), fate)
        return
    yield Said("visitor", caller, at, words_of(one.message, labels) or "（没有文字）")
    if reply is not None:
        yield Said("assistant", "助手", at, reply.text)


def _event(event: str, row: TicketRow) -> str:
    """What happened, as the talk tells it."""
    if event == "mailed":
        return "写信给联系人，问对方同不同意附上情况"
    return "接起电话" if row.door == PHONE and event == "called" else EVENTS[event]
