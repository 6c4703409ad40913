"""What a text is by its form while an interview goes on: a bare reply, a figure, a question, a matter of the guide."""

from __future__ import annotations

import re

from dialogs import changing
from dialogs.beginning import asks
from dialogs.conversation import Conversation
from dialogs.intent import Intent
from dialogs.library import Library
from dialogs.noticing import Noticed, tell
from dialogs.stepping import Desk
from dialogs.understanding import understand
from knowledge.guide import Fact
from knowledge.scene import Scene

FAINT = 0.4
"""Confidence below which a text that neither asks nor answers (妈的问这么多) is of no matter of the guide's."""
FIGURES = re.compile(r"^[\s\d一二三四五六七八九十百千万亿.,，。%元年月日号去前今上下底初半多来大概约左右到至~—-]+$")
"""A text that is nothing but a figure: an answer that does not fit, never a question of the guide (12 is no 方向12)."""


def asks_something(text: str, desk: Desk) -> bool:
    """Whether a text asks by its form and is no bare answer (还没呢, 没有没有, 是的吧)."""
    return asks(text, desk) and not is_reply(text, desk.library)


def is_reply(text: str, library: Library) -> bool:
    """Whether a text is a bare yes, no or 不清楚."""
    bare = re.sub(r"[\W_]", "", library.teller.letters(text))
    forms = {bare, re.sub(r"[吧呢啊呀了的嘛]+$", "", bare)} - {""}
    replies = [one for name in ("yes", "no", "unknown") for one in library.teller.replies[name]]
    return any(spot == (0, len(form)) for form in forms for one in replies for spot in one.spots(form))


def agrees(text: str, library: Library) -> bool:
    """Whether a text is a bare yes."""
    bare = re.sub(r"[\W_]", "", library.teller.letters(text))
    return any(spot == (0, len(bare)) for one in library.teller.replies["yes"] for spot in one.spots(bare))


def states(text: str, desk: Desk) -> bool:
    """Whether a text states a figure or a day, and asks nothing (贷款合同是去年5月签的)."""
    scene = Scene(desk.library.teller.letters(text), desk.today)
    figures = bool(scene.days or scene.spans) or any(one.kind in ("money", "share") for one in scene.measured)
    return figures and not asks(text, desk) and not FIGURES.match(text)


def says_nothing(text: str, conversation: Conversation, desk: Desk) -> bool:
    """Whether a text by itself is neither of the guide nor small talk: 呃呃呃, or a figure after the sheet."""
    intent = _by_itself(text, conversation, desk.library)
    unknown = intent.kind in ("empty", "not_understood") or (intent.kind == "asks" and intent.confidence < FAINT)
    return unknown or bool(FIGURES.match(text))


def of_the_guide(text: str, conversation: Conversation, library: Library) -> bool:
    """Whether a text that is no answer is a matter that the guide or the small talk knows."""
    intent = _by_itself(text, conversation, library)
    known = intent.kind not in ("empty", "not_understood", "not_in_guide", "which") and not _small(intent)
    if (
        intent.kind in ("elsewhere", "silent")
        and not library.finder.find(library.finder.speller.fold(text)).is_question
    ):
        return False  # 北京, 在上海研发: told amiss, and asked of nobody
    return known and (intent.kind == "smalltalk" or intent.confidence >= FAINT)


def _by_itself(text: str, conversation: Conversation, library: Library) -> Intent:
    """What a text means without what was in hand before."""
    return understand(text, conversation.but(topics=(), facets=(), subject=""), library)


def _small(intent: Intent) -> bool:
    return intent.kind == "smalltalk" and intent.ids[0] in ("thanks", "bye")


def is_talk(text: str, library: Library) -> bool:
    """Whether a whole message is small talk that wants a reply of its own (在吗, 你是谁, 转人工)."""
    bare = re.sub(r"[\W_]", "", library.finder.speller.fold(text))
    return library.smalltalk.get(bare) in ("greeting", "who", "help", "human", "privacy")


def names(text: str, fact: Fact, desk: Desk) -> bool:
    """Whether a text says a fact by its name, so that its figure was meant for it."""
    return bool(changing.named_facts(text, (fact.key,), desk.library))


def named_in(text: str, noticed: Noticed, keys: tuple[str, ...], desk: Desk, *, least: int = 3) -> Noticed:
    """What a text tells of one of some facts by its name (合同额3000万), of which it holds `least` letters."""
    kept = changing.told_by_name(text, keys, desk.library, desk.today, least=least)
    if kept is None:
        return noticed
    after, new = tell(noticed.conversation, [kept], desk.library)
    return Noticed(after, new, noticed.doubtful)


def without_echo(text: str, library: Library) -> str:
    """失信？没有没有 → 没有失信: a visitor's echo of a question, with its answer."""
    parts = re.match(r"^\s*([^?？]{1,12})[?？]\s*([^?？]{1,8})$", text)
    if parts is None or not is_reply(parts[2], library):
        return text
    no = any(True for one in library.teller.replies["no"] for _ in one.spots(library.teller.letters(parts[2])))
    return f"{'没有' if no else '是'}{parts[1]}"
