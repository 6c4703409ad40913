"""How much, how fast, how small: the Telegram door by webhook against the bare echo bot of the library.

The fake Bot API and the visitors are one process (`load_fake.py`), the bots are others, all on loopback; what is asked
is drawn from the open question set (SEED). `CONVERSATIONS` (10,000 unless set) of ten turns each are held with
`serve --workers 2` on a store on disk; a smaller number is for trying. Prints one JSON object as its last line.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bot_api.server import TOKEN
from tests.load_fake import SECRET, Fake, Visitors
from tests.serving import BARE, POLICYDESK

ROOT = Path(__file__).parent.parent
WORKERS = 2
ECHOED, PACED_S, WARMING = 3_000, 0.05, 100
SETTLED = 500
"""Conversations after which threads, connections and caches have taken what they take; growth counts from here."""
TICKS = os.sysconf("SC_CLK_TCK")


def questions() -> list[str]:
    """What people ask, one turn each."""
    lines = (ROOT / "tests/questions/open.jsonl").read_text(encoding="utf-8").splitlines()
    return [text for line in lines for text in json.loads(line)["turns"]]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Bot:
    """The processes of a bot: what they have used."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def pids(self) -> list[int]:
        """Those that work: the children, where there are any."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children] or [self.process.pid]

    def cpu_s(self) -> float:
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids()]
        return sum((int(one[11]) + int(one[12])) / TICKS for one in fields)

    def rss_mb(self) -> float:
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.pids()]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


@asynccontextmanager
async def running(fake: Fake, command: list[str], **environment: str) -> AsyncIterator[Bot]:
    """A bot from the moment that its webhook is set until its end."""
    fake.hook = ""
    fake.hooked.clear()
    process = subprocess.Popen(command, env=BARE | environment, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        await asyncio.wait_for(fake.hooked.wait(), 60)
        await asyncio.sleep(1)
        yield Bot(process)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


def ours(fake: Fake, folder: Path, workers: int) -> Any:
    """Our server over a store in a folder."""
    port = free_port()
    command = [str(POLICYDESK), "serve", "--port", str(port), "--as-of", "2023-03-20", "--workers", str(workers)]
    return running(
        fake, command, POLICYDESK_DATA=str(folder), POLICYDESK_TELEGRAM_TOKEN=TOKEN, POLICYDESK_TELEGRAM_API=fake.url,
        POLICYDESK_TELEGRAM_SECRET=SECRET, POLICYDESK_PUBLIC_URL=f"http://127.0.0.1:{port}",
    )  # fmt: skip


def size_kb(folder: Path) -> float:
    """Everything that the store takes on the disk."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1000


async def echo_per_s(fake: Fake, seed: int) -> float:
    """Messages that the bare echo bot answers."""
    port = free_port()
    async with running(fake, [sys.executable, "-m", "tests.load_echo", fake.url, str(port)]):
        visitors = Visitors(fake, ["流片最多补多少"], seed, 10_000_000)
        await visitors.talk(200, turns=1, at_once=16)
        return ECHOED / await visitors.talk(ECHOED, turns=1, at_once=16)


async def paced_per_s(fake: Fake, asked: list[str], seed: int, workers: int) -> float:
    """Messages answered where Telegram takes 50 ms for each send."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        async with ours(fake, Path(folder), workers) as _:
            visitors = Visitors(fake, asked, seed, 20_000_000)
            await visitors.talk(WARMING, turns=1)
            fake.wait = PACED_S
            conversations = 120 * workers
            lasted = await visitors.talk(conversations, turns=10, posts=32, at_once=128)
            fake.wait = 0.0
            return conversations * 10 / lasted


async def measured(seed: int, conversations: int) -> dict[str, float]:
    """All figures."""
    fake, asked, found = Fake(), questions(), {}
    random.Random(seed).shuffle(asked)
    await fake.start()
    found["echo_per_s"] = await echo_per_s(fake, seed)
    tell("echo_per_s", found)
    for workers in (1, 2):
        found[f"paced_{workers}_per_s"] = await paced_per_s(fake, asked, seed, workers)
        tell(f"paced_{workers}_per_s", found)
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        async with ours(fake, Path(folder), WORKERS) as bot:
            visitors = Visitors(fake, asked, seed, 30_000_000)
            await visitors.talk(min(SETTLED, conversations))
            size, rss, cpu = size_kb(Path(folder)), bot.rss_mb(), bot.cpu_s()
            lasted = await visitors.talk(conversations)
            found["ours_per_s"] = conversations * 10 / lasted
            found["cpu_ms_per_message"] = 1000 * (bot.cpu_s() - cpu) / (conversations * 10)
            found["store_kb_per_conversation"] = (size_kb(Path(folder)) - size) / conversations
            found["rss_growth_mb"] = bot.rss_mb() - rss
            tell("ours_per_s", found)
            visitors.latencies.clear()
            await visitors.arrive(found["ours_per_s"] / 2, 20)
            times = sorted(1000 * one for one in visitors.latencies)
            found["p50_ms"] = statistics.median(times)
            found["p95_ms"], found["p99_ms"] = (times[int(share * len(times))] for share in (0.95, 0.99))
    return {"seed": seed, "conversations": conversations} | {name: round(value, 2) for name, value in found.items()}


def tell(name: str, found: dict[str, float]) -> None:
    """How far it is."""
    print(f"{time.strftime('%H:%M:%S')} {name} {found[name]:.1f}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print."""
    seed, conversations = int(os.environ.get("SEED", "1")), int(os.environ.get("CONVERSATIONS", "10000"))
    print(json.dumps(asyncio.run(measured(seed, conversations)), ensure_ascii=False))


if __name__ == "__main__":
    main()
