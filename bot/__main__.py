"""The command line: `policydesk ask | why | chat | assess | facts | match | serve | telegram | staff | knowledge`.

Every fault of a user is one Chinese sentence on standard error and exit status 2; a check that finds faults exits 1.
Commands import what they need when they run, so that one question costs little more than its libraries.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store
    from dialogs.library import Library

SHANGHAI = ZoneInfo("Asia/Shanghai")
FOUND_FAULTS, BAD_INPUT = 1, 2


class Refused(click.ClickException):
    """A user's fault in one Chinese sentence."""

    exit_code = BAD_INPUT


class _Help:
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


class _Command(_Help, click.Command):
    pass


class _Group(_Help, click.Group):
    command_class = _Command


def today(given: str | None) -> date:
    """The day of the conversation: given, or POLICYDESK_TODAY, or today in Beijing."""
    return _day(given) or _setting("today") or datetime.now(SHANGHAI).date()


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Refused(f"日期“{given}”读不懂，请写成2023-04-15这样。") from None


def _settings() -> Settings:
    from bot.settings import BadSetting, read_settings

    try:
        return read_settings()
    except BadSetting as bad:
        raise Refused(str(bad)) from None


def _setting(name: Literal["today", "knowledge", "data"]) -> Any:
    """A setting of a command that answers one question: the class is only imported where something is set at all."""
    if not Path(".env").exists() and not any(key.upper().startswith("POLICYDESK_") for key in os.environ):
        return None
    return getattr(_settings(), name)


def _library() -> Library:
    """The guide that is served, with what editors have published over it."""
    from bot.opening import open_or_alone

    return open_or_alone(_served(), _published())


def _published() -> str:
    from bot.published import data_home, published

    return published(_setting("data") or data_home())


def _store() -> Store:
    from bot.sqlite_store import SqliteStore

    return SqliteStore(_settings().data)


def _served() -> Path | None:
    """The folder that POLICYDESK_KNOWLEDGE serves instead of ours."""
    folder: Path | None = _setting("knowledge")
    return folder


def _text(words: tuple[str, ...]) -> str:
    """What was typed, read as UTF-8 whatever the terminal's locale; bytes that are none are left out."""
    return os.fsencode(" ".join(words)).decode("utf-8", "ignore").strip()


@click.group(cls=_Group, add_help_option=False, help="北京市高精尖产业发展资金政策咨询助手。")
@click.help_option("--help", "-h", help="显示这段说明。")
def cli() -> None:
    pass


_AS_OF = click.option("--as-of", metavar="日期", help="按这一天回答，如2023-04-15；不写就是今天。")
_JSON = click.option("--json", "as_json", is_flag=True, help="每条输出一行JSON。")
_HELP = click.help_option("--help", "-h", help="显示这段说明。")


@cli.command(add_help_option=False, help="问一句，答一句；--batch 逐行读JSON批量问。")
@_JSON
@_AS_OF
@click.option("--batch", metavar="文件|-", help='逐行读JSON：{"id", "turns": [...], "as_of"?}，-表示标准输入。')
@click.argument("text", nargs=-1, metavar="问题…")
@_HELP
def ask(as_json: bool, as_of: str | None, batch: str | None, text: tuple[str, ...]) -> None:
    from bot import asking

    if batch is not None:
        if text:
            raise Refused("--batch 和问题只能用一个：批量问就不要再写问题。")
        day = today(as_of)
        sys.exit(asking.batch(batch, _library(), day))
    question = _text(text)
    if not question:
        raise Refused("没有写要问的事，例如：policydesk ask 流片最多补多少")
    day = today(as_of)
    asking.one(question, _library(), day, as_json=as_json)


@cli.command(add_help_option=False, help="说明一句话是怎么听懂的：方向、方面、依据和差点选中的另一个。")
@_JSON
@click.argument("text", nargs=-1, metavar="问题…")
@_HELP
def why(as_json: bool, text: tuple[str, ...]) -> None:
    from bot import asking

    question = _text(text)
    if not question:
        raise Refused("没有写要看的那句话，例如：policydesk why 流片最多补多少")
    asking.why(question, _library(), as_json=as_json)


@cli.command(add_help_option=False, help="在终端里接着问。")
@_JSON
@_AS_OF
@_HELP
def chat(as_json: bool, as_of: str | None) -> None:
    from bot import terminal
    from bot.talking import Talk

    day = today(as_of)
    terminal.chat(Talk(_library(), day, _store), as_json=as_json)


@cli.command(add_help_option=False, help="在Telegram上服务；--setup 核对token、登记命令和简介。")
@click.option("--setup", is_flag=True, help="核对token，登记命令和简介，撤下旧的webhook，然后退出。")
@_HELP
def telegram(setup: bool) -> None:
    from bot.telegram import running

    settings = _settings()
    try:
        if setup:
            running.set_up(settings)
        else:
            running.serve(settings, _library(), lambda: today(None))
    except running.FAULTS as fault:
        raise Refused(str(fault)) from None


