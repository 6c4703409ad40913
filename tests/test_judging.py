"""Judging: cases as policy staff write them, and what holds of every judgement."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from dialogs.library import Library
from knowledge.awarding import wan
from knowledge.casework import case_of, number_as_json, told_as_json
from knowledge.choosing import combinations
from knowledge.judging import (
    award_facts,
    deciding_facts,
    duty_facts,
    judge,
    judge_branch,
    reasons_of,
    relevant_facts,
)
from knowledge.rulebook import Check, Group, Node
from knowledge.rules import Requirement
from tests.case_files import cases
from tests.proofs import judging as proofs
from tests.proofs.cases import as_json, eligible_case

FILE = cases("cases/judging.yaml")
VERDICTS = {"符合": "eligible", "不符合": "not_eligible", "不清楚": "unknown"}
DAY = date(2023, 4, 12)


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_a_case_comes_out_as_policy_staff_say(case: dict[str, Any], library: Library) -> None:
    """Verdict, ceiling, duties, doubts, what is missing, how far it is, the best choice: whatever the case names."""
    told = case_of({**FILE["enterprise"], **case["facts"]}, library.guide)
    judged = judge(told, library.guide, date.fromisoformat(case.get("as_of", DAY.isoformat())))
    for branch, word in case.get("verdict", {}).items():
        assert judged[branch].verdict == VERDICTS[word], judged[branch]
    for branch, amount in case.get("award", {}).items():
        found = judged[branch].max_award_wan
        assert judged[branch].verdict == "eligible"
        assert (None if found is None else number_as_json(found)) == amount, judged[branch].award
    for branch, duties in case.get("needs", {}).items():
        assert list(judged[branch].needs) == duties
    for branch, ids in case.get("doubts", {}).items():
        assert {one.id for one in judged[branch].ambiguities} >= set(ids)
    for branch, missing in case.get("missing", {}).items():
        assert list(judged[branch].missing) == missing
    for branch, gaps in case.get("short", {}).items():
        assert {gap.fact: told_as_json(gap.short_by) for gap in judged[branch].gaps} == gaps
    if "best" in case:
        best = combinations(judged, library.guide, told)[0]
        assert list(best.branches) == case["best"]["directions"]
        assert best.max_award_wan == case["best"]["amount"]


def test_every_branch_has_a_case(library: Library) -> None:
    """A branch nobody wrote a case for would not be noticed when it goes wrong."""
    told = {branch for case in FILE["cases"] for key in ("verdict", "award") for branch in case.get(key, {})}
    assert set(library.guide.book.branches) - told <= {"11a"}  # 11a stands in the open scenarios five times


def test_nothing_told_is_unknown_or_rests_on_a_default(library: Library) -> None:
    """Without facts nobody is eligible; who is not, is so by a default that is named."""
    for one in judge({}, library.guide, DAY).values():
        assert one.verdict != "eligible" and one.because and not one.asked
        assert bool(one.assumed) == (one.verdict == "not_eligible")


def test_reasons_show_what_counts(library: Library) -> None:
    """Of several ways only the one taken is shown; where none is open, all that fail are."""
    base = as_json(eligible_case("10", library.guide))
    tiers = [r for r in _because("10", base, library) if "奖励比例" in r.quote]
    assert [reason.holds for reason in tiers] == [True]
    failing = {**base, "national_smart_title": False, "project_kind": "new_build", "meets_smart_build_standard": False}
    tiers = [r for r in _because("10", failing, library) if "奖励比例" in r.quote]
    assert len(tiers) == 4 and {reason.holds for reason in tiers} == {False}


def _because(branch: str, facts: dict[str, Any], library: Library) -> list[Any]:
    return list(judge_branch(branch, case_of(facts, library.guide), library.guide, DAY).because)


def test_a_doubted_condition_is_not_said_to_fail(library: Library) -> None:
    """Signed on the very day: whether it counts is open, so the reason says neither yes nor no."""
    facts = {**as_json(eligible_case("13a", library.guide)), "first_contract_date": "2021-01-01"}
    reason = next(r for r in _because("13a", facts, library) if r.fact == "first_contract_date")
    assert reason.holds is None


def test_no_binary_dust_in_amounts(library: Library) -> None:
    """0.1 + 0.2 is 0.3 here, in the amount and in the sentence."""
    facts = {**as_json(eligible_case("6", library.guide)), "newinfra_investment_wan": 0.1}
    award = judge_branch("6", case_of(facts, library.guide), library.guide, DAY).award
    assert award is not None and award.amount == Decimal("0.03") and "0.1万元 × 30% = 0.03万元" in award.text
    assert wan(Decimal("750.00")) == "750万元"


def test_the_arithmetic_is_shown(library: Library) -> None:
    """The sentence of CONTRACT, to the letter."""
    facts = {**as_json(eligible_case("10", library.guide)), "reward_scope_investment_wan": 3000}
    facts |= {"national_smart_title": False, "project_kind": "new_build", "meets_smart_build_standard": True}
    award = judge_branch("10", case_of(facts, library.guide), library.guide, DAY).award
    assert award is not None
    assert award.text == "不超过纳入奖励范围总投资的25%：3000万元 × 25% = 750万元；单个项目最高3000万元"


def test_what_could_still_matter_by_what_it_changes(library: Library) -> None:
    """The interview's ground: verdict first, then ceiling, then duties; nothing once all is settled."""
    guide = library.guide
    told = eligible_case("10", guide)
    told = {key: value for key, value in told.items() if key != "build_years"}
    assert deciding_facts("10", told, guide, DAY)[0] == "build_years" or "build_years" in deciding_facts(
        "10", told, guide, DAY
    )
    assert "reward_scope_investment_wan" in award_facts("10", told, guide, DAY)
    assert duty_facts("10", told, guide, DAY) == ("in_project_library", "has_district_recommendation", "district")
    failed = {**told, "is_smart_mfg_project": False}
    assert relevant_facts("10", failed, guide, DAY) == ()


