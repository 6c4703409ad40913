"""Intent → what the guide says: provisions with their clauses, people with their rows.

What was asked for comes first; then what an officer would add in the same breath (the share beside the ceiling, where
the rest stands); then whom to ask. Which provisions are said is decided by facet and by the words that name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from dialogs import declining
from dialogs.intent import RULE_FACETS, Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import Saying, Source, contact_source, day, desk_source, district_source
from knowledge.guide import District, Duty

APPLYING = {"conditions", "deadline", "process", "recommendation", "library", "exclusivity"}
"""Facets about applying: while the window is not open, the day's state comes first."""
TIMED_RULES = {"eligibility", "window", "process", "recommendation", "library", "exclusivity", "other_money"}
KIN_FACETS = {"exclusivity", "honesty"}
"""Facets that several rules answer together."""
OF_PROVISIONS = {"amount", "rate", "conditions", "scope", "definition", "overview", "compare", "other"}
"""Facets that a topic's own provisions answer."""
MONEY = {"amount", "rate"}
DUTIES: tuple[Duty, ...] = ("project_library", "district_recommendation")
"""What is done before applying, in this order."""
ONE_ONLY, EXEMPT = "exclusivity:one", "major_exemption:exempt"
"""That only one direction may be applied for, and who is exempt from it: said in the same breath."""
MOST_LINES = 6
MOST_CARDS = 4


def state_of_day(saying: Saying, today: date, *, always: bool = False) -> None:
    """Say first whether one may apply on this day; while the window is open only where it was asked (`always`)."""
    window = saying.library.guide.window
    opens, closes = date.fromisoformat(window.opens), date.fromisoformat(window.closes)
    own = desk_source(day(today), day(opens), day(closes), (closes - today).days, f"{(closes - today).days}天")
    if today > closes:
        saying.say("window_closed", own, first=True, closes=day(closes), today=day(today))
    elif today < opens:
        saying.say("window_before", own, first=True, opens=day(opens), today=day(today))
    elif always and today == closes:
        saying.say("window_last_day", own, first=True, today=day(today))
    elif always:
        saying.say("window_open", own, first=True, closes=day(closes), today=day(today), days=(closes - today).days)
    else:
        return
    saying.cite(window.clause, window.quote)


def answer(intent: Intent, library: Library, today: date) -> Reply:
    """The guide's answer to one or several asks."""
    saying = Saying(library)
    for ask in intent.asks:
        _one(saying, ask, library, alone=len(intent.asks) == 1)
    if intent.elsewhere:
        saying.say("part_silent", Source("desk", intent.elsewhere.say, "elsewhere.yaml"), says=intent.elsewhere.say)
    silent = library.said_by.get(saying.lines[0].text)
    if silent and silent.provision.unstated and silent.provision.unstated.outside and len(intent.asks) == 1:
        return declining.outside(silent, library, intent.confidence)
    facets = tuple(dict.fromkeys(f for ask in intent.asks for f in ask.facets)) or ("overview",)
    topics = tuple(dict.fromkeys(topic for ask in intent.asks for topic in ask.topics))
    timed = bool(APPLYING & set(facets)) or any(topic in TIMED_RULES for topic in topics)
    if timed:
        state_of_day(saying, today, always="deadline" in facets or topics == ("window",))
    _next_steps(saying, topics, facets)
    shown = tuple(topic if topic in library.guide.direction_of else "general" for topic in topics)
    return saying.reply("answered", topics=tuple(dict.fromkeys(shown)), facets=facets, confidence=intent.confidence)


