"""What is proved of the interview: every state that is walked to has a reply and ways out, and nothing told is lost.

States are walked to over scope × answers: every direction breadth first, each kind of answer (a choice, both sides of
each bound, 不清楚), as far as MOST_STATES go; then at random over several directions.
"""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dialogs import asking, beside, interview, stepping
from dialogs.beginning import asks
from dialogs.conversation import Conversation
from dialogs.interview import Standing, open_facts, standing_of
from dialogs.library import Library
from dialogs.messages import Choice, Message, Text
from dialogs.saying import unproved
from dialogs.turn import Turn, respond, start
from knowledge.rulebook import Value
from knowledge.telling import heard
from tests.proofs.judging import Tally
from tests.visitor import well_formed

DAY = date(2023, 3, 20)
MOST_STATES, WALKS, CHANGES = 90, 60, 40
QUESTIONS = Path(__file__).parents[1] / "questions/open.jsonl"


def _say(conversation: Conversation, message: Message, library: Library) -> Turn:
    return respond(conversation, message, library=library, today=DAY)


def _tap(value: str, library: Library) -> Choice:
    return Choice(f"{value}@{library.guide.id}")


def _open(scope: list[str], library: Library) -> Turn:
    """An interview over some directions."""
    turn = _say(start(library), _tap(f"assess:{scope[0]}", library), library)
    for direction in scope[1:]:
        turn = _say(turn.conversation, _tap(f"assess:{direction}", library), library)
    return turn


def answers(turn: Turn, library: Library) -> list[Message]:
    """Every kind of answer to the question that a turn asks; none where it asks none."""
    question = turn.reply.question
    if question is None or question.fact is None:
        return []
    if question.choices:
        own: list[Message] = [Choice(pick.option) for pick in question.choices[:8]]
    else:
        standing = standing_of(turn.conversation, library, DAY)
        own = [Text(_typed(value, question.fact, library)) for value in _kinds(question.fact, standing)]
    return [*own, Text("不清楚")]


def _kinds(fact: str, standing: Standing) -> list[Value]:
    return [value for value, _ in interview._trials(fact, standing)]


def _typed(value: Value, key: str, library: Library) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    assert isinstance(value, Decimal)
    if key.endswith("_year") and value < 1990:
        return "还没有纳入"
    unit = library.guide.fact[key].unit or ""
    least = value if library.guide.fact[key].signed else max(value, Decimal(0))
    return f"{least:f}" + ("" if "、" in unit else unit)


# --- every state -----------------------------------------------------------------------------------------------------


def states(library: Library, tally: Tally, dice: random.Random) -> None:
    """Every state that is walked to has a proved reply and ways out, and serialising it changes nothing."""
    for direction in library.guide.directions:
        breadth_first([direction.direction], library, tally)
    numbers = [direction.direction for direction in library.guide.directions]
    for _ in range(WALKS):
        at_random(dice.sample(numbers, dice.choice((1, 2, 3))), library, tally, dice)


def breadth_first(scope: list[str], library: Library, tally: Tally) -> None:
    """The states of a scope, nearest first."""
    waiting, seen = deque([_open(scope, library)]), set()
    while waiting and len(seen) < MOST_STATES:
        turn = waiting.popleft()
        key = json.dumps({fact: str(kept.value) for fact, kept in turn.conversation.now.items()}, sort_keys=True)
        if key in seen:
            continue
        seen.add(key)
        _look(turn, library, tally)
        waiting.extend(_step(turn, message, library, tally) for message in answers(turn, library))


def at_random(scope: list[str], library: Library, tally: Tally, dice: random.Random) -> None:
    """One interview answered at random, to its end."""
    turn = _open(scope, library)
    for _ in range(80):
        _look(turn, library, tally)
        possible = answers(turn, library)
        if not possible:
            break
        turn = _step(turn, dice.choice(possible), library, tally)
    tally.check(turn.reply.status == "result", f"{scope}：走了80步还没有结果")


