"""An editor's story in a real browser: from a question that nobody answered to a visitor's right answer, and back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from bot.sqlite_store import SqliteStore
from bot.workbench.staff_store import Sought
from tests import browsing
from tests.browsing import HEIGHTS, Visitor
from tests.publishing import PATIENCE_S, QUESTION, RIGHT, WRONG, Asking, short_guide
from tests.serving import Server
from tests.staff import NAMES, AtDesk, hired

PAGES = ("", "/draft", "/versions", "/contacts")
LONG = "我们公司" + "在顺义做汽车底盘的" * 12 + "想问问这个钱到底是怎么个说法"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers, and the guide with few examples."""
    data = tmp_path_factory.mktemp("knowledge") / "data"
    hired(data)
    guide = short_guide(tmp_path_factory.mktemp("guide"))
    with Server(data, "--workers", "2", POLICYDESK_KNOWLEDGE=str(guide)) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


class Editor(Visitor):
    """An editor, signed in."""

    def __init__(self, browser: Browser, server: Server, width: int = 1280, **options: object) -> None:
        super().__init__(browser, server.url, width, **options)
        self.width, self.script = width, options.get("java_script_enabled", True)
        with AtDesk(server.url, NAMES["editor"]) as one:
            key = one.client.cookies["desk"]
        self.context.add_cookies([{"name": "desk", "value": key, "url": server.url}])
        self.goes()

    def goes(self, to: str = "") -> None:
        """To one of the knowledge pages."""
        self.page.goto(f"{self.url}/desk/knowledge{to}")


def until_tried(editor: Editor) -> None:
    """The preview is done; without a script the link looks again."""
    until = time.monotonic() + PATIENCE_S
    publish = editor.page.get_by_role("button", name="发布", exact=True)
    while not publish.count():
        assert time.monotonic() < until
        if not editor.script:
            editor.page.get_by_role("link", name="看试到哪了").click()
        editor.page.wait_for_timeout(500)


