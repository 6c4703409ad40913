"""`policydesk forget --before DAY`: what was said in conversations that ended before a day goes, while it is served.

What is counted stays: of each message its day, direction, door and fate, of each reply whether it was called useful.
Texts, what was told, who it was and when in the day go, with everything kept beside a conversation (links and codes,
wishes, what is due, the words of tickets). The freed pages are overwritten. A conversation in which something still
waits, or of which a ticket is open, is left.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path

from bot.handing_on import BEIJING
from bot.published import FILE
from bot.sqlite_erasing import empty
from bot.sqlite_file import connect, why
from bot.store import StoreFault

TOGETHER = 200
"""Conversations of one transaction: who writes meanwhile doesn't wait for long."""

_OVER = """
select c.id, c.visitor from conversations c
where julianday(c.changed_at) < julianday(?) and c.visitor not like '%:gone:%'
and not exists (select 1 from tickets t where t.conversation = c.id and t.closed_at is null)
and not exists (select 1 from inbox i where i.visitor = c.visitor)
and not exists (select 1 from messages m where m.conversation = c.id and m.direction = 'out' and m.outcome is null)
order by c.id limit ?
"""


def forget(folder: Path, before: date, today: date) -> int:
    """Forget the conversations whose last message is older than a day; how many. Raises `StoreFault`."""
    if before > today:
        raise StoreFault(f"{before} 还没有到，请写今天或更早的一天。")
    if not (folder / FILE).is_file():
        raise StoreFault(f"数据文件夹 {folder} 里还没有数据，没有可清除的。")
    start, count = datetime.combine(before, time(), BEIJING).isoformat(), 0
    try:
        with closing(connect(folder / FILE)) as db:
            db.execute("pragma secure_delete = on")
            while some := _forget_some(db, start):
                count += some
            db.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.Error as error:
        raise StoreFault(why(folder, error)) from None
    return count


def _forget_some(db: sqlite3.Connection, start: str) -> int:
    db.execute("begin immediate")
    try:
        over = db.execute(_OVER, (start, TOGETHER)).fetchall()
        for number, visitor in over:
            gone = f"{visitor.partition(':')[0]}:gone:{secrets.token_urlsafe(9)}"
            empty(db, number, visitor, gone)
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")
    return len(over)