@cli.command(add_help_option=False, help="列出判断条件用到的事实：键、问句、单位、选项、缺省和用到它的方向。")
@_JSON
@_HELP
def facts(as_json: bool) -> None:
    from bot import asking

    asking.facts(_library(), as_json=as_json)


@cli.command(add_help_option=False, help="在前台提供网页咨询和接口，就绪时打印网址；Ctrl-C 结束。")
@click.option("--host", metavar="地址", default="127.0.0.1", help="在哪个地址上提供，不写就只给本机。")
@click.option("--port", metavar="端口", default="8000", help="在哪个端口上提供，不写就是8000；0表示随便一个空的。")
@click.option("--workers", metavar="个数", default="1", help="几个进程一起服务，不写就是1个。")
@_AS_OF
@_HELP
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

    day, settings = _day(as_of), _settings()
    try:
        listening = serving.bound(host, int(port))
    except OSError as error:
        raise Refused(_unbound(host, port, error)) from None
    library = _library()
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
        today = lambda: fixed or datetime.now(SHANGHAI).date()  # noqa: E731
        return Conductor(store, library, today, address=settings.public_url, knowledge=settings.knowledge)

    serving.serve(conductor, settings, listening, int(workers))


def _count_together() -> None:
    """Several processes count into one folder, so that /metrics tells of all of them, whichever is asked."""
    import tempfile

    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="policydesk-metrics-"))


@cli.command(add_help_option=False, help="把会话数据备份成一个文件，不用停服务。")
@click.argument("file", metavar="文件")
@_HELP
def backup(file: str) -> None:
    from bot import backup as keeping
    from bot.store import StoreFault

    try:
        conversations, messages = keeping.backup(_settings().data, Path(file))
    except StoreFault as fault:
        raise Refused(str(fault)) from None
    print(f"已备份到 {file}：{conversations}个会话，{messages}条消息。")


@cli.command(add_help_option=False, help="清除某一天以前结束的会话，只留按天的计数，不用停服务。")
@click.option("--before", metavar="日期", required=True, help="最后一条消息早于这一天的会话，写成2024-01-01。")
@_HELP
def forget(before: str) -> None:
    from bot import forgetting
    from bot.store import StoreFault

    day, settings = _day(before), _settings()
    if day is None:
        raise Refused("请写明日期，如 --before 2024-01-01。")
    try:
        count = forgetting.forget(settings.data, day, datetime.now(SHANGHAI).date())
    except StoreFault as fault:
        raise Refused(str(fault)) from None
    print(f"已清除{day}以前结束的{count}个会话：说过的话、身份和情况都没有了，按天的计数还在。")


@cli.command(add_help_option=False, help="用备份文件换下现在的会话数据，不用停服务；换下的另存一份。")
@click.argument("file", metavar="文件")
@_HELP
def restore(file: str) -> None:
    from bot import backup as keeping
    from bot.store import StoreFault

    try:
        conversations, messages, before = keeping.restore(_settings().data, Path(file), datetime.now(SHANGHAI))
    except StoreFault as fault:
        raise Refused(str(fault)) from None
    print(f"已恢复：{conversations}个会话，{messages}条消息。" + (f"换下的数据存在 {before}。" if before else ""))


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


@cli.command(add_help_option=False, help="只凭事实判断：各方向的结论、最高金额、要办的事和找谁，输出JSON。")
@click.option("--batch", is_flag=True, help='逐行读JSON：{"id", "as_of"?, "facts": {…}}，逐行输出。')
@_AS_OF
@click.argument("file", required=False, default="-", metavar="[文件|-]")
@_HELP
def assess(batch: bool, as_of: str | None, file: str) -> None:
    from bot import assessing

    day = today(as_of)
    sys.exit(assessing.batch(file, _library(), day) if batch else assessing.one(file, _library(), day))


@cli.command(add_help_option=False, help="只用匹配器：在任意一份问答库里找一句话问的是哪一条。")
@click.option("--corpus", metavar="文件", help='问答库，每行一条：{"id", "questions": [...]}。')
@click.option("--batch", metavar="文件|-", help='要匹配的话，每行一句：{"text"}，-表示标准输入。')
@click.option("--stats", is_flag=True, help="最后在标准错误输出一行：条目、问法、建库秒数、p50和p99毫秒、占用MB。")
@_HELP
def match(corpus: str | None, batch: str | None, stats: bool) -> None:
    if corpus is None or batch is None:
        raise Refused("--corpus 和 --batch 都要写，例如：policydesk match --corpus 问答库.jsonl --batch -")
    from bot import matching

    sys.exit(matching.match(corpus, batch, stats=stats))


