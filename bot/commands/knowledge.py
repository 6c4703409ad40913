"""The knowledge: proved, and drawn."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.commands import given
from bot.commands.shape import HELP, Group, Refused


@click.group(cls=Group, add_help_option=False, help="管理知识：knowledge check 逐条核对。")
@HELP
def knowledge() -> None:
    pass


@knowledge.command(add_help_option=False, help="核对指南文件夹：引文、数字、联系人、说法，逐条与原文对上。")
@click.option("--folder", metavar="文件夹", help="要核对的指南文件夹；不写就是现用的，连同工作台已发布的补充。")
@click.option("--overlay", metavar="文件", help="要核对的补充（问法、叫法、更正）；写了就不看已发布的。")
@HELP
def check(folder: str | None, overlay: str | None) -> None:
    from bot import checking
    from knowledge.reading import read_text

    if folder is not None and not (folder and Path(folder).is_dir()):  # Path("") would be the present folder
        raise Refused(f"没有“{folder}”这个文件夹，请用 --folder 指向指南的文件夹。")
    over = "" if folder is not None else given.published_over()
    if overlay is not None:
        if not Path(overlay).is_file():
            raise Refused(f"打不开文件“{overlay}”，请检查路径。")
        over = read_text(Path(overlay))
    sys.exit(checking.check(given.served() if folder is None else Path(folder), over))


@knowledge.command(add_help_option=False, help="画出一个方向怎么判断：Mermaid流程图，或者逐条的表。")
@click.option("--table", "as_table", is_flag=True, help="列成表：条款、引文、要求、问句，供逐条签字。")
@click.argument("id_", metavar="方向或分支")
@HELP
def draw(as_table: bool, id_: str) -> None:
    from knowledge.drawing import diagram, table

    try:
        print((table if as_table else diagram)(id_, given.library().guide))
    except ValueError as fault:
        raise Refused(f"{fault}。") from None
