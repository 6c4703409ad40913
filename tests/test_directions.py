"""Every direction's ceilings, rates, thresholds, periods and duties, asked by number, by name and by an everyday name.

The expectations (cases/directions.yaml) were typed from the guide by a hand that did not write the knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from dialogs.library import Library
from knowledge.amounts import holds, plain
from tests.case_files import cases
from tests.conftest import OPEN
from tests.visitor import Visitor

Part = dict[str, Any]  # a direction, or one of its branches

CASES = cases("cases/directions.yaml")
DIRECTIONS: list[Part] = CASES
CEILINGS = ["上限", "最高多少", "封顶"]
RATES = ["比例", "按多少比例给", "补百分之几"]
THRESHOLDS = ["门槛", "申报条件", "有什么门槛"]
PERIODS = ["时间要求", "对时间有什么要求", "有时间限制吗"]
DISTRICT = ["要区推荐吗", "需要区里推荐吗", "要不要区经信局推荐"]
POOL = ["要入库吗", "需要先入项目库吗", "要不要入库"]


def called(direction: Part) -> list[str]:
    """Number, official name, everyday name."""
    return [f"方向{direction['number']}", direction["name"], direction["everyday"]]


def of_all(direction: Part, facet: str) -> list[Any]:
    """What the guide says of a facet, of the whole direction and of each branch; attachments where it says nothing."""
    found: list[Any] = []
    for part in (direction, *direction["branches"]):
        stated = part.get(facet, [])
        found += [one for one in ([stated] if isinstance(stated, str) else stated) if one not in found]
    return found


def asked_all(facet: str, ways: list[str]) -> pytest.MarkDecorator:
    """One story for each direction, way to call it and way to ask; and for each branch where there are several."""
    stories: list[tuple[str, list[Any]]] = []
    for direction in DIRECTIONS:
        whole = of_all(direction, facet)
        if whole:
            stories += [(name + way, whole) for name, way in zip(called(direction), ways, strict=True)]
            stories += [(f"方向{direction['number']}{ways[1]}", whole), (direction["everyday"] + ways[0], whole)]
        for branch in direction["branches"]:
            if "asked" in branch and facet in branch:
                stated = branch[facet]
                wanted = [stated] if isinstance(stated, str) else stated
                stories += [(branch["asked"] + way, wanted) for way in ways[:2]]
    return pytest.mark.parametrize(("asked", "wanted"), stories, ids=[asked for asked, _ in stories])


def sentences(text: str) -> Iterator[str]:
    """The sentences and clauses of a reply, as one reads them."""
    return (plain(piece) for piece in re.split(r"[。；\n]", text))


def says_together(text: str, figure: str, *words: str) -> bool:
    """One sentence shows the whole figure with each of the words (alternatives by |)."""
    return any(
        holds(sentence, figure) and all(re.search(word, sentence) for word in words) for sentence in sentences(text)
    )


@pytest.fixture
def visitor(library: Library) -> Visitor:
    """An enterprise while the window is open."""
    return Visitor(library, OPEN)


@asked_all("ceilings", CEILINGS)
def test_a_ceiling_is_told_with_what_it_is_per(asked: str, wanted: list[Part], visitor: Visitor) -> None:
    """The figure, per what, and 年度 where the guide says so, in one sentence; never as a promise."""
    text = visitor.says(asked).text
    for ceiling in wanted:
        words = [re.escape(plain(ceiling["per"]))] if "per" in ceiling else []
        words += ["年度"] if ceiling.get("yearly") else []
        assert says_together(text, ceiling["figure"], "最高|不超过|上限", *words), (ceiling, text)


@asked_all("rates", RATES)
def test_a_rate_is_told_or_its_attachment(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """Every rate of the guide; where it only says 一定比例, the attachment that holds it."""
    text = visitor.says(asked).text
    for rate in wanted:
        assert plain(rate) in plain(text), (rate, text)


@asked_all("thresholds", THRESHOLDS)
def test_a_threshold_is_told_with_its_edge(asked: str, wanted: list[Part | str], visitor: Visitor) -> None:
    """The figure stands with 含 or 不低于; where the guide names none, the attachment with the conditions is named."""
    text = visitor.says(asked).text
    for threshold in wanted:
        if isinstance(threshold, str):
            assert threshold in text, (threshold, text)
        else:
            edge = "含|不低于|至少"
            assert says_together(text, threshold["figure"], edge), (threshold, text)


@asked_all("periods", PERIODS)
def test_a_period_is_told(asked: str, wanted: list[str], visitor: Visitor) -> None:
    """Since when, until when, how long."""
    text = visitor.says(asked).text
    for period in wanted:
        assert plain(period) in plain(text), (period, text)


def asked_duty(ways: list[str], duty: str) -> pytest.MarkDecorator:
    """One story for each direction, way to call it and way to ask; and for each branch, with its own yes or no."""
    stories: list[tuple[str, Any]] = []
    for direction in DIRECTIONS:
        stories += [(name + way, direction[duty]) for name, way in product(called(direction), ways)]
        branches = [branch for branch in direction["branches"] if "asked" in branch]
        stories += [(branch["asked"] + ways[0], branch.get(duty, direction[duty])) for branch in branches]
    return pytest.mark.parametrize(("asked", "needed"), stories, ids=[asked for asked, _ in stories])


def decided(text: str, *, needed: bool) -> str:
    """The first sentence behind a 需要 or 不需要 that stands before it, which has to be the right one."""
    lead = "需要。\n" if needed else "不需要。\n"
    wrong = "不需要。\n" if needed else "需要。\n"
    assert not text.startswith(wrong), text
    return text.removeprefix(lead).partition("。")[0]


@asked_duty(DISTRICT, "district")
def test_the_district_recommends_or_not(asked: str, needed: bool, visitor: Visitor) -> None:
    """Eleven directions need it; 7, 13 and 14 are not listed."""
    first = decided(visitor.says(asked).text, needed=needed)
    assert ("须经所在区" in first, "没有要求区推荐" in first) == (needed, not needed), first


@asked_duty(POOL, "pool")
def test_the_pool_is_needed_or_not(asked: str, needed: bool | str, visitor: Visitor) -> None:
    """6, 9, 10, 11 and the construction projects of 7 enter 高精尖产业项目库; of 7 both halves are told."""
    text = visitor.says(asked).text
    if isinstance(needed, str):
        assert f"{needed}贷款贴息须纳入" in text and "没有要求入库" in text, text
    else:
        first = decided(text, needed=needed)  # what was asked for comes first; of 7 the other half may follow
        assert ("须纳入“高精尖产业项目库”" in first, "没有要求入库" in first) == (needed, not needed), text


BONUSES = [("专精特新", "20万元"), ("数据管理能力成熟度认证", "10万元"), ("DCMM", "10万元")]


@pytest.mark.parametrize(("who", "bonus"), BONUSES)
@pytest.mark.parametrize("name", called(DIRECTIONS[11]))
def test_a_bonus_is_told(name: str, who: str, bonus: str, visitor: Visitor) -> None:
    """方向12 adds 20万元 for 专精特新 and 10万元 for a software enterprise's data management or security."""
    text = visitor.says(f"{name}有{who}能多拿多少").text
    assert says_together(text, bonus, "再?增加"), text


@pytest.mark.parametrize(
    "asked", ["已拿中央财政资金的小巨人能拿升规奖励吗", "小巨人 方向12", "升规稳规创新奖励小巨人给不给"]
)
def test_a_little_giant_with_central_money_gets_nothing(asked: str, visitor: Visitor) -> None:
    """The exception of 方向12, with its condition: 已获得中央财政资金支持."""
    text = visitor.says(asked).text
    assert says_together(text, "小巨人", "中央财政", "不予奖励|不奖励|不给予"), text


def test_every_direction_was_typed() -> None:
    """Fourteen, in the guide's order; eleven need the district, five the pool (方向7 in part)."""
    assert [direction["number"] for direction in DIRECTIONS] == list(range(1, 15))
    assert sum(direction["district"] for direction in DIRECTIONS) == 11
    assert sum(bool(direction["pool"]) for direction in DIRECTIONS) == 5
