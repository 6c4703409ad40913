"""How large a base has to be until an award reaches its ceiling: 老旧厂房要拿满得投多少 → 3000万元 ÷ 20% = 1.5亿元."""

from __future__ import annotations

import re
from decimal import Decimal

from dialogs.intent import Intent
from dialogs.messages import Reply
from dialogs.saying import Source, branch_source
from dialogs.stepping import Desk
from dialogs.window import put_first
from knowledge.amounts import told
from knowledge.awarding import percent, wan
from knowledge.rulebook import BranchBook, Share

_ASKS = re.compile(
    r"(?:[拿奖补领贴给](?:满|足|到顶)|顶格|满额|碰到?封顶|(?:想|要|才能?)[拿奖补领](?:到)?)[^?!;]{0,16}"
    r"(?:投|卖|履约|采购|保费|花|买|砸|合同|做)[^?!;]{0,8}(?:多少|几个?[亿万千])"
    r"|(?:投|卖|履约|采购|保费|花|买|砸|合同)[^?!;]{0,6}(?:多少|几个?[亿万千])[^?!;]{0,6}(?:才能?|能)[拿奖补领](?:满|足|到)"
)
"""What asks how much has to be spent or sold until the most is given."""


def filled(reply: Reply, text: str, intent: Intent, desk: Desk) -> Reply:
    """The reply behind the base at which each printed share reaches the ceiling that is meant; else as it was."""
    topics = {topic for ask in intent.asks for topic in ask.topics}
    folded = desk.library.teller.letters(text)
    if reply.status != "answered" or intent.kind != "asks" or len(topics) != 1 or not _ASKS.search(folded):
        return reply
    branches = desk.library.branches_of(next(iter(topics)))
    sums = {one.value for one in told(folded) if one.kind == "money" and one.value is not None}
    found = [one for branch in branches if (one := _needed(desk.library.guide.book.branches[branch], sums))]
    if len(found) != len(branches) or len({terms for terms, _ in found}) != 1:
        return reply
    terms, share = found[0]
    saying = desk.saying()
    quotes = (share.part.quote, *([share.part.cap.quote] if share.part.cap else []))
    quotes += tuple(one.limit.quote for one in desk.library.guide.book.branches[branches[0]].ceilings)
    sources = [Source("quoted", quote, " ".join(quote.split())) for quote in dict.fromkeys(quotes)]
    sources += [Source("computed", terms, terms), branch_source(branches[0], desk.library)]
    saying.say("filled", *sources, of=share.part.of or "", terms=terms)
    saying.cite(share.part.clause or desk.library.guide.branches[branches[0]].clause, share.part.quote)
    return put_first(reply, saying, desk.today)


def _needed(book: BranchBook, sums: set[Decimal]) -> tuple[str, Share] | None:
    """The base for each share of a branch as it is said (3000万元 ÷ 20% = 1.5亿元); None where none is printed."""
    shares = [share for share in book.shares if share.rate is not None]
    if len(shares) != len(book.shares) or any(share.part.by for share in shares):
        return None
    terms = []
    for rate in sorted({share.rate for share in shares if share.rate is not None}):
        own = [share.cap for share in shares if share.rate == rate and share.cap is not None]
        caps = own + [one.amount for one in book.ceilings]
        meant = [cap for cap in caps if cap in sums] or caps[:1]
        if not meant:
            return None
        terms.append(f"{wan(meant[0])} ÷ {percent(rate)} = {wan(meant[0] / rate)}")
    return "，".join(terms), shares[0]
