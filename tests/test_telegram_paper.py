"""The sheet as a document, where Telegram's visitor taps for it."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest

from dialogs.library import Library
from tests.bot_api import BotApi, Person, server_error
from tests.handing import NOON, shown_a_sheet
from tests.test_sheet import LEASE
from tests.test_telegram import Running, api, door, owner  # noqa: F401


@pytest.fixture
def with_a_sheet(door: Running, owner: Person, library: Library) -> Person:  # noqa: F811
    store = door.conductor.store
    shown_a_sheet(store, f"tg:{owner.id}", LEASE, library, date(2023, 3, 20))
    store.retire(f"tg:{owner.id}", NOON)
    return owner


def test_a_tap_under_the_sheet_brings_it_as_a_document(api: BotApi, with_a_sheet: Person) -> None:  # noqa: F811
    with_a_sheet.says("先看结果")
    with_a_sheet.sees("体检单PDF文件")
    with_a_sheet.taps("体检单PDF文件")
    shown = with_a_sheet.sees("随后发来", ".pdf", messages=2)
    (made,) = api.made("sendDocument")
    assert made.status == 200 and shown[-1].document == "政策体检单.pdf"
    (content,) = [held for name, held in api.world.files.items() if name.endswith(".pdf")]
    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert "融资租赁" in text
    assert not api.refusals


def test_a_document_that_did_not_arrive_is_sent_again_alone(api: BotApi, with_a_sheet: Person) -> None:  # noqa: F811
    """What was said before it isn't said twice."""
    api.fails("sendDocument", server_error(), to=with_a_sheet)
    with_a_sheet.says("先看结果")
    with_a_sheet.sees("体检单PDF文件")
    with_a_sheet.taps("体检单PDF文件")
    shown = with_a_sheet.sees("随后发来", ".pdf", messages=2)
    assert [made.status for made in api.made("sendDocument")] == [500, 200]
    assert sum("随后发来" in one.text for one in shown) == 1 == sum(bool(one.document) for one in shown)


def test_who_told_nothing_hears_so_and_gets_no_document(api: BotApi, owner: Person, door: Running) -> None:  # noqa: F811
    owner.says("你好")
    owner.sees("政策咨询助手")
    owner.taps_data("case:paper@2023-batch-1", on=owner.screen()[-1].message_id)
    owner.sees("还没有记下您的情况")
    assert not api.made("sendDocument")
