"""What every test may ask for: the library, proved once, and days of the three kinds.

The compiled library has a place of this checkout's own, so that nothing else that runs puts it out, and is made there
before the first test begins: the workers and every command that the tests start take it up.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pytest

from bot.__main__ import main
from bot.memory import keep
from bot.opening import open_library
from dialogs.library import Library

OPEN, BEFORE, CLOSED = date(2023, 3, 20), date(2023, 2, 1), date(2026, 11, 24)


LONGEST = (
    "test_knowledge_day", "test_questions", "test_desk_day", "test_commands", "test_numbers_page", "test_staff_group",
    "test_web", "test_desk", "test_ticket_letters", "test_publishing", "test_telegram", "test_overlay",
    "test_desk_search", "test_webhook", "test_faults", "test_mail", "test_desk_guard", "test_workers",
    "test_searching", "test_security", "test_prove", "test_matching", "test_desk_tickets", "test_first_screen",
    "test_store", "test_serve", "test_sheet_page",
)  # fmt: skip
"""Files that are begun first, so that no worker is left with one of them when the others have nothing more to do.

`test_publishing` comes when `test_knowledge_day` has compiled the guide and the overlay that both publish.
"""


def pytest_configure(config: pytest.Config) -> None:
    """The place of compiled copies, for this process and all that it starts; filled once, by whoever leads.

    Every HTTP client would read all the world's certificates when it is made, which takes longer than its calls.
    """
    os.environ["XDG_CACHE_HOME"] = str(config.cache.mkdir("home"))
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every process that is started compiles the program anew
    os.environ["SSL_CERT_DIR"] = str(config.cache.mkdir("no-certificates"))  # no test leaves this machine
    for wait in ("connect", "read", "write", "pool"):  # five seconds, of which a crowded machine makes failures
        setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, wait, 60.0)
    if not hasattr(config, "workerinput"):
        with _compiling(config).open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            compiles = "from bot.opening import open_library; open_library()"
            made = subprocess.Popen([sys.executable, "-c", compiles], cwd=config.rootpath, pass_fds=[turn.fileno()])
        config.add_cleanup(lambda: made.wait() and None)


def _compiling(config: pytest.Config) -> Path:
    """A file that is locked as long as the library is being compiled, while the tests are collected."""
    return config.cache.mkdir("home") / "compiling"


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Whoever runs tests takes up the compiled copy."""
    with _compiling(session.config).open() as turn:
        fcntl.flock(turn, fcntl.LOCK_SH)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: some tests wait for what others have been told to do, most need a core."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; else as they stand."""
    place = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session")
def library() -> Library:
    """The library over the guide that is served, ready for many texts as in every service."""
    opened = open_library()
    opened.finder.bank.hasten()
    keep()
    return opened


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Exit status, output and error output of a command that ends before anything is begun; no process of its own."""

    def refused(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["policydesk", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capfd.readouterr()

    return refused
