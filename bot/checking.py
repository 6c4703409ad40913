"""`knowledge check`: the counts of a proved guide, or every fault with file and line."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.opening import GUIDE, compile_library
from knowledge.proving import counts
from knowledge.reading import BrokenGuide


def check(folder: Path | None) -> int:
    """Prove a folder; 0 when nothing speaks against it, 1 with faults."""
    try:
        library = compile_library(folder or GUIDE)
    except BrokenGuide as broken:
        for fault in broken.faults:
            print(fault)
        print(f"没有通过：{len(broken.faults)}处要改。", file=sys.stderr)
        return 1
    found = counts(library.guide)
    print(f"{library.guide.title}（{library.guide.id}）")
    print(f"方向 {found.directions}  分支 {found.branches}  附件 {found.attachments}")
    print(f"业务联系人 {found.contact_rows}行 + 咨询和技术 {found.lines}条  各区 {found.districts}")
    print(f"判断条件 {found.conditions}条  存疑 {found.ambiguities}处，每个分支都能判出符合、不符合、不清楚")
    print(f"条文 {found.provisions}条，引文和数字均与原文对上。")
    return 0
