"""A reply as a person reads it on a terminal: the text, the people, the clauses, the next steps."""

from __future__ import annotations

from dialogs.messages import Card, Reply


def as_text(reply: Reply) -> str:
    """The whole reply as lines."""
    parts = [reply.text]
    untold = [card for card in reply.contacts if card.phone not in reply.text]
    if untold:
        parts.append("\n".join(_card(card) for card in untold))
    if reply.citations:
        parts.append("\n".join(f"依据 {c.clause}：“{c.quote}”" for c in reply.citations[:3]))
    if reply.options:
        parts.append("还可以问：" + "  ".join(f"[{n}] {o.label}" for n, o in enumerate(reply.options, 1)))
    return "\n\n".join(parts)


def _card(card: Card) -> str:
    who = " ".join(filter(None, (card.office, card.name)))
    return f"☎ {card.matter}：{who} {card.phone}" + (f"  {card.email}" if card.email else "")
