"""An officer's day in a real browser, the visitor's page beside it: two sides of one conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from bot.sqlite_store import SqliteStore
from bot.workbench.signing_in import digest_of
from bot.workbench.staff_store import Sought
from tests import browsing
from tests.browsing import HEIGHTS, Visitor
from tests.serving import Server
from tests.staff import NAMES, PASSWORD, AtDesk, hire, hired

CHEN, ZHAO = NAMES["officer"], "赵同事"
NOTE = "对方语气急，先安抚"
EVIL = '<img src=x onerror="document.title=`broken in`">"\'><script>document.title="broken in"</script>'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers, two officers, an editor and an administrator."""
    data = tmp_path_factory.mktemp("day") / "data"
    hired(data)
    store = SqliteStore(data)
    hire(store, ZHAO, "officer")
    store.close()
    with Server(data, "--workers", "2") as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


class Officer(Visitor):
    """An officer, signed in."""

    def __init__(self, browser: Browser, server: Server, name: str, width: int = 1280, **options: object) -> None:
        super().__init__(browser, server.url, width, **options)
        with AtDesk(server.url, name) as one:
            self.key = one.client.cookies["desk"]
        self.context.add_cookies([{"name": "desk", "value": self.key, "url": server.url}])
        self.goes("/desk/queue")

    def goes(self, path: str) -> None:
        """To a page."""
        self.page.goto(self.url + path)

    def row(self, no: int) -> Locator:
        """The queue's row of a ticket."""
        return self.page.locator(f"#waiting tr[data-no='{no}']")

    def writes(self, text: str) -> None:
        """To the visitor, and sends it."""
        self.page.fill("#say", text)
        self.page.press("#say", "Enter")
        expect(self.page.locator("#say")).to_have_value("")


@pytest.fixture
def chen(browser: Browser, server: Server) -> Iterator[Officer]:
    """An officer at the queue."""
    made = Officer(browser, server, CHEN)
    yield made
    made.leaves()


def handed_over(visitor: Visitor, *words: str) -> int:
    """Say something, ask for a person; the ticket's number."""
    for one in words:
        visitor.says(one)
    visitor.says("转人工")
    found = re.search(r"工单号?(\d+)", visitor.reply)
    assert found
    return int(found[1])


def test_an_officers_day(browser: Browser, server: Server) -> None:
    """Sign in, look up, take a ticket from the queue, answer, note, close; the visitor goes on where they were."""
    visitor = Visitor(browser, server.url, 390)
    chen = Visitor(browser, server.url, 1280)
    page = chen.page
    page.goto(f"{server.url}/desk")
    page.get_by_label("姓名").fill(CHEN)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    for typed, heard in (("yyt 12", "30万元"), ("84045670", "8404 5670")):
        page.fill("#find", typed)
        expect(page.locator(".heard p")).to_contain_text(heard)

    # the queue tells by itself; keys lead to the ticket
    page.goto(f"{server.url}/desk/queue")
    expect(page.locator("#waiting")).to_contain_text("没有人在等")
    no = handed_over(visitor, "测一测方向10", "是", "二手设备能不能算进去")
    row = page.locator(f"#waiting tr[data-no='{no}']")
    expect(row).to_contain_text("对方要找人")
    expect(row).to_contain_text("二手设备能不能算进去")
    expect(page).to_have_title("(1) 待办 · 工作台")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    # one screen, no click: what was asked, what to say, its clause, where to write
    expect(page.locator(".asked blockquote")).to_have_text("二手设备能不能算进去")
    for part in (".asked blockquote", ".answer", ".clause-of", "#write", ".note"):
        expect(page.locator(part).first).to_be_in_viewport(ratio=1)
    expect(page.locator("#say")).to_have_count(0)
    page.keyboard.press("c")
    expect(page.locator("#say")).to_be_focused()
    expect(visitor.page.locator("#at-desk")).to_contain_text("值守员正在为您办理")

    # the suggestion and a canned text together; the visitor sees that something is being typed
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    suggested = page.locator(".answer").inner_text()
    page.locator("#say").press_sequentially("/qs")
    expect(page.locator("#menu li").first).to_contain_text("请稍等")
    expect(visitor.page.locator("#at-desk em")).to_be_visible()
    page.keyboard.press("Enter")
    written = page.input_value("#say")
    assert written.startswith(suggested) and "我核对一下原文" in written and "/qs" not in written
    page.keyboard.press("Enter")
    expect(visitor.page.locator(".officer").last).to_contain_text("我核对一下原文")
    expect(visitor.page.locator(".officer-name").last).to_have_text("值守员")

    # a note is for colleagues: Enter is a line, Ctrl+Enter keeps it
    expect(page.locator("#say")).to_have_value("")  # it was sent, and has the focus again
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type(NOTE)
    page.keyboard.press("Enter")
    expect(page.locator("#note")).to_have_value(NOTE + "\n")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes")).to_contain_text(NOTE)

    # the visitor types, then says something: both come without a reload
    visitor.page.locator("#text").press_sequentially("那什么时候截止")
    expect(page.locator("#typing")).to_be_visible()
    visitor.says("那什么时候截止")
    expect(page.locator(".asked blockquote")).to_have_text("那什么时候截止")
    expect(page.locator(".answer")).to_contain_text("2023年4月15日")
    expect(page.locator("#typing")).to_be_hidden()
    chen.shoot("day-1280")

    # closed: the assistant goes on at the very question
    page.locator("#closing summary").click()
    page.get_by_label("结果").select_option("已转处室")
    page.get_by_role("button", name="办结，还给助手").click()
    expect(page.locator(".about")).to_contain_text("已转处室")
    expect(visitor.page.locator(".reply").last).to_contain_text("项目哪天竣工")
    expect(visitor.page.locator("#at-desk")).to_be_hidden()
    visitor.says("2022年9月1日")
    expect(visitor.page.locator(".reply").last).not_to_contain_text("项目哪天竣工")
    visitor.page.reload()
    assert NOTE not in visitor.page.content() and "先安抚" not in visitor.page.content()
    for one in (chen, visitor):
        one.leaves()


