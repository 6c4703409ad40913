"""Which of two directions prints more, where that is asked: 7和8哪个钱多, EDA和流片哪个封顶高.

The highest printed ceiling or share of each is compared, and said to be no more than that: ceilings are of a project,
a product or a year, and shares have different bases, so the sentences of both follow.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.answering import share_of
from dialogs.intent import Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import branch_source, stated_sources
from dialogs.stepping import Desk
from dialogs.window import put_first
from knowledge.amounts import plain, wan

_OF_MONEY = re.compile(
    r"(?:哪一?(?:个|边|样|条|项)|谁|孰)(?:的)?[^,。?!;]{0,6}?(?:钱|封顶|上限|奖|补|给|拿|额度|最高)[^,。?!;]{0,4}?(?:高|多|大)"
    r"|哪一?个(?:的)?(?:更|比较)?(?:多|高|划算|合算)(?:些|点)?[?]?$"
)
_OF_SHARES = re.compile(
    r"哪一?(?:个|边|样|条|项)(?:的)?[^,。?!;]{0,6}?(?:比例|点|成|费率|贴息率)[^,。?!;]{0,4}?(?:高|多|大)"
)
"""What asks which of two gives more, and which has the higher share."""


def outdone(reply: Reply, text: str, intent: Intent, desk: Desk) -> Reply:
    """The reply with the comparison put first behind the state of the day; as it was where there is none."""
    if reply.status != "answered" or intent.kind != "asks":
        return reply
    folded, library = desk.library.teller.letters(text), desk.library
    topics = tuple(dict.fromkeys(topic for ask in intent.asks for topic in ask.topics))
    numbers = {library.number_of[topic] for topic in topics if topic in library.number_of}
    if len(topics) != 2 or len(numbers) != 2:
        return reply
    shares = bool(_OF_SHARES.search(folded))
    if not (shares or _OF_MONEY.search(folded)):
        return reply
    most = [_most(topic, library, shares) for topic in topics]
    if not all(most):
        return reply
    saying = desk.saying()
    (one, high), (other, low) = sorted(filter(None, most), key=lambda pair: -pair[1])
    sources = [source for stated in (one, other) for source in stated_sources(stated)]
    sources += [
        branch_source(stated.topic, library) for stated in (one, other) if stated.topic in library.guide.branches
    ]
    phrase = f"highest_{'shares' if shares else 'sums'}_{'alike' if high == low else 'differ'}"
    slots = {"more": library.name_of(one.topic), "less": library.name_of(other.topic), "high": _printed(one, shares)}
    slots |= {} if high == low else {"low": _printed(other, shares)}
    saying.say_slots(phrase, sources[0], slots)
    saying.lines[-1] = replace(saying.lines[-1], sources=tuple(sources))
    return put_first(reply, saying, desk.today)


def _most(topic: str, library: Library, shares: bool) -> tuple[Stated, float] | None:
    """The provision of a topic with the highest printed share or ceiling, and how high that is."""
    size = share_of if shares else _ceiling
    found = [(one, size(one)) for one in library.under(topic)]
    return max((pair for pair in found if pair[1]), key=lambda pair: pair[1], default=None)


def _ceiling(one: Stated) -> float:
    return wan(one.provision.ceiling.amount) if one.provision.ceiling else 0.0


def _printed(one: Stated, shares: bool) -> str:
    rate, ceiling = one.provision.rate, one.provision.ceiling
    if shares:
        return plain((rate.at_most or rate.exactly or "") if rate else "")
    return ceiling.amount if ceiling else ""
