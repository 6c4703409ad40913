"""What is proved of judging and choosing; every proof takes the guide as it is (or was broken) and a tally."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from dialogs.assessing import results, window_on
from dialogs.library import Library
from knowledge.casework import case_of
from knowledge.choosing import combinations
from knowledge.guide import Guide
from knowledge.judging import Judgement, judge, judge_branch, relevant_facts
from knowledge.rulebook import Check
from tests.proofs import plain
from tests.proofs.cases import (
    AS_OFS,
    GOOD,
    any_case,
    any_value,
    around,
    as_json,
    eligible_case,
    honest,
    json_value,
    likely_case,
)

SETTLED = {"eligible", "not_eligible"}
DAY = date(2023, 4, 12)


@dataclass
class Tally:
    """What was tried and what failed; `states` are the interview's."""

    thresholds: int = 0
    states: int = 0
    checks: int = 0
    failed: list[str] = field(default_factory=list)

    def check(self, holds: bool, says: str) -> None:
        """One check; a failing one is kept with its sentence."""
        self.checks += 1
        if not holds:
            self.failed.append(says)


def ours(facts: Mapping[str, Any], guide: Guide, day: date) -> dict[str, Judgement]:
    """The judgements of JSON facts."""
    return judge(case_of(facts, guide), guide, day)


def same(found: Judgement, gold: plain.Outcome) -> bool:
    """Verdict, ceiling and duties agree."""
    amount = None if found.max_award_wan is None else Fraction(found.max_award_wan)
    return (found.verdict, amount, frozenset(found.needs)) == gold


def against(facts: dict[str, Any], guide: Guide, day: date, branch: str, tally: Tally, what: str) -> None:
    """One branch of one case against the plain expression of it."""
    found = judge_branch(branch, case_of(facts, guide), guide, day)
    gold = plain.outcomes(facts, day.isoformat())[branch]
    tally.check(
        same(found, gold), f"{what}：方向{branch}判为{found.verdict} {found.max_award_wan} {found.needs}，应为{gold}"
    )


def thresholds(library: Library, tally: Tally, dice: random.Random) -> None:
    """Every threshold at −1 unit, −0.01, exactly, +0.01, +1 unit; every date bound at −1 day, exactly, +1 day."""
    guide = library.guide
    for branch, book in honest(guide).branches.items():
        whole = eligible_case(branch, guide)
        tests = {
            (t.fact, v): t for n in book.conditions for t in n.leaves() for v in t.values if t.operator not in PLAIN
        }
        for (fact, bound), test in tests.items():
            tally.thresholds += 1
            for base in _suited(whole, test, branch, guide):
                for value in around(bound):
                    if not guide.fact[fact].whole or value == int(value):  # type: ignore[call-overload]
                        facts = as_json({**base, fact: value})
                        against(facts, guide, DAY, branch, tally, f"{fact}={json_value(value)}")


def ceilings(library: Library, tally: Tally, dice: random.Random) -> None:
    """Every cap and limit: the base with which it is just reached, at −1 unit, −0.01, exactly, +0.01, +1 unit."""
    guide = library.guide
    for branch, book in honest(guide).branches.items():
        whole = eligible_case(branch, guide)
        for share in book.shares:
            most = [amount for amount in (share.cap, *(c.amount for c in (*book.ceilings, *book.perhaps))) if amount]
            for amount in most if share.part.base else []:
                tally.thresholds += 1
                for value in around(amount / (share.rate or 1)):
                    facts = as_json({**whole, share.part.base or "": value})
                    against(facts, guide, DAY, branch, tally, f"{share.part.base}={json_value(value)}")


PLAIN = ("is", "one_of", "told")


def _suited(whole: dict[str, Any], test: Check, branch: str, guide: Guide) -> list[dict[str, Any]]:
    """The eligible case, and others in which this test is the one that counts (another alternative of the branch)."""
    found = [whole]
    for other in ({"sector": "software_it"}, {"is_strategic_major": False}, {"med_product": "class3_device"}):
        key, value = next(iter(other.items()))
        if key in whole or key in guide.book.branches[branch].facts:
            found.append({**whole, "device_track": "priority_review", "sw_code_64_65": True, key: value})
    return found


