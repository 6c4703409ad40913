"""Telling whole questions apart by what editors keep under each: a linear model over characters, pairs and sounds.

Words decide where a list knows them (`lexicon.py`). Where people say it in words that no list holds, the pieces of
their sentence still point somewhere: each piece (a character, a pair, a pair of syllables) has learnt from the kept
questions towards which classes it pulls. Learning is the averaged passive-aggressive rule (PA-I; Crammer et al. 2006),
which changes weights only where two classes are mixed up; it is repeatable, takes a few seconds when the knowledge is
compiled, and what it learnt can be shown piece by piece (`Learnt.because`).
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import pairwise, repeat
from operator import add
from typing import Any

from knowledge.spelling import LATELY, Speller

ORDERS, ROUNDS = 2, 4
"""Orders in which all questions are gone through, and times in each: the mean of several orders is steadier than what
one of them happens to teach (bagging; Breiman 1996)."""
UNSETTLED = 0.5
"""Share of all steps before weights are averaged, as the first ones depend most on the order (suffix averaging; Rakhlin
et al. 2012)."""
AGGRESSIVE = 0.5
"""The most that one question may move the weights (C of PA-I)."""
SLIGHT = 0.03
"""Weights below this are not kept."""
SOUND = 0.6
"""What a pair of syllables weighs beside a pair of characters."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_LETTER = re.compile(r"[a-z]")
_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*|\w")


class Pieces(dict[str, float]):
    """The pieces of a text with their weight before rarity; where they stand in a bank is looked up once."""

    _placed: tuple[Mapping[str, int], Any, Any] | None = None

    def placed(self, numbers: Mapping[str, int]) -> tuple[Any, Any]:
        """Their numbers, the next free one for what has none, and their weights, as arrays."""
        if self._placed is None or self._placed[0] is not numbers:
            import numpy as np

            places = map(numbers.get, self, repeat(len(numbers)))
            counts = np.fromiter(self.values(), np.float64, len(self))
            self._placed = numbers, np.fromiter(places, np.int64, len(self)), counts
        return self._placed[1:]


@lru_cache(LATELY)
def pieces(folded: str, speller: Speller) -> Pieces:
    """The pieces of a folded text with their weight before rarity; every figure counts as the same one.

    Pieces are characters and neighbouring pairs, words in letters whole, and pairs of syllables (typed or written).
    """
    if _LETTER.search(folded):
        sounds = speller.heard(folded)
        typed = {i for one in sounds if one.typed for i in range(one.start, one.end)}
        tokens = [_FIGURE.sub("0", one[0]) for one in _TOKEN.finditer(folded) if one.start() not in typed]
        heard = [(a.syllable, b.syllable) for a, b in pairwise(sounds) if a.end == b.start or b.typed]
    else:  # most texts, of which every character has its own sound, and none is typed
        tokens = _TOKEN.findall(_FIGURE.sub("0", folded))
        heard = [(a, b) for a, b in pairwise(map(speller.sounds.get, folded)) if a and b]
    every = [*tokens, *map(add, tokens, tokens[1:])]
    found = Pieces(dict.fromkeys(every, 1.0))
    if len(found) < len(every):
        found.update((piece, 1.0 + math.log(n)) for piece, n in Counter(every).items() if n > 1)
    for a, b in heard:
        found[f"{a} {b}"] = SOUND
    return found


