"""Intent → what the guide says: provisions with their clauses, people with their rows.

What was asked for comes first; then what an officer would add in the same breath (the share beside the ceiling, where
the rest stands); then whom to ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from dialogs import declining
from dialogs.attachments import attachment_of, more_in_attachment
from dialogs.contacts import contacts, rows_of
from dialogs.duties import DUTIES, NAMED, say_duty, say_exclusivity
from dialogs.intent import FACET_RULES, RULE_FACETS, Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.provisions import answering_to, thresholds
from dialogs.saying import Saying, Source, branch_source, desk_source
from dialogs.saying_rules import say_rule
from dialogs.window import state_of_day
from knowledge.amounts import figures, plain

APPLYING = {"conditions", "deadline", "process", "recommendation", "library", "exclusivity"}
"""Facets about applying: while the window is not open, the day's state comes first."""
TIMED_RULES = {"eligibility", "window", "process", "recommendation", "library", "exclusivity", "other_money"}
OF_PROVISIONS = {"amount", "rate", "conditions", "scope", "definition", "overview", "compare", "other"}
"""Facets that a topic's own provisions answer."""
OF_AN_ATTACHMENT = {"amount", "rate", "scope", "definition", "other"}
"""Facets whose details the guide prints to stand in the direction's attachment."""
PEOPLE = {"contact", "email", "reverse_lookup"}
MATERIALS = "process:materials"
"""What is said of the papers to hand in, which stand in each direction's attachment."""
MOST_LINES = 6
MOST_CARDS = 4


def answer(intent: Intent, library: Library, today: date) -> Reply:
    """The guide's answer to one or several asks."""
    saying = Saying(library)
    asks = _day_once(intent.asks)
    for ask in asks:
        answer_one(saying, ask, library, alone=len(asks) == 1)
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


