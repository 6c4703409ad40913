"""A yes or no before the sentence that decides it: whether a duty falls on a direction, whether two go together."""

from __future__ import annotations

import re

from dialogs.duties import ONE_ONLY, WITH_14
from dialogs.intent import Ask, Intent
from dialogs.messages import Reply
from dialogs.saying import Saying, stated_sources
from dialogs.stepping import Desk
from dialogs.whether import ends_in_yes_or_no
from dialogs.window import put_first
from knowledge.guide import Duty

_DUTIES: dict[tuple[str, ...], Duty] = {
    ("recommendation",): "district_recommendation",
    ("library",): "project_library",
}
_ASKS_DUTY = re.compile(
    r"要不要|用不用|需不|要否|需否|省掉|能省|跳过|可以不|是不是[^,。?!]{0,4}(?:要|得|须|需)|有没有必要|是否(?:需要|要|须)"
    r"|(?:要|得|用|需|须|必须|推荐|库|走)[^。?!]{0,12}[吗么吧不][?]*$"
)
"""What asks whether something has to be done."""
_TOGETHER = re.compile(
    r"同时|一[起块道并]|搭|叠|冲突|打架|顶掉|二选一|两[边头个]都|都(?:能|可以|想)?[报申要]|全[交报要]|同报"
    r"|same time|各[报申]|再[报申]|只能[报申选]"
)
"""What asks whether directions go together."""


def yes_first(reply: Reply, text: str, intent: Intent, desk: Desk) -> Reply:
    """The reply behind a yes or no, where a duty or two directions are asked of so; as it was where they are not."""
    asks = [one for one in intent.asks if one.facets != ("contact",)]
    if reply.status != "answered" or intent.kind != "asks" or len(asks) != 1:
        return reply
    folded, (ask,) = desk.library.teller.letters(text), asks
    saying = desk.saying()
    if ask.facets in _DUTIES:
        _say_duty(saying, folded, ask)
    elif ask.facets == ("exclusivity",):
        _say_together(saying, folded, ask)
    return put_first(reply, saying, desk.today) if saying.lines else reply


def _say_duty(saying: Saying, folded: str, ask: Ask) -> None:
    """需要 or 不需要, where a duty falls on all branches of the one topic, or on none."""
    library, duty = saying.library, _DUTIES[ask.facets]
    needs = {duty in library.guide.branches[branch].needs for branch in library.branches_of(ask.topics[0])}
    if len(ask.topics) != 1 or len(needs) != 1 or not _ASKS_DUTY.search(folded):
        return
    rule = library.guide.duties[duty]
    saying.say("duty_yes" if True in needs else "duty_no")
    saying.cite(rule.clause, rule.quote)


def _say_together(saying: Saying, folded: str, ask: Ask) -> None:
    """可以 where 方向14 is one of two directions, 不可以 where it is not."""
    library = saying.library
    numbers = {library.number_of[one] for one in ask.topics if one in library.number_of}
    one_more = len(numbers) == 2 or (len(numbers) > 2 and "14" not in numbers)  # of three with 方向14 two do not go
    if not one_more or not _TOGETHER.search(folded) or not ends_in_yes_or_no(folded):
        return
    rule = library.stated[WITH_14 if "14" in numbers else ONE_ONLY]
    saying.say("together_yes" if "14" in numbers else "together_no", *stated_sources(rule))
    saying.cite(rule.clause, rule.provision.quote)
