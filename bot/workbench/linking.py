"""Linking an officer's account of Telegram: a one-time code from the workbench, sent to the bot in a private chat.

    code = invited(store, person, now)                      # said once: the store has its digest
    person = linked_by(store, account, code, says, key, now)

Tries are counted per account of Telegram, before anything is looked at. Everything here blocks.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import FIGURES, LETTERS
from bot.store import Store
from bot.workbench.signing_in import read_code
from bot.workbench.staff_store import Person

LASTS, LENGTH, GROUP = timedelta(minutes=10), 8, 4
OF_ACCOUNT, OF_ALL = 5, 200
"""Tries within `TRIES_WITHIN` that led nowhere; `OF_ALL` bounds the work that guessing costs us."""
_SALT = b"policydesk telegram code"


class TooMany(Exception):
    """Too many tries."""


@dataclass(frozen=True)
class LinkCode:
    """A fresh code as it is shown, and until when it is good."""

    code: str
    until: datetime


def invited(store: Store, person: Person, now: datetime) -> LinkCode:
    """A code in the place of an earlier one."""
    signs = "".join(secrets.choice(LETTERS + FIGURES) for _ in range(LENGTH))
    store.keep_link_code(person.id, digest_of(signs), now + LASTS)
    return LinkCode("-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP)), now + LASTS)


def linked_by(store: Store, account: int, code: str, says: tuple[str, str], key: str, now: datetime) -> Person | None:
    """Use a code up; whose it was. Raises `TooMany`."""
    keys = {f"telegram:{account}": OF_ACCOUNT, "telegram": OF_ALL}
    if not store.try_sign_in(keys, now):
        raise TooMany
    person = store.link(account, digest_of(read_code(code)), says, key, now)
    if person is not None:
        store.forgive_try_in(keys)
    return person


def digest_of(code: str) -> str:
    """What the store knows of a code: made slowly, as eight signs could be tried out by whoever holds the store."""
    return hashlib.scrypt(code.encode("utf-8", "replace")[:64], salt=_SALT, n=2**14, r=8, p=1, dklen=32).hex()
