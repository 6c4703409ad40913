"""What is quick must say the same: the ways to the same outcome, side by side."""

from __future__ import annotations

import json
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from bot.kept import keep_reply, kept_reply
from bot.opening import open_library
from bot.telegram.drawing import drawn
from bot.telegram.words import words
from dialogs.library import Library
from dialogs.messages import Text
from dialogs.turn import respond, start
from knowledge.learning import Learnt, pieces
from knowledge.lexicon import _apart
from knowledge.sieving import needed
from knowledge.tellings import compiled, spots

QUESTIONS = Path(__file__).parent / "questions" / "open.jsonl"


@pytest.fixture(scope="module")
def asked() -> list[str]:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [text for line in lines for text in json.loads(line)["turns"]]


def test_adding_up_at_once_gives_what_adding_up_one_by_one_gives_to_the_last_bit(asked: list[str]) -> None:
    finder = open_library().finder
    for slow in (finder.bank.topics, finder.bank.facets, *finder.bank.entries.values()):
        quick = Learnt(**{name: getattr(slow, name) for name in slow.__dataclass_fields__})
        quick.hasten()
        for text in asked:
            found = pieces(finder.speller.fold(text), finder.speller)
            assert list(slow.scores(found).items()) == list(quick.scores(found).items())


def test_a_text_of_pieces_that_nobody_met_pulls_nowhere() -> None:
    learnt = open_library().finder.bank.topics
    learnt.hasten()
    assert learnt.scores({"꙰": 1.0}) == {} == learnt.scores({})


def test_the_index_of_phrases_passes_over_no_fact_that_a_text_tells(asked: list[str], library: Library) -> None:
    teller = library.teller
    for text in asked:
        folded = teller.letters(text)
        telling = {key for key, one in teller.bools.items() if spots((*one.yes, *one.no, *one.but), folded)}
        assert telling <= set(teller.told_bools.near(folded))
        chosen = {key for key, words in teller.choices.items() if any(spots(one, folded) for one in words.values())}
        assert chosen <= set(teller.told_choices.near(folded))


def test_a_phrase_stands_nowhere_without_one_of_its_pieces(asked: list[str], library: Library) -> None:
    phrases = [*chain(*library.teller.traps.shelf.groups), *chain(*library.commands.within.values())]
    for text in asked[::5]:
        folded = library.teller.letters(text)
        for one in phrases:
            assert one.may_stand(folded) or not compiled(one.pattern).search(folded), one.pattern


def test_a_shelf_finds_what_each_of_its_groups_finds_alone(asked: list[str], library: Library) -> None:
    for text in asked[::5]:
        folded = library.teller.letters(text)
        for group in library.teller.traps.shelf.groups:
            assert spots(group, folded) == spots(tuple(group), folded)


def test_a_sieve_passes_over_no_pattern_that_a_text_holds(asked: list[str], library: Library) -> None:
    for sieve in (library.finder.elsewhere_forms, library.finder.facet_forms):
        for text in asked:
            folded = library.finder.speller.fold(text)
            held = [meant for pattern, meant in sieve.patterns if compiled(pattern).search(folded)]
            assert [meant for _, meant in sieve.found(folded)] == held


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("多少钱", [{"多少"}, {"少钱"}]),
        ("(?:奖励|补)多少", [{"奖励", "补"}, {"多少"}]),
        ("[几哪]家?", [{"几", "哪"}]),
        ("(?:能|)报(?!过).*", [{"报"}]),
        (".*|报", []),
    ],
)
def test_what_a_pattern_needs_is_read_off_it(pattern: str, pieces: list[set[str]]) -> None:
    assert {*needed(pattern)} == {frozenset(one) for one in pieces}


def test_terms_are_found_wherever_they_begin(asked: list[str], library: Library) -> None:
    lexicon = library.finder.lexicon
    for text in asked:
        folded = library.finder.speller.fold(text)
        written = {
            (term, start) for term in lexicon.targets for start in range(len(folded)) if folded.startswith(term, start)
        }
        found = {(one.term, one.start) for one in lexicon.written(folded)}
        assert found == {(term, start) for term, start in written if _apart(folded, start, start + len(term))}


def test_a_reply_that_is_sent_at_once_is_drawn_as_the_one_that_was_kept(asked: list[str], library: Library) -> None:
    """A worker that dies leaves its reply to another, which has only what was kept."""
    for text in [*asked, "测一测我能不能报", "请帮我测一测方向10，固定资产投资3000万元"]:
        turn = respond(start(library), Text(text), library=library, today=date(2023, 3, 20))
        assert turn.reply is not None
        assert drawn(kept_reply(*keep_reply(turn.reply)), words(), library) == drawn(turn.reply, words(), library)
