"""`assess`: the object that CONTRACT fixes, whom to ask, and one sentence for whatever can't be read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from dialogs.assessing import BadRequest, assess, results
from dialogs.library import Library
from knowledge.amounts import plain
from tests.proofs.cases import GOOD, as_json, eligible_case
from tests.test_commands import run

DAY = date(2023, 4, 12)
ENTERPRISE = {key: GOOD[key] for key in list(GOOD)[:4]}


def outcome(facts: dict[str, Any], library: Library, as_of: str = "2023-04-12") -> dict[str, Any]:
    """What `assess` says of facts, those of an enterprise that may apply added."""
    return assess({"as_of": as_of, "facts": {**ENTERPRISE, **facts}}, library, DAY)


def names(found: dict[str, Any]) -> list[str]:
    """Who is to be asked."""
    return [contact["name"] for contact in found["contacts"]]


def test_the_object_has_the_form_of_the_contract(library: Library) -> None:
    """Keys, order of directions, kinds of values; every quote stands in the guide."""
    found = assess(
        {"id": "x", "as_of": "2023-04-12", "facts": as_json(eligible_case("10", library.guide))}, library, DAY
    )
    assert list(found) == [
        "id", "as_of", "guide", "window", "directions", "best", "contacts", "next_question",
    ]  # fmt: skip
    assert (found["id"], found["as_of"], found["guide"], found["window"]) == ("x", "2023-04-12", "2023-batch-1", "open")
    assert list(found["directions"]) == list(library.guide.branches) and len(found["directions"]) == 27
    source = plain(library.guide.source)
    for one in found["directions"].values():
        assert set(one) == {
            "verdict", "because", "max_award_wan", "award", "needs",
            "missing", "gaps", "ambiguities", "assumed", "asked",
        }  # fmt: skip
        assert one["because"] and all(set(b) == {"clause", "quote", "fact", "holds"} for b in one["because"])
        assert all(plain(b["quote"]) in source for b in one["because"])
        assert all(b["clause"] in library.guide.all_clauses for b in one["because"])
        for doubt in one["ambiguities"]:
            assert set(doubt) == {"id", "text", "quote", "contact"}
            assert set(doubt["contact"]) == {"for", "office", "name", "phone", "email"}
    assert [set(one) for one in found["best"]] == [{"directions", "max_award_wan", "why"}]
    json.dumps(found)


def test_a_verdict_that_is_no_yes_carries_neither_sum_nor_duty(library: Library) -> None:
    """Not eligible: no amount, no duty, nothing missing. Unknown: no amount, but what is to be done."""
    found = outcome({"insurance_field": "auto_chip", "newinfra_project_type": "other", "loan_type": "rd"}, library)
    no, open_ = found["directions"]["6"], found["directions"]["7a"]
    assert (no["verdict"], no["award"], no["max_award_wan"], no["needs"], no["missing"]) == (
        "not_eligible", None, None, [], [],
    )  # fmt: skip
    assert (open_["verdict"], open_["award"], open_["max_award_wan"]) == ("unknown", None, None)
    assert open_["missing"] == ["sector", "is_key_industry", "fai_2022_stat_wan"]


@pytest.mark.parametrize(
    ("day", "window"),
    [("2023-02-16", "before"), ("2023-02-17", "open"), ("2023-04-15", "open"), ("2023-04-16", "closed")],
)
def test_the_window_is_of_the_day_and_not_of_the_verdict(day: str, window: str, library: Library) -> None:
    """Both ends are in; a closed window changes no verdict."""
    found = outcome({"insurance_field": "auto_chip"}, library, day)
    assert found["window"] == window and found["directions"]["5c"]["verdict"] == "eligible"
    noted = {one["id"] for one in found["directions"]["5c"]["ambiguities"]}
    assert ("A0.7" in noted) == (window == "closed")


def test_contacts_of_the_district_only_while_a_recommendation_is_due(library: Library) -> None:
    """Four people of 海淀区 while it is to be got; none once it is there, none where none is needed."""
    facts = {"insurance_field": "auto_chip", "district": "海淀区"}
    assert names(outcome(facts, library)) == ["梁洪郡", "石钟山", "韩焱淼", "何欢", "张静"]
    assert names(outcome({**facts, "has_district_recommendation": True}, library)) == ["梁洪郡"]
    leader = {"chain_leader_plan_approved": True, "loan_type": "working_capital", "district": "海淀区"}
    assert names(outcome(leader, library)) == ["梁倩倩"]


def test_contacts_by_chain_for_direction_13(library: Library) -> None:
    """The person of the chain that was told, then the general one; for another chain the general one alone."""
    facts = {
        "chain_leader_plan_approved": True,
        "first_contract_date": "2022-05-01",
        "performed_per_supplier_wan": 500,
    }
    assert names(outcome({**facts, "chain": "hydrogen"}, library)) == ["李京龙", "刘晗"]
    assert names(outcome({**facts, "chain": "vehicle_oem"}, library)) == ["李欣", "刘晗"]
    assert names(outcome({**facts, "chain": "other"}, library)) == ["刘晗"]


def test_nobody_is_named_where_nothing_fits(library: Library) -> None:
    """All that was asked for is not eligible: no contact, no choice."""
    found = outcome({"insurance_field": "other", "district": "朝阳区"}, library)
    assert found["contacts"] == [] and found["best"] == []


def test_asked_is_what_something_particular_was_told_of(library: Library) -> None:
    """A fact of one direction asks for its branches; what several share, or all, does not."""
    found = outcome(
        {"insurance_field": "auto_chip", "sector": "manufacturing", "completion_date": "2022-05-01"}, library
    )
    assert {branch for branch, one in found["directions"].items() if one["asked"]} == {"5a", "5b", "5c"}


def test_the_interviews_scope_and_question_are_taken(library: Library) -> None:
    """The seam: a scope that was chosen counts instead of what was told."""
    found = results({}, DAY, library, asked=("6",))
    assert [branch for branch, one in found["directions"].items() if one["asked"]] == ["6"]
    assert names(found) == ["徐克举"] and found["next_question"] is None


def test_a_verdict_that_rests_on_a_default_says_so(library: Library) -> None:
    """A chain leader that was not mentioned counts as none, and is named as assumed; said outright it is not."""
    facts = {"loan_type": "working_capital"}
    assert outcome(facts, library)["directions"]["7b"]["assumed"] == ["chain_leader_plan_approved"]
    found = outcome({**facts, "chain_leader_plan_approved": False}, library)
    assert found["directions"]["7b"]["verdict"] == "not_eligible" and found["directions"]["7b"]["assumed"] == []


def test_the_exemption_is_named_in_the_choice(library: Library) -> None:
    """Two directions fit a municipal major project: one is chosen by the rule, and the exemption is said."""
    facts = {"insurance_field": "auto_chip", "newinfra_project_type": "scenario_lab"}
    plainly = outcome(facts, library)["best"]
    exempt = outcome({**facts, "municipal_major_or_key_institution": True}, library)["best"]
    assert [one["directions"] for one in exempt] == [one["directions"] for one in plainly] == [["6"], ["5c"]]
    assert "报市政府审议" in exempt[0]["why"] and "报市政府审议" not in plainly[0]["why"]
    assert "次选方向5c最高500万元" in plainly[0]["why"]


def test_a_tie_is_said(library: Library) -> None:
    """Two directions of the same ceiling: the guide's order, and that either may be taken."""
    facts = {"ic_role": "design", "tapeout_type": "mpw", "newinfra_project_type": "scenario_lab"}
    best = outcome(facts, library)["best"]
    assert [one["directions"] for one in best] == [["1"], ["6"]]
    assert "两者都可以选" in best[0]["why"] and "两者都可以选" in best[1]["why"]


