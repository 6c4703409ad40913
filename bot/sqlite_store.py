"""The store on one machine: one SQLite file, write-ahead log, every write in a transaction that is immediate.

A plain `begin` is deferred: two writers that both read first then fail with “database is locked”, whatever the
timeout. `_write` begins immediately instead, and the statements of sqlite-utils join the transaction that is open.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.kept import keep_conversation, keep_message, keep_reply, kept_conversation, kept_message, kept_reply
from bot.migrations import migrate
from bot.sqlite_cases import SqliteCases
from bot.store import Exchange, Held, Repeated, Stale, StoreFault
from dialogs.conversation import Conversation
from dialogs.messages import Effect

FILE = "policydesk.sqlite3"
WAIT_S = 10.0

_EXCHANGES = """
select c.visitor, m."update", m.at, m.body as said, a.id as answer, a.body as reply, a.sent_at, f.useful
from messages m join conversations c on c.id = m.conversation
left join messages a on a.answers = m.id left join feedback f on f.message = a.id
"""


class SqliteStore(SqliteCases):
    """Keeps `bot.store.Store`'s promise in `folder`; raises `StoreFault` where that can't be."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._idle: deque[Database] = deque()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._connection() as db:
                _use_log(db)
                migrate(db)
        except (OSError, sqlite3.Error) as error:
            raise StoreFault(_why(folder, error)) from None

    def open(self, visitor: str, at: datetime) -> None:
        """Keep a visitor who has said nothing yet."""
        with self._write() as db:
            _open(db, visitor, at)

    def knows(self, visitor: str) -> bool:
        """Whether the visitor was opened or has said something."""
        with self._connection() as db:
            return _first(db, "select id from conversations where visitor = ?", visitor) is not None

    def load(self, visitor: str) -> Held:
        """The visitor's conversation and its revision."""
        with self._connection() as db:
            row = _first(db, "select state, revision from conversations where visitor = ?", visitor)
        if row is None:
            return Held()
        return Held(kept_conversation(row["state"]) if row["state"] else None, row["revision"])

    def commit(self, held: Held, exchange: Exchange, after: Conversation, effects: tuple[Effect, ...]) -> None:
        """The next conversation, the message, its reply and the effects, in one transaction."""
        at = exchange.at.isoformat()
        with self._write() as db:
            conversation = _open(db, exchange.visitor, exchange.at)
            door = _door(exchange.visitor)
            try:
                said = db.execute(
                    'insert into messages (conversation, door, direction, at, "update", body)'
                    " values (?, ?, 'in', ?, ?, ?)",
                    [conversation, door, at, exchange.update, keep_message(exchange.message)],
                ).lastrowid
            except sqlite3.IntegrityError:
                raise Repeated from None
            moved = db.execute(
                "update conversations set state = ?, revision = revision + 1, changed_at = ?"
                " where id = ? and revision = ?",
                [keep_conversation(after), at, conversation, held.revision],
            ).rowcount
            if not moved:
                raise Stale
            if exchange.reply is not None:
                db.execute(
                    "insert into messages (conversation, door, direction, at, answers, body)"
                    " values (?, ?, 'out', ?, ?, ?)",
                    [conversation, door, at, said, keep_reply(exchange.reply)],
                )
            for effect in effects:
                about = json.dumps(dict(effect.about), ensure_ascii=False)
                db.execute("insert into effects (message, kind, about) values (?, ?, ?)", [said, effect.kind, about])

    def exchange(self, visitor: str, update: str) -> Exchange | None:
        """What was said on an update, if it was taken."""
        with self._connection() as db:
            row = _first(db, f'{_EXCHANGES} where c.visitor = ? and m."update" = ?', visitor, update)
        return _exchange(row) if row else None

    def transcript(self, visitor: str, last: int) -> list[Exchange]:
        """The last exchanges of a visitor, oldest first."""
        with self._connection() as db:
            rows = list(
                db.query(
                    f"{_EXCHANGES} where c.visitor = ? and m.direction = 'in' order by m.id desc limit ?",
                    [visitor, last],
                )
            )
        return [_exchange(row) for row in reversed(rows)]

    def unsent(self, door: str) -> list[Exchange]:
        """A door's committed replies that nobody has marked as sent, oldest first."""
        with self._connection() as db:
            rows = db.query(
                f"{_EXCHANGES} where a.door = ? and a.direction = 'out' and a.sent_at is null order by a.id", [door]
            )
            return [_exchange(row) for row in rows]

    def mark_sent(self, visitor: str, update: str, at: datetime) -> None:
        """The reply to this update has reached the visitor."""
        with self._write() as db:
            answer = _answer(db, visitor, update)
            db.execute("update messages set sent_at = ? where id = ? and sent_at is null", [at.isoformat(), answer])

    def rate(self, visitor: str, update: str, useful: bool, at: datetime) -> bool:
        """Keep the visitor's word on the reply to an update; False if there is no such reply."""
        with self._write() as db:
            answer = _answer(db, visitor, update)
            if answer is not None:
                db.execute(
                    "insert into feedback (message, useful, at) values (?, ?, ?)"
                    " on conflict (message) do update set useful = excluded.useful, at = excluded.at",
                    [answer, int(useful), at.isoformat()],
                )
            return answer is not None

    def check(self) -> None:
        """Raise `StoreFault` unless the store can be written."""
        try:
            with self._write() as db:
                db.execute("update conversations set id = id where id is null")
        except sqlite3.Error as error:
            raise StoreFault(_why(self.path.parent, error)) from None

    def close(self) -> None:
        """Close the idle connections; the last one to close tidies the log away."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _connection(self) -> Iterator[Database]:
        """A connection for the time of the block; handed back for the next caller, whatever thread that is."""
        try:
            db = self._idle.pop()
        except IndexError:
            db = _connect(self.path)
        try:
            yield db
        except sqlite3.Error:
            db.close()
            raise
        except BaseException:
            self._idle.append(db)
            raise
        self._idle.append(db)

    @contextmanager
    def _write(self) -> Iterator[Database]:
        with self._connection() as db:
            db.execute("begin immediate")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()


def _connect(path: Path) -> Database:
    db = Database(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False))
    db.execute("pragma foreign_keys = on")
    db.execute("pragma synchronous = full")  # a turn that was answered outlives a power cut too
    return db


def _use_log(db: Database) -> None:
    """Switch the file to a write-ahead log; SQLite doesn't wait here for another process that does the same."""
    give_up = time.monotonic() + WAIT_S
    while True:
        try:
            db.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def _open(db: Database, visitor: str, at: datetime) -> int:
    """The number of the visitor's conversation, kept now if it wasn't."""
    row = _first(db, "select id from conversations where visitor = ?", visitor)
    if row is not None:
        return int(row["id"])
    opened = db.execute(
        "insert into conversations (visitor, door, opened_at, changed_at) values (?, ?, ?, ?)",
        [visitor, _door(visitor), at.isoformat(), at.isoformat()],
    )
    return int(opened.lastrowid or 0)


