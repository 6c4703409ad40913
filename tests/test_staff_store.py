"""What the store keeps of the staff: names once, ways in that end, tries that are counted, a trail that stays."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sqlite_store import SqliteStore
from bot.workbench.staff_store import Person, Sought

NOON = datetime(2023, 3, 20, 4, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """An empty store."""
    made = SqliteStore(tmp_path)
    yield made
    made.close()


@pytest.fixture
def wang(store: SqliteStore) -> Person:
    """Somebody with a password and a session."""
    person = store.add_staff("王敏", "officer", NOON)
    assert person
    store.keep_sign_in(person.id, "code", LATER)
    assert store.use_sign_in("王敏", "code", "hash", NOON) == person
    assert store.open_session(person.id, "hash", "session", NOON, LATER)
    return person


def test_a_name_is_given_once(store: SqliteStore) -> None:
    """Widths and case don't make another person; the account is found by any of them."""
    assert store.add_staff("Li", "editor", NOON)
    assert store.add_staff("ＬＩ", "admin", NOON) is None
    found = store.account(" li ")
    assert found and found.person.role == "editor" and found.password is None and found.disabled is None


def test_a_one_time_sign_in_leads_in_once(store: SqliteStore, wang: Person) -> None:
    """Not a second time, not too late, not for somebody else, and a newer one replaces it."""
    assert store.use_sign_in("王敏", "code", "other", NOON) is None
    store.keep_sign_in(wang.id, "second", LATER)
    store.keep_sign_in(wang.id, "third", LATER)
    assert store.use_sign_in("王敏", "second", "other", NOON) is None
    assert store.use_sign_in("李丹", "third", "other", NOON) is None
    assert store.use_sign_in("王敏", "third", "other", LATER) is None
    assert store.use_sign_in("王敏", "third", "other", NOON) == wang


def test_of_two_who_use_it_at_once_one_comes_in(store: SqliteStore, wang: Person) -> None:
    """The code is gone in the transaction that takes it."""
    store.keep_sign_in(wang.id, "twice", LATER)
    let_in: list[Person | None] = []
    both = [
        threading.Thread(target=lambda: let_in.append(store.use_sign_in("王敏", "twice", "x", NOON))) for _ in range(8)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(one is not None for one in let_in) == [False] * 7 + [True]


def test_a_changed_password_ends_what_was_open(store: SqliteStore, wang: Person) -> None:
    """Sessions and an open one-time sign-in; a session can't be opened any more by the old hash."""
    store.keep_sign_in(wang.id, "code", LATER)
    assert not store.set_password(wang.id, "not the hash", "new")
    assert store.session("session")
    assert store.set_password(wang.id, "hash", "new")
    assert store.session("session") is None and store.use_sign_in("王敏", "code", "x", NOON) is None
    assert not store.open_session(wang.id, "hash", "late", NOON, LATER)


def test_a_disabled_account_lets_nobody_in(store: SqliteStore, wang: Person) -> None:
    """Open sessions end at once, for good; nothing opens one; enabled again, the password counts again."""
    store.keep_sign_in(wang.id, "code", LATER)
    assert store.disable(wang.id, NOON) and not store.disable(99, NOON)
    assert store.session("session") is None
    assert store.use_sign_in("王敏", "code", "x", NOON) is None
    assert not store.open_session(wang.id, "hash", "new", NOON, LATER)
    assert store.enable(wang.id) and store.session("session") is None
    assert store.open_session(wang.id, "hash", "new", NOON, LATER)


def test_a_role_counts_at_once(store: SqliteStore, wang: Person) -> None:
    """A session shows the person as they stand now."""
    assert store.change_role(wang.id, "admin")
    session = store.session("session")
    assert session and session.person.role == "admin"


def test_tries_are_counted_for_all_workers_and_fade(store: SqliteStore, tmp_path: Path) -> None:
    """As many as each key may have, whatever worker; one that led in doesn't count; after a quarter of an hour none."""
    other = SqliteStore(tmp_path)
    assert store.try_sign_in({"account:a": 2, "address:x": 3}, NOON)
    assert other.try_sign_in({"account:a": 2, "address:x": 3}, NOON)
    assert not store.try_sign_in({"account:a": 2, "address:y": 3}, NOON)
    assert store.try_sign_in({"account:b": 2, "address:x": 3}, NOON)
    assert not other.try_sign_in({"account:c": 2, "address:x": 3}, NOON)
    other.forgive_try_in(["account:a"])
    assert store.try_sign_in({"account:a": 2, "address:z": 3}, NOON)
    assert store.try_sign_in({"account:a": 2, "address:x": 3}, NOON + timedelta(minutes=15))
    other.close()


def test_the_trail_is_append_only(store: SqliteStore, wang: Person, tmp_path: Path) -> None:
    """Newest first, found by any of its fields; nobody changes or deletes a line, whatever program they use."""
    for number in range(3):
        store.audit(wang, "看", f"工单 B-{number}", NOON + timedelta(minutes=number))
    store.audit(Person("命令行", "admin"), "停用", "李丹", LATER)
    assert [one.object for one in store.trail(Sought(), 9)] == ["李丹", "工单 B-2", "工单 B-1", "工单 B-0"]
    assert [one.who for one in store.trail(Sought(action="停用"), 9)] == ["命令行"]
    assert [one.object for one in store.trail(Sought(who="王", object="b-1"), 9)] == ["工单 B-1"]
    minutes = Sought(since=NOON + timedelta(minutes=1), before=NOON + timedelta(minutes=2))
    assert [one.object for one in store.trail(minutes, 9)] == ["工单 B-1"]
    first, second = store.trail(Sought(), 2)
    assert [one.id for one in store.trail(Sought(older_than=second.id), 9)] == [second.id - 1, second.id - 2]
    assert store.actions() == ["停用", "看"] and first.at == LATER
    db = sqlite3.connect(store.path)
    for sql in ("update audit set who = '别人'", "delete from audit"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(sql)
    db.close()
