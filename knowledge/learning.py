"""Telling whole questions apart by what editors keep under each: a linear model over characters, pairs and sounds.

Words decide where a list knows them (`lexicon.py`). Where people say it in words that no list holds, the pieces of
their sentence still point somewhere: each piece (a character, a pair, a pair of syllables) has learnt from the kept
questions towards which classes it pulls. Learning is the averaged passive-aggressive rule (PA-I; Crammer et al. 2006),
which changes weights only where two classes are mixed up; it is repeatable, takes a second or two when the knowledge is
compiled, and what it learnt can be shown piece by piece (`Learnt.because`).
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from knowledge.spelling import LATELY, Speller

ROUNDS = 6
"""Times that all questions are gone through."""
AGGRESSIVE = 0.5
"""The most that one question may move the weights (C of PA-I)."""
SLIGHT = 0.03
"""Weights below this are not kept."""
SOUND = 0.6
"""What a pair of syllables weighs beside a pair of characters."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*|\w")


class Pieces(dict[str, float]):
    """The pieces of a text with their weight before rarity; where they stand in a bank is looked up once."""

    _placed: tuple[Mapping[str, int], Any, Any] | None = None

    def placed(self, numbers: Mapping[str, int]) -> tuple[Any, Any]:
        """Their numbers, -1 for what has none, and their weights, as arrays."""
        if self._placed is None or self._placed[0] is not numbers:
            import numpy as np

            places = [numbers.get(piece, -1) for piece in self]
            self._placed = numbers, np.array(places, dtype=np.int64), np.array([*self.values()])
        return self._placed[1:]


@lru_cache(LATELY)
def pieces(folded: str, speller: Speller) -> Pieces:
    """The pieces of a folded text with their weight before rarity; every figure counts as the same one.

    Pieces are characters and neighbouring pairs, words in letters whole, and pairs of syllables (typed or written).
    """
    sounds = speller.heard(folded)
    typed = {i for one in sounds if one.typed for i in range(one.start, one.end)}
    tokens = [
        _FIGURE.sub("0", word) if (word := one[0])[0].isdigit() else word
        for one in _TOKEN.finditer(folded)
        if one.start() not in typed
    ]
    counted: Counter[str] = Counter([*tokens, *(a + b for a, b in pairwise(tokens))])
    found = Pieces({piece: 1.0 + math.log(n) for piece, n in counted.items()})
    for one, other in pairwise(sounds):
        if one.end == other.start or other.typed:
            found[f"{one.syllable} {other.syllable}"] = SOUND
    return found


@dataclass(frozen=True)
class Learnt:
    """The classes with the pull of every piece towards them, in flat arrays (`starts` has one more than pieces).

    The pieces' numbers are shared by all models of a bank; a piece that this model never met has no rarity.
    """

    classes: tuple[str, ...]
    numbers: Mapping[str, int]
    rarity: array[float]
    starts: array[int]
    towards: array[int]
    weights: array[float]
    strange: float

    def scores(self, found: Mapping[str, float]) -> dict[str, float]:
        """How strongly the pieces of a text pull towards each class: about 1 for a kept question, near 0 for none."""
        if "_arrays" in vars(self) and isinstance(found, Pieces):
            return self._scores_at_once(found)
        numbers, rarity = self.numbers, self.rarity
        length, places, values = 0.0, list[int](), list[float]()
        for piece, count in found.items():
            at = numbers.get(piece, -1)
            rare = rarity[at] if at >= 0 else 0.0
            value = count * (rare or self.strange)
            length += value * value
            if rare:
                places.append(at)
                values.append(value)
        if not places:
            return {}
        scale = 1.0 / math.sqrt(length)
        pulls = zip(self.classes, self._pulls(places, values), strict=True)
        return {name: pull * scale for name, pull in pulls if pull * scale > SLIGHT}

    def _pulls(self, places: Sequence[int], values: Sequence[float]) -> list[float]:
        pulls = [0.0] * len(self.classes)
        for at, value in zip(places, values, strict=True):
            begin, end = self.starts[at], self.starts[at + 1]
            for towards, weight in zip(self.towards[begin:end], self.weights[begin:end], strict=True):
                pulls[towards] += value * weight
        return pulls

    def _scores_at_once(self, found: Pieces) -> dict[str, float]:
        """The same to the last bit, as it is added up in the same order, in a tenth of the time."""
        import numpy as np

        if not found:
            return {}
        starts, counts, towards, weights, worth = self._arrays
        met, values = found.placed(self.numbers)
        values = values * worth[met]
        sizes = counts[met]
        ends = sizes.cumsum()
        at = (starts[met] - ends + sizes).repeat(sizes)
        at += np.arange(len(at))
        scale = 1.0 / math.sqrt((values * values).cumsum()[-1])
        pulls = np.bincount(towards[at], values.repeat(sizes) * weights[at], len(self.classes)) * scale
        return {name: pull for name, pull in zip(self.classes, pulls.tolist(), strict=True) if pull > SLIGHT}

    def hasten(self) -> None:
        """For a process that reads many texts: load numpy, which takes as long as some hundred texts."""
        _ = self._arrays

    @cached_property
    def _arrays(self) -> tuple[Any, Any, Any, Any, Any]:
        """As arrays, with a last row that stands for every piece without a number."""
        import numpy as np

        starts = np.frombuffer(self.starts, dtype=np.uint32).astype(np.int64)
        towards, weights = np.frombuffer(self.towards, dtype=np.uint16), np.frombuffer(self.weights, dtype=np.float32)
        rarity = np.append(np.frombuffer(self.rarity, dtype=np.float32), np.float32(0)).astype(np.float64)
        return starts, np.append(np.diff(starts), 0), towards, weights, np.where(rarity, rarity, self.strange)

    def because(self, found: Mapping[str, float], name: str, most: int = 4) -> list[str]:
        """The pieces that pull most towards a class."""
        wanted, pulled = self.classes.index(name), []
        for piece, count in found.items():
            at = self.numbers.get(piece, -1)
            for i in range(self.starts[at], self.starts[at + 1]) if at >= 0 else ():
                if self.towards[i] == wanted and self.weights[i] > 0:
                    pulled.append((count * self.rarity[at] * self.weights[i], piece))
        return [piece for _, piece in sorted(pulled, reverse=True)[:most]]


