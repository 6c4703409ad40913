"""Tickets, their log, notes and who is at the desk, in the SQLite store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.kept import keep_message, kept_message
from bot.sqlite_writer import Writer
from bot.store import DESK, Stale
from bot.tickets import FIRST_NO, KeptNote, Moved, Present, Talk, TicketRow
from dialogs.messages import Happened, Text

_AHEAD = "state in ('waiting', 'raised') and closed_at is null"

_TICKETS = f"""
select t.no, c.visitor, c.id, t.door, t.reason, t.state, t.holder, t.addressed, t.opened_at, t.waiting_at, t.claimed_at,
    t.answered_at, t.closed_at, t.outcome, t.helped,
    (select max(at) from messages m where m.conversation = c.id and m.direction = 'in'
        and m.manner is not '{DESK}'),
    (select max(at) from messages m where m.conversation = c.id and m.direction = 'out'),
    case when t.state in ('waiting', 'raised') then (
        select count(*) from tickets o where o.{_AHEAD.replace("closed_at", "o.closed_at")}
        and (o.state < t.state or (o.state = t.state and (o.waiting_at, o.no) <= (t.waiting_at, t.no)))
    ) else 0 end
from tickets t join conversations c on c.id = t.conversation
"""
_LOG = "select l.ticket, l.at, l.event, l.officer, l.addressed, l.said, l.refused from ticket_events l"
FORGOTTEN = timedelta(minutes=1)
RECENT = 4000
"""Messages among which the conversations that moved last are looked for."""


class SqliteTickets:
    """Keeps `bot.tickets.TicketStore`'s promise over the connections of the store that it is a part of."""

    _writer: Writer
    _first: Callable[..., tuple[Any, ...] | None]
    _all: Callable[..., list[tuple[Any, ...]]]

    def next_ticket(self, visitor: str) -> tuple[int, int]:
        """The number and place that the visitor's ticket has, or would get now."""
        rows = self._tickets("where c.visitor = ? and t.closed_at is null", visitor)
        if rows:
            return rows[0].no, rows[0].place
        sql = (
            f"select coalesce((select max(no) from tickets), ?) + 1, (select count(*) from tickets where {_AHEAD}) + 1"
        )
        row = self._first(sql, FIRST_NO - 1)
        assert row is not None
        return int(row[0]), int(row[1])

    def ticket(self, no: int) -> TicketRow | None:
        """A ticket by its number."""
        return next(iter(self._tickets("where t.no = ?", no)), None)

    def queue(self) -> list[TicketRow]:
        """The open tickets, those that wait first."""
        order = "order by case t.state when 'raised' then 0 when 'waiting' then 1 else 2 end, t.waiting_at, t.no"
        return self._tickets(f"where t.closed_at is null {order}")

    def closed_tickets(self, most: int) -> list[TicketRow]:
        """The tickets that were closed last."""
        return self._tickets("where t.closed_at is not null order by t.closed_at desc, t.no desc limit ?", most)

    def held_by(self, officer: str) -> list[TicketRow]:
        """The open tickets of an officer."""
        return self._tickets("where t.closed_at is null and t.holder = ? order by t.no", officer)

    def ticket_log(self, no: int) -> list[Moved]:
        """What happened to a ticket, in order."""
        return [_moved(row) for row in self._all(f"{_LOG} where l.ticket = ? order by l.id", no)]

    def moved_by(self, visitor: str, update: str) -> list[Moved]:
        """What an update of a conversation has moved."""
        sql = (
            f"{_LOG} join messages m on m.id = l.message join conversations c on c.id = m.conversation"
            ' where c.visitor = ? and m."update" = ? order by l.id'
        )
        return [_moved(row) for row in self._all(sql, visitor, update)]

    def keep_note(self, no: int, by: str, text: str, at: datetime, key: str | None = None) -> bool:
        """Keep a note on a ticket, under a key once."""
        sql = (
            "insert into notes (ticket, officer, at, body, key) select no, ?, ?, ?, ? from tickets where no = ?"
            " on conflict (ticket, officer, key) where key is not null do nothing"
        )

        def keep(db: sqlite3.Connection) -> bool:
            return db.execute(sql, (by, at.isoformat(), text, key, no)).rowcount == 1

        return self._writer.do(keep, lasting=True)

    def notes(self, no: int) -> list[KeptNote]:
        """The notes on a ticket, in order."""
        rows = self._all("select ticket, at, officer, body from notes where ticket = ? order by id", no)
        return [KeptNote(no, datetime.fromisoformat(at), by, text) for no, at, by, text in rows]

    def talks(self, most: int) -> list[Talk]:
        """The conversations in which something was said last."""
        rows = self._all(
            "select c.id, c.door, m.at, m.body, coalesce(t.no, 0) from ("
            "  select conversation, max(id) as last from messages"
            "  where id > (select coalesce(max(id), 0) from messages) - ? and direction = 'in' and body is not null"
            f"  and manner is not '{DESK}' group by conversation order by last desc limit ?"
            ") r join messages m on m.id = r.last join conversations c on c.id = r.conversation"
            " left join tickets t on t.conversation = c.id and t.closed_at is null"
            " where c.state is not null order by r.last desc",
            RECENT, most,
        )  # fmt: skip
        return [Talk(id_, door, datetime.fromisoformat(at), _words(body), no) for id_, door, at, body, no in rows]

    def visitor_of(self, chat: int) -> str:
        """The visitor of a conversation by its number."""
        row = self._first("select visitor from conversations where id = ? and state is not null", chat)
        return str(row[0]) if row else ""

    def seen(self, officer: str, at: datetime) -> None:
        """An officer is at the desk."""
        sql = "insert or replace into officers_seen (officer, at) values (?, ?)"
        self._writer.do(lambda db: db.execute(sql, (officer, at.isoformat())).rowcount)

    def on_duty(self, since: datetime) -> list[str]:
        """The officers who have been seen since a time."""
        sql = (
            "select s.name from officers_seen o join staff s on s.name = o.officer"
            " where o.at >= ? and s.disabled_at is null order by s.name"
        )
        return [str(row[0]) for row in self._all(sql, since.isoformat())]

    def absent(self, before: datetime) -> list[TicketRow]:
        """Taken tickets whose officers have not been seen since a time."""
        away = "not exists (select 1 from officers_seen s where s.officer = t.holder and s.at >= ?)"
        return self._tickets(f"where t.state = 'taken' and t.closed_at is null and {away}", before.isoformat())

    def open_ticket(self, visitor: str) -> TicketRow | None:
        """The ticket of a visitor that isn't closed."""
        return next(iter(self._tickets("where c.visitor = ? and t.closed_at is null", visitor)), None)

    def attend(self, no: int, who: str, at: datetime, *, typing: bool) -> None:
        """Somebody has a ticket before them."""
        sql = (
            "insert into presence (ticket, who, at, typing) values (?, ?, ?, ?) on conflict (ticket, who)"
            " do update set at = excluded.at, typing = excluded.typing"
        )

        def attend(db: sqlite3.Connection) -> int:
            db.execute("delete from presence where at < ?", ((at - FORGOTTEN).isoformat(),))
            return db.execute(sql, (no, who, at.isoformat(), at.isoformat() if typing else None)).rowcount

        self._writer.do(attend)

    def present(self, no: int, since: datetime) -> list[Present]:
        """Who has had a ticket before them since a time."""
        rows = self._all(
            "select who, at, typing from presence where ticket = ? and at >= ? order by who", no, since.isoformat()
        )
        return [Present(who, datetime.fromisoformat(at), _at(typing)) for who, at, typing in rows]

    def _tickets(self, where: str, *values: object) -> list[TicketRow]:
        return [_ticket(row) for row in self._all(f"{_TICKETS} {where}", *values)]


