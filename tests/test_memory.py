"""What a process takes for a moment it gives back."""

from __future__ import annotations

import subprocess
import sys

TAKES = """
import os, threading
from pathlib import Path
from bot import memory
from bot.cases import digest_of

def held_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

memory.give_back_what_is_large()
memory.keep()
digest_of("sheet", "x")
before = held_mb()
for _ in range(3):
    thread = threading.Thread(target=digest_of, args=("code", "K7MQ3X"))
    thread.start()
    thread.join()
print(held_mb() - before)
"""


def test_a_codes_digest_leaves_no_memory_behind() -> None:
    """Each takes 16 MB while it is made, on whichever thread."""
    grown = subprocess.run([sys.executable, "-c", TAKES], capture_output=True, text=True, check=True).stdout
    assert float(grown) < 4
