"""Who is behind a name, a phone, a mailbox or an office; two people of one name are offered as two."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from rapidfuzz.distance import OSA

from dialogs.answering import answer_one
from dialogs.contacts import contacts
from dialogs.intent import Intent
from dialogs.library import Holder, Library
from dialogs.messages import Reply
from dialogs.saying import Saying, Source, contact_source, desk_source, district_source, holder_source
from knowledge.corrected import known_by
from knowledge.guide import Contact


def people(intent: Intent, library: Library) -> Reply:
    """The people of one or several names; a district or office that was said with them narrows."""
    names = [id_ for id_ in intent.ids if ":" not in id_]
    districts = {id_.split(":", 1)[1] for id_ in intent.ids if id_.startswith("district:")}
    offices = {id_.split(":", 1)[1] for id_ in intent.ids if id_.startswith("office:")}
    saying, several, status = Saying(library), False, "answered"
    asked = [ask for ask in intent.asks if ask.facets != ("contact",)]
    if intent.elsewhere and not intent.partly:
        saying.say("said_of_people", Source("desk", intent.elsewhere.say, "elsewhere.yaml"), says=intent.elsewhere.say)
    for ask in (ask for ask in intent.asks if ask not in asked):
        contacts(saying, ask, mail="email" in intent.facets, phone=True)
    if intent.checks and not intent.elsewhere:
        saying.say("of_district")
    if intent.one_phone:
        _say_phones(saying, names, library)
    for id_ in intent.near:
        _not_of_district(saying, id_, tuple(names))
        _people_of(saying, id_)
    for name in names:
        held = [holder for holder in library.holders if holder.name == name]
        narrowed = [h for h in held if _is_of(h, districts, offices)] or held
        if len(names) > 1 and not intent.asks:
            saying.offer(f"{_where(narrowed[0])} {name}", f"person:{library.holders.index(narrowed[0])}")
        each = len(narrowed) > 1 and all(_is_of(holder, districts, offices) for holder in narrowed)
        if len(narrowed) > 1 and not intent.near and not each:
            several, status = True, "clarify"
            count = desk_source(f"{len(narrowed)}位")
            saying.say("same_name", count, holder_source(narrowed[0]), count=len(narrowed), name=name)
        for holder in narrowed:
            _introduce(saying, holder, mail="email" in intent.facets)
            if len(narrowed) > 1:
                saying.offer(f"{_where(holder)} {name}", f"person:{library.holders.index(holder)}")
    for ask in asked:
        answer_one(saying, ask, library, alone=False)
    topics = ("district",) if all(h.district for n in names for h in library.holders if h.name == n) else ("general",)
    if intent.elsewhere and intent.partly:
        saying.say("part_silent", Source("desk", intent.elsewhere.say, "elsewhere.yaml"), says=intent.elsewhere.say)
    elif intent.elsewhere and not asked:
        return saying.reply("no_answer", reason="not_in_guide", topics=topics, facets=("reverse_lookup",))
    surname = intent.by_surname and len(names) > 1
    return saying.reply(
        "clarify" if status == "clarify" or surname else "answered",
        topics=topics,
        facets=("reverse_lookup",),
        confidence=0.5 if several else 0.95,
    )


def _say_phones(saying: Saying, names: list[str], library: Library) -> None:
    """Whether several people have the same phone; nothing where one of them has several rows with different ones."""
    held = [{one.phone: one for one in library.holders if one.name == name} for name in names]
    if all(len(one) == 1 for one in held):
        phones = dict(pair for one in held for pair in one.items())
        saying.say("one_phone" if len(phones) == 1 else "other_phones", *map(holder_source, phones.values()))


def _is_of(holder: Holder, districts: set[str], offices: set[str]) -> bool:
    return bool((holder.district and holder.district.id in districts) or holder.office in offices)


def _where(holder: Holder) -> str:
    return holder.district.name if holder.district else holder.office


def _introduce(saying: Saying, holder: Holder, *, mail: bool) -> None:
    source = holder_source(holder)
    if holder.district:
        saying.say(
            "person_district",
            source,
            name=holder.name,
            district=holder.district.name,
            office=holder.office,
            phone=holder.phone,
        )
    elif holder.name:
        saying.say(
            "person_duties",
            source,
            name=holder.name,
            office=holder.office,
            matters="、".join(holder.matters),
            phone=holder.phone,
        )
    else:
        row = holder.rows[0]
        saying.say("line_only", source, matter=row.label, office=row.office, phone=row.phone)
    if holder.district and holder.district.paired_by_order:
        saying.say("by_order")
    if mail and holder.email:
        who = holder.district.name if holder.district else holder.name
        saying.say("mailbox_of", source, email=holder.email, who=who)
    saying.cite(
        "二（三）4" if holder.district else "二（三）3",
        "各区联系方式详见下表" if holder.district else "各领域联系方式详见下表",
    )
    saying.holder(holder)


def one_person(index: int, library: Library) -> Reply:
    """The person that an option named."""
    saying = Saying(library)
    holder = library.holders[index]
    _introduce(saying, holder, mail=bool(holder.email))
    return saying.reply(
        "answered", topics=("district",) if holder.district else ("general",), facets=("reverse_lookup",)
    )


def phones(intent: Intent, library: Library) -> Reply:
    """Whose a phone is: everybody who shares it."""
    saying, found = Saying(library), False
    for phone in intent.ids:
        held = [holder for holder in library.holders if phone in known_by(holder, "phone")]
        if held:
            found = True
            sources = [holder_source(holder) for holder in held]
            who = "；".join(_titled(holder) for holder in held)
            saying.say("phone_of", *sources, phone=phone, who=who)
            for holder in held:
                if phone != holder.phone:
                    saying.say("phone_now", holder_source(holder), who=holder.name or holder.office, phone=holder.phone)
            for holder in held:
                saying.holder(holder)
                saying.cite(
                    "二（三）4" if holder.district else "二（三）3",
                    "各区联系方式详见下表" if holder.district else "各领域联系方式详见下表",
                )
        else:
            saying.say("phone_unknown", _told(phone), phone=phone)
    if not found and intent.near:
        return _nearby(saying, intent.near, library)
    if not found and (meant := _meant(intent, library)):
        for holder in meant:
            _introduce(saying, holder, mail=False)
        return saying.reply("answered", topics=("general",), facets=("reverse_lookup",))
    if found:
        _those_named(saying, intent, library)
        _those_sitting(saying, intent, library)
    for ask in intent.asks:
        if ask.topics[0] in library.rules:
            answer_one(saying, ask, library, alone=False)
        elif not {contact.phone for contact in library.contacts_of(ask.topics)} & set(intent.ids):
            contacts(saying, ask, mail=False, phone=True)
    if not found:
        _consult(saying, library)
        return saying.reply("no_answer", reason="not_in_guide", facets=("reverse_lookup",))
    return saying.reply("answered", topics=("general",), facets=("reverse_lookup",))


def _meant(intent: Intent, library: Library) -> list[Holder]:
    """Who is meant by a number that nobody has: the people said with it, else whose number differs by a slip."""
    named = [holder for holder in library.holders if holder.name in intent.people]
    near = {
        phone
        for phone in {holder.phone for holder in library.holders}
        if any(OSA.distance(phone, told, score_cutoff=A_SLIP) <= A_SLIP for told in intent.ids)
    }
    return named or ([holder for holder in library.holders if holder.phone in near] if len(near) == 1 else [])


A_SLIP = 1
"""Digits dropped, doubled, swapped or mistyped up to which a number is another one, written wrong."""


def _those_named(saying: Saying, intent: Intent, library: Library) -> None:
    """The people or the district named beside a number that is somebody else's, with their own numbers."""
    named = [h for h in library.holders if h.name in intent.people]
    near = [h for h in named if h.district and h.district.id in intent.near]
    meant = near or named
    if meant and not any(holder.phone in intent.ids for holder in meant):
        for holder in meant:
            _introduce(saying, holder, mail=False)
    elif len({holder.district and holder.district.id for holder in named}) > 1 and not near:
        for holder in named:  # 张静电话是64009160对吧: one of two of this name
            if holder.phone not in intent.ids:
                _introduce(saying, holder, mail=False)
    else:
        for id_ in intent.near:
            if not any(person.phone in intent.ids for person in library.district(id_).people):
                if named:
                    _not_of_district(saying, id_, intent.people)
                _people_of(saying, id_)


