"""Whether a project was built and completed in time, by the days that a question tells beside 开工 and 竣工."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.conversation import Kept
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.verdicts import say_held, verdict_on
from knowledge.days import Day
from knowledge.scene import Scene


def built_within(saying: Saying, scene: Scene, branches: tuple[str, ...], desk: Desk, *, whether: bool) -> bool:
    """Say whether a project was built in time, where that is sure from its first day to its last; whether it was."""
    begun, done = _day_of(STARTED, scene), _day_of(COMPLETED, scene)
    if begun is None or done is None or BUILT not in desk.library.guide.fact or done.first <= begun.last:
        return False
    spans = ((done.first - begun.last).days, (done.last - begun.first).days)
    kept = [Kept(fact=BUILT, value=round(days / 365.25, 2)) for days in spans]
    verdicts = [verdict_on(one, branches, [one], desk) for one in kept]
    if None in verdicts or len({one[0].holds for one in verdicts if one}) > 1:
        return False
    reason = verdicts[0][0] if verdicts[0] else None
    assert reason is not None
    if reason.holds and not whether:
        return True
    said = "、".join(f"{scene.text[one.start : one.end]}{word}" for one, word in ((begun, "开工"), (done, "竣工")))
    say_held(saying, reason, said, Source("told", said, "您说的开工和竣工"))
    return bool(reason.holds)


def built_roughly(folded: str, branches: tuple[str, ...], desk: Desk) -> tuple[Saying, bool] | None:
    """Whether a project was built in time by a length that is told roughly (拖了快四年, 三年多), said, and that it was.

    None where the length leaves it open.
    """
    scene = Scene(folded, desk.today, answer=True)
    if BUILT not in desk.library.guide.fact or len(scene.spans) != 1 or not _BUILDING.search(folded):
        return None
    span = scene.spans[0]
    nearly, beyond = (form.search(folded[: span.start]) for form in (_NEARLY, _BEYOND))
    if not (nearly or beyond or span.rough) or (_BOUND.search(folded[: span.start]) and not beyond):
        return None
    least, most = (span.years - 1, span.years) if nearly else (span.years, span.years + 1)
    # the ends themselves are not meant: 快四年 is less, 三年多 more
    ends = [Kept(fact=BUILT, value=round(years, 2)) for years in (least + DAY, most - DAY)]
    found = [verdict_on(kept, branches, [kept], desk) for kept in ends]
    reasons = [one[0] for one in found if one]
    if len(reasons) < len(found) or len({one.holds for one in reasons}) > 1:
        return None
    start = min(one.start() if one else span.start for one in (nearly, beyond))
    saying, said = desk.saying(), f"建设期{folded[start : span.end]}"
    say_held(saying, reasons[0], said, Source("told", said, "您说的建设期"))
    return saying, bool(reasons[0].holds)


DAY = 0.01
"""A year's hundredth, as lengths are told to two places."""
_NEARLY = re.compile(r"(?:快|将近|接近|差不多快|近)(?:有|要|到)?$")
_BEYOND = re.compile(r"(?<!不)(?<!没)(?:超过了?|超了|超出|逾|多于|大于|不止)$")
"""What says of a length that it was longer (工期逾三年)."""
_BOUND = re.compile(r"(?:不到|不足|超过|不超过|至少|没到|不满)$")
_BUILDING = re.compile(r"工期|[干修建做搞拖]到|验收|建设|施工|建了|干了|拖|改造|竣工|完工|弄完|做完|干完|建成|前后")
"""What says that a length of time is that of the building."""


def done_by(folded: str, branches: tuple[str, ...], desk: Desk, *, also_yes: bool) -> Saying | None:
    """Whether a project is completed in time, by the day told beside 竣工; None where that hangs on the year.

    A day to come is no fact of the case (预计5月竣工), but none behind the closing day can meet the condition.
    `also_yes`: that it is in time is said as well.
    """
    scene = Scene(folded, desk.today, answer=True)
    done = _day_of(COMPLETED, scene)
    if done is None or DONE not in desk.library.guide.fact:
        return None
    also_yes = also_yes and not scene.spans and len(scene.days) == 1  # 从2018年底干到去年夏天完工，三年半了
    days = [done]
    if done.guessed_year:  # 4月16号 may be last year's, unless it is still to come
        if {(one.month, one.day) for one in (done.first, done.last)} & {(2, 29)}:
            return None
        years = (desk.today.year,) if _TO_COME.search(folded) else (desk.today.year, desk.today.year - 1)
        days = [replace(done, first=done.first.replace(year=y), last=done.last.replace(year=y)) for y in years]
    found = [
        verdict_on(kept, branches, [kept], desk)
        for kept in (Kept(fact=DONE, value=day.isoformat()) for one in days for day in (one.first, one.last))
    ]
    reasons = [one[0] for one in found if one]
    if len(reasons) < len(found) or len({one.holds for one in reasons}) > 1 or (reasons[0].holds and not also_yes):
        return None
    saying, said = desk.saying(), f"{folded[done.start : done.end]}竣工"
    say_held(saying, reasons[0], said, Source("told", said, "您说的竣工日期"))
    return saying


def _day_of(event: re.Pattern[str], scene: Scene) -> Day | None:
    """The one day that is told beside an event, of that event alone (2019年1月就开工了)."""
    beside = rf"(?:(?:装|干|做|弄|改|建)完|就|才|能够?|可以|预计|已经?|正式|的?时候?|是|在)*(?:{event.pattern})"
    behind = rf"(?:{event.pattern})(?:的?(?:时间|日期|日子))?(?:是|在|于|:)*$"
    found = [day for day in scene.days if re.match(beside, scene.text[day.end :])]
    found = found or [day for day in scene.days if re.search(behind, scene.text[: day.start])]
    return found[0] if len(found) == 1 else None


BUILT, DONE = "build_years", "completion_date"


_TO_COME = re.compile(
    r"预计|还没|尚未|要到|得到|拖到|等到|才能?(?:竣工|完工|建成|验收)|计划|这批|估计|打算|加班|抢|争取|能(?:竣工|完工|建成|验收)|赶得?[上在不]"
)


STARTED = re.compile(
    r"(?:一直|断断续续|拖拖拉拉|就)*[干修建搞做拖磨弄]到|开工|动工|动的工|动土|动的土|破的土|开建|开始建|破土|进场|开干|开始干"
)


COMPLETED = re.compile(r"竣工|完工|完的工|建成|验收|收尾|干完|做完|弄完|改完|建完|完(?=[,。?!]|$)")