# --- in the transaction of a turn ------------------------------------------------------------------------------------


def keep(db: sqlite3.Connection, kind: str, about: Mapping[str, str], conversation: int, message: int, at: str) -> None:
    """What a turn's effect does to tickets; `Stale` where another ticket has got the number meanwhile."""
    if kind == "ticket":
        opens = about["event"] in ("opened", "called")
        _open(db, about, conversation, at) if opens else _move(db, about, at)
        _put_due(db, about, conversation)
    elif kind == "helped":
        values = (int(about["helped"] == "yes"), int(about["no"]), conversation)
        db.execute("update tickets set helped = ? where no = ? and conversation = ?", values)
    if kind in ("ticket", "refused"):
        db.execute(
            "insert into ticket_events (ticket, message, at, event, officer, addressed, said, refused)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                int(about["no"]), message, at, about["event"], about.get("by", ""), about.get("to", ""),
                about.get("text", ""), about.get("says", ""),
            ),
        )  # fmt: skip


def _open(db: sqlite3.Connection, about: Mapping[str, str], conversation: int, at: str) -> None:
    by, no = about["by"] or None, int(about["no"])
    held = db.execute("select no from tickets where conversation = ? and closed_at is null", (conversation,)).fetchone()
    if held is not None and held[0] == no:  # its conversation could not be read any more, and has begun afresh
        db.execute("update tickets set state = ?, holder = ? where no = ?", (about["state"], by, no))
        return
    if held is not None:
        raise Stale
    opened = db.execute(
        "insert into tickets (no, conversation, door, reason, state, holder, opened_at, waiting_at, claimed_at)"
        " select ?, id, door, ?, ?, ?, ?, ?, ? from conversations where id = ? on conflict (no) do nothing",
        (no, about["reason"], about["state"], by, at, at, at if by else None, conversation),
    ).rowcount
    if not opened:
        raise Stale


