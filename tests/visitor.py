"""A visitor of one conversation: says, taps, sees; every reply is proved on the way. A desk's tickets are played."""

from __future__ import annotations

from datetime import date, datetime

from dialogs.library import Library
from dialogs.messages import Choice, Happened, Message, Reply, Text, TicketOpened
from dialogs.saying import unproved
from dialogs.turn import respond, start
from knowledge.amounts import plain
from knowledge.desk_hours import hours_at


class Visitor:
    """Talks to the core as any door would."""

    def __init__(self, library: Library, today: date, now: datetime | None = None, *, opens: bool = True) -> None:
        self.library, self.today = library, today
        self.now = now or datetime(2023, 3, 20, 10)
        self.last_ticket = 1000
        self.conversation = start(library, opens=opens)
        self.reply: Reply | None = None

    def says(self, text: str) -> Reply:
        """Type a message; the reply is checked against the proof and kept in `reply`."""
        return self._send(Text(text))

    def taps(self, label: str) -> Reply:
        """Tap the choice or option with this label (or a part of it)."""
        assert self.reply is not None
        picks = self.reply.question.choices if self.reply.question else ()
        shown = [(pick.label, pick.option) for pick in picks] + [(one.label, one.value) for one in self.reply.options]
        value = next((value for name, value in shown if name == label), None)
        value = value or next((value for name, value in shown if label in name), None)
        assert value, f"没有“{label}”可点：{[name for name, _ in shown]}"
        return self.taps_value(value)

    def taps_value(self, value: str) -> Reply:
        """Tap a value as a door sends it, also one of an old reply."""
        return self._send(Choice(value))

    def sees(self, *wanted: str) -> None:
        """The last reply shows each of these, in its text or on its cards."""
        assert self.reply is not None
        shown = plain(self.reply.text + "".join("".join(card.as_json().values()) for card in self.reply.contacts))
        for one in wanted:
            assert plain(one) in shown, f"“{one}”不在答复里：{self.reply.text}"

    def tells(self, text: str) -> None:
        """Type a message that an officer is to answer: nothing comes."""
        turn = respond(self.conversation, Text(text), library=self.library, today=self.today)
        assert turn.reply is None and not turn.effects, turn.reply
        self.conversation = turn.conversation

    def is_served(self, happened: Happened) -> Reply:
        """What an officer does with the visitor's ticket, and what the visitor is told of it."""
        return self._send(happened)

    def _send(self, message: Message) -> Reply:
        turn = respond(self.conversation, message, library=self.library, today=self.today)
        for effect in turn.effects:
            if effect.kind == "open":
                held = turn.conversation.ticket
                self.last_ticket = held.no if held else self.last_ticket + 1
                opened = TicketOpened(
                    self.last_ticket, 1, hours_at(self.library.desk, self.now), effect.about["reason"],
                    effect.about.get("by", ""),
                )  # fmt: skip
                turn = respond(turn.conversation, opened, library=self.library, today=self.today)
        assert turn.reply is not None
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
    assert (reply.status == "result") == (reply.results is not None)
    assert reply.status != "question" or reply.question
    if reply.question:
        _asks_well(reply, library)
    if reply.status == "no_answer":
        assert reply.reason and (reply.contacts or reply.options)
        assert "万元" not in reply.text and "亿元" not in reply.text and "%" not in plain(reply.text)


def _asks_well(reply: Reply, library: Library) -> None:
    """A question that can be answered: its choices are those of its fact, their options short, its ground printed."""
    question, source = reply.question, plain(library.guide.source)
    assert question is not None
    for pick in question.choices:
        assert pick.option.isascii() and len(pick.option) <= 48 and pick.option.endswith(f"@{library.guide.id}")
    if question.kind == "scope":
        assert question.fact is None and {pick.value for pick in question.choices} <= set(library.guide.direction_of)
        return
    assert question.fact is not None
    fact = library.guide.fact[question.fact]
    assert (question.kind, question.unit) == (fact.kind, fact.unit)
    assert plain(question.why.partition("“")[2].rstrip("”")) in source
    assert (question.choices != ()) == (fact.kind in ("bool", "choice")) or "按哪个算" in reply.text
    assert reply.progress is not None and reply.progress.answered >= 0
