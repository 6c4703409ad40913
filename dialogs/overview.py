"""The whole guide at a glance."""

from __future__ import annotations

from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, desk_source

SHARED = 6
"""Letters of a chapter's title in one piece by which a message names it (投资落地那一块 does not)."""


def chapter_named(folded: str, library: Library) -> str:
    """The chapter of the directions whose title stands in a folded text, whole or by most of it; else nothing."""
    fold = library.finder.speller.fold
    for chapter, title in library.guide.chapters.items():
        letters = fold(title)
        pieces = (letters[at : at + SHARED] for at in range(len(letters) - SHARED + 1))
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
