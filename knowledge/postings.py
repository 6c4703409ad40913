"""An inverted index over characters and neighbouring pairs of any number of short texts, in compact arrays.

Lists are numpy arrays of gram and text numbers, some ten bytes an occurrence; the texts are one long string, cut when
needed. TF-IDF cosine in which a question's strange grams (held by no text) count in its length, and BM25.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]
Places = NDArray[np.int64]
Codes = NDArray[np.uint32]

BUDGET = 30_000
"""Occurrences that one question may read while looking for candidates; its rarest grams are read first."""

_SINGLE = 0xFFFF  # codes up to here are characters, above it pairs
_K1, _B = 1.5, 0.75  # BM25's usual constants


def _letters(text: str) -> Codes:
    """Code points; those beyond the basic plane are rare enough to share a number with another."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32) & np.uint32(_SINGLE)


def _pairs(letters: Codes) -> Codes:
    """Each neighbouring pair as one number, the first character in the upper half."""
    return (letters[:-1] << np.uint32(16)) | letters[1:]


@dataclass(frozen=True)
class Grams:
    """A question's grams: those known by number, with how often each occurs and its weight; what is strange in it."""

    numbers: Numbers
    counts: Floats
    weights: Floats
    length: float  # of the TF-IDF vector
    mass: float  # the sum of all weights
    strange: float  # what strange grams add to `mass`

    @property
    def known(self) -> float:
        """The share of the question, by weight, that some text holds (0…1)."""
        return 1 - self.strange / self.mass if self.mass else 0.0


@dataclass(frozen=True)
class Postings:
    """Texts by number 0…n-1, their grams, and for each gram the texts that hold it."""

    texts: str
    bounds: Numbers  # text i is texts[bounds[i]:bounds[i+1]]
    codes: Codes  # sorted: a gram's number is the place of its code
    weights: Floats  # idf of each gram
    rarest: float  # idf of a strange gram
    starts: Places  # gram g is held by holders[starts[g]:starts[g+1]]
    holders: Numbers
    offsets: Places  # text i holds held[offsets[i]:offsets[i+1]], each counts[…] times
    held: Numbers
    counts: NDArray[np.uint8]
    lengths: Floats  # of the texts' TF-IDF vectors
    masses: Floats  # sums of the texts' weights
    single: Floats  # the same of single characters alone

    def text(self, number: int) -> str:
        """One text."""
        return self.texts[self.bounds[number] : self.bounds[number + 1]]

    def grams(self, text: str) -> Grams:
        """A question's grams as this index knows them."""
        letters = _letters(text)
        codes, occurs = np.unique(np.concatenate([letters, _pairs(letters)]), return_counts=True)
        places = np.minimum(np.searchsorted(self.codes, codes), max(len(self.codes) - 1, 0))
        known = self.codes[places] == codes if len(self.codes) else np.zeros(len(codes), bool)
        counts = occurs.astype(np.float32)
        weights = np.full(len(codes), self.rarest, np.float32)
        weights[known] = self.weights[places[known]]
        worth = counts * weights
        length = float(np.sqrt((worth**2).sum()))
        numbers = places[known].astype(np.int32)
        return Grams(numbers, counts[known], weights[known], length, float(worth.sum()), float(worth[~known].sum()))

    def reading(self, grams: Grams) -> tuple[Numbers, Floats]:
        """Texts that hold the question's rarest grams, and what each occurrence adds to their cosine."""
        sizes = self.starts[grams.numbers + 1] - self.starts[grams.numbers]
        order = np.argsort(sizes, kind="stable")
        within = order[np.cumsum(sizes[order]) - sizes[order] <= BUDGET]
        lists = [self.holders[self.starts[g] : self.starts[g + 1]] for g in grams.numbers[within]]
        if not lists:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        found = np.concatenate(lists)
        worth = np.repeat(grams.counts[within] * grams.weights[within] ** 2 / grams.length, sizes[within])
        return found, (worth / self.lengths[found]).astype(np.float32)

    def shared(self, grams: Grams, texts: Numbers) -> Floats:
        """How often each of the texts holds each known gram of the question: texts × grams."""
        table = np.zeros((len(texts), len(grams.numbers)), dtype=np.float32)
        if not table.size:
            return table
        first = self.offsets[texts]
        sizes = self.offsets[texts + 1] - first
        rows = np.repeat(np.arange(len(texts)), sizes)
        places = np.arange(len(rows)) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        held = self.held[places]
        columns = np.minimum(np.searchsorted(grams.numbers, held), len(grams.numbers) - 1)
        same = grams.numbers[columns] == held
        table[rows[same], columns[same]] = self.counts[places[same]]
        return table

    def cosines(self, grams: Grams, texts: Numbers, shared: Floats) -> Floats:
        """TF-IDF cosine of the question and each text (0…1)."""
        dots = shared @ (grams.counts * grams.weights**2)
        return np.asarray(dots / (self.lengths[texts] * max(grams.length, 1e-6)), np.float32)

    def covered(self, grams: Grams, texts: Numbers, shared: Floats) -> Floats:
        """How much of each text, by weight, the question holds (0…1)."""
        held = np.minimum(shared, grams.counts) @ grams.weights
        return np.asarray(held / self.masses[texts], np.float32)

    def covered_singly(self, grams: Grams, texts: Numbers, shared: Floats) -> Floats:
        """The same of single characters alone."""
        single = self.codes[grams.numbers] <= _SINGLE
        held = np.minimum(shared, grams.counts) @ (grams.weights * single)
        return np.asarray(held / self.single[texts], np.float32)

    def bm25(self, grams: Grams, texts: Numbers, shared: Floats) -> Floats:
        """BM25 of each text, as a share of the best one's (0…1)."""
        sizes = (self.offsets[texts + 1] - self.offsets[texts]).astype(np.float32)
        usual = len(self.held) / max(len(self.lengths), 1)
        damping = _K1 * (1 - _B + _B * sizes / usual)
        scores = ((_K1 + 1) * shared / (shared + damping[:, None])) @ grams.weights
        return np.asarray(scores / max(float(scores.max(initial=0)), 1e-6), np.float32)


