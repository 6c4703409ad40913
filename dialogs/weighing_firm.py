"""Whether a firm or its project meets the general conditions, by what a question tells of it."""

from __future__ import annotations

import re

from dialogs.conversation import Kept
from dialogs.library import Stated
from dialogs.noticing import kept_of
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.telling import in_words, told_source
from dialogs.verdicts import in_marks
from dialogs.whether import ASKING, BOUNDED, WHETHER, ends_in_yes_or_no
from knowledge.numerals import value_of
from knowledge.scene import Scene
from knowledge.telling import heard_in


def of_the_firm(folded: str, rule: str, desk: Desk) -> Saying | None:
    """That a firm or project does not meet a general condition, by what a question tells (2021年有一条严重失信).

    `rule`: the general rule that is asked of.
    """
    if not (WHETHER.search(folded) or _AFFECTS.search(folded) or ends_in_yes_or_no(folded)):
        return None
    if past := _surely_past(folded, desk):
        return _said_of_past(past, rule, desk)
    if BOUNDED.search(_FEW_YEARS.sub("", ASKING.sub("", folded))):
        return None
    scene = Scene(_AFFECTS.sub("", ASKING.sub("", folded)), desk.today, answer=True)
    told = {one.fact: kept_of(one, desk.library) for one in heard_in(scene, desk.library.teller).told}
    for one in desk.library.under(rule):
        needs = one.provision.condition
        kept = told.get(needs.fact) if needs and needs.is_ is not None else None
        if needs is None or kept is None or kept.value is not (not needs.is_):
            continue
        if _SEVERAL_FIRMS.search(folded) or (needs.fact == CREDIT and _long_past(folded, desk)):
            continue
        saying, (quote, quoted) = desk.saying(), in_marks(one.provision.quote)
        said = in_words(kept, desk.library)
        saying.say("weighed_fails", told_source(kept, desk.library), quoted, told=said, quote=quote)
        saying.cite(one.clause, one.provision.quote)
        return saying
    return _all_met(rule, told, desk) if ends_in_yes_or_no(folded) else None


def _all_met(rule: str, told: dict[str, Kept], desk: Desk) -> Saying | None:
    """That a firm meets each condition of a rule, where a question tells of all that it asks (京内独立法人，没失信)."""
    asked = [one for one in desk.library.under(rule) if one.provision.condition]
    held = [(one, told.get(one.provision.condition.fact)) for one in asked if one.provision.condition]
    if not held or any(kept is None or not _meets(one, kept) for one, kept in held):
        return None
    saying = desk.saying()
    for one, kept in held:
        if kept is not None:
            quote, quoted = in_marks(one.provision.quote)
            saying.say(
                "weighed_meets", told_source(kept, desk.library), quoted, told=in_words(kept, desk.library), quote=quote
            )
            saying.cite(one.clause, one.provision.quote)
    return saying


def _meets(one: Stated, kept: Kept) -> bool:
    return one.provision.condition is not None and kept.value is one.provision.condition.is_


_FEW_YEARS = re.compile(r"(?:不满|不到|不足|没到)(?:[12一两二]|1\d个?月|半)年?")
"""A length of time that bounds nothing here: it lies within what counts (到现在还不满两年)."""


def _surely_past(folded: str, desk: Desk) -> str:
    """The words of a time, more than three years back, of a stain on the credit (四年前, 2017年); else empty."""
    if not _STAIN.search(folded):
        return ""
    years = [(one[0], int(one[1])) for one in re.finditer(r"(20\d\d)年", folded)]
    ago = [(one[0], desk.today.year - int(value_of(one[1]) or 0)) for one in _YEARS_AGO.finditer(folded)]
    told = [*years, *ago]
    past = [words for words, year in told if desk.today.year - year > SPAN_OF_CREDIT]
    return past[0] if past and len(past) == len(told) else ""


_STAIN = re.compile(r"失信|黑名单|不良信用|信用污点")
_YEARS_AGO = re.compile(r"(?<!近)(?<![到足满])([四五六七八九十]|1?\d)年(?:多)?(?:以)?前")


def _said_of_past(words: str, rule: str, desk: Desk) -> Saying | None:
    """That what lies further back than the condition looks does not count."""
    found = (one for one in desk.library.under(rule) if one.provision.condition)
    one = next((one for one in found if one.provision.condition and one.provision.condition.fact == CREDIT), None)
    if one is None:
        return None
    saying, (quote, quoted) = desk.saying(), in_marks(one.provision.quote)
    saying.say("weighed_past", Source("told", words, "您说的时间"), quoted, told=words, quote=quote)
    saying.cite(one.clause, one.provision.quote)
    return saying


def _long_past(folded: str, desk: Desk) -> bool:
    """Whether what is told may not count any more: it lies three years back or more, or was cleared since."""
    if _CLEARED.search(folded):
        return True
    years = [int(year) for year in re.findall(r"20\d\d(?=年)", folded)]
    return any(desk.today.year - year > SPAN_OF_CREDIT for year in years)


_CLEARED = re.compile(r"修复|移出|消掉|消除|撤销|解除|还清|(?<!前)(?<![一1两2去])年多?(?:以)?前")
"""What says that a stain was cleared or is long past."""


_SEVERAL_FIRMS = re.compile(r"各|分别|[甲乙丙]")


CREDIT = "serious_dishonesty_last_3y"
"""The fact of a stain on the credit, of which alone it counts how long ago it was."""


SPAN_OF_CREDIT = 3
"""Years back that a serious stain on the credit counts (二（一）1)."""


_AFFECTS = re.compile(
    r"(?:这|会|有|还|是否|是不是)*(?:影响|妨碍|耽误)[^,。?!;]{0,8}[吗么不]?|(?:要紧|碍事|有没有事)[吗么不]?"
)
"""What asks whether something stands in the way."""
