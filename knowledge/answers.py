"""What a text says to one asked fact: its value, 不清楚, a question of its own, or nothing that can be read.

An answer is shorter than a story and its fact is known, so less is needed: 1200 takes the question's unit, 第二个 is
the second choice, 没有 is no. What a story's phrases say of the fact counts before a bare yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from knowledge.amounts import Measured
from knowledge.binding import number, signed
from knowledge.days import Day
from knowledge.guide import Fact
from knowledge.numerals import value_of
from knowledge.owners import own_words
from knowledge.scene import Scene
from knowledge.teller import Teller
from knowledge.telling import Value, heard_in
from knowledge.tellings import Ready, spots, stands

Why = Literal[
    "",
    "range",
    "rough",
    "bound",
    "tax",
    "currency",
    "year",
    "several",
    "which_day",
    "not_yet",
    "none",
    "which",
    "which_one",
    "figure",
    "unclear",
]
"""Why a text was not taken: a range, only near a figure, a bound (不到500万), a sum with tax, another currency,
a bare year, several figures, a month in which something begins to differ, not yet happened, a bare no,
是 to 有没有, 是 to a choice, a figure to yes or no, nothing that fits."""


@dataclass(frozen=True)
class Answer:
    """What a text says to one asked fact.

    `value`: read (`unsure` where said with 应该是, 大概). `unknown`: the person does not know. `question`: it asks
    something instead. `unreadable`: ask once more; `why` tells what was wrong.
    """

    kind: Literal["value", "unknown", "question", "unreadable"]
    value: Value | None = None
    unsure: bool = False
    why: Why = ""


_TAIL = re.compile(r"(?:了|啊|呀|哦|的|呢|吧|啦|哈|嘛|噢|喔|哟|滴|哒|咯|~|[,;。!.、]|\s)+$")
_HEAD = re.compile(r"^(?:嗯+|哦|啊|呃|额|那个|这个|就是|其实|我想想|我看看|回答|答|答案是|答案|[,;。!:、]|\s)+")
_MARKS = re.compile(r"(?:吗|么|呢|不)$")
_BUT = re.compile(r"但|不过|可是|只是|除了|除非|一部分|部分")
_YES, _NO = (
    re.compile(r"^(?:是|有|对|已|已经|属于|符合|满足|达到|在|能|可以|具备|确实|肯定|通过|进了|拿了|拿过)"),
    re.compile(
        r"^(?:不(?!含税|超过|低于|少于|到|足|止|只|光|仅)|没|未|无|非|否|还没|尚未|暂未|暂时没|目前没|从没|从来没|并没|都没|也没|并不|并非|没有)"
    ),
)
_NOT_SO_FAR = re.compile(r"^(?:都|也|并|暂时|目前|从来?)?(?:没|还没|未|尚未|还未|暂未|不在)")
_NOT_YET = re.compile(r"还没|没竣工|没完工|未竣工|未完工|尚未|没做完|没建完|在建|没签|没有|^没$|没上市|没进|还在")
_NONE = re.compile(r"^(?:零|0|没花|一分没有|不涉及|不含|没用|没做)$")
_ALL_REFUSED = re.compile(r"都|一个|哪个|全")
_ORDINAL = re.compile(
    r"^(?:选|选择|我选)?(?:第(?P<nth>[一二三四五六七八九十\d]{1,2})(?:个|项|种|条|类)?|(?P<bare>\d{1,2})|(?P<letter>[a-i]))(?:号|个|项|选项)?$"
)
_GROSS, _NET = re.compile(r"(?<!不)含税|价税合计"), re.compile(r"不含税|未税|税前|除税")
_ENGLISH = re.compile(r"\s*(?:who|what|how|where|when|which|why|can|do|does|is|are)\s+[a-z]+\s+[a-z]+")
_FIGURE = re.compile(r"\d")
_FOREIGN = re.compile(r"美元|美金|欧元|港币|日元|英镑|usd|eur|\$")
_PHONE = re.compile(r"(?<!\d)\d{7,}(?!\d|\.)")


def read_answer(fact: Fact, text: str, teller: Teller, today: date) -> Answer:
    """What a text says to an asked fact: 是 / 还没 / 不清楚 / 大概1200万 / 去年九月 / 海淀 / 第二个."""
    if text.strip() in fact.choices:
        return Answer("value", text.strip())
    scene = Scene(teller.letters(text), today, answer=True)
    if fact.kind != "bool":
        scene = replace(scene, text=own_words(scene.text, scene.clauses))
    words = _bare(scene.text) or scene.text.strip(",;。!?~ ")
    if not words:
        return Answer("unreadable", why="unclear")
    plain = any(_same(words, teller.replies[name]) for name in ("yes", "no", "unknown"))  # 没有没有 asks nothing
    if not plain and _asks(scene.text, teller):
        return Answer("question")
    read = _READERS[fact.kind](fact, scene, words, teller)
    if read.kind != "value" and _says(scene.text, teller.replies["unknown"]):
        return Answer("unknown")
    unsure = read.kind == "value" and (
        read.unsure or scene.text.endswith("?") or _says(scene.text, teller.replies["doubt"])
    )
    return Answer(read.kind, read.value, unsure, read.why)


def names_a_place(text: str) -> bool:
    """Whether a folded text only says which of some choices (第一个, 选2): it tells nothing besides."""
    return bool(_ORDINAL.match(_bare(text)))


def _bare(text: str) -> str:
    """A text without what people say before and after an answer."""
    return _TAIL.sub("", _HEAD.sub("", text.rstrip("?")))


def _asks(text: str, teller: Teller) -> bool:
    """Whether a text asks instead of answering; 1200万? and 是吧 still answer."""
    if _ENGLISH.match(text):
        return True
    stripped = text.rstrip("?。!,")
    if _MARKS.search(stripped) and len(stripped) > 2 and not (stripped.endswith("呢") and _NO.match(stripped)):
        return True
    return _says(text, teller.replies["asks"])


def _says(text: str, phrases: Ready) -> bool:
    return stands(phrases, text)


def _same(words: str, phrases: Ready) -> bool:
    """Whether words are one of the phrases, from end to end."""
    return (0, len(words)) in spots(phrases, words)


def _told(fact: Fact, scene: Scene, teller: Teller) -> Value | None:
    """What the phrases of stories say of the fact; None where nothing, or in two ways."""
    found = heard_in(scene, teller)
    return next((told.value for told in found.told if told.fact == fact.key), None)


# --- yes and no ------------------------------------------------------------------------------------------------------


def _bool(fact: Fact, scene: Scene, words: str, teller: Teller) -> Answer:
    nth = _nth(words, ["true", "false"])
    if nth is not None:
        return Answer("value", nth == "true")
    ready = teller.bools.get(fact.key)
    if ready:
        for value, phrases in ready.if_asked.items():
            if _says(scene.text, phrases):
                return Answer("value", value)
    told = _told(fact, scene, teller)
    if isinstance(told, bool):
        return Answer("value", told)
    if "有没有" in fact.question:
        words = re.sub(r"^(?:是的?|对的?|嗯+)[,啊呀]*(?=没|有|$)", "", words)
        if not words or (_same(words, teller.replies["yes"]) and "有" not in words):
            return Answer("unreadable", why="which")
        scene = replace(scene, text=words)
    plain = _without_doubt(words, teller)
    whole = scene.text.strip(",;。!?~ ")
    for value, name in ((False, "no"), (True, "yes")):
        if any(_same(form, teller.replies[name]) for form in (words, whole, plain, _without_doubt(whole, teller))):
            return Answer("value", value)
    if len(words) > 24 or _BUT.search(words) or _says(scene.text, teller.replies["unknown"]):
        return Answer("unreadable", why="unclear")
    for value, form in ((False, _NO), (True, _YES)):
        if begins := form.match(plain):
            of_another = _tells_of_another(fact, scene, plain[begins.end() :], teller)
            return Answer("unreadable", why="unclear") if of_another else Answer("value", value)
    return Answer("unreadable", why="figure" if _FIGURE.search(words) else "unclear")


def _tells_of_another(fact: Fact, scene: Scene, rest: str, teller: Teller) -> bool:
    """Whether what goes on behind a yes or no tells another fact, or a place (是整车企业, 在上海研发)."""
    if not rest or rest[0] in ",;。!的了啊呀呢吧过":
        return False
    return bool(heard_in(scene, teller).told) or any(True for _ in teller.seats.found(rest))


def _without_doubt(words: str, teller: Teller) -> str:
    """Words without those of doubt (应该是 → 是)."""
    for start, end in sorted(spots(teller.replies["doubt"], words), reverse=True):
        words = words[:start] + words[end:]
    return words


# --- choices ---------------------------------------------------------------------------------------------------------


def _choice(fact: Fact, scene: Scene, words: str, teller: Teller) -> Answer:
    labels = {value: teller.letters(label) for value, label in fact.choices.items()}
    for value, label in labels.items():
        if words in (value.lower(), label, _bare(label)):
            return Answer("value", value)
    nth = _nth(words, list(fact.choices))
    if nth is not None:
        return Answer("value", nth)
    if _same(words, teller.replies["yes"]):
        return Answer("unreadable", why="which_one")
    if _same(words, teller.replies["no"]) and not _ALL_REFUSED.search(words):
        return _none_of(fact, words, labels)
    place = _district(fact, scene, teller)
    if place:
        return Answer("value", place)
    for found in (_by_phrases(fact, scene, teller), _by_label(labels, words, scene), _by_refusal(fact, words, labels)):
        if len(found) == 1:
            return Answer("value", next(iter(found)))
        if found:
            return Answer("unreadable", why="several")
    return Answer("unreadable", why="none" if "none" in labels and _REFUSED.match(words) else "unclear")


def _none_of(fact: Fact, words: str, labels: dict[str, str]) -> Answer:
    """A bare 没有, 不是 to a choice: taken only where a printed choice says just that."""
    if labels.get("none") in ("没有", "都没有") and re.match(r"没|无|还没|暂|从", words):
        return Answer("value", "none")
    return Answer("unreadable", why="none")


def _nth(words: str, values: list[str]) -> str | None:
    """The choice that an ordinal names (第二个, 2, B); a bare number that is itself a value was taken before."""
    match = _ORDINAL.match(words)
    if not match:
        return None
    if match["letter"]:
        at = ord(match["letter"]) - ord("a")
    else:
        value = value_of(match["nth"] or match["bare"])
        at = int(value) - 1 if value is not None else -1
    return values[at] if 0 <= at < len(values) else None


def _district(fact: Fact, scene: Scene, teller: Teller) -> str | None:
    """The district of the places that are named, where they all lie in one."""
    if fact.key != "district":
        return None
    places = {teller.seats.districts[m[0]] for m in teller.seats.found(scene.text) if m[0] in teller.seats.districts}
    return places.pop() if len(places) == 1 else None


def _by_phrases(fact: Fact, scene: Scene, teller: Teller) -> set[str]:
    told = _told(fact, scene, teller)
    if isinstance(told, str):
        return {told}
    ready = teller.choices.get(fact.key, {})
    return {
        value
        for value in fact.choices
        for phrase in ready.get(value, ())
        if any(not scene.negated(*spot) for spot in phrase.spots(scene.text))
    }


def _by_label(labels: dict[str, str], words: str, scene: Scene) -> set[str]:
    """The choices whose label stands in the words, or in whose label the words stand; none where it is denied."""
    words = _chinese_stage(words)
    labels = {value: _chinese_stage(label) for value, label in labels.items()}
    refused = _REFUSED.match(words)
    inside = {
        value
        for value, label in labels.items()
        if len(words) >= 2 and (words in label or (label in words and not refused))
    }
    held: set[str] = set()
    for value, label in labels.items():
        for piece in {label, *re.split(r"[/(),、或和]", label)}:
            at = scene.text.find(piece) if len(piece) >= 2 else -1
            if at >= 0 and not scene.negated(at, at + len(piece)):
                held.add(value)
    return held or inside


def _chinese_stage(text: str) -> str:
    """Ⅱ期 as 二期, however it was typed."""
    return re.sub(r"(?<![a-z])(i{1,3})期", lambda found: "一二三"[len(found[1]) - 1] + "期", text)


_REFUSED = re.compile(r"^(?:都|哪个都|一个都|全)?(?:没有?|不是|不属于|无)(?P<what>.*)$")


def _by_refusal(fact: Fact, words: str, labels: dict[str, str]) -> set[str]:
    """The choice for none of them, where there is one; what denies one of the others (不是固定资产贷款) is not it."""
    refused = _REFUSED.match(words)
    if refused and "none" in fact.choices and not _names_one(refused["what"], labels):
        return {"none"}
    if "other" in fact.choices and re.match(r"^(?:其他|其它|别的|都不是|以上都不是|哪个都不是)", words):
        return {"other"}
    return set()


def _names_one(words: str, labels: dict[str, str]) -> bool:
    """Whether words hold a piece of a choice's label that is not common to all (固定 of 固定资产投资贷款)."""
    others = [label for value, label in labels.items() if value not in ("none", "other")]
    pieces = {words[at : at + 2] for at in range(len(words) - 1)}
    return any(
        piece in label and piece not in labels.get("none", "") and not all(piece in each for each in others)
        for piece in pieces
        for label in others
    )


