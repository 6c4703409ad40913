"""投资额改成600万; 不对，是海淀: which told fact a correction means, and what it becomes."""

from __future__ import annotations

import re
from datetime import date

from dialogs.conversation import Conversation, Kept
from dialogs.interview import Standing, standing_of
from dialogs.library import Library
from dialogs.noticing import alike, kept_of
from knowledge.amending import amended
from knowledge.answers import read_answer
from knowledge.guide import Fact
from knowledge.judging import judge_branch
from knowledge.owners import PARTY
from knowledge.scene import Scene
from knowledge.telling import heard_in

_EMPTY = re.compile(r"^(?:刚才|刚刚|上面|前面|那个|这个|我|的|把|将|要|是|请|哦|啊|,|。|!|那|不|对|了)*$")


def corrections(text: str, conversation: Conversation, library: Library, today: date, kind: str) -> list[Kept]:
    """What a correcting text changes; empty where that can't be told. `kind`: firmly or maybe."""
    folded = library.teller.letters(text)
    spot, whole = library.commands.found(kind, folded), amended(folded, library.teller, today)
    if not conversation.told or (spot is None and whole == folded):
        return []
    left, right = (folded[: spot[0]], folded[spot[1] :]) if spot else ("", whole)
    right = amended(right.lstrip(",。:;!了 是"), library.teller, today)
    alone = bool(_EMPTY.match(left))
    told = heard_in(Scene(right if alone else f"{left}是{right}", today, answer=True), library.teller).told
    heard = [kept_of(one, library) for one in told]
    now = conversation.now
    known = [kept for kept in heard if kept.fact in now]
    standing = standing_of(conversation, library, today)
    named = _by_name(left, right, {*now, conversation.asking}, facts_in_scope(standing), library, today)
    other = known and named and named[0].fact != known[0].fact
    if other and _called(left, named[0].fact, library) > _called(left, known[0].fact, library):
        return named
    found = known or named or heard or (_last(right, conversation, library, today) if alone else [])
    return [
        kept for kept in found if kept.fact not in now or not alike(now[kept.fact], kept, library.guide.fact[kept.fact])
    ]


def put_right(text: str, conversation: Conversation, library: Library, today: date) -> list[Kept]:
    """What a text plainly puts right of what was told; empty where it may speak of the rules or of anything else."""
    folded = library.teller.letters(text)
    if not _IS_PUT_RIGHT.search(folded) or _AN_OPINION.search(folded):
        return []
    kept = corrections(text, conversation, library, today, "maybe")
    return kept if all(one.fact in conversation.now for one in kept) else []


_IS_PUT_RIGHT = re.compile(r"^[哦噢啊嗯哎，,。 ]*(?:不对|错了|改一下|不是|应该是|准确|更正|刚才|上面)|不是.{1,16}是")
"""How a text begins that puts right what was told."""
_AN_OPINION = re.compile(r"负责|管|门槛|要求|起步|更好|觉得|条件")
"""What speaks of the rules or of who is in charge, not of the firm (应该是朝阳区负责吧)."""
_DISOWNED = re.compile(
    rf"(?:^|[,。])(?P<what>[^,。]{{2,14}}?)(?:都|才|其实)?是(?:我们|我司)?(?:家|公司|厂)?的?(?:{PARTY.pattern})[^,。]{{0,4}},(?P<own>.+)$"
)
"""What is somebody else's, and what is said of oneself instead (800万是客户的，我们是300万)."""
_OF_US = re.compile(r"^(?:我们|我司|我|咱们?)(?:自己|这边|公司|厂)?(?:的)?(?:才)?[是在]?(?=.)")


def disowned(text: str, conversation: Conversation, library: Library, today: date) -> list[Kept]:
    """What was told and turns out to be somebody else's, as it is of oneself; empty where that can't be told."""
    found = _DISOWNED.search(library.teller.letters(text))
    if found is None:
        return []
    what, own = found["what"], found["own"]
    if _names_something(Scene(_OF_US.sub("", own), today, answer=True)):
        return []  # 固投是集团的，我们贷款500万 tells of another fact
    now = {key: kept for key, kept in conversation.now.items() if key in library.guide.fact and kept.value is not None}
    same = [
        library.guide.fact[key]
        for key, kept in now.items()
        if (said := read(library.guide.fact[key], what, library, today)) and said.value == kept.value
    ]
    facts = same or named_facts(what, tuple(now), library)
    ways = (own, _OF_US.sub("", own))
    ours = (read(fact, way, library, today) for fact in facts for way in ways)
    return [kept for kept in ours if kept and kept.value is not None][:1]


