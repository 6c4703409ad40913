"""`policydesk staff`: the first account on the machine itself, until somebody stands at the desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.forking import POLICYDESK, ran
from tests.serving import BARE, Server
from tests.staff import PASSWORD, AtDesk
from tests.test_backup import run

CODE = re.compile(r"代码 ((?:[A-Z0-9]{5}-){3}[A-Z0-9]{5})$")


def test_the_first_administrator_comes_in(tmp_path: Path) -> None:
    """Added beside a running server; the code that was printed leads in, and the role is the one that was given."""
    data = tmp_path / "data"
    with Server(data) as server, AtDesk(server.url) as wang:
        status, out, _ = run(data, "staff", "add", "王敏", "--role", "admin")
        code = CODE.search(out)
        assert status == 0 and "已加管理员“王敏”" in out and "/desk/first" in out and code
        assert run(data, "staff", "list")[1] == "王敏\t管理员\t等本人设密码"
        fields = {"name": "王敏", "code": code[1], "password": PASSWORD, "again": PASSWORD}
        assert wang.client.post("/desk/first", data=fields).status_code == 303
        assert "命令行" in wang.client.get("/desk/audit").text
        assert run(data, "staff", "list")[1] == "王敏\t管理员\t在用"
        assert "登录着的已退出" in run(data, "staff", "remove", "王敏")[1]
        assert wang.client.get("/desk").status_code == 303
        assert run(data, "staff", "list")[1] == "王敏\t管理员\t已停用"
        again = CODE.search(run(data, "staff", "renew", "王敏")[1])
        assert again and again[1] != code[1]
        assert wang.client.post("/desk/first", data=fields | {"code": again[1]}).status_code == 303


def test_a_link_is_printed_where_we_are_reached_from_outside(tmp_path: Path) -> None:
    """With the name and the code behind the #, which no server gets to see."""
    settings = BARE | {"POLICYDESK_DATA": str(tmp_path), "POLICYDESK_PUBLIC_URL": "https://desk.example/"}
    _, out, _ = ran([POLICYDESK, "staff", "add", "王敏", "--role", "officer"], env=settings)
    code = CODE.search(out.strip())
    assert code and f"https://desk.example/desk/first#name=%E7%8E%8B%E6%95%8F&code={code[1]}\n" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["add", "王敏", "--role", "主任"],
            "没有“主任”这种角色，应是officer（值守员）、editor（编辑）、admin（管理员）之一",
        ),
        (["add", "王敏"], "应是officer（值守员）"),
        (["add", "王 敏", "--role", "officer"], "姓名“王 敏”不能用"),
        (["add"], "policydesk staff add 的参数不对"),
        (["renew", "李丹"], "没有“李丹”这个账号"),
        (["remove", "李丹"], "policydesk staff list"),
        (["fire", "李丹"], "可用的命令：add、list、renew、remove"),
    ],
)
def test_bad_usage_gets_one_sentence(arguments: list[str], says: str, tmp_path: Path) -> None:
    """What was wrong and what would be right, exit status 2, nothing changed."""
    status, out, errors = run(tmp_path / "data", "staff", *arguments)
    assert (status, out) == (2, "") and says in errors and len(errors.splitlines()) == 1
    assert run(tmp_path / "data", "staff", "list")[1].startswith("还没有账号")


def test_every_command_is_in_the_readme() -> None:
    """A new one is added to its table."""
    from bot.__main__ import cli
    from bot.commands.staff import staff

    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    names = [name for name in cli.commands if name not in ("staff", "knowledge")]
    for name in [*names, *(f"staff {one}" for one in staff.commands)]:
        assert f"`policydesk {name}" in readme, name


def test_a_restored_store_lets_nobody_in_who_was_shown_out(tmp_path: Path) -> None:
    """Sessions and one-time sign-ins of the backup are over; the password counts."""
    data, kept = tmp_path / "data", str(tmp_path / "kept")
    with Server(data) as server, AtDesk(server.url) as wang:
        code = CODE.search(run(data, "staff", "add", "王敏", "--role", "admin")[1])
        fields = {"name": "王敏", "code": code and code[1], "password": PASSWORD, "again": PASSWORD}
        wang.client.post("/desk/first", data=fields)
        late = CODE.search(run(data, "staff", "add", "李丹", "--role", "officer")[1])
        assert run(data, "backup", kept)[0] == 0 and wang.client.get("/desk").status_code == 200
        assert run(data, "restore", kept)[0] == 0
        assert wang.client.get("/desk").status_code == 303
        assert (
            late and wang.client.post("/desk/first", data=fields | {"name": "李丹", "code": late[1]}).status_code == 422
        )
        assert wang.client.post("/desk/sign-in", data={"name": "王敏", "password": PASSWORD}).status_code == 303
