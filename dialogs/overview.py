"""The whole guide at a glance."""

from __future__ import annotations

from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import Saying, desk_source, quoted
from knowledge.amounts import wan


def overview(library: Library) -> Reply:
    """The 14 directions under their four chapters, by number and short name."""
    saying = Saying(library)
    guide = library.guide
    saying.say("overview_lead", desk_source(f"{len(guide.directions)}个"), count=len(guide.directions))
    for chapter, title in guide.chapters.items():
        own = [direction for direction in guide.directions if direction.chapter == chapter]
        saying.heading(f"{title}：" + "、".join(f"方向{d.direction} {d.short}" for d in own))
        saying.cite(f"{chapter}引言", title)
    for number in ("10", "7", "12"):
        saying.offer(guide.direction_of[number].label, f"ask:{number}")
    return saying.reply("answered", topics=("general",), facets=("overview",))


def highest(library: Library) -> Reply:
    """The directions with the highest printed ceilings, each by its highest one."""
    saying = Saying(library)
    best: dict[str, tuple[float, Stated]] = {}
    for one in library.stated.values():
        if one.provision.ceiling and one.topic in library.guide.direction_of:
            direction = library.guide.direction_of[one.topic].direction
            amount = wan(one.provision.ceiling.amount)
            if amount > best.get(direction, (0, one))[0]:
                best[direction] = (amount, one)
    amounts = sorted({amount for amount, _ in best.values()}, reverse=True)[:2]
    groups = [[n for n in sorted(best, key=int) if best[n][0] == amount] for amount in amounts]
    saying.say("highest_lead")
    for number in groups[0]:
        saying.state(best[number][1])
    for number in groups[1]:
        saying.cite(best[number][1].clause, best[number][1].provision.quote)
    next_best = best[groups[1][0]][1].provision
    who = "、".join(library.guide.direction_of[number].label for number in groups[1])
    saying.say("highest_next", quoted(next_best), amount=next_best.ceiling.amount if next_best.ceiling else "", who=who)
    for number in [*groups[0], *groups[1]]:
        saying.offer(library.guide.direction_of[number].label, f"ask:{number}.amount")
    return saying.reply("answered", topics=(*groups[0], *groups[1]), facets=("amount",), confidence=0.85)
