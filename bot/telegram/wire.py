"""One call of the Bot API over connections that stay open: small, because what is sent is what costs most here.

Where a proxy is set for this machine (HTTPS_PROXY and the like), the library's own client is used instead.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import ssl
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


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
    return "application/json", json.dumps(params, ensure_ascii=False, separators=(",", ":")).encode()


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
    """HTTP/1.1 on streams of our own; a connection is kept for the next call when its answer was read whole."""

    def __init__(self, address: SplitResult, wait: float) -> None:
        self._host, self._path, self._wait = address.hostname or "", address.path, wait
        self._tls = ssl.create_default_context() if address.scheme == "https" else None
        self._port = address.port or (443 if self._tls else 80)
        self._head = f"Host: {address.netloc}\r\nContent-Type: "
        self._idle: list[Connection] = []

    async def post(self, method: str, kind: str, body: bytes) -> tuple[int, bytes]:
        head = f"POST {self._path}/{method} HTTP/1.1\r\n{self._head}{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        request = head.encode() + body
        async with asyncio.timeout(self._wait):
            reader, writer = self._open() or await asyncio.open_connection(self._host, self._port, ssl=self._tls)
            try:
                writer.write(request)
                status, headers = _headers(await reader.readuntil(b"\r\n\r\n"))
                answer = await _body(reader, headers)
            except BaseException:
                writer.transport.abort()
                raise
        if headers.get("connection", "").lower() == "close":
            writer.close()
        else:
            self._idle.append((reader, writer))
        return status, answer

    def _open(self) -> Connection | None:
        """The connection that was last in use and still is open."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return None

    async def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()


def _headers(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ", 2)[1]), {name.lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.read()
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readuntil(b"\r\n")
    return b"".join(parts)


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
