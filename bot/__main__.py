"""The command line: `policydesk ask | why | chat | assess | facts | match | serve | telegram | staff | knowledge`.

Every fault of a user is one Chinese sentence on standard error and exit status 2; a check that finds faults exits 1.
Commands import what they need when they run, so that one question costs little more than its libraries.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import click

from bot.commands import data, knowledge, mail, questions, service, staff
from bot.commands.shape import BAD_INPUT, FOUND_FAULTS, Group, Refused, sentence_of


@click.group(cls=Group, add_help_option=False, help="北京市高精尖产业发展资金政策咨询助手。")
@click.help_option("--help", "-h", help="显示这段说明。")
def cli() -> None:
    pass


for command in (
    questions.ask,
    questions.why,
    questions.chat,
    service.telegram,
    questions.facts,
    service.serve,
    data.backup,
    data.forget,
    data.restore,
    questions.assess,
    questions.match,
    staff.staff,
    mail.mail,
    knowledge.knowledge,
):
    cli.add_command(command)


def main() -> None:
    """The console script."""
    _open_streams()
    try:
        with cli.make_context("policydesk", sys.argv[1:]) as context:  # cli.main would make a closed pipe a fault
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except Refused as refused:
        _fail(refused.message)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        _fail(sentence_of(error))
    except (KeyboardInterrupt, click.Abort, EOFError):
        sys.exit(130)
    except BrokenPipeError:
        _no_more_output()
        sys.exit(0)
    except Exception as error:
        _fail_of(error)


def _open_streams() -> None:
    """UTF-8 on every stream; one that was closed before we started is an empty one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def _no_more_output() -> None:
    """What is still buffered goes nowhere, so that the exit does not stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail_of(error: Exception) -> None:
    """A guide that can't be served is told with its first fault; anything else is our own fault, and said to be."""
    from knowledge.reading import BrokenGuide

    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        _no_more_output()
        print("结果写不出去（磁盘满了或读写出错），没有写完，请换个地方写。", file=sys.stderr)
        sys.exit(FOUND_FAULTS)
    if not isinstance(error, BrokenGuide):
        print(f"程序内部出错（{type(error).__name__}），这次没有答成，请把这条命令转给维护人员。", file=sys.stderr)
        sys.exit(FOUND_FAULTS)
    more = f"（另有{len(error.faults) - 1}处，请运行 policydesk knowledge check）" if len(error.faults) > 1 else ""
    _fail(f"知识没有通过核对：{error.faults[0]}{more}")


def _fail(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
