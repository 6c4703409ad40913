"""Where blocking calls wait: nothing of the store waits on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from bot.store import Store

WAITERS = 8
"""Threads that wait for the store; turns are made by one thread more, as Python makes only one at a time."""

P = ParamSpec("P")
T = TypeVar("T")


class OffTheLoop:
    """A store with the threads that wait for it, and the tasks that run beside whoever called."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.store, self.now = store, now
        self._waiters = ThreadPoolExecutor(WAITERS, thread_name_prefix="store")
        self._tasks: set[asyncio.Task[None]] = set()

    async def off_the_loop(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A blocking call (of `handing`, say) on one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._waiters, lambda: call(*args, **kwargs))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
