"""A figure or day that was told, held against the condition on it, and the sentence that says how it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from dialogs.conversation import Kept
from dialogs.doubts import sources_of
from dialogs.failing import in_a_sentence
from dialogs.glossing import between_marks
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.telling import fact_sources, in_words, told_source
from dialogs.thresholds import amount_as_printed
from knowledge.amounts import holds
from knowledge.amounts import told as told_in
from knowledge.approximate import step_of
from knowledge.awarding import plain_number
from knowledge.casework import case_of, with_defaults
from knowledge.judging import Gap, Reason, judge_branch, open_doubts
from knowledge.rules import AS_OF

MOST = 2
"""Verdicts before one answer."""
Verdict = tuple[Reason, tuple[Gap, ...]]
"""What the condition on a figure says, and what is lacking."""


def when_closed(desk: Desk) -> Desk:
    """The desk on the closing day at the earliest: what is told of a time that is not over is weighed as if it were."""
    return replace(desk, today=max(desk.today, date.fromisoformat(desk.library.guide.window.closes)))


def so_near(kept: Kept, verdict: Verdict | None, folded: str) -> bool:
    """Whether a sum that is told with 约 or 左右 lies so near what is required that it decides nothing."""
    if verdict is None or isinstance(kept.value, bool) or not isinstance(kept.value, int | float):
        return False
    value = Decimal(str(kept.value))
    told = [one for one in told_in(folded) if one.about and one.value == value]
    near = max(step_of(value), value * NEAR) if value > 0 else Decimal(0)
    return bool(told) and any(abs(need - value) <= near for need in _required(verdict[0].quote))


NEAR = Decimal("0.03")
"""Share of a sum told with 大概 within which it may be another one; at least a step of its last digit (大概900万)."""


def _required(quote: str) -> list[Decimal]:
    """The figures that a condition's quote holds."""
    return [one.value for one in told_in("".join(quote.split())) if one.value is not None]


def verdict_on(
    kept: Kept, branches: tuple[str, ...], told: list[Kept], desk: Desk, *, general: bool = False
) -> Verdict | None:
    """What the condition on a figure says, where all branches agree and it is decided.

    `general`: also where it is one of the conditions on every firm.
    """
    guide = desk.library.guide
    case = case_of({one.fact: one.value for one in told if one.value is not None}, guide)
    judged = [judge_branch(branch, case, guide, desk.today) for branch in branches]
    found = [(reason, one.gaps) for one in judged for reason in one.because if reason.fact == kept.fact]
    particular = general or not is_general(kept.fact, desk)
    decided = {reason.holds for reason, _ in found}
    return found[0] if particular and len(decided) == 1 and None not in decided else None


def is_general(fact: str, desk: Desk) -> bool:
    """Whether a fact is asked of every firm or project, whatever the direction."""
    of = desk.library.guide.fact
    return of[fact].branches == of["reg_beijing"].branches


def say_doubtful(
    saying: Saying,
    measured: list[tuple[Kept, Verdict | None]],
    branches: tuple[str, ...],
    desk: Desk,
) -> None:
    """Say why what was told decides nothing yet, where the guide leaves open just that (一季度还没有结束)."""
    guide = desk.library.guide
    case = case_of({kept.fact: kept.value for kept, _ in measured if kept.value is not None}, guide)
    told = {kept.fact for kept, verdict in measured if verdict is None}
    full = with_defaults({**case, AS_OF: desk.today}, guide)
    for branch in branches:
        for doubt in open_doubts(guide.book.branches[branch], full):
            if doubt.unknown_when and told & {leaf.fact for leaf in doubt.unknown_when.leaves()}:
                saying.line(doubt.ambiguity.say, *sources_of(doubt.ambiguity, branch, desk.library))
                return


def say_weighed(saying: Saying, kept: Kept, reason: Reason, gaps: tuple[Gap, ...], desk: Desk) -> None:
    gap = next((one for one in gaps if one.fact == kept.fact and isinstance(one.short_by, Decimal)), None)
    own = told_source(kept, desk.library)
    if gap and "月" in own.holds and desk.library.guide.fact[gap.fact].unit == "年":
        gap = None  # 3年2个月 is plainer than 3.17年 and what it comes to
    if not reason.holds and gap and isinstance(gap.have, Decimal) and isinstance(gap.need, Decimal):
        _short(saying, kept, gap, reason, [own, in_marks(reason.quote)[1]], desk)
        saying.cite(reason.clause, reason.quote)
    else:
        say_held(saying, reason, in_words(kept, desk.library), own)


def say_held(saying: Saying, reason: Reason, said: str, own: Source) -> None:
    """够 or 不符合: what was told, and the sentence that it is held against."""
    of_figure = saying.library.guide.fact[reason.fact].kind == "number"
    phrase = ("weighed_enough" if of_figure else "weighed_meets") if reason.holds else "weighed_fails"
    quote, quoted = in_marks(reason.quote)
    saying.say(phrase, own, *_of_the_name(reason.fact, saying), quoted, told=said, quote=quote)
    saying.cite(reason.clause, reason.quote)


def _of_the_name(fact: str, saying: Saying) -> list[Source]:
    """What a figure in a fact's name stands on (2022年营业收入)."""
    named = saying.library.guide.fact[fact]
    return fact_sources(named, saying.library) if _DIGIT.search(named.name) else []


_DIGIT = re.compile(r"\d")


def say_if_all(saying: Saying, said: str, kept: Kept, reason: Reason, desk: Desk) -> None:
    """Say that a sum is enough where all of it counts (投了500万整，够吗: how much of it counts is not told)."""
    quote, quoted = in_marks(reason.quote)
    name = desk.library.guide.fact[kept.fact].name
    have = said.removeprefix(name)
    own = Source("told", f"{told_source(kept, desk.library).holds} {have}", f"您说的{name}")
    saying.say("weighed_if_all", own, quoted, told=have, name=name, quote=quote)
    saying.cite(reason.clause, reason.quote)


def in_marks(quote: str) -> tuple[str, Source]:
    """A quote as it stands in a sentence of ours, and as a source."""
    plain = " ".join(quote.split())
    return between_marks(in_a_sentence(plain)), Source("quoted", quote, plain)


def _short(saying: Saying, kept: Kept, gap: Gap, reason: Reason, sources: list[Source], desk: Desk) -> None:
    fact = desk.library.guide.fact[gap.fact]
    assert isinstance(gap.have, Decimal) and isinstance(gap.need, Decimal)
    large = fact.unit == "万元" and holds(reason.quote, f"{plain_number(gap.need / 10_000)}亿元")
    need, short, have = (amount_as_printed(fact, number, large) for number in (gap.need, gap.short_by, gap.have))
    larger, smaller = (need, have) if gap.need > gap.have else (have, need)
    formula = f"{larger} − {smaller} = {short}"
    own = Source("told", have, f"您说的{fact.name}")
    reckoned = Source("computed", formula, formula)
    phrase = "weighed_short" if gap.need > gap.have else "weighed_over"
    saying.say(
        phrase,
        *sources,
        own,
        *_of_the_name(gap.fact, saying),
        reckoned,
        name=fact.name,
        have=have,
        need=need,
        short=short,
        formula=formula,
    )
