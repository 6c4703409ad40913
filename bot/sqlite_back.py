"""What was kept, read back from its rows: a conversation, an exchange; and a visitor's word on a reply."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.kept import kept_conversation, kept_message, kept_reply
from bot.sqlite_file import Row
from bot.store import Exchange, Held

EXCHANGES = """
select c.visitor, m."update", m.at, m.body, m.manner, a.id, a.body, a.packed, a.outcome, f.useful
from messages m join conversations c on c.id = m.conversation
left join messages a on a.answers = m.id left join feedback f on f.message = a.id
"""


def rate(db: sqlite3.Connection, visitor: str, update: str, useful: bool, at: str) -> bool:
    """Keep the visitor's word on the reply to an update; False if there is no such reply."""
    row = db.execute(f'{EXCHANGES} where c.visitor = ? and m."update" = ?', (visitor, update)).fetchone()
    if row is None or row[5] is None:
        return False
    db.execute(
        "insert into feedback (message, useful, at) values (?, ?, ?)"
        " on conflict (message) do update set useful = excluded.useful, at = excluded.at",
        (row[5], int(useful), at),
    )
    return True


def held_in(state: str | None, revision: int) -> Held:
    """A conversation as it is kept in its row."""
    return Held(kept_conversation(state) if state else None, revision)


def exchange_in(row: Row) -> Exchange:
    """A message and its reply, in a row of `EXCHANGES`."""
    visitor, update, at, said, manner, answer, body, packed, outcome, useful = row
    return Exchange(
        visitor=visitor,
        update=update,
        at=datetime.fromisoformat(at),
        message=kept_message(said),
        reply=kept_reply(body, packed) if answer is not None else None,
        useful=None if useful is None else bool(useful),
        sent=outcome == "sent" and answer is not None,
        manner=manner or "",
        lost=outcome if outcome in ("refused", "gone") else "",
    )
