"""From opening a ticket to knowing what to say: one screen of 1280 by 800, no click, no scrolling."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import browsing
from tests.browsing import Visitor
from tests.serving import Server
from tests.staff import NAMES, hired
from tests.test_desk_day import Officer, handed_over

WORDS = {
    "a question": ("流片最多补多少", "EDA那项怎么算，找谁"),
    "an interview": ("测一测方向10", "是", "2022年9月1日", "二手设备能不能算进去"),
    "long words": (
        "贷款贴息和融资租赁有什么区别",
        "我们去年买的设备有一部分是租的，一部分是贷款买的，这两块能不能分开报？" * 4,
    ),
    "nothing understood": ("阿巴阿巴", "歪比巴卜"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with its staff."""
    data = tmp_path_factory.mktemp("screen") / "data"
    hired(data)
    with Server(data) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_all_that_is_needed_is_on_the_first_screen(words: tuple[str, ...], browser: Browser, server: Server) -> None:
    """What was asked, the suggestion, its clause, whom to ask, where to write: before it is claimed, and after."""
    visitor, chen = Visitor(browser, server.url, 1280), Officer(browser, server, NAMES["officer"])
    no = handed_over(visitor, *words)
    chen.goes(f"/desk/tickets/{no}")
    assert chen.page.viewport_size == {"width": 1280, "height": 800}
    for claimed in (False, True):
        if claimed:
            chen.page.keyboard.press("c")
        parts = [".asked blockquote", ".suggested", ".who-to-ask li", "#say" if claimed else "#write", ".note"]
        parts += (
            [".clause-of"] if chen.page.locator(".answer").count() and chen.page.locator(".clause-of").count() else []
        )
        for part in parts:
            expect(chen.page.locator(part).first).to_be_in_viewport(ratio=1)
        assert chen.page.evaluate("[scrollY, document.querySelector('#package').scrollTop]") == [0, 0]
    chen.shoot(f"first-screen-{no}")
    for one in (visitor, chen):
        one.leaves()
