"""Erasing a person in the SQLite store: text and identity go; day, direction and door stay, so that counts hold."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.kept import keep_reply, kept_conversation, kept_reply
from bot.store import DESK
from bot.tickets import Traces
from dialogs.messages import Reply

_DAY = "date({0}, '+8 hours') || 'T12:00:00+08:00'"
"""A time as the day (in Beijing) that it stands in; nothing finer is kept."""

_LETTERS = "select id from letters where ticket in (select no from tickets where conversation = :id)"

ERASE = (
    f"delete from letter_files where answer in (select id from letter_answers where letter in ({_LETTERS}))",
    f"delete from letter_answers where letter in ({_LETTERS})",
    "delete from letters where ticket in (select no from tickets where conversation = :id)",
    "update effects set about = json_object('reason', json_extract(about, '$.reason'))"
    " where message in (select id from messages where conversation = :id)",
    f"update feedback set at = {_DAY.format('at')} where message in (select id from messages where conversation = :id)",
    "update messages set body = iif(direction = 'out', body, null), packed = null, line = null, sent_at = null,"
    f" \"update\" = null, outcome = iif(direction = 'out', coalesce(outcome, 'gone'), null), at = {_DAY.format('at')}"
    " where conversation = :id",
    "delete from notes where ticket in (select no from tickets where conversation = :id)",
    f"update ticket_events set said = '', refused = '', at = {_DAY.format('at')}"
    " where ticket in (select no from tickets where conversation = :id)",
    f"update tickets set outcome = iif(outcome = 'erased', outcome, null), opened_at = {_DAY.format('opened_at')},"
    f" waiting_at = {_DAY.format('waiting_at')}, claimed_at = {_DAY.format('claimed_at')},"
    f" answered_at = {_DAY.format('answered_at')}, closed_at = {_DAY.format('closed_at')}"
    " where conversation = :id and closed_at is not null",
    f"update conversations set visitor = :gone, state = null, opened_by = null, opened_at = {_DAY.format('opened_at')},"
    f" changed_at = {_DAY.format('changed_at')} where id = :id",
    "delete from cases where visitor = :visitor",
    "delete from code_tries where visitor = :visitor",
    "delete from wishes where visitor = :visitor",
    "delete from dues where visitor = :visitor",
    "delete from knowledge_previews",  # which hold what visitors asked; whoever wants one tries the draft again
)


def erase(db: sqlite3.Connection, conversation: int, visitor: str, receipt: str, at: str) -> None:
    """Empty a conversation and all that was kept on its visitor, who has none any more; within a turn's transaction."""
    door = visitor.partition(":")[0]
    db.execute("pragma secure_delete = on")
    empty(db, conversation, visitor, f"{door}:erased:{secrets.token_urlsafe(9)}")
    db.execute("pragma secure_delete = off")
    db.execute("insert into erasures (receipt, door, at) values (?, ?, ?)", (receipt, door, at))


def empty(db: sqlite3.Connection, conversation: int, visitor: str, gone: str) -> None:
    """Take words and person out of a conversation, which then is that of `gone`; what is counted stays."""
    _keep_what_counts(db, conversation)
    for sql in ERASE:
        db.execute(sql, {"id": conversation, "visitor": visitor, "gone": gone})


def _keep_what_counts(db: sqlite3.Connection, conversation: int) -> None:
    """Of a reply only its kind and what it was about: neither text nor contact, option, figure or result."""
    sql = "select id, body, packed from messages where conversation = ? and direction = 'out'"
    for id_, body, packed in db.execute(sql, (conversation,)).fetchall():
        reply = kept_reply(body, packed)
        bare = Reply(reply.status, "", reason=reply.reason, topics=reply.topics, facets=reply.facets)
        db.execute("update messages set body = ? where id = ?", (keep_reply(bare)[0], id_))


class SqliteErasing:
    """What is kept on a visitor, and what was erased; a part of the store."""

    _first: Callable[..., tuple[Any, ...] | None]

    def traces(self, visitor: str) -> Traces:
        """How much is kept on a visitor."""
        row = self._first(
            "select c.state, (select count(*) from messages m where m.conversation = c.id and m.direction = 'in'"
            f" and m.manner is not '{DESK}'),"
            " (select count(*) from cases where visitor = c.visitor),"
            " (select count(*) from wishes where visitor = c.visitor),"
            " (select count(*) from tickets where conversation = c.id) from conversations c where c.visitor = ?",
            visitor,
        )
        if row is None:
            return Traces()
        state, *counts = row
        conversation = kept_conversation(state) if state else None
        turns, cases, wishes, tickets = map(int, counts)
        return Traces(turns, len(conversation.now) if conversation else 0, cases, wishes, tickets)

    def erasure(self, receipt: str) -> datetime | None:
        """When what a receipt names was erased."""
        row = self._first("select at from erasures where receipt = ?", receipt)
        return datetime.fromisoformat(row[0]) if row else None
