"""Letters and cards on a ticket's page, in a browser, with a mail server; raised tickets, calls in the talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sqlite_store import SqliteStore
from tests import browsing
from tests.browsing import HEIGHTS, Visitor
from tests.posting import OWN, Postbox, answer_to, free_port, hand_in, until
from tests.serving import Server
from tests.staff import NAMES, AtDesk, hired
from tests.test_desk_day import Officer, faults, handed_over

WANG, FENG = "wanganran@jxj.beijing.gov.cn", "fenghui@jxj.beijing.gov.cn"
EVIL = '比例见附件1。<img src=x onerror="document.title=`broken in`">'


class MailServer(Server):
    """A server that writes to a postbox and listens for answers."""

    def __init__(self, folder: object, box: Postbox) -> None:
        self.mail_port = free_port()
        settings = {
            "POLICYDESK_SMTP_HOST": "127.0.0.1", "POLICYDESK_SMTP_PORT": str(box.port), "POLICYDESK_SMTP_FROM": OWN,
            "POLICYDESK_SMTP_LISTEN": f"127.0.0.1:{self.mail_port}", "POLICYDESK_PUBLIC_URL": "http://hotline.example",
        }  # fmt: skip
        super().__init__(folder, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def box() -> Iterator[Postbox]:
    """The mail server of the house: 丰慧's mailbox is full."""
    with Postbox(refuses={FENG}) as started:
        yield started


