"""One call of the Bot API over connections that stay open: small, because what is sent is what costs most here.

Where a proxy is set for this machine (HTTPS_PROXY and the like), the library's own client is used instead.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import ssl
from collections.abc import Mapping
from typing import Any, Protocol, cast
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

import httptools
import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter


class File(Protocol):
    """What is sent as a file."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> bytes: ...


class _Line(Protocol):
    async def post(self, method: str, kind: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; OSError or TimeoutError where there is none."""

    async def close(self) -> None:
        """Hang up."""


class Wire:
    """Calls with one bot's token; `api` is the base URL without `/bot`, `wait` the seconds for an answer."""

    def __init__(self, token: str, api: str, wait: float) -> None:
        address = urlsplit(f"{api}/bot{token}")
        proxied = address.scheme in getproxies() and not proxy_bypass(address.hostname or "")
        self._line: _Line = _Proxied(address.geturl(), wait) if proxied else _Direct(address, wait)

    async def call(self, method: str, files: Mapping[str, File] | None = None, /, **params: Any) -> Any:
        """The result; raises the library's errors. A parameter that is None is not sent."""
        told = {name: value for name, value in params.items() if value is not None}
        kind, sent = _form(told, files) if files else _json(told)
        try:
            status, body = await self._line.post(method, kind, sent)
            answer = json.loads(body)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            raise NetworkError(type(error).__name__) from None
        if 200 <= status < 300:
            return answer["result"]
        raise _error(status, answer)

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()


def _json(params: Mapping[str, Any]) -> tuple[str, bytes]:
    return "application/json", _written(params).encode()


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""`json.dumps` would make the encoder anew for each call."""


def _form(params: Mapping[str, Any], files: Mapping[str, File]) -> tuple[str, bytes]:
    """A form with files (RFC 7578)."""
    mark = secrets.token_hex(16)
    parts = [(f'name="{name}"', json.dumps(v) if not isinstance(v, str) else v) for name, v in params.items()]
    body = "".join(f"--{mark}\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in parts)
    sent = body.encode()
    for field, file in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{_quoted(file.name)}"\r\n'
        sent += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + file.content + b"\r\n"
    return f"multipart/form-data; boundary={mark}", sent + f"--{mark}--\r\n".encode()


def _quoted(name: str) -> str:
    """A file's name within a form's quotes."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _error(status: int, answer: Mapping[str, Any]) -> Exception:
    says, told = str(answer.get("description", "")), answer.get("parameters") or {}
    if "migrate_to_chat_id" in told:
        return ChatMigrated(told["migrate_to_chat_id"])
    if "retry_after" in told or status == 429:
        return RetryAfter(int(told.get("retry_after", 1)))
    if status == 403:
        return Forbidden(says)
    if status in (401, 404):
        return InvalidToken(says)
    return BadRequest(says) if status == 400 else NetworkError(f"{status}")


class _Direct:
    """HTTP/1.1 on connections of our own; one is kept for the next call when its answer was read whole."""

    def __init__(self, address: SplitResult, wait: float) -> None:
        self._host, self._path, self._wait = address.hostname or "", address.path, wait
        self._tls = ssl.create_default_context() if address.scheme == "https" else None
        self._port = address.port or (443 if self._tls else 80)
        self._head = f"Host: {address.netloc}\r\nContent-Type: "
        self._idle: list[_Connection] = []

    async def post(self, method: str, kind: str, body: bytes) -> tuple[int, bytes]:
        head = f"POST {self._path}/{method} HTTP/1.1\r\n{self._head}{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection = self._open() or await self._connect()
        try:
            answer = await connection.ask(head.encode() + body, self._wait)
        except BaseException:
            connection.abort()
            raise
        if connection.stays:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    async def _connect(self) -> _Connection:
        async with asyncio.timeout(self._wait):
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(_Connection, self._host, self._port, ssl=self._tls)
        return connection

    def _open(self) -> _Connection | None:
        """The connection that was last in use and still is open."""
        while self._idle:
            connection = self._idle.pop()
            if connection.stays:
                return connection
        return None

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class _Connection(asyncio.Protocol):
    """One connection, one call at a time; `stays` as long as it may be asked again."""

    def __init__(self) -> None:
        self.stays = True
        self._parser = httptools.HttpResponseParser(self)
        self._answered: asyncio.Future[tuple[int, bytes]] | None = None
        self._body: list[bytes] = []
        self._begun = self._bounded = False

    async def ask(self, request: bytes, wait: float) -> tuple[int, bytes]:
        """Status and body of the answer; OSError where the connection breaks, TimeoutError where none comes."""
        loop = asyncio.get_running_loop()
        self._answered = loop.create_future()
        self._begun, self._bounded = False, False
        late = loop.call_later(wait, self._fail, TimeoutError())
        try:
            self._transport.write(request)
            return await self._answered
        finally:
            late.cancel()
            self._answered = None

    def close(self) -> None:
        """Hang up."""
        self.stays = False
        self._transport.close()

    def abort(self) -> None:
        """Hang up, whatever is under way."""
        self.stays = False
        self._transport.abort()

    def _fail(self, error: Exception) -> None:
        self.stays = False
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)

    # --- what the transport calls ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """A piece of an answer; what nobody asked for ends the connection."""
        if self._answered is None:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(type(error).__name__))

    def connection_lost(self, error: Exception | None) -> None:
        """It is closed; an answer of no told length ends here."""
        if self._begun and not self._bounded and error is None:
            self.stays = False
            self.on_message_complete()
        self._fail(ConnectionError("cut off"))

    # --- what the parser calls ---------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """An answer begins."""
        self._body.clear()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._bounded = True

    def on_headers_complete(self) -> None:
        """The headers are whole."""
        self._begun = True

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        self.stays = self.stays and self._parser.should_keep_alive()
        if self._answered is not None and not self._answered.done():
            self._answered.set_result((self._parser.get_status_code(), b"".join(self._body)))


class _Proxied:
    """The library's client, which finds its way through a proxy."""

    def __init__(self, url: str, wait: float) -> None:
        self._url, self._client = url, httpx.AsyncClient(timeout=wait)

    async def post(self, method: str, kind: str, body: bytes) -> tuple[int, bytes]:
        try:
            answer = await self._client.post(f"{self._url}/{method}", content=body, headers={"Content-Type": kind})
        except httpx.HTTPError as error:
            raise ConnectionError(type(error).__name__) from None
        return answer.status_code, answer.content

    async def close(self) -> None:
        await self._client.aclose()
