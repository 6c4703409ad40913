"""Beside the interview: what is said after its sheet, and questions asked in the midst of it."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs import asking, changing
from dialogs.beginning import asks, open_scope
from dialogs.chatting import smalltalk_in
from dialogs.conversation import Conversation, Kept
from dialogs.correcting import changed, correction
from dialogs.forms import agrees, is_reply, named_in, says_nothing, states
from dialogs.interview import open_facts
from dialogs.messages import Reply
from dialogs.noticing import Noticed
from dialogs.sheet import outcome_changes
from dialogs.steering import commanded
from dialogs.stepping import Desk, Step, go_on, stand


def outside(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """A command or a correction while no interview is open: after the sheet, or once it was left."""
    command = desk.library.commands.whole_of(text)
    if (command == "whom" and conversation.interview != "done") or (command == "why" and not conversation.interview):
        return None
    if command == "all" and conversation.opens and "测" in text:
        return commanded(command, conversation, desk)
    if command in _ALWAYS or (command in _AFTER and conversation.told) or (command in _OPENING and conversation.opens):
        return commanded(command, conversation, desk)
    if not conversation.told or not conversation.opens:
        return None
    if command == "standing" and desk.standing(conversation).branches:
        return (
            open_scope((), conversation, desk, Noticed(conversation))
            if conversation.interview == ""
            else commanded(command, conversation, desk)
        )
    if conversation.interview == "":
        return correction(text, conversation, desk, "firmly", surely=True) or _put_right(text, conversation, desk)
    step = correction(text, conversation, desk, "firmly") or correction(text, conversation, desk, "maybe")
    step = step or _told_after(text, conversation, desk) or _bare(text, conversation, desk)
    if step or asks(text, desk) or smalltalk_in(text, desk.library):
        return step
    if conversation.interview == "done" and states(text, desk):
        saying = desk.saying()
        saying.say("not_matched")
        return stand(conversation, saying, desk)
    return _nothing_asked(text, conversation, desk) if says_nothing(text, conversation, desk) else None


def _put_right(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """What was told, where a message that asks nothing surely puts it right (不对，固投是600万)."""
    kept = [] if asks(text, desk) else changing.put_right(text, conversation, desk.library, desk.today)
    return changed(tuple(kept), conversation, desk) if kept else None


def _told_after(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """Something more that is told once the sheet was shown."""
    if asks(text, desk):
        return None
    saying, before = desk.saying(), desk.standing(conversation)
    noticed = desk.notice(text, conversation, answer=True)
    if not noticed.new and not noticed.conversation.waiting:
        noticed = named_in(text, noticed, changing.facts_in_scope(before), desk, least=2)
    if not noticed.new and not noticed.conversation.waiting:
        return None
    asking.say_back(saying, noticed)
    if noticed.new and before.branches:
        outcome_changes(before, desk.standing(noticed.conversation), saying)
    return go_on(noticed.conversation.but(interview="open", misses=0), saying, desk)


_PLAIN = re.compile(r"^(?:是|有|没|不是|不|否|无|还没|尚未|未)")
"""How a bare yes or no begins that answers; 好的 and 行 only take note of a sheet."""


def _bare(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """A bare yes or no after the sheet: the last question's answer put right, or one that answers nothing any more."""
    library = desk.library
    letters = re.sub(r"[\W_]", "", library.teller.letters(text))
    bare = re.sub(r"^(?:好的?|嗯+|哦|行)(?=.)", "", letters)
    if not is_reply(bare, library) or bare in library.smalltalk:
        return None
    kept = _anew(letters, conversation, desk)
    return _last_anew(kept, conversation, desk) if kept else _nothing_asked(bare, conversation, desk)


def _anew(letters: str, conversation: Conversation, desk: Desk) -> Kept | None:
    """What a bare yes or no says to the question that the interview was closed by."""
    fact = desk.library.guide.fact.get(conversation.asking)
    if fact is None or fact.kind not in ("bool", "choice") or not _PLAIN.match(letters):
        return None
    if fact.key in open_facts(desk.standing(conversation)):
        return None
    return changing.read(fact, letters, desk.library, desk.today)


def _nothing_asked(bare: str, conversation: Conversation, desk: Desk) -> Step:
    """Say once that nothing is asked any more, then what may be done; a yes to a sheet that came early goes on."""
    saying, left = desk.saying(), bool(open_facts(desk.standing(conversation)))
    if left and agrees(bare, desk.library) and not _PLAIN.match(bare):
        return commanded("resume", conversation, desk)
    first = "open_left" if left else "nothing_asked"
    saying.say("nothing_asked_again" if conversation.misses else first)
    return stand(conversation.but(misses=conversation.misses + 1), saying, desk)


def _last_anew(kept: Kept, conversation: Conversation, desk: Desk) -> Step:
    """The question that the interview was closed by, answered once more."""
    held = conversation.now.get(kept.fact)
    if held is None or held.value != kept.value:
        return changed((kept,), conversation, desk)
    saying = desk.saying()
    asking.already(saying, held)
    return stand(conversation.but(asking=""), saying, desk)


_ALWAYS = ("sheet", "resume", "told")
_AFTER = ("back", "change", "stop", "why", "whom")
_OPENING = ("restart", "other")


def resumed(conversation: Conversation, answered: Reply, noticed: Noticed, desk: Desk) -> Step:
    """An aside's reply with the standing question again, and what the aside told."""
    saying, say = desk.saying(), desk.library.phrases.say
    asking.say_back(saying, noticed)
    step = go_on(conversation, saying, desk)
    tail, result = step.reply, step.reply.status == "result"
    no_sums = answered.status == "no_answer" and not result
    again = say("still_asking_short") if no_sums else tail.text
    if tail.status == "question" and not noticed.new and not no_sums:
        again = f"{say('still_asking')}{again}"
    reply = replace(
        answered,
        status="result" if result else answered.status,
        reason=None if result else answered.reason,
        text=f"{answered.text}\n{again}",
        options=(answered.options if answered.status == "clarify" else tail.options),
        origins=(*answered.origins, *(() if no_sums else tail.origins)),
        citations=(*answered.citations, *(one for one in tail.citations if one not in answered.citations)),
        contacts=tuple(dict.fromkeys((*answered.contacts, *tail.contacts))),
        question=tail.question,
        progress=tail.progress,
        results=tail.results,
    )
    shown = reply.options if answered.status == "clarify" or result else ()
    return Step(step.conversation.then(options=shown), reply)
