"""How like a question each candidate is: a fixed sum of measures of its characters, its sounds and its entry.

No measure ranks Chinese well alone, rapidfuzz's ratio least of all; their sum transfers from one field to another.
The weights were fitted by regression (softmax over a question's candidates) on public question sets of four fields:
docs/matching.md names them and gives what the same fit reaches on a field that it has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from knowledge.postings import Floats, Grams, Numbers, Postings

NEAR = 15
"""Phrasings that count as near the question when those of an entry are added up."""


@dataclass(frozen=True)
class Heard:
    """A question in one spelling (characters or sounds) with its grams in the index of that spelling."""

    text: str
    grams: Grams
    index: Postings


@dataclass(frozen=True)
class Measures:
    """Candidates × measures, and the TF-IDF cosine of each candidate by itself, which tells how sure a match is."""

    table: Floats
    cosines: Floats


WEIGHTS = np.array([-3.44, 6.26, 1.82, 0.70, -2.57, -0.71, 2.04, 3.49, 1.32, 6.22], dtype=np.float32)
"""Of the columns of `Measures.table`, in their order."""


def measured(main: Heard, sound: Heard, texts: Numbers, owners: Numbers) -> Measures:
    """Every measure of every candidate; `main` is the spelling that the question is written in.

    texts: candidates by number; owners: the entry of each.
    """
    shared = main.index.shared(main.grams, texts)
    heard = sound.index.shared(sound.grams, texts)
    cosines = main.index.cosines(main.grams, texts, shared)
    likeness = 0.6 * cosines + 0.4 * sound.index.cosines(sound.grams, texts, heard)
    written = [main.index.text(number) for number in texts]
    columns = [
        main.index.covered(main.grams, texts, shared),
        main.index.covered_singly(main.grams, texts, shared),
        main.index.bm25(main.grams, texts, shared),
        _lengths(main.text, written),
        _triples(main.text, written),
        sound.index.covered(sound.grams, texts, heard),
        sound.index.bm25(sound.grams, texts, heard),
        _ratios(sound.text, [sound.index.text(number) for number in texts]),
        _together(likeness, owners),
        _union(main.grams, shared, owners),
    ]
    return Measures(np.stack(columns, axis=1).astype(np.float32), cosines)


def _ratios(text: str, others: list[str]) -> Floats:
    """rapidfuzz's ratio (0…1)."""
    return np.asarray(process.cdist([text], others, scorer=Indel.normalized_similarity, dtype=np.float32)[0])


def _lengths(text: str, others: list[str]) -> Floats:
    """The shorter length as a share of the longer."""
    lengths = np.array([len(other) for other in others], dtype=np.float32)
    return np.asarray(np.minimum(lengths, len(text)) / np.maximum(np.maximum(lengths, len(text)), 1), np.float32)


def _triples(text: str, others: list[str]) -> Floats:
    """The share of the question's runs of three that each candidate holds."""
    wanted = set(zip(text, text[1:], text[2:], strict=False))
    held = [len(wanted.intersection(zip(other, other[1:], other[2:], strict=False))) for other in others]
    return np.asarray(np.array(held) / max(len(wanted), 1), np.float32)


def _together(likeness: Floats, owners: Numbers) -> Floats:
    """What the likenesses of an entry's phrasings near the question add up to, for each candidate's entry."""
    near = np.argsort(-likeness, kind="stable")[:NEAR]
    added = np.bincount(owners[near], likeness[near], int(owners.max(initial=0)) + 1)
    return added[owners].astype(np.float32)


def _union(grams: Grams, shared: Floats, owners: Numbers) -> Floats:
    """How much of the question, by weight, the phrasings of each candidate's entry hold together."""
    if not shared.shape[1]:
        return np.zeros(len(owners), np.float32)
    order = np.argsort(owners, kind="stable")
    entries, first = np.unique(owners[order], return_index=True)
    held = np.minimum(np.maximum.reduceat(shared[order], first, axis=0), grams.counts) @ grams.weights
    return np.asarray(held[np.searchsorted(entries, owners)] / max(grams.mass, 1e-6), np.float32)
