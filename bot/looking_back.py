"""What a door asks the store beside the turns: who is known, what was said, what is kept for all workers."""

from __future__ import annotations

import secrets

from bot.off_the_loop import OffTheLoop
from bot.store import Exchange


class LookingBack(OffTheLoop):
    """The store's answers, without waiting for them on the event loop."""

    async def open(self, door: str, by: str | None = None) -> str:
        """A new visitor of a door, under a name nobody can guess: `api:…`; `by`: the first message, as `Store.open`."""
        visitor = f"{door}:{secrets.token_urlsafe(24)}"
        return await self.off_the_loop(self.store.open, visitor, self.now(), by)

    async def knows(self, visitor: str) -> bool:
        """Whether the visitor was opened or has said something."""
        return await self.off_the_loop(self.store.knows, visitor)

    async def transcript(self, visitor: str, last: int = 50) -> list[Exchange]:
        """The last exchanges, oldest first."""
        return await self.off_the_loop(self.store.transcript, visitor, last)

    async def exchange(self, visitor: str, update: str) -> Exchange | None:
        """What was said on an update, if it was taken."""
        return await self.off_the_loop(self.store.exchange, visitor, update)

    async def rate(self, visitor: str, update: str, useful: bool) -> bool:
        """Keep the visitor's word on the reply to an update; False if there is no such reply."""
        return await self.off_the_loop(self.store.rate, visitor, update, useful, self.now())

    async def hold(self, task: str) -> bool:
        """Whether a task that only one worker may have is ours."""
        return await self.off_the_loop(self.store.hold, task)

    async def let_go(self, task: str) -> None:
        """The task may be another worker's."""
        await self.off_the_loop(self.store.let_go, task)

    async def remember(self, key: str, value: str) -> None:
        """Keep a word for all workers."""
        await self.off_the_loop(self.store.remember, key, value)

    async def recall(self, key: str) -> str:
        """The word that was kept, or nothing."""
        return await self.off_the_loop(self.store.recall, key)

    async def check(self) -> None:
        """Raise `bot.store.StoreFault` unless the store can be written."""
        await self.off_the_loop(self.store.check)
