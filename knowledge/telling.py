"""What a person tells of a case in a free story, read into facts.

Pure: `today` is given, and what people say stands in `tellings.yaml` beside the guide (`tellings.py` is its model).
Precision comes first: what may be meant otherwise is left unread and will be asked. Answers to asked facts are read in
`answers.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from knowledge.binding import Bound, counts_told, days_told, figures_told, spans_told, years_told
from knowledge.scene import Scene
from knowledge.spelling import LATELY
from knowledge.teller import Teller
from knowledge.tellings import Ready, compiled, spots

Value: TypeAlias = bool | int | float | str
"""A fact's value: bool; a choice's value; a number in the fact's unit; an ISO day."""


@dataclass(frozen=True)
class Told:
    """A fact with the value that was told, and the (folded) words that told it; empty where it only follows."""

    fact: str
    value: Value
    words: str


@dataclass(frozen=True)
class Heard:
    """What a story tells: `told` beyond doubt, each fact once; `doubtful`: facts that were told in two ways."""

    told: tuple[Told, ...]
    doubtful: tuple[Told, ...] = ()


def heard(text: str, teller: Teller, today: date) -> Heard:
    """Everything that a free text tells of a case, with what it tells in two ways."""
    return heard_in(Scene(teller.letters(text), today), teller)


def heard_in(scene: Scene, teller: Teller) -> Heard:
    """Everything that a scene tells."""
    return _heard_in(scene, teller)


def heard_of(
    branches: Iterable[str], folded: str, teller: Teller, today: date, *, supposed: bool = False
) -> tuple[Told, ...]:
    """What a folded text tells of branches that are spoken of, whose words nobody says again (净增1.8亿 of 方向14).

    `supposed`: what it supposes or wishes for is taken as told.
    """
    words = {teller.spoken_of.get(branch, "") for branch in branches}
    lead = words.pop() if len(words) == 1 else ""
    if not lead or (_TIME.search(lead) and _TIME.search(folded)):
        return heard_in(Scene(folded, today, answer=True, supposed=supposed), teller).told
    of_itself = {told.fact for told in heard_in(Scene(lead, today, answer=True), teller).told}
    told = heard_in(Scene(f"{lead},{folded}", today, answer=True, supposed=supposed), teller).told
    return tuple(one for one in told if one.fact not in of_itself)


_TIME = re.compile(r"[月季年]")
"""Words of a time: a text that tells its own is not of the one that is spoken of."""


@lru_cache(LATELY)
def _heard_in(scene: Scene, teller: Teller) -> Heard:
    if scene.tells_nothing:
        return Heard(())
    found = sorted(
        [
            *_bools(scene, teller),
            *_choices(scene, teller),
            *_bound(scene, figures_told(scene, teller)),
            *_bound(scene, days_told(scene, teller)),
            *_bound(scene, years_told(scene, teller)),
            *_bound(scene, spans_told(scene, teller)),
            *_bound(scene, counts_told(scene, teller)),
            *_seats(scene, teller),
        ],
        key=lambda one: one[0],
    )
    return _settled([told for _, told in found], teller)


def unsettled_in(scene: Scene, teller: Teller) -> dict[str, str]:
    """The facts of which a scene tells what settles nothing, each with the doubt that says so."""
    if scene.tells_nothing:
        return {}
    near = ((key, teller.unsettled[key]) for key in teller.left_open.near(scene.text))
    return {
        key: rules.doubt
        for key, rules in near
        if _stand(scene, rules.says)
        and (not rules.where or _stand(scene, rules.where))
        and not _stand(scene, rules.unless)
    }


def _stand(scene: Scene, ready: Ready) -> bool:
    """Whether one of the phrases is said as a fact."""
    return any(scene.tells(*spot) for spot in spots(ready, scene.text))


def _settled(found: list[Told], teller: Teller) -> Heard:
    """Each fact once with what follows from it; those that were told in two ways apart."""
    values: dict[str, list[Told]] = {}
    for told in found:
        held = values.setdefault(told.fact, [])
        if all((type(one.value), one.value) != (type(told.value), told.value) for one in held):
            held.append(told)
    sure = {fact: held[0] for fact, held in values.items() if len(held) == 1}
    for rule in teller.implied:
        if rule.fact in sure and sure[rule.fact].value == rule.value:
            for fact, value in rule.then.items():
                if fact not in values:
                    sure[fact] = Told(fact, value, sure[rule.fact].words)
    return Heard(tuple(sure.values()), tuple(one for held in values.values() if len(held) > 1 for one in held))


