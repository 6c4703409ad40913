"""What a store promises of the people at the desk: accounts, one-time sign-ins, sessions, tries, the trail.

A secret stands in it only as a digest or a slow hash. The trail is append-only: nothing changes or deletes an entry.
All times are aware; all calls block. The keeper in SQLite is `sqlite_staff.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

Role = Literal["officer", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""The ladder: whoever stands on a rung may do what those below may."""
ROLE_NAMES: Mapping[str, str] = {"officer": "值守员", "editor": "编辑", "admin": "管理员"}

TRIES_WITHIN = timedelta(minutes=15)
"""How long a try to sign in that led nowhere is counted."""


@dataclass(frozen=True)
class Person:
    """Somebody of the staff, as pages and the trail know them; `id` is 0 for whoever has no account."""

    name: str
    role: Role
    id: int = 0

    def may(self, role: Role) -> bool:
        """Whether the person's rung of the ladder is high enough."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class Account:
    """An account: its slow hash (None before the first sign-in), since when it is disabled, when it was last used."""

    person: Person
    password: str | None
    disabled: datetime | None
    seen: datetime | None
    invited: datetime | None
    """Until when a one-time sign-in is good, where one is out."""


@dataclass(frozen=True)
class Session:
    """A session as it is kept, over or not."""

    person: Person
    seen: datetime
    until: datetime


@dataclass(frozen=True)
class Entry:
    """One line of the trail."""

    id: int
    at: datetime
    who: str
    action: str
    object: str


@dataclass(frozen=True)
class Sought:
    """What is looked for in the trail; empty fields let everything pass. `since` counts, `before` doesn't."""

    who: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    before: datetime | None = None
    older_than: int | None = None
    """Only entries with a smaller id: the next page."""


class StaffStore(Protocol):
    """Accounts are never deleted, so that the trail keeps its people."""

    def add_staff(self, name: str, role: Role, at: datetime) -> Person | None:
        """A new account; None where the name, as it is compared, is taken."""

    def staff(self) -> list[Account]:
        """All accounts, by name, those in use first."""

    def account(self, name: str) -> Account | None:
        """The account of a name, disabled or not."""

    def change_role(self, id_: int, role: Role) -> bool:
        """Another role, at once; False where there is no such account."""

    def disable(self, id_: int, at: datetime) -> bool:
        """End the sessions and the one-time sign-in, and let nobody in; False where there is no such account."""

    def enable(self, id_: int) -> bool:
        """Let them in again; False where there is no such account."""

    def keep_sign_in(self, id_: int, digest: str, until: datetime) -> None:
        """A one-time sign-in, in the place of an earlier one."""

    def use_sign_in(self, name: str, digest: str, password: str, at: datetime) -> Person | None:
        """Use it up: the new hash stands, older sessions are over; None where it isn't good (any more)."""

    def set_password(self, id_: int, before: str, password: str) -> bool:
        """The new hash instead of `before`; older sessions are over. False where another change was first."""

    def open_session(self, id_: int, password: str, digest: str, at: datetime, until: datetime) -> bool:
        """A session of an account that isn't disabled and still has this hash; False where it isn't so."""

    def session(self, digest: str) -> Session | None:
        """The session under a digest, over or not; None where there never was one, or where it was ended."""

    def seen_session(self, digest: str, at: datetime) -> None:
        """It is in use."""

    def end_session(self, digest: str) -> None:
        """It is over."""

    def try_sign_in(self, most: Mapping[str, int], at: datetime) -> bool:
        """Count a try under each key; False, and nothing is counted, where one has had as many as it may."""

    def forgive_try_in(self, keys: Iterable[str]) -> None:
        """The last try under each key led in and does not count."""

    def audit(self, person: Person, action: str, object_: str, at: datetime) -> None:
        """A line at the end of the trail."""

    def trail(self, sought: Sought, most: int) -> list[Entry]:
        """Lines of the trail, newest first."""

    def actions(self) -> list[str]:
        """Every kind of action that stands in the trail."""


def name_key(name: str) -> str:
    """A name as it is compared: widths and case don't count."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