# --- numbers ---------------------------------------------------------------------------------------------------------


def _number(fact: Fact, scene: Scene, words: str, teller: Teller) -> Answer:
    if fact.key in teller.years:
        return _year(fact, scene, words, teller)
    if fact.key in teller.spans and scene.spans:
        return _span(scene)
    if _FOREIGN.search(scene.text):
        return Answer("unreadable", why="currency")
    kind = {"万元": "money", "%": "share"}.get(fact.unit or "", "count")
    if kind == "money" and _NONE.match(words):
        return Answer("value", 0)
    if _same(words, teller.replies["no"]):
        return Answer("unreadable", why="none")
    told = _told(fact, scene, teller)
    if isinstance(told, int | float) and not isinstance(told, bool):
        return Answer("value", told)
    rules = teller.figures.get(fact.key)
    if rules and rules.rules.net and _GROSS.search(scene.text) and not _NET.search(scene.text):
        return Answer("unreadable", why="tax")
    if spots(teller.strange, scene.text):
        return Answer("unreadable", why="unclear")
    if kind == "money" and rules and _names_another(fact, scene.text, teller):
        return Answer("unreadable", why="unclear")
    found = [one for one in scene.measured if one.kind in (kind, "bare")]
    return _one(fact, [one for one in found if one.kind == kind] or found, kind, scene, teller)


