"""The open scenarios: 30 enterprises with gold verdicts, judged from their facts alone, each of them perfect."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dialogs.assessing import assess
from dialogs.library import Library
from tests.scenarios.score import compare

FOLDER = Path(__file__).parent / "scenarios"
SCENARIOS = [json.loads(line) for line in (FOLDER / "open.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("item", SCENARIOS, ids=lambda item: item["id"])
def test_a_scenario_is_judged_as_its_gold(item: dict[str, Any], library: Library) -> None:
    """Verdicts, ceilings, duties, what is missing, reasons, window, the best choice and whom to ask."""
    found = assess({key: item[key] for key in ("id", "as_of", "facts")}, library, date(2023, 3, 20))
    assert compare(item, found) == []


def test_the_scorer_finds_a_wrong_outcome(library: Library) -> None:
    """The scorer is no rubber stamp: an amount, a verdict and a contact changed are each noticed."""
    item = SCENARIOS[0]
    found = assess({key: item[key] for key in ("id", "as_of", "facts")}, library, date(2023, 3, 20))
    found["directions"]["1"]["max_award_wan"] = 3001
    assert any("award" in fault for fault in compare(item, found))
    found["directions"]["1"]["verdict"] = "unknown"
    assert any("verdict" in fault for fault in compare(item, found))
    assert any("contacts" in fault for fault in compare(item, {**found, "contacts": []}))


def test_the_command_is_perfect_on_all_of_them() -> None:
    """The scorer as it was given, over the command as it is installed."""
    command = f"{Path(sys.executable).parent / 'policydesk'} assess --batch -"
    run = [sys.executable, str(FOLDER / "score.py"), str(FOLDER / "open.jsonl"), "--cmd", command]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["scenarios"], figures["perfect_pct"], figures["verdicts_right_pct"]) == (30, 100.0, 100.0)
