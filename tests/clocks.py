"""A clock that every process of a run shares: it may go faster than the real one, and jump over a night.

The product has no such clock: a harness hands it to the conductors of its own `serve` (`hand_out`), by the environment.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.conductor import Conductor

NAME = "HARNESS_CLOCK"


@dataclass(frozen=True)
class Clock:
    """It began at a real time (`began`, seconds of the epoch) and goes `factor` times as fast.

    `legs`: from which real second after that on it goes on from which moment (ISO, with its zone); the first is at 0.
    """

    began: float
    factor: float
    legs: tuple[tuple[float, str], ...]

    def __call__(self) -> datetime:
        """The moment."""
        since = time.time() - self.began
        after, moment = [leg for leg in self.legs if leg[0] <= max(0.0, since)][-1]
        return (datetime.fromisoformat(moment) + timedelta(seconds=(since - after) * self.factor)).astimezone(UTC)

    @property
    def environment(self) -> dict[str, str]:
        """What a process is given so that it goes by this clock."""
        return {NAME: json.dumps(asdict(self))}


def hand_out() -> None:
    """Conductors of this process that are not told otherwise go by the clock of the environment, if there is one."""
    if NAME not in os.environ:
        return
    told = json.loads(os.environ[NAME])
    clock = Clock(told["began"], told["factor"], tuple((after, moment) for after, moment in told["legs"]))
    made: Callable[..., None] = Conductor.__init__

    def init(self: Conductor, *given: Any, **named: Any) -> None:
        made(self, *given, **({"now": clock} | named))

    Conductor.__init__ = init  # type: ignore[method-assign]
