"""Asking: one question or many, a conversation, facts alone, the matcher alone."""

from __future__ import annotations

import sys

import click

from bot.commands import given
from bot.commands.shape import AS_OF, HELP, JSON, Command, Refused


@click.command(cls=Command, add_help_option=False, help="问一句，答一句；--batch 逐行读JSON批量问。")
@JSON
@AS_OF
@click.option("--batch", metavar="文件|-", help='逐行读JSON：{"id", "turns": [...], "as_of"?}，-表示标准输入。')
@click.argument("text", nargs=-1, metavar="问题…")
@HELP
def ask(as_json: bool, as_of: str | None, batch: str | None, text: tuple[str, ...]) -> None:
    from bot import asking

    if batch is not None:
        if text:
            raise Refused("--batch 和问题只能用一个：批量问就不要再写问题。")
        day = given.today(as_of)
        sys.exit(asking.batch(batch, given.library(), day))
    question = given.text_of(text)
    if not question:
        raise Refused("没有写要问的事，例如：policydesk ask 流片最多补多少")
    day = given.today(as_of)
    asking.one(question, given.library(), day, as_json=as_json)


@click.command(cls=Command, add_help_option=False, help="说明一句话是怎么听懂的：方向、方面、依据和差点选中的另一个。")
@JSON
@click.argument("text", nargs=-1, metavar="问题…")
@HELP
def why(as_json: bool, text: tuple[str, ...]) -> None:
    from bot import asking

    question = given.text_of(text)
    if not question:
        raise Refused("没有写要看的那句话，例如：policydesk why 流片最多补多少")
    asking.why(question, given.library(), as_json=as_json)


@click.command(cls=Command, add_help_option=False, help="在终端里接着问。")
@JSON
@AS_OF
@HELP
def chat(as_json: bool, as_of: str | None) -> None:
    from bot import terminal
    from bot.talking import Talk

    day = given.today(as_of)
    terminal.chat(Talk(given.library(), day, given.store), as_json=as_json)


@click.command(
    cls=Command, add_help_option=False, help="列出判断条件用到的事实：键、问句、单位、选项、缺省和用到它的方向。"
)
@JSON
@HELP
def facts(as_json: bool) -> None:
    from bot import asking

    asking.facts(given.library(), as_json=as_json)


@click.command(
    cls=Command, add_help_option=False, help="只凭事实判断：各方向的结论、最高金额、要办的事和找谁，输出JSON。"
)
@click.option("--batch", is_flag=True, help='逐行读JSON：{"id", "as_of"?, "facts": {…}}，逐行输出。')
@AS_OF
@click.argument("file", required=False, default="-", metavar="[文件|-]")
@HELP
def assess(batch: bool, as_of: str | None, file: str) -> None:
    from bot import assessing

    day = given.today(as_of)
    sys.exit(assessing.batch(file, given.library(), day) if batch else assessing.one(file, given.library(), day))


@click.command(cls=Command, add_help_option=False, help="只用匹配器：在任意一份问答库里找一句话问的是哪一条。")
@click.option("--corpus", metavar="文件", help='问答库，每行一条：{"id", "questions": [...]}。')
@click.option("--batch", metavar="文件|-", help='要匹配的话，每行一句：{"text"}，-表示标准输入。')
@click.option("--stats", is_flag=True, help="最后在标准错误输出一行：条目、问法、建库秒数、p50和p99毫秒、占用MB。")
@HELP
def match(corpus: str | None, batch: str | None, stats: bool) -> None:
    if corpus is None or batch is None:
        raise Refused("--corpus 和 --batch 都要写，例如：policydesk match --corpus 问答库.jsonl --batch -")
    from bot import matching

    sys.exit(matching.match(corpus, batch, stats=stats))