def _day_once(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """The asks, where the last day is asked of each of several: it is one for all directions, and is said first."""
    if len(asks) < 2 or not all("deadline" in ask.facets for ask in asks):
        return asks
    left = [replace(ask, facets=tuple(facet for facet in ask.facets if facet != "deadline")) for ask in asks]
    return (Ask((FACET_RULES["deadline"],), ("deadline",)), *(ask for ask in left if ask.facets))


def answer_one(saying: Saying, ask: Ask, library: Library, *, alone: bool) -> None:
    """One ask: its facets in the order in which they were asked, each with what an officer would say."""
    topic = ask.topics[0]
    if topic not in library.guide.direction_of:
        say_rule(saying, topic, ask, names=alone)
        for facet in (one for one in ask.facets if one in ("deadline", "process") and one != RULE_FACETS.get(topic)):
            say_rule(saying, FACET_RULES[facet], replace(ask, facets=(facet,)), most=1)
        return
    headed = not alone and len(ask.topics) == 1
    if headed:
        of_branch = (branch_source(topic, library),) if topic in library.guide.branches else ()
        saying.heading(f"{library.name_of(topic)}：", *of_branch)
    before, told = len(saying.lines), False
    of_provisions = tuple(f for f in ask.facets if f in OF_PROVISIONS)
    if {*PEOPLE, "attachment"} & set(ask.facets) and set(of_provisions) <= {"compare", "overview", "other"}:
        of_provisions = ()  # 联系人各是谁 asks for nothing else
    for facet in ask.facets:
        if facet in of_provisions:
            told = told or _provisions(saying, topic, ask, of_provisions, alone=alone)
        elif facet in OF_PROVISIONS:
            continue
        else:
            _facet(saying, topic, facet, ask)
    if ask.facets == ("library",):
        for one in _named_most(topic, ask, library):
            saying.state(one)
    named = len(ask.topics) == 1 and any(ask.provisions.get(one.id, 0) >= NAMED for one in library.under(topic))
    if not told and (
        len(saying.lines) == before
        or (named and {"deadline", "process", "exclusivity", "recommendation"} & set(ask.facets))
    ):
        _provisions(saying, topic, ask, (), alone=alone)
    if headed:
        _without_heading(saying, before, f"方向{library.guide.direction_of[topic].direction} ")
    if len(saying.cards) < MOST_CARDS:
        for contact in rows_of(ask, library)[:3]:
            saying.card(contact)


def _without_heading(saying: Saying, first: int, named: str) -> None:
    """Take the heading away again that stands over nothing, or whose lines all begin with the direction themselves."""
    lines = saying.lines[first:]
    if first and all(line.text.startswith(named) for line in lines):  # nothing behind it: all was said before
        del saying.lines[first - 1]


def _facet(saying: Saying, topic: str, facet: str, ask: Ask) -> None:
    """A facet that is answered by people, duties or a general rule rather than by the topic's provisions."""
    match facet:
        case "contact" | "email" | "reverse_lookup":
            mail = "email" in ask.facets
            contacts(saying, ask, mail=mail, phone="contact" in ask.facets or not mail)
        case "library":
            say_duty(saying, topic, "project_library", ask)
        case "recommendation":
            say_duty(saying, topic, "district_recommendation", ask)
        case "exclusivity":
            say_exclusivity(saying, topic, ask)
        case "attachment" if "library" in ask.facets:
            saying.state(saying.library.stated["library:steps"])
            attachment_of(saying, topic)
        case "attachment":
            attachment_of(saying, topic)
        case "process" if "library" in ask.facets:
            for id_ in ("library:path", "library:steps"):
                saying.state(saying.library.stated[id_])
            if topic in saying.library.guide.direction_of:
                say_duty(saying, topic, "district_recommendation", ask)
        case "process":
            if MATERIALS in ask.first or ask.provisions.get(MATERIALS, 0.0) >= NAMED:
                more_in_attachment(saying, topic, "more_papers")
            for duty in DUTIES:
                if not (duty == "district_recommendation" and "recommendation" in ask.facets):
                    say_duty(saying, topic, duty, ask)
            say_rule(saying, "process", ask, most=1)
            more_in_attachment(saying, topic, "more_papers")
        case "deadline":
            say_rule(saying, "window", ask, most=1)
        case "honesty":
            say_rule(saying, "consequences", ask, most=2)


def _provisions(saying: Saying, topic: str, ask: Ask, facets: tuple[str, ...], *, alone: bool) -> bool:
    """Say the provisions of a topic that answer; several facets get a few lines each."""
    plainly = tuple(facet for facet in facets if facet not in ("compare", "overview", "other")) or facets
    groups = [plainly] if len(plainly) < 2 else [(facet,) for facet in plainly]
    most = MOST_LINES if alone and len(groups) == 1 else 5
    found = [answering_to(topic, ask, group, saying.library, most if alone else MOST_LINES) for group in groups]
    if not alone:
        found = [sorted(group, key=_in_short)[:most] for group in found]
    elif plainly == ("overview",):  # 整体介绍一下 asks for the conditions too
        found.append(thresholds(saying.library.under(topic), MOST_LINES))
    apart = list(zip(found, plainly, strict=True)) if len(groups) > 1 else []
    firsts = [_first_of(group, facet) for group, facet in apart if group]
    by_branch = _by_branch(topic, ask, facets, saying.library)
    alike = "alike" in ask.forms and len(by_branch) == 2
    if alike:
        saying.say("branches_alike" if _same_figures(*by_branch) else "branches_differ")
    lines = [
        *([] if alike else _leads(topic, ask, facets, saying.library)),
        *by_branch,
        *firsts,
        *(one for group in found for one in group),
    ]
    apart_by_kind = (
        "conditions" in facets and len({one.topic for one in lines} & set(saying.library.guide.branches)) > 1
    )
    if "kinds" in ask.forms:
        _kinds(saying, topic)
        given = [one for one in lines if one.provision.ceiling or one.provision.rate]
        lines = given[:MOST_LINES] or lines[:MOST_LINES]  # what each gives; the conditions can be asked of each
    for one in lines:
        saying.state(one, of=_kind_of(one, saying.library) if apart_by_kind else "")
    if "conditions" in facets and topic in saying.library.guide.direction_of:
        more_in_attachment(saying, topic, "more_conditions")
    elif alone and topic in saying.library.guide.direction_of and set(facets) & OF_AN_ATTACHMENT:
        more_in_attachment(saying, topic, "more_said")
    return True


def _kinds(saying: Saying, topic: str) -> None:
    """The kinds that a direction has, by name (方向4包括…)."""
    direction = saying.library.guide.direction_of[topic]
    clauses = {branch_source(one.id, saying.library).holds for one in direction.branches}
    sources = (Source("quoted", clause, " ".join(clause.split())) for clause in sorted(clauses))
    names = "；".join(one.name for one in direction.branches)
    saying.say("kinds", desk_source(direction.label), *sources, name=direction.label, kinds=names)


def _kind_of(one: Stated, library: Library) -> str:
    """The branch that a condition is of, where its sentence does not tell: several kinds' conditions read as one's."""
    branch = library.guide.branches.get(one.topic)
    if branch is None or one.provision.condition is None:
        return ""
    subject = one.provision.say.removeprefix("报")
    told = (
        branch.name in subject or "：" in subject[:_SUBJECT] or subject.startswith((*branch.aliases, branch.name[:3]))
    )
    return "" if told else one.topic


_SUBJECT = 14
"""Letters within which a sentence that tells its kind itself does so (工业企业：…)."""


def _in_short(one: Stated) -> tuple[bool, bool, float]:
    """Of one of several directions the ceiling first, then the shares from the highest on."""
    return not _is_plain(one), one.provision.ceiling is None, -share_of(one)


def _leads(topic: str, ask: Ask, facets: tuple[str, ...], library: Library) -> list[Stated]:
    """Of several questions the one provision that answers each facet of each, in the order of asking."""
    leads: list[Stated] = []
    for one in ask.questions:
        own = replace(ask, provisions=one.provisions, alike=one.alike, questions=(), forms=one.forms)
        for facet in one.facets:
            if facet in facets:
                answers = [found for found in answering_to(topic, own, (facet,), library, 4) if _is_plain(found)]
                if facet == "rate" and ("compare" in ask.facets or "most" in one.forms):
                    answers.sort(key=lambda found: (own.provisions.get(found.id, 0.0) < NAMED, -share_of(found)))
                leads += answers[:1]
        if not set(one.facets) & set(facets):
            leads += _named_most(topic, own, library)
    return leads


def _named_most(topic: str, ask: Ask, library: Library) -> list[Stated]:
    """The provision that a question names, where none of its facets tells one (DB11/T1139说的是啥)."""
    best = max(library.under(topic), key=lambda one: ask.provisions.get(one.id, 0.0), default=None)
    return [best] if best and _is_plain(best) and ask.provisions.get(best.id, 0.0) >= NAMED else []


def _by_branch(topic: str, ask: Ask, facets: tuple[str, ...], library: Library) -> list[Stated]:
    """Where branches are asked apart (工厂和软件公司的门槛分别说一下): of each branch what answers each facet first."""
    of_these = {library.stated[id_].topic for id_ in ask.first}
    branches = [branch for branch in library.branches_of(topic) if not of_these or branch in of_these]
    wanted = [facet for facet in facets if facet in BRANCHWISE]
    if not wanted and set(ask.facets) <= {"compare", "overview", "other"}:
        wanted = ["rate", "amount"]
    if not ("compare" in facets or len(of_these) > 1) or len(branches) < 2:
        return []
    own = replace(ask, provisions={}, alike={}, questions=())
    firsts = []
    for facet in wanted:
        for branch in branches:
            found = [one for one in answering_to(branch, own, (facet,), library, 4) if _is_plain(one)]
            found = [one for one in found if one.provision.facet == facet]
            firsts += sorted(found, key=lambda one: one.topic != branch)[:1]  # what both share tells them not apart
    return firsts


def _same_figures(one: Stated, other: Stated) -> bool:
    """Whether two provisions print the same figures."""
    return set(figures(one.provision.say)) == set(figures(other.provision.say))


BRANCHWISE = ("conditions", "amount", "rate")
"""Facets that differ from branch to branch."""


def share_of(one: Stated) -> float:
    """The share that a provision gives at most: of several directions the highest ones are compared."""
    printed = one.provision.rate.at_most or one.provision.rate.exactly if one.provision.rate else None
    return float(plain(printed).rstrip("%")) if printed else 0.0


def _first_of(group: list[Stated], facet: str) -> Stated:
    return next((one for one in group if one.provision.facet == facet), group[0])


def _is_plain(one: Stated) -> bool:
    """Whether a provision says something, rather than what is left open."""
    return one.provision.unstated is None


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
