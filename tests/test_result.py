"""The sheet as it is said in a chat: what fits, every gap of what does not, what is open, what to do, whom to ask."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dialogs.conversation import Conversation, Kept
from dialogs.interview import standing_of
from dialogs.library import Library
from dialogs.messages import Reply, Text
from dialogs.saying import Saying, unproved
from dialogs.sheet import sheet
from dialogs.turn import respond, start
from tests.conftest import CLOSED, OPEN
from tests.test_sheet import LEASE, SHORT, SOUND

FOUNDING = "我们是顺义的汽车零部件厂，去年 9 月改造完一条产线，固投 420 万，能报什么？"
LOAN = SOUND | {
    "sector": "manufacturing", "is_key_industry": True, "fai_2022_stat_wan": 600, "loan_type": "rd", "loan_wan": 900,
}  # fmt: skip
DATA_CENTRE = SOUND | {
    "is_dc_green_retrofit": True, "completion_date": "2022-08-10", "build_years": 1, "fixed_asset_investment_wan": 900,
    "dc_pue_meets_access": True, "dc_connected_platform": True, "reward_scope_investment_wan": 800,
    "dc_special_part_wan": 100,
}  # fmt: skip
GROWN = SOUND | {
    "is_advanced_mfg": True, "sector": "manufacturing", "first_above_scale_year": 2022, "output_2022_wan": 12000,
    "output_over_1yi_before_2022": False, "is_zjtx": True,
}  # fmt: skip


def told(facts: dict[str, Any], library: Library, today: date = OPEN, *scope: str) -> Reply:
    """The sheet of a case, proved: no figure or name of it comes from nowhere."""
    kept = tuple(Kept(fact=fact, value=value, telling=1) for fact, value in facts.items())
    conversation = Conversation(guide=library.guide.id, told=kept, scope=scope)
    reply = sheet(Saying(library), conversation, standing_of(conversation, library, today))
    assert unproved(reply, library) == []
    return reply


def lines(reply: Reply, start_: str) -> list[str]:
    """The lines that begin so."""
    return [line.strip() for line in reply.text.split("\n") if line.strip().startswith(start_)]


def test_the_founding_example_today(library: Library) -> None:
    """Which month 去年9月 was taken for, both gaps, no duty that makes no sense, what can be done instead."""
    reply = respond(start(library), Text(FOUNDING), library=library, today=date(2026, 11, 25)).reply
    assert reply.status == "result" and unproved(reply, library) == []
    assert reply.text.startswith("本批申报已于2023年4月15日截止，今天是2026年11月25日")
    assert lines(reply, "不符合") == ["不符合：方向10 新智造100，差2项："]
    assert lines(reply, "不满足") == [
        "不满足：竣工日期2025年9月（您说“去年9月”），晚于申报截止日2023年4月15日。",
        "不满足：固定资产投资420万元，差80万元到500万元（500万元 − 420万元 = 80万元）。",
    ]
    assert "推荐" not in reply.text and "申报平台" not in reply.text and reply.contacts == ()
    assert lines(reply, "1、")[0].startswith("1、方向10 新智造100差在“竣工日期”、“固定资产投资”")
    assert "下一批开放时告诉我" in lines(reply, "2、")[0] and "测其他方向" in lines(reply, "3、")[0]


def test_a_day_is_counted_only_where_one_was_told(library: Library) -> None:
    """12 days too early; a month only too early."""
    reply = told(SHORT, library, OPEN, "10")
    assert "竣工日期2021年12月20日，比2022年1月1日早12天。" in reply.text
    assert [one.source for one in reply.origins if one.figure == "12天"] == ["2022年1月1日 − 2021年12月20日 = 12天"]
    kept = tuple(
        Kept(fact=fact, value=value, words="前年底" * (fact == "completion_date")) for fact, value in SHORT.items()
    )
    conversation = Conversation(guide=library.guide.id, told=kept, scope=("10",))
    vague = sheet(Saying(library), conversation, standing_of(conversation, library, OPEN))
    assert "竣工日期2021年12月（您说“前年底”），早于2022年。" in vague.text and unproved(vague, library) == []


def test_branches_that_fail_alike_are_told_together(library: Library) -> None:
    """One line for three kinds of insurance, and whom to ask about what 等领域 leaves open."""
    reply = told(SOUND | {"insurance_field": "other"}, library)
    (only,) = lines(reply, "不符合")
    assert only == "不符合：方向5 商业航天保险、方向5 智能网联汽车测试应用保险、方向5 汽车芯片保险，差1项："
    assert lines(reply, "不满足")[0].startswith("不满足：投保领域属于其他类，没有满足“对符合条件的商业航天")
    assert "请向规划处确认（规划处梁倩倩 55578183）" in lines(reply, "注意")[0]
    assert lines(reply, "1、") == ["1、方向5 保险补贴差在“投保领域”；有变化或说错了，说“改一项”就能重新算。"]


def test_a_verdict_that_rests_on_a_default_says_so(library: Library) -> None:
    """Nobody said that the borrower is no chain leader."""
    reply = told(LOAN | {"loan_type": "working_capital"}, library)
    assert "按未提及计：不是方案已通过审核的链主，没有满足" in reply.text


def test_of_alternatives_the_nearest_are_told(library: Library) -> None:
    """9.9亿 is 0.1亿 short, or strategic: one would do."""
    facts = SOUND | {"loan_type": "construction_project", "total_investment_wan": 99000, "is_strategic_major": False}
    reply = told(facts, library, OPEN, "7c")
    assert (
        "项目总投资9.9亿元，差0.1亿元到10亿元（10亿元 − 9.9亿元 = 0.1亿元）；不是全局性、战略性重大项目" in reply.text
    )
    assert "（满足其中一项就行）" in reply.text


def test_what_is_open_says_what_it_could_come_to(library: Library) -> None:
    """The particular facts first, the cap as a cap, and duties only once it fits."""
    reply = told({"lease_contract_wan": 3000, "district": "顺义区"}, library)
    assert lines(reply, "还定不了")[0].startswith("还定不了：方向8 融资租赁，缺“租赁关键设备”")
    assert lines(reply, "如果符合") == ["如果符合，正文的封顶是：单个企业年度最高1000万元（上限，不是能拿到的数）。"]
    assert lines(reply, "1、")[0].startswith("1、先弄清“租赁关键设备”")
    assert lines(reply, "2、")[0].startswith("2、确定符合后，找所在区经信主管部门推荐（顺义区规划科 孟秀娟 69444379）")
    assert [card.name for card in reply.contacts] == ["梁倩倩", "孟秀娟"]


@pytest.mark.parametrize(
    "facts,said,name",
    [
        (LEASE, "5%按合同额、已付租金还是融资余额计", "梁倩倩"),
        (LOAN, "贴息按本金、实际使用额还是已付利息计", "梁倩倩"),
        (DATA_CENTRE, "30%的部分是否也须PUE达到准入值并接入平台", "高郑州"),
        (GROWN, "同时符合几项的能否相加", "李子涛"),
        (GROWN, "“专精特新”要市级还是国家级", "李子涛"),
    ],
    ids=["A8.1", "A7.1", "A11.2", "A12.2", "A12.3"],
)
def test_what_the_clause_leaves_open_for_this_case_is_said(
    facts: dict[str, Any], said: str, name: str, library: Library
) -> None:
    """Once, under the direction that it is about, with somebody to ask."""
    reply = told(facts, library)
    assert [line for line in lines(reply, "注意") if said in line] and reply.text.count(said) == 1
    assert name in [card.name for card in reply.contacts]


def test_what_is_open_says_what_the_clause_leaves_open_too(library: Library) -> None:
    """Only the sum with tax is known: that it has to be reckoned without is said."""
    facts = SOUND | {"foreign_product_made_in_beijing": True, "foreign_product_sales_2022_wan": None}
    assert "只有含税额的要先换成不含税" in "".join(lines(told(facts, library), "注意"))


def test_what_the_day_says_already_is_no_doubt(library: Library) -> None:
    """That the batch is closed stands first; it is not said again as something unclear."""
    assert "本批已截止；后续批次的安排" not in told(LEASE, library, CLOSED).text


def test_whoever_is_no_chain_leader_hears_who_applies(library: Library) -> None:
    """A supplier asks for 13."""
    reply = told(
        {"supplier_of_chain_leader_in_beijing": True, "chain_leader_plan_approved": False}, library, OPEN, "13"
    )
    assert "由链主申报，配套企业自己不能报" in "".join(lines(reply, "注意"))


def test_only_what_something_speaks_for_is_named_beside(library: Library) -> None:
    """A designer of chips may want EDA; a finished building speaks for nothing."""
    chip = SOUND | {"ic_role": "design", "tapeout_type": "mpw"}
    assert "可能沾边的还有方向2 EDA采购" in told(chip, library, OPEN, "1").text
    assert "可能沾边" not in told(DATA_CENTRE, library).text
    leader = told(LOAN | {"chain_leader_plan_approved": True}, library, OPEN, "7a").text
    assert "方向13 强链补链" in leader and "方向1 " not in leader
