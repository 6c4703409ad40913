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


_ACCEPT = """
insert into inbox (visitor, place, "update", at, body, manner) select ?, ?, ?, ?, ?, ? where not exists (
    select 1 from messages m join conversations c on c.id = m.conversation where c.visitor = ? and m."update" = ?
) on conflict (visitor, "update") do nothing
"""


def accept(db: sqlite3.Connection, update: Update) -> bool:
    """Put an update into the inbox; whether it is new."""
    at, body = update.at.isoformat(), keep_message(update.message)
    values = (update.visitor, update.place, update.update, at, body, update.manner)
    return db.execute(_ACCEPT, (*values, update.visitor, update.update)).rowcount == 1


def commit(
    db: sqlite3.Connection, held: Held, exchange: Exchange, after: Conversation, effects: tuple[Effect, ...]
) -> tuple[str | None, int]:
    """The turn; the line of its reply, if that is to be sent, and the reply's number."""
    at = exchange.at.isoformat()
    conversation = _moved(db, held, exchange, keep_conversation(after), at)
    came, conversation = conversation, _erased(db, conversation, exchange.visitor, after, effects, at)
    kind = sqlite_counting.keep(db, exchange, held.conversation, after, came)
    said = _keep_said(db, conversation, exchange, kind, at)
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


_MOVE = "update conversations set state = ?, revision = revision + 1, changed_at = ?"


def _moved(db: sqlite3.Connection, held: Held, exchange: Exchange, state: str, at: str) -> int:
    """The number of the conversation that this turn has moved on; `Stale` or `Repeated` where it may not."""
    visitor, moving = exchange.visitor, (state, at)
    known = db.execute(f"{_MOVE} where visitor = ? and revision = ? returning id", (*moving, visitor, held.revision))
    moved = known.fetchall()
    conversation = int(moved[0][0]) if moved else open_conversation(db, visitor, at)
    if exchange.update is not None:
        check_turn(db, conversation, visitor, exchange.update)
    if not (
        moved or db.execute(f"{_MOVE} where id = ? and revision = ?", (*moving, conversation, held.revision)).rowcount
    ):
        raise Stale
    return conversation


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


_LEAVE = """
delete from inbox where visitor = ?1 and "update" = ?2 and id = (
    select id from inbox where visitor = ?1 order by place, id limit 1
)
"""


def check_turn(db: sqlite3.Connection, conversation: int, visitor: str, update: str) -> None:
    """Take the update out of the inbox; `Repeated` if it was taken, `Stale` if it isn't its turn."""
    if db.execute(_LEAVE, (visitor, update)).rowcount:
        return
    if taken(db, conversation, update):
        raise Repeated
    if db.execute("select 1 from inbox where visitor = ? limit 1", (visitor,)).fetchone():
        raise Stale


def _keep_said(db: sqlite3.Connection, conversation: int, exchange: Exchange, kind: int | None, at: str) -> int:
    sql = (
        'insert into messages (conversation, door, direction, at, "update", body, manner, kind)'
        " values (?, ?, 'in', ?, ?, ?, ?, ?)"
    )
    body, door = keep_message(exchange.message), door_of(exchange.visitor)
    values = (conversation, door, at, exchange.update, body, manner_of(exchange) or None, kind)
    return db.execute(sql, values).lastrowid or 0


def manner_of(exchange: Exchange) -> str:
    """The manner under which a message is kept."""
    return DESK if is_for_a_ticket(exchange.message) else exchange.manner


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
