"""What there is for a trade: “做芯片的能报什么” names no direction, and asks which of them are about chips."""

from __future__ import annotations

import re
from datetime import date

from dialogs.hearing import STRONG, Heard, calls_by_name
from dialogs.intent import Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import Saying, stated_sources
from dialogs.window import state_of_day

WHAT_THERE_IS = re.compile(
    r"有(?:什么|哪些)(?:补贴|奖励|政策|支持|扶持|好处|项目|方向)|能(?:报|申请|拿|享受|够上|沾上边|沾边|捞着?)(?:什么|哪些|哪个|哪几)"
    r"|(?:哪些|哪几|哪)(?:个|项|块|条)?(?:方向|政策|奖励|补贴)?.{0,8}(?:能报|可以报|能申请|能够上|沾得上|沾上边|沾边|搭边|搭得上|对得上|跟我们有关|适合|能看)|沾边的?(?:都)?(?:有)?(?:什么|哪些)|(?:对口|沾边|相关|有关|适合)的(?:方向|政策|奖励|补贴)?(?:都)?(?:有|是|点)|有我?(?:们)?能(?:捞|拿|沾|报)[着上到]?的"
)


def for_trade(whole: Heard, library: Library) -> Intent | None:
    """The directions for the trade that a message names; None where it names none that is listed, or asks else."""
    if whole.gathered("numbered"):
        return None
    fold = library.finder.speller.fold
    words = [(fold(word), name) for name, trade in library.guide.trades.items() for word in trade.words]
    named = [(len(word), -whole.folded.index(word), word, name) for word, name in words if word in whole.folded]
    if not named:
        return None
    *_, word, name = max(named)
    of = library.guide.trades[name].of
    asked = tuple(facet for facet in OF_EACH if whole.told.get(facet, 0.0) >= STRONG)
    if len(of) == 1:
        return None
    alone = not calls_by_name(whole, library) and _alone(whole, word)
    if WHAT_THERE_IS.search(whole.folded) or (alone and not asked):
        return Intent("trade", ids=of, facets=("overview",), figure=name, confidence=0.85)
    if alone:
        asks = tuple(Ask((topic,), asked, contacts=_rows(topic, word, library)) for topic in of)
        return Intent("asks", asks=asks, facets=asked, confidence=0.7)
    return None


def _rows(topic: str, word: str, library: Library) -> tuple[str, ...]:
    """The rows of contacts under a topic that are of a trade by name (集成电路产业链 of 方向13)."""
    rows = library.contacts_of((topic,))
    return tuple(row.id for row in rows if any(word in name for name in (row.matter, *row.aliases, *row.trades)))


OF_EACH = ("amount", "rate", "contact", "email")
"""Facets that are told of each direction for a trade, where nothing but the trade is named (集成电路找谁)."""
BEYOND_A_WORD = 2
"""Letters that may stand beside a trade in a message that asks nothing more (集成电路呢)."""


def _alone(whole: Heard, word: str) -> bool:
    """Whether a message names a trade and besides only what it wants of it: no other matter, no place, no person."""
    if len(whole.segments) > 1 or any(whole.gathered(name) for name in _NAMES_MORE):
        return False
    one, at = whole.segments[0], whole.folded.index(word)
    beside = [match for match in one.matches if match.start < at or match.end > at + len(word)]
    targets = [target for match in beside for target in match.targets]
    wants = all(target.kind in ("facet", "filler") or target.id == CONSULTANTS for target in targets)
    asks = any(target.kind == "facet" for target in targets)
    known = {n for match in one.matches for n in range(match.start, match.end)} | set(range(at, at + len(word)))
    strange = sum(ch.isalpha() and n not in known for n, ch in enumerate(one.text))
    return wants and not strange and (asks or len(whole.folded) <= len(word) + BEYOND_A_WORD)


CONSULTANTS = "consultants"
"""The rule on whom to ask of the policy, of which 电话 hints too."""
_NAMES_MORE = ("districts", "outside", "people", "offices", "attachments", "elsewhere", "silent")


def directions_of(intent: Intent, library: Library, today: date) -> Reply:
    """The directions about a trade, each with its sentence on whom or what it is for; then that a test tells more."""
    saying, of = Saying(library), library.guide.direction_of
    numbers = tuple(dict.fromkeys(of[topic].direction for topic in intent.ids))
    firsts = [_for_whom(topic, intent.figure, library) for topic in intent.ids]
    saying.say(
        "for_trade", *stated_sources(firsts[0]), trade=intent.figure, who="、".join(of[n].label for n in numbers)
    )
    for topic, one in {one.id: (topic, one) for topic, one in zip(intent.ids, firsts, strict=True)}.values():
        saying.line(f"{of[topic].label}：{one.provision.say}", *stated_sources(one))
        saying.cite(one.clause, one.provision.quote)
    saying.say("for_trade_next")
    state_of_day(saying, today)
    for number in numbers[:4]:
        saying.offer(library.phrases.say("option_test", what=of[number].label), f"assess:{number}")
    return saying.reply("answered", topics=numbers, facets=intent.facets, confidence=intent.confidence)


def _for_whom(topic: str, trade: str, library: Library) -> Stated:
    """A topic's sentence on whom or what it is for: one that writes of the trade, else its scope, else a condition."""
    plain = [one for one in library.under(topic) if one.provision.unstated is None]
    telling = [one for one in plain if one.provision.facet in ("scope", "conditions")]
    ranked = sorted(telling, key=lambda one: (trade not in one.provision.say, one.provision.facet != "scope"))
    return next(iter(ranked), plain[0])
