"""Figures in Chinese text: find them whole, compare them as the guide prints them.

A figure is a number with its unit: 3000万元, 5%, 1.5万元, 2021年1月1日, 3年, 8 digits of a phone, DB11/T1139. Whole
means whole: 500万元 does not stand in 1500万元, nor 5% in 15%.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from knowledge.numerals import DIGIT, Numeral, numerals, value_of
from knowledge.spelling import LATELY

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_FIGURE = re.compile(
    r"[a-z0-9._-]+@[a-z0-9.-]+[a-z0-9]"  # a mailbox
    r"|[a-z]{2}\d*/t\d+(?:-\d+)?"  # a standard: DB11/T1139, GB/T36073-2018
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月|\d{4}年|\d{1,2}月\d{1,2}日|\d{1,2}-\d{1,2}月"
    r"|\d+(?:\.\d+)?(?:万元|亿元|元|万|亿|%|个工作日|个月|小时|分钟|年|月|日|天|项|个|家|类|级|档|处|位|人|条|区|期)?"
)


@lru_cache(1024)
def plain(text: str) -> str:
    """The spelling in which proof compares: NFKC, white space out, lower case, thousands commas out."""
    return re.sub(r"\s+", "", _THOUSANDS.sub("", unicodedata.normalize("NFKC", text))).lower()


def figures(text: str) -> list[str]:
    """Every figure of a text in its order, in `plain` spelling; each as long as it can be read (3000万元, not 3000)."""
    return _FIGURE.findall(plain(text))


def holds(text: str, figure: str) -> bool:
    """Whether a figure stands in a text as a whole."""
    wanted, where = plain(figure), plain(text)
    if not wanted:
        return False
    start = where.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if _whole(where, start, end):
            return True
        start = where.find(wanted, end)
    return False


def _whole(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is not part of a longer number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start].isdigit() and (before.isdigit() or (before == "." and text[start - 2 : start - 1].isdigit())):
        return False
    if text[end - 1].isdigit():
        return not (after.isdigit() or (after == "." and text[end + 1 : end + 2].isdigit()))
    return True


def wan(amount: str) -> float:
    """An amount as the guide prints it, in 万元 (10亿元 → 100000); ValueError for what is no amount."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(万元|亿元|元)", plain(amount))
    if not found:
        raise ValueError(f"“{amount}”不是金额；金额写成3000万元、10亿元这样")
    return float(found[1]) * {"万元": 1, "亿元": 10_000, "元": 0.0001}[found[2]]


# --- what people write -----------------------------------------------------------------------------------------------

Kind = Literal["money", "share", "count", "bare"]