def _one(saying: Saying, ask: Ask, library: Library, *, alone: bool) -> None:
    """One ask: its facets in the order in which they were asked, each with what an officer would say."""
    topic = ask.topics[0]
    if topic not in library.guide.direction_of:
        _rule(saying, topic, ask)
        return
    if not alone:
        saying.heading(f"{library.name_of(topic)}：")
    before, told = len(saying.lines), False
    for facet in ask.facets:
        if facet in OF_PROVISIONS:
            told = told or _provisions(
                saying, topic, ask, tuple(f for f in ask.facets if f in OF_PROVISIONS), alone=alone
            )
        else:
            _facet(saying, topic, facet, ask)
    named = any(ask.provisions.get(one.id, 0) >= 0.9 for one in library.under(topic))
    if not told and (
        len(saying.lines) == before or (named and {"deadline", "process", "exclusivity"} & set(ask.facets))
    ):
        _provisions(saying, topic, ask, (), alone=alone)
    if len(saying.cards) < MOST_CARDS:
        for contact in library.contacts_of(ask.topics)[:3]:
            saying.card(contact)


def _facet(saying: Saying, topic: str, facet: str, ask: Ask) -> None:
    """A facet that is answered by people, duties or a general rule rather than by the topic's provisions."""
    match facet:
        case "contact" | "email" | "reverse_lookup":
            mail = "email" in ask.facets
            contacts(saying, ask, mail=mail, phone="contact" in ask.facets or not mail)
        case "library":
            _duty(saying, topic, "project_library", ask)
        case "recommendation":
            _duty(saying, topic, "district_recommendation", ask)
        case "exclusivity":
            _exclusivity(saying, topic, ask)
        case "attachment":
            _attachment_of(saying, topic)
        case "process" if "library" in ask.facets:
            for id_ in ("library:path", "library:steps"):
                saying.state(saying.library.stated[id_])
        case "process":
            for duty in DUTIES:
                if not (duty == "district_recommendation" and "recommendation" in ask.facets):
                    _duty(saying, topic, duty, ask)
            _rule(saying, "process", ask, most=1)
            _more_in_attachment(saying, topic, "more_papers")
        case "deadline":
            _rule(saying, "window", ask, most=1)
        case "honesty":
            _rule(saying, "consequences", ask, most=2)


# --- provisions ------------------------------------------------------------------------------------------------------


def _provisions(saying: Saying, topic: str, ask: Ask, facets: tuple[str, ...], *, alone: bool) -> bool:
    """Say the provisions of a topic that answer; several facets get a few lines each."""
    groups = [facets] if len(facets) < 2 else [(facet,) for facet in facets]
    most = MOST_LINES if alone and len(groups) == 1 else 4
    found = [chosen(topic, ask, group, saying.library, most) for group in groups]
    firsts = [group[0] for group in found if group] if len(groups) > 1 else []
    for one in [*_leads(topic, ask, facets, saying.library), *firsts, *(one for group in found for one in group)]:
        saying.state(one)
    if "conditions" in facets and topic in saying.library.guide.direction_of:
        _more_in_attachment(saying, topic, "more_conditions")
    return True


def _leads(topic: str, ask: Ask, facets: tuple[str, ...], library: Library) -> list[Stated]:
    """Of several questions the one provision that answers each facet of each, in the order of asking."""
    leads: list[Stated] = []
    for one in ask.questions:
        own = replace(ask, provisions=one.provisions, alike=one.alike, questions=())
        for facet in one.facets:
            if facet in facets:
                leads += chosen(topic, own, (facet,), library, 1)
    return leads


def _more_in_attachment(saying: Saying, topic: str, phrase: str) -> None:
    """Where the further conditions or papers stand, unless a line has named the attachment already."""
    direction = saying.library.guide.direction_of[topic]
    if not any(f"附件{direction.attachment}" in line.text for line in saying.lines):
        saying.say(phrase, no=direction.attachment)
        saying.cite("二（一）5", "具体申报说明（申报条件、支持标准等内容）详见附件")