def postings(texts: Sequence[str]) -> Postings:
    """The index of the texts in their order."""
    total = len(texts)
    sizes = np.fromiter((len(text) for text in texts), dtype=np.int64, count=total)
    whole = "".join(texts)
    owners, grams, counts = _counted(_letters(whole), np.repeat(np.arange(total, dtype=np.uint64), sizes))
    codes, held = _numbered(grams)
    del grams  # millions of numbers: what is not kept goes before the next array comes
    frequency = np.bincount(held, minlength=len(codes))
    weights = np.log1p(total / np.maximum(frequency, 1)).astype(np.float32)
    worth = counts * weights[held]
    return Postings(
        texts=whole,
        bounds=_ends(sizes).astype(np.int32),
        codes=codes,
        weights=weights,
        rarest=float(np.log1p(total)),
        starts=_ends(frequency),
        holders=owners[np.argsort(held, kind="stable")],
        offsets=_ends(np.bincount(owners, minlength=total)),
        held=held,
        counts=counts,
        lengths=np.sqrt(_sums(owners, worth**2, total)),
        masses=_sums(owners, worth, total),
        single=_sums(owners, worth * (codes[held] <= _SINGLE), total),
    )


def _counted(letters: Codes, owner: NDArray[np.uint64]) -> tuple[Numbers, Codes, NDArray[np.uint8]]:
    """Each gram of each text once, by text and code, with how often it occurs there (255 at most)."""
    inside = owner[:-1] == owner[1:]
    keys = np.concatenate([letters, _pairs(letters)[inside]]).astype(np.uint64)
    keys |= np.concatenate([owner, owner[:-1][inside]]) << np.uint64(32)
    keys.sort()
    first = np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), bool), keys[1:] != keys[:-1]]))
    counts = np.minimum(np.diff(first, append=len(keys)), 255).astype(np.uint8)
    keys = keys[first]
    return (keys >> np.uint64(32)).astype(np.int32), keys.astype(np.uint32), counts


def _numbered(grams: Codes) -> tuple[Codes, Numbers]:
    """The different codes in order, and each gram's number among them."""
    codes = np.unique(grams)
    return codes, np.searchsorted(codes, grams).astype(np.int32)


def _ends(sizes: Places) -> Places:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def _sums(owners: Numbers, values: Floats, total: int) -> Floats:
    """What each text's grams add up to, never nought, so that it can be divided by."""
    return np.maximum(np.bincount(owners, values, total), 1e-6).astype(np.float32)
