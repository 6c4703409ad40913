"""The desk in a real browser: the way in by a link, the keyboard, the directory, the administrators' pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from bot.workbench.directory import directory
from bot.workbench.staff_store import Role
from dialogs.library import Library
from tests import browsing
from tests.browsing import HEIGHTS, Visitor
from tests.serving import Server
from tests.staff import NAMES, PASSWORD, AtDesk, hired, invited


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one person of each role."""
    data = tmp_path_factory.mktemp("desk") / "data"
    hired(data)
    with Server(data) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


class Officer(Visitor):
    """Somebody of the staff, signed in."""

    def __init__(self, browser: Browser, server: Server, role: Role, width: int = 1280, **options: object) -> None:
        super().__init__(browser, server.url, width, **options)
        with AtDesk(server.url, NAMES[role]) as one:
            self.context.add_cookies([{"name": "desk", "value": one.client.cookies["desk"], "url": server.url}])
        self.page.goto(f"{server.url}/desk")

    @property
    def status(self) -> str:
        """What a screen reader was told last."""
        return self.page.locator("[data-status]").inner_text()


@pytest.fixture
def officer(browser: Browser, server: Server) -> Iterator[Officer]:
    """An officer at a desk."""
    made = Officer(browser, server, "officer")
    yield made
    made.leaves()


def names(page: Page) -> list[str]:
    """The people whom the directory shows."""
    return page.locator("tbody tr:visible th").all_inner_texts()


def test_a_link_leads_in_and_leaves_no_trace(browser: Browser, server: Server) -> None:
    """The form is filled from behind the #, which the address bar then forgets; a password; the desk."""
    _, code = invited(server.data, "新来的", "officer")
    new = Visitor(browser, server.url, 1280)
    page = new.page
    page.goto(f"{server.url}/desk/first#name=%E6%96%B0%E6%9D%A5%E7%9A%84&code={code}")
    expect(page.get_by_label("姓名")).to_have_value("新来的")
    expect(page.get_by_label("一次性代码")).to_have_value(code)
    expect(page.get_by_label("新密码")).to_be_focused()
    assert page.url == f"{server.url}/desk/first"
    new.shoot("1280-desk-first")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/desk")
    expect(page.get_by_role("link", name="新来的 值守员")).to_be_visible()
    expect(page.get_by_role("button", name="按键")).to_be_visible()  # the page's script is at work
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{server.url}/desk/sign-in")
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    new.leaves()


def test_whoever_signs_out_asks_for_nothing_more(browser: Browser, server: Server) -> None:
    """The answer to what the page was asking for just then would be a refusal, of which the browser complains."""
    one = Officer(browser, server, "officer")
    page, asked = one.page, list[Route]()

    def signs_out(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        for late in asked:
            late.fulfill(status=401)
        route.fulfill(response=answer)

    page.route("**/desk", lambda route: asked.append(route) if "x-live" in route.request.headers else route.continue_())
    page.route("**/desk/sign-out", signs_out)
    with page.expect_request(lambda request: "x-live" in request.headers):
        page.goto(f"{server.url}/desk")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{server.url}/desk/sign-in")
    assert asked
    one.leaves()


def test_a_page_that_was_asked_for_comes_after_signing_in(browser: Browser, server: Server) -> None:
    """The link of a mail: sign in, there one is; a wrong password says so, with the name kept."""
    one = Visitor(browser, server.url, 1280)
    page = one.page
    page.goto(f"{server.url}/desk/directory?q=海淀")
    expect(page.get_by_label("姓名")).to_be_focused()
    page.keyboard.type(NAMES["officer"])
    page.keyboard.press("Tab")
    page.keyboard.type("不是这个密码不是这个密码不是")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("姓名或密码不对。")
    expect(page.get_by_label("密码")).to_be_focused()
    one.shoot("1280-desk-sign-in")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/desk/directory?q=%E6%B5%B7%E6%B7%80")
    assert names(page) == ["石钟山", "韩焱淼", "何欢", "张静"]
    one.complaints = [text for text in one.complaints if "401" not in text]
    one.leaves()


def test_the_keyboard_is_enough(officer: Officer) -> None:
    """Skip link, / and ?, g and a number, Esc; a visible focus wherever one is; no key steals what is being written."""
    page = officer.page
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("a/?g3")
    expect(page.locator("#find")).to_have_value("a/?g3")
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_have_value("")
    page.locator("#find").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="按键")).to_be_visible()
    officer.shoot("1280-desk-keys")
    page.keyboard.press("g")
    page.keyboard.press("2")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#find").blur()
    where = page.locator("[data-place]").all_inner_texts().index("名录") + 1
    page.keyboard.press("g")
    page.keyboard.press(str(where))
    expect(page).to_have_url(f"{officer.url}/desk/directory")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_directory_is_filtered_while_one_types(officer: Officer) -> None:
    """A district, a phone, a mailbox, initials, two words; what they share is said; nobody: a sentence."""
    page = officer.page
    page.goto(f"{officer.url}/desk/directory")
    everybody = len(names(page))
    for typed, found in (
        ("海淀", ["石钟山", "韩焱淼", "何欢", "张静"]),
        ("84045670", ["崔越"]),
        ("WANGANRAN", ["王安然"]),
        ("wyy", ["魏媛媛"]),
        ("海淀 张静", ["张静"]),
        ("８５２３５６８１", ["王安然", "丰慧", "张亚楠"]),
    ):
        page.fill("#q", typed)
        shown = names(page)
        assert set(found) <= set(shown), (typed, shown)
        if typed != "wyy":
            assert len(shown) <= 4
        expect(page.locator("[data-count]")).to_have_text(str(len(shown)))
    page.fill("#q", "张静")
    assert names(page) == ["张静", "张静"]
    expect(page.get_by_text("同名：还有海淀区的张静，88497135")).to_be_visible()
    expect(page.get_by_text("同名：还有东城区的张静，64009160")).to_be_visible()
    expect(page.get_by_role("heading", name="市级处室")).to_be_hidden()
    page.fill("#q", "火星")
    expect(page.get_by_text("名录里没有对得上的人")).to_be_visible()
    page.press("#q", "Escape")
    assert len(names(page)) == everybody


