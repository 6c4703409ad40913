"""Figures as they are read out on the phone: shares in words, phones in two halves."""

from __future__ import annotations

import re

_SHARE = re.compile(r"(?<![\d.])(\d{1,2}|100)(?:\.(\d))?[%％]")
_PHONE = re.compile(r"(?<![\d.])(\d{4})(\d{4})(?![\d.])")
_DIGITS = "零一二三四五六七八九"


def aloud(text: str) -> str:
    """25% as 百分之二十五, 84045670 as 8404 5670; amounts and days stay in figures, which anybody reads out right."""
    text = _SHARE.sub(lambda found: "百分之" + _numeral(int(found[1])) + _tenth(found[2]), text)
    return _PHONE.sub(r"\1 \2", text)


def _numeral(number: int) -> str:
    if number == 100:
        return "百"
    tens, ones = divmod(number, 10)
    lead = {0: "", 1: "十"}.get(tens, _DIGITS[tens] + "十")
    return lead + (_DIGITS[ones] if ones or not tens else "")


def _tenth(digit: str | None) -> str:
    return f"点{_DIGITS[int(digit)]}" if digit else ""
