"""Whom of the bureau to turn to: the rows of a topic."""

from __future__ import annotations

from dialogs.intent import Ask
from dialogs.library import Library
from dialogs.saying import Saying, contact_source
from knowledge.guide import Contact


def rows_of(ask: Ask, library: Library) -> list[Contact]:
    """The contacts of an ask's topics; of several rows those that it names."""
    rows = library.contacts_of(ask.topics)
    if "compare" in ask.facets:
        return rows  # each of several (三种保险各补多少，谁接电话)
    named = [contact for contact in rows if contact.id in ask.contacts]
    return named if named and len(rows) > 2 else rows


def narrowest(rows: list[Contact]) -> list[Contact]:
    """Of some rows those for the fewest branches (医药健康产业链, not the row for all of 方向13)."""
    least = min((len(one.branches) for one in rows), default=0)
    return [one for one in rows if len(one.branches) == least]


def contacts(saying: Saying, ask: Ask, *, mail: bool, phone: bool) -> None:
    """The municipal contacts of an ask's topics, in the text and as cards; of several rows those that it names."""
    found = rows_of(ask, saying.library)
    phrase = "contact_line_both" if mail and phone else ("contact_line_mail" if mail else "contact_line")
    for contact in found:
        saying.say_slots(
            phrase,
            contact_source(contact),
            {"matter": contact.label, "office": contact.office, "name": contact.name}
            | ({"phone": contact.phone} if phone or not mail else {})
            | ({"email": contact.email} if mail else {}),
        )
        saying.card(contact)
    if {b for c in found for b in c.branches} == {"11a", "11b"}:
        saying.say("two_offices")
    if any(contact.note and "邮箱" in contact.note for contact in found) and mail:
        saying.say("printed_so")
    for clause in ("二（三）3",) if found else ():
        saying.cite(clause, "各领域联系方式详见下表")
