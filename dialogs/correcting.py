"""A correction as a step: what was changed, what that did to the outcome, and on with the interview.

In one message (投资额改成600万), or step by step: 改一项, then which fact, then what it becomes.
"""

from __future__ import annotations

from dialogs import asking, changing
from dialogs.beginning import asks
from dialogs.conversation import Conversation, Kept, Waiting
from dialogs.saying import Saying, desk_source
from dialogs.sheet import outcome_changes
from dialogs.stepping import Desk, Step, go_on, stand
from dialogs.waiting import put_waiting


def correction(text: str, conversation: Conversation, desk: Desk, kind: str, *, surely: bool = False) -> Step | None:
    """A correction, where the text is one; `surely`: only where it can be told what it changes."""
    folded = desk.library.teller.letters(text)
    if theirs := changing.disowned(text, conversation, desk.library, desk.today):
        return changed(tuple(theirs), conversation, desk)
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
        if fact.kind == "bool":
            saying.say("changed_to", *is_from, new=is_)
        else:
            saying.say("changed", *was_from, *is_from, what=fact.name, old=was, new=is_)
    after = conversation.telling(kept).but(waiting=None, misses=0)
    if before.branches:
        outcome_changes(before, desk.standing(after), saying)
    return go_on(after.but(interview="open"), saying, desk)


def which_change(conversation: Conversation, desk: Desk) -> Step:
    """What may be changed, where a correction does not say: the next message names it."""
    if not conversation.told:
        saying = desk.saying()
        saying.say("nothing_told")
        return stand(conversation, saying, desk)
    return put_change(conversation.but(waiting=Waiting(kind="change", told=()), misses=0), desk.saying(), desk)


def change_of(kept: Kept, conversation: Conversation, desk: Desk) -> Step:
    """What one told fact becomes is asked next."""
    waiting = Waiting(kind="change", told=(kept,))
    return put_change(conversation.but(waiting=waiting, misses=0), desk.saying(), desk)


def put_change(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """Put what 改一项 waits for, in an open interview or beside one."""
    reply = put_waiting(saying, conversation, desk.standing(conversation))
    return Step(conversation.then(options=reply.options if reply.status != "question" else ()), reply)


def revised(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """What a text says while 改一项 waits: which fact, what it becomes, or both; None for something else."""
    waiting = conversation.waiting
    assert waiting is not None
    if waiting.told:
        return _becomes(text, waiting.told[0].fact, conversation, desk)
    keys = tuple(conversation.now)
    named = changing.named_facts(text, keys, desk.library)
    if len(named) == 1 and (kept := changing.read(named[0], text, desk.library, desk.today)) and kept.value is not None:
        return changed((kept,), conversation, desk)
    if len(named) == 1 and not asks(text, desk):
        return change_of(conversation.now[named[0].key], conversation, desk)
    return None


def _becomes(text: str, key: str, conversation: Conversation, desk: Desk) -> Step | None:
    fact = desk.library.guide.fact[key]
    if kept := changing.read(fact, text, desk.library, desk.today):
        return changed((kept,), conversation, desk)
    if asks(text, desk) or conversation.misses:
        return None
    saying, example = desk.saying(), asking.example_of(fact, desk.library)
    saying.say("unread", desk_source(example), example=example)
    return put_change(conversation.but(misses=1), saying, desk)
