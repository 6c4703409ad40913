"""Beside the interview: what is said after its sheet, and questions asked in the midst of it."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs import asking
from dialogs.beginning import asks
from dialogs.conversation import Conversation
from dialogs.correcting import correction
from dialogs.messages import Reply
from dialogs.noticing import Noticed
from dialogs.sheet import outcome_changes
from dialogs.steering import commanded
from dialogs.stepping import Desk, Step, go_on, stand


def outside(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """A command or a correction while no interview is open: after the sheet, or once it was left."""
    command = desk.library.commands.whole_of(text)
    if command == "whom" and conversation.interview != "done":
        return None
    if command in _ALWAYS or (command in _AFTER and conversation.told):
        return commanded(command, conversation, desk)
    if not conversation.told or not conversation.opens:
        return None
    if conversation.interview == "":
        return correction(text, conversation, desk, "firmly", surely=True)
    step = correction(text, conversation, desk, "firmly") or correction(text, conversation, desk, "maybe")
    return step or _told_after(text, conversation, desk)


def _told_after(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """Something more that is told once the sheet was shown, or a bare yes or no that answers nothing any more."""
    if asks(text, desk):
        return None
    saying, before = desk.saying(), desk.standing(conversation)
    noticed = desk.notice(text, conversation, answer=True)
    if noticed.new or noticed.conversation.waiting:
        asking.note(saying, list(noticed.new))
        if noticed.new and before.branches:
            outcome_changes(before, desk.standing(noticed.conversation), saying)
        return go_on(noticed.conversation.but(interview="open", misses=0), saying, desk)
    bare = re.sub(r"[\W_]|^(?:好的?|嗯+|哦|行)(?=.)", "", desk.library.teller.letters(text))
    replies = desk.library.teller.replies
    said = any(
        spot == (0, len(bare)) for name in ("yes", "no", "unknown") for one in replies[name] for spot in one.spots(bare)
    )
    if not said or bare in desk.library.smalltalk:
        return None
    saying.say("nothing_asked")
    return stand(conversation, saying, desk)


_ALWAYS = ("sheet", "resume", "told")
_AFTER = ("back", "change", "stop", "why", "whom")


def resumed(conversation: Conversation, answered: Reply, noticed: Noticed, desk: Desk) -> Step:
    """An aside's reply with the standing question again, and what the aside told."""
    saying, say = desk.saying(), desk.library.phrases.say
    asking.note(saying, list(noticed.new))
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
