"""Telegram by webhook: what is let in, what is turned away without a trace, and that the address is set once."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sqlite_store import FILE
from bot.telegram.webhook import HEADER
from tests.bot_api import BotApi, server_error
from tests.bot_api.server import TOKEN
from tests.serving import Server
from tests.test_telegram_command import run

SECRET = "one-that_was_set"
FIRST = {"message_id": 1, "date": 1, "chat": {"id": 77, "type": "private"}, "text": "你好",
         "from": {"id": 77, "is_bot": False, "first_name": "王"}}  # fmt: skip


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server
        assert not server.refusals


def free_url() -> str:
    """An address on this machine that Telegram is told before anybody listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def server(api: BotApi, folder: Path, public: str, *arguments: str, **settings: str) -> Server:
    return Server(
        folder / "data", *arguments, "--port", public.rpartition(":")[2], POLICYDESK_TELEGRAM_TOKEN=TOKEN,
        POLICYDESK_TELEGRAM_API=api.url, POLICYDESK_PUBLIC_URL=public, **settings,
    )  # fmt: skip


@pytest.fixture
def desk(api: BotApi, tmp_path: Path) -> Iterator[Server]:
    with server(api, tmp_path, free_url(), POLICYDESK_TELEGRAM_SECRET=SECRET) as running:
        api.until(lambda: api.world.webhook, "for the webhook")
        yield running


def kept(folder: Path) -> list[int]:
    """How many rows each table has that a message could leave something in."""
    db = sqlite3.connect(folder / "data" / FILE)
    tables = ("conversations", "messages", "inbox", "effects", "dues")
    rows = [db.execute(f"select count(*) from {table}").fetchone()[0] for table in tables]
    db.close()
    return rows


def post(desk: Server, body: Any, secret: str | None = SECRET) -> int:
    headers = {HEADER: secret} if secret is not None else {}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.post(f"{desk.url}/telegram", content=content, headers=headers, timeout=60).status_code


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        ({"update_id": 1, "message": FIRST}, "another-secret", 403),
        ({"update_id": 1, "message": FIRST}, None, 403),
        ({"update_id": 1, "message": FIRST}, "", 403),
        ({"update_id": 1, "message": FIRST | {"text": "长" * 300_000}}, SECRET, 413),
        (b"{not json", SECRET, 400),
        (b"[" * 50_000, SECRET, 400),
        ({"update_id": "1", "message": FIRST}, SECRET, 400),
        ([1, 2], SECRET, 400),
        ({"update_id": 1, "message": {"text": "你好"}}, SECRET, 200),
        ({"update_id": 1, "message": FIRST | {"chat": 7}}, SECRET, 200),
        ({"update_id": 1, "poll": {"id": "1"}}, SECRET, 200),
        ({"update_id": 1, "something_new": {"id": "1"}}, SECRET, 200),
    ],
    ids=["wrong secret", "no secret", "empty secret", "too large", "no JSON", "deep", "no number", "no object",
         "half a message", "strange chat", "unknown half", "unknown kind"],
)  # fmt: skip
def test_what_is_turned_away_leaves_no_trace(
    api: BotApi, desk: Server, tmp_path: Path, body: Any, secret: str | None, status: int
) -> None:
    """Nothing kept, nothing sent; at most a line in the log, without what came."""
    before = kept(tmp_path)
    assert post(desk, body, secret) == status
    assert kept(tmp_path) == before and not api.made("sendMessage")
    _, _, errors = desk.end()
    assert len(errors.splitlines()) <= 1 and "Traceback" not in errors
    assert not any(word in errors for word in ("你好", "77", SECRET, TOKEN))


def test_a_replayed_update_changes_nothing(api: BotApi, desk: Server, tmp_path: Path) -> None:
    """Known by its number, answered 200, and nothing else."""
    owner = api.person()
    owner.says("你好")
    owner.sees("政策咨询助手")
    api.until(lambda: not api.world.waiting, "for the confirmation")
    before, sent = kept(tmp_path), len(api.made("sendMessage"))
    assert post(desk, owner.last_update) == 200 == post(desk, owner.last_update)
    assert kept(tmp_path) == before
    owner.says("谢谢")
    owner.sees("不客气")
    assert len(api.made("sendMessage")) == sent + 1


def test_the_address_is_set_once_however_many_start(api: BotApi, tmp_path: Path) -> None:
    """Three workers, then a restart; anew only for another secret. Where none is set it is made of the token."""
    public = free_url()
    with server(api, tmp_path, public):
        api.until(lambda: api.world.webhook, "for the webhook")
        others = [
            Server(
                tmp_path / "data", POLICYDESK_TELEGRAM_TOKEN=TOKEN, POLICYDESK_TELEGRAM_API=api.url,
                POLICYDESK_PUBLIC_URL=public,
            )
            for _ in range(2)
        ]  # fmt: skip
        owner = api.person()
        owner.says("流片最多补多少")
        owner.sees("3000万元")
        for other in others:
            other.end()
    assert len(api.made("setWebhook")) == 1
    hook = dict(api.world.webhook)
    assert hook["url"] == f"{public}/telegram" and len(hook["secret"]) >= 32 and TOKEN not in hook["secret"]
    with server(api, tmp_path, public, POLICYDESK_TELEGRAM_SECRET=SECRET):
        api.until(lambda: api.world.webhook["secret"] == SECRET, "for the new secret")
    assert len(api.made("setWebhook")) == 2


def test_a_telegram_that_is_away_is_waited_for(api: BotApi, tmp_path: Path) -> None:
    """The web opens; the address is set when it can be; what was said meanwhile is answered."""
    api.fails("getMe", server_error(), server_error())
    api.fails("setWebhook", server_error())
    owner = api.person()
    owner.says("流片最多补多少")
    with server(api, tmp_path, free_url()):
        owner.sees("3000万元")


def test_a_killed_server_answers_after_its_restart(api: BotApi, tmp_path: Path) -> None:
    """SIGKILL while a reply waits for Telegram: it is sent once, and the talk goes on."""
    public, owner = free_url(), api.person()
    api.fails("sendMessage", *[server_error()] * 3, to=owner)
    first = server(api, tmp_path, public)
    owner.says("流片最多补多少")
    api.until(lambda: api.made("sendMessage"), "for the first try")
    first.process.kill()
    first.process.communicate(timeout=60)
    with server(api, tmp_path, public):
        owner.sees("3000万元", messages=2)
        owner.says("EDA呢")
        owner.sees("500万元")
    assert len([screen for screen in owner.screen() if screen.text]) == 2


def test_the_setup_sets_it_and_takes_it_down(api: BotApi, tmp_path: Path) -> None:
    """With an address of ours `--setup` sets it, without one it is taken down; each told on a line."""
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": api.url}
    status, out, _ = run(tmp_path, "--setup", PUBLIC_URL="https://desk.example.org/", **settings)
    assert status == 0 and "已登记webhook：https://desk.example.org/telegram" in out
    assert api.world.webhook["url"] == "https://desk.example.org/telegram"
    status, out, _ = run(tmp_path, "--setup", **settings)
    assert status == 0 and "已撤下旧的webhook" in out and not api.world.webhook
