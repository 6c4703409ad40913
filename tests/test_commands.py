"""The command line: one Chinese sentence for every kind of bad input, the right exit status, nothing lost."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from select import select

import pytest

from bot.opening import GUIDE, key_of
from tests.forking import POLICYDESK, Forked, ran

ENVIRONMENT = {**os.environ, "POLICYDESK_TODAY": "2023-03-20"}


@pytest.fixture
def spare(tmp_path: Path) -> Path:
    """A guide with hardly any phrasings, which is compiled in a third of the time."""
    return Path(shutil.copytree(GUIDE, tmp_path / "guide", ignore=shutil.ignore_patterns("phrasings")))


def run(*arguments: str, typed: bytes = b"", **more: str) -> tuple[int, str, str]:
    """Exit status, output and error output of a command."""
    return ran([POLICYDESK, *arguments], env=ENVIRONMENT | more, typed=typed)


def run_from_the_shell(*arguments: str, **more: str) -> tuple[int, str, str]:
    """The same, begun as a shell begins it."""
    done = subprocess.run(
        [str(POLICYDESK), *arguments], capture_output=True, env=ENVIRONMENT | more, timeout=120, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask"], "没有写要问的事"),
        (["ask", "   "], "没有写要问的事"),
        (["ask", "--colour", "流片"], "不认识的选项“--colour”"),
        (["ask", "--as-of", "下周一", "流片"], "请写成2023-04-15这样"),
        (["ask", "--batch", "/没有/这个文件"], "打不开文件"),
        (["ask", "--batch", "-", "流片"], "只能用一个"),
        (["aks", "流片"], "没有这个命令"),
        (["why"], "没有写要看的那句话"),
        (["chat", "流片"], "不认识“流片”"),
        (["knowledge", "check", "--folder", "/没有/这个文件夹"], "没有“/没有/这个文件夹”这个文件夹"),
        (["knowledge", "check", "--folder", ""], "没有“”这个文件夹"),
        (["knowledge", "chek"], "可用的命令：check"),
        (["ask", "--as-of"], "后面要跟一个值"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_usage_gets_one_sentence(
    arguments: list[str], says: str, refused: Callable[..., tuple[int, str, str]]
) -> None:
    """What was wrong and what would be right, on standard error, without a traceback."""
    status, out, error = refused(*arguments)
    assert (status, out) == (2, "")
    assert says in error and len(error.strip().splitlines()) == 1 and "Traceback" not in error


@pytest.mark.parametrize("command", [["ask", "流片"], ["chat"], ["knowledge", "check"]], ids=" ".join)
def test_a_served_folder_that_is_not_there_is_named(command: list[str]) -> None:
    """The setting is named, not an option that was not given; the check looks at what is served."""
    status, out, error = run(*command, POLICYDESK_KNOWLEDGE="/没有/指南")
    assert (status, out) == (2, "") and "POLICYDESK_KNOWLEDGE 的值“/没有/指南”不对" in error


def test_words_are_read_whatever_the_terminal() -> None:
    """UTF-8 under an ASCII locale; bytes that are no UTF-8 are left out, and with nothing else there is no question."""
    for question, settings in (
        ("流片最多补多少", {"LC_ALL": "C", "PYTHONUTF8": "0"}),
        ("\udcff\udcfe流片最多补多少", {}),
    ):
        status, out, _ = run_from_the_shell("ask", question, **settings)
        assert status == 0 and "3000万元" in out
    status, out, error = run_from_the_shell("ask", "\udcff\udcfe")
    assert (status, out) == (2, "") and "没有写要问的事" in error


def test_a_question_is_answered_with_its_clause() -> None:
    """The figure, the person and the clause, in one reply."""
    status, out, _ = run("ask", "我们做芯片的，流片能补多少，找谁？")
    assert status == 0
    assert all(piece in out for piece in ("3000万元", "附件1", "王安然", "85235681", "依据 一（一）方向1"))


def test_json_is_one_object_not_escaped() -> None:
    """Every key that CONTRACT names is there."""
    _, out, _ = run("ask", "--json", "流片最多补多少")
    reply = json.loads(out)
    assert reply["status"] == "answered" and "万元" in out
    assert {"text", "citations", "contacts", "options", "topics", "facets", "confidence", "origins"} <= set(reply)
    assert set(reply["citations"][0]) == {"guide", "clause", "quote"}
    assert set(reply["contacts"][0]) == {"for", "office", "name", "phone", "email"}


def test_a_batch_goes_on_after_a_bad_line() -> None:
    """Bad lines get an error of their own and the exit status; the good ones are answered in order."""
    lines = [
        '{"id": "a", "turns": ["流片最多补多少"]}',
        "这不是JSON",
        '{"id": "b"}',
        '{"turns": ["你好"]}',
        '{"id": "c", "turns": ["你好"], "as_of": "昨天"}',
        '{"id": "d", "turns": ["流片封顶多少", "EDA呢"], "as_of": "2023-03-20"}',
    ]
    status, out, _ = run("ask", "--batch", "-", typed="\n".join(lines).encode() + b"\n\xff\xfe{\n")
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 2 and [row["id"] for row in rows] == ["a", None, None, None, None, "d", None]
    assert all(set(row) == {"id", "error"} for row in rows if row["id"] is None)
    assert len(rows[5]["replies"]) == 2 and "500万元" in rows[5]["replies"][1]["text"]


def test_a_batch_is_flushed_line_by_line() -> None:
    """A program that waits for each answer before it asks again is not kept waiting."""
    pipe = subprocess.PIPE
    talk = Forked([POLICYDESK, "ask", "--batch", "-"], stdin=pipe, stdout=pipe, env=ENVIRONMENT)
    assert talk.stdin and talk.stdout
    for number in range(3):
        talk.stdin.write(json.dumps({"id": number, "turns": ["你好"]}).encode() + b"\n")
        talk.stdin.flush()
        assert json.loads(talk.stdout.readline())["id"] == number
    talk.stdin.close()
    assert talk.wait(60) == 0


@pytest.mark.parametrize(
    "text", ["流" * 100_000, "\x00\x07\x1b[31m", "\u200b\u202e\ufeff", "？？？", "<script>alert(1)</script>", "😀😀"]
)
def test_strange_text_gets_a_reply(text: str) -> None:
    """100,000 characters, control and invisible ones, markup: one reply, status 0, in chat and in a batch."""
    status, out, _ = run("ask", "--batch", "-", typed=json.dumps({"id": 1, "turns": [text]}).encode() + b"\n")
    reply = json.loads(out)["replies"][0]
    assert status == 0 and reply["text"] and "<script>" not in reply["text"]


def test_chat_in_json_goes_line_by_line() -> None:
    """Text and choices in, one object a line out; a bad line is named and the talk goes on."""
    typed = '{"text": "张静电话"}\n{"what": 1}\n{"choose": "person:99999@2023-batch-1"}\n{"text": "海淀那个"}\n'
    status, out, _ = run("chat", "--json", typed=typed.encode())
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 0 and len(rows) == 4
    assert rows[0]["status"] == "clarify" and "error" in rows[1] and rows[2]["status"] == "notice"
    assert "88497135" in rows[3]["text"] and "64009160" not in rows[3]["text"]


def test_chat_for_people_reads_plainly() -> None:
    """A card with the people and the clause, and numbered options that a number takes."""
    _, out, _ = run("chat", typed="融资租赁补贴多少\n1\n再见\n".encode())
    assert "1000万元" in out and "依据" in out and "还可以问" in out and "再见" in out


def test_the_check_prints_the_counts() -> None:
    """14 directions, 27 branches, 23 + 5 contacts, 17 districts, 16 attachments."""
    status, out, _ = run("knowledge", "check")
    assert status == 0
    assert all(piece in out for piece in ("方向 14", "分支 27", "附件 16", "23行", "5条", "各区 17"))


def test_the_facts_are_listed() -> None:
    """90 facts, each with its question and the branches that use it."""
    _, out, _ = run("facts", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 90 and all(row["question"] and row["branches"] for row in rows)


def test_a_damaged_folder_is_told(tmp_path: Path) -> None:
    """Another folder is served only if it is proved."""
    (tmp_path / "guide.yaml").write_text("id：坏的\n", encoding="utf-8")
    status, out, error = run("ask", "流片", POLICYDESK_KNOWLEDGE=str(tmp_path))
    assert (status, out) == (2, "") and "没有通过核对" in error and "Traceback" not in error
    status, out, error = run("knowledge", "check", "--folder", str(tmp_path))
    assert status == 1 and "contacts.yaml" in out and "处要改" in error


def test_a_machine_that_lets_nothing_be_written_still_answers(spare: Path) -> None:
    """The compiled copy is a convenience, not a need."""
    status, out, _ = run("ask", "流片最多补多少", XDG_CACHE_HOME="/proc/nowhere", POLICYDESK_KNOWLEDGE=str(spare))
    assert status == 0 and "3000万元" in out


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Here a folder in the file's place."""
    guide = tmp_path / "guide"
    shutil.copytree(GUIDE, guide)
    (guide / "districts.yaml").unlink()
    (guide / "districts.yaml").mkdir()
    status, out, error = run("ask", "流片", POLICYDESK_KNOWLEDGE=str(guide))
    assert (status, out) == (2, "") and "districts.yaml：读不出来" in error
    status, out, _ = run("knowledge", "check", POLICYDESK_KNOWLEDGE=str(guide))
    assert status == 1 and "districts.yaml：读不出来" in out


