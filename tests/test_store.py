"""The store on SQLite: the promise, migrations on stores of every earlier form, and files that are none."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from bot import migrations
from bot.kept import keep_reply, kept_conversation, kept_message, kept_reply
from bot.sqlite_store import FILE, SqliteStore
from bot.store import Away, Held, Stale, StoreFault
from dialogs.conversation import Conversation
from dialogs.messages import Card, Citation, Figure, Option, Pick, Progress, Question, Reply, Text
from tests.staff_group_promise import StaffGroupPromise
from tests.store_promise import AFTER, NOON, Promise, Workers, said, turn, update

EARLIER = Path(__file__).parent / "stores"


class TestSqlite(Promise, StaffGroupPromise):
    """SQLite keeps the promise."""

    @pytest.fixture
    def workers(self, tmp_path: Path) -> Iterator[Workers]:
        opened: list[SqliteStore] = []

        def worker() -> SqliteStore:
            opened.append(SqliteStore(tmp_path / "data"))
            return opened[-1]

        yield worker
        for one in opened:
            one.close()


def test_a_call_that_is_made_soon_does_what_the_call_does(tmp_path: Path) -> None:
    """The future has what it returns, or raises what it raises; what was called off isn't done; lasting stays so."""
    store = SqliteStore(tmp_path)
    assert store.soon_lasting(store.accept, [update("1")]).result(60) == [True]
    assert store.soon(store.commit, Held(), said("1"), AFTER, ()).result(60) is None
    with pytest.raises(Stale):
        store.soon(store.commit, Held(), said("2"), AFTER, ()).result(60)
    assert store.load("web:a").revision == 1 and len(store.transcript("web:a", 9)) == 1
    with pytest.raises(RuntimeError):
        store.soon(store.accept, [update("3")]).result(60)
    held = threading.Event()
    first, second = store.soon(held.wait, 20), store.soon(store.remember, "word", "said")
    assert second.cancel()
    held.set()
    assert first.result(60) and not store.recall("word")
    store.close()


