"""What every test may ask for: the library, proved once, and days of the three kinds."""

from __future__ import annotations

from datetime import date

import pytest

from bot.opening import open_library
from dialogs.library import Library

OPEN, BEFORE, CLOSED = date(2023, 3, 20), date(2023, 2, 1), date(2026, 11, 24)


@pytest.fixture(scope="session")
def library() -> Library:
    """The library over the guide that is served."""
    return open_library()
