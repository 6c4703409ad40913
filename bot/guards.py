"""What stands before every page and call: security headers, a limit on the body, the count of responses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import metrics
from bot.problems import problem

log = logging.getLogger("policydesk")

LARGEST_BODY = 64 * 1024
"""Bytes; the longest message that is read (5,000 characters) fits in any encoding of it."""
LARGEST_UPDATE = 256 * 1024
"""Bytes of a Telegram update; a text of the greatest length that answers another such, with entities, is under this."""
DRAINED = 32 * 1024 * 1024
"""Bytes of a body too large that are still taken and thrown away, so that the sender gets to read the sentence."""
PATIENCE_S = 20

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


_SENT = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
_CACHE_CONTROL = b"cache-control"


def _guarded(held: Iterable[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
    """A response's headers with ours, but for those that it has itself.

    What is said stays in no cache; our own files are asked for again only as to whether they changed.
    """
    own = [*held]
    names = {name.lower() for name, _ in own}
    cached = b"no-cache" if path.startswith("/static/") else b"no-store"
    return own + [pair for pair in (*_SENT, (_CACHE_CONTROL, cached)) if pair[0] not in names]


class Guard:
    """Wraps the whole application, its error pages too."""

    def __init__(self, app: ASGIApp, hooks: Mapping[str, ASGIApp]) -> None:
        """`hooks`: paths to which a machine posts; they take larger bodies and go past what pages need."""
        self.app, self.hooks = app, hooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _guarded(message.get("headers", ()), scope["path"])
                metrics.responses.labels(message["status"]).inc()
            await send(message)

        if scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send_guarded)
            return
        hook = self.hooks.get(scope["path"]) if scope["method"] == "POST" else None
        try:
            largest = LARGEST_UPDATE if hook else LARGEST_BODY
            async with asyncio.timeout(PATIENCE_S):
                body = await _body(receive, largest)
        except TimeoutError:
            await problem(408, "等不到请求的内容，请重试。")(scope, receive, send_guarded)
            return
        if body is None:
            log.warning("收到的内容太大，没有理会。")
            sentence = f"内容太大：一次最多{largest // 1024}KB，请把要问的那一句单独发一下。"
            await problem(413, sentence)(scope, receive, send_guarded)
            return
        await (hook or self.app)(scope, _again(body, receive), send_guarded)


async def _body(receive: Receive, largest: int) -> bytes | None:
    """The whole body; None where it is larger than we take."""
    held, size = b"", 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        held = held + part if size <= largest else b""
        if not message.get("more_body") or size > DRAINED:
            return held if size <= largest else None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body handed out once more, then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
