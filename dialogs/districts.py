"""Whom to turn to in a district."""

from __future__ import annotations

from datetime import date

from dialogs.answering import answer_one
from dialogs.contacts import contacts
from dialogs.intent import Intent
from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, Source, district_source
from dialogs.window import state_of_day
from knowledge.guide import District


def districts(intent: Intent, library: Library, today: date) -> Reply:
    """Whom to turn to in one or several districts."""
    saying = Saying(library)
    only_mail = "email" in intent.facets and not {"contact", "district_contact"} & set(intent.facets)
    for ask in intent.asks:
        if ask.facets == ("contact",):
            contacts(saying, ask, mail="email" in intent.facets, phone=not only_mail)
        elif ask.facets:
            answer_one(saying, ask, library, alone=False)
    if "recommendation" in intent.facets:
        who = library.stated.get("recommendation:who")
        if who:
            saying.state(who)
    if intent.shared:
        saying.say("shared_place", place=intent.shared, who="和".join(library.district(id_).name for id_ in intent.ids))
    for id_ in intent.ids:
        _district(saying, library.district(id_), intent, only_mail=only_mail)
    saying.cite("二（三）4", "各区联系方式详见下表")
    if intent.elsewhere:
        saying.say("part_silent", Source("desk", intent.elsewhere.say, "elsewhere.yaml"), says=intent.elsewhere.say)
    if "recommendation" in intent.facets:
        state_of_day(saying, today)
    topics = (*(topic for ask in intent.asks for topic in ask.topics), "district")
    return saying.reply("answered", topics=topics, facets=("district_contact",), confidence=max(0.8, intent.confidence))


def _district(saying: Saying, district: District, intent: Intent, *, only_mail: bool) -> None:
    """The people and mailbox of a district; the ones that were picked out, or the mailbox kept for commercial space."""
    source = district_source(district)
    special = intent.space and district.other_email
    if special and district.other_email:
        what = f"{district.name}{district.other_email_for}"
        saying.say("district_mail_other", source, what=what, email=district.other_email)
    elif only_mail:
        saying.say("district_mail", source, district=district.name, email=district.email)
    else:
        people = [person for person in district.people if person.office in intent.only] or district.people
        for person in people:
            slots = {"office": person.office, "name": person.name, "phone": person.phone}
            saying.say_slots("district_line", source, {"district": district.name, **slots})
        if district.paired_by_order:
            saying.say("by_order")
        if len(intent.ids) <= 2:
            saying.say("district_mail", source, district="", email=district.email)
    if district.other_email and not special and len(intent.ids) <= 2 and not intent.only:
        what = f"{district.other_email_for}"
        saying.say("district_mail_other", source, what=what, email=district.other_email)
    saying.district_cards(district)
