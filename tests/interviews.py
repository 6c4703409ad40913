"""How well interviews end: a visitor who knows a case answers every question as a person would.

    python -m tests.interviews [--show] [--without-story]

Over the open scenarios (with gold) and over our own stories (held against `assess` of their facts). `--without-story`
says nothing first, so that everything has to be asked.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.opening import open_library
from dialogs.assessing import assess
from dialogs.library import Library
from dialogs.messages import Choice, Reply, Text
from dialogs.turn import respond, start
from tests.scenarios.score import START, compare, spoken
from tests.stories import stories

SCENARIOS = Path(__file__).parent / "scenarios/open.jsonl"
MOST = 60


@dataclass(frozen=True)
class Walked:
    """An interview that was walked to its end."""

    results: dict[str, Any] | None
    questions: int
    said: tuple[str, ...]


def scenarios() -> list[dict[str, Any]]:
    """The open scenarios."""
    return [json.loads(line) for line in SCENARIOS.read_text(encoding="utf-8").splitlines()]


def walk(item: dict[str, Any], library: Library, *, story: bool = True) -> Walked:
    """Tell the story, answer every question from the facts, see the result; as the scorer does over the command."""
    conversation, today, said = start(library), date.fromisoformat(item["as_of"]), []

    def say(message: dict[str, str]) -> Reply:
        nonlocal conversation
        sent = Choice(message["choose"]) if "choose" in message else Text(message["text"])
        turn = respond(conversation, sent, library=library, today=today)
        conversation = turn.conversation
        said.append(f"您：{next(iter(message.values()))}\n[{turn.reply.status}] {turn.reply.text}")
        return turn.reply

    reply = say({"text": item["story"] if story else START})
    if reply.status not in ("question", "result"):
        reply = say({"text": START})
    questions = 0
    while reply.status == "question" and questions < MOST:
        questions += 1
        reply = say(spoken(reply.as_json()["question"], item))
    if reply.status != "result":
        reply = say({"text": "先看结果"})
    return Walked(dict(reply.results) if reply.results else None, questions, tuple(said))


def own_items(library: Library) -> Iterator[dict[str, Any]]:
    """Our own stories as scenarios: the gold is what follows from their facts for what they tell of."""
    for name in ("seen", "blind"):
        for story in stories(name):
            facts, day = story["facts"], str(story["today"])
            facts = {key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()}
            found = assess({"facts": facts}, library, date.fromisoformat(day))
            expect = {b: one for b, one in found["directions"].items() if one["asked"]}
            best = [one["directions"] for one in found["best"]][:1]
            if expect:
                yield {
                    "id": story["id"], "story": story["story"], "as_of": day, "facts": facts, "expect": expect,
                    "best": best[0] if best else None, "contacts": [],
                }  # fmt: skip


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--without-story", action="store_true")
    args = parser.parse_args()
    library = open_library()
    for name, items in (("open", scenarios()), ("own", list(own_items(library)))):
        perfect, counts = 0, []
        for item in items:
            walked = walk(item, library, story=not args.without_story)
            faults = compare(item, walked.results)
            perfect += not faults
            counts.append(walked.questions)
            if faults and args.show:
                print(item["id"], item["story"], *faults, *walked.said, "", sep="\n    ")
        figures = {"set": name, "items": len(items), "perfect_pct": round(100 * perfect / len(items), 1)}
        print(figures | {"questions_median": statistics.median(counts), "questions_max": max(counts)})


if __name__ == "__main__":
    main()
