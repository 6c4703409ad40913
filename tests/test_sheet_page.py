"""The sheet's page in a real browser, at the width of a phone and of a desk; its files, its link, who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from bot.cases import digest_of, new_token
from bot.sqlite_store import SqliteStore
from dialogs.library import Library
from knowledge.amounts import plain
from tests import browsing
from tests.browsing import WIDTHS, Visitor
from tests.conftest import CLOSED
from tests.handing import shown_a_sheet
from tests.serving import Server
from tests.test_handing_on import CASE
from tests.test_sheet import LEASE, SHORT

OWNERS = {width: f"owner{width}".ljust(32, "0") for width in (*WIDTHS, 0)}
"""Cookies of people who were shown a sheet; one for each width, one for the calls without a browser."""
PAST, KEPT = new_token(), new_token()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Server]:
    """A server after the last day, with sheets that were shown, and a link that has just expired."""
    data = tmp_path_factory.mktemp("sheets") / "data"
    store, now = SqliteStore(data), datetime.now(UTC)
    for cookie in OWNERS.values():
        shown_a_sheet(store, f"web:{cookie}", LEASE | SHORT, library, CLOSED)
    store.keep_case("sheet", digest_of("sheet", KEPT), CASE, now - timedelta(days=29))
    store.keep_case("sheet", digest_of("sheet", PAST), CASE, now - timedelta(days=30, seconds=1))
    store.close()
    with Server(data, "--as-of", CLOSED.isoformat()) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


@pytest.fixture
def owner(server: Server) -> Iterator[httpx.Client]:
    """Somebody who was shown a sheet, without a browser."""
    with httpx.Client(base_url=server.url, cookies={"conversation": OWNERS[0]}) as client:
        yield client


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    """Somebody else."""
    with httpx.Client(base_url=server.url) as client:
        yield client


def opened(client: httpx.Client) -> str:
    """A fresh link."""
    made = client.post("/sheet")
    assert made.status_code == 303 and re.fullmatch(r"/sheet/[\w-]{43}", made.headers["location"])
    return str(made.headers["location"])


@pytest.mark.parametrize("width", WIDTHS, ids=lambda width: f"{width}px")
def test_an_owner_reads_and_keeps_the_sheet(width: int, browser: Browser, server: Server) -> None:
    """From the chat to the page; unfold, get a code, leave a wish and take it back, take the link back."""
    visitor = Visitor(browser, server.url, width)
    visitor.context.add_cookies([{"name": "conversation", "value": OWNERS[width], "url": server.url}])
    page = visitor.page
    page.goto(server.url)
    page.get_by_role("button", name="打开体检单").click()
    page.wait_for_url("**/sheet/*")
    link = page.url
    assert page.locator("main > :first-child").inner_text().startswith("本批申报已于2023年4月15日截止")
    top = page.locator(".top-choice")
    expect(top).to_contain_text("方向8 融资租赁 + 方向14 工业企业稳运行")
    expect(top).to_contain_text("最高750万元")
    expect(page.locator(".part-eligible").first).to_contain_text("按正文初步符合，但本批已截止")
    short = page.locator(".part-not_eligible .bar-no", has_text="差80万元到500万元")
    expect(short).to_have_text("不满足 固定资产投资420万元，差80万元到500万元")
    have, need = (short.locator(f"rect.{name}").bounding_box() for name in ("have", "need"))
    assert have and need and have["x"] + have["width"] < need["x"] and have["width"] > 40
    visitor.shoot(f"{width}-sheet-1")
    page.locator(".part").first.get_by_text("逐条对照条款").click()
    expect(page.locator(".checks").first).to_contain_text("“单个企业申报融资租赁合同额不低于 1000 万元”")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="给我编号").click()
    expect(page.locator(".code")).to_have_text(re.compile(r"^[A-Z0-9]{6}$"))
    visitor.shoot(f"{width}-sheet-2")
    page.get_by_role("button", name="同意，记下").click()
    expect(page.locator("#yours")).to_contain_text("记下了：下一批开放时告诉您")
    page.get_by_role("button", name="取消提醒").click()
    expect(page.get_by_role("button", name="同意，记下")).to_be_visible()
    page.get_by_role("button", name="撤销这个链接").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已撤销")
    visitor.leaves()
    assert httpx.get(link).status_code == 404


def test_paper_shows_what_was_folded(browser: Browser, server: Server) -> None:
    """Printed, every clause is unfolded and what is the owner's alone is left out."""
    visitor = Visitor(browser, server.url, 1280)
    page = visitor.opens(f"/sheet/{KEPT}")
    page.emulate_media(media="print")
    expect(page.locator(".checks").first).to_be_visible()
    text = plain("".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(page.pdf(format="A4"))))
    assert plain("单个企业申报融资租赁合同额不低于 1000 万元") in text and "归您管" not in text
    visitor.leaves()


