"""What kept questions teach, and what an edit of one of them leaves alone."""

from __future__ import annotations

from knowledge.learning import Example, Pool, _Lesson

TEXTS = [f"方向{at}最多给多少{at}万" for at in range(40)]


def order_of(texts: list[str]) -> list[str]:
    """The questions in the order of their turns in the first rounds, each under a class of its own letter."""
    pool = Pool()
    cuts = {text: pool.cut(dict.fromkeys(text, 1.0) | {text: 1.0}) for text in texts}
    pool.settled()
    examples: list[Example] = [(text[-2], cut) for text, cut in cuts.items()]
    lesson = _Lesson(examples, {name: at for at, name in enumerate(sorted({name for name, _ in examples}))})
    said = {cut.order: text for text, cut in cuts.items()}
    ordered = [said[order] for _, order in sorted((name, cut.order) for name, cut in examples)]
    return [ordered[at] for at in lesson.turns(0)]


def test_one_question_more_leaves_the_turns_of_the_others() -> None:
    """An editor who adds a phrasing does not change how every other question is answered."""
    before = order_of(TEXTS)
    after = [text for text in order_of([*TEXTS, "另一个问法1万"]) if text in TEXTS]
    assert before == after


def test_each_round_draws_its_own_order() -> None:
    drawn = order_of(TEXTS)
    rounds = [drawn[at : at + len(TEXTS)] for at in range(0, len(drawn), len(TEXTS))]
    assert all(sorted(one) == sorted(TEXTS) for one in rounds) and len({tuple(one) for one in rounds}) == len(rounds)
