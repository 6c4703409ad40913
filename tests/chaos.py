"""Kill, cut off, hold up, fill the disk; then compare every chat with the same script in peace.

Two workers on one store talk to the strict Bot API server (`tests/bot_api`), which must find nothing to refuse. Three
parts: by webhook without kills, by webhook with kills, by long polling with kills. A kill is SIGKILL of one worker, of
both, or of all processes, while a message is on its way. Meanwhile, at random (SEED): 429, 500, connections that break
or stay silent before a call took effect, updates given again, and a disk that is full for a while (a small tmpfs where
it can be mounted, else a limit on the workers' file sizes). A connection that breaks *after* a send took effect is left
out: the Bot API has no key by which anybody could tell, so whoever tries again says it twice.

What each chat must see, and the state that its conversation must end in, comes from the same script taken in order in
one process. Counted in messages on the screen: lost, misrouted (another chat's), out of order, sent twice; and chats
whose state differs. KILLS (300 unless set) scales everything down for trying; SABOTAGE=commit|inbox|lock breaks the
product (`tests/chaos_serve.py`), and then the figures must show it. Exit status 1 where they are not as promised.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.conductor import Conductor
from bot.kept import keep_conversation
from bot.opening import open_library
from bot.sqlite_store import FILE, SqliteStore
from bot.store import Parcel, Update
from bot.telegram.drawing import CardMessage, drawn
from bot.telegram.words import words
from dialogs.library import Library
from dialogs.messages import Choice, Message, Text
from tests.bot_api import BotApi, Person, dropped, server_error, silent, too_many
from tests.bot_api.server import TOKEN
from tests.load import free_port, questions
from tests.serving import BARE

TODAY = "2023-03-20"
TURNS, CHATS = 25, 200
ROUND_S, LONGEST_DELAY_S = 1.0, 0.15
SETTLED_S, FULL_S, DISK_MB = 60.0, 1.5, 48
SILENT_S = 21.0
"""Longer than the bot waits for an answer."""

TAPS = ("overview@2023-batch-1", "ask:1.conditions@2023-batch-1", "ask:10.amount@2023-batch-1", "gone:1@2019-batch-1")

Seen = tuple[str, str]
"""A message on a screen: its text with its buttons, or a card's name and number."""


# --- in peace --------------------------------------------------------------------------------------------------------


@dataclass
class Script:
    """What one chat says, what it must see after how many of its turns, and where its conversation ends."""

    turns: list[Message]
    sees: list[Seen] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    state: str = ""


def script(asked: Sequence[str], rng: random.Random, turns: int) -> Script:
    """Questions in people's own words, now and then a tap, also an old one."""
    return Script([Choice(rng.choice(TAPS)) if rng.random() < 0.15 else Text(rng.choice(asked)) for _ in range(turns)])


async def rehearse(scripts: Sequence[Script], library: Library, folder: Path) -> None:
    """Take every script in order, undisturbed, and note what is drawn."""
    conductor = Conductor(SqliteStore(folder), library, lambda: date.fromisoformat(TODAY))
    for number, one in enumerate(scripts):
        visitor = f"tg:{number + 1}"
        parcels: list[Parcel] = []
        conductor.carries("tg", parcels.append)
        for place, message in enumerate(one.turns, 1):
            await conductor.accept([Update(visitor, str(place), datetime.now(UTC), message, place)])
            await conductor.advance(visitor)
            parcel = parcels.pop()
            before = words().before(parcel.manner)
            one.sees += [_drawn(m) for m in drawn(parcel.reply, words(), library, before=before)]
            one.after.append(len(one.sees))
            assert await conductor.posted(parcel) is None
        one.state = _state(conductor.store, visitor)
    while conductor._tasks:
        await asyncio.wait(conductor._tasks)
    conductor.close()


def _state(store: Any, visitor: str) -> str:
    held = store.load(visitor)
    return f"{held.revision} {keep_conversation(held.conversation) if held.conversation else ''}"


def _drawn(message: Any) -> Seen:
    if isinstance(message, CardMessage):
        return message.phone, message.name
    return message.text, "|".join(button["callback_data"] for row in message.keyboard for button in row)


