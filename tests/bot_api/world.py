"""What the API remembers: chats, messages, updates not yet confirmed, callbacks; and what each method does to it.

A method `sendMessage` is played by `send_message(call)`: it returns the result's JSON or raises Refusal. Every method
but `getUpdates` is done at once under the lock.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from tests.bot_api.faults import Refusal, bad
from tests.bot_api.models import Update, built
from tests.bot_api.schema import Call

Json = dict[str, Any]
BLOCKED = "Forbidden: bot was blocked by the user"
STALE = "query is too old and response timeout expired or query ID is invalid"
WEBHOOK_ON = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
RIGHTS = ("can_manage_topics", "can_delete_messages")
"""What the bot needs in a group with topics."""
TWO_POLLS = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class World:
    """Everything behind one bot's token."""

    def __init__(self, username: str) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.me: Json = {"id": 4242, "is_bot": True, "first_name": "政策咨询", "username": username,
                         "can_join_groups": True, "can_read_all_group_messages": True}  # fmt: skip
        self.chats: dict[int, Json] = {}
        self.messages: dict[int, dict[int, Json]] = {}
        self.blocked: set[int] = set()
        self.waiting: deque[Json] = deque()
        self.callbacks: dict[str, Json | None] = {}
        self.commands: list[Json] = []
        self.commands_of: dict[int, list[Json]] = {}
        self.threads: dict[int, dict[int, Json]] = {}
        self.rights: dict[int, set[str]] = {}
        self.about: dict[str, str] = {}
        self.webhook: Json = {}
        self.files: dict[str, bytes] = {}
        self.on_update: Callable[[], None] = lambda: None
        self._last_update = 700_000_000
        self._last_message = 0

    # --- the person's side -------------------------------------------------------------------------------------------

    def push(self, kind: str, content: Json) -> int:
        """A new update waits for the bot; its number. It must itself be of the published form."""
        with self.changed:
            self._last_update += 1
            update = {"update_id": self._last_update, kind: content}
            built(Update).model_validate(update)
            self.waiting.append(update)
        self.on_update()
        return self._last_update

    def push_again(self, update: Json) -> None:
        """The same update once more, as after a confirmation that was lost."""
        with self.changed:
            self.waiting.appendleft(update)
        self.on_update()

    def put(self, chat_id: int, sender: Json, **content: Any) -> Json:
        """A message that stands in a chat from now on."""
        with self.changed:
            self._last_message += 1
            message = {"message_id": self._last_message, "date": int(time.time()), "chat": self.chats[chat_id],
                       "from": sender, **content}  # fmt: skip
            self.messages[chat_id][self._last_message] = message
            self.changed.notify_all()
        return message

    # --- updates and webhook -----------------------------------------------------------------------------------------

    def ready(self, call: Any) -> list[Json]:
        """The updates for a poll; those before its offset are confirmed and gone."""
        if self.webhook:
            raise Refusal(409, WEBHOOK_ON)
        offset = call.offset or 0
        if offset < 0:
            self.waiting = deque(list(self.waiting)[offset:])
        while self.waiting and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()
        wanted = set(call.allowed_updates or ())
        if wanted:
            self.waiting = deque(u for u in self.waiting if wanted & u.keys())
        self.changed.notify_all()
        return list(self.waiting)[: call.limit or 100]

    def deliverable(self, busy: set[int]) -> list[tuple[int, Json]]:
        """The next update of each chat that has none on its way (`busy`), as Telegram gives them to a webhook."""
        if not self.webhook:
            return []
        kinds, found = self.webhook.get("kinds"), {}
        self.waiting = deque(u for u in self.waiting if not kinds or kinds & u.keys())
        for update in self.waiting:
            found.setdefault(chat_of(update), update)
        return [(chat, update) for chat, update in found.items() if chat not in busy]

    def delivered(self, update: Json) -> None:
        """The webhook has taken an update."""
        self.waiting.remove(update)
        self.changed.notify_all()

    def set_webhook(self, call: Any) -> bool:
        kinds = set(call.allowed_updates or ())
        self.webhook = {"url": call.url, "secret": call.secret_token, "kinds": kinds} if call.url else {}
        self._drop(call.drop_pending_updates)
        self.on_update()
        return True

    def delete_webhook(self, call: Any) -> bool:
        self.webhook = {}
        self._drop(call.drop_pending_updates)
        return True

    def get_webhook_info(self, _: Call) -> Json:
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False,
                "pending_update_count": len(self.waiting)}  # fmt: skip

    def _drop(self, wanted: bool | None) -> None:
        if wanted:
            self.waiting.clear()

    # --- the bot itself ----------------------------------------------------------------------------------------------

    def get_me(self, _: Call) -> Json:
        return self.me

    def set_my_commands(self, call: Any) -> bool:
        commands = [plain(one) for one in call.commands]
        if call.scope is None or call.scope.type == "default":
            self.commands = commands
        elif call.scope.type == "chat":
            self.commands_of[self._chat(call.scope.chat_id)] = commands
        else:
            raise Refusal(501, f"Not Implemented: this server does not play the scope {call.scope.type}")
        self.changed.notify_all()
        return True

    def get_my_commands(self, _: Call) -> list[Json]:
        return self.commands

    def set_my_description(self, call: Any) -> bool:
        self.about["description"] = call.description or ""
        return True

    def set_my_short_description(self, call: Any) -> bool:
        self.about["short_description"] = call.short_description or ""
        return True

    # --- topics of a group -------------------------------------------------------------------------------------------

    def create_forum_topic(self, call: Any) -> Json:
        chat_id = self._forum(call, "can_manage_topics", "create a topic")
        colour = call.icon_color or 0x6FB9F0
        made = self.put(chat_id, self.me, forum_topic_created={"name": call.name, "icon_color": colour})
        number = made["message_id"]
        made |= {"message_thread_id": number, "is_topic_message": True}
        self.threads[chat_id][number] = {"name": call.name, "closed": False}
        self.changed.notify_all()
        return {"message_thread_id": number, "name": call.name, "icon_color": colour}

    def close_forum_topic(self, call: Any) -> bool:
        return self._turn(call, "close the topic", closed=True)

    def reopen_forum_topic(self, call: Any) -> bool:
        return self._turn(call, "reopen the topic", closed=False)

    def delete_forum_topic(self, call: Any) -> bool:
        chat_id = self._forum(call, "can_delete_messages", "delete the topic")
        self._thread(chat_id, call)
        del self.threads[chat_id][call.message_thread_id]
        kept = self.messages[chat_id].items()
        self.messages[chat_id] = {n: m for n, m in kept if m.get("message_thread_id") != call.message_thread_id}
        self.changed.notify_all()
        return True

    def _turn(self, call: Any, what: str, *, closed: bool) -> bool:
        chat_id = self._forum(call, "can_manage_topics", what)
        thread = self._thread(chat_id, call)
        if thread["closed"] is closed:
            raise bad("TOPIC_NOT_MODIFIED")
        thread["closed"] = closed
        self.changed.notify_all()
        return True

    def _thread(self, chat_id: int, call: Any) -> Json:
        if call.message_thread_id not in self.threads[chat_id]:
            raise bad("message thread not found")
        return self.threads[chat_id][call.message_thread_id]

    def _forum(self, call: Any, right: str, what: str) -> int:
        chat_id = self._chat(call.chat_id)
        if chat_id not in self.threads:
            raise bad("the chat is not a forum")
        if right not in self.rights[chat_id]:
            raise bad(f"not enough rights to {what}")
        return chat_id

    # --- messages ----------------------------------------------------------------------------------------------------

    def send_message(self, call: Any) -> Json:
        return self._say(call, text=call.text, entities=call.entities)

    def send_contact(self, call: Any) -> Json:
        contact = {"phone_number": call.phone_number, "first_name": call.first_name, "last_name": call.last_name,
                   "vcard": call.vcard}  # fmt: skip
        return self._say(call, contact={name: value for name, value in contact.items() if value})

    def send_document(self, call: Any) -> Json:
        content = self.files.get(str(call.document), b"")
        name = str(call.document).rpartition("/")[2]
        document = {"file_id": name, "file_unique_id": name, "file_name": name, "file_size": len(content)}
        return self._say(call, document=document, caption=call.caption, caption_entities=call.caption_entities)

    def send_chat_action(self, call: Any) -> bool:
        self._chat(call.chat_id)
        return True

    def edit_message_text(self, call: Any) -> Json:
        message = self._own(call)
        new = message | {"text": call.text, "entities": [plain(one) for one in call.entities or ()]}
        return self._edit(message, new, call)

    def edit_message_reply_markup(self, call: Any) -> Json:
        message = self._own(call)
        return self._edit(message, dict(message), call)

    def delete_message(self, call: Any) -> bool:
        message = self.messages[self._chat(call.chat_id)].pop(call.message_id, None)
        if message is None:
            raise bad("message to delete not found")
        self.changed.notify_all()
        return True

    def answer_callback_query(self, call: Any) -> bool:
        if self.callbacks.get(call.callback_query_id, {}) is not None:
            raise bad(STALE)
        self.callbacks[call.callback_query_id] = {"text": call.text or "", "show_alert": bool(call.show_alert)}
        self.changed.notify_all()
        return True

    def _say(self, call: Any, **content: Any) -> Json:
        chat_id = self._chat(call.chat_id)
        replied = call.reply_parameters
        if replied and replied.message_id in self.messages[chat_id]:
            origin = self.messages[chat_id][replied.message_id]
            content["reply_to_message"] = {key: origin[key] for key in origin if key != "reply_to_message"}
        elif replied and replied.allow_sending_without_reply is not True:
            raise bad("message to be replied not found")
        if call.message_thread_id and chat_id in self.threads:
            if self._thread(chat_id, call)["closed"] and "can_manage_topics" not in self.rights[chat_id]:
                raise bad("TOPIC_CLOSED")
            content |= {"message_thread_id": call.message_thread_id, "is_topic_message": True}
        elif call.message_thread_id:
            if all(call.message_thread_id != one.get("message_thread_id") for one in self.messages[chat_id].values()):
                raise bad("message thread not found")
            content |= {"message_thread_id": call.message_thread_id, "is_topic_message": True}
        content["reply_markup"] = call.reply_markup if hasattr(call.reply_markup, "inline_keyboard") else None
        return self.put(chat_id, self.me, **{name: plain(value) for name, value in content.items() if value})

    def _edit(self, message: Json, new: Json, call: Any) -> Json:
        new.pop("reply_markup", None)
        new |= {"reply_markup": plain(call.reply_markup)} if call.reply_markup else {}
        same = ("text", "entities", "reply_markup")
        if all((message.get(name) or None) == (new.get(name) or None) for name in same):
            raise bad("message is not modified: specified new message content and reply markup are exactly the same as "
                      "a current content and reply markup of the message")  # fmt: skip
        new["edit_date"] = int(time.time())
        self.messages[message["chat"]["id"]][message["message_id"]] = new
        self.changed.notify_all()
        return new

    def _own(self, call: Any) -> Json:
        message = self.messages[self._chat(call.chat_id)].get(call.message_id)
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != self.me["id"]:
            raise bad("message can't be edited")
        return message

    def _chat(self, given: int | str | None) -> int:
        chat_id = int(given) if re.fullmatch(r"-?\d+", str(given)) else 0
        if chat_id not in self.chats:
            raise bad("chat not found")
        if chat_id in self.blocked:
            raise Refusal(403, BLOCKED)
        return chat_id


def chat_of(update: Json) -> int:
    """The chat that an update is about."""
    content = next(value for key, value in update.items() if key != "update_id")
    return int(content.get("message", content)["chat"]["id"])


def plain(value: Any) -> Any:
    """A model as the JSON that goes over the wire."""
    if isinstance(value, BaseModel):
        built(type(value))
        return value.model_dump(mode="json", exclude_unset=True)
    return [plain(one) for one in value] if isinstance(value, list) else value