_CURRENCY = re.compile(r"元整|元人民币|块钱|元|块|人民币|rmb|整(?![个套年体条])")
_FOREIGN = re.compile(r"\s?(?:美元|美金|美刀|欧元|欧|港币|港元|日元|英镑|韩元|卢布|usd|eur)")
_MEASURE = re.compile(
    r"多?(?:平方米|平方|平米|多平|平|台|辆|人(?!民)|颗|片|件|吨|家|个|支|盒|套|亩|股(?!权)|千瓦|kva|kw|mw|度|次|名|级(?!别)|用户|笔|份|发|张|条|项(?!目)|款(?!项)|种|位"
    r"|门|粒|只|本(?!金)|轮|期|天|小时|瓶|户|所|间|层|栋|公里|米|升|立方|公斤|号|类|批|道|轴|nm|纳米|英寸|寸|核|兆|(?:t|g)(?![a-z]))"
)
_SHARE = re.compile(
    rf"百分之(?P<hundred>\d+(?:\.\d+)?|[{DIGIT}十点百]+)|千分之(?P<thousand>\d+(?:\.\d+)?|[{DIGIT}十点]+)"
    rf"|(?P<percent>\d+(?:\.\d+)?)\s?%|(?P<mille>\d+(?:\.\d+)?)\s?‰"
    rf"|(?P<points>\d+(?:\.\d+)?|[{DIGIT}十]+(?:点[{DIGIT}])?)个(?:百分)?点"
    rf"|(?P<tenths>[{DIGIT}]|\d(?:\.\d)?)成(?P<more>半|[{DIGIT}])?(?![立为本功果品型熟])"
)
_ABOUT_BEFORE = re.compile(r"(?:大概|大约|差不多|估计|约|应该是|可能|也就)(?:是|有|在)?$")
_ABOUT_AFTER = re.compile(r"^(?:左右|上下|差不多)")
_NEARLY_BEFORE = re.compile(r"(?:将近|接近|(?<!最)近|快到|小|刚过|差点|差一点|逼近)$")
_MORE_AFTER = re.compile(r"^(?:出头|多点|多一点|[多来余]|开外)")
_AT_MOST_BEFORE = re.compile(
    r"(?:不到|不足|不满|未满|少于|低于|不超过|没超过|没到|未到|达不到|不够|最多|至多|顶多|小于|未达到?|没有?达到|封顶)(?:了|是)?$"
)
_AT_MOST_AFTER = re.compile(r"^(?:以内|以下|之内|不到|都不到|都没到)")
_AT_LEAST_BEFORE = re.compile(r"(?:超过|超|多于|高于|大于|不低于|不少于|不小于|至少|起码|最少|突破|过了)$")
_AT_LEAST_AFTER = re.compile(r"^(?:以上|起步|往上|打底|朝上)")
_TO = re.compile(r"\s?(?:到|至|-|~|—|或者?)\s?")


@dataclass(frozen=True)
class Measured:
    """A figure that a person told: where, of which kind, its value in the kind's unit (万元, %, pieces or none).

    `about`: said with 大概, still a figure. `rough`: 一千来万, 300万出头, only near it. `bound`: 不到500万 is at most.
    `value` is None where no figure was said (几百万, 五六百, 500到800万). `unit`: the measure word of a count.
    """

    start: int
    end: int
    kind: Kind
    value: Decimal | None
    unit: str = ""
    about: bool = False
    rough: bool = False
    bound: Literal["at_most", "at_least"] | None = None

    @property
    def exact(self) -> bool:
        """Whether it is a figure that may be taken as told (大概1200万 is, 不到500万 and 两千多万 are not)."""
        return self.value is not None and not self.rough and self.bound is None


def told(text: str) -> list[Measured]:
    """Every figure of a folded text in its order: money in 万元, shares in %, counts, bare numbers."""
    return list(_told(text))


@lru_cache(LATELY)
def _told(text: str) -> tuple[Measured, ...]:
    found: list[Measured] = []
    covered: set[int] = set()
    for match in _SHARE.finditer(text):
        found.append(_qualified(text, match.start(), match.end(), "share", _share(match)))
        covered |= set(range(match.start(), match.end()))
    for numeral in numerals(text):
        if numeral.start not in covered and not _beside_a_sum(text, numeral):
            measured = _measured(text, numeral)
            found += [measured] if measured else []
    return tuple(_without_ranges(text, sorted(found, key=lambda one: one.start)))


@lru_cache(LATELY)
def amounts_in(text: str) -> tuple[str, ...]:
    """The amounts and shares that a folded text tells, as the guide prints them: 三千万 → 3000万元, 两成 → 20%."""
    held = ((one.kind, one.value) for one in told(text) if one.value is not None)
    return tuple(dict.fromkeys(_printed(kind, value) for kind, value in held if kind in ("money", "share")))


def _printed(kind: Kind, value: Decimal) -> str:
    if kind == "share":
        return f"{value.normalize():f}%"
    hundred_millions = value / 10_000
    if hundred_millions == hundred_millions.to_integral_value():
        return f"{hundred_millions:.0f}亿元"
    return f"{value.normalize():f}万元"


