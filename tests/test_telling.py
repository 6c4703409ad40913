"""Free stories told to the desk: what is heard of them, and what is left to be asked."""

from __future__ import annotations

import time
from datetime import date

import pytest

from dialogs.library import Library
from knowledge.telling import heard
from tests.stories import score, stories
from tests.visitor import Visitor

TODAY = date(2023, 3, 20)


def _told(library: Library, text: str, today: date = TODAY) -> dict[str, object]:
    return {one.fact: one.value for one in heard(text, library.teller, today).told}


@pytest.mark.parametrize("name", ["open", "seen", "blind"])
def test_stories_are_heard_precisely(name: str, library: Library) -> None:
    """Hardly a fact is read wrongly, and three of four are read."""
    tally = score(name, library)
    assert tally.precision >= 0.97, (tally.contradicted, tally.beyond)
    assert tally.recall >= 0.75, tally.missed


def test_our_stories_are_many_and_of_all_directions(library: Library) -> None:
    """At least 40 of our own, over most of the vocabulary."""
    ours = [story for name in ("seen", "blind") for story in stories(name)]
    assert len(ours) >= 40
    keys = {key for story in ours for key in story["facts"]}
    assert keys <= set(library.teller.facts) and len(keys) >= 80


def test_the_owner_of_a_small_plant(library: Library) -> None:
    """The story of the issue: district, sector, day and sum, each once."""
    told = _told(library, "我们是顺义的汽车零部件厂，去年 9 月改造完一条产线，固投 420 万，能报什么？")
    assert told == {
        "district": "顺义区", "reg_beijing": True, "sector": "manufacturing", "project_kind": "retrofit",
        "completion_date": "2022-09-15", "fixed_asset_investment_wan": 420,
    }  # fmt: skip


def test_the_day_of_asking_counts(library: Library) -> None:
    """去年 is seen from the day on which it is said."""
    text = "我们的技改项目去年10月竣工"
    assert _told(library, text)["completion_date"] == "2022-10-16"
    assert _told(library, text, date(2024, 1, 5))["completion_date"] == "2023-10-16"


@pytest.mark.parametrize(
    "text",
    [
        "流片补贴上限3000万吗",
        "专精特新再加多少",
        "昌平区谁负责",
        "方向10封顶是不是3000万",
        "软件企业稳运行奖励要什么条件",
        "who do I contact in Shunyi",
        "老旧厂房得先把工业用地改成商业用地才给奖励，没错吧",
        "技术支持电话82176966打不通，12345能转吗",
        "固定资产贷款贴息率多少",
        "你好",
    ],
)
def test_a_question_about_the_guide_tells_nothing(text: str, library: Library) -> None:
    """The guide's own words are no facts of a case."""
    assert _told(library, text) == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("我们公司固投几百万", "fixed_asset_investment_wan"),
        ("我们公司固投不到500万", "fixed_asset_investment_wan"),
        ("我们公司固投一个多亿", "fixed_asset_investment_wan"),
        ("我们公司固投500到800万", "fixed_asset_investment_wan"),
        ("我们公司流片和EDA一共花了900万", "eda_cost_wan"),
        ("我们公司流片和EDA一共花了900万", "tapeout_cost_wan"),
        ("我们公司注册资本5000万", "fixed_asset_investment_wan"),
        ("我们公司2021年固投纳统800万", "fai_2022_stat_wan"),
        ("我们引进的品种2022年卖了2100万，含税", "foreign_product_sales_2022_wan"),
        ("如果我们是链主，方案通过审核了", "chain_leader_plan_approved"),
        ("我们打算明年改造一条产线", "project_kind"),
        ("我们不清楚算不算先进制造业", "is_advanced_mfg"),
        ("我们公司想去海淀的经信局问问", "district"),
        ("我们给海淀的客户做产品", "district"),
        ("我们公司的机房PUE 1.25", "dc_pue_meets_access"),
        ("我们公司2023年4月竣工的技改项目", "completion_date"),
    ],
)
def test_what_is_not_sure_is_left_unread(text: str, key: str, library: Library) -> None:
    """A range, a bound, another year, a wish, a doubt, somebody else: it will be asked."""
    today = date(2023, 5, 1) if "4月竣工" in text else TODAY
    assert key not in _told(library, text, today)


@pytest.mark.parametrize(
    ("text", "growth"),
    [
        ("我们是平谷的制造企业，一季度产值增速-5%", -5),
        ("我们厂一季度产值同比下降5%", -5),
        ("我们厂一季度产值净增量2亿，增速下降到8%", 8),
    ],
)
def test_a_fall_is_below_zero(text: str, growth: int, library: Library) -> None:
    """下降5% is no growth of 5%."""
    told = {one.fact: one.value for one in heard(text, library.teller, date(2023, 4, 12)).told}
    assert told["q1_output_growth_pct"] == growth


