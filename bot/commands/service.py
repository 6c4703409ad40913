"""Serving: the web with what opens beside it, or Telegram alone."""

from __future__ import annotations

import errno
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands import given
from bot.commands.shape import AS_OF, HELP, Command, Refused

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command(cls=Command, add_help_option=False, help="在Telegram上服务；--setup 核对token、登记命令和简介。")
@click.option("--setup", is_flag=True, help="核对token，登记命令和简介，撤下旧的webhook，然后退出。")
@HELP
def telegram(setup: bool) -> None:
    from bot.telegram import running

    settings = given.settings()
    try:
        if setup:
            running.set_up(settings)
        else:
            running.serve(settings, given.library(), lambda: given.today(None))
    except running.FAULTS as fault:
        raise Refused(str(fault)) from None


@click.command(cls=Command, add_help_option=False, help="在前台提供网页咨询和接口，就绪时打印网址；Ctrl-C 结束。")
@click.option("--host", metavar="地址", default="127.0.0.1", help="在哪个地址上提供，不写就只给本机。")
@click.option("--port", metavar="端口", default="8000", help="在哪个端口上提供，不写就是8000；0表示随便一个空的。")
@click.option("--workers", metavar="个数", default="1", help="几个进程一起服务，不写就是1个。")
@AS_OF
@HELP
def serve(host: str, port: str, workers: str, as_of: str | None) -> None:
    if not (workers.isascii() and workers.isdigit() and 1 <= int(workers) <= 64):
        raise Refused(f"进程数“{workers}”不对，应是1到64之间的整数。")
    if not (port.isascii() and port.isdigit() and int(port) <= 65535):
        raise Refused(f"端口“{port}”不对，应是0到65535之间的整数。")
    if int(workers) > 1:
        _count_together()
    from bot import serving
    from bot.conductor import Conductor
    from bot.sqlite_store import SqliteStore
    from bot.store import StoreFault

    day, settings = given.day_of(as_of), given.settings()
    try:
        listening = serving.bound(host, int(port))
    except OSError as error:
        raise Refused(_unbound(host, port, error)) from None
    library = given.library()
    try:
        SqliteStore(settings.data).close()
    except StoreFault as fault:
        raise Refused(str(fault)) from None
    if settings.telegram_token is not None:
        _look_at_telegram(settings)
    _check_mail(settings)
    fixed = day or settings.today

    def conductor() -> Conductor:
        store = SqliteStore(settings.data)
        today = lambda: fixed or datetime.now(given.SHANGHAI).date()  # noqa: E731
        return Conductor(store, library, today, address=settings.public_url, knowledge=settings.knowledge)

    serving.serve(conductor, settings, listening, int(workers))


def _count_together() -> None:
    """Several processes count into one folder, so that /metrics tells of all of them, whichever is asked.

    The folders of processes that were killed are taken away first; each tells whose it is by its name.
    """
    import shutil
    import tempfile

    for left in Path(tempfile.gettempdir()).glob("policydesk-metrics-*-*"):
        owner = left.name.split("-")[2]
        if owner.isdigit() and not _runs(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix=f"policydesk-metrics-{os.getpid()}-"))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def _look_at_telegram(settings: Settings) -> None:
    """A wrong token is told before anybody comes; a Telegram that is away is told and waited for beside the web."""
    from bot.telegram.reaching import BadToken, TelegramFault
    from bot.telegram.running import look_ahead

    try:
        look_ahead(settings)
    except BadToken as fault:
        raise Refused(str(fault)) from None
    except TelegramFault as fault:
        print(f"{fault}网页先开，Telegram会接着试。", file=sys.stderr)


def _check_mail(settings: Settings) -> None:
    """Half of the settings of mail are none."""
    from bot.mail.command import missing

    if fault := missing(settings):
        raise Refused(fault)


def _unbound(host: str, port: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口{port}已被别的程序占用，请换一个，如 --port {int(port) % 65535 + 1}。"
    if error.errno == errno.EACCES:
        return f"没有权限使用端口{port}，请用1024以上的端口，或以有权限的用户运行。"
    return f"地址“{host}”用不了，请用 127.0.0.1（只给本机）或 0.0.0.0（给所有人）。"
