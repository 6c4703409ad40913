"""A visitor of one conversation: says, taps, sees; every reply is proved on the way."""

from __future__ import annotations

from datetime import date

from dialogs.library import Library
from dialogs.messages import Choice, Message, Reply, Text
from dialogs.saying import unproved
from dialogs.turn import respond, start
from knowledge.amounts import plain


class Visitor:
    """Talks to the core as any door would."""

    def __init__(self, library: Library, today: date) -> None:
        self.library, self.today = library, today
        self.conversation = start(library)
        self.reply: Reply | None = None

    def says(self, text: str) -> Reply:
        """Type a message; the reply is checked against the proof and kept in `reply`."""
        return self._send(Text(text))

    def taps(self, label: str) -> Reply:
        """Tap the option with this label (or a part of it)."""
        assert self.reply is not None
        option = next(option for option in self.reply.options if label in option.label)
        return self._send(Choice(option.value))

    def sees(self, *wanted: str) -> None:
        """The last reply shows each of these, in its text or on its cards."""
        assert self.reply is not None
        shown = plain(self.reply.text + "".join("".join(card.as_json().values()) for card in self.reply.contacts))
        for one in wanted:
            assert plain(one) in shown, f"“{one}”不在答复里：{self.reply.text}"

    def _send(self, message: Message) -> Reply:
        turn = respond(self.conversation, message, library=self.library, today=self.today)
        self.conversation, self.reply = turn.conversation, turn.reply
        assert not unproved(turn.reply, self.library), (turn.reply.text, unproved(turn.reply, self.library))
        well_formed(turn.reply, self.library)
        return turn.reply


def well_formed(reply: Reply, library: Library) -> None:
    """The form that CONTRACT fixes: quotes stand in the guide, options are short ASCII, a no leads on without sums."""
    source = plain(library.guide.source)
    for citation in reply.citations:
        assert plain(citation.quote) in source, citation
    for option in reply.options:
        assert option.value.isascii() and len(option.value) <= 48 and option.value.endswith(f"@{library.guide.id}")
    assert len(reply.options) <= 4 and reply.text.strip()
    if reply.status == "no_answer":
        assert reply.reason and (reply.contacts or reply.options)
        assert "万元" not in reply.text and "亿元" not in reply.text and "%" not in plain(reply.text)
