"""Cards and letters in a conversation: who is meant, and what the visitor is asked of their case."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation, Ticket
from dialogs.library import Library
from dialogs.mailing import mailboxes, named, people
from dialogs.messages import Choice, Happened, Text
from dialogs.saying import unproved
from dialogs.turn import Turn, respond, start
from tests.conftest import OPEN

WANG = "wanganran@jxj.beijing.gov.cn"


@pytest.fixture
def talk(library: Library) -> Conversation:
    """A conversation whose ticket 李明 has."""
    return start(library).but(ticket=Ticket(no=7, state="taken", by="李明"))


def writes(talk: Conversation, library: Library, *, case: bool = True) -> Turn:
    """李明 writes to 王安然."""
    return respond(talk, Happened("mailed", 7, "李明", WANG, "", case), library=library, today=OPEN)


def goes(turn: Turn) -> list[str]:
    """Whether the case goes along with each letter of a turn."""
    return [effect.about["case"] for effect in turn.effects if effect.kind == "letter"]


def test_the_case_is_asked_for_once(talk: Conversation, library: Library) -> None:
    """The second letter waits for the same word; a letter without the case asks nothing."""
    assert (goes(writes(talk, library, case=False)), writes(talk, library, case=False).reply) == (["no"], None)
    asked = writes(talk, library)
    assert goes(asked) == ["ask"] and asked.reply and not unproved(asked.reply, library)
    assert [one.value for one in asked.reply.options] == [f"consent:7.{w}@{library.guide.id}" for w in ("yes", "no")]
    again = writes(asked.conversation, library)
    assert (goes(again), again.reply) == (["ask"], None)


@pytest.mark.parametrize(("said", "word"), [("同意", "yes"), ("不同意！", "no"), ("同意。", "yes")])
def test_the_visitor_decides_in_words(talk: Conversation, library: Library, said: str, word: str) -> None:
    """While the officer speaks nobody answers; later letters know; the words mean that only where it was asked."""
    before = respond(talk, Text(said), library=library, today=OPEN)
    assert before.effects == () and before.conversation == talk
    waits = talk.but(ticket=Ticket(no=7, state="waiting"))
    answer = respond(waits, Text(said), library=library, today=OPEN).reply
    assert answer and "不用再选" not in answer.text
    turn = respond(writes(talk, library).conversation, Text(said), library=library, today=OPEN)
    assert turn.reply is None and [effect.about["consent"] for effect in turn.effects] == [word]
    assert goes(writes(turn.conversation, library)) == [word]


def test_a_word_that_comes_late(talk: Conversation, library: Library) -> None:
    """While the ticket waits again it counts, and the assistant says so; after its end it is told that it doesn't."""
    asked = writes(talk, library).conversation
    yes = Choice(f"consent:7.yes@{library.guide.id}")
    back = respond(asked, Happened("released", 7, "李明"), library=library, today=OPEN).conversation
    turn = respond(back, yes, library=library, today=OPEN)
    assert turn.reply and "附在工单7的信里" in turn.reply.text and [one.kind for one in turn.effects] == ["consent"]
    assert not unproved(turn.reply, library)
    closed = respond(asked, Happened("closed", 7, "李明"), library=library, today=OPEN).conversation
    turn = respond(closed, yes, library=library, today=OPEN)
    assert turn.reply and "不用再选" in turn.reply.text and turn.effects == ()
    other = respond(talk.but(ticket=Ticket(no=8, state="taken", by="李明")), yes, library=library, today=OPEN)
    assert (other.reply, other.effects) == (None, ())


def test_whom_the_tables_mean(library: Library) -> None:
    """By mailbox in any case, by number, by name; every mailbox is somebody's."""
    assert named(people(WANG.upper(), library)) == named(people("王安然 85235681", library)) == "电子信息处王安然"
    assert "王安然" in named(people("85235681", library)) and people("王安然 84045670", library) == ()
    assert len(people("张静", library)) > 1 and people("", library) == people("王", library) == ()
    assert all(named(held) and address == address.lower() for address, held in mailboxes(library).items())
