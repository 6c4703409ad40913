"""A visitor who was shown a sheet, as it stands in a store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.sqlite_store import SqliteStore
from bot.store import Exchange
from dialogs.assessing import results
from dialogs.conversation import Conversation, Kept
from dialogs.library import Library
from dialogs.messages import Reply, Text
from knowledge.casework import case_of

GUIDE = "2023-batch-1"
NOON = datetime(2023, 3, 20, 4, tzinfo=UTC)


def shown_a_sheet(
    store: SqliteStore, visitor: str, facts: Mapping[str, Any], library: Library, today: date, at: datetime = NOON
) -> None:
    """Keep a conversation in which these facts were told (None: 不清楚) and the sheet was shown."""
    known = {fact: value for fact, value in facts.items() if value is not None}
    found = results(case_of(known, library.guide), today, library)
    told = tuple(Kept(fact=fact, value=value, telling=1) for fact, value in facts.items())
    conversation = Conversation(guide=GUIDE, told=told, interview="done")
    reply = Reply("result", "按您说的情况，结果如下。", results=found)
    store.commit(store.load(visitor), Exchange(visitor, "sheet", at, Text("先看结果"), reply), conversation, ())
