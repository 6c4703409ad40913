"""The officer at the search: keystrokes, arrows, the sentence to read out, copying; in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Route, expect

from bot.workbench.searcher import Searcher
from dialogs.library import Library
from knowledge.searching import Entry
from tests import browsing
from tests.browsing import HEIGHTS, Visitor
from tests.conftest import CLOSED, OPEN
from tests.searching import desk

EVIL = '<img src=x onerror="document.title=`broken in`">"\'><script>document.title="broken in"</script>'


@pytest.fixture(scope="module")
def served(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FastAPI]]:
    """A desk after the batch has closed, with an officer signed in."""
    with desk(library, tmp_path_factory.mktemp("desk"), CLOSED) as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


class Officer(Visitor):
    """Somebody at the desk: types key by key, looks at the hits and at what is to be said."""

    def __init__(self, browser: Browser, url: str, width: int) -> None:
        super().__init__(browser, url, width, permissions=["clipboard-read", "clipboard-write"])
        self.page.goto(f"{url}/desk")

    def types(self, text: str) -> None:
        """Clear the box, type, and wait until what stands there is the answer to it."""
        self.page.fill("#find", "")
        with self.page.expect_response(lambda answer: _asked_for(answer.url, text)):
            self.page.locator("#find").press_sequentially(text)
        self.page.locator(".hit").first.wait_for()

    @property
    def chosen(self) -> str:
        """The hit that is chosen."""
        return self.page.locator(".hit[aria-selected=true] strong").inner_text()

    @property
    def heard(self) -> str:
        """The sentence to read out."""
        return self.page.locator(".heard p").inner_text()

    @property
    def clipboard(self) -> str:
        """What was copied."""
        return str(self.page.evaluate("navigator.clipboard.readText()"))


def _asked_for(url: str, text: str) -> bool:
    return "/api/search" in url and httpx.URL(url).params["q"] == text


@pytest.fixture(params=HEIGHTS, ids=lambda width: f"{width}px")
def officer(request: pytest.FixtureRequest, browser: Browser, served: tuple[str, FastAPI]) -> Iterator[Officer]:
    """An officer, at a phone's, an old screen's and a wide screen's width."""
    made = Officer(browser, served[0], request.param)
    yield made
    made.leaves()


def test_a_direction_by_a_few_keys(officer: Officer) -> None:
    """yyt 12: direction 12 is chosen, its sentence stands there, and what was not answered is told."""
    officer.types("yyt 12")
    assert officer.chosen == "方向12 升规稳规" and "30万元" in officer.heard
    officer.shoot(f"desk-12-{officer.page.viewport_size['width'] if officer.page.viewport_size else 0}")
    expect(officer.page.locator(".original mark")).to_contain_text("最高不超过 30 万元")
    expect(officer.page.locator(".people .reach b").first).to_have_text("64021797")


def test_a_phone_of_somebody(officer: Officer) -> None:
    """84045670: whose it is, grouped to be read out; the phone is copied by a key, the sentence by a button."""
    officer.types("84045670")
    assert officer.chosen == "崔越" and "8404 5670" in officer.heard and "节能综合处" in officer.heard
    officer.page.keyboard.press("Alt+d")
    expect(officer.page.locator(".search-status")).to_have_text("已复制：84045670")
    assert officer.clipboard == "84045670"
    officer.page.locator(".written").get_by_role("button", name="复制").click()
    expect(officer.page.locator(".written .copy")).to_have_text("已复制")
    assert "崔越" in officer.clipboard and "依据：指南" in officer.clipboard
    officer.shoot(f"desk-phone-{officer.page.viewport_size['width'] if officer.page.viewport_size else 0}")


def test_down_up_enter_escape(officer: Officer) -> None:
    """The arrows choose, the sheet follows; Enter goes to it, Escape back and then clears."""
    officer.types("12")
    first = officer.chosen
    officer.page.keyboard.press("ArrowDown")
    second = officer.chosen
    assert second != first
    expect(officer.page.locator(".told h2")).to_have_text(second)
    officer.page.keyboard.press("ArrowUp")
    officer.page.keyboard.press("ArrowUp")
    assert officer.chosen == first
    assert officer.page.get_attribute("#find", "aria-activedescendant") == "hit-0"
    officer.page.keyboard.press("Enter")
    expect(officer.page.locator(".told")).to_be_focused()
    officer.page.keyboard.press("Escape")
    expect(officer.page.locator("#find")).to_be_focused()
    officer.page.keyboard.press("Escape")
    expect(officer.page.locator("#find")).to_have_value("")
    expect(officer.page.locator(".hit")).to_have_count(0)


def test_a_closed_batch_is_seen_first(officer: Officer) -> None:
    """Conditions: the state of the day stands above, and is the first that is read out."""
    officer.types("rzzl tj")
    expect(officer.page.locator(".told-state")).to_contain_text("已不能申报")
    assert officer.heard.startswith("这批2023年4月15日已经截止了")
    officer.shoot(f"desk-closed-{officer.page.viewport_size['width'] if officer.page.viewport_size else 0}")


