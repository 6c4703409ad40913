"""How fast: start-up against a bare start of the same libraries, a question in a warm process, matcher and search.

Prints one JSON object as its last line. SEED (environment) shuffles the questions.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from bot.opening import open_library
from dialogs.messages import Text
from dialogs.turn import respond, start
from tests.bench_matching import as_lines, match_figures
from tests.bench_searching import search_figures

ROOT = Path(__file__).parent.parent
POLICYDESK = Path(sys.executable).parent / "policydesk"
BARE = "from pydantic import BaseModel; import rapidfuzz.fuzz, yaml\nclass M(BaseModel):\n    a: int\n"
ROUNDS = 15


def startup_ratio() -> float:
    """The median time of a whole `policydesk ask` over that of the bare start, taken in turn."""
    ask = [str(POLICYDESK), "ask", "流片最多补多少"]
    bare = [sys.executable, "-c", BARE]
    subprocess.run(ask, capture_output=True, check=True)  # compiles the knowledge once
    times: dict[str, list[float]] = {"ask": [], "bare": []}
    for _ in range(ROUNDS):
        for name, command in (("ask", ask), ("bare", bare)):
            began = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            times[name].append(time.perf_counter() - began)
    return statistics.median(times["ask"]) / statistics.median(times["bare"])


def question_ms(seed: int) -> list[float]:
    """The time of each whole question, in milliseconds, over the open set."""
    library = open_library()
    library.finder.bank.hasten()  # as every service does when it starts
    lines = (ROOT / "tests/questions/open.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["turns"][0] for line in lines]
    random.Random(seed).shuffle(texts)
    fresh, today, times = start(library), date(2023, 3, 20), []
    for text in texts * 3:
        began = time.perf_counter()
        respond(fresh, Text(text), library=library, today=today)
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times)


def main() -> None:
    """Measure and print."""
    ratio = startup_ratio()
    seed = int(os.environ.get("SEED", "1"))
    times = question_ms(seed)
    print(f"启动：是裸启动的{ratio:.2f}倍；一问：中位{statistics.median(times):.2f}毫秒，共{len(times)}问")
    matching = match_figures(seed)
    print(as_lines(matching))
    searching = search_figures(seed)
    print(f"查找：每键p95 {searching['search_p95_ms']}毫秒，共{searching['search_keystrokes']}键，旁边有两万条")
    figures = {
        "startup_ratio": round(ratio, 2),
        "question_p50_ms": round(statistics.median(times), 3),
        "question_p99_ms": round(times[int(0.99 * len(times))], 3),
        "match": matching,
        **searching,
    }
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
