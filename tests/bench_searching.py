"""How fast the officer's search is at every keystroke, beside ten thousand tickets and ten thousand other entries."""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path

import yaml

from bot.opening import open_library
from bot.workbench.searcher import Searcher
from knowledge.searching import Entry
from tests.searching import others

CASES = Path(__file__).parent / "cases" / "searching.yaml"
DAY = date(2023, 3, 20)
EACH = 10_000


def search_figures(seed: int) -> dict[str, float]:
    """`search_p95_ms` over every keystroke of the cases and of titles from outside, each with all that its hits say."""
    library = open_library()
    searcher = Searcher(lambda: library, lambda: DAY)
    began = time.perf_counter()
    searcher.make()
    own = time.perf_counter() - began
    tickets, canned = list(others(EACH, seed)), list(others(EACH, seed, "canned"))
    searcher.put([*tickets, *canned])
    built = time.perf_counter() - began
    times = sorted(_times(searcher, _keystrokes(seed, [*tickets, *canned])))
    changes = sorted(_changes(searcher, tickets[:200]))
    return {
        "search_p50_ms": round(times[len(times) // 2], 2),
        "search_p95_ms": round(times[int(0.95 * len(times))], 2),
        "search_max_ms": round(times[-1], 2),
        "search_keystrokes": len(times),
        "search_guide_s": round(own, 2),
        "search_build_s": round(built, 2),
        "search_change_p95_ms": round(changes[int(0.95 * len(changes))], 2),
    }


def _keystrokes(seed: int, entries: list[Entry]) -> list[str]:
    """What stands in the box after each key."""
    chance = random.Random(seed)
    texts = [str(case["type"]) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))]
    for entry in chance.sample(entries, 60):
        texts += [entry.title, entry.names[0], entry.names[1]]
    chance.shuffle(texts)
    return [text[:length] for text in texts for length in range(1, len(text) + 1)]


def _times(searcher: Searcher, keystrokes: list[str]) -> list[float]:
    found = []
    for text in keystrokes:
        began = time.perf_counter()
        searcher.search(text)
        found.append(1000 * (time.perf_counter() - began))
    return found


def _changes(searcher: Searcher, entries: list[Entry]) -> list[float]:
    """The time of taking an entry out and putting it in again."""
    found = []
    for entry in entries:
        began = time.perf_counter()
        searcher.drop([entry.id])
        searcher.put([entry])
        found.append(1000 * (time.perf_counter() - began))
    return found
