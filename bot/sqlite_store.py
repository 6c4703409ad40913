"""The store on one machine: one SQLite file with a write-ahead log, one writer a process (`sqlite_writer.py`).

A plain `begin` is deferred: two writers that both read first then fail with “database is locked”, whatever the
timeout; the writer begins immediately instead. Only `accept` and what a visitor does once (open, rate) are lasting: an
update that is in the inbox is never lost, and a turn that a power cut took is taken again from there.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from bot import sqlite_back, sqlite_in, sqlite_out
from bot.alive import Alive
from bot.kept import keep_message, kept_message
from bot.mail.sqlite_mail import SqliteMail
from bot.migrations import migrate
from bot.published import FILE
from bot.sqlite_back import EXCHANGES, exchange_in, held_in
from bot.sqlite_cases import SqliteCases
from bot.sqlite_counting import SqliteCounting
from bot.sqlite_erasing import SqliteErasing
from bot.sqlite_file import Connections, connect, use_log, why
from bot.sqlite_tickets import SqliteTickets
from bot.sqlite_writer import Writer
from bot.staffgroup import sqlite_group
from bot.staffgroup.sqlite_group import SqliteStaffGroup
from bot.store import Away, Exchange, Held, Parcel, StoreFault, Update
from bot.workbench.sqlite_knowledge import SqliteKnowledge
from bot.workbench.sqlite_staff import SqliteStaff
from dialogs.conversation import Conversation
from dialogs.messages import Effect

WORKERS, WATCH_S = "workers", 0.05

_NEWS = """
select m.id, 0, c.visitor from messages m join conversations c on c.id = m.conversation where m.id > ?
union all
select 0, l.id, c.visitor from ticket_events l join tickets t on t.no = l.ticket
    join conversations c on c.id = t.conversation where l.id > ?
"""


class SqliteStore(
    Connections,
    SqliteTickets,
    SqliteMail,
    SqliteErasing,
    SqliteCases,
    SqliteStaff,
    SqliteStaffGroup,
    SqliteCounting,
    SqliteKnowledge,
):
    """Keeps `bot.store.Store`'s promise in `folder`; raises `StoreFault` where that can't be."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE)
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

    def open(self, visitor: str, at: datetime, by: str | None = None) -> str:
        """Keep a visitor who has said nothing yet."""
        return self._writer.do(lambda db: sqlite_in.open_by(db, visitor, at, by), lasting=True)

    def knows(self, visitor: str) -> bool:
        """Whether the visitor was opened or has said something."""
        return self._first("select id from conversations where visitor = ?", visitor) is not None

    def load(self, visitor: str) -> Held:
        """The visitor's conversation and its revision."""
        row = self._first("select state, revision from conversations where visitor = ?", visitor)
        return held_in(*row) if row else Held()

    # --- in ----------------------------------------------------------------------------------------------------------

    def accept(self, updates: Sequence[Update]) -> list[bool]:
        """Put updates into the inbox, all or none."""
        return self._writer.do(lambda db: [sqlite_in.accept(db, update) for update in updates], lasting=True)

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
        return waits, held_in(state, revision or 0), len(rows) > 1

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
            line, message = sqlite_in.commit(db, held, exchange, after, effects)
            if any(effect.kind == "erase" for effect in effects):
                self._writer.wipe_log()
            if line is None or exchange.reply is None or not claim:
                return None
            manner = sqlite_in.manner_of(exchange)
            fresh = Parcel(message, line, exchange.visitor, exchange.update or "", exchange.reply, manner)
            return sqlite_out.claim_fresh(db, fresh, self.worker, exchange.at.isoformat())

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
        return self._writer.do(lambda db: sqlite_in.ripen(db, now.isoformat()))

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
        row = self._first(f'{EXCHANGES} where c.visitor = ? and m."update" = ?', visitor, update)
        return exchange_in(row) if row else None

    def transcript(self, visitor: str, last: int) -> list[Exchange]:
        """The last exchanges of a visitor, oldest first."""
        sql = f"{EXCHANGES} where c.visitor = ? and m.direction = 'in' order by m.id desc limit ?"
        return [exchange_in(row) for row in reversed(self._all(sql, visitor, last))]

    def rate(self, visitor: str, update: str, useful: bool, at: datetime) -> bool:
        """Keep the visitor's word on the reply to an update; False if there is no such reply."""
        return self._writer.do(lambda db: sqlite_back.rate(db, visitor, update, useful, at.isoformat()), lasting=True)

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
        self._hang_up()
