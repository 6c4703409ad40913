"""The other side of the load: a fast Bot API that checks nothing, and visitors who talk to a bot's webhook.

Both sides of one process, on one event loop. A conversation's next message is posted when the reply to the one before
has reached us, as people do; at most so many posts are under way at a time, and each waits for its 200. Nobody asks for
the sheet as a document: it takes half a second to make, and says nothing of a message.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

SECRET = "load"


class Fake:
    """The Bot API: `heard(chat, params)` is called for every text that arrives; each answer takes `wait` seconds."""

    def __init__(self) -> None:
        self.wait, self.hook = 0.0, ""
        self.heard: Callable[[int, dict[str, Any]], None] = lambda chat, sent: None
        self.hooked = asyncio.Event()
        self._numbers = itertools.count(1)

    async def start(self) -> None:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Talk(self), "127.0.0.1", 0, backlog=512)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def answer(self, method: str, sent: dict[str, Any]) -> Any:
        """The result of a call."""
        if method in ("sendMessage", "sendContact"):
            chat = int(sent["chat_id"])
            if method == "sendMessage":
                self.heard(chat, sent)
            return {"message_id": next(self._numbers), "date": 1, "chat": {"id": chat, "type": "private"}, "text": "x"}
        if method == "getMe":
            return {"id": 4242, "is_bot": True, "first_name": "x", "username": "policydesk_bot"}
        if method == "getWebhookInfo":
            return {"url": self.hook, "has_custom_certificate": False, "pending_update_count": 0}
        if method == "setWebhook":
            self.hook = sent["url"]
            self.hooked.set()
        return True


class _Talk(asyncio.Protocol):
    """One kept-open connection of HTTP/1.1."""

    def __init__(self, fake: Fake) -> None:
        self._fake, self._held = fake, b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].decode("latin-1")
            length = next((int(line[15:]) for line in head.split("\r\n") if line[:15].lower() == "content-length:"), 0)
            if len(self._held) < end + 4 + length:
                return
            body, self._held = self._held[end + 4 : end + 4 + length], self._held[end + 4 + length :]
            sent = json.loads(body) if body[:1] == b"{" else dict(parse_qsl(body.decode()))
            method = head.split(" ", 2)[1].rpartition("/")[2]
            if self._fake.wait and method.startswith("send"):
                asyncio.get_running_loop().call_later(self._fake.wait, self._reply, method, sent)
            else:
                self._reply(method, sent)

    def _reply(self, method: str, sent: dict[str, Any]) -> None:
        body = json.dumps({"ok": True, "result": self._fake.answer(method, sent)}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


@dataclass
class Talk:
    """One visitor: what is said next, and when the last was posted."""

    chat: int
    script: list[str]
    said: int = 0
    posted: float = 0.0
    buttons: list[str] = field(default_factory=list)


DOCUMENT = "case:paper@"
TAP = ""
"""In a script: tap one of the buttons under the last reply."""


def scripts(questions: Sequence[str], rng: random.Random) -> list[str]:
    """Ten turns: five questions in people's own words, four taps on what the replies offer, thanks."""
    turns = [TAP if tapped else rng.choice(questions) for tapped in (0, 1, 0, 1, 1, 0, 0, 1, 0)]
    return [*turns, "谢谢"]


class Visitors:
    """Talk to a webhook; `latencies` are seconds from the post to the reply's arrival."""

    def __init__(self, fake: Fake, questions: Sequence[str], seed: int, first: int) -> None:
        self._fake, self._questions, self._rng = fake, questions, random.Random(seed)
        self._chats, self._updates = itertools.count(first), itertools.count(first * 100)
        self._talks: dict[int, Talk] = {}
        self.latencies: list[float] = []
        self.replied = 0
        fake.heard = self._hear

    async def talk(self, conversations: int, *, turns: int = 10, posts: int = 16, at_once: int = 64) -> float:
        """So many conversations, as fast as they are answered; the seconds from the first post to the last reply."""
        self._ready: asyncio.Queue[Talk] = asyncio.Queue()
        self._left, self._turns, self._open = conversations * turns, turns, conversations
        self._done = asyncio.Event()
        began = time.perf_counter()
        for _ in range(min(at_once, conversations)):
            self._come()
        posting = [asyncio.create_task(self._post_for_ever()) for _ in range(posts)]
        ends = [asyncio.create_task(self._done.wait()), *posting]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        lasted = time.perf_counter() - began
        for task in ends:
            task.cancel()
        for ended in await asyncio.gather(*ends, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
        return lasted

    async def arrive(self, rate: float, seconds: float) -> None:
        """New conversations of one question each, evenly, whatever has been answered."""
        self._ready = asyncio.Queue()
        self._turns, self._open, self._left = 1, 0, int(rate * seconds)
        self._done = asyncio.Event()
        posting = [asyncio.create_task(self._post_for_ever()) for _ in range(64)]
        began = time.perf_counter()
        for number in range(self._left):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            self._open = 1
            self._come()
        await asyncio.wait_for(self._done.wait(), 60)
        for task in posting:
            task.cancel()
        await asyncio.gather(*posting, return_exceptions=True)

    def _come(self) -> None:
        if self._open <= 0:
            return
        self._open -= 1
        talk = Talk(next(self._chats), scripts(self._questions, self._rng)[: self._turns])
        self._talks[talk.chat] = talk
        talk.posted = time.perf_counter()
        self._ready.put_nowait(talk)

    def _hear(self, chat: int, sent: dict[str, Any]) -> None:
        talk = self._talks.get(chat)
        if talk is None or not talk.posted:
            return
        self.latencies.append(time.perf_counter() - talk.posted)
        self.replied += 1
        talk.posted = 0.0
        markup = sent.get("reply_markup") or {}
        markup = json.loads(markup) if isinstance(markup, str) else markup
        buttons = [button["callback_data"] for row in markup.get("inline_keyboard", []) for button in row]
        talk.buttons = [data for data in buttons if not data.startswith(DOCUMENT)]
        self._left -= 1
        if self._left == 0:
            self._done.set()
        if talk.said == len(talk.script):
            del self._talks[chat]
            self._come()
        else:
            talk.posted = time.perf_counter()
            self._ready.put_nowait(talk)

    async def _post_for_ever(self) -> None:
        host, _, rest = self._fake.hook.removeprefix("http://").partition("/")
        name, _, port = host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        head = (
            f"POST /{rest} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
        )
        try:
            while True:
                talk = await self._ready.get()
                body = json.dumps(self._update(talk)).encode()
                writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
                told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                if " 200 " not in told.split("\r\n")[0]:
                    raise AssertionError(told)
                length = told.partition("content-length:")[2].split("\r\n")[0]
                await reader.readexactly(int(length or 0))
        finally:
            writer.close()

    def _update(self, talk: Talk) -> dict[str, Any]:
        words = talk.script[talk.said]
        talk.said += 1
        number = next(self._updates)
        user = {"id": talk.chat, "is_bot": False, "first_name": "王女士", "language_code": "zh-hans"}
        message = {
            "message_id": number,
            "date": 1,
            "chat": {"id": talk.chat, "type": "private", "first_name": "王女士"},
        }
        if words == TAP and talk.buttons:
            data = self._rng.choice(talk.buttons)
            tap = {"id": str(number), "from": user, "message": message, "data": data, "chat_instance": "1"}
            return {"update_id": number, "callback_query": tap}
        text = words or self._rng.choice(self._questions)
        return {"update_id": number, "message": {**message, "from": user, "text": text}}
