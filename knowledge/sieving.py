"""Many patterns over one text: those that need letters which it does not hold are passed over untried.

What a pattern needs is read off its own structure: what stands in it for itself, and one side of each choice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import add
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Generic, TypeVar

from knowledge.tellings import compiled, pieces_of

T = TypeVar("T")
Needs = tuple[frozenset[str], ...]
"""Characters and pairs of them: of each set a text must hold one."""


@dataclass(frozen=True, eq=False)
class Sieve(Generic[T]):
    """Patterns in an order, each with what it stands for; most are compiled only when a text may hold them."""

    patterns: tuple[tuple[str, T], ...]
    needs: tuple[Needs, ...]
    by_piece: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]

    @classmethod
    def of(cls, patterns: Iterable[tuple[str, T]]) -> Sieve[T]:
        """The sieve of some patterns."""
        held = tuple(patterns)
        needs = tuple(needed(pattern) for pattern, _ in held)
        by_piece: dict[str, list[int]] = defaultdict(list)
        for at, own in enumerate(needs):
            for piece in own[0] if own else ():
                by_piece[piece].append(at)
        always = tuple(at for at, own in enumerate(needs) if not own)
        return cls(held, needs, {one: tuple(places) for one, places in by_piece.items()}, always)

    def found(self, text: str) -> Iterator[tuple[re.Match[str], T]]:
        """The patterns that a text holds, in their order: where, and what each stands for."""
        held, by_piece = pieces_of(text), self.by_piece
        near = {at for piece in held & by_piece.keys() for at in by_piece[piece]}
        for at in sorted(near.union(self.always)):
            if not any(map(held.isdisjoint, self.needs[at])):
                pattern, meant = self.patterns[at]
                if match := compiled(pattern).search(text):
                    yield match, meant


def needed(pattern: str) -> Needs:
    """What every text that holds a pattern holds, the seldomest first: pairs, and few sides of a choice."""
    re.compile(pattern)  # so that a wrong one is told of when the knowledge is read
    if "(?i" in pattern:
        return ()
    return tuple(sorted(set(_needed(parser.parse(pattern))), key=lambda one: (*_seldom(one), sorted(one))))


def _seldom(pieces: frozenset[str]) -> tuple[int, int]:
    return -min(map(len, pieces)), len(pieces)


def _needed(parsed: Iterable[tuple[Any, Any]]) -> Iterator[frozenset[str]]:
    run = ""
    for kind, held in (*parsed, (kinds.AT, None)):
        if kind is kinds.LITERAL:
            run += chr(held)
            continue
        yield from (frozenset({piece}) for piece in (map(add, run, run[1:]) if len(run) > 1 else run))
        run = ""
        if kind is kinds.IN and all(one is kinds.LITERAL for one, _ in held):
            yield frozenset(chr(code) for _, code in held)
        elif kind is kinds.BRANCH:
            sides = [min(_needed(side), key=_seldom, default=None) for side in held[1]]
            if None not in sides:
                yield frozenset().union(*filter(None, sides))
        elif kind is kinds.SUBPATTERN or (kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT) and held[0]):
            yield from _needed(held[-1])
