"""A length of time, held against how long there is money at most: 租期五年，五年都能补吗 → 最长3年."""

from __future__ import annotations

import re
from decimal import Decimal

from dialogs.library import Stated
from dialogs.messages import Reply
from dialogs.saying import Source, stated_sources
from dialogs.stepping import Desk
from dialogs.window import put_first
from knowledge.awarding import plain_number
from knowledge.days import spans

_ASKS = re.compile(
    r"超没超|没超|超不超|超(?:了)?[期时吗吧]|年[限头]|(?:给|补|贴|领|拿)(?:得)?满|连(?:着|续)?[^,。?!]{0,4}(?:补|贴|给|领|拿)|(?:都|一直|接着|还)(?:能|给|会|可以|接着)?(?:补|贴|给|领|拿)|每年都"
)
"""What asks whether there is money for a whole length of time."""
_OF_ELSE = re.compile(r"工期|建设期|施工|年前|以前|之前|竣工|完工|失信|成立|注册|以内|之内|近\d年|不超过|不到|至少")
"""What makes the length that of building, or of something past."""
_NTH = re.compile(r"第(?P<year>\d{1,2}|[一二三四五六七八九十])年")
"""One of the years of a loan or lease (到第四年还接着补吗)."""
_NUMBERS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)}


def held_against_period(reply: Reply, folded: str, topic: str, desk: Desk) -> Reply:
    """The reply behind whether a length of time is above the longest for which money is given; as it was where not."""
    stated = {one.provision.say: one for one in desk.library.under(topic) if one.provision.period}
    if len(stated) != 1 or not _ASKS.search(folded) or _OF_ELSE.search(folded):
        return reply
    (limit,) = stated.values()
    told = _told(folded)
    most = _most(limit)
    if told is None or told[1] <= 0:
        return reply
    words, years = told
    if years <= most and not _ASKS_EXCESS.search(folded):
        return reply
    saying = desk.saying()
    phrase = "beyond_period" if years > most else "within_period"
    saying.say(phrase, Source("told", words, words), *stated_sources(limit), told=words, most=plain_number(most))
    saying.cite(limit.clause, limit.provision.quote)
    return put_first(reply, saying, desk.today)


_ASKS_EXCESS = re.compile(r"超没超|没超|超不超|超(?:了)?[期时吗吧]")


def _told(folded: str) -> tuple[str, Decimal] | None:
    """The one length or ordinal year that a text tells, in its words and in years."""
    nth = [(one[0], Decimal(_NUMBERS.get(one["year"]) or one["year"])) for one in _NTH.finditer(folded)]
    if nth:
        return nth[0] if len(nth) == 1 else None
    lengths = [one for one in spans(folded) if not folded[: one.start].endswith("方向")]
    years = {one.years for one in lengths}
    if len(years) != 1 or any(one.rough for one in lengths):
        return None
    first = lengths[0]
    return folded[first.start : first.end], Decimal(str(first.years))


def _most(one: Stated) -> Decimal:
    assert one.provision.period is not None
    return Decimal(one.provision.period.at_most.removesuffix("年"))
