"""A proof that can't fail proves nothing: each sabotage is found out, and the honest guide passes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.library import Library
from tests.proofs import judging as proofs
from tests.proofs import states
from tests.proofs.sabotage import KINDS, broken

QUICK = (proofs.thresholds, proofs.ceilings, proofs.flips, proofs.exemptions, proofs.choosing)


def failures(library: Library) -> int:
    """How many checks of the quick proofs fail."""
    tally = proofs.Tally()
    for proof in QUICK:
        proof(library, tally, random.Random(1))
    return len(tally.failed)


@pytest.mark.parametrize(("kind", "seed"), [*((kind, 1) for kind in KINDS), ("operator", 2), ("threshold", 3)])
def test_a_sabotage_is_found_out(kind: str, seed: int, library: Library) -> None:
    """An operator turned, a threshold moved, doubts decided, limits dropped …: some check fails."""
    assert failures(replace(library, guide=broken(library.guide, kind, random.Random(seed)))) > 0


def test_sabotage_leaves_the_guide_itself_whole(library: Library) -> None:
    """The broken copy is a copy."""
    broken(library.guide, "operator", random.Random(1))
    assert failures(library) == 0


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interview's proofs over a few states, so that they take seconds."""
    for name, few in (("MOST_STATES", 3), ("WALKS", 2), ("CHANGES", 8)):
        monkeypatch.setattr(states, name, few)


def interview_failures(library: Library) -> list[str]:
    """What fails of the interview's proofs on one direction, a few walks, and a handful of questions."""
    tally = proofs.Tally()
    states.breadth_first(["8"], library, tally)
    states.at_random(["1", "10"], library, tally, random.Random(1))
    states.changes(library, tally, random.Random(1))
    for key in ("is_advanced_mfg", "district"):
        held = states.standing_at(key, library)
        states.aside(
            key, held, "我们固投是1420万，要不要先入库？", {"fixed_asset_investment_wan": 1420}, library, tally
        )
    return tally.failed


@pytest.mark.usefixtures("short")
def test_the_interview_passes_its_proofs(library: Library) -> None:
    """Every state has a reply and a way out, asides and changes lose nothing."""
    assert interview_failures(library) == []


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("kind", states.KINDS)
def test_a_broken_interview_is_found_out(kind: str, library: Library) -> None:
    """Told facts dropped, the first telling counting, no sheet, a field not kept: some check fails."""
    with states.broken(kind):
        assert interview_failures(library)


def test_an_unknown_sabotage_is_refused() -> None:
    """A typing error must not look like a proof that passed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.prove"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "SABOTAGE": "operater"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "operater" in done.stderr and not done.stdout


def test_the_last_line_is_one_json_object() -> None:
    """The keys that CONTRACT fixes are in the source of the last line."""
    text = (Path(__file__).parent / "prove.py").read_text(encoding="utf-8")
    assert all(json.dumps(key) in text for key in ("thresholds", "states", "checks", "failures"))