@pytest.fixture(scope="module")
def server(box: Postbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """Two mailboxes are confirmed."""
    data = tmp_path_factory.mktemp("letters") / "data"
    hired(data)
    store = SqliteStore(data)
    assert all(store.confirm_mailbox(address, datetime.now(UTC)) for address in (WANG, FENG))
    store.close()
    with MailServer(data, box) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing.browser() as started:
        yield started


def taken(browser: Browser, server: Server, *said: str, **options: object) -> tuple[Officer, Visitor, int]:
    """An officer with the ticket of a visitor who has said something."""
    chen, visitor = Officer(browser, server, NAMES["officer"], **options), Visitor(browser, server.url, 1280)  # type: ignore[arg-type]
    no = handed_over(visitor, *said)
    chen.goes(f"/desk/tickets/{no}")
    chen.page.get_by_role("button", name=re.compile("^接手")).first.click()
    chen.page.locator("#say").wait_for()
    return chen, visitor, no


def row(page: Page, name: str) -> object:
    """A contact's line of the page."""
    return page.locator(".who-to-ask li", has_text=name).first


def test_a_card_goes_to_the_visitor(browser: Browser, server: MailServer) -> None:
    """One press: the visitor has it as the officer's, the talk shows it, the log tells it in Chinese."""
    chen, visitor, _ = taken(browser, server, "流片最多补多少")
    row(chen.page, "王安然").get_by_role("button", name="发名片").click()  # type: ignore[attr-defined]
    expect(visitor.page.locator(".reply").last).to_contain_text("85235681")
    expect(chen.page.locator(".by-officer").last).to_contain_text("王安然")
    expect(chen.page.locator("#log")).to_contain_text("发了联系人名片")
    for one in (chen, visitor):
        one.leaves()


def test_a_letter_is_written_answered_and_used(browser: Browser, server: MailServer, box: Postbox) -> None:
    """The question put anew; the answer with its attachment, as text; put into the box, and not sent by itself."""
    chen, visitor, no = taken(browser, server, "流片比例是多少")
    page = chen.page
    contact = row(page, "王安然")
    contact.get_by_text("写信").click()  # type: ignore[attr-defined]
    question = page.get_by_label("信里的问题")
    expect(question).to_have_value("流片比例是多少")
    question.fill("附件1里流片的奖励比例是多少？")
    expect(contact).to_contain_text("会先问来访者同不同意")  # type: ignore[arg-type]
    contact.get_by_role("button", name="写好，发出").click()  # type: ignore[attr-defined]
    letters = page.locator("#letters")
    expect(letters).to_contain_text("已发出", timeout=60_000)
    expect(question).to_be_hidden()
    assert "附件1里流片的奖励比例是多少？" in box.to(no)[0].get_content()

    answer = answer_to(box.to(no)[0], EVIL)
    answer.add_attachment(b"%PDF-1.7 small", maintype="application", subtype="pdf", filename="附件1 节选.pdf")
    assert hand_in(server.mail_port, WANG, box.to(no)[0]["Reply-To"].addresses[0].addr_spec, answer) == (250, "")
    expect(letters).to_contain_text("已答复")
    expect(letters.locator(".answer").first).to_have_text(EVIL)
    assert page.locator("#letters img").count() == 0 and "broken in" not in page.title()
    where = letters.get_by_role("link", name="附件1 节选.pdf").get_attribute("href")
    file = chen.context.request.get(f"{server.url}{where}")
    assert file.body() == b"%PDF-1.7 small"
    chen.shoot("letters-1280")
    letters.get_by_text("用这段话回复").click()
    expect(page.locator("#say")).to_have_value(EVIL)
    assert visitor.page.locator(".officer").count() == 0
    for one in (chen, visitor):
        one.leaves()


def test_the_case_goes_along_when_the_visitor_agrees(browser: Browser, server: MailServer, box: Postbox) -> None:
    """Ticked: the visitor is asked first, the letter waits; 同意: it goes with the case."""
    chen, visitor, no = taken(browser, server, "测一测方向10", "是")
    contact = chen.page.locator(".who-to-ask li", has=chen.page.locator("code")).first
    contact.locator("summary").click()
    expect(contact).to_contain_text("policydesk mail confirm")
    assert contact.get_by_role("button", name="写好，发出").count() == 0
    confirmed = chen.page.locator(".who-to-ask li").filter(has_text="杨春辉").first
    store = SqliteStore(server.data)
    store.confirm_mailbox("yangchunhui@jxj.beijing.gov.cn", datetime.now(UTC))
    store.close()
    chen.page.reload()
    confirmed.get_by_text("写信").click()
    confirmed.get_by_label("附上情况和初步结论").check()
    confirmed.get_by_role("button", name="写好，发出").click()
    expect(chen.page.locator("#letters")).to_contain_text("等来访者同意")
    assert box.to(no) == []
    visitor.taps("同意")
    expect(chen.page.locator("#letters")).to_contain_text("已发出", timeout=60_000)
    assert "来访者说的情况" in box.to(no)[0].get_content()
    for one in (chen, visitor):
        one.leaves()


def test_a_bounce_says_why(browser: Browser, server: MailServer) -> None:
    """In the mail server's own words, beside the letter."""
    chen, visitor, _ = taken(browser, server, "EDA最多补多少")
    row(chen.page, "丰慧").get_by_text("写信").click()  # type: ignore[attr-defined]
    row(chen.page, "丰慧").get_by_role("button", name="写好，发出").click()  # type: ignore[attr-defined]
    expect(chen.page.locator("#letters")).to_contain_text("被退回", timeout=60_000)
    expect(chen.page.locator("#letters .why")).to_contain_text("550 5.1.1")
    for one in (chen, visitor):
        one.leaves()


def test_without_javascript(browser: Browser, server: MailServer, box: Postbox) -> None:
    """By plain forms: the card, the letter; the answer's text stands in the box of the page that a link leads to."""
    chen, visitor, no = taken(browser, server, "流片比例是多少", java_script_enabled=False)
    page = chen.page
    page.get_by_role("button", name="发名片").first.click()
    expect(visitor.page.locator(".reply").last).to_contain_text("85235681")
    page.get_by_text("写信", exact=False).first.click()
    page.get_by_role("button", name="写好，发出").first.click()
    expect(page.locator("#letters")).to_be_visible()
    until(lambda: box.to(no))
    to = box.to(no)[0]["Reply-To"].addresses[0].addr_spec
    assert hand_in(server.mail_port, WANG, to, answer_to(box.to(no)[0], "按附件1执行。")) == (250, "")
    page.reload()
    page.get_by_role("link", name="用这段话回复").click()
    expect(page.locator("#say")).to_have_value("按附件1执行。")
    for one in (chen, visitor):
        one.leaves()


@pytest.mark.parametrize("width", HEIGHTS)
def test_the_page_fits_and_says_what_to_say(browser: Browser, server: MailServer, width: int) -> None:
    """With cards and letters beside the contacts: at 1280×800 no click to what to say; axe finds nothing."""
    options = {"width": width, "bypass_csp": True, "reduced_motion": "reduce"}
    chen, visitor, _ = taken(browser, server, "流片最多补多少", **options)
    page = chen.page
    if width >= 1280:
        for part in (".asked blockquote", ".answer", ".clause-of", "#write", ".note"):
            expect(page.locator(part).first).to_be_in_viewport(ratio=1)
    row(page, "王安然").get_by_text("写信").click()  # type: ignore[attr-defined]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert not faults(page), faults(page)
    page.get_by_label("信里的问题").scroll_into_view_if_needed()
    chen.shoot(f"writing-{width}")
    for one in (chen, visitor):
        one.leaves()


# --- raised ----------------------------------------------------------------------------------------------------------


def test_a_raised_ticket_is_told_to_who_answers_for_the_desk(browser: Browser, server: MailServer) -> None:
    """First in the queue of editors and administrators, with a mark, and in the title; an officer has the row."""
    chen, visitor, no = taken(browser, server, "流片最多补多少")
    editor = Officer(browser, server, NAMES["editor"])
    expect(editor.page).not_to_have_title(re.compile("上报"))
    chen.page.once("dialog", lambda asked: asked.accept())
    chen.page.get_by_role("button", name="上报").click()
    expect(editor.page.locator(".alarm")).to_contain_text(f"工单{no}")
    expect(editor.page).to_have_title(re.compile(r"^\(\d+\) 上报1 · 待办 · 工作台$"))
    assert editor.page.locator("#waiting tbody tr").first.get_attribute("data-no") == str(no)
    editor.shoot("raised-1280")
    editor.goes("/desk")
    expect(editor.page.locator(".alarm")).to_contain_text(f"工单{no}")
    chen.goes("/desk/queue")
    assert chen.page.locator(".alarm").count() == 0
    expect(chen.row(no)).to_contain_text("已上报")
    with AtDesk(server.url, NAMES["admin"]) as admin:
        page = admin.client.get("/desk/queue").text
        assert "<title>上报1 · 待办" in page and 'class="alarm"' in page
    editor.goes(f"/desk/tickets/{no}")
    editor.page.keyboard.press("c")
    editor.goes("/desk/queue")
    expect(editor.page).not_to_have_title(re.compile("上报"))
    for one in (chen, editor, visitor):
        one.leaves()


# --- a call ----------------------------------------------------------------------------------------------------------


def test_the_talk_of_a_call_shows_what_was_asked(browser: Browser, server: MailServer) -> None:
    """What was read out stands under each of the caller's words; a tapped choice by its label."""
    chen = Officer(browser, server, NAMES["officer"])
    chen.page.keyboard.press("t")
    chen.page.wait_for_url("**/desk/tickets/*")
    chen.page.fill("#say", "想测一测方向10")
    chen.page.press("#say", "Enter")
    talk = chen.page.locator("#talk")
    expect(talk.locator(".by-assistant").last).to_contain_text("智能制造项目吗")
    chen.page.get_by_role("button", name="是", exact=True).click()
    expect(talk.locator(".by-assistant").last).to_contain_text("哪天竣工")
    expect(talk.locator(".by-visitor").last).to_contain_text("是")
    expect(talk.locator(".by-assistant")).to_have_count(2)
    chen.shoot("call-talk-1280")
    chen.leaves()
