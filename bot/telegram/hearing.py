"""What an update means for us: whose it is, what was said, where the answer goes; None where we are not spoken to.

In a group the bot answers only who addresses it: a mention, an answer to one of its messages, a command, a tap. Every
member of a group has a conversation of their own, in each of its topics another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telegram import MaybeInaccessibleMessage, Message, MessageEntity, Update, User

from bot.store import Update as Kept
from bot.telegram.drawing import PAPER, paper_value
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
    """One message to us: what the store keeps of it, and the tap whose clock is to be stopped."""

    update: Kept
    callback: str = ""


@dataclass(frozen=True)
class Address:
    """Where an answer goes, told by the visitor's and the update's names alone."""

    chat: int
    answers: int | None
    thread: int | None = None

    @classmethod
    def of(cls, visitor: str, update: str) -> Address:
        """`tg:<chat>`, in a group `tg:<chat>:<user>`, in a topic of it `…:<topic>`; `<update>` or `…:<message>`."""
        answers = update.partition(":")[2]
        _, chat, *inside = visitor.split(":")
        return cls(int(chat), int(answers) if answers else None, int(inside[1]) if len(inside) > 1 else None)


def hear(update: Update, me: User, words: Words, guide: str, now: datetime) -> Heard | None:
    """The message of an update, if it is one to us."""
    if update.callback_query:
        return _tap(update, now)
    message = update.message or update.edited_message
    if message is None or message.from_user is None:
        return None
    thing = next((THINGS[name] for name in THINGS if getattr(message, name)), "")
    if not (thing or message.text):
        return None
    said = _said(message, me, words, guide)
    if said is None:
        return None
    manner = thing or ("edited" if update.edited_message else "")
    private = message.chat.type == "private"
    answers = message.message_id if not private or update.edited_message else None
    album = message.media_group_id if private and not update.edited_message else None
    # the pictures of an album are one message, whichever worker meets which
    name = f"album-{album}" if album else _name(update, answers)
    return Heard(Kept(_visitor(message, message.from_user), name, now, said, update.update_id, manner))


def _tap(update: Update, now: datetime) -> Heard | None:
    query = update.callback_query
    if query is None or query.message is None or query.data is None:
        return None
    name = _name(update, None)
    said = Choice(query.data)
    manner = PAPER if query.data.startswith(paper_value("")) else ""
    return Heard(Kept(_visitor(query.message, query.from_user), name, now, said, update.update_id, manner), query.id)


def _visitor(message: MaybeInaccessibleMessage, user: User) -> str:
    """Whose conversation: in a group every member has one of their own, in each topic another."""
    chat = message.chat.id
    if chat == user.id:
        return f"tg:{chat}"
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return f"tg:{chat}:{user.id}:{thread}" if thread else f"tg:{chat}:{user.id}"


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