def test_two_officers_at_once(browser: Browser, server: Server, chen: Officer) -> None:
    """Who comes second sees who has it and can send nothing; a transfer comes to the colleague first."""
    zhao, visitor, other = (
        Officer(browser, server, ZHAO), Visitor(browser, server.url, 1280), Visitor(browser, server.url, 1280)
    )  # fmt: skip
    handed_over(other, "海淀区找谁")
    no = handed_over(visitor, "流片最多补多少")
    for one in (chen, zhao):
        one.goes(f"/desk/tickets/{no}")
    expect(zhao.page.locator("#around")).to_have_text(f"{CHEN}也开着这张工单")
    chen.page.keyboard.press("c")
    expect(zhao.page.locator(".locked")).to_contain_text(f"{CHEN}正在办理")
    assert zhao.page.locator("#say, .acts form, .acts details").count() == 0
    zhao.goes("/desk/queue")
    expect(zhao.row(no)).to_contain_text(f"{CHEN}在办")
    zhao.shoot("two-queue-1280")

    chen.page.locator("#transferring summary").click()
    chen.page.get_by_label("转给", exact=True).select_option(ZHAO)
    chen.page.get_by_label("为什么").fill("她管方向1")
    chen.page.get_by_role("button", name="转", exact=True).click()
    expect(zhao.row(no)).to_contain_text("转给我的")
    assert zhao.page.locator("#waiting tbody tr").first.get_attribute("data-no") == str(no)
    zhao.page.keyboard.press("j")
    zhao.page.keyboard.press("c")
    zhao.page.wait_for_url(f"**/desk/tickets/{no}")
    zhao.writes("您好，我来答您。")
    expect(visitor.page.locator(".officer").last).to_contain_text("我来答您")
    expect(zhao.page.locator("#log")).to_contain_text("她管方向1")

    # both claim it, one from a page that has not heard of the other
    zhao.page.once("dialog", lambda asked: asked.accept())
    zhao.page.get_by_role("button", name="退回队列").click()
    expect(zhao.page.locator("#head")).to_have_attribute("data-may", "free")
    chen.page.route("**/api/desk/events*", lambda route: route.fulfill(status=204))
    chen.goes(f"/desk/tickets/{no}")
    zhao.page.keyboard.press("c")
    expect(zhao.page.locator("#say")).to_be_visible()
    expect(chen.page.locator("#head")).to_have_attribute("data-may", "free")
    chen.page.keyboard.press("c")
    expect(chen.page.locator("#told")).to_contain_text(ZHAO)
    expect(chen.page.locator(".locked")).to_contain_text(f"{ZHAO}正在办理")
    chen.complaints = [one for one in chen.complaints if "409" not in one]  # the console tells of it, rightly
    for one in (zhao, visitor, other):
        one.leaves()


