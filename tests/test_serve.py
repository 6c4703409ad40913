"""`policydesk serve`: one line when ready, one sentence when it can't, a quiet end."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import httpx
import pytest

from bot.serving import bound
from bot.sqlite_store import FILE
from tests.forking import POLICYDESK, ran
from tests.serving import BARE, Server


def refused(data: Path, *arguments: str, **environment: str) -> str:
    """The one sentence of a server that doesn't start."""
    settings = BARE | {"POLICYDESK_DATA": str(data)} | environment
    status, out, error = ran([POLICYDESK, "serve", *arguments], env=settings)
    assert (status, out) == (2, ""), error
    assert len(error.strip().splitlines()) == 1 and "Traceback" not in error
    return error.strip()


def test_it_says_its_address_and_ends_when_told(tmp_path: Path) -> None:
    """One line on standard output, then nothing; SIGTERM ends it with 0, and the log of the store is tidied away."""
    with Server(tmp_path / "data", from_the_shell=True) as server:
        assert server.line.startswith("网页咨询已就绪：http://127.0.0.1:")
        assert httpx.get(f"{server.url}/healthz").text == "ok"
        assert httpx.get(f"{server.url}/readyz").text == "ok"
        assert server.end() == (0, "", "")
    assert [path.name for path in (tmp_path / "data").rglob("*") if path.is_file()] == [FILE]


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """Which port, and what would be right."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"端口{port}已被别的程序占用" in refused(tmp_path, "--port", port)


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (["--port", "八千"], {}, "端口“八千”不对"),
        (["--port", "70000"], {}, "应是0到65535之间"),
        (["--host", "256.1.1.1", "--port", "0"], {}, "地址“256.1.1.1”用不了"),
        (["--as-of", "明天"], {}, "请写成2023-04-15这样"),
        ([], {"POLICYDESK_TODAY": "明天"}, "设置 POLICYDESK_TODAY 的值“明天”不对"),
        (["--port", "0"], {"POLICYDESK_DATA": "/dev/null/data"}, "数据文件夹 /dev/null/data 写不进去"),
    ],
    ids=["port", "range", "host", "day", "setting", "folder"],
)
def test_bad_usage_gets_one_sentence(
    arguments: list[str], environment: dict[str, str], says: str, tmp_path: Path
) -> None:
    """What was wrong and what would be right, exit status 2."""
    assert says in refused(tmp_path, *arguments, **environment)


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    """The data of a newer program is left alone."""
    with Server(tmp_path) as server:
        server.end()
    db = sqlite3.connect(tmp_path / FILE)
    db.execute("pragma user_version = 99")
    db.close()
    assert "数据是新版程序写的" in refused(tmp_path, "--port", "0")


def test_a_restart_keeps_the_conversation(tmp_path: Path) -> None:
    """What was said to one process is followed up with the next, also after a kill."""
    with Server(tmp_path) as server:
        opened = httpx.post(f"{server.url}/api/conversations").json()["id"]
        httpx.post(f"{server.url}/api/conversations/{opened}/messages", json={"text": "流片最多补多少"})
        cookies = httpx.post(server.url, data={"text": "融资租赁什么条件"}).cookies
        server.process.kill()
        server.process.wait(60)
    with Server(tmp_path) as server:
        reply = httpx.post(f"{server.url}/api/conversations/{opened}/messages", json={"text": "EDA呢"}).json()
        assert "500万元" in reply["text"]
        page = httpx.get(server.url, cookies=cookies).text
        assert page.count("<article") == 1 and "合同额不低于1000万元" in page


def test_a_folder_that_goes_makes_it_unready(tmp_path: Path) -> None:
    """The process lives, and says that it can keep nothing; the page says so in Chinese."""
    with Server(tmp_path / "data") as server:
        db = sqlite3.connect(tmp_path / "data" / FILE)
        db.execute("drop table effects")
        db.execute("drop table feedback")
        db.execute("drop table messages")
        db.execute("drop table conversations")
        db.close()
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        unready = httpx.get(f"{server.url}/readyz")
        assert unready.status_code == 503 and "写不进去" in unready.json()["detail"]
        broken = httpx.post(f"{server.url}/", data={"text": "流片"}, headers={"accept": "text/html"})
        assert broken.status_code == 503 and "这会儿存不下消息" in broken.text and "Traceback" not in broken.text
        assert broken.headers["content-security-policy"]


def test_an_answer_is_not_held_back() -> None:
    """asyncio sends small pieces at once only on a socket whose protocol is named: 5 ms instead of 48."""
    with bound("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
