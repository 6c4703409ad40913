"""A message in and around the interview: opening, answer, correction, command, second figure; else it is an aside.

The line that a text walks while a question stands, first match wins
    a command             上一步 先看结果 重来 不测了 为什么问 改一项
    what waits for a yes  按前面的 / 按这次的; another project
    a firm correction     投资额改成600万
    a question            an aside: answered elsewhere, then the same question again, with what it told
    an answer             with whatever else it tells
    a softer correction   不对，是海淀
    something told        noted, the same question again
    something asked       an aside
    nothing               asked again with an example; the second time 不清楚 is offered

`Step` is the next conversation with its reply. `Aside` hands a text back to be answered as a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from dialogs import asking, changing
from dialogs.answering import state_of_day
from dialogs.conversation import Conversation, Kept
from dialogs.intent import Intent
from dialogs.interview import Standing, next_fact, open_facts, standing_of
from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.noticing import Noticed, notice
from dialogs.saying import Saying, desk_source
from dialogs.scoping import directions_in, near_directions
from dialogs.sheet import outcome_changes, sheet
from dialogs.understanding import understand
from dialogs.waiting import put_waiting, settled
from knowledge.answers import Answer, read_answer
from knowledge.guide import Fact
from knowledge.scene import Scene
from knowledge.telling import heard_in

SCOPE = asking.SCOPE


@dataclass(frozen=True)
class Step:
    """The next conversation and its reply."""

    conversation: Conversation
    reply: Reply


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
        return Saying(self.library)

    def notice(self, text: str, conversation: Conversation, *, answer: bool = False, but: str = "") -> Noticed:
        """Take what a text tells."""
        return notice(text, conversation, self.library, self.today, answer=answer, but=but)


# --- going on --------------------------------------------------------------------------------------------------------


def go_on(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """What comes next in an open interview: what waits, the scope, the standing question, the next one, the sheet."""
    if conversation.waiting:
        return Step(_asked(conversation), put_waiting(saying, conversation, desk.standing(conversation)))
    standing = desk.standing(conversation)
    if not standing.branches:
        near = near_directions(standing, conversation, desk.library)
        return Step(_asked(conversation, SCOPE), asking.put_scope(saying, near, again=conversation.misses > 0))
    open_ = open_facts(standing)
    key = conversation.asking if conversation.asking in open_ else next_fact(standing)
    if key is None:
        return finish(conversation, saying, desk)
    return Step(_asked(conversation, key), asking.put(saying, key, conversation, standing))


def _asked(conversation: Conversation, key: str | None = None) -> Conversation:
    """The conversation once a question was put; its options are not counted (第二个 is then an answer's)."""
    return conversation.but(asking=conversation.asking if key is None else key, shown=())


def finish(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """The sheet, as far as the case has come."""
    reply = sheet(saying, conversation, desk.standing(conversation))
    done = conversation.but(interview="done", asking="", waiting=None, misses=0)
    return Step(done.then(options=reply.options, topics=reply.topics, facets=reply.facets), reply)


# --- opening ---------------------------------------------------------------------------------------------------------


def opens(text: str, conversation: Conversation, desk: Desk) -> bool:
    """Whether a text opens an interview: a request, or a story that asks what may be applied for."""
    if not conversation.opens or conversation.interview == "open":
        return False
    commands, library = desk.library.commands, desk.library
    folded = library.teller.letters(text)
    if commands.says("assess", folded) or commands.whole_of(text) in ("restart", "other"):
        return True
    what, whether, story = commands.says("what", folded), commands.says("whether", folded), not _asks(text, desk)
    if not what and not whether and not story:
        return False
    told = [kept.fact for kept in desk.notice(text, conversation.but(told=())).conversation.told]
    facts = [library.guide.fact[key] for key in told]
    own = [fact for fact in facts if fact.key in library.guide.book.particular]
    if story and not what and not whether:
        return bool(own) and len(facts) >= A_STORY
    return bool(own) or (what and any(len(fact.branches) < len(library.guide.branches) for fact in facts))


A_STORY = 4
"""Facts from which a message that asks nothing is a story told in order to know what may be applied for."""


def opened(text: str, conversation: Conversation, desk: Desk) -> Step:
    """Open the interview on a text: what it tells counts, and is said back."""
    noticed = desk.notice(text, conversation)
    conversation = noticed.conversation
    standing = desk.standing(conversation)
    named = directions_in(text, desk.library, plainly=True)
    if not named and not standing.branches and not _says(text, "what", desk):
        named = _understood(text, conversation, desk.library)
    return open_scope(named, conversation, desk, noticed)


def _says(text: str, name: str, desk: Desk) -> bool:
    return desk.library.commands.says(name, desk.library.teller.letters(text))


def _understood(text: str, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The directions that a text is about, where it is clearly about some."""
    intent = understand(text, conversation.but(topics=(), facets=(), subject=""), library)
    if intent.kind != "asks" or intent.confidence < 0.8:
        return ()
    topics = (topic for ask in intent.asks for topic in ask.topics if topic in library.guide.direction_of)
    return tuple(dict.fromkeys(library.guide.direction_of[topic].direction for topic in topics))


def open_scope(named: tuple[str, ...], conversation: Conversation, desk: Desk, noticed: Noticed | None = None) -> Step:
    """Open the interview (or widen its scope) to directions or branches."""
    begun = conversation.interview == "open"
    first = not begun or conversation.asking == SCOPE
    scope = tuple(dict.fromkeys((*conversation.scope, *named)))
    since = conversation.tellings if first else conversation.since
    conversation = conversation.but(interview="open", scope=scope, since=since, misses=0)
    saying, standing = desk.saying(), desk.standing(conversation)
    if not begun:
        state_of_day(saying, desk.today)
    if noticed:
        asking.note(saying, list(noticed.new) if begun else _told_so_far(conversation, desk.library))
        _doubts(saying, noticed.doubtful)
    most = len(open_facts(standing))
    if first and standing.branches and most > 1:
        saying.say("interview_lead", desk_source(f"{most}个"), most=most)
    step = go_on(conversation, saying, desk)
    if step.reply.status == "result" and not begun:
        return finish(conversation, _only_noted(desk, noticed), desk)
    return step


def _only_noted(desk: Desk, noticed: Noticed | None) -> Saying:
    """A reply that says back what was told; the sheet says the day itself."""
    saying = desk.saying()
    if noticed:
        asking.note(saying, _told_so_far(noticed.conversation, desk.library))
    return saying


def _told_so_far(conversation: Conversation, library: Library) -> list[Kept]:
    return [kept for kept in conversation.now.values() if kept.fact in library.guide.fact]


def _doubts(saying: Saying, facts: tuple[str, ...]) -> None:
    for key in facts[:2]:
        fact = saying.library.guide.fact[key]
        saying.say("two_values", *asking.fact_sources(fact, saying.library), name=fact.name)


# --- a text while the interview is open ------------------------------------------------------------------------------


def hear(text: str, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text while the interview is open."""
    command = desk.library.commands.whole_of(text)
    if command and command != "all":
        return commanded(command, conversation, desk)
    if conversation.waiting:
        saying = desk.saying()
        after = settled(text, conversation, saying, desk.today)
        if after is not None:
            return go_on(after, saying, desk)
        conversation = conversation.but(waiting=None)
    if step := _correction(text, conversation, desk, "firmly"):
        return step
    if conversation.asking == SCOPE or conversation.asking not in desk.library.guide.fact:
        return _scope(text, conversation, desk)
    return _answer(text, conversation, desk)


def _answer(text: str, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text while a fact is asked."""
    fact = desk.library.guide.fact[conversation.asking]
    answer, rest = _read(fact, text, desk)
    if answer.kind == "question":
        return Aside(text, desk.notice(text, conversation))
    if answer.kind == "unreadable" and _asks(text, desk):
        return Aside(text, desk.notice(text, conversation))
    if answer.kind != "unreadable":
        kept = Kept(fact=fact.key, value=answer.value, words=changing.day_words(fact, text, desk.library, desk.today))
        after = conversation.telling((kept,)).but(misses=0)
        noticed = desk.notice(text, after, answer=True, but=fact.key)
        noticed = replace(noticed, conversation=_one_telling(noticed.conversation, after.tellings))
        if rest:
            return Aside(rest, noticed)
        saying = desk.saying()
        asking.note(saying, list(noticed.new))
        if answer.unsure and fact.kind == "number":
            value, sources = asking.told_line(kept, desk.library)
            saying.say("about", *sources, value=value)
        return go_on(noticed.conversation, saying, desk)
    return _unanswered(text, fact, answer, conversation, desk)


def _one_telling(conversation: Conversation, number: int) -> Conversation:
    """Everything that one message told is one telling, so that 上一步 takes it back together."""
    told = tuple(kept.model_copy(update={"telling": min(kept.telling, number)}) for kept in conversation.told)
    return conversation.but(told=told)


def _unanswered(text: str, fact: Fact, answer: Answer, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text that is no answer: a correction, something else told, a matter of the guide's, or asked again."""
    if step := _correction(text, conversation, desk, "maybe"):
        return step
    noticed = desk.notice(text, conversation, answer=True)
    if noticed.new or noticed.conversation.waiting:
        saying = desk.saying()
        asking.note(saying, list(noticed.new))
        return go_on(noticed.conversation.but(misses=0), saying, desk)
    if answer.why in ("unclear", "") and _of_the_guide(text, conversation, desk.library):
        return Aside(text, noticed)
    return _again(fact, answer, conversation, desk)


def _again(fact: Fact, answer: Answer, conversation: Conversation, desk: Desk) -> Step:
    """Ask once more with an example; the second time 不清楚 is offered."""
    saying = desk.saying()
    if conversation.misses:
        saying.say("unread_again")
    elif answer.why == "not_yet":
        saying.say("unread_not_yet")
    else:
        example = _example(fact, desk.library)
        saying.say(_UNREAD.get(answer.why, "unread"), desk_source(example), example=example)
    return go_on(conversation.but(misses=conversation.misses + 1), saying, desk)


_UNREAD = {
    "range": "unread_range", "several": "unread_range", "rough": "unread_rough", "bound": "unread_rough",
    "tax": "unread_tax", "currency": "unread_currency", "which_day": "unread_which_day",
}  # fmt: skip


def _example(fact: Fact, library: Library) -> str:
    kind: str = fact.kind
    if kind == "number":
        by_unit = {"万元": "number", "%": "share", "年": "years"}
        kind = "year" if fact.key.endswith("_year") else by_unit.get(fact.unit or "", "count")
    return library.phrases.say(f"example_{kind}")


_FIRST = re.compile(r"^([^,，。;；!！?？ ]{1,8})[,，。;；!！ ]+(.+)$", re.S)


def _read(fact: Fact, text: str, desk: Desk) -> tuple[Answer, str]:
    """What a text answers, and a question that follows the answer in the same breath (是的，不过怎么入库？)."""
    library = desk.library
    number = re.fullmatch(r"\s*(?:选|第)?([12一二])(?:个)?\s*", text)
    if fact.kind == "bool" and number:
        return Answer("value", number[1] in "1一"), ""
    if text.strip() in ("true", "false") and fact.kind == "bool":
        return Answer("value", text.strip() == "true"), ""
    whole = read_answer(fact, text, library.teller, desk.today)
    parts = _FIRST.match(text.strip())
    if whole.kind == "question" and parts:
        first = read_answer(fact, parts[1], library.teller, desk.today)
        if first.kind in ("value", "unknown"):
            return first, parts[2]
    if whole.kind == "value" and _of_other_facts(fact, whole, text, parts, desk):
        return Answer("unreadable", why="unclear"), ""
    return whole, ""


def _of_other_facts(fact: Fact, answer: Answer, text: str, parts: re.Match[str] | None, desk: Desk) -> bool:
    """Whether what was read belongs to another fact that the text names (固投600万, where the loan is asked)."""
    scene = Scene(desk.library.teller.letters(text), desk.today, answer=True)
    told = heard_in(scene, desk.library.teller).told
    if any(one.fact == fact.key for one in told):
        return False
    facts = [(one, desk.library.guide.fact[one.fact]) for one in told]
    if fact.kind in ("number", "date"):
        return any(other.kind == fact.kind and one.value == answer.value for one, other in facts)
    if fact.kind == "bool" and any(other.kind == "bool" and one.value == answer.value for one, other in facts):
        first = read_answer(fact, parts[1], desk.library.teller, desk.today) if parts else None
        return len(text.strip()) > 5 and (first is None or first.kind != "value")
    return False


def _asks(text: str, desk: Desk) -> bool:
    """Whether a text that is no answer asks something, by its form."""
    scene = Scene(desk.library.teller.letters(text), desk.today)
    return any(scene._asks(start, end) for start, end in scene.clauses)


def _of_the_guide(text: str, conversation: Conversation, library: Library) -> bool:
    """Whether a text that is no answer is a matter that the guide or the small talk knows."""
    intent = understand(text, conversation, library)
    return intent.kind not in ("empty", "not_understood", "not_in_guide", "which") and not _small(intent)


def _small(intent: Intent) -> bool:
    return intent.kind == "smalltalk" and intent.ids[0] in ("thanks", "bye")


def _scope(text: str, conversation: Conversation, desk: Desk) -> Step | Aside:
    """A text while the directions are asked."""
    noticed = desk.notice(text, conversation, answer=True)
    named: tuple[str, ...] = ()
    if desk.library.commands.whole_of(text) == "all":
        standing = desk.standing(conversation)
        named = near_directions(standing, conversation, desk.library) or tuple(
            one.direction for one in desk.library.guide.directions
        )
    elif not _asks(text, desk):
        named = directions_in(text, desk.library) or _understood(text, conversation, desk.library)
    if named or desk.standing(noticed.conversation).branches:
        return open_scope(named, noticed.conversation, desk, noticed)
    if _asks(text, desk) or _of_the_guide(text, conversation, desk.library):
        return Aside(text, noticed)
    saying = desk.saying()
    asking.note(saying, list(noticed.new))
    misses = 0 if noticed.new else conversation.misses + 1
    return go_on(noticed.conversation.but(misses=misses), saying, desk)


# --- corrections -----------------------------------------------------------------------------------------------------


def _correction(text: str, conversation: Conversation, desk: Desk, kind: str) -> Step | None:
    """A correction, where the text is one and it can be told what it changes."""
    folded = desk.library.teller.letters(text)
    if not desk.library.commands.says(kind, folded) or not conversation.told:
        return None
    kept = changing.corrections(text, conversation, desk.library, desk.today, kind)
    if kept:
        return changed(tuple(kept), conversation, desk)
    if kind == "firmly" and not _asks(text, desk):
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
    _list(saying, "which_change", conversation, desk)
    return _stand(conversation, saying, desk)


def _list(saying: Saying, phrase: str, conversation: Conversation, desk: Desk) -> None:
    kept = [one for one in conversation.now.values() if one.fact in desk.library.guide.fact]
    if not kept:
        saying.say("nothing_told")
        return
    facts = "；".join(asking.in_words(one, desk.library) for one in kept)
    saying.say(phrase, *asking.sources_of(kept, desk.library), facts=facts)


# --- commands --------------------------------------------------------------------------------------------------------


def commanded(command: str, conversation: Conversation, desk: Desk) -> Step:
    """上一步, 先看结果, 重来, 不测了, 继续, 为什么问, 改一项: at any point, each with a sensible reply."""
    conversation = conversation.but(misses=0)
    match command:
        case "back":
            return _back(conversation, desk)
        case "sheet":
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
        case "told":
            saying = desk.saying()
            _list(saying, "told_list", conversation, desk)
            return _stand(conversation, saying, desk)
        case _:
            return _others(conversation, desk)


def _stand(conversation: Conversation, saying: Saying, desk: Desk) -> Step:
    """The same question again in an open interview; else only what was said."""
    if conversation.interview == "open":
        return go_on(conversation, saying, desk)
    if conversation.told:
        saying.offer(desk.library.phrases.say("option_sheet"), "sheet:")
        saying.offer(desk.library.phrases.say("option_restart"), "restart:")
    saying.offer(desk.library.phrases.say("option_overview"), "overview")
    reply = saying.reply("notice", facets=("other",))
    return Step(conversation.then(options=reply.options), reply)


def _back(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if conversation.waiting:
        return go_on(conversation.but(waiting=None), saying, desk)
    if conversation.interview == "" and not conversation.told:
        saying.say("not_asking")
        return _stand(conversation, saying, desk)
    if conversation.tellings <= conversation.since:
        saying.say("back_first")
        return _stand(conversation, saying, desk)
    undone = next(kept for kept in conversation.told if kept.telling == conversation.tellings)
    fact = desk.library.guide.fact.get(undone.fact)
    if fact:
        saying.say("back_done", *asking.fact_sources(fact, desk.library), what=fact.name)
    return go_on(conversation.without_last().but(interview="open", asking=undone.fact), saying, desk)


def _sheet(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if not desk.standing(conversation).branches:
        saying.say("nothing_to_show")
        if conversation.interview == "open":
            return go_on(conversation.but(waiting=None), saying, desk)
        return _stand(conversation, saying, desk)
    return finish(conversation, saying, desk)


def _restart(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    saying.say("restarted")
    fresh = conversation.but(told=(), since=0, asking="", waiting=None, interview="open", scope=(), topics=(), facets=(), subject="")
    return go_on(fresh, saying, desk)


def _stop(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if conversation.interview != "open":
        saying.say("not_asking")
        return _stand(conversation, saying, desk)
    saying.say("stopped")
    saying.offer(desk.library.phrases.say("option_resume"), "go:")
    return _stand(conversation.but(interview="", waiting=None), saying, desk)


def _resume(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if not desk.standing(conversation).branches and conversation.interview != "open":
        return open_scope((), conversation, desk)
    saying.say("resumed" if open_facts(desk.standing(conversation)) else "all_told")
    return go_on(conversation.but(interview="open"), saying, desk)


def _why(conversation: Conversation, desk: Desk) -> Step:
    saying = desk.saying()
    if conversation.asking in open_facts(desk.standing(conversation)):
        asking.why(saying, conversation.asking, desk.standing(conversation))
    else:
        saying.say("why_scope")
    return _stand(conversation, saying, desk)


def _others(conversation: Conversation, desk: Desk) -> Step:
    """On to directions outside the scope: the opening question again, with what was told kept."""
    conversation = conversation.but(interview="open", asking=SCOPE, waiting=None)
    near = near_directions(desk.standing(conversation), conversation, desk.library, beyond=True)
    return Step(_asked(conversation, SCOPE), asking.put_scope(desk.saying(), near))


# --- beside the interview --------------------------------------------------------------------------------------------


def outside(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """A command or a correction while no interview is open: after the sheet, or once it was left."""
    command = desk.library.commands.whole_of(text)
    if command in _ALWAYS or (command in _AFTER and conversation.told):
        return commanded(command, conversation, desk)
    if not conversation.told or conversation.interview == "":
        return None
    step = _correction(text, conversation, desk, "firmly") or _correction(text, conversation, desk, "maybe")
    return step or _told_after(text, conversation, desk)


def _told_after(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """Something more that is told once the sheet was shown, or a bare yes or no that answers nothing any more."""
    if _asks(text, desk):
        return None
    saying, before = desk.saying(), desk.standing(conversation)
    noticed = desk.notice(text, conversation, answer=True)
    if noticed.new or noticed.conversation.waiting:
        asking.note(saying, list(noticed.new))
        if noticed.new and before.branches:
            outcome_changes(before, desk.standing(noticed.conversation), saying)
        return go_on(noticed.conversation.but(interview="open", misses=0), saying, desk)
    bare = re.sub(r"[\W_]", "", desk.library.teller.letters(text))
    replies = desk.library.teller.replies
    said = any(spot == (0, len(bare)) for name in ("yes", "no", "unknown") for one in replies[name] for spot in one.spots(bare))
    if not said or bare in desk.library.smalltalk:
        return None
    saying.say("nothing_asked")
    return _stand(conversation, saying, desk)


_ALWAYS = ("sheet", "resume", "told")
_AFTER = ("back", "change", "stop", "why")


# --- asides ----------------------------------------------------------------------------------------------------------


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

