"""The guide once more, by hand: every branch as one plain expression, to hold the rules as data against.

Written from the text of the guide and its readings alone; shares no code, no number and no word with `knowledge/`.
Facts as JSON in, for each branch (verdict, ceiling in 万元 or None, duties) out. Amounts are fractions, so that nothing
is rounded.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Truth = bool | None
Outcome = tuple[str, Fraction | None, frozenset[str]]

STARRED = {
    "municipal_major_or_key_institution": False, "other_direction_applied": "none", "in_project_library": False,
    "has_district_recommendation": False, "chain_leader_plan_approved": False, "product_count": 1, "insured_units": 1,
    "beijing_smart_title": False, "national_smart_title": False, "supplier_of_chain_leader_in_beijing": False,
    "green_leader_level": False, "dc_special_part_wan": 0, "is_zjtx": False, "central_funded_little_giant": False,
    "dcmm_or_security": False, "supplier_count": 1,
}  # fmt: skip
LIBRARY = {"6", "7c", "9", "10", "11a", "11b"}
NO_RECOMMENDATION = {"7", "13", "14"}


def all_(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


def any_(*truths: Truth) -> Truth:
    return True if True in truths else None if None in truths else False


def not_(truth: Truth) -> Truth:
    return None if truth is None else not truth


class Told:
    """The facts of a case, asked for in three values."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = {**STARRED, **facts}

    def __getitem__(self, key: str) -> Any:
        return self.facts.get(key)

    def yes(self, key: str) -> Truth:
        return self[key]

    def among(self, key: str, *values: Any) -> Truth:
        return None if self[key] is None else self[key] in values

    def least(self, key: str, bound: Any) -> Truth:
        return None if self[key] is None else self[key] >= bound

    def most(self, key: str, bound: Any) -> Truth:
        return None if self[key] is None else self[key] <= bound

    def money(self, key: str) -> Fraction | None:
        return None if self[key] is None else Fraction(str(self[key]))


def outcomes(facts: dict[str, Any], as_of: str) -> dict[str, Outcome]:
    """Every branch's outcome."""
    told = Told(facts)
    found = {}
    for branch, truth in conditions(told).items():
        direction = branch.rstrip("abcde")
        verdict = {True: "eligible", False: "not_eligible", None: "unknown"}[all_(general(told, direction), truth)]
        if doubtful(branch, direction, told, as_of):
            verdict = "unknown"
        amount = ceiling(branch, told) if verdict == "eligible" else None
        found[branch] = (verdict, amount, duties(branch, direction, told, verdict))
    return found


def general(told: Told, direction: str) -> Truth:
    exempt = told.yes("municipal_major_or_key_institution")
    one_direction = direction == "14" or told["other_direction_applied"] in ("none", "14", direction)
    no_other_money = True if direction in ("12", "13", "14") else not_(told.yes("other_municipal_funding"))
    return all_(
        told.yes("reg_beijing"),
        told.yes("independent_legal_entity"),
        not_(told.yes("serious_dishonesty_last_3y")),
        any_(one_direction, exempt),
        any_(no_other_money, exempt),
    )


def duties(branch: str, direction: str, told: Told, verdict: str) -> frozenset[str]:
    if verdict == "not_eligible":
        return frozenset()
    found = set()
    if branch in LIBRARY and not told["in_project_library"]:
        found.add("project_library")
    if direction not in NO_RECOMMENDATION and not told["has_district_recommendation"]:
        found.add("district_recommendation")
    second = direction != "14" and told["other_direction_applied"] not in ("none", "14", direction)
    other_money = direction not in ("12", "13", "14") and told["other_municipal_funding"] is True
    if told["municipal_major_or_key_institution"] and (second or other_money):
        found.add("municipal_review")
    return frozenset(found)


