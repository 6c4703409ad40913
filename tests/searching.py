"""The application with an officer signed in, on a real port; entries that come from outside, by seed; what is read out,
in figures again."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request

from bot.conductor import Conductor
from bot.guards import Guard
from bot.serving import bound, build
from bot.sqlite_store import SqliteStore
from bot.workbench.guard import Person, officer
from dialogs.library import Library
from knowledge.numerals import value_of
from knowledge.searching import Entry

STAFF = Person("王值守", "officer")


def _signed_in(request: Request) -> Person:
    request.state.person, request.state.csrf = STAFF, "token"
    return STAFF


@contextmanager
def desk(library: Library, data: Path, today: date, *, signed_in: bool = True) -> Iterator[tuple[str, FastAPI]]:
    """The address of a served desk, and its application."""
    conductor = Conductor(SqliteStore(data), library, lambda: today)
    whole = build(conductor)
    assert isinstance(whole, Guard) and isinstance(whole.app, FastAPI)
    if signed_in:
        whole.app.dependency_overrides[officer] = _signed_in
    listening = bound("127.0.0.1", 0)
    listening.listen()  # whoever comes before the server has begun is kept waiting, not refused
    config = uvicorn.Config(whole, log_level="warning", access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", whole.app
    finally:
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive(), "it has not ended"
        conductor.close()


_WHO = (
    "我们公司",
    "海淀一家企业",
    "朝阳的厂子",
    "一位财务",
    "代理机构",
    "亦庄的药企",
    "顺义的车企",
    "软件公司",
    "园区",
)
_ASKS = (
    "流片费用",
    "融资租赁合同",
    "技改项目竣工",
    "贷款贴息材料",
    "区里推荐",
    "入库审核",
    "升规奖励",
    "保费补贴",
    "首批次",
    "链主采购",
)
_TAILS = (
    "怎么算",
    "还能报吗",
    "要多久",
    "找谁",
    "没有回音",
    "电话打不通",
    "要不要盖章",
    "能不能改",
    "附件打不开",
    "上限是多少",
)


def others(count: int, seed: int, kind: str = "ticket") -> Iterator[Entry]:
    """So many entries of a kind, each with a number, a sentence and somebody's phone."""
    chance = random.Random(f"{seed} {kind}")
    for number in range(1, count + 1):
        who, asks, tail = chance.choice(_WHO), chance.choice(_ASKS), chance.choice(_TAILS)
        title = f"{who}问{asks}{chance.choice(_ASKS)}{tail}"
        phone = f"1{chance.randrange(3_000_000_000, 9_999_999_999)}"
        yield Entry(f"{kind}:{number}", title, (f"{kind[0].upper()}{number:05}", phone), (), "", title, "/desk")


_SAID = re.compile(r"百分之(百|[一二三四五六七八九十]{1,3}|零)(?:点([零一二三四五六七八九]))?")
_HALVES = re.compile(r"(?<!\d)(\d{4}) (\d{4})(?!\d)")


def as_written(text: str) -> str:
    """What `aloud` made of figures, in figures again."""

    def share(found: re.Match[str]) -> str:
        whole = "100" if found[1] == "百" else f"{value_of(found[1])}"
        return whole + (f".{'零一二三四五六七八九'.index(found[2])}" if found[2] else "") + "%"

    return _HALVES.sub(r"\1\2", _SAID.sub(share, text))
