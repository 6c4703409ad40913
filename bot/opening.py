"""Opening the library: from the compiled copy where its contents are unchanged, else read, proved and compiled anew.

A compiled copy is keyed by the content of every knowledge file and of the code that made it; a changed file is proved
again before anything is said from it.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dialogs.commanding import Commands
    from dialogs.library import Library
    from knowledge.canned import CannedTexts
    from knowledge.desk_hours import DeskHours
    from knowledge.guide import Guide
    from knowledge.spelling import Speller
    from knowledge.teller import Teller
    from knowledge.words import Words

ROOT = Path(__file__).parent.parent
KNOWLEDGE = ROOT / "knowledge"
PHRASES = ROOT / "dialogs" / "phrases.yaml"
COPIES = 8
"""Compiled copies that are kept, newest first: one for each knowledge or version of the program in use."""
GUIDE = KNOWLEDGE / "guides" / "2023-batch-1"


def open_library(folder: Path | None = None, overlay: str = "") -> Library:
    """The library over a guide's folder, or the one that is ours, with an overlay; raises `reading.BrokenGuide`."""
    folder = folder or GUIDE
    copy = _cache() / f"{key_of(folder, overlay)}.compiled"
    return _load(copy) or _keep(copy, compile_library(folder, overlay))


def open_or_alone(folder: Path | None, overlay: str) -> Library:
    """The library with an overlay; without it, and an error in the log, where it doesn't stand proof any more."""
    try:
        return open_library(folder, overlay)
    except Exception as error:  # whatever is wrong with what was published, the guide alone can be served
        if not overlay:
            raise
        import logging  # which one question has no need of

        says = "已发布的补充用不上了，先按指南本身回答，请编辑看“知识”页：%s"
        logging.getLogger("policydesk").error(says, str(error).partition("\n")[0])
        return open_library(folder)


@contextmanager
def _nothing_is_waste() -> Iterator[None]:
    """Without looking for waste among the hundreds of thousands of objects that are made here: nearly all stay."""
    looks_for_waste = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks_for_waste:
            gc.enable()


@_nothing_is_waste()
def compile_library(folder: Path, overlay: str = "") -> Library:
    """Read, prove and index; a few seconds, most of them for learning from the kept questions."""
    from dialogs.library import library
    from dialogs.phrases import Phrases
    from knowledge.finding import finder

    parts = proved_parts(folder, overlay)
    found = finder(parts.guide, parts.words, parts.spelling)
    return library(
        parts.guide, found, Phrases(parts.sentences), parts.words.smalltalk, parts.telling, parts.steering, parts.desk,
        parts.canned, overlay, parts.printed,
    )  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """What stands proof, before anything is learnt from it; `printed` is the guide without the overlay."""

    printed: Guide
    guide: Guide
    words: Words
    sentences: dict[str, Any]
    spelling: Speller
    telling: Teller
    steering: Commands
    desk: DeskHours
    canned: CannedTexts


@_nothing_is_waste()
def proved_parts(folder: Path, overlay: str = "") -> Parts:
    """Read and prove; raises `reading.BrokenGuide` with every fault."""
    from dialogs.commanding import command_faults, commands
    from dialogs.phrases import phrase_faults
    from knowledge.finding import forms_of
    from knowledge.overlay import broken, laid_over, read_overlay
    from knowledge.proving import proved
    from knowledge.proving_overlay import overlay_faults
    from knowledge.reading import (
        TELLINGS_FILE,
        BrokenGuide,
        Fault,
        read_canned,
        read_desk,
        read_document,
        read_draft,
        read_tellings,
        read_words,
    )
    from knowledge.spelling import speller
    from knowledge.teller import teller, telling_faults

    printed = guide = proved(read_draft(folder))
    words = read_words(KNOWLEDGE)
    document = read_document(PHRASES)
    sentences = document.data if isinstance(document.data, dict) else {}
    faults = [Fault(PHRASES.name, document.line(name), says) for name, says in phrase_faults(sentences)]
    spelling = speller(words.variants)
    tellings, told = read_tellings(folder)
    faults += [Fault(TELLINGS_FILE, told.line(*path), says) for path, says in telling_faults(guide, tellings, spelling)]
    faults += [Fault("commands.yaml", 1, says) for says in command_faults(words.commands, spelling)]
    if faults or document.faults:
        raise BrokenGuide(sorted([*faults, *document.faults]))
    if overlay:
        more, written = read_overlay(overlay)
        if more_faults := broken(list(overlay_faults(more, guide, words)), written):
            raise BrokenGuide(more_faults)
        guide = laid_over(guide, more)
    _ = guide.book  # made here, so that the compiled copy holds it
    forms_of(words)
    telling = teller(guide, tellings, words.replies, words.places, spelling)
    steering = commands(words.commands, spelling)
    desk, canned = read_desk(KNOWLEDGE), read_canned(KNOWLEDGE, guide)
    return Parts(printed, guide, words, sentences, spelling, telling, steering, desk, canned)


def key_of(folder: Path, overlay: str) -> str:
    """The content that a compiled copy depends on."""
    digest = hashlib.sha256(overlay.encode())
    for path in sorted(_inputs(folder), key=lambda path: (path.parent.name, path.name)):
        digest.update(f"{path.parent.name}/{path.name}".encode())
        with suppress(OSError):  # a file that can't be read is told, with its name, when it is read for its contents
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _inputs(folder: Path) -> Iterable[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in (".yaml", ".txt"))
    yield from (path for path in found if path.name != "examples.yaml")  # of which nothing is compiled
    yield from KNOWLEDGE.glob("*.yaml")
    yield from KNOWLEDGE.glob("*.py")
    yield from (ROOT / "dialogs").glob("*.py")
    yield PHRASES


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "policydesk"


@_nothing_is_waste()
def _load(copy: Path) -> Library | None:
    """The compiled copy, if there is one that can be read; it was written by this program for this user."""
    try:
        with copy.open("rb") as file:
            held: Library = pickle.load(file)
        with suppress(OSError):  # what is in use stays, however many drafts are tried
            os.utime(copy)
        return held
    except Exception:  # whatever is wrong with a copy, the sources are at hand
        return None


def _keep(copy: Path, made: Library) -> Library:
    """Write the copy whole or not at all; a machine that lets nothing be written serves without one."""
    try:
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = sorted(copy.parent.glob("*.compiled"), key=lambda held: held.stat().st_mtime, reverse=True)
        for old in kept[COPIES - 1 :]:
            old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=copy.parent, delete=False) as file:
            pickle.dump(made, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(copy)
    except OSError:
        pass
    return made
