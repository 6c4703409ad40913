"""A case that is handed on: read under the link of its sheet, or taken up on another door by a code.

What was told is kept with its scope and its guide, nothing else; verdicts are made anew whenever it is read. A link's
token and a code stand in the store only as digests. Six characters can be tried out by whoever holds the store, so a
code's digest is made slowly (scrypt); a token has as many bits as its digest and needs no such care.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from dialogs.conversation import Conversation, Kept

Kind = Literal["sheet", "code"]

LASTS = {"sheet": timedelta(days=30), "code": timedelta(days=7)}
"""How long a link and a code are good for."""

LETTERS, FIGURES = "ACDEFGHJKMNPQRTUVWXY", "34679"
"""None that looks or sounds like another of them: no 0 O, 1 I L, 2 Z, 5 S, 8 B."""
CODE_LENGTH = 6
TRIES_OWN, TRIES_ALL, TRIES_WITHIN = 5, 30, timedelta(hours=1)
"""Codes that lead nowhere: so many of one visitor, and of all together, within this time."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE = re.compile(rf"[{LETTERS}{FIGURES}]{{{CODE_LENGTH}}}")
_SALT = b"policydesk case code"


@dataclass(frozen=True)
class Case:
    """What is handed on: whose it is, by which guide, what was told (None: 不清楚), the branches in scope."""

    visitor: str
    guide: str
    told: tuple[Kept, ...]
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeldCase:
    """A case as it is kept: since when, and until when."""

    case: Case
    at: datetime
    until: datetime


class CaseStore(Protocol):
    """What a store keeps beside conversations; `at` is an aware time. What has expired is as if it were not there."""

    def keep_case(self, kind: Kind, digest: str, case: Case, at: datetime) -> None:
        """Keep a case under a digest; a new code takes the place of the visitor's earlier one."""

    def held_case(self, kind: Kind, digest: str, at: datetime) -> HeldCase | None:
        """The case under a digest."""

    def count_cases(self, visitor: str, kind: Kind, at: datetime) -> int:
        """How many of a visitor's are still good."""

    def drop_cases(self, visitor: str, kind: Kind, at: datetime, digest: str | None = None) -> int:
        """Take back one of a visitor's, or all; how many were still good."""

    def try_code(self, visitor: str, at: datetime) -> bool:
        """Count a try; False where too many led nowhere lately."""

    def forgive_try(self, visitor: str) -> None:
        """The last try led somewhere and does not count."""

    def keep_wish(self, visitor: str, guide: str, at: datetime) -> None:
        """Keep, with consent, that a visitor wants to be told of the next batch."""

    def wish(self, visitor: str) -> datetime | None:
        """Since when a visitor wants to be told."""

    def drop_wish(self, visitor: str) -> bool:
        """Forget it; False where there was none."""


def case_in_hand(visitor: str, conversation: Conversation | None, scope: Iterable[str] = ()) -> Case | None:
    """The case of a conversation, each fact once as it counts; None where nothing was told.

    `scope`: the branches of the sheet that was shown; without one, those that the visitor chose.
    """
    if conversation is None or not conversation.told:
        return None
    told = tuple(kept.model_copy(update={"telling": 1}) for kept in conversation.now.values())
    return Case(visitor, conversation.guide, told, tuple(scope) or conversation.scope)


def taken_up(case: Case) -> Conversation:
    """A fresh conversation in which the case was told, its interview open."""
    return Conversation(guide=case.guide, told=case.told, scope=case.scope, interview="open", since=1)


def new_token() -> str:
    """The end of a link that nobody can guess."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six characters that can be read out; never a word, never a number."""
    while True:
        code = "".join(secrets.choice(LETTERS + FIGURES) for _ in range(CODE_LENGTH))
        if set(code) & set(LETTERS) and set(code) & set(FIGURES):
            return code


def read_code(text: str) -> str | None:
    """A code as somebody typed it, in any case, width and grouping; None for what can't be one."""
    folded = re.sub(r"[\s\-·.]", "", unicodedata.normalize("NFKC", text)).upper()
    return folded if _CODE.fullmatch(folded) else None


def is_token(text: str) -> bool:
    """Whether this can be the end of a link of ours."""
    return _TOKEN.fullmatch(text) is not None


def digest_of(kind: Kind, secret: str) -> str:
    """What the store knows of a token or a code."""
    if kind == "sheet":
        return hashlib.sha256(secret.encode()).hexdigest()
    return hashlib.scrypt(secret.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32).hex()
