"""The house: three rooms, one direction, and two of them pure."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("knowledge", "dialogs", "bot")
MAY_IMPORT = {"knowledge": {"knowledge"}, "dialogs": {"dialogs", "knowledge"}, "bot": set(ROOMS)}
OUTSIDE = {
    "asyncio", "sqlite3", "sqlite_utils", "telegram", "socket", "http", "urllib", "httpx", "requests", "subprocess",
    "threading", "multiprocessing", "time", "random", "os", "sys", "logging", "click", "prompt_toolkit",
}  # fmt: skip
READS_FILES = {"knowledge/reading.py"}
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def _calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree) if isinstance(node, ast.Call)}  # fmt: skip


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    """bot → dialogs → knowledge, never back."""
    room = path.relative_to(ROOT).parts[0]
    assert _imports(path) & set(ROOMS) <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", [p for p in MODULES if "bot" not in p.relative_to(ROOT).parts], ids=lambda p: p.name)
def test_the_inner_rooms_touch_nothing_outside(path: Path) -> None:
    """No clock, no waiting, no database, no network; files only in the one module that reads them at load."""
    assert not _imports(path) & OUTSIDE
    assert not any(
        isinstance(n, ast.AsyncFunctionDef | ast.Await) for n in ast.walk(ast.parse(path.read_text("utf-8")))
    )
    assert not _calls(path) & {"today", "now", "utcnow"}
    if str(path.relative_to(ROOT)) not in READS_FILES:
        assert not _calls(path) & {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
