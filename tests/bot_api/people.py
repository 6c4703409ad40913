"""A person at a phone, and a group: what they type, tap and send, and what stands on their screen."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bot_api.limits import units

if TYPE_CHECKING:
    from tests.bot_api.server import BotApi

FILE = {"file_id": "F1", "file_unique_id": "U1"}
THINGS: dict[str, Any] = {
    "photo": [{**FILE, "width": 90, "height": 90}],
    "voice": {**FILE, "duration": 3},
    "video": {**FILE, "duration": 3, "width": 90, "height": 90},
    "document": {**FILE, "file_name": "申报书.pdf"},
    "contact": {"phone_number": "+8613800000000", "first_name": "王"},
    "location": {"latitude": 39.9, "longitude": 116.4},
    "sticker": {**FILE, "type": "regular", "width": 90, "height": 90, "is_animated": False, "is_video": False},
}
MARKED = re.compile(r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?P<mention>@\w{5,32})", re.ASCII)


@dataclass(frozen=True)
class Screen:
    """One message as it stands on the screen."""

    message_id: int
    text: str
    styles: tuple[tuple[str, str], ...]
    buttons: tuple[tuple[tuple[str, str], ...], ...]
    contact: dict[str, str]
    document: str
    answers: int | None
    edited: bool

    @property
    def labels(self) -> list[str]:
        """The words on the buttons, from the top left."""
        return [label for row in self.buttons for label, _ in row]

    @property
    def whole(self) -> str:
        """Everything that can be read."""
        return "\n".join(filter(None, (self.text, *self.contact.values(), self.document, *self.labels)))


class Tap:
    """A button that was tapped; `answer` is what the bot made of it, None while its clock still turns."""

    def __init__(self, api: BotApi, callback: str) -> None:
        self.api, self.callback = api, callback

    @property
    def answer(self) -> dict[str, Any] | None:
        """The words shown at the top of the screen (empty mostly) and whether as an alert."""
        return self.api.world.callbacks[self.callback]


class Group:
    """A group's chat; `forum`: with topics, in which the bot may do what `rights` name."""

    def __init__(self, api: BotApi, id_: int, title: str, rights: frozenset[str] | None = None) -> None:
        self.api, self.id, self.title = api, id_, title
        api.world.chats[id_] = {"id": id_, "type": "supergroup", "title": title}
        api.world.messages[id_] = {}
        if rights is not None:
            api.world.chats[id_]["is_forum"] = True
            api.world.rights[id_] = set(rights)
            api.world.threads[id_] = {}

    @property
    def threads(self) -> dict[int, dict[str, Any]]:
        """The topics by their number: name, whether closed."""
        with self.api.world.changed:
            return {number: dict(thread) for number, thread in self.api.world.threads[self.id].items()}

    def texts(self, topic: int | None = None) -> list[str]:
        """What the bot has written in a topic; without one, in the common one."""
        with self.api.world.changed:
            messages = list(self.api.world.messages[self.id].values())
        own = [one for one in messages if one["from"]["is_bot"] and one.get("message_thread_id") == topic]
        return [one.get("text", "") for one in own]


