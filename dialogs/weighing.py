"""A figure or day that a question tells, held against the conditions it asks about: 够 or 不够 comes first.

“融资租赁合同800万行不行” asks for a yes or no that the guide decides. What this very message told is weighed, or what
was told before where it only asks whether that suffices (那能报吗); and only where all branches in question agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogs.conversation import Conversation, Kept
from dialogs.intent import Intent
from dialogs.messages import Reply
from dialogs.saying import Saying
from dialogs.stepping import Desk
from dialogs.told_of import OF_WORDS, supposed_of, told_of
from dialogs.verdicts import MOST, Verdict, say_doubtful, say_weighed, so_near, verdict_on, when_closed
from dialogs.weighing_days import STARTED, built_roughly, built_within, done_by
from dialogs.weighing_firm import of_the_firm
from dialogs.weighing_growth import branches_grown, grew
from dialogs.weighing_said import of_all_said
from dialogs.weighing_sums import lone_sum_fails, say_too_little, say_unless, sums_asked_for, told_of_two
from dialogs.weighing_tiers import asks_for_a_share, tier
from dialogs.weighing_words import fails_somewhere, say_met
from dialogs.whether import (
    ASKING,
    ASKS_ALONE,
    BOUNDED,
    CONFIRMS,
    ELSE,
    HOW_MUCH,
    SUM_ASKED,
    WHETHER,
    asks_of_what_it_tells,
    ends_in_yes_or_no,
    whether_part,
)
from dialogs.window import first_sentence, of_another_year, put_first
from knowledge.amounts import amounts_in
from knowledge.amounts import told as told_in
from knowledge.casework import case_of
from knowledge.finding import is_question
from knowledge.judging import judge_branch
from knowledge.scene import Scene

GENERAL = ("eligibility", "other_money")
"""The general rules that hold conditions on every firm or project."""


@dataclass(frozen=True)
class _Asked:
    """A question that tells figures or days of a direction.

    `folded`: as the teller reads it; `supposed`: without what only asks; `whether`: it asks for a yes or no; `again`:
    it is hardly more than another sum; `changed`: it is the question in hand with something changed; `states`: it ends
    with what is so, and asks nothing behind that; `answer`: the text of its reply; `of_what_is_told`: it
    asks for no sum, duty or person.
    """

    folded: str
    supposed: str
    branches: tuple[str, ...]
    whether: bool
    again: bool
    changed: bool
    of_money: bool
    states: bool
    answer: str
    of_what_is_told: bool


def weighed(
    reply: Reply, text: str, intent: Intent, conversation: Conversation, desk: Desk, *, changed: bool = False
) -> Reply | None:
    """The reply with the verdict on what the question supposes put before it; None where there is no verdict."""
    first = verdict_of(reply, text, intent, conversation, desk, changed=changed)
    return put_first(reply, first, desk.today) if first else None


def verdict_of(
    reply: Reply, text: str, intent: Intent, conversation: Conversation, desk: Desk, *, changed: bool = False
) -> Saying | None:
    """The verdict on what a question supposes that has a reply; None where there is none.

    `conversation`: as it was before the message; `changed`: the text is the question in hand with something changed,
    of which it is always said what does not suffice (要是2021年上市的呢).
    """
    topics = _narrowest([topic for ask in intent.asks for topic in ask.topics], desk)
    if reply.status != "answered":
        return None
    folded = whether_part(desk.library.teller.letters(text))
    if rule := next((one for one in GENERAL if one in topics), ""):
        return of_the_firm(folded, rule, desk)
    if len(topics) == 1 and topics[0] in desk.library.guide.direction_of:
        first = _of_direction(folded, topics[0], intent, conversation, desk, reply.text, changed=changed)
        if first is None and not changed and set(intent.facets) <= {"conditions", "scope", "amount", "rate"}:
            first = of_all_said(folded, desk.library.branches_of(topics[0]), conversation, desk)
        if first is None and not changed and "contact" not in intent.facets:
            first = of_the_firm(folded, "eligibility", desk)
        return first
    return None


def _of_direction(
    folded: str, topic: str, intent: Intent, conversation: Conversation, desk: Desk, answer: str, *, changed: bool
) -> Saying | None:
    """The verdict on what a question of one direction tells; `answer`: the reply's text."""
    if growth := grew(folded, topic, conversation, desk):
        return growth
    asked = _asked(folded, topic, intent, conversation, desk, answer, changed=changed)
    if asks_for_a_share(folded):
        held = [*conversation.now.values(), *told_of(asked.supposed, asked.branches, desk)]
        if tiered := tier(folded, asked.branches, held, desk):
            return tiered
    if BOUNDED.search(asked.supposed):
        return None
    outside = None
    if asked.whether or asked.of_money:
        outside = done_by(folded, asked.branches, desk, also_yes=False)
    if not (asked.whether or asked.states or CONFIRMS.search(folded)) or HOW_MUCH.search(folded):
        return outside or _ruled_out(asked, desk)
    told = told_of(asked.supposed, asked.branches, desk)
    dated = any(desk.library.guide.fact[one.fact].kind == "date" for one in told)
    if not dated and of_another_year(folded, desk.library, desk.today):
        return None
    alone = "conditions" in intent.facets and ASKS_ALONE.search(folded) and not re.search(r"\d", folded)
    if alone and not told and not told_in(folded):  # what else was said then may not have been heard: only a no is sure
        return _of_told_before(asked, list(conversation.now.values()), desk) or outside
    weighed_now = _of_told(asked, told, conversation, desk, also_yes=outside is None) or outside
    return weighed_now or (_ruled_out(asked, desk) if asked.changed else None)