Example = tuple[str, Mapping[str, float]]
"""A kept question: its class and its pieces."""


def numbered(examples: Iterable[Example]) -> dict[str, int]:
    """A number for every piece of some examples."""
    return {piece: at for at, piece in enumerate(sorted({piece for _, found in examples for piece in found}))}


def learn(examples: Sequence[Example], numbers: Mapping[str, int]) -> Learnt:
    """What examples teach; their order does not matter."""
    import numpy as np

    ordered = sorted(examples, key=lambda example: (example[0], sorted(example[1])))
    classes = tuple(sorted({name for name, _ in ordered}))
    place = {name: at for at, name in enumerate(classes)}
    held = Counter(piece for _, found in ordered for piece in found)
    rarity = np.zeros(len(numbers), dtype=np.float32)
    for piece, n in held.items():
        rarity[numbers[piece]] = math.log((1 + len(ordered)) / (1 + n)) + 1.0
    rows = []
    for _, found in ordered:
        at = np.array([numbers[piece] for piece in found], dtype=np.int64)
        values = np.array(list(found.values()), dtype=np.float32) * rarity[at]
        rows.append((at, values / (np.linalg.norm(values) or 1.0)))
    weights = np.zeros((len(numbers), len(classes)), dtype=np.float32)
    drift = np.zeros_like(weights)
    shuffled, step = np.random.default_rng(1), 1
    for _ in range(ROUNDS if len(classes) > 1 else 0):
        for i in shuffled.permutation(len(rows)):
            (at, values), right = rows[i], place[ordered[i][0]]
            pulls = values @ weights[at]
            mine, pulls[right] = pulls[right], -np.inf
            rival = int(pulls.argmax())
            loss = 1.0 - (mine - pulls[rival])
            if loss > 0:
                move = min(AGGRESSIVE, float(loss) / 2) * values
                weights[at, right] += move
                weights[at, rival] -= move
                drift[at, right] += step * move
                drift[at, rival] -= step * move
            step += 1
    settled = weights - drift / step
    kept_rows, kept_classes = np.nonzero(np.abs(settled) >= SLIGHT)
    starts = np.searchsorted(kept_rows, np.arange(len(numbers) + 1))
    return Learnt(
        classes,
        numbers,
        array("f", rarity.tobytes()),
        array("I", starts.astype(np.uint32).tobytes()),
        array("H", kept_classes.astype(np.uint16).tobytes()),
        array("f", settled[kept_rows, kept_classes].astype(np.float32).tobytes()),
        math.log(1 + len(ordered)) + 1.0,
    )


def strongest_of(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The strongest score of each name over several texts."""
    best: dict[str, float] = {}
    for scores in parts:
        for name, score in scores.items():
            if score > best.get(name, 0.0):
                best[name] = score
            else:
                best.setdefault(name, 0.0)
    return best