def chosen(topic: str, ask: Ask, facets: tuple[str, ...], library: Library, most: int) -> list[Stated]:
    """The provisions of a topic that answer an ask, best first."""
    under = library.under(topic)
    plain = not ask.alike and not ask.provisions
    if plain and MONEY & set(facets):
        return _money(under, facets, most)
    meant = _meant(under, ask, facets)
    if set(facets) <= {"compare", "overview", "other"} and not meant:
        return _summary(under, most)
    if "conditions" in facets and not meant:
        return (_periods(under, library, most) if ask.time else []) or _thresholds(under, most)
    best = meant[0][0] if meant else 0.0
    found = [one for weight, one in meant if weight >= 0.6 * best][:most]
    of_facet = [one for one in under if one.provision.facet in facets and one not in found and _is_stated(one)]
    found = [*found[:1], *_in_order([*found[1:], *(of_facet if MONEY & set(facets) else [])], under, facets)]
    if MONEY & set(facets):
        found += _other_money(found, under, facets)
    return _without_doubles(_with_the_main(found or _summary(under, most), under, facets))[:most]


LIKED = 0.2
"""Likeness from which the entry that a question is most like counts."""


def _meant(under: list[Stated], ask: Ask, facets: tuple[str, ...]) -> list[tuple[float, Stated]]:
    """The provisions that words name or that whole questions are like, with their weight, best first.

    Likeness counts against the best of the topic's entries, not absolutely: a story around the question thins it out.
    Where words name the facet, a provision of another one has to be named or much alike to come in.
    """
    best = max((ask.alike.get(one.id, 0.0) for one in under), default=0.0)
    sure = min(1.0, best / 0.35) if best >= LIKED else 0.0

    def weight(one: Stated) -> float:
        cue = min(1.5, ask.provisions.get(one.id, 0.0))
        like = sure * ask.alike.get(one.id, 0.0) / best if best else 0.0
        facet = (0.9 if ask.told else 0.4) if one.provision.facet in facets else 0.0
        if one.provision.unstated and cue < 0.9 and like < 0.8:
            facet *= 0.35
        if ask.told and not facet and cue < 0.9 and like < 0.8:
            return 0.0
        return cue + facet + 1.3 * like

    weighed = [(weight(one), one) for one in under if ask.alike or ask.provisions]
    return sorted((pair for pair in weighed if pair[0] >= 0.7), key=lambda pair: -pair[0])


def _with_the_main(found: list[Stated], under: list[Stated], facets: tuple[str, ...]) -> list[Stated]:
    """What an officer says in the same breath while a reply is short: the ceiling, the share, the threshold."""
    if len(found) >= 3 or sum(len(one.provision.say) for one in found) > 80:
        return found
    ceilings = [one for one in under if one.provision.ceiling]
    rates = [one for one in under if one.provision.rate]
    figured = [one for one in under if _has_figure(one)]
    of_branch = {one.topic for one in found}
    main = [figured, ceilings, rates] if MONEY & set(facets) else [ceilings, rates, figured]
    for group in main:
        near = [one for one in group if one.topic in of_branch] or group
        if near and not any(one in group for one in found) and len(near) <= 2:
            found = [*found, *near]
    return found


def _money(under: list[Stated], facets: tuple[str, ...], most: int) -> list[Stated]:
    """All ceilings, or all shares, of a topic; the other of the two where there is room."""
    capped = [one for one in under if one.provision.ceiling]
    open_cap = [one for one in under if one.provision.facet == "amount" and one.provision.unstated]
    ceilings = [*(capped or open_cap[:1]), *(one for one in under if one.provision.bonus)]
    rates = [one for one in under if one.provision.rate]
    first, then = (ceilings, rates) if "amount" in facets else (rates, ceilings)
    return _without_doubles([*first, *then[: max(0, 4 - len(first))]])[: max(most, len(first))] or under[:most]


def _other_money(found: list[Stated], under: list[Stated], facets: tuple[str, ...]) -> list[Stated]:
    """The shares that belong to ceilings that were asked for, and the other way round."""
    rest = [one for one in under if one.provision.facet in MONEY and one not in found and _is_stated(one)]
    asked = [one for one in rest if one.provision.facet in facets and (one.provision.rate or one.provision.ceiling)]
    return [one for one in rest if one.provision.facet not in facets] + asked


