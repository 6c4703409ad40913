"""A correction as a step: what was changed, what that did to the outcome, and on with the interview."""

from __future__ import annotations

from dialogs import asking, changing
from dialogs.beginning import asks
from dialogs.conversation import Conversation, Kept
from dialogs.saying import Saying
from dialogs.sheet import outcome_changes
from dialogs.stepping import Desk, Step, go_on, stand
from dialogs.telling import in_words


def correction(text: str, conversation: Conversation, desk: Desk, kind: str, *, surely: bool = False) -> Step | None:
    """A correction, where the text is one; `surely`: only where it can be told what it changes."""
    folded = desk.library.teller.letters(text)
    if not desk.library.commands.says(kind, folded) or not conversation.told:
        return None
    kept = changing.corrections(text, conversation, desk.library, desk.today, kind)
    if kept:
        return changed(tuple(kept), conversation, desk)
    if kind == "firmly" and not surely and not asks(text, desk):
        return which_change(conversation, desk)
    return None


def changed(kept: tuple[Kept, ...], conversation: Conversation, desk: Desk) -> Step:
    """The case with some facts changed, what that did to the outcome, and what is still to be asked."""
    saying, library, before = desk.saying(), desk.library, desk.standing(conversation)
    now = conversation.now
    for one in kept:
        fact, old = library.guide.fact[one.fact], now.get(one.fact)
        if old is None:
            asking.note(saying, [one])
            continue
        (was, was_from), (is_, is_from) = (asking.told_line(each, library) for each in (old, one))
        saying.say("changed", *was_from, *is_from, what=fact.name, old=was, new=is_)
    after = conversation.telling(kept).but(waiting=None, misses=0)
    if before.branches:
        outcome_changes(before, desk.standing(after), saying)
    return go_on(after.but(interview="open"), saying, desk)


def which_change(conversation: Conversation, desk: Desk) -> Step:
    """What may be changed, where a correction does not say."""
    saying = desk.saying()
    list_told(saying, "which_change", conversation, desk)
    return stand(conversation, saying, desk)


def list_told(saying: Saying, phrase: str, conversation: Conversation, desk: Desk) -> None:
    kept = [one for one in conversation.now.values() if one.fact in desk.library.guide.fact]
    if not kept:
        saying.say("nothing_told")
        return
    facts = "；".join(in_words(one, desk.library) for one in kept)
    saying.say(phrase, *asking.sources_of(kept, desk.library), facts=facts)
