"""The draft of the next version of the knowledge: what waits, what it makes of the overlay, publishing, taking back.

A draft is never published unseen: `seen` names exactly the document that was tried (`previewing.py`), and a document is
proved and compiled once more before it becomes a version, in a process of its own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from bot.conductor import Conductor
from bot.opening import KNOWLEDGE
from bot.workbench.knowledge_store import Drafted, Version
from bot.workbench.staff_store import Person
from bot.workbench.trying import faults_of
from dialogs.library import Library
from knowledge.overlay import Change, Overlay, broken, changed, read_overlay, written
from knowledge.proving_overlay import overlay_faults
from knowledge.reading import BrokenGuide, read_words
from knowledge.words import Words

MOST_WAITING = 200
"""Changes that wait at a time."""


class Unpublished(Exception):
    """It can't be drafted or published; the text is one sentence."""


@dataclass(frozen=True)
class Draft:
    """What waits, the version that it starts from, and the documents before and after; `seen`: their name."""

    waiting: tuple[tuple[Drafted, Change], ...]
    number: int
    before: str
    document: str
    seen: str

    @property
    def changes_something(self) -> bool:
        """Whether publishing it would make another document."""
        return self.document != self.before


def draft_of(conductor: Conductor) -> Draft:
    """The draft as it stands; blocks."""
    version, waiting = conductor.store.knowledge(), conductor.store.drafts()
    number, before = (version.number, version.document) if version else (0, "")
    changes = [(one, Change.model_validate_json(one.change)) for one in waiting]
    document = written(changed(_overlay(before), [change for _, change in changes]))
    seen = hashlib.sha256(f"{number}\n{document}".encode()).hexdigest()[:32]
    return Draft(tuple(changes), number, before, document, seen)


def add(conductor: Conductor, person: Person, changes: list[Change]) -> list[int]:
    """Put changes into the draft; raises `Unpublished` with the first thing that speaks against them. Blocks."""
    draft = draft_of(conductor)
    if len(draft.waiting) + len(changes) > MOST_WAITING:
        raise Unpublished(f"草稿里已经有{len(draft.waiting)}处，请先发布或去掉一些。")
    after = changed(_overlay(draft.document), changes)
    if written(after) == draft.document:
        raise Unpublished("草稿里已经是这样了，没有再加。")
    old = set(faults_in(_overlay(draft.document), conductor.library))
    for fault in faults_in(after, conductor.library):
        if fault not in old:
            raise Unpublished(f"没有加进草稿：{fault}。")
    return [conductor.store.draft(change.model_dump_json(), person.name, conductor.now()) for change in changes]


def faults_in(overlay: Overlay, library: Library) -> list[str]:
    """What speaks against an overlay, as sentences without a line."""
    return [says for _, says in overlay_faults(overlay, library.printed, _words())]


async def publish(conductor: Conductor, person: Person, seen: str, note: str) -> Version:
    """Make the draft that was seen the next version; raises `Unpublished`."""
    draft = await conductor.off_the_loop(draft_of, conductor)
    if draft.seen != seen:
        raise Unpublished("草稿在预览之后又改过，请再预览一次。")
    if not draft.changes_something:
        raise Unpublished("草稿和现在用的一样，没有可发布的。")
    preview = await conductor.off_the_loop(conductor.store.preview, seen)
    if preview is None or not preview.result:
        raise Unpublished("这份草稿还没有预览完，请先看完预览再发布。")
    version = Version(draft.number + 1, conductor.now(), person.name, note, draft.document)
    await _keep(conductor, version, [one.id for one, _ in draft.waiting])
    return version


async def take_back(conductor: Conductor, person: Person, number: int, newest: int) -> Version:
    """Make the document of an earlier version (0: the guide alone) the next version; raises `Unpublished`.

    `newest`: the version that was in force when this was asked for.
    """
    held = {one.number: one for one in await conductor.off_the_loop(conductor.store.versions)}
    in_force = max(held, default=0)
    if newest != in_force:
        raise Unpublished("刚才有人发布了新的版本，请看过再退回。")
    if number >= in_force or (number and number not in held):
        raise Unpublished("没有这个更早的版本，请刷新页面再选。")
    document = held[number].document if number else ""
    if document == held[in_force].document:
        raise Unpublished(f"第{number}版和现在用的一样，不用退回。")
    note = f"退回到第{number}版" if number else "退回到指南本身"
    version = Version(in_force + 1, conductor.now(), person.name, note, document, number)
    await _keep(conductor, version, [])
    return version


async def _keep(conductor: Conductor, version: Version, drafts: list[int]) -> None:
    """Prove, compile, then keep: a document that doesn't stand proof is no version."""
    faults = await faults_of(conductor.knowledge, version.document)
    if faults:
        more = f"（另有{len(faults) - 1}处）" if len(faults) > 1 else ""
        raise Unpublished(f"没有发布，核对没有通过：{faults[0]}{more}。")
    if not await conductor.off_the_loop(conductor.store.publish, version, drafts):
        raise Unpublished("没有发布：刚才有人改了草稿或发布了别的版本，请刷新再看。")


def _overlay(document: str) -> Overlay:
    try:
        return read_overlay(document)[0]
    except BrokenGuide:  # of an older program; what was made with it can't be gone on with
        return Overlay()


def proof(document: str, library: Library) -> list[str]:
    """What speaks against a document, line by line."""
    try:
        overlay, held = read_overlay(document)
    except BrokenGuide as fault:
        return [str(one) for one in fault.faults]
    return [str(one) for one in broken(list(overlay_faults(overlay, library.printed, _words())), held)]


@cache
def _words() -> Words:
    return read_words(KNOWLEDGE)
