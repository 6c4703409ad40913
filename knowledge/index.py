"""Candidates from an inverted index over characters and pairs of characters.

TF-IDF cosine in which grams that no entry holds still count in the query's length: a question full of strange words
comes out small, which is what tells "not ours" from "ours, said otherwise".

For the guide's few hundred phrasings, in plain Python: it is part of the compiled copy that every `ask` opens, where
numpy would cost more than the question. `postings.py` is for any FAQ.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise


def grams(text: str) -> Counter[str]:
    """The characters and neighbouring pairs of a folded text, counted."""
    letters = [ch for ch in text if ch.isalnum()]
    return Counter([*letters, *(a + b for a, b in pairwise(letters))])


@dataclass(frozen=True)
class Index:
    """Phrasings by their grams; several phrasings may lead to one entry."""

    postings: Mapping[str, tuple[tuple[int, float], ...]]
    weights: Mapping[str, float]
    unknown: float
    owners: tuple[str, ...]

    def search(self, text: str, limit: int = 10) -> list[tuple[str, float]]:
        """The entries most like a folded text, best first, each with its best phrasing's cosine (0…1)."""
        counted = grams(text)
        length = math.sqrt(sum((n * self.weights.get(g, self.unknown)) ** 2 for g, n in counted.items()))
        if not length:
            return []
        scores: dict[int, float] = defaultdict(float)
        for gram, n in counted.items():
            weight = n * self.weights.get(gram, 0.0)
            for phrasing, value in self.postings.get(gram, ()):
                scores[phrasing] += weight * value
        best: dict[str, float] = {}
        for phrasing, score in scores.items():
            owner = self.owners[phrasing]
            best[owner] = max(best.get(owner, 0.0), score / length)
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def index(entries: Iterable[tuple[str, str]]) -> Index:
    """The index of (entry id, folded phrasing) pairs."""
    owners: list[str] = []
    counted: list[Counter[str]] = []
    for owner, phrasing in entries:
        owners.append(owner)
        counted.append(grams(phrasing))
    held = Counter(gram for grams_ in counted for gram in grams_)
    total = len(owners) + 1
    weights = {gram: math.log(total / n) + 0.1 for gram, n in held.items()}
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, grams_ in enumerate(counted):
        length = math.sqrt(sum((n * weights[g]) ** 2 for g, n in grams_.items())) or 1.0
        for gram, n in grams_.items():
            postings[gram].append((number, n * weights[gram] / length))
    frozen = {gram: tuple(found) for gram, found in postings.items()}
    return Index(frozen, weights, math.log(total) + 0.1, tuple(owners))
