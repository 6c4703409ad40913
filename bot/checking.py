"""`knowledge check`: the counts of a proved guide, or every fault with file and line."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.opening import GUIDE, proved_parts
from knowledge.overlay import read_overlay
from knowledge.proving import counts
from knowledge.reading import BrokenGuide, read_examples


def check(folder: Path | None, overlay: str = "") -> int:
    """Prove a folder, and an overlay over it; 0 when nothing speaks against them, 1 with faults."""
    try:
        guide = proved_parts(folder or GUIDE, overlay).guide
        examples = read_examples(folder or GUIDE)
    except BrokenGuide as broken:
        for fault in broken.faults:
            print(fault)
        print(f"没有通过：{len(broken.faults)}处要改。", file=sys.stderr)
        return 1
    found = counts(guide)
    print(f"{guide.title}（{guide.id}）")
    print(f"方向 {found.directions}  分支 {found.branches}  附件 {found.attachments}")
    print(f"业务联系人 {found.contact_rows}行 + 咨询和技术 {found.lines}条  各区 {found.districts}")
    print(f"判断条件 {found.conditions}条  存疑 {found.ambiguities}处，每个分支都能判出符合、不符合、不清楚")
    print(f"条文 {found.provisions}条，引文和数字均与原文对上。")
    if examples:
        print(f"预览用的题集 {len(examples)}句")
    if overlay:
        print(f"补充 {_counted(overlay)}，都放得上。")
    return 0


def _counted(overlay: str) -> str:
    """How much an overlay adds."""
    more = read_overlay(overlay)[0]
    phrasings, aliases = (sum(map(len, part.values())) for part in (more.phrasings, more.aliases))
    return f"问法{phrasings}条  叫法{aliases}个  更正{len(more.contacts)}处"
