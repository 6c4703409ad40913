"""The service unit and the container file, by the tools of their kind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browsing import SKIPPED

ROOT = Path(__file__).parent.parent


def linted(*command: str) -> str:
    """What a linter says; nothing where all is well."""
    if not Path(command[0]).exists():
        pytest.fail(f"没有找到 {command[0]}：请运行 make setup，或设 POLICYDESK_SKIP=deploy 跳过。")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


@pytest.mark.skipif("deploy" in SKIPPED, reason="POLICYDESK_SKIP=deploy：跳过部署文件的检查")
def test_the_service_unit_is_clean(tmp_path: Path) -> None:
    """systemd knows every key and finds the program (here: that of this checkout); it exits 0 also with complaints."""
    unit = (ROOT / "deploy" / "policydesk.service").read_text(encoding="utf-8")
    here = tmp_path / "policydesk.service"
    here.write_text(unit.replace("/opt/policydesk", str(Path(sys.prefix).parent)), encoding="utf-8")
    assert linted(shutil.which("systemd-analyze") or "systemd-analyze", "verify", str(here)) == ""


@pytest.mark.skipif("deploy" in SKIPPED, reason="POLICYDESK_SKIP=deploy：跳过部署文件的检查")
def test_the_container_file_is_clean() -> None:
    """hadolint has nothing to say."""
    assert linted(str(Path(sys.executable).parent / "hadolint"), str(ROOT / "deploy" / "Containerfile")) == ""


def test_the_container_takes_all_that_runs() -> None:
    """Every room, and the lock; nothing of the tests."""
    container = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert all(f"COPY {room} {room}\n" in container for room in ("knowledge", "dialogs", "bot"))
    assert "requirements.lock" in container and "COPY tests" not in container
