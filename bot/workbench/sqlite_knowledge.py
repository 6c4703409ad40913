"""Versions, the draft and its preview in the SQLite store, and the questions that were asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.kept import kept_reply
from bot.store import DESK
from bot.workbench.knowledge_store import Aside, Drafted, Heard, Preview, Version

_VERSIONS = "select number, at, who, note, document, again from knowledge_versions order by number desc"
_HEARD = f"""
select m.door, m.at, json_extract(m.body, '$.text'), a.body, a.packed, f.useful, m.id,
    (select json_extract(n.body, '$.choose') is not null from messages n
     where n.conversation = m.conversation and n.id > m.id and n.direction = 'in' and n.manner is not '{DESK}'
     order by n.id limit 1),
    exists (select 1 from tickets t where t.conversation = m.conversation and t.reason = 'missed'
     and t.opened_at >= m.at)
from messages m join messages a on a.answers = m.id left join feedback f on f.message = a.id
where m.direction = 'in' and m.at >= ? and m.manner is not '{DESK}' and json_extract(m.body, '$.text') <> ''
order by m.id desc limit ?
"""


class SqliteKnowledge:
    """Keeps `KnowledgeStore`'s promise over the connections of the store that it is a part of."""

    def _connection(self) -> AbstractContextManager[Database]:
        raise NotImplementedError

    def _write(self) -> AbstractContextManager[Database]:
        raise NotImplementedError

    # --- versions ----------------------------------------------------------------------------------------------------

    def knowledge_mark(self) -> str:
        """The newest version, by number and time."""
        with self._connection() as db:
            sql = "select number || ' ' || at from knowledge_versions order by number desc limit 1"
            row = db.execute(sql).fetchone()
        return str(row[0]) if row else ""

    def knowledge(self) -> Version | None:
        """The newest version."""
        with self._connection() as db:
            row = db.execute(f"{_VERSIONS} limit 1").fetchone()
        return _version(row) if row else None

    def versions(self) -> list[Version]:
        """All versions, newest first."""
        with self._connection() as db:
            return [_version(row) for row in db.execute(_VERSIONS).fetchall()]

    def publish(self, version: Version, drafts: Sequence[int]) -> bool:
        """The next version, and the draft used up."""
        with self._write() as db:
            newest = db.execute("select coalesce(max(number), 0) from knowledge_versions").fetchone()[0]
            waiting = [row[0] for row in db.execute("select id from knowledge_drafts order by id").fetchall()]
            if newest != version.number - 1 or (version.again is None and waiting != list(drafts)):
                return False
            db.execute(
                "insert into knowledge_versions (number, at, who, note, document, again) values (?, ?, ?, ?, ?, ?)",
                [version.number, version.at.isoformat(), version.who, version.note, version.document, version.again],
            )
            if version.again is None:
                db.execute("delete from knowledge_drafts")
            db.execute("delete from knowledge_previews")
            return True

    # --- the draft ---------------------------------------------------------------------------------------------------

    def drafts(self) -> list[Drafted]:
        """The changes that wait."""
        with self._connection() as db:
            rows = db.execute("select id, at, who, change from knowledge_drafts order by id").fetchall()
        return [Drafted(id_, datetime.fromisoformat(at), who, change) for id_, at, who, change in rows]

    def draft(self, change: str, who: str, at: datetime) -> int:
        """One more."""
        with self._write() as db:
            sql = "insert into knowledge_drafts (at, who, change) values (?, ?, ?)"
            return db.execute(sql, [at.isoformat(), who, change]).lastrowid or 0

    def withdraw(self, id_: int) -> bool:
        """One less."""
        with self._write() as db:
            return db.execute("delete from knowledge_drafts where id = ?", [id_]).rowcount > 0

    # --- its preview -------------------------------------------------------------------------------------------------

    def begin_preview(self, preview: Preview) -> None:
        """A draft is being tried."""
        at = preview.at.isoformat()
        with self._write() as db:
            db.execute("delete from knowledge_previews")
            db.execute(
                "insert into knowledge_previews (seen, who, at, done, total, result, moved)"
                " values (?, ?, ?, 0, 0, '', ?)",
                [preview.seen, preview.who, at, at],
            )

    def keep_preview(self, preview: Preview) -> None:
        """What has been tried so far."""
        moved = (preview.moved or preview.at).isoformat()
        with self._write() as db:
            db.execute(
                "update knowledge_previews set done = ?, total = ?, result = ?, moved = ? where seen = ? and at = ?",
                [preview.done, preview.total, preview.result, moved, preview.seen, preview.at.isoformat()],
            )

    def preview(self, seen: str) -> Preview | None:
        """The preview of a document."""
        with self._connection() as db:
            sql = "select seen, who, at, done, total, result, moved from knowledge_previews where seen = ?"
            row = db.execute(sql, [seen]).fetchone()
        if row is None:
            return None
        at, moved = datetime.fromisoformat(row[2]), datetime.fromisoformat(row[6])
        return Preview(row[0], row[1], at, row[3], row[4], row[5], moved)

    # --- what is set aside -------------------------------------------------------------------------------------------

    def set_aside(self, aside: Aside) -> int:
        """One more group."""
        sql = "insert into knowledge_asides (at, who, count, marks) values (?, ?, ?, ?)"
        values = [aside.at.isoformat(), aside.who, aside.count, json.dumps(sorted(aside.marks))]
        with self._write() as db:
            return db.execute(sql, values).lastrowid or 0

    def asides(self) -> list[Aside]:
        """The groups that are set aside."""
        with self._connection() as db:
            rows = db.execute("select at, who, count, marks, id from knowledge_asides order by id desc").fetchall()
        return [
            Aside(datetime.fromisoformat(at), who, count, frozenset(json.loads(marks)), id_)
            for at, who, count, marks, id_ in rows
        ]

    def take_up(self, ids: Sequence[int]) -> bool:
        """These aren't set aside any more."""
        with self._write() as db:
            sql = "delete from knowledge_asides where id = ?"
            return sum(db.execute(sql, [id_]).rowcount for id_ in ids) > 0

    # --- what was asked ----------------------------------------------------------------------------------------------

    def heard(self, since: datetime, most: int) -> list[Heard]:
        """The newest questions and their replies."""
        with self._connection() as db:
            return [_heard(row) for row in db.execute(_HEARD, [since.isoformat(), most]).fetchall()]


def _version(row: tuple[Any, ...]) -> Version:
    number, at, who, note, document, again = row
    return Version(number, datetime.fromisoformat(at), who, note, document, again)


def _heard(row: tuple[Any, ...]) -> Heard:
    door, at, text, body, packed, useful, id_, chosen, handed = row
    reply = kept_reply(body, packed)
    return Heard(
        door, datetime.fromisoformat(at), text, reply, bool(chosen), None if useful is None else bool(useful),
        bool(handed), id_,
    )  # fmt: skip
