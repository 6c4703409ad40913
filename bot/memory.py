"""How a process that serves for months keeps its memory: small, and looked through seldom."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

LITTER = 20_000
"""Objects made since the last look until Python looks for waste: a turn makes thousands and leaves almost none."""

LARGE = 4 * 2**20
"""Bytes from which memory goes back to the system at once: the 16 MB under a code's digest (scrypt), say."""

_M_MMAP_THRESHOLD = -3
"""malloc.h"""


def keep() -> None:
    """What there is stays for good: a worker that looked through it for waste would make it its own copy."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LITTER, 10, 10)


def give_back_what_is_large() -> None:
    """Let the C library not learn from the first large block that such ones are worth keeping, one for each thread."""
    with suppress(AttributeError, OSError):  # another C library, which has other ways
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)
