"""Whether what two years' figures come to suffices: 一季度从8亿涨到10.5亿 → 净增2.5亿元, 增幅31.25%."""

from __future__ import annotations

import re
from decimal import Decimal

from dialogs.conversation import Conversation, Kept
from dialogs.growing import GROWS, grown
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.verdicts import say_doubtful, say_weighed, verdict_on, when_closed
from dialogs.window import of_another_year
from knowledge.awarding import wan
from knowledge.scene import Scene
from knowledge.telling import heard_in


def grew(folded: str, topic: str, conversation: Conversation, desk: Desk) -> Saying | None:
    """What two years' figures come to, and whether that suffices; None where growth decides nothing of a topic."""
    branch = next(iter(branches_grown(topic, folded)), "")
    if not branch or of_another_year(folded, desk.library, desk.today):
        return None
    keys = GROWS[branch]
    held = conversation.now.get(keys[0])
    before = (
        Decimal(str(held.value)) if held and held.value is not None else _increment_in(conversation.case, keys[0], desk)
    )
    two = grown(folded, before)
    if two is None:
        return None
    saying = desk.saying()
    if two.increment <= 0:
        formula = f"{wan(two.before)} − {wan(two.after)} = {wan(-two.increment)}"
        said = Source("told", f"{wan(two.before)} {wan(two.after)}", "您说的两年的数")
        saying.say("fell", said, Source("computed", formula, formula), formula=formula)
        return saying
    sums = Source("told", f"{wan(two.before)} {wan(two.after)}", "您说的两年的数")
    sources = (sums, Source("computed", two.formula, two.formula), Source("computed", two.share, two.share))
    saying.say("grown", *sources, formula=two.formula, share=two.share)
    told = [Kept(fact=key, value=float(value)) for key, value in zip(keys, (two.increment, two.growth), strict=True)]
    say_doubtful(saying, [(kept, None) for kept in told], (branch,), desk)
    verdicts = [(kept, verdict_on(kept, (branch,), told, when_closed(desk))) for kept in told]
    for kept, verdict in verdicts:
        if verdict:
            say_weighed(saying, kept, *verdict, desk)
    if {verdict[0].holds for _, verdict in verdicts if verdict} == {True, False}:
        saying.say("both_needed")
    return saying


def branches_grown(topic: str, folded: str) -> tuple[str, ...]:
    """The branch of which two years' figures would be: the one in hand, or that of their words; empty where neither."""
    told = (one for one in GROWS if topic in (one, one[:-1]) and _OF_GROWTH[one].search(folded))
    branch = next(told, topic if topic in GROWS else "")
    return (branch,) if branch else ()


def _increment_in(case: str, key: str, desk: Desk) -> Decimal | None:
    """The increment that the question in hand tells."""
    told = bool(case) and not _REQUIRED.search(case)
    found = heard_in(Scene(case, desk.today, answer=True), desk.library.teller).told if told else ()
    return next((Decimal(str(one.value)) for one in found if one.fact == key), None)


_REQUIRED = re.compile(r"要(?!是)|至少|最少|门槛|不低于|是吧|对吧|多少")
"""What tells a figure that is asked for, not the firm's."""


_OF_GROWTH = {"14a": re.compile(r"产值|工业|季"), "14b": re.compile(r"营收|收入|软件|[12]月|两个月")}
"""What tells of which branch of 方向14 two figures are."""
