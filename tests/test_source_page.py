"""The guide's text as a page: in printed order, every quote marked in its own clause, nothing changed."""

from __future__ import annotations

from bot.source_page import PAGE_NUMBER, Shown, clauses
from dialogs.library import Library
from knowledge.amounts import plain


def words(shown: Shown) -> str:
    """A clause's text as it is shown."""
    return "".join(piece.text for line in shown.lines for piece in line)


def test_the_text_stands_in_printed_order(library: Library) -> None:
    """Clause after clause as in the source; the directions from 1 to 14."""
    source = plain(PAGE_NUMBER.sub("", library.guide.source))
    shown, _ = clauses(library.guide)
    places = [source.find(plain(words(one))) for one in shown]
    assert places == sorted(places) and -1 not in places and len(set(places)) == len(library.guide.all_clauses)
    starts = [words(one) for one in shown]
    assert [n for n in range(1, 15) if not any(plain(text).startswith(f"方向{n}") for text in starts)] == []


def test_every_quote_is_marked_where_it_stands(library: Library) -> None:
    """Each quote of each provision: in the clause that the reply names where it is there, once, whole."""
    for stated in library.stated.values():
        for quote in (stated.provision.quote, *stated.provision.also):
            shown, found = clauses(library.guide, quote, stated.clause)
            assert found, (stated.id, quote)
            pieces = [(one.label, p) for one in shown for line in one.lines for p in line if p.marked]
            if shown[0].row:
                assert not pieces and shown[0].row in {row.id for row in library.guide.contacts}
                continue
            assert plain("".join(p.text for _, p in pieces)) == plain(quote), (stated.id, quote)
            assert [p.first for _, p in pieces].count(True) == 1
            if plain(quote) in plain(library.guide.all_clauses[stated.clause]):
                assert {label for label, _ in pieces} == {stated.clause}


def test_a_cell_of_a_table_marks_its_row(library: Library) -> None:
    """A number or a matter that stands in a table only."""
    assert [clauses(library.guide, text)[0][0].row for text in ("商业航天保险", "88497135")] == ["row-5a", "haidian"]


def test_marking_changes_no_word(library: Library) -> None:
    """The page reads the same with and without a mark; a quote that isn't there marks nothing."""
    bare, _ = clauses(library.guide)
    marked, _ = clauses(library.guide, "单个企业奖励金额最高不超过3000万元", "一（一）方向1")
    assert [words(one) for one in bare] == [words(one) for one in marked]
    assert clauses(library.guide, "最高八千万元") == (bare, False)
    assert clauses(library.guide, "") == (bare, False)


def test_the_tables_follow_their_clauses(library: Library) -> None:
    """All 23 rows of the municipal table, all 17 districts."""
    shown = {one.label: one for one in clauses(library.guide)[0]}
    assert (len(shown["二（三）3"].contacts), len(shown["二（三）4"].districts)) == (23, 17)
