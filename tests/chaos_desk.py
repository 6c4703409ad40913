"""The people of a chaos run beside Telegram: officers at the desk, visitors at the page, a mail server with its moods.

Each of them does what people do where an answer doesn't come: the same again, under the same name.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any, Protocol

import httpx
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sqlite_store import SqliteStore
from bot.workbench.guard import token_of
from dialogs.messages import Choice, Message, Text
from tests.chaos_scripts import MAILBOX, MORNING, OFFICERS, Act, Seen, on_page
from tests.posting import OWN, Postbox
from tests.staff import PASSWORD, hire
from tests.walks import all_tickets, unlawful

AGAIN_S, PATIENCE_S, SLOW_S = 0.3, 180.0, 1.0
AGAIN_NOTE = "可能已经发过一次"


def staffed(data: Path) -> None:
    """A store with the officers' accounts and a mailbox that may be written to."""
    store = SqliteStore(data)
    for name in OFFICERS:
        hire(store, name, "officer")
    store.confirm_mailbox(MAILBOX, MORNING)
    store.close()


class Hands(Protocol):
    """Whoever does the officers' acts: at the desk, or elsewhere."""

    def tries(self, act: Act, no: int, kept: int, key: str) -> bool | None:
        """Do it if all before it (`kept` exchanges) is there; None: not yet, or no answer came; False: refused."""


class AtDesk:
    """The officers, each with a signed-in session, over HTTP; `met`: what came of their calls, by ticket."""

    def __init__(self, url: str, found: Counter[str]) -> None:
        self._found = found
        self.met: dict[int, Counter[str]] = defaultdict(Counter)
        self._clients = [self._signed_in(url, name) for name in OFFICERS]

    def _signed_in(self, url: str, name: str) -> httpx.Client:
        client = httpx.Client(base_url=url, timeout=20, headers={"sec-fetch-site": "same-origin"})
        client.post("/desk/sign-in", data={"name": name, "password": PASSWORD})
        client.headers["x-csrf-token"] = token_of(client.cookies["desk"])
        return client

    def tries(self, act: Act, no: int, kept: int, key: str) -> bool | None:
        """Look at the ticket as an officer does; do the act when the talk has come so far."""
        seen = self.looks(act.who, no)
        if seen is None or len(seen["talk"]) < kept:
            return None
        path, name = f"/api/desk/tickets/{no}/{act.verb}", {"Idempotency-Key": key}
        try:
            done = self._clients[act.who].post(path, json=dict(act.body), headers=name)
        except httpx.HTTPError as error:
            self.met[no][f"{act.verb} {type(error).__name__}"] += 1
            return None
        self.met[no][f"{act.verb} {done.status_code}"] += 1
        return self._answered(done) or (None if done.status_code >= 500 else False)

    def looks(self, who: int, no: int) -> dict[str, Any] | None:
        """A ticket as one of the officers sees it; None where no answer came."""
        try:
            seen = self._clients[who].get(f"/api/desk/tickets/{no}")
        except httpx.HTTPError as error:
            self.met[no][f"look {type(error).__name__}"] += 1
            return None
        self.met[no][f"look {seen.status_code}"] += 1
        return dict(seen.json()) if self._answered(seen) else None

    def _answered(self, response: httpx.Response) -> bool:
        self._found["server_errors"] += response.status_code == 500
        return response.is_success


class AtPage:
    """A visitor of the web chat: the page's own calls, its cookie."""

    def __init__(self, url: str, found: Counter[str]) -> None:
        self._client = httpx.Client(base_url=url, timeout=40, headers={"sec-fetch-site": "same-origin"})
        self._found = found
        self.shown = ""

    @property
    def visitor(self) -> str:
        """The name that the store knows."""
        return f"web:{self._client.cookies.get('conversation', '')}"

    def says(self, message: Message, key: str) -> bool:
        """One message, sent until its exchange comes back; whether it came."""
        fields = {"text": message.text} if isinstance(message, Text) else {}
        fields |= {"choose": message.value} if isinstance(message, Choice) else {}
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                answer = self._client.post("/messages", data=fields | {"update": key})
            except httpx.HTTPError:
                time.sleep(AGAIN_S)
                continue
            if answer.is_success and "exchange" in answer.text:
                self.shown += answer.text
                return True
            self._found["server_errors"] += answer.status_code == 500
            time.sleep(min(5.0, float(answer.headers.get("retry-after", AGAIN_S))))
        return False

    def screen(self) -> list[Seen]:
        """The whole log, as the page draws it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                return on_page(self._client.get("/messages").raise_for_status().text)
            except httpx.HTTPError:
                time.sleep(AGAIN_S)
        return []


class MoodyPostbox(Postbox):
    """It takes its time; at times it is busy, or hangs up when it has a whole letter, which it then has not taken."""

    def __init__(self, rng: Random) -> None:
        super().__init__()
        self._rng = Random(rng.random())
        self.moods: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """4xx, at times."""
        if self._rng.random() < 0.2:
            self.moods["busy"] += 1
            return "451 4.7.1 greylisted"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """No answer, at times."""
        if self._rng.random() < 0.2:
            self.moods["hung_up"] += 1
            assert server.transport
            server.transport.abort()
            return "421 4.3.0 gone"
        taken = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(
            self._rng.uniform(0, SLOW_S)
        )  # a sender that is killed meanwhile can't know that it is taken
        return taken

    @property
    def settings(self) -> Mapping[str, str]:
        """What a server is told of it."""
        return {
            "POLICYDESK_SMTP_HOST": "127.0.0.1", "POLICYDESK_SMTP_PORT": str(self.port), "POLICYDESK_SMTP_FROM": OWN,
        }  # fmt: skip


# --- counting --------------------------------------------------------------------------------------------------------


def count_letters(store: Any, box: MoodyPostbox, wanted: int, found: Counter[str]) -> None:
    """Every letter has reached the mail server, and a second time only marked as such."""
    kept = [letter for row in all_tickets(store) for letter in store.letters(row.no)]
    came = Counter(str(message["Message-ID"]).split(".")[1].partition("@")[0] for message in box.messages)
    marked = sum(AGAIN_NOTE in message.get_content() for message in box.messages)
    found["letters"] += wanted
    found["letters_lost"] += max(0, wanted - sum(letter.token in came for letter in kept))
    found["letters_twice"] += (twice := came.total() - len(came))
    found["letters_unmarked"] += max(0, twice - marked)
    found["letters_unsent"] += sum(letter.state != "sent" for letter in kept)
    for mood, times in box.moods.items():
        found[f"mail_{mood}"] += times


def count_walks(store: Any, found: Counter[str]) -> None:
    """Each ticket's log is a walk of the table."""
    for row in all_tickets(store):
        found["unlawful"] += bool(unlawful(store.ticket_log(row.no), row))
