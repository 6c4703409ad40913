"""A real server process on a free port, with a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from tests.forking import POLICYDESK, Forked

BARE = {key: value for key, value in os.environ.items() if not key.startswith("POLICYDESK_")}


class Server:
    """`policydesk serve`, from its ready line to its end."""

    command = (str(POLICYDESK),)

    def __init__(self, data: Path, *arguments: str, from_the_shell: bool = False, **environment: str) -> None:
        self.data = data
        # several workers count together, which is settled before anything is loaded
        starts = subprocess.Popen if from_the_shell or "--workers" in arguments else Forked
        self.process = starts(
            [*self.command, "serve", "--port", "0", "--as-of", "2023-03-20", *arguments],
            env=BARE | {"POLICYDESK_DATA": str(data)} | environment,
            cwd=data.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.line = self.process.stdout.readline()
        assert "http" in self.line, self.process.communicate(timeout=60)
        self.url = self.line.split("：")[1].strip().rstrip("/")

    def end(self) -> tuple[int, str, str]:
        """SIGTERM; exit status, the rest of its output, its errors."""
        self.process.terminate()
        out, errors = self.process.communicate(timeout=60)
        return self.process.returncode, out, errors

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.end()


class Desk(Server):
    """A server whose guard takes an officer's name from a header (`tests/desk_serve.py`)."""

    command = (sys.executable, "-m", "tests.desk_serve")

    def __init__(self, data: Path, *arguments: str, **environment: str) -> None:
        root = Path(__file__).parent.parent
        super().__init__(data, *arguments, PYTHONPATH=str(root), **environment)
