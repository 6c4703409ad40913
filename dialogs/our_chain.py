"""Whom to turn to for 这条链 when the visitor has said before which one is theirs."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.contacts import narrowest
from dialogs.conversation import Conversation
from dialogs.intent import Ask
from dialogs.library import Library


def of_our_chain(ask: Ask, folded: str, conversation: Conversation, library: Library) -> Ask:
    """An ask for the contact of 这条链 with the row of the chain that was told last; as it is where none was.

    我们做氢燃料电池电堆的 → 我们这条链归谁管: the row for the fewest branches that the statement names.
    """
    if not {"contact", "email"} & set(ask.facets) or not _OUR_CHAIN.search(folded):
        return ask
    rows = library.contacts_of(ask.topics)
    if any(row.id in ask.contacts for row in narrowest(rows)):
        return ask
    for said in reversed(conversation.said):
        named = library.finder.find(said).contacts
        found = narrowest([row for row in rows if row.id in named])
        if len(found) == 1 and len(rows) > len(found):
            return replace(ask, contacts=(found[0].id,))
    return ask


_OUR_CHAIN = re.compile(r"(?:我们?|咱们?|本)(?:这|那)?(?:条|个)?链|[这那](?:条|个)链")
"""What asks of a chain that was told before."""
