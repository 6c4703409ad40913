"""What was told in earlier messages, held against the conditions that a question asks of: 这样能报吗.

Each message is heard by itself, as the directions asked of lend it their words; a later one counts before an earlier.
"""

from __future__ import annotations

import re

from dialogs.conversation import Conversation, Kept
from dialogs.saying import Saying
from dialogs.stepping import Desk
from dialogs.supposing import asks_of_another, puts_right, statement_in
from dialogs.told_of import told_of
from dialogs.verdicts import MOST, Verdict, is_general, say_weighed, so_near, verdict_on
from dialogs.weighing_sums import told_of_two
from dialogs.whether import FORM, SAYS_MORE, WHETHER, asks_yes_or_no
from knowledge.amounts import told as told_in
from knowledge.scene import Scene


def of_all_said(folded: str, branches: tuple[str, ...], conversation: Conversation, desk: Desk) -> Saying | None:
    """What rules the branches out of all that was said, else the figures and days that suffice; None where neither.

    Only where the question asks for a yes or no of just that case, and nothing more.
    """
    asks = WHETHER.search(folded) or asks_yes_or_no(folded)
    if not conversation.said or not asks or _ASKS_MORE.search(folded) or asks_of_another(folded):
        return None
    if not WHETHER.search(folded) and SAYS_MORE.search(FORM.sub("", folded)):
        return None  # 没纳统是不是就不行 asks of what it says
    told = _told(folded, branches, conversation, desk)
    found = [(kept, verdict) for kept in told if (verdict := _decided(kept, branches, told, conversation, desk))]
    failing = [(kept, verdict) for kept, verdict in found if not verdict[0].holds]
    saying = desk.saying()
    for kept, verdict in (failing or _sufficing(found, folded, conversation, desk))[:MOST]:
        say_weighed(saying, kept, *verdict, desk)
    return saying if saying.lines else None


_ASKS_MORE = re.compile(r"几|多少|多久|多长|谁|哪|什么|怎么|最高|最多|上限|封顶")
"""What asks for more than a yes or no (能贴几年)."""


def _told(folded: str, branches: tuple[str, ...], conversation: Conversation, desk: Desk) -> list[Kept]:
    """Every fact that the messages tell, as the last of them tells it; figures before a correction do not count."""
    of = desk.library.guide.fact
    held: dict[str, Kept] = {}
    for said in (*conversation.said, statement_in(folded, desk)):
        if puts_right(said):
            held = {fact: kept for fact, kept in held.items() if of[fact].kind != "number"}
        held |= {kept.fact: kept for kept in told_of(said, branches, desk)} if said else {}
    return list(held.values())


def _decided(
    kept: Kept, branches: tuple[str, ...], told: list[Kept], conversation: Conversation, desk: Desk
) -> Verdict | None:
    """The verdict on a told fact, where there is one that stands however roughly it was told."""
    if kept.fact.endswith("_year"):
        return None
    verdict = verdict_on(kept, branches, told, desk, general=True)
    if verdict and verdict[0].holds and is_general(kept.fact, desk):
        return None  # that a firm is registered here says nothing of what was asked
    unsure = any(so_near(kept, verdict, said) or told_of_two(kept.value, said) for said in conversation.said)
    return None if unsure else verdict


WAN = 10_000
"""What a figure without a unit is short of, where the one that was told had 万 (200整可以不)."""


def _sufficing(
    found: list[tuple[Kept, Verdict]], folded: str, conversation: Conversation, desk: Desk
) -> list[tuple[Kept, Verdict]]:
    """The figures and days that suffice, where all that were told are among them and the question tells nothing new."""
    of = desk.library.guide.fact
    figures = [one for one in found if of[one[0].fact].kind in ("number", "date")]
    values = {float(kept.value) for kept, _ in figures if isinstance(kept.value, int | float)}
    sums = (one for said in (*conversation.said, folded) for one in told_in(said))
    named = [one.value for one in sums if one.kind in ("money", "share")]
    heard = all(value is not None and {float(value), float(value) * WAN} & values for value in named)
    beside = folded.rpartition(",")[0]  # 还没在那边卖呢,行不
    new = statement_in(folded, desk) or SAYS_MORE.search(beside) or Scene(folded, desk.today).days
    return figures if heard and not new else []
