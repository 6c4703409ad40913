"""What was not answered, and what was called wrong, in the visitors' own words: for editors, and in the trail.

What a visitor has erased is counted, but has no words and stands in no list.
"""

from __future__ import annotations

from bot.conductor import Conductor
from bot.counting import WRONG, Missed, Missing
from bot.handing_on import BEIJING
from bot.workbench.labels import DOORS, MISSES
from bot.workbench.numbers import Table
from bot.workbench.spans import Span

KINDS = {**MISSES, WRONG: "点了不对"}
MOST_IN_FILE = 20_000
SAYS = f"没答上的和点了“不对”的，最新的在前，最多{MOST_IN_FILE}条；来访者删了数据的不在里面"


def found(
    conductor: Conductor, span: Span, *, kind: str = "", door: str = "", words: str = "", older: int | None = None,
    most: int,
) -> list[Missed]:  # fmt: skip
    """What was missed on some days, newest first; blocks."""
    return conductor.store.missed(Missing(span.first, span.last, kind, door, words, older), most)


def why(one: Missed) -> str:
    """Why it is in the list."""
    return "、".join(filter(None, (MISSES.get(one.reply.reason or "", ""), KINDS[WRONG] if one.wrong else "")))


def table(lost: list[Missed]) -> Table:
    """The list for a file."""
    rows = tuple(
        (one.at.astimezone(BEIJING).replace(tzinfo=None), DOORS.get(one.door, one.door), one.words, why(one),
         one.reply.text)
        for one in lost
    )  # fmt: skip
    return Table("missed", "没答上的", SAYS, ("时间（北京）", "入口", "他说的", "为什么", "助手答的"), rows)