def test_a_damaged_compiled_copy_is_made_anew(spare: Path, tmp_path: Path) -> None:
    """The sources are at hand; the whole copy then stands in the damaged one's place, and is taken up."""
    copy = tmp_path / "policydesk" / f"{key_of(spare, '')}.compiled"
    copy.parent.mkdir()
    copy.write_bytes(b"damaged")
    for _ in range(2):
        made = copy.stat().st_ino
        status, out, _ = run("ask", "流片最多补多少", XDG_CACHE_HOME=str(tmp_path), POLICYDESK_KNOWLEDGE=str(spare))
        assert status == 0 and "3000万元" in out
        assert list(copy.parent.iterdir()) == [copy] and copy.stat().st_size > 1_000_000
    assert copy.stat().st_ino == made


def test_strange_lines_of_a_batch_lose_nothing() -> None:
    """A mark before the first line is fine; depth, numbers without end and odd ids are bad lines; the rest goes on."""
    lines = [
        b'\xef\xbb\xbf{"id": "first", "turns": ["\xe4\xbd\xa0\xe5\xa5\xbd"]}\r',
        b"[" * 100_000,
        b'{"id": ' + b"9" * 6_000 + b', "turns": ["a"]}',
        b'{"id": NaN, "turns": ["a"]}',
        b'{"id": null, "turns": ["a"]}',
        b"\x00",
        b'{"id": "half", "turns": ["\\ud800 EDA"]}',
        b'{"id": "last", "turns": ["EDA"]}',
    ]
    status, out, error = run("ask", "--batch", "-", typed=b"\n".join(lines))
    rows = [json.loads(line) for line in out.splitlines()]
    assert (status, error) == (2, "") and [row["id"] for row in rows] == ["first", *[None] * 5, "half", "last"]
    assert all("第" in row["error"] for row in rows[1:6])


