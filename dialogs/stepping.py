"""What every message of the interview comes to: a step, or an aside to be answered as a question.

`Step` is the next conversation with its reply. `Aside` hands a text back to be answered from the guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dialogs import asking
from dialogs.asking import SCOPE
from dialogs.conversation import Conversation
from dialogs.interview import Standing, next_fact, open_facts, standing_of
from dialogs.library import Library
from dialogs.messages import Effect, Reply
from dialogs.noticing import Noticed, notice
from dialogs.saying import Saying
from dialogs.scoping import near_directions
from dialogs.sheet import sheet
from dialogs.waiting import put_waiting


@dataclass(frozen=True)
class Step:
    """The next conversation and its reply."""

    conversation: Conversation
    reply: Reply


@dataclass(frozen=True)
class Turn:
    """The outcome of a message; no reply while a person has the conversation."""

    conversation: Conversation
    reply: Reply | None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Aside:
    """A text that is a question: to be answered from the guide, with what was noticed in it."""

    text: str
    noticed: Noticed


@dataclass(frozen=True)
class Desk:
    """What every step needs beside the conversation."""

    library: Library
    today: date

    def standing(self, conversation: Conversation) -> Standing:
        """The case as it stands."""
        return standing_of(conversation, self.library, self.today)

    def saying(self) -> Saying:
        """A reply in the making."""
        return Saying(self.library, self.today)

    def notice(self, text: str, conversation: Conversation, *, answer: bool = False, but: str = "") -> Noticed:
        """Take what a text tells."""
        return notice(text, conversation, self.library, self.today, answer=answer, but=but)


def go_on(conversation: Conversation, saying: Saying, desk: Desk, *, asked_already: bool = False) -> Step:
    """What comes next in an open interview: what waits, the scope, the standing question, the next one, the sheet."""
    if conversation.waiting:
        return Step(asked(conversation), put_waiting(saying, conversation, desk.standing(conversation)))
    standing = desk.standing(conversation)
    if not standing.branches:
        near = near_directions(standing, conversation, desk.library)
        return Step(asked(conversation, SCOPE), asking.put_scope(saying, near, again=conversation.misses > 0))
    open_ = open_facts(standing)
    key = conversation.asking if conversation.asking in open_ else next_fact(standing)
    if key is None:
        return finish(conversation, saying, desk)
    reply = asking.put(saying, key, conversation, standing, asked_already=asked_already)
    directions = {standing.guide.direction_of[branch].direction for branch in standing.branches}
    if len(directions) == 1:  # so that 那最多给多少 means the direction in hand
        conversation = conversation.but(topics=tuple(directions))
    return Step(asked(conversation, key), reply)


def asked(conversation: Conversation, key: str | None = None) -> Conversation:
    """The conversation once a question was put; its options are not counted (第二个 is then an answer's)."""
    return conversation.but(asking=conversation.asking if key is None else key, shown=())


def finish(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """The sheet, as far as the case has come."""
    reply = sheet(saying, conversation, desk.standing(conversation))
    done = conversation.but(interview="done", waiting=None, misses=0)
    return Step(done.then(options=reply.options, topics=reply.topics, facets=reply.facets), reply)


def stand(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """The same question again in an open interview; else only what was said."""
    if conversation.interview == "open":
        return go_on(conversation, saying, desk)
    if conversation.told:
        if conversation.interview == "done" and open_facts(desk.standing(conversation)):
            saying.offer(desk.library.phrases.say("option_resume"), "go:")
        saying.offer(desk.library.phrases.say("option_sheet"), "sheet:")
        saying.offer(desk.library.phrases.say("option_change"), "change:")
        saying.offer(desk.library.phrases.say("option_restart"), "restart:")
    saying.offer(desk.library.phrases.say("option_overview"), "overview")
    reply = saying.reply("notice", facets=("other",))
    return Step(conversation.then(options=reply.options), reply)
