"""Two hours of the desk on a Friday before a holiday, then its night, its holiday and the morning after; time hurries.

Fifty people at four doors (web, API, Telegram by the strict Bot API server, phone) and five officers with sessions over
HTTP, against a real `serve` with two workers whose clock goes `FACTOR` times as fast (`tests/clocks.py`,
`tests/simulate_serve.py`); letters go to a real mail server. Officers claim, answer, note, write letters, pass tickets
on, go for lunch without closing theirs, go home at half past five, and come back when the holiday is over.

Prints one JSON object as its last line: tickets, those lost (told of, and not there), doubled (two numbers for one
wish, or one number for two people), answered_by_two (two who speak while one has it), visitors left unanswered, what
reached a wrong visitor, the longest wait in minutes of manned time, and errors (any 5xx, any fault of a client, any
line in the log). SEED; SABOTAGE=claim breaks the product, and must be reported. Exit status 1 where it is not well.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.handing_on import BEIJING
from bot.opening import open_library
from bot.sqlite_store import SqliteStore
from bot.tickets import Moved
from knowledge.desk_hours import DeskHours, works
from tests.bot_api import BotApi
from tests.bot_api.server import TOKEN
from tests.chaos_desk import staffed
from tests.chaos_scripts import OFFICERS
from tests.clocks import Clock
from tests.load import free_port, questions
from tests.posting import OWN, Postbox
from tests.serving import BARE
from tests.simulate_officers import Officer
from tests.simulate_people import Api, Chat, Page, Person, Told
from tests.walks import all_tickets, unlawful

FACTOR = 30.0
LEGS = ((0.0, "2023-04-28T15:30:00+08:00"), (240.0, "2023-04-28T20:00:00+08:00"),
        (255.0, "2023-04-29T10:00:00+08:00"), (270.0, "2023-05-04T09:00:00+08:00"))  # fmt: skip
DAY, NIGHT, HOLIDAY, MORNING = (after for after, _ in LEGS)
ENDS = 400.0
"""Real seconds: 65 minutes of the morning after."""
SETTLES_S = 45.0
TELEGRAM, WEB, API, PHONE, LATE = 18, 14, 10, 8, 6
"""People by their doors; of those at the first three, how many come when nobody is there."""


class Served:
    """`serve` by the hurried clock, and what it wrote to its log."""

    def __init__(self, folder: Path, api: BotApi, box: Postbox, clock: Clock) -> None:
        port = free_port()
        self.url, self.log = f"http://127.0.0.1:{port}", folder / "log"
        environment = BARE | clock.environment | {
            "POLICYDESK_DATA": str(folder / "data"), "POLICYDESK_TELEGRAM_TOKEN": TOKEN,
            "POLICYDESK_TELEGRAM_API": api.url, "POLICYDESK_PUBLIC_URL": self.url, "POLICYDESK_SMTP_HOST": "127.0.0.1",
            "POLICYDESK_SMTP_PORT": str(box.port), "POLICYDESK_SMTP_FROM": OWN,
            "SABOTAGE": os.environ.get("SABOTAGE", ""),
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.simulate_serve", "serve", "--workers", "2", "--as-of", "2023-04-28"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(port)], env=environment, stdout=subprocess.PIPE, stderr=log
            )
        assert self.process.stdout and self.process.stdout.readline(), self.log.read_text()

    def end(self) -> list[str]:
        """What it complained of."""
        self.process.terminate()
        self.process.wait(30)
        return self.log.read_text(encoding="utf-8").splitlines()


def crowd(url: str, api: BotApi, told: Told, rng: random.Random) -> list[Person]:
    """Everybody who asks by themselves, each at their time; the late ones at night and on the holiday."""
    asked = questions()
    doors: list[Any] = [Chat(api) for _ in range(TELEGRAM)]
    doors += [Page(url, told) for _ in range(WEB)] + [Api(url, told) for _ in range(API)]
    rng.shuffle(doors)
    times = [rng.uniform(DAY + 2, NIGHT - 12) for _ in range(len(doors) - LATE)]
    times += [rng.uniform(start + 1, start + 9) for _ in range(LATE // 2) for start in (NIGHT, HOLIDAY)]
    return [
        Person(f"甲{n:02}号", door, at, rng.sample(asked, rng.randint(1, 4)), random.Random(rng.random()), told)
        for n, (door, at) in enumerate(zip(doors, times, strict=True))
    ]


def staff(url: str, calls: asyncio.Queue[str], told: Told, rng: random.Random) -> list[Officer]:
    """The officers; three of them have lunch late, one after the other."""
    lunches = {0: 50.0, 1: 80.0, 2: 120.0}
    return [
        Officer(
            name, url, tuple(one for one in OFFICERS if one != name), ((DAY + 1, NIGHT - 1), (MORNING + 1, ENDS)),
            lunches.get(n), calls, random.Random(rng.random()), told,
        )
        for n, name in enumerate(OFFICERS)
    ]  # fmt: skip


async def ring(calls: asyncio.Queue[str], times: Sequence[float], now: Any) -> None:
    """The phone, at its times."""
    for n, at in enumerate(sorted(times)):
        await asyncio.sleep(max(0.0, at - now()))
        calls.put_nowait(f"乙{n:02}号")


async def simulated(seed: int) -> dict[str, Any]:
    """The whole of it, counted."""
    rng, told = random.Random(seed), Told()
    with tempfile.TemporaryDirectory(prefix="simulate-") as place, BotApi() as api, Postbox() as box:
        folder = Path(place)
        staffed(folder / "data")
        clock = Clock(time.time() + 8, FACTOR, LEGS)
        served = Served(folder, api, box, clock)
        try:
            people, letters = await _run(served.url, api, clock, told, rng)
        finally:
            complaints = served.end()
        told.faults += complaints
        told.counts["errors"] += len(complaints) + len(api.refusals)
        store = SqliteStore(folder / "data")
        found = _counted(store, people, told, box, letters)
        store.close()
    for fault in told.faults[:20]:
        print(fault, file=sys.stderr)
    return {"seed": seed, "sabotage": os.environ.get("SABOTAGE", "")} | found


async def _run(url: str, api: BotApi, clock: Clock, told: Told, rng: random.Random) -> tuple[list[Person], int]:
    def now() -> float:
        return time.time() - clock.began

    calls: asyncio.Queue[str] = asyncio.Queue()
    people, officers = crowd(url, api, told, rng), staff(url, calls, told, rng)
    lives = [asyncio.create_task(one.lives(now)) for one in people]
    work = [asyncio.create_task(one.works(now)) for one in officers]
    work.append(asyncio.create_task(ring(calls, [rng.uniform(5, NIGHT - 20) for _ in range(PHONE)], now)))
    watch = asyncio.create_task(_tell(people, now))
    await asyncio.gather(*work)
    _, pending = await asyncio.wait(lives, timeout=SETTLES_S)
    for life in (*pending, watch):
        life.cancel()
    for one in people:
        one.unanswered |= one.asked and not one.withdrew and not one.answered
        told.counts["wrong_visitor"] += await one.misread()
    return people, sum(one.letters for one in officers)


async def _tell(people: Sequence[Person], now: Any) -> None:
    while True:
        await asyncio.sleep(30)
        asked, answered = sum(one.asked for one in people), sum(one.answered > 0 for one in people)
        print(f"{now():.0f} s: {asked} have asked for a person, {answered} were answered", file=sys.stderr, flush=True)


# --- counting --------------------------------------------------------------------------------------------------------


def _counted(store: SqliteStore, people: Sequence[Person], told: Told, box: Postbox, letters: int) -> dict[str, Any]:
    desk, rows, counts = open_library().desk, {row.no: row for row in all_tickets(store)}, told.counts
    logs = {no: store.ticket_log(no) for no in rows}
    numbers = [no for one in people for no in one.numbers]
    counts["lost"] = sum(no not in rows for no in numbers) + max(0, letters - len(box.messages))
    counts["doubled"] = len(numbers) - len(set(numbers)) + _overlapping(list(rows.values()))
    counts["answered_by_two"] = sum(answered_by_two(log) for log in logs.values())
    counts["unlawful"] = sum(bool(unlawful(log, rows[no])) for no, log in logs.items())
    counts["unanswered"] = sum(one.unanswered for one in people)
    counts["left_open"] = sum(row.state != "closed" for row in rows.values())
    counts["given_back"] = sum(move.event == "left" for log in logs.values() for move in log)
    counts["raised"] = sum(move.event == "raised" and not move.by for log in logs.values() for move in log)
    waits = [wait for log in logs.values() for wait in waited(log, desk)]
    return {
        "visitors": len(people) + PHONE, "officers": len(OFFICERS), "asked": sum(one.asked for one in people),
        "tickets": len(rows), **{name: counts[name] for name in NEVER},
        "longest_wait_minutes": round(max(waits, default=0), 1), "letters": letters,
        **{name: counts[name] for name in ("calls", "acts", "acts_refused", "lunches", "given_back", "raised")},
    }  # fmt: skip


NEVER = (
    "lost", "doubled", "answered_by_two", "unanswered", "wrong_visitor", "errors", "unlawful", "left_open",
)  # fmt: skip


def _overlapping(rows: Sequence[Any]) -> int:
    """Tickets that were opened while another of the same conversation was open."""
    return sum(
        one.visitor == other.visitor and one.no < other.no and (one.closed is None or other.opened < one.closed)
        for one in rows
        for other in rows
    )


def answered_by_two(log: Sequence[Moved]) -> bool:
    """Whether somebody spoke, or claimed, while another had the ticket."""
    holder = ""
    for one in log:
        if one.refused:
            continue
        if one.event in ("claimed", "called", "said") and holder not in ("", one.by):
            return True
        if one.event in ("claimed", "called"):
            holder = one.by
        elif one.event in ("released", "transferred", "raised", "left", "closed", "withdrawn", "erased"):
            holder = ""
    return False


def waited(log: Sequence[Moved], desk: DeskHours) -> list[float]:
    """How long each wait for an officer was, in minutes in which the desk was open."""
    since: datetime | None = None
    waits = []
    for one in log:
        if one.event in ("opened", "released", "transferred", "left") and since is None:
            since = one.at
        elif one.event == "claimed" and since is not None:
            waits.append(manned(desk, since, one.at))
            since = None
    return waits


def manned(desk: DeskHours, start: datetime, end: datetime) -> float:
    """The minutes between two moments in which the desk was open."""
    start, end, total = start.astimezone(BEIJING), end.astimezone(BEIJING), timedelta()
    for ahead in range((end.date() - start.date()).days + 1):
        day = start.date() + timedelta(days=ahead)
        for opens, closes in desk.spans if works(desk, day) else ():
            first, last = (datetime.combine(day, at, BEIJING) for at in (opens, closes))
            total += max(timedelta(), min(end, last) - max(start, first))
    return total.total_seconds() / 60


def main() -> None:
    """Run, print, and tell by the exit status."""
    found = asyncio.run(simulated(int(os.environ.get("SEED", "1"))))
    print(json.dumps(found, ensure_ascii=False))
    sys.exit(any(found[name] for name in NEVER))


if __name__ == "__main__":
    main()
