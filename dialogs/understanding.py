"""Text + conversation → Intent: what a message wants, and how sure that is.

One message may hold a paragraph about the company and one question, or three questions. It is cut into segments; those
that ask decide, the others lend their topic. What was in hand before is used only where a message leaves something out
(“那邮箱呢”, “EDA呢”); a topic named anew always wins.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Literal, NamedTuple

from dialogs.asks import asked
from dialogs.belonging import Evidence, not_ours
from dialogs.conversation import Conversation
from dialogs.doubting import doubted
from dialogs.filtering import filtered
from dialogs.glossing import asked_word
from dialogs.hearing import (
    CHAT,
    HINTED_TOPIC,
    STRONG,
    SURE_TOPIC,
    Heard,
    calls_by_name,
    corrected,
    cut,
    directions,
    named,
    plain,
    top,
    wants_person,
)
from dialogs.intent import PLAIN_FACETS, RULE_FACETS, Intent
from dialogs.library import Library
from dialogs.seeking import (
    MANAGES,
    SHORT,
    asks_which_office,
    district,
    looked_up,
    of_another_matter,
    offices_picked,
    wants_district,
    with_district,
)
from dialogs.trades import for_trade
from knowledge.finding import Found
from knowledge.words import Elsewhere


def understand(text: str, conversation: Conversation, library: Library, *, ours: bool = False) -> Intent:
    """What a text means in a conversation; `ours`: it is known to be about directions of ours (帮我测测新智造100)."""
    folded = corrected(library.finder.speller.fold(text))
    bare = re.sub(r"[\W_]", "", folded)
    if not bare:
        return Intent("smalltalk" if "?" in folded else "empty", ids=("help",))
    talk = _smalltalk(bare, library) or _talk_throughout(folded, library)
    if talk:
        return Intent("smalltalk", ids=(talk,))
    segments = [library.finder.find(segment) for segment in cut(folded)]
    whole = Heard(segments, folded, library.finder.bank)
    kind = _talk_alone(whole, library)
    if kind:
        return Intent("smalltalk", ids=(kind,))
    answerable = _answerable(whole, library)
    if answerable:
        kept, refused = answerable
        answered = district(kept, conversation, library) or with_district(
            asked(kept, conversation, library), kept, conversation, library
        )
        return replace(answered, elsewhere=refused)
    word = asked_word(folded, library) if len(whole.asking) == 1 else ""
    if word:
        return Intent(
            "define", ids=(word,), asks=asked(whole, conversation, library).asks, facets=("definition",), confidence=0.9
        )
    if person := looked_up(whole, conversation, library):
        return person
    over_all = _over_all(whole, conversation, library)
    other = None if ours else _elsewhere(whole, conversation, library, over_all=over_all is not None)
    if other and (kind := _kindly(other, whole, library)):
        return Intent("smalltalk", ids=(kind,))
    meant = (
        other
        or over_all
        or _highest(whole)
        or _overview(whole, conversation, library)
        or district(whole, conversation, library)
        or with_district(asked(whole, conversation, library), whole, conversation, library)
    )
    lost = meant.kind in ("not_in_guide", "not_understood")
    return Intent("smalltalk", ids=(kind,)) if lost and (kind := _kind_word(whole, library)) else meant


def places_in(text: str, library: Library) -> tuple[str, ...]:
    """The districts that a text names as they are written, in its order, each once."""
    places = _words(library).places
    found = _words(library).place.findall(library.finder.speller.fold(text))
    return tuple(dict.fromkeys(places[name] for name in found))


WITHIN = {"human", "wrong", "again", "shorter"}
"""Small talk that is also heard inside a short message (那给我转人工吧, 太长了简单点)."""


def smalltalk_in(text: str, library: Library) -> str | None:
    """The small talk that a whole message is."""
    return _smalltalk(re.sub(r"[\W_]", "", library.finder.speller.fold(text)), library)


def _smalltalk(bare: str, library: Library) -> str | None:
    if bare in library.smalltalk:
        return library.smalltalk[bare]
    stripped = re.sub(r"^(?:你好|您好|那个|嗯|哦|好的?|那)+|(?:啊|呀|吧|呢|了|哦|哈|谢谢|吗|呗|嘛)+$", "", bare)
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
    """The small talk that is also heard inside a message or around it; the names of places and whose they are."""

    within: tuple[tuple[str, str], ...]
    who: tuple[str, ...]
    around: tuple[tuple[str, str, str, int], ...]
    places: Mapping[str, str]
    place: re.Pattern[str]


@lru_cache(2)
def _words(library: Library) -> _Words:
    talk = library.smalltalk.items()
    targets = library.finder.lexicon.targets.items()
    places = {term: held[0].id for term, held in targets if held[0].kind == "district"}
    place = re.compile("|".join(map(re.escape, sorted(places, key=len, reverse=True))) or "(?!)")
    forms = ((form.partition("…"), kind, len(form) + _OPEN_END) for form, kind in talk if "…" in form)
    return _Words(
        tuple((word, kind) for word, kind in talk if kind in WITHIN and len(word) > 2),
        tuple(word for word, kind in talk if kind == "who" and len(word) >= 4),
        tuple((begin, end, kind, longest) for (begin, _, end), kind, longest in forms),
        places,
        place,
    )


def _talk_throughout(folded: str, library: Library) -> str | None:
    """The weightiest small talk of a message of which every piece is some (行，没别的了，拜拜)."""
    kinds = set[str]()
    for piece in filter(None, (re.sub(r"[\W_]", "", piece) for piece in re.split(r"[,.。!?;~、\s]+", folded))):
        kind = _smalltalk(piece, library) or _worded(piece, library)
        if kind is None or kind not in WEIGHTY:
            return None
        kinds.add(kind)
    return min(kinds, key=WEIGHTY.index, default=None)


def _talk_alone(whole: Heard, library: Library) -> str | None:
    """The thanks or good-bye in a message of which nothing else is of ours or asks anything (谢谢,你比老板有耐心)."""
    said = [
        one.text for one in whole.segments for match in one.matches if any(t.kind != "filler" for t in match.targets)
    ]
    if said or any(one.asks for one in whole.segments):
        return None
    pieces = (re.sub(r"[\W_]", "", piece) for piece in re.split(r"[,.。!?;~、\s]+", whole.folded))
    kinds = {_smalltalk(piece, library) or _worded(piece, library) for piece in pieces if piece}
    return next((kind for kind in ("bye", "thanks", "greeting") if kind in kinds), None)


def _kindly(other: Intent, whole: Heard, library: Library) -> str | None:
    """The thanks or greeting of a message that is otherwise a chat beside the matter (行了谢谢，就你这儿像句人话)."""
    return _kind_word(whole, library) if other.elsewhere and other.elsewhere.id == CHAT else None


def _kind_word(whole: Heard, library: Library) -> str | None:
    """The good-bye, thanks or greeting among the pieces of a message that asks nothing."""
    if any(one.is_question for one in whole.segments):
        return None
    pieces = [re.sub(r"[\W_]", "", piece) for piece in re.split(r"[,.。!?;~、\s]+", whole.folded)]
    kinds = {_smalltalk(piece, library) or _worded(piece, library) for piece in pieces if piece}
    return next((kind for kind in ("bye", "thanks", "greeting") if kind in kinds), None)


WEIGHTY = ("human", "wrong", "privacy", "who", "help", "shorter", "again", "bye", "thanks", "greeting")
"""Small talk by what is answered first."""
_OPEN_END = 12


def _worded(piece: str, library: Library) -> str | None:
    """The small talk whose beginning and end a piece has (祝…, …辛苦了), and little between."""
    for begin, end, kind, longest in _words(library).around:
        if piece.startswith(begin) and piece.endswith(end) and len(piece) <= longest:
            return kind
    return None


def _only_kind(bare: str, library: Library) -> bool:
    """Whether a message is made of kind words and nothing else (好嘞明白了谢谢啊)."""
    return bool(library.kind_words.fullmatch(bare))


def _asks_besides(kind: str, rest: str, library: Library) -> bool:
    """Whether what is to be said once more is named (申宸的号码再说一遍), or shorter (太长了，直接说剩下哪几个不用)."""
    if kind not in ("again", "shorter"):
        return False
    found = library.finder.find(rest)
    named = any(target.kind not in ("filler", "facet") for match in found.matches for target in match.targets)
    return named or (kind == "shorter" and bool(_ASKS.search(rest)))


_ASKS = re.compile(r"哪|多少|谁|几个|什么时候|怎么")


def _goes_on(word: str, bare: str) -> bool:
    """Whether what follows a word says what was meant instead (不是，我问的是西城那边的)."""
    return bool(re.match(r"是.", bare.partition(word)[2]))


def _answerable(whole: Heard, library: Library) -> tuple[Heard, Elsewhere] | None:
    """Of several questions those of ours, with what the others were refused for; None where that does not part them."""
    refused = [one for one in whole.asking if one.elsewhere or one.silent or library.finder.elsewhere_in(one.text)]
    ours = [one for one in whole.asking if one not in refused]
    if any(one.is_question for one in refused):
        ours = [one for one in ours if one.is_question]  # 文件里说不超过LPR,那LPR是多少 asks for one thing only
    if not refused or not any(_sure(one, library) for one in ours):
        return None
    if any((formed := library.finder.elsewhere_in(one.text)) and formed.id in QUALIFIES for one in refused):
        return None
    kept = Heard(
        [one for one in whole.segments if one not in refused], ",".join(one.text for one in ours), library.finder.bank
    )
    first = refused[0]
    return kept, (*first.elsewhere, *first.silent, library.finder.elsewhere_in(first.text))[0] or first.silent[0]


def _sure(one: Found, library: Library) -> bool:
    """Whether a segment by itself is a whole question of ours: a topic named, and a facet told."""
    weight = max(
        [*directions(one.topics, library).values(), *(w for t, w in one.topics.items() if t in RULE_FACETS)], default=0
    )
    return weight >= SURE_TOPIC and any(score >= 1 for score in one.facets.values())


def _elsewhere(whole: Heard, conversation: Conversation, library: Library, *, over_all: bool) -> Intent | None:
    """Another policy, or a matter on which the guide is silent, where that is what the question asks for.

    `over_all`: it is a question over all directions, which only a form of another matter outdoes.
    """
    if refused := _refused_before(whole, conversation, library):
        return Intent(_no(refused, library), elsewhere=refused, confidence=0.6)
    texts = [found.text for found in whole.asking] if whole.long else [whole.folded]
    formed = next((one for text in texts if (one := library.finder.elsewhere_in(text))), None)
    alone = formed is not None and formed.id in DECIDES_ALONE
    if (formed is None or formed.id not in DECIDES) and _plainly_ours(whole, conversation, library):
        return None
    if formed is None and over_all:
        return None
    worded = _matter_worded(whole)
    if formed is None:
        whole.others = {name: like for name, like in whole.others.items() if name not in BY_FORM}
    matter = max(whole.others, key=lambda name: whole.others[name], default="")
    evidence = Evidence(
        formed=formed is not None,
        qualified=formed is not None and formed.id in QUALIFIES,
        worded=worded is not None,
        known=_known(whole, conversation, library),
        goes_on=bool(conversation.topics) and not (worded and max(whole.others.values(), default=0.0) >= LIKE_ANOTHER),
    )
    if not (formed or worded or _resembles_others(whole)):
        return None
    odds = not_ours(whole, evidence)
    found = formed or worded or library.finder.elsewhere.get(matter)
    if found is None or (odds < 0 and not alone):
        return None
    return Intent(_no(found, library), elsewhere=found, confidence=round(1 / (1 + math.exp(-odds)), 2))


def _refused_before(whole: Heard, conversation: Conversation, library: Library) -> Elsewhere | None:
    """The other matter that was just refused, where a message goes on with it (财务等着我回话，到底交不交)."""
    held = library.finder.elsewhere.get(conversation.subject.partition("elsewhere:")[2])
    told = max(whole.told.values(), default=0.0) >= STRONG
    ours = max([named(whole, library)[1], *whole.words.values()], default=0.0) >= HINTED_TOPIC
    somebody = any(whole.gathered(kind) for kind in ("districts", "people", "phones", "mailboxes", "attachments"))
    liked = max(whole.ours.values(), default=0.0) >= LIKED_OURS
    return held if held and not (told or ours or somebody or liked) else None


LIKED_OURS = 0.6
"""Likeness to questions of ours from which a message leaves another matter."""


def _over_all(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What is asked over all directions: by a figure, a duty, a word, a threshold or a trade."""
    found = filtered(whole, library, goes_on=bool(conversation.topics))
    return found or (None if conversation.topics else for_trade(whole, library))


