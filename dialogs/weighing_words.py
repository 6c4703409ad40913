"""What a question tells in words, not figures, held against the conditions: a kind of firm, product, loan or stage."""

from __future__ import annotations

from dialogs.conversation import Kept
from dialogs.saying import Saying
from dialogs.stepping import Desk
from dialogs.told_of import OF_WORDS
from dialogs.verdicts import MOST, say_weighed, verdict_on
from dialogs.whether import FORM, SAYS_MORE
from knowledge.amounts import amounts_in
from knowledge.casework import case_of
from knowledge.judging import Reason, judge_branch
from knowledge.scene import Scene
from knowledge.telling import heard_in


def say_met(
    saying: Saying, folded: str, supposed: str, branches: tuple[str, ...], told: list[Kept], desk: Desk
) -> None:
    """Say what the words of a question meet, where it tells nothing else (特别审查的绿色通道进了，算吗).

    `supposed`: the text without what only asks. Neither a figure that was not heard nor a denial may stand beside it:
    they may say that something else fails.
    """
    of = desk.library.guide.fact
    heard = sum(of[one.fact].unit in ("万元", "%") for one in told)
    if len(amounts_in(folded)) > heard or SAYS_MORE.search(FORM.sub("", supposed)):
        return
    found = [(kept, verdict_on(kept, branches, told, desk)) for kept in told if of[kept.fact].kind in OF_WORDS]
    met = [
        (kept, verdict)
        for kept, verdict in found
        if verdict and verdict[0].holds and _is_decided_alone(verdict[0], branches, told, desk)
    ]
    own = _told_by_name(branches, desk) if met else set()
    for kept, verdict in met:
        if (kept.fact, kept.value) not in own and len(saying.lines) < MOST:
            say_weighed(saying, kept, *verdict, desk)


def fails_somewhere(told: list[Kept], branches: tuple[str, ...], desk: Desk) -> bool:
    """Whether what was told rules out one of the branches, so that a sum alone is not enough (开超市的，花了六百万)."""
    case = case_of({one.fact: one.value for one in told if one.value is not None}, desk.library.guide)
    judged = (judge_branch(branch, case, desk.library.guide, desk.today) for branch in branches)
    return any(reason.holds is False for one in judged for reason in one.because)


def _told_by_name(branches: tuple[str, ...], desk: Desk) -> set[tuple[str, object]]:
    """The facts and values that the names of branches and their direction tell, as 首批次 does, and nobody asks of."""
    guide = desk.library.guide
    direction = guide.direction_of[branches[0]]
    names = [direction.name, direction.short, *(guide.branches[branch].name for branch in branches)]
    folded = "。".join(desk.library.teller.letters(name) for name in names)
    heard = heard_in(Scene(folded, desk.today, answer=True), desk.library.teller)
    return {(one.fact, one.value) for one in (*heard.told, *heard.doubtful)}


def _is_decided_alone(reason: Reason, branches: tuple[str, ...], told: list[Kept], desk: Desk) -> bool:
    """Whether a condition that holds asks for nothing that was not told."""
    known = {one.fact for one in told}
    books = (desk.library.guide.book.branches[branch] for branch in branches)
    leaves = (leaf for book in books for leaf in book.whole.leaves())
    return all(leaf.fact in known for leaf in leaves if reason.quote in leaf.quote)
