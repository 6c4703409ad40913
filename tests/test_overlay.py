"""An overlay over the guide: what may not be laid over it, and what is said with it. The cases are data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.opening import GUIDE, KNOWLEDGE, open_library, open_or_alone
from bot.vcard import holder_of, vcard
from bot.workbench.directory import directory
from bot.workbench.searcher import Searcher
from dialogs.assessing import results
from dialogs.library import Library
from dialogs.messages import Reply, Text
from dialogs.saying import unproved
from dialogs.turn import respond, start
from knowledge.casework import case_of
from knowledge.overlay import Change, Corrected, Overlay, broken, changed, laid_over, read_overlay, written
from knowledge.proving_overlay import overlay_faults
from knowledge.reading import BrokenGuide, Fault, read_examples, read_words
from knowledge.words import Words
from tests.case_files import cases
from tests.conftest import OPEN

HELD: dict[str, Any] = cases("cases/overlay.yaml")
OLD, NEW = "55578393", "55578000"


@pytest.fixture(scope="session")
def words() -> Words:
    """The words of the people."""
    return read_words(KNOWLEDGE)


@pytest.fixture(scope="session")
def over() -> Library:
    """The library with the overlay of the cases."""
    return open_library(None, HELD["overlay"])


def ask(text: str, library: Library, today: date = OPEN) -> Reply:
    """One question, one reply."""
    reply = respond(start(library, opens=False), Text(text), library=library, today=today).reply
    assert reply is not None
    return reply


def faults(text: str, library: Library, words: Words) -> list[Fault]:
    """What speaks against an overlay."""
    try:
        overlay, document = read_overlay(text)
    except BrokenGuide as fault:
        return fault.faults
    return broken(list(overlay_faults(overlay, library.printed, words)), document)


# --- what may not be laid over ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", HELD["faults"], ids=lambda case: case["name"])
def test_what_may_not_be_laid_over_is_named(case: dict[str, Any], library: Library, words: Words) -> None:
    """One sentence that names the line, what was wrong and what would be right."""
    found = [fault for fault in faults(case["overlay"], library, words) if fault.line == case["line"]]
    assert any(all(piece in fault.says for piece in case["says"]) for fault in found), faults(
        case["overlay"], library, words
    )


def test_the_overlay_of_the_cases_has_no_fault(library: Library, words: Words) -> None:
    """So each fault above is the planted one; and it reads back as it is written."""
    assert faults(HELD["overlay"], library, words) == []
    overlay, _ = read_overlay(HELD["overlay"])
    assert read_overlay(written(overlay))[0] == overlay
    assert written(Overlay()) == "" and read_overlay("")[0] == Overlay()


def test_what_the_knowledge_says_is_not_ours_is_no_phrasing(library: Library, words: Words) -> None:
    """A question that is kept under a matter outside the guide must first be taken out there."""
    matter, asks = next(iter(words.elsewhere_asks.items()))
    text = written(Overlay(phrasings={"8.contact": (asks[0],)}))
    assert any("不归我们的事" in fault.says for fault in faults(text, library, words)), matter


def test_the_base_has_no_corrections(tmp_path: Path) -> None:
    """Who writes one into contacts.yaml is told where it belongs."""
    import shutil

    from knowledge.proving import proved
    from knowledge.reading import read_draft

    folder = tmp_path / "guide"
    shutil.copytree(GUIDE, folder)
    path = folder / "contacts.yaml"
    row = '\n    corrected: [{field: phone, value: "1", printed: "2", since: "2026-11-20", source: 无}]'
    text = path.read_text(encoding="utf-8").replace("\n    office: 电子信", f"{row}\n    office: 电子信", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenGuide, match="更正请写在补充里"):
        proved(read_draft(folder))


# --- what is said with it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", HELD["answers"], ids=lambda case: case["ask"])
def test_what_is_said_with_it(case: dict[str, Any], library: Library, over: Library) -> None:
    """Both what is right now and what is printed, with day and source; every figure has an origin."""
    before, after = ask(case["ask"], library), ask(case["ask"], over)
    was = case.get("before", {})
    assert before.status == was.get("status", "answered") and all(one in before.text for one in was.get("sees", ()))
    assert not was.get("same") or before == after
    assert after.status == "answered" and list(after.topics) == case.get("topics", list(after.topics))
    for one in case["sees"]:
        assert one in after.text, after.text
    assert unproved(after, over) == []
    for wanted in case.get("cards", ()):
        assert any(wanted.items() <= card.as_json().items() for card in after.contacts), after.contacts
    origins = {figure.figure: figure.origin for figure in after.origins}
    assert case.get("origins", {}).items() <= origins.items(), origins


def test_nothing_changes_without_one(library: Library) -> None:
    """No overlay is the guide itself; its cards have no note, so the JSON is what it was."""
    assert library.printed is library.guide and library.overlay == "" and library.corrections == ()
    assert laid_over(library.guide, Overlay()) is library.guide
    assert set(ask("方向10找谁", library).contacts[0].as_json()) == {"for", "office", "name", "phone", "email"}


def test_an_old_button_still_means_the_same_person(library: Library, over: Library) -> None:
    """People stand at the same places, though some have another name or number."""
    assert len(library.holders) == len(over.holders)
    assert [one.matters for one in library.holders] == [one.matters for one in over.holders]


def test_the_printed_guide_stays_as_printed(over: Library) -> None:
    """The original's page shows the table as it was printed, and finds a quote in it."""
    from bot.source_page import clauses
    from bot.web import _templates

    shown, found = clauses(over.guide, OLD, "二（三）3")
    page = _templates.get_template("source.html").render(guide=over.guide, clauses=shown, quote=OLD, found=found)
    assert found and OLD in page and NEW not in page and "王安然" in page and "王新" not in page