@cli.group(
    cls=_Group, add_help_option=False, help="工作台的账号：staff add 加人，list 看，renew 重设密码，remove 停用。"
)
@_HELP
def staff() -> None:
    pass


@staff.command("add", add_help_option=False, help="加一个账号，打印一次性登录；密码由本人设。")
@click.option("--role", metavar="角色", default="", help="officer 值守员、editor 编辑、admin 管理员，三者之一。")
@click.argument("name", metavar="姓名")
@_HELP
def staff_add(name: str, role: str) -> None:
    _on_staff("add", name, role)


@staff.command("list", add_help_option=False, help="列出全部账号：姓名、角色、状态。")
@_HELP
def staff_list() -> None:
    _on_staff("list_")


@staff.command("renew", add_help_option=False, help="忘了密码或停用过的，再发一个一次性登录。")
@click.argument("name", metavar="姓名")
@_HELP
def staff_renew(name: str) -> None:
    _on_staff("renew", name)


@staff.command("remove", add_help_option=False, help="停用一个账号，登录着的立刻退出；操作记录都留着。")
@click.argument("name", metavar="姓名")
@_HELP
def staff_remove(name: str) -> None:
    _on_staff("remove", name)


@cli.group(cls=_Group, add_help_option=False, help="可以写信的邮箱：mail confirm 确认一个，list 看，revoke 撤回。")
@_HELP
def mail() -> None:
    pass


@mail.command("confirm", add_help_option=False, help="确认一个联系人的邮箱：确认过的才会写信去。")
@click.argument("address", metavar="邮箱")
@_HELP
def mail_confirm(address: str) -> None:
    _on_mail("confirm", address)


@mail.command("list", add_help_option=False, help="列出全部联系人的邮箱，哪些确认过。")
@_HELP
def mail_list() -> None:
    _on_mail("list_")


@mail.command("revoke", add_help_option=False, help="不再往一个邮箱写信，还没发的也不发。")
@click.argument("address", metavar="邮箱")
@_HELP
def mail_revoke(address: str) -> None:
    _on_mail("revoke", address)


def _on_mail(what: str, *words: str) -> None:
    from bot.mail import command
    from bot.store import Away, StoreFault

    try:
        getattr(command, what)(_settings(), _library(), *(_text((word,)) for word in words))
    except (command.Unmailed, StoreFault) as fault:
        raise Refused(str(fault)) from None
    except Away:
        raise Refused("数据这会儿写不进去，邮箱没有改，请稍后再试。") from None


def _on_staff(what: str, *words: str) -> None:
    from bot.store import Away, StoreFault
    from bot.workbench import staff_command
    from bot.workbench.staffing import Unstaffed

    try:
        getattr(staff_command, what)(_settings(), *(_text((word,)) for word in words))
    except (Unstaffed, StoreFault) as fault:
        raise Refused(str(fault)) from None
    except Away:
        raise Refused("数据这会儿写不进去，账号没有改，请稍后再试。") from None


@cli.group(cls=_Group, add_help_option=False, help="管理知识：knowledge check 逐条核对。")
@_HELP
def knowledge() -> None:
    pass


@knowledge.command(add_help_option=False, help="核对指南文件夹：引文、数字、联系人、说法，逐条与原文对上。")
@click.option("--folder", metavar="文件夹", help="要核对的指南文件夹；不写就是现用的，连同工作台已发布的补充。")
@click.option("--overlay", metavar="文件", help="要核对的补充（问法、叫法、更正）；写了就不看已发布的。")
@_HELP
def check(folder: str | None, overlay: str | None) -> None:
    from bot import checking
    from knowledge.reading import read_text

    if folder is not None and not (folder and Path(folder).is_dir()):  # Path("") would be the present folder
        raise Refused(f"没有“{folder}”这个文件夹，请用 --folder 指向指南的文件夹。")
    over = "" if folder is not None else _published()
    if overlay is not None:
        if not Path(overlay).is_file():
            raise Refused(f"打不开文件“{overlay}”，请检查路径。")
        over = read_text(Path(overlay))
    sys.exit(checking.check(_served() if folder is None else Path(folder), over))


@knowledge.command(add_help_option=False, help="画出一个方向怎么判断：Mermaid流程图，或者逐条的表。")
@click.option("--table", "as_table", is_flag=True, help="列成表：条款、引文、要求、问句，供逐条签字。")
@click.argument("id_", metavar="方向或分支")
@_HELP
def draw(as_table: bool, id_: str) -> None:
    from knowledge.drawing import diagram, table

    try:
        print((table if as_table else diagram)(id_, _library().guide))
    except ValueError as fault:
        raise Refused(f"{fault}。") from None


def _sentence(error: click.ClickException) -> str:
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
        _fail(_sentence(error))
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