def _those_sitting(saying: Saying, intent: Intent, library: Library) -> None:
    """The people of an office that was named beside the number of another one of the same district."""
    sitting = [
        one for one in library.holders if one.district and one.district.id in intent.near and one.office in intent.only
    ]
    if not any(one.phone in intent.ids for one in sitting):
        for holder in sitting:
            _introduce(saying, holder, mail=False)


def _not_of_district(saying: Saying, id_: str, names: tuple[str, ...]) -> None:
    """Somebody was named for a district that is another one's."""
    district = saying.library.district(id_)
    saying.say("not_of_district", district_source(district), district=district.name, who="、".join(names))


def _people_of(saying: Saying, id_: str) -> None:
    """The people of a district, each with the number."""
    district = saying.library.district(id_)
    for person in district.people:
        slots = {"office": person.office, "name": person.name, "phone": person.phone}
        saying.say_slots("district_line", district_source(district), {"district": district.name, **slots})
    saying.district_cards(district)


def _nearby(saying: Saying, districts: tuple[str, ...], library: Library) -> Reply:
    """The right numbers of the district for which a wrong one was named."""
    for id_ in districts:
        _people_of(saying, id_)
    saying.cite("二（三）4", "各区联系方式详见下表")
    return saying.reply("answered", topics=("district",), facets=("reverse_lookup",))


