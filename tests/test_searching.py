"""Search as you type: the officer's keystrokes find what was meant, and it comes and goes with what is put in."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.hearing_figures import aloud
from dialogs.library import Library
from dialogs.reading_out import sheet
from dialogs.saying import unproved
from knowledge.amounts import figures, holds, plain
from knowledge.placing import Spelled
from knowledge.quoting import without_references
from knowledge.searchable import entries_of
from knowledge.searching import Entry, Index
from tests.case_files import cases
from tests.conftest import BEFORE, CLOSED, OPEN
from tests.searching import as_written, others

CASES = cases("cases/searching.yaml")


def index_of(library: Library) -> Index:
    """A fresh index over the guide."""
    return Index(entries_of(library.guide, library.finder.lexicon), library.finder.speller.simplified)


@pytest.fixture(scope="module")
def index(library: Library) -> Index:
    """The guide alone."""
    return index_of(library)


@pytest.fixture(scope="module")
def crowded(library: Library) -> Index:
    """The guide among five thousand entries from outside."""
    made = index_of(library)
    for entry in others(5000, 1):
        made.add(entry)
    return made


def ids(index: Index, query: str, limit: int = 12) -> list[str]:
    """What is found, by id."""
    return [found.entry.id for found in index.search(query, limit).found]


# --- what is meant stands first --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=[case["type"] for case in CASES])
def test_keystrokes_find_what_was_meant(case: dict[str, str | list[str]], index: Index) -> None:
    """Each line of tests/cases/searching.yaml."""
    found = ids(index, str(case["type"]))
    assert found and found[0] == case["first"]
    assert set(case.get("also", ())) <= set(found)


def test_the_crowd_does_not_push_the_guide_aside(index: Index, crowded: Index) -> None:
    """With five thousand tickets beside it, every case still has the guide's entry first."""
    moved = [case["type"] for case in CASES if ids(crowded, str(case["type"]))[:1] != [case["first"]]]
    assert moved == []


def test_every_beginning_finds_something(index: Index) -> None:
    """Whatever has been typed so far of a case, there is a hit to look at."""
    texts = [str(case["type"]).removeprefix("010-") for case in CASES]
    begun = {text[:length].strip() for text in texts for length in range(1, len(text) + 1)}
    assert [text for text in sorted(begun) if text and not ids(index, text)] == []


def test_every_entry_is_found_by_its_own_names(index: Index, library: Library) -> None:
    """Characters, and the pinyin of the whole name."""
    from knowledge.syllables import folded, lettered

    for entry in entries_of(library.guide, library.finder.lexicon):
        for name in entry.names[:1]:
            sounds = lettered(folded(name, {})).replace("'", "")
            for typed in (name, sounds if sounds.isalpha() else name):
                answer = index.search(typed, 700)
                assert entry.id in [found.entry.id for found in answer.found], (entry.id, typed)


def test_the_order_is_explained_and_stays(index: Index) -> None:
    """More tokens first, then the better match; the same again, whatever was searched in between."""
    for query in ("sy 13 shangxian", "流片 上限", "hd", "12"):
        before = index.search(query)
        sums = [(len(found.matched), found.quality) for found in before.found]
        leading = [one for one in sums if one[0] == sums[0][0]]
        assert leading == sorted(leading, reverse=True)
        index.search("别的什么")
        assert index.search(query) == before
        assert all(one.where in ("whole", "begins", "inside") for found in before.found for one in found.matched)


def test_what_is_not_answered_is_told(index: Index) -> None:
    """A token that stands nowhere hinders nothing, and is named."""
    answer = index.search("vvvv 12")
    assert answer.unanswered == ("vvvv",) and answer.found[0].entry.id == "direction:12"
    assert index.search("vvvv").found == () == index.search("  ，。 ").found == index.search("").found


def test_a_run_is_cut_where_both_halves_stand(index: Index) -> None:
    """Words typed without a space between them, by characters, pinyin and initials."""
    for typed, tokens in {
        "流片上限": ("流片", "上限"),
        "liupianshangxian": ("liupian", "shangxian"),
        "rzzltj": ("rzzl", "tj"),
        "海淀区张静": ("海淀区", "张静"),
    }.items():
        assert index.search(typed).tokens == tokens


def test_two_of_one_name_are_two_hits(index: Index) -> None:
    """张静 of two districts, 85235681 of three people."""
    assert {"person:张静@东城区", "person:张静@海淀区"} <= set(ids(index, "张静")[:3])
    assert len([id_ for id_ in ids(index, "85235681") if id_.startswith("person:")]) == 3


@given(st.text(max_size=80))
def test_any_text_may_be_typed(text: str) -> None:
    """No text breaks the search."""
    index = Index([Entry("direction:1", "方向1", ("方向1", "流片"), ("费用。",))], {})
    index.add(Entry("ticket:1", "流片 3000万", ("T1",)))
    for query in (text, f"流{text}", f"{text}12"):
        index.search(query)


# --- what comes from outside -----------------------------------------------------------------------------------------


def test_entries_come_and_go(library: Library) -> None:
    """A ticket is found by number, sound, initials and phone; changed it is another; taken out it is gone."""
    index, ticket = index_of(library), Entry("ticket:77", "顺义的车企问长轴距底盘", ("T00077", "13900001234"))
    index.add(ticket)
    for query in ("T00077", "底盘", "dipan", "czjdp", "13900001234", "0001234", "车企 底盘", "zhouju", "czhouj"):
        assert ids(index, query)[0] == "ticket:77", query
    index.add(Entry("ticket:77", "朝阳的车企问充电桩", ("T00077",)))
    assert "ticket:77" not in ids(index, "底盘") and ids(index, "充电桩") == ["ticket:77"]
    assert index.remove("ticket:77") and not index.remove("ticket:77")
    assert "ticket:77" not in ids(index, "t00077") and "ticket:77" not in index
    with pytest.raises(ValueError):
        index.remove("direction:1")


