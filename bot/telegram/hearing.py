"""What an update means for us: whose it is, what was said, where the answer goes; None where we are not spoken to.

In a group the bot answers only who addresses it: a mention, an answer to one of its messages, a command, a tap. Every
member of a group has a conversation of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, MessageEntity, Update, User

from bot.telegram.words import Words
from dialogs import messages
from dialogs.messages import Choice, Text

THINGS = {
    "photo": "photo",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "document": "file",
    "contact": "card",
    "location": "place",
    "venue": "place",
    "sticker": "thing",
    "poll": "thing",
    "dice": "thing",
    "story": "thing",
}
"""What is not text, the most telling first, and the sentence of ours that meets it."""


@dataclass(frozen=True)
class Heard:
    """One message to us.

    `update` names it for the store; it ends in the message that a group's answer refers to. `before` names the door's
    sentence that stands before the answer; `album` is set on pictures that came together.
    """

    visitor: str
    update: str
    message: messages.Message
    before: str = ""
    callback: str = ""
    album: str = ""


@dataclass(frozen=True)
class Address:
    """Where an answer goes, told by the visitor's and the update's names alone."""

    chat: int
    answers: int | None

    @classmethod
    def of(cls, visitor: str, update: str) -> Address:
        """`tg:<chat>` or, in a group, `tg:<chat>:<user>`; `<update>` or `<update>:<message>`."""
        answers = update.partition(":")[2]
        return cls(int(visitor.split(":")[1]), int(answers) if answers else None)


def hear(update: Update, me: User, words: Words, guide: str) -> Heard | None:
    """The message of an update, if it is one to us."""
    if update.callback_query:
        return _tap(update)
    message = update.message or update.edited_message
    if message is None or message.from_user is None:
        return None
    thing = next((THINGS[name] for name in THINGS if getattr(message, name)), "")
    if not (thing or message.text):
        return None
    said = _said(message, me, words, guide)
    if said is None:
        return None
    before = thing or ("edited" if update.edited_message else "")
    visitor = _visitor(message.chat.id, message.from_user.id)
    answers = message.message_id if message.chat.type != "private" or update.edited_message else None
    return Heard(visitor, _name(update, answers), said, before, album=message.media_group_id or "")


def _tap(update: Update) -> Heard | None:
    query = update.callback_query
    if query is None or query.message is None or query.data is None:
        return None
    visitor = _visitor(query.message.chat.id, query.from_user.id)
    return Heard(visitor, _name(update, None), Choice(query.data), callback=query.id)


def _visitor(chat: int, user: int) -> str:
    return f"tg:{chat}" if chat == user else f"tg:{chat}:{user}"


def _name(update: Update, answers: int | None) -> str:
    return f"{update.update_id}:{answers}" if answers else str(update.update_id)


def _said(message: Message, me: User, words: Words, guide: str) -> messages.Message | None:
    """The words without what addressed us, or what a command stands for; None in a group where nothing did."""
    text = message.text or message.caption or ""
    marked = message.parse_entities() if message.text else message.parse_caption_entities()
    command = next((word for entity, word in marked.items() if _opens(entity)), "")
    name, _, whose = command.removeprefix("/").partition("@")
    to_me = whose.lower() == (me.username or "").lower() if whose else name.lower() in words.commands
    if message.chat.type != "private" and not ((command and to_me) or _addressed(message, marked, me)):
        return None
    for word in {word for entity, word in marked.items() if _mentions(entity, word, me)}:
        text = text.replace(word, " ")
    if not command:
        return Text(text.strip())
    rest = text[len(command) :].strip()
    known = words.commands.get(name.lower())
    if known is None or (rest and name.lower() != "start"):
        return Text(rest or name)
    return known.message(guide)


def _opens(entity: MessageEntity) -> bool:
    return entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0


def _addressed(message: Message, marked: dict[MessageEntity, str], me: User) -> bool:
    answered = message.reply_to_message
    return any(_mentions(entity, word, me) for entity, word in marked.items()) or bool(
        answered and answered.from_user and answered.from_user.id == me.id
    )


def _mentions(entity: MessageEntity, word: str, me: User) -> bool:
    return entity.type == MessageEntity.MENTION and word.lower() == f"@{me.username}".lower()
