"""A call against the published schema: the method, every parameter, and everything inside them.

aiogram's models allow extra fields and take a broken keyboard for another kind of markup, so unknown fields are looked
for one by one and the kind of a markup is told by its key.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from tests.bot_api.faults import Refusal, bad
from tests.bot_api.models import (
    Default,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramMethod,
    built,
    methods,
)

Call = TelegramMethod[Any]
METHODS: dict[str, type[Call]] = {
    kind.__api_method__: kind
    for kind in vars(methods).values()
    if inspect.isclass(kind) and isinstance(getattr(kind, "__api_method__", None), str)
}
ANY_CASE = {name.lower(): name for name in METHODS}
MARKUPS: dict[str, type[BaseModel]] = {
    "inline_keyboard": InlineKeyboardMarkup,
    "keyboard": ReplyKeyboardMarkup,
    "remove_keyboard": ReplyKeyboardRemove,
    "force_reply": ForceReply,
}
PLAIN = {str, int, float, bool, type(None), Default, InputFile}


def method_named(name: str) -> str:
    """The method as the API spells it; case does not matter to Telegram either."""
    if name.lower() not in ANY_CASE:
        raise Refusal(404, "Not Found: method not found")
    return ANY_CASE[name.lower()]


def checked(method: str, sent: Mapping[str, Any]) -> Call:
    """The call, typed; `sent` holds the body's values, strings as a form sends them. Raises Refusal."""
    kind = built(METHODS[method])
    values = {name: _value(kind, name, value) for name, value in sent.items()}
    markup = _markup(values.pop("reply_markup", None))
    try:
        call = kind.model_validate(values)
    except ValidationError as fault:
        raise bad("; ".join(_told(error) for error in fault.errors())) from None
    unknown = list(_unknown(call)) + [f"reply_markup.{name}" for name in _unknown(markup)]
    if unknown:
        raise bad(f"unknown parameters: {', '.join(unknown)}")
    if markup is not None:
        if "reply_markup" not in kind.model_fields:
            raise bad("unknown parameters: reply_markup")
        object.__setattr__(call, "__dict__", {**call.__dict__, "reply_markup": markup})
    return call


def _told(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"])
    return f"parameter {where} is required" if error["type"] == "missing" else f"parameter {where}: {error['msg']}"


def _value(kind: type[Call], name: str, value: Any) -> Any:
    """A form carries everything as strings: objects and lists are JSON inside them, a text stays a text."""
    if not isinstance(value, str) or name not in kind.model_fields or _is_plain(kind, name):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


@cache
def _is_plain(kind: type[Call], name: str) -> bool:
    annotation: Any = kind.model_fields[name].annotation
    return all(one in PLAIN for one in get_args(annotation) or (annotation,))


def _markup(value: Any) -> BaseModel | None:
    if value is None:
        return None
    kind = next((MARKUPS[key] for key in MARKUPS if isinstance(value, dict) and key in value), None)
    if kind is None:
        raise bad("object expected as reply markup")
    try:
        return built(kind).model_validate(value)
    except ValidationError as fault:
        raise bad("reply_markup: " + "; ".join(_told(error) for error in fault.errors())) from None


def _unknown(value: Any) -> Iterator[str]:
    """The names that the schema does not know, at any depth."""
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        for name, inner in value.__dict__.items():
            yield from (f"{name}.{deeper}" for deeper in _unknown(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _unknown(inner)
