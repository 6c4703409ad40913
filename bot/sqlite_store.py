"""The store on one machine: one SQLite file with a write-ahead log, one writer a process (`sqlite_writer.py`).

A plain `begin` is deferred: two writers that both read first then fail with “database is locked”, whatever the
timeout; the writer begins immediately instead. Only `accept` and what a visitor does once (open, rate) are lasting: an
update that is in the inbox is never lost, and a turn that a power cut took is taken again from there.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot import sqlite_erasing, sqlite_out, sqlite_tickets
from bot.alive import Alive
from bot.kept import keep_conversation, keep_message, keep_reply, kept_conversation, kept_message, kept_reply
from bot.mail import sqlite_mail
from bot.mail.sqlite_mail import SqliteMail
from bot.migrations import migrate
from bot.sqlite_cases import SqliteCases
from bot.sqlite_erasing import SqliteErasing
from bot.sqlite_tickets import SqliteTickets
from bot.sqlite_writer import Writer
from bot.staffgroup import sqlite_group
from bot.staffgroup.sqlite_group import SqliteStaffGroup
from bot.store import DESK, SENDING, Away, Exchange, Held, Parcel, Repeated, Stale, StoreFault, Update
from bot.workbench.sqlite_staff import SqliteStaff
from dialogs.conversation import Conversation
from dialogs.handover import is_for_a_ticket
from dialogs.messages import Effect

FILE, WORKERS = "policydesk.sqlite3", "workers"
WAIT_S, WATCH_S = 10.0, 0.05
CACHE_KB = 256
"""Of each connection, and there are some; the system keeps the file in memory anyway."""

Row = tuple[Any, ...]

_EXCHANGES = """
select c.visitor, m."update", m.at, m.body, m.manner, a.id, a.body, a.packed, a.outcome, f.useful
from messages m join conversations c on c.id = m.conversation
left join messages a on a.answers = m.id left join feedback f on f.message = a.id
"""


_NEWS = """
select m.id, 0, c.visitor from messages m join conversations c on c.id = m.conversation where m.id > ?
union all
select 0, l.id, c.visitor from ticket_events l join tickets t on t.no = l.ticket
    join conversations c on c.id = t.conversation where l.id > ?
