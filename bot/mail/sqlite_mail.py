"""Letters, what came back on them, and confirmed mailboxes in the SQLite store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from bot.mail.outbox import ANSWERS_KEPT, AUTOS_KEPT, Answer, Arrived, File, Letter, LetterState
from bot.sqlite_writer import Writer
from bot.staffgroup import sqlite_group

_FIELDS = "id, token, ticket, officer, at, address, contact, question, facts, state, tries, due, sent_at, why"
_LETTER = f"select {_FIELDS} from letters"
_ENDS = ("closed", "withdrawn", "erased")


class SqliteMail:
    """Keeps `bot.mail.outbox.MailStore`'s promise over the connections of the store that it is a part of."""

    _writer: Writer
    _first: Callable[..., tuple[Any, ...] | None]
    _all: Callable[..., list[tuple[Any, ...]]]

    def mailboxes(self) -> dict[str, datetime]:
        """The mailboxes that may be written to, and since when."""
        rows = self._all("select address, confirmed_at from mailboxes order by address")
        return {address: datetime.fromisoformat(at) for address, at in rows}

    def confirm_mailbox(self, address: str, at: datetime) -> bool:
        """An operator has made sure of a mailbox."""
        sql = "insert into mailboxes (address, confirmed_at) values (?, ?) on conflict (address) do nothing"
        return self._writer.do(lambda db: db.execute(sql, (address, at.isoformat())).rowcount == 1, lasting=True)

    def revoke_mailbox(self, address: str) -> bool:
        """A mailbox is not written to any more."""
        sql = "delete from mailboxes where address = ?"
        return self._writer.do(lambda db: db.execute(sql, (address,)).rowcount == 1, lasting=True)

    def letters(self, no: int) -> list[Letter]:
        """The letters of a ticket with what came back, in order."""
        found: dict[int, list[Answer]] = {}
        files = self._files(no)
        rows = self._all(
            "select a.letter, a.id, a.at, a.kind, a.sender, a.body from letter_answers a"
            " join letters l on l.id = a.letter where l.ticket = ? order by a.id",
            no,
        )
        for letter, id_, at, kind, sender, body in rows:
            answer = Answer(id_, datetime.fromisoformat(at), kind, sender, body, tuple(files.get(id_, ())))
            found.setdefault(letter, []).append(answer)
        letters = self._all(f"{_LETTER} where ticket = ? order by id", no)
        return [_letter(row, answers=tuple(found.get(row[0], ()))) for row in letters]

    def consent(self, no: int) -> str:
        """What the visitor has said of their case."""
        row = self._first("select consent from tickets where no = ?", no)
        return str(row[0] or "") if row else ""

    def next_letter(self, now: datetime) -> Letter | None:
        """The next letter to be sent, now `sending`."""
        due = f"{_LETTER} where state in ('ready', 'sending') and due <= ? order by due, id limit 1"
        if self._first(due, now.isoformat()) is None:
            return None

        def take(db: sqlite3.Connection) -> Letter | None:
            row = db.execute(due, (now.isoformat(),)).fetchone()
            if row is None:
                return None
            letter = _letter(row, again=row[9] == "sending")
            db.execute("update letters set state = 'sending', tries = tries + 1 where id = ?", (letter.id,))
            if letter.again:
                _log(db, letter, "mail_again", now.isoformat())
            return letter

        return self._writer.do(take, lasting=True)

    def letter_sent(self, letter: Letter, at: datetime) -> None:
        """The mail server has taken it."""

        def sent(db: sqlite3.Connection) -> None:
            sql = "update letters set state = 'sent', sent_at = ?, why = '' where id = ? and state = 'sending'"
            if db.execute(sql, (at.isoformat(), letter.id)).rowcount:
                _log(db, letter, "mail_sent", at.isoformat())

        self._writer.do(sent, lasting=True)

    def letter_ended(self, letter: Letter, state: LetterState, why: str, at: datetime) -> None:
        """It won't be sent any more."""

        def ended(db: sqlite3.Connection) -> None:
            sql = "update letters set state = ?, why = ? where id = ? and state = 'sending'"
            if db.execute(sql, (state, why, letter.id)).rowcount:
                _log(db, letter, f"mail_{state}", at.isoformat(), why)

        self._writer.do(ended, lasting=True)

    def letter_put_off(self, letter: Letter, why: str, due: datetime) -> None:
        """Try again later; one that may have been sent before stays one."""
        state = "sending" if letter.again else "ready"
        sql = "update letters set state = ?, why = ?, due = ? where id = ? and state = 'sending'"
        self._writer.do(lambda db: db.execute(sql, (state, why, due.isoformat(), letter.id)).rowcount)

    def letter_of(self, token: str) -> Letter | None:
        """The letter with a token."""
        row = self._first(f"{_LETTER} where token = ?", token)
        return _letter(row) if row else None

    def keep_arrived(self, letter: Letter, arrived: Arrived, at: datetime) -> Literal["kept", "known", "full", "gone"]:
        """Keep what came back, once."""

        def keep(db: sqlite3.Connection) -> Literal["kept", "known", "full", "gone"]:
            if db.execute("select 1 from letters where id = ?", (letter.id,)).fetchone() is None:
                return "gone"
            known = db.execute("select kind, name from letter_answers where letter = ?", (letter.id,)).fetchall()
            if any(name == arrived.name for _, name in known):
                return "known"
            autos = sum(kind != "answer" for kind, _ in known)
            if len(known) >= ANSWERS_KEPT or (arrived.kind != "answer" and autos >= AUTOS_KEPT):
                return "full"
            _keep(db, letter, arrived, at.isoformat())
            return "kept"

        return self._writer.do(keep, lasting=True)

    def answer_file(self, no: int, answer: int, n: int) -> tuple[str, bytes] | None:
        """The name and content of an attachment of a ticket."""
        row = self._first(
            "select f.name, f.body from letter_files f join letter_answers a on a.id = f.answer"
            " join letters l on l.id = a.letter where l.ticket = ? and a.id = ? and f.n = ? and f.body is not null",
            no, answer, n,
        )  # fmt: skip
        return (row[0], row[1]) if row else None

    def _files(self, no: int) -> dict[int, list[File]]:
        found: dict[int, list[File]] = {}
        rows = self._all(
            "select f.answer, f.n, f.name, f.size, f.body is not null from letter_files f"
            " join letter_answers a on a.id = f.answer join letters l on l.id = a.letter"
            " where l.ticket = ? order by f.answer, f.n",
            no,
        )
        for answer, n, name, size, kept in rows:
            found.setdefault(answer, []).append(File(n, name, size, bool(kept)))
        return found


