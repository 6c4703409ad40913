"""Whether a sum suffices that the teller leaves open: told without its noun or roughly, or not the only way to meet."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogs.conversation import Kept
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.telling import in_words, told_source
from dialogs.verdicts import Verdict, in_marks, say_held, say_if_all, say_weighed, so_near, verdict_on
from dialogs.whether import CLAUSE
from knowledge.amounts import OF_EACH, UP_TO_THE_SUM, Measured, figures
from knowledge.amounts import told as told_in
from knowledge.approximate import least_of, most_of
from knowledge.binding import part_of_more, with_tax
from knowledge.casework import case_of
from knowledge.finding import is_question
from knowledge.scene import Scene


def say_unless(saying: Saying, undecided: list[Kept], folded: str, branches: tuple[str, ...], desk: Desk) -> None:
    """Say that a figure alone does not suffice where something untold may take its place (10亿元以上或具有全局性)."""
    sums = [one for one in told_in(folded) if one.kind == "money" and not _TO_GET.search(folded[: one.start])]
    if _INSTEAD.search(folded) or len(sums) > 1:
        return
    books = [desk.library.guide.book.branches[branch] for branch in branches]
    leaves = [leaf for book in books for leaf in book.whole.leaves() if leaf.operator == "at_least"]
    for kept in undecided:
        own = [leaf for leaf in leaves if leaf.fact == kept.fact]
        if (
            len(own) == 1
            and kept.value is not None
            and own[0].holds(case_of({kept.fact: kept.value}, desk.library.guide)) is False
        ):
            quote, quoted = in_marks(own[0].quote)
            said = in_words(kept, desk.library)
            saying.say("weighed_alone", told_source(kept, desk.library), quoted, told=said, quote=quote)
            saying.cite(own[0].clause, own[0].quote)
            return


_TO_GET = re.compile(r"(?:那|这|拿|奖|补|给|领|档)[^,。?!;\d]{0,3}$")
"""What stands before the sum of an award (那50万够着了没)."""


_INSTEAD = re.compile(r"全局|战略")
"""Words of what may take a figure's place."""


def say_too_little(
    saying: Saying,
    folded: str,
    branches: tuple[str, ...],
    told: list[Kept],
    desk: Desk,
    *,
    before: Mapping[str, Kept] | None,
    only_no: bool,
    line: str,
) -> None:
    """Say that a sum is below what is required, where it holds all that the condition is on (投了499万，够吗).

    A sum that was told roughly (九百多万) is below where the most that it may be is. `before`: what was told, where the
    message is hardly more than the sum: that then stands for the one figure that decides, and is enough too where that
    figure was told before (融资租赁合同900万够吗 → 那1000万呢). `only_no`: that it is enough is not asked.
    `line`: the first sentence that answers: where it holds the figure that is required, that is what was asked of.
    """
    sums = sums_of_its_own(folded)
    most = most_of(sums[0], folded) if len(sums) == 1 else None
    if most is None or most < LEAST or part_of_more(Scene(folded, desk.today, answer=True), sums[0], sums):
        return
    facts = desk.library.guide.fact
    keys = [key for key in facts if facts[key].unit == "万元" and set(facts[key].branches) & set(branches)]
    none = {key: Kept(fact=key, value=0.0) for key in keys}
    asked_for = [key for key in keys if verdict_on(none[key], branches, [*told, none[key]], desk)]
    lead = folded[: sums[0].start]
    if _NO_SUM_OF_ITS.search(lead) or (before is not None and _A_PART.search(lead)):
        return
    stands_alone = _is_all_of_its_clause(folded, sums[0].start, sums[0].end)
    per_each = {share.part.base for branch in branches for share in desk.library.guide.book.branches[branch].shares
                if share.part.each}  # fmt: skip
    for key in keys:
        if key not in per_each and OF_EACH.search(lead):
            continue  # 60台设备每台50万 is not what was invested
        words = "|".join(map(re.escape, facts[key].within)) or "(?!)"
        beside = re.search(rf"(?:{words}){UP_TO_THE_SUM}$", lead)
        alone = asked_for == [key] and (stands_alone or _SPENT.search(lead)) and not _OF_ANOTHER.search(lead)
        kept = Kept(fact=key, value=float(most))
        meant = beside or alone or before is not None
        verdict = verdict_on(kept, branches, [*told, kept], desk) if meant else None
        if verdict and verdict[0].holds and not sums[0].exact:  # is the least of all that it may be enough too?
            low = least_of(sums[0], folded)
            least = Kept(fact=key, value=float(low)) if low is not None else None
            verdict = verdict_on(least, branches, [*told, least], desk) if least else None
            verdict = verdict if verdict and verdict[0].holds else None
        if verdict is None:
            continue
        words, told_before = folded[sums[0].start : sums[0].end], before is not None and key in before
        if not verdict[0].holds or (told_before and sums[0].exact):
            _say_sum(saying, kept, verdict, words if not sums[0].exact else "", desk)
        elif not only_no and beside and not sums[0].exact:
            _say_sum(saying, kept, verdict, words, desk)
        elif not only_no and (
            before is not None
            or _asks_whether_enough(folded)
            or (stands_alone and set(figures(verdict[0].quote)) & set(figures(line)))
        ):
            gross = desk.library.teller.figures[key].rules.net and with_tax(folded)
            if gross or so_near(kept, verdict, folded):
                return
            said = words if not sums[0].exact else in_words(kept, desk.library)
            say_if_all(saying, said, kept, verdict[0], desk)
        return