def test_chat_in_json_outlives_any_line() -> None:
    """Each bad line gets its error; the end of input is exit status 0."""
    status, out, error = run("chat", "--json", typed=b"[" * 100_000 + b'\n\xff\nnull\n{"text": "EDA"}\n')
    rows = [json.loads(line) for line in out.splitlines()]
    assert (status, error, len(rows)) == (0, "", 4)
    assert all("error" in row for row in rows[:3]) and rows[3]["status"] == "answered"


def in_shell(script: str) -> tuple[int, str, str]:
    """The same of a shell line, in which $P is the command."""
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, env=ENVIRONMENT | {"P": str(POLICYDESK)}, timeout=120, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    "command", ["ask 流片", "ask --json 流片", "facts", "knowledge draw 10", "--help", "why 流片", "chat <<< 流片"]
)
def test_a_reader_that_went_away_is_no_fault(command: str) -> None:
    """`… | head -0`: quiet, exit status 0."""
    assert in_shell(f"set -o pipefail; $P {command} | true") == (0, "", "")


def test_a_reader_that_went_away_is_no_fault_of_the_check(spare: Path) -> None:
    """The check prints at its end, long after."""
    assert in_shell(f"set -o pipefail; $P knowledge check --folder {spare} | true") == (0, "", "")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("ask 流片 >&-", 0),
        ("ask 2>&-", 2),
        ("ask --batch - <&-", 0),
        ("chat --json <&-", 0),
        ("ask 流片 <&- >&- 2>&-", 0),
    ],
)
def test_closed_streams_are_empty_ones(command: str, status: int) -> None:
    """What was closed before we started neither breaks the work nor shows a traceback."""
    found, _, error = in_shell(f"$P {command}")
    assert (found, error) == (status, "")


@pytest.mark.parametrize("command", ["ask 流片", "ask --json 流片", "facts"])
def test_a_full_disk_is_told(command: str) -> None:
    """One sentence and exit status 1: the answer did not arrive."""
    status, _, error = in_shell(f"$P {command} > /dev/full")
    assert status == 1 and "写不出去" in error and len(error.splitlines()) == 1


READY = "\x1b[?2004h"  # what the prompt sends when it listens: pastes are to be marked


def at_terminal(*keys: bytes) -> tuple[int, str]:
    """Exit status and screen of `chat` on a terminal; each group of keys is typed at a prompt of its own."""
    pid, screen = pty.fork()
    if not pid:
        os.execve(POLICYDESK, [str(POLICYDESK), "chat"], ENVIRONMENT | {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"})
    shown, typed = "", 0
    with suppress(OSError):  # the terminal of a program that has ended
        while select([screen], [], [], 60)[0]:
            shown += os.read(screen, 65536).decode("utf-8", "replace")
            if typed < min(shown.count(READY), len(keys)):
                os.write(screen, keys[typed])
                typed += 1
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


@pytest.mark.parametrize(
    "keys",
    [(b"\x03",), ("流片".encode() + b"\x03",), (b"\x04",), (b"\r", b"\x03"), (b"\x1b[31m\x00\x07\r", b"\x04")],
    ids=["Ctrl-C", "half a question, Ctrl-C", "Ctrl-D", "nothing, Ctrl-C", "control characters, Ctrl-D"],
)
def test_a_terminal_chat_is_left_quietly(keys: tuple[bytes, ...]) -> None:
    """Exit status 0, no traceback, whatever was typed."""
    status, shown = at_terminal(*keys)
    assert status == 0 and "Traceback" not in shown and "exception" not in shown.lower()


def test_a_terminal_chat_answers() -> None:
    """On a real terminal, with line editing."""
    status, shown = at_terminal("流片最多补多少\r".encode(), b"1\r", b"\x04")
    assert status == 0 and "3000万元" in shown and "还可以问" in shown
