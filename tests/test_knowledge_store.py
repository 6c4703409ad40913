"""Versions, the draft and its preview in the store, and the questions that were asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.forgetting import forget
from bot.published import published
from bot.sqlite_store import FILE, SqliteStore
from bot.store import Exchange
from bot.workbench.knowledge_store import Aside, Preview, Version
from dialogs.conversation import Conversation
from dialogs.messages import Choice, Effect, Message, Reply, Text
from tests.store_promise import AFTER, LATER, NOON, ticket

ONE, TWO = 'phrasings: {"8.contact": [租设备的事找谁对接]}\n', 'aliases: {"8": [租机器补贴]}\n'
NO = Reply("no_answer", "没有听懂。", reason="not_understood")
FIRST = Version(1, NOON, "李编辑", "第一次", ONE)
PREVIEW = Preview("abc", "李编辑", NOON)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path)
    yield made
    made.close()


def said(store: SqliteStore, update: str, message: Message, reply: Reply, at: datetime = NOON) -> None:
    """A turn of one visitor."""
    store.commit(store.load("web:a"), Exchange("web:a", update, at, message, reply), AFTER, ())


def test_versions_follow_one_another(store: SqliteStore, tmp_path: Path) -> None:
    """Each has the number after; the mark tells every worker; one that comes second is refused, and leaves nothing."""
    assert (store.knowledge_mark(), store.knowledge(), published(tmp_path)) == ("", None, "")
    assert store.publish(FIRST, [])
    mark = store.knowledge_mark()
    other = SqliteStore(tmp_path)
    assert not other.publish(replace(FIRST, document=TWO), []) and other.knowledge() == FIRST
    assert other.publish(Version(2, NOON, "王管理", "退回到指南本身", "", 0), [])
    assert store.knowledge_mark() != mark and [one.number for one in store.versions()] == [2, 1]
    assert published(tmp_path) == "" and store.knowledge() == Version(2, NOON, "王管理", "退回到指南本身", "", 0)
    other.close()


def test_the_draft_is_used_up_by_what_was_made_of_it(store: SqliteStore) -> None:
    """Only by exactly these changes; taking back leaves it."""
    first, second = (store.draft(change, "李编辑", NOON) for change in ("{}", "[]"))
    assert [one.change for one in store.drafts()] == ["{}", "[]"]
    assert not store.publish(FIRST, [first]) and store.withdraw(first) and not store.withdraw(first)
    store.begin_preview(PREVIEW)
    assert store.publish(FIRST, [second])
    assert store.drafts() == [] and store.preview("abc") is None
    store.draft("{}", "李编辑", NOON)
    assert store.publish(Version(2, NOON, "李编辑", "", "", 0), []) and len(store.drafts()) == 1


def test_versions_are_append_only(store: SqliteStore, tmp_path: Path) -> None:
    """Whatever program tries."""
    store.publish(FIRST, [])
    db = sqlite3.connect(tmp_path / FILE)
    for sql in ("update knowledge_versions set document = ''", "delete from knowledge_versions"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(sql)
    db.close()


def test_a_preview_goes_on_until_it_is_begun_anew(store: SqliteStore) -> None:
    """What an earlier run still tells, or one whose preview is gone, is not kept."""
    store.begin_preview(PREVIEW)
    later = replace(PREVIEW, done=7, total=9, moved=NOON + timedelta(seconds=1))
    store.keep_preview(later)
    assert store.preview("abc") == later
    again = replace(PREVIEW, at=NOON + timedelta(minutes=1))
    store.begin_preview(again)
    store.keep_preview(replace(later, result="{}"))
    assert store.preview("abc") == replace(again, moved=again.at)
    store.begin_preview(replace(PREVIEW, seen="def"))
    assert store.preview("abc") is None


def test_what_is_set_aside_is_known_to_all_until_it_is_taken_up(store: SqliteStore, tmp_path: Path) -> None:
    """Newest first, as it was kept; taking up what isn't there is told."""
    marks = frozenset({"a1", "b2"})
    first = store.set_aside(Aside(NOON, "李编辑", 3, marks))
    second = store.set_aside(Aside(LATER, "王管理", 1, frozenset({"c3"})))
    other = SqliteStore(tmp_path)
    kept = [Aside(LATER, "王管理", 1, frozenset({"c3"}), second), Aside(NOON, "李编辑", 3, marks, first)]
    assert other.asides() == kept
    assert other.take_up([first, 99]) and not store.take_up([first]) and [one.id for one in store.asides()] == [second]
    other.close()


def test_what_was_asked_is_heard_with_what_became_of_it(store: SqliteStore) -> None:
    """Newest first: the words, the reply, a choice taken, a word on it, a ticket for not being understood."""
    said(store, "1", Text("改造升级"), Reply("clarify", "是哪一个？"))
    said(store, "2", Choice("ask:10.amount@2023-batch-1"), Reply("answered", "…"))
    said(store, "3", Text("哇啦哇啦"), NO)
    store.rate("web:a", "3", False, NOON)
    ticket(store, 1001, "web:a")
    found = store.heard(NOON, 9)
    assert [(one.text, one.chosen, one.useful, one.handed) for one in found if one.reply.text != "好的。"] == [
        ("哇啦哇啦", False, False, False), ("改造升级", True, None, False),
    ]  # fmt: skip
    with store._write() as db:
        db.execute("update tickets set reason = 'missed'")
    assert [one.handed for one in store.heard(NOON, 9) if one.text == "哇啦哇啦"] == [True]
    assert store.heard(NOON + timedelta(seconds=1), 9) == [] and len(store.heard(NOON, 1)) == 1


@pytest.mark.parametrize("way", ["erase", "forget"])
def test_an_erased_visitors_words_are_gone(way: str, store: SqliteStore, tmp_path: Path) -> None:
    """From what was asked, and from a preview that has tried them."""
    said(store, "1", Text("哇啦哇啦"), NO)
    store.begin_preview(PREVIEW)
    if way == "erase":
        erase = Effect("erase", {"receipt": "R" * 10})
        gone = Exchange("web:a", "2", NOON, Text("删除我的数据"), Reply("notice", "已删除。"))
        store.commit(store.load("web:a"), gone, Conversation(guide="2023-batch-1"), (erase,))
    else:
        assert forget(tmp_path, NOON.date() + timedelta(days=9), NOON.date() + timedelta(days=9)) == 1
    assert "哇啦哇啦" not in [one.text for one in store.heard(NOON - timedelta(days=9), 9)]
    assert store.preview("abc") is None
    store.keep_preview(replace(PREVIEW, result='{"changes": ["哇啦哇啦"]}'))
    assert store.preview("abc") is None


def test_a_folder_without_a_store_or_with_an_older_one_has_published_nothing(tmp_path: Path) -> None:
    """The command line then answers by the guide alone, without a word; it makes no file."""
    assert published(tmp_path) == "" and not (tmp_path / FILE).exists()
    db = sqlite3.connect(tmp_path / FILE)
    db.executescript((Path(__file__).parent / "stores" / "7.sql").read_text(encoding="utf-8"))
    db.close()
    assert published(tmp_path) == ""