def test_desk_search_and_directory_show_both(over: Library) -> None:
    """By the new number and by the old one the same person, to read out with both, the printed row beside it."""
    searcher = Searcher(lambda: over, lambda: OPEN)
    searcher.make()
    for typed in (OLD, NEW, "杨春辉"):
        hit = searcher.search(typed)["hits"][0]
        assert hit["title"] == "杨春辉" and hit["contacts"][0]["phone"] == NEW
        assert OLD in hit["written"] and "更正" in hit["written"] and hit["contacts"][0]["note"]
        assert "5557 8000" in hit["heard"] and "5557 8393" in hit["heard"]
        assert OLD in hit["clause"]["marked"]
    assert searcher.search("王安然")["hits"][0]["title"] == "王新"
    for typed in (OLD, NEW):
        (row,) = [row for group in directory(over, typed) for row in group.rows]
        assert row.phone == NEW and any(OLD in mind and "智能装备处来函" in mind for mind in row.minds)


def test_cards_carry_the_note(over: Library) -> None:
    """The address book's file, the terminal, Telegram, the case's result."""
    from bot.cards import as_text
    from bot.telegram.drawing import drawn
    from bot.telegram.words import words as of_telegram

    holder = holder_of(over, "杨春辉", NEW)
    assert holder and f"+8610{NEW}" in vcard(holder) and OLD in vcard(holder).replace("\r\n ", "")
    reply = ask("方向10要区里推荐吗", over)
    assert NEW not in reply.text and f"{NEW}  yangchunhui@jxj.beijing.gov.cn  电话2026年11月20日更正" in as_text(reply)
    assert any(OLD in getattr(message, "text", "") for message in drawn(ask("方向10找谁", over), of_telegram(), over))
    found = results(case_of({"fixed_asset_investment_wan": 3000}, over.guide), OPEN, over, asked=("10",))
    assert any(card["phone"] == NEW and OLD in card["note"] for card in found["contacts"])


def test_the_guide_has_examples_to_try_a_change_on() -> None:
    """Questions as people put them, some in several turns; a folder without them is tried on what was asked."""
    examples = read_examples(GUIDE)
    assert len(examples) > 1000 and any(len(turns) > 1 for turns in examples)
    assert read_examples(KNOWLEDGE) == ()


# --- changes ---------------------------------------------------------------------------------------------------------


def test_changes_add_up_and_can_be_taken_out() -> None:
    """Phrasings gather, a later correction of a field takes the place of the earlier one, the others stay."""
    first = Corrected(phone="55578000", email="a@b.cn", since="2026-11-20", source="来函")
    second = Corrected(phone="55578001", since="2026-11-21", source="来电")
    overlay = changed(
        Overlay(),
        [
            Change(part="phrasings", key="8.contact", text="租设备的事找谁对接"),
            Change(part="phrasings", key="8.contact", text="租机器找谁"),
            Change(part="contacts", key="row-10", correction=first),
            Change(part="contacts", key="row-10", correction=second),
        ],
    )
    assert overlay.phrasings == {"8.contact": ("租设备的事找谁对接", "租机器找谁")}
    mail = Corrected(email="a@b.cn", since="2026-11-20", source="来函")
    assert overlay.contacts == {"row-10": (mail, second)}
    out = [
        Change(part="phrasings", key="8.contact", text="租机器找谁", out=True),
        Change(part="phrasings", key="8.contact", text="租设备的事找谁对接", out=True),
        Change(part="contacts", key="row-10", out=True),
    ]
    assert changed(overlay, out) == Overlay()


def test_a_published_overlay_that_stands_no_more_leaves_the_guide(caplog: pytest.LogCaptureFixture) -> None:
    """It is told in the log, and the guide alone is served; never a dead service."""
    library = open_or_alone(None, 'phrasings: {"99.contact": [这个方向找谁]}')
    assert library.overlay == "" and "没有“99.contact”这一条" in caplog.text
    assert open_or_alone(None, "a: [").overlay == ""
