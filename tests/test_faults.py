"""Every fault an editor can make is refused with its own sentence, naming file, line and the mend."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.opening import GUIDE, PHRASES, compile_library, open_library
from dialogs.phrases import phrase_faults
from knowledge.reading import BrokenGuide, read_document
from tests.case_files import cases

FILES = ("cases/faults.yaml", "cases/rule_faults.yaml")
CASES = [case for name in FILES for case in cases(name)]


def plant(case: dict[str, Any], folder: Path) -> None:
    """Put a case's fault into a copy of the guide."""
    path = folder / case["file"]
    text = path.read_text(encoding="utf-8")
    if "append" in case:
        text = text.rstrip("\n") + "\n" + case["append"]
    else:
        assert case["find"] in text, "the case no longer finds its place"
        text = text.replace(case["find"], case["put"], 1)
    for more in case.get("also_find", []):
        assert more in text
        text = text.replace(more, "", 1)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the guide that may be broken."""
    copy = tmp_path / GUIDE.name
    shutil.copytree(GUIDE, copy)
    (copy / "source.txt").chmod(0o644)
    return copy


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_planted_fault_is_named(case: dict[str, Any], folder: Path) -> None:
    """The sentence names the file and the line, and says what would be right."""
    plant(case, folder)
    with pytest.raises(BrokenGuide) as broken:
        compile_library(folder)
    file = case.get("in_file", case["file"])
    said = [str(fault) for fault in broken.value.faults if fault.file == file]
    assert any(all(piece in sentence for piece in case["says"]) for sentence in said), broken.value.faults
    assert all(" 第" in sentence or "：" in sentence for sentence in said)


def test_a_whole_copy_is_served(folder: Path) -> None:
    """The copy has the content that was proved and compiled, so each fault above is the planted one."""
    assert open_library(folder).guide.id == "2023-batch-1"


@pytest.mark.parametrize(
    "missing",
    [
        "source.txt",
        "contacts.yaml",
        "03-new-materials.yaml",
        "rules/00-general.yaml",
        "rules/10-smart-manufacturing.yaml",
    ],
)
def test_a_missing_file_is_named(missing: str, folder: Path) -> None:
    """What is not there is said, whatever it is."""
    (folder / missing).unlink()
    with pytest.raises(BrokenGuide) as broken:
        compile_library(folder)
    number = missing.split("/")[-1].split("-")[0].lstrip("0")
    said = str(broken.value)
    assert missing in said or "13个" in said or f"方向{number}没有规则文件" in said


def test_a_damaged_file_is_named(folder: Path) -> None:
    """Bytes that are no text get a sentence, not a traceback."""
    (folder / "facts.yaml").write_bytes(b"\xff\xfe\x00\x9d")
    with pytest.raises(BrokenGuide, match=r"facts\.yaml"):
        compile_library(folder)


def test_a_slot_that_nothing_fills_is_named() -> None:
    """A sentence of ours can only use the slots that the program fills."""
    sentences = dict(read_document(PHRASES).data)  # type: ignore[call-overload]
    assert phrase_faults(sentences) == []
    sentences["district_mail"] = "{district}邮箱{mailbox}。"
    assert phrase_faults(sentences) == [
        ("district_mail", "“district_mail”里的空位{mailbox}没有内容可填，可用的空位：{district}、{email}")
    ]
