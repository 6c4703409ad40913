"""What comes in, inside the writer's transactions: the inbox, what is due, and the turn with all that it keeps."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from bot import sqlite_counting, sqlite_erasing, sqlite_tickets
from bot.kept import keep_conversation, keep_message, keep_reply, kept_message
from bot.mail import sqlite_mail
from bot.staffgroup import sqlite_group
from bot.store import AGAIN, DESK, SENDING, Exchange, Held, Repeated, Stale, Update
from dialogs.conversation import Conversation
from dialogs.handover import is_for_a_ticket
from dialogs.messages import Effect


def line_of(visitor: str) -> str | None:
    """What a visitor's replies are sent on, at the doors that send: the chat."""
    return ":".join(visitor.split(":")[:2]) if door_of(visitor) in SENDING else None


def open_conversation(db: sqlite3.Connection, visitor: str, at: str) -> int:
    """The number of the visitor's conversation, kept now if it wasn't."""
    row = db.execute("select id from conversations where visitor = ?", (visitor,)).fetchone()
    if row is not None:
        return int(row[0])
    sql = "insert into conversations (visitor, door, opened_at, changed_at) values (?, ?, ?, ?)"
    return db.execute(sql, (visitor, door_of(visitor), at, at)).lastrowid or 0


_OPENED_BY = f"""
select c.visitor, c.opened_at, (select count(*) from messages m
    where m.conversation = c.id and m.direction = 'in' and m.manner is not '{DESK}') as said
from conversations c where c.opened_by = ?
"""


def open_by(db: sqlite3.Connection, visitor: str, at: datetime, by: str | None) -> str:
    """The visitor whose conversation a message has opened already, or who is kept now."""
    row = db.execute(_OPENED_BY, (by,)).fetchone() if by else None
    if row is not None and row[2] <= 1 and at - datetime.fromisoformat(row[1]) < AGAIN:
        return str(row[0])
    opened = open_conversation(db, visitor, at.isoformat())
    if by and row is None:
        db.execute("update conversations set opened_by = ? where id = ?", (by, opened))
    return visitor


def taken(db: sqlite3.Connection, conversation: int, update: str) -> bool:
    """Whether a conversation has moved on by an update already."""
    sql = 'select 1 from messages where conversation = ? and "update" = ?'
    return db.execute(sql, (conversation, update)).fetchone() is not None


def accept(db: sqlite3.Connection, update: Update) -> bool:
    """Put an update into the inbox; whether it is new."""
    known = db.execute("select id from conversations where visitor = ?", (update.visitor,)).fetchone()
    if known and taken(db, known[0], update.update):
        return False
    sql = (
        'insert into inbox (visitor, place, "update", at, body, manner) values (?, ?, ?, ?, ?, ?)'
        ' on conflict (visitor, "update") do nothing'
    )
    at, body = update.at.isoformat(), keep_message(update.message)
    values = (update.visitor, update.place, update.update, at, body, update.manner)
    return db.execute(sql, values).rowcount == 1


def commit(
    db: sqlite3.Connection, held: Held, exchange: Exchange, after: Conversation, effects: tuple[Effect, ...]
) -> tuple[str | None, int]:
    """The turn; the line of its reply, if that is to be sent, and the reply's number."""
    at = exchange.at.isoformat()
    conversation = open_conversation(db, exchange.visitor, at)
    if exchange.update is not None:
        check_turn(db, conversation, exchange.visitor, exchange.update)
    moved = db.execute(
        "update conversations set state = ?, revision = revision + 1, changed_at = ? where id = ? and revision = ?",
        (keep_conversation(after), at, conversation, held.revision),
    ).rowcount
    if not moved:
        raise Stale
    came, conversation = conversation, _erased(db, conversation, exchange.visitor, after, effects, at)
    said = _keep_said(db, conversation, exchange, at)
    sqlite_counting.keep(db, exchange, held.conversation, after, came, said)
    for effect in effects:
        sqlite_tickets.keep(db, effect.kind, effect.about, conversation, said, at)
        sqlite_mail.keep(db, effect.kind, effect.about, at)
        if effect.kind == "letter":  # its words stand in the outbox, and nowhere else
            continue
        about = json.dumps(dict(effect.about), ensure_ascii=False)
        db.execute("insert into effects (message, kind, about) values (?, ?, ?)", (said, effect.kind, about))
    sqlite_group.keep(db, exchange.update, after.ticket.no if after.ticket else 0, effects, at)
    if exchange.reply is None:
        return None, 0
    line = line_of(exchange.visitor)
    body, packed = keep_reply(exchange.reply)
    kept = db.execute(
        "insert into messages (conversation, door, direction, at, answers, body, packed, line, outcome)"
        " values (?, ?, 'out', ?, ?, ?, ?, ?, ?)",
        (conversation, door_of(exchange.visitor), at, said, body, packed, line, None if line else "sent"),
    )
    return line, kept.lastrowid or 0


def _erased(
    db: sqlite3.Connection, conversation: int, visitor: str, after: Conversation, effects: tuple[Effect, ...], at: str
) -> int:
    """The number of the conversation that goes on: a new one where what was kept is erased."""
    receipt = next((effect.about["receipt"] for effect in effects if effect.kind == "erase"), None)
    if receipt is None:
        return conversation
    sqlite_group.erased(db, conversation, at)
    sqlite_erasing.erase(db, conversation, visitor, receipt, at)
    fresh = open_conversation(db, visitor, at)
    db.execute("update conversations set state = ?, revision = 1 where id = ?", (keep_conversation(after), fresh))
    return fresh


def check_turn(db: sqlite3.Connection, conversation: int, visitor: str, update: str) -> None:
    """Take the update out of the inbox; `Repeated` if it was taken, `Stale` if it isn't its turn."""
    if taken(db, conversation, update):
        raise Repeated
    sql = 'select id, "update" from inbox where visitor = ? order by place, id limit 1'
    first = db.execute(sql, (visitor,)).fetchone()
    if first is None:
        return
    if first[1] != update:
        raise Stale
    db.execute("delete from inbox where id = ?", (first[0],))


def _keep_said(db: sqlite3.Connection, conversation: int, exchange: Exchange, at: str) -> int:
    sql = (
        'insert into messages (conversation, door, direction, at, "update", body, manner)'
        " values (?, ?, 'in', ?, ?, ?, ?)"
    )
    body, door = keep_message(exchange.message), door_of(exchange.visitor)
    manner = DESK if is_for_a_ticket(exchange.message) else exchange.manner or None
    values = (conversation, door, at, exchange.update, body, manner)
    return db.execute(sql, values).lastrowid or 0


def ripen(db: sqlite3.Connection, now: str) -> list[str]:
    """Put what is due into the inbox; the visitors."""
    sql = 'select visitor, "update", body, manner from dues where at <= ? order by at'
    due = db.execute(sql, (now,)).fetchall()
    for visitor, update, body, manner in due:
        when = datetime.fromisoformat(now)
        accept(db, Update(visitor, update, when, kept_message(body), 0, manner))
        db.execute('delete from dues where visitor = ? and "update" = ?', (visitor, update))
    return list(dict.fromkeys(row[0] for row in due))


def door_of(visitor: str) -> str:
    """The door by which a visitor came."""
    return visitor.partition(":")[0]
