"""A figure or day that a question tells, held against the conditions it asks about: 够 or 不够 comes first.

“融资租赁合同800万行不行” asks for a yes or no that the guide decides. Only what this very message told is weighed, and
only where all branches in question agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from dialogs.conversation import Kept
from dialogs.failing import failures, in_a_sentence
from dialogs.hearing import WHY
from dialogs.intent import Intent
from dialogs.messages import Reply
from dialogs.noticing import kept_of
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.telling import in_words, told_source
from dialogs.thresholds import amount_as_printed
from dialogs.window import parted
from knowledge.amounts import amounts_in, holds
from knowledge.awarding import plain_number
from knowledge.casework import case_of
from knowledge.judging import Gap, Reason, judge_branch
from knowledge.scene import Scene
from knowledge.telling import heard_in

MOST = 2
"""Verdicts before one answer."""


_WHETHER = re.compile(
    r"够|能报|能不能报|可以报|能申请|可以申请|能申报|行不行|行吗|行不|达标|达到|符合|算不算|合格|有资格|满足|有戏|报得了|能拿|可以吗|对吗|对吧"
)
"""What asks whether something suffices."""
_ASKING = re.compile(r"[吗么呢吧不?]+$")
"""What is left of a question at its end; without it and what asks whether, the figure stands as if told."""
_HOW_MUCH = re.compile(r"起步|起报|才|至少|最低|最少|不低于|以上|门槛(?:是|多少)|多少")
"""What asks for the threshold itself, with a figure in it or not."""


def weighed(reply: Reply, text: str, intent: Intent, held: Mapping[str, Kept], desk: Desk) -> Reply:
    """The reply with the verdict on what the question supposes put before it; as it was where there is none.

    `held`: what the conversation has told of the enterprise, of which only what fails is said.
    """
    topics = [topic for ask in intent.asks for topic in ask.topics]
    of_direction = len(topics) == 1 and topics[0] in desk.library.guide.direction_of
    folded = desk.library.teller.letters(text)
    if reply.status != "answered" or not of_direction:
        return reply
    if not WHY.search(folded) and (not _WHETHER.search(folded) or _HOW_MUCH.search(folded)):
        return reply
    supposed = _ASKING.sub("", _WHETHER.sub("", folded))
    scene = Scene(supposed, desk.today, answer=True)
    told = [kept_of(one, desk.library) for one in heard_in(scene, desk.library.teller).told]
    heard = sum(desk.library.guide.fact[one.fact].unit in ("万元", "%") for one in told)
    whole = len(amounts_in(folded)) <= heard  # else what was not heard may fail: only a no is sure
    saying, branches = desk.saying(), desk.library.branches_of(topics[0])
    _say_what_fails(saying, held, told, branches, desk)
    found = [(kept, _verdict(kept, branches, told, desk)) for kept in told]
    of = desk.library.guide.fact
    measured = [(kept, verdict) for kept, verdict in found if of[kept.fact].kind in ("number", "date")]
    whole = whole and all(verdict and verdict[0].holds for _, verdict in measured)
    for kept, verdict in measured:
        if verdict and len(saying.lines) < MOST and (whole or not verdict[0].holds):
            _weigh(saying, kept, *verdict, desk)
    if not saying.lines:
        return reply
    first = saying.reply("answered")
    lead, rest = parted(reply.text, desk.library, desk.today)
    text = "\n".join(part for part in (lead, *(line.text for line in saying.lines), rest) if part)
    origins = (*first.origins, *reply.origins)
    citations = tuple(dict.fromkeys((*first.citations, *reply.citations)))
    return replace(reply, text=text, origins=origins, citations=citations)


def _say_what_fails(
    saying: Saying, held: Mapping[str, Kept], told: list[Kept], branches: tuple[str, ...], desk: Desk
) -> None:
    """What was told before and fails every branch in question (没单独法人 → 想报方向6，行吗)."""
    anew = {one.fact for one in told}
    before = {key: kept for key, kept in held.items() if key not in anew and kept.value is not None}
    if not before:
        return
    case = case_of({key: kept.value for key, kept in before.items()}, desk.library.guide)
    found = [failures(branch, case, before, desk.library, desk.today) for branch in branches]
    for failure in found[0]:
        of_all = all(any(one.facts == failure.facts for one in other) for other in found)
        if of_all and set(failure.facts) <= set(before) and len(saying.lines) < MOST:
            saying.say("weighed_before", *failure.sources, says=failure.text)
            saying.cite(failure.clause, failure.quote)


def _verdict(
    kept: Kept, branches: tuple[str, ...], told: list[Kept], desk: Desk
) -> tuple[Reason, tuple[Gap, ...]] | None:
    """What the condition on a figure says, where all branches agree and it is decided."""
    guide = desk.library.guide
    case = case_of({one.fact: one.value for one in told if one.value is not None}, guide)
    judged = [judge_branch(branch, case, guide, desk.today) for branch in branches]
    found = [(reason, one.gaps) for one in judged for reason in one.because if reason.fact == kept.fact]
    particular = guide.fact[kept.fact].branches != guide.fact["reg_beijing"].branches
    decided = {reason.holds for reason, _ in found}
    return found[0] if particular and len(decided) == 1 and None not in decided else None


def _weigh(saying: Saying, kept: Kept, reason: Reason, gaps: tuple[Gap, ...], desk: Desk) -> None:
    gap = next((one for one in gaps if one.fact == kept.fact and isinstance(one.short_by, Decimal)), None)
    quote = " ".join(reason.quote.split())
    sources = [told_source(kept, desk.library), Source("quoted", reason.quote, quote)]
    said = in_words(kept, desk.library)
    if reason.holds:
        saying.say("weighed_meets", *sources, told=said, quote=in_a_sentence(quote))
    elif gap and isinstance(gap.have, Decimal) and isinstance(gap.need, Decimal):
        _short(saying, kept, gap, reason, sources, desk)
    else:
        saying.say("weighed_fails", *sources, told=said, quote=in_a_sentence(quote))
    saying.cite(reason.clause, reason.quote)


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
    saying.say(phrase, *sources, own, reckoned, name=fact.name, have=have, need=need, short=short, formula=formula)
