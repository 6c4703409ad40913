"""Tallies in the SQLite store: counted in the transaction of a turn, read by day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.counting import NO_REPLY, WRONG, Daily, Judged, Missed, Missing, Tally, TicketCount
from bot.handing_on import BEIJING
from bot.kept import kept_message, kept_reply
from bot.page import spoken_options, words_of
from bot.store import Exchange
from dialogs.conversation import Conversation
from dialogs.handover import is_for_a_ticket
from dialogs.messages import Reply

_KIND = "status, reason, topics, facets, districts, finished"
_OF_KIND = "k.status, k.reason, k.topics, k.facets, k.districts, k.finished"
_KNOWN = "select id from kinds where (status, reason, topics, facets, districts, finished) = (?, ?, ?, ?, ?, ?)"
_NEW = f"insert into kinds ({_KIND}) values (?, ?, ?, ?, ?, ?)"
_ADD = (
    "insert into tallies (day, door, kind, n) values (?, ?, ?, 1) on conflict (day, door, kind) do update set n = n + 1"
)
_JUDGED = (
    "feedback f join messages a on a.id = f.message join messages m on m.id = a.answers join kinds k on k.id = m.kind"
)
_DAY = "date(m.at, '+8 hours')"
OPENED = "date(opened_at, '+8 hours')"
RECENT = 8
Kind = tuple[str, str, str, str, str, int]
"""Replies among whose options the label of a tapped one is looked for."""


# --- in the transaction of a turn ------------------------------------------------------------------------------------


def keep(
    db: sqlite3.Connection, exchange: Exchange, before: Conversation | None, after: Conversation, came: int
) -> int | None:
    """Count a turn; `came`: the number of its conversation before it (which an erasing turn has emptied).

    The kind under which its message is to be kept; None for what happens to a ticket, which isn't counted.
    """
    if is_for_a_ticket(exchange.message):
        return None
    day, door = exchange.at.astimezone(BEIJING).date().isoformat(), exchange.visitor.partition(":")[0]
    kind = _kind(db, kind_of(exchange.reply, finished=finishes(before, exchange.reply), told=_told(before, after)))
    db.execute(_ADD, (day, door, kind))
    db.execute("insert or ignore into visits (day, door, conversation) values (?, ?, ?)", (day, door, came))
    return kind


def _kind(db: sqlite3.Connection, kind: Kind) -> int:
    known = db.execute(_KNOWN, kind).fetchone()
    return int(known[0]) if known else db.execute(_NEW, kind).lastrowid or 0


def finishes(before: Conversation | None, reply: Reply | None) -> bool:
    """Whether the sheet is shown at the end of an interview, and not once more after it."""
    return reply is not None and reply.status == "result" and (before is None or before.interview != "done")


def kind_of(reply: Reply | None, *, finished: bool = False, told: str = "") -> Kind:
    """What makes turns alike: status, reason, topics, facets, districts, finished."""
    if reply is None:
        return NO_REPLY, "", "", "", told, int(finished)
    named = {card.matter for card in reply.contacts if card.matter.endswith("区")} | ({told} - {""})
    topics, facets = (",".join(dict.fromkeys(names)) for names in (reply.topics, reply.facets))
    return reply.status, reply.reason or "", topics, facets, ",".join(sorted(named)), int(finished)


def counted_as(body: str | None, packed: bytes | None, answered: int) -> str:
    """The kind of a turn that was kept before kinds were, as a JSON array; a function of the migration's SQL."""
    return json.dumps(kind_of(kept_reply(body, packed) if answered else None), ensure_ascii=False)


def _told(before: Conversation | None, after: Conversation) -> str:
    """The district of the enterprise, where this turn has told it."""
    now, then = (one.now.get("district") if one and one.told else None for one in (after, before))
    return str(now.value or "") if now is not None and (then is None or then.value != now.value) else ""


# --- reading ---------------------------------------------------------------------------------------------------------


