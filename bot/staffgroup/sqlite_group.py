"""The officers' group on Telegram in the SQLite store: links, threads, and notices as rows of the outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.kept import keep_reply
from bot.sqlite_writer import Writer
from bot.staffgroup.promise import Answer, Group, Thread, acted_by
from bot.workbench.labels import TRAIL
from bot.workbench.staff_store import Person, name_key
from dialogs.messages import Effect, Reply

GROUP = "staff-group"
BOUND, UNBOUND, LINKED, UNLINKED, NOTED = "绑定值守群", "解除值守群", "连上Telegram", "断开Telegram", "记备注"
_OPENS, _MOVES = ("opened", "called"), ("ticket", "refused", "helped", "consent")
MAILED = ("mail_answered", "mail_bounced", "mail_failed")
_SPOKEN = ("said", "carded", "mailed")
"""Events of a ticket by which words of an officer's go to the visitor."""


class SqliteStaffGroup:
    """Keeps `StaffGroupStore`'s promise over the connections of the store that it is a part of."""

    _writer: Writer
    _first: Callable[..., tuple[Any, ...] | None]
    _all: Callable[..., list[tuple[Any, ...]]]

    # --- the group

    def staff_group(self) -> Group | None:
        """The group that is bound."""
        row = self._first("select value from words where key = ?", GROUP)
        return _group(str(row[0])) if row and row[0] else None

    def bind_group(self, group: Group, by: Person, key: str, at: datetime) -> bool:
        """Bind a group."""

        def bind(db: sqlite3.Connection) -> bool:
            if not put(db, group.chat, "bound:0", at.isoformat(), key=key):
                return False
            sql = "insert or replace into words (key, value) values (?, ?)"
            db.execute(sql, (GROUP, f"{group.chat} {group.title}"))
            _trail(db, by, BOUND, group.title, at)
            for (no,) in db.execute("select no from tickets where closed_at is null order by no").fetchall():
                put(db, group.chat, f"open:{no}", at.isoformat())
            return True

        return self._writer.do(bind, lasting=True)

    def unbind_group(self, by: Person, at: datetime) -> bool:
        """Post nothing there any more."""

        def unbind(db: sqlite3.Connection) -> bool:
            group = _bound(db)
            if group is None:
                return False
            db.execute("delete from words where key = ?", (GROUP,))
            sql = (
                "update messages set outcome = 'gone', sent_at = ? where line = ? and outcome is null and door = 'desk'"
            )
            db.execute(sql, (at.isoformat(), f"tg:{group.chat}"))
            _trail(db, by, UNBOUND, group.title, at)
            return True

        return self._writer.do(unbind, lasting=True)

    # --- threads

    def thread(self, no: int) -> Thread | None:
        """A ticket's thread."""
        row = self._first("select chat, thread from threads where ticket = ?", no)
        return Thread(*row) if row else None

    def ticket_in(self, thread: Thread) -> int:
        """The ticket of a thread."""
        row = self._first("select ticket from threads where chat = ? and thread = ?", thread.chat, thread.thread)
        return int(row[0]) if row else 0

    def keep_thread(self, no: int, thread: Thread) -> None:
        """This is the ticket's thread from now on."""
        sql = "insert or replace into threads (ticket, chat, thread) values (?, ?, ?)"
        self._writer.do(lambda db: db.execute(sql, (no, thread.chat, thread.thread)).rowcount, lasting=True)

    def drop_thread(self, no: int) -> None:
        """Its thread is no more."""
        self._writer.do(lambda db: db.execute("delete from threads where ticket = ?", (no,)).rowcount)

    # --- who is who

    def linked(self, account: int) -> Person | None:
        """Who of the staff an account is."""
        row = self._first(
            "select s.name, s.role, s.id from telegram_accounts t join staff s on s.id = t.staff"
            " where t.account = ? and s.disabled_at is null",
            account,
        )
        return Person(*row) if row else None

    def linked_since(self, staff: int) -> datetime | None:
        """Since when somebody of the staff is linked."""
        row = self._first("select at from telegram_accounts where staff = ?", staff)
        return datetime.fromisoformat(row[0]) if row else None

    def keep_link_code(self, staff: int, digest: str, until: datetime) -> None:
        """A one-time code."""
        sql = "insert or replace into telegram_codes (staff, digest, until) values (?, ?, ?)"
        self._writer.do(lambda db: db.execute(sql, (staff, digest, until.isoformat())).rowcount, lasting=True)

    def link(self, account: int, digest: str, says: tuple[str, str], key: str, at: datetime) -> Person | None:
        """Use a code up."""

        def link(db: sqlite3.Connection) -> Person | None:
            row = db.execute(
                "select s.name, s.role, s.id from telegram_codes c join staff s on s.id = c.staff"
                " where c.digest = ? and julianday(c.until) > julianday(?) and s.disabled_at is null",
                (digest, at.isoformat()),
            ).fetchone()
            person = Person(*row) if row else None
            sentence = says[0].format(name=person.name) if person else says[1]
            if not put(db, account, "tell:0:0", at.isoformat(), sentence, key) or person is None:
                return None
            db.execute("delete from telegram_codes where staff = ?", (person.id,))
            db.execute("delete from telegram_accounts where account = ? or staff = ?", (account, person.id))
            values = (account, person.id, at.isoformat())
            db.execute("insert into telegram_accounts (account, staff, at) values (?, ?, ?)", values)
            _trail(db, person, LINKED, "", at)
            return person

        return self._writer.do(link, lasting=True)

    def unlink(self, person: Person, at: datetime) -> bool:
        """The person's account is nobody's any more."""

        def unlink(db: sqlite3.Connection) -> bool:
            db.execute("delete from telegram_codes where staff = ?", (person.id,))
            if not db.execute("delete from telegram_accounts where staff = ?", (person.id,)).rowcount:
                return False
            _trail(db, person, UNLINKED, "", at)
            return True

        return self._writer.do(unlink, lasting=True)

    # --- sentences

    def tell(self, answer: Answer, key: str, at: datetime) -> bool:
        """Say a sentence, once."""
        return self._writer.do(lambda db: _tell(db, answer, key, at.isoformat()), lasting=True)

    def note_and_tell(self, no: int, by: Person, text: str, answer: Answer, key: str, at: datetime) -> bool:
        """Keep a note and say so."""

        def note(db: sqlite3.Connection) -> bool:
            if not _tell(db, answer, key, at.isoformat()):
                return False
            values = (no, by.name, at.isoformat(), text)
            db.execute("insert into notes (ticket, officer, at, body) values (?, ?, ?, ?)", values)
            _trail(db, by, NOTED, f"工单{no}", at)
            return True

        return self._writer.do(note, lasting=True)

    def told(self, chat: int, key: str) -> bool:
        """Whether something was said under this key."""
        mine = "(select id from conversations where visitor = ?)"
        sql = f'select 1 from messages where conversation = {mine} and "update" = ?'
        return self._first(sql, f"desk:{chat}", key) is not None


