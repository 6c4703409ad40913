"""Questions gathered by likeness: which count, what they are put together with, what is offered for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.workbench.knowledge_store import Aside, Heard
from bot.workbench.unanswered import Group, causes_of, groups, laid_out, mark
from dialogs.library import Library
from dialogs.messages import Reply, Text
from dialogs.turn import respond, start
from tests.conftest import OPEN
from tests.store_promise import NOON

LEASE = ("搞铁牛赊账那个事儿该寻哪个", "铁牛赊账那个事寻哪个")
PAID = ("补贴什么时候到账", "补贴多久到账", "钱啥时候打到账上")


def heard(text: str, library: Library, day: int = 0, door: str = "web") -> Heard:
    """A question with the reply that it gets."""
    reply = respond(start(library), Text(text), library=library, today=OPEN).reply
    assert reply
    return Heard(door, NOON + timedelta(days=day), text, reply)


@pytest.fixture
def found(library: Library) -> list[Group]:
    """What is gathered of some questions, asked on some days."""
    asked = [heard(text, library, day) for day, text in enumerate((LEASE[0], LEASE[0], *LEASE))]
    asked += [heard(text, library, door="tg") for text in PAID]
    return groups([*asked, heard("流片最多补多少", library), heard("哇啦哇啦", library)], library, OPEN)


def test_questions_that_are_alike_stand_together_the_most_asked_first(found: list[Group]) -> None:
    """With how often, on how many days, at which doors, and why they count; what was answered is not there."""
    texts = [one.examples for one in found]
    assert texts[0][0] == LEASE[0] and set(PAID) in [set(one) for one in texts] and ("哇啦哇啦",) in texts
    assert (found[0].count, found[0].days, found[0].doors) == (4, 4, ("web",))
    paid = next(one for one in found if set(one.examples) == set(PAID))
    assert (paid.count, paid.days, paid.doors, dict(paid.causes)) == (3, 1, ("tg",), {"not_in_guide": 3})
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert not any("流片最多补多少" in one.examples for one in found)


def test_a_group_tells_how_it_was_understood_and_what_is_near(found: list[Group], library: Library) -> None:
    """The decision in a few words, the evidence, and topics with a facet to add it to."""
    assert found[0].judged and found[0].why.startswith("听到：")
    assert all(one.name and one.facet for one in found[0].suggested)
    near = groups([replace(heard("融资租赁的钱", library), useful=False)], library, OPEN)
    assert near[0].suggested[0].topic == "8"


def test_what_is_set_aside_comes_back_when_it_has_been_asked_as_often_again(library: Library) -> None:
    """Later, or in words that weren't there; whoever takes it up has it back at once; others stand where they stood."""
    asked = [heard(text, library) for text in (*PAID, *LEASE)]

    def laid(more: list[Heard], *asides: Aside) -> tuple[list[str], list[tuple[str, int]]]:
        looked, rests = laid_out(groups([*asked, *more], library, OPEN), asides)
        return [one.group.examples[0] for one in looked], [(one.group.examples[0], one.since) for one in rests]

    paid = next(one for one in groups(asked, library, OPEN) if set(one.examples) == set(PAID))
    aside = Aside(NOON + timedelta(hours=1), "李编辑", paid.count, frozenset(map(mark, PAID)), 3)
    assert PAID[0] in laid([])[0] or paid.examples[0] in laid([])[0]
    looked, rests = laid([], aside)
    assert rests == [(paid.examples[0], 0)] and len(looked) == len(laid([])[0]) - 1
    later = [heard(PAID[0], library, day) for day in (1, 2)]
    assert laid(later, aside)[1] == [(PAID[0], 2)]
    assert laid([*later, heard(PAID[1], library, 3)], aside)[1] == []
    grown, _ = laid_out(groups([*asked, *later, later[0]], library, OPEN), [aside])
    assert [(one.since, one.asides) for one in grown if one.asides] == [(3, (aside,))]
    again = replace(aside, at=NOON + timedelta(days=4), count=6, id=4)
    assert laid([*later, later[0]], again, aside)[1] == [(PAID[0], 0)]


def test_a_mark_tells_no_words() -> None:
    """The same for what counts as the same question, and nothing else."""
    assert mark("补贴什么时候到账？") == mark(" 补贴什么时候到账") != mark("补贴多久到账")
    assert "补贴" not in mark("补贴什么时候到账")


def test_it_is_the_same_every_time(library: Library) -> None:
    """In whatever order the questions come."""
    asked = [heard(text, library) for text in (*LEASE, *PAID, "食堂几点开门", "图书馆几点开门")]
    shape = [one.examples for one in groups(asked, library, OPEN)]
    assert [one.examples for one in groups(asked[::-1], library, OPEN)] == shape


@pytest.mark.parametrize(
    ("reply", "more", "causes"),
    [
        (Reply("answered", "…"), {}, []),
        (Reply("answered", "…"), {"useful": True}, []),
        (Reply("answered", "…"), {"useful": False}, ["wrong"]),
        (Reply("clarify", "…"), {"chosen": True}, []),
        (Reply("clarify", "…"), {}, ["clarify"]),
        (Reply("no_answer", "…", reason="other_policy"), {"handed": True}, ["other_policy"]),
        (Reply("no_answer", "…", reason="not_understood"), {"handed": True}, ["not_understood", "handed"]),
    ],
)
def test_why_a_question_counts(reply: Reply, more: dict[str, bool], causes: list[str]) -> None:
    """A no, an offer of which nothing was taken, 不对, a hand-over for not being understood."""
    assert causes_of(Heard("web", NOON, "话", reply, **more)) == causes  # type: ignore[arg-type]


def test_what_the_knowledge_answers_now_is_settled(library: Library) -> None:
    """A no that would be answered today goes; a wrong answer stays until it is another one."""
    no = Reply("no_answer", "没有听懂。", reason="not_understood")
    assert groups([Heard("web", NOON, "流片最多补多少", no)], library, OPEN) == []
    wrong = replace(heard("流片最多补多少", library), useful=False)
    assert [one.causes for one in groups([wrong], library, OPEN)] == [{"wrong": 1}]
    other = replace(wrong, reply=replace(wrong.reply, topics=("2",)))
    assert groups([other], library, OPEN) == []
