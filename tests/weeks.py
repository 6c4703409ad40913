"""Two weeks at the desk, told by hand: who asked what when, as real turns on a driven clock.

Today is Monday, 20 March 2023; the span that is looked at by default begins on Tuesday the 14th.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.conductor import Conductor
from bot.handing_on import BEIJING
from bot.sqlite_store import SqliteStore
from bot.workbench.acting import act, call, hear, row_of
from bot.workbench.guard import Person
from dialogs.library import Library
from dialogs.messages import Choice, Text
from tests.conftest import OPEN

FORMULA = '=HYPERLINK("http://evil.example","流片最多补多少")'
CHEN = Person("陈值守", "officer")

BEFORE = [
    ("03-06 10:00", "web:older", "EDA最多补多少"),  # before the span that is compared with
    ("03-08 10:00", "web:p", "流片最多补多少"),
    ("03-10 20:00", "tg:51", "你好"),
]
SAID = [
    ("03-14 09:30", "web:a", "流片最多补多少"),  # rated 有用
    ("03-14 09:31", "web:a", "EDA呢"),
    ("03-14 10:00", "web:b", "海淀区找谁"),
    ("03-14 11:00", "api:c", "积分落户要什么条件"),
    ("03-15 12:00", "tg:7", "指南里写不写发放时间"),
    ("03-15 12:01", "tg:7", FORMULA),  # rated 不对, days later
    ("03-15 13:00", "web:b", "海淀和朝阳的电话"),
    ("03-16 23:59", "web:d", "呜呜呜呜"),
    ("03-17 00:00", "web:e", "流片最多补多少"),  # still the 16th in UTC
    ("03-17 14:00", "web:f", "测一测方向10"),
    ("03-17 14:01", "web:f", "是"),
    ("03-17 14:02", "web:f", "2022年9月1日"),
    ("03-17 14:03", "web:f", "先看结果"),
    ("03-17 15:00", "web:a", "谢谢"),
    ("03-18 18:00", "web:g", "转人工"),  # a Saturday
    ("03-20 10:00", "web:h", "转人工"),
    ("03-20 11:00", "web:i", "转人工"),
    ("03-20 11:30", "web:j", "转人工"),
]
"""What visitors have said; the tickets 1001 to 1004 are those of g, h, i, j, the phone call is 1005."""


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2023, 3, 1, tzinfo=BEIJING)

    def __call__(self) -> datetime:
        return self.at

    def goes(self, to: str) -> None:
        """To a moment of 2023: 03-14 09:30."""
        self.at = datetime.strptime(f"2023-{to}", "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


class Weeks:
    """The store with its conductor; `lived` tells the whole story."""

    def __init__(self, folder: Path, library: Library) -> None:
        self.store, self.clock = SqliteStore(folder), Clock()
        self.conductor = Conductor(self.store, library, lambda: OPEN, self.clock)

    async def says(self, at: str, visitor: str, message: Text | Choice) -> str:
        """A message at a moment; its name."""
        self.clock.goes(at)
        name = f"{at} {visitor}"
        await self.conductor.take(visitor, message, update=name)
        return name

    async def does(self, at: str, no: int, event: str, text: str = "") -> None:
        """An officer's act."""
        self.clock.goes(at)
        await act(self.conductor, no, event, CHEN.name, text=text)  # type: ignore[arg-type]

    async def lived(self) -> Weeks:
        """Everything that is told above, what officers did, and what visitors thought of it."""
        names = {}
        for at, visitor, text in BEFORE + SAID:
            if at == "03-20 10:00":
                await self._monday_morning()
            names[at] = await self.says(at, visitor, Text(text))
        await self._monday()
        for visitor, at, useful in (("web:a", "03-14 09:30", True), ("tg:7", "03-15 12:01", False)):
            assert await self.conductor.rate(visitor, names[at], useful)
        return self

    async def _monday_morning(self) -> None:
        """g, who has asked for a person on Saturday, is answered three minutes after the desk has opened."""
        await self.does("03-20 09:02", 1001, "claimed")
        await self.does("03-20 09:03", 1001, "said", "您好。")
        await self.does("03-20 09:04", 1001, "said", "还有什么要问的？")
        await self.does("03-20 09:05", 1001, "closed", "已答复")
        await self.says("03-20 09:06", "web:g", Choice("helped:1001.yes@2023-batch-1"))

    async def _monday(self) -> None:
        """h waits for twenty minutes; i waits still; j changes their mind; a call comes."""
        await self.does("03-20 10:05", 1002, "claimed")
        await self.says("03-20 10:06", "web:h", Text("在吗"))
        await self.does("03-20 10:20", 1002, "said", "在。")
        await self.does("03-20 10:30", 1002, "closed", "已转处室：请打电话")
        await self.says("03-20 11:31", "web:j", Choice("no-person:@2023-batch-1"))
        self.clock.goes("03-20 16:00")
        visitor = await self.conductor.open("phone")
        row = await call(self.conductor, visitor, CHEN.name, "phone")
        await hear(self.conductor, await row_of(self.conductor, row.no), CHEN, Text("融资租赁什么条件"))

    def leaves(self) -> None:
        """Let go of the store."""
        self.clock.at += timedelta(minutes=1)
        self.conductor.close()
