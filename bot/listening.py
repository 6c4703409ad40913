"""Who hears, in this process, that any worker has committed an exchange: pages that show a conversation as it goes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from weakref import WeakSet

from bot.off_the_loop import OffTheLoop
from bot.store import Away, Store

EVERYBODY = "*"
"""Who listens under this name hears of every exchange: the workbench."""


class Listening(OffTheLoop):
    """Follows the store, and wakes who listens."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(store, now)
        self._listeners: dict[str, WeakSet[asyncio.Event]] = {}
        self.ending = False

    @asynccontextmanager
    async def listening(self, visitor: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever any worker has committed an exchange of the visitor."""
        event = asyncio.Event()
        self._listeners.setdefault(visitor, WeakSet()).add(event)
        try:
            yield event
        finally:
            self._listeners[visitor].discard(event)
            if not self._listeners[visitor]:
                del self._listeners[visitor]

    def end_listening(self) -> None:
        """Wake all who listen; `ending` tells them to go."""
        self.ending = True
        for events in self._listeners.values():
            for event in events:
                event.set()

    def _watch(self, ended: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
        while not ended.is_set():
            try:
                for visitors in self.store.watch(ended):
                    loop.call_soon_threadsafe(self._tell, visitors)
            except Away:
                ended.wait(1)
            except RuntimeError:  # the loop has closed
                return

    def _tell(self, visitors: frozenset[str]) -> None:
        for visitor in {*visitors, EVERYBODY} & self._listeners.keys():
            for event in self._listeners[visitor]:
                event.set()
