"""A reply as messages of Telegram: a text with its clauses folded and its options as buttons, then the people's cards.

The reply's text is drawn whole and unchanged; only what stands around it is the door's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.handing_on import offers
from bot.telegram.text import Entity, Styled, split
from bot.telegram.words import Words
from bot.vcard import holder_of, tel, vcard
from dialogs.library import Library
from dialogs.messages import Card, Question, Reply

CARDS = 3
"""Cards sent one by one; more people than that are read better as lines."""

LEAD, SHORT = 60, 14
"""A first line of up to so many characters is set bold; two labels of up to so many cells stand side by side."""


Row = tuple[Mapping[str, str], ...]
"""Buttons side by side, as the Bot API takes them."""


@dataclass(frozen=True)
class TextMessage:
    """A message of text; the keyboard as rows of buttons."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: tuple[Row, ...] = ()


@dataclass(frozen=True)
class CardMessage:
    """A message that is a contact's card; `line` says the same in words."""

    phone: str
    name: str
    office: str
    vcard: str
    line: str


@dataclass(frozen=True)
class DocumentMessage:
    """A message that is a file."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ThreadAct:
    """Something done to a topic of a group; `otherwise`: what is said in it where it can't be done."""

    method: str
    otherwise: str = ""


Drawn = TextMessage | CardMessage | DocumentMessage | ThreadAct
PAPER = "paper"
"""The manner of who taps for the sheet as a document."""


def paper_value(guide: str) -> str:
    """The option that asks for the sheet as a document; only this door has it."""
    return f"case:{PAPER}@{guide}"


def drawn(reply: Reply, words: Words, library: Library, *, before: str = "") -> list[TextMessage | CardMessage]:
    """The messages of a reply, in order; `before` is a sentence of the door's that stands first."""
    parts = split(_text(reply, words, before))
    keyboard = _keyboard(reply, words, library)
    texts = [TextMessage(part.text, tuple(part.entities())) for part in parts]
    texts[-1] = TextMessage(texts[-1].text, texts[-1].entities, keyboard)
    return [*texts, *(_person(card, library) for card in reply.contacts[:CARDS] if _wanted(card, reply))]


def _wanted(card: Card, reply: Reply) -> bool:
    """Whether a card is worth a message of its own: a sheet's text holds the phones already."""
    return reply.status != "result" or card.phone not in reply.text


# --- the text --------------------------------------------------------------------------------------------------------


def _text(reply: Reply, words: Words, before: str) -> Styled:
    text = Styled().then(f"{before}\n\n" if before else "")
    lead, rest = _lead(reply.text)
    text = text.then(lead, "bold").then(rest)
    for line in _unsaid(reply):
        text = text.then(f"\n{line}")
    if reply.question:
        for hint in _hints(reply, reply.question, words):
            text = text.then("\n\n").then(hint, "italic")
    if reply.citations:
        text = text.then(f"\n\n{words.basis}\n").then("\n".join(_clauses(reply)), "expandable_blockquote")
    return text


def _lead(text: str) -> tuple[str, str]:
    """What was asked for stands in the first line; it is set bold where more follows."""
    first, newline, rest = text.partition("\n")
    return (first, newline + rest) if newline and len(first) <= LEAD else ("", text)


def _unsaid(reply: Reply) -> Iterator[str]:
    """People beyond the cards, unless the text has told them."""
    for card in reply.contacts[CARDS:]:
        if card.phone not in reply.text:
            yield _line(card)


def _line(card: Card) -> str:
    note = f"（{card.note}）" if card.note else ""
    return f"{card.matter}：{' '.join(filter(None, (card.office, card.name, card.phone, card.email)))}{note}"


def _hints(reply: Reply, question: Question, words: Words) -> Iterator[str]:
    if question.why and question.why not in reply.text:
        yield words.why.format(why=question.why)
    kind = "number_in" if question.kind == "number" and question.unit else question.kind
    yield words.types[kind].format(unit=question.unit)
    if reply.progress:
        far = words.progress if reply.progress.few else words.progress_many
        yield far.format(answered=reply.progress.answered, left=reply.progress.at_most_left)


def _clauses(reply: Reply) -> Iterator[str]:
    for citation in reply.citations:
        yield f"{citation.clause}：“{citation.quote}”"


# --- buttons and cards -----------------------------------------------------------------------------------------------


def _keyboard(reply: Reply, words: Words, library: Library) -> tuple[Row, ...]:
    """A question's choices first, then the options, then what hands a sheet on; each value once."""
    labels: dict[str, str] = {}
    for pick in reply.question.choices if reply.question else ():
        labels.setdefault(pick.option, pick.label)
    for option in (*reply.options, *(offers(library) if reply.status == "result" else ())):
        labels.setdefault(option.value, option.label)
    if reply.status == "result":
        labels.setdefault(paper_value(library.guide.id), words.paper)
    return tuple(_rows({"text": label, "callback_data": value} for value, label in labels.items()))


def _rows(buttons: Iterable[Mapping[str, str]]) -> Iterator[Row]:
    """Two short ones side by side; a long one has its row, so that a phone shows it whole."""
    waiting: Row = ()
    for button in buttons:
        short = _cells(button["text"]) <= SHORT
        if waiting and short:
            yield (*waiting, button)
            waiting = ()
            continue
        if waiting:
            yield waiting
            waiting = ()
        if short:
            waiting = (button,)
        else:
            yield (button,)
    if waiting:
        yield waiting


@lru_cache(512)
def _cells(label: str) -> int:
    """Width on a screen: a Chinese character takes two cells."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in label)


def _person(card: Card, library: Library) -> CardMessage:
    name, office = (card.name, card.office) if card.name else (card.office, "")
    holder = holder_of(library, card.name, card.phone)
    return CardMessage(tel(card.phone), name[:64], office[:64], vcard(holder) if holder else "", _line(card))
