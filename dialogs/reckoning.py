"""What a share comes to for the one sum that a question tells: 老厂房投了600万能补多少 → 600万元 × 20% = 120万元.

Only where one branch with one printed share is meant, and the sum stands beside a word of that share's base (`told_by`
in the branch's rules). The base of the guide is narrower than what people call it, so the line says what it supposes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from dialogs.asking import branch_source
from dialogs.intent import Intent
from dialogs.messages import Reply
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.window import of_another_year, parted
from knowledge.amounts import UP_TO_THE_SUM, Measured, told
from knowledge.awarding import Reckoned, reckon, wan
from knowledge.rulebook import BranchBook, Share

_HOW_MUCH = re.compile(r"%[是就得,]{0,2}\d|多少|几(?:个)?(?:钱|万|百万|千万)|(?:能|可以)(?:拿|补|奖|贴|给|领)")
_ELSE = re.compile(
    r"他们|人家|对方|供应商的|子公司|母公司|集团|不到|没|未|不足|起步|门槛|至少|最低|才|多少(?:钱)?(?:才)?[能得可]|几家|\d家|一共|合计|每年|每月|每平"
    r"|一半|政府|买地|土地|写字楼|租金|回报|产值|营收|(?<!能)(?<!可以)(?:补|奖|贴|给|拿|得|领)(?:了|到|我们)?\d|封顶\d|上限\d|已经(?:补|拿)|(?:19|20)(?:1\d|2[01])年"
)
"""What makes something else of the sum than the base of the award."""
_CLAIMS = re.compile(r"吧[?]?$|对[吗吧]|对不对|是[吗吧]|是不是|听说|没错")
"""What wants a reckoning of one's own confirmed (能拿4000万吧)."""
_ONE = re.compile(r"(?<![\d十百千几])[一单每][颗发辆台笔张单个家款种](?!多)")
"""What says that there is one of what is reckoned apart (一颗卫星保费1300万)."""


def reckoned(reply: Reply, text: str, intent: Intent, desk: Desk) -> Reply:
    """The reply with the arithmetic put first behind the state of the day; as it was where there is none."""
    topics = {topic for ask in intent.asks for topic in ask.topics}
    if reply.status != "answered" or intent.kind != "asks" or len(topics) != 1:
        return reply
    branches = desk.library.branches_of(next(iter(topics)))
    folded = desk.library.teller.letters(text)
    if len(branches) != 1 or not _HOW_MUCH.search(folded) or _ELSE.search(folded):
        return reply
    if of_another_year(folded, desk.library, desk.today):
        return reply
    book = desk.library.guide.book.branches[branches[0]]
    share = _only_share(book)
    measured = [one for one in told(folded) if one.kind in ("money", "share")]
    bases = [one for one in measured if share and _tells_base(one, share, folded)]
    if share is None or len(bases) != 1 or (len(measured) > 1 and not _CLAIMS.search(folded)):
        return reply
    have = bases[0].value
    assert have is not None
    result = _award(have, share, book, one=bool(_ONE.search(folded)))
    return _with_line(reply, have, share, result, book, desk) if result else reply


def _only_share(book: BranchBook) -> Share | None:
    """The one share of a branch, where it is printed and the words of its base are known."""
    share = book.shares[0] if len(book.shares) == 1 else None
    return share if share and share.rate is not None and share.part.told_by else None


def _tells_base(one: Measured, share: Share, folded: str) -> bool:
    """Whether a sum stands right behind a word of a share's base."""
    words = "|".join(map(re.escape, share.part.told_by))
    beside = re.search(rf"(?:{words}){UP_TO_THE_SUM}$", folded[: one.start])
    return one.kind == "money" and one.exact and beside is not None


def _award(have: Decimal, share: Share, book: BranchBook, *, one: bool) -> Reckoned | None:
    """The most for a sum; None where it hangs on how many there are, or lies below a floor that may be meant by it.

    `one`: it is said that there is one of them.
    """
    assert share.rate is not None and share.part.base is not None
    if share.part.count and share.cap is not None and have * share.rate > share.cap and not one:
        return None
    return None if _below_a_floor(have, book) else reckon(share, book.ceilings, {share.part.base: have})


def _below_a_floor(have: Decimal, book: BranchBook) -> bool:
    """Whether a branch has a least sum above the one that is told (固定资产投资不低于500万元)."""
    floors = (leaf for leaf in book.whole.leaves() if leaf.operator in ("at_least", "more_than"))
    return any(leaf.fact.endswith("_wan") and have < value for leaf in floors for value in leaf.values
               if isinstance(value, Decimal))  # fmt: skip


def _with_line(reply: Reply, have: Decimal, share: Share, result: Reckoned, book: BranchBook, desk: Desk) -> Reply:
    saying: Saying = desk.saying()
    quotes = [share.part.quote, *([share.part.cap.quote] if share.part.cap else [])]
    quotes += [ceiling.limit.quote for ceiling in book.ceilings]
    sources = [Source("quoted", quote, " ".join(quote.split())) for quote in quotes]
    sources += [Source("told", wan(have), "您说的金额"), Source("computed", result.text, result.text)]
    saying.say("reckoned", *sources, branch_source(book.id, desk.library), have=wan(have), award=result.text)
    saying.cite(share.part.clause or desk.library.guide.branches[book.id].clause, share.part.quote)
    first, (state, rest) = saying.reply("answered"), parted(reply.text, desk.library, desk.today)
    lines = (state, *(line.text for line in saying.lines), rest)
    return replace(
        reply,
        text="\n".join(line for line in lines if line),
        origins=(*first.origins, *reply.origins),
        citations=tuple(dict.fromkeys((*first.citations, *reply.citations))),
    )
