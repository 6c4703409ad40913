"""How well stories are read into facts: precision and recall over the open scenarios and our own two sets.

    python -m tests.stories [--show SET]

Numbers must be equal (lengths of time to a tenth of a year); days must lie between the same bounds. `contradicted`
counts facts that were read otherwise than the gold says; `beyond` those that the gold does not have.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.opening import open_library
from dialogs.library import Library
from knowledge.telling import heard
from tests.case_files import cases

HERE = Path(__file__).parent
BOUNDS = ("2021-01-01", "2022-01-01", "2023-04-16")


@dataclass
class Score:
    """The tally of one set."""

    right: int = 0
    told: int = 0
    gold: int = 0
    contradicted: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Right facts of all that were read."""
        return self.right / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        """Right facts of all that the gold has."""
        return self.right / self.gold if self.gold else 1.0


def stories(name: str) -> Iterator[dict[str, Any]]:
    """A set's stories: `open`, `seen` or `blind`."""
    if name == "open":
        for line in (HERE / "scenarios/open.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield {"id": row["id"], "story": row["story"], "today": row["as_of"], "facts": row["facts"]}
    else:
        yield from cases(f"cases/stories-{name}.yaml")


def same(key: str, told: object, gold: object) -> bool:
    """Whether a fact was read as the gold has it."""
    if key.endswith("_date"):
        return [str(told) < bound for bound in BOUNDS] == [str(gold) < bound for bound in BOUNDS]
    if key == "build_years":
        return abs(float(str(told)) - float(str(gold))) < 0.1
    return (type(told) is type(gold) and told == gold) or (
        not isinstance(told, bool | str) and not isinstance(gold, bool | str) and told == gold
    )


def score(name: str, library: Library) -> Score:
    """The tally of a set."""
    tally = Score()
    for story in stories(name):
        began = time.perf_counter()
        told = {one.fact: one for one in heard(story["story"], library.teller, date.fromisoformat(story["today"])).told}
        tally.ms.append(1000 * (time.perf_counter() - began))
        gold = story["facts"]
        tally.gold += len(gold)
        tally.told += len(told)
        for key, one in told.items():
            line = f"{story['id']} {key}={one.value!r} ({one.words})"
            if key not in gold:
                tally.beyond.append(line)
            elif same(key, one.value, gold[key]):
                tally.right += 1
            else:
                tally.contradicted.append(f"{line}, gold {gold[key]!r}")
        tally.missed += [f"{story['id']} {key}={gold[key]!r}" for key in gold if key not in told]
    return tally


def main() -> None:
    """Print the tallies, and what went wrong in the sets named."""
    library = open_library()
    show = sys.argv[2:] if sys.argv[1:2] == ["--show"] else []
    for name in ("open", "seen", "blind"):
        tally = score(name, library)
        slow = sorted(tally.ms[1:])
        print(
            f"{name:6} precision {100 * tally.precision:.1f} %  recall {100 * tally.recall:.1f} %  told {tally.told}"
            f"  right {tally.right}  gold {tally.gold}  contradicted {len(tally.contradicted)}"
            f"  beyond {len(tally.beyond)}  p50 {slow[len(slow) // 2]:.1f} ms  max {slow[-1]:.1f} ms"
        )
        if name in show:
            for title in ("contradicted", "beyond", "missed"):
                print(f"  {title}:", *getattr(tally, title), sep="\n    ")


if __name__ == "__main__":
    main()
