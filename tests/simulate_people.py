"""Fifty people with questions, at four doors: they ask, want a person, wait, tell the officer, read what comes.

Each has a mark that stands in what they tell the officer, and that the officer's answer repeats: so it is seen who was
answered, and whether anybody reads what was meant for another.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

import httpx

from tests.bot_api import BotApi
from tests.chaos_scripts import on_page

ASKS = ("转人工", "找个工作人员", "我要跟真人说", "能不能找个真人")
TOLD, ANSWER = "口令", "回条"
NUMBER = re.compile(r"工单号?(\d{4,})")
CLAIMED, CLOSED, GONE = "已接手工单", "已办结", ("先离开了", "已转给更合适", "已报给上一级")
LOOK_S, PATIENCE_S = 0.7, 45.0


@dataclass
class Told:
    """What all of a run's people and officers have met."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def met(self, response: httpx.Response) -> None:
        """Every answer that a client gets."""
        if response.status_code >= 500:
            self.counts["errors"] += 1
            self.faults.append(f"{response.status_code} {response.request.method} {response.request.url.path}")

    def fault(self, what: str) -> None:
        """Something that must not be."""
        self.counts["errors"] += 1
        self.faults.append(what)


class Door(Protocol):
    """A way in: say something, read all that was said to one."""

    async def says(self, text: str) -> None:
        """One message; returns when it is answered, or has been handed to an officer."""

    async def reads(self) -> list[str]:
        """Everything that stands there, in order."""


class Page:
    """The web chat."""

    def __init__(self, url: str, told: Told) -> None:
        headers = {"sec-fetch-site": "same-origin"}
        self._client = httpx.AsyncClient(
            base_url=url, timeout=60, headers=headers, event_hooks={"response": [told.met]}
        )

    async def says(self, text: str) -> None:
        answer = await _unhurried(lambda: self._client.post("/messages", data={"text": text}))
        assert "exchange" in answer.text, answer.text

    async def reads(self) -> list[str]:
        return [text for text, _ in on_page((await self._client.get("/messages")).text)]


class Api:
    """The JSON door."""

    def __init__(self, url: str, told: Told) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=60, event_hooks={"response": [told.met]})
        self._path = ""

    async def says(self, text: str) -> None:
        if not self._path:
            made = await _unhurried(lambda: self._client.post("/api/conversations"))
            self._path = f"/api/conversations/{made.json()['id']}/messages"
        (await _unhurried(lambda: self._client.post(self._path, json={"text": text}))).raise_for_status()

    async def reads(self) -> list[str]:
        if not self._path:
            return []
        answer = await _unhurried(lambda: self._client.get(self._path))
        return [one["reply"]["text"] for one in answer.json()["messages"] if one["reply"]]


class Chat:
    """Telegram."""

    def __init__(self, api: BotApi) -> None:
        self._person = api.person()

    async def says(self, text: str) -> None:
        before = len(self._person.screen())
        self._person.says(text)
        end = asyncio.get_running_loop().time() + PATIENCE_S
        while len(self._person.screen()) == before and not officer_has_it(await self.reads()):
            assert asyncio.get_running_loop().time() < end, f"no answer to {text}"
            await asyncio.sleep(LOOK_S / 4)

    async def reads(self) -> list[str]:
        return [screen.text for screen in self._person.screen()]


async def _unhurried(call: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The answer, once one isn't too fast."""
    while (answer := await call()).status_code == 429:
        await asyncio.sleep(float(answer.headers["retry-after"]))
    return answer


@dataclass
class Person:
    """Somebody who comes at a real second, asks, and most often wants an officer."""

    mark: str
    door: Door
    comes: float
    questions: Sequence[str]
    rng: Random
    told: Told
    asked: bool = False
    withdrew: bool = False
    answered: int = 0
    unanswered: bool = False
    numbers: list[int] = field(default_factory=list)

    async def lives(self, now: Callable[[], float]) -> None:
        """From the first question to the end of the ticket; `now`: real seconds since the run began."""
        await asyncio.sleep(max(0.0, self.comes - now()))
        try:
            for question in self.questions:
                await self.door.says(question)
                await asyncio.sleep(self.rng.uniform(0.5, 2))
            if self.rng.random() < 0.85:
                await self._wants_an_officer()
        except (httpx.HTTPError, AssertionError) as fault:
            self.told.fault(f"{self.mark}: {type(fault).__name__} {fault}")

    async def _wants_an_officer(self) -> None:
        await self.door.says(self.rng.choice(ASKS))
        self.asked = True
        await self._looks()
        if self.rng.random() < 0.4:
            await self.door.says(self.rng.choice(self.questions))  # the assistant goes on meanwhile
        if self.rng.random() < 0.07 and not officer_has_it(await self._looks()):
            await self.door.says("不用人工了")
            self.withdrew = True
            return
        for word in range(self.rng.choice((1, 1, 2))):
            if not await self._tells(f"{self.mark}{word}"):
                return
        while CLOSED not in "".join(await self._looks()):
            await asyncio.sleep(LOOK_S)
        if self.rng.random() < 0.6:
            await self.door.says("解决了")

    async def _tells(self, mark: str) -> bool:
        """Tell the officer something, and wait for its answer, whoever takes it up; False where it was closed first."""
        said = False
        while True:
            seen = await self._looks()
            if any(f"{ANSWER}{mark}" in text for text in seen):
                self.answered += 1
                return True
            if CLOSED in "".join(seen):
                self.unanswered = True
                return False
            if not said and officer_has_it(seen):
                await self.door.says(f"请看看我的事，{TOLD}{mark}。")
                said = True
            await asyncio.sleep(LOOK_S)

    async def _looks(self) -> list[str]:
        """Read everything, and mind what is somebody else's."""
        seen = await self.door.reads()
        self.numbers = list(dict.fromkeys(int(no) for text in seen for no in NUMBER.findall(text)))
        return seen

    async def misread(self) -> int:
        """How many of the officers' sentences on this screen were meant for another."""
        marks = [mark for text in await self.door.reads() for mark in re.findall(rf"{ANSWER}(\w+?)\d：", text)]
        return sum(mark != self.mark for mark in marks)


def officer_has_it(seen: Sequence[str]) -> bool:
    """Whether the last that was said of the ticket is that somebody has it."""
    last = [text for text in seen if CLAIMED in text or CLOSED in text or any(gone in text for gone in GONE)]
    return bool(last) and CLAIMED in last[-1]
