"""The sheet as a document: every section of it composed from the outcome of a case, for a page and for paper.

    sheet_page(found, told, library, today)     found: the object of `assess` for the scope; told: what was told

Nothing is reckoned here; what is shown stands in the outcome, was told, or is one of our sentences. A direction
outside the scope is only named, never worded as 符合 or 不符合.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from dialogs.conversation import Kept
from dialogs.dated import dated
from dialogs.failing import Failure, failures
from dialogs.instead import steps_instead
from dialogs.library import Library
from dialogs.messages import Card, card_from
from dialogs.saying import Saying, day
from dialogs.telling import in_words
from dialogs.thresholds import Checked, checks, default_of
from dialogs.window import state_of_day
from knowledge.awarding import ceiling_words, wan
from knowledge.casework import case_of

ORDER = ("eligible", "unknown", "not_eligible")
DUTIES = {
    "project_library": "page_step_library",
    "district_recommendation": "page_step_recommendation",
    "municipal_review": "page_step_review",
}
MOST_NEXT = 2


@dataclass(frozen=True)
class Doubt:
    """What the guide leaves open, said honestly; `ask`: whom, where the text and the cards don't say it already."""

    text: str
    quote: str
    ask: str


@dataclass(frozen=True)
class Part:
    """A branch of the scope: its verdict and everything that it rests on.

    `fails`: the conditions that fail, but for those that a bar tells; `might`: the ceiling of what is still open.
    """

    branch: str
    name: str
    verdict: str
    words: str
    ceiling: str
    award: str
    fails: tuple[str, ...]
    might: str
    missing: tuple[str, ...]
    assumed: str
    checks: tuple[Checked, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Best:
    """Branches that may lawfully be applied for together, and why they stand where they stand."""

    names: str
    ceiling: str
    why: str


@dataclass(frozen=True)
class Step:
    """Something to be done, with the clause that asks for it and the people to turn to."""

    text: str
    clause: str
    quote: str
    people: tuple[Card, ...] = ()


@dataclass(frozen=True)
class SheetPage:
    """The sheet, section by section; texts are ready to be drawn. `doubts`: those of several parts, said once.

    `hopeless`: nothing fits and nothing is open, so that the steps are what can be done instead.
    """

    title: str
    guide: str
    made: str
    window: str
    state: str
    counts: str
    none: str
    best_lead: str
    best: Best | None
    next_best: tuple[Best, ...]
    told: tuple[tuple[str, tuple[str, ...]], ...]
    parts: tuple[Part, ...]
    doubts: tuple[Doubt, ...]
    steps: tuple[Step, ...]
    hopeless: bool
    steps_note: str
    contacts: tuple[Card, ...]
    contacts_note: str
    district: str
    unasked: tuple[str, ...]
    footer: str


def sheet_page(found: Mapping[str, Any], told: Sequence[Kept], library: Library, today: date) -> SheetPage:
    """The sheet of an outcome; `told` holds each fact once, as it counts (value None: 不清楚)."""
    say, closed = library.phrases.say, found["window"] == "closed"
    failing = _failing(found, told, library, today)
    told = [dated(kept, library, today) for kept in told]
    parts = _parts(found, {kept.fact: kept for kept in told}, failing, library)
    best = [_best(one, library) for one in found["best"]]
    open_ = [part.branch for part in parts if part.verdict != "not_eligible"]
    steps = tuple(_steps(found, open_, library) if open_ else _instead(failing, library))
    recommended = any(step.clause == library.guide.duties["district_recommendation"].clause for step in steps)
    district_told = any(kept.fact == "district" and kept.value for kept in told)
    return SheetPage(
        title=say("page_title"),
        guide=library.guide.title,
        made=say("page_day", today=day(today)),
        window=_window(library, today),
        state=found["window"],
        counts=_counts(parts, library),
        none="" if any(part.verdict == "eligible" for part in parts) else say("page_none"),
        best_lead=say("page_best_closed" if closed else "page_best"),
        best=best[0] if best else None,
        next_best=tuple(best[1 : 1 + MOST_NEXT]),
        told=tuple(_told(told, library)),
        parts=parts,
        doubts=tuple(_doubt(doubt, found, library) for doubt in _shared(found).values()),
        steps=steps,
        hopeless=not open_,
        steps_note=_steps_note(parts, closed, library),
        contacts=tuple(card_from(one) for one in found["contacts"]),
        contacts_note=say("by_order") if _paired_by_order(found, library) else "",
        district=say("page_district") if recommended and not district_told else "",
        unasked=unasked(found, library),
        footer=say("page_footer"),
    )


def _window(library: Library, today: date) -> str:
    saying = Saying(library)
    state_of_day(saying, today, always=True)
    return "".join(line.text for line in saying.lines)


def _counts(parts: Sequence[Part], library: Library) -> str:
    say, verdicts = library.phrases.say, [part.verdict for part in parts]
    counted = [
        say("page_count", what=say(phrase), count=verdicts.count(verdict))
        for verdict, phrase in zip(ORDER, ("page_count_fits", "page_open", "page_fails"), strict=True)
        if verdict in verdicts
    ]
    return say("page_counts", count=len(parts), verdicts="，".join(counted))


def _told(told: Sequence[Kept], library: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was told by whom it is about: the enterprise, a project …"""
    subjects = dict.fromkeys(library.guide.fact[kept.fact].subject for kept in told)
    for subject in subjects:
        own = (kept for kept in told if library.guide.fact[kept.fact].subject == subject)
        yield subject, tuple(in_words(kept, library) for kept in own)


def _paired_by_order(found: Mapping[str, Any], library: Library) -> bool:
    """Whether the table doesn't say which of the numbers shown belongs to whom."""
    shown = {one["for"] for one in found["contacts"]}
    return any(district.name in shown and district.paired_by_order for district in library.guide.districts)


def unasked(found: Mapping[str, Any], library: Library) -> tuple[str, ...]:
    """The directions none of whose branches was asked about."""
    asked = {library.guide.direction_of[id_].direction for id_, one in found["directions"].items() if one["asked"]}
    return tuple(direction.label for direction in library.guide.directions if direction.direction not in asked)


# --- a branch --------------------------------------------------------------------------------------------------------


def _failing(
    found: Mapping[str, Any], told: Sequence[Kept], library: Library, today: date
) -> dict[str, tuple[Failure, ...]]:
    """Why each branch of the scope that doesn't fit fails."""
    now = {kept.fact: kept for kept in told if kept.value is not None}
    case = case_of({fact: kept.value for fact, kept in now.items()}, library.guide)
    return {
        branch: failures(branch, case, now, library, today)
        for branch, one in found["directions"].items()
        if one["asked"] and one["verdict"] == "not_eligible"
    }


def _parts(
    found: Mapping[str, Any],
    told: Mapping[str, Kept],
    failing: Mapping[str, Sequence[Failure]],
    library: Library,
) -> tuple[Part, ...]:
    """The branches of the scope: what fits first (the best choice before the rest), then what is open."""
    first = [branch for one in found["best"] for branch in one["directions"]]
    asked = [branch for branch, one in found["directions"].items() if one["asked"]]
    place = {branch: first.index(branch) if branch in first else len(first) for branch in asked}
    ordered = sorted(asked, key=lambda id_: (ORDER.index(found["directions"][id_]["verdict"]), place[id_]))
    shared = _shared(found)
    return tuple(_part(branch, found, told, failing.get(branch, ()), library, shared) for branch in ordered)


def _shared(found: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The doubts that go with several branches of the scope, by their ids: said once for all."""
    ids: dict[str, list[Mapping[str, Any]]] = {}
    for one in found["directions"].values():
        for doubt in one["ambiguities"] if one["asked"] else ():
            ids.setdefault(doubt["id"], []).append(doubt)
    return {id_: doubts[0] for id_, doubts in ids.items() if len(doubts) > 1}


def _part(
    branch: str,
    found: Mapping[str, Any],
    told: Mapping[str, Kept],
    failing: Sequence[Failure],
    library: Library,
    shared: Container[str],
) -> Part:
    one, say = found["directions"][branch], library.phrases.say
    fits, amount = one["verdict"] == "eligible", one["max_award_wan"]
    ceiling = say("page_ceiling", amount=_wan(amount)) if amount is not None else say("page_no_ceiling")
    checked = tuple(checks(branch, one, told, library))
    drawn = {bar.text for check in checked for bar in check.bars}
    fails = tuple(failure.gap or failure.text for failure in failing if failure.gap not in drawn)
    return Part(
        branch=branch,
        name=library.name_of(branch),
        verdict=one["verdict"],
        words=_verdict_words(one["verdict"], found["window"], library),
        ceiling=ceiling if fits else "",
        award=one["award"] or "",
        fails=fails,
        might=_might(branch, library) if one["verdict"] == "unknown" else "",
        missing=_missing(one, told, library),
        assumed=_assumed(one, library),
        checks=tuple(_without_told(check, fails) for check in checked),
        doubts=tuple(_doubt(doubt, found, library) for doubt in one["ambiguities"] if doubt["id"] not in shared),
    )


def _without_told(check: Checked, fails: Sequence[str]) -> Checked:
    """A condition whose bars say nothing that a sentence on it says already: the picture stays."""
    bars = (replace(bar, text="") if any(bar.text in said for said in fails) else bar for bar in check.bars)
    return replace(check, bars=tuple(bars))


def _might(branch: str, library: Library) -> str:
    """What an open branch could come to at most, as its clause prints it."""
    words = ceiling_words(library.guide.book.branches[branch])
    return library.phrases.say("sheet_ceiling" if words else "sheet_no_ceiling", caps=words).strip()


def _missing(one: Mapping[str, Any], told: Mapping[str, Kept], library: Library) -> tuple[str, ...]:
    """What has to be known yet, the most particular first: as a question, or by its name where it was not known."""
    missing = sorted((library.guide.fact[fact] for fact in one["missing"]), key=lambda fact: len(fact.branches))
    say = library.phrases.say
    return tuple(say("page_unsure", name=fact.name) if fact.key in told else fact.question for fact in missing)


def _verdict_words(verdict: str, window: str, library: Library) -> str:
    if verdict == "eligible":
        return library.phrases.say(
            {"open": "page_fits", "closed": "page_fits_closed", "before": "page_fits_before"}[window]
        )
    return library.phrases.say("page_open" if verdict == "unknown" else "page_fails")


def _assumed(one: Mapping[str, Any], library: Library) -> str:
    facts = [in_words(default_of(fact, library), library) for fact in one["assumed"]]
    return library.phrases.say("page_default", facts="；".join(facts)) if facts else ""


def _doubt(doubt: Mapping[str, Any], found: Mapping[str, Any], library: Library) -> Doubt:
    """A doubt with whom to ask; the phone of somebody who has a card stands there."""
    card = doubt["contact"]
    phone = "" if card["phone"] in {one["phone"] for one in found["contacts"]} else card["phone"]
    who = " ".join(filter(None, (card["office"], card["name"], phone)))
    ask = library.phrases.say("page_ask", who=who) if phone or card["name"] not in doubt["text"] else ""
    return Doubt(doubt["text"], " ".join((doubt["quote"] or "").split()), ask)


# --- what to do ------------------------------------------------------------------------------------------------------


def _best(one: Mapping[str, Any], library: Library) -> Best:
    amount = one["max_award_wan"]
    names = " + ".join(library.name_of(branch) for branch in one["directions"])
    say = library.phrases.say
    return Best(names, say("page_ceiling", amount=_wan(amount)) if amount is not None else "", one["why"])


def _instead(failing: Mapping[str, Sequence[Failure]], library: Library) -> Iterator[Step]:
    """What can be done where nothing fits."""
    yield from (Step(text, "", "") for text in steps_instead(failing, library))


def _steps_note(parts: Sequence[Part], closed: bool, library: Library) -> str:
    """That the steps are for the next batch, or only for when what is open turns out to fit."""
    verdicts = {part.verdict for part in parts}
    once_known = (
        library.phrases.say("page_steps_once_known") if "unknown" in verdicts and "eligible" not in verdicts else ""
    )
    late = library.phrases.say("page_steps_closed") if closed and verdicts & {"eligible", "unknown"} else ""
    return "；".join(filter(None, (once_known, late)))


def _steps(found: Mapping[str, Any], branches: Sequence[str], library: Library) -> Iterator[Step]:
    """The duties not yet done, in the order in which they are due, and the platform at the end."""
    guide, say = library.guide, library.phrases.say
    for duty, phrase in DUTIES.items():
        on = [branch for branch in branches if duty in found["directions"][branch]["needs"]]
        if not on:
            continue
        what = "、".join(dict.fromkeys(library.name_of(branch) for branch in on))
        rule = guide.duties["project_library"] if duty == "project_library" else None
        if duty == "district_recommendation":
            people = {district.name for district in guide.districts}
            cards = tuple(card_from(one) for one in found["contacts"] if one["for"] in people)
            rule = guide.duties["district_recommendation"]
            yield Step(say(phrase, what=what), rule.clause, _line(rule.quote), cards)
        elif rule:
            yield Step(say(phrase, what=what), rule.clause, _line(rule.quote))
        else:
            lifting = guide.deciding.general.exemption.when
            yield Step(say(phrase, what=what), lifting.clause or "", _line(lifting.quote or ""))
    if branches:
        portal = library.stated["process:portal"]
        yield Step(portal.provision.say, portal.clause, _line(portal.provision.quote))


def _line(quote: str) -> str:
    return " ".join(quote.split())


def _wan(amount: float) -> str:
    return wan(Decimal(str(amount)))
