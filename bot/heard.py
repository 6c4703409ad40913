"""What a visitor has said that nobody but an officer was to answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store import Exchange
from dialogs.messages import Choice, Happened, Text


def heard_since(talk: Sequence[Exchange]) -> list[Text | Choice]:
    """What the visitor has said since an officer took the ticket, and nobody but the officer was to answer."""
    heard: list[Text | Choice] = []
    for one in reversed(talk):
        if isinstance(one.message, Happened):
            if one.message.event in ("claimed", "called") and one.reply:
                break
        elif one.reply is None:
            heard.append(one.message)
    return heard[::-1]
