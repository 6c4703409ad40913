"""Accounts, one-time sign-ins, sessions, tries and the trail, in the SQLite store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.workbench.staff_store import TRIES_WITHIN, Account, Entry, Person, Role, Session, Sought, name_key

KNOWN_AFTER = timedelta(days=7)
"""How long a session that is over is still told from an id that was made up."""

_ACCOUNTS = """
select s.*, (select max(at) from audit where staff = s.id and action <> '登录失败') as seen,
    (select until from sign_ins where staff = s.id) as invited
from staff s
"""


class SqliteStaff:
    """Keeps `StaffStore`'s promise over the connections of the store that it is a part of."""

    def _connection(self) -> AbstractContextManager[Database]:
        raise NotImplementedError

    def _write(self) -> AbstractContextManager[Database]:
        raise NotImplementedError

    # --- accounts ----------------------------------------------------------------------------------------------------

    def add_staff(self, name: str, role: Role, at: datetime) -> Person | None:
        """A new account."""
        with self._write() as db:
            made = db.execute(
                "insert into staff (name, key, role, made_at) values (?, ?, ?, ?) on conflict (key) do nothing",
                [name, name_key(name), role, _time(at)],
            )
            return Person(name, role, made.lastrowid or 0) if made.rowcount else None

    def staff(self) -> list[Account]:
        """All accounts."""
        with self._connection() as db:
            return [_account(row) for row in db.query(f"{_ACCOUNTS} order by disabled_at is not null, key")]

    def account(self, name: str) -> Account | None:
        """The account of a name."""
        with self._connection() as db:
            rows = list(db.query(f"{_ACCOUNTS} where key = ?", [name_key(name)]))
        return _account(rows[0]) if rows else None

    def change_role(self, id_: int, role: Role) -> bool:
        """Another role."""
        with self._write() as db:
            return db.execute("update staff set role = ? where id = ?", [role, id_]).rowcount > 0

    def disable(self, id_: int, at: datetime) -> bool:
        """Let nobody in."""
        with self._write() as db:
            _end_all(db, id_)
            sql = "update staff set disabled_at = coalesce(disabled_at, ?) where id = ?"
            return db.execute(sql, [_time(at), id_]).rowcount > 0

    def enable(self, id_: int) -> bool:
        """Let them in again."""
        with self._write() as db:
            return db.execute("update staff set disabled_at = null where id = ?", [id_]).rowcount > 0

    # --- ways in -----------------------------------------------------------------------------------------------------

    def keep_sign_in(self, id_: int, digest: str, until: datetime) -> None:
        """A one-time sign-in."""
        with self._write() as db:
            db.execute("delete from sign_ins where staff = ?", [id_])
            db.execute("insert into sign_ins (digest, staff, until) values (?, ?, ?)", [digest, id_, _time(until)])

    def use_sign_in(self, name: str, digest: str, password: str, at: datetime) -> Person | None:
        """Use it up, in one transaction, so that it leads in once."""
        with self._write() as db:
            found = db.query(
                "select s.* from sign_ins i join staff s on s.id = i.staff"
                " where i.digest = ? and i.until > ? and s.key = ? and s.disabled_at is null",
                [digest, _time(at), name_key(name)],
            )
            row = next(iter(list(found)), None)
            if row is None:
                return None
            _end_all(db, row["id"])
            db.execute("update staff set password = ? where id = ?", [password, row["id"]])
            return _person(row)

    def set_password(self, id_: int, before: str, password: str) -> bool:
        """The new hash; an open one-time sign-in goes with the sessions."""
        with self._write() as db:
            sql = "update staff set password = ? where id = ? and password = ? and disabled_at is null"
            changed = db.execute(sql, [password, id_, before]).rowcount > 0
            if changed:
                _end_all(db, id_)
            return changed

    # --- sessions ----------------------------------------------------------------------------------------------------

    def open_session(self, id_: int, password: str, digest: str, at: datetime, until: datetime) -> bool:
        """A session; those long over go on the way."""
        with self._write() as db:
            db.execute("delete from sessions where until <= ?", [_time(at - KNOWN_AFTER)])
            made = db.execute(
                "insert into sessions (digest, staff, seen_at, until) select ?, id, ?, ? from staff"
                " where id = ? and password = ? and disabled_at is null",
                [digest, _time(at), _time(until), id_, password],
            )
            return made.rowcount > 0

    def session(self, digest: str) -> Session | None:
        """The session under a digest, with the person as they stand now."""
        with self._connection() as db:
            row = db.execute(
                "select s.name, s.role, s.id, e.seen_at, e.until from sessions e join staff s on s.id = e.staff"
                " where e.digest = ?",
                [digest],
            ).fetchone()
        if row is None:
            return None
        return Session(Person(*row[:3]), datetime.fromisoformat(row[3]), datetime.fromisoformat(row[4]))

    def seen_session(self, digest: str, at: datetime) -> None:
        """It is in use."""
        with self._write() as db:
            db.execute("update sessions set seen_at = ? where digest = ?", [_time(at), digest])

    def end_session(self, digest: str) -> None:
        """It is over."""
        with self._write() as db:
            db.execute("delete from sessions where digest = ?", [digest])

    # --- tries -------------------------------------------------------------------------------------------------------

    def try_sign_in(self, most: Mapping[str, int], at: datetime) -> bool:
        """Count a try in one transaction, so that many at once don't slip through, whatever worker they come to."""
        with self._write() as db:
            db.execute("delete from sign_in_tries where at <= ?", [_time(at - TRIES_WITHIN)])
            counted = "select count(*) from sign_in_tries where key = ?"
            if any(db.execute(counted, [key]).fetchone()[0] >= limit for key, limit in most.items()):
                return False
            for key in most:
                db.execute("insert into sign_in_tries (key, at) values (?, ?)", [key, _time(at)])
            return True

    def forgive_try_in(self, keys: Iterable[str]) -> None:
        """The last try under each key does not count."""
        with self._write() as db:
            for key in keys:
                db.execute(
                    "delete from sign_in_tries where id = (select max(id) from sign_in_tries where key = ?)", [key]
                )

    # --- the trail ---------------------------------------------------------------------------------------------------

    def audit(self, person: Person, action: str, object_: str, at: datetime) -> None:
        """A line at the end; the name stands in it as it was."""
        with self._write() as db:
            db.execute(
                "insert into audit (at, staff, who, action, object) values (?, ?, ?, ?, ?)",
                [_time(at), person.id or None, person.name, action, object_],
            )

    def trail(self, sought: Sought, most: int) -> list[Entry]:
        """Lines of the trail."""
        wanted = {
            "instr(lower(who), lower(?))": sought.who or None,
            "action = ?": sought.action or None,
            "instr(lower(object), lower(?))": sought.object or None,
            "at >= ?": _time(sought.since) if sought.since else None,
            "at < ?": _time(sought.before) if sought.before else None,
            "id < ?": sought.older_than,
        }
        held = {clause: value for clause, value in wanted.items() if value is not None}
        where = f"where {' and '.join(held)}" if held else ""
        sql = f"select id, at, who, action, object from audit {where} order by id desc limit ?"
        with self._connection() as db:
            rows = db.execute(sql, [*held.values(), most]).fetchall()
        return [Entry(id_, datetime.fromisoformat(at), *rest) for id_, at, *rest in rows]

    def actions(self) -> list[str]:
        """Every kind of action that stands in the trail."""
        with self._connection() as db:
            return [row[0] for row in db.execute("select distinct action from audit order by action").fetchall()]


def _end_all(db: Database, id_: int) -> None:
    """Whatever would still let an account in without its password."""
    db.execute("delete from sessions where staff = ?", [id_])
    db.execute("delete from sign_ins where staff = ?", [id_])


def _account(row: dict[str, Any]) -> Account:
    return Account(_person(row), row["password"], _at(row["disabled_at"]), _at(row["seen"]), _at(row["invited"]))


def _person(row: dict[str, Any]) -> Person:
    return Person(row["name"], row["role"], row["id"])


def _at(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _time(at: datetime) -> str:
    """A time that sorts as text, whatever its zone."""
    return datetime.fromtimestamp(at.timestamp(), UTC).isoformat(timespec="microseconds")
