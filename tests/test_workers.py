"""Several worker processes: one address, one store; who dies is replaced, and news goes from one to the other."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests import browsing
from tests.serving import Server


def children(server: Server) -> set[int]:
    return set(map(int, Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()))


def until(true: Callable[[], object], within: float = 60) -> None:
    """Wait for something that only another process can tell."""
    ends = time.monotonic() + within
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "data", "--workers", "2") as server:
        yield server


def ask(url: str, conversation: str, text: str) -> str:
    """The reply's text; a connection that a dying worker had taken is cut, and the message sent again under its key."""
    path, key = f"{url}/api/conversations/{conversation}/messages", {"Idempotency-Key": secrets.token_hex(8)}
    for _ in range(3):
        try:
            return str(httpx.post(path, json={"text": text}, headers=key, timeout=60).json()["text"])
        except httpx.TransportError as error:
            cut = error
    raise cut


def test_a_conversation_goes_on_whichever_worker_takes_it(pair: Server) -> None:
    """Ten turns, each on a connection of its own, and one of the workers killed in between."""
    before = children(pair)
    assert len(before) == 2
    conversation = httpx.post(f"{pair.url}/api/conversations").json()["id"]
    assert "3000万元" in ask(pair.url, conversation, "流片最多补多少")
    killed = before.pop()
    os.kill(killed, signal.SIGKILL)
    until(lambda: gone(killed))  # the system still gives connections to one that is on its way out
    for _ in range(3):
        assert "500万元" in ask(pair.url, conversation, "EDA最多补多少")
        assert "3000万元" in ask(pair.url, conversation, "流片最多补多少")
    until(lambda: len(children(pair)) == 2)
    counted = httpx.get(f"{pair.url}/metrics").text
    assert 'policydesk_replies_total{door="api",status="answered"} 7.0' in counted
    assert pair.end() == (0, "", "")


def test_the_counts_of_a_killed_process_are_taken_away(tmp_path: Path) -> None:
    """Its folder tells whose it was; the next one to start clears it, and leaves those of the living."""
    over = subprocess.Popen(["true"])
    over.wait()
    folder = Path(tempfile.gettempdir())
    left, living = (folder / f"policydesk-metrics-{pid}-{secrets.token_hex(4)}" for pid in (over.pid, os.getpid()))
    left.mkdir(), living.mkdir()
    with Server(tmp_path / "data", "--workers", "2"):
        assert not left.exists()
        assert living.exists()
    living.rmdir()


def test_workers_end_with_the_first_process(pair: Server) -> None:
    """Also where that is killed: nobody is left behind who holds the address."""
    left = children(pair)
    pair.process.kill()
    pair.process.communicate(timeout=60)
    until(lambda: all(map(gone, left)))


def test_a_number_of_workers_that_is_none_is_named(tmp_path: Path) -> None:
    """One sentence."""
    from tests.test_serve import refused

    assert "进程数“零”不对，应是1到64" in refused(tmp_path, "--workers", "零")


# --- news ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers over one store, as workers behind one proxy."""
    with Server(tmp_path / "data") as one, Server(tmp_path / "data") as other:
        yield one, other


def test_news_come_from_the_other_worker(two: tuple[Server, Server]) -> None:
    """Who listens on one is told of what was said on the other; a stranger is told not to come again."""
    one, other = two
    with httpx.Client(timeout=60) as visitor:
        visitor.post(f"{one.url}/messages", data={"text": "流片最多补多少"})
        held = {"conversation": visitor.cookies["conversation"]}
        with httpx.stream("GET", f"{one.url}/events", cookies=held, timeout=60) as told:
            assert told.headers["content-type"].startswith("text/event-stream")
            lines = (line for line in told.iter_lines() if line)
            assert next(lines) == "data: new"
            for text in ("EDA呢", "联系人呢", "谢谢"):  # one of the lines may be late news of the first message
                httpx.post(f"{other.url}/messages", data={"text": text}, cookies=held)
                assert next(lines) == "data: new"
                assert text in httpx.get(f"{one.url}/messages", cookies=held).text
            assert one.end()[0] == 0  # who only listens holds nobody up
            assert set(lines) <= {"data: new"}
    assert httpx.get(f"{other.url}/events").status_code == 204


def test_the_page_shows_what_another_worker_has_taken(two: tuple[Server, Server]) -> None:
    """Without a reload, once, under what stood there."""
    one, other = two
    with browsing.browser() as browser:
        visitor = browsing.Visitor(browser, one.url, 1280)
        visitor.says("流片最多补多少")
        held = next(c["value"] for c in visitor.context.cookies() if c["name"] == "conversation")  # type: ignore[typeddict-item]
        httpx.post(f"{other.url}/messages", data={"text": "EDA最多补多少"}, cookies={"conversation": held})
        visitor.page.locator(".exchange", has_text="500万元").wait_for()
        visitor.says("谢谢")
        said = visitor.page.locator(".said").all_inner_texts()
        assert [words.replace("您：", "").strip() for words in said] == ["流片最多补多少", "EDA最多补多少", "谢谢"]
        visitor.leaves()


def connected(pid: int) -> int:
    """How many sockets a process has open."""
    return sum(str(held.readlink()).startswith("socket:") for held in Path(f"/proc/{pid}/fd").iterdir())


def queues(url: str) -> int:
    """How many sockets listen at an address."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(int(one[1].partition(":")[2], 16) == int(url.rpartition(":")[2]) and one[3] == "0A" for one in lines)


def test_who_comes_is_shared_out_between_workers(pair: Server) -> None:
    """A proxy keeps its connections open: one worker that has taken them all would work alone."""
    assert queues(pair.url) == 2
    before = {pid: connected(pid) for pid in children(pair)}
    host, _, port = pair.url.removeprefix("http://").partition(":")
    with ExitStack() as stack:
        for _ in range(64):
            stack.enter_context(socket.create_connection((host, int(port))))
        until(lambda: sum(map(connected, before)) == sum(before.values()) + 64)
        assert min(connected(pid) - had for pid, had in before.items()) >= 8


def test_an_address_that_several_workers_share_is_taken_for_another_server(pair: Server, tmp_path: Path) -> None:
    """Two servers that shared visitors out between them would each know half of a conversation."""
    from tests.test_serve import refused

    assert "已被别的程序占用" in refused(tmp_path / "other", "--workers", "2", "--port", pair.url.rpartition(":")[2])
