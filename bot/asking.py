"""`ask`, `ask --batch`, `why` and `facts`: one call in, lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.cards import as_text
from dialogs.conversation import Conversation
from dialogs.explaining import explain
from dialogs.library import Library
from dialogs.messages import Reply, Text
from dialogs.turn import respond, start


def _reply(conversation: Conversation, text: str, library: Library, today: date) -> tuple[Conversation, Reply]:
    turn = respond(conversation, Text(text), library=library, today=today)
    assert turn.reply is not None  # nobody takes over where no ticket is opened
    return turn.conversation, turn.reply


def line(value: object) -> None:
    """One JSON object a line, flushed, so that a reader on the other end of a pipe is never kept waiting."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def one(question: str, library: Library, today: date, *, as_json: bool) -> None:
    """One question, one reply."""
    _, reply = _reply(start(library, opens=False), question, library, today)
    if as_json:
        line(reply.as_json())
    else:
        print(as_text(reply))


def batch(source: str, library: Library, today: date) -> int:
    """JSON Lines in, replies out, in order; a bad line gets an error line and the rest goes on. Exit status 0 or 2."""
    status = 0
    for number, raw in enumerate(lines(source), 1):
        if not raw.strip():
            continue
        try:
            item = _item(raw, number)
        except ValueError as fault:
            line({"id": None, "error": str(fault)})
            status = 2
            continue
        replies = [reply.as_json() for reply in _conversation(item, library, today)]
        line({"id": item["id"], "replies": replies})
    return status


def lines(source: str) -> Iterator[bytes]:
    """The raw lines of a file, or of standard input for `-`; Refused where it can't be opened."""
    from bot.commands.shape import Refused

    if source == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(source).open("rb") as file:
            yield from file
    except OSError:
        raise Refused(f"打不开文件“{source}”，请检查路径；从标准输入读就写 -。") from None


def _item(raw: bytes, number: int) -> dict[str, Any]:
    try:
        item = json.loads(raw.decode("utf-8-sig"))  # an editor's mark before the first line is no fault
    except (ValueError, RecursionError):
        raise ValueError(f"第{number}行不是一个UTF-8的JSON对象") from None
    if not isinstance(item, dict) or not isinstance(item.get("id"), str | int):
        raise ValueError(f'第{number}行应是带id的JSON对象，如{{"id": "1", "turns": ["流片最多补多少"]}}')
    turns = item.get("turns")
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        raise ValueError(f"第{number}行的turns应是一句或几句文字的列表")
    if "as_of" in item:
        try:
            item["as_of"] = date.fromisoformat(item["as_of"])
        except (TypeError, ValueError):
            raise ValueError(f"第{number}行的as_of应写成2023-04-15这样") from None
    return item


def _conversation(item: dict[str, Any], library: Library, today: date) -> Iterator[Reply]:
    conversation = start(library, opens=False)
    for text in item["turns"]:
        conversation, reply = _reply(conversation, text, library, item.get("as_of") or today)
        yield reply


def why(question: str, library: Library, *, as_json: bool) -> None:
    """How a question was understood."""
    explained = explain(question, start(library), library)
    if as_json:
        line(explained.as_json())
    else:
        print(explained.as_text())


def facts(library: Library, *, as_json: bool) -> None:
    """The fact vocabulary."""
    for fact in library.guide.facts:
        if as_json:
            line(fact.model_dump())
            continue
        unit = f"（{fact.unit}）" if fact.unit else ""
        choices = "；".join(f"{value}={label}" for value, label in fact.choices.items())
        print(f"{fact.key}{unit}  {fact.question}")
        print(f"    {fact.kind}，{fact.subject}" + (f"，选项：{choices}" if choices else ""), end="")
        print(f"，缺省：{fact.default}" if fact.default is not None else "", end="")
        print(f"，用于：{'、'.join(fact.branches)}")