def test_whoever_has_the_link_may_read_and_nothing_more(owner: httpx.Client, stranger: httpx.Client) -> None:
    """A page without the owner's part; every deed is refused with a sentence, and nothing has changed."""
    link = opened(owner)
    seen = stranger.get(link)
    assert seen.status_code == 200 and "方向8 融资租赁" in seen.text and "归您管" not in seen.text
    for deed in ("revoke", "code", "wish", "unwish"):
        refused = stranger.post(f"{link}/{deed}")
        assert refused.status_code == 403 and "只有测出这份体检单的人" in refused.json()["detail"]
    assert "归您管" in owner.get(link).text


def test_the_page_is_found_and_kept_by_nobody(owner: httpx.Client) -> None:
    """No index, no cache, no referrer; no script may run on it, and nothing of another host is asked for."""
    link = opened(owner)
    for path in (link, f"{link}.pdf", f"{link}.vcf"):
        headers = owner.get(path).headers
        assert "noindex" in headers["x-robots-tag"] and "no-store" in headers["cache-control"]
        assert (
            headers["referrer-policy"] == "no-referrer" and "default-src 'none'" in headers["content-security-policy"]
        )
    text = owner.get(link).text
    assert '<meta name="robots" content="noindex' in text and "<script" not in text and "style=" not in text


def test_the_files_of_a_sheet(owner: httpx.Client) -> None:
    """The document with the page's words, and everybody to turn to in one file."""
    link = opened(owner)
    paper = owner.get(f"{link}.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    text = plain("".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(paper.content)))
    assert "固定资产投资420万元,差80万元到500万元" in text and "按正文初步符合,但本批已截止" in text
    cards = owner.get(f"{link}.vcf")
    assert (
        cards.headers["content-type"].startswith("text/vcard") and "attachment" in cards.headers["content-disposition"]
    )
    names = re.findall(r"^FN:(.+)\r$", cards.text, re.MULTILINE)
    assert {"梁倩倩", "刘晗", "孟秀娟"} <= set(names) and len(names) == len(set(names)) == cards.text.count("END:VCARD")


def test_an_expired_and_a_guessed_link_say_the_same(stranger: httpx.Client) -> None:
    """404 with one sentence, also for its files; a link of 29 days still opens."""
    assert stranger.get(f"/sheet/{KEPT}").status_code == 200
    told = {stranger.get(f"/sheet/{token}{end}").text for token in (PAST, new_token(), "x") for end in ("", ".pdf")}
    assert len(told) == 1 and "打不开了" in told.pop()
    page = stranger.get(f"/sheet/{PAST}", headers={"Accept": "text/html"})
    assert page.status_code == 404 and "自己测一测" in page.text and "noindex" in page.headers["x-robots-tag"]


def test_nobody_without_a_case_gets_a_link(stranger: httpx.Client) -> None:
    """No cookie, or a conversation in which nothing was told."""
    assert "还没有记下您的情况" in stranger.post("/sheet").json()["detail"]
    stranger.post("/messages", data={"text": "你好"})
    assert stranger.post("/sheet").status_code == 404


def test_a_code_is_shown_once_in_the_chat(owner: httpx.Client) -> None:
    """In the reply that comes back, with and without the page's script; not in the log afterwards."""
    said = {"text": "体检单编号", "update": "once"}
    for path in ("/messages", "/"):
        shown = owner.post(path, data=said | {"update": path.strip("/") or "plain"}).text
        code = re.search(r"编号是([A-Z0-9]{6})，", shown)
        assert code and code[1] not in owner.get("/").text and "只显示一次" in owner.get("/").text
