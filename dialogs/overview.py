"""The whole guide at a glance."""

from __future__ import annotations

from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, desk_source

LEFT_OUT = 2
"""Letters of a chapter's title that may be left out (产业创新能力那块 is 提高产业创新能力)."""


def chapter_named(folded: str, library: Library) -> str:
    """The chapter of the directions whose title stands in a folded text, but for a letter or two; else nothing."""
    fold = library.finder.speller.fold
    for chapter, title in library.guide.chapters.items():
        letters = fold(title)
        pieces = (letters[at : len(letters) - LEFT_OUT + at] for at in range(LEFT_OUT + 1))
        if any(piece in folded for piece in pieces):
            return chapter
    return ""


def overview(library: Library, wrong: str = "", only: str = "") -> Reply:
    """The directions under their four chapters, by number and name.

    `wrong`: a number that there is not; `only`: the one chapter that is asked for.
    """
    saying = Saying(library)
    guide = library.guide
    if wrong:
        count = len(guide.directions)
        saying.say("no_direction", desk_source(f"方向{wrong} 方向1 方向{count}"), number=wrong, count=count)
    if not only:
        saying.say("overview_lead", desk_source(f"{len(guide.directions)}个"), count=len(guide.directions))
    for chapter, title in ((one, title) for one, title in guide.chapters.items() if only in ("", one)):
        own = [direction for direction in guide.directions if direction.chapter == chapter]
        saying.heading(f"{title}：" + "、".join(f"方向{d.direction} {d.name}" for d in own))
        saying.cite(f"{chapter}引言", title)
    of_it = tuple(one.direction for one in guide.directions if one.chapter == only)
    for number in of_it or ("10", "7", "12"):
        saying.offer(guide.direction_of[number].label, f"ask:{number}")
    return saying.reply("answered", topics=("general",), facets=("overview",))