def _names_another(fact: Fact, text: str, teller: Teller) -> bool:
    """Whether a text names what money of another fact went to, and nothing of this one (花了2000万流片)."""
    own = teller.figures[fact.key]
    named = any(stands(phrases, text) for phrases in (own.nouns, own.things))
    others = (one for key, one in teller.figures.items() if key != fact.key)
    return not named and any(stands(phrases, text) for one in others for phrases in (one.nouns, one.things))


def _one(fact: Fact, found: list[Measured], kind: str, scene: Scene, teller: Teller) -> Answer:
    """The one figure that was told, in the question's unit."""
    if not found:
        year = next((day for day in scene.days if day.precision in ("year", "month")), None)
        return Answer("unreadable", why="year" if year and kind == "money" else "unclear")
    if len({one.value for one in found}) > 1:
        return Answer("unreadable", why="range" if any(one.value is None for one in found) else "several")
    one = found[0]
    if one.value is None:
        return Answer("unreadable", why="range")
    if one.bound or one.rough:
        return Answer("unreadable", why="bound" if one.bound else "rough")
    if one.kind == "bare" and not _plausible(one.value, kind, scene.text[one.start : one.end]):
        return Answer("unreadable", why="year" if 1990 <= one.value <= 2040 else "unclear")
    if fact.key in teller.spans:
        return _bare_span(one)
    if kind == "count" and (one.value != int(one.value) or not _fits(one, fact, teller)):
        return Answer("unreadable", why="unclear")
    return Answer("value", signed(one, fact, scene.text), one.about)


