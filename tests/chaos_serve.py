"""`policydesk` as it is, or broken on purpose: `SABOTAGE=… python -m tests.chaos_serve serve …`.

commit   a reply is sent first and kept afterwards
inbox    an update is confirmed before it is kept anywhere but in memory
lock     nobody holds a line, no revision is looked at, no order kept
ticket   a reply is kept with its number, the ticket a moment afterwards
notice   a turn is kept, what the officers' group is to be told of it a moment afterwards
"""

from __future__ import annotations

import itertools
import os
import random
import threading
from collections import defaultdict
from contextlib import suppress
from functools import partial
from typing import Any

from bot import sqlite_in, sqlite_out, sqlite_tickets
from bot.__main__ import main
from bot.kept import kept_message
from bot.mail import running
from bot.mail.sending import Sending
from bot.sqlite_store import SqliteStore
from bot.staffgroup import sqlite_group
from bot.store import Parcel, Repeated, Stale, Update
from tests.clocks import hand_out

MAIL_AGAIN_S = (1.0,) * 1000
"""A letter that was not taken is tried again soon, and never given up: the product's minutes are too long for a run."""
LATER_S = 0.4


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
    sqlite_out.claim_fresh = lambda db, parcel, worker, now: claim(db, parcel.line, worker, now)


def open_the_ticket_later() -> None:
    """The turn that opens a ticket is kept without it; the ticket follows in a transaction of its own."""
    keep = SqliteStore.commit

    def commit(store: SqliteStore, held: Any, exchange: Any, after: Any, effects: Any, **named: Any) -> Parcel | None:
        opened = [one for one in effects if one.kind == "ticket" and one.about["event"] == "opened"]
        rest = tuple(one for one in effects if one not in opened)
        parcel = keep(store, held, exchange, after, rest, **named)
        for effect in opened:
            threading.Timer(LATER_S, open_it, (store, exchange, effect.about)).start()
        return parcel

    def open_it(store: SqliteStore, exchange: Any, about: Any) -> None:
        sql = "select c.id, max(m.id) from conversations c join messages m on m.conversation = c.id where c.visitor = ?"

        def write(db: Any) -> None:
            conversation, message = db.execute(sql, (exchange.visitor,)).fetchone()
            sqlite_tickets.keep(db, "ticket", about, conversation, message, exchange.at.isoformat())

        with suppress(Exception):
            store._writer.do(write)

    SqliteStore.commit = commit  # type: ignore[method-assign]


def tell_the_group_later() -> None:
    """The turn is kept without its notices; they follow in a transaction of their own."""
    commit_, keep = SqliteStore.commit, sqlite_group.keep

    def commit(store: SqliteStore, held: Any, exchange: Any, after: Any, effects: Any, **named: Any) -> Parcel | None:
        parcel = commit_(store, held, exchange, after, effects, **named)
        no = after.ticket.no if after.ticket else 0
        threading.Timer(LATER_S, tell, (store, exchange.update, no, effects, exchange.at.isoformat())).start()
        return parcel

    def tell(store: SqliteStore, *turn: Any) -> None:
        with suppress(Exception):
            store._writer.do(lambda db: keep(db, *turn))

    SqliteStore.commit = commit  # type: ignore[method-assign]
    sqlite_group.keep = lambda *_: None


SABOTAGES = {
    "commit": send_before_the_commit, "inbox": drop_the_inbox, "lock": leave_the_lock_out,
    "ticket": open_the_ticket_later, "notice": tell_the_group_later,
}  # fmt: skip

if __name__ == "__main__":
    hand_out()
    running.Sending = partial(Sending, waits=MAIL_AGAIN_S)  # type: ignore[misc,assignment]
    wanted = os.environ.get("SABOTAGE", "")
    if wanted:
        SABOTAGES[wanted]()
    main()