def test_a_contact_is_copied_without_a_mouse(officer: Officer) -> None:
    """Tab from the box to the number, Enter; the clipboard has it, and it is said."""
    officer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = officer.page
    page.goto(f"{officer.url}/desk/directory")
    page.keyboard.press("/")
    page.keyboard.type("徐克举")
    copied = []
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-copy]')"):
            page.keyboard.press("Enter")
            expect(page.locator("[data-status]")).not_to_be_empty()
            copied.append(page.evaluate("navigator.clipboard.readText()"))
            assert officer.status == f"已复制 {copied[-1]}"
            page.evaluate("document.querySelector('[data-status]').textContent = ''")
    assert copied[0] == "55578166" and copied[1] == "xukeju@jxj.beijing.gov.cn"
    assert copied[2] == "方向6 新基建应用 规划处 徐克举 55578166 xukeju@jxj.beijing.gov.cn"


def test_an_administrator_adds_somebody(browser: Browser, server: Server) -> None:
    """The one-time sign-in stands in front, to be copied; it is not shown again; disabling asks first."""
    boss = Officer(browser, server, "admin")
    page = boss.page
    page.get_by_role("link", name="人员").click()
    page.get_by_label("加人").fill("孙新")
    page.get_by_label("角色", exact=True).select_option("编辑")
    page.get_by_role("button", name="加上").press("Enter")
    expect(page.get_by_role("heading", name="孙新的一次性登录")).to_be_visible()
    expect(page.locator(".way")).to_be_focused()
    boss.shoot("1280-desk-staff")
    row = page.locator("tr", has_text="孙新")
    expect(row).to_contain_text("等本人设密码")
    page.once("dialog", lambda asked: asked.dismiss())
    row.get_by_role("button", name="停用").click()
    page.once("dialog", lambda asked: asked.accept())
    row.get_by_role("button", name="停用").click()
    expect(page.locator("tr", has_text="孙新")).to_contain_text("已停用")
    page.get_by_role("link", name="记录").click()
    expect(page.locator("tbody tr").first.locator("td")).to_have_text([re.compile(":"), NAMES["admin"], "停用", "孙新"])
    boss.shoot("1280-desk-audit")
    boss.leaves()


def test_without_javascript_the_desk_works(browser: Browser, server: Server) -> None:
    """Sign in, look somebody up, sign out: by plain forms; no button that could do nothing."""
    one = Visitor(browser, server.url, 1280, java_script_enabled=False)
    page = one.page
    page.goto(f"{server.url}/desk")
    page.get_by_label("姓名").fill(NAMES["officer"])
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="名录").click()
    page.locator("#q").fill("昌平")
    page.get_by_role("button", name="筛选").click()
    assert names(page) and len(names(page)) < 5
    expect(page.get_by_role("button", name="复制")).to_have_count(0)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    one.leaves()


@pytest.mark.parametrize("width", HEIGHTS)
def test_pages_fit_and_axe_finds_nothing(width: int, browser: Browser, server: Server) -> None:
    """At three widths nothing runs over the edge; at two, dark at one, there is nothing that axe knows to be wrong."""
    for scheme in ("light", "dark") if width == 1280 else ("light",):
        boss = Officer(browser, server, "admin", width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
        for place in ("", "/directory", "/staff", "/audit", "/password", "/nothing"):
            page = boss.opens(f"/desk{place}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (place, width)
            found = Axe().run(page).response["violations"] if width != 1920 else []
            assert not found, [(page.url, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
            boss.page = page
            boss.shoot(f"{width}-desk-{scheme}{place.replace('/', '-')}")
        boss.complaints = [text for text in boss.complaints if "404" not in text]
        boss.leaves()


def test_a_page_is_light(server: Server) -> None:
    """What a page of the desk costs an old machine: no framework, few bytes."""
    with AtDesk(server.url, NAMES["officer"]) as one:
        page = one.client.get("/desk").text
    files = [f"/static/{name}" for name in ("page.css", "desk.css", "desk.js")]
    assert all(name in page for name in files)
    sizes = [len(httpx.get(f"{server.url}{name}").content) for name in files]
    assert len(page) < 8_000 and sum(sizes) < 45_000, (len(page), sizes)


def test_everybody_of_the_tables_is_in_the_directory(library: Library) -> None:
    """Each with a number; who shares a name or a number is told of the other, both ways."""
    municipal, districts = directory(library)
    assert municipal.size + districts.size == len(library.holders)
    rows = {(row.name, row.phone): row for group in (municipal, districts) for row in group.rows}
    assert all(row.phone for row in rows.values())
    assert "共用电话：85235681也是丰慧" in " ".join(rows["王安然", "85235681"].minds)
    assert "王安然" in " ".join(rows["丰慧", "85235681"].minds)
    assert "同名：还有海淀区的张静，88497135" in rows["张静", "64009160"].minds
    assert "次序对应" in " ".join(rows["张佩佩", "65099903"].minds)
    assert "照录，发邮件前请先打电话核实" in " ".join(rows["崔越", "84045670"].minds)
    assert not rows["徐克举", "55578166"].minds
    assert [row.name for group in directory(library, "海淀 zj") for row in group.rows] == ["张静"]
