"""How fast one visitor, and one address, may ask: a bucket that fills slowly and is emptied by each request.

Held in memory by each process; generous to people, and a wall to a loop.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.problems import Fault

MOST_KEPT = 20_000
"""Buckets in memory; beyond this the full ones are dropped, which changes nothing for anybody."""


@dataclass
class Limit:
    """At most `burst` at once, and `a_minute` in the long run, for each key."""

    burst: int
    a_minute: float
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, key: str) -> None:
        """Count one request of a key; raises a 429 with the seconds to wait where there were too many."""
        now = self.clock()
        left, since = self._buckets.get(key, (float(self.burst), now))
        left = min(self.burst, left + (now - since) * self.a_minute / 60)
        if left < 1:
            wait = math.ceil((1 - left) * 60 / self.a_minute)
            raise Fault(429, f"问得太快了，请过{wait}秒再试。", {"Retry-After": str(wait)})
        self._buckets[key] = (left - 1, now)
        if len(self._buckets) > MOST_KEPT:
            self._forget(now)

    def _forget(self, now: float) -> None:
        self._buckets = {
            key: (left, since)
            for key, (left, since) in self._buckets.items()
            if left + (now - since) * self.a_minute / 60 < self.burst
        }


@dataclass
class Limits:
    """The limits of one process."""

    messages: Limit = field(default_factory=lambda: Limit(burst=20, a_minute=40))
    """Messages of one conversation."""
    readings: Limit = field(default_factory=lambda: Limit(burst=30, a_minute=120))
    """Looks at one conversation."""
    openings: Limit = field(default_factory=lambda: Limit(burst=60, a_minute=60))
    """Conversations that one address opens (a whole office may sit behind one)."""
    guesses: Limit = field(default_factory=lambda: Limit(burst=20, a_minute=10))
    """Links, sessions and conversations that lead nowhere, asked for by one address."""
    documents: Limit = field(default_factory=lambda: Limit(burst=6, a_minute=6))
    """Documents printed of one sheet."""
    assessments: Limit = field(default_factory=lambda: Limit(burst=60, a_minute=120))
    """Cases judged by their facts alone, for one address."""
