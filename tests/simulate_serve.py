"""`policydesk` by a clock that hurries, or broken on purpose: `SABOTAGE=… python -m tests.simulate_serve serve …`.

claim    the lock on a ticket is left out: whoever claims it has it too, and whoever writes is let through
"""

from __future__ import annotations

import os

from bot.__main__ import main
from dialogs import handover
from dialogs.messages import TicketEvent, TicketState
from tests.clocks import hand_out

_step = handover.step


def step(state: TicketState, event: TicketEvent, *, own: bool = True) -> str:
    """The next state, whoever has the ticket."""
    return "taken" if (state, event) == ("taken", "claimed") else _step(state, event)


def leave_the_claims_lock_out() -> None:
    """Nobody asks who has a ticket."""
    handover.step = step


SABOTAGES = {"claim": leave_the_claims_lock_out}

if __name__ == "__main__":
    hand_out()
    wanted = os.environ.get("SABOTAGE", "")
    if wanted:
        SABOTAGES[wanted]()
    main()