@dataclass(frozen=True)
class Learnt:
    """The classes with the pull of every piece towards them, in flat arrays.

    The pieces' numbers are shared by all models of a bank; a piece that this model never met has no rarity. Behind the
    pieces stands one for all that nobody met, without rarity or pull; `starts` says besides where that one ends.
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
        rarity, starts, towards, weights = self._arrays
        met, values = found.placed(self.numbers)
        rare = rarity[met]
        values = values * np.where(rare, rare, np.float64(self.strange))
        begins = starts[met].astype(np.int64)
        sizes = starts[met + 1] - begins
        ends = sizes.cumsum()
        at = (begins - ends + sizes).repeat(sizes)
        at += np.arange(len(at))
        scale = 1.0 / math.sqrt((values * values).cumsum()[-1])
        pulls = np.bincount(towards[at], values.repeat(sizes) * weights[at], len(self.classes)) * scale
        kept = (pulls > SLIGHT).nonzero()[0]
        return dict(zip(map(self.classes.__getitem__, kept.tolist()), pulls[kept].tolist(), strict=True))

    def hasten(self) -> None:
        """For a process that reads many texts: load numpy, which takes as long as some hundred texts."""
        _ = self._arrays

    @cached_property
    def _arrays(self) -> tuple[Any, Any, Any, Any]:
        """As numpy reads them, where they are."""
        import numpy as np

        return (
            np.frombuffer(self.rarity, dtype=np.float32),
            np.frombuffer(self.starts, dtype=np.uint32),
            np.frombuffer(self.towards, dtype=np.uint16),
            np.frombuffer(self.weights, dtype=np.float32),
        )

    def because(self, found: Mapping[str, float], name: str, most: int = 4) -> list[str]:
        """The pieces that pull most towards a class."""
        wanted, pulled = self.classes.index(name), []
        for piece, count in found.items():
            at = self.numbers.get(piece, -1)
            for i in range(self.starts[at], self.starts[at + 1]) if at >= 0 else ():
                if self.towards[i] == wanted and self.weights[i] > 0:
                    pulled.append((count * self.rarity[at] * self.weights[i], piece))
        return [piece for _, piece in sorted(pulled, reverse=True)[:most]]


class Cut:
    """The pieces of a kept question: their numbers, their weights before rarity, and what orders it among others.

    They are there once the pool is settled; before, only from where to where they stand in it, and `lot`, by which its
    turn is drawn: it comes of its own pieces, so that another question more or less leaves the turns of the rest.
    """

    __slots__ = ("at", "begin", "counts", "end", "lot", "order")

    at: Any
    counts: Any
    order: bytes

    def __init__(self, begin: int, end: int, lot: int) -> None:
        self.begin, self.end, self.lot = begin, end, lot


Example = tuple[str, Cut]
"""A kept question: its class and its pieces."""


class Pool:
    """All pieces of the questions that are cut, each with its number: `settled` once no more come."""

    def __init__(self) -> None:
        self._numbers = defaultdict[str, int]()
        self._numbers.default_factory = self._numbers.__len__
        self._at, self._counts, self._cuts = list[int](), list[float](), list[Cut]()

    def cut(self, found: Mapping[str, float]) -> Cut:
        """A question whose pieces have been found."""
        begin = len(self._at)
        self._at.extend(map(self._numbers.__getitem__, found))
        self._counts.extend(found.values())
        self._cuts.append(made := Cut(begin, len(self._at), _lot("\n".join(found))))
        return made

    def settled(self) -> dict[str, int]:
        """The number of every piece, in the order of the pieces; whoever met which first no longer matters."""
        import numpy as np

        ordered = sorted(self._numbers)
        rank = np.empty(len(ordered), np.int64)
        rank[[self._numbers[piece] for piece in ordered]] = np.arange(len(ordered))
        at, counts = rank[np.array(self._at, np.int64)], np.array(self._counts, np.float32)
        of_cut = np.repeat(np.arange(len(self._cuts)), [cut.end - cut.begin for cut in self._cuts])
        order = at[np.lexsort((at, of_cut))].astype(">i4").tobytes()
        for cut in self._cuts:
            cut.at, cut.counts = at[cut.begin : cut.end], counts[cut.begin : cut.end]
            cut.order = order[4 * cut.begin : 4 * cut.end]
        return {piece: at for at, piece in enumerate(ordered)}


def _lot(text: str) -> int:
    """A number of 64 bits that is as good as drawn, and always the same for a text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def learn(examples: Sequence[Example], numbers: Mapping[str, int]) -> Learnt:
    """What examples of a pool teach; their order does not matter."""
    import numpy as np

    classes = tuple(sorted({name for name, _ in examples}))
    lesson = _Lesson(examples, {name: at for at, name in enumerate(classes)})
    pulls = _mean_of_orders(lesson, len(classes))
    kept_rows, kept_classes = np.nonzero((pulls >= SLIGHT) | (pulls <= -SLIGHT))
    starts = np.searchsorted(lesson.met[kept_rows], np.arange(len(numbers) + 2))
    rarity = np.zeros(len(numbers) + 1, dtype=np.float32)
    rarity[lesson.met] = lesson.rarity
    return Learnt(
        classes,
        numbers,
        array("f", rarity.tobytes()),
        array("I", starts.astype(np.uint32).tobytes()),
        array("H", kept_classes.astype(np.uint16).tobytes()),
        array("f", pulls[kept_rows, kept_classes].astype(np.float32).tobytes()),
        math.log(1 + len(examples)) + 1.0,
    )


