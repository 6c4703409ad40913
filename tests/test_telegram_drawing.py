"""How a reply looks on Telegram, without Telegram: parts, styles in UTF-16 units, buttons, cards."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.drawing import CardMessage, TextMessage, drawn
from bot.telegram.text import Styled, split, units
from bot.telegram.words import words
from dialogs.library import Library
from dialogs.messages import Card, Citation, Option, Question, Reply


def cut(text: str, longest: int) -> list[str]:
    return [part.text for part in split(Styled(text), longest)]


def test_a_part_ends_where_a_reader_would_pause() -> None:
    """Between paragraphs, else lines, else sentences, else clauses, else anywhere."""
    assert cut("一二三四五。\n\n六七。八九十", 12) == ["一二三四五。", "六七。八九十"]
    assert cut("一二三四五，六\n七。八九十一二", 12) == ["一二三四五，六", "七。八九十一二"]
    assert cut("一二三，四五六。七八，九十一二三", 12) == ["一二三，四五六。", "七八，九十一二三"]
    assert cut("一二三四五六，七八九十一二三", 10) == ["一二三四五六，", "七八九十一二三"]
    assert cut("一二三四五六七八九十", 4) == ["一二三四", "五六七八", "九十"]


def test_emoji_count_two_and_stay_whole() -> None:
    """😀 is two units; a skin tone, an accent or a joined family is not torn from what it belongs to."""
    assert units("😀好") == 3
    assert cut("😀😀😀", 5) == ["😀😀", "😀"]
    assert cut("一二三👍🏽", 6) == ["一二三", "👍🏽"]
    assert cut("一二三四e\u0301五", 5) == ["一二三四", "e\u0301五"]
    assert cut("一二三四五👩‍🔬", 9) == ["一二三四五", "👩‍🔬"]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("一二。，\n 😀👩\u200d🔬\u0301a"), max_size=80), st.integers(8, 40))
def test_nothing_is_lost_and_nothing_too_long(text: str, longest: int) -> None:
    """Whatever the text: every part fits, and together they are the text without the blanks between them."""
    parts = cut(text, longest)
    assert all(0 < units(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_style_goes_on_in_the_next_part() -> None:
    """A folded clause that is cut is folded in both."""
    whole = Styled("一二三。\n\n").then("四五六。七八九。十", "expandable_blockquote")
    first, second = split(whole, 12)
    assert [(e["offset"], e["length"]) for e in first.entities()] == [(6, 4)]
    assert [(e["offset"], e["length"]) for e in second.entities()] == [(0, 5)]


def test_entities_are_counted_in_utf16_units() -> None:
    """After an emoji everything stands one unit further."""
    entity = Styled("😀").then("好", "bold").entities()[0]
    assert (entity["type"], entity["offset"], entity["length"]) == ("bold", 2, 1)


def test_the_words_of_a_reply_are_drawn_unchanged(library: Library) -> None:
    """What stands around them is the door's: the sentence before, the clauses behind."""
    reply = Reply("answered", "最高3000万元。\n比例见附件1。", citations=(Citation("g", "一（一）", "最高不超过"),))
    text = drawn(reply, words(), library, before="图片我看不了。")[0]
    assert isinstance(text, TextMessage)
    assert text.text == "图片我看不了。\n\n最高3000万元。\n比例见附件1。\n\n依据\n一（一）：“最高不超过”"


def test_short_labels_stand_in_pairs_and_long_ones_alone(library: Library) -> None:
    """No label is shortened."""
    labels = ["怎么申报", "联系人", "智能网联汽车测试应用保险 最高多少", "条件", "政策咨询电话"]
    options = tuple(Option(label, f"ask:{n}@g") for n, label in enumerate(labels))
    text = drawn(Reply("answered", "好。", options=options), words(), library)[0]
    assert isinstance(text, TextMessage) and text.keyboard
    assert [[b["text"] for b in row] for row in text.keyboard] == [labels[:2], labels[2:3], labels[3:]]


def test_a_number_is_asked_for_in_its_unit(library: Library) -> None:
    """What to type stands under the question."""
    reply = Reply("question", "项目总投资多少？", question=Question("total", "number", "万元"))
    text = drawn(reply, words(), library)[0]
    assert isinstance(text, TextMessage) and "请直接打数字（单位：万元）" in text.text


def test_three_people_are_cards_and_the_rest_are_lines(library: Library) -> None:
    """Nobody is left out, and a phone is not flooded."""
    people = tuple(Card("海淀区", "规划处", f"张{n}", f"8849713{n}", "") for n in range(5))
    text, *cards = drawn(Reply("answered", "联系人见卡片。", contacts=people), words(), library)
    assert [card.name for card in cards if isinstance(card, CardMessage)] == ["张0", "张1", "张2"]
    assert isinstance(text, TextMessage) and "海淀区：规划处 张3 88497133\n海淀区：规划处 张4 88497134" in text.text


def test_everybody_of_the_guide_has_a_card_that_telegram_takes(library: Library) -> None:
    """Dialled with country and area code, the printed digits in it; a vCard of at most 2048 bytes; names that fit."""
    for holder in library.holders:
        people = (Card(holder.matters[0], holder.office, holder.name, holder.phone, holder.email),)
        card = drawn(Reply("answered", "好。", contacts=people), words(), library)[-1]
        assert isinstance(card, CardMessage) and card.phone == f"+8610{holder.phone}" and card.name
        assert 0 < len(card.vcard.encode()) <= 2048, holder.name