def _step(turn: Turn, message: Message, library: Library, tally: Tally) -> Turn:
    """One answer: it is taken, and the question is not put again."""
    fact = turn.reply.question.fact if turn.reply.question else None
    after = _say(turn.conversation, message, library)
    asked = after.reply.question.fact if after.reply.question else None
    tally.check(asked != fact, f"“{message}”没有被当作{fact}的回答：{after.reply.text[-40:]}")
    left = turn.reply.progress.at_most_left if turn.reply.progress else 0
    now = after.reply.progress.at_most_left if after.reply.progress else 0
    tally.check(now < left, f"{fact}答完，最多还有的题数从{left}到{now}，没有变少")
    return after


def _look(turn: Turn, library: Library, tally: Tally) -> None:
    """A state: its reply is proved and well formed, it survives being kept, and there is a way out."""
    tally.states += 1
    held, reply = turn.conversation, turn.reply
    tally.check(not unproved(reply, library), f"没有出处：{unproved(reply, library)} {reply.text}")
    try:
        well_formed(reply, library)
    except AssertionError as fault:
        tally.check(False, f"答复的样子不对：{fault} {reply.text}")
    tally.check(reply.status == "result" or bool(reply.question), f"没有问题也没有结果：{reply.text}")
    kept = Conversation.model_validate_json(held.model_dump_json())
    tally.check(kept == held, "存一遍再读出来变了样")
    for words, wanted in (("先看结果", "result"), ("不测了", "notice")):
        out = _say(kept, Text(words), library)
        fresh = _say(held, Text(words), library)
        tally.check(out == fresh, f"存一遍再读出来，“{words}”的答复不同")
        good = out.reply.status == wanted and not unproved(out.reply, library)
        tally.check(good, f"“{words}”走不出去：{out.reply.text}")
    if reply.question:
        left = len(open_facts(standing_of(held, library, DAY)))
        tally.check("最后一个问题" not in reply.text or left == 1, f"说是最后一个，其实还有{left}个")


# --- asides ----------------------------------------------------------------------------------------------------------


