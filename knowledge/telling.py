"""What a person tells of a case, read into facts: a free story, or the answer to one asked fact.

Three calls: `facts_told` and `heard` read a story, `read_answer` reads an answer. All are pure: `today` is given, and
what people say stands in `tellings.yaml` beside the guide (`knowledge/tellings.py` is its model). Precision comes
first: what may be meant otherwise is left unread and will be asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from knowledge.guide import Fact

Value: TypeAlias = bool | int | float | str
"""A fact's value: bool; a choice's value; a number in the fact's unit; an ISO day."""

Why = Literal["", "range", "rough", "bound", "tax", "currency", "year", "several", "which_day", "not_yet", "unclear"]
"""Why a text was not taken: a range, only near a figure, a bound (不到500万), a sum with tax, another currency,
a bare year, several figures, a month in which something begins to differ, not yet happened, or nothing was heard."""


@dataclass(frozen=True)
class Told:
    """A fact with the value that was told and the words that told it (folded)."""

    fact: str
    value: Value
    words: str


@dataclass(frozen=True)
class Answer:
    """What a text says to one asked fact.

    `value`: read (`unsure` where said with 应该是, 大概); `unknown`: the person does not know; `question`: the text asks
    something instead of answering; `unreadable`: ask once more, `why` tells what was wrong.
    """

    kind: Literal["value", "unknown", "question", "unreadable"]
    value: Value | None = None
    unsure: bool = False
    why: Why = ""


@dataclass(frozen=True)
class Heard:
    """What a story tells: facts told once (or twice alike), and facts told in two ways (`doubtful`, to be asked)."""

    told: tuple[Told, ...]
    doubtful: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Teller:
    """The compiled tables of one guide's tellings; part of the library (`library.teller`)."""


def heard(text: str, teller: Teller, today: date) -> Heard:
    """Everything a free text tells of a case."""
    return Heard(())


def facts_told(text: str, teller: Teller, today: date) -> list[Told]:
    """The facts a free text tells beyond doubt, each once, in the order in which they were told."""
    return list(heard(text, teller, today).told)


def read_answer(fact: Fact, text: str, teller: Teller, today: date) -> Answer:
    """What a text says to one asked fact: 是 / 还没 / 不清楚 / 大概1200万 / 去年九月 / 海淀 / 第二个."""
    return Answer("unreadable", why="unclear")