def facts_in_scope(standing: Standing) -> tuple[str, ...]:
    """The facts that the branches in scope ask for, without those of branches that fail already."""
    judged = {
        branch: judge_branch(branch, standing.case, standing.guide, standing.today) for branch in standing.branches
    }
    open_ = {branch for branch, one in judged.items() if one.verdict != "not_eligible"} or set(standing.branches)
    return tuple(fact.key for fact in standing.guide.facts if open_ & set(fact.branches))


def _by_name(
    left: str, right: str, told: set[str], others: tuple[str, ...], library: Library, today: date
) -> list[Kept]:
    """The one fact whose name the words share most of, two letters at least, where the rest can be read for it.

    Of facts that are called alike the one that was told.
    """
    scored: list[tuple[int, bool, Kept]] = []
    for key in dict.fromkeys((*told, *others)):
        fact = library.guide.fact.get(key)
        share = _called(left, key, library) if fact else 0
        kept = read(fact, right, library, today) if fact and share >= 2 else None
        if kept:
            scored.append((share, key in told, kept))
    best = max(((share, known) for share, known, _ in scored), default=None)
    found = [kept for share, known, kept in scored if (share, known) == best]
    return found if len(found) == 1 else []


def named_facts(words: str, keys: tuple[str, ...], library: Library) -> list[Fact]:
    """The facts whose name the words hold most of, two letters at least; several where they are called alike."""
    folded = library.teller.letters(words)
    shares = {key: _called(folded, key, library) for key in keys if key in library.guide.fact}
    best = max(shares.values(), default=0)
    return [library.guide.fact[key] for key, share in shares.items() if share == best] if best >= 2 else []


def told_by_name(text: str, keys: tuple[str, ...], library: Library, today: date, *, least: int = 3) -> Kept | None:
    """The figure or day that a text tells of the fact whose name it holds most of, `least` letters or more."""
    folded = library.teller.letters(text)
    facts = [library.guide.fact[key] for key in keys if library.guide.fact[key].kind in ("number", "date")]
    shares = {fact.key: _called(folded, fact.key, library) for fact in facts}
    best = max(shares.values(), default=0)
    named = [fact for fact in facts if shares[fact.key] == best >= least]
    return read(named[0], text, library, today) if len(named) == 1 else None


def _last(right: str, conversation: Conversation, library: Library, today: date) -> list[Kept]:
    """The fact told last for which a bare value can be read; none where the words name something else."""
    if _names_something(Scene(right, today, answer=True)):
        return []
    for key in dict.fromkeys(kept.fact for kept in reversed(conversation.told)):
        fact = library.guide.fact.get(key)
        kept = read(fact, right, library, today) if fact else None
        if kept:
            return [kept]
    return []


_FILLER = re.compile(r"[\W_]|大概|大约|约|左右|上下|差不多|可能|应该|是|为|到|了|吧|的|才|也就|不含税|含税|整|[正刚]好")


def _names_something(scene: Scene) -> bool:
    """Whether words beside a figure or a day name what it is a figure of (合同额8000万)."""
    spans = [*((one.start, one.end) for one in scene.measured), *((one.start, one.end) for one in scene.days)]
    rest = "".join(letter for at, letter in enumerate(scene.text) if not any(a <= at < b for a, b in spans))
    return bool(spans) and len(_FILLER.sub("", rest)) >= 2


def _called(words: str, key: str, library: Library) -> int:
    """How many letters of words call a fact: of its name, or of a noun by which stories tell it (营收)."""
    figure = library.teller.figures.get(key)
    nouns = figure.nouns if figure else ()
    spots = [end - start for noun in nouns for start, end in noun.spots(words)]
    return max([_shared(words, library.teller.letters(library.guide.fact[key].name)), *spots])


def _shared(words: str, name: str) -> int:
    """How many letters both hold in pieces of two and more, in any order (范围投资 in 纳入奖励范围总投资: 4)."""
    pieces = [name[a:b] for a in range(len(name)) for b in range(len(name), a + 1, -1) if name[a:b] in words]
    best = max(pieces, key=len, default="")
    if not best:
        return 0
    rest = words.replace(best, " ", 1), name.replace(best, " ", 1)
    return len(best) + _shared(*rest)


def read(fact: Fact, text: str, library: Library, today: date) -> Kept | None:
    """What a text says to one fact, if it can be read."""
    answer = read_answer(fact, text, library.teller, today)
    if answer.kind == "unknown":
        return Kept(fact=fact.key, value=None)
    if answer.kind != "value" or answer.value is None:
        return None
    return Kept(fact=fact.key, value=answer.value, words=day_words(fact, text, library, today))


def day_words(fact: Fact, text: str, library: Library, today: date) -> str:
    """The words of a text that say a day, for facts that are days."""
    if fact.kind != "date":
        return ""
    scene = Scene(library.teller.letters(text), today, answer=True)
    best = min(scene.days, key=lambda day: day.last - day.first, default=None)
    return scene.text[best.start : best.end][:16] if best else ""