def _move(db: sqlite3.Connection, about: Mapping[str, str], at: str) -> None:
    state, event, no = about["state"], about["event"], int(about["no"])
    taken = state == "taken"
    db.execute(
        "update tickets set state = ?, holder = ?, addressed = ?,"
        " waiting_at = case when state = 'taken' and ? <> 'taken' then ? else waiting_at end,"
        " claimed_at = coalesce(claimed_at, ?), answered_at = coalesce(answered_at, ?), closed_at = ?,"
        " outcome = coalesce(?, outcome), waited = coalesce(waited, ?) where no = ?",
        (
            state, about["by"] if taken else None, about["to"] or None, state, at, at if taken else None,
            at if event == "said" else None, at if state == "closed" else None,
            (about["text"] or event) if state == "closed" else None, about.get("waited"), no,
        ),
    )  # fmt: skip


def _put_due(db: sqlite3.Connection, about: Mapping[str, str], conversation: int) -> None:
    """A ticket that waits is raised at its time (`due`); one that doesn't, isn't."""
    visitor = db.execute("select visitor from conversations where id = ?", (conversation,)).fetchone()[0]
    no = int(about["no"])
    db.execute('delete from dues where visitor = ? and "update" like ?', (visitor, f"raise-{no}-%"))
    if "due" in about:
        log = db.execute("select count(*) from ticket_events where ticket = ?", (no,)).fetchone()[0]
        db.execute(
            'insert into dues (visitor, "update", at, body, manner) values (?, ?, ?, ?, ?)',
            (visitor, f"raise-{no}-{log}", about["due"], keep_message(Happened("raised", no)), ""),
        )


def _ticket(row: tuple[Any, ...]) -> TicketRow:
    (no, visitor, chat, door, reason, state, holder, addressed, opened, waits, claimed, answered, closed, outcome,
     helped, told, spoken, place) = row  # fmt: skip
    return TicketRow(
        no, visitor, chat, door, reason, state, holder or "", addressed or "", datetime.fromisoformat(opened),
        datetime.fromisoformat(waits), _at(claimed), _at(answered), _at(closed), outcome or "",
        None if helped is None else bool(helped), _at(told), _at(spoken), place,
    )  # fmt: skip


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _moved(row: tuple[Any, ...]) -> Moved:
    no, at, *rest = row
    return Moved(no, datetime.fromisoformat(at), *(one or "" for one in rest))


def _words(body: str) -> str:
    message = kept_message(body)
    return message.text if isinstance(message, Text) else "（点选）"