def window(library: Library, tally: Tally, dice: random.Random) -> None:
    """The window's first and last day, and the days around them; the end of the quarter."""
    for day, wanted in (
        (date(2023, 2, 16), "before"),
        (date(2023, 2, 17), "open"),
        (date(2023, 4, 15), "open"),
        (date(2023, 4, 16), "closed"),
    ):
        tally.thresholds += 1
        tally.check(window_on(day, library.guide.window) == wanted, f"{day}应是{wanted}")
    facts = as_json(eligible_case("14a", library.guide))
    for day in (date(2023, 3, 30), date(2023, 3, 31), date(2023, 4, 1)):
        tally.thresholds += 1
        against(facts, library.guide, day, "14a", tally, f"{day}")


def flips(library: Library, tally: Tally, dice: random.Random) -> None:
    """Every fact of a branch, turned to every other value it tells apart, and left out, alone."""
    guide = library.guide
    for branch, book in honest(guide).branches.items():
        whole = eligible_case(branch, guide)
        against(as_json(whole), guide, DAY, branch, tally, "全部符合")
        for fact in {leaf.fact for leaf in book.whole.leaves()}:
            for value in _others(fact, guide, dice):
                against({**as_json(whole), fact: value}, guide, DAY, branch, tally, f"{fact}={value}")
            left = {key: value for key, value in as_json(whole).items() if key != fact}
            against(left, guide, DAY, branch, tally, f"没有{fact}")


def _others(key: str, guide: Guide, dice: random.Random) -> list[Any]:
    fact = guide.fact[key]
    if fact.kind == "bool":
        return [True, False]
    return list(fact.choices) if fact.kind == "choice" else [any_value(fact, dice) for _ in range(6)]


def exemptions(library: Library, tally: Tally, dice: random.Random) -> None:
    """Every branch with every direction applied for already, with and without other funding and the exemption."""
    guide = library.guide
    for branch in honest(guide).branches:
        whole = as_json(eligible_case(branch, guide))
        for applied in guide.fact["other_direction_applied"].choices:
            for funded, exempt in product((True, False), repeat=2):
                told = {"other_municipal_funding": funded, "municipal_major_or_key_institution": exempt}
                facts = {**whole, "other_direction_applied": applied, **told}
                against(facts, guide, DAY, branch, tally, f"已报{applied}，其他资金{funded}，例外{exempt}")


def at_random(library: Library, tally: Tally, dice: random.Random) -> None:
    """Random cases: every branch as the plain expression has it, and reasons that bear the verdict."""
    guide = library.guide
    for number in range(700):
        facts = (any_case if number % 3 == 0 else likely_case)(guide, dice)
        day = dice.choice(AS_OFS)
        found, gold = ours(facts, guide, day), plain.outcomes(facts, day.isoformat())
        for branch, one in found.items():
            says = f"随机{number}：方向{branch}判为{one.verdict} {one.max_award_wan} {one.needs}，应为{gold[branch]}"
            tally.check(same(one, gold[branch]), says)
            tally.check(_borne(one), f"随机{number}：方向{branch}的理由撑不起{one.verdict}")
        best = combinations(found, guide, case_of(facts, guide))
        top = list(best[0].branches) if best else []
        wanted = plain.best_choice(gold)
        tally.check(set(top) == set(wanted), f"随机{number}：首选{top}，应为{wanted}")


def _borne(one: Judgement) -> bool:
    """Whether the reasons are such that the verdict follows from them."""
    held = [reason.holds for reason in one.because]
    if one.verdict == "eligible":
        return bool(held) and all(held)
    if one.verdict == "not_eligible":
        return False in held
    return bool(one.missing) or any(ambiguity.unknown_when for ambiguity in one.ambiguities)