def sums_of_its_own(folded: str) -> list[Measured]:
    """The sums of a text, each once, without awards, what another one lacks, and what is said to be asked for."""
    sums = [
        one
        for one in told_in(folded)
        if one.kind == "money" and not any(form.search(folded[: one.start]) for form in (_LACKS, _IS_GIVEN))
    ]
    asked_for = sums_asked_for(folded)
    own = [one for one in sums if one not in asked_for] or sums  # 合同满500万就能报，对吧
    return [one for at, one in enumerate(own) if not _said_again(one, own[:at], folded)]


def told_of_two(value: object, folded: str) -> bool:
    """Whether a sum is told of two things alike, so that it is not all there is (这个项目300万，那个项目300万)."""
    return isinstance(value, int | float) and sum(one.value == value for one in sums_of_its_own(folded)) > 1


def _said_again(one: Measured, before: list[Measured], folded: str) -> bool:
    """Whether a sum is one that was told before it (统共三百万,…,那我这三百万总该够了吧)."""
    for earlier in before:
        taken_up = _THIS.search(folded[: one.start]) and not _THIS.search(folded[: earlier.start])
        answers = _is_all_of_its_clause(folded, earlier.start, earlier.end)  # 500万,我们去年正好500万整
        if one.value == earlier.value and (taken_up or answers):
            return True
    return False


_THIS = re.compile(r"(?:这|那)(?![个家台边期一年])[^,。?!;\d]{0,6}$")
"""What stands before a sum that is taken up again, not another one (那个项目300万)."""


_IS_GIVEN = re.compile(r"(?:拿|领|奖|补|贴|返|得)(?:到|了|个|我们)*$")
"""What stands before a sum that is an award (投一千万就能拿三百万)."""


def sums_asked_for(folded: str) -> list[Measured]:
    """The sums that a text says are asked for (听说过1000万就能拿)."""
    return [one for one in told_in(folded) if one.kind == "money" and _IS_ASKED_FOR.match(folded[one.end :])]


_IS_ASKED_FOR = re.compile(
    r"[^,。?!;\d]{0,4}(?:就(?:够|行|能|可以|成|给)|才(?:够|行|能|可以|成|给|理))|(?:总)?(?:投资)?(?:根本)?(?:不理|免谈)"
)
"""What stands behind a sum that is said to be what is asked for (听说过1000万就能拿)."""


def _is_all_of_its_clause(folded: str, start: int, end: int) -> bool:
    """Whether a clause holds a sum and nothing else (五百万整，去年完的工，够不够线)."""
    return bool(_NOTHING_BEFORE.search(folded[:start]) and _NOTHING_BEHIND.match(folded[end:]))