ANOTHER_YEAR = "other_year"
DECIDES_ALONE = {ANOTHER_YEAR, "listed_where", "papers"}
"""Forms of questions that decide by themselves: another year's guide, who stands in a list, letters to be written."""
DECIDES = {*DECIDES_ALONE, "recognition", "other_batch"}
"""Forms of questions that count though every word is one of ours (绿色工厂怎么认定)."""
BY_FORM = {"lpr_value", "credit_repair"}
"""Matters that only the form of a question tells: what it names stands in the guide (LPR档每年最多)."""
QUALIFIES = {ANOTHER_YEAR, "other_batch", "other_place"}
"""Matters that make a whole message another one's, whatever else it asks: another year, batch or place."""


LIKE_ANOTHER = 0.5
"""Likeness from which another matter's word leaves the topic in hand (这笔钱要不要交企业所得税)."""
RESEMBLING, ASKED_BEYOND = 0.2, 0.2
"""Likeness to questions of other matters, and of what is asked, below which a message is rather not understood."""


def _resembles_others(whole: Heard) -> bool:
    """Whether a message is like any questions of other matters at all (哇啦哇啦 is like nothing)."""
    return max(whole.others.values(), default=0.0) >= RESEMBLING or whole.beyond >= ASKED_BEYOND


def _plainly_ours(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether a message says nothing but names and facets of ours, picks out an office, or is typed pinyin of ours.

    Pinyin holds no characters, so that it is like nobody's questions; what it names decides.
    """
    if plain(whole) or offices_picked(whole, conversation, library):
        return True
    outside = _matter_worded(whole) or whole.gathered("outside")
    if whole.told.get("overview", 0.0) >= 1.0 and "方向" in whole.folded and not outside:
        return True
    if whole.gathered("numbered") and top(whole.told) and not _matter_worded(whole):
        return True
    if whole.gathered("districts") and (whole.gathered("desks") or len(whole.folded) <= SHORT):
        return True
    if whole.gathered("districts") and conversation.subject.startswith("district:") and not whole.told:
        return True
    if _tells_a_direction(whole, library) or doubted(whole, conversation, library):
        return True
    if asks_which_office(whole) or _narrows(whole, conversation, library):
        return True
    letters = sum(ch.isascii() and ch.isalpha() for ch in whole.folded)
    typed = letters >= MOSTLY * len(whole.folded.replace(" ", ""))
    told = any(weight >= STRONG for facet, weight in whole.told.items() if facet in PLAIN_FACETS)
    typed = typed and not _matter_worded(whole)
    return typed and ((told and whole.strange < PARTLY) or named(whole, library)[1] >= HINTED_TOPIC)


def _tells_a_direction(whole: Heard, library: Library) -> bool:
    """Whether a message asks nothing and calls one of our directions, of which it is more than of another matter."""
    ours, others = (max(likes.values(), default=0.0) for likes in (whole.ours, whole.others))
    return not any(one.asks for one in whole.segments) and calls_by_name(whole, library) and ours > others


def _narrows(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether a message asks nothing and tells more of what is in hand (我们去年评上世界经济论坛灯塔工厂了)."""
    if any(one.asks for one in whole.segments) or not conversation.topics:
        return False
    return _names_in_hand(whole, conversation, library)


def _names_in_hand(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether words name a provision of the topics in hand."""
    held = (one.id for topic in conversation.topics for one in library.under(topic))
    return any(whole.provisions.get(name, 0.0) >= 1.0 for name in held)


MOSTLY, PARTLY = 0.8, 0.3
"""Share of letters from which a message is typed in them; and of unknown letters from which it may be any matter."""


def _known(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether a message looks up somebody whom the tables print."""
    short = len(whole.folded) <= NAMES_ONLY
    other = _matter_worded(whole) or (of_another_matter(whole) and not short and not _SUPPOSES.search(whole.folded))
    if _names_in_hand(whole, conversation, library) and not other:
        return True
    somebody = any(whole.gathered(kind) for kind in ("people", "offices", "mailboxes")) and (
        wants_person(whole) or bool(MANAGES.search(whole.folded))
    )
    if whole.gathered("districts") and wants_person(whole):
        return True
    if of_another_matter(whole) and not whole.gathered("desks"):
        return False
    placed = whole.gathered("districts") or conversation.subject.startswith("district:")
    return somebody or bool(whole.gathered("desks")) or bool(placed and wants_district(whole, conversation, library))


NAMES_ONLY = 12
"""Letters up to which words of what is in hand decide, whatever a message is like (是哪一年的版本来着)."""
_SUPPOSES = re.compile(r"^那?(?:要是|如果|假如|假设|万一)")
"""How a message begins that supposes something of the firm (要是评上北京市智能工厂了呢)."""


def _matter_worded(whole: Heard) -> Elsewhere | None:
    """A matter that is not ours, by a word of its own list; asked words first."""
    asking = [one for found in whole.asking for one in (*found.silent, *found.elsewhere)]
    named = [one for found in whole.segments for one in found.elsewhere] if not whole.long else []
    return next(iter([*asking, *named]), None)


def _no(one: Elsewhere, library: Library) -> Literal["elsewhere", "silent"]:
    """Which kind of no an entry is."""
    return "silent" if one in library.finder.silent_matters else "elsewhere"


def _overview(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Everything there is at a glance; of a direction in hand it is that one (你整体介绍一下吧)."""
    in_hand = any(topic in library.guide.direction_of for topic in conversation.topics)
    if in_hand and not _OF_ALL.search(whole.folded):
        return None
    best = max((score for topic, score in whole.topics.items() if topic[:1].isdigit()), default=0.0)
    rule = max((score for topic, score in whole.ours.items() if topic != "overview"), default=0.0)
    told = whole.told.get("overview", 0) >= STRONG and rule <= max(0.45, whole.ours.get("overview", 0.0))
    if told and best < HINTED_TOPIC and not _duty_words(whole):
        return Intent("overview", facets=("overview",), confidence=0.9)
    return None


_OF_ALL = re.compile(r"方向|政策|指南|所有|全部|都有|哪些|别的|其他|14|十四")
"""What asks of all that there is, whatever is in hand."""
_MOST = r"(?:最高|最多|最大|最狠|最肥|拿得多|给得多|高一点|高些)"
_HIGHEST = re.compile(
    rf"(?:方向|哪个|哪项|哪块|哪条|哪类|哪一个|哪一项).{{0,12}}{_MOST}"
    rf"|{_MOST}(?:的|的?数|额|金额)?(?:是|属|要数|在)?(?:哪|什么方向)"
)
"""Which direction pays most: asked of all of them at once."""


def _highest(whole: Heard) -> Intent | None:
    named = sum(weight >= SURE_TOPIC for topic, weight in whole.topics.items() if topic[:1].isdigit())
    if named or not _HIGHEST.search(whole.folded) or whole.facets.get("contact"):
        return None
    return Intent("highest", facets=("amount",), confidence=0.85)


def _duty_words(whole: Heard) -> bool:
    return any(whole.told.get(facet, 0) >= STRONG for facet in ("library", "recommendation", "exclusivity", "contact"))
