"""Every number of a sentence is read whole, as it is spoken: 2万8 is 28000, 二十五年 is neither 2 nor 25."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.amounts import told
from tests.case_files import cases


@pytest.mark.parametrize("case", cases("cases/spoken.yaml"), ids=lambda case: case["says"])
def test_a_sentence_tells_its_numbers(case: dict[str, Any]) -> None:
    """Which kind of figure, and how much, in 万元 where it is money."""
    heard = [f"{one.kind} {one.value.normalize():f}" for one in told(case["says"]) if one.value is not None]
    assert heard == case["told"]