def test_the_guide_comes_before_tickets_and_leaves_them_room(crowded: Index) -> None:
    """What everybody asks about: the direction first, two of the newest tickets at the end."""
    found = ids(crowded, "融资租赁")
    assert found[0] == "direction:8" and [id_.split(":")[0] for id_ in found].count("ticket") >= 2
    tickets = [int(id_.split(":")[1]) for id_ in found if id_.startswith("ticket:")]
    assert tickets == sorted(tickets, reverse=True)


def test_incremental_is_the_same_as_from_scratch(library: Library) -> None:
    """After a thousand changes, tidied on the way, the index answers as one that was made of what is left."""
    chance, kept = random.Random(5), dict[str, Entry]()
    changed, pool = index_of(library), list(others(1500, 3))
    for entry in pool:
        changed.add(entry)
        kept[entry.id] = entry
    for entry in chance.sample(pool, 1200):
        assert changed.remove(entry.id)
        del kept[entry.id]
    fresh = index_of(library)
    for entry in kept.values():
        fresh.add(entry)
    assert len(fresh) == len(changed)
    for query in ("升规", "sgjl", "139", "海淀 推荐", "T0", "dianhua dabutong", "入库审核"):
        assert ids(fresh, query, 40) == ids(changed, query, 40), query


# --- what is said of them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [BEFORE, OPEN, CLOSED], ids=["before", "open", "closed"])
def test_no_figure_without_origin(library: Library, today: date) -> None:
    """Over all entries: every figure to read out or paste stands in a quote, a contact or is the desk's own."""
    source = Spelled(library.guide.source)
    for entry in entries_of(library.guide, library.finder.lexicon):
        one = sheet(entry, library, source, today)
        assert [*unproved(one.spoken, library), *unproved(one.reply, library)] == [], entry.id
        said = as_written(one.heard)
        proved = {figure.figure for figure in one.spoken.origins}
        assert [f for f in figures(without_references(said)) if f not in proved] == [], (entry.id, one.heard)
        for figure in one.reply.origins:
            if figure.origin == "quoted" and not figure.figure.startswith(("方向", "附件")):
                assert holds(figure.source, figure.figure) or figure.figure in plain(figure.source), (entry.id, figure)


def test_what_is_heard_is_short(library: Library) -> None:
    """One or two sentences; only a clause that is one long sentence itself is longer."""
    source = Spelled(library.guide.source)
    for entry in entries_of(library.guide, library.finder.lexicon):
        one = sheet(entry, library, source, CLOSED)
        assert one.heard and one.heard.count("。") <= 2, (entry.id, one.heard)
        assert len(one.heard) <= 120 or entry.kind == "clause", (entry.id, one.heard)
        assert "%" not in one.heard and not re.search(r"\d{8}", one.heard), one.heard


def test_a_closed_batch_is_said_first_where_it_is_about_applying(library: Library) -> None:
    """Conditions and process say it; an amount, a person don't; in the window nobody does."""
    source = Spelled(library.guide.source)
    entries = {entry.id: entry for entry in entries_of(library.guide, library.finder.lexicon)}
    for id_, first in {"topic:10.conditions": True, "rule:process": True, "topic:10.amount": False,
                       "person:崔越@节能综合处": False}.items():  # fmt: skip
        closed = sheet(entries[id_], library, source, CLOSED)
        assert ("截止" in closed.heard.split("。")[0]) is first is closed.written.startswith("本批申报已于"), id_
        assert bool(closed.state) is first
        assert not sheet(entries[id_], library, source, OPEN).state


def test_every_hit_has_its_place_in_the_source(library: Library) -> None:
    """The marked words are those of source.txt at the place that is told, and of the clause that is named."""
    source, text = Spelled(library.guide.source), library.guide.source
    for entry in entries_of(library.guide, library.finder.lexicon):
        place = sheet(entry, library, source, OPEN).passage
        assert place, entry.id
        printed = Spelled(text[place.start : place.end]).text
        assert place.start >= 0 and printed == plain(place.marked), (entry.id, place)
        if place.clause in library.guide.all_clauses and "\u3000" not in place.before:
            whole = plain(place.before + place.marked + place.after)
            assert whole == plain(library.guide.all_clauses[place.clause]), entry.id


def test_the_same_words_in_two_directions_are_placed_in_their_own(library: Library) -> None:
    """单个企业奖励金额最高不超过…: the place of direction 2 lies in direction 2."""
    source, text = Spelled(library.guide.source), library.guide.source
    entries = {entry.id: entry for entry in entries_of(library.guide, library.finder.lexicon)}
    for direction in library.guide.directions:
        place = sheet(entries[f"topic:{direction.direction}.amount"], library, source, OPEN).passage
        assert place and text.rfind("方向 ", 0, place.start) >= 0
        heading = text[text.rfind("\n", 0, text.rfind("。", 0, place.start)) : place.end]
        assert place.clause in direction.clauses, (direction.direction, heading)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("按不超过25%给予奖励", "按不超过百分之二十五给予奖励"),
        ("5%、10%、20％、30%", "百分之五、百分之十、百分之二十、百分之三十"),
        ("1.5%和100%", "百分之一点五和百分之百"),
        ("电话84045670。", "电话8404 5670。"),
        ("最高3000万元，2023年4月15日", "最高3000万元，2023年4月15日"),
    ],
)
def test_figures_are_said_so_that_they_are_heard(written: str, heard: str) -> None:
    """And can be read back for the proof."""
    assert aloud(written) == heard
    assert plain(as_written(heard)) == plain(written)
