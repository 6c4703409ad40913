"""Text + conversation → Intent: what a message wants, and how sure that is.

One message may hold a paragraph about the company and one question, or three questions. It is cut into segments; those
that ask decide, the others lend their topic. What was in hand before is used only where a message leaves something out
(“那邮箱呢”, “EDA呢”); a topic named anew always wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from dialogs.asks import asked
from dialogs.bare_words import by_words
from dialogs.chatting import kind_word, kindly, talk_alone, talk_of, talk_throughout
from dialogs.comparing_all import compared_over_all
from dialogs.conversation import Conversation
from dialogs.filtering import filtered, still_listed
from dialogs.glossing import asked_words
from dialogs.grounds import asked_for_grounds
from dialogs.hearing import HINTED_TOPIC, STRONG, Heard, calls_by_name, corrected, cut, tells_whom
from dialogs.in_district import district, with_district
from dialogs.intent import Intent
from dialogs.library import Library
from dialogs.overview import chapter_named
from dialogs.recalling import comes_back_here
from dialogs.refusing import QUALIFIES, answerable, asks_by_words_alone, refused
from dialogs.seeking import looked_up
from dialogs.trades import for_trade, lists_directions, says_a_line_of_work
from dialogs.with_held import with_held
from knowledge.spelling import any_of, letters_of


def understand(
    text: str, conversation: Conversation, library: Library, *, ours: bool = False, part: bool = False
) -> Intent:
    """What a text means in a conversation.

    `ours`: it is known to be about directions of ours (帮我测测新智造100); `part`: it stands in a longer message.
    """
    folded = corrected(library.finder.speller.fold(text))
    bare = letters_of(folded)
    if not bare:
        return Intent("smalltalk" if "?" in folded else "empty", ids=("help",))
    if conversation.topics and bare in _MAY_I and folded.endswith("?"):
        folded = "行不行?"  # 才花180万 → 行？
    if why := asked_for_grounds(folded, conversation, library):
        return why
    of = library.guide.direction_of
    if (
        comes_back_here(folded, conversation)
        and len(bare) <= HERE_ALONE
        and not any(topic in of for topic in (*conversation.earlier_topics, *conversation.topics))
    ):
        return Intent("overview", facets=("overview",), confidence=0.8)  # 上海的高精尖政策补多少 → 北京呢
    talk = None if folded == "行不行?" else talk_of(bare, library) or talk_throughout(folded, library)
    if talk and not (found := library.finder.find(folded)).people and not (found.districts and found.facets):
        return Intent("smalltalk", ids=(talk,))
    segments = [library.finder.find(segment) for segment in cut(folded)]
    whole = _without_excluded(Heard(segments, folded, library.finder.bank), library)
    whole = whole if part else by_words(whole, conversation, library)
    kind = talk_alone(whole, library)
    if kind:
        return Intent("smalltalk", ids=(kind,))
    whole, not_refused = _without_story(whole, conversation, library)
    parted = answerable(whole, library)
    if parted:
        kept, silent = parted
        answered = (
            looked_up(kept, conversation, library)
            or district(kept, conversation, library)
            or with_district(asked(kept, conversation, library), kept, conversation, library)
        )
        return replace(answered, elsewhere=silent, partly=True)
    if wrong := _no_direction(whole, library):
        return Intent("overview", facets=("overview",), figure=wrong, confidence=0.9)
    if library.commands.says("of_all_directions", folded):
        return Intent("overview", facets=("overview",), confidence=0.9)
    listed = library.commands.says("of_a_chapter", folded) and not tells_whom(whole)
    if listed and (chapter := chapter_named(folded, library)):
        return Intent("overview", ids=(chapter,), facets=("overview",), confidence=0.9)
    words = asked_words(folded, library) if len(whole.asking) == 1 else ()
    if words:
        return Intent(
            "define", ids=words, asks=asked(whole, conversation, library).asks, facets=("definition",), confidence=0.9
        )
    if person := looked_up(whole, conversation, library):
        return with_district(person, whole, conversation, library)
    over_all = _over_all(whole, conversation, library)
    other = None if ours or not_refused else refused(whole, conversation, library, over_all=over_all is not None)
    if other and (kind := kindly(other, whole, library)):
        return Intent("smalltalk", ids=(kind,))
    meant = (
        other
        or over_all
        or _overview(whole, conversation, library)
        or district(whole, conversation, library)
        or _asked(whole, conversation, library)
    )
    lost = meant.kind in ("not_in_guide", "not_understood") or (
        meant.kind == "which" and not whole.words and not tells_whom(whole)
    )
    return Intent("smalltalk", ids=(kind,)) if lost and (kind := kind_word(whole, library)) else meant


def _asked(whole: Heard, conversation: Conversation, library: Library) -> Intent:
    """What is asked of topics, with the district named beside them, or the direction in hand compared with them."""
    meant = with_held(asked(whole, conversation, library), whole, conversation, library)
    return with_district(meant, whole, conversation, library)


def _without_excluded(whole: Heard, library: Library) -> Heard:
    """The question behind a direction that is only set aside, where it names another (除了流片，EDA能补多少)."""
    if len(whole.segments) < 2 or not _SETS_ASIDE.match(whole.segments[0].text):
        return whole
    kept = whole.segments[1:]
    rest = Heard(kept, ",".join(one.text for one in kept), library.finder.bank)
    both = calls_by_name(rest, library) and calls_by_name(whole, library)
    return rest if both and not _BESIDES.search(rest.folded) else whole


_SETS_ASIDE = re.compile(r"^除(?:了|去|开)[^,。?!;还]{1,10}[,。]?$|^[^,。?!;]{1,10}(?:之外|以外)[,。]?$")
"""What sets something aside that is not asked of."""
_BESIDES = re.compile(r"还|也|同时|一起|再")
"""What asks of something beside what was set aside (除了流片，EDA还能报吗)."""


HERE_ALONE = 8
"""Letters of a message that asks how it is here, and nothing else."""


def _no_direction(whole: Heard, library: Library) -> str:
    """The number of a direction that there is not (方向15是什么), where no other one is numbered."""
    numbered = whole.gathered("numbered")
    return numbered[0] if numbered and not any(one in library.guide.direction_of for one in numbered) else ""


def _without_story(whole: Heard, conversation: Conversation, library: Library) -> tuple[Heard, bool]:
    """The question alone, where what is told before it is another matter's and the question is plainly ours.

    With it, whether it is known already that what is left is not refused, over all directions or otherwise.

    人保三家报价都看了，贵。车规级芯片那张保单北京最多摊几成 asks of the share. What is told of another place, year or
    batch counts for the question too, unless that names Beijing or this guide.
    """
    before_all = refused(whole, conversation, library, over_all=False) if len(whole.segments) > 1 else None
    if before_all is None:
        return whole, len(whole.segments) > 1
    of_the_whole = before_all.elsewhere is not None and before_all.elsewhere.id in QUALIFIES
    for at in range(len(whole.segments) - 1, 0, -1):
        kept, before = whole.segments[at:], whole.segments[at - 1]
        tail = Heard(kept, ",".join(one.text for one in kept), library.finder.bank)
        if not any(one.asks for one in kept) or not asks_by_words_alone(tail, library):
            continue
        here = bool(_HERE.search(tail.folded))
        apart = (before.text.endswith(("。", "!", ";")) and (here or not of_the_whole)) or (len(kept) == 1 and here)
        introduced = any(_INTRODUCES.search(one) for one in (before.text, kept[0].text.partition(",")[0]))
        apart = apart or (not of_the_whole and introduced)
        told_of_us = not of_the_whole and at == 1 and _DONE_TO_US.search(before.text)
        apart = apart or bool(told_of_us and _wholly_asked(tail, library))
        if apart and not refused(tail, conversation, library, over_all=False):
            return tail, True
    moved = _here_instead(whole, conversation, library) if of_the_whole else whole
    return moved, moved is not whole


def _wholly_asked(tail: Heard, library: Library) -> bool:
    """Whether a question names one of our directions and asks for a figure or somebody, pointing to nothing before."""
    told = max((tail.told.get(facet, 0.0) for facet in _OF_FIGURES), default=0.0)
    return calls_by_name(tail, library) and told >= 1.0 and not _POINTS_BACK.search(tail.folded)


_INTRODUCES = re.compile(r"[问讲说答](?:一|两|几)?(?:句|声|下)(?:真话|实话)?$|请问$")
"""What ends in saying that the question comes now (在税务大厅排队呢，替老板问一句：…)."""
_DONE_TO_US = re.compile(
    r"(?:给|帮|替|找|催|查)(?:了|完)?(?:我|咱)(?:们|家|司)?[^的]{0,12}[了完过]|(?:给|帮|替)(?:我|咱)们?(?:退|评|批|办)"
)
"""What tells of something that somebody else has done for the firm (税务局刚给我们退完留抵)."""
_OF_FIGURES = ("amount", "rate", "contact", "email", "deadline")
_POINTS_BACK = re.compile(r"^(?:那|这|它)|[这那](?:个|笔|项|种|钱|块)|他们|人家")
"""What makes a question one of what was told before it (科委有个概念验证资金，那个最多给多少)."""


def _here_instead(whole: Heard, conversation: Conversation, library: Library) -> Heard:
    """The question for Beijing with what it is about, told of another place (广州对新材料按保费补，北京最高补多少)."""
    last = whole.segments[-1]
    outside = whole.gathered("outside")
    wants = max(last.facets.values(), default=0.0) >= STRONG or _AND_OURS.search(last.text)
    if not outside or last.outside or not (wants and _HERE.search(last.text)) or _COMPARES.search(last.text):
        return whole
    before = [re.sub("|".join(map(re.escape, outside)), "", one.text) for one in whole.segments[:-1] if not one.asks]
    segments = [*map(library.finder.find, filter(None, before)), last]
    moved = Heard(segments, ",".join(one.text for one in segments), library.finder.bank)
    of_ours = any(topic in library.guide.direction_of for topic in moved.words)
    return moved if of_ours and not refused(moved, conversation, library, over_all=False) else whole


_COMPARES = re.compile(r"比|哪个|哪边|谁|更")
_AND_OURS = re.compile(r"(?:呢|这边|这里)[?]?$")


_HERE = re.compile(r"高精尖|北京|你们|咱们?这|市里|咱市|本批|这批|第一批")
"""What says that a question is of this guide, whatever place was spoken of before."""
_MAY_I = {"行", "能", "可以", "可", "好使"}
"""What asks whether it is possible with no more than a word and a question mark."""


def places_in(text: str, library: Library) -> tuple[str, ...]:
    """The districts that a text names as they are written, in its order, each once."""
    places, place = _places(library)
    found = place.findall(library.finder.speller.fold(text))
    return tuple(dict.fromkeys(places[name] for name in found))


_WHOM_THERE = re.compile(
    r"区?(?:里|那边|这边|经信局|的话)?(?:[,的]?(?:该|应该|要)?)?(?:找|打|问|联系|电话|邮箱|哪位|谁)"
)
_WHOM_IN_OURS = re.compile(
    r"(?:当地|本地)[^,。?!;]{0,4}(?:有没有人|谁|哪位|找|问)|(?:区里|区经信局?|本区|[我咱]们?区|区局|区那边)的?(?:又|该|应该|要|归)?(?:找|打|问|联系|电话|邮箱|哪位|谁|对接|哪个)"
)
"""What asks for somebody of a district: right behind its name, or of the one named anywhere (丰台…区里电话)."""


def places_asked(text: str, library: Library) -> tuple[str, ...]:
    """The districts of which a text asks, right behind their names, whom to turn to (昌平区找哪位)."""
    places, place = _places(library)
    folded = library.finder.speller.fold(text)
    there = _WHOM_IN_OURS.search(folded)
    found = (places[one[0]] for one in place.finditer(folded) if there or _WHOM_THERE.match(folded, one.end()))
    return tuple(dict.fromkeys(found))


@lru_cache(2)
def _places(library: Library) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """The names of places with their districts, and what finds them."""
    targets = library.finder.lexicon.targets.items()
    places = {term: held[0].id for term, held in targets if held[0].kind == "district"}
    return places, any_of(places)


def _over_all(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What is asked over all directions: by a figure, a duty, a word, a threshold or a trade."""
    if lists_directions(whole.folded, library) and (of_trade := for_trade(whole, library)):
        return of_trade  # 跟软件有关的有哪几个方向
    found = (
        still_listed(whole, conversation)
        or compared_over_all(whole, conversation, library)
        or filtered(whole, library, goes_on=bool(conversation.topics))
    )
    duties = any(whole.told.get(facet, 0.0) >= STRONG for facet in _OF_DUTIES)
    return found or (None if duties else _for_trade(whole, conversation, library))