def until(true: Callable[[], bool], what: str) -> None:
    """Each worker changes over in its own time; whoever keeps a connection stays with one of them."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, what


def says(visitor: Visitor, text: str) -> str:
    """The reply to it."""
    visitor.says(text)
    return str(visitor.reply)


def shoot_whole(editor: Editor, name: str) -> None:
    """A picture of the whole page."""
    import os
    from pathlib import Path

    if folder := os.environ.get("SHOTS"):
        editor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def looked_over(editor: Editor, name: str) -> None:
    """Nothing that axe complains of, and nothing wider than the window.

    The widest page is laid out as the one before it: axe has seen it.
    """
    if editor.width != max(HEIGHTS):
        found = Axe().run(editor.page)
        assert found.violations_count == 0, (name, found.generate_report())
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert editor.page.evaluate(wide) == 0, name
    shoot_whole(editor, name)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_an_unanswered_question_to_the_right_answer(browser: Browser, server: Server, script: bool) -> None:
    """One press makes it a phrasing; what it changes is seen; it is published, answered, and taken back."""
    visitor = Visitor(browser, server.url, 390)
    for text in (QUESTION, QUESTION, "补贴什么时候到账", "补贴多久到账", "哇啦哇啦", LONG):
        visitor.says(text)
    assert WRONG in visitor.page.locator(".reply").first.inner_text()

    editor = Editor(browser, server, java_script_enabled=script)
    page = editor.page
    page.on("dialog", lambda dialog: dialog.accept())
    group = page.locator("section.group", has_text=QUESTION)
    expect(group.locator(".told")).to_contain_text(re.compile(r"\d+次 · [12]天里"))  # two where it is midnight
    group.locator("select[name=topic]").select_option(label="方向8 融资租赁")
    group.locator("select[name=facet]").select_option(label="联系人")
    group.get_by_role("button", name="加成问法", exact=True).click()
    group = page.locator("section.group", has_text=QUESTION)
    expect(group).to_contain_text("已在草稿")
    page.get_by_role("link", name="草稿里有1处，去预览").click()

    expect(page.locator("#waiting")).to_have_text("草稿里的改动（1处）")
    page.get_by_role("button", name="预览", exact=True).click()
    until_tried(editor)
    row = page.locator(".changes tbody tr", has_text=QUESTION).first
    expect(row).to_contain_text("梁倩倩")
    page.get_by_label("说明").fill("租赁的口语说法")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".versions tbody tr").first).to_contain_text("现在用的")
    expect(page.locator(".versions tbody tr").first).to_contain_text("租赁的口语说法")

    others = Asking(server.url)
    others.hears(RIGHT)
    until(lambda: RIGHT in says(visitor, QUESTION), "the visitor's worker serves the new version")
    until(lambda: editor.goes() or not group.count(), "the page's worker does")
    editor.goes("/versions")
    page.get_by_role("button", name="退回到指南本身").click()
    expect(page.locator(".versions tbody tr").first).to_contain_text("退回到指南本身")
    others.hears(WRONG)
    visitor.leaves()
    editor.leaves()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_group_is_set_aside_and_comes_back(browser: Browser, server: Server, script: bool) -> None:
    """With one press, and with one press back; by itself when it has been asked as often again; the trail has both."""
    visitor = Visitor(browser, server.url, 390)
    visitor.says(lunch := "食堂几点开门" if script else "哪里能修自行车")
    editor = Editor(browser, server, java_script_enabled=script)
    page = editor.page
    group, aside = page.locator("section.group", has_text=lunch), page.locator("#asides li", has_text=lunch)
    for _ in range(2):
        group.get_by_role("button", name="不用管").click()
        expect(group).to_have_count(0)
        page.locator("#asides summary").click()
        expect(aside).to_contain_text(re.compile(r"李编辑 \S+ \S+ 放下，再问\d+次会回来"))
        if script:
            looked_over(editor, "aside")
        aside.get_by_role("button", name="放回来").click()
        expect(group).to_be_visible()
        expect(aside).to_have_count(0)
    group.get_by_role("button", name="不用管").click()
    expect(group).to_have_count(0)
    page.locator("#asides summary").click()
    for _ in range(int(re.findall(r"再问(\d+)次会回来", aside.inner_text())[0])):
        visitor.says(lunch)
    until(lambda: editor.goes() or group.count() > 0, "it comes back")
    expect(group).to_contain_text(re.compile(r"放下过，又问了\d+次"))
    store = SqliteStore(server.data)
    acts = [one.action for one in store.trail(Sought(), 40)]
    assert acts.count("放下问不上来的") >= 3 and acts.count("放回问不上来的") >= 2
    assert not any(lunch in one.object for one in store.trail(Sought(), 40))
    store.close()
    visitor.leaves()
    editor.leaves()


def test_a_wrong_number_is_corrected_by_keyboard(browser: Browser, server: Server) -> None:
    """Who, what, since when, who says so; the form comes back with what was written where it can't be taken."""
    editor = Editor(browser, server)
    page = editor.page
    editor.goes("/contacts")
    page.locator("#who").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("5557800")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.fill("#source", "智能装备处来函")
    page.locator("#since").fill("2026-11-20")
    page.press("#source", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("8位号码")
    expect(page.locator("#phone")).to_have_value("5557800")
    expect(page.locator("#who option:checked")).to_contain_text("王安然")
    page.fill("#phone", "55578000")
    page.press("#phone", "Enter")
    expect(page.locator("#work")).to_contain_text("方向1 首轮流片 王安然")
    expect(page.locator("#work")).to_contain_text("电话55578000（2026-11-20，智能装备处来函）")
    page.get_by_role("button", name="去掉").first.click()
    expect(page.locator("#waiting")).to_have_text("草稿里的改动（0处）")
    assert len(editor.complaints) == 1 and "422" in editor.complaints.pop()  # the form that was refused
    editor.leaves()


def test_the_pages_at_every_width(browser: Browser, server: Server) -> None:
    """Filled, while the preview runs and once it is done; axe finds nothing, nothing sticks out."""
    visitor = Visitor(browser, server.url, 390)
    for text in (QUESTION, "补贴什么时候到账", "补贴多久到账", LONG):
        visitor.says(text)
    visitor.leaves()
    with AtDesk(server.url, NAMES["editor"]) as one:
        one.sends("/desk/knowledge/phrasings", text=QUESTION, target="8.contact")
        given = {"who": "person:0", "phone": "55578000", "since": "2026-11-20", "source": "电子信息处来函〔2026〕12号"}
        one.sends("/desk/knowledge/contacts", **given)
    editors = {width: Editor(browser, server, width) for width in HEIGHTS}
    first = next(iter(editors.values()))
    first.goes("/draft")
    if again := first.page.get_by_role("button", name=re.compile("^(再)?预览(一次)?$")).all():
        again[0].click()
    for width, editor in editors.items():
        editor.goes("/draft")
        looked_over(editor, f"knowledge-running-{width}")
    until_tried(first)
    for width, editor in editors.items():
        for to in PAGES:
            editor.goes(to)
            looked_over(editor, f"knowledge{to.replace('/', '-')}-{width}")
        editor.leaves()