"""


class SqliteStore(SqliteTickets, SqliteMail, SqliteErasing, SqliteCases, SqliteStaff, SqliteStaffGroup):
    """Keeps `bot.store.Store`'s promise in `folder`; raises `StoreFault` where that can't be."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._idle: deque[sqlite3.Connection] = deque()
        self._writer = Writer(lambda: connect(self.path))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._reading() as db:
                use_log(db)
                migrate(Database(db))
            self._alive = Alive(folder / WORKERS)
        except (OSError, Away) as error:
            raise StoreFault(why(folder, error.__cause__ or error)) from None
        self.worker = self._alive.name
        self.soon, self.soon_lasting = self._writer.soon, self._writer.soon_lasting

    def open(self, visitor: str, at: datetime) -> None:
        """Keep a visitor who has said nothing yet."""
        self._writer.do(lambda db: _open(db, visitor, at.isoformat()), lasting=True)

    def knows(self, visitor: str) -> bool:
        """Whether the visitor was opened or has said something."""
        return self._first("select id from conversations where visitor = ?", visitor) is not None

    def load(self, visitor: str) -> Held:
        """The visitor's conversation and its revision."""
        row = self._first("select state, revision from conversations where visitor = ?", visitor)
        return _held(*row) if row else Held()

    # --- in ----------------------------------------------------------------------------------------------------------

    def accept(self, updates: Sequence[Update]) -> list[bool]:
        """Put updates into the inbox, all or none."""
        return self._writer.do(lambda db: [_accept(db, update) for update in updates], lasting=True)

    def waiting(self, visitor: str) -> tuple[Update, Held, bool] | None:
        """The visitor's oldest update in the inbox, the conversation that it meets, and whether more updates wait."""
        rows = self._all(
            'select i."update", i.at, i.body, i.place, i.manner, c.state, c.revision from inbox i'
            " left join conversations c on c.visitor = i.visitor"
            " where i.visitor = ? order by i.place, i.id limit 2",
            visitor,
        )
        if not rows:
            return None
        update, at, body, place, manner, state, revision = rows[0]
        waits = Update(visitor, update, datetime.fromisoformat(at), kept_message(body), place, manner)
        return waits, _held(state, revision or 0), len(rows) > 1

    def crowd(self, visitor: str) -> int:
        """How many updates of a visitor wait."""
        row = self._first("select count(*) from inbox where visitor = ?", visitor)
        return int(row[0]) if row else 0

    def paces(self, visitor: str, last: int) -> list[tuple[datetime, str]]:
        """When the last messages were taken and their manners, newest first."""
        rows = self._all(
            "select m.at, m.manner from messages m join conversations c on c.id = m.conversation"
            " where c.visitor = ? and m.direction = 'in' order by m.id desc limit ?",
            visitor, last,
        )  # fmt: skip
        return [(datetime.fromisoformat(at), manner or "") for at, manner in rows]

    def commit(
        self,
        held: Held,
        exchange: Exchange,
        after: Conversation,
        effects: tuple[Effect, ...],
        *,
        claim: bool = True,
    ) -> Parcel | None:
        """The turn, in one transaction; what is now to be sent on its line."""

        def turn(db: sqlite3.Connection) -> Parcel | None:
            line, message = _commit(db, held, exchange, after, effects)
            if line is None or exchange.reply is None or not claim:
                return None
            fresh = {message: exchange.reply}
            return sqlite_out.claim(db, line, self.worker, exchange.at.isoformat(), fresh)

        return self._writer.do(turn)

    def left(self, before: datetime) -> list[str]:
        """Visitors whose updates have waited since before a time."""
        return [row[0] for row in self._all("select distinct visitor from inbox where at < ?", before.isoformat())]

    # --- out ---------------------------------------------------------------------------------------------------------

    def claim(self, line: str, now: datetime) -> Parcel | None:
        """Hold a line that is free and due; its first parcel."""
        return self._writer.do(lambda db: sqlite_out.claim(db, line, self.worker, now.isoformat()))

    def part_sent(self, parcel: Parcel, parts: int) -> None:
        """So many of the parcel's messages have been sent."""
        self._writer.do(lambda db: sqlite_out.part_sent(db, parcel, parts))

    def posted(self, parcel: Parcel, at: datetime, outcome: str = "sent") -> Parcel | None:
        """The parcel is done with; the next one of the line, or None and the line is free."""

        def posted(db: sqlite3.Connection) -> Parcel | None:
            if outcome != "sent":
                sqlite_group.lost(db, "m.id = ?", parcel.id, at.isoformat())
            return sqlite_out.posted(db, parcel, at.isoformat(), outcome)

        return self._writer.do(posted)

    def put_off(self, parcel: Parcel, until: datetime) -> None:
        """Let go of the line; nobody claims it before a time."""
        self._writer.do(lambda db: sqlite_out.put_off(db, parcel, until.isoformat()))

    def retire(self, line: str, at: datetime) -> None:
        """Nobody reads this line any more."""

        def retire(db: sqlite3.Connection) -> None:
            sqlite_group.lost(db, "m.outcome is null and m.line = ?", line, at.isoformat())
            sqlite_out.retire(db, line, at.isoformat())

        self._writer.do(retire)

    def due_lines(self, now: datetime, most: int = 1000) -> list[str]:
        """Lines with something to send that nobody holds and that are due, who has waited longest first."""
        return [row[0] for row in self._all(sqlite_out.DUE, now.isoformat(), most)]

    # --- by and by ---------------------------------------------------------------------------------------------------

    def put_due(self, update: Update) -> None:
        """Keep an update that is to be taken at its time."""
        values = (update.visitor, update.update, update.at.isoformat(), keep_message(update.message), update.manner)
        sql = 'insert or replace into dues (visitor, "update", at, body, manner) values (?, ?, ?, ?, ?)'
        self._writer.do(lambda db: db.execute(sql, values).rowcount, lasting=True)

    def ripen(self, now: datetime) -> list[str]:
        """Put what is due into the inbox; the visitors."""
        if self._first("select 1 from dues where at <= ? limit 1", now.isoformat()) is None:
            return []
        return self._writer.do(lambda db: _ripen(db, now.isoformat()))

    # --- workers -----------------------------------------------------------------------------------------------------

    def hold(self, task: str) -> bool:
        """Whether a task that only one worker may have is now ours, or was."""
        return self._writer.do(lambda db: sqlite_out.hold(db, f"task:{task}", self.worker))

    def let_go(self, task: str) -> None:
        """The task may be another's."""
        self._writer.do(lambda db: sqlite_out.let_go(db, f"task:{task}", self.worker))

    def bury(self) -> bool:
        """Free what dead workers held; whether there was one."""
        dead = self._alive.dead()
        for name in dead:
            self._writer.do(lambda db, name=name: sqlite_out.bury(db, name))  # type: ignore[misc]
            self._alive.forget(name)
        return bool(dead)

    def watch(self, ended: threading.Event) -> Iterator[frozenset[str]]:
        """The visitors whose exchanges any process has committed, or whose tickets moved without one (mail)."""
        last, moved = "select coalesce(max(id), 0) from messages", "select coalesce(max(id), 0) from ticket_events"
        with self._reading() as db:
            version, marks = 0, [db.execute(sql).fetchone()[0] for sql in (last, moved)]
            yield frozenset()
            while not ended.wait(WATCH_S):
                now = db.execute("pragma data_version").fetchone()[0]
                if now == version:
                    continue
                version, rows = now, db.execute(_NEWS, marks).fetchall()
                if rows:
                    marks = [max(mark, max(row[at] for row in rows)) for at, mark in enumerate(marks)]
                    yield frozenset(row[2] for row in rows)

    def remember(self, key: str, value: str) -> None:
        """Keep a word for all workers."""
        sql = "insert or replace into words (key, value) values (?, ?)"
        self._writer.do(lambda db: db.execute(sql, (key, value)).rowcount)

    def recall(self, key: str) -> str:
        """The word that was kept, or nothing."""
        row = self._first("select value from words where key = ?", key)
        return str(row[0]) if row else ""

    # --- looking back ------------------------------------------------------------------------------------------------

    def exchange(self, visitor: str, update: str) -> Exchange | None:
        """What was said on an update, if it was taken."""
        row = self._first(f'{_EXCHANGES} where c.visitor = ? and m."update" = ?', visitor, update)
        return _exchange(row) if row else None

    def transcript(self, visitor: str, last: int) -> list[Exchange]:
        """The last exchanges of a visitor, oldest first."""
        sql = f"{_EXCHANGES} where c.visitor = ? and m.direction = 'in' order by m.id desc limit ?"
        return [_exchange(row) for row in reversed(self._all(sql, visitor, last))]

    def rate(self, visitor: str, update: str, useful: bool, at: datetime) -> bool:
        """Keep the visitor's word on the reply to an update; False if there is no such reply."""
        return self._writer.do(lambda db: _rate(db, visitor, update, useful, at.isoformat()), lasting=True)

    def check(self) -> None:
        """Raise `StoreFault` unless the store can be written."""
        try:
            self._writer.do(lambda db: db.execute("update conversations set id = id where id is null").rowcount)
        except Away as away:
            raise StoreFault(why(self.path.parent, away.__cause__ or away)) from None

    def close(self) -> None:
        """Let go of everything that is held and open; the last one to close tidies the log away."""
        if not self._alive.closed:
            try:
                self._writer.do(lambda db: sqlite_out.bury(db, self.worker))
                self._alive.close()
            except Away:
                self._alive.leave()  # whoever buries us frees what we held
        self._writer.close()
        while self._idle:
            self._idle.pop().close()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _first(self, sql: str, *values: object) -> Row | None:
        with self._reading() as db:
            row: Row | None = db.execute(sql, values).fetchone()
            return row

    def _all(self, sql: str, *values: object) -> list[Row]:
        with self._reading() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[Database]:
        with self._reading() as db:
            yield Database(db)

    @contextmanager
    def _write(self) -> Iterator[Database]:
        """A transaction of the caller's own, lasting, for what is written seldom."""
        with self._reading() as db:
            db.execute("begin immediate")
            try:
                yield Database(db)
            except BaseException:
                db.execute("rollback")
                raise
            db.execute("commit")

    def _connect(self) -> sqlite3.Connection:
        try:
            return connect(self.path)
        except sqlite3.Error as error:
            raise Away(str(error)) from error

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for the time of the block; handed back for the next caller, whatever thread that is."""
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._connect()
        try:
            yield db
        except sqlite3.Error as error:
            db.close()
            raise Away(str(error)) from error
        except BaseException:
            self._idle.append(db)
            raise
        self._idle.append(db)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that waits for others' writing, and may go from thread to thread."""
    db = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    db.execute("pragma foreign_keys = on")
    db.execute(f"pragma cache_size = -{CACHE_KB}")
    return db


