"""What is kept of conversations: copied, put back, cleared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot.commands import given
from bot.commands.shape import HELP, Command, Refused


@click.command(cls=Command, add_help_option=False, help="把会话数据备份成一个文件，不用停服务。")
@click.argument("file", metavar="文件")
@HELP
def backup(file: str) -> None:
    from bot import backup as keeping
    from bot.store import StoreFault

    try:
        conversations, messages = keeping.backup(given.settings().data, Path(file))
    except StoreFault as fault:
        raise Refused(str(fault)) from None
    print(f"已备份到 {file}：{conversations}个会话，{messages}条消息。")


@click.command(cls=Command, add_help_option=False, help="清除某一天以前结束的会话，只留按天的计数，不用停服务。")
@click.option("--before", metavar="日期", required=True, help="最后一条消息早于这一天的会话，写成2024-01-01。")
@HELP
def forget(before: str) -> None:
    from bot import forgetting
    from bot.store import StoreFault

    day, settings = given.day_of(before), given.settings()
    if day is None:
        raise Refused("请写明日期，如 --before 2024-01-01。")
    try:
        count = forgetting.forget(settings.data, day, datetime.now(given.SHANGHAI).date())
    except StoreFault as fault:
        raise Refused(str(fault)) from None
    print(f"已清除{day}以前结束的{count}个会话：说过的话、身份和情况都没有了，按天的计数还在。")


@click.command(cls=Command, add_help_option=False, help="用备份文件换下现在的会话数据，不用停服务；换下的另存一份。")
@click.argument("file", metavar="文件")
@HELP
def restore(file: str) -> None:
    from bot import backup as keeping
    from bot.store import StoreFault

    try:
        conversations, messages, before = keeping.restore(
            given.settings().data, Path(file), datetime.now(given.SHANGHAI)
        )
    except StoreFault as fault:
        raise Refused(str(fault)) from None
    print(f"已恢复：{conversations}个会话，{messages}条消息。" + (f"换下的数据存在 {before}。" if before else ""))