def doubtful(branch: str, direction: str, told: Told, as_of: str) -> bool:
    """What the readings call unknown, whatever else holds."""
    return bool(
        (direction in ("12", "13", "14") and told["other_municipal_funding"] is True)
        or (
            branch == "4a"
            and told["med_product"] in ("class3_device", "other_device")
            and told["device_track"] not in (None, "none")
            and told["milestone_date"] is not None
            and told["milestone_date"] < "2022-01-01"
        )
        or (branch == "4c" and (told["intl_registration_body"] == "other" or told["med_product"] == "covid_drug"))
        or (branch == "12b" and told["first_above_scale_year"] == 0)
        or (
            branch == "12c"
            and told.least("output_2022_wan", 10000)
            and told["output_over_1yi_before_2022"] is False
            and told["first_above_scale_year"] == 2023
        )
        or (direction == "13" and told["first_contract_date"] == "2021-01-01")
        or (
            branch == "14a"
            and as_of <= "2023-03-31"
            and (told["q1_output_increment_wan"] is not None or told["q1_output_growth_pct"] is not None)
        )
    )


def conditions(f: Told) -> dict[str, Truth]:
    in_time = all_(f.least("completion_date", "2022-01-01"), f.most("completion_date", "2023-04-15"))
    built = f.most("build_years", 3)
    chain_leader = all_(
        f.yes("chain_leader_plan_approved"),
        not_(f.most("first_contract_date", "2021-01-01")),
        f.least("performed_per_supplier_wan", 300),
    )
    since = f.least("milestone_date", "2022-01-01")
    drug = all_(
        f.among("med_product", "class1_2_drug", "covid_drug"),
        f.among("drug_stage", "phase2", "phase3", "nda", "approved"),
        since,
    )
    device = all_(f.among("med_product", "class3_device", "other_device"), not_(f.among("device_track", "none")), since)
    made_it = all_(
        f.yes("is_advanced_mfg"),
        f.least("output_2022_wan", 10000),
        not_(f.yes("output_over_1yi_before_2022")),
        f.least("first_above_scale_year", 1),
        f.most("first_above_scale_year", 2022),
    )
    software = all_(
        f.among("sector", "software_it"),
        f.among("first_above_scale_year", 2022),
        f.least("sw_revenue_2022_wan", 10000),
        f.yes("sw_code_64_65"),
    )
    return {
        "1": all_(f.among("ic_role", "design"), f.among("tapeout_type", "mpw", "first_full_mask")),
        "2": all_(f.among("ic_role", "design", "other_ic"), f.yes("rd_in_beijing"), f.yes("eda_qualified_purchase")),
        "3": all_(f.yes("material_in_catalog_2022"), f.yes("material_first_batch_demo")),
        "4a": all_(any_(drug, device), f.yes("industrialize_in_beijing")),
        "4b": all_(
            f.among("generic_status", "first_generic", "consistency_top3", "listed_shortage_new"),
            since,
            f.yes("drug_registered_in_beijing"),
        ),
        "4c": all_(
            f.among("intl_registration_body", "FDA", "EMA", "PMDA", "WHO"),
            f.least("intl_registration_date", "2022-01-01"),
            f.yes("sold_in_that_market"),
            f.yes("domestically_registered"),
            f.among("med_product", "class1_2_drug", "class3_device"),
        ),
        "4d": all_(f.yes("is_cmo_cdmo"), f.yes("cdmo_first_deal_2022"), f.least("cdmo_performed_2022_wan", 1000)),
        "4e": all_(f.yes("foreign_product_made_in_beijing"), f.least("foreign_product_sales_2022_wan", 2000)),
        "5a": f.among("insurance_field", "commercial_space"),
        "5b": f.among("insurance_field", "connected_car"),
        "5c": f.among("insurance_field", "auto_chip"),
        "6": not_(f.among("newinfra_project_type", "other")),
        "7a": all_(
            any_(f.among("sector", "software_it"), f.yes("is_key_industry")),
            f.least("fai_2022_stat_wan", 500),
            not_(f.among("loan_type", "working_capital", "none")),
        ),
        "7b": all_(f.among("loan_type", "working_capital"), f.yes("chain_leader_plan_approved")),
        "7c": all_(
            any_(f.least("total_investment_wan", 100_000), f.yes("is_strategic_major")),
            f.among("loan_type", "construction_project"),
        ),
        "8": all_(
            f.yes("is_advanced_mfg"),
            f.yes("lease_key_equipment"),
            f.least("lease_contract_wan", 1000),
            any_(f.among("lease_mode", "direct"), f.yes("leaseback_for_beijing_project")),
        ),
        "9": all_(
            f.yes("uses_old_factory"),
            f.yes("keeps_industrial_land"),
            f.yes("is_advanced_mfg"),
            in_time,
            f.yes("in_old_factory_ledger"),
            f.least("fixed_asset_investment_wan", 500),
        ),
        "10": all_(
            in_time, built, f.least("fixed_asset_investment_wan", 500), f.yes("is_smart_mfg_project"), some_tier(f)
        ),
        "11a": all_(
            f.among("sector", "manufacturing"),
            in_time,
            built,
            f.least("fixed_asset_investment_wan", 200),
            f.yes("green_field"),
        ),
        "11b": all_(
            f.yes("is_dc_green_retrofit"),
            in_time,
            built,
            f.least("fixed_asset_investment_wan", 500),
            f.yes("dc_pue_meets_access"),
            f.yes("dc_connected_platform"),
        ),
        "12a": all_(f.yes("is_advanced_mfg"), f.among("first_above_scale_year", 2022)),
        "12b": all_(f.yes("is_advanced_mfg"), f.yes("new_production_2023"), f.among("first_above_scale_year", 2023)),
        "12c": any_(made_it, software),
        "13a": all_(chain_leader, not_(f.among("chain", "vehicle_oem"))),
        "13b": all_(chain_leader, f.among("chain", "vehicle_oem")),
        "14a": all_(
            f.among("sector", "manufacturing", "other_industry"),
            f.least("q1_output_increment_wan", 20_000),
            f.least("q1_output_growth_pct", 10),
        ),
        "14b": all_(
            f.among("sector", "software_it"),
            f.least("sw_janfeb_increment_wan", 60_000),
            f.least("sw_janfeb_growth_pct", 15),
        ),
    }


