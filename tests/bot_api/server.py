"""HTTP in front of the world: Starlette and uvicorn on loopback, in a thread; faults on demand; a log of every call."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.bot_api.faults import Fault, Refusal, bad
from tests.bot_api.limits import within_limits
from tests.bot_api.people import Group, Person
from tests.bot_api.schema import checked, method_named
from tests.bot_api.world import RIGHTS, TWO_POLLS, World, plain

TOKEN = "4242:AAE-fake_token_of_the_tests_0123456789"
LONGEST_WAIT, AGAIN_S = 60.0, 0.05
ELSEWHERE_S = 0.1
"""How often it is looked at what changes without this server having heard of it."""

Gone = Callable[[], Awaitable[bool]]
"""Whether who has called is no longer there."""


@dataclass(frozen=True)
class Made:
    """One call as it arrived, how and when (`time.monotonic`) it ended; `asked_for`: a fault on demand, no refusal."""

    method: str
    sent: Mapping[str, Any]
    status: int
    says: str = ""
    asked_for: bool = False
    at: float = field(default_factory=time.monotonic)


class BotApi:
    """The server: `with BotApi() as api`; `api.url` and `api.token` are what a bot needs."""

    def __init__(self, *, username: str = "policydesk_bot", token: str = TOKEN) -> None:
        self.token = token
        self.world = World(username)
        self.calls: deque[Made] = deque(maxlen=20_000)
        self.deliveries: deque[tuple[int, int]] = deque(maxlen=20_000)
        self._faults: list[tuple[str, int | None, Fault]] = []
        self._polls = 0
        self._people = 0
        self._closing = False
        # asyncio only turns Nagle's algorithm off where the protocol is named: 40 ms a call
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(100)  # so that a call made before the loop turns waits instead of being refused
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    # --- for tests ---------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True)
        self._thread.start()
        assert started.wait(LONGEST_WAIT), "the Bot API server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._server.should_exit = True
        self._wake()
        self._thread.join(LONGEST_WAIT)

    def person(self, name: str = "王女士") -> Person:
        """Somebody new, with a private chat that has been opened."""
        self._people += 1
        return Person(self, 1_000_000 + self._people, name)

    def group(self, title: str) -> Group:
        """A group that the bot has been added to."""
        self._people += 1
        return Group(self, -1_000_000 - self._people, title)

    def forum(self, title: str, *rights: str) -> Group:
        """A group with topics, of which the bot is an administrator; without rights: with those that it needs."""
        self._people += 1
        return Group(self, -1_000_000 - self._people, title, frozenset(rights or RIGHTS))

    def fails(self, method: str, *faults: Fault, to: Person | Group | None = None) -> None:
        """The next calls of a method go wrong, one fault each; `to` takes only calls for that chat."""
        with self.world.changed:
            self._faults += [(method, to.id if to else None, fault) for fault in faults]

    def faults_for(self, person: Person | Group | None = None) -> int:
        """How many faults still wait for calls to a chat; without one, for calls to whichever chat is next."""
        with self.world.changed:
            return sum(chat == (person.id if person else None) for _, chat, _ in self._faults)

    @property
    def refusals(self) -> list[Made]:
        """What the bot sent against the rules; faults on demand and people who blocked it are not among them."""
        return [made for made in self.calls if made.status >= 400 and made.status != 403 and not made.asked_for]

    def made(self, method: str) -> list[Made]:
        """The calls of one method, in order."""
        with self.world.changed:
            return [made for made in self.calls if made.method == method]

    def until(self, true: Callable[[], Any], what: str = "", within: float = LONGEST_WAIT) -> Any:
        """Wait until `true()` is, here or elsewhere; raises AssertionError when it does not come."""
        end = time.monotonic() + within
        with self.world.changed:
            while not (found := true()):
                assert time.monotonic() < end, f"waited {within:.0f} s in vain {what}; refused: {self.refusals}"
                self.world.changed.wait(ELSEWHERE_S)
        return found

    # --- HTTP --------------------------------------------------------------------------------------------------------

    async def _serve(self, started: threading.Event) -> None:
        self._loop, self._woken = asyncio.get_running_loop(), asyncio.Event()
        self._due = asyncio.Event()
        self.world.on_update = self._wake
        app = Starlette(routes=[Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])])
        config = uvicorn.Config(app, http=_Breakable, log_level="critical", access_log=False, lifespan="off",
                                timeout_graceful_shutdown=1)  # fmt: skip
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        started.set()
        delivering = asyncio.create_task(self._deliver())
        await self._server.serve(sockets=[self._socket])
        delivering.cancel()

    async def _deliver(self) -> None:
        """Give waiting updates to the webhook: one chat's one after the other, a refused one again a little later."""
        busy: set[int] = set()
        async with httpx.AsyncClient(timeout=LONGEST_WAIT) as client, asyncio.TaskGroup() as posts:
            while True:
                self._due.clear()
                with self.world.changed:
                    ready = self.world.deliverable(busy)
                for chat, update in ready:
                    busy.add(chat)
                    posts.create_task(self._post(client, update)).add_done_callback(
                        lambda _, chat=chat: (busy.discard(chat), self._due.set())
                    )
                await self._due.wait()

    async def _post(self, client: httpx.AsyncClient, update: dict[str, Any]) -> None:
        hook, secret = dict(self.world.webhook), self.world.webhook.get("secret")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            status = (await client.post(hook["url"], json=update, headers=headers)).status_code
        except (httpx.HTTPError, KeyError):
            status = 0
        with self.world.changed:
            self.deliveries.append((update["update_id"], status))
            if 200 <= status < 300:
                self.world.delivered(update)
            self.world.changed.notify_all()
        if not 200 <= status < 300:
            await asyncio.sleep(AGAIN_S)

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self._woken.set)
        self._loop.call_soon_threadsafe(self._due.set)

    async def _answer(self, request: Request) -> Response:
        method, sent, fault = "?", {}, None
        try:
            self._let_in(request.path_params["token"])
            method = method_named(request.path_params["method"])
            sent, files = await _body(request)
            fault = self._fault(method, sent)
            if fault and fault.cut == "before":
                await asyncio.sleep(fault.wait)
                raise _Cut
            if fault and fault.code:
                raise Refusal(fault.code, fault.description, **fault.parameters)
            result = await self._done(method, sent, files, request.is_disconnected, whole=fault is None)
            if fault:
                await asyncio.sleep(fault.wait)
            if fault and fault.cut == "after":
                raise _Cut
        except _Cut:
            self._note(Made(method, sent, 0, "dropped", asked_for=True))
            request.scope["cut"]()
            return Response()
        except Refusal as refusal:
            self._note(Made(method, sent, refusal.code, refusal.description, asked_for=bool(fault and fault.code)))
            return JSONResponse(refusal.as_json(), status_code=refusal.code)
        if fault or method == "getUpdates":
            self._note(Made(method, sent, 200))
        return JSONResponse({"ok": True, "result": result})

    def _let_in(self, token: str) -> None:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{30,}", token):
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    def _fault(self, method: str, sent: Mapping[str, Any]) -> Fault | None:
        with self.world.changed:
            for at, (wanted, chat, fault) in enumerate(self._faults):
                if wanted == method and chat in (None, int(sent.get("chat_id") or 0)):
                    del self._faults[at]
                    return fault
        return None

    async def _done(
        self, method: str, sent: Mapping[str, Any], files: dict[str, bytes], gone: Gone, *, whole: bool
    ) -> Any:
        """The call's result; one that nothing goes wrong with is noted together with what it changes."""
        call = checked(method, sent)
        within_limits(method, call)
        if isinstance(getattr(call, "parse_mode", None), str):
            raise Refusal(501, "Not Implemented: this server does not parse markup, send entities")
        if method == "getUpdates":
            return await self._poll(call, gone)
        play = getattr(self.world, re.sub(r"([A-Z])", r"_\1", method).lower(), None)
        if play is None:
            raise Refusal(501, f"Not Implemented: this server does not play {method}")
        with self.world.changed:
            self.world.files |= files
            result = plain(play(call))
            if whole:
                self._note(Made(method, sent, 200))
            return result

    async def _poll(self, call: Any, gone: Gone) -> list[Any]:
        """Waits for updates; a second poll ends the first, as at Telegram, if there is still somebody to tell."""
        self._polls += 1
        mine, ends = self._polls, time.monotonic() + (call.timeout or 0)
        self._woken.set()
        while True:
            with self.world.changed:
                ready = self.world.ready(call)
            left = ends - time.monotonic()
            if ready or left <= 0 or self._closing:
                return ready
            self._woken.clear()
            try:
                await asyncio.wait_for(self._woken.wait(), left)
            except TimeoutError:
                continue
            if mine != self._polls and await gone():
                return []
            if mine != self._polls:
                raise Refusal(409, TWO_POLLS)

    def _note(self, made: Made) -> None:
        with self.world.changed:
            self.calls.append(made)
            self.world.changed.notify_all()


class _Cut(Exception):
    """The connection is to break here."""


class _Breakable(H11Protocol):
    """uvicorn's protocol, whose connection a request may cut (`scope["cut"]`)."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        inner = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await inner({**scope, "cut": transport.abort}, receive, send)

        self.app = app


async def _body(request: Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The parameters, from the address, a form (also multipart) or JSON; files under the name that tells them."""
    sent: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    files: dict[str, bytes] = {}
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        try:
            sent |= json.loads(await request.body() or b"{}")
        except (ValueError, TypeError):
            raise bad("can't parse request JSON object") from None
    elif kind == "multipart/form-data":
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    told = f"attach://{name}/{value.filename}"
                    files[told] = await value.read()
                    sent = {key: told if one == f"attach://{name}" else one for key, one in sent.items()}
                    if name not in sent and not any(one == told for one in sent.values()):
                        sent[name] = told
                else:
                    sent[name] = value
    else:
        sent |= parse_qsl((await request.body()).decode(), keep_blank_values=True)
    return sent, files
