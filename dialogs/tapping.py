"""A tap that belongs to the interview: an answer, a direction, a command, what waits; also months later."""

from __future__ import annotations

from dialogs import asking
from dialogs.beginning import open_scope
from dialogs.conversation import Conversation, Kept, Waiting
from dialogs.correcting import change_of, changed
from dialogs.library import Library
from dialogs.noticing import alike, tell
from dialogs.saying import Saying
from dialogs.steering import commanded
from dialogs.stepping import Desk, Step, go_on
from dialogs.waiting import kept_old, say_conflict, taken, taken_as_project, taken_first

COMMANDS = {
    "back": "back", "sheet": "sheet", "stop": "stop", "go": "resume", "other": "other", "change": "change",
    "restart": "restart", "why": "why", "leave": "leave", "all": "all",
}  # fmt: skip
WAITING = {"keep": kept_old, "take": taken, "other-project": taken_as_project}


def tapped(verb: str, arg: str, conversation: Conversation, desk: Desk) -> Step | None:
    """What a tap of the interview does; None for one that is not the interview's, or names nothing known."""
    library = desk.library
    if verb == "change" and (fact := asking.fact_of(arg, library) if arg else None) and fact.key in conversation.now:
        return change_of(conversation.now[fact.key], conversation, desk)
    if verb in COMMANDS:
        return commanded(COMMANDS[verb], conversation.but(waiting=None), desk)
    if verb == "assess" and arg in library.guide.direction_of:
        return open_scope((arg,), conversation.but(waiting=None), desk)
    if verb == "pick":
        return _picked(arg, conversation, desk)
    if verb in WAITING:
        return _waiting(verb, conversation, desk)
    if verb == "answer":
        short, _, number = arg.rpartition(".")
        fact = asking.fact_of(short, library) if short else None
        if fact is not None and number.isascii() and number.isdigit() and int(number) <= len(asking.choices_of(fact)):
            return _answered(fact.key, int(number), conversation, desk)
    return None


def chosen_value(value: str, conversation: Conversation, desk: Desk) -> Step | None:
    """A choice's value as in the vocabulary (design, true, 海淀区, a direction), while its question stands."""
    if conversation.waiting and conversation.waiting.kind == "change" and conversation.waiting.told:
        return _chosen(value, conversation.waiting.told[0].fact, conversation, desk)
    if conversation.interview != "open":
        return None
    if conversation.waiting and conversation.waiting.kind == "figure":
        kept = conversation.waiting.told[0]
        verbs = {asking.choice_of(conversation.now[kept.fact]): "keep", asking.choice_of(kept): "take"}
        return _waiting(verbs[value], conversation, desk) if value in verbs else None
    if conversation.asking == asking.SCOPE:
        return tapped("assess", value, conversation, desk)
    return _chosen(value, conversation.asking, conversation, desk)


def _chosen(value: str, key: str, conversation: Conversation, desk: Desk) -> Step | None:
    fact = desk.library.guide.fact.get(key)
    values = [one for one, _ in asking.choices_of(fact)] if fact else []
    if value not in values:
        return None
    return _answered(key, values.index(value) + 1, conversation, desk)


def _waiting(verb: str, conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if conversation.waiting is None or conversation.waiting.kind not in ("figure", "project"):
        return _stale(conversation, saying, desk)
    after = WAITING[verb](conversation, saying)
    if conversation.interview == "":
        return _notice(after, saying, desk)
    return go_on(after.but(interview="open"), saying, desk)


def _picked(arg: str, conversation: Conversation, desk: Desk) -> Step | None:
    """Which of several comes first."""
    waiting = conversation.waiting
    if waiting is None or waiting.kind != "several" or arg not in map(str, range(1, len(waiting.labels) + 1)):
        return None
    saying = desk.saying()
    return go_on(taken_first(int(arg), conversation, saying).but(interview="open"), saying, desk)


def _notice(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    saying.offer(desk.library.phrases.say("option_resume"), "go:")
    reply = saying.reply("notice", facets=("other",))
    return Step(conversation.then(options=reply.options), reply)


def _stale(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """An old button whose matter is settled."""
    saying.say("old_option")
    if conversation.interview == "open":
        return go_on(conversation, saying, desk)
    return _notice(conversation, saying, desk)


def _answered(key: str, number: int, conversation: Conversation, desk: Desk) -> Step:
    """An answer by its option: the asked one, one of an earlier question, or one that says what is known."""
    library, saying = desk.library, desk.saying()
    kept = Kept(fact=key, value=_value(key, number, library))
    held = conversation.now.get(key)
    if conversation.waiting and conversation.waiting.kind == "change" and key in _facts(conversation.waiting):
        return changed((kept,), conversation, desk)
    conversation = conversation.but(waiting=None, misses=0)
    if held is None or (held.value is None and kept.value is not None):
        after = conversation.telling((kept,))
        if key != conversation.asking:
            asking.note(saying, [kept])
        return _next(after, saying, desk)
    if kept.value is None or alike(held, kept, library.guide.fact[key]):
        asking.already(saying, held)
        return _next(conversation, saying, desk)
    after, _ = tell(conversation, [kept], library)
    if conversation.interview == "open":
        return go_on(after, saying, desk)
    say_conflict(saying, after)
    reply = saying.reply("clarify", facets=("conditions",))
    return Step(after.then(options=reply.options), reply)


def _facts(waiting: Waiting) -> set[str]:
    return {kept.fact for kept in waiting.told}


def _next(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """On with an open interview, or with one that is done; else only what was noted."""
    if conversation.interview != "":
        return go_on(conversation.but(interview="open"), saying, desk)
    if not saying.lines:
        asking.note(saying, list(conversation.now.values())[-1:])
    return _notice(conversation, saying, desk)


def _value(key: str, number: int, library: Library) -> bool | str | None:
    if number == 0:
        return None
    fact = library.guide.fact[key]
    value = asking.choices_of(fact)[number - 1][0]
    return value == "true" if fact.kind == "bool" else value
