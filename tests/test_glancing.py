"""An update read at a glance says what the whole update says; whatever is unusual is left to the library."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Bot, Update, User

from bot.telegram.drawing import PAPER
from bot.telegram.glancing import glance
from bot.telegram.hearing import hear
from bot.telegram.words import words
from dialogs.messages import Choice, Text

NOW, GUIDE = datetime(2023, 3, 20, 10, tzinfo=UTC), "2023-batch-1"
USER = {"id": 77, "is_bot": False, "first_name": "王"}
CHAT = {"id": 77, "type": "private", "first_name": "王"}
MESSAGE = {"message_id": 5, "date": 1, "chat": CHAT, "from": USER, "text": " 流片最多补多少 "}
SHOWN = {"message_id": 4, "date": 1, "chat": CHAT, "from": {"id": 1, "is_bot": True, "first_name": "助手"}, "text": "?"}
QUERY = {"id": "9", "from": USER, "message": SHOWN, "data": f"ask:1.amount@{GUIDE}", "chat_instance": "1"}

PLAIN: dict[str, dict[str, Any]] = {
    "a text": {"message": MESSAGE},
    "a text that begins like a command": {"message": MESSAGE | {"text": "/help"}},
    "a tap": {"callback_query": QUERY},
    "a tap for the sheet as a document": {"callback_query": QUERY | {"data": f"case:paper@{GUIDE}"}},
    "a tap on what is gone": {"callback_query": QUERY | {"message": {"message_id": 4, "date": 0, "chat": CHAT}}},
}
UNUSUAL: dict[str, dict[str, Any]] = {
    "a command": {"message": MESSAGE | {"entities": [{"type": "bot_command", "offset": 0, "length": 5}]}},
    "a group": {"message": MESSAGE | {"chat": {"id": -5, "type": "supergroup", "title": "x"}}},
    "another's private chat": {"message": MESSAGE | {"chat": CHAT | {"id": 78}}},
    "a picture": {"message": {k: v for k, v in MESSAGE.items() if k != "text"} | {"photo": []}},
    "a text that was edited": {"edited_message": MESSAGE},
    "an answer to a message": {"message": MESSAGE | {"reply_to_message": SHOWN}},
    "no words": {"message": MESSAGE | {"text": ""}},
    "words that are none": {"message": MESSAGE | {"text": 5}},
    "a chat without a number": {"message": MESSAGE | {"chat": CHAT | {"id": True}, "from": USER | {"id": True}}},
    "nobody": {"message": {k: v for k, v in MESSAGE.items() if k != "from"}},
    "a tap in a group": {"callback_query": QUERY | {"message": SHOWN | {"chat": {"id": -5, "type": "group"}}}},
    "a tap on a game": {"callback_query": {k: v for k, v in QUERY.items() if k != "data"} | {"game_short_name": "x"}},
    "a message that is none": {"message": "x"},
    "a tap that is none": {"callback_query": []},
    "two at once": {"message": MESSAGE, "callback_query": QUERY},
}


@pytest.mark.parametrize("update", PLAIN.values(), ids=PLAIN)
def test_what_is_plain_is_heard_as_the_library_hears_it(update: dict[str, Any]) -> None:
    told = {"update_id": 31} | update
    me = User(4242, "助手", True, username="policydesk_bot")
    whole = hear(Update.de_json(told, Bot("1:x")), me, words(), GUIDE, NOW)
    assert whole == glance(told, NOW) is not None


@pytest.mark.parametrize("update", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_left_to_the_library(update: dict[str, Any]) -> None:
    assert glance({"update_id": 31} | update, NOW) is None


def test_a_tap_names_the_clock_that_is_to_be_stopped() -> None:
    text, tap = (glance({"update_id": 31} | PLAIN[name], NOW) for name in ("a text", "a tap"))
    assert text and tap and (text.callback, tap.callback) == ("", "9")
    assert text.update.message == Text("流片最多补多少") and tap.update.message == Choice(f"ask:1.amount@{GUIDE}")
    paper = glance({"update_id": 31} | PLAIN["a tap for the sheet as a document"], NOW)
    assert paper and paper.update.manner == PAPER