def _bound(scene: Scene, found: Iterable[Bound]) -> Iterator[tuple[int, Told]]:
    return ((one.start, Told(one.fact, one.value, scene.text[one.start : one.end])) for one in found)


# --- yes and no, choices ---------------------------------------------------------------------------------------------


def _bools(scene: Scene, teller: Teller) -> Iterator[tuple[int, Told]]:
    for key in teller.told_bools.near(scene.text):
        told = teller.bools[key]
        found: list[tuple[tuple[int, int], bool | None]] = [(spot, True) for spot in spots(told.yes, scene.text)]
        found += [(spot, False) for spot in spots(told.no, scene.text)]
        found += [(spot, None) for spot in spots(told.but, scene.text)]
        for (start, end), value in _outer(found):
            if value is None or not scene.tells(start, end):
                continue
            if value and scene.negated(start, end):
                if not told.flips:
                    continue
                value = False
            yield start, Told(key, value, scene.text[start:end])


def _outer(spots: list[tuple[tuple[int, int], bool | None]]) -> list[tuple[tuple[int, int], bool | None]]:
    """The spots without those that overlap a longer one; what speaks against (None) goes before all, no before yes."""
    kept: list[tuple[tuple[int, int], bool | None]] = []
    for spot, value in sorted(
        spots, key=lambda one: (one[1] is not None, one[0][0] - one[0][1], one[0][0], one[1] is True)
    ):
        if not any(spot[0] < end and start < spot[1] for (start, end), _ in kept):
            kept.append((spot, value))
    return kept


def _choices(scene: Scene, teller: Teller) -> Iterator[tuple[int, Told]]:
    for key in teller.told_choices.near(scene.text):
        words = teller.choices[key]
        found = [(spot, value) for value, ready in words.items() for spot in spots(ready, scene.text)]
        for (start, end), value in found:
            inside = any(a <= start and end <= b and (a, b) != (start, end) for (a, b), _ in found)
            told = not inside and value != "but" and scene.tells(start, end)
            if told and not scene.negated(start, end):
                yield start, Told(key, value, scene.text[start:end])


# --- the seat --------------------------------------------------------------------------------------------------------


def _seats(scene: Scene, teller: Teller) -> Iterator[tuple[int, Told]]:
    """The district, where the enterprise's seat is told (顺义的厂, 公司在海淀), not only a site or somebody else's."""
    seats = teller.seats
    registered: dict[str, tuple[int, str]] = {}
    named: dict[str, tuple[int, str]] = {}
    theirs = False
    for match in seats.found(scene.text):
        start, end = match.span()
        if not scene.tells(start, end) or scene.negated(start, end):
            theirs = theirs or seats.districts.get(match[0], "") != ""
            continue
        first, last = scene.clause_at(start)
        around = (scene.text[max(first, start - 8) : start], scene.text[end : min(last, end + 8)])
        if _around(around, seats.others):
            continue
        place = seats.districts.get(match[0], "")
        if _around(around, seats.seat):
            registered[place] = (start, match[0])
        elif not _around(around, seats.site) and place:
            named[place] = (start, match[0])
    chosen = registered or named
    if len(chosen) == 1 and "" not in chosen:
        ((place, (start, words)),) = chosen.items()
        yield start, Told("district", place, words)
        yield start, Told("reg_beijing", True, words)
    elif list(chosen) == [""] and not theirs:
        yield registered[""][0], Told("reg_beijing", False, registered[""][1])


def _around(around: tuple[str, str], phrases: Ready) -> bool:
    """Whether a phrase with 某地 for the place (注册在某地, 某地的客户) stands right around it."""
    before, after = around
    return any(compiled(_anchored(phrase.pattern)).search(f"{before}\0{after}") for phrase in phrases)


def _anchored(pattern: str) -> str:
    return pattern.replace("某地", "\0")
