"""The accounts of the workbench."""

from __future__ import annotations

import click

from bot.commands import given
from bot.commands.shape import HELP, Group, Refused


@click.group(
    cls=Group, add_help_option=False, help="工作台的账号：staff add 加人，list 看，renew 重设密码，remove 停用。"
)
@HELP
def staff() -> None:
    pass


@staff.command("add", add_help_option=False, help="加一个账号，打印一次性登录；密码由本人设。")
@click.option("--role", metavar="角色", default="", help="officer 值守员、editor 编辑、admin 管理员，三者之一。")
@click.argument("name", metavar="姓名")
@HELP
def staff_add(name: str, role: str) -> None:
    _on_staff("add", name, role)


@staff.command("list", add_help_option=False, help="列出全部账号：姓名、角色、状态。")
@HELP
def staff_list() -> None:
    _on_staff("list_")


@staff.command("renew", add_help_option=False, help="忘了密码或停用过的，再发一个一次性登录。")
@click.argument("name", metavar="姓名")
@HELP
def staff_renew(name: str) -> None:
    _on_staff("renew", name)


@staff.command("remove", add_help_option=False, help="停用一个账号，登录着的立刻退出；操作记录都留着。")
@click.argument("name", metavar="姓名")
@HELP
def staff_remove(name: str) -> None:
    _on_staff("remove", name)


def _on_staff(what: str, *words: str) -> None:
    from bot.store import Away, StoreFault
    from bot.workbench import staff_command
    from bot.workbench.staffing import Unstaffed

    try:
        getattr(staff_command, what)(given.settings(), *(given.text_of((word,)) for word in words))
    except (Unstaffed, StoreFault) as fault:
        raise Refused(str(fault)) from None
    except Away:
        raise Refused("数据这会儿写不进去，账号没有改，请稍后再试。") from None