# --- in the transaction of a turn ------------------------------------------------------------------------------------


def keep(db: sqlite3.Connection, kind: str, about: Mapping[str, str], at: str) -> None:
    """What a turn's effect does to letters."""
    if kind == "letter":
        db.execute(
            "insert into letters (token, ticket, officer, at, address, contact, question, facts, state, due)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                about["token"], int(about["no"]), about["by"], at, about["address"], about["contact"],
                about["question"], about["facts"], "consent" if about["case"] == "ask" else "ready", at,
            ),
        )  # fmt: skip
    elif kind == "consent":
        _consented(db, int(about["no"]), about["consent"], at)
    elif kind == "ticket" and about["event"] in _ENDS:
        why = "工单结束时来访者还没有选"
        db.execute(
            "update letters set state = 'dropped', facts = '', why = ? where ticket = ? and state = 'consent'",
            (why, int(about["no"])),
        )


def _consented(db: sqlite3.Connection, no: int, word: str, at: str) -> None:
    """The visitor has decided: what waited goes; without their word, or against it, their case doesn't."""
    db.execute("update tickets set consent = ? where no = ?", (word, no))
    if word == "no":
        db.execute("update letters set facts = '' where ticket = ? and state in ('consent', 'ready')", (no,))
    db.execute("update letters set state = 'ready', due = ? where ticket = ? and state = 'consent'", (at, no))
    _write_log(db, no, at, "agreed" if word == "yes" else "declined", "", "", "")


def _keep(db: sqlite3.Connection, letter: Letter, arrived: Arrived, at: str) -> None:
    answer = db.execute(
        "insert into letter_answers (letter, name, at, kind, sender, body) values (?, ?, ?, ?, ?, ?)",
        (letter.id, arrived.name, at, arrived.kind, arrived.sender, arrived.text),
    ).lastrowid
    rows = [(answer, n, name, size, body) for n, (name, size, body) in enumerate(arrived.files, 1)]
    db.executemany("insert into letter_files (answer, n, name, size, body) values (?, ?, ?, ?, ?)", rows)
    if arrived.kind == "answer":
        db.execute("update letters set state = 'answered', why = '' where id = ?", (letter.id,))
    elif arrived.kind == "bounce":
        sql = "update letters set state = 'bounced', why = ? where id = ? and state <> 'answered'"
        db.execute(sql, (arrived.text, letter.id))
    event = {"answer": "mail_answered", "bounce": "mail_bounced", "delay": "mail_delayed", "auto": "mail_auto"}
    _log(db, letter, event[arrived.kind], at, arrived.text if arrived.kind == "bounce" else "")


def _log(db: sqlite3.Connection, letter: Letter, event: str, at: str, said: str = "") -> None:
    _write_log(db, letter.ticket, at, event, "", letter.address, said)
    sqlite_group.mailed(db, letter.ticket, event, at)


def _write_log(db: sqlite3.Connection, no: int, at: str, event: str, officer: str, to: str, said: str) -> None:
    db.execute(
        "insert into ticket_events (ticket, message, at, event, officer, addressed, said, refused)"
        " values (?, null, ?, ?, ?, ?, ?, '')",
        (no, at, event, officer, to, said),
    )


def _letter(row: tuple[Any, ...], *, again: bool = False, answers: tuple[Answer, ...] = ()) -> Letter:
    id_, token, no, officer, at, address, contact, question, facts, state, tries, due, sent, why = row
    return Letter(
        id_, token, no, officer, datetime.fromisoformat(at), address, contact, question, facts, state, tries,
        datetime.fromisoformat(due), datetime.fromisoformat(sent) if sent else None, why, again, answers,
    )  # fmt: skip
