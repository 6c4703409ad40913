"""`policydesk forget --before DAY`: words and people go, counts stay, what is newer or waits isn't touched."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.forgetting import forget
from bot.sqlite_store import FILE, SqliteStore
from bot.store import Exchange, Held, StoreFault, Update
from dialogs.conversation import Conversation, Kept
from dialogs.messages import Choice, Effect, Reply, Text

OLD, NEW = datetime(2023, 3, 31, 15, 59, tzinfo=UTC), datetime(2023, 3, 31, 16, 0, tzinfo=UTC)
"""The last minute of 31 March in Beijing, and the first of 1 April."""
APRIL, TODAY = date(2023, 4, 1), date(2023, 4, 20)
SECRET = "京智公司投了987654万元"
AFTER = Conversation(guide="2023-batch-1", told=(Kept(fact="fixed_asset_investment_wan", value=987654),))


def says(store: SqliteStore, visitor: str, at: datetime, text: str = SECRET) -> None:
    reply = Reply("no_answer", f"您说：{text}", reason="not_in_guide")
    effects = (Effect("note", {"reason": "not_in_guide", "text": text}),)
    parcel = store.commit(store.load(visitor), Exchange(visitor, "1", at, Text(text), reply), AFTER, effects)
    store.rate(visitor, "1", True, at)
    if parcel is not None:
        store.posted(parcel, at)


def counts(store: SqliteStore) -> list[tuple[object, ...]]:
    """What an officer counts: by day, direction and door, with the fate and the visitors' word."""
    return store._all(
        "select date(m.at, '+8 hours'), m.direction, m.door, m.outcome, f.useful, count(*) from messages m"
        " left join feedback f on f.message = m.id group by 1, 2, 3, 4, 5 order by 1, 2, 3"
    )


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path)


def test_words_and_people_go_and_counts_stay(store: SqliteStore, tmp_path: Path) -> None:
    says(store, "web:old", OLD)
    says(store, "tg:4711:815", OLD)
    says(store, "web:new", NEW, "流片最多补多少")
    before = counts(store)
    store.keep_wish("web:old", "2023-batch-1", OLD)
    assert forget(tmp_path, APRIL, TODAY) == 2 and forget(tmp_path, APRIL, TODAY) == 0
    assert counts(store) == before and before
    assert store.load("web:old") == Held() and store.wish("web:old") is None
    assert store.load("web:new").conversation == AFTER and store.exchange("web:new", "1") is not None
    store.close()
    held = b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE}*"))
    assert "987654万元".encode() not in held and b"4711" not in held and "流片最多补多少".encode() in held


def test_what_still_waits_is_not_forgotten(store: SqliteStore, tmp_path: Path) -> None:
    says(store, "web:asks", OLD)
    store.accept([Update("web:asks", "2", OLD, Choice("sheet:@2023-batch-1"))])
    store.commit(Held(), Exchange("tg:9", "1", OLD, Text("在吗"), Reply("notice", "在。")), AFTER, (), claim=False)
    assert forget(tmp_path, APRIL, TODAY) == 0


def test_who_comes_back_begins_anew(store: SqliteStore, tmp_path: Path) -> None:
    says(store, "web:old", OLD)
    forget(tmp_path, APRIL, TODAY)
    says(store, "web:old", NEW)
    assert store.load("web:old").revision == 1


def test_the_command_says_how_many_and_refuses_what_makes_no_sense(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYDESK_DATA", str(tmp_path))
    says(store, "web:old", OLD)
    done = CliRunner().invoke(cli, ["forget", "--before", "2023-04-01"])
    assert done.output == "已清除2023-04-01以前结束的1个会话：说过的话、身份和情况都没有了，按天的计数还在。\n"
    with pytest.raises(StoreFault, match="还没有到"):
        forget(tmp_path, date(2023, 4, 21), TODAY)
    with pytest.raises(StoreFault, match="还没有数据"):
        forget(tmp_path / "none", APRIL, TODAY)
