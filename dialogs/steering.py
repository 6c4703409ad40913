"""上一步, 先看结果, 重来, 不测了, 继续, 为什么问, 改一项: commands, at any point, each with a sensible reply."""

from __future__ import annotations

from dialogs import asking
from dialogs.asking import SCOPE
from dialogs.beginning import open_scope
from dialogs.conversation import Conversation
from dialogs.correcting import which_change
from dialogs.interview import open_facts
from dialogs.scoping import near_directions
from dialogs.sheet import whom
from dialogs.stepping import Desk, Step, asked, finish, go_on, stand
from dialogs.telling import fact_sources


def commanded(command: str, conversation: Conversation, desk: Desk) -> Step:
    """上一步, 先看结果, 重来, 不测了, 继续, 为什么问, 改一项: at any point, each with a sensible reply."""
    conversation = conversation.but(misses=0)
    match command:
        case "back":
            return _back(conversation, desk)
        case "sheet" | "standing":
            return _sheet(conversation, desk)
        case "restart":
            return _restart(conversation, desk)
        case "stop":
            return _stop(conversation, desk)
        case "resume":
            return _resume(conversation, desk)
        case "why":
            return _why(conversation, desk)
        case "change":
            return which_change(conversation, desk)
        case "leave":
            return _leave(conversation, desk)
        case "all":
            return _all(conversation, desk)
        case "whom":
            saying = desk.saying()
            whom(saying, conversation, desk.standing(conversation))
            return stand(conversation, saying, desk)
        case "told":
            saying = desk.saying()
            asking.list_told(saying, "told_list", conversation)
            return stand(conversation, saying, desk)
        case _:
            return _others(conversation, desk)


def _back(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if conversation.waiting:
        return go_on(conversation.but(waiting=None), saying, desk)
    if conversation.interview == "" and not conversation.told:
        saying.say("not_asking")
        return stand(conversation, saying, desk)
    if conversation.tellings <= conversation.since:
        saying.say("back_first")
        return stand(conversation, saying, desk)
    undone = next(kept for kept in conversation.told if kept.telling == conversation.tellings)
    fact = desk.library.guide.fact.get(undone.fact)
    if fact:
        saying.say("back_done", *fact_sources(fact, desk.library), what=fact.name)
    return go_on(conversation.without_last().but(interview="open", asking=undone.fact), saying, desk)


def _leave(conversation: Conversation, desk: Desk) -> Step:
    """Nothing is changed after all."""
    saying = desk.saying()
    saying.say("left_as_is")
    return stand(conversation.but(waiting=None), saying, desk)


def _all(conversation: Conversation, desk: Desk) -> Step:
    """Every direction: those that what was told hints at, where it hints at some, else all of them."""
    near = near_directions(desk.standing(conversation), conversation, desk.library)
    return open_scope(near or tuple(one.direction for one in desk.library.guide.directions), conversation, desk)


def _sheet(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if not desk.standing(conversation).branches:
        saying.say("nothing_to_show")
        if conversation.interview != "open":
            saying.offer(desk.library.phrases.say("option_all"), "all:")
        if conversation.interview == "open":
            return go_on(conversation.but(waiting=None), saying, desk)
        return stand(conversation, saying, desk)
    return finish(conversation, saying, desk)


def _restart(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    saying.say("restarted")
    fresh = conversation.but(
        told=(),
        since=0,
        asking="",
        waiting=None,
        interview="open",
        scope=(),
        topics=(),
        facets=(),
        subject="",
        earlier_topics=(),
        earlier_places=(),
        place="",
        case="",
        said=(),
    )
    return go_on(fresh, saying, desk)


def _stop(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if conversation.interview != "open":
        saying.say("not_asking")
        return stand(conversation, saying, desk)
    saying.say("stopped")
    saying.offer(desk.library.phrases.say("option_resume"), "go:")
    return stand(conversation.but(interview="", waiting=None), saying, desk)


def _resume(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if not desk.standing(conversation).branches and conversation.interview != "open":
        return open_scope((), conversation, desk)
    saying.say("resumed" if open_facts(desk.standing(conversation)) else "all_told")
    return go_on(conversation.but(interview="open"), saying, desk)


def _why(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if conversation.waiting and conversation.waiting.kind == "several":
        saying.say("why_several")
    elif conversation.asking in open_facts(desk.standing(conversation)):
        asking.why(saying, conversation.asking, desk.standing(conversation))
    else:
        saying.say("why_scope")
    return stand(conversation, saying, desk)


def _others(conversation: Conversation, desk: Desk) -> Step:
    """On to directions outside the scope: the opening question again, with what was told kept."""
    conversation = conversation.but(interview="open", asking=SCOPE, waiting=None)
    near = near_directions(desk.standing(conversation), conversation, desk.library, beyond=True)
    return Step(asked(conversation, SCOPE), asking.put_scope(desk.saying(), near))
