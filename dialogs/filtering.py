"""Which directions: those with a ceiling, share or threshold that a message tells, or on which a duty falls.

“封顶3000万的有哪些”, “哪几个方向门槛是500万”, “哪些不用区里推荐” ask over all directions at once.
"""

from __future__ import annotations

import re

from dialogs.hearing import SURE_TOPIC, Heard, named
from dialogs.intent import Ask, Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import Saying, stated_sources
from knowledge.amounts import holds, plain

WHICH = re.compile(
    r"(?:哪|那)(?:几|些|一)?(?:个|项|类|块|条|样)?(?:方向|奖励|政策|补贴)|(?:方向|奖励|政策|补贴|项目)(?:里|中)?(?:都)?有(?:哪些|哪几)|"
    r"(?:的)(?:都)?(?:有|是)哪(?:些|几|个|项|一)|哪(?:些|几个|几项|几条)(?:是|要|不|需|须|得|免|必须|可以不)"
)
"""What asks for directions."""
FIGURE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?:个)?(亿|万|%)元?")
_THRESHOLD = re.compile(r"门槛|起步|至少|最低|不低于|以上|起报|投资额|固投|固定资产投资")
_NOT = re.compile(r"不用|不需|无需|无须|不须|免|不要求|不必|用不着|没要求|不在")
_DUTIES = {"library": ("library", "which"), "recommendation": ("recommendation", "which")}


def amounts_in(folded: str) -> tuple[str, ...]:
    """The amounts and shares of a folded text, as the guide prints them: 30万 → 30万元, 2% → 2%."""
    found = (f"{one[1]}{one[2]}" + ("" if one[2] == "%" else "元") for one in FIGURE.finditer(folded))
    return tuple(dict.fromkeys(found))


def filtered(whole: Heard, library: Library) -> Intent | None:
    """Which directions a message asks for, by a figure or a duty; None where it asks of one, or of something else."""
    if not WHICH.search(whole.folded) or _one_is_named(whole, library) or whole.gathered("people"):
        return None
    duty = next((facet for facet in _DUTIES if whole.told.get(facet, 0.0) >= SURE_TOPIC), "")
    if duty and not _asks_more(duty, whole):
        listed = "which_not" if _NOT.search(whole.folded) else "which"
        return Intent("asks", asks=(Ask((duty,), (duty,), {f"{duty}:{listed}": 2.0}),), facets=(duty,), confidence=0.9)
    amounts = amounts_in(whole.folded)
    if not amounts:
        return None
    amount = amounts[0]
    facet = "rate" if amount.endswith("%") else "conditions" if _THRESHOLD.search(whole.folded) else "amount"
    found = tuple(one.id for one in library.stated.values() if _has(one, facet, amount, library))
    return Intent("filter", ids=found, facets=(facet,), figure=amount, confidence=0.85) if found else None


def _asks_more(duty: str, whole: Heard) -> bool:
    """Whether another sentence asks for something else (入库操作看哪份附件)."""
    told = ({facet for facet, weight in one.facets.items() if weight >= SURE_TOPIC} for one in whole.asking)
    return any(facets and duty not in facets and not facets <= {"conditions", "overview"} for facets in told)


def _one_is_named(whole: Heard, library: Library) -> bool:
    numbered = bool(whole.gathered("numbered"))
    return numbered or named(whole, library)[1] >= SURE_TOPIC


def _has(one: Stated, facet: str, amount: str, library: Library) -> bool:
    """Whether a direction's provision prints a figure as its ceiling or bonus, its share, or its threshold."""
    if one.topic not in library.guide.direction_of or one.provision.unstated or not holds(one.provision.say, amount):
        return False
    of_facet = {
        "amount": one.provision.bonus is not None
        or (one.provision.ceiling is not None and plain(one.provision.ceiling.amount) == amount),
        "rate": one.provision.rate is not None,
        "conditions": one.provision.condition is not None and one.provision.facet == "conditions",
    }
    return of_facet[facet]


def directions_with(intent: Intent, library: Library) -> Reply:
    """The directions that print a figure, each with the sentence in which it stands."""
    saying, of = Saying(library), library.guide.direction_of
    found: dict[tuple[str, str], Stated] = {}
    for one in (library.stated[id_] for id_ in intent.ids):
        found.setdefault((of[one.topic].direction, one.provision.say), one)
    held = sorted(found.values(), key=lambda one: int(of[one.topic].direction))
    numbers = tuple(dict.fromkeys(of[one.topic].direction for one in held))
    who = "、".join(of[number].label for number in numbers)
    if len(numbers) > 1:
        saying.say(f"filter_{intent.facets[0]}", *stated_sources(held[0]), figure=intent.figure, who=who)
    for one in held:
        saying.line(f"{of[one.topic].label}：{one.provision.say}", *stated_sources(one))
        saying.cite(one.clause, one.provision.quote)
    for number in numbers:
        saying.offer(of[number].label, f"ask:{number}.{intent.facets[0]}")
    return saying.reply("answered", topics=numbers, facets=intent.facets, confidence=intent.confidence)
