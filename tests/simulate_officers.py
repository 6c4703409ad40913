"""Five officers: they look at the queue, claim, answer, note, pass on, leave for lunch without closing, go, come back.

Several take the same ticket out of the same queue, and one of them gets it; who comes back from lunch finds theirs with
somebody else, and leaves it there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from bot.workbench.guard import token_of
from tests.chaos_scripts import CONTACT, MAILBOX
from tests.simulate_people import ANSWER, TOLD, Told
from tests.staff import PASSWORD

LOOK_S, READS_S = 0.8, (0.1, 1.5)
MOST_HELD, LUNCH_S = 3, 60.0
CLOSES_AFTER_S, SILENT_S = 4.0, 14.0
"""Real seconds: when an answered ticket is closed, and when one whose visitor says nothing at all."""

Span = tuple[float, float]


@dataclass
class Held:
    """What an officer knows of a ticket in their hands."""

    moved: float
    greeted: bool = False
    answered: int = 0
    done: set[str] = field(default_factory=set)


@dataclass
class Officer:
    """One of them; `there`: the spans of real seconds in which they work; `calls`: the phones that ring.

    `lunch`: the real second after which they go as soon as they have a ticket.
    """

    name: str
    url: str
    colleagues: tuple[str, ...]
    there: tuple[Span, ...]
    lunch: float | None
    calls: asyncio.Queue[str]
    rng: Random
    told: Told
    letters: int = 0
    _held: dict[int, Held] = field(default_factory=dict)

    def __post_init__(self) -> None:
        headers = {"sec-fetch-site": "same-origin"}
        hooks = {"response": [self.told.met]}
        self._client = httpx.AsyncClient(base_url=self.url, timeout=60, headers=headers, event_hooks=hooks)

    async def works(self, now: Callable[[], float]) -> None:
        """Every span, from signing in to going home."""
        for begins, ends in self.there:
            await asyncio.sleep(max(0.0, begins - now()))
            await self._signs_in()
            while now() < ends:
                if self.lunch and now() > self.lunch and (self._held or now() > self.lunch + LUNCH_S):
                    self.lunch = None
                    self.told.counts["lunches"] += 1
                    await asyncio.sleep(LUNCH_S)
                try:
                    await self._looks(now)
                except (httpx.HTTPError, AssertionError, KeyError) as fault:
                    self.told.fault(f"{self.name}: {type(fault).__name__} {fault}")
                await asyncio.sleep(LOOK_S * self.rng.uniform(0.7, 1.3))
            await self._post("leave")
            self._held.clear()

    async def _signs_in(self) -> None:
        await self._client.post("/desk/sign-in", data={"name": self.name, "password": PASSWORD})
        self._client.headers["x-csrf-token"] = token_of(self._client.cookies["desk"])

    async def _post(self, path: str, **body: Any) -> httpx.Response:
        answer = await self._client.post(f"/api/desk/{path}", json=body)
        self.told.counts["acts"] += answer.is_success
        self.told.counts["acts_refused"] += answer.status_code == 409
        assert answer.status_code in (200, 201, 409), f"{path} {answer.status_code} {answer.text[:200]}"
        return answer

    async def _looks(self, now: Callable[[], float]) -> None:
        queue = (await self._client.get("/api/desk/queue")).raise_for_status().json()["tickets"]
        mine = [one["no"] for one in queue if one["holder"] == self.name and one["door"] != "phone"]
        self._held = {no: self._held.get(no) or Held(now()) for no in mine}
        for no in mine:
            await self._goes_on(no, self._held[no], now)
        if len(mine) >= MOST_HELD:
            return
        if not self.calls.empty():
            await self._takes_a_call(self.calls.get_nowait())
        elif waiting := [one for one in queue if one["state"] in ("waiting", "raised")]:
            chosen = next((one for one in waiting if one["addressed"] == self.name), waiting[0])
            await asyncio.sleep(self.rng.uniform(*READS_S))
            claimed = await self._post(f"tickets/{chosen['no']}/claim")
            if claimed.is_success:
                self._held[chosen["no"]] = Held(now())

    async def _goes_on(self, no: int, held: Held, now: Callable[[], float]) -> None:
        """The next thing with a ticket: a greeting, an answer to what was told, something of the day, the end."""
        talk = (await self._client.get(f"/api/desk/tickets/{no}")).raise_for_status().json()["talk"]
        marks = [mark for one in talk for mark in re.findall(rf"{TOLD}(\w+)", one["said"] or "")]
        said = [one["reply"]["text"] for one in talk if one["event"] == "said" and one["reply"]]
        open_ = [mark for mark in marks if not any(f"{ANSWER}{mark}：" in text for text in said)]
        if len({mark[:-1] for mark in marks}) > 1:
            self.told.counts["wrong_visitor"] += 1
        if not held.greeted:
            held.greeted = (await self._post(f"tickets/{no}/say", text=f"您好，我是{self.name}，请说。")).is_success
        elif open_ and (passed := self._passes_on(held)):
            to = {"to": self.rng.choice(self.colleagues)} if passed == "transfer" else {"text": "我这里办不了"}
            await self._post(f"tickets/{no}/{passed}", **to)
        elif open_:
            words = f"{ANSWER}{open_[0]}：以附件1为准，{self.name}答。"
            held.answered += (await self._post(f"tickets/{no}/say", text=words)).is_success
        elif marks and now() - held.moved < CLOSES_AFTER_S:
            await self._besides(no, held)
            return
        elif now() - held.moved > (CLOSES_AFTER_S if marks else SILENT_S):
            await self._post(f"tickets/{no}/close", text="已答复")
        else:
            return
        held.moved = now()

    def _passes_on(self, held: Held) -> str:
        """Now and then a ticket is another's, before it is answered."""
        if held.answered or "passed" in held.done:
            return ""
        held.done.add("passed")
        return self.rng.choices(("", "transfer", "release", "raise"), (20, 3, 1, 1))[0]

    async def _besides(self, no: int, held: Held) -> None:
        """A note, a card, a letter: each at most once."""
        for verb, often, body in (
            ("note", 0.3, {"text": f"{self.name}记：已看附件1。"}), ("card", 0.1, {"to": CONTACT}),
            ("mail", 0.2, {"to": MAILBOX}),
        ):  # fmt: skip
            if verb not in held.done:
                held.done.add(verb)
                if self.rng.random() < often:
                    done = await self._post(f"tickets/{no}/{verb}", **body)
                    self.letters += verb == "mail" and done.is_success

    async def _takes_a_call(self, mark: str) -> None:
        """Somebody on the phone: what they say is written down, what comes is read out, the call is closed."""
        no = (await self._post("tickets")).json()["ticket"]["no"]
        for words in (f"我来问件事，{TOLD}{mark}", "流片最多补多少", "那找谁"):
            seen = (await self._post(f"tickets/{no}/heard", text=words)).json()
            assert seen["package"]["suggestion"], f"nothing to say to {words}"
            marks = re.findall(rf"{TOLD}(\w+)", str([one["said"] for one in seen["talk"]]))
            self.told.counts["wrong_visitor"] += set(marks) != {mark}
            await asyncio.sleep(self.rng.uniform(*READS_S))
        await self._post(f"tickets/{no}/close", text="已口头答复")
        self.told.counts["calls"] += 1
