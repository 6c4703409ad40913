"""`policydesk` as it is, or broken on purpose: `SABOTAGE=… python -m tests.chaos_serve serve …`.

commit   a reply is sent first and kept afterwards
inbox    an update is confirmed before it is kept anywhere but in memory
lock     nobody holds a line, no revision is looked at, no order kept
"""

from __future__ import annotations

import itertools
import os
import random
from collections import defaultdict
from typing import Any

from bot import sqlite_in, sqlite_out
from bot.__main__ import main
from bot.kept import kept_message
from bot.sqlite_store import SqliteStore
from bot.store import Parcel, Repeated, Stale, Update


def send_before_the_commit() -> None:
    """The parcel is handed out at once; the turn is kept when it has been sent."""
    keep, done, part, numbers = SqliteStore.commit, SqliteStore.posted, SqliteStore.part_sent, itertools.count(1)
    turns: dict[int, Any] = {}

    def commit(store: SqliteStore, held: Any, exchange: Any, after: Any, effects: Any, **named: Any) -> Parcel | None:
        line = sqlite_in.line_of(exchange.visitor)
        if line is None or exchange.reply is None:
            return keep(store, held, exchange, after, effects, **named)
        number = -next(numbers)
        turns[number] = (held, exchange, after, effects)
        return Parcel(number, line, exchange.visitor, exchange.update, exchange.reply, exchange.manner)

    def posted(store: SqliteStore, parcel: Parcel, *rest: Any) -> Parcel | None:
        if parcel.id not in turns:
            return done(store, parcel, *rest)
        try:
            kept = keep(store, *turns.pop(parcel.id))
        except (Stale, Repeated):
            return None
        return done(store, kept, *rest) if kept else None

    def part_sent(store: SqliteStore, parcel: Parcel, parts: int) -> None:
        if parcel.id > 0:
            part(store, parcel, parts)

    SqliteStore.commit, SqliteStore.posted, SqliteStore.part_sent = commit, posted, part_sent  # type: ignore[method-assign]


def drop_the_inbox() -> None:
    """What was accepted is held in memory, and in nobody else's."""
    held: dict[str, list[Any]] = defaultdict(list)
    keep = SqliteStore.commit

    def accept(store: SqliteStore, updates: Any) -> list[bool]:
        for update in updates:
            held[update.visitor].append(update)
        return [True] * len(updates)

    def waiting(store: SqliteStore, visitor: str) -> Any:
        line = held[visitor]
        return (line[0], store.load(visitor), len(line) > 1) if line else None

    def commit(store: SqliteStore, *turn: Any, **named: Any) -> Any:
        line = held[turn[1].visitor]
        try:
            return keep(store, *turn, **named)
        finally:
            line[:] = [update for update in line if update.update != turn[1].update]

    SqliteStore.accept, SqliteStore.waiting, SqliteStore.commit = accept, waiting, commit  # type: ignore[method-assign,assignment]


def leave_the_lock_out() -> None:
    """Any update of a visitor may be next, on any state, and everybody sends what is unsent."""
    wait = SqliteStore.waiting

    def waiting(store: SqliteStore, visitor: str) -> Any:
        found = wait(store, visitor)
        if found is None or not found[2]:
            return found
        name = random.choice(store._all('select "update" from inbox where visitor = ?', visitor))[0]
        sql = 'select body, at, place, manner from inbox where visitor = ? and "update" = ?'
        row = store._first(sql, visitor, name)
        if row is None:
            return found
        message = kept_message(row[0])
        return Update(visitor, name, found[0].at, message, row[2], row[3]), found[1], True

    def check_turn(db: Any, conversation: int, visitor: str, update: str) -> None:
        if sqlite_in.taken(db, conversation, update):
            raise Repeated
        db.execute('delete from inbox where visitor = ? and "update" = ?', (visitor, update))

    def claim(db: Any, line: str, worker: str, now: str) -> Parcel | None:
        db.execute("insert or replace into lines (line, holder) values (?, ?)", (line, worker))
        db.execute("update conversations set revision = revision where id = 0")
        return sqlite_out._first(db, line)

    SqliteStore.waiting = waiting  # type: ignore[method-assign]
    sqlite_in.check_turn = check_turn
    sqlite_out.claim = claim


SABOTAGES = {"commit": send_before_the_commit, "inbox": drop_the_inbox, "lock": leave_the_lock_out}

if __name__ == "__main__":
    wanted = os.environ.get("SABOTAGE", "")
    if wanted:
        SABOTAGES[wanted]()
    main()
