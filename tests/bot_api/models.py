"""aiogram's models, each built when it is first used: to build the thousand of them takes longer than a test.

Whoever needs something of aiogram has it from here, as its models are only left unbuilt by the first import.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from pydantic import BaseModel

with patch.object(BaseModel, "model_rebuild", classmethod(lambda kind, **given: None)):
    import aiogram.methods
    import aiogram.types
from aiogram.client.default import Default
from aiogram.enums import ChatAction, MessageEntityType, UpdateType
from aiogram.methods import TelegramMethod
from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)

__all__ = [
    "ChatAction",
    "Default",
    "ForceReply",
    "InlineKeyboardButton",
    "InlineKeyboardMarkup",
    "InputFile",
    "MessageEntity",
    "MessageEntityType",
    "ReplyKeyboardMarkup",
    "ReplyKeyboardRemove",
    "TelegramMethod",
    "Update",
    "UpdateType",
    "built",
    "methods",
]

methods = aiogram.methods


def built(kind: type[Any]) -> type[Any]:
    """A model that can be used."""
    kind.model_rebuild(_types_namespace=vars(aiogram.types))
    return kind
