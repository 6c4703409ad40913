"""What the guide leaves open for a case, as it is said: the doubt's own sentence and where each word of it stands."""

from __future__ import annotations

from dialogs.library import Library
from dialogs.saying import Source, contact_source
from knowledge.guide import Contact
from knowledge.rules import Ambiguity


def sources_of(doubt: Ambiguity, branch: str, library: Library) -> list[Source]:
    """Where the sentence of a branch's doubt stands: its quote, the direction's clauses, its contacts, the guide."""
    guide = library.guide
    text = " ".join([doubt.quote or "", *guide.direction_of[branch].clauses.values()])
    quote = [Source("quoted", doubt.quote, " ".join(doubt.quote.split()))] if doubt.quote else []
    rows = [contact_source(row) for row in guide.contacts if row.name and row.name in doubt.say]
    whole = Source("quoted", " ".join(guide.all_clauses.values()), doubt.id)
    return [*quote, Source("quoted", text, branch), contact_source(asked_of(doubt, library)), *rows, whole]


def asked_of(doubt: Ambiguity, library: Library) -> Contact:
    """Whom to ask about a doubt."""
    return next(contact for contact in library.guide.contacts if contact.id == doubt.contact)
