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
from decimal import Decimal

from dialogs import asking, changing
from dialogs.asking import SCOPE
from dialogs.beginning import asks, open_scope, understood_in
from dialogs.conversation import Conversation, Kept
from dialogs.correcting import correction, revised
from dialogs.intent import Intent
from dialogs.interview import checks_of, open_facts
from dialogs.library import Library
from dialogs.noticing import Noticed, tell
from dialogs.saying import Saying, desk_source
from dialogs.scoping import directions_in
from dialogs.steering import commanded
from dialogs.stepping import Aside, Desk, Step, go_on
from dialogs.telling import fact_sources, figure
from dialogs.understanding import understand
from dialogs.waiting import settled
from knowledge.answers import Answer, read_answer
from knowledge.approximate import inside, span_of
from knowledge.binding import number
from knowledge.guide import Fact
from knowledge.scene import Scene
from knowledge.telling import heard_in


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
        return _scope(text, conversation, desk)
    return _answer(text, conversation, desk)


SHORT = 14
"""Letters of a message that says nothing but that there are too many questions."""


def _impatient(text: str, conversation: Conversation, desk: Desk) -> Step | None:
    """怎么还问啊烦死了: how many questions may be left, and how to have the result at once."""
    folded = desk.library.teller.letters(text)
    if len(folded) > SHORT or not desk.library.commands.says("impatient", folded):
        return None
    left = len(open_facts(desk.standing(conversation)))
    if not left or desk.notice(text, conversation, answer=True).new:
        return None
    saying = desk.saying()
    saying.say("impatient", desk_source(f"{left}个"), left=left)
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
    fact, text = desk.library.guide.fact[conversation.asking], _without_echo(text, desk.library)
    answer, rest = _read(fact, text, desk)
    if answer.why == "which" and conversation.misses > 1:  # 是 to “按有记，对吗”
        answer = Answer("value", True)
    deciding = None
    if answer.why in ("rough", "bound"):
        answer, deciding = roughly(fact, text, answer, conversation, desk)
    if (
        answer.kind == "question"
        or _talk(text, desk.library)
        or (answer.kind == "unreadable" and _asks_something(text, desk))
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
        return _too_rough(fact, deciding, conversation, desk)
    return _unanswered(text, fact, answer, conversation, desk)


def _too_rough(fact: Fact, deciding: Decimal, conversation: Conversation, desk: Desk) -> Step:
    """Ask for the figure itself, naming the threshold on which it depends."""
    saying, bound = desk.saying(), figure(fact, deciding)
    saying.say("unread_deciding", *fact_sources(fact, desk.library), bound=bound)
    return go_on(conversation.but(misses=1), saying, desk)


def roughly(
    fact: Fact, text: str, answer: Answer, conversation: Conversation, desk: Desk
) -> tuple[Answer, Decimal | None]:
    """What a rough figure may be taken for: a value where its whole range is judged alike, else what decides."""
    span = span_of(fact, Scene(desk.library.teller.letters(text), desk.today, answer=True))
    if span is None:
        return answer, None
    standing = desk.standing(conversation)
    branches = open_facts(standing).get(fact.key, ())
    checks = (check for branch in branches for check in checks_of(standing.guide.book.branches[branch], fact.key))
    deciding = inside(span, checks)
    if deciding is not None:
        return answer, deciding
    return Answer("value", number(float(span.said)), unsure=True), None


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
        noticed = named_in(text, noticed, _still_to_tell(conversation, desk), desk)
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
        return _left(fact, conversation, desk)
    if answer.why in ("unclear", "figure", "") and states(text, desk) and not _names(text, fact, desk):
        saying = desk.saying()
        saying.say("not_matched")
        return go_on(conversation, saying, desk)
    plain_answer = _FIGURES.match(text) or is_reply(text, desk.library)
    if answer.why in ("unclear", "") and not plain_answer and _of_the_guide(text, conversation, desk.library):
        return Aside(text, noticed)
    return _again(fact, answer, conversation, desk)


_FIGURES = re.compile(r"^[\s\d一二三四五六七八九十百千万亿.,，。%元年月日号去前今上下底初半多来大概约左右到至~—-]+$")
"""A text that is nothing but a figure: an answer that does not fit, never a question of the guide (12 is no 方向12)."""


def _names(text: str, fact: Fact, desk: Desk) -> bool:
    """Whether a text says a fact by its name, so that its figure was meant for it."""
    return bool(changing.named_facts(text, (fact.key,), desk.library))


def _asks_something(text: str, desk: Desk) -> bool:
    """Whether a text asks by its form and is no bare answer (还没呢, 没有没有, 是的吧)."""
    return asks(text, desk) and not is_reply(text, desk.library)


def is_reply(text: str, library: Library) -> bool:
    """Whether a text is a bare yes, no or 不清楚."""
    bare = re.sub(r"[\W_]", "", library.teller.letters(text))
    forms = {bare, re.sub(r"[吧呢啊呀了的嘛]+$", "", bare)} - {""}
    replies = [one for name in ("yes", "no", "unknown") for one in library.teller.replies[name]]
    return any(spot == (0, len(form)) for form in forms for one in replies for spot in one.spots(form))


def _without_echo(text: str, library: Library) -> str:
    """失信？没有没有 → 没有失信: a visitor's echo of a question, with its answer."""
    parts = re.match(r"^\s*([^?？]{1,12})[?？]\s*([^?？]{1,8})$", text)
    if parts is None or not is_reply(parts[2], library):
        return text
    no = any(True for one in library.teller.replies["no"] for _ in one.spots(library.teller.letters(parts[2])))
    return f"{'没有' if no else '是'}{parts[1]}"


def named_in(text: str, noticed: Noticed, keys: tuple[str, ...], desk: Desk, *, least: int = 3) -> Noticed:
    """What a text tells of one of some facts by its name (合同额3000万), of which it holds `least` letters."""
    kept = changing.told_by_name(text, keys, desk.library, desk.today, least=least)
    if kept is None:
        return noticed
    after, new = tell(noticed.conversation, [kept], desk.library)
    return Noticed(after, new, noticed.doubtful)


def _again(fact: Fact, answer: Answer, conversation: Conversation, desk: Desk) -> Step:
    """Ask once more with an example; the second time 不清楚 is offered, the third time it is taken for that."""
    saying, example = desk.saying(), asking.example_of(fact, desk.library)
    if answer.why == "which" and conversation.misses:
        saying.say("unread_which_again", *fact_sources(fact, desk.library), says=fact.says["yes"])
        return go_on(conversation.but(misses=conversation.misses + 1), saying, desk, asked_already=True)
    if conversation.misses > 1:
        return _left(fact, conversation, desk)
    if conversation.misses:
        saying.say("unread_again_rough" if answer.why in _HEARD else "unread_again")
    elif answer.why == "none":
        _say_none(saying, fact, example)
    elif answer.why == "not_yet":
        saying.say("unread_not_yet")
    elif answer.why == "figure":
        saying.say("unread_figure", desk_source(example), example=example)
    else:
        saying.say(_UNREAD.get(answer.why, "unread"), desk_source(example), example=example)
    return go_on(conversation.but(misses=conversation.misses + 1), saying, desk)


def _still_to_tell(conversation: Conversation, desk: Desk) -> tuple[str, ...]:
    """What is still to be asked, and what was left as 不清楚 and may come to mind."""
    standing = desk.standing(conversation)
    return (*open_facts(standing), *sorted(standing.unknown))


def _say_none(saying: Saying, fact: Fact, example: str) -> None:
    """What a bare no to a question that is none of yes or no may mean."""
    if fact.key in saying.library.teller.years:
        saying.say("unread_none_year", desk_source(example), example=example)
    else:
        saying.say("unread_none" if fact.kind == "number" else "unread_none_of")


def _left(fact: Fact, conversation: Conversation, desk: Desk) -> Step:
    """A fact that could not be told is left as 不清楚, and the interview goes on."""
    saying = desk.saying()
    saying.say("left_unknown")
    return go_on(conversation.telling((Kept(fact=fact.key, value=None),)).but(misses=0), saying, desk)


_HEARD = ("range", "several", "rough", "bound", "tax", "currency", "which_day", "figure")
"""Why an answer was not taken although it was understood."""
_UNREAD = {
    "range": "unread_range", "several": "unread_range", "rough": "unread_rough", "bound": "unread_rough",
    "tax": "unread_tax", "currency": "unread_currency", "which_day": "unread_which_day",
    "which": "unread_which", "which_one": "unread_which_one",
}  # fmt: skip


_FIRST = re.compile(r"^([^,，。;；!！?？ ]{1,8})[,，。;；!！ ]+(.+)$", re.S)


def _read(fact: Fact, text: str, desk: Desk) -> tuple[Answer, str]:
    """What a text answers, and a question that follows the answer in the same breath (是的，不过怎么入库？)."""
    library = desk.library
    if text.strip() in ("true", "false") and fact.kind == "bool":
        return Answer("value", text.strip() == "true"), ""
    whole = read_answer(fact, text, library.teller, desk.today)
    if whole.kind == "value" and _wants_to_know(text.strip(), desk) and not is_reply(text, library):
        whole = Answer("question")
    parts = None if text.isascii() else _FIRST.match(text.strip())  # English is not cut at spaces
    if whole.kind in ("question", "unreadable") and parts and _bare(parts[1], fact, desk):
        first = read_answer(fact, parts[1], library.teller, desk.today)
        if first.kind in ("value", "unknown"):
            return first, parts[2] if whole.kind == "question" else ""
    if whole.kind == "value" and _of_other_facts(fact, whole, text, parts, desk):
        return Answer("unreadable", why="unclear"), ""
    return whole, ""


LONG = 12
"""Letters from which a text with a question mark at its end asks; a shorter one may answer with doubt (1200万?)."""


def _wants_to_know(text: str, desk: Desk) -> bool:
    """Whether a text that reads as a value asks all the same: 开发区的邮箱 does, whatever it names; 还没呢 does not."""
    return asks(text.rstrip("?？呢吧。"), desk) or (len(text) >= LONG and text[-1] in "?？")


def _bare(words: str, fact: Fact, desk: Desk) -> bool:
    """Whether words answer and do nothing else: 是的, 没有, a choice's label; a figure or a day by itself."""
    library = desk.library
    folded = library.teller.letters(words)
    if fact.kind == "choice":
        return folded in {library.teller.letters(label) for label in fact.choices.values()}
    if fact.kind != "bool":
        told = heard_in(Scene(folded, desk.today, answer=True), library.teller).told
        return all(one.fact == fact.key for one in told)
    return is_reply(words, library)


def _talk(text: str, library: Library) -> bool:
    """Whether a whole message is small talk that wants a reply of its own (在吗, 你是谁, 转人工)."""
    bare = re.sub(r"[\W_]", "", library.finder.speller.fold(text))
    return library.smalltalk.get(bare) in ("greeting", "who", "help", "human", "privacy")


def _of_other_facts(fact: Fact, answer: Answer, text: str, parts: re.Match[str] | None, desk: Desk) -> bool:
    """Whether what was read belongs to another fact that the text names (固投600万, where the loan is asked)."""
    scene = Scene(desk.library.teller.letters(text), desk.today, answer=True)
    told = heard_in(scene, desk.library.teller).told
    if any(one.fact == fact.key for one in told):
        return False
    facts = [(one, desk.library.guide.fact[one.fact]) for one in told]
    if fact.kind in ("number", "date"):
        same = any(other.kind == fact.kind and one.value == answer.value for one, other in facts)
        return same or (answer.value == 0 and bool(told))  # 没有失信 is no 没有
    if fact.kind == "bool" and any(other.kind == "bool" and one.value == answer.value for one, other in facts):
        first = read_answer(fact, parts[1], desk.library.teller, desk.today) if parts else None
        return len(text.strip()) > 5 and (first is None or first.kind != "value")
    return False


FAINT = 0.4
"""Confidence below which a text that neither asks nor answers (妈的问这么多) is of no matter of the guide's."""


def _of_the_guide(text: str, conversation: Conversation, library: Library) -> bool:
    """Whether a text that is no answer is a matter that the guide or the small talk knows."""
    intent = _by_itself(text, conversation, library)
    known = intent.kind not in ("empty", "not_understood", "not_in_guide", "which") and not _small(intent)
    return known and (intent.kind == "smalltalk" or intent.confidence >= FAINT)


def says_nothing(text: str, conversation: Conversation, desk: Desk) -> bool:
    """Whether a text by itself is neither of the guide nor small talk: 呃呃呃, or a figure after the sheet."""
    intent = _by_itself(text, conversation, desk.library)
    unknown = intent.kind in ("empty", "not_understood") or (intent.kind == "asks" and intent.confidence < FAINT)
    return unknown or bool(_FIGURES.match(text))


def _by_itself(text: str, conversation: Conversation, library: Library) -> Intent:
    """What a text means without what was in hand before."""
    return understand(text, conversation.but(topics=(), facets=(), subject=""), library)


def states(text: str, desk: Desk) -> bool:
    """Whether a text states a figure or a day, and asks nothing (贷款合同是去年5月签的)."""
    scene = Scene(desk.library.teller.letters(text), desk.today)
    figures = bool(scene.days or scene.spans) or any(one.kind in ("money", "share") for one in scene.measured)
    return figures and not asks(text, desk) and not _FIGURES.match(text)


def _small(intent: Intent) -> bool:
    return intent.kind == "smalltalk" and intent.ids[0] in ("thanks", "bye")


def agrees(text: str, library: Library) -> bool:
    """Whether a text is a bare yes."""
    bare = re.sub(r"[\W_]", "", library.teller.letters(text))
    return any(spot == (0, len(bare)) for one in library.teller.replies["yes"] for spot in one.spots(bare))


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
    if asks(text, desk) or (not is_reply(text, desk.library) and _of_the_guide(text, conversation, desk.library)):
        return Aside(text, noticed)
    saying = desk.saying()
    asking.say_back(saying, noticed)
    misses = 0 if noticed.new else conversation.misses + 1
    return go_on(noticed.conversation.but(misses=misses), saying, desk)
