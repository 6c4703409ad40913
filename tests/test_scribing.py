"""Typed pinyin is read as the characters that were meant (`cases/pinyin.yaml`, which policy staff can add to)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dialogs.explaining import explain
from dialogs.library import Library
from dialogs.messages import Text
from dialogs.turn import respond, start
from tests.case_files import cases

TYPED = cases(Path(__file__).parent / "cases" / "pinyin.yaml")


@pytest.mark.parametrize("case", TYPED, ids=[case["打"] for case in TYPED])
def test_what_is_typed_is_written(case: dict[str, str], library: Library) -> None:
    """A text in pinyin comes out in characters, any other as it was."""
    assert library.finder.scribe.written(case["打"]) == case["字"]


def test_what_could_not_be_answered_is_kept_as_it_was_typed(library: Library) -> None:
    """Staff read the visitor's own words, not what was made of them."""
    typed = "tianjin shi zhi neng gong chang jiang li duo shao qian"
    turn = respond(start(library), Text(typed), library=library, today=date(2023, 3, 20))
    assert turn.reply is not None and turn.reply.status == "no_answer"
    assert [effect.about["text"] for effect in turn.effects if effect.kind == "note"] == [typed]


def test_why_explains_what_was_heard(library: Library) -> None:
    """Editors see the characters and commas by which a message was judged, not what was typed."""
    explained = explain("laojiu changfang xiangmu yao xian ru ku ma", start(library), library)
    assert explained.folded == "老旧厂房项目要先入库吗"
    parts = explain("哪天截止啊 手机上在哪个app报 报着报着卡住了打哪个号", start(library), library)
    assert len(parts.segments) == 3
