"""What every command has in common: help and faults in Chinese, and the options that several share."""

from __future__ import annotations

import re

import click

FOUND_FAULTS, BAD_INPUT = 1, 2


class Refused(click.ClickException):
    """A user's fault in one Chinese sentence."""

    exit_code = BAD_INPUT


class Help:
    """Help in Chinese, for a command and a group alike."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        command = ctx.command
        pieces = " ".join(command.collect_usage_pieces(ctx))
        for english, chinese in (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 …")):
            pieces = pieces.replace(english, chinese)
        formatter.write(f"用法：{ctx.command_path} {pieces}\n\n{command.help or ''}\n")
        if isinstance(command, click.Group):
            rows = [(name, sub.help or "") for name, sub in command.commands.items()]
            formatter.write("\n命令：\n")
            formatter.write_dl([(name, text.splitlines()[0]) for name, text in rows])
        options = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx))]
        if options:
            formatter.write("\n选项：\n")
            formatter.write_dl(options)


class Command(Help, click.Command):
    pass


class Group(Help, click.Group):
    command_class = Command


AS_OF = click.option("--as-of", metavar="日期", help="按这一天回答，如2023-04-15；不写就是今天。")
JSON = click.option("--json", "as_json", is_flag=True, help="每条输出一行JSON。")
HELP = click.help_option("--help", "-h", help="显示这段说明。")


def sentence_of(error: click.ClickException) -> str:
    """A usage fault as one Chinese sentence: what was wrong, what would be right."""
    name = getattr(error, "option_name", None)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "policydesk"
    known = [opt for param in context.command.params for opt in param.opts if opt.startswith("--")] if context else []
    if isinstance(error, click.NoSuchOption):
        near = getattr(error, "possibilities", None) or known
        return f"不认识的选项“{name}”；{path} 可用的选项：{'、'.join(near)}。"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{name}”后面要跟一个值，用法见这条命令的 --help。"
    if isinstance(error, click.BadParameter):
        return f"{path} 的参数不对，用法见 {path} --help。"
    if isinstance(error, click.UsageError) and context and isinstance(context.command, click.Group):
        return f"没有这个命令；可用的命令：{'、'.join(context.command.commands)}。"
    extra = re.search(r"\((.*)\)", error.message)
    return f"{path} 不认识“{extra[1] if extra else error.message}”，用法见 {path} --help。"
