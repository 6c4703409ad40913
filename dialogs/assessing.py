"""The object of `assess`: what the judgements of a case come to, as CONTRACT has it.

`assess` reads a request ({"id"?, "as_of"?, "facts"}) and is what the command and the API call; `results` is what the
interview ends with. Whatever is wrong with a request is a `BadRequest` with one Chinese sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from dialogs.asking import next_question
from dialogs.library import Library
from dialogs.messages import Card, Question
from dialogs.saying import card_of, person_card
from knowledge.casework import BadCase, case_of, number_as_json, told_as_json
from knowledge.choosing import Combination, combinations
from knowledge.guide import District, Guide, Window
from knowledge.judging import RECOMMENDATION, Judgement, judge
from knowledge.rulebook import Case
from knowledge.rules import Ambiguity


class BadRequest(ValueError):
    """A request that can't be read; its text is the sentence to say."""


_KEYS = ("id", "as_of", "facts")


def assess(request: object, library: Library, today: date) -> dict[str, Any]:
    """The outcome of one request, with its id where it has one; BadRequest for what can't be read."""
    if not isinstance(request, dict) or not isinstance(request.get("facts"), dict):
        raise BadRequest('应是一个JSON对象：{"id"（可不写）, "as_of"（可不写）, "facts": {事实的键: 值}}')
    unknown = [str(key) for key in request if key not in _KEYS]
    if unknown:
        raise BadRequest(f"不认识的键“{unknown[0]}”，这里只有id、as_of、facts；事实写在facts里面")
    as_of = day_of_request(request["as_of"]) if "as_of" in request else today
    try:
        case = case_of(request["facts"], library.guide)
    except BadCase as bad:
        raise BadRequest(str(bad)) from None
    found = results(case, as_of, library, question=next_question(request["facts"], as_of, library))
    return {"id": request["id"], **found} if "id" in request else found


def day_of_request(given: object) -> date:
    """The day of a request; BadRequest where it is none."""
    try:
        if isinstance(given, str) and len(given) == len("2023-04-15"):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise BadRequest(f'as_of应写成"2023-04-15"这样的日期，现在是“{str(given)[:30]}”')


def results(
    case: Case,
    as_of: date,
    library: Library,
    *,
    asked: Collection[str] | None = None,
    question: Question | None = None,
) -> dict[str, Any]:
    """What follows from a case on a day.

    `asked`: the branches of the interview's scope; without it those of which something particular was told.
    `question`: the interview's next one.
    """
    guide = library.guide
    judged = judge(case, guide, as_of, scope=tuple(asked or ()))
    scope = set(asked) if asked is not None else {branch for branch, one in judged.items() if one.asked}
    best = combinations(judged, guide, case)
    return {
        "as_of": as_of.isoformat(),
        "guide": guide.id,
        "window": window_on(as_of, guide.window),
        "directions": {branch: _direction(one, branch in scope, guide) for branch, one in judged.items()},
        "best": [_combination(one) for one in best],
        "contacts": [card.as_json() for card in contacts_of(case, judged, scope, best, guide)],
        "next_question": question.as_json() if question else None,
    }


def window_on(day: date, window: Window) -> str:
    """before, open or closed; the first and the last day are both open."""
    if day < date.fromisoformat(window.opens):
        return "before"
    return "open" if day <= date.fromisoformat(window.closes) else "closed"


def _direction(one: Judgement, asked: bool, guide: Guide) -> dict[str, Any]:
    amount = one.max_award_wan
    return {
        "verdict": one.verdict,
        "because": [vars(reason) for reason in one.because],
        "max_award_wan": None if amount is None else number_as_json(amount),
        "award": one.award.text if one.award else None,
        "needs": list(one.needs),
        "missing": list(one.missing),
        "gaps": [
            {key: told_as_json(value) if key != "fact" else value for key, value in vars(gap).items()}
            for gap in one.gaps
        ],
        "ambiguities": [_ambiguity(ambiguity, guide) for ambiguity in one.ambiguities],
        "assumed": list(one.assumed),
        "asked": asked,
    }


def _ambiguity(ambiguity: Ambiguity, guide: Guide) -> dict[str, Any]:
    contact = next(contact for contact in guide.contacts if contact.id == ambiguity.contact)
    return {
        "id": ambiguity.id,
        "text": ambiguity.say,
        "quote": ambiguity.quote,
        "contact": card_of(contact).as_json(),
    }


def _combination(one: Combination) -> dict[str, Any]:
    amount = None if one.max_award_wan is None else number_as_json(one.max_award_wan)
    return {"directions": list(one.branches), "max_award_wan": amount, "why": one.why}


def contacts_of(
    case: Case, judged: Mapping[str, Judgement], scope: set[str], best: list[Combination], guide: Guide
) -> list[Card]:
    """Whom to turn to, best first, each person once: for eligible branches, for open ones of the scope, the district.

    The district's people where a recommendation is still to be got and the district is known.
    """
    eligible = [branch for branch, one in judged.items() if one.verdict == "eligible"]
    first = [branch for one in best for branch in one.branches]
    open_ = [branch for branch, one in judged.items() if one.verdict == "unknown" and branch in scope]
    wanted = list(dict.fromkeys([*first, *eligible, *open_]))
    cards = [card for branch in wanted for card in business_contacts(branch, case, guide)]
    if any(RECOMMENDATION in judged[branch].needs for branch in wanted):
        cards += district_contacts(case, guide)
    return list({(card.name, card.phone): card for card in reversed(cards)}.values())[::-1]


def business_contacts(branch: str, case: Case, guide: Guide) -> Iterator[Card]:
    """The rows that answer for a branch; where rules route by a fact, the row of what was told and the general one."""
    rows = [contact for contact in guide.contacts if branch in contact.branches]
    for rules in guide.deciding.directions:
        if rules.routes and branch in rules.routes.branches:
            wanted = [rules.routes.rows.get(str(case.get(rules.routes.fact)), ""), rules.routes.otherwise]
            rows = [contact for id_ in dict.fromkeys(wanted) for contact in guide.contacts if contact.id == id_]
    yield from map(card_of, rows)


def district_contacts(case: Case, guide: Guide) -> Iterator[Card]:
    """The people of the district that was told."""
    for district in guide.districts:
        if district.name == case.get("district"):
            yield from (_of_district(district, at) for at in range(len(district.people)))


def _of_district(district: District, at: int) -> Card:
    return person_card(district, district.people[at])