_NOTHING_BEFORE = re.compile(
    r"(?:^|[,。?!;:])(?:一共|总共|拢共|统共|总计|合计|加起来|刚好|刚刚好|正好|恰好|不多不少|大概|差不多|满打满算|也?就|才|只有|有|是|那)*$"
)
_NOTHING_BEHIND = re.compile(r"(?:整|呢|啊|吧|左右|上下|出头|的样子)*(?:$|[,。?!;])")
"""What may stand beside a sum that is all of its clause."""


def _say_sum(saying: Saying, kept: Kept, verdict: Verdict, words: str, desk: Desk) -> None:
    """The verdict on a sum, in the words in which it was told where it was told roughly."""
    if not words:
        say_weighed(saying, kept, *verdict, desk)
        return
    name = desk.library.guide.fact[kept.fact].name
    say_held(saying, verdict[0], f"{name}{words}", Source("told", f"{name}{words}", f"您说的{name}"))


def lone_sum_fails(folded: str, branches: tuple[str, ...], desk: Desk) -> Saying | None:
    """That the only sum of a message is too little for the one figure that is required (那只拿900万那份报呢)."""
    saying, guide = desk.saying(), desk.library.guide
    sums = [one for one in told_in(folded) if one.kind == "money"]
    leaves = [leaf for branch in branches for leaf in guide.book.branches[branch].whole.leaves()]
    floors = {leaf.fact for leaf in leaves if leaf.operator in ("at_least", "more_than") and leaf.fact.endswith("_wan")}
    if len(sums) == 1 and _A_PART.search(folded[: sums[0].start]):
        return None
    if len(sums) != 1 or len(floors) != 1 or _OF_ANOTHER.search(folded[: sums[0].start]) or not sums[0].exact:
        return None
    kept = Kept(fact=next(iter(floors)), value=float(sums[0].value or 0))
    verdict = verdict_on(kept, branches, [kept], desk)
    if verdict and not verdict[0].holds:
        say_weighed(saying, kept, *verdict, desk)
    return saying if saying.lines else None


_SUFFICES = re.compile(r"够|达标|达到|达线|过线|过关|过得|符合|满足|合格|门槛|[那的]条线|[资额金]线|到线")
"""What asks whether a sum is enough, not what is given for it."""


def _asks_whether_enough(folded: str) -> bool:
    """Whether a clause of a text asks whether something is enough (验下来也达标 tells, and asks nothing)."""
    return any(_SUFFICES.search(one) and (is_question(one) or one.endswith("呗")) for one in CLAUSE.split(folded))


_A_PART = re.compile(r"(?:其中|里面|里头|包括|含|扣掉|扣除|刨掉|刨去|土地|利息|设备|软件|土建|税)[^,。?!;\d]{0,6}$")
"""What stands before a sum that is a part of the one that was told (其中设备300万呢)."""


_LACKS = re.compile(r"(?:就?差|还?差|超|多|少)(?:了|出)?$")
"""What stands before a sum by which another one differs from what is asked for (499万，差一万能通融吗)."""


_NO_SUM_OF_ITS = re.compile(r"(?:[差缺少超多]|凑|编|虚报|改)(?:了|个|出|到|成|够)*$|(?:凑|编|虚报)[^,。?!;]{0,8}$")
"""What stands before a sum that a project lacks, or that is to be made up (固投凑到五百万)."""


LEAST = 1
"""万元 below which nothing is a project's sum (有一块是上液冷的 tells of no money)."""


_SPENT = re.compile(
    r"(?:投|花|干|卖|销|拢共|统共|总计|总共|一共|合计|合同|做|买|租|固投|设备|金额|用|供|签|改造|履约)"
    r"[^,。?!;\d]{0,8}$"
)
"""What stands before a sum that is the project's own, where its direction asks for but one."""


_OF_ANOTHER = re.compile(
    r"(?:租金|房租|押金|订单|买地|土地|利息|贷|借|营收|收入|产值|资本|保费|补贴|奖励?|估值|利润|(?<!不含)(?<!去掉)(?<!扣)税|封顶|上限)[^,。?!;\d]{0,6}$"
)
"""What stands before a sum of something else."""
