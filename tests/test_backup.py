"""Backup and restore, of a store that is being served, by one command each."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import httpx
import pytest

from bot.sqlite_store import FILE, SqliteStore
from tests.forking import POLICYDESK, ran
from tests.serving import BARE, Server
from tests.store_promise import turn
from tests.test_store import earlier


def run(data: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit status, output and error output of a command."""
    status, out, error = ran([POLICYDESK, *arguments], env=BARE | {"POLICYDESK_DATA": str(data)})
    return status, out.strip(), error.strip()


def test_what_was_backed_up_comes_back_under_a_running_server(tmp_path: Path) -> None:
    """Asked, backed up, asked more, restored: the talk stands where it stood and goes on; the later one is kept too."""
    data, kept = tmp_path / "data", tmp_path / "kept.sqlite3"
    with Server(data, "--workers", "2") as server, httpx.Client(base_url=server.url, timeout=60) as client:
        talk = f"/api/conversations/{client.post('/api/conversations').json()['id']}/messages"
        client.post(talk, json={"text": "流片最多补多少"})
        status, out, _ = run(data, "backup", str(kept))
        assert status == 0 and f"已备份到 {kept}：1个会话，2条消息" in out
        client.post(talk, json={"text": "融资租赁最多补多少"})
        late = client.post("/api/conversations").json()["id"]
        status, out, _ = run(data, "restore", str(kept))
        assert status == 0 and "已恢复：1个会话，2条消息。换下的数据存在" in out
        assert client.post(f"/api/conversations/{late}/messages", json={"text": "你好"}).status_code == 404
        assert "流片" in client.post(talk, json={"text": "申报条件呢"}).json()["text"]
        assert server.end()[0] == 0
    former = Path(out.rpartition("存在 ")[2].rstrip("。"))
    db = sqlite3.connect(former)
    assert db.execute("select count(*) from conversations").fetchone() == (2,)
    db.close()


def test_a_backup_of_a_busy_store_is_whole(tmp_path: Path) -> None:
    """While turns are being kept: each turn in it has its reply, and the file stands alone."""
    store, ended = SqliteStore(tmp_path / "data"), threading.Event()

    def keep_on() -> None:
        number = 0
        while not ended.is_set():
            turn(store, str(number))
            number += 1

    busy = threading.Thread(target=keep_on)
    busy.start()
    for number in range(5):
        assert run(tmp_path / "data", "backup", str(tmp_path / f"{number}"))[0] == 0
    ended.set()
    busy.join()
    store.close()
    for number in range(5):
        db = sqlite3.connect(tmp_path / f"{number}")
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        said, answered = (
            db.execute("select count(*) from messages where direction = ?", (way,)).fetchone()[0]
            for way in ("in", "out")
        )
        moved = db.execute("select coalesce(sum(revision), 0) from conversations").fetchone()[0]
        assert said == answered == moved
        db.close()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_older_backup_comes_back_in_todays_form(tmp_path: Path) -> None:
    """Into a folder that wasn't there."""
    old = earlier(tmp_path, 1)
    status, out, _ = run(tmp_path / "new", "restore", str(old))
    assert (status, out) == (0, "已恢复：4个会话，12条消息。")
    store = SqliteStore(tmp_path / "new")
    assert store.load("web:first").revision == 2
    store.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("backup", "there"), "已经有了，不会盖掉它"),
        (("backup", "no/where/file"), "写不进去"),
        (("restore", "nowhere"), "没有“nowhere”这个文件"),
        (("restore", "text"), "不是本程序的备份文件"),
        (("restore", "newer"), "数据是新版程序写的"),
        (("backup",), "policydesk backup"),
    ],
    ids=["there already", "no folder", "no file", "no backup", "newer", "no name"],
)
def test_a_fault_gets_one_sentence_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    """Exit status 2, and the store stands as it was."""
    monkeypatch.chdir(tmp_path)
    store = SqliteStore(tmp_path / "data")
    turn(store, "1")
    store.close()
    for name in ("there", "text"):
        Path(name).write_text("不是数据库" * 200, encoding="utf-8")
    newer = sqlite3.connect("newer")
    newer.executescript("create table conversations (id); create table messages (id); pragma user_version = 99")
    newer.close()
    before = (tmp_path / "data" / FILE).read_bytes()
    status, out, error = run(tmp_path / "data", *arguments)
    assert (status, out) == (2, "") and says in error and len(error.splitlines()) == 1 and "Traceback" not in error
    assert (tmp_path / "data" / FILE).read_bytes() == before
