"""`policydesk staff add | list | renew | remove`: accounts for the workbench, on the machine itself."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bot.settings import Settings
from bot.sqlite_store import SqliteStore
from bot.workbench import staffing
from bot.workbench.signing_in import Invitation, SigningIn
from bot.workbench.staff_store import ROLE_NAMES, Person
from bot.workbench.staffing import good_until, link, state


def add(settings: Settings, name: str, role: str) -> None:
    """A new account; its one-time sign-in is printed, this once."""
    store = SqliteStore(settings.data)
    try:
        person, invitation = staffing.add(_signing(store), staffing.OPERATOR, name, role)
    finally:
        store.close()
    click.echo(f"已加{ROLE_NAMES[person.role]}“{person.name}”。{_way_in(settings, person, invitation)}")


def renew(settings: Settings, name: str) -> None:
    """Another one-time sign-in; an account that was disabled is enabled."""
    store = SqliteStore(settings.data)
    try:
        signing = _signing(store)
        account = staffing.named(signing, name)
        if account.disabled:
            staffing.enable(signing, staffing.OPERATOR, account)
        account = staffing.named(signing, name)
        invitation = staffing.invite(signing, staffing.OPERATOR, account)
    finally:
        store.close()
    click.echo(f"“{account.person.name}”可以重设密码。{_way_in(settings, account.person, invitation)}")


def remove(settings: Settings, name: str) -> None:
    """Disable an account; it is never deleted, the trail names it."""
    store = SqliteStore(settings.data)
    try:
        signing = _signing(store)
        staffing.disable(signing, staffing.OPERATOR, staffing.named(signing, name))
    finally:
        store.close()
    click.echo(f"已停用“{name}”，登录着的已退出；操作记录都留着。要恢复：policydesk staff renew {name}")


def list_(settings: Settings) -> None:
    """Every account in a line."""
    store = SqliteStore(settings.data)
    try:
        accounts = store.staff()
    finally:
        store.close()
    for one in accounts:
        click.echo(f"{one.person.name}\t{ROLE_NAMES[one.person.role]}\t{state(one, datetime.now(UTC))}")
    if not accounts:
        click.echo("还没有账号，例如：policydesk staff add 王敏 --role admin")


def _signing(store: SqliteStore) -> SigningIn:
    return SigningIn(store, lambda: datetime.now(UTC))


def _way_in(settings: Settings, person: Person, invitation: Invitation) -> str:
    lines = [f"一次性登录{good_until(invitation)}前有效，用一次就作废，请只交给本人："]
    if settings.public_url:
        lines.append(f"  打开 {link(settings.public_url, person, invitation.code)}")
    else:
        lines.append("  打开网页咨询的网址后面加 /desk/first，填姓名和代码")
    return "\n".join([*lines, f"  代码 {invitation.code}"])
