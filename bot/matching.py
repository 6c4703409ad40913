"""`match`: the matcher alone over any FAQ; JSON Lines in, one line out for each question, flushed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from bot.asking import line
from bot.opening import KNOWLEDGE
from knowledge.matching import EntryId, Matcher, matcher

CORPUS_FORM = '{"id": "1", "questions": ["流片最多补多少"]}'
BATCH_FORM = '{"text": "流片最多补多少"}'


@dataclass
class Run:
    """What one run met and measured."""

    status: int = 0
    entries: int = 0
    phrasings: int = 0
    build_s: float = 0.0
    mb: float = 0.0
    times_ms: list[float] = field(default_factory=list)

    def stats(self) -> dict[str, float]:
        """The figures of `--stats`; the times are nought where nothing was asked."""
        times = sorted(self.times_ms) or [0.0]
        return {
            "entries": self.entries,
            "phrasings": self.phrasings,
            "build_s": round(self.build_s, 3),
            "p50_ms": round(times[len(times) // 2], 3),
            "p99_ms": round(times[min(int(0.99 * len(times)), len(times) - 1)], 3),
            "mb": round(self.mb, 1),
        }


def match(corpus: str, batch: str, *, stats: bool) -> int:
    """Every question of `batch` against the entries of `corpus`; exit status 0, or 2 after a bad line in either."""
    from bot.commands.shape import Refused

    if corpus == batch == "-":
        raise Refused("--corpus 和 --batch 不能都写 -：标准输入只能给其中一个。")
    questions = _lines(batch, "--batch")
    run = Run()
    found = _built(corpus, run)
    for number, raw in enumerate(questions, 1):
        if raw.strip():
            _answer(raw, number, found, run)
    if stats:
        print(json.dumps(run.stats()), file=sys.stderr)
    return run.status


def _answer(raw: bytes, number: int, found: Matcher, run: Run) -> None:
    try:
        item = _object(raw, number, BATCH_FORM)
        if not isinstance(item.get("text"), str):
            raise ValueError(f"第{number}行要有text，是一句文字，如{BATCH_FORM}")
    except ValueError as fault:
        run.status = 2
        line({"id": None, "error": str(fault)})
        return
    began = time.perf_counter()
    matched = found.match(item["text"])
    run.times_ms.append(1000 * (time.perf_counter() - began))
    candidates = [{"id": entry, "score": score} for entry, score in matched.candidates]
    line({"candidates": candidates, "decision": matched.decision, "confidence": matched.confidence})


def _built(corpus: str, run: Run) -> Matcher:
    """The matcher over a corpus; lines that are no entry are left out, each with a sentence on standard error."""
    from knowledge.reading import read_wording
    from knowledge.sounding import sounding
    from knowledge.spelling import speller

    tables = speller({}), sounding(), read_wording(KNOWLEDGE)
    lines = _lines(corpus, "--corpus")
    before, began = _resident_mb(), time.perf_counter()
    made = matcher(_entries(lines, run), *tables)
    run.build_s, run.mb = time.perf_counter() - began, _resident_mb() - before
    return made


def _entries(lines: Iterator[bytes], run: Run) -> Iterator[tuple[EntryId, list[str]]]:
    seen: set[EntryId] = set()
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            entry, questions = _entry(raw, number)
            if entry in seen:
                raise ValueError(f"第{number}行的id“{entry}”前面已有，同一条目的问法请写在一行")
        except ValueError as fault:
            run.status = 2
            print(f"问答库{fault}；这一行没有收进去。", file=sys.stderr)
            continue
        seen.add(entry)
        run.entries += 1
        run.phrasings += len(questions)
        yield entry, questions


def _entry(raw: bytes, number: int) -> tuple[EntryId, list[str]]:
    item = _object(raw, number, CORPUS_FORM)
    entry, questions = item.get("id"), item.get("questions")
    if not isinstance(entry, str | int) or isinstance(entry, bool):
        raise ValueError(f"第{number}行要有id，是文字或整数，如{CORPUS_FORM}")
    if not isinstance(questions, list) or not questions or not all(isinstance(text, str) for text in questions):
        raise ValueError(f"第{number}行的questions应是一句或几句文字的列表，如{CORPUS_FORM}")
    return entry, questions


def _object(raw: bytes, number: int, form: str) -> dict[str, Any]:
    try:
        item = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(f"第{number}行不是一个UTF-8的JSON对象，应如{form}") from None
    if not isinstance(item, dict):
        raise ValueError(f"第{number}行应是一个JSON对象，如{form}")
    return item


def _lines(source: str, option: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input as they come; a file that can't be opened is refused at once."""
    from bot.commands.shape import Refused

    try:
        return _each(sys.stdin.buffer if source == "-" else Path(source).open("rb"))
    except OSError:
        raise Refused(f"打不开文件“{source}”，请检查路径；从标准输入读就写 {option} -。") from None


def _each(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from file


def _resident_mb() -> float:
    """Memory held by this process, in MB; nought where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1e6
