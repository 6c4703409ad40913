"""The terminal chat: a person with line editing and history, or a program with one JSON object a line each way."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date

from bot.asking import line
from bot.cards import as_text
from dialogs.library import Library
from dialogs.messages import Choice, Message, Text
from dialogs.turn import respond, start

WELCOME = "政策咨询（直接打字提问；打选项前的数字可选；输入 再见 或按 Ctrl-D 离开）"


def chat(library: Library, today: date, *, as_json: bool) -> None:
    """A conversation until the input ends."""
    if as_json:
        _for_programs(library, today)
    else:
        _for_people(library, today)


def _for_programs(library: Library, today: date) -> None:
    conversation = start(library)
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        message = _message(raw)
        if message is None:
            line({"error": f'第{number}行应是JSON对象，含text或choose之一，如{{"text": "流片最多补多少"}}'})
            continue
        turn = respond(conversation, message, library=library, today=today)
        conversation = turn.conversation
        line(turn.reply.as_json())


def _message(raw: bytes) -> Message | None:
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("choose"), str):
        return Choice(data["choose"])
    return Text(data["text"]) if isinstance(data.get("text"), str) else None


def _for_people(library: Library, today: date) -> None:
    conversation = start(library)
    print(WELCOME)
    for text in _typed():
        turn = respond(conversation, Text(text), library=library, today=today)
        conversation = turn.conversation
        print(f"\n{as_text(turn.reply)}\n")
        if text.strip() in ("再见", "退出", "quit", "exit"):
            return


def _typed() -> Iterator[str]:
    """What is typed, line by line, until the end of input."""
    if not sys.stdin.isatty():
        for raw in sys.stdin.buffer:
            yield raw.decode("utf-8", "replace").rstrip("\n")
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.keys import Keys

    keys = KeyBindings()
    keys.add(Keys.Vt100MouseEvent)(lambda _: None)  # a pasted colour code is read as one, and breaks on it
    session: PromptSession[str] = PromptSession(history=InMemoryHistory(), key_bindings=keys)
    while True:
        try:
            yield session.prompt("您问：")
        except (EOFError, KeyboardInterrupt):
            return
