"""What a draft would change, tried in a process of its own, so that whoever asks meanwhile doesn't wait.

`python -m bot.workbench.trying` reads one JSON object: `folder`, `before` and `after` (overlays as texts), `today`,
`asked` (lists of turns). It writes one a line: `{"total"}`, `{"done"}` now and then, `{"changed": …}` for each reply
that differs, at the end `{"ended": true}`; or `{"faults": […]}` where a draft can't be read or proved. What it compiles
stays as the compiled copy that publishing then loads.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

KIND = 2
"""How much the process gives way to those that answer (`nice`)."""
TELL = 20
"""Questions after which it says how far it is."""
LONGEST_LINE = 1 << 22


async def tried(
    folder: Path | None, before: str, after: str, today: date, asked: Sequence[Sequence[str]]
) -> AsyncIterator[dict[str, Any]]:
    """What the process says, object by object; it ends with whoever listens."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    told = {"folder": str(folder) if folder else None, "before": before, "after": after, "today": today.isoformat()}
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps(told | {"asked": [list(turns) for turns in asked]}).encode())
        await process.stdin.drain()
        process.stdin.close()
        async for line in process.stdout:
            yield json.loads(line)
    finally:
        if process.returncode is None and not process.stdout.at_eof():
            process.kill()
        await process.wait()


async def faults_of(folder: Path | None, document: str) -> list[str]:
    """Why an overlay can't be published, as sentences; none where it is proved and compiled."""
    said = [one async for one in tried(folder, "", document, date.min, ())]
    if not said:
        return ["核对的进程没有跑完，请再试一次。"]
    return [str(fault) for one in said for fault in one.get("faults", ())]


def main() -> None:
    """One run."""
    os.nice(KIND)
    told = json.load(sys.stdin)
    from bot.opening import open_library
    from dialogs.comparing import compared
    from knowledge.reading import BrokenGuide

    folder = Path(told["folder"]) if told["folder"] else None
    try:
        after = open_library(folder, told["after"])
    except BrokenGuide as broken:
        _say({"faults": [str(fault) for fault in broken.faults]})
        return
    _say({"total": len(told["asked"])})
    if told["asked"]:
        before = open_library(folder, told["before"])
        for library in (before, after):
            library.finder.bank.hasten()
        for done, changed in compared(told["asked"], before, after, date.fromisoformat(told["today"])):
            if changed:
                _say({"changed": asdict(changed) | {"at": done - 1}})
            if done % TELL == 0:
                _say({"done": done})
    _say({"ended": True})


def _say(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
