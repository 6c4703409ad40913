"""What most updates are (a text or a tap in a private chat), read at a glance.

The library makes a dozen objects of an update, which takes as long as all that the store does. What is said here of an
update is what `hearing.py` says of it; whatever is unusual about one is left to it: None.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.store import Update as Kept
from bot.telegram.drawing import PAPER, paper_value
from bot.telegram.hearing import Heard
from dialogs.messages import Choice, Message, Text

_UPDATE_TEXT, _UPDATE_TAP = {"update_id", "message"}, {"update_id", "callback_query"}
_TEXT = {"message_id", "date", "chat", "from", "text"}
_TAP = {"id", "from", "message", "data", "chat_instance"}


def glance(told: Mapping[str, Any], now: datetime) -> Heard | None:
    """The message of an update as it came, where it is a plain one."""
    if told.keys() == _UPDATE_TEXT:
        return _text(told["update_id"], told["message"], now)
    if told.keys() == _UPDATE_TAP:
        return _tap(told["update_id"], told["callback_query"], now)
    return None


def _text(number: int, message: Any, now: datetime) -> Heard | None:
    if not isinstance(message, dict) or message.keys() != _TEXT:
        return None
    chat, text = _chat(message, message), message["text"]
    if chat is None or not isinstance(text, str) or not text:
        return None
    return Heard(_kept(number, chat, now, Text(text.strip())))


def _tap(number: int, query: Any, now: datetime) -> Heard | None:
    if not isinstance(query, dict) or query.keys() != _TAP:
        return None
    id_, message, data = query["id"], query["message"], query["data"]
    chat = _chat(message, query) if isinstance(message, dict) else None
    if chat is None or not isinstance(id_, str) or not isinstance(data, str):
        return None
    manner = PAPER if data.startswith(paper_value("")) else ""
    return Heard(_kept(number, chat, now, Choice(data), manner), id_)


def _chat(message: Mapping[str, Any], by: Mapping[str, Any]) -> int | None:
    """The private chat of who says it."""
    chat, user = message.get("chat"), by.get("from")
    if not isinstance(chat, dict) or not isinstance(user, dict) or chat.get("type") != "private":
        return None
    id_ = chat.get("id")
    return id_ if type(id_) is int and id_ == user.get("id") else None


def _kept(number: int, chat: int, now: datetime, said: Message, manner: str = "") -> Kept:
    return Kept(f"tg:{chat}", str(number), now, said, number, manner)