def _thresholds(under: list[Stated], most: int) -> list[Stated]:
    """What has to be met: figures first, then the rest, as printed."""
    stated = [one for one in under if one.provision.condition and one.provision.facet in ("conditions", "scope")]
    figured = [one for one in stated if _has_figure(one)]
    others = [one for one in stated if one not in figured and one.provision.facet == "conditions"]
    scope = [one for one in under if one.provision.facet == "scope"][:1]
    return _without_doubles([*figured, *others, *scope])[:most] or _summary(under, most)


def _periods(under: list[Stated], library: Library, most: int) -> list[Stated]:
    """When something must have happened and for how long it is given; what is left open of that comes last."""
    dated = {fact.key for fact in library.guide.facts if fact.kind == "date" or fact.unit == "年"}
    plain = [one for one in under if not one.provision.unstated and one.provision.facet == "conditions"]
    stated = [one for one in plain if one.provision.period or _of_facts(one, dated)]
    worded = [one for one in plain if one not in stated and re.search(r"\d+年", one.provision.say)]
    left = [
        one
        for one in under
        if one.provision.unstated and re.search(r"时间|期间|年限|日期", one.provision.unstated.what)
    ]
    return _without_doubles([*stated, *worded, *left])[:most]


_ABOUT_TIME = re.compile(r"时间|期间|年限|日期")


def _of_facts(one: Stated, facts: set[str]) -> bool:
    return bool(one.provision.condition and one.provision.condition.fact in facts)


def _has_figure(one: Stated) -> bool:
    condition = one.provision.condition
    return bool(condition and (condition.at_least or condition.more_than or condition.at_most or condition.between))


def _in_order(found: list[Stated], under: list[Stated], facets: tuple[str, ...]) -> list[Stated]:
    """What was asked first, bonuses after what they are added to; else as printed."""
    place = {one.id: at for at, one in enumerate(under)}
    return sorted(
        found, key=lambda one: (one.provision.facet not in facets, one.provision.bonus is not None, place[one.id])
    )


def _score(one: Stated, ask: Ask, facets: tuple[str, ...]) -> float:
    """How well a rule's provision answers: the words that name it, its facet, and the likeness of whole questions."""
    cue = min(2.0, ask.provisions.get(one.id, 0.0))
    likeness = ask.alike.get(one.id, 0.0)
    facet = 1.0 if one.provision.facet in facets else 0.0
    if one.provision.unstated and not cue and likeness < 0.4:
        facet *= 0.35
    return cue + facet + (2.5 * likeness if likeness >= LIKED else 0.0)


def _summary(under: list[Stated], most: int) -> list[Stated]:
    """A topic in short: what is supported, then ceilings, then shares."""
    scope = [one for one in under if one.provision.facet == "scope"][:1]
    ceilings = [one for one in under if one.provision.ceiling]
    rates = [one for one in under if one.provision.rate]
    return _without_doubles([*scope, *ceilings, *rates])[:most] or under[:most]


def _is_stated(one: Stated) -> bool:
    return bool(one.provision.ceiling or one.provision.rate or one.provision.bonus)


def _without_doubles(found: list[Stated]) -> list[Stated]:
    """Each sentence once, the same ceiling of two branches too."""
    return list({one.provision.say: one for one in found}.values())


