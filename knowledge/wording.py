"""What any question may carry without it being its matter: openers, particles, the many forms of a question word."""

from __future__ import annotations

import re
from collections.abc import Callable

from knowledge.rules import Model


class Wording(Model):
    """Openers left out, particles dropped at the end, and question words (one form → its others)."""

    openers: tuple[str, ...]
    particles: str
    same: dict[str, tuple[str, ...]]


def opened(wording: Wording) -> Callable[[str], str]:
    """A function that leaves out openers and politeness, unless nothing else was said."""
    pattern = re.compile(_any(wording.openers))

    def leave_out(text: str) -> str:
        rest = pattern.sub("", text)
        return rest if rest.strip() else text

    return leave_out


def levelled(wording: Wording) -> Callable[[str], str]:
    """A function that gives question words their one form and drops the particles at the end."""
    forms = {other: one for one, others in wording.same.items() for other in (one, *others)}
    pattern = re.compile(_any(forms))

    def level(text: str) -> str:
        levelled = text
        for _ in range(2):  # 如何办 is 怎么办, and that is 怎么
            levelled = pattern.sub(lambda found: forms[found[0]], levelled)
        return levelled.rstrip(wording.particles) or levelled

    return level


def _any(words: tuple[str, ...] | dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