def _answer(db: Database, visitor: str, update: str) -> int | None:
    row = _first(db, f'{_EXCHANGES} where c.visitor = ? and m."update" = ?', visitor, update)
    return row["answer"] if row else None


def _first(db: Database, sql: str, *values: object) -> dict[str, Any] | None:
    rows = list(db.query(sql, list(values)))
    return rows[0] if rows else None


def _exchange(row: dict[str, Any]) -> Exchange:
    return Exchange(
        visitor=row["visitor"],
        update=row["update"],
        at=datetime.fromisoformat(row["at"]),
        message=kept_message(row["said"]),
        reply=kept_reply(row["reply"]) if row["answer"] is not None else None,
        useful=None if row["useful"] is None else bool(row["useful"]),
        sent=row["sent_at"] is not None,
    )


def _door(visitor: str) -> str:
    return visitor.partition(":")[0]


def _why(folder: Path, error: Exception) -> str:
    """The operator's sentence: what was wrong with the folder and what would be right."""
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return f"{folder / FILE} 不是本程序的数据文件，请移走它，或用 POLICYDESK_DATA 另指一个文件夹。"
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"数据文件 {folder / FILE} 正被别的程序占着，请稍后再试。"
    return f"数据文件夹 {folder} 写不进去，请检查它的权限和磁盘空间，或用 POLICYDESK_DATA 另指一个。"
