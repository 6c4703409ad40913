"""“删除我的数据”: all that was kept on a visitor goes, with a receipt; what is counted stays, and is nobody's."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from bot.cases import FIGURES, LETTERS
from bot.handing_on import BEIJING, Heard
from bot.store import Store
from bot.tickets import Traces
from dialogs.conversation import Conversation
from dialogs.handover import is_for_a_ticket
from dialogs.library import Library
from dialogs.messages import Choice, Effect, Message, Reply
from dialogs.saying import Saying, day, desk_source
from dialogs.turn import Turn, start

RECEIPT_LENGTH = 10


class Erasing:
    """Hears the request on every door of one process, whoever has the conversation."""

    def __init__(self, store: Store, library: Callable[[], Library], now: Callable[[], datetime]) -> None:
        self.store, self._library, self.now = store, library, now

    @property
    def library(self) -> Library:
        """The library that is served now."""
        return self._library()

    def hear(self, visitor: str, conversation: Conversation, message: Message) -> Heard | None:
        """The turn that erases; None for every other message."""
        if is_for_a_ticket(message) or isinstance(message, Choice):
            return None
        if self.library.commands.whole_of(message.text) != "erase":
            return None
        kept = self.store.traces(visitor)
        if kept == Traces():
            return self._heard(conversation, self._nothing())
        receipt = "".join(secrets.choice(LETTERS + FIGURES) for _ in range(RECEIPT_LENGTH))
        effects = [Effect("erase", {"receipt": receipt})]
        if conversation.ticket:
            about = {"event": "erased", "state": "closed", "by": "", "to": "", "text": "erased"}
            effects.insert(0, Effect("ticket", {"no": str(conversation.ticket.no), **about}))
        return self._heard(start(self.library), self._receipt(kept, receipt), tuple(effects))

    def _heard(self, conversation: Conversation, reply: Reply, effects: tuple[Effect, ...] = ()) -> Heard:
        return Heard(Turn(conversation.then(options=reply.options), reply, effects), reply)

    def _nothing(self) -> Reply:
        saying = Saying(self.library)
        saying.say("erased_nothing")
        return saying.reply("notice", facets=("other",))

    def _receipt(self, kept: Traces, receipt: str) -> Reply:
        saying, today = Saying(self.library), day(self.now().astimezone(BEIJING).date())
        counts = {
            "turns": kept.turns, "facts": kept.facts, "cases": kept.cases, "wishes": kept.wishes,
            "tickets": kept.tickets,
        }  # fmt: skip
        own = desk_source(*(f"{count}{unit}" for count in counts.values() for unit in ("次", "项", "个", "张")))
        saying.say("erased", own, **counts)  # type: ignore[arg-type]
        saying.say("erased_kept")
        saying.say("erased_receipt", desk_source(receipt, today), receipt=receipt, today=today)
        return saying.reply("notice", facets=("other",))
