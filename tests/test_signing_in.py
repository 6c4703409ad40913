"""Passwords and the ways in, over a real store, with a clock of the test's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import extract_parameters

from bot.problems import Fault
from bot.sqlite_store import SqliteStore
from bot.workbench import staffing
from bot.workbench.passwords import complaint, fits, slow_hash
from bot.workbench.signing_in import CODE_LASTS, IDLE, LASTS, OF_ACCOUNT, OF_ADDRESS, SigningIn, Unwelcome, read_code
from bot.workbench.staff_store import Person, Sought
from tests.staff import PASSWORD, hire

START = datetime(2026, 11, 25, 1, tzinfo=UTC)
OTHER = "更上一层楼更上一层楼王之涣登鹳雀"


class Desk:
    """A store, its ways in, a clock to turn."""

    def __init__(self, folder: Path) -> None:
        self.store, self.at = SqliteStore(folder), START
        self.signing = SigningIn(self.store, lambda: self.at)

    def passes(self, time: timedelta) -> None:
        """Turn the clock."""
        self.at += time


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk."""
    made = Desk(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def chen(desk: Desk) -> Person:
    """An officer with a password."""
    return hire(desk.store, "陈静", "officer")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("短", "至少15个字符，现在是1个"),
        ("x" * 129, "最多128个字符"),
        ("112112112112112112", "至少要有6个不同的字符"),
        ("陈静陈静陈静policydesk12", "去掉自己的姓名以后"),
        ("白日依山尽黄河入海流欲穷千里目", None),
        ("correct horse battery", None),
    ],
)
def test_a_password_is_judged_by_its_length(password: str, says: str | None) -> None:
    """One sentence that says what would be right; no classes of characters."""
    said = complaint(password, "陈静")
    assert said is None if says is None else said and says in said


def test_a_password_is_kept_as_owasp_says() -> None:
    """argon2id, 19 MiB, two passes; the same letters from another keyboard fit, others don't, and nobody's never."""
    kept = slow_hash("ｃｏｒｒｅｃｔ horse battery")
    held = extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert (held.memory_cost, held.time_cost, held.parallelism) == (19 * 1024, 2, 1)
    assert fits(kept, "correct horse battery") and not fits(kept, "correct horse batterz")
    assert not fits(None, "nobody has this password") and not fits("broken", "x")


def test_a_code_can_be_read_out(desk: Desk) -> None:
    """Four groups of five, without signs that look alike; typed in any case and grouping."""
    person = desk.store.add_staff("王敏", "admin", START)
    assert person
    code = desk.signing.invite(person).code
    assert re.fullmatch(r"([ACDEFGHJKMNPQRTUVWXY34679]{5}-){3}[ACDEFGHJKMNPQRTUVWXY34679]{5}", code)
    typed = code.lower().replace("-", " ")
    assert read_code(typed) == code.replace("-", "")
    assert desk.signing.who(desk.signing.first("王敏", typed, PASSWORD, "1")) == person


def test_a_one_time_sign_in_ends(desk: Desk) -> None:
    """After its time, after its use; a password that can't be taken doesn't use it up."""
    person = desk.store.add_staff("王敏", "admin", START)
    assert person
    code = desk.signing.invite(person).code
    with pytest.raises(Unwelcome, match="至少15个字符"):
        desk.signing.first("王敏", code, "短", "1")
    desk.passes(CODE_LASTS)
    with pytest.raises(Unwelcome, match="请让管理员再发一个"):
        desk.signing.first("王敏", code, PASSWORD, "1")
    code = desk.signing.invite(person).code
    assert desk.signing.first("王敏", code, PASSWORD, "1")
    with pytest.raises(Unwelcome, match="请让管理员再发一个"):
        desk.signing.first("王敏", code, OTHER, "1")


def test_a_session_ends(desk: Desk, chen: Person) -> None:
    """When it lay idle, when it has lasted too long though it was in use, when it is signed out."""
    idle = desk.signing.sign_in("陈静", PASSWORD, "1")
    desk.passes(IDLE - timedelta(seconds=1))
    assert desk.signing.who(idle) == chen
    desk.passes(IDLE)
    assert desk.signing.who(idle) is None
    busy = desk.signing.sign_in("陈静", PASSWORD, "1")
    for _ in range(11):
        desk.passes(timedelta(hours=1))
        assert desk.signing.who(busy) == chen
    desk.passes(LASTS - timedelta(hours=11))
    assert desk.signing.who(busy) is None
    out = desk.signing.sign_in("陈静", PASSWORD, "1")
    desk.signing.sign_out(out)
    assert desk.signing.who(out) is None and desk.signing.session(out) is None


def test_what_stays_open_by_itself_is_no_use_of_a_session(desk: Desk, chen: Person) -> None:
    """A stream that asks with every beat ends with the session, and doesn't keep it from lying idle."""
    key = desk.signing.sign_in("陈静", PASSWORD, "1")
    for _ in range(3):
        assert desk.signing.still(key)
        desk.passes(IDLE / 3)
    assert not desk.signing.still(key) and desk.signing.who(key) is None and not desk.signing.still("")


def test_the_store_knows_no_session(desk: Desk, chen: Person) -> None:
    """Whoever reads the file can't come in by it."""
    key = desk.signing.sign_in("陈静", PASSWORD, "1")
    code = desk.signing.invite(chen).code
    held = "".join(path.read_bytes().decode("latin-1") for path in desk.store.path.parent.glob("*.sqlite3*"))
    assert key not in held and code not in held and code.replace("-", "") not in held and PASSWORD not in held


