"""Passwords: kept with argon2id, judged by their length.

Parameters are those that OWASP's Password Storage Cheat Sheet names first (19 MiB, 2 passes, 1 lane); the length is
NIST SP 800-63B-4's for a password that stands alone. No classes of characters are asked for, nothing expires.
Everything here blocks for some tens of milliseconds.
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 15, 128
FEWEST = 6
"""Different characters: 111111111111111 is long, and the first that is tried."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")
"""What is checked for a name that isn't there, so that the answer takes as long."""


def complaint(password: str, name: str) -> str | None:
    """Why a password can't be taken, as one sentence; the person's own name adds nothing to its length."""
    plain = _plain(password)
    if len(plain) > LONGEST:
        return f"密码太长：最多{LONGEST}个字符。"
    if len(plain) < SHORTEST:
        return f"密码太短：至少{SHORTEST}个字符，现在是{len(plain)}个；用一句自己记得住的话最好，不要求大小写和符号。"
    if len(set(plain)) < FEWEST:
        return f"密码太好猜：至少要有{FEWEST}个不同的字符。"
    if len(plain.casefold().replace(_plain(name).casefold(), "")) < SHORTEST:
        return f"密码太好猜：去掉自己的姓名以后，还要有{SHORTEST}个字符。"
    return None


def slow_hash(password: str) -> str:
    """What the store keeps."""
    return _hasher.hash(_plain(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; as slow where none was (None)."""
    try:
        return _hasher.verify(kept or _NOBODY, _plain(password[: 4 * LONGEST])) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def _plain(password: str) -> str:
    """The same password from every keyboard and input method."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
