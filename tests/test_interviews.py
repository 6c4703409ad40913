"""The open scenarios through the whole interview: stories told, questions answered, sheets held to their gold."""

from __future__ import annotations

import random
import statistics
from datetime import date
from typing import Any

import pytest

from dialogs import asking
from dialogs.assessing import assess
from dialogs.interview import grounds, standing_of
from dialogs.library import Library
from dialogs.messages import Choice, Text
from dialogs.turn import respond, start
from tests.interviews import Walked, own_items, scenarios, walk
from tests.proofs.cases import any_value
from tests.proofs.states import standing_at
from tests.scenarios.score import compare, spoken

MOST_IN_THE_MEDIAN = 8


SCENARIOS = scenarios()


@pytest.fixture(scope="module")
def walked_through(library: Library) -> dict[str, Walked]:
    """The open scenarios, each told and walked to its end once."""
    return {item["id"]: walk(item, library) for item in SCENARIOS}


@pytest.mark.parametrize("item", SCENARIOS, ids=lambda item: item["id"])
def test_an_interview_ends_as_its_gold(item: dict[str, Any], walked_through: dict[str, Walked]) -> None:
    """Verdicts, ceilings, duties, reasons, the best choice and whom to ask."""
    walked = walked_through[item["id"]]
    assert compare(item, walked.results) == [], "\n".join(walked.said)


def test_few_questions_are_asked(walked_through: dict[str, Walked]) -> None:
    """What a story tells is not asked again: at most 8 questions in the median, and less than 20 at the most."""
    counts = [walked.questions for walked in walked_through.values()]
    assert statistics.median(counts) <= MOST_IN_THE_MEDIAN and max(counts) < 20, counts


def test_who_tells_nothing_is_asked_everything(library: Library) -> None:
    """Without a story the same case comes to the same sheet."""
    for item in SCENARIOS[::5]:
        walked = walk(item, library, story=False)
        assert compare(item, walked.results) == [], "\n".join(walked.said)


def test_our_own_stories_end_as_their_facts(library: Library) -> None:
    """For stories of our own the sheet says what `assess` says of their facts."""
    items = list(own_items(library))
    perfect = sum(not compare(item, walk(item, library).results) for item in items)
    assert perfect >= 0.95 * len(items)


def test_every_option_of_an_answer_is_short_and_its_own(library: Library) -> None:
    """An option has 48 bytes; the piece of a fact's key in it names no other fact."""
    shorts = [fact.key[: asking.KEY_LENGTH] for fact in library.guide.facts]
    assert len(set(shorts)) == len(shorts)
    for fact in library.guide.facts:
        for number in range(len(asking.choices_of(fact)) + 1):
            assert len(f"{asking.answer_value(fact, number)}@{library.guide.id}") <= 48
        assert asking.fact_of(fact.key[: asking.KEY_LENGTH], library) == fact


def test_every_question_has_a_ground_in_the_guide(library: Library) -> None:
    """Each of the 90 facts is asked for because some clause speaks of it."""
    assert all(grounds(fact.key, fact.branches, library.guide) for fact in library.guide.facts)


def test_assess_names_the_next_question(library: Library) -> None:
    """By facts alone: the scope where nothing was told, what the interview would ask, none where all is settled."""
    day = date(2023, 3, 20)
    assert assess({"facts": {}}, library, day)["next_question"]["kind"] == "scope"
    asked = assess({"facts": {"lease_key_equipment": True}}, library, day)["next_question"]
    assert asked["fact"] == "is_advanced_mfg" and asked["decides"] == ["8"] and asked["choices"][0]["value"] == "true"
    assert assess({"facts": {"lease_key_equipment": False}}, library, day)["next_question"] is None


def test_a_single_question_never_opens_an_interview(library: Library) -> None:
    """`ask` answers and offers to test; the chat opens."""
    story = "我们流片花了8000万，全掩膜首轮，芯片设计公司，能报吗"
    for text in (story, "请帮我测一测能申报哪些方向"):
        closed = respond(start(library, opens=False), Text(text), library=library, today=date(2023, 3, 20))
        assert closed.reply.status not in ("question", "result") and closed.conversation.interview == ""
        assert respond(start(library), Text(text), library=library, today=date(2023, 3, 20)).reply.question
    options = respond(
        start(library, opens=False), Text("流片最多补多少"), library=library, today=date(2023, 3, 20)
    ).reply
    assert any(option.value == "assess:1@2023-batch-1" for option in options.options)


def test_a_choice_may_be_sent_by_its_value(library: Library) -> None:
    """{"choose"} takes a choice's value as in the vocabulary, or its option."""
    opened = respond(start(library), Choice("assess:8@2023-batch-1"), library=library, today=date(2023, 3, 20))
    assert opened.reply.question is not None
    for value in ("true", opened.reply.question.choices[0].option):
        after = respond(opened.conversation, Choice(value), library=library, today=date(2023, 3, 20))
        assert after.conversation.now["is_advanced_mfg"].value is True


def test_every_value_is_read_back_as_a_person_speaks_it(library: Library) -> None:
    """Whatever a scenario holds for a fact, the scorer's way of saying it is taken for just that."""
    dice, day = random.Random(1), date(2023, 3, 20)
    for fact in library.guide.facts:
        held = standing_at(fact.key, library)
        question = asking.question_of(fact.key, standing_of(held, library, day), library).as_json()
        for value in {any_value(fact, dice) for _ in range(12)}:
            said = spoken(question, {"facts": {fact.key: value}, "expect": {}})
            message = Choice(said["choose"]) if "choose" in said else Text(said["text"])
            turn = respond(held, message, library=library, today=day)
            while fact.key not in turn.conversation.now:  # 是 to 有没有 is asked back, and again for a yes
                assert turn.conversation.misses < 3, (fact.key, said)
                turn = respond(turn.conversation, message, library=library, today=day)
            after = turn.conversation.now
            assert after[fact.key].value == value, (fact.key, said)