def test_an_exempt_project_is_still_asked_what_it_is_exempt_from(library: Library) -> None:
    """The verdict no longer hangs on other funding, but the review by the government does."""
    guide = library.guide
    told = {**eligible_case("6", guide), **case_of({"municipal_major_or_key_institution": True}, guide)}
    del told["other_municipal_funding"]
    assert "other_municipal_funding" not in deciding_facts("6", told, guide, DAY)
    assert "other_municipal_funding" in duty_facts("6", told, guide, DAY)


def test_a_starred_fact_is_askable_though_it_has_a_default(library: Library) -> None:
    """A title not mentioned counts as none, and is still worth a question: it would raise the share."""
    guide = library.guide
    told = {**case_of({"national_smart_title": False}, guide)}
    assert "beijing_smart_title" in relevant_facts("10", told, guide, DAY)
    assert "national_smart_title" not in relevant_facts("10", told, guide, DAY)


@pytest.mark.parametrize("truths", list(product((True, False, None), repeat=3)))
def test_three_valued_logic_is_kleenes(truths: tuple[bool | None, ...]) -> None:
    """One false decides all, one true decides any, not turns both and leaves what is open open."""
    members: tuple[Node, ...] = tuple(Check(f"f{at}", "is", (True,), "q", "c") for at in range(3))
    case = {f"f{at}": truth for at, truth in enumerate(truths) if truth is not None}
    whole, some = Group("all", members).holds(case), Group("any", members).holds(case)
    assert whole == (False if False in truths else None if None in truths else True)
    assert some == (True if True in truths else None if None in truths else False)
    inner = Group("not", members[:1]).holds(case)
    assert inner == (None if truths[0] is None else not truths[0])


def test_a_denied_condition_gives_one_reason(library: Library) -> None:
    """Not a vehicle maker: the line asks for the chain and says whether it holds."""
    node = next(n for n in library.guide.book.branches["13a"].conditions if isinstance(n, Group) and n.how == "not")
    assert [(r.fact, r.holds) for r in reasons_of(node, {"chain": "ic"})] == [("chain", True)]
    assert [(r.fact, r.holds) for r in reasons_of(node, {"chain": "vehicle_oem"})] == [("chain", False)]


def test_a_requirement_says_one_thing() -> None:
    """What an editor can't mean is refused when it is read."""
    for wrong in ({}, {"fact": "sector"}, {"fact": "sector", "is": "other", "one_of": ("other",)}, {"all": ()}):
        with pytest.raises(ValueError, match=r"一条要求|写了 fact|至少要有"):
            Requirement.model_validate(wrong)


QUICK = (proofs.thresholds, proofs.ceilings, proofs.window, proofs.flips, proofs.exemptions, proofs.choosing)


@pytest.mark.parametrize("proof", QUICK, ids=lambda proof: proof.__name__)
def test_the_rules_agree_with_the_guide_written_by_hand(proof: Any, library: Library) -> None:
    """The enumerations of `make prove`, without its long random runs."""
    tally = proofs.Tally()
    proof(library, tally, random.Random(7))
    assert tally.checks and not tally.failed, tally.failed[:3]
