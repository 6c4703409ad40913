"""What a message changes of the case in hand, or asks of it again, said as the one question that is meant.

“投了3000万能补多少” → “改成4000万” → “还能报吗”: each is the question in hand with something else in its place. A
conversation keeps that question as it stands now; a figure or day of the message takes the place of the one of its
kind, beside the same word (每台50万 for 每台20万, 2020年1月开工 for the other 开工). Where it is not plain which is
meant, nothing is put together. Words around a figure and questions asked again are phrases of `commands.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogs.stepping import Desk
from dialogs.weighing_days import COMPLETED, STARTED
from dialogs.whether import BOUNDED, CLAUSE, SUM_ASKED, WHETHER
from dialogs.within_ceiling import claims_a_sum
from knowledge.amounts import told as told_in
from knowledge.finding import is_question
from knowledge.scene import Scene
from knowledge.telling import heard_in
from knowledge.tellings import spots

LONGEST = 150
"""Letters of a question that is kept; of a long story it is not plain what another figure would replace."""
_MARK = re.compile(r"[,;。!?: ]")
_EACH = re.compile(r"[每各单]")
_IN_ALL = re.compile(r"一共|总共|合计|加起来")
"""What follows a count that only says of how many a sum is (三期一共1个亿)."""
_EVENT = re.compile(f"{STARTED.pattern}|{COMPLETED.pattern}")


@dataclass(frozen=True)
class _Value:
    """A figure or day of a text: where, of which kind (a count's is its measure word), the words on either side."""

    start: int
    end: int
    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class _Parted:
    """A message taken apart: its values, the words left over, and the question that it ends with."""

    values: tuple[_Value, ...]
    words: tuple[str, ...]
    asks: str


def case_in(text: str, desk: Desk) -> str:
    """The case to be kept: a message that tells a figure or day, or states another fact, folded; empty where not."""
    folded = desk.library.teller.letters(text)
    tells = len(folded) <= LONGEST and (_values(folded, desk) or (not _asks(folded) and _tells(folded, desk)))
    return folded if tells else ""


def story_with(held: str, text: str, desk: Desk) -> str:
    """The case in hand with one more statement of it; empty where there is none in hand, or the message asks."""
    folded = desk.library.teller.letters(text)
    if not held or _asks(folded) or _asks(held):
        return ""
    if puts_right(folded):
        return _put_right(held, folded, desk)
    whole = f"{held},{folded}" if _tells(folded, desk) else held
    return whole if len(whole) <= LONGEST else ""


def _tells(folded: str, desk: Desk) -> bool:
    """Whether a text tells anything of a case: a figure, a day, or a fact of another kind."""
    return bool(_values(folded, desk) or heard_in(Scene(folded, desk.today, answer=True), desk.library.teller).told)


def statement_in(text: str, desk: Desk) -> str:
    """What a message states, folded, without what asks or only bounds a figure; empty where it is of another case."""
    folded = desk.library.teller.letters(text)
    if len(folded) > LONGEST or asks_of_another(folded):
        return ""
    stated = (clause for clause in CLAUSE.split(folded) if clause and not _asks(clause))
    return ",".join(clause for clause in stated if not BOUNDED.search(clause))


def puts_right(folded: str) -> bool:
    """Whether a text puts right what was told before."""
    return bool(_PUTS_RIGHT.search(folded))


def asks_of_another(folded: str) -> bool:
    """Whether a text is of something else than was told."""
    return bool(_OF_ANOTHER.search(folded))


def tells_nothing(text: str, desk: Desk) -> bool:
    """Whether a message leaves the case in hand as it is."""
    folded = desk.library.teller.letters(text)
    return not _tells(folded, desk) and not _PART.search(folded)


_PUTS_RIGHT = re.compile(
    r"改过|更正|纠正|[看写说记弄搞填打]错|口误|不对|错了|其实是|实际是|应该是|最后是|准确(?:地|来)?说|只剩|才是"
)
"""What puts right what was told."""


def _put_right(held: str, folded: str, desk: Desk) -> str:
    """The case with its last figure of the kind that a correction tells replaced; empty where that is not plain."""
    old = {held[one.start : one.end] for one in _values(held, desk)}
    new = [one for one in _values(folded, desk) if folded[one.start : one.end] not in old]
    if len(new) != 1:
        return ""
    alike = [one for one in _values(held, desk) if one.kind == new[0].kind]
    if not alike or _PART.search(folded):
        return ""
    return f"{held[: alike[-1].start]}{folded[new[0].start : new[0].end]}{held[alike[-1].end :]}"


_PART = re.compile(r"一半|只有|部分|里面|里头|其中|不算|扣|剔|刨|减|合计|两边|一共")
"""What tells of a part, so that a figure is not the one that was told before."""


def of_the_story(text: str, held: str, desk: Desk) -> str:
    """A question whether the case that was told before it, without asking, suffices; empty where it is another one.

    One that tells figures of its own in the place of those asks of them.
    """
    folded = desk.library.teller.letters(text)
    if not held or _asks(held) or len(held) + len(folded) > LONGEST:
        return ""
    if _puts_another(folded, held, desk):
        return ""
    whole = f"{held},{folded}"
    asks = _asks(folded) and (WHETHER.search(folded) or SUM_ASKED.search(folded) or claims_a_sum(folded))
    in_two_ways = heard_in(Scene(whole, desk.today, answer=True), desk.library.teller).doubtful
    return whole if asks and not in_two_ways and not asks_of_another(folded) else ""


def _puts_another(folded: str, held: str, desk: Desk) -> bool:
    """Whether a question tells a figure in the place of one that was told, not that one again or the award's sum."""
    told_before = {one.value for one in told_in(held)}
    kinds = {one.kind for one in _values(held, desk)}
    new = [one for one in _values(folded, desk) if one.kind in kinds and not _OF_THE_AWARD.search(folded[: one.start])]
    again = {one.start for one in told_in(folded) if one.value in told_before}
    return any(one.start not in again for one in new)


_OF_THE_AWARD = re.compile(r"(?:那|这|拿|奖|补|给|领|几|档)(?:个|笔|那)?$")
"""What stands before the sum of an award, or before 几百万."""


def _asks(folded: str) -> bool:
    """Whether a text asks something (不对不对 and 差几天 do not)."""
    return is_question(_NO_QUESTION.sub("", folded))


_NO_QUESTION = re.compile(r"不对(?:不对)+|差(?:了)?几|好几|没几|几(?:天|个月|年)(?:前|后)")
"""Words that look like a question's and ask nothing."""
_OF_ANOTHER = re.compile(r"要是|如果|假如|万一|另外|另一|别的|其他|其它|还有|换|朋友|同行|他们|人家")
"""What asks of something else than was told."""


def supposed(text: str, held: str, desk: Desk) -> str:
    """The question in hand with what a message changes put in, or asked again in its words; empty where it does not."""
    folded = desk.library.teller.letters(text)
    if not held or len(folded) > LONGEST:
        return ""
    if _ONLY_CLAIMS.match(folded):
        return f"{_without_question(held, desk)[0]},{folded}"
    said = _parted(folded, desk)
    case, asked = _without_question(held, desk)
    if not (said.values or said.asks) or not all(word in case or _EVENT.fullmatch(word) for word in said.words):
        return ""
    for value in (one for one in said.values if not _IN_ALL.match(one.after)):
        case = _put(case, value, folded[value.start : value.end], said, desk)
        if not case:
            return ""
    asks = said.asks or asked
    return f"{case},{asks}" if asks else case


_ONLY_CLAIMS = re.compile(
    r"^(?:那|所以|就|是|该|应该|一共|最多)*(?:能|可以)?(?:补|奖|贴|给|拿|领)(?:到|我们)?[\d.一二两三四五六七八九十百千]+[万亿]元?(?:对|是)?[吗吧呢么不]?[?]*$"
)
"""A message that has nothing but the sum that the question in hand would come to (那奖一百万？)."""


def _values(folded: str, desk: Desk) -> tuple[_Value, ...]:
    """The figures with a unit, and the days, of a text in their order."""
    scene = Scene(folded, desk.today)
    found = [(one.start, one.end, one.unit or one.kind) for one in scene.measured if one.kind != "bare"]
    found += [(one.start, one.end, "day") for one in scene.days]
    found.sort()
    ends = [0, *(end for _, end, _ in found)]
    starts = [*(start for start, _, _ in found), len(folded)]
    return tuple(
        _Value(
            start,
            end,
            kind,
            _MARK.split(folded[ends[at] : start])[-1],
            _MARK.split(folded[end : starts[at + 1]])[0],
        )
        for at, (start, end, kind) in enumerate(found)
        if ends[at] <= start
    )


def _parted(folded: str, desk: Desk) -> _Parted:
    case, asks = _without_question(folded, desk)
    values = _values(case, desk)
    covered = {at for one in values for at in range(one.start, one.end)}
    around = desk.library.commands.within["around_a_value"]
    covered |= {at for start, end in spots(around, case) for at in range(start, end)}
    runs = "".join(" " if at in covered or _MARK.match(letter) else letter for at, letter in enumerate(case)).split()
    return _Parted(values, tuple(runs), asks)


def _without_question(folded: str, desk: Desk) -> tuple[str, str]:
    """A text and the question that it ends with (投了3000万 | 能补多少)."""
    bare = folded.rstrip("?!。, ")
    asks = (span for span in spots(desk.library.commands.within["asks_again"], bare) if span[1] == len(bare))
    start = min((start for start, _ in asks), default=len(bare))
    return bare[:start].rstrip("?!。, "), bare[start:]


def _put(case: str, value: _Value, words: str, said: _Parted, desk: Desk) -> str:
    """A case with a value in the place of the one that is meant; empty where that is not plain."""
    alike = [one for one in _values(case, desk) if one.kind == value.kind]
    each = bool(_EACH.search(value.before))
    meant = [one for one in alike if value.kind != "money" or bool(_EACH.search(one.before)) == each]
    if each and not meant and len(alike) == 1:
        meant, words = alike, f"各{words}"  # 一颗保费600万 → 两颗各800万
    named = [word for word in said.words if word in f"{value.before} {value.after}" and not _EACH.match(word)]
    if named and value.kind == "day":
        behind = [one for one in meant if any(word in one.after for word in named)]
        meant = behind or [one for one in meant if any(word in one.before for word in named)]
        if not meant and _EVENT.fullmatch(named[-1]):
            return f"{words}{named[-1]},{case}"
    elif named:
        meant = [one for one in meant if any(word in one.before + one.after for word in named)]
    elif len(meant) > 1:
        same = [one for one in said.values if one.kind == value.kind]
        meant = [meant[same.index(value)]] if len(same) == len(meant) else []
    if len(meant) != 1:
        return ""
    start, end = meant[0].start, meant[0].end
    if value.kind == "day":
        words = _of_its_year(words, case, start, desk)
    after = case[:start] + words + case[end:]
    of_one = _ONE.match(case[start:end]) and not _ONE.match(words)
    return _of_each(after, value.kind, desk) if of_one else after


def _of_its_year(words: str, case: str, start: int, desk: Desk) -> str:
    """A day without a year, in that of the near day whose place it takes (2023年3月1日竣工 → 3月2日呢)."""
    told, replaced = (Scene(text, desk.today).days for text in (words, case))
    first = next((one.first for one in replaced if one.start == start), None)
    if first is None or not told or not told[0].guessed_year:
        return words
    there = Scene(f"{first.year}年{words}", desk.today).days
    near = bool(there) and abs((there[0].first - first).days) <= NEAR_DAYS
    return f"{first.year}年{words}" if near else words  # 2022年12月竣工 → 4月竣工呢 may be either year's


NEAR_DAYS = 92
"""Days within which a day without a year is of the year of the one whose place it takes."""
_ONE = re.compile(r"[一1单](?![\d十百千万几])[^\d万亿]*$")


def _of_each(case: str, measure: str, desk: Desk) -> str:
    """A case in which the one sum that was told of one is that of each (一颗卫星保费600万 → 3颗)."""
    sums = [one for one in _values(case, desk) if one.kind == "money" and not _EACH.search(one.before)]
    return f"{case[: sums[0].start]}每{measure}{case[sums[0].start :]}" if len(sums) == 1 else case
