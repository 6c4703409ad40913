"""All settings, from the environment and from `.env` beside the start; the environment counts more.

`python -m bot.settings` writes README's table anew from here (a test compares).
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.published import data_home

PREFIX = "POLICYDESK_"
README = Path(__file__).parent.parent / "README.md"
TABLE_BEGINS, TABLE_ENDS = "<!-- settings: made by make docs -->", "<!-- /settings -->"


class BadSetting(Exception):
    """A setting that can't be used, as one Chinese sentence."""


def _address(value: str) -> str:
    if not value.startswith(("http://", "https://")) or len(value.split("/")[2]) == 0:
        raise ValueError
    return value.rstrip("/")


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError
    return value


def _like(pattern: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError
        return value

    return AfterValidator(check)


Address = Annotated[str, AfterValidator(_address)]
Folder = Annotated[Path, AfterValidator(_folder)]
Token = Annotated[SecretStr, _like(r"\d+:[A-Za-z0-9_-]+")]
Secret = Annotated[SecretStr, _like(r"[A-Za-z0-9_-]{1,256}")]


Mailbox = Annotated[str, Field(pattern=r"^[A-Za-z0-9._%-]{1,24}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$")]
Listen = Annotated[str, Field(pattern=r"^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$")]


def _setting(default: Any, does: str, right: str, *, shown: str = "") -> Any:
    """A field: its default, what it does, what a right value looks like, how the default is told."""
    extra: dict[str, Any] = {"right": right, "shown": shown}
    if callable(default):
        return Field(default_factory=default, description=does, json_schema_extra=extra)
    return Field(default, description=does, json_schema_extra=extra)


class Settings(BaseSettings):
    """One field a setting, `POLICYDESK_` before its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    data: Path = _setting(
        data_home, "存会话的文件夹，没有就新建", "应是一个能写的文件夹", shown="`~/.local/share/policydesk`"
    )
    knowledge: Folder | None = _setting(
        None, "指南文件夹", "应是指南的文件夹，里面有guide.yaml", shown="随程序附带的2023年第一批"
    )
    today: date | None = _setting(None, "把“今天”定在某一天", "应写成2023-04-15这样", shown="北京时间的今天")
    public_url: Address | None = _setting(
        None, "对外的网址；设了就用它接收Telegram消息", "应是http://或https://开头的网址", shown="不设"
    )
    telegram_token: Token | None = _setting(
        None, "Telegram机器人的token；设了就同时在Telegram上服务", "应是BotFather给的“数字:字母”一串", shown="不设"
    )
    telegram_secret: Secret | None = _setting(
        None, "Telegram回调时带的暗号", "应是1到256个字母、数字、“_”或“-”", shown="不设"
    )
    telegram_api: Address = _setting(
        "https://api.telegram.org", "Telegram接口的网址", "应是http://或https://开头的网址"
    )
    smtp_host: str | None = _setting(
        None, "发信用的邮件服务器；设了值守员才能写信给联系人", "应是主机名", shown="不设，不发信"
    )
    smtp_port: int = _setting(25, "邮件服务器的端口", "应是端口号，如25、465、587")
    smtp_from: Mailbox | None = _setting(
        None, "发信的邮箱；答复寄到它加“+工单号-暗号”的地址", "应是@前不超过24个字符的邮箱，不带“+”", shown="不设"
    )
    smtp_user: str | None = _setting(None, "邮件服务器的用户名", "应是用户名", shown="不设，不登录")
    smtp_password: SecretStr | None = _setting(None, "邮件服务器的密码", "应是密码", shown="不设")
    smtp_tls: Literal["none", "starttls", "tls"] = _setting(
        "none", "与邮件服务器的连接怎么加密", "应是none、starttls、tls三者之一"
    )
    smtp_outside: bool = _setting(
        False, "准许连本机以外的邮件服务器；测试和演练不要设", "应是true或false", shown="只连本机的"
    )
    smtp_listen: Listen | None = _setting(
        None, "在这里收答复和退信（SMTP），由单位的邮件服务器转来", "应是“地址:端口”，如127.0.0.1:2525", shown="不收"
    )


def read_settings() -> Settings:
    """The settings in force; raises `BadSetting` on the first that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadSetting(_sentence(error)) from None
    except UnicodeDecodeError:
        raise BadSetting("设置文件 .env 不是UTF-8编码，请另存为UTF-8。") from None


def _sentence(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = str(fault["loc"][0]).removeprefix(PREFIX.lower())
    field = Settings.model_fields[name]
    secret = "SecretStr" in str(field.annotation)
    value = "" if secret else f"“{fault['input']}”"
    return f"设置 {PREFIX}{name.upper()} 的值{value}不对，{_extra(field)['right']}。"


def _extra(field: Any) -> dict[str, str]:
    return dict(field.json_schema_extra)


def table() -> str:
    """README's table."""
    rows = ["| 设置 | 做什么 | 不设时 |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        shown = _extra(field)["shown"] or f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {field.description} | {shown} |")
    return "\n".join(rows)


def with_table(readme: str) -> str:
    """README with the table of today between its marks."""
    before, _, rest = readme.partition(TABLE_BEGINS)
    _, _, after = rest.partition(TABLE_ENDS)
    return f"{before}{TABLE_BEGINS}\n{table()}\n{TABLE_ENDS}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
