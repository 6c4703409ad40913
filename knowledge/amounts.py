"""Figures in Chinese text: find them whole, compare them as the guide prints them.

A figure is a number with its unit: 3000万元, 5%, 1.5万元, 2021年1月1日, 3年, 8 digits of a phone, DB11/T1139. Whole
means whole: 500万元 does not stand in 1500万元, nor 5% in 15%.
"""

from __future__ import annotations

import re
import unicodedata

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_FIGURE = re.compile(
    r"[a-z0-9._-]+@[a-z0-9.-]+[a-z0-9]"  # a mailbox
    r"|[a-z]{2}\d*/t\d+(?:-\d+)?"  # a standard: DB11/T1139, GB/T36073-2018
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月|\d{4}年|\d{1,2}月\d{1,2}日|\d{1,2}-\d{1,2}月"
    r"|\d+(?:\.\d+)?(?:万元|亿元|元|万|亿|%|个工作日|个月|小时|分钟|年|月|日|天|项|个|家|类|级|档|处|位|人|条|区|期)?"
)


def plain(text: str) -> str:
    """The spelling in which proof compares: NFKC, white space out, lower case, thousands commas out."""
    return re.sub(r"\s+", "", _THOUSANDS.sub("", unicodedata.normalize("NFKC", text))).lower()


def figures(text: str) -> list[str]:
    """Every figure of a text in its order, in `plain` spelling; each as long as it can be read (3000万元, not 3000)."""
    return _FIGURE.findall(plain(text))


def holds(text: str, figure: str) -> bool:
    """Whether a figure stands in a text as a whole."""
    wanted, where = plain(figure), plain(text)
    return bool(wanted) and any(
        _whole(where, found.start(), found.end()) for found in re.finditer(re.escape(wanted), where)
    )


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
