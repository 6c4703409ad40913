"""Cases handed on, tries of codes, and wishes, in the SQLite store."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlite_utils import Database

from bot.cases import LASTS, TRIES_ALL, TRIES_OWN, TRIES_WITHIN, Case, HeldCase, Kind
from dialogs.conversation import Kept

_TOLD = TypeAdapter(tuple[Kept, ...])


class SqliteCases:
    """Keeps `bot.cases.CaseStore`'s promise over the connections of the store that it is a part of."""

    def _connection(self) -> AbstractContextManager[Database]:
        raise NotImplementedError

    def _write(self) -> AbstractContextManager[Database]:
        raise NotImplementedError

    def keep_case(self, kind: Kind, digest: str, case: Case, at: datetime) -> None:
        """Keep a case; what has expired goes on the way, and a new code replaces the visitor's earlier one."""
        told = _TOLD.dump_json(case.told, exclude_defaults=True).decode()
        with self._write() as db:
            db.execute("delete from cases where until <= ?", [_time(at)])
            if kind == "code":
                db.execute("delete from cases where kind = 'code' and visitor = ?", [case.visitor])
            db.execute(
                "insert into cases (kind, digest, visitor, guide, told, scope, at, until)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    kind, digest, case.visitor, case.guide, told, json.dumps(case.scope), _time(at),
                    _time(at + LASTS[kind]),
                ],
            )  # fmt: skip

    def held_case(self, kind: Kind, digest: str, at: datetime) -> HeldCase | None:
        """The case under a digest, while it is good."""
        with self._connection() as db:
            rows = db.query(
                "select * from cases where kind = ? and digest = ? and until > ?", [kind, digest, _time(at)]
            )
            row = next(iter(list(rows)), None)
        return _held(row) if row else None

    def count_cases(self, visitor: str, kind: Kind, at: datetime) -> int:
        """How many of a visitor's are still good."""
        with self._connection() as db:
            found = db.execute(
                "select count(*) from cases where visitor = ? and kind = ? and until > ?", [visitor, kind, _time(at)]
            )
            return int(found.fetchone()[0])

    def drop_cases(self, visitor: str, kind: Kind, at: datetime, digest: str | None = None) -> int:
        """Take back one or all; the rows go, so that nothing of the case stays."""
        wanted, values = "visitor = ? and kind = ?", [visitor, kind]
        if digest is not None:
            wanted, values = f"{wanted} and digest = ?", [*values, digest]
        with self._write() as db:
            db.execute("delete from cases where until <= ?", [_time(at)])
            return int(db.execute(f"delete from cases where {wanted}", values).rowcount)

    def try_code(self, visitor: str, at: datetime) -> bool:
        """Count a try in one transaction, so that many at once don't slip through."""
        with self._write() as db:
            db.execute("delete from code_tries where at <= ?", [_time(at - TRIES_WITHIN)])
            everybody, own = db.execute(
                "select count(*), coalesce(sum(visitor = ?), 0) from code_tries", [visitor]
            ).fetchone()
            if own >= TRIES_OWN or everybody >= TRIES_ALL:
                return False
            db.execute("insert into code_tries (visitor, at) values (?, ?)", [visitor, _time(at)])
            return True

    def forgive_try(self, visitor: str) -> None:
        """The visitor's last try does not count."""
        with self._write() as db:
            db.execute(
                "delete from code_tries where id = (select max(id) from code_tries where visitor = ?)", [visitor]
            )

    def keep_wish(self, visitor: str, guide: str, at: datetime) -> None:
        """Keep the wish; the first day counts."""
        with self._write() as db:
            db.execute(
                "insert into wishes (visitor, door, guide, at) values (?, ?, ?, ?) on conflict (visitor) do nothing",
                [visitor, visitor.partition(":")[0], guide, _time(at)],
            )

    def wish(self, visitor: str) -> datetime | None:
        """Since when a visitor wants to be told."""
        with self._connection() as db:
            row = db.execute("select at from wishes where visitor = ?", [visitor]).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def drop_wish(self, visitor: str) -> bool:
        """Forget it."""
        with self._write() as db:
            return db.execute("delete from wishes where visitor = ?", [visitor]).rowcount > 0


def _time(at: datetime) -> str:
    """A time that sorts as text, whatever its zone."""
    return datetime.fromtimestamp(at.timestamp(), UTC).isoformat(timespec="microseconds")


def _held(row: dict[str, Any]) -> HeldCase:
    case = Case(row["visitor"], row["guide"], _TOLD.validate_json(row["told"]), tuple(json.loads(row["scope"])))
    return HeldCase(case, datetime.fromisoformat(row["at"]), datetime.fromisoformat(row["until"]))