def _for_trade(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """What there is for a trade; with a direction in hand only where that is not of the trade (做轴承的有钱拿吗)."""
    asks = any(one.asks for one in whole.segments) and says_a_line_of_work(whole.folded, library)
    if conversation.topics and not asks:
        return None
    found, of = for_trade(whole, library), library.guide.direction_of
    numbers = {of[topic].direction for topic in (found.ids if found else ()) if topic in of}
    in_hand = {of[topic].direction for topic in conversation.topics if topic in of}
    return None if numbers & in_hand else found


_OF_DUTIES = ("deadline", "recommendation", "library", "exclusivity")
"""Facets that a message asks for whatever trade it tells of (做装备的，几号截止、要不要推荐)."""


def _overview(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Everything there is at a glance; of a direction in hand it is that one (你整体介绍一下吧)."""
    in_hand = any(topic in library.guide.direction_of for topic in conversation.topics)
    if in_hand and not _OF_ALL.search(whole.folded):
        return None
    best = max((score for topic, score in whole.topics.items() if topic[:1].isdigit()), default=0.0)
    rule = max((score for topic, score in whole.ours.items() if topic != "overview"), default=0.0)
    only_liked = rule < NEARLY_A_RULE and max(whole.words.values(), default=0.0) < HINTED_TOPIC
    of_all = only_liked or rule <= max(0.45, whole.ours.get("overview", 0.0))
    told = whole.told.get("overview", 0) >= STRONG and of_all
    if told and best < HINTED_TOPIC and not _duty_words(whole):
        return Intent("overview", facets=("overview",), confidence=0.9)
    return None


NEARLY_A_RULE = 0.75
"""Likeness to a general rule's questions below which a word for all there is outdoes it."""
_OF_ALL = re.compile(r"方向|政策|指南|所有|全部|都有|哪些|别的|其他|14|十四")
"""What asks of all that there is, whatever is in hand."""


def _duty_words(whole: Heard) -> bool:
    return any(whole.told.get(facet, 0) >= STRONG for facet in ("library", "recommendation", "exclusivity", "contact"))
