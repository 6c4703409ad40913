"""Reading quotes: the source as printed, what a sentence only refers to, what the words around a figure mean."""

from __future__ import annotations

import re

from knowledge.amounts import plain


def printed(source: str) -> str:
    """The source without its page numbers (- 8 -), which the print put in the middle of the text."""
    return plain(re.sub(r"^\s*-\s*\d+\s*-\s*$", "", source, flags=re.M))


def without_references(text: str) -> str:
    """A sentence without the names of directions and attachments: 方向7、8 and 附件12 are addresses, not figures."""
    return _REFERENCES.sub("", text)


_REFERENCES = re.compile(r"(?:方向|附件)\s*\d+[a-e]?(?:(?:[、和至到,，-]|方向)+\d+[a-e]?(?![\d万亿元%年月日.]))*")


_BEFORE = {
    "at_least": r"(不低于|不少于|达到|突破|满)$",
    "at_most": r"(不超过|不高于|最高)$",
    "more_than": r"(?<!不)(超过|大于)$",
}
_AFTER = {
    "at_least": r"^(\(含\)|（含）)?(以上|以来|及以后)|^(\(含\)|（含）)|^进入",
    "at_most": r"^(以下|以内)",
    "more_than": r"^(后|之后)",
}


def operator_of(quote: str, figure: str) -> str | None:
    """Which comparison the words around a figure mean (at_least, at_most, more_than), None where they don't say."""
    text, wanted = plain(quote), plain(figure)
    at = text.find(wanted)
    if at < 0:
        return None
    before, after = text[:at], text[at + len(wanted) :]
    for operator, pattern in _AFTER.items():
        if re.search(plain(pattern), after):
            return operator
    return next((operator for operator, pattern in _BEFORE.items() if re.search(pattern, before)), None)
