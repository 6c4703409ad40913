"""Questions that were not answered, or not well, gathered by likeness: what editors look through.

A question counts where its reply was a no, or offered a choice of which nothing was taken, or was called 不对, or where
the visitor was then handed over for not being understood. What the knowledge of today answers is left out: whoever has
published a phrasing sees its group go. A reply that was called 不对 stays until its answer is another one. An erased
visitor's words are no longer in the store, so they are in no group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from hashlib import blake2b

from bot.opening import KNOWLEDGE
from bot.workbench.knowledge_store import Aside, Heard
from dialogs.comparing import Outcome, outcome
from dialogs.explaining import explain
from dialogs.library import Library
from dialogs.turn import start
from knowledge.finding import Found
from knowledge.gathering import gathered
from knowledge.overlay import bare
from knowledge.reading import read_wording
from knowledge.searchable import FACETS
from knowledge.sounding import Sounding, sounding
from knowledge.wording import Wording

NEWEST, MOST = 5_000, 400
"""Questions that are looked through, and different ones that are gathered: those asked most often."""
EXAMPLES, SUGGESTED, LIKE = 5, 3, 0.05
"""Examples of a group, topics that are suggested for it, and the likeness from which one is."""
CAUSES: Mapping[str, str] = {
    "not_understood": "没听懂",
    "not_in_guide": "说指南没写",
    "other_policy": "说是别的政策",
    "clarify": "给了选项没人选",
    "wrong": "标了“不对”",
    "handed": "没听懂，转了人工",
}


@dataclass
class Question:
    """One question, however often and by whomever it was asked."""

    text: str
    outcome: Outcome
    at: list[datetime] = field(default_factory=list)
    doors: set[str] = field(default_factory=set)
    causes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Suggestion:
    """A topic, and the facet that the question seems to ask of it."""

    topic: str
    facet: str
    name: str


@dataclass(frozen=True)
class Group:
    """Questions that are like each other, with what an editor needs to decide."""

    count: int
    examples: tuple[str, ...]
    more: int
    first: datetime
    last: datetime
    days: int
    doors: tuple[str, ...]
    causes: Mapping[str, int]
    judged: str
    why: str
    suggested: tuple[Suggestion, ...]
    asked: tuple[tuple[str, datetime], ...] = ()
    """Every time that one of them was asked: its mark, when."""


@dataclass(frozen=True)
class Laid:
    """A group as it lies before an editor: `asides`, if it was set aside, newest first; how often asked since."""

    group: Group
    asides: tuple[Aside, ...] = ()
    since: int = 0

    @property
    def rests(self) -> bool:
        """Whether it is still set aside: until it has been asked as often again as it had been."""
        return self.more > 0

    @property
    def more(self) -> int:
        """How often it is still to be asked until it comes back."""
        return max((one.count - _since(self.group, one) for one in self.asides), default=0)


def causes_of(heard: Heard) -> list[str]:
    """Why a question counts as not answered; none where it was."""
    status, reason = heard.reply.status, heard.reply.reason or ""
    found: list[str] = [reason] if status == "no_answer" and reason else []
    if status == "clarify" and not heard.chosen:
        found.append("clarify")
    if heard.useful is False:
        found.append("wrong")
    if heard.handed and reason == "not_understood":
        found.append("handed")
    return found


def groups(heard: Iterable[Heard], library: Library, today: date) -> list[Group]:
    """What is still to be answered, the largest group first."""
    asked = _open(_questions(heard), library, today)
    by_text = {one.text: one for one in asked}
    parted = gathered({text: len(one.at) for text, one in by_text.items()}, library.finder.speller, *_tables())
    return [_group([by_text[text] for text in texts], library) for texts in parted]


def mark(text: str) -> str:
    """A question's mark: the same for every way of writing it that counts as the same."""
    return blake2b(bare(text).encode(), digest_size=12).hexdigest()


def laid_out(found: Sequence[Group], asides: Sequence[Aside]) -> tuple[list[Laid], list[Laid]]:
    """The groups that are to be looked at, and those that are set aside."""
    laid = [_laid(one, asides) for one in found]
    return [one for one in laid if not one.rests], [one for one in laid if one.rests]


def _laid(group: Group, asides: Sequence[Aside]) -> Laid:
    marks = {question for question, _ in group.asked}
    held = tuple(one for one in asides if one.marks & marks)
    return Laid(group, held, min((_since(group, one) for one in held), default=0))


def _since(group: Group, aside: Aside) -> int:
    """How often the group was asked beside what was set aside: later, or in words that weren't in it."""
    return sum(question not in aside.marks or at > aside.at for question, at in group.asked)


def _questions(heard: Iterable[Heard]) -> list[Question]:
    found: dict[str, Question] = {}
    for one in heard:
        causes, key = causes_of(one), bare(one.text)
        if not causes or not key:
            continue
        reply = one.reply
        was = Outcome(reply.status, reply.reason or "", reply.topics, reply.facets, reply.text)
        question = found.setdefault(key, Question(one.text.strip(), was))
        question.at.append(one.at)
        question.doors.add(one.door)
        question.causes.update(causes)
    ordered = sorted(found.values(), key=lambda one: (-len(one.at), one.text))
    return ordered[:MOST]


def _open(asked: Sequence[Question], library: Library, today: date) -> list[Question]:
    """The questions that the knowledge of today leaves as they were."""
    return [one for one in asked if not _settled(one, outcome((one.text,), library, today))]


def _settled(one: Question, now: Outcome) -> bool:
    if set(one.causes) & {"wrong"}:
        return (now.status, now.topics, now.facets) != (one.outcome.status, one.outcome.topics, one.outcome.facets)
    return now.status in ("answered", "question", "result")


def _group(asked: Sequence[Question], library: Library) -> Group:
    at = sorted(moment for one in asked for moment in one.at)
    causes: Counter[str] = sum((one.causes for one in asked), Counter())
    explained = explain(asked[0].text, start(library, opens=False), library)
    return Group(
        count=len(at), examples=tuple(one.text for one in asked[:EXAMPLES]), more=max(0, len(asked) - EXAMPLES),
        first=at[0], last=at[-1], days=len({moment.date() for moment in at}),
        doors=tuple(sorted({door for one in asked for door in one.doors})),
        causes={cause: causes[cause] for cause in CAUSES if causes[cause]},
        judged=explained.judged, why=explained.as_text(), suggested=_suggested(explained.segments, library),
        asked=tuple((mark(one.text), moment) for one in asked for moment in one.at),
    )  # fmt: skip


def _suggested(segments: Sequence[Found], library: Library) -> tuple[Suggestion, ...]:
    """The topics that a question is nearest to, by words and by likeness, each with the facet it asks for most."""
    topics = _summed(scores for found in segments for scores in (found.topics, found.liked.topics))
    facets = _summed(scores for found in segments for scores in (found.facets, found.liked.facets))
    facet = next((name for name in facets if name in FACETS), "amount")
    near = [topic for topic, score in topics.items() if score >= LIKE][:SUGGESTED]
    return tuple(Suggestion(topic, facet, library.name_of(topic)) for topic in near)


def _summed(scores: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Scores added up, the highest first."""
    found: dict[str, float] = defaultdict(float)
    for one in scores:
        for name, score in one.items():
            found[name] += score
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


@cache
def _tables() -> tuple[Sounding, Wording]:
    return sounding(), read_wording(KNOWLEDGE)