# --- in the transaction of what is told ------------------------------------------------------------------------------


def keep(db: sqlite3.Connection, update: str | None, open_no: int, effects: Sequence[Effect], at: str) -> None:
    """What a turn leads to in the group: `open_no`, the ticket that is open after it (0: none)."""
    moves = [one for one in effects if one.kind in _MOVES]
    if not (open_no or moves):
        return
    _note_who(db, update or "", moves, at)
    group = _bound(db)
    if group is None:
        return
    for spec in dict.fromkeys(_specs(update or "", open_no, moves)):
        put(db, group.chat, spec, at)


def _specs(update: str, open_no: int, moves: Sequence[Effect]) -> Iterator[str]:
    """The notices of a turn; an officer who has said something in the group need not read it there again."""
    if not moves:
        yield f"did:{open_no}:{update}"
    for effect in moves:
        no, event, own = effect.about["no"], effect.about.get("event", ""), acted_by(update)
        if event in _OPENS and effect.kind == "ticket":
            yield f"open:{no}"
        elif not (own and effect.kind == "ticket" and event == "said") and (own or effect.kind != "refused"):
            yield f"did:{no}:{update}"


def _note_who(db: sqlite3.Connection, update: str, moves: Sequence[Effect], at: str) -> None:
    """An act that came from the group has its line in the trail; one from the workbench is noted there."""
    for effect in moves:
        action = TRAIL.get(effect.about.get("event", ""))
        if effect.kind == "ticket" and action and acted_by(update):
            sql = "insert into audit (at, staff, who, action, object) select ?, id, name, ?, ? from staff where key = ?"
            db.execute(sql, (at, action, f"工单{effect.about['no']}", name_key(effect.about["by"])))


