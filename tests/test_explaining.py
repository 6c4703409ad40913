"""Why a question was understood as it was, for editors and officers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dialogs.explaining import explain
from dialogs.library import Library
from dialogs.turn import start

QUESTIONS = Path(__file__).parent / "questions" / "open.jsonl"
WAYS = {
    "原词": "流片封顶",
    "读音": "留片封顶",
    "近似": "数据中心绿低碳改造",
    "首字母": "rzzl 封顶",
    "句式": "我们区得先给盖个戳吗",
}


@pytest.mark.parametrize(("name", "text"), WAYS.items(), ids=list(WAYS))
def test_each_way_in_which_a_word_is_found_is_named(name: str, text: str, library: Library) -> None:
    assert f"（{name}）" in explain(text, start(library), library).as_text()


def test_every_question_can_be_explained(library: Library) -> None:
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        for text in json.loads(line)["turns"]:
            assert explain(text, start(library), library).as_text().startswith("听到：")
