"""What steers an interview in words: 上一步, 先看结果, 重来; what opens one; what corrects what was told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge.spelling import LATELY, Speller, letters_of
from knowledge.tellings import Ready, Shelf, is_one, phrase, spots, stands
from knowledge.words import CommandWords

_BEFORE = re.compile(
    r"^(?:那|嗯|哦|唉|哎|好吧|行吧|算了|好的?|请|麻烦|我想|我要|想|要|给我|帮我|咱们?|我们?|还是|就|先(?=重|返|退|上))+"
)
_AFTER = re.compile(r"(?:吧|了|啊|呀|一下|呗|谢谢|好了|呢|哈|嘛|咯|吗)+$")

ONLY_ASKED = frozenset({"person_yes", "helped", "not_helped", "grounds", "hears_no", "in_that_case", "line_of_work"})
"""What is no command of its own: said in answer to something of ours, or asking."""


@dataclass(frozen=True, eq=False)
class Commands:
    """The phrases of `commands.yaml`, ready to be looked for; part of the library."""

    speller: Speller
    whole: Mapping[str, Ready]
    within: Mapping[str, Ready]

    @cached_property
    def _alone(self) -> Mapping[str, Ready]:
        """The commands that stand by themselves, in their order."""
        return {name: ready for name, ready in self.whole.items() if name not in ONLY_ASKED}

    @cached_property
    def _plain(self) -> Mapping[str, frozenset[str]]:
        """The commands that are said by a text word for word."""
        said: dict[str, set[str]] = {}
        for name, ready in self._alone.items():
            for one in ready.plain:
                said.setdefault(one, set()).add(name)
        return {one: frozenset(names) for one, names in said.items()}

    @cached_property
    def _shaped(self) -> tuple[str, ...]:
        """The commands that are also said in other words than those that are written down."""
        return tuple(name for name, ready in self._alone.items() if ready.shaped)

    def whole_of(self, text: str) -> str:
        """The command that a whole message is; empty where it is none."""
        return _whole_of(self, text)

    def _whole_of(self, text: str) -> str:
        forms = _forms(self, text)
        said = set[str]().union(*(self._plain.get(form, ()) for form in forms))
        said |= {name for name in self._shaped if any(is_one(self.whole[name], form) for form in forms)}
        return next((name for name in self._alone if name in said), "") if said else ""

    def is_(self, name: str, text: str) -> bool:
        """Whether a whole message is this command, also one that only answers a question."""
        return any(is_one(self.whole[name], form) for form in _forms(self, text))

    def _forms(self, text: str) -> frozenset[str]:
        bare = letters_of(self.speller.fold(text))
        return frozenset({bare, _AFTER.sub("", bare), _AFTER.sub("", _BEFORE.sub("", bare))} - {""})

    def found(self, name: str, folded: str) -> tuple[int, int] | None:
        """Where a folded text first says something of a kind."""
        return min(spots(self.within[name], folded), default=None)

    def says(self, name: str, folded: str) -> bool:
        """Whether a folded text says something of a kind."""
        return stands(self.within[name], folded)


@lru_cache(LATELY)
def _whole_of(commands: Commands, text: str) -> str:
    return commands._whole_of(text)


@lru_cache(LATELY)
def _forms(commands: Commands, text: str) -> frozenset[str]:
    """A text as it is, and without what stands around a command."""
    return commands._forms(text)


def commands(words: CommandWords, speller: Speller) -> Commands:
    """The commands of a knowledge folder; BadPhrase where one can't be looked for."""

    def ready(phrases: tuple[str, ...]) -> Ready:
        return Ready(phrase(one, {}, speller.fold) for one in phrases)

    made = Commands(
        speller,
        {name: ready(phrases) for name, phrases in words.whole.items()},
        {name: ready(phrases) for name, phrases in words.within.items()},
    )
    Shelf(made.within.values())  # a message is looked through once for all that it may say
    Shelf(one.shaped for one in made.whole.values())
    return made


def command_faults(words: CommandWords, speller: Speller) -> list[str]:
    """What an editor wrote that can't be looked for, one Chinese sentence each."""
    faults = []
    for phrases in (*words.whole.values(), *words.within.values()):
        for one in phrases:
            try:
                phrase(one, {}, speller.fold)
            except ValueError as bad:
                faults.append(str(bad))
    return faults