def lost(db: sqlite3.Connection, which: str, value: object, at: str) -> None:
    """Replies (`which`: a condition on m, with one value) that don't reach a visitor: what of them officers said."""
    group = _bound(db)
    if group is None:
        return
    told = db.execute(
        'select l.ticket, q."update" from messages m join messages q on q.id = m.answers'
        f" join ticket_events l on l.message = q.id where {which} and l.event in {_SPOKEN} order by m.id",
        (value,),
    ).fetchall()
    for no, update in told:
        put(db, group.chat, f"lost:{no}:{update}", at)


def mailed(db: sqlite3.Connection, no: int, event: str, at: str) -> None:
    """What came of a letter to a contact, where an officer has to know."""
    group = _bound(db) if event in MAILED else None
    if group is not None:
        put(db, group.chat, f"mail:{no}:{event}", at)


def erased(db: sqlite3.Connection, conversation: int, at: str) -> None:
    """A visitor's data goes: their threads too, in whatever group they are."""
    sql = "select r.chat, r.ticket from threads r join tickets t on t.no = r.ticket where t.conversation = ?"
    for chat, no in db.execute(sql, (conversation,)).fetchall():
        put(db, chat, f"erase:{no}", at)


def put(db: sqlite3.Connection, chat: int, spec: str, at: str, says: str = "", key: str | None = None) -> bool:
    """A notice into the outbox; False where there is one under this key."""
    visitor = f"desk:{chat}"
    db.execute(
        "insert into conversations (visitor, door, opened_at, changed_at) values (?, 'desk', ?, ?)"
        " on conflict (visitor) do update set changed_at = excluded.changed_at",
        (visitor, at, at),
    )
    body, packed = keep_reply(Reply("notice", says))
    made = db.execute(
        'insert or ignore into messages (conversation, door, direction, at, "update", manner, body, packed, line)'
        " select id, 'desk', 'out', ?, ?, ?, ?, ?, ? from conversations where visitor = ?",
        (at, key, spec, body, packed, f"tg:{chat}", visitor),
    )
    return made.rowcount == 1


def _tell(db: sqlite3.Connection, answer: Answer, key: str, at: str) -> bool:
    return put(db, answer.chat, f"tell:{answer.thread}:{answer.message}", at, answer.says, key)


def _trail(db: sqlite3.Connection, person: Person, action: str, object_: str, at: datetime) -> None:
    sql = "insert into audit (at, staff, who, action, object) values (?, ?, ?, ?, ?)"
    db.execute(sql, (at.isoformat(), person.id or None, person.name, action, object_))


def _bound(db: sqlite3.Connection) -> Group | None:
    row = db.execute("select value from words where key = ?", (GROUP,)).fetchone()
    return _group(str(row[0])) if row and row[0] else None


def _group(value: str) -> Group:
    chat, _, title = value.partition(" ")
    return Group(int(chat), title)
