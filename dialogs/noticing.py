"""What a message tells of the case: kept, skipped where it was told already, held back where it contradicts.

A second figure for a fact is never silently mixed: it waits, and the visitor is asked. So is another project.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dialogs.conversation import Conversation, Kept, Waiting
from dialogs.dividing import Part, divided, label_of
from dialogs.library import Library
from knowledge.amending import amended
from knowledge.answers import names_a_place
from knowledge.binding import with_tax
from knowledge.guide import Fact
from knowledge.scene import Scene
from knowledge.telling import Told, heard_in, unsettled_in

ENTERPRISE = "企业"
"""The subject of facts that stay when another project is taken up."""


@dataclass(frozen=True)
class Noticed:
    """The conversation with what a message told, what is new in it, and what of it can't be taken.

    `doubtful`: facts that were told in two ways. `unsettled`: fact and doubt where the guide leaves open what was told.
    `gross`: a sum with tax, which no fact takes. `several`: several projects, of which no figure is taken.
    """

    conversation: Conversation
    new: tuple[Kept, ...] = ()
    doubtful: tuple[str, ...] = ()
    unsettled: tuple[tuple[str, str], ...] = ()
    gross: bool = False
    several: bool = False


def notice(
    text: str, conversation: Conversation, library: Library, today: date, *, answer: bool = False, but: str = ""
) -> Noticed:
    """Take what a text tells; `answer`: it answers a question of ours; `but`: the fact that is taken otherwise."""
    folded = amended(library.teller.letters(text), library.teller, today)
    if names_a_place(folded):
        return Noticed(conversation)
    first, parts = divided(folded, library, today)
    own, other = _parted(first, library)
    scene = Scene(own, today, answer=answer or bool(parts))
    found = heard_in(scene, library.teller)
    open_ = {key: doubt for key, doubt in unsettled_in(scene, library.teller).items() if key != but}
    several = not parts and not other and library.commands.says("several", folded)
    left = {but, *open_, *(_of_one(library) if several or parts else ())}
    kept = [kept_of(told, library) for told in found.told if told.fact not in left]
    kept += [Kept(fact=key, value=None) for key in open_ if key not in conversation.now]
    doubtful = tuple(dict.fromkeys(told.fact for told in found.doubtful if told.fact not in left))
    instead = library.commands.says("firmly", folded)  # 我说错了，注册地是昌平
    conversation, new = tell(conversation, kept, library, instead=instead)
    scope = (branch for key in open_ for branch in library.guide.fact[key].branches)
    conversation = conversation.but(scope=tuple(dict.fromkeys((*conversation.scope, *scope))))
    if parts and conversation.waiting is None:
        conversation, more = _of_several(parts, conversation, library)
        new = (*new, *more)
    if other and conversation.waiting is None:
        conversation = _of_another(other, conversation, library, today)
    return Noticed(conversation, new, doubtful, tuple(open_.items()), with_tax(folded), several)


def _of_one(library: Library) -> set[str]:
    """The figures and days of one project, which of several would be mixed."""
    facts = library.guide.facts
    return {fact.key for fact in facts if fact.subject != ENTERPRISE and fact.kind in ("number", "date")}


def _of_several(
    parts: tuple[Part, ...], conversation: Conversation, library: Library
) -> tuple[Conversation, tuple[Kept, ...]]:
    """Hold what is told of each of several apart; what is told of the enterprise counts."""
    of = library.guide.fact
    theirs = [(number, one) for number, part in enumerate(parts, 1) for one in part.told]
    own = [kept_of(one, library) for _, one in theirs if of[one.fact].subject == ENTERPRISE]
    conversation, new = tell(conversation, list({kept.fact: kept for kept in own}.values()), library)
    held = tuple(
        kept_of(one, library).model_copy(update={"telling": number})
        for number, one in theirs
        if of[one.fact].subject != ENTERPRISE
    )
    waiting = Waiting(kind="several", told=held, labels=tuple(map(label_of, parts)))
    each = set.intersection(*({one.fact for one in part.told} for part in parts))
    scope = (branch for key in each for branch in library.guide.book.particular.get(key, ()))
    return conversation.but(waiting=waiting, scope=tuple(dict.fromkeys((*conversation.scope, *scope)))), new


def _parted(folded: str, library: Library) -> tuple[str, str]:
    """A text up to where it speaks of another project, and from there."""
    spot = library.commands.found("another", folded)
    return (folded, "") if spot is None else (folded[: spot[0]], folded[spot[0] :])


def _of_another(other: str, conversation: Conversation, library: Library, today: date) -> Conversation:
    """Hold what is told of another project, where something of a first one is known."""
    told = heard_in(Scene(other, today, answer=True), library.teller).told
    kept = [kept_of(one, library) for one in told]
    theirs = tuple(one for one in kept if library.guide.fact[one.fact].subject != ENTERPRISE)
    known = [key for key in conversation.now if key in library.guide.fact]
    first = any(library.guide.fact[key].subject != ENTERPRISE for key in known)
    return conversation.but(waiting=Waiting(kind="project", told=theirs)) if theirs and first else conversation


def kept_of(told: Told, library: Library) -> Kept:
    """A told fact as it is kept; of a day also the words, since a month was said and not the day that stands for it."""
    fact = library.guide.fact[told.fact]
    return Kept(fact=told.fact, value=told.value, words=told.words[:16] if fact.kind == "date" else "")


def tell(
    conversation: Conversation, told: Iterable[Kept], library: Library, *, instead: bool = False
) -> tuple[Conversation, tuple[Kept, ...]]:
    """Keep what is new; of what contradicts the first waits for a yes. Returns what is new besides.

    `instead`: it is said that what was told before was wrong, so that what contradicts takes its place.
    """
    now, new, against = conversation.now, list[Kept](), list[Kept]()
    for kept in told:
        held = now.get(kept.fact)
        if held is None or held.value is None:
            new.append(kept)
        elif not alike(held, kept, library.guide.fact[kept.fact]):
            (new if instead else against).append(kept)
    if new:
        conversation = conversation.telling(tuple(new))
    if against:
        conversation = conversation.but(waiting=Waiting(kind="figure", told=(against[0],)))
    return conversation, tuple(new)


def alike(one: Kept, other: Kept, fact: Fact) -> bool:
    """Whether two tellings say the same; of days those of one month do where one of them was said as a month."""
    if type(one.value) is type(other.value) and one.value == other.value:
        return True
    if fact.kind == "number":
        return one.value == other.value
    if fact.kind == "date" and not ("日" in one.words and "日" in other.words):
        return str(one.value)[:7] == str(other.value)[:7]
    return False
