"""The whole guide at a glance."""

from __future__ import annotations

from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, desk_source


def overview(library: Library, wrong: str = "") -> Reply:
    """The 14 directions under their four chapters, by number and name; `wrong`: a number that there is not."""
    saying = Saying(library)
    guide = library.guide
    if wrong:
        count = len(guide.directions)
        saying.say("no_direction", desk_source(f"方向{wrong} 方向1 方向{count}"), number=wrong, count=count)
    saying.say("overview_lead", desk_source(f"{len(guide.directions)}个"), count=len(guide.directions))
    for chapter, title in guide.chapters.items():
        own = [direction for direction in guide.directions if direction.chapter == chapter]
        saying.heading(f"{title}：" + "、".join(f"方向{d.direction} {d.name}" for d in own))
        saying.cite(f"{chapter}引言", title)
    for number in ("10", "7", "12"):
        saying.offer(guide.direction_of[number].label, f"ask:{number}")
    return saying.reply("answered", topics=("general",), facets=("overview",))