def test_whatever_is_written_is_shown_as_text(browser: Browser, server: Server, chen: Officer) -> None:
    """Markup of a visitor's, an officer's, in a note, a reason, a record: on each page words, and nothing runs."""
    visitor = Visitor(browser, server.url, 1280)
    no = handed_over(visitor, EVIL)
    expect(chen.row(no)).to_contain_text("<img src=x")
    chen.goes(f"/desk/tickets/{no}")
    chen.page.keyboard.press("c")
    visitor.says(EVIL)
    expect(chen.page.locator(".asked blockquote")).to_have_text(EVIL)
    chen.writes(EVIL)
    expect(visitor.page.locator(".officer-words").last).to_have_text(EVIL)
    chen.page.fill("#note", EVIL)
    chen.page.press("#note", "Control+Enter")
    expect(chen.page.locator("#notes")).to_contain_text(EVIL)
    chen.page.locator("#closing summary").click()
    chen.page.get_by_label("一句话记录").fill(EVIL)
    chen.page.get_by_role("button", name="办结，还给助手").click()
    expect(chen.page.locator(".about")).to_contain_text(EVIL)
    for path in (f"/desk/tickets/{no}", "/desk/queue", "/desk"):
        chen.goes(path)
        assert "broken in" not in chen.page.title(), path
        assert chen.page.locator("#work img, #waiting script, .sides script").count() == 0, path
    chen.page.fill("#find", str(no))
    expect(chen.page.locator(".hit").first).to_contain_text(f"工单{no}")
    assert chen.page.locator(".search img, .search .hit script").count() == 0
    assert "broken in" not in visitor.page.title()
    visitor.leaves()


def test_several_callers_at_once(browser: Browser, server: Server, chen: Officer) -> None:
    """Two calls, held at once, switched by a key; the interview runs for each; a case is taken up by its code."""
    holder = Visitor(browser, server.url, 1280)
    for words in ("测一测方向10", "是", "先看结果", "给我编号"):
        holder.says(words)
    code = re.search(r"编号[^A-Z0-9]*([A-Z0-9]{6})", holder.reply)
    assert code, holder.reply

    chen.page.keyboard.press("t")
    chen.page.wait_for_url("**/desk/tickets/*")
    first = chen.page.url
    expect(chen.page.locator("#say")).to_be_focused()
    chen.page.keyboard.type("想测一测方向10")
    chen.page.keyboard.press("Enter")
    expect(chen.page.locator(".aloud")).to_contain_text("智能制造项目吗")
    chen.page.get_by_role("button", name="是", exact=True).click()
    expect(chen.page.locator(".aloud")).to_contain_text("哪天竣工")
    expect(chen.page.locator(".facts li")).to_have_count(1)
    chen.shoot("phone-1280")

    chen.goes("/desk/queue")
    chen.page.get_by_role("button", name="来电").click()
    chen.page.wait_for_url("**/desk/tickets/*")
    second = chen.page.url
    assert second != first
    expect(chen.page.locator("#mine a")).to_have_count(2)
    chen.page.fill("#say", f"编号 {code[1]}")
    chen.page.press("#say", "Enter")
    expect(chen.page.locator(".facts")).to_contain_text("智能制造项目")
    chen.page.locator("#say").press_sequentially("还没写完")
    chen.page.keyboard.press("Alt+1")
    chen.page.wait_for_url(first)
    expect(chen.page.locator(".aloud")).to_contain_text("哪天竣工")
    chen.page.keyboard.press("Alt+2")
    chen.page.wait_for_url(second)
    expect(chen.page.locator("#say")).to_have_value("还没写完")
    for url in (second, first):
        chen.page.goto(url)
        chen.page.locator("#closing summary").click()
        chen.page.get_by_label("一句话记录").fill("问方向10，已告知竣工时间要求")
        chen.page.get_by_role("button", name="办结，还给助手").click()
        expect(chen.page.locator(".about")).to_contain_text("已答复：问方向10，已告知竣工时间要求")
    holder.leaves()