def test_denials_are_heard(library: Library) -> None:
    """不是, 没评上, 都没有, before the word or behind it."""
    told = _told(library, "我们公司不是链主，灯塔工厂没评上，专精特新还没评，台账也没进，没拿过市里别的补贴")
    assert told == {
        "chain_leader_plan_approved": False, "national_smart_title": False, "is_zjtx": False,
        "in_old_factory_ledger": False, "other_municipal_funding": False,
    }  # fmt: skip


def test_two_sums_of_one_clause_go_to_two_facts(library: Library) -> None:
    """固投3000万，其中纳入奖励范围的2500万."""
    told = _told(library, "我们公司固投3000万，其中纳入奖励范围的2500万")
    assert told == {"fixed_asset_investment_wan": 3000, "reward_scope_investment_wan": 2500}


def test_what_is_told_in_two_ways_is_doubtful(library: Library) -> None:
    """A second figure for one fact is neither taken nor lost."""
    found = heard("我们公司固投600万。另一个项目固投900万。", library.teller, TODAY)
    assert [one.value for one in found.doubtful] == [600, 900]
    assert "fixed_asset_investment_wan" not in {one.fact for one in found.told}


def test_a_branch_office_is_not_registered_by_its_place(library: Library) -> None:
    """上海公司在北京的分公司 is no legal entity; a company of Tianjin is not registered in Beijing."""
    assert _told(library, "我们是上海公司在北京的分公司")["independent_legal_entity"] is False
    told = _told(library, "我们公司注册在天津，厂子在通州")
    assert told["reg_beijing"] is False and "district" not in told


def test_saying_it_in_another_order_tells_the_same(library: Library) -> None:
    """Sentences are heard apart."""
    parts = ["我们公司在顺义。", "固投420万。", "去年9月竣工。", "独立法人，没失信。"]
    assert _told(library, "".join(parts)) == _told(library, "".join(reversed(parts)))


def test_a_story_is_heard_in_milliseconds(library: Library) -> None:
    """The phrases that turn up nowhere cost next to nothing (of this process, however busy the machine)."""
    texts = [story["story"] for story in stories("open")]
    for text in texts:
        heard(text, library.teller, TODAY)
    began = time.process_time()
    for text in texts:
        heard(text, library.teller, TODAY)
    assert (time.process_time() - began) / len(texts) < 0.05


@pytest.mark.parametrize(
    "text",
    [
        "以前没到过一个亿",
        "以前产值没到过1亿",
        "产值从没到过1亿",
        "之前没有达到过一亿",
        "产值一直不到一个亿",
        "之前都没过亿",
    ],
)
def test_never_over_a_hundred_million_is_a_no(text: str, library: Library) -> None:
    """A denial is no yes, and the sum that was not reached is nobody's output."""
    assert _told(library, f"我们{text}") == {"output_over_1yi_before_2022": False}


def test_a_sum_of_another_year_is_not_filed_under_2022(library: Library) -> None:
    """去年 said in 2025 is 2024, also for the sum told in the next clause."""
    text = "我们软件公司去年首次纳统，营收1.2个亿"
    assert _told(library, text)["sw_revenue_2022_wan"] == 12000
    assert "sw_revenue_2022_wan" not in _told(library, text, date(2025, 5, 1))


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("我们老厂房改造，台账里有", "in_old_factory_ledger", True),
        ("我们老厂房改造，台账里没有", "in_old_factory_ledger", False),
        ("我们是海淀的制造企业", "sector", "manufacturing"),
        ("石景山的制造企业，我们固投600万", "sector", "manufacturing"),
        ("我们是整车链主", "chain", "vehicle_oem"),
    ],
)
def test_short_forms_are_heard(text: str, key: str, value: object, library: Library) -> None:
    """As owners put it, without the guide's words."""
    assert _told(library, text)[key] == value


def test_a_supplier_of_a_chain_leader_is_not_of_its_chain(library: Library) -> None:
    """整车链主的配套企业 tells nothing of one's own chain."""
    assert "chain" not in _told(library, "我们是整车链主的配套企业")


def test_what_was_said_wrong_is_replaced(library: Library) -> None:
    """A district that is told anew waits for a word; with 我说错了 it takes the place of the first."""
    for again, district, waits in (("注册地是昌平", "海淀区", True), ("等等，我说错了，注册地是昌平", "昌平区", False)):
        visitor = Visitor(library, TODAY, opens=False)
        visitor.says("公司在海淀，做一类新药的")
        visitor.says(again)
        assert visitor.conversation.now["district"].value == district
        assert (visitor.conversation.waiting is not None) is waits
    visitor.says("推荐那事儿给区里谁打电话")
    visitor.sees("69746648")
