"""What a draft would change, tried before it is published: on its own phrasings, on the guide's examples, on what was
asked lately. It runs in a process of its own; how far it is stands in the store, so that any worker can tell.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from bot.conductor import Conductor
from bot.opening import GUIDE
from bot.store import Away
from bot.workbench.drafting import Draft
from bot.workbench.knowledge_store import Heard, Preview
from bot.workbench.staff_store import Person
from bot.workbench.trying import tried
from knowledge.overlay import bare
from knowledge.reading import BrokenGuide, read_examples

LATELY, MOST_LATELY, LOOKED_THROUGH = timedelta(days=30), 500, 5_000
"""How far back what was asked is tried, how many different questions of it, out of how many."""
SHOWN = 200
"""Changes that are kept; all are counted."""
TELL_S = 1.0
ABANDONED = timedelta(seconds=20)
"""A preview that has not moved for so long was left by a worker that has died."""
ADDED, EXAMPLES, ASKED = "新加的问法", "题集", "最近问过的"

UNFINISHED = {"faults": ["预览没有跑完，请再试一次"]}

log = logging.getLogger("policydesk")
_running: WeakKeyDictionary[Conductor, set[asyncio.Task[None]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Question:
    """What is tried, and out of which set."""

    turns: tuple[str, ...]
    of: str


@asynccontextmanager
async def previews(conductor: Conductor) -> AsyncIterator[None]:
    """As long as its context: previews may run; at its end they are called off."""
    tasks = _running.setdefault(conductor, set())
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def begin(conductor: Conductor, person: Person, draft: Draft) -> None:
    """Try a draft, unless that is being done."""
    now = conductor.now()
    held = await conductor.off_the_loop(conductor.store.preview, draft.seen)
    if held is not None and not held.result and is_moving(held, now):
        return
    preview = Preview(draft.seen, person.name, now)
    await conductor.off_the_loop(conductor.store.begin_preview, preview)
    task = asyncio.create_task(_run(conductor, draft, preview))
    tasks = _running.setdefault(conductor, set())
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def is_moving(preview: Preview, now: datetime) -> bool:
    """Whether somebody is at it."""
    return preview.moved is not None and now - preview.moved < ABANDONED


@dataclass
class Progress:
    """How far a run is."""

    done: int = 0
    total: int = 0


async def _run(conductor: Conductor, draft: Draft, preview: Preview) -> None:
    progress = Progress()
    telling = asyncio.create_task(_tell_for_ever(conductor, preview, progress))
    try:
        questions = await conductor.off_the_loop(questions_for, conductor, draft)
        progress.total = len(questions)
        result = await _tried(conductor, draft, questions, progress)
    except (Away, OSError, ValueError) as error:
        log.error("草稿的预览没有跑完（%s）。", type(error).__name__)
        result = UNFINISHED
    finally:
        telling.cancel()
        await asyncio.wait([telling])
    kept = json.dumps(result, ensure_ascii=False)
    await conductor.off_the_loop(conductor.store.keep_preview, _now(conductor, preview, progress, kept))


async def _tell_for_ever(conductor: Conductor, preview: Preview, progress: Progress) -> None:
    while True:
        await asyncio.sleep(TELL_S)
        try:
            await conductor.off_the_loop(conductor.store.keep_preview, _now(conductor, preview, progress))
        except Away:
            continue


def _now(conductor: Conductor, preview: Preview, progress: Progress, result: str = "") -> Preview:
    return replace(preview, done=progress.done, total=progress.total, result=result, moved=conductor.now())


async def _tried(conductor: Conductor, draft: Draft, questions: list[Question], progress: Progress) -> dict[str, Any]:
    """The result, while it is noted how far that is."""
    changes: list[dict[str, Any]] = []
    ended = False
    asked = [one.turns for one in questions]
    async for one in tried(conductor.knowledge, draft.before, draft.document, conductor.today(), asked):
        if "faults" in one:
            return {"faults": one["faults"]}
        if "changed" in one:
            changes.append(one["changed"] | {"of": questions[one["changed"]["at"]].of})
        progress.done = one.get("done", progress.done)
        ended = ended or "ended" in one
    if not ended:
        return UNFINISHED
    moved = {tuple(one["turns"]) for one in changes}
    return {
        "tried": dict(Counter(one.of for one in questions)), "changed": dict(Counter(one["of"] for one in changes)),
        "changes": changes[:SHOWN],
        "unmoved": [one.turns[0] for one in questions if one.of == ADDED and one.turns not in moved],
    }  # fmt: skip


def questions_for(conductor: Conductor, draft: Draft) -> list[Question]:
    """The draft's own phrasings, the guide's examples, and what was asked most often lately; each once. Blocks."""
    added = [change.text for _, change in draft.waiting if change.part != "contacts" and not change.out]
    heard = conductor.store.heard(conductor.now() - LATELY, LOOKED_THROUGH)
    found = [Question((text,), ADDED) for text in added]
    found += [Question(turns, EXAMPLES) for turns in _examples(conductor)]
    found += [Question((text,), ASKED) for text in lately(heard)]
    return list({tuple(map(bare, one.turns)): one for one in reversed(found)}.values())[::-1]


def _examples(conductor: Conductor) -> tuple[tuple[str, ...], ...]:
    try:
        return read_examples(conductor.knowledge or GUIDE)
    except BrokenGuide as broken:
        log.error("预览用的题集读不了：%s", broken.faults[0])
        return ()


def lately(heard: list[Heard]) -> list[str]:
    """The different questions among those asked, most often asked first."""
    counted = Counter(bare(one.text) for one in heard)
    words = {bare(one.text): one.text for one in heard}
    ordered = sorted(counted, key=lambda text: (-counted[text], text))
    return [words[text] for text in ordered[:MOST_LATELY] if text]