def test_a_changed_password_leaves_one_session(desk: Desk, chen: Person) -> None:
    """The new one; the wrong old password changes nothing."""
    here, there = (desk.signing.sign_in("陈静", PASSWORD, "1") for _ in range(2))
    with pytest.raises(Unwelcome, match="现在的密码不对"):
        desk.signing.change_password(chen, OTHER, OTHER, "1")
    assert desk.signing.who(there) == chen
    fresh = desk.signing.change_password(chen, PASSWORD, OTHER, "1")
    assert desk.signing.who(fresh) == chen
    assert desk.signing.who(here) is None and desk.signing.who(there) is None


def test_nobody_is_told_which_names_there_are(desk: Desk, chen: Person) -> None:
    """An unknown name, a wrong password, a disabled account, no password yet: the same sentence, the same throttle."""
    desk.store.add_staff("新来", "officer", START)
    gone = hire(desk.store, "走了", "officer")
    desk.store.disable(gone.id, START)
    for name, password in (("没有这人", PASSWORD), ("陈静", OTHER), ("走了", PASSWORD), ("新来", PASSWORD)):
        for _ in range(OF_ACCOUNT):
            with pytest.raises(Unwelcome, match=r"^姓名或密码不对。$"):
                desk.signing.sign_in(name, password, name)
        with pytest.raises(Fault) as slow:
            desk.signing.sign_in(name, password, name)
        assert slow.value.status == 429 and slow.value.headers["Retry-After"] == "900"


def test_an_unknown_name_takes_as_long(desk: Desk, chen: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash is checked for it as well."""
    from bot.workbench import passwords

    checked: list[str] = []
    plain = passwords._hasher.verify
    monkeypatch.setattr(
        type(passwords._hasher), "verify", lambda _, kept, word: (checked.append(kept), plain(kept, word))[1]
    )
    for name in ("没有这人", "陈静"):
        with pytest.raises(Unwelcome):
            desk.signing.sign_in(name, OTHER, "1")
    assert len(checked) == 2 and all(kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for kept in checked)


def test_the_throttle_is_by_account_and_by_address(desk: Desk, chen: Person) -> None:
    """From many addresses against one account, and from one against many; the right password waits too, then goes."""
    for number in range(OF_ACCOUNT):
        with pytest.raises(Unwelcome):
            desk.signing.sign_in("陈静", OTHER, f"address {number}")
    with pytest.raises(Fault):
        desk.signing.sign_in("陈静", PASSWORD, "another")
    for number in range(OF_ADDRESS):
        with pytest.raises(Unwelcome):
            desk.signing.first(f"姓名{number}", "AAAAA", PASSWORD, "one")
    with pytest.raises(Fault):
        desk.signing.first("另一位", "AAAAA", PASSWORD, "one")
    desk.passes(timedelta(minutes=15))
    assert desk.signing.who(desk.signing.sign_in("陈静", PASSWORD, "one")) == chen


def test_who_signs_in_rightly_is_never_slowed(desk: Desk, chen: Person) -> None:
    """What led in doesn't count."""
    for _ in range(OF_ACCOUNT + 2):
        desk.signing.sign_in("陈静", PASSWORD, "1")


def test_all_of_it_is_in_the_trail(desk: Desk) -> None:
    """Who made the account, who came in, who failed; never a password or a code."""
    boss = hire(desk.store, "王管理", "admin")
    person, invitation = staffing.add(desk.signing, boss, "陈静", "officer")
    desk.signing.first("陈静", invitation.code, PASSWORD, "10.0.0.7")
    for name in ("陈静", "我的密码写错了地方"):
        with pytest.raises(Unwelcome):
            desk.signing.sign_in(name, OTHER, "10.0.0.9")
    account = staffing.named(desk.signing, "陈静")
    staffing.change_role(desk.signing, boss, account, "editor")
    staffing.disable(desk.signing, boss, account)
    told = [f"{one.who} {one.action} {one.object}" for one in reversed(desk.store.trail(Sought(), 99))]
    assert told == [
        "王管理 加人 陈静（值守员）", "陈静 首次登录 10.0.0.7", "陈静 登录失败 10.0.0.9",
        "没有这个账号 登录失败 10.0.0.9",
        "王管理 改角色 陈静（值守员→编辑）", "王管理 停用 陈静",
    ]  # fmt: skip
    assert person.role == "officer"


def test_nobody_takes_their_own_ladder_away(desk: Desk) -> None:
    """Neither role nor account: the last administrator stays."""
    boss = hire(desk.store, "王管理", "admin")
    account = staffing.named(desk.signing, "王管理")
    for change in (staffing.disable, lambda *held: staffing.change_role(*held, "officer")):
        with pytest.raises(staffing.Unstaffed, match="另一位管理员"):
            change(desk.signing, boss, account)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["", " ", "王 敏", "<b>王</b>", "王" * 33, "a\nb", "___", "../x"])
def test_a_name_that_is_none_gets_a_sentence(name: str, desk: Desk) -> None:
    """It names what was wrong and what would be right."""
    with pytest.raises(staffing.Unstaffed, match="应是1到32个汉字"):
        staffing.add(desk.signing, staffing.OPERATOR, name, "officer")
