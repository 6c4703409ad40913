"""Canned texts: what stands in the file may be said; a figure without origin is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.library import Library
from knowledge.reading import BrokenGuide, read_canned

FINE = "outcomes: [已答复]\ntexts:\n- {title: 请稍等, text: 请稍等。}\n"


def test_our_own_are_proved_and_found_by_initials(library: Library) -> None:
    """With the desk's hours and the consultation line filled in."""
    found = {one.initials: one for one in library.canned.texts}
    assert found["qsd"].title == "请稍等"
    line = found["dzxdh"].filled(library.canned_slots)
    assert "9:00至12:00" in line and "55578183" in line and "{" not in line
    assert library.canned.outcomes


@pytest.mark.parametrize(
    "wrong, says",
    [
        ("- {title: 上限, text: 最高3000万元。}", "“3000万元”没有出处"),
        ("- {title: 上限, text: 最高3000万元。, quote: 最高能拿3000万元, clause: 一（一）方向1}", "引文不在"),
        ('- {title: 电话, text: "请打{mobile}。"}', "{mobile}没有可填的"),
        ('- {title: 电话, text: "请打{phone。"}', "没有成对"),
        ("- {title: 请稍等, text: 马上。}", "已经有了"),
        ("- {title: 名字, words: 马上。}", "words"),
    ],
)
def test_a_slip_is_named(wrong: str, says: str, library: Library, tmp_path: Path) -> None:
    """With its line, and what would be right."""
    (tmp_path / "canned.yaml").write_text(FINE + wrong + "\n", encoding="utf-8")
    with pytest.raises(BrokenGuide) as broken:
        read_canned(tmp_path, library.guide)
    assert says in str(broken.value) and "canned.yaml 第4行" in str(broken.value)


def test_a_figure_of_the_guide_stands_on_its_quote(library: Library, tmp_path: Path) -> None:
    """The clause and the words in it."""
    quote = "单个企业奖励金额最高不超过3000 万元"
    right = f"- {{title: 上限, text: 最高3000万元。, quote: {quote}, clause: 一（一）方向1}}\n"
    (tmp_path / "canned.yaml").write_text(FINE + right, encoding="utf-8")
    assert len(read_canned(tmp_path, library.guide).texts) == 2
