"""A ticket's life: every event in every state, and exactly one of two who speaks."""

from __future__ import annotations

import pytest

from dialogs import handover
from dialogs.conversation import Conversation, Ticket
from dialogs.handover import EVENTS, STATES, TABLE, speaker, step
from dialogs.library import Library
from dialogs.messages import Happened, Text, TicketEvent, TicketOpened, TicketState
from dialogs.package import unanswered
from dialogs.saying import unproved
from dialogs.turn import Turn, respond, start, suggest
from knowledge.desk_hours import Hours
from tests.conftest import OPEN

HOURS = Hours("open", "工作日9:00至12:00")
PAIRS = [(state, event) for state in STATES for event in EVENTS]


def at(state: TicketState, library: Library) -> Conversation:
    """A conversation in the midst of an interview whose ticket is in a state, taken by 李明."""
    talk = start(library).but(interview="open", scope=("10",), asking="is_smart_mfg_project")
    if state in ("none", "closed"):
        return talk
    return talk.but(ticket=Ticket.model_validate({"no": 7, "state": state, "by": "李明" if state == "taken" else ""}))


def does(talk: Conversation, event: TicketEvent, library: Library, by: str = "李明", no: int = 7) -> Turn:
    """What an event leads to, with the ticket opened where that is asked for."""
    to = "wanganran@jxj.beijing.gov.cn" if event in ("carded", "mailed") else ""
    turn = respond(talk, Happened(event, no, by, to, "请带营业执照。"), library=library, today=OPEN)
    if any(effect.kind == "open" for effect in turn.effects):
        opened = TicketOpened(7, 1, HOURS, "called", turn.effects[0].about["by"])
        return respond(turn.conversation, opened, library=library, today=OPEN)
    return turn


def test_every_event_has_an_entry_in_every_state() -> None:
    """A next state, or a refusal that is one of our sentences."""
    assert set(TABLE) == set(STATES)
    for state in STATES:
        assert set(TABLE[state]) == set(EVENTS)
        assert all(entry in STATES or entry.startswith("refused_") for entry in TABLE[state].values())


def test_every_refusal_is_a_sentence(library: Library) -> None:
    """In Chinese, with the number where it has one."""
    for entry in {entry for row in TABLE.values() for entry in row.values()} - set(STATES):
        assert library.phrases.say(entry, no=7, by="李明").endswith("。")


def test_no_state_is_beyond_reach() -> None:
    """From none, every state is reached, and from each a ticket can be closed."""
    reached, edge = {"none"}, {"none"}
    while edge:
        edge = {entry for state in edge for entry in TABLE[state].values() if entry in STATES} - reached  # type: ignore[index]
        reached |= edge
    assert reached == set(STATES)
    assert all("closed" in TABLE[state].values() for state in ("waiting", "raised", "taken"))


@pytest.mark.parametrize(("state", "event"), PAIRS, ids=[f"{state}-{event}" for state, event in PAIRS])
def test_exactly_one_speaks_after_every_event(state: TicketState, event: TicketEvent, library: Library) -> None:
    """After any event in any state a visitor's words are answered by the assistant, or kept for the officer."""
    before = at(state, library)
    turn = does(before, event, library, no=0 if state == "none" else 7)
    entry = step(state, event)
    if entry.startswith("refused"):
        assert turn.conversation == before and turn.reply is None and [e.kind for e in turn.effects] == ["refused"]
        assert turn.effects[0].about["says"].endswith("。")
        entry = state
    else:
        assert event == "mailed" or (turn.reply and not unproved(turn.reply, library))
    assert handover.state_of(turn.conversation, 7) in (entry, "closed" if entry == "none" else entry)
    assert turn.conversation.speaker == speaker(entry)  # type: ignore[arg-type]
    heard = respond(turn.conversation, Text("流片最多补多少"), library=library, today=OPEN)
    assert (heard.reply is None) == (entry == "taken")
    assert turn.conversation.asking == "is_smart_mfg_project" and turn.conversation.told == before.told


@pytest.mark.parametrize("event", sorted(handover.HOLDERS))
def test_only_who_holds_a_ticket_moves_it(event: TicketEvent, library: Library) -> None:
    """Another officer gets a sentence that says who has it; the visitor hears nothing of it."""
    turn = does(at("taken", library), event, library, by="王芳")
    assert turn.reply is None and turn.conversation.speaker == "officer"
    assert "李明" in turn.effects[0].about["says"]


def test_an_old_number_moves_nothing(library: Library) -> None:
    """An act on a ticket that is closed does not touch the one that is open now."""
    turn = does(at("taken", library), "said", library, no=6)
    assert turn.reply is None and "已经办结" in turn.effects[0].about["says"]


def test_the_assistant_goes_on_suggesting(library: Library) -> None:
    """While an officer speaks, what it would have said follows the talk; the conversation itself stands still."""
    talk = at("taken", library).but(interview="", asking="")
    heard = [Text("流片最多补多少"), Text("那EDA呢")]
    for said in heard:
        turn = respond(talk, said, library=library, today=OPEN)
        assert turn.reply is None and turn.conversation == talk
    would = suggest(talk, heard, library=library, today=OPEN)
    assert would.reply and "500万元" in would.reply.text and not would.effects


def test_whoever_asks_once_gets_no_ticket(library: Library) -> None:
    """`ask` has no desk behind it: it says where there is one."""
    turn = respond(start(library, opens=False), Text("转人工"), library=library, today=OPEN)
    assert turn.reply and turn.reply.status == "notice" and "55578183" in turn.reply.text and not turn.effects


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (("测一测方向10", "是", "转人工"), "测一测方向10"),
        (("测一测方向10", "是", "流片最多补多少", "转人工"), "流片最多补多少"),
        (("测一测方向10", "食堂几点开门", "是", "转人工"), "食堂几点开门"),
        (("流片最多补多少", "转人工"), "流片最多补多少"),
    ],
)
def test_an_answer_in_the_interview_is_not_what_was_asked(said: tuple[str, ...], asked: str, library: Library) -> None:
    """An officer reads a question, and not the last 是."""
    conversation, talk = start(library), []
    for text in said:
        turn = respond(conversation, Text(text), library=library, today=OPEN)
        conversation = turn.conversation
        talk.append((Text(text), turn.reply))
    assert unanswered(talk, []) == asked
