"""Whether a firm has the share that it asks for, by what it tells of itself: 评上灯塔工厂了，能按30%走吗."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogs.conversation import Kept
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.telling import in_words, told_source
from dialogs.verdicts import in_marks
from knowledge.amounts import told as told_in
from knowledge.awarding import percent
from knowledge.casework import case_of, with_defaults
from knowledge.rulebook import BranchBook, Share, Value

_ASKS = re.compile(
    r"(?:能|可以|可)(?:不能)?[^,。?!;]{0,12}(?:\d%|那档|这档|比例)|(?:按|走|拿|要|报|是不是)[^,。?!;]{0,4}\d+%|\d+%[^,。?!;]{0,8}(?:轮得|拿得|够|给|成|行|可以|有份)"
    r"|够[^,。?!;]{0,3}档|档[^,。?!;]{0,4}(?:轮得|够|行|成)"
)
"""What asks whether one of several shares is one's own."""


KIND = "project_kind"
"""The fact that alone gives no share: every project is new or a retrofit."""


def asks_for_a_share(folded: str) -> bool:
    """Whether a question asks whether one has a share that it names."""
    return "%" in folded and _ASKS.search(folded) is not None


def tier(folded: str, branches: Sequence[str], told: Sequence[Kept], desk: Desk) -> Saying | None:
    """The verdict on the one share that a question asks for; None where it asks for none, or nothing decides it.

    A title that is not told counts as none, as the rules have it (`with_defaults`), once another one is told.
    """
    rates = {one.value for one in told_in(folded) if one.kind == "share"}
    if len(branches) != 1 or len(rates) != 1 or not told:
        return None
    book, rate = desk.library.guide.book.branches[branches[0]], rates.pop()
    asked = [share for share in book.shares if share.rate is not None and share.rate * 100 == rate]
    case = case_of({kept.fact: kept.value for kept in told if kept.value is not None}, desk.library.guide)
    deciding = [kept for kept in told if kept.fact != KIND and any(kept.fact in _facts(one) for one in book.shares)]
    if not asked or not deciding:
        return None
    if met := next((share for share in asked if share.when is not None and _holds(share, case, desk) is True), None):
        return _said("tier_met", met, deciding[0], desk)
    if not _ruled_out(asked, case, folded, deciding):
        return None
    if own := _own(book, case, desk):
        return _said("tier_missed", asked[0], deciding[0], desk, own=own)
    return None


def _ruled_out(asked: Sequence[Share], case: dict[str, Value], folded: str, deciding: Sequence[Kept]) -> bool:
    """Whether none of the shares asked for applies, for sure, or because only what gives another one is told."""
    if all(share.when is not None and share.when.holds(case) is False for share in asked):
        return True
    own = {fact for share in asked for fact in _facts(share)}
    titled = any(kept.value is True and kept.fact not in own for kept in deciding)
    return titled and bool(_ONLY.search(folded)) and not _OF_A_CHAIN.search(folded)


_ONLY = re.compile(r"就|只|没有?别的|光")
_OF_A_CHAIN = re.compile(r"链主|龙头|配套|供货|标杆|灯塔")
"""What says that nothing else was granted, and words of what may be (给链主供货)."""


def _facts(share: Share) -> set[str]:
    """The facts that decide whether a share applies."""
    return {leaf.fact for leaf in share.when.leaves()} if share.when else set()


def _holds(share: Share, case: dict[str, Value], desk: Desk) -> bool | None:
    """Whether a share applies, with what counts as not granted where it is not told."""
    if share.when is None:
        return True
    sure = share.when.holds(case)
    return sure if sure is not None else share.when.holds(with_defaults(case, desk.library.guide))


def _own(book: BranchBook, case: dict[str, Value], desk: Desk) -> Share | None:
    """The highest share that a firm has for sure or may have; None where none is left."""
    left = [share for share in book.shares if share.rate is not None and _holds(share, case, desk) is not False]
    return max(left, key=lambda share: share.rate or 0, default=None)


def _said(phrase: str, share: Share, kept: Kept, desk: Desk, *, own: Share | None = None) -> Saying:
    saying, (quote, quoted) = desk.saying(), in_marks(_condition(share))
    printed = [Source("quoted", one.part.quote, " ".join(one.part.quote.split())) for one in (share, own) if one]
    assert share.rate is not None
    sources = (told_source(kept, desk.library), quoted, *printed)
    said = in_words(kept, desk.library)
    if own is not None and own.rate is not None:
        saying.say(phrase, *sources, told=said, rate=percent(share.rate), own=percent(own.rate), quote=quote)
    else:
        saying.say(phrase, *sources, told=said, rate=percent(share.rate), quote=quote)
    saying.cite(_clause(share, desk), share.part.quote)
    return saying


def _condition(share: Share) -> str:
    """The sentence that says who has a share."""
    return (share.when.quote if share.when is not None else "") or share.part.quote


def _clause(share: Share, desk: Desk) -> str:
    leaf = next(share.when.leaves(), None) if share.when else None
    return share.part.clause or (leaf.clause if leaf else "")
