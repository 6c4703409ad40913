"""The connections to Telegram: kept while they last, and given up when an answer is not whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram.error import NetworkError

from bot.telegram.wire import Wire

BODY = b'{"ok": true, "result": {"message_id": 7}}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (
    BODY[:5], len(BODY) - 5, BODY[5:],
)  # fmt: skip
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY
CUT_OFF = WHOLE[:-3]


class Telegram:
    """Answers the calls of each connection by the next of some bytes; `calls` of every connection, in order."""

    def __init__(self, *answers: bytes) -> None:
        self.answers, self.calls = list(answers), list[int]()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at = len(self.calls)
        self.calls.append(0)
        while head := await reader.readuntil(b"\r\n\r\n"):
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]))
            self.calls[at] += 1
            answer = self.answers.pop(0)
            for begin in range(0, len(answer), 40):
                writer.write(answer[begin : begin + 40])
                await writer.drain()
            if answer in (LAST, UNTIL_CLOSED, CUT_OFF):
                writer.close()
                return


@asynccontextmanager
async def wired(telegram: Telegram, wait: float = 20) -> AsyncIterator[Wire]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await telegram.talk(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    wire = Wire("1:x", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", wait)
    try:
        yield wire
    finally:
        await wire.close()
        server.close()


async def test_a_connection_is_kept_for_the_next_call() -> None:
    telegram = Telegram(WHOLE, CHUNKED, WHOLE)
    async with wired(telegram) as wire:
        for _ in range(3):
            assert await wire.call("sendMessage", chat_id=1, text="好") == {"message_id": 7}
    assert telegram.calls == [3]


@pytest.mark.parametrize("last", [LAST, UNTIL_CLOSED], ids=["told", "by closing"])
async def test_a_connection_that_telegram_ends_is_followed_by_another(last: bytes) -> None:
    telegram = Telegram(last, WHOLE)
    async with wired(telegram) as wire:
        for _ in range(2):
            assert await wire.call("sendMessage", chat_id=1, text="好") == {"message_id": 7}
    assert telegram.calls == [1, 1]


@pytest.mark.parametrize("broken", [CUT_OFF, b"220 smtp ready\r\n\r\n"], ids=["cut off", "no HTTP"])
async def test_an_answer_that_is_not_whole_is_a_fault_of_the_network(broken: bytes) -> None:
    telegram = Telegram(broken, WHOLE)
    async with wired(telegram) as wire:
        with pytest.raises(NetworkError):
            await wire.call("sendMessage", chat_id=1, text="好")
        assert await wire.call("sendMessage", chat_id=1, text="好") == {"message_id": 7}
    assert telegram.calls == [1, 1]


async def test_an_answer_that_does_not_come_is_not_waited_for_for_ever() -> None:
    telegram = Telegram(b"", WHOLE)
    async with wired(telegram, wait=0.1) as wire:
        with pytest.raises(NetworkError):
            await wire.call("sendMessage", chat_id=1, text="好")
        assert await wire.call("sendMessage", chat_id=1, text="好") == {"message_id": 7}
    assert telegram.calls == [1, 1]


async def test_who_stops_waiting_leaves_no_answer_to_the_next_call() -> None:
    telegram = Telegram(b"", WHOLE)
    async with wired(telegram) as wire:
        waiting = asyncio.create_task(wire.call("sendMessage", chat_id=1, text="好"))
        while telegram.calls != [1]:
            await asyncio.sleep(0)
        waiting.cancel()
        assert await wire.call("sendMessage", chat_id=1, text="好") == {"message_id": 7}
    assert telegram.calls == [1, 1]
