"""What a store promises of the knowledge that editors keep: versions, the draft of the next one, what it would change.

A version is a whole overlay (`knowledge/overlay.py`) as a text. Versions are append-only: publishing adds one, taking
back adds one with an earlier document. Number 0 is the guide alone. The draft is the changes that wait, in the order in
which editors made them. All times are aware; all calls block. The keeper in SQLite is `sqlite_knowledge.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dialogs.messages import Reply


@dataclass(frozen=True)
class Version:
    """A version; `again`: the number of the earlier one whose document it has, None for a new one."""

    number: int
    at: datetime
    who: str
    note: str
    document: str
    again: int | None = None


@dataclass(frozen=True)
class Drafted:
    """A change that waits to be published: a `knowledge.overlay.Change` as JSON."""

    id: int
    at: datetime
    who: str
    change: str


@dataclass(frozen=True)
class Preview:
    """What a draft would change, as far as it has been tried; `seen` names the document that was tried.

    `result` is JSON, empty while it is being tried; `moved` when it last went on.
    """

    seen: str
    who: str
    at: datetime
    done: int = 0
    total: int = 0
    result: str = ""
    moved: datetime | None = None


@dataclass(frozen=True)
class Heard:
    """A question that was asked, with the reply to it, as statistics know it.

    `chosen`: one of the offered options was tapped next; `useful`: the visitor's word on the reply; `handed`: the
    conversation was then handed over for not being understood.
    """

    door: str
    at: datetime
    text: str
    reply: Reply
    chosen: bool = False
    useful: bool | None = None
    handed: bool = False
    asked: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Aside:
    """A group of unanswered questions that somebody has set aside, after it had been asked `count` times.

    `marks` are digests of its questions (`unanswered.mark`): words are kept only where a visitor can erase them.
    """

    at: datetime
    who: str
    count: int
    marks: frozenset[str]
    id: int = 0


class KnowledgeStore(Protocol):
    """The promise."""

    def knowledge_mark(self) -> str:
        """What is another text for every other newest version; empty where none was published."""

    def knowledge(self) -> Version | None:
        """The newest version."""

    def versions(self) -> list[Version]:
        """All versions, newest first."""

    def drafts(self) -> list[Drafted]:
        """The changes that wait, oldest first."""

    def draft(self, change: str, who: str, at: datetime) -> int:
        """One more; its id."""

    def withdraw(self, id_: int) -> bool:
        """One less; False where there is none such."""

    def publish(self, version: Version, drafts: Sequence[int]) -> bool:
        """In one transaction: the version is there, the draft is used up. False, and nothing is done, where another
        version was first (its number is taken) or the changes that wait aren't these any more; a version that takes
        back (`again`) leaves the draft."""

    def begin_preview(self, preview: Preview) -> None:
        """A draft is being tried, in the place of any other preview."""

    def keep_preview(self, preview: Preview) -> None:
        """What has been tried so far; nothing is kept where it was begun anew, or is gone (a visitor was erased)."""

    def preview(self, seen: str) -> Preview | None:
        """The preview of a document, if there is one."""

    def set_aside(self, aside: Aside) -> int:
        """One more group; its number."""

    def asides(self) -> list[Aside]:
        """The groups that are set aside, newest first."""

    def take_up(self, ids: Sequence[int]) -> bool:
        """These aren't set aside any more; False where none of them was."""

    def heard(self, since: datetime, most: int) -> list[Heard]:
        """The newest questions since a time and their replies, newest first; none of an erased visitor."""
