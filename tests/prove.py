"""`make prove`: everything that can be enumerated is, and counted; the last line is one JSON object.

SEED (environment) rolls the random cases. SABOTAGE breaks something on purpose and must then be found out; its kinds
stand in `tests/proofs/sabotage.py` (the rules) and `tests/proofs/states.py` (the interview). A room that has proofs of
its own adds them to PROOFS: each takes the library, the tally and the dice.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from contextlib import ExitStack
from dataclasses import replace

from bot.opening import open_library
from dialogs.library import Library
from tests.proofs import judging, states
from tests.proofs.judging import Tally
from tests.proofs.sabotage import KINDS, broken

PROOFS = (*judging.PROOFS, *states.PROOFS)
ALL_KINDS = (*KINDS, *states.KINDS)
SHOWN = 5


def prove(seed: int, sabotage: str) -> Tally:
    """Run every proof."""
    library, dice, tally = open_library(), random.Random(seed), Tally()
    with ExitStack() as stack:
        if sabotage in states.KINDS:
            stack.enter_context(states.broken(sabotage))
        elif sabotage:
            library = replace(library, guide=broken(library.guide, sabotage, dice))
        _run(library, tally, dice)
    return tally


def _run(library: Library, tally: Tally, dice: random.Random) -> None:
    for proof in PROOFS:
        began, checks, failed = time.perf_counter(), tally.checks, len(tally.failed)
        proof(library, tally, dice)
        took, new = time.perf_counter() - began, len(tally.failed) - failed
        about = (proof.__doc__ or "").strip().splitlines()[0]
        print(f"{proof.__name__:<12}{tally.checks - checks:>8} checks {new:>5} failed {took:>6.1f} s  {about}")


def main() -> int:
    """Prove and print; 1 where something failed, 2 for a sabotage nobody knows."""
    sabotage = os.environ.get("SABOTAGE", "")
    if sabotage and sabotage not in ALL_KINDS:
        print(f"没有“{sabotage}”这种破坏，可用：{'、'.join(ALL_KINDS)}", file=sys.stderr)
        return 2
    tally = prove(int(os.environ.get("SEED", "1")), sabotage)
    for says in tally.failed[:SHOWN]:
        print(f"  {says}")
    figures = {"thresholds": tally.thresholds, "states": tally.states, "checks": tally.checks}
    print(json.dumps({**figures, "failures": len(tally.failed), "sabotage": sabotage or None}, ensure_ascii=False))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
