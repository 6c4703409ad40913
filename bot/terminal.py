"""The terminal chat: a person with line editing and history, or a program with one JSON object a line each way."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from bot.asking import line
from bot.cards import as_text
from bot.talking import Talk
from dialogs.messages import Choice, Message, Text

WITH_A_PERSON = "（已送到工作人员；按回车看有没有回复）"
WELCOME = "政策咨询（直接打字提问；打选项前的数字可选；输入 再见 或按 Ctrl-D 离开）"


def chat(talk: Talk, *, as_json: bool) -> None:
    """A conversation until the input ends."""
    try:
        if as_json:
            _for_programs(talk)
        else:
            _for_people(talk)
    finally:
        talk.close()


def _for_programs(talk: Talk) -> None:
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        message = _message(raw)
        if message is None:
            line({"error": f'第{number}行应是JSON对象，含text或choose之一，如{{"text": "流片最多补多少"}}'})
            continue
        reply = talk.send(message)
        line(reply.as_json() if reply else None)


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


def _for_people(talk: Talk) -> None:
    print(WELCOME)
    for text in _typed():
        for news in talk.news():
            print(f"\n{as_text(news)}\n")
        if not text.strip() and talk.handed_over:
            continue
        reply = talk.send(Text(text))
        print(f"\n{as_text(reply) if reply else WITH_A_PERSON}\n")
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
