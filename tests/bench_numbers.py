"""How fast the statistics are over a store of 200,000 messages: `python -m tests.bench_numbers [MESSAGES]`.

The store is filled by the commits of real turns (the replies to the open and seen questions), over 120 days at four
doors, with words on replies and tickets; then pages and files are asked for over real HTTP from a served process.
Prints one JSON object as its last line.
"""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot import sqlite_in
from bot.handing_on import BEIJING
from bot.opening import open_library
from bot.sqlite_store import SqliteStore
from bot.store import Exchange, Held
from dialogs.conversation import Conversation
from dialogs.library import Library
from dialogs.messages import Effect, Reply, Text
from dialogs.turn import respond, start
from tests.conftest import OPEN
from tests.serving import Server
from tests.staff import NAMES, AtDesk, hired

SETS = Path(__file__).parent / "questions"
DAYS, TOGETHER, ROUNDS = 120, 500, 15
DOORS = ("web", "web", "web", "tg", "api", "phone")
PAGES = {
    "page_7_days": "/desk/numbers",
    "page_month": "/desk/numbers?span=month",
    "page_all": f"/desk/numbers?span=custom&from={OPEN - timedelta(days=DAYS)}&to={OPEN}",
    "page_two_years": f"/desk/numbers?span=custom&from={OPEN - timedelta(days=730)}&to={OPEN}",
    "missed_7_days": "/desk/numbers/missed",
    "missed_all": f"/desk/numbers/missed?span=custom&from={OPEN - timedelta(days=DAYS)}&to={OPEN}",
    "csv_all": f"/desk/numbers/table.csv?span=custom&from={OPEN - timedelta(days=DAYS)}&to={OPEN}",
    "xlsx_7_days": "/desk/numbers/all.xlsx",
}

Turns = list[tuple[Text, Reply, Conversation, tuple[Effect, ...]]]


def turns_of(library: Library) -> Turns:
    """Real turns, one a question."""
    fresh, found = start(library), []
    for name in ("open", "seen"):
        for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            text = Text(json.loads(line)["turns"][0])
            turn = respond(fresh, text, library=library, today=OPEN)
            if turn.reply is not None:
                found.append((text, turn.reply, turn.conversation, turn.effects))
    return found


def filled(store: SqliteStore, turns: Turns, count: int, seed: int = 1) -> float:
    """Commit so many turns; the milliseconds that each took."""
    chance = random.Random(seed)
    moments = sorted(_moment(chance) for _ in range(count))
    held: dict[str, int] = {}
    planned = [(at, f"{chance.choice(DOORS)}:{chance.randrange(count // 3)}", chance.choice(turns)) for at in moments]
    began = time.perf_counter()
    for start_ in range(0, count, TOGETHER):
        some = planned[start_ : start_ + TOGETHER]
        store._writer.do(lambda db, some=some: [_turn(db, held, *one) for one in some])  # type: ignore[misc]
    each = 1000 * (time.perf_counter() - began) / count
    store._writer.do(lambda db: _judge(db, chance))
    return each


def _moment(chance: random.Random) -> datetime:
    day = OPEN - timedelta(days=int(DAYS * chance.random() ** 1.5))
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(seconds=chance.randrange(8 * 3600, 86400))


def _turn(db: sqlite3.Connection, held: dict[str, int], at: datetime, visitor: str, turn: object) -> None:
    text, reply, after, effects = turn  # type: ignore[misc]
    exchange = Exchange(visitor, f"{held.get(visitor, 0)}", at, text, reply)
    effects = tuple(one for one in effects if one.kind == "note")
    sqlite_in.commit(db, Held(None, held.get(visitor, 0)), exchange, after, effects)
    held[visitor] = held.get(visitor, 0) + 1


def _judge(db: sqlite3.Connection, chance: random.Random) -> None:
    """Words on one reply in twenty, and a ticket of one conversation in fifteen."""
    for id_, at in db.execute("select id, at from messages where direction = 'out'").fetchall():
        if chance.random() < 0.05:
            db.execute("insert into feedback values (?, ?, ?)", (id_, int(chance.random() < 0.6), at))
    rows = db.execute("select id, door, changed_at from conversations order by changed_at").fetchall()
    for no, (id_, door, at) in enumerate((one for one in rows if chance.random() < 1 / 15), 1001):
        waited = int(chance.expovariate(1 / 300))
        db.execute(
            "insert into tickets (no, conversation, door, reason, state, opened_at, waiting_at, answered_at, closed_at,"
            " outcome, helped, waited) values (?, ?, ?, ?, 'closed', ?, ?, ?, ?, ?, ?, ?)",
            (no, id_, door, chance.choice(("asked", "missed", "doubt")), at, at, at, at,
             chance.choice(("已答复", "已转处室", "已转区里")), chance.choice((None, 0, 1)), waited),
        )  # fmt: skip


def measured(server: Server) -> Iterator[tuple[str, float, int]]:
    """The median of each page's times in milliseconds, and its bytes."""
    with AtDesk(server.url, NAMES["editor"]) as editor:
        for name, path in PAGES.items():
            times, size = [], 0
            for _ in range(ROUNDS):
                began = time.perf_counter()
                met = editor.client.get(path)
                times.append(1000 * (time.perf_counter() - began))
                assert met.status_code == 200, met.text[:500]
                size = len(met.content)
            yield name, statistics.median(times), size


def main() -> None:
    """Fill, serve, ask, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        hired(data)
        store = SqliteStore(data)
        each = filled(store, turns_of(open_library()), count // 2)
        rows = {table: store._all(f"select count(*) from {table}")[0][0]
                for table in ("messages", "tallies", "visits", "feedback", "tickets")}  # fmt: skip
        store.close()
        figures: dict[str, object] = {"commit_ms": round(each, 4), **rows}
        with Server(data, from_the_shell=True) as server:
            for name, milliseconds, size in measured(server):
                print(f"{name}：中位{milliseconds:.0f}毫秒，{size}字节")
                figures[f"{name}_ms"] = round(milliseconds, 1)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
