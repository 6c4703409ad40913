"""The machine of a chaos run: a disk that can be full, and `serve` with two workers that can be killed."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bot_api import BotApi
from tests.bot_api.server import TOKEN
from tests.chaos_scripts import MORNING, TODAY
from tests.clocks import Clock
from tests.load import free_port
from tests.serving import BARE

DISK_MB = 48


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

    def __init__(self, api: BotApi, folder: Path, by: str, log: Path, mail: Mapping[str, str]) -> None:
        self._port, self._log = free_port(), log
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = BARE | {
            "POLICYDESK_DATA": str(folder), "POLICYDESK_TELEGRAM_TOKEN": TOKEN, "POLICYDESK_TELEGRAM_API": api.url,
            "SABOTAGE": os.environ.get("SABOTAGE", ""),
        }  # fmt: skip
        self._environment |= Clock(time.time(), 1, ((0.0, MORNING.isoformat()),)).environment
        if by == "webhook":
            self._environment |= {"POLICYDESK_PUBLIC_URL": self.url, **mail}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.chaos_serve", "serve", "--workers", "2", "--as-of", TODAY]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self._port)], env=self._environment, stdout=subprocess.PIPE, stderr=log
            )
        assert self.process.stdout and self.process.stdout.readline(), self._log.read_text()[-2000:]

    def listening(self) -> int:
        """How many workers can be spoken to (Linux: sockets of our port that listen)."""
        told = Path("/proc/net/tcp").read_text().splitlines()[1:]
        return sum(one.split()[1].endswith(f":{self._port:04X}") and one.split()[3] == "0A" for one in told)

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


def sources() -> str:
    """What the served code and knowledge are made of, as one digest."""
    digest = hashlib.sha256()
    for room in ("bot", "dialogs", "knowledge"):
        for path in sorted(path for path in Path(room).rglob("*") if path.suffix in (".py", ".yaml", ".txt")):
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()
