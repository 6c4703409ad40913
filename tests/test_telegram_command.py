"""`policydesk telegram` as an operator meets it: one sentence for every fault, a set-up that tells what it did."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot_api import BotApi, server_error
from tests.bot_api.server import TOKEN
from tests.forking import POLICYDESK, Forked, ran
from tests.serving import BARE, Server

WRONG, NOWHERE = TOKEN[:-1] + "X", "http://127.0.0.1:9"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server


def environment(folder: Path, **settings: str) -> dict[str, str]:
    return BARE | {"POLICYDESK_DATA": str(folder)} | {f"POLICYDESK_{key}": value for key, value in settings.items()}


def run(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    return ran([POLICYDESK, "telegram", *arguments], env=environment(folder, **settings), cwd=folder)


@pytest.mark.parametrize(
    ("arguments", "token", "where", "says"),
    [
        ([], "", "", "还没有设置 POLICYDESK_TELEGRAM_TOKEN"),
        ([], "secret words", "", "POLICYDESK_TELEGRAM_TOKEN 的值不对"),
        ([], WRONG, "", "Telegram不认这个token"),
        (["--setup"], WRONG, "", "Telegram不认这个token"),
        ([], TOKEN, NOWHERE, "连不上Telegram接口 http://127.0.0.1:9"),
        (["--setup"], TOKEN, NOWHERE, "连不上Telegram接口 http://127.0.0.1:9"),
    ],
    ids=["missing", "not a token", "wrong", "wrong at set-up", "unreachable", "unreachable at set-up"],
)
def test_a_fault_gets_one_sentence(
    api: BotApi, tmp_path: Path, arguments: list[str], token: str, where: str, says: str
) -> None:
    """Exit status 2, nothing on standard output, no traceback, and never the token."""
    status, out, error = run(tmp_path, *arguments, TELEGRAM_TOKEN=token, TELEGRAM_API=where or api.url)
    assert (status, out) == (2, "") and says in error and len(error.strip().splitlines()) == 1
    assert not token or token not in error


def test_the_setup_registers_and_takes_the_old_webhook_down(api: BotApi, tmp_path: Path) -> None:
    """Commands described in Chinese, the two descriptions, no webhook; each told on a line; a second time as well."""
    api.world.webhook = {"url": "https://example.org/old", "secret": None}
    status, out, error = run(tmp_path, "--setup", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url)
    assert (status, error) == (0, "")
    assert "@policydesk_bot" in out and "/overview 看全部方向" in out and "已撤下旧的webhook" in out
    assert {"command": "help", "description": "看看怎么问"} in api.world.commands
    assert "不代表审批结果" in api.world.about["description"] and api.world.about["short_description"]
    assert not api.world.webhook and not api.refusals
    status, out, _ = run(tmp_path, "--setup", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url)
    assert status == 0 and "没有webhook" in out


def test_a_webhook_in_the_way_is_told(api: BotApi, tmp_path: Path) -> None:
    """Another place may be served by it, so it is not taken down unasked."""
    api.world.webhook = {"url": "https://example.org/old", "secret": None}
    status, _, error = run(tmp_path, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url)
    assert status == 2 and "policydesk telegram --setup" in error and api.world.webhook


def test_it_serves_until_it_is_asked_to_end(api: BotApi, tmp_path: Path) -> None:
    """A line when it is ready, an answer on the day that is set, exit 0 on SIGTERM, no word of the talk put out."""
    owner = api.person()
    settings = environment(tmp_path, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url, TODAY="2023-03-20")
    pipe = subprocess.PIPE
    served = Forked([POLICYDESK, "telegram"], stdout=pipe, stderr=pipe, env=settings, cwd=tmp_path)
    assert served.stdout
    assert "@policydesk_bot 已上线" in served.stdout.readline().decode()
    api.fails("sendMessage", server_error(), to=owner)
    owner.says("现在还能申报吗")
    owner.sees("还剩26天")
    served.send_signal(signal.SIGTERM)
    out, error = served.communicate(timeout=60)
    assert served.returncode == 0 and not api.refusals
    assert not any(secret in (out + error).decode() for secret in (TOKEN, str(owner.id), "申报"))


def test_beside_the_web_a_wrong_token_is_told_first(api: BotApi, tmp_path: Path) -> None:
    """`serve` does not open with it."""
    settings = environment(tmp_path, TELEGRAM_TOKEN=WRONG, TELEGRAM_API=api.url)
    status, out, error = ran([POLICYDESK, "serve", "--port", "0"], env=settings, cwd=tmp_path)
    assert (status, out) == (2, "")
    assert "Telegram不认这个token" in error and len(error.strip().splitlines()) == 1


def test_beside_the_web_telegram_comes_when_it_can(api: BotApi, tmp_path: Path) -> None:
    """It is away at first: said in one sentence, the web opens, and then Telegram is served as well."""
    owner = api.person()
    api.fails("getMe", server_error(), server_error())
    server = Server(tmp_path / "data", POLICYDESK_TELEGRAM_TOKEN=TOKEN, POLICYDESK_TELEGRAM_API=api.url)
    owner.says("流片最多补多少")
    owner.sees("3000万元", messages=2)
    status, _, error = server.end()
    assert status == 0 and "连不上Telegram接口" in error and "网页先开" in error and "Traceback" not in error