def asides(library: Library, tally: Tally, dice: random.Random) -> None:
    """Every open question at every question: the facts stay, plus exactly those that it tells; the question stands."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    texts = list(dict.fromkeys(turn for row in rows for turn in row["turns"] if _asks(turn, library)))
    told = {text: {one.fact: one.value for one in heard(text, library.teller, DAY).told} for text in texts}
    for key, held in _standing_at_every_fact(library):
        for text in texts:
            aside(key, held, text, told[text], library, tally)


def _asks(text: str, library: Library) -> bool:
    """Whether a message is a question by its form; 11 or 海淀的 by itself answers one."""
    return asks(text, stepping.Desk(library, DAY))


def standing_at(key: str, library: Library) -> Conversation:
    """An interview that has just asked a fact."""
    scope = (library.guide.fact[key].branches[0],)
    return start(library).but(interview="open", scope=scope, asking=key)


def _standing_at_every_fact(library: Library) -> Iterator[tuple[str, Conversation]]:
    for key in library.guide.fact:
        conversation = standing_at(key, library)
        if key in open_facts(standing_of(conversation, library, DAY)):
            yield key, conversation
    yield asking.SCOPE, start(library).but(interview="open", asking=asking.SCOPE)


def aside(key: str, held: Conversation, text: str, told: dict[str, Any], library: Library, tally: Tally) -> None:
    """One question at one question: what it tells is kept besides, and the same is asked again."""
    turn = _say(held, Text(text), library)
    now = {fact: kept.value for fact, kept in turn.conversation.now.items()}
    tally.check(now == told, f"问{key}时插一句“{text}”：记着{now}，应是{told}")
    question = turn.reply.question
    asked = (question.fact or asking.SCOPE) if question else ""
    if key not in open_facts(standing_of(turn.conversation, library, DAY)) and (key != asking.SCOPE or now):
        return  # what it told has settled the question
    tally.check(asked == key, f"问{key}时插一句“{text}”：接着问的是{asked or turn.reply.status}")


# --- changes ---------------------------------------------------------------------------------------------------------


def changes(library: Library, tally: Tally, dice: random.Random) -> None:
    """A changed answer comes to the same as having said it at once."""
    numbers = [direction.direction for direction in library.guide.directions]
    for _ in range(CHANGES):
        scope = dice.sample(numbers, dice.choice((1, 2)))
        first, said = _walk(_open(scope, library), {}, library, dice)
        if not said:
            continue
        key = dice.choice(list(said))
        message = dice.choice(answers_to(key, first.conversation, library))
        corrected = _corrected(first, key, message, library)
        wanted = _value(_say(standing_at(key, library), message, library), key)
        tally.check(_value(corrected, key) == wanted, f"{key}没有改成{wanted}，还是{_value(corrected, key)}")
        again, _ = _walk(corrected, said, library, dice)
        once = start(library).but(scope=again.conversation.scope).telling(tuple(again.conversation.now.values()))
        sheets = [_say(one, Text("先看结果"), library).reply for one in (again.conversation, once)]
        says = f"{scope}的{key}改了以后，结果和一开始就这么说不同：{[sheet.text for sheet in sheets]}"
        tally.check(sheets[0] == sheets[1], says)


def _value(turn: Turn, key: str) -> object:
    kept = turn.conversation.now.get(key)
    return kept.value if kept else None


def answers_to(key: str, conversation: Conversation, library: Library) -> list[Message]:
    """Every kind of answer to a fact, by its option or in words."""
    fact = library.guide.fact[key]
    options = asking.choices_of(fact)
    if options:
        return [_tap(asking.answer_value(fact, at), library) for at in range(1, len(options) + 1)]
    standing = standing_of(conversation, library, DAY)
    return [Text(_typed(value, key, library)) for value in _kinds(key, standing)]


def _corrected(turn: Turn, key: str, message: Message, library: Library) -> Turn:
    """A fact changed: by its old button and a yes, or in words."""
    if isinstance(message, Text):
        return _say(turn.conversation, Text(f"{library.guide.fact[key].name}改成{message.text}"), library)
    after = _say(turn.conversation, message, library)
    return _say(after.conversation, _tap("take:", library), library) if after.conversation.waiting else after


def _walk(
    turn: Turn, said: dict[str, Message], library: Library, dice: random.Random
) -> tuple[Turn, dict[str, Message]]:
    """Answer to the end, as was said before where it was; returns everything that was said."""
    said = dict(said)
    for _ in range(90):
        question = turn.reply.question
        if question is None or question.fact is None:
            break
        if question.fact not in said:
            said[question.fact] = dice.choice(answers(turn, library)[:-1])
        turn = _say(turn.conversation, said[question.fact], library)
    return turn, said


PROOFS: tuple[Callable[[Library, Tally, random.Random], None], ...] = (states, asides, changes)


# --- sabotage --------------------------------------------------------------------------------------------------------


def _forgetful(conversation: Conversation, *rest: Any) -> Any:
    """An aside that drops what was told."""
    return _RESUMED(conversation.but(told=()), *rest)


def _first_counts(self: Conversation) -> dict[str, Any]:
    """The first telling of a fact counts, so that nothing can be changed."""
    return {kept.fact: kept for kept in reversed(self.told)}


def _dead_end(conversation: Conversation, saying: Any, desk: Any) -> Any:
    """No sheet at the end."""
    saying.say("stopped")
    return stepping.Step(conversation, saying.reply("notice"))


def _without_scope(self: Conversation, **_: Any) -> str:
    """A keeper that loses the scope."""
    return json.dumps(self.model_dump(mode="json", exclude={"scope"}))


_RESUMED = beside.resumed
KINDS: dict[str, tuple[object, str, object]] = {
    "aside": (beside, "resumed", _forgetful),
    "change": (Conversation, "now", property(_first_counts)),
    "dead_end": (stepping, "finish", _dead_end),
    "serialising": (Conversation, "model_dump_json", _without_scope),
}
"""What of the interview is broken on purpose: where, and by what."""


@contextmanager
def broken(kind: str) -> Iterator[None]:
    """The interview with something broken."""
    owner, name, put = KINDS[kind]
    with patch.object(owner, name, put):
        yield
