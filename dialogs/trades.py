"""What there is for a trade: “做芯片的能报什么” names no direction, and asks which of them are about chips."""

from __future__ import annotations

import re
from datetime import date

from dialogs.hearing import Heard
from dialogs.intent import Intent
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
    if whole.gathered("numbered") or not WHAT_THERE_IS.search(whole.folded):
        return None
    words = [(word, name) for name, trade in library.guide.trades.items() for word in trade.words]
    named = [(len(word), name) for word, name in words if library.finder.speller.fold(word) in whole.folded]
    if not named or len(library.guide.trades[name := max(named)[-1]].of) == 1:
        return None
    return Intent("trade", ids=library.guide.trades[name].of, facets=("overview",), figure=name, confidence=0.85)


def directions_of(intent: Intent, library: Library, today: date) -> Reply:
    """The directions about a trade, each with its sentence on whom or what it is for; then that a test tells more."""
    saying, of = Saying(library), library.guide.direction_of
    numbers = tuple(dict.fromkeys(of[topic].direction for topic in intent.ids))
    firsts = [_for_whom(topic, intent.figure, library) for topic in intent.ids]
    saying.say(
        "for_trade", *stated_sources(firsts[0]), trade=intent.figure, who="、".join(of[n].label for n in numbers)
    )
    for topic, one in zip(intent.ids, firsts, strict=True):
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