_OF_A_DAY = re.compile(r"年|月|日|号|%|点\d|[:：]\d")
"""What stands behind a number that is part of a day, or a share."""


def _measured(text: str, numeral: Numeral) -> Measured | None:
    rest = text[numeral.end :]
    if _FOREIGN.match(rest) or text[: numeral.start].endswith("$"):
        return None
    currency = _CURRENCY.match(rest)
    if currency or numeral.scaled:
        end = numeral.end + (currency.end() if currency else 0)
        if not currency and _MEASURE.match(rest):
            return None  # 2万台, 3万平米
        value = numeral.value / 10_000 if numeral.value is not None else None
        return _qualified(text, numeral.start, end, "money", value, rough=numeral.rough)
    if _OF_A_DAY.match(rest):
        return None
    measure = _MEASURE.match(rest)
    if measure:
        end, rough = numeral.end + measure.end(), numeral.rough or measure[0].startswith("多")
        return _qualified(text, numeral.start, end, "count", numeral.value, measure[0].lstrip("多"), rough)
    return _qualified(text, numeral.start, numeral.end, "bare", numeral.value, rough=numeral.rough)


def _qualified(
    text: str, start: int, end: int, kind: Kind, value: Decimal | None, unit: str = "", rough: bool = False
) -> Measured:
    """A figure with what the words around it make of it."""
    before, after = text[max(0, start - 5) : start], text[end : end + 4]
    about = bool(_ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(after))
    rough = rough or bool(_NEARLY_BEFORE.search(before) or _MORE_AFTER.match(after))
    bound: Literal["at_most", "at_least"] | None = None
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
        bound = "at_most"
    elif _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after):
        bound = "at_least"
    return Measured(start, end, kind, value, unit, about, rough, bound)


def _share(match: re.Match[str]) -> Decimal | None:
    for name in ("hundred", "percent", "points"):
        if match[name]:
            return value_of(match[name])
    for name in ("thousand", "mille"):
        if match[name]:
            value = value_of(match[name])
            return None if value is None else value / 10
    whole, more = value_of(match["tenths"]), match["more"]
    if whole is None:
        return None
    return whole * 10 + (5 if more == "半" else value_of(more) or 0 if more else 0)


def _beside_a_sum(text: str, numeral: Numeral) -> bool:
    """Whether a number is part of a reckoning (4个×500=2000万), which tells nothing."""
    before, after = text[: numeral.start].rstrip(" ")[-1:], text[numeral.end :].lstrip(" 个家款")[:1]
    return before in tuple("×*=+乘") or after in tuple("×*=+乘")


def _without_ranges(text: str, found: list[Measured]) -> list[Measured]:
    """Figures that are the two ends of a range lose their value: 500到800万, 300万-500万."""
    ends = {
        side
        for one, other in pairwise(found)
        if _TO.fullmatch(text[one.end : other.start]) and other.kind in ("money", "share", one.kind)
        and (one.kind in (other.kind, "bare"))
        for side in (one, other)
    }  # fmt: skip
    return [
        Measured(one.start, one.end, one.kind, None, one.unit, one.about, True) if one in ends else one for one in found
    ]


EACH = "[每各单][台辆颗家个种款件套发笔份张]?"
"""What says of a sum that it is that of each (每台50万, 保费各2万8)."""
OF_EACH = re.compile(rf"{EACH}[^,。?!;\d]{{0,8}}$")
"""What stands before such a sum."""
UP_TO_THE_SUM = (
    r"(?:[嘛呢啊呀],?)?(?:资|入|费|额|金额|总额|改造|投资|资额)?(?:花|交|是|为|有)?(?:了|过|下去|进去|掉)?"
    r"(?:\(不含税\))?(?:差不多|大概|大约|约|总共|一共|拢共|得有|正好|刚好|恰好|整整|足足|也就|也才|不过|满打满算|才|就|只有)?"
)
"""What may stand between a word of the base and its sum (投资了大约600万, 合同额是2000万)."""
