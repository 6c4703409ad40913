"""An answer that could not be taken: asked again with an example, at last left as 不清楚."""

from __future__ import annotations

from decimal import Decimal

from dialogs import asking
from dialogs.conversation import Conversation, Kept
from dialogs.saying import Saying, desk_source
from dialogs.stepping import Desk, Step, go_on
from dialogs.telling import fact_sources, figure
from knowledge.answers import Answer
from knowledge.guide import Fact

_HEARD = ("range", "several", "rough", "bound", "tax", "currency", "which_day", "figure")
"""Why an answer was not taken although it was understood."""
_UNREAD = {
    "range": "unread_range", "several": "unread_range", "rough": "unread_rough", "bound": "unread_rough",
    "tax": "unread_tax", "currency": "unread_currency", "which_day": "unread_which_day",
    "which": "unread_which", "which_one": "unread_which_one",
}  # fmt: skip


def ask_again(fact: Fact, answer: Answer, conversation: Conversation, desk: Desk) -> Step:
    """Ask once more with an example; the second time 不清楚 is offered, the third time it is taken for that."""
    saying, example = desk.saying(), asking.example_of(fact, desk.library)
    if answer.why == "which" and conversation.misses:
        saying.say("unread_which_again", *fact_sources(fact, desk.library), says=fact.says["yes"])
        return go_on(conversation.but(misses=conversation.misses + 1), saying, desk, asked_already=True)
    if conversation.misses > 1:
        return leave_unknown(fact, conversation, desk)
    if conversation.misses:
        saying.say("unread_again_rough" if answer.why in _HEARD else "unread_again")
    elif answer.why == "none":
        _say_none(saying, fact, example)
    elif answer.why == "not_yet":
        saying.say("unread_not_yet")
    elif answer.why == "figure":
        saying.say("unread_figure", desk_source(example), example=example)
    else:
        saying.say(_UNREAD.get(answer.why, "unread"), desk_source(example), example=example)
    return go_on(conversation.but(misses=conversation.misses + 1), saying, desk)


def _say_none(saying: Saying, fact: Fact, example: str) -> None:
    """What a bare no to a question that is none of yes or no may mean."""
    if fact.key in saying.library.teller.years:
        saying.say("unread_none_year", desk_source(example), example=example)
    else:
        saying.say("unread_none" if fact.kind == "number" else "unread_none_of")


def leave_unknown(fact: Fact, conversation: Conversation, desk: Desk) -> Step:
    """A fact that could not be told is left as 不清楚, and the interview goes on."""
    saying = desk.saying()
    saying.say("left_unknown")
    return go_on(conversation.telling((Kept(fact=fact.key, value=None),)).but(misses=0), saying, desk)


def too_rough(fact: Fact, deciding: Decimal, conversation: Conversation, desk: Desk) -> Step:
    """Ask for the figure itself, naming the threshold on which it depends."""
    saying, bound = desk.saying(), figure(fact, deciding)
    saying.say("unread_deciding", *fact_sources(fact, desk.library), bound=bound)
    return go_on(conversation.but(misses=1), saying, desk)
