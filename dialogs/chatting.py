"""Small talk as it is heard: greeting, thanks, good-bye, who are you, help, once more, shorter, a person."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from dialogs.hearing import CHAT, Heard
from dialogs.intent import Intent
from dialogs.library import Library
from knowledge.spelling import LATELY, letters_of

WITHIN = {"human", "wrong", "again", "shorter"}
"""Small talk that is also heard inside a short message (那给我转人工吧, 太长了简单点)."""


def smalltalk_in(text: str, library: Library) -> str | None:
    """The small talk that a whole message is."""
    return talk_of(letters_of(library.finder.speller.fold(text)), library)


def talk_of(bare: str, library: Library) -> str | None:
    """The small talk that a text of letters alone is, or that decides a short one."""
    return _talk_of(bare, library)


_PARTED = re.compile(r"[,.。!?;~、\s]+")
_AROUND = re.compile(r"^(?:你好|您好|那个|嗯|哦|好的?|那)+|(?:啊|呀|吧|呢|了|哦|哈|谢谢|吗|呗|嘛)+$")


@lru_cache(LATELY)
def _talk_of(bare: str, library: Library) -> str | None:
    half = bare[: len(bare) // 2]
    if bare not in library.smalltalk and bare == half * 2:
        bare = half  # 在吗在吗
    if bare in library.smalltalk:
        return library.smalltalk[bare]
    stripped = _AROUND.sub("", bare)
    if stripped in library.smalltalk:
        return library.smalltalk[stripped]
    if len(bare) <= 14:
        within = _words(library).within
        held = ((word, kind) for word, kind in within if word in bare and not _goes_on(word, bare))
        kind = next((kind for word, kind in held if not _asks_besides(kind, bare.replace(word, ""), library)), None)
        if kind:
            return kind
    if _only_kind(bare, library):
        return "thanks"
    return "who" if len(bare) <= 16 and any(word in bare for word in _words(library).who) else None


class _Words(NamedTuple):
    """The small talk that is also heard inside a message or around it."""

    within: tuple[tuple[str, str], ...]
    who: tuple[str, ...]
    around: tuple[tuple[str, str, str, int], ...]


@lru_cache(2)
def _words(library: Library) -> _Words:
    talk = library.smalltalk.items()
    forms = ((form.partition("…"), kind, len(form) + _OPEN_END) for form, kind in talk if "…" in form)
    return _Words(
        tuple((word, kind) for word, kind in talk if kind in WITHIN and len(word) > 2),
        tuple(word for word, kind in talk if kind == "who" and len(word) >= 4),
        tuple((begin, end, kind, longest) for (begin, _, end), kind, longest in forms),
    )


def talk_throughout(folded: str, library: Library) -> str | None:
    """The weightiest small talk of a message of which every piece is some (行，没别的了，拜拜)."""
    kinds = set[str]()
    for piece in filter(None, map(letters_of, _PARTED.split(folded))):
        kind = talk_of(piece, library) or _worded(piece, library)
        if kind is None or kind not in WEIGHTY:
            return None
        kinds.add(kind)
    return min(kinds, key=WEIGHTY.index, default=None)


def talk_alone(whole: Heard, library: Library) -> str | None:
    """The thanks or good-bye in a message of which nothing else is of ours or asks anything (谢谢,你比老板有耐心)."""
    said = [
        one.text for one in whole.segments for match in one.matches if any(t.kind != "filler" for t in match.targets)
    ]
    if said or any(one.asks for one in whole.segments):
        return None
    return _kinds_in(whole, library)


def kindly(other: Intent, whole: Heard, library: Library) -> str | None:
    """The thanks or greeting of a message that is otherwise a chat beside the matter (行了谢谢，就你这儿像句人话)."""
    if other.elsewhere is None or whole.told.get("email", 0.0) >= 1.0:
        return None
    if other.elsewhere.id != CHAT and not _only_liked(whole, library):
        return None
    return _kinds_in(whole, library) if len(whole.folded) <= GREETING else kind_word(whole, library)


def _only_liked(whole: Heard, library: Library) -> bool:
    """Whether a message that asks nothing is another matter's by likeness alone (早上好，刚打完卡，跟你打个招呼)."""
    worded = any(one.elsewhere or one.silent or one.is_question for one in whole.segments)
    return not worded and library.finder.elsewhere_in(whole.folded) is None


def kind_word(whole: Heard, library: Library) -> str | None:
    """The good-bye, thanks or greeting among the pieces of a message that asks nothing."""
    return None if any(one.is_question for one in whole.segments) else _kinds_in(whole, library)


GREETING = 12
"""Letters of a chat that is kind whatever it asks (早啊，吃了没)."""


def _kinds_in(whole: Heard, library: Library) -> str | None:
    pieces = filter(None, map(letters_of, _PARTED.split(whole.folded)))
    kinds = {talk_of(piece, library) or _worded(piece, library) for piece in pieces}
    return next((kind for kind in ("bye", "waits", "weary", "thanks", "greeting") if kind in kinds), None)


WEIGHTY = (
    "human",
    "wrong",
    "privacy",
    "who",
    "help",
    "shorter",
    "again",
    "bye",
    "waits",
    "weary",
    "thanks",
    "greeting",
)
"""Small talk by what is answered first."""
_OPEN_END = 12


def _worded(piece: str, library: Library) -> str | None:
    """The small talk whose beginning and end a piece has (祝…, …辛苦了), and little between."""
    length = len(piece)
    for begin, end, kind, longest in _words(library).around:
        if length <= longest and piece.startswith(begin) and piece.endswith(end):
            between = piece[len(begin) : len(piece) - len(end)]
            found = library.finder.find(between)
            named = any(target.kind not in ("filler", "facet") for match in found.matches for target in match.targets)
            return None if found.asks or named else kind  # 大兴邮箱谢谢, 早上好强链补链
    return None


def _only_kind(bare: str, library: Library) -> bool:
    """Whether a message is made of kind words and nothing else (好嘞明白了谢谢啊)."""
    return bool(library.kind_words.fullmatch(bare))


def _asks_besides(kind: str, rest: str, library: Library) -> bool:
    """Whether what is to be said once more is named (申宸的号码再说一遍), or shorter (太长了，直接说剩下哪几个不用)."""
    if kind == "human":
        return "电话" in rest  # 想找个人问问，电话多少
    if kind not in ("again", "shorter"):
        return False
    if _NTH.search(rest) or (kind == "again" and _ADDRESS.search(rest)):
        return True  # 第二个再说一遍, 邮箱再说一遍
    found = library.finder.find(rest)
    named = any(target.kind not in ("filler", "facet") for match in found.matches for target in match.targets)
    return named or (kind == "shorter" and bool(_ASKS.search(rest)))


_NTH = re.compile(r"第[一二三四1-4]个")
_ADDRESS = re.compile(r"邮箱|电话|号码|座机|名字")
_ASKS = re.compile(r"哪|多少|谁|几个|什么时候|怎么")


def _goes_on(word: str, bare: str) -> bool:
    """Whether what follows a word says what was meant instead (不是，我问的是西城那边的)."""
    return bool(re.match(r"是.", bare.partition(word)[2]))
