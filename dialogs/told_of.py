"""What a text tells of branches that are spoken of, without what only tells that another branch is meant."""

from __future__ import annotations

from dialogs.conversation import Kept
from dialogs.noticing import kept_of
from dialogs.stepping import Desk
from knowledge.casework import case_of
from knowledge.judging import judge_branch
from knowledge.scene import Scene
from knowledge.telling import heard_of


def told_of(folded: str, branches: tuple[str, ...], desk: Desk) -> list[Kept]:
    """What a text tells of branches that are spoken of."""
    told = [kept_of(one, desk.library) for one in heard_of(branches, folded, desk.library.teller, desk.today)]
    return [kept for kept in told if not _of_a_sibling(kept, branches, desk)]


def supposed_of(folded: str, branches: tuple[str, ...], told: list[Kept], desk: Desk) -> list[Kept]:
    """What a text only supposes or wishes for, as yes, no or a choice: 钱打算拿去还债; without what it tells."""
    if not Scene(folded, desk.today).supposes:
        return []
    found = heard_of(branches, folded, desk.library.teller, desk.today, supposed=True)
    known = {one.fact for one in told}
    of = desk.library.guide.fact
    new = [kept_of(one, desk.library) for one in found if one.fact not in known and of[one.fact].kind in OF_WORDS]
    return [kept for kept in new if not _of_a_sibling(kept, branches, desk)]


OF_WORDS = ("bool", "choice")
"""Kinds of facts that are told in words, not figures."""


def _of_a_sibling(kept: Kept, branches: tuple[str, ...], desk: Desk) -> bool:
    """Whether what a firm is rules out the branch asked of, not another one of its direction (数据中心 in 方向11)."""
    of = desk.library.guide.direction_of
    direction = {of[branch].direction for branch in branches}
    kin = [branch for number in direction for branch in desk.library.branches_of(number)]
    if kept.fact != SECTOR or kept.value == NO_INDUSTRY or len(kin) == len(branches):
        return False
    case = case_of({kept.fact: kept.value}, desk.library.guide)
    judged = [judge_branch(branch, case, desk.library.guide, desk.today) for branch in kin]
    return any(not any(one.fact == SECTOR and one.holds is False for one in result.because) for result in judged)


NO_INDUSTRY = "other"
"""The sector of a firm of which nothing is said in any direction (超市, 物业)."""
SECTOR = "sector"
"""The fact that tells what a firm is."""
