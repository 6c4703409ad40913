"""`policydesk mail confirm | list | revoke`: which mailboxes may be written to, on the machine itself."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches

import click

from bot.handing_on import BEIJING
from bot.settings import Settings
from bot.sqlite_store import SqliteStore
from bot.workbench.staffing import OPERATOR
from dialogs.library import Library
from dialogs.mailing import mailboxes, named


class Unmailed(Exception):
    """What was asked of mailboxes can't be done; the text is one sentence."""


def confirm(settings: Settings, library: Library, address: str) -> None:
    """From now on officers may write there."""
    address = _known(address, library)
    store = SqliteStore(settings.data)
    try:
        if not store.confirm_mailbox(address, datetime.now(UTC)):
            raise Unmailed(f"{address} 已经确认过了。")
        store.audit(OPERATOR, "确认邮箱", address, datetime.now(UTC))
    finally:
        store.close()
    click.echo(f"已确认 {address}（{named(mailboxes(library)[address])}），值守员可以写信去了。")


def revoke(settings: Settings, library: Library, address: str) -> None:
    """Nothing more goes there, what still waits neither."""
    address = address.strip().lower()
    store = SqliteStore(settings.data)
    try:
        if not store.revoke_mailbox(address):
            raise Unmailed(f"{address} 没有确认过，不用撤回；确认过的看：policydesk mail list")
        store.audit(OPERATOR, "撤回邮箱", address, datetime.now(UTC))
    finally:
        store.close()
    click.echo(f"已撤回 {address}，不再写信去，还没发的也不发了。")


def list_(settings: Settings, library: Library) -> None:
    """Every mailbox of the tables in a line."""
    store = SqliteStore(settings.data)
    try:
        confirmed = store.mailboxes()
    finally:
        store.close()
    known = mailboxes(library)
    for address in [*known, *(one for one in confirmed if one not in known)]:
        since = confirmed.get(address)
        state = f"{since.astimezone(BEIJING).date()}确认" if since else "没有确认"
        click.echo(f"{address}\t{named(known.get(address, ())) or '已不在指南里'}\t{state}")


def missing(settings: Settings) -> str:
    """What mail still needs, as one sentence; empty where it is complete, or not wanted."""
    if settings.smtp_host is None:
        return "设了 POLICYDESK_SMTP_LISTEN，也要设 POLICYDESK_SMTP_HOST。" if settings.smtp_listen else ""
    needs = {"POLICYDESK_SMTP_FROM": settings.smtp_from, "POLICYDESK_PUBLIC_URL": settings.public_url}
    lacks = [name for name, value in needs.items() if not value]
    return f"设了 POLICYDESK_SMTP_HOST，也要设 {'、'.join(lacks)}。" if lacks else ""


def _known(address: str, library: Library) -> str:
    known, sought = mailboxes(library), address.strip().lower()
    if sought in known:
        return sought
    near = get_close_matches(sought, known, 1, 0.6)
    hint = f"，是不是 {near[0]}" if near else "，联系人的邮箱看：policydesk mail list"
    raise Unmailed(f"指南的联系人里没有邮箱“{sought[:100]}”{hint}")