def tiers(f: Told) -> dict[int, Truth]:
    """Direction 10's tiers by their share in percent."""
    retrofit, new = f.among("project_kind", "retrofit"), f.among("project_kind", "new_build")
    titled = any_(
        f.yes("beijing_smart_title"),
        f.yes("chain_leader_plan_approved"),
        f.yes("supplier_of_chain_leader_in_beijing"),
    )
    return {
        30: f.yes("national_smart_title"),
        25: any_(all_(retrofit, titled), all_(new, f.yes("meets_smart_build_standard"))),
        20: all_(retrofit, f.yes("meets_perf_requirement")),
    }


def some_tier(f: Told) -> Truth:
    return any_(*tiers(f).values())


def share(percent: int, base: Fraction | None, cap: int) -> Fraction:
    """A stated share of a base under a cap; the cap where the base is not known."""
    return Fraction(cap) if base is None else min(base * percent / 100, Fraction(cap))


def unstated(base: Fraction | None, cap: int) -> Fraction | None:
    """一定比例: nothing can be said where the base itself is not above the cap."""
    return None if base is not None and base <= cap else Fraction(cap)


def ceiling(branch: str, f: Told) -> Fraction | None:
    scope = f.money("reward_scope_investment_wan")
    many, units, suppliers = (Fraction(f[key]) for key in ("product_count", "insured_units", "supplier_count"))
    drug = f["med_product"] in ("class1_2_drug", "covid_drug")
    bonus = 20 if f["is_zjtx"] and not f["central_funded_little_giant"] else 0
    data_bonus = 10 if f["sector"] == "software_it" and f["dcmm_or_security"] else 0
    material, foreign = f.money("material_sales_wan"), f.money("foreign_product_sales_2022_wan")
    premium, performed = f.money("premium_wan"), f.money("performed_per_supplier_wan")
    best = max((percent for percent, truth in tiers(f).items() if truth), default=0)

    def insured(each: str) -> Fraction:
        most = min(Fraction(each) * units, Fraction(1000))
        return most if premium is None else min(premium / 2, most)

    def data_centre() -> Fraction | None:
        if scope is None:
            return None
        special = f.money("dc_special_part_wan") or Fraction(0)
        amount = (scope - special) / 4 + special * 3 / 10
        return None if amount > 3000 else amount

    def materials() -> Fraction | None:
        return None if material is not None and material <= 500 else min(500 * many, Fraction(1000))

    amounts = {
        "1": lambda: unstated(f.money("tapeout_cost_wan"), 3000),
        "2": lambda: unstated(f.money("eda_cost_wan"), 500),
        "3": materials,
        "4a": lambda: min((500 if drug else 200) * many, Fraction(1000)),
        "4b": lambda: Fraction(200),
        "4c": lambda: Fraction(200),
        "4d": lambda: unstated(f.money("cdmo_performed_2022_wan"), 1000),
        "4e": lambda: min(min((foreign or 0) * Fraction(5, 100), Fraction(300)) * many, Fraction(1000)),
        "5a": lambda: insured("500"),
        "5b": lambda: insured("1.5"),
        "5c": lambda: insured("500"),
        "6": lambda: share(30, f.money("newinfra_investment_wan"), 3000),
        "7a": lambda: share(2, f.money("loan_wan"), 1000),
        "7b": lambda: share(1, f.money("loan_wan"), 1000),
        "7c": lambda: unstated(f.money("loan_wan"), 3000),
        "8": lambda: share(5, f.money("lease_contract_wan"), 1000),
        "9": lambda: share(20, scope, 3000),
        "10": lambda: share(best, scope, 3000),
        "11a": lambda: share(30 if f["green_leader_level"] else 25, scope, 3000),
        "11b": data_centre,
        "12a": lambda: Fraction(30 + bonus),
        "12b": lambda: Fraction(50 + bonus),
        "12c": lambda: Fraction(50 + bonus + data_bonus),
        "13a": lambda: min(min((performed or 0) * Fraction(5, 100), Fraction(300)) * suppliers, Fraction(3000)),
        "13b": lambda: min(min((performed or 0) * Fraction(5, 100), Fraction(3000)) * suppliers, Fraction(10_000)),
        "14a": lambda: Fraction(600),
        "14b": lambda: Fraction(600),
    }
    return amounts[branch]()


