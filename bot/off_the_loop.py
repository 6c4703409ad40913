"""Where blocking calls wait: nothing of the store waits on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from bot.store import Store

WAITERS = 8
"""Threads that wait for the store; turns are made by one thread more, as Python makes only one at a time."""

P = ParamSpec("P")
T = TypeVar("T")


def on_the_loop(ordered: Future[T]) -> asyncio.Future[T]:
    """What another thread is doing, to be awaited; whoever stops waiting stops nothing.

    `asyncio.wrap_future` takes three times as long, and there are five such waits in a message.
    """
    loop = asyncio.get_running_loop()
    awaited: asyncio.Future[T] = loop.create_future()

    def done(_: Future[T]) -> None:
        with suppress(RuntimeError):  # the loop has closed: nobody waits any more
            loop.call_soon_threadsafe(_hand_over, ordered, awaited)

    ordered.add_done_callback(done)
    return awaited


def _hand_over(ordered: Future[T], awaited: asyncio.Future[T]) -> None:
    if awaited.done():
        return
    fault = ordered.exception()
    if fault is None:
        awaited.set_result(ordered.result())
    else:
        awaited.set_exception(fault)


class OffTheLoop:
    """A store with the threads that wait for it, and the tasks that run beside whoever called."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.store, self.now = store, now
        self._waiters = ThreadPoolExecutor(WAITERS, thread_name_prefix="store")
        self._tasks: set[asyncio.Task[None]] = set()

    async def off_the_loop(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A blocking call (of `handing`, say) on one of the threads."""
        return await on_the_loop(self._waiters.submit(call, *args, **kwargs))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
