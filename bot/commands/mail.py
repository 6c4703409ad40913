"""The mailboxes that may be written to."""

from __future__ import annotations

import click

from bot.commands import given
from bot.commands.shape import HELP, Group, Refused


@click.group(cls=Group, add_help_option=False, help="可以写信的邮箱：mail confirm 确认一个，list 看，revoke 撤回。")
@HELP
def mail() -> None:
    pass


@mail.command("confirm", add_help_option=False, help="确认一个联系人的邮箱：确认过的才会写信去。")
@click.argument("address", metavar="邮箱")
@HELP
def mail_confirm(address: str) -> None:
    _on_mail("confirm", address)


@mail.command("list", add_help_option=False, help="列出全部联系人的邮箱，哪些确认过。")
@HELP
def mail_list() -> None:
    _on_mail("list_")


@mail.command("revoke", add_help_option=False, help="不再往一个邮箱写信，还没发的也不发。")
@click.argument("address", metavar="邮箱")
@HELP
def mail_revoke(address: str) -> None:
    _on_mail("revoke", address)


def _on_mail(what: str, *words: str) -> None:
    from bot.mail import command
    from bot.store import Away, StoreFault

    try:
        getattr(command, what)(given.settings(), given.library(), *(given.text_of((word,)) for word in words))
    except (command.Unmailed, StoreFault) as fault:
        raise Refused(str(fault)) from None
    except Away:
        raise Refused("数据这会儿写不进去，邮箱没有改，请稍后再试。") from None
