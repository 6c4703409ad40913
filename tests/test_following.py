"""Tickets in the search: as they open, move, close; nothing of a person who was erased."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.conductor import Conductor
from bot.presence import around, standing, visitor_types
from bot.sqlite_store import SqliteStore
from bot.workbench.doing import done
from bot.workbench.following import follow, ticket_entries
from bot.workbench.guard import Person
from bot.workbench.searcher import Searcher
from dialogs.library import Library
from dialogs.messages import Text
from tests.conftest import OPEN

LI = Person("李明", "officer")
MORNING = datetime(2023, 3, 20, 2, tzinfo=UTC)


async def found(searcher: Searcher, query: str, wanted: bool) -> str:
    """The first ticket for a query, waited for until it is there, or no more."""
    async with asyncio.timeout(60):
        while True:
            hits = [hit for hit in searcher.search(query)["hits"] if hit["kind"] == "ticket"]
            if bool(hits) == wanted:
                return hits[0]["written"] if hits else ""
            await asyncio.sleep(0.05)


async def test_tickets_are_found_whichever_worker_moves_them(tmp_path: Path, library: Library) -> None:
    """One worker searches, another takes the messages."""
    ours, theirs = (Conductor(SqliteStore(tmp_path), library, lambda: OPEN) for _ in range(2))
    searcher = await Searcher(lambda: library, lambda: OPEN).ready()
    async with ours.at_work():
        following = asyncio.create_task(follow(ours, searcher, {}))
        await theirs.take("web:a", Text("二手设备能不能算进去"))
        await theirs.take("web:a", Text("转人工"))
        assert "等人接手" in await found(searcher, "二手设备 1001", True)
        await done(theirs, LI, "claim", 1001)
        async with asyncio.timeout(60):
            while "李明在办" not in await found(searcher, "1001", True):
                await asyncio.sleep(0.05)
        await theirs.take("web:a", Text("删除我的数据"))
        assert await found(searcher, "二手设备", False) == ""
        assert "对方删除了数据" in await found(searcher, "1001", True)
        following.cancel()
    theirs.close()
    assert all("二手" not in str(one) for one in (await ticket_entries(ours)).values())
    ours.close()


async def test_who_types_is_told_and_forgotten(tmp_path: Path, library: Library) -> None:
    """Only while an officer has the conversation; nothing of it stands in the talk."""
    at = [MORNING]
    conductor = Conductor(SqliteStore(tmp_path), library, lambda: OPEN, lambda: at[0])
    assert await standing(conductor, "web:a") is None
    await conductor.take("web:a", Text("转人工"))
    await visitor_types(conductor, "web:a")
    waits = await standing(conductor, "web:a")
    assert waits and "排在第1位" in waits.says and not (await around(conductor, 1001, "李明")).typing
    await done(conductor, LI, "claim", 1001)
    conductor.store.attend(1001, "李明", at[0], typing=True)
    conductor.store.attend(1001, "王芳", at[0], typing=True)
    await visitor_types(conductor, "web:a")
    taken = await standing(conductor, "web:a")
    assert taken and taken.typing and taken.state == "taken"
    seen = await around(conductor, 1001, "李明")
    assert seen.typing and seen.others == ("王芳",)
    at[0] = datetime(2023, 3, 20, 2, 0, 7, tzinfo=UTC)
    taken = await standing(conductor, "web:a")
    assert taken and not taken.typing and not (await around(conductor, 1001, "李明")).typing
    assert len(await conductor.transcript("web:a")) == 2
    conductor.close()
