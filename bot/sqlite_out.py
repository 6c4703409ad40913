"""The outbox and the holding of lines, inside the writer's transactions.

A row of `lines` stands only while a line is held or put off; holding is by a worker's name, and `bury` frees by it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from bot.kept import kept_reply
from bot.store import Parcel

DUE = """
select m.line from messages m left join lines l on l.line = m.line
where m.line is not null and m.outcome is null and l.holder is null and (l.due is null or l.due <= ?)
group by m.line order by min(m.id) limit ?
"""

_FIRST = """
select a.id, a.line, c.visitor, coalesce(m."update", a."update"), a.body, a.packed, coalesce(m.manner, a.manner),
    a.parts, coalesce(l.tries, 0)
from messages a join conversations c on c.id = a.conversation
left join messages m on m.id = a.answers left join lines l on l.line = a.line
where a.line = ? and a.outcome is null order by a.id limit 1
"""


_CLAIM_FIRST = """
insert into lines (line, holder) select ?, ? where not exists (
    select 1 from messages where line = ? and outcome is null and id < ?
)
on conflict (line) do update set holder = excluded.holder where holder is null and (due is null or due <= ?)
returning tries
"""


def claim_fresh(db: sqlite3.Connection, parcel: Parcel, worker: str, now: str) -> Parcel | None:
    """The same where a reply has just been kept: mostly it is the first of its line."""
    values = (parcel.line, worker, parcel.line, parcel.id, now)
    held = db.execute(_CLAIM_FIRST, values).fetchall()
    return replace(parcel, tries=held[0][0]) if held else claim(db, parcel.line, worker, now)


def claim(db: sqlite3.Connection, line: str, worker: str, now: str) -> Parcel | None:
    """Hold the line if it is free and due, and something waits on it; its first parcel."""
    first = _first(db, line)
    if first is None:
        return None
    taken = db.execute(
        "insert into lines (line, holder) values (?, ?)"
        " on conflict (line) do update set holder = excluded.holder where holder is null and (due is null or due <= ?)",
        (line, worker, now),
    ).rowcount
    return first if taken else None


_LET_GO = """
delete from lines where line = ?1 and not exists (select 1 from messages where line = ?1 and outcome is null)
"""


def part_sent(db: sqlite3.Connection, parcel: Parcel, parts: int) -> None:
    """So many of the parcel's messages have been sent; whatever was in the way is over."""
    db.execute("update messages set parts = ? where id = ?", (parts, parcel.id))
    if parcel.tries:
        db.execute("update lines set tries = 0, due = null where line = ?", (parcel.line,))


def posted(db: sqlite3.Connection, parcel: Parcel, at: str, outcome: str) -> Parcel | None:
    """The parcel is done with; the next of its line, or the line is free."""
    db.execute("update messages set sent_at = ?, outcome = ? where id = ?", (at, outcome, parcel.id))
    if db.execute(_LET_GO, (parcel.line,)).rowcount:
        return None
    return _first(db, parcel.line)


def put_off(db: sqlite3.Connection, parcel: Parcel, until: str) -> None:
    """Nobody holds the line, and nobody claims it before a time."""
    db.execute("update lines set holder = null, due = ?, tries = tries + 1 where line = ?", (until, parcel.line))


def retire(db: sqlite3.Connection, line: str, at: str) -> None:
    """What waits on the line is not sent."""
    sql = "update messages set sent_at = ?, outcome = 'gone' where line = ? and outcome is null"
    db.execute(sql, (at, line))
    db.execute("delete from lines where line = ?", (line,))


def hold(db: sqlite3.Connection, task: str, worker: str) -> bool:
    """Whether the task is ours."""
    db.execute("insert into lines (line, holder) values (?, ?) on conflict (line) do nothing", (task, worker))
    row: tuple[Any, ...] = db.execute("select holder from lines where line = ?", (task,)).fetchone()
    return bool(row[0] == worker)


def let_go(db: sqlite3.Connection, task: str, worker: str) -> None:
    """The task is nobody's, if it was ours."""
    db.execute("delete from lines where line = ? and holder = ?", (task, worker))


def bury(db: sqlite3.Connection, worker: str) -> None:
    """Free all that a worker held; what its lines were put off for still counts."""
    db.execute("delete from lines where holder = ? and line like 'task:%'", (worker,))
    db.execute("update lines set holder = null where holder = ?", (worker,))
    db.execute("delete from lines where holder is null and due is null")


def _first(db: sqlite3.Connection, line: str) -> Parcel | None:
    row = db.execute(_FIRST, (line,)).fetchone()
    if row is None:
        return None
    id_, line, visitor, update, body, packed, manner, parts, tries = row
    return Parcel(id_, line, visitor, update or "", kept_reply(body, packed), manner or "", parts, tries)