class Person:
    """Somebody with a private chat; `to` says a group instead."""

    def __init__(self, api: BotApi, id_: int, name: str) -> None:
        self.api, self.id, self.name = api, id_, name
        self.user = {"id": id_, "is_bot": False, "first_name": name, "language_code": "zh-hans"}
        self._since: dict[int, int] = {}
        self._taps = 0
        self.last_update: dict[str, Any] = {}
        api.world.chats[id_] = {"id": id_, "type": "private", "first_name": name}
        api.world.messages[id_] = {}

    # --- acts --------------------------------------------------------------------------------------------------------

    def says(
        self, text: str, *, to: Group | None = None, answering: int | None = None, topic: int | None = None
    ) -> int:
        """Type a message, in a group also into one of its topics; its number in the chat."""
        where = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        return self._sends(to, answering, text=text, **where, **_marked(text, "entities"))

    def sends(
        self, thing: str, caption: str = "", *, to: Group | None = None, album: str = "", topic: int | None = None
    ) -> int:
        """Send one of THINGS; those of one `album` arrive as messages of their own."""
        words = {"caption": caption, **_marked(caption, "caption_entities")} if caption else {}
        words |= {"media_group_id": album} if album else {}
        words |= {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        return self._sends(to, None, **{thing: THINGS[thing]}, **words)

    def edits(self, message_id: int, text: str, *, to: Group | None = None) -> None:
        """Change a message of one's own."""
        chat = to.id if to else self.id
        self._look_from_now(chat)
        message = self.api.world.messages[chat][message_id]
        message |= {"text": text, "edit_date": int(time.time())} | _marked(text, "entities")
        self._push("edited_message", dict(message))

    def taps(self, label: str, *, to: Group | None = None) -> Tap:
        """Tap the newest button whose label holds these words."""
        chat = to.id if to else self.id
        shown = [(s, data) for s in self.screen(to) for row in s.buttons for words, data in row if label in words]
        assert shown, f"no button “{label}” among {[s.labels for s in self.screen(to)]}"
        return self.taps_data(shown[-1][1], on=shown[-1][0].message_id, chat=chat)

    def taps_data(self, data: str, *, on: int, chat: int | None = None) -> Tap:
        """Tap a button by its data, also one that is no longer shown."""
        chat = chat or self.id
        self._taps += 1
        callback = f"{self.id}{self._taps:06}"
        self.api.world.callbacks[callback] = None
        self._look_from_now(chat)
        message = self.api.world.messages[chat][on]
        self._push("callback_query", {"id": callback, "from": self.user, "message": message, "data": data,
                                      "chat_instance": str(chat)})  # fmt: skip
        return Tap(self.api, callback)

    def blocks(self) -> None:
        """Stop the bot: whatever it sends from now on gets 403."""
        with self.api.world.changed:
            self.api.world.blocked.add(self.id)

    def unblocks(self) -> None:
        """Let it write again."""
        with self.api.world.changed:
            self.api.world.blocked.discard(self.id)

    def gets_it_again(self) -> None:
        """The person's last update reaches the bot once more, as after a confirmation that was lost."""
        self.api.world.push_again(self.last_update)

    # --- sees --------------------------------------------------------------------------------------------------------

    def screen(self, of: Group | None = None) -> list[Screen]:
        """The bot's messages in a chat, oldest first."""
        with self.api.world.changed:
            messages = list(self.api.world.messages[of.id if of else self.id].values())
        return [_screen(message) for message in messages if message["from"]["is_bot"]]

    def new(self, of: Group | None = None) -> list[Screen]:
        """What the bot has written since this person's last act."""
        since = self._since.get(of.id if of else self.id, 0)
        return [screen for screen in self.screen(of) if screen.message_id > since]

    def sees(self, *pieces: str, of: Group | None = None, messages: int = 1, within: float = 60) -> list[Screen]:
        """Wait until so many new messages have come and each piece stands in one of them; the new messages."""

        def shown() -> bool:
            whole = "\n".join(screen.whole for screen in self.new(of))
            return len(self.new(of)) >= messages and all(piece in whole for piece in pieces)

        self.api.until(shown, f"for {pieces} on the screen of {self.name}: {self.new(of)}", within)
        return self.new(of)

    def _sends(self, to: Group | None, answering: int | None, **content: Any) -> int:
        chat = to.id if to else self.id
        if answering:
            content["reply_to_message"] = self.api.world.messages[chat][answering]
        message = self.api.world.put(chat, self.user, **content)
        self._since[chat] = message["message_id"]
        self._push("message", message)
        return int(message["message_id"])

    def _push(self, kind: str, content: dict[str, Any]) -> None:
        number = self.api.world.push(kind, content)
        self.last_update = {"update_id": number, kind: content}

    def _look_from_now(self, chat: int) -> None:
        with self.api.world.changed:
            self._since[chat] = max(self.api.world.messages[chat], default=0)


def _marked(text: str, name: str) -> dict[str, Any]:
    """Commands and mentions are marked by the app before a bot sees them."""
    found = [
        {"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match[0])}
        for match in MARKED.finditer(text)
    ]
    return {name: found} if found else {}


def _screen(message: dict[str, Any]) -> Screen:
    text = message.get("text") or message.get("caption") or ""
    return Screen(
        message["message_id"],
        text,
        tuple(_styles(text, message.get("entities") or message.get("caption_entities") or [])),
        tuple(
            tuple((button["text"], button.get("callback_data", "")) for button in row)
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        ),
        message.get("contact", {}),
        message.get("document", {}).get("file_name", ""),
        message.get("reply_to_message", {}).get("message_id"),
        "edit_date" in message,
    )


def _styles(text: str, entities: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each styled stretch: the style and its words, cut by UTF-16 units as an app cuts them."""
    encoded = text.encode("utf-16-le")
    for one in entities:
        stretch = encoded[2 * one["offset"] : 2 * (one["offset"] + one["length"])]
        yield one["type"], stretch.decode("utf-16-le")
