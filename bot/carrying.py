"""Replies on their way to a door that sends by itself: parcels, handed to whoever carries them in this process.

What holds, whichever worker carries, stands on top of `store.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from bot.off_the_loop import OffTheLoop, on_the_loop
from bot.staffgroup.promise import Thread
from bot.store import Away, Parcel, Store
from dialogs.messages import Reply

CARRIED = 24
"""Lines that one process carries at a time; what is more waits in the store for whoever has his hands free."""

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("policydesk")


class Carrier(OffTheLoop):
    """Holds lines, hands their parcels out, notes what became of them, and takes up lines that wait."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(store, now)
        self._posts: dict[str, Callable[[Parcel], None]] = {}
        self._carried: set[str] = set()
        self._said_once: dict[tuple[str, str], Reply] = {}
        self._looking = False
        self._waits = False  # whether we have left lines in the store; others' are told of by the watch

    def carries(self, door: str, post: Callable[[Parcel], None] | None) -> None:
        """Who carries a door's parcels in this process; None: nobody any more."""
        if post is None:
            self._posts.pop(door, None)
        else:
            self._posts[door] = post

    def _can_carry(self, line: str) -> bool:
        """Whether a line more can be carried here; else it is left to a worker that has its hands free."""
        if line.partition(":")[0] not in self._posts:
            return False
        full = len(self._carried) >= CARRIED
        self._waits = self._waits or full
        return not full

    def _post(self, parcel: Parcel) -> None:
        post = self._posts.get(parcel.line.partition(":")[0])
        if post is None:  # the door has closed meanwhile
            self._spawn(self.off_the_loop(self.store.put_off, parcel, self.now()))
            return
        self._carried.add(parcel.line)
        post(self._as_said(parcel))

    def _as_said(self, parcel: Parcel) -> Parcel:
        """The parcel with what is said only once and not kept (a code), where this process has made it."""
        said = self._said_once.pop((parcel.visitor, parcel.update), None)
        return replace(parcel, reply=said) if said is not None else parcel

    async def part_sent(self, parcel: Parcel, parts: int) -> None:
        """So many of the parcel's messages have been sent."""
        await self._surely(self.store.part_sent, parcel, parts)

    async def posted(self, parcel: Parcel, outcome: str = "sent") -> Parcel | None:
        """The parcel is done with: `sent`, or `refused`; the next of its line."""
        following = await self._surely(self.store.posted, parcel, self.now(), outcome)
        if following is None:
            self._put_down(parcel)
        return following and self._as_said(following)

    async def put_off(self, parcel: Parcel, seconds: float) -> None:
        """Try again later, whichever worker then is free."""
        await self._surely(self.store.put_off, parcel, self.now() + timedelta(seconds=seconds))
        self._put_down(parcel)

    async def retire(self, parcel: Parcel) -> None:
        """Nobody reads the parcel's line any more."""
        await self._surely(self.store.retire, parcel.line, self.now())
        self._put_down(parcel)

    def _put_down(self, parcel: Parcel) -> None:
        self._carried.discard(parcel.line)
        if self._waits:
            self._look_for_lines()

    def _look_for_lines(self) -> None:
        """Take up lines that wait, as many as we can carry; one look at a time."""
        if self._posts and not self._looking and len(self._carried) <= CARRIED // 2:
            self._looking = True
            self._spawn(self._take_up_lines())

    async def _take_up_lines(self) -> None:
        try:
            now = self.now()
            lines = await self.off_the_loop(self.store.due_lines, now, CARRIED)
            self._waits = len(lines) == CARRIED
            for line in lines:
                if self._can_carry(line):
                    parcel = await self.off_the_loop(self.store.claim, line, now)
                    if parcel is not None:
                        self._post(parcel)
        except Away as away:
            log.error("待发的答复这会儿看不了，会再试（%s）。", away)
        finally:
            self._looking = False

    async def threaded(self, no: int, thread: Thread) -> None:
        """A ticket's thread has been made."""
        await self._until_noted(lambda: self.store.soon_lasting(self.store.keep_thread, no, thread))

    async def _surely(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A call that notes what has been sent."""
        return await self._until_noted(lambda: self.store.soon(call, *args, **kwargs))

    async def _until_noted(self, ordered: Callable[[], Future[T]]) -> T:
        """What has been done must be noted, or it would be done again: a store that is away is waited for."""
        pause = 0.05
        while True:
            try:
                return await on_the_loop(ordered())
            except Away as error:
                log.error("发出的答复还没有记下，会再试（%s）。", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, 2.0)
