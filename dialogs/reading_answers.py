"""What a text answers to the question that stands; a rough figure is taken where nothing depends on it."""

from __future__ import annotations

import re
from decimal import Decimal

from dialogs.beginning import asks
from dialogs.conversation import Conversation
from dialogs.forms import is_reply
from dialogs.interview import checks_of, open_facts
from dialogs.stepping import Desk
from knowledge.answers import Answer, read_answer
from knowledge.approximate import inside, span_of
from knowledge.binding import number
from knowledge.guide import Fact
from knowledge.scene import Scene
from knowledge.telling import heard_in

LONG = 12
"""Letters from which a text with a question mark at its end asks; a shorter one may answer with doubt (1200万?)."""
_FIRST = re.compile(r"^([^,，。;；!！?？ ]{1,8})[,，。;；!！ ]+(.+)$", re.S)


def read(fact: Fact, text: str, desk: Desk) -> tuple[Answer, str]:
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