def best_choice(found: dict[str, Outcome]) -> list[str]:
    """The best lawful application, by trying every set of eligible branches there is."""
    eligible = [branch for branch, (verdict, _, _) in found.items() if verdict == "eligible"]
    sets: list[list[str]] = []
    for mask in range(1, 2 ** len(eligible)):
        chosen = [branch for at, branch in enumerate(eligible) if mask >> at & 1]
        if lawful(chosen, eligible, found):
            sets.append(chosen)
    return min(sets, key=lambda chosen: worth(chosen, found), default=[])


def lawful(chosen: list[str], eligible: list[str], found: dict[str, Outcome]) -> bool:
    """One direction, and 14 beside it; whole: nothing that could still be put to it is left out."""
    directions = {branch.rstrip("abcde") for branch in chosen}
    if len(directions - {"14"}) > 1 or sum(branch.startswith("12") for branch in chosen) > 1:
        return False
    if any(branch.startswith("12") for branch in chosen):
        twelve = next(branch for branch in chosen if branch.startswith("12"))
        most = max((found[branch][1] or Fraction(0)) for branch in eligible if branch.startswith("12"))
        if (found[twelve][1] or Fraction(0)) < most:
            return False
    left = [branch for branch in eligible if branch not in chosen]
    if directions == {"14"} and any(branch.rstrip("abcde") != "14" for branch in left):
        return False
    return not any(branch.rstrip("abcde") in directions | {"14"} and not branch.startswith("12") for branch in left)


def worth(chosen: list[str], found: dict[str, Outcome]) -> tuple[bool, Fraction, int, int]:
    """For sorting: known sums first, larger first, fewer directions first, earlier directions first."""
    amounts = {branch: found[branch][1] for branch in chosen}
    known = {branch: amount for branch, amount in amounts.items() if amount is not None}
    groups = [({"4a", "4b", "4c", "4d", "4e"}, 1000), ({"5a", "5b", "5c"}, 1000), ({"7a", "7b"}, 1000)]
    total = Fraction(0)
    for branches, most in groups:
        total += min(sum((known.pop(b) for b in list(known) if b in branches), Fraction(0)), Fraction(most))
    total += sum(known.values(), Fraction(0))
    directions = {branch.rstrip("abcde") for branch in chosen}
    return None in amounts.values(), -total, len(directions), min(int(number) for number in directions)
