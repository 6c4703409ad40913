"""Coming in: by a one-time sign-in, then by name and password; sessions, and what ends them.

    signing = SigningIn(store, now)
    code = signing.invite(person).code                     # said once: the store has its digest
    key = signing.first("王敏", code, password, address)    # the session's id, for the cookie and nobody else
    person = signing.who(key)                               # None: sign in (again)

A failure has one sentence, whatever was wrong. Tries are counted before anything is looked at, in the store, under the
account and under the address; whoever is let in gets theirs back. Everything here blocks.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import FIGURES, LETTERS
from bot.problems import Fault
from bot.workbench.passwords import complaint, fits, slow_hash
from bot.workbench.staff_store import TRIES_WITHIN, Person, Session, StaffStore, name_key

IDLE, LASTS = timedelta(hours=2), timedelta(hours=12)
"""A session ends so long after its last use, and so long after it began: a long shift."""
CODE_LASTS, CODE_LENGTH, CODE_GROUP = timedelta(days=3), 20, 5
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept; more would only write."""
OF_ACCOUNT, OF_ADDRESS = 8, 40
"""Tries within `TRIES_WITHIN`; a whole office may sit behind one address."""

WRONG = "姓名或密码不对。"
WRONG_CODE = "这个一次性登录用不了：可能用过、过期，或者姓名、代码有误。请让管理员再发一个。"
TOO_MANY = "试得太多了，请过{}分钟再试，或请管理员发一个一次性登录。"
WRONG_NOW = "现在的密码不对。"

NOBODY = Person("没有这个账号", "officer")
"""Whom the trail names for a name that isn't there: an answer takes as long as for one that is; the name may have been
a password."""
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class Unwelcome(Exception):
    """Not let in; the text is the sentence for the page."""


@dataclass(frozen=True)
class Invitation:
    """A fresh one-time sign-in, and until when it is good."""

    code: str
    until: datetime


class SigningIn:
    """The ways in, over a store."""

    def __init__(self, store: StaffStore, now: Callable[[], datetime]) -> None:
        self.store, self.now = store, now

    def invite(self, person: Person) -> Invitation:
        """A one-time sign-in in the place of an earlier one."""
        code, until = _new_code(), self.now() + CODE_LASTS
        self.store.keep_sign_in(person.id, digest_of(read_code(code)), until)
        return Invitation(code, until)

    def first(self, name: str, code: str, password: str, address: str) -> str:
        """Take a one-time sign-in and set the password; the session's id. Raises `Unwelcome`, or a 429."""
        if sentence := complaint(password, name):
            raise Unwelcome(sentence)
        tries = self._try(name, address)
        kept = slow_hash(password)
        person = self.store.use_sign_in(name, digest_of(read_code(code)), kept, self.now())
        if person is None:
            raise Unwelcome(WRONG_CODE)
        self.store.forgive_try_in(tries)
        self.store.audit(person, "首次登录", address, self.now())
        return self._session(person, kept)

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The session's id. Raises `Unwelcome`, or a 429."""
        tries = self._try(name, address)
        account = self.store.account(name)
        kept = account.password if account and not account.disabled else None
        if not fits(kept, password) or account is None or kept is None:
            self.store.audit(account.person if account else NOBODY, "登录失败", address, self.now())
            raise Unwelcome(WRONG)
        self.store.forgive_try_in(tries)
        key = self._session(account.person, kept)
        self.store.audit(account.person, "登录", address, self.now())
        return key

    def change_password(self, person: Person, now_: str, password: str, address: str) -> str:
        """The id of a session that takes the place of all older ones. Raises `Unwelcome`, or a 429."""
        if sentence := complaint(password, person.name):
            raise Unwelcome(sentence)
        tries = self._try(person.name, address)
        account = self.store.account(person.name)
        before = account.password if account else None
        kept = slow_hash(password)
        if not fits(before, now_) or before is None or not self.store.set_password(person.id, before, kept):
            raise Unwelcome(WRONG_NOW)
        self.store.forgive_try_in(tries)
        self.store.audit(person, "改密码", "", self.now())
        return self._session(person, kept)

    def session(self, key: str) -> Session | None:
        """The session of an id, over or not; None where the id was never ours (or was ended)."""
        return self.store.session(digest_of(key)) if _KEY.fullmatch(key) else None

    def still(self, key: str) -> bool:
        """Whether a session isn't over, without this being a use of it: for what stays open by itself."""
        session = self.session(key)
        return session is not None and not over(session, self.now())

    def who(self, key: str) -> Person | None:
        """Whose session this is, if it isn't over; it is in use."""
        session, now = self.session(key), self.now()
        if session is None or over(session, now):
            return None
        if now - session.seen >= SEEN_EVERY:
            self.store.seen_session(digest_of(key), now)
        return session.person

    def sign_out(self, key: str) -> None:
        """End a session."""
        self.store.end_session(digest_of(key))

    def _session(self, person: Person, kept: str) -> str:
        """A session under a fresh id: one that a browser brought along is never taken on."""
        key, now = secrets.token_urlsafe(32), self.now()
        if not self.store.open_session(person.id, kept, digest_of(key), now, now + LASTS):
            raise Unwelcome(WRONG)
        return key

    def _try(self, name: str, address: str) -> tuple[str, ...]:
        """Count a try; its keys."""
        most = {f"account:{digest_of(name_key(name))}": OF_ACCOUNT, f"address:{address}": OF_ADDRESS}
        if not self.store.try_sign_in(most, self.now()):
            wait = int(TRIES_WITHIN.total_seconds())
            raise Fault(429, TOO_MANY.format(wait // 60), {"Retry-After": str(wait)})
        return tuple(most)


def over(session: Session, now: datetime) -> bool:
    """Whether a session has gone on, or lain idle, for too long."""
    return now >= session.until or now - session.seen >= IDLE


def digest_of(secret: str) -> str:
    """What the store knows of an id or a code; both have too many bits to be tried out."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def read_code(text: str) -> str:
    """A code as somebody typed it, in any case, width and grouping."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())


def _new_code() -> str:
    signs = [secrets.choice(LETTERS + FIGURES) for _ in range(CODE_LENGTH)]
    return "-".join("".join(signs[at : at + CODE_GROUP]) for at in range(0, CODE_LENGTH, CODE_GROUP))
