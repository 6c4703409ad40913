"""Conversations, messages and replies as the text that a store keeps, and back.

What an older program has kept stays readable: a field that has gone is dropped, one that has come takes its default.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError

from dialogs.conversation import Conversation
from dialogs.messages import Choice, Happened, Message, Reply, Text

_REPLY = TypeAdapter(Reply)
QUICK = 3
"""How hard it is packed: a quarter quicker than by default, for four bytes in a hundred."""
PACKED_FROM = 400
"""Bytes of a reply's text from which it is kept packed: to well under a half, and ten turns in some kilobytes."""


def keep_conversation(conversation: Conversation) -> str:
    """The conversation without what stands at its default."""
    return conversation.model_dump_json(exclude_defaults=True)


def kept_conversation(state: str) -> Conversation | None:
    """The conversation, or None where it can't be read any more (then a fresh one begins)."""
    try:
        return Conversation.model_validate_json(state)
    except ValidationError:
        return _older(json.loads(state))


def _older(told: dict[str, Any]) -> Conversation | None:
    known = {key: value for key, value in told.items() if key in Conversation.model_fields}
    try:
        return Conversation.model_validate_json(json.dumps(known))
    except ValidationError:
        return None


def keep_message(message: Message) -> str:
    """The message in the form in which the API takes it; what happened to a ticket with all its fields."""
    if isinstance(message, Happened):
        return json.dumps(asdict(message), ensure_ascii=False)
    said = {"text": message.text} if isinstance(message, Text) else {"choose": message.value}
    return json.dumps(said, ensure_ascii=False)


def kept_message(body: str | None) -> Message:
    """The message; an erased one has no words."""
    said = json.loads(body or '{"text": ""}')
    if "event" in said:
        return Happened(**said)
    return Choice(said["choose"]) if "choose" in said else Text(said["text"])


def keep_reply(reply: Reply) -> tuple[str | None, bytes | None]:
    """The whole reply without what stands at its default: as text, or packed where that is worth it."""
    body = _REPLY.dump_json(reply, exclude_defaults=True)
    return (body.decode(), None) if len(body) < PACKED_FROM else (None, zlib.compress(body, QUICK))


def kept_reply(body: str | None, packed: bytes | None = None) -> Reply:
    """The reply; an erased one, or one that can't be read any more, keeps only its words."""
    kept = zlib.decompress(packed) if packed is not None else body
    if kept is None:
        return Reply("notice", "")
    try:
        return _REPLY.validate_json(kept)
    except ValidationError:
        return Reply("notice", str(json.loads(kept).get("text", "")))
