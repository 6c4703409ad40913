"""Why a chat of a chaos run can't go on: what its screen lacks, and where that stands on its way."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bot_api import BotApi
from tests.chaos_scripts import Seen

LAST = 6
"""Calls of the poll that are told."""


def asked(data: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the store, read beside whoever writes."""
    db = sqlite3.connect(f"file:{data}?mode=ro", uri=True, timeout=5)
    try:
        return db.execute(sql, values).fetchall()
    except sqlite3.Error as error:
        return [(f"not to be read: {error}",)]
    finally:
        db.close()


def polls(api: BotApi) -> str:
    """How the last polls ended, and how many seconds ago."""
    now = time.monotonic()
    return " ".join(f"{made.status} ({now - made.at:.0f} s)" for made in api.made("getUpdates")[-LAST:]) or "none"


def why(api: BotApi, data: Path, chat: int, shown: Sequence[Seen], expected: Sequence[Seen]) -> str:
    """Where a Telegram chat's messages are: on the screen, before the bot, in the inbox, in the outbox, at a fault."""
    line = f"tg:{chat}"
    lacks = expected[len(shown)][0][:60] if len(shown) < len(expected) else ""
    waits = [one["update_id"] for one in list(api.world.waiting) if str(chat) in str(one)]
    inbox = asked(data, 'select "update", at from inbox where visitor = ? order by place, id', line)
    outbox = asked(
        data, "select id, at, parts from messages where line = ? and outcome is null order by id", line
    )  # fmt: skip
    held = asked(data, "select holder, due, tries from lines where line = ?", line)
    faults = [(method, fault.code, fault.wait, fault.cut) for method, to, fault in list(api._faults) if to == chat]
    posts = [status for _, status in list(api.deliveries)[-LAST:]]
    return (
        f"  on the screen {len(shown)} of {len(expected)}, lacks “{lacks}”\n"
        f"  not yet fetched {waits}, last polls {polls(api)}, posts {posts}\n"
        f"  inbox {inbox}, outbox {outbox}, line {held}, faults for it {faults}, for anybody {api.faults_for()}"
    )