BAD: list[tuple[object, str]] = [
    ([], "应是一个JSON对象"),
    ({"facts": []}, "应是一个JSON对象"),
    ({"facts": {}, "asof": "2023-04-12"}, "不认识的键“asof”"),
    ({"facts": {}, "as_of": "4月12日"}, "as_of应写成"),
    ({"facts": {}, "as_of": "2023-02-30"}, "as_of应写成"),
    ({"facts": {}, "as_of": 20230412}, "as_of应写成"),
    ({"facts": {"reg_bejing": True}}, "“reg_bejing”，是不是“reg_beijing”？"),
    ({"facts": {"fixed_asset_investment": 1}}, "是不是“fixed_asset_investment_wan”？"),
    ({"facts": {"xyzzy": 1}}, "请用policydesk facts列出的键"),
    ({"facts": {"reg_beijing": "是"}}, "“reg_beijing”应写true或false"),
    ({"facts": {"reg_beijing": 1}}, "“reg_beijing”应写true或false"),
    ({"facts": {"reg_beijing": None}}, "“reg_beijing”是空的"),
    ({"facts": {"loan_wan": "600"}}, "“loan_wan”应是数字（单位万元），不加引号"),
    ({"facts": {"loan_wan": True}}, "“loan_wan”应是数字"),
    ({"facts": {"loan_wan": -1}}, "“loan_wan”不能是负数"),
    ({"facts": {"loan_wan": float("nan")}}, "“loan_wan”应是数字"),
    ({"facts": {"loan_wan": float("inf")}}, "“loan_wan”应是数字"),
    ({"facts": {"product_count": 0}}, "“product_count”至少是1"),
    ({"facts": {"product_count": 1.5}}, "“product_count”应是整数"),
    ({"facts": {"completion_date": "2022-9-1"}}, "“completion_date”应写成"),
    ({"facts": {"completion_date": "2022-13-01"}}, "“completion_date”应写成"),
    ({"facts": {"completion_date": 2022}}, "“completion_date”应写成"),
    ({"facts": {"district": "海淀"}}, '是不是"海淀区"？'),
    ({"facts": {"sector": "制造业"}}, '是不是"manufacturing"？'),
    ({"facts": {"other_direction_applied": 2}}, '是不是"2"？'),
    ({"facts": {"loan_type": ["rd"]}}, "“loan_type”没有"),
]