class _Lesson:
    """Examples as arrays, in an order of their own.

    met: the numbers of the pieces that occur, and `rarity` of each; `places` (at which of these) and `values` of the
    pieces of every example, one behind the other, from `begins` to `ends`; `right`: the place of each example's class.
    """

    def __init__(self, examples: Sequence[Example], place: Mapping[str, int]) -> None:
        import numpy as np

        ordered = sorted(((place[name], cut) for name, cut in examples), key=lambda one: (one[0], one[1].order))
        self.right = [right for right, _ in ordered]
        of_class = {at: _lot(name) for name, at in place.items()}
        self.lots = np.array([cut.lot ^ of_class[right] for right, cut in ordered], np.uint64)
        sizes = np.array([len(cut.at) for _, cut in ordered])
        self.ends = sizes.cumsum()
        self.begins = self.ends - sizes
        at = np.concatenate([cut.at for _, cut in ordered])
        held = np.bincount(at)
        self.met = held.nonzero()[0]
        self.places = (held > 0).cumsum()[at] - 1
        rare = [math.log((1 + len(ordered)) / (1 + n)) + 1.0 for n in range(int(held.max()) + 1)]
        self.rarity = np.array(rare, np.float32)[held[self.met]]
        self.values = np.concatenate([cut.counts for _, cut in ordered]) * self.rarity[self.places]
        lengths = [math.sqrt(values.dot(values)) or 1.0 for values in self.each(self.values)]
        self.values /= np.repeat(np.array(lengths, np.float32), sizes)

    def each(self, pieces: Any) -> list[Any]:
        """What is held of pieces one behind the other, example by example."""
        return [pieces[begin:end] for begin, end in zip(self.begins.tolist(), self.ends.tolist(), strict=True)]

    def turns(self, order: int) -> Any:
        """The example of each step, every round one behind the other; the same ones whenever it is done again.

        Each round draws the lots anew, by the mixing of splitmix64 (Steele et al. 2014).
        """
        import numpy as np

        drawn = [self.lots + np.uint64((order * ROUNDS + one + 1) * GOLDEN % 2**64) for one in range(ROUNDS)]
        return np.concatenate([_mixed(lots).argsort(kind="stable") for lots in drawn])

    def average(self, weights: Any, turns: Any, towards: Any, by: Any) -> Any:
        """The weights (pieces × classes) over the averaged steps, of those at the end and what moved them: each step
        towards some classes (a row for each), by so much of its example."""
        import numpy as np

        width, unsettled = weights.shape[1], int(UNSETTLED * len(turns))
        pulled = turns[unsettled:] * width + towards[:, unsettled:]
        steps = np.arange(1, len(turns) - unsettled + 1)
        sums = np.bincount(pulled.ravel(), (steps * by[:, unsettled:]).ravel(), len(self.right) * width)
        ours = sums.nonzero()[0]
        examples, towards = ours // width, ours % width
        begins, sizes = self.begins[examples], (self.ends - self.begins)[examples]
        at = np.repeat(begins - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        cells = self.places[at] * width + np.repeat(towards, sizes)
        averaged: Any = np.bincount(cells, np.repeat(sums[ours], sizes) * self.values[at], weights.size)
        averaged /= -(len(steps) + 1)  # in place, as is the rest: new memory of this size costs more than the sums
        averaged += weights.reshape(-1)
        return averaged.reshape(weights.shape)


GOLDEN = 0x9E3779B97F4A7C15


def _mixed(lots: Any) -> Any:
    import numpy as np

    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        lots = (lots ^ (lots >> np.uint64(shift))) * np.uint64(factor)
    return lots ^ (lots >> np.uint64(31))


def _mean_of_orders(lesson: _Lesson, width: int) -> Any:
    """The mean of what the questions teach in several orders: weights, pieces × classes."""
    one = _two_sides if width == 2 else _many_classes
    mean = one(lesson, width, 0)
    for order in range(1, ORDERS):
        mean += one(lesson, width, order)
    mean /= ORDERS
    return mean


def _many_classes(lesson: _Lesson, width: int, order: int) -> Any:
    """The averaged weights, pieces × classes: the right class against the one that pulls most besides it."""
    import numpy as np

    weights = np.zeros((len(lesson.met), width), dtype=np.float32)
    columns = list(weights.T)
    places, values, right_of = lesson.each(lesson.places), lesson.each(lesson.values), lesson.right
    turns = lesson.turns(order)[: None if width > 1 else 0]
    rivals, moved = list[int](), list[float]()
    for at in turns.tolist():
        place, value, right = places[at], values[at], right_of[at]
        met = weights.take(place, 0)
        pulls = value.dot(met)
        mine, pulls[right] = pulls[right], -np.inf
        rival = int(pulls.argmax())
        loss = 1.0 - float(mine - pulls[rival])
        by = min(AGGRESSIVE, loss / 2) if loss > 0 else 0.0
        if by:
            move = by * value
            columns[right][place] = met[:, right] + move
            columns[rival][place] = met[:, rival] - move
        rivals.append(rival)
        moved.append(by)
    towards = np.array([np.array(right_of)[turns], rivals], np.int64)
    return lesson.average(weights, turns, towards, np.outer([1, -1], moved))


def _two_sides(lesson: _Lesson, width: int, order: int) -> Any:
    """The same for two classes, of which what pulls towards one pulls as much from the other."""
    import numpy as np

    assert width == 2
    weights = np.zeros(len(lesson.met), dtype=np.float32)
    places, values, right_of = lesson.each(lesson.places), lesson.each(lesson.values), lesson.right
    turns, moved = lesson.turns(order), list[float]()
    for at in turns.tolist():
        place, value, right = places[at], values[at], right_of[at]
        met = weights.take(place)
        pull = float(value.dot(met))
        loss = 1.0 - 2 * (pull if right else -pull)
        by = (min(AGGRESSIVE, loss / 2) if right else -min(AGGRESSIVE, loss / 2)) if loss > 0 else 0.0
        if by:
            weights[place] = met + by * value
        moved.append(by)
    settled = lesson.average(weights[:, None], turns, np.zeros((1, len(turns)), np.int64), np.array([moved]))[:, 0]
    return np.stack([-settled, settled], axis=1)


def strongest_of(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The strongest score of each name over several texts."""
    best: dict[str, float] = {}
    for scores in parts:
        if not best:
            best = dict(scores)
            continue
        for name, score in scores.items():
            if score > best.get(name, 0.0):
                best[name] = score
    return best
