"""Settings: one class, README's table from it, one sentence for a bad value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.settings import README, BadSetting, read_settings, with_table


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without `.env`, an environment without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYDESK_TODAY", raising=False)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    """Every setting has a default, and no door is opened by it."""
    settings = read_settings()
    assert (settings.today, settings.telegram_token, settings.public_url) == (None, None, None)
    assert settings.data.name == "policydesk"


def test_the_environment_counts_more_than_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` is read where it stands beside the start; an empty variable is none."""
    (bare / ".env").write_text("POLICYDESK_TODAY=2023-03-01\nPOLICYDESK_DATA=/srv/a\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("POLICYDESK_DATA", "/srv/b")
    monkeypatch.setenv("POLICYDESK_PUBLIC_URL", "")
    settings = read_settings()
    assert (settings.today, settings.data, settings.public_url) == (date(2023, 3, 1), Path("/srv/b"), None)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TODAY", "下周一", "设置 POLICYDESK_TODAY 的值“下周一”不对，应写成2023-04-15这样。"),
        ("PUBLIC_URL", "example.org", "应是http://或https://开头的网址"),
        ("TELEGRAM_API", "http://", "应是http://或https://开头的网址"),
        ("KNOWLEDGE", "/没有/这个", "应是指南的文件夹"),
        ("SMTP_FROM", "a b@c", "设置 POLICYDESK_SMTP_FROM 的值“a b@c”不对，应是@前不超过24个字符的邮箱"),
        ("SMTP_LISTEN", "2525", "应是“地址:端口”"),
        ("SMTP_TLS", "ssl", "应是none、starttls、tls三者之一"),
        ("SMTP_PORT", "smtp", "应是端口号"),
        ("TELEGRAM_SECRET", "带!号", "设置 POLICYDESK_TELEGRAM_SECRET 的值不对"),
        ("TELEGRAM_TOKEN", "秘密abc", "设置 POLICYDESK_TELEGRAM_TOKEN 的值不对"),
    ],
)
def test_a_bad_value_gets_one_sentence(name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the setting and what would be right, and never repeats a secret."""
    monkeypatch.setenv(f"POLICYDESK_{name}", value)
    with pytest.raises(BadSetting) as bad:
        read_settings()
    assert says in str(bad.value) and "\n" not in str(bad.value)
    assert name not in ("TELEGRAM_SECRET", "TELEGRAM_TOKEN") or value not in str(bad.value)


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token stays out of logs and messages."""
    monkeypatch.setenv("POLICYDESK_TELEGRAM_TOKEN", "123:abcdef")
    assert "abcdef" not in repr(read_settings())


def test_the_table_in_readme_is_that_of_the_code() -> None:
    """`make docs` writes it."""
    readme = README.read_text(encoding="utf-8")
    assert "POLICYDESK_DATA" in readme and readme == with_table(readme), "README 的设置表旧了，请运行 make docs"
