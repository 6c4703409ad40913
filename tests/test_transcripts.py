"""The conversations of `transcripts/`, as policy staff read and write them: said or tapped, then looked at.

我: what is typed            点: the label that is tapped          值: a value as an old button sends it
状态: the reply's status      问: the fact asked (范围 for the scope; 无)   见: pieces that are shown
员: what an officer does (话: with which words)    静: nothing comes, an officer has the conversation
不见: pieces that are not     记着: facts that are kept, with their values  行: lines at most
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dialogs.library import Library
from dialogs.messages import Happened
from knowledge.amounts import plain
from tests.case_files import cases
from tests.visitor import Visitor

KEYS = {"我", "点", "值", "状态", "问", "见", "不见", "记着", "行", "员", "话", "静"}
ACTS = {
    "接手": "claimed", "说": "said", "退回": "released", "转给": "transferred", "上报": "raised", "办结": "closed",
    "接过来": "called",
}  # fmt: skip
TALKS = [
    (f"{path.stem}：{talk['名']}", talk)
    for path in sorted((Path(__file__).parent / "transcripts").glob("*.yaml"))
    for talk in cases(path)
]


@pytest.mark.parametrize("talk", [talk for _, talk in TALKS], ids=[name for name, _ in TALKS])
def test_a_conversation_goes_as_written(talk: dict[str, Any], library: Library) -> None:
    """Every step of a transcript gets the reply that it says."""
    at = datetime.fromisoformat(talk["时"]) if "时" in talk else None
    visitor = Visitor(library, date.fromisoformat(str(talk.get("日", "2023-03-20"))), at)
    for step in talk["话"]:
        assert set(step) <= KEYS, f"不认识{set(step) - KEYS}"
        if step.get("静"):
            visitor.tells(str(step["我"]))
            continue
        _send(visitor, step)
        _look(visitor, step)


def _send(visitor: Visitor, step: dict[str, Any]) -> None:
    if "员" in step:
        event: Any = ACTS[step["员"]]
        no = 0 if event == "called" else visitor.last_ticket
        visitor.is_served(Happened(event, no, "李明", text=str(step.get("话", ""))))
    elif "我" in step:
        visitor.says(str(step["我"]))
    elif "点" in step:
        visitor.taps(str(step["点"]))
    else:
        visitor.taps_value(step["值"])


def _look(visitor: Visitor, step: dict[str, Any]) -> None:
    reply = visitor.reply
    assert reply is not None
    visitor.sees(*_list(step.get("见", [])))
    shown = plain(reply.text)
    assert not [one for one in _list(step.get("不见", [])) if plain(one) in shown], reply.text
    if "状态" in step:
        assert reply.status == step["状态"], reply.text
    if "问" in step:
        asked = "无" if reply.question is None else reply.question.fact or "范围"
        assert asked == step["问"], reply.text
    now = {key: kept.value for key, kept in visitor.conversation.now.items()}
    for key, value in step.get("记着", {}).items():
        kept = now.get(key)
        assert (kept.isoformat() if isinstance(kept, date) else kept) == value, (key, kept, reply.text)
    assert len(reply.text.splitlines()) <= step.get("行", 25), reply.text


def _list(given: Any) -> list[str]:
    return [str(one) for one in (given if isinstance(given, list) else [given])]
