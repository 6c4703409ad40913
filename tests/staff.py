"""Staff for the tests: accounts with passwords, made in the store; somebody who signs in by real HTTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from types import TracebackType

import httpx

from bot.sqlite_store import SqliteStore
from bot.workbench.passwords import slow_hash
from bot.workbench.signing_in import LASTS, SigningIn, digest_of
from bot.workbench.staff_store import Person, Role

PASSWORD = "白日依山尽黄河入海流欲穷千里目"
NAMES: dict[Role, str] = {"officer": "陈值守", "editor": "李编辑", "admin": "王管理"}
_HASH = slow_hash(PASSWORD)


def hired(data: Path) -> dict[Role, Person]:
    """One person of each role, with the password set."""
    store = SqliteStore(data)
    made = {role: hire(store, name, role) for role, name in NAMES.items()}
    store.close()
    return made


def hire(store: SqliteStore, name: str, role: Role) -> Person:
    """An account whose one-time sign-in has been used."""
    at = datetime.now(UTC)
    person = store.add_staff(name, role, at)
    assert person is not None
    store.keep_sign_in(person.id, digest_of(name), at + LASTS)
    assert store.use_sign_in(name, digest_of(name), _HASH, at)
    return person


def invited(data: Path, name: str, role: Role = "officer") -> tuple[Person, str]:
    """A new account and its one-time code."""
    store = SqliteStore(data)
    person = store.add_staff(name, role, datetime.now(UTC))
    assert person is not None
    code = SigningIn(store, lambda: datetime.now(UTC)).invite(person).code
    store.close()
    return person, code


class AtDesk:
    """Somebody with a browser's manners: cookies, `Accept`, where a form comes from, the form's token."""

    def __init__(self, url: str, name: str | None = None, password: str = PASSWORD) -> None:
        self.url = url
        headers = {"accept": "text/html", "sec-fetch-site": "same-origin", "origin": url}
        self.client = httpx.Client(base_url=url, headers=headers, timeout=60)
        if name is not None:
            self.last = self.client.post("/desk/sign-in", data={"name": name, "password": password})

    @property
    def token(self) -> str:
        """The token of the session's pages."""
        return field(self.client.get("/desk/password").text, "csrf")

    def sends(self, path: str, **fields: str) -> httpx.Response:
        """A form of a page, with its token."""
        return self.client.post(path, data={"csrf": self.token} | fields)

    def __enter__(self) -> AtDesk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.close()


def field(page: str, name: str) -> str:
    """The value of a form's field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page[:2000]
    return unescape(found[1])
