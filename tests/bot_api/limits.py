"""What the published schema says in prose only: lengths, ranges, names. Texts are measured in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from tests.bot_api.faults import bad
from tests.bot_api.models import (
    ChatAction,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    MessageEntityType,
    UpdateType,
)
from tests.bot_api.schema import Call

TEXTS = {
    ("sendMessage", "text"): (1, 4096, "message text is empty", "message is too long"),
    ("editMessageText", "text"): (1, 4096, "message text is empty", "MESSAGE_TOO_LONG"),
    ("answerCallbackQuery", "text"): (0, 200, "", "MESSAGE_TOO_LONG"),
    ("setMyDescription", "description"): (0, 512, "", "BOT_DESCRIPTION_TOO_LONG"),
    ("setMyShortDescription", "short_description"): (0, 120, "", "BOT_SHORT_DESCRIPTION_TOO_LONG"),
    ("setMyName", "name"): (0, 64, "", "BOT_TITLE_INVALID"),
    ("sendContact", "phone_number"): (1, 64, "phone number is empty", "PHONE_NUMBER_INVALID"),
    ("createForumTopic", "name"): (1, 128, "topic name is empty", "TOPIC_TITLE_TOO_LONG"),
    ("sendContact", "first_name"): (1, 64, "contact first name must be non-empty", "CONTACT_FIRST_NAME_TOO_LONG"),
}
CAPTION, ENTITIES, VCARD_BYTES, DATA_BYTES, WEBHOOK_SECRET = 1024, 100, 2048, 64, r"[A-Za-z0-9_-]{1,256}"
ACTIONS = tuple(
    name for name in InlineKeyboardButton.model_fields if name not in ("text", "icon_custom_emoji_id", "style")
)
COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
QUOTES = {"blockquote", "expandable_blockquote"}


def units(text: str) -> int:
    """Length in UTF-16 units: an emoji outside the basic plane counts two."""
    return len(text.encode("utf-16-le")) // 2


def within_limits(method: str, call: Call) -> None:
    """Raises Refusal with Telegram's words."""
    for (of, field), (least, most, empty, long) in TEXTS.items():
        text = getattr(call, field, None) if of == method else None
        if isinstance(text, str):
            _length(text, least, most, empty, long)
    _length(getattr(call, "caption", None) or "", 0, CAPTION, "", "message caption is too long")
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        _entities(getattr(call, text, None) or "", getattr(call, entities, None) or [])
    markup = getattr(call, "reply_markup", None)
    if isinstance(markup, InlineKeyboardMarkup):
        _keyboard(markup)
    if method in OTHERS:
        OTHERS[method](call)


def _length(text: str, least: int, most: int, empty: str, long: str) -> None:
    if least and not text.strip():
        raise bad(empty)
    if units(text) > most:
        raise bad(long)


def _entities(text: str, entities: list[MessageEntity]) -> None:
    """Each of a known kind, inside the text, on whole characters; quotes not inside one another."""
    encoded = text.encode("utf-16-le")
    size = len(encoded) // 2
    for one in entities:
        begin, end = one.offset, one.offset + one.length
        if one.type not in list(MessageEntityType):
            raise bad(f'can\'t parse MessageEntity: unsupported type "{one.type}"')
        if begin < 0 or one.length <= 0 or end > size:
            raise bad(f"entity beginning at UTF-16 offset {begin} ends after the end of the text at {size}")
        if any(0 < at < size and 0xDC <= encoded[2 * at + 1] <= 0xDF for at in (begin, end)):
            raise bad(f"entity at UTF-16 offset {begin} begins or ends in the middle of a character")
    quotes = sorted((one.offset, one.offset + one.length) for one in entities if one.type in QUOTES)
    if any(later[0] < earlier[1] for earlier, later in pairwise(quotes)):
        raise bad("blockquote entities can't be nested")
    if len(entities) > ENTITIES:
        raise bad("too many message entities")


def _keyboard(markup: InlineKeyboardMarkup) -> None:
    if sum(map(len, markup.inline_keyboard)) > 100 or any(len(row) > 8 for row in markup.inline_keyboard):
        raise bad("reply markup is too long")
    for row in markup.inline_keyboard:
        if not row:
            raise bad("inline keyboard row must be non-empty")
        for button in row:
            _button(button)


def _button(button: InlineKeyboardButton) -> None:
    acts = [name for name in ACTIONS if getattr(button, name) is not None]
    if not button.text.strip():
        raise bad("inline keyboard button text must be non-empty")
    if len(acts) != 1:
        raise bad("can't parse inline keyboard button: exactly one action expected")
    if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def _topic(call: Any) -> None:
    if call.icon_color is not None and call.icon_color not in COLOURS:
        raise bad("invalid icon color specified")


def _commands(call: Any) -> None:
    if len(call.commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in call.commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one.command):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(one.description.strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def _updates(call: Any) -> None:
    _range("limit", call.limit, 1, 100)
    _range("timeout", call.timeout, 0, 1000)
    _known(call.allowed_updates or (), list(UpdateType))


def _webhook(call: Any) -> None:
    if call.url and not re.match(r"https?://", call.url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if call.secret_token is not None and not re.fullmatch(WEBHOOK_SECRET, call.secret_token):
        raise bad("secret token contains unallowed characters")
    _range("max_connections", call.max_connections, 1, 100)
    _known(call.allowed_updates or (), list(UpdateType))


def _contact(call: Any) -> None:
    if call.vcard is not None and len(call.vcard.encode()) > VCARD_BYTES:
        raise bad("VCARD_TOO_LONG")


def _action(call: Any) -> None:
    if call.action not in list(ChatAction):
        raise bad("wrong parameter action in request")


def _range(name: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise bad(f"parameter {name} must be between {least} and {most}")


def _known(names: Iterable[str], known: Iterable[str]) -> None:
    strange = [name for name in names if name not in known]
    if strange:
        raise bad(f"unknown update type {strange[0]}")


OTHERS = {
    "createForumTopic": _topic,
    "setMyCommands": _commands,
    "getUpdates": _updates,
    "setWebhook": _webhook,
    "sendContact": _contact,
    "sendChatAction": _action,
}