def choosing(library: Library, tally: Tally, dice: random.Random) -> None:
    """The best choice over made-up sums (ties, none, all eligible) against trying every set."""
    guide = library.guide
    blank = ours({}, guide, DAY)
    for number in range(60):
        some = TOGETHER[number : number + 1] or [dice.sample(list(blank), dice.choice((0, 1, 2, 3, 4, 6, 9, 11)))]
        gold: dict[str, plain.Outcome] = {}
        made = dict(blank)
        for branch, one in blank.items():
            most = [int(ceiling.amount) for ceiling in guide.book.branches[branch].ceilings]
            amounts = [amount if amount is None else min([amount, *most]) for amount in SUMS]
            amount = dice.choice(amounts) if branch in some[0] else None
            verdict = "eligible" if branch in some[0] else "not_eligible"
            made[branch] = replace(one, verdict=verdict, award=_reckoned(amount))  # type: ignore[arg-type]
            gold[branch] = (verdict, None if amount is None else Fraction(amount), frozenset())
        best = combinations(made, guide, {})
        top, wanted = (set(best[0].branches) if best else set()), set(plain.best_choice(gold))
        tally.check(top == wanted, f"拼选{number}：首选{sorted(top)}，应为{sorted(wanted)}")
        totals = [one.max_award_wan for one in best if one.max_award_wan is not None]
        tally.check(totals == sorted(totals, reverse=True), f"拼选{number}：不是从高到低：{totals}")
        tally.check(all(one.why for one in best), f"拼选{number}：有一种没有说为什么")


TOGETHER = [
    ["12a", "12c"],
    ["12b", "12c", "14a"],
    ["7a", "7c", "14a"],
    ["4a", "4b", "4c", "4e"],
    ["14a"],
    ["11a", "11b"],
]
SUMS = (None, 50, 200, 500, 600, 3000, 3000)


def _reckoned(amount: int | None) -> Any:
    from knowledge.awarding import Reckoned

    return Reckoned(None if amount is None else Decimal(amount), "")


def learning(library: Library, tally: Tally, dice: random.Random) -> None:
    """Learning an unknown fact never turns eligible into not eligible or back, defaults aside.

    And what is said to be irrelevant is: telling it changes neither verdict nor ceiling nor duties.
    """
    guide = library.guide
    starred = set(guide.book.defaults)
    for number in range(120):
        facts = likely_case(guide, dice)
        for key in dice.sample(sorted(facts), len(facts) // 3):
            del facts[key]
        day = dice.choice(AS_OFS)
        before = ours(facts, guide, day)
        irrelevant = {b: set(guide.fact) - set(relevant_facts(b, case_of(facts, guide), guide, day)) for b in before}
        for key in dice.sample([fact.key for fact in guide.facts if fact.key not in facts], 12):
            after = ours({**facts, key: any_value(guide.fact[key], dice)}, guide, day)
            for branch, one in before.items():
                turned = {one.verdict, after[branch].verdict} == SETTLED
                tally.check(key in starred or not turned, f"得知{number}：{key}把方向{branch}从{one.verdict}翻转了")
                if key in irrelevant[branch] and one.verdict != "not_eligible":
                    is_same = _said(one) == _said(after[branch])
                    tally.check(is_same, f"得知{number}：{key}被当作与方向{branch}无关，却改变了结论")


def _said(one: Judgement) -> tuple[Any, ...]:
    return one.verdict, one.max_award_wan, one.needs


def order(library: Library, tally: Tally, dice: random.Random) -> None:
    """Facts in any order give the same result, to the letter."""
    for number in range(60):
        facts = likely_case(library.guide, dice)
        keys = list(facts)
        dice.shuffle(keys)
        one, other = (
            json.dumps(results(case_of(told, library.guide), DAY, library), ensure_ascii=False)
            for told in (facts, {key: facts[key] for key in keys})
        )
        tally.check(one == other, f"次序{number}：事实换了次序，结果不同")


PROOFS = (thresholds, ceilings, window, flips, exemptions, at_random, choosing, learning, order)
assert GOOD
