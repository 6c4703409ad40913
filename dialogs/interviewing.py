"""A text while the interview is open: answer, correction, command, second figure; else it is an aside.

The line that a text walks while a question stands, first match wins
    a command             上一步 先看结果 重来 不测了 为什么问 改一项
    what waits for a yes  按前面的 / 按这次的; another project
    a firm correction     投资额改成600万
    impatience            怎么还问啊
    more directions       再测一测方向8
    a question            an aside: answered elsewhere, then the same question again, with what it told
    an answer             with whatever else it tells
    a softer correction   不对，是海淀
    something told        noted, the same question again
    something asked       an aside
    nothing               asked again with an example; the second time 不清楚 is offered
"""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs import asking, changing
from dialogs.asking import SCOPE
from dialogs.asking_again import ask_again, leave_unknown, too_rough
from dialogs.beginning import asks, open_scope, understood_in
from dialogs.conversation import Conversation, Kept
from dialogs.correcting import changed, correction, revised
from dialogs.forms import (
    FIGURES,
    agrees,
    asks_something,
    is_reply,
    is_talk,
    named_in,
    names,
    of_the_guide,
    states,
    without_echo,
)
from dialogs.interview import open_facts
from dialogs.messages import FEW_QUESTIONS
from dialogs.reading_answers import read, roughly
from dialogs.saying import desk_source
from dialogs.scoping import directions_in
from dialogs.steering import commanded
from dialogs.stepping import Aside, Desk, Step, go_on
from dialogs.waiting import settled
from knowledge.answers import Answer
from knowledge.guide import Fact