@pytest.mark.parametrize(("request_", "says"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_bad_input_gets_one_sentence(request_: object, says: str, library: Library) -> None:
    """The key is named, with what was wrong and what would be right."""
    with pytest.raises(BadRequest) as bad:
        assess(request_, library, DAY)
    assert says in str(bad.value)


def test_every_fault_of_a_request_is_told_at_once(library: Library) -> None:
    """Two wrong facts, two sentences."""
    with pytest.raises(BadRequest, match=r"reg_bejing.*；“loan_wan”"):
        assess({"facts": {"reg_bejing": True, "loan_wan": "6"}}, library, DAY)


def test_increments_and_growth_may_be_negative(library: Library) -> None:
    """A quarter can shrink."""
    found = outcome({"sector": "manufacturing", "q1_output_increment_wan": -5, "q1_output_growth_pct": -1.5}, library)
    assert found["directions"]["14a"]["verdict"] == "not_eligible"
    gaps = {gap["fact"]: gap["short_by"] for gap in found["directions"]["14a"]["gaps"]}
    assert gaps == {"q1_output_increment_wan": 20005, "q1_output_growth_pct": 11.5}


def test_the_command_takes_a_file_or_standard_input(tmp_path: Any) -> None:
    """One object in, one line out; the day of the request, or of the command."""
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"facts": {"reg_beijing": False}}, indent=2), encoding="utf-8")
    status, out, error = run("assess", str(file))
    found = json.loads(out)
    assert (status, error, found["as_of"], "id" in found) == (0, "", "2023-03-20", False)
    status, out, _ = run("assess", "--as-of", "2023-04-16", "-", typed=b'{"id": 7, "facts": {}}')
    assert (status, json.loads(out)["window"], json.loads(out)["id"]) == (0, "closed", 7)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (b"", "不是一个UTF-8的JSON对象"),
        (b"\xff\xfe", "不是一个UTF-8的JSON对象"),
        (b"[" * 100_000, "不是一个UTF-8的JSON对象"),
        (b'{"facts": {"reg_bejing": true}}', "是不是“reg_beijing”"),
    ],
    ids=["empty", "bytes", "deep", "key"],
)
def test_the_command_refuses_with_one_sentence(typed: bytes, says: str) -> None:
    """Status 2, nothing on standard output, no traceback."""
    status, out, error = run("assess", typed=typed)
    assert (status, out) == (2, "") and says in error and len(error.strip().splitlines()) == 1


def test_a_batch_of_cases_goes_on_after_a_bad_line() -> None:
    """A bad line gets its own error with id null; the rest is judged in order; status 2 at the end."""
    lines = [
        '{"id": "a", "facts": {}}',
        "没有JSON",
        '{"id": "b", "facts": {"reg_beijing": "是"}}',
        "",
        '{"id": "c", "facts": {}}',
    ]
    status, out, _ = run("assess", "--batch", "-", typed="\n".join(lines).encode())
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 2 and [row["id"] for row in rows] == ["a", None, None, "c"]
    assert "第2行" in rows[1]["error"] and "第3行" in rows[2]["error"] and "reg_beijing" in rows[2]["error"]


def test_a_direction_is_drawn() -> None:
    """A flowchart with clause, quote and threshold; a table for the staff; a word for an id that is none."""
    status, out, _ = run("knowledge", "draw", "10")
    assert status == 0 and out.startswith("flowchart TB") and "一（三）方向10" in out and "不低于500万元" in out
    assert "奖励上限<br/>纳入奖励范围总投资的30%<br/>单个项目最高3000万元" in out and "初步符合" in out
    status, out, _ = run("knowledge", "draw", "12", "--table")
    assert status == 0 and "| 12c | 一（四）方向12第二段 |" in out and "不是0（还没有）" in out
    assert "| first_above_scale_year | 情形1 |" in out and "| sw_code_64_65 | 情形2 |" in out
    status, out, _ = run("knowledge", "draw", "10")
    assert (
        "技术改造 且 （申报主体获评北京市" in out and "在京配套企业吗？是）" in out
    )  # 且 does not end at the first 或
    status, out, error = run("knowledge", "draw", "99")
    assert (status, out) == (2, "") and "没有“99”这个方向或分支" in error


def test_every_direction_can_be_drawn(library: Library) -> None:
    """Each box is named once, every arrow leads between boxes, every threshold of the rules is on the picture."""
    import re

    from knowledge.drawing import diagram, threshold

    for direction in library.guide.directions:
        drawn = diagram(direction.direction, library.guide)
        boxes = re.findall(r"^    (b\w+?n\d+)[\[({]", drawn, re.M)
        arrows = re.findall(r"^    (\w+) -\.?->(?:\|.\|)? (\w+)$", drawn, re.M)
        assert len(boxes) == len(set(boxes)) and {end for arrow in arrows for end in arrow} == set(boxes)
        for branch in direction.branches:
            for node in library.guide.book.branches[branch.id].conditions:
                assert all(threshold(leaf, library.guide) in drawn for leaf in node.leaves())
