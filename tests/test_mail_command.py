"""`policydesk mail`: what an operator confirms, and what is said where that can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.mail import command
from bot.mail.command import missing
from bot.settings import Settings
from bot.sqlite_store import SqliteStore
from bot.workbench.staff_store import Sought
from dialogs.library import Library
from tests.test_commands import run

WANG = "wanganran@jxj.beijing.gov.cn"


def test_a_mailbox_is_confirmed_and_revoked(
    tmp_path: Path, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told by name; each in the trail; the list says which."""
    status, out, _ = run("mail", "confirm", WANG.upper(), POLICYDESK_DATA=str(tmp_path))
    assert status == 0 and f"已确认 {WANG}（电子信息处王安然）" in out
    here = Settings(data=tmp_path)
    with pytest.raises(command.Unmailed, match="已经确认过了"):
        command.confirm(here, library, WANG)
    command.list_(here, library)
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows if row[2] != "没有确认"] == [WANG] and len(rows) > 30
    command.revoke(here, library, WANG)
    with pytest.raises(command.Unmailed, match="没有确认过"):
        command.revoke(here, library, WANG)
    store = SqliteStore(tmp_path)
    assert [one.action for one in store.trail(Sought(), 9)] == ["撤回邮箱", "确认邮箱"] and store.mailboxes() == {}
    store.close()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("wanganran@jxj.beijing.gov.com", f"是不是 {WANG}"),
        ("a@b", "policydesk mail list"),
        ("x\r\nBcc: y@z", "没有邮箱"),
    ],
)
def test_only_a_contacts_mailbox_is_confirmed(tmp_path: Path, library: Library, address: str, says: str) -> None:
    """One sentence, with the likely one."""
    with pytest.raises(command.Unmailed, match=says):
        command.confirm(Settings(data=tmp_path), library, address)


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    """On standard error, without a traceback."""
    status, out, error = run("mail", "confirm", "a@b", POLICYDESK_DATA=str(tmp_path))
    assert (status, out) == (2, "") and "没有邮箱“a@b”" in error and len(error.splitlines()) == 1


def test_half_of_the_settings_are_refused(tmp_path: Path) -> None:
    """What is missing is named before anybody comes."""
    assert missing(Settings()) == ""
    half = Settings(smtp_host="127.0.0.1")
    assert missing(half) == "设了 POLICYDESK_SMTP_HOST，也要设 POLICYDESK_SMTP_FROM、POLICYDESK_PUBLIC_URL。"
    assert "POLICYDESK_SMTP_HOST" in missing(Settings(smtp_listen="127.0.0.1:2525"))
    whole = {"smtp_host": "127.0.0.1", "smtp_from": "desk@hotline.example", "public_url": "https://hotline.example"}
    assert missing(Settings.model_validate(whole)) == ""
    status, out, error = run("serve", "--port", "0", POLICYDESK_SMTP_HOST="127.0.0.1", POLICYDESK_DATA=str(tmp_path))
    assert (status, out) == (2, "") and "POLICYDESK_SMTP_FROM" in error