LONGEST_SPAN = 10
"""Years up to which a bare number is a length of time; 18 are months, 3000 are something else."""


def _bare_span(one: Measured) -> Answer:
    """A number without 年 or 个月 as a length of time in years."""
    if one.value is None or one.unit or one.kind not in ("bare", "count") or one.value > LONGEST_SPAN:
        return Answer("unreadable", why="unclear")
    return Answer("value", number(float(one.value)), one.about)


def _fits(one: Measured, fact: Fact, teller: Teller) -> bool:
    """Whether a count has a measure word of its fact (3家), 个 or none."""
    counted = teller.counts.get(fact.key)
    return not one.unit or one.unit == "个" or counted is None or one.unit in counted.units


def _plausible(value: Decimal, kind: str, words: str) -> bool:
    """Whether a bare number may take the question's unit: no year, telephone or hot line, no fraction for %."""
    if kind == "money":
        return not (2015 <= value <= 2030) and value < 1_000_000 and words != "12345" and not _PHONE.search(words)
    return not (kind == "share" and 0 < value < 1) and value < 100_000


def _span(scene: Scene) -> Answer:
    if len(scene.spans) > 1:
        return Answer("unreadable", why="several")
    span = scene.spans[0]
    before = scene.text[max(0, span.start - 4) : span.start]
    if re.search(r"不到|不足|超过|至少|不超过", before):
        return Answer("unreadable", why="bound")
    return Answer("unreadable", why="rough") if span.rough else Answer("value", number(span.years))


