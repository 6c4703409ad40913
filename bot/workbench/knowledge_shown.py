"""What the editors' pages show of drafts, previews and versions, in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.workbench.knowledge_store import Preview, Version
from bot.workbench.labels import FACETS, STATUSES
from dialogs.comparing import telling
from dialogs.library import Library
from knowledge.corrected import known_by, noted
from knowledge.overlay import FIELD_NAMES, Change, Overlay, correctable, read_overlay
from knowledge.reading import BrokenGuide

WHOLE = {"general": "总的规定", "district": "各区"}
"""What a reply may be about besides a topic."""
PARTS = {"phrasings": "问法", "aliases": "叫法", "contacts": "更正"}


@dataclass(frozen=True)
class Told:
    """A change in words: what kind, to what, which text."""

    kind: str
    where: str
    text: str


def topics_to_choose(library: Library) -> dict[str, list[tuple[str, str]]]:
    """Every topic with its name, for a list to choose from."""
    guide = library.guide
    branches = [
        (branch.id, library.name_of(branch.id))
        for direction in guide.directions
        if len(direction.branches) > 1
        for branch in direction.branches
        if branch.id != direction.direction
    ]
    return {
        "方向": [(one.direction, one.label) for one in guide.directions],
        "分支": branches,
        "总的规定": [(rule.id, rule.name) for rule in guide.rules],
    }


def topic_name(key: str, library: Library) -> str:
    """An entry's key in words: 8.contact, 8:floor, or a topic alone."""
    topic, colon, provision = key.partition(":")
    if colon:
        stated = library.stated.get(key)
        return f"{library.name_of(topic)} · {stated.provision.say if stated else provision}"
    topic, dot, facet = key.partition(".")
    return library.name_of(topic) + (f" · {FACETS.get(facet, facet)}" if dot else "")


def in_words(change: Change, library: Library) -> Told:
    """A change as the draft lists it."""
    kind = PARTS[change.part]
    if change.part == "contacts":
        where = _who(change.key, library)
        if change.correction is None:
            return Told(f"撤销{kind}", where, "照指南印的")
        told = "，".join(f"{FIELD_NAMES[field]}{value}" for field, value in change.correction.fields.items())
        return Told(kind, where, f"{told}（{change.correction.since}，{change.correction.source}）")
    return Told(f"去掉{kind}" if change.out else f"加{kind}", topic_name(change.key, library), change.text)


def _who(key: str, library: Library) -> str:
    one = correctable(library.printed).get(key)
    name = getattr(one, "label", "") or (library.district(key.partition("/")[0]).name if "/" in key else "")
    return " ".join(filter(None, (name, getattr(one, "name", ""))))


@dataclass(frozen=True)
class Published:
    """Something that is in force, with what a form needs to take it out again."""

    part: str
    key: str
    text: str
    told: Told


def published_parts(document: str, library: Library) -> list[Published]:
    """What a document adds, line by line."""
    overlay = _read(document)
    found = [
        Published(part, key, text, Told(PARTS[part], topic_name(key, library), text))
        for part in ("phrasings", "aliases")
        for key, texts in getattr(overlay, part).items()
        for text in texts
    ]
    for key, held in overlay.contacts.items():
        texts = (in_words(Change(part="contacts", key=key, correction=one), library).text for one in held)
        found.append(Published("contacts", key, "", Told("更正", _who(key, library), "；".join(texts))))
    return found


def said_of(library: Library) -> list[tuple[str, str]]:
    """Everybody who is corrected, with what is said of it."""
    return [
        (" ".join(filter(None, ("、".join(one.matters), one.office, "/".join(known_by(one, "name"))))),
         "；".join(f"{FIELD_NAMES[held.field]}{held.value}：{noted(held)}" for held in one.corrected))
        for one in library.holders
        if one.corrected
    ]  # fmt: skip


# --- a preview -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """What was answered before, or after: what it was taken to be about, and the sentence that tells the difference."""

    about: str
    says: str


@dataclass(frozen=True)
class ChangedShown:
    """A question whose reply differs."""

    of: str
    turns: tuple[str, ...]
    before: Side
    after: Side


@dataclass(frozen=True)
class PreviewShown:
    """A preview that is done."""

    faults: tuple[str, ...]
    tried: dict[str, int]
    changed: dict[str, int]
    changes: tuple[ChangedShown, ...]
    unmoved: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many replies differ."""
        return sum(self.changed.values())


def previewed(preview: Preview | None, library: Library) -> PreviewShown | None:
    """A preview for the page; None while there is none that is done."""
    if preview is None or not preview.result:
        return None
    told: dict[str, Any] = json.loads(preview.result)
    changes = tuple(
        ChangedShown(
            one["of"], tuple(one["turns"]), _side(one["before"], one["after"], library),
            _side(one["after"], one["before"], library),
        )
        for one in told.get("changes", ())
    )  # fmt: skip
    return PreviewShown(
        tuple(told.get("faults", ())), told.get("tried", {}), told.get("changed", {}), changes,
        tuple(told.get("unmoved", ())),
    )  # fmt: skip


def _side(own: dict[str, Any], other: dict[str, Any], library: Library) -> Side:
    topics = "、".join(WHOLE.get(topic) or library.name_of(topic) for topic in own["topics"])
    facets = "、".join(FACETS.get(facet, facet) for facet in own["facets"])
    about = " · ".join(filter(None, (STATUSES.get(own["status"], own["status"]), topics, facets)))
    return Side(about, telling(own["text"], other["text"]))


# --- versions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VersionShown:
    """A version with what it added to the one before, and what it took out."""

    version: Version
    in_force: bool
    same: bool
    counts: str
    difference: str


def versions_shown(versions: Sequence[Version]) -> list[VersionShown]:
    """All versions, newest first."""
    documents = [*(one.document for one in versions), ""]
    return [
        VersionShown(one, at == 0, one.document == documents[0], counted(one.document),
                     _difference(documents[at + 1], one.document))
        for at, one in enumerate(versions)
    ]  # fmt: skip


def counted(document: str) -> str:
    """How much is in a document."""
    overlay = _read(document)
    counts = (
        ("问法{}条", sum(map(len, overlay.phrasings.values()))),
        ("叫法{}个", sum(map(len, overlay.aliases.values()))),
        ("更正{}处", len(overlay.contacts)),
    )
    return "，".join(words.format(count) for words, count in counts if count) or "没有补充"


def _difference(before: str, after: str) -> str:
    old, new = _lines(_read(before)), _lines(_read(after))
    told = (("加了", [one for one in new if one not in old]), ("去掉了", [one for one in old if one not in new]))
    return "；".join(f"{word}{'、'.join(f'“{one}”' for one in lines)}" for word, lines in told if lines) or "没有变化"


def _lines(overlay: Overlay) -> list[str]:
    texts = [text for part in (overlay.phrasings, overlay.aliases) for held in part.values() for text in held]
    corrected = [
        f"{key} {FIELD_NAMES[field]}{value}"
        for key, held in overlay.contacts.items()
        for one in held
        for field, value in one.fields.items()
    ]
    return texts + corrected


def _read(document: str) -> Overlay:
    try:
        return read_overlay(document)[0]
    except BrokenGuide:  # which an older program has kept
        return Overlay()
