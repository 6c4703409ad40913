"""Who is on the staff: adding, changing, disabling; the same for the command line and for the administrators' page."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bot.workbench.signing_in import Invitation, SigningIn
from bot.workbench.staff_store import ROLE_NAMES, ROLES, Account, Person, Role

BEIJING = ZoneInfo("Asia/Shanghai")
LONGEST_NAME = 32
OPERATOR = Person("命令行", "admin")
"""Who changes the staff from the machine itself."""


class Unstaffed(Exception):
    """What was asked for the staff can't be done; the text is one sentence."""


def add(signing: SigningIn, by: Person, name: str, role: str) -> tuple[Person, Invitation]:
    """A new account, and its one-time sign-in."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not re.fullmatch(r"[\w·.\-]+", name) or not re.search(r"[^\W_]", name):
        raise Unstaffed(
            f"姓名“{name[:LONGEST_NAME]}”不能用：应是1到{LONGEST_NAME}个汉字、字母或数字，中间不空格，如：王敏。"
        )
    person = signing.store.add_staff(name, read_role(role), signing.now())
    if person is None:
        raise Unstaffed(f"已经有“{name}”这个账号；同名的请加个区别，如：{name}2。")
    _note(signing, by, "加人", f"{name}（{ROLE_NAMES[person.role]}）")
    return person, signing.invite(person)


def invite(signing: SigningIn, by: Person, account: Account) -> Invitation:
    """A one-time sign-in for somebody who forgot the password."""
    if account.disabled:
        raise Unstaffed(f"“{account.person.name}”已停用，请先启用。")
    _note(signing, by, "发一次性登录", account.person.name)
    return signing.invite(account.person)


def change_role(signing: SigningIn, by: Person, account: Account, role: str) -> None:
    """Another role, at once; nobody changes their own."""
    wanted = read_role(role)
    _not_oneself(by, account)
    signing.store.change_role(account.person.id, wanted)
    _note(signing, by, "改角色", f"{account.person.name}（{ROLE_NAMES[account.person.role]}→{ROLE_NAMES[wanted]}）")


def disable(signing: SigningIn, by: Person, account: Account) -> None:
    """Nobody comes in by this account any more, open sessions end; its lines in the trail stay."""
    _not_oneself(by, account)
    signing.store.disable(account.person.id, signing.now())
    _note(signing, by, "停用", account.person.name)


def enable(signing: SigningIn, by: Person, account: Account) -> None:
    """The account is good again."""
    signing.store.enable(account.person.id)
    _note(signing, by, "启用", account.person.name)


def named(signing: SigningIn, name: str) -> Account:
    """The account of a name."""
    account = signing.store.account(name)
    if account is None:
        raise Unstaffed(f"没有“{name}”这个账号；全部账号见 policydesk staff list。")
    return account


def read_role(role: str) -> Role:
    """A role by its word."""
    if role not in ROLES:
        known = "、".join(f"{one}（{ROLE_NAMES[one]}）" for one in ROLES)
        raise Unstaffed(f"没有“{role}”这种角色，应是{known}之一。")
    return role


def state(account: Account, now: datetime) -> str:
    """How an account stands, in a word or two."""
    if account.disabled:
        return "已停用"
    invited = account.invited is not None and account.invited > now
    if account.password:
        return "在用，可重设密码" if invited else "在用"
    return "等本人设密码" if invited else "一次性登录已过期"


def link(address: str, person: Person, code: str) -> str:
    """The one-time sign-in as a link: what follows # stays in the browser and in nobody's log."""
    return f"{address}/desk/first#{urlencode({'name': person.name, 'code': code})}"


def good_until(invitation: Invitation) -> str:
    """Until when it is good, in Beijing."""
    at = invitation.until.astimezone(BEIJING)
    return f"{at.month}月{at.day}日{at:%H:%M}"


def _not_oneself(by: Person, account: Account) -> None:
    if by.id == account.person.id:
        raise Unstaffed("不能改自己的角色或停用自己，请让另一位管理员来做。")


def _note(signing: SigningIn, by: Person, action: str, object_: str) -> None:
    signing.store.audit(by, action, object_, signing.now())