def hear(text: str, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text while the interview is open."""
    command = desk.library.commands.whole_of(text)
    if command == "standing" and not desk.standing(conversation).branches:
        command = ""
    if command not in ("", "all", "whom"):
        return commanded(command, conversation, desk)
    if conversation.waiting and conversation.waiting.kind == "change":
        if step := revised(text, conversation, desk):
            return step
        conversation = conversation.but(waiting=None)
    if conversation.waiting:
        saying = desk.saying()
        after = settled(text, conversation, saying, desk.today)
        if after is not None:
            return go_on(after, saying, desk)
        if conversation.waiting.kind == "several" and asks(text, desk):
            return Aside(text, desk.notice(text, conversation))
        conversation = conversation.but(waiting=None)
    if step := correction(text, conversation, desk, "firmly"):
        return step
    if step := _impatient(text, conversation, desk):
        return step
    if step := _widened(text, conversation, desk):
        return step
    if conversation.asking == SCOPE or conversation.asking not in desk.library.guide.fact:
        if kept := changing.put_right(text, conversation, desk.library, desk.today):
            return changed(tuple(kept), conversation, desk)
        return _scope(text, conversation, desk)
    return _answer(text, conversation, desk)


SHORT = 14
"""Letters of a message that says nothing but that there are too many questions."""


def _impatient(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """怎么还问啊烦死了: how many questions may be left, where these are few, and how to have the result at once."""
    folded = desk.library.teller.letters(text)
    if len(folded) > SHORT or not desk.library.commands.says("impatient", folded):
        return None
    left = len(open_facts(desk.standing(conversation)))
    if not left or desk.notice(text, conversation, answer=True).new:
        return None
    saying = desk.saying()
    if left <= FEW_QUESTIONS:
        saying.say("impatient", desk_source(f"{left}个"), left=left)
    else:
        saying.say("impatient_early")
    return go_on(conversation, saying, desk)


_TEST = re.compile(r"测(?![试算量绘定])")


def _widened(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """A request to test further directions beside those that are tested (再测一测方向8)."""
    if conversation.asking == SCOPE or not _TEST.search(text) or asks(text, desk):
        return None
    named = directions_in(text, desk.library)
    if not named:
        return None
    saying, of = desk.saying(), desk.library.guide.direction_of
    tested = {of[branch].direction for branch in desk.standing(conversation).branches}
    new = [number for number in named if number not in tested]
    saying.say("widened" if new else "tested_already", what="、".join(of[number].label for number in new or named))
    return go_on(conversation.but(scope=tuple(dict.fromkeys((*conversation.scope, *named))), misses=0), saying, desk)


def _answer(text: str, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text while a fact is asked."""
    fact, text = desk.library.guide.fact[conversation.asking], without_echo(text, desk.library)
    answer, rest = read(fact, text, desk)
    if answer.why == "which" and conversation.misses > 1:  # 是 to “按有记，对吗”
        answer = Answer("value", True)
    deciding = None
    if answer.why in ("rough", "bound"):
        answer, deciding = roughly(fact, text, answer, conversation, desk)
    if (
        answer.kind == "question"
        or is_talk(text, desk.library)
        or (answer.kind == "unreadable" and asks_something(text, desk))
    ):
        return Aside(text, desk.notice(text, conversation))
    if answer.kind != "unreadable":
        kept = Kept(fact=fact.key, value=answer.value, words=changing.day_words(fact, text, desk.library, desk.today))
        after = conversation.telling((kept,)).but(misses=0)
        noticed = desk.notice(text, after, answer=True, but=fact.key)
        noticed = replace(noticed, conversation=_one_telling(noticed.conversation, after.tellings))
        if rest:
            return Aside(rest, noticed)
        saying = desk.saying()
        asking.say_back(saying, noticed)
        if answer.unsure and fact.kind == "number":
            value, sources = asking.told_line(kept, desk.library)
            saying.say("about", *sources, value=value)
        return go_on(noticed.conversation, saying, desk)
    if deciding is not None and not conversation.misses:
        return too_rough(fact, deciding, conversation, desk)
    return _unanswered(text, fact, answer, conversation, desk)


def _one_telling(conversation: Conversation, number: int) -> Conversation:
    """Everything that one message told is one telling, so that 上一步 takes it back together."""
    told = tuple(kept.model_copy(update={"telling": min(kept.telling, number)}) for kept in conversation.told)
    return conversation.but(told=told)


def _unanswered(text: str, fact: Fact, answer: Answer, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text that is no answer: a correction, something else told, a matter of the guide's, or asked again."""
    if step := correction(text, conversation, desk, "maybe"):
        return step
    noticed = desk.notice(text, conversation, answer=True)
    if not noticed.new and not noticed.conversation.waiting:
        noticed = named_in(text, noticed, _still_to_tell(conversation, desk), desk, least=2)
    if noticed.new or noticed.conversation.waiting:
        saying = desk.saying()
        asking.say_back(saying, noticed)
        return go_on(noticed.conversation.but(misses=0), saying, desk)
    known = [kept for kept in desk.notice(text, conversation.but(told=()), answer=True).new if kept.value is not None]
    if known:
        saying = desk.saying()
        asking.already(saying, known[0])
        return go_on(conversation, saying, desk)
    if conversation.misses and is_reply(text, desk.library) and answer.why != "which":
        return leave_unknown(fact, conversation, desk)
    if answer.why in ("unclear", "figure", "") and states(text, desk) and not names(text, fact, desk):
        saying = desk.saying()
        saying.say("not_matched")
        return go_on(conversation, saying, desk)
    plain_answer = FIGURES.match(text) or is_reply(text, desk.library)
    if answer.why in ("unclear", "") and not plain_answer and of_the_guide(text, conversation, desk.library):
        return Aside(text, noticed)
    return ask_again(fact, answer, conversation, desk)


def _still_to_tell(conversation: Conversation, desk: Desk) -> tuple[str, ...]:
    """What is still to be asked, and what was left as 不清楚 and may come to mind."""
    standing = desk.standing(conversation)
    return (*open_facts(standing), *sorted(standing.unknown))


def _scope(text: str, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text while the directions are asked."""
    noticed = desk.notice(text, conversation, answer=not asks(text, desk))
    named: tuple[str, ...] = ()
    if desk.library.commands.whole_of(text) == "all" or agrees(text, desk.library):
        return commanded("all", conversation, desk)
    if not asks(text, desk) and not is_reply(text, desk.library):
        named = directions_in(text, desk.library) or understood_in(text, conversation, desk.library)
    if named or desk.standing(noticed.conversation).branches:
        return open_scope(named, noticed.conversation, desk, noticed)
    if asks(text, desk) or (not is_reply(text, desk.library) and of_the_guide(text, conversation, desk.library)):
        return Aside(text, noticed)
    saying = desk.saying()
    asking.say_back(saying, noticed)
    misses = 0 if noticed.new else conversation.misses + 1
    return go_on(noticed.conversation.but(misses=misses), saying, desk)
