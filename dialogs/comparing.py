"""What another knowledge would change: the same questions to both, and only the replies that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dialogs.conversation import Conversation
from dialogs.library import Library
from dialogs.messages import Reply, Text
from dialogs.turn import respond, start


@dataclass(frozen=True)
class Outcome:
    """What was answered: its kind, what it was taken to be about, its text."""

    status: str
    reason: str
    topics: tuple[str, ...]
    facets: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Changed:
    """A question (the last of its turns) whose outcome is another one."""

    turns: tuple[str, ...]
    before: Outcome
    after: Outcome


def outcome(turns: Sequence[str], library: Library, today: date) -> Outcome:
    """The reply to the last of some turns, in a conversation of their own."""
    conversation: Conversation = start(library, opens=False)
    reply: Reply | None = None
    for text in turns:
        turn = respond(conversation, Text(text), library=library, today=today)
        conversation, reply = turn.conversation, turn.reply
    if reply is None:
        return Outcome("", "", (), (), "")
    return Outcome(reply.status, reply.reason or "", reply.topics, reply.facets, reply.text)


def compared(
    asked: Sequence[Sequence[str]], before: Library, after: Library, today: date
) -> Iterator[tuple[int, Changed | None]]:
    """For each of some questions how many have been tried, and what changes; nothing where nothing does."""
    for count, turns in enumerate(asked, 1):
        old, new = outcome(turns, before, today), outcome(turns, after, today)
        yield count, Changed(tuple(turns), old, new) if old != new else None


def telling(text: str, other: str) -> str:
    """The first sentence of a text that another one doesn't have; its first one where there is none."""
    sentences = [one for line in text.splitlines() for one in line.replace("。", "。\n").splitlines() if one.strip()]
    return next((one for one in sentences if one not in other), sentences[0] if sentences else "")
