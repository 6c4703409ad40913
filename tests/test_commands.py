"""The command line: one Chinese sentence for every kind of bad input, the right exit status, nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

POLICYDESK = Path(sys.executable).parent / "policydesk"
ENVIRONMENT = {**os.environ, "POLICYDESK_TODAY": "2023-03-20"}


def run(*arguments: str, typed: bytes = b"", **more: str) -> tuple[int, str, str]:
    """Exit status, output and error output of a command."""
    done = subprocess.run(
        [str(POLICYDESK), *arguments], input=typed, capture_output=True, env=ENVIRONMENT | more, timeout=60, check=False
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
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_usage_gets_one_sentence(arguments: list[str], says: str) -> None:
    """What was wrong and what would be right, on standard error, without a traceback."""
    status, out, error = run(*arguments)
    assert (status, out) == (2, "")
    assert says in error and len(error.strip().splitlines()) == 1 and "Traceback" not in error


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
    talk = subprocess.Popen(
        [str(POLICYDESK), "ask", "--batch", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT
    )
    assert talk.stdin and talk.stdout
    for number in range(3):
        talk.stdin.write(json.dumps({"id": number, "turns": ["你好"]}).encode() + b"\n")
        talk.stdin.flush()
        assert json.loads(talk.stdout.readline())["id"] == number
    talk.stdin.close()
    assert talk.wait(10) == 0


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


def test_a_machine_that_lets_nothing_be_written_still_answers(tmp_path: Path) -> None:
    """The compiled copy is a convenience, not a need."""
    status, out, _ = run("ask", "流片最多补多少", XDG_CACHE_HOME="/proc/nowhere")
    assert status == 0 and "3000万元" in out
