"""Cases handed on, tries of codes, and wishes, in the SQLite store."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from bot.cases import LASTS, TRIES_ALL, TRIES_OWN, TRIES_WITHIN, Case, HeldCase, Kind
from bot.sqlite_writer import Writer
from dialogs.conversation import Kept

_TOLD = TypeAdapter(tuple[Kept, ...])


class SqliteCases:
    """Keeps `bot.cases.CaseStore`'s promise with the reader and the writer of the store that it is a part of."""

    _writer: Writer

    def _first(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        raise NotImplementedError

    def keep_case(self, kind: Kind, digest: str, case: Case, at: datetime) -> None:
        """Keep a case; what has expired goes on the way, and a new code replaces the visitor's earlier one."""
        told = _TOLD.dump_json(case.told, exclude_defaults=True).decode()
        values = (
            kind, digest, case.visitor, case.guide, told, json.dumps(case.scope), _time(at), _time(at + LASTS[kind])
        )  # fmt: skip

        def keep(db: sqlite3.Connection) -> None:
            _forget_expired(db, at)
            if kind == "code":
                db.execute("delete from cases where kind = 'code' and visitor = ?", (case.visitor,))
            db.execute(
                "insert into cases (kind, digest, visitor, guide, told, scope, at, until)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )

        self._writer.do(keep, lasting=True)

    def held_case(self, kind: Kind, digest: str, at: datetime) -> HeldCase | None:
        """The case under a digest, while it is good."""
        row = self._first(
            "select visitor, guide, told, scope, at, until from cases where kind = ? and digest = ? and until > ?",
            kind, digest, _time(at),
        )  # fmt: skip
        return _held(*row) if row else None

    def count_cases(self, visitor: str, kind: Kind, at: datetime) -> int:
        """How many of a visitor's are still good."""
        sql = "select count(*) from cases where visitor = ? and kind = ? and until > ?"
        row = self._first(sql, visitor, kind, _time(at))
        return int(row[0]) if row else 0

    def drop_cases(self, visitor: str, kind: Kind, at: datetime, digest: str | None = None) -> int:
        """Take back one or all; the rows go, so that nothing of the case stays."""
        wanted, values = "visitor = ? and kind = ?", [visitor, kind]
        if digest is not None:
            wanted, values = f"{wanted} and digest = ?", [*values, digest]

        def drop(db: sqlite3.Connection) -> int:
            _forget_expired(db, at)
            return db.execute(f"delete from cases where {wanted}", values).rowcount

        return self._writer.do(drop, lasting=True)

    def try_code(self, visitor: str, at: datetime) -> bool:
        """Count a try in one transaction, so that many at once don't slip through."""

        def count(db: sqlite3.Connection) -> bool:
            db.execute("delete from code_tries where at <= ?", (_time(at - TRIES_WITHIN),))
            everybody, own = db.execute(
                "select count(*), coalesce(sum(visitor = ?), 0) from code_tries", (visitor,)
            ).fetchone()
            if own >= TRIES_OWN or everybody >= TRIES_ALL:
                return False
            db.execute("insert into code_tries (visitor, at) values (?, ?)", (visitor, _time(at)))
            return True

        return self._writer.do(count, lasting=True)

    def forgive_try(self, visitor: str) -> None:
        """The visitor's last try does not count."""
        sql = "delete from code_tries where id = (select max(id) from code_tries where visitor = ?)"
        self._writer.do(lambda db: db.execute(sql, (visitor,)).rowcount)

    def keep_wish(self, visitor: str, guide: str, at: datetime) -> None:
        """Keep the wish; the first day counts."""
        sql = "insert into wishes (visitor, door, guide, at) values (?, ?, ?, ?) on conflict (visitor) do nothing"
        values = (visitor, visitor.partition(":")[0], guide, _time(at))
        self._writer.do(lambda db: db.execute(sql, values).rowcount, lasting=True)

    def wish(self, visitor: str) -> datetime | None:
        """Since when a visitor wants to be told."""
        row = self._first("select at from wishes where visitor = ?", visitor)
        return datetime.fromisoformat(row[0]) if row else None

    def drop_wish(self, visitor: str) -> bool:
        """Forget it."""
        sql = "delete from wishes where visitor = ?"
        return self._writer.do(lambda db: db.execute(sql, (visitor,)).rowcount, lasting=True) > 0


def _forget_expired(db: sqlite3.Connection, at: datetime) -> None:
    db.execute("delete from cases where until <= ?", (_time(at),))


def _time(at: datetime) -> str:
    """A time that sorts as text, whatever its zone."""
    return datetime.fromtimestamp(at.timestamp(), UTC).isoformat(timespec="microseconds")


def _held(visitor: str, guide: str, told: str, scope: str, at: str, until: str) -> HeldCase:
    case = Case(visitor, guide, _TOLD.validate_json(told), tuple(json.loads(scope)))
    return HeldCase(case, datetime.fromisoformat(at), datetime.fromisoformat(until))