def test_a_call_that_is_made_soon_raises_away_where_the_file_fails(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    with store._reading() as db:
        db.execute("drop table words")
    with pytest.raises(Away):
        store.soon(store.remember, "word", "said").result(60)
    store.close()


def _write_many(folder: Path, name: str, times: int, together: Barrier) -> None:
    together.wait(60)
    store = SqliteStore(folder)
    for number in range(times):
        while True:
            held = store.load("web:shared")
            try:
                store.commit(held, said(f"{name}{number}", "web:shared", reply=None), AFTER, ())
                break
            except Stale:
                continue


def test_processes_write_at_once_without_losing_a_turn(tmp_path: Path) -> None:
    """Four processes open the same new file and move the same conversation."""
    spawn = multiprocessing.get_context("spawn")
    together = spawn.Barrier(4)
    workers = [spawn.Process(target=_write_many, args=(tmp_path, name, 100, together)) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    store = SqliteStore(tmp_path)
    assert store.load("web:shared").revision == len(store.transcript("web:shared", 999)) == 400
    store.close()


def _hold_and_wait(folder: Path, ready: Barrier) -> None:
    store = SqliteStore(folder)
    turn(store, "1", "tg:5")
    store.accept([update("2", "tg:5")])
    ready.wait(60)
    signal.pause()


def test_a_worker_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    """SIGKILL: its line is freed at the next look, what it had accepted is found, and nothing before."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(2)
    worker = spawn.Process(target=_hold_and_wait, args=(tmp_path, ready))
    worker.start()
    ready.wait(60)
    store = SqliteStore(tmp_path)
    assert not store.bury() and store.claim("tg:5", NOON) is None
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    worker.join(60)
    assert store.bury() and not store.bury()
    parcel = store.claim("tg:5", NOON)
    assert parcel and parcel.update == "1" and store.crowd("tg:5") == 1
    store.close()


def test_a_disk_that_is_full_keeps_nothing_and_recovers(tmp_path: Path) -> None:
    """What can't be written is said to be that; whole turns before and after."""
    store = SqliteStore(tmp_path)
    turn(store, "1")
    limits = store._writer.do(lambda db: db.execute("pragma page_count").fetchone()[0])
    store._writer.do(lambda db: db.execute(f"pragma max_page_count = {limits}").fetchall())
    with pytest.raises(Away):
        for number in range(200):
            store.accept([update(f"{number} {'长' * 500}", "web:b")])
    before = store.crowd("web:b")
    assert store.load("web:a").revision == 1
    turn(store, "2")  # the connection that failed was given up, and the new one finds room
    assert store.load("web:a").revision == 2 and store.crowd("web:b") == before
    store.close()


# --- migrations ------------------------------------------------------------------------------------------------------


def earlier(folder: Path, form: int) -> Path:
    """A populated store as that version of the program left it."""
    db = sqlite3.connect(folder / FILE, isolation_level=None)
    db.executescript((EARLIER / f"{form}.sql").read_text(encoding="utf-8"))
    db.close()
    return folder / FILE


def test_there_is_a_store_of_every_earlier_form() -> None:
    """Whoever appends a step leaves a populated store of the form before."""
    assert {path.stem for path in EARLIER.glob("*.sql")} == {str(n) for n in range(1, len(migrations.STEPS))}


@pytest.mark.parametrize("form", range(1, len(migrations.STEPS)))
def test_a_store_of_an_earlier_form_goes_on(tmp_path: Path, form: int) -> None:
    """Transcripts, revisions and words on replies stand; what was not sent is sent; the next turn is taken."""
    earlier(tmp_path, form)
    store = SqliteStore(tmp_path)
    talk = store.transcript("web:first", 9)
    assert [one.message for one in talk] == [Text("流片最多补多少"), Text("EDA呢")]
    assert talk[0].useful and talk[1].reply and "500万元" in talk[1].reply.text
    assert store.load("web:first").revision == 2 and store.load("tg:5").revision == 2
    assert sorted(store.due_lines(NOON)) == ["tg:-9", "tg:5"]
    parcel = store.claim("tg:5", NOON)
    assert parcel and parcel.update == "701" and "3000万元" in parcel.reply.text
    assert store.posted(parcel, NOON) is None
    turn(store, "703", "tg:5")
    assert store.load("tg:5").revision == 3
    store.close()


HALTED = """
import sys, time
from pathlib import Path
from bot import migrations
from bot.sqlite_store import FILE, connect
from sqlite_utils import Database

folder, at = Path(sys.argv[1]), int(sys.argv[2])
db = connect(folder / FILE)
db.execute("pragma journal_mode = wal")
done = 0
def statements(step):
    global done
    for statement in list(plain(step)):
        if done == at:
            print("halfway", flush=True)
            time.sleep(60)
        done += 1
        yield statement
plain, migrations.statements = migrations.statements, statements
migrations.migrate(Database(db))
"""


@pytest.mark.parametrize("at", [1, 5, 7, 12, 18])
def test_a_kill_in_the_middle_of_a_migration_leaves_the_old_store(tmp_path: Path, at: int) -> None:
    """SIGKILL between two statements of a step: the old form, whole; the next start takes the step."""
    path = earlier(tmp_path, 1)
    killed = subprocess.Popen([sys.executable, "-c", HALTED, str(tmp_path), str(at)], stdout=subprocess.PIPE)
    assert killed.stdout and killed.stdout.readline() == b"halfway\n"
    killed.kill()
    killed.wait(60)
    db = sqlite3.connect(path)
    assert db.execute("pragma user_version").fetchone() == (1,)
    tables = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
    columns = {row[1] for row in db.execute("pragma table_info(messages)")}
    assert not tables & {"cases", "inbox", "lines"} and "messages" in tables and "line" not in columns
    db.close()
    store = SqliteStore(tmp_path)
    assert store.load("web:first").revision == 2
    store.close()


def test_every_step_runs_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file gets only the step that it lacks, and keeps what it holds."""
    store = SqliteStore(tmp_path)
    turn(store, "1")
    store.close()
    more = (*migrations.STEPS, "create table more (id integer primary key) strict;")
    monkeypatch.setattr(migrations.migrate, "__defaults__", (more,))
    for _ in range(2):
        store = SqliteStore(tmp_path)
        assert store.load("web:a").revision == 1
        assert store._first("pragma user_version") == (len(more),)
        store.close()


def test_a_step_is_taken_apart_whole() -> None:
    """No statement of a step is left out."""
    for step in migrations.STEPS:
        assert "\n".join(migrations.statements(step)).split() == step.split()


def test_a_newer_file_is_refused_unchanged(tmp_path: Path) -> None:
    """A file from a newer program is named as that, and not touched."""
    SqliteStore(tmp_path).close()
    db = sqlite3.connect(tmp_path / FILE)
    db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(StoreFault, match="第99版"):
        SqliteStore(tmp_path)


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    """Something else under our name is said to be that, and stays."""
    (tmp_path / FILE).write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(StoreFault, match="不是本程序的数据文件"):
        SqliteStore(tmp_path)


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    """The sentence names the folder and the setting."""
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreFault, match=r"写不进去.*POLICYDESK_DATA"):
        SqliteStore(tmp_path / "data")


def test_a_reply_comes_back_as_it_was() -> None:
    """Every field of a reply survives keeping."""
    full = Reply(
        "question", "问？", "not_in_guide", (Citation("g", "一", "引"),), (Card("a", "b", "c", "1", "e"),),
        (Option("看", "overview@g"),), ("1",), ("amount",), 0.123, (Figure("1", "told", "x"),),
        Question("k", "choice", "万元", (Pick("v", "l", "o"),), "why", ("10",)), Progress(1, 2), {"window": "open"},
    )  # fmt: skip
    packed = Reply("answered", "可以申报。" * 200)
    for reply in (full, Reply("notice", "短"), packed):
        assert kept_reply(*keep_reply(reply)) == reply
    body, small = keep_reply(packed)
    assert body is None and small is not None and len(small) < 200


def test_what_an_older_program_kept_stays_readable() -> None:
    """A field that has gone is dropped; what can't be read begins afresh; an erased message has no words."""
    assert kept_conversation('{"guide": "g", "gone": 1, "misses": 2}') == Conversation(guide="g", misses=2)
    assert kept_conversation('{"misses": "many"}') is None
    assert kept_reply('{"status": "gone", "text": "话"}').text == "话"
    assert (kept_message(None), kept_reply(None).text) == (Text(""), "")
