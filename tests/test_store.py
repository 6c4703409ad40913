"""The store keeps its promise: whole turns, one revision after the other, and it survives whoever opens it next."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from bot import migrations
from bot.kept import keep_reply, kept_conversation, kept_message, kept_reply
from bot.sqlite_store import FILE, SqliteStore
from bot.store import Exchange, Held, Repeated, Stale, StoreFault
from dialogs.conversation import Conversation
from dialogs.messages import (
    Card,
    Choice,
    Citation,
    Effect,
    Figure,
    Message,
    Option,
    Pick,
    Progress,
    Question,
    Reply,
    Text,
)  # fmt: skip

NOON = datetime(2023, 3, 20, 4, tzinfo=UTC)
AFTER = Conversation(guide="2023-batch-1", topics=("1",))
FINE = Reply("notice", "好的。")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store in a folder that wasn't there."""
    made = SqliteStore(tmp_path / "data")
    yield made
    made.close()


def said(message: Message, reply: Reply | None = FINE, update: str | None = None) -> Exchange:
    """An exchange of visitor web:a."""
    return Exchange("web:a", update, NOON, message, reply)


def test_a_turn_is_kept_whole(store: SqliteStore) -> None:
    """Conversation, message, reply and effects stand there together."""
    assert store.load("web:a") == Held()
    store.commit(Held(), said(Text("流片")), AFTER, (Effect("note", {"reason": "not_in_guide", "text": "流片"}),))
    assert store.load("web:a") == Held(AFTER, 1)
    assert store.transcript("web:a", 9) == [said(Text("流片"))]
    assert list(store._idle[0].query("select kind, about from effects")) == [
        {"kind": "note", "about": '{"reason": "not_in_guide", "text": "流片"}'}
    ]


def test_a_turn_from_an_old_revision_leaves_nothing_behind(store: SqliteStore) -> None:
    """Whoever comes second has to load again; nothing of the attempt is kept."""
    store.commit(Held(), said(Text("一")), AFTER, ())
    with pytest.raises(Stale):
        store.commit(Held(), said(Text("二")), Conversation(guide="x"), (Effect("note"),))
    assert store.load("web:a") == Held(AFTER, 1)
    assert [exchange.message for exchange in store.transcript("web:a", 9)] == [Text("一")]


def test_an_update_is_kept_once_for_each_visitor(store: SqliteStore) -> None:
    """The same name again is refused; another visitor may use it."""
    store.commit(Held(), said(Text("一"), update="7"), AFTER, ())
    with pytest.raises(Repeated):
        store.commit(Held(AFTER, 1), said(Text("一"), update="7"), AFTER, ())
    store.commit(Held(), Exchange("web:b", "7", NOON, Text("一"), None), AFTER, ())
    assert store.load("web:a").revision == store.load("web:b").revision == 1


def test_a_reply_waits_until_it_is_marked_as_sent(store: SqliteStore) -> None:
    """The outbox of a door is what was committed and not marked."""
    for update in ("1", "2"):
        held = store.load("tg:5")
        store.commit(held, Exchange("tg:5", update, NOON, Text(update), Reply("notice", update)), AFTER, ())
    store.commit(Held(), said(Text("网页")), AFTER, ())
    assert [exchange.update for exchange in store.unsent("tg")] == ["1", "2"]
    store.mark_sent("tg:5", "1", NOON)
    assert [exchange.update for exchange in store.unsent("tg")] == ["2"]


def test_a_word_on_a_reply_stays_with_it(store: SqliteStore) -> None:
    """The last word counts; a reply that isn't there can't be judged."""
    store.commit(Held(), said(Text("一"), update="7"), AFTER, ())
    assert store.rate("web:a", "7", True, NOON) and store.rate("web:a", "7", False, NOON)
    assert [exchange.useful for exchange in store.transcript("web:a", 9)] == [False]
    assert not store.rate("web:b", "7", True, NOON)


def test_another_process_finds_everything(store: SqliteStore) -> None:
    """What was committed is in the file, not in a process."""
    store.commit(Held(), said(Choice("overview@2023-batch-1"), update="7"), AFTER, ())
    again = SqliteStore(store.path.parent)
    assert again.load("web:a") == Held(AFTER, 1)
    assert again.exchange("web:a", "7") == said(Choice("overview@2023-batch-1"), update="7")
    again.close()


def _write_many(folder: Path, name: str, times: int, together: Barrier) -> None:
    together.wait(60)
    store = SqliteStore(folder)
    for number in range(times):
        while True:
            held = store.load("web:shared")
            try:
                store.commit(held, Exchange("web:shared", f"{name}{number}", NOON, Text("一"), None), AFTER, ())
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


def test_every_step_runs_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the first form gets only the step that it lacks, and keeps what it holds."""
    store = SqliteStore(tmp_path)
    store.commit(Held(), said(Text("一")), AFTER, ())
    store.close()
    second = "create table second (id integer primary key) strict"
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, second))
    monkeypatch.setattr(migrations.migrate, "__defaults__", (migrations.STEPS,))
    for _ in range(2):
        store = SqliteStore(tmp_path)
        assert store.load("web:a").revision == 1
        assert [row["user_version"] for row in store._idle[0].query("pragma user_version")] == [len(migrations.STEPS)]
        store.close()


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
    assert kept_reply(keep_reply(full)) == full
    assert kept_reply(keep_reply(Reply("notice", "短"))) == Reply("notice", "短")


def test_what_an_older_program_kept_stays_readable() -> None:
    """A field that has gone is dropped; what can't be read begins afresh; an erased message has no words."""
    assert kept_conversation('{"guide": "g", "gone": 1, "misses": 2}') == Conversation(guide="g", misses=2)
    assert kept_conversation('{"misses": "many"}') is None
    assert kept_reply('{"status": "gone", "text": "话"}').text == "话"
    assert (kept_message(None), kept_reply(None).text) == (Text(""), "")
