"""The web chat in a real browser, at the width of a phone and of a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from bot.sqlite_store import SqliteStore
from bot.store import Exchange, Held
from dialogs.conversation import Conversation
from dialogs.messages import Pick, Progress, Question, Reply, Text
from tests import browsing
from tests.browsing import HEIGHTS, WIDTHS, Visitor
from tests.serving import Server

GUIDE = "2023-batch-1"
NOON = datetime(2023, 3, 20, 4, tzinfo=UTC)
ASKED = "interviewed".ljust(32, "0")
"""The cookie of somebody in the middle of an interview."""

COMPOSING_ENTER = """document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
"""Enter as a Chinese input method uses it, to take the letters as they are."""


def _question(kind: str, unit: str | None, *choices: tuple[str, str]) -> Reply:
    picks = tuple(Pick(value, label, f"answer:k.{n}@{GUIDE}") for n, (value, label) in enumerate(choices))
    return Reply(
        "question", "项目的固定资产投资是多少？", progress=Progress(3, 4),
        question=Question("fixed_asset_investment_wan", kind, unit, picks, "方向10要求固定资产投资达到门槛。", ("10",)),
    )  # type: ignore[arg-type]  # fmt: skip


SHEET = (
    "按您说的情况和指南正文预判：\n初步符合：方向10 新智造100，最高不超过750万元。\n　注意：见附件10。\n"
    "还定不了：方向8 融资租赁，缺“先进制造业”。\n不符合：方向7 贷款贴息，差1项：\n　不满足：固定资产投资420万元。\n"
    "下一步：\n　1. 入项目库。"
)
RESULT = {
    "window": "closed",
    "directions": {
        "10": {"verdict": "eligible", "asked": True, "award": "不超过纳入奖励范围总投资的25%：3000万元 × 25% = 750万元",
               "max_award_wan": 750, "needs": ["project_library", "district_recommendation"], "missing": [], "gaps": [],
               "because": [{"clause": "一（三）方向10", "quote": "建设期不超过 3年", "fact": "build_years",
                            "holds": True}]},
        "7a": {"verdict": "not_eligible", "asked": True, "award": None, "needs": [], "missing": [],
               "gaps": [{"fact": "fai_2022_stat_wan", "have": 420, "need": 500, "short_by": 80}],
               "because": [{"clause": "一（二）方向7", "quote": "固定资产投资纳统 500 万元（含）以上",
                            "fact": "fai_2022_stat_wan", "holds": False}]},
        "8": {"verdict": "unknown", "asked": True, "award": None, "needs": [], "gaps": [],
              "missing": ["fai_2022_stat_wan"],
              "because": [{"clause": "一（二）方向8", "quote": "重点支持先进制造业企业", "fact": "is_advanced_mfg",
                           "holds": None}]},
        "1": {"verdict": "unknown", "asked": False, "award": None, "needs": [], "missing": [], "gaps": []},
    },
    "best": [{"directions": ["10", "14a"], "max_award_wan": 1350, "why": "两项上限相加"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server, and a visitor whose interview stands at a question."""
    data = tmp_path_factory.mktemp("web") / "data"
    store = SqliteStore(data)
    bools = (("true", "是"), ("false", "否"), ("unknown", "不清楚"))
    replies = [
        _question("bool", None, *bools),
        _question("date", None),
        Reply("result", SHEET, results=RESULT),
        _question("number", "万元", ("unknown", "不清楚")),
    ]
    for number, reply in enumerate(replies):
        exchange = Exchange(f"web:{ASKED}", f"u{number}", NOON, Text(f"第{number}句"), reply)
        store.commit(Held(None, number), exchange, Conversation(guide=GUIDE), ())
    store.close()
    with Server(data) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def visitor(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Visitor]:
    """Somebody new, at both widths."""
    made = Visitor(browser, server.url, request.param)
    yield made
    made.leaves()


def test_a_question_is_answered_and_stays(visitor: Visitor) -> None:
    """Ask, tap an option, call, open the clause, see it in its place, judge, reload, a second tab."""
    page = visitor.page
    width = page.viewport_size["width"]  # type: ignore[index]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    hello = page.inner_text(".intro")
    assert all(piece in hello for piece in ("能补多少", "随机编号", "不是承诺", "2023年4月15日"))
    visitor.shoot(f"{width}-1-hello")
    visitor.says("我们做芯片的，流片能补多少，找谁？")
    assert "3000万元" in visitor.reply and "王安然" in visitor.reply
    assert page.locator(".exchange").last.locator(".words p").first.inner_text().startswith("首轮流片单个企业")
    visitor.shoot(f"{width}-2-answer")
    dial = page.locator(".words a.dial").last
    assert dial.get_attribute("href") == "tel:+861085235681" and dial.inner_text() == "85235681"
    expect(page.locator("a.call").last).to_be_hidden()
    page.get_by_text("联系人名片").last.click()
    call = page.locator("a.call").last
    assert call.get_attribute("href") == "tel:+861085235681" and call.bounding_box()["height"] >= 40  # type: ignore[index]
    page.get_by_text("条款依据").last.click()
    expect(page.locator("blockquote").first).to_be_visible()
    visitor.shoot(f"{width}-3-clause")
    with visitor.context.expect_page() as opened:
        page.get_by_role("link", name="看原文").first.click()
    source = opened.value
    expect(source.locator("mark#quote")).to_be_in_viewport()
    assert source.locator("mark").all_inner_texts() == ["单个企业奖励金额最高不超过3000 万元"]
    source.close()
    page.get_by_role("button", name="有用").last.click()
    expect(page.get_by_text("已记下，谢谢")).to_be_visible()
    visitor.taps("首轮流片 申报条件")
    assert visitor.said == "首轮流片 申报条件" and "多项目晶圆" in visitor.reply
    page.reload()
    assert page.locator(".exchange").count() == 2
    expect(page.get_by_role("button", name="有用").first).to_have_attribute("aria-pressed", "true")
    second = visitor.opens("/")
    assert second.locator(".exchange").count() == 2
    visitor.page = second
    visitor.says("EDA呢")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".exchange")).to_have_count(3)


@pytest.mark.parametrize("visitor", HEIGHTS, indirect=True, ids=lambda width: f"{width}px")
def test_nothing_sticks_out(visitor: Visitor) -> None:
    """No page is wider than its window, whatever stands in it."""
    visitor.says("看全部方向")
    visitor.says("x" * 300)
    for path in ("/", "/source", "/nothing"):
        page = visitor.page if path == "/" else visitor.opens(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visitor.complaints = [text for text in visitor.complaints if "404" not in text]


def test_a_contact_is_copied_and_saved(visitor: Visitor) -> None:
    """The card's words on the clipboard, and the file for the address book."""
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.says("张静电话")
    page = visitor.page
    page.get_by_text("联系人名片").click()
    page.get_by_role("button", name="复制").first.click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "东城区 科信局产业发展科 张静 64009160 dcxxbdzzwk@bjdch.gov.cn"
    with page.expect_download() as download:
        page.get_by_role("link", name="存入通讯录").first.click()
    assert download.value.suggested_filename == "张静.vcf"
    card = download.value.path().read_text(encoding="utf-8")
    assert "FN:张静\n" in card and "TEL;TYPE=WORK,VOICE:+861064009160" in card and card.startswith("BEGIN:VCARD")


def test_the_keyboard_is_enough(visitor: Visitor) -> None:
    """From the skip link to an option of the reply, never without a visible focus."""
    page = visitor.page
    if page.viewport_size["width"] == 390:  # type: ignore[index]
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到输入框")).to_be_focused()
        expect(page.get_by_role("link", name="跳到输入框")).to_be_in_viewport()
        page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("流片")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("最多补多少")
    assert page.input_value("#text") == "流片\n最多补多少"
    page.evaluate(COMPOSING_ENTER)
    expect(page.locator(".exchange")).to_have_count(0)
    page.keyboard.press("Enter")
    visitor.waits()
    assert "3000万元" in visitor.reply
    expect(page.locator("#text")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if page.evaluate("document.activeElement.textContent.trim()") == "怎么申报":
            break
    page.keyboard.press("Enter")
    visitor.waits()
    assert visitor.said == "怎么申报" and "一体化申报平台" in visitor.reply


def test_a_message_is_heard(visitor: Visitor) -> None:
    """The log is announced politely, each side is named, everything that can be operated has a name."""
    visitor.says("流片最多补多少")
    tree = visitor.page.locator("body").aria_snapshot()
    for piece in ('log "对话"', 'textbox "您的问题"', 'button "发送"', "您： 流片最多补多少", "答复："):
        assert piece in tree, tree
    assert visitor.page.locator("#log").get_attribute("aria-live") == "polite"


def test_a_lost_connection_keeps_the_words(visitor: Visitor) -> None:
    """One sentence, and a button that sends the same words again once the service is back."""
    page = visitor.page
    visitor.context.set_offline(True)
    visitor.says("流片最多补多少")
    assert "没有连上服务" in visitor.reply and visitor.said == "流片最多补多少"
    visitor.shoot(f"{page.viewport_size['width']}-4-offline")  # type: ignore[index]
    visitor.context.set_offline(False)
    visitor.taps("重试")
    assert "3000万元" in visitor.reply and page.locator(".exchange").count() == 1
    visitor.complaints = [text for text in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_nothing_and_too_much_are_met(visitor: Visitor) -> None:
    """An empty box asks for words; a text too long is told while it is typed, and by the reply."""
    page = visitor.page
    page.press("#text", "Enter")
    expect(page.get_by_text("请先写下要问的事")).to_be_visible()
    page.fill("#text", "流" * 5003)
    expect(page.get_by_text("一次最多看5000个字，多了3个")).to_be_visible()
    page.press("#text", "Enter")
    visitor.waits()
    assert "一次最多看5000个字" in visitor.reply
    visitor.says("流" * 30_000)
    assert "内容太大" in visitor.reply
    visitor.complaints = [text for text in visitor.complaints if "413" not in text]


def test_an_interview_is_drawn(browser: Browser, server: Server) -> None:
    """Choices as buttons, a field with its unit, a day, the progress, why it is asked; the sheet by verdict."""
    for width in WIDTHS:
        visitor = Visitor(browser, server.url, width)
        visitor.context.add_cookies([{"name": "conversation", "value": ASKED, "url": server.url}])
        page = visitor.page
        page.goto(server.url)
        question = page.locator(".question").last
        expect(question.get_by_text("已答3题，最多还有4题")).to_be_visible()
        expect(question.get_by_text("万元", exact=True)).to_be_visible()
        expect(question.get_by_role("button", name="不清楚")).to_be_visible()
        assert question.get_by_role("textbox").get_attribute("inputmode") == "decimal"
        assert page.locator("input[type=date]").count() == 1
        assert page.locator(".choices").first.locator("button").all_text_contents() == ["是", "否", "不清楚"]
        expect(page.locator(".choices").first).to_be_hidden()  # answered long ago
        visitor.shoot(f"{width}-5-question")
        said = page.locator(".words p[class*=is-]")
        assert [one.evaluate("e => getComputedStyle(e, '::before').content[1]") for one in said.all()[:1]] == ["✓"]
        kinds = [(one.get_attribute("class") or "").strip() for one in said.all()]
        assert kinds == ["is-yes", "is-more", "is-open", "is-no", "is-no more", "is-step"]
        sheet = page.locator(".sheet")
        expect(sheet.locator(".checks").first).to_be_hidden()
        sheet.get_by_text("逐条对照条款").click()
        checks = [
            (one.get_attribute("class"), one.inner_text().split("\n")[0]) for one in sheet.locator(".check").all()
        ]
        assert checks == [
            ("check check-yes", "满足 建设期"),
            ("check check-open", "待定 先进制造业"),
            ("check check-no", "不满足 2022年固定资产投资纳统"),
        ]
        expect(sheet).to_contain_text("按正文初步符合，但本批已截止")
        expect(sheet.locator(".rest")).not_to_contain_text("贷款贴息")
        expect(sheet.locator(".rest p")).to_be_hidden()
        sheet.get_by_text("没有问到的方向").click()
        expect(sheet.locator(".rest p")).to_contain_text("首轮流片")
        sheet.scroll_into_view_if_needed()
        visitor.shoot(f"{width}-6-sheet")
        visitor.leaves()


def test_what_an_older_reply_offered_does_not_look_live(visitor: Visitor) -> None:
    """Its buttons lose their frames once a newer reply stands, and still mean what they say."""
    visitor.says("流片最多补多少")
    page = visitor.page
    chip = page.locator("#log .exchange .chips button").first
    frame = chip.evaluate("e => getComputedStyle(e).borderTopColor")
    visitor.says("融资租赁什么条件")
    expect(chip).to_have_css("border-top-color", "rgba(0, 0, 0, 0)")
    expect(page.locator("#log .exchange").last.locator(".chips button").first).to_have_css("border-top-color", frame)
    label = chip.inner_text()
    chip.click()
    visitor.waits()
    assert visitor.said == label


def test_the_last_row_of_buttons_stands_clear_of_the_composer(visitor: Visitor) -> None:
    """Scrolled to the end, and when a button is reached by key."""
    visitor.says("我们是顺义的汽车零部件厂，2022年9月改造完一条产线，固投420万，能报什么？")
    page = visitor.page
    row = page.locator(".exchange").last.locator(".chips button").last
    for reach in (lambda: page.evaluate("scrollTo(0, document.body.scrollHeight)"), lambda: row.focus()):
        reach()
        page.wait_for_timeout(100)
        button, composer = row.bounding_box(), page.locator("#ask").bounding_box()
        assert button and composer and button["y"] + button["height"] <= composer["y"]
        page.evaluate("scrollTo(0, 0)")


def test_an_answer_with_a_unit_is_sent_with_it(browser: Browser, server: Server) -> None:
    """A bare number in the field is told with the unit that stands beside it."""
    visitor = Visitor(browser, server.url, 390)
    visitor.context.add_cookies([{"name": "conversation", "value": ASKED, "url": server.url}])
    visitor.page.goto(server.url)
    visitor.page.locator(".question").last.get_by_role("textbox").fill("3000")
    visitor.page.locator(".question").last.get_by_role("button", name="回答").click()
    visitor.waits()
    assert visitor.said == "3000万元"
    visitor.leaves()


def test_a_new_conversation_begins_empty(visitor: Visitor) -> None:
    """The next person at the same computer sees nothing of the last; a slip of the finger loses nothing."""
    visitor.says("流片最多补多少")
    visitor.page.once("dialog", lambda asked: asked.dismiss())
    visitor.page.get_by_role("button", name="新会话").click()
    expect(visitor.page.locator(".exchange")).to_have_count(1)
    visitor.page.once("dialog", lambda asked: asked.accept())
    visitor.page.get_by_role("button", name="新会话").click()
    expect(visitor.page.locator(".exchange")).to_have_count(0)


def test_without_javascript_the_same_page_answers(browser: Browser, server: Server) -> None:
    """A form, an option, a word on the reply, a reload: all by plain HTML."""
    for width in WIDTHS:
        visitor = Visitor(browser, server.url, width, java_script_enabled=False)
        page = visitor.page
        page.fill("#text", "流片最多补多少")
        page.get_by_role("button", name="发送").click()
        assert "3000万元" in visitor.reply
        visitor.shoot(f"{width}-7-plain")
        page.get_by_role("button", name="怎么申报").last.click()
        assert visitor.said == "怎么申报" and page.locator(".exchange").count() == 2
        page.get_by_role("button", name="不对").last.click()
        expect(page.get_by_role("button", name="不对").last).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name="复制")).to_have_count(0)
        page.goto(server.url)
        assert page.locator(".exchange").count() == 2
        visitor.leaves()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, browser: Browser, server: Server) -> None:
    """The first page, a conversation, an interview, the source with a quote, a fault: in each layout, dark in one."""
    for width in WIDTHS if scheme == "light" else (1280,):
        visitor = Visitor(browser, server.url, width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
        visitor.says("我们做芯片的，流片能补多少，找谁？")
        visitor.page.get_by_text("条款依据").last.click()
        source = visitor.page.get_by_role("link", name="看原文").first.get_attribute("href") or ""
        visitor.shoot(f"{width}-8-{scheme}")
        pages = [visitor.page, visitor.opens(source), visitor.opens("/nothing")]
        visitor.context.add_cookies([{"name": "conversation", "value": ASKED, "url": server.url}])
        for page in (*pages, visitor.opens("/")):
            found = Axe().run(page).response["violations"]
            assert not found, [(page.url, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
        visitor.complaints = [text for text in visitor.complaints if "404" not in text]
        visitor.leaves()


# --- by plain HTTP ---------------------------------------------------------------------------------------------------


def test_a_form_is_read_however_it_is_written(server: Server) -> None:
    """Escaped, in raw UTF-8, and in parts."""
    raw = {"content": "text=流片最多补多少".encode(), "headers": {"content-type": "application/x-www-form-urlencoded"}}
    for sent in ({"data": {"text": "流片最多补多少"}}, raw, {"files": {"text": (None, "流片最多补多少")}}):
        response = httpx.post(server.url, **sent)  # type: ignore[arg-type]
        assert response.status_code == 200 and "3000万元" in response.text


def test_a_form_sent_again_is_answered_once(server: Server) -> None:
    """The same form with the same words; with other words it is another message."""
    with httpx.Client(base_url=server.url) as client:
        page = client.post("/", data={"text": "流片最多补多少", "update": "a"}).text
        for text in ("流片最多补多少", "EDA呢"):
            page = client.post("/", data={"text": text, "update": "a"}).text
    assert page.count("<article") == 2


def test_a_message_repeated_much_later_is_found(server: Server) -> None:
    """The page's script gets the exchange of its message, also when others came between."""
    with httpx.Client(base_url=server.url) as client:
        first = client.post("/messages", data={"text": "流片最多补多少", "update": "a"}).text
        for _ in range(10):
            client.post("/messages", data={"text": "你好"})
        again = client.post("/messages", data={"text": "流片最多补多少", "update": "a"}).text
    assert again.count("<article") == 1 and "3000万元" in first and "3000万元" in again


def test_the_cookie_is_for_us_alone(server: Server) -> None:
    """Not to be guessed, not to be read by a script, not sent along from elsewhere; a made-up one opens nothing."""
    response = httpx.post(server.url, data={"text": "你好"}, cookies={"conversation": "a" * 32})
    cookie = response.headers["set-cookie"]
    assert re.match(r"conversation=[A-Za-z0-9_-]{32};", cookie) and not cookie.startswith(f"conversation={'a' * 32}")
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()


def test_what_is_said_is_never_markup(server: Server) -> None:
    """A visitor's words and a quote of an address come back as words."""
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    for page in (
        httpx.post(server.url, data={"text": nasty}).text,
        httpx.get(f"{server.url}/source?quote={nasty}").text,
    ):
        assert "<script>alert" not in page and "<img" not in page and "&lt;script&gt;" in page


def test_a_judgement_needs_a_reply(server: Server) -> None:
    """Somebody without a conversation, or with a reply that isn't theirs, is told so."""
    assert httpx.post(f"{server.url}/feedback", data={"update": "x", "useful": "yes"}).status_code == 404
    with httpx.Client(base_url=server.url) as client:
        client.post("/", data={"text": "你好"})
        assert client.post("/feedback", data={"update": "u0", "useful": "yes"}).status_code == 404
        assert client.post("/feedback", data={"update": "u0", "useful": "maybe"}).status_code == 404


def test_cards_are_those_of_the_guide(server: Server) -> None:
    """Nobody gets a card from us that the tables don't name."""
    assert httpx.get(f"{server.url}/contact.vcf?name=张三&phone=12345678").status_code == 404


def test_the_source_is_whole(server: Server) -> None:
    """The text as it came, and a page that says so where a quote isn't in it."""
    assert "高精尖产业发展" in httpx.get(f"{server.url}/source.txt").text
    assert "原文里没有找到这句话" in httpx.get(f"{server.url}/source?quote=最高八千万元").text
