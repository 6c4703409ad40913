"""The best lawful applications: one direction with all its eligible branches, and direction 14 beside any.

同一企业原则上只能申报一个方向，方向14可与其他方向同时申报（二（一）3）. Of direction 12 only the highest branch counts
(A12.2). Known ceilings come first, larger before smaller, then fewer directions, then the guide's order. The exemption
for 市级重大项目 or 重点机构 is named, not used: who is one, and what follows, is for the government to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from knowledge.awarding import together, wan
from knowledge.casework import with_defaults
from knowledge.judging import Judgement
from knowledge.rulebook import Case

if TYPE_CHECKING:
    from knowledge.guide import Guide

BESIDE_ANY = "14"
"""The direction that goes with every other (二（一）3)."""


@dataclass(frozen=True)
class Combination:
    """Branches that may be applied for together, what they may give at most, and why they stand where they stand."""

    branches: tuple[str, ...]
    max_award_wan: Decimal | None
    known: Decimal
    why: str

    @property
    def directions(self) -> int:
        """How many directions it takes."""
        return len({_direction(branch) for branch in self.branches})


def combinations(judged: Mapping[str, Judgement], guide: Guide, case: Case) -> list[Combination]:
    """Every lawful application there is for a case, best first; empty where nothing is eligible."""
    eligible = [branch for branch, one in judged.items() if one.verdict == "eligible"]
    by_direction: dict[str, list[str]] = {}
    for branch in eligible:
        by_direction.setdefault(guide.direction_of[branch].direction, []).append(branch)
    beside = by_direction.pop(BESIDE_ANY, [])
    sets = [_of_one(branches, judged, guide) + beside for branches in by_direction.values()] or [beside]
    ranked = sorted((_combination(branches, judged, guide) for branches in sets if branches), key=_rank)
    exempt = guide.book.exemption.holds(with_defaults(case, guide)) is True and len(by_direction) > 1
    return [_explained(one, ranked, judged, guide, exempt) for one in ranked]


def _of_one(branches: list[str], judged: Mapping[str, Judgement], guide: Guide) -> list[str]:
    """All branches of one direction, or the highest where the guide doesn't say that they add up."""
    if guide.book.branches[branches[0]].together == "sum":
        return branches
    return [max(branches, key=lambda branch: judged[branch].max_award_wan or Decimal(0))]


def _combination(branches: list[str], judged: Mapping[str, Judgement], guide: Guide) -> Combination:
    books = [(guide.book.branches[branch], judged[branch].max_award_wan) for branch in branches]
    known = together([(book, amount) for book, amount in books if amount is not None])
    return Combination(tuple(branches), together(books), known or Decimal(0), "")


def _rank(one: Combination) -> tuple[bool, Decimal, int]:
    """Known first, larger first, fewer directions first; a stable sort keeps the guide's order beyond that."""
    return (one.max_award_wan is None, -(one.max_award_wan or one.known), one.directions)


def _explained(
    one: Combination, ranked: list[Combination], judged: Mapping[str, Judgement], guide: Guide, exempt: bool
) -> Combination:
    sentences = [*_amount_words(one, judged), *_rule_words(one, judged, guide), *_place_words(one, ranked)]
    sentences += [EXEMPT] * exempt
    return Combination(one.branches, one.max_award_wan, one.known, "".join(sentences))


def _amount_words(one: Combination, judged: Mapping[str, Judgement]) -> list[str]:
    open_ = [branch for branch in one.branches if judged[branch].max_award_wan is None]
    if open_:
        rest = "，不能合计" if len(one.branches) > 1 else ""
        return [f"{_named(open_)}的金额按正文算不出{rest}。"]
    amounts = [(branch, judged[branch].max_award_wan or Decimal(0)) for branch in one.branches]
    terms = " + ".join(wan(amount) for _, amount in amounts)
    if len(amounts) == 1:
        return [f"{_named(one.branches)}最高{terms}。"]
    total, plain_sum = one.max_award_wan or Decimal(0), sum((amount for _, amount in amounts), Decimal(0))
    capped = f"，受共同的封顶限制，合计最高{wan(total)}" if total < plain_sum else ""
    return [f"{_named(one.branches)}合计最高{terms} = {wan(plain_sum)}{capped}。"]


def _rule_words(one: Combination, judged: Mapping[str, Judgement], guide: Guide) -> list[str]:
    """The rule that makes it lawful, and what it leaves open."""
    words = ["同一企业原则上只能申报一个方向"]
    if any(_direction(branch) == BESIDE_ANY for branch in one.branches) and one.directions > 1:
        words.append("方向14可与其他方向同时申报")
    same = [branch for branch in one.branches if _direction(branch) != BESIDE_ANY]
    if len(same) > 1:
        words.append("同一方向几类一并报是读法，请向联系人确认")
    left = [
        branch
        for branch, found in judged.items()
        if found.verdict == "eligible" and branch not in one.branches and _direction(branch) == _direction(same[0])
    ] if same else []  # fmt: skip
    if left and guide.book.branches[left[0]].together == "highest":
        words.append(f"{_named(left)}不与它相加，取高的一项")
    return ["，".join(words) + "。"]


def _place_words(one: Combination, ranked: list[Combination]) -> list[str]:
    if len(ranked) < 2:
        return []
    ties = [other for other in ranked if other is not one and other.max_award_wan == one.max_award_wan is not None]
    words = [f"与{_named(ties[0].branches)}的最高额相同，两者都可以选。"] if ties else []
    if one is ranked[0]:
        later = next((other for other in ranked[1:] if other not in ties), None)
        if later and one.max_award_wan is not None:
            most = f"最高{wan(later.max_award_wan)}" if later.max_award_wan is not None else "金额算不出"
            words.append(f"次选{_named(later.branches)}{most}。")
    return words


EXEMPT = "市级重大项目或重点机构可不受单个方向的限制，须报市政府审议后执行，能否多报请问规划处。"


def _named(branches: tuple[str, ...] | list[str]) -> str:
    return "、".join(f"方向{branch}" for branch in branches)


def _direction(branch: str) -> str:
    return branch.rstrip("abcde")