def _asked(
    folded: str, topic: str, intent: Intent, conversation: Conversation, desk: Desk, answer: str, *, changed: bool
) -> _Asked:
    """What a question asks of a direction, beside what was spoken of before."""
    in_hand = topic in conversation.topics
    of_money = bool({"amount", "rate"} & set(intent.facets))
    in_doubt = (changed or _SUPPOSES.search(folded)) and not of_money and _FIGURE.search(folded)  # 480万 → 500万整呢
    goes_on = in_hand and folded.rstrip("?").endswith("呢")
    changed = (changed or goes_on) and not _OF_SOMEBODY & set(intent.facets)
    spoken_of = in_hand and (WHETHER.search(folded) or "conditions" in conversation.facets)
    held = [one for one in told_in(conversation.case) if one.kind == "money"]
    # 贷款1个亿贴多少 → 那400万呢 asks of another loan; of two sums it is not plain which is meant
    again = bool(spoken_of and len(held) < 2 and _ANOTHER_SUM.match(folded))
    whether = bool(WHETHER.search(folded) or again or in_doubt)
    of_what_is_told = set(intent.facets) <= _OF_WHAT_IS_TOLD
    whether = whether or (of_what_is_told and asks_of_what_it_tells(folded))
    supposed = ASKING.sub("", folded)
    supposed = re.sub(r"呢[?]*$", "", supposed) if changed else supposed
    branches = branches_grown(topic, folded) or desk.library.branches_of(topic)
    last = _SENTENCE.split(folded.rstrip("。!"))[-1]
    states = "conditions" in intent.facets and bool(last) and not is_question(last) and not last.endswith("吧")
    states = states and (_FIGURE.search(folded) is not None or not is_question(folded))
    return _Asked(folded, supposed, branches, whether, again, changed, of_money, states, answer, of_what_is_told)


def _ruled_out(asked: _Asked, desk: Desk) -> Saying | None:
    """What rules a direction out by what a question tells that asks for a sum, or for nothing but what it changed."""
    sum_asked = SUM_ASKED.search(asked.folded) if asked.of_money else None
    before_it = asked.folded[: sum_asked.start()] if sum_asked else asked.supposed
    failing = _failing(before_it, asked.branches, desk) if sum_asked or asked.changed else None
    if failing is None and asked.changed and not asked.of_money:
        failing = lone_sum_fails(asked.folded, asked.branches, desk)
    return failing


def _of_told_before(asked: _Asked, told: list[Kept], desk: Desk) -> Saying | None:
    """Up to two verdicts on what was told before, of which only a no is sure."""
    saying = desk.saying()
    for kept, verdict in _measured(asked, told, desk):
        if verdict and not verdict[0].holds and len(saying.lines) < MOST:
            say_weighed(saying, kept, *verdict, desk)
    return saying if saying.lines else None