def use_log(db: sqlite3.Connection) -> None:
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


def line_of(visitor: str) -> str | None:
    """What a visitor's replies are sent on, at the doors that send: the chat."""
    return ":".join(visitor.split(":")[:2]) if _door(visitor) in SENDING else None


def _open(db: sqlite3.Connection, visitor: str, at: str) -> int:
    """The number of the visitor's conversation, kept now if it wasn't."""
    row = db.execute("select id from conversations where visitor = ?", (visitor,)).fetchone()
    if row is not None:
        return int(row[0])
    sql = "insert into conversations (visitor, door, opened_at, changed_at) values (?, ?, ?, ?)"
    return db.execute(sql, (visitor, _door(visitor), at, at)).lastrowid or 0


def _taken(db: sqlite3.Connection, conversation: int, update: str) -> bool:
    sql = 'select 1 from messages where conversation = ? and "update" = ?'
    return db.execute(sql, (conversation, update)).fetchone() is not None


def _accept(db: sqlite3.Connection, update: Update) -> bool:
    known = db.execute("select id from conversations where visitor = ?", (update.visitor,)).fetchone()
    if known and _taken(db, known[0], update.update):
        return False
    sql = (
        'insert into inbox (visitor, place, "update", at, body, manner) values (?, ?, ?, ?, ?, ?)'
        ' on conflict (visitor, "update") do nothing'
    )
    at, body = update.at.isoformat(), keep_message(update.message)
    values = (update.visitor, update.place, update.update, at, body, update.manner)
    return db.execute(sql, values).rowcount == 1