def _rule(saying: Saying, rule: str, ask: Ask, *, most: int = 3) -> None:
    """A general rule: the provisions that the words name, else its first ones of the facet asked."""
    kin = [name for name, facet in RULE_FACETS.items() if facet == RULE_FACETS.get(rule) and facet in KIN_FACETS]
    under = [one for name in dict.fromkeys((rule, *kin)) for one in saying.library.under(name)]
    facets = tuple(ask.facets)
    scored = sorted(
        ((_score(one, ask, facets) + 0.2 * (one.topic == rule), -at, one) for at, one in enumerate(under)),
        reverse=True,
        key=lambda x: x[:2],
    )
    best = scored[0][0]
    if best < 0.45:
        kept = under[:2]
    else:
        kept = [one for score, _, one in scored if score >= max(0.45, 0.7 * best)][:most]
        if under[0] not in kept and len(kept) < 2 and _is_heading(under[0]):
            kept.append(under[0])
        first = kept[:1] if len(scored) < 2 or best >= 1.3 * scored[1][0] else []
        kept = [*first, *(one for one in under if one in kept and one not in first)]
    if any(one.id == "consequences:acts" for one in kept):
        kept += [one for one in under if one.id in ("consequences:clawback", "consequences:credit") and one not in kept]
    both = {f"{rule}:which", f"{rule}:which_not"}
    if both & {one.id for one in kept}:
        kept += [one for one in under if one.id in both and one not in kept]
    for one in kept:
        saying.state(one)
    if ONE_ONLY in [one.id for one in kept]:
        saying.state(saying.library.stated[EXEMPT])
    duty = {"recommendation": "district_recommendation", "library": "project_library"}.get(rule)
    asked = next((one.provision.id for one in kept if one.provision.id in ("which", "which_not")), None)
    if duty and asked:
        _named_directions(saying, duty, listed=asked == "which")
    if rule == "consultants" or RULE_FACETS.get(rule) == "exclusivity" or any(one.provision.unstated for one in kept):
        for line in saying.library.lines("policy")[:3]:
            saying.card(line)
    if rule == "support":
        for line in saying.library.lines("support"):
            saying.card(line)


def _named_directions(saying: Saying, duty: str, *, listed: bool) -> None:
    """The directions that a duty falls on, or those on which it does not, by name."""
    guide = saying.library.guide
    wanted = [d.label for d in guide.directions if any(duty in branch.needs for branch in d.branches) == listed]
    saying.say("listed" if listed else "unlisted", who="、".join(wanted))


def _is_heading(one: Stated) -> bool:
    """Whether a provision is what its rule mainly says (not a doubt)."""
    return one.provision.unstated is None


# --- duties, exclusivity, attachments --------------------------------------------------------------------------------


def _duty(saying: Saying, topic: str, duty: Duty, ask: Ask) -> None:
    """Whether a topic needs the project library or the district's recommendation; the yes or no stands first."""
    library = saying.library
    direction = library.guide.direction_of[topic]
    of_direction = library.branches_of(direction.direction)
    needing = [branch for branch in of_direction if duty in library.guide.branches[branch].needs]
    word = "library" if duty == "project_library" else "recommendation"
    rule = library.guide.duties[duty]
    if len(needing) == len(of_direction):
        saying.say(f"needs_{word}", what=direction.label)
    elif not needing:
        saying.say(f"needs_no_{word}", what=direction.label)
    else:
        _split_duty(saying, topic, needing, word)
    saying.cite(rule.clause, rule.quote)
    own = [
        one
        for one in library.under(word)
        if ask.provisions.get(one.id, 0) >= 1 and one.provision.id not in ("which", "which_not")
    ]
    for one in own[:2]:
        saying.state(one)


def _split_duty(saying: Saying, topic: str, needing: list[str], word: str) -> None:
    """A duty that falls on some branches of a direction only: those asked for first, then the others."""
    library = saying.library
    asked = library.branches_of(topic)
    rest = [
        branch for branch in library.branches_of(library.guide.direction_of[topic].direction) if branch not in asked
    ]
    for branches in (asked, rest):
        for branch in (b for b in branches if b in needing):
            saying.say(f"needs_{word}", what=library.name_of(branch))
        free = [b for b in branches if b not in needing]
        if free and branches is asked:
            what = (
                library.name_of(free[0]) if len(free) == 1 else "、".join(library.guide.branches[b].name for b in free)
            )
            saying.say(f"needs_no_{word}", what=what)