def _shown(screen: Any) -> Seen:
    if screen.contact:
        return screen.contact["phone_number"], screen.contact["first_name"]
    return screen.text, "|".join(data for row in screen.buttons for _, data in row)


# --- the disturbed run -----------------------------------------------------------------------------------------------


class Disk:
    """A folder whose disk can be full for a while."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
        self.mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0

    @contextmanager
    def full(self, pids: Sequence[int]) -> Iterator[None]:
        """Nothing more can be written in here by these processes."""
        filler = self.folder / "filler"
        if self.mounted:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(b"\0" * 4096)
        else:
            self._limit(pids, 4096)
        try:
            yield
        finally:
            if self.mounted:
                filler.unlink()
            else:
                self._limit(pids, resource.RLIM_INFINITY)

    def _limit(self, pids: Sequence[int], size: int) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)


class Desk:
    """`serve --workers 2`, started again when all of it was killed."""

    def __init__(self, api: BotApi, folder: Path, by: str, log: Path) -> None:
        self._port, self._log = free_port(), log
        self._environment = BARE | {
            "POLICYDESK_DATA": str(folder), "POLICYDESK_TELEGRAM_TOKEN": TOKEN, "POLICYDESK_TELEGRAM_API": api.url,
            "SABOTAGE": os.environ.get("SABOTAGE", ""),
        }  # fmt: skip
        if by == "webhook":
            self._environment["POLICYDESK_PUBLIC_URL"] = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.chaos_serve", "serve", "--workers", "2", "--as-of", TODAY]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self._port)], env=self._environment, stdout=subprocess.PIPE, stderr=log
            )
        assert self.process.stdout and self.process.stdout.readline(), self._log.read_text()[-2000:]

    def workers(self) -> list[int]:
        """The processes that work now."""
        with suppress(FileNotFoundError):
            told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            return [int(pid) for pid in told.split()]
        return []

    def kill(self, pids: Sequence[int]) -> int:
        """SIGKILL; how many there were to kill."""
        done = 0
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
                done += 1
        return done

    def end(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.communicate(timeout=30)
        if self.process.poll() is None:
            self.kill([*self.workers(), self.process.pid])


class Part:
    """One run: scripts said to a desk that is disturbed."""

    def __init__(self, name: str, by: str, scripts: Sequence[Script], kills: int, rng: random.Random) -> None:
        self.name, self.by, self.scripts, self.kills, self._rng = name, by, scripts, kills, rng
        self.found: Counter[str] = Counter()
        self._said = [0] * len(scripts)
        self._given: list[tuple[Person, dict[str, Any]]] = []

    def run(self, others: set[Seen]) -> Counter[str]:
        """Say everything, disturb, wait until all is quiet, and count."""
        with tempfile.TemporaryDirectory(prefix="chaos-") as place, BotApi() as api:
            disk = Disk(Path(place))
            log = Path(tempfile.gettempdir()) / f"policydesk-chaos-{os.getpid()}-{self.name}.log"
            self._api, self._disk = api, disk
            self._people = [api.person() for _ in self.scripts]
            self._desk = Desk(api, Path(place) / "data", self.by, log)
            try:
                self._disturb()
                self._settle()
                self._desk.end()
                self._count(others, Path(place) / "data")
            finally:
                self._desk.end()
                disk.close()
        return self.found

    def _disturb(self) -> None:
        rounds = self.kills or max(8, self._left() // 17)
        full_at = {rounds // 4, rounds // 2, 3 * rounds // 4}
        killed = number = 0
        while killed < self.kills or self._left():
            began = time.monotonic()
            if number in full_at:
                self._fill_the_disk()
            share = max(1, self._left() // max(1, rounds - number))
            self._make_faults()
            self._say(max(1, share // 3))
            if self.kills:
                time.sleep(self._rng.uniform(0, LONGEST_DELAY_S))
                killed += self._kill()
            time.sleep(ROUND_S / 4)
            self._say(share - max(1, share // 3))
            number += 1
            if number % 20 == 0:
                print(
                    f"{time.strftime('%H:%M:%S')} {self.name}: {killed} kills, {self._left()} left to say",
                    file=sys.stderr,
                )
            time.sleep(max(0.0, began + (ROUND_S if self.kills else ROUND_S / 2) - time.monotonic()))

    def _left(self) -> int:
        """Turns that are still to be said."""
        return sum(len(one.turns) for one in self.scripts) - sum(self._said)

    def _say(self, messages: int) -> None:
        """So many more messages, some of them in a row without waiting."""
        said = 0
        while said < messages:
            open_ = [n for n, one in enumerate(self.scripts) if self._said[n] < len(one.turns)]
            if not open_:
                break
            chat = self._rng.choice(open_)
            for _ in range(self._rng.choice((1, 1, 2, 3))):
                if said < messages and self._said[chat] < len(self.scripts[chat].turns):
                    self._say_one(chat)
                    said += 1

    def _say_one(self, chat: int) -> None:
        person, message = self._people[chat], self.scripts[chat].turns[self._said[chat]]
        if isinstance(message, Text):
            person.says(message.text)
        else:
            mine = min(self._api.world.messages[person.id], default=0) or person.says("")
            person.taps_data(message.value, on=mine)
        self._said[chat] += 1
        self._given.append((person, person.last_update))

    def _make_faults(self) -> None:
        rng = self._rng
        for make in (too_many, server_error, dropped, server_error):
            if rng.random() < 0.5:
                self._api.fails("sendMessage", make(), to=rng.choice(self._people))
        if rng.random() < 0.03:
            self._api.fails("sendMessage", silent(SILENT_S), to=rng.choice(self._people))
        if rng.random() < 0.3:
            self._api.fails("sendContact", rng.choice((server_error(), dropped(), too_many())))
        if self.by == "polling" and rng.random() < 0.3:
            self._api.fails("getUpdates", rng.choice((dropped(after=True), server_error())))
        for _, update in rng.sample(self._given, min(2, len(self._given))):
            with self._api.world.changed:
                if update not in self._api.world.waiting:
                    self._api.world.push_again(update)
                    self.found["given_again"] += 1

    def _fill_the_disk(self) -> None:
        with self._disk.full(self._desk.workers()):
            self._say(5)
            time.sleep(FULL_S)
        self.found["disk_full"] += 1

    def _kill(self) -> int:
        on_the_way = self._on_the_way()
        if not on_the_way:
            self._say(1)
        whole = self._rng.random() < 0.04
        workers = self._desk.workers()
        pids = workers if whole or self._rng.random() < 0.15 else self._rng.sample(workers, min(1, len(workers)))
        if whole:
            self._desk.process.kill()
        killed = self._desk.kill(pids)
        self.found["kills"] += killed
        self.found["kills_in_flight"] += killed if on_the_way else 0
        if whole:
            self._desk.process.wait()
            self._desk.start()
        return killed

    def _on_the_way(self) -> bool:
        return any(len(self._screen(n)) < self._expected(n) for n in range(len(self.scripts)))

    def _expected(self, chat: int) -> int:
        said = self._said[chat]
        return self.scripts[chat].after[said - 1] if said else 0

    def _screen(self, chat: int) -> list[Any]:
        return self._people[chat].screen()

    def _settle(self) -> None:
        """Until everybody has seen everything, or nothing moves any more."""
        seen, since = -1, time.monotonic()
        while self._on_the_way() and time.monotonic() < since + SETTLED_S:
            now = sum(len(self._screen(n)) for n in range(len(self.scripts)))
            seen, since = (now, time.monotonic()) if now != seen else (seen, since)
            time.sleep(0.3)
        time.sleep(2)

    # --- counting ----------------------------------------------------------------------------------------------------

    def _count(self, others: set[Seen], data: Path) -> None:
        found, store = self.found, SqliteStore(data)
        for chat, one in enumerate(self.scripts):
            shown = [_shown(screen) for screen in self._screen(chat)]
            count(one.sees, shown, others, found)
            found["state_differs"] += _state(store, f"tg:{self._people[chat].id}") != one.state
        left = store._all("select count(*) from inbox")[0][0] + len(store.due_lines(datetime.now(UTC)))
        store.close()
        found["left_over"] += left
        found["messages"] += sum(self._said)
        found["chats"] += len(self.scripts)
        found["refusals"] += len(self._api.refusals)
        found["asked_again"] += sum(status != 200 for _, status in self._api.deliveries)
        found["store_kb"] += (data / FILE).stat().st_size // 1000


def count(wanted: Sequence[Seen], shown: Sequence[Seen], others: set[Seen], found: Counter[str]) -> None:
    """Add up how a screen differs from what it should show."""
    expected, seen = Counter(wanted), Counter(shown)
    surplus = seen - expected
    found["lost"] += (expected - seen).total()
    found["sent_twice"] += sum(times for one, times in surplus.items() if one in expected)
    strange = [one for one in surplus.elements() if one not in expected]
    found["misrouted"] += sum(one in others for one in strange)
    found["strange"] += sum(one not in others for one in strange)
    found["out_of_order"] += (expected & seen).total() - _longest_common(wanted, shown)


def _longest_common(one: Sequence[Seen], other: Sequence[Seen]) -> int:
    """The length of the longest sequence that both hold in this order."""
    row = [0] * (len(other) + 1)
    for a in one:
        before, row = row, [0]
        for at, b in enumerate(other):
            row.append(before[at] + 1 if a == b else max(before[at + 1], row[at]))
    return row[-1]


def run(seed: int, kills: int) -> dict[str, Any]:
    """All parts, one after the other."""
    rng = random.Random(seed)
    asked = questions()
    share = min(1.0, kills / 300)
    chats, turns = max(4, round(CHATS / 2 * share)), TURNS + 1 if share == 1 else TURNS
    library = open_library()
    parts = [
        ("quiet", "webhook", [script(asked, rng, 10) for _ in range(max(4, chats // 2))], 0),
        ("webhook", "webhook", [script(asked, rng, turns) for _ in range(chats)], (kills + 1) // 2),
        ("polling", "polling", [script(asked, rng, turns) for _ in range(chats)], kills // 2),
    ]
    with tempfile.TemporaryDirectory(prefix="chaos-peace-") as folder:
        for name, _, scripts, _ in parts:
            asyncio.run(rehearse(scripts, library, Path(folder) / name))
    others = {one for _, _, scripts, _ in parts for each in scripts for one in each.sees}
    total: Counter[str] = Counter()
    for name, by, scripts, wanted in parts:
        began = time.monotonic()
        found = Part(name, by, scripts, wanted, rng).run(others)
        print(f"{name} in {time.monotonic() - began:.0f} s: {dict(found)}", file=sys.stderr, flush=True)
        if not wanted:
            found["sent_twice_without_kills"] = found.pop("sent_twice")
        total += found
    return {"seed": seed, "sabotage": os.environ.get("SABOTAGE", "")} | {name: total[name] for name in KEYS}


KEYS = (
    "kills", "kills_in_flight", "messages", "chats", "lost", "misrouted", "out_of_order", "state_differs", "sent_twice",
    "sent_twice_without_kills", "strange", "left_over", "refusals", "given_again", "asked_again", "disk_full",
)  # fmt: skip
NEVER = (
    "lost", "misrouted", "out_of_order", "state_differs", "sent_twice_without_kills", "strange", "left_over", "refusals"
)  # fmt: skip


def kept_word(found: dict[str, Any]) -> bool:
    """Whether everything is as it is promised."""
    return not any(found[name] for name in NEVER) and found["sent_twice"] <= found["kills"]


def main(after: Callable[[int], None] = sys.exit) -> None:
    """Run, print, and tell by the exit status."""
    found = run(int(os.environ.get("SEED", "1")), int(os.environ.get("KILLS", "300")))
    print(json.dumps(found, ensure_ascii=False))
    after(0 if kept_word(found) else 1)


if __name__ == "__main__":
    main()