def _commit(
    db: sqlite3.Connection, held: Held, exchange: Exchange, after: Conversation, effects: tuple[Effect, ...]
) -> tuple[str | None, int]:
    """The turn; the line of its reply, if that is to be sent, and the reply's number."""
    at = exchange.at.isoformat()
    conversation = _open(db, exchange.visitor, at)
    if exchange.update is not None:
        _check_turn(db, conversation, exchange.visitor, exchange.update)
    moved = db.execute(
        "update conversations set state = ?, revision = revision + 1, changed_at = ? where id = ? and revision = ?",
        (keep_conversation(after), at, conversation, held.revision),
    ).rowcount
    if not moved:
        raise Stale
    conversation = _erased(db, conversation, exchange.visitor, after, effects, at)
    said = _keep_said(db, conversation, exchange, at)
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
        (conversation, _door(exchange.visitor), at, said, body, packed, line, None if line else "sent"),
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
    fresh = _open(db, visitor, at)
    db.execute("update conversations set state = ?, revision = 1 where id = ?", (keep_conversation(after), fresh))
    return fresh


def _check_turn(db: sqlite3.Connection, conversation: int, visitor: str, update: str) -> None:
    """Take the update out of the inbox; `Repeated` if it was taken, `Stale` if it isn't its turn."""
    if _taken(db, conversation, update):
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
    body, door = keep_message(exchange.message), _door(exchange.visitor)
    manner = DESK if is_for_a_ticket(exchange.message) else exchange.manner or None
    values = (conversation, door, at, exchange.update, body, manner)
    return db.execute(sql, values).lastrowid or 0


def _ripen(db: sqlite3.Connection, now: str) -> list[str]:
    sql = 'select visitor, "update", body, manner from dues where at <= ? order by at'
    due = db.execute(sql, (now,)).fetchall()
    for visitor, update, body, manner in due:
        when = datetime.fromisoformat(now)
        _accept(db, Update(visitor, update, when, kept_message(body), 0, manner))
        db.execute('delete from dues where visitor = ? and "update" = ?', (visitor, update))
    return list(dict.fromkeys(row[0] for row in due))


def _rate(db: sqlite3.Connection, visitor: str, update: str, useful: bool, at: str) -> bool:
    row = db.execute(f'{_EXCHANGES} where c.visitor = ? and m."update" = ?', (visitor, update)).fetchone()
    if row is None or row[5] is None:
        return False
    db.execute(
        "insert into feedback (message, useful, at) values (?, ?, ?)"
        " on conflict (message) do update set useful = excluded.useful, at = excluded.at",
        (row[5], int(useful), at),
    )
    return True


def _held(state: str | None, revision: int) -> Held:
    return Held(kept_conversation(state) if state else None, revision)


def _exchange(row: Row) -> Exchange:
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


def _door(visitor: str) -> str:
    return visitor.partition(":")[0]


def why(folder: Path, error: BaseException) -> str:
    """The operator's sentence: what was wrong with the folder and what would be right."""
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return f"{folder / FILE} 不是本程序的数据文件，请移走它，或用 POLICYDESK_DATA 另指一个文件夹。"
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"数据文件 {folder / FILE} 正被别的程序占着，请稍后再试。"
    return f"数据文件夹 {folder} 写不进去，请检查它的权限和磁盘空间，或用 POLICYDESK_DATA 另指一个。"
