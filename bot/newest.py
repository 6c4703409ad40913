"""The newest published knowledge in every process: each looks now and then, and changes over without stopping.

    async with newest(conductor): ...        # before anything is answered, and as long as the context

What was published is read and proved off the event loop (mostly it is only loaded: whoever published it has left the
compiled copy), then `conductor.library` is another one, in one assignment: a turn that is being made keeps the one that
it began with. What can't be compiled here is told in the log, and the guide alone is served.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.opening import open_or_alone
from bot.store import Away
from dialogs.library import Library, forget_old

if TYPE_CHECKING:
    from bot.conductor import Conductor

LOOK_S = 0.5

log = logging.getLogger("policydesk")


@asynccontextmanager
async def newest(conductor: Conductor) -> AsyncIterator[None]:
    """As long as its context: the conductor serves what was published last."""
    following = Following(conductor)
    try:
        await following.look()
    except Away as away:
        log.error("已发布的补充这会儿读不出来，会再试（%s）。", away)
    looking = asyncio.create_task(following.look_for_ever())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait([looking])


class Following:
    """What one process serves, and how it finds the next."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor, self._mark = conductor, ""

    async def look_for_ever(self) -> None:
        """Look, again and again."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Exception as error:
                log.error("检查已发布的知识时出错，会再试（%s）。", type(error).__name__)

    async def look(self) -> None:
        """Serve what was published meanwhile."""
        conductor = self._conductor
        mark = await conductor.off_the_loop(conductor.store.knowledge_mark)
        if mark == self._mark:
            return
        version = await conductor.off_the_loop(conductor.store.knowledge)
        document = version.document if version else ""
        if document != conductor.library.overlay:
            conductor.library = await asyncio.to_thread(ready, conductor.knowledge, document)
            forget_old()
        self._mark = mark


def ready(folder: Path | None, document: str) -> Library:
    """The library over a folder with an overlay, or alone where that can't be, ready for many questions."""
    library = open_or_alone(folder, document)
    library.finder.bank.hasten()
    return library