def _of_told(
    asked: _Asked, told: list[Kept], conversation: Conversation, desk: Desk, *, also_yes: bool
) -> Saying | None:
    """The verdicts on what this very question tells: of its figures and days, else of what else it says.

    `also_yes`: nothing else in it is known to fail, so that what suffices is said as well.
    """
    of, saying = desk.library.guide.fact, desk.saying()
    roughly = built_roughly(asked.folded, asked.branches, desk) if asked.whether or asked.states else None
    if roughly and not roughly[1]:
        return roughly[0]
    heard = sum(of[one.fact].unit in ("万元", "%") for one in told)
    measured = _measured(asked, told, desk)
    # what was not heard may fail: then only a no is sure
    whole = also_yes and asked.whether and not (asked.of_money and SUM_ASKED.search(asked.folded))
    whole = whole and len(amounts_in(asked.folded)) - len(sums_asked_for(asked.folded)) <= heard
    whole = whole and all(verdict and verdict[0].holds for _, verdict in measured)
    scene = Scene(asked.supposed, desk.today, answer=True)
    if STARTED.search(asked.supposed):  # a day that fits is not enough where how long was built is not known
        whole = built_within(saying, scene, asked.branches, desk, whether=asked.whether) and whole
    verdicts = [
        (kept, verdict_on(kept, asked.branches, told, desk))
        for kept in told
        if of[kept.fact].kind in OF_WORDS or (kept.fact.endswith("_year") and not kept.value)
    ]
    missing = [(kept, verdict) for kept, verdict in verdicts if verdict and verdict[0].holds is False]
    if asked.whether and not missing:
        wished = supposed_of(asked.supposed, asked.branches, told, desk)
        held = [(kept, verdict_on(kept, asked.branches, [*told, *wished], desk)) for kept in wished]
        missing = [(kept, verdict) for kept, verdict in held if verdict and verdict[0].holds is False]
    whole = whole and not missing
    for kept, verdict in measured:
        sure = not ELSE.search(asked.supposed) or (of[kept.fact].kind == "date" and verdict and not verdict[0].holds)
        if verdict and sure and (whole or not verdict[0].holds) and len(saying.lines) < MOST:
            say_weighed(saying, kept, *verdict, desk)
    if not (asked.whether or asked.states) or saying.lines:
        return saying if saying.lines else None
    if len(missing) == 1:
        say_weighed(saying, missing[0][0], *missing[0][1], desk)
        return saying
    if roughly:
        return roughly[0]
    if done := done_by(asked.folded, asked.branches, desk, also_yes=whole and not ELSE.search(asked.supposed)):
        return done
    say_doubtful(saying, measured, asked.branches, desk)
    if saying.lines:
        for kept, _ in measured:
            if verdict := verdict_on(kept, asked.branches, told, when_closed(desk)):
                say_weighed(saying, kept, *verdict, desk)
        return saying
    confirms = CONFIRMS.search(asked.folded) is not None
    if not (asked.whether or confirms):
        return None
    undecided = [kept for kept, verdict in measured if verdict is None]
    say_unless(saying, undecided, asked.folded, asked.branches, desk)
    if not saying.lines:
        before = conversation.now if asked.again else None
        only_no = (
            confirms
            or fails_somewhere(told, asked.branches, desk)
            or ELSE.search(asked.supposed) is not None
            or (asked.of_money and SUM_ASKED.search(asked.folded) is not None)
        )
        line = first_sentence(asked.answer, desk.library, desk.today)
        say_too_little(saying, asked.folded, asked.branches, told, desk, before=before, only_no=only_no, line=line)
    if not saying.lines and asked.of_what_is_told and ends_in_yes_or_no(asked.folded):
        say_met(saying, asked.folded, asked.supposed, asked.branches, told, desk)
    return saying if saying.lines else None


def _measured(asked: _Asked, told: list[Kept], desk: Desk) -> list[tuple[Kept, Verdict | None]]:
    """The figures and days of what was told, each with its verdict, without those too near to what is required."""
    of = desk.library.guide.fact
    numbers = [one for one in told if of[one.fact].kind in ("number", "date") and not one.fact.endswith("_year")]
    numbers = [one for one in numbers if not told_of_two(one.value, asked.folded)]
    found = [(kept, verdict_on(kept, asked.branches, told, desk)) for kept in numbers]
    return [(kept, verdict) for kept, verdict in found if not so_near(kept, verdict, asked.folded)]


def _failing(supposed: str, branches: tuple[str, ...], desk: Desk) -> Saying | None:
    """What was told that alone rules a direction out, each with its sentence; None where nothing does."""
    guide, saying = desk.library.guide, desk.saying()
    for kept in told_of(supposed, branches, desk):
        if kept.fact.endswith("_year") or (guide.fact[kept.fact].kind == "number" and ELSE.search(supposed)):
            continue  # another year is another award's (2023年的呢)
        case = case_of({kept.fact: kept.value}, guide)
        judged = [judge_branch(branch, case, guide, desk.today) for branch in branches]
        reasons = [
            reason for one in judged for reason in one.because if (reason.fact, reason.holds) == (kept.fact, False)
        ]
        if reasons and all(one.verdict == "not_eligible" for one in judged) and len(saying.lines) < MOST:
            say_weighed(saying, kept, reasons[0], judged[0].gaps, desk)
    return saying if saying.lines else None


def _narrowest(topics: list[str], desk: Desk) -> list[str]:
    """The topics, a direction without its branches where it is asked of beside them."""
    of = desk.library.guide.direction_of
    return [one for one in dict.fromkeys(topics) if one not in of or of[one].direction == one
            or of[one].direction not in topics]  # fmt: skip


_SENTENCE = re.compile(r"[?。!;]")
"""Where a sentence ends."""
_OF_SOMEBODY = {"contact", "email", "district_contact", "reverse_lookup"}
"""Facets that ask for somebody: what is told beside only says for what (医药健康链呢)."""


_SUPPOSES = re.compile(r"(?:要是|如果|假如|假设|换成|改成)[^?]*呢[?]*$")
"""What supposes something else in a question (那要是改的是数据中心，投了480万呢)."""
_OF_WHAT_IS_TOLD = {"conditions", "scope", "other", "definition"}
"""Facets under which a bare yes-or-no question is of what the message tells."""
_FIGURE = re.compile(r"[\d一二两三四五六七八九十百千万]")
"""What a message has to hold for a figure or day to be told in it."""


_ANOTHER_SUM = re.compile(
    r"^(?:那|不对|不是|错了|改成|换成|要是|如果|只有|才|是|[,。])*\d[\d.]*(?:万|亿|千万|百万)元?[^\d]{0,6}$"
)
"""What puts another sum in place of the one that was spoken of (不对不对，是400万，够吗)."""
