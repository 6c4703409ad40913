"""What there is for a trade: “做芯片的能报什么” names no direction, and asks which of them are about chips."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from dialogs.branching import WE_ARE
from dialogs.hearing import STRONG, Heard, calls_by_name
from dialogs.intent import Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import Saying, stated_sources
from dialogs.window import state_of_day
from knowledge.finding import Found
from knowledge.lexicon import Match


def asks_what_there_is(folded: str, library: Library) -> bool:
    """Whether a message asks what there is to apply for."""
    return library.commands.says("what_there_is", folded)


def lists_directions(folded: str, library: Library) -> bool:
    """Whether a message asks, by that word, which directions there are for something."""
    return "方向" in folded and asks_what_there_is(folded, library)


def for_trade(whole: Heard, library: Library) -> Intent | None:
    """The directions for the trade that a message names; None where it names none that is listed, or asks else."""
    if whole.gathered("numbered"):
        return None
    words = _words(library)
    named = [(len(word), -whole.folded.index(word), word, name) for word, name in words if word in whole.folded]
    if not named:
        return None
    *_, word, name = max(named)
    of = library.guide.trades[name].of
    asked = tuple(facet for facet in OF_EACH if whole.told.get(facet, 0.0) >= STRONG)
    if len(of) == 1:
        return None
    alone = not calls_by_name(whole, library) and _alone(whole, word)
    only_this = says_a_line_of_work(whole.folded, library) and not _topical(whole, word)
    if asks_what_there_is(whole.folded, library) or (alone and not asked) or only_this:
        return Intent("trade", ids=of, facets=("overview",), figure=name, confidence=0.85)
    if alone:
        asks = tuple(Ask((topic,), asked, contacts=_rows(topic, word, library)) for topic in of)
        return Intent("asks", asks=asks, facets=asked, confidence=0.7)
    return None


@lru_cache(2)
def _words(library: Library) -> tuple[tuple[str, str], ...]:
    """What firms call their trades, folded, with the names of these."""
    fold = library.finder.speller.fold
    return tuple((fold(word), name) for name, trade in library.guide.trades.items() for word in trade.words)


def says_a_line_of_work(folded: str, library: Library) -> bool:
    """Whether a message tells what a firm makes, and at most asks whether there is money for it (做轴承的有钱拿吗)."""
    return library.commands.is_("line_of_work", folded)


def _topical(whole: Heard, word: str) -> bool:
    """Whether a message names a matter of the guide beside the word of a trade."""
    targets = (target for match in _beside(whole, word) for target in match.targets)
    return any(target.kind in ("topic", "provision") for target in targets)


def _beside(whole: Heard, word: str) -> tuple[Match, ...]:
    """What is known of a message, without what stands in the word of a trade."""
    named = next((one for one in whole.segments if word in one.text), whole.segments[0])
    at = named.text.find(word)
    others = (match for one in whole.segments if one is not named for match in one.matches)
    own = (match for match in named.matches if match.start < at or match.end > at + len(word))
    return (*own, *others)


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
    if len(whole.segments) > 1 and not WE_ARE.match(whole.segments[0].text):
        return False
    if len(whole.segments) > 2 or any(whole.gathered(name) for name in _NAMES_MORE):
        return False
    targets = [target for match in _beside(whole, word) for target in match.targets]
    wants = all(target.kind in ("facet", "filler") or target.id == CONSULTANTS for target in targets)
    asks = any(target.kind == "facet" for target in targets)
    strange = sum(_strange(one, word) for one in whole.segments)
    return wants and not strange and (asks or len(whole.folded) <= len(word) + BEYOND_A_WORD)


def _strange(one: Found, word: str) -> int:
    """The letters of a segment that no match knows, beside the word of a trade."""
    at = one.text.find(word)
    known = {n for match in one.matches for n in range(match.start, match.end)}
    known |= set(range(at, at + len(word))) if at >= 0 else set()
    return sum(ch.isalpha() and n not in known for n, ch in enumerate(one.text))


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