def _exclusivity(saying: Saying, topic: str, ask: Ask) -> None:
    library = saying.library
    if "14" in {library.guide.direction_of[t].direction for t in ask.topics}:
        with_14 = library.stated.get("exclusivity:with_14")
        if with_14:
            saying.state(with_14)
            return
    own = [
        one
        for one in library.under(topic)
        if one.provision.facet == "exclusivity" or (len(ask.topics) == 1 and ask.provisions.get(one.id, 0) >= 1)
    ]
    for one in own[:2]:
        saying.state(one)
    rules = [one for rule in ("exclusivity", "other_money") for one in library.under(rule)]
    named = sorted(
        (one for one in rules if ask.provisions.get(one.id, 0) >= 0.9), key=lambda one: -ask.provisions[one.id]
    )
    for one in (named or ([] if own else [library.stated[ONE_ONLY]]))[:2]:
        saying.state(one)
        if one.id == ONE_ONLY:
            saying.state(library.stated[EXEMPT])


def _attachment_of(saying: Saying, topic: str) -> None:
    library = saying.library
    direction = library.guide.direction_of[topic]
    title = next(a.title for a in library.guide.attachments if a.no == direction.attachment)
    saying.say("attachment_of", what=direction.label, no=direction.attachment, title=title)
    saying.cite("附件", f"{direction.attachment}.{title}")


def attachments(intent: Intent, library: Library) -> Reply:
    """What an attachment is called; its contents are not in the guide."""
    saying = Saying(library)
    titles = {attachment.no: attachment for attachment in library.guide.attachments}
    topics = []
    for no in intent.ids:
        if no in titles:
            title = titles[no].title
            saying.say("attachment_is", Source("quoted", title, title), no=no, title=title)
            saying.cite("附件", f"{no}.{titles[no].title}")
            if no in library.guide.direction_of:
                topics.append(no)
                for contact in library.contacts_of((no,))[:2]:
                    saying.card(contact)
        else:
            saying.say("attachment_none", desk_source(no), no=no, count=len(titles))
    if not saying.cards:
        for line in library.lines("policy")[:1]:
            saying.card(line)
    return saying.reply("answered", topics=tuple(topics) or ("general",), facets=("attachment",))


# --- people ----------------------------------------------------------------------------------------------------------


def contacts(saying: Saying, ask: Ask, *, mail: bool, phone: bool) -> None:
    """The municipal contacts of an ask's topics, in the text and as cards; of several rows those that it names."""
    rows = saying.library.contacts_of(ask.topics)
    named = [contact for contact in rows if contact.id in ask.contacts]
    found = named if named and len(rows) > 2 else rows
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


def districts(intent: Intent, library: Library, today: date) -> Reply:
    """Whom to turn to in one or several districts."""
    saying = Saying(library)
    only_mail = "email" in intent.facets and not {"contact", "district_contact"} & set(intent.facets)
    for ask in intent.asks:
        if ask.facets == ("contact",):
            contacts(saying, ask, mail="email" in intent.facets, phone=not only_mail)
        elif ask.facets:
            _one(saying, ask, library, alone=False)
    if "recommendation" in intent.facets:
        who = library.stated.get("recommendation:who")
        if who:
            saying.state(who)
    for id_ in intent.ids:
        _district(saying, library.district(id_), intent, only_mail=only_mail)
    saying.cite("二（三）4", "各区联系方式详见下表")
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
        people = [person for person in district.people if not intent.only or person.office in intent.only]
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


# --- what comes next -------------------------------------------------------------------------------------------------


def _next_steps(saying: Saying, topics: tuple[str, ...], facets: Iterable[str]) -> None:
    """What a person would tap next: the other facets of the topic in hand."""
    library = saying.library
    asked = set(facets)
    if len(topics) != 1 or topics[0] not in library.guide.direction_of:
        if not asked & {"overview"}:
            saying.offer(library.phrases.say("option_overview"), "overview")
        return
    short = library.guide.direction_of[topics[0]].short
    saying.offer(library.phrases.say("option_assess"), f"assess:{topics[0]}")
    for facet, group in (
        ("amount", {"amount", "rate"}),
        ("conditions", {"conditions", "scope"}),
        ("contact", {"contact", "email"}),
    ):
        if not asked & group:
            saying.offer(library.phrases.say(f"option_{facet}", what=short), f"ask:{topics[0]}.{facet}")
    if "process" not in asked:
        saying.offer(library.phrases.say("option_process"), f"ask:{topics[0]}.process")