def _year(fact: Fact, scene: Scene, words: str, teller: Teller) -> Answer:
    """A year in which something happened; 0 where it has not."""
    if _says(scene.text, teller.replies["unknown"]) and not scene.days:
        return Answer("unknown")
    if _says(scene.text, teller.years[fact.key].never) or (_NOT_SO_FAR.match(words) and not scene.days) or words == "0":
        return Answer("value", 0)
    if _same(words, teller.replies["no"]):
        return Answer("unreadable", why="none")
    years = {day.first.year for day in scene.days if day.first.year == day.last.year}
    bare = re.search(r"(?<!\d)(20[0-3]\d|199\d)(?!\d)", scene.text)
    if not years and bare:
        years = {int(bare[0])}
    if not years and (short := re.search(r"(?<!\d)([12]\d)年", scene.text)):
        years = {2000 + int(short[1])}
    if len(years) == 1:
        return Answer("value", years.pop())
    return Answer("unreadable", why="several" if years else "unclear")


# --- days ------------------------------------------------------------------------------------------------------------


def _date(fact: Fact, scene: Scene, words: str, teller: Teller) -> Answer:
    found = [*scene.days, *([] if scene.days else _bare_year(scene))]
    if not found:
        return Answer("unreadable", why="not_yet" if _NOT_YET.search(words) else "unclear")
    best = min(found, key=lambda day: day.last - day.first)
    if not all(day.first <= best.first and best.last <= day.last for day in found):
        return Answer("unreadable", why="several")
    value = best.value(teller.breaks, scene.today)
    if value is None:
        return Answer("unreadable", why="which_day")
    return Answer("value", value, best.guessed_year)


def _bare_year(scene: Scene) -> list[Day]:
    """A year without 年 (2022), as an answer."""
    match = re.fullmatch(r"\D*(20[0-3]\d)\D*", scene.text)
    return [Day(0, 4, date(int(match[1]), 1, 1), date(int(match[1]), 12, 31), "year")] if match else []


_READERS: dict[str, Callable[[Fact, Scene, str, Teller], Answer]] = {
    "bool": _bool,
    "choice": _choice,
    "number": _number,
    "date": _date,
}
