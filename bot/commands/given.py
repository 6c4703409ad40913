"""What a command is given: its words, the day, the settings; and the library and store that these name."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from bot.commands.shape import Refused

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store
    from dialogs.library import Library

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today(given: str | None) -> date:
    """The day of the conversation: given, or POLICYDESK_TODAY, or today in Beijing."""
    return day_of(given) or setting("today") or datetime.now(SHANGHAI).date()


def day_of(given: str | None) -> date | None:
    """A day as it was typed; Refused where it is none."""
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Refused(f"日期“{given}”读不懂，请写成2023-04-15这样。") from None


def settings() -> Settings:
    """All settings; Refused with the first that is wrong."""
    from bot.settings import BadSetting, read_settings

    try:
        return read_settings()
    except BadSetting as bad:
        raise Refused(str(bad)) from None


def setting(name: Literal["today", "knowledge", "data"]) -> Any:
    """A setting of a command that answers one question: the class is only imported where something is set at all."""
    if not Path(".env").exists() and not any(key.upper().startswith("POLICYDESK_") for key in os.environ):
        return None
    return getattr(settings(), name)


def library() -> Library:
    """The guide that is served, with what editors have published over it."""
    from bot.opening import open_or_alone

    return open_or_alone(served(), published_over())


def published_over() -> str:
    """The overlay that editors have published, or nothing."""
    from bot.published import data_home, published

    return published(setting("data") or data_home())


def store() -> Store:
    """The store of the folder that is set; raises `StoreFault`."""
    from bot.sqlite_store import SqliteStore

    return SqliteStore(settings().data)


def served() -> Path | None:
    """The folder that POLICYDESK_KNOWLEDGE serves instead of ours."""
    folder: Path | None = setting("knowledge")
    return folder


def text_of(words: tuple[str, ...]) -> str:
    """What was typed, read as UTF-8 whatever the terminal's locale; bytes that are none are left out."""
    return os.fsencode(" ".join(words)).decode("utf-8", "ignore").strip()
