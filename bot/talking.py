"""A conversation on the terminal: in memory until a person is wanted; from then on in the store, where officers are."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from bot.store import Exchange, Held, Store, StoreFault
from dialogs.conversation import Conversation
from dialogs.handover import is_for_a_ticket
from dialogs.library import Library
from dialogs.messages import Message, Reply, Text
from dialogs.saying import Saying
from dialogs.turn import respond, start

if TYPE_CHECKING:
    from bot.conductor import Conductor


class Talk:
    """Takes one visitor's messages, one after the other; `opening` opens the store, or raises `StoreFault`."""

    def __init__(self, library: Library, today: date, opening: Callable[[], Store]) -> None:
        self.library, self.today, self._opening = library, today, opening
        self._conversation = start(library)
        self._said: list[tuple[Message, Reply, Conversation]] = []
        self._conductor: Conductor | None = None
        self._visitor, self._seen = f"cli:{secrets.token_urlsafe(24)}", 0

    def send(self, message: Message) -> Reply | None:
        """The reply to a message; None while a person has the conversation."""
        if self._conductor is not None:
            return self._taken(message)
        if isinstance(message, Text) and self.library.commands.whole_of(message.text) == "erase":
            return self._forget()
        turn = respond(self._conversation, message, library=self.library, today=self.today)
        if any(effect.kind == "open" for effect in turn.effects):
            return self._handed_over(message)
        assert turn.reply is not None
        self._conversation = turn.conversation
        self._said.append((message, turn.reply, turn.conversation))
        return turn.reply

    def news(self) -> list[Reply]:
        """What officers have said since it was last asked for."""
        if self._conductor is None:
            return []
        talk = asyncio.run(self._conductor.transcript(self._visitor, 1000))
        fresh, self._seen = talk[self._seen :], len(talk)
        return [one.reply for one in fresh if one.reply and is_for_a_ticket(one.message)]

    @property
    def handed_over(self) -> bool:
        """Whether the conversation has come before officers."""
        return self._conductor is not None

    def close(self) -> None:
        """Let go of the store."""
        if self._conductor is not None:
            self._conductor.close()

    def _taken(self, message: Message) -> Reply | None:
        assert self._conductor is not None
        return asyncio.run(self._conductor.take(self._visitor, message))

    def _forget(self) -> Reply:
        self._conversation, self._said = start(self.library), []
        saying = Saying(self.library)
        saying.say("erased_memory")
        return saying.reply("notice", facets=("other",))

    def _handed_over(self, message: Message) -> Reply | None:
        """The whole conversation into the store, and the message after it."""
        from bot.conductor import Conductor

        try:
            store = self._opening()
        except StoreFault:
            turn = respond(self._conversation.but(opens=False), message, library=self.library, today=self.today)
            return turn.reply
        self._keep_said(store)
        self._conductor = Conductor(store, self.library, lambda: self.today)
        return self._taken(message)

    def _keep_said(self, store: Store) -> None:
        now = datetime.now(UTC)
        store.open(self._visitor, now)
        for number, (message, reply, after) in enumerate(self._said):
            store.commit(Held(None, number), Exchange(self._visitor, str(number), now, message, reply), after, ())