def _titled(holder: Holder) -> str:
    if holder.district:
        return f"{holder.district.name}{holder.office}{holder.name}"
    matters = [one for one in holder.matters if holder.office not in one and one not in holder.office]
    return f"{holder.office}{holder.name}" + (f"（{'、'.join(matters)}）" if matters else "")


def mailboxes(intent: Intent, library: Library) -> Reply:
    """Whose a mailbox is; a part before @ is enough."""
    saying, found = Saying(library), False
    for district in (library.district(id_) for id_ in intent.near if intent.space):
        if district.other_email and district.other_email not in intent.ids:
            what, source = f"{district.name}{district.other_email_for}", district_source(district)
            saying.say("district_mail_other", source, what=what, email=district.other_email)
    for box in intent.ids:
        local = box.split("@")[0]
        exact = [h for h in library.holders if h.email and box in map(str.lower, known_by(h, "email"))]
        held = exact or [
            h for h in library.holders if h.email and local in [m.lower().split("@")[0] for m in known_by(h, "email")]
        ]
        others = [d for d in library.guide.districts if d.other_email and d.other_email.split("@")[0] == local]
        for holder in held:
            found = True
            saying.say("mailbox_of", holder_source(holder), email=holder.email, who=_titled(holder))
            saying.holder(holder)
        for district in others:
            found = True
            source = holder_source(next(h for h in library.holders if h.district == district))
            saying.say(
                "mailbox_of", source, email=district.other_email or "", who=f"{district.name}{district.other_email_for}"
            )
            saying.district_cards(district)
    if not found:
        saying.say("mailbox_unknown")
        _consult(saying, library)
        return saying.reply("no_answer", reason="not_in_guide", facets=("reverse_lookup",))
    saying.cite("二（三）3", "各领域联系方式详见下表")
    return saying.reply("answered", topics=("general",), facets=("reverse_lookup",))


def offices(intent: Intent, library: Library) -> Reply:
    """What an office answers for and who sits there."""
    saying = Saying(library)
    for office in intent.ids:
        rows = [contact for contact in library.guide.contacts if contact.office == office]
        rows.sort(key=lambda contact: contact not in library.lines("policy"))  # 规划处 is first of all whom to consult
        at = {contact.id: _first_of(contact, rows) for contact in rows}
        for _, lines in groupby(sorted(rows, key=lambda one: at[one.id]), key=lambda one: at[one.id]):
            own = list(lines)
            slots = {"matter": "、".join(one.label for one in own), "office": office, "phone": own[0].phone}
            named = {"name": own[0].name} if own[0].name else {}
            source = contact_source(own[0])
            source = replace(source, holds=" ".join(contact_source(one).holds for one in own))
            saying.say_slots("contact_line" if named else "line_only", source, {**slots, **named})
            saying.card(own[0])
    saying.cite("二（三）3", "各领域联系方式详见下表")
    return saying.reply("answered", topics=("general",), facets=("contact",))


def _first_of(contact: Contact, rows: list[Contact]) -> int:
    """Where somebody of an office stands first; who has several rows is one."""
    return next(at for at, one in enumerate(rows) if (one.name, one.phone) == (contact.name, contact.phone))


def desks(intent: Intent, library: Library) -> Reply:
    """The people of an office name that stands in the districts' table, district by district."""
    saying = Saying(library)
    for district in library.guide.districts:
        for person in district.people:
            if person.office in intent.ids:
                slots = {"office": person.office, "name": person.name, "phone": person.phone}
                saying.say_slots("district_line", district_source(district), {"district": district.name, **slots})
                saying.holder(next(h for h in library.holders if h.district == district and h.name == person.name))
    saying.cite("二（三）4", "各区联系方式详见下表")
    return saying.reply("answered", topics=("district",), facets=("district_contact",), confidence=0.9)


def _told(text: str) -> Source:
    return Source("told", text, "told")


def _consult(saying: Saying, library: Library) -> None:
    for line in library.lines("policy")[:1]:
        saying.say("ask_line", contact_source(line), office=line.office, name=line.name, phone=line.phone)
        saying.card(line)