def test_the_page_is_wide_enough_and_reachable(officer: Officer) -> None:
    """Nothing sticks out at the side, and nothing that a reader of screens would stumble over."""
    for text in ("12", "海淀", "一三方向10"):
        officer.types(text)
        wide = officer.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, text
    serious = [
        v["id"] for v in Axe().run(officer.page).response["violations"] if v["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_the_sentence_is_on_the_first_screen(officer: Officer) -> None:
    """No click and no scrolling at a desk's width; on a phone the hits come first, and one tap shows it."""
    officer.types("流片 上限")
    size = officer.page.viewport_size
    assert size
    if size["width"] == 390:
        officer.page.locator(".hit").first.click()
        officer.page.wait_for_function("document.querySelector('.heard').getBoundingClientRect().top < innerHeight / 2")
    place = officer.page.locator(".heard").bounding_box()
    assert place and place["y"] >= 0 and place["y"] + place["height"] < size["height"]


def test_an_old_answer_never_covers_a_newer_one(browser: Browser, served: tuple[str, FastAPI]) -> None:
    """The answer to 海 is held back until the one to 海淀 stands there; then it comes, and changes nothing."""
    officer, held = Officer(browser, served[0], 1280), list[Route]()
    officer.page.evaluate("AbortController.prototype.abort = () => {}")  # the worst case: nothing can be called back
    officer.page.route(lambda url: _asked_for(url, "12"), lambda route: held.append(route))
    officer.page.fill("#find", "12")
    while not held:
        officer.page.wait_for_timeout(20)
    officer.types("84045670")
    with officer.page.expect_response(lambda answer: _asked_for(answer.url, "12")):
        held[0].continue_()
    officer.page.evaluate("new Promise((done) => setTimeout(done))")
    assert officer.chosen == "崔越"
    officer.leaves()


def test_an_entry_runs_nothing(browser: Browser, served: tuple[str, FastAPI]) -> None:
    """A ticket with markup in its title, text and link is shown as it was written."""
    url, app = served
    officer = Officer(browser, url, 1280)
    officer.types("1")
    searcher: Searcher = app.state.searcher
    searcher.put(
        [Entry("ticket:9", f"坏工单{EVIL}", ("T00009",), (), EVIL, EVIL, "javascript:document.title='broken in'")]
    )
    officer.types("T00009")
    assert EVIL in officer.chosen and officer.page.locator(".told img, .hits img, .search script").count() == 0
    assert officer.page.locator(".told a").get_attribute("href") == "#"
    officer.page.locator(".told a").click()
    assert officer.page.title() == "查询 · 工作台"
    searcher.drop(["ticket:9"])
    officer.leaves()


def test_what_was_typed_is_only_shown_as_text(browser: Browser, served: tuple[str, FastAPI]) -> None:
    """Markup in the box finds nothing and does nothing."""
    officer = Officer(browser, served[0], 1280)
    officer.page.fill("#find", "<b>qzqzqz</b>")
    expect(officer.page.locator(".search-status")).not_to_be_empty()
    assert officer.page.locator(".search-status b").count() == 0
    officer.leaves()


def test_a_session_that_is_over_is_told(browser: Browser, served: tuple[str, FastAPI]) -> None:
    """The call is refused while the page stands there: a sentence, and what was found stays."""
    officer = Officer(browser, served[0], 1280)
    officer.types("12")
    officer.page.route("**/api/search*", lambda route: route.fulfill(status=401, body="{}"))
    officer.page.fill("#find", "13")
    expect(officer.page.locator(".search-status")).to_have_text("登录过期了，请重新登录。")
    assert officer.chosen == "方向12 升规稳规"
    officer.complaints.clear()  # the console tells of the 401, rightly
    officer.leaves()


# --- the call ---------------------------------------------------------------------------------------------------------


def test_the_call_tells_all_that_is_to_be_said(served: tuple[str, FastAPI]) -> None:
    """Each hit: title, kind, why, both wordings, the clause with its place, contacts, origins."""
    answer = httpx.get(f"{served[0]}/api/search", params={"q": "13 shangxian", "limit": 3}).json()
    assert answer["q"] == "13 shangxian" and answer["unanswered"] == [] and len(answer["hits"]) == 3
    hit = answer["hits"][0]
    assert hit["id"] == "topic:13.amount" and hit["kind"] == "topic" and "拼音" in hit["why"]
    assert "3000万元" in hit["heard"] and "依据：指南一（四）方向13" in hit["written"]
    assert {"label", "quote", "before", "marked", "after", "start", "end"} == set(hit["clause"])
    assert hit["contacts"][0].keys() == {"for", "office", "name", "phone", "email", "copy"}
    assert hit["link"].startswith("/source?") and hit["origins"]
    page = httpx.get(served[0] + hit["link"].split("#")[0]).text
    assert 'id="quote"' in page


def test_odd_queries_are_answered(served: tuple[str, FastAPI]) -> None:
    """Nothing, blanks, something very long, what is no text: an answer or a sentence, never a 500."""
    for query in ("", "   ", "流" * 900, "\x00\x1b[31m", "💰💰", "'\"%_*", "方向99999999999999999999"):
        told = httpx.get(f"{served[0]}/api/search", params={"q": query})
        assert told.status_code == 200 and isinstance(told.json()["hits"], list), query
    assert httpx.get(f"{served[0]}/api/search", params={"q": "1" * 2000}).status_code == 422
    assert httpx.get(f"{served[0]}/api/search", params={"q": "1", "limit": 9999}).status_code == 422


def test_nobody_else_may_search(library: Library, tmp_path: Path) -> None:
    """Without an officer page and call are refused with a sentence, and tell nothing."""
    with desk(library, tmp_path / "data", OPEN, signed_in=False) as (url, _):
        for path in ("/api/search?q=12", "/desk"):
            told = httpx.get(url + path)
            assert told.status_code == 401 and "登录" in told.json()["detail"], path
            assert "方向" not in told.text
