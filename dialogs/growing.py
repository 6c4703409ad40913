"""What two years' figures of a firm come to, where its growth decides (产值从15亿做到17.6亿): 净增量 and 增速.

The guide asks of 方向14 by how much and by how many per cent output or revenue has grown, and not for the figures
themselves, which is what people have at hand. Both are reckoned where it is plain which figure is which year's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from knowledge.amounts import Measured, told
from knowledge.awarding import plain_number, wan

GROWS = {
    "14a": ("q1_output_increment_wan", "q1_output_growth_pct"),
    "14b": ("sw_janfeb_increment_wan", "sw_janfeb_growth_pct"),
}
"""The facts that growth decides, by branch: the increment (万元) and the growth (%)."""


@dataclass(frozen=True)
class Grown:
    """Two figures of one thing, in 万元, the earlier one first; `increment` is negative where it fell."""

    before: Decimal
    after: Decimal

    @property
    def increment(self) -> Decimal:
        """By how much it has grown, 万元."""
        return self.after - self.before

    @property
    def growth(self) -> Decimal:
        """By how many per cent, cut behind the second place so that it is never said to reach what it does not."""
        return (self.increment / self.before * 100).quantize(Decimal("0.01"), rounding=ROUND_DOWN).normalize()

    @property
    def formula(self) -> str:
        """How the increment comes about, as it is said."""
        return f"{wan(self.after)} − {wan(self.before)} = {wan(self.increment)}"

    @property
    def share(self) -> str:
        """How the growth comes about, as it is said; 约 where it was cut."""
        exact = self.growth * self.before == self.increment * 100
        return f"{wan(self.increment)} ÷ {wan(self.before)} {'=' if exact else '≈'} {plain_number(self.growth)}%"


def grown(folded: str, increment: Decimal | None = None) -> Grown | None:
    """The growth that a folded text tells by two figures; None where it is not plain which is the earlier one.

    `increment`: what was told before (万元), to which a text may add the earlier figure (去年同期基数是45亿).
    """
    if _OF_ELSE.search(folded) or _another_period(folded):
        return None
    sums = [one for one in told(folded) if one.kind == "money" and one.exact and one.value]
    if len(sums) == 3 and _MORE.search(folded[: sums[2].start]):
        sums = sums[:2]  # 去年31亿，今年36亿，涨了五个亿
    if (
        len(sums) == 1
        and increment is not None
        and _is_before(sums[0], folded)
        and not _MORE.search(folded[: sums[0].start])
    ):
        return _of(_value(sums[0]), _value(sums[0]) + increment)
    if len(sums) != 2:
        return None
    first, second = sums
    if _FROM.search(folded[: first.start]) and _TO.fullmatch(folded[first.end : second.start]):
        return _of(_value(first), _value(second))
    if _ROSE.fullmatch(folded[first.end : second.start]) and not _MORE.search(folded[: first.start]):
        return _of(_value(first), _value(second))
    for earlier, later in ((first, second), (second, first)):
        if not _is_before(earlier, folded):
            continue
        if _MORE.search(folded[: later.start]):
            return _of(_value(earlier), _value(earlier) + _value(later))
        if _is_after(later, folded):
            return _of(_value(earlier), _value(later))
    return None


def _another_period(folded: str) -> bool:
    """Whether figures are told of another time than the guide's, or only the later one of it (今年1-2月47亿)."""
    if _OTHER_PERIOD.search(_PERIOD.sub("", folded)):
        return True
    spots = [found.start() for found in _PERIOD.finditer(folded)]
    sums = [one.start for one in told(folded) if one.kind == "money"]
    return len(spots) == 1 and bool(sums) and sums[0] < spots[0] < sums[-1]


_PERIOD = re.compile(
    r"一季度|1季度|第一季度|头三个月|前三个月|1-3月|一到三月|1到3月|头一季|一季|q1"
    r"|1月?[-到至]2月|一二月份?|前两个月|头两个月|一到二月|开门红"
)
_OTHER_PERIOD = re.compile(r"季度|[上下]半年|全年|整年|年度|月")
"""The times that the guide asks of, and words of any other."""
_OF_ELSE = re.compile(
    r"利润|净利|税|订单|出口|贷|借|成本|合同|用电|工资|固投|投资|同行|他们|人家|对手|集团|母公司|子公司|合并|占一?[半\d]"
)
"""What makes the figures those of something, or somebody, else."""


def _value(one: Measured) -> Decimal:
    assert one.value is not None
    return one.value


def _of(before: Decimal, after: Decimal) -> Grown | None:
    return Grown(before, after) if before > 0 else None


def _is_before(one: Measured, folded: str) -> bool:
    """Whether a figure is the earlier year's, by the last word of a time before it."""
    times = _TIME.findall(folded[: one.start])
    return bool(times) and bool(_EARLIER.search(times[-1]))


def _is_after(one: Measured, folded: str) -> bool:
    times = _TIME.findall(folded[: one.start])
    return bool(times) and not _EARLIER.search(times[-1])


_TIME = re.compile(r"今年同期|今年的?同期|去年|上年|上一年|前一年|同期|今年|本年|现在|2022年?|2023年?|(?<!\d)2[23]年")
_EARLIER = re.compile(r"^(?:去年|上年|上一年|前一年|同期|2022|22年)")
"""Words of a time, and those of the earlier year."""
_FROM = re.compile(r"(?:从|由)(?:去年|上年|同期|的|[^,。?!;\d]{0,4})$")
_TO = re.compile(
    r"(?:的|,|今年|一路|直接|已经)*(?:做|涨|增|升|变|提|长|干|冲|跌|掉|降|减)?(?:长|加|高|大|成)?(?:到|至)了?"
)
_ROSE = re.compile(r"(?:,|今年|现在)*(?:做|涨|增|升|变|提|长|干|冲|跌|掉|降|减)(?:长|加|高|大|成)?(?:到|至)了?")
"""What stands around two figures of which one has become the other (从38亿做到44.5亿, 15亿涨到17亿)."""
_MORE = re.compile(r"(?:多|净?增|增加|增长|涨)了?(?:有|是|个)?$")
"""What stands before a figure that is the increment itself (比去年多7亿)."""