def test_a_lost_session_is_said(browser: Browser, server: Server) -> None:
    """While something is being written: it is not sent, that is said, and the words are still there afterwards."""
    zhao, visitor = Officer(browser, server, ZHAO), Visitor(browser, server.url, 1280)
    no = handed_over(visitor, "流片最多补多少")
    zhao.goes(f"/desk/tickets/{no}")
    zhao.page.keyboard.press("c")
    zhao.page.fill("#say", "写到一半的话")
    store = SqliteStore(server.data)
    store.end_session(digest_of(zhao.key))
    store.close()
    zhao.page.press("#say", "Enter")
    expect(zhao.page.locator("#told")).to_contain_text("登录过期了")
    expect(zhao.page.locator("#say")).to_have_value("写到一半的话")
    zhao.page.get_by_role("link", name="重新登录").click()
    zhao.page.get_by_label("姓名").fill(ZHAO)
    zhao.page.get_by_label("密码").fill(PASSWORD)
    zhao.page.keyboard.press("Enter")
    expect(zhao.page.locator("#say")).to_have_value("写到一半的话")
    assert visitor.page.locator(".officer").count() == 0
    zhao.complaints = [one for one in zhao.complaints if "401" not in one]  # the console tells of it, rightly
    for one in (zhao, visitor):
        one.leaves()


def test_without_javascript(browser: Browser, server: Server) -> None:
    """Claim, answer, note, close: by plain forms."""
    plain = Officer(browser, server, ZHAO, java_script_enabled=False)
    visitor = Visitor(browser, server.url, 1280)
    no = handed_over(visitor, "流片最多补多少")
    plain.goes("/desk/queue")
    plain.row(no).get_by_role("button", name="接手").click()
    plain.page.get_by_label("回复来访者").fill("您好，请看附件。")
    plain.page.get_by_role("button", name="发给对方").click()
    expect(visitor.page.locator(".officer").last).to_contain_text("请看附件")
    plain.page.get_by_label("备注", exact=True).fill(NOTE)
    plain.page.get_by_role("button", name="记备注").click()
    expect(plain.page.locator("#notes")).to_contain_text(NOTE)
    assert NOTE not in visitor.page.content()
    plain.page.locator("#closing summary").click()
    plain.page.get_by_role("button", name="办结，还给助手").click()
    expect(plain.page.locator(".about")).to_contain_text("已办结")
    for one in (plain, visitor):
        one.leaves()


def test_what_officers_do_is_in_the_trail(browser: Browser, server: Server, chen: Officer) -> None:
    """Opened, claimed, answered, closed: who and which ticket; never a word of it. Drawn anew is not opened again."""
    visitor = Visitor(browser, server.url, 1280)
    no = handed_over(visitor, "流片最多补多少")
    chen.goes(f"/desk/tickets/{no}")
    chen.page.keyboard.press("c")
    chen.writes("听暗号的人")
    chen.page.locator("#closing summary").click()
    chen.page.get_by_role("button", name="办结，还给助手").click()
    expect(chen.page.locator(".about")).to_contain_text("已办结")
    store = SqliteStore(server.data)
    lines = [(one.who, one.action) for one in store.trail(Sought(object=f"工单{no}"), 50)]
    said = [one.object + one.action for one in store.trail(Sought(), 500)]
    store.close()
    assert {action for _, action in lines} == {"看工单", "接手工单", "回复来访者", "办结工单"}
    assert {who for who, _ in lines} == {CHEN} and lines.count((CHEN, "接手工单")) == 1
    assert lines.count((CHEN, "看工单")) <= 2  # each worker counts its own
    assert not any("暗号" in one for one in said)
    visitor.leaves()


@pytest.mark.parametrize("width", HEIGHTS)
def test_pages_fit_and_axe_finds_nothing(width: int, browser: Browser, server: Server) -> None:
    """The queue and a ticket at three widths, light and dark: nothing sticks out, nothing that axe knows is wrong."""
    visitor = Visitor(browser, server.url, 390)
    no = handed_over(visitor, "测一测方向10", "是")
    for scheme in ("light", "dark") if width == 1280 else ("light",):
        zhao = Officer(browser, server, ZHAO, width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
        for path in ("/desk/queue", f"/desk/tickets/{no}"):
            zhao.goes(path)
            if path != "/desk/queue" and scheme == "light":
                zhao.page.keyboard.press("c")
                zhao.page.locator("#say").wait_for()
            assert zhao.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            assert not faults(zhao.page), (path, faults(zhao.page))
        zhao.shoot(f"ticket-{width}-{scheme}")
        zhao.leaves()
    assert width != 390 or not faults(visitor.page), faults(visitor.page)
    visitor.leaves()


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds, and where."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
