"""Whether what a ticket's log tells is a walk of the table, with one who speaks at a time; read from the store."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store import Store
from bot.tickets import Moved, TicketRow
from dialogs.handover import EVENTS, HOLDERS, STATES, TABLE


def unlawful(log: Sequence[Moved], row: TicketRow) -> str:
    """The first step that the table doesn't have, or that wasn't its officer's to do; empty where all is well."""
    state, holder = "none", ""
    for one in log:
        if one.refused or one.event not in EVENTS:
            continue
        if state == "taken" and one.event in HOLDERS and one.by != holder:
            return f"{one.event} by {one.by}, while {holder} has it"
        state_after = TABLE[state][one.event]  # type: ignore[index]
        if state_after not in STATES:
            return f"{one.event} while {state}"
        holder = "" if state_after != "taken" else one.by if one.event in ("claimed", "called") else holder
        state = state_after
    return (
        "" if (state, holder) == (row.state, row.holder) else f"ends {state} {holder}, stands {row.state} {row.holder}"
    )


def all_tickets(store: Store) -> list[TicketRow]:
    """Every ticket, open or closed, by number."""
    return sorted([*store.queue(), *store.closed_tickets(1_000_000)], key=lambda row: row.no)
