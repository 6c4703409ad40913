"""The numbers at the top of the statistics, each beside that of the span before, and what it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from bot.counting import Daily, Tally
from bot.workbench.numbers import Counted
from dialogs.handover import REASONS
from dialogs.library import Library

BY_VISITOR = REASONS[:4]
"""Why a ticket is opened that its visitor waits with; the others an officer opens, who is there at once."""

SAYS = {
    "问了": "来访者发来的每一句话、点的每一个选项算一次；值守员的动作不算",
    "来访者": "开过口的会话，同一个会话只算一次；换了设备、删过数据的另算",
    "答上了": "助手按指南答了的",
    "没答上": "别的政策、指南没写、没听懂，三种合计",
    "不对": "答复后面点了“不对”的；以后再点的，也算在问的那天",
    "有用": "答复后面点了“有用”的",
    "测完": "测一测出了体检单的，中途先看结果的也算",
    "转人工": "开的工单，来电和值守员接过来的也算",
    "首次回复中位数": "从来访者要人到值守员第一次回话，只计值守时间；一半不超过这么久",
    "九成的首次回复": "十张里有九张不超过这么久",
    "等了{}分钟以上": "首次回复超过上报的时限，只计值守时间",
    "没等到回复": "来访者要人，还没回话，或没等到就结束了",
}
"""What each counts."""


@dataclass(frozen=True)
class Figure:
    """One number with that of the span before; `says`: what it counts. `unit` 分钟: in minutes, None where none is."""

    name: str
    value: float | None
    before: float | None
    says: str
    unit: str = ""

    @property
    def change(self) -> str:
        """How it has changed, with its sign."""
        if self.value is None or self.before is None:
            return ""
        by = round(self.value - self.before, 1)
        return "持平" if not by else f"{'+' if by > 0 else '−'}{abs(by):g}"


def figures(now: Counted, before: Counted, library: Library) -> list[Figure]:
    """The figures, in the order in which they are read."""
    limit = library.desk.raise_after_minutes
    measures: dict[str, Callable[[Counted], float | None]] = {
        "问了": lambda one: _total(one.daily),
        "来访者": lambda one: sum(one.visitors.values()),
        "答上了": lambda one: _total(t for t in one.daily if t.status == "answered"),
        "没答上": lambda one: _total(t for t in one.daily if t.status == "no_answer"),
        "不对": lambda one: _total(one.wrong),
        "有用": lambda one: _total(j.tally for j in one.judged if j.useful),
        "测完": lambda one: _total(t for t in one.daily if t.finished),
        "转人工": lambda one: len(one.tickets),
        "首次回复中位数": lambda one: _minutes(_waits(one), 0.5),
        "九成的首次回复": lambda one: _minutes(_waits(one), 0.9),
        "等了{}分钟以上": lambda one: sum(seconds > 60 * limit for seconds in _waits(one)),
        "没等到回复": lambda one: sum(not t.answered for t in one.tickets if t.reason in BY_VISITOR),
    }
    unit = {"首次回复中位数": "分钟", "九成的首次回复": "分钟"}
    return [
        Figure(name.format(limit), measure(now), measure(before), SAYS[name], unit.get(name, ""))
        for name, measure in measures.items()
    ]


def _total(tallies: Iterable[Tally | Daily]) -> int:
    return sum(one.n for one in tallies)


def _waits(counted: Counted) -> list[int]:
    return sorted(t.waited for t in counted.tickets if t.waited is not None and t.reason in BY_VISITOR)


def _minutes(waits: Sequence[int], share: float) -> float | None:
    """The wait that so large a share doesn't exceed, in minutes."""
    if not waits:
        return None
    seconds = median(waits) if share == 0.5 else waits[ceil(share * len(waits)) - 1]
    return round(seconds / 60, 1)
