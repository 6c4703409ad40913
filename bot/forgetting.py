"""`policydesk forget --before DAY`: what was said in conversations that ended before a day goes, while it is served.

What is counted stays: of each message its day, direction, door and fate, of each reply whether it was called useful.
Texts, replies, what was told, who it was and when in the day go, with everything kept beside a conversation (links and
codes, wishes, what is due). The freed pages are overwritten. A conversation in which something still waits is left.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path

from bot.handing_on import BEIJING
from bot.sqlite_store import FILE, connect, why
from bot.store import StoreFault

TOGETHER = 200
"""Conversations of one transaction: who writes meanwhile doesn't wait for long."""

_DAY = "date({0}, '+8 hours') || 'T12:00:00+08:00'"
"""A time as the day (in Beijing) that it stands in."""

_OVER = """
select c.id, c.visitor from conversations c
where julianday(c.changed_at) < julianday(?) and c.visitor not like '%:gone:%'
and not exists (select 1 from inbox i where i.visitor = c.visitor)
and not exists (select 1 from messages m where m.conversation = c.id and m.direction = 'out' and m.outcome is null)
order by c.id limit ?
"""

_FORGET = (
    "update effects set about = json_object('reason', json_extract(about, '$.reason'))"
    " where message in (select id from messages where conversation = :id)",
    f"update feedback set at = {_DAY.format('at')} where message in (select id from messages where conversation = :id)",
    'update messages set body = null, packed = null, "update" = null, line = null, sent_at = null,'
    f" at = {_DAY.format('at')} where conversation = :id",
    f"update conversations set visitor = :gone, state = null, opened_at = {_DAY.format('opened_at')},"
    f" changed_at = {_DAY.format('changed_at')} where id = :id",
    "delete from cases where visitor = :visitor",
    "delete from code_tries where visitor = :visitor",
    "delete from wishes where visitor = :visitor",
    "delete from dues where visitor = :visitor",
)


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
            for sql in _FORGET:
                db.execute(sql, {"id": number, "visitor": visitor, "gone": gone})
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")
    return len(over)