class SqliteCounting:
    """Keeps `bot.counting.CountStore`'s promise over the connections of the store that it is a part of."""

    _all: Callable[..., list[tuple[Any, ...]]]

    def tallies(self, first: date, last: date) -> list[Tally]:
        """The turns of some days, by what they are alike in."""
        sql = (
            f"select t.door, {_OF_KIND}, t.n from (select door, kind, sum(n) as n from tallies"
            " where day between ? and ? group by door, kind) t join kinds k on k.id = t.kind"
        )
        return [_tally(row) for row in self._all(sql, first.isoformat(), last.isoformat())]

    def daily(self, first: date, last: date) -> list[Daily]:
        """The same turns by day and by what they came to."""
        rows = self._all(
            "select t.day, t.door, k.status, k.finished, sum(t.n) from tallies t join kinds k on k.id = t.kind"
            " where t.day between ? and ? group by 1, 2, 3, 4 order by 1",
            first.isoformat(), last.isoformat(),
        )  # fmt: skip
        return [Daily(_day(day), door, status, bool(finished), n) for day, door, status, finished, n in rows]

    def judged(self, first: date, last: date) -> list[Judged]:
        """Those of them on whose replies visitors have said a word."""
        rows = self._all(
            f"select {_DAY}, f.useful, m.door, {_OF_KIND}, count(*) from {_JUDGED}"
            f" where f.at >= ? and {_DAY} between ? and ? group by 1, 2, 3, k.id",
            _early(first), first.isoformat(), last.isoformat(),
        )  # fmt: skip
        return [Judged(_day(day), bool(useful), _tally(row)) for day, useful, *row in rows]

    def visitors(self, spans: Sequence[tuple[date, date]]) -> list[dict[str, int]]:
        """For each span, how many conversations had a turn in it, by door."""
        sql = "select door, count(distinct conversation) from visits where day between ? and ? group by door"
        return [dict(self._all(sql, first.isoformat(), last.isoformat())) for first, last in spans]

    def ticket_counts(self, first: date, last: date) -> list[TicketCount]:
        """The tickets that were opened on some days."""
        rows = self._all(
            f"select {OPENED}, door, reason, answered_at is not null, waited, closed_at is not null,"
            f" coalesce(outcome, ''), helped from tickets where {OPENED} between ? and ? order by no",
            first.isoformat(), last.isoformat(),
        )  # fmt: skip
        return [
            TicketCount(
                date.fromisoformat(day), door, reason, bool(answered) or waited is not None, waited, bool(closed),
                outcome, None if helped is None else bool(helped),
            )
            for day, door, reason, answered, waited, closed, outcome, helped in rows
        ]  # fmt: skip

    def missed(self, sought: Missing, most: int) -> list[Missed]:
        """What was missed, newest first."""
        days = (sought.first.isoformat(), sought.last.isoformat())
        unanswered = (
            "select m.id from effects e join messages m on m.id = e.message join kinds k on k.id = m.kind"
            " where e.kind = 'note' and k.status = 'no_answer' and ? in (k.reason, '') and m.at >= ? and m.at < ?"
            f" and {_DAY} between ? and ?"
        )
        wrong = (
            f"select m.id from {_JUDGED} where f.useful = 0 and ? in ('{WRONG}', '') and f.at >= ? and {_DAY} between ?"
            " and ?"
        )
        rows = self._all(
            "select m.id, m.at, m.door, m.conversation, m.body, a.body, a.packed, coalesce(f.useful = 0, 0)"
            " from messages m join messages a on a.answers = m.id left join feedback f on f.message = a.id"
            f" where m.id in ({unanswered} union {wrong}) and m.body is not null and ? in (m.door, '')"
            " and instr(lower(m.body), lower(?)) and (? is null or m.id < ?) order by m.id desc limit ?",
            sought.kind, _early(sought.first), _late(sought.last), *days, sought.kind, _early(sought.first), *days,
            sought.door, sought.words, sought.older_than, sought.older_than, most,
        )  # fmt: skip
        return [self._missed(row) for row in rows]

    def _missed(self, row: tuple[Any, ...]) -> Missed:
        id_, at, door, conversation, said, body, packed, wrong = row
        message = kept_message(said)
        words = words_of(message, {}) or ""
        if '"choose"' in said:
            words = words_of(message, self._labels(conversation, id_)) or ""
        return Missed(id_, datetime.fromisoformat(at), door, words, kept_reply(body, packed), bool(wrong))

    def _labels(self, conversation: int, before: int) -> dict[str, str]:
        """What the options were called that stood before a visitor who tapped one."""
        sql = "select body, packed from messages where conversation = ? and id < ? and answers is not null"
        rows = self._all(f"{sql} order by id desc limit {RECENT}", conversation, before)
        return {value: label for row in reversed(rows) for value, label in spoken_options(kept_reply(*row)).items()}


def _tally(row: Iterable[Any]) -> Tally:
    door, status, reason, topics, facets, districts, finished, n = row
    return Tally(door, status, reason, _names(topics), _names(facets), _names(districts), bool(finished), n)


def _early(first: date) -> str:
    """A time before a day in Beijing, as times are compared that are text with whatever offset."""
    return (first - timedelta(days=1)).isoformat()


def _late(last: date) -> str:
    """A time after a day."""
    return (last + timedelta(days=2)).isoformat()


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    return date.fromisoformat(text)
