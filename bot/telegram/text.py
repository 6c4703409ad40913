"""Text with styles, split where a reader would pause; Telegram measures in UTF-16 units.

Positions are Python's (code points) until the last moment, so no character can be cut in two; only `entities` and the
length of a part are counted in units.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

Entity = Mapping[str, str | int]
"""A style of a message: its type, where it begins and how long it is, as the Bot API takes it."""

LONGEST = 4096
"""UTF-16 units of one message (Bot API, sendMessage)."""

PAUSES = (r"\n\n+", r"\n", r"(?<=[。！？；!?;])", r"(?<=[，、,\s])")
"""Where a long text may part, the best first: paragraph, line, sentence, clause."""


@dataclass(frozen=True)
class Span:
    """A style from one position to another."""

    style: str
    begin: int
    end: int


@dataclass(frozen=True)
class Styled:
    """A text and its styles."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def then(self, text: str, style: str = "") -> Styled:
        """More text behind it."""
        begin = len(self.text)
        more = (Span(style, begin, begin + len(text)),) if style and text else ()
        return Styled(self.text + text, self.spans + more)

    def part(self, begin: int, end: int) -> Styled:
        """The piece between two positions without the blanks around it; a style that is cut goes on in both pieces."""
        piece = self.text[begin:end]
        begin += len(piece) - len(piece.lstrip())
        end = begin + len(piece.strip())
        cut = (Span(s.style, max(s.begin, begin) - begin, min(s.end, end) - begin) for s in self.spans)
        return Styled(self.text[begin:end], tuple(span for span in cut if span.begin < span.end))

    def entities(self) -> list[Entity]:
        """The styles as Telegram takes them."""
        return [
            {"type": s.style, "offset": units(self.text[: s.begin]), "length": units(self.text[s.begin : s.end])}
            for s in self.spans
        ]


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(whole: Styled, longest: int = LONGEST) -> list[Styled]:
    """Parts of at most so many units, in order; together they say all but the blanks between them."""
    parts, begin = [], 0
    while begin < len(whole.text):
        end = _end(whole.text, begin, longest)
        parts.append(whole.part(begin, end))
        begin = end
    return [part for part in parts if part.text]


def _end(text: str, begin: int, longest: int) -> int:
    """Where a part that starts at `begin` ends: at the best pause in its second half, else where it must."""
    furthest = _furthest(text, begin, longest)
    if furthest == len(text):
        return furthest
    half = begin + (furthest - begin) // 2
    for pause in PAUSES:
        places = [found.end() for found in re.compile(pause).finditer(text, half, furthest) if found.end() > half]
        if places:
            return places[-1]
    return _whole_character(text, half, furthest)


def _furthest(text: str, begin: int, longest: int) -> int:
    end = min(len(text), begin + longest)
    while units(text[begin:end]) > longest:
        end -= max(1, (units(text[begin:end]) - longest) // 2)
    return end


def _whole_character(text: str, least: int, end: int) -> int:
    """Not between a sign and what changes it: accents, variation selectors, joined emoji."""
    while end > least and (_changes(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end


def _changes(char: str) -> bool:
    return char == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff" or unicodedata.category(char) in ("Mn", "Me")
