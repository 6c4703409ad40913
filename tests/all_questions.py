"""Every question of every set: its reply is proved and scored; the figures side by side. `make questions`"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import Counter
from typing import Any

from bot.opening import open_library
from tests.questions import score
from tests.test_questions import SETS, answer, items

LIBRARY = open_library()


def outcome(item: dict[str, Any]) -> tuple[str, int]:
    """How the reply to an item ends, and its letters; one that stands no proof ends the run."""
    reply = answer(item, LIBRARY)
    return score.judge(item, reply), len(reply["text"])


def main() -> None:
    """A line of JSON a set."""
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for name in SETS:
            asked = items(name)
            done = pool.map(outcome, asked, chunksize=50)
            counted = Counter(ended for ended, _ in done)
            refusals = [one for one, item in zip(done, asked, strict=True) if item["expect"]["status"] == "no_answer"]
            figures = {
                "set": name,
                "items": len(asked),
                **{ended: counted[ended] for ended in score.OUTCOMES},
                "right_pct": round(100 * counted["right"] / len(asked), 2),
                "wrong_pct": round(100 * counted["wrong"] / len(asked), 2),
                "out_of_scope": len(refusals),
                "rejected": sum(ended == "right" for ended, _ in refusals),
                "median_letters": sorted(letters for _, letters in done)[len(done) // 2],
            }
            print(json.dumps(figures, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
