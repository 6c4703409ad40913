"""What an officer is handed with a ticket: all of it follows from the talk, nothing is kept beside it.

    package(conversation, talk, heard, library, today)

`talk` is the transcript, a message and its reply each; `heard` what the visitor has said to the officer since. The
suggested answer is what the assistant would have said, and the case is as the visitor has told it up to now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dialogs.assessing import results
from dialogs.conversation import Conversation
from dialogs.interview import Standing, standing_of
from dialogs.library import Library
from dialogs.messages import Card, Choice, Citation, Message, Reply, Text
from dialogs.saying import card_of
from dialogs.telling import in_words
from dialogs.turn import suggest

MOST_CLAUSES, MOST_CONTACTS = 8, 6

Talk = Sequence[tuple[Message, Reply | None]]


@dataclass(frozen=True)
class Verdict:
    """What follows for a branch, as the assistant would say it."""

    branch: str
    name: str
    verdict: str
    ceiling: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """Facts told, verdicts, clauses shown, the sentence that was not answered, the suggested answer, whom to ask."""

    facts: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    clauses: tuple[Citation, ...]
    unanswered: str
    suggestion: Reply | None
    contacts: tuple[Card, ...]


def package(
    conversation: Conversation, talk: Talk, heard: Sequence[Text | Choice], library: Library, today: date
) -> Package:
    """The package of a conversation."""
    would = suggest(conversation, heard, library=library, today=today)
    replies = [reply for _, reply in talk if reply]
    shown = [*replies, would.reply] if would.reply else replies
    standing = standing_of(would.conversation, library, today)
    found = results(standing.case, today, library, asked=standing.branches) if standing.branches else None
    return Package(
        facts=tuple(in_words(k, library) for k in would.conversation.now.values() if k.fact in library.guide.fact),
        verdicts=tuple(_verdicts(found["directions"], standing, library)) if found else (),
        clauses=tuple(dict.fromkeys(c for reply in reversed(shown) for c in reply.citations))[:MOST_CLAUSES],
        unanswered=unanswered(talk, heard),
        suggestion=would.reply or _last_answer(replies),
        contacts=_contacts(would.conversation, shown, library),
    )


def _verdicts(directions: dict[str, dict[str, object]], standing: Standing, library: Library) -> Iterator[Verdict]:
    names = library.guide.fact
    for branch in standing.branches:
        one = directions[branch]
        missing = one["missing"]
        assert isinstance(missing, list)
        told = tuple(names[fact].name for fact in missing if fact in names)
        yield Verdict(branch, library.name_of(branch), str(one["verdict"]), str(one["award"] or ""), told)


def unanswered(talk: Talk, heard: Sequence[Text | Choice]) -> str:
    """What the visitor last said to the officer; else the last question that got no answer, or the last words.

    What they have answered in the interview is among the facts, and counts only where they have said nothing else.
    """
    said = [one.text for one in heard if isinstance(one, Text)]
    if said:
        return said[-1]
    before = [None, *(reply for _, reply in talk)]
    words = [(one.text, reply, was) for (one, reply), was in zip(talk, before, strict=False) if isinstance(one, Text)]
    missed = [text for text, reply, _ in words if reply and reply.status == "no_answer"]
    spoken = [(text, _answers(was, reply)) for text, reply, was in words if reply and reply.status != "handover"]
    asked = [text for text, answers in spoken if not answers]
    return (missed or asked or [text for text, _ in spoken] or [""])[-1]


def _answers(was: Reply | None, reply: Reply) -> bool:
    """Whether words that got a reply have answered the question that stood there."""
    return was is not None and was.status == "question" and reply.status in ("question", "result")


def _last_answer(replies: Sequence[Reply]) -> Reply | None:
    """What the assistant last answered, where the visitor has said nothing since."""
    kinds = ("answered", "result", "question", "clarify")
    return next((reply for reply in reversed(replies) if reply.status in kinds), None)


def _contacts(conversation: Conversation, shown: Sequence[Reply], library: Library) -> tuple[Card, ...]:
    """Who answers for what is in hand; those that were shown; the consultation line."""
    topics = conversation.topics or conversation.scope
    own = [card_of(contact) for contact in library.contacts_of(topics)]
    seen = [card for reply in reversed(shown) for card in reply.contacts if reply.status != "handover"]
    lines = [card_of(line) for line in library.lines("policy")]
    return tuple(dict.fromkeys([*own, *seen, *lines]))[:MOST_CONTACTS]
