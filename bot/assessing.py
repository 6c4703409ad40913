"""`assess` and `assess --batch`: facts in, what follows from them out."""

from __future__ import annotations

import json
from datetime import date

from bot.asking import line, lines
from dialogs.assessing import BadRequest, assess
from dialogs.library import Library


def one(source: str, library: Library, today: date) -> int:
    """One request, one object; Refused with the sentence where it can't be read."""
    from bot.commands.shape import Refused

    try:
        request = read_json(b"".join(lines(source)), "输入")
        line(assess(request, library, today))
    except BadRequest as bad:
        raise Refused(f"{bad}。") from None
    return 0


def batch(source: str, library: Library, today: date) -> int:
    """JSON Lines in, outcomes out, in order; a bad line gets an error line and the rest goes on. Exit status 0 or 2."""
    status = 0
    for number, raw in enumerate(lines(source), 1):
        if not raw.strip():
            continue
        try:
            found = assess(read_json(raw, "这一行"), library, today)
        except BadRequest as bad:
            line({"id": None, "error": f"第{number}行：{bad}"})
            status = 2
            continue
        line(found)
    return status


def read_json(raw: bytes, what: str) -> object:
    """What JSON says; BadRequest, naming `what` it was, where it is none."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadRequest(f'{what}不是一个UTF-8的JSON对象，应像{{"facts": {{"reg_beijing": true}}}}') from None
