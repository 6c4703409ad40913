"""The statistics over real HTTP and in a real browser: who may see what, files read back, the keyboard, paper."""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import ZipFile

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from bot.sqlite_store import SqliteStore
from bot.workbench.exporting import csv_of
from bot.workbench.numbers import Table
from bot.workbench.staff_store import Role, Sought
from dialogs.library import Library
from tests import browsing
from tests.browsing import HEIGHTS, Visitor
from tests.serving import Server
from tests.staff import NAMES, AtDesk, hired
from tests.weeks import FORMULA, Weeks

WANG = "wanganran@jxj.beijing.gov.cn"


@pytest.fixture(scope="module")
def server(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the two weeks, with one person of each role."""
    data = tmp_path_factory.mktemp("numbers") / "data"
    hired(data)
    asyncio.run(Weeks(data, library).lived()).leaves()
    with Server(data) as started:
        yield started


@pytest.fixture(scope="module")
def browser(server: Server) -> Iterator[Browser]:
    """One browser for all; after the server, whose filling wants an event loop of its own."""
    with browsing.browser() as started:
        yield started


@pytest.fixture
def editor(server: Server) -> Iterator[AtDesk]:
    """An editor."""
    with AtDesk(server.url, NAMES["editor"]) as one:
        yield one


class Reader(Visitor):
    """Somebody of the staff at the statistics."""

    def __init__(self, browser: Browser, server: Server, role: Role, width: int = 1280, **options: object) -> None:
        super().__init__(browser, server.url, width, **options)
        with AtDesk(server.url, NAMES[role]) as one:
            self.context.add_cookies([{"name": "desk", "value": one.client.cookies["desk"], "url": server.url}])
        self.page.goto(f"{server.url}/desk/numbers")


def trail(server: Server, action: str) -> list[str]:
    """Who did something to what, newest first."""
    store = SqliteStore(server.data)
    found = [f"{one.who} {one.object}" for one in store.trail(Sought(action=action), 9)]
    store.close()
    return found


# --- who may see what ------------------------------------------------------------------------------------------------


def test_an_officer_sees_numbers_and_takes_no_file(server: Server) -> None:
    """No link to what is for editors, and no way there."""
    with AtDesk(server.url, NAMES["officer"]) as officer:
        page = officer.client.get("/desk/numbers").text
        assert "2023年3月14日至3月20日，和2023年3月7日至3月13日比" in page and ">22<" in page
        assert not re.search(r"CSV|XLSX|看原话", page) and "呜呜" not in page
        for path in ("all.xlsx", "table.csv", "missed", "missed/list.csv"):
            assert officer.client.get(f"/desk/numbers/{path}").status_code == 403, path


def test_words_are_for_editors_and_looking_is_in_the_trail(server: Server, editor: AtDesk) -> None:
    """The list with its filter; what the visitors wrote is not in the trail."""
    page = editor.client.get("/desk/numbers/missed", params={"kind": "not_understood"}).text
    assert "呜呜呜呜" in page and "积分落户" not in page
    assert trail(server, "看没答上的")[0] == f"{NAMES['editor']} 2023年3月14日至3月20日 没听懂"
    assert "这几天没有这样的" in editor.client.get("/desk/numbers/missed", params={"q": "火星"}).text
    assert "=HYPERLINK(&#34;http://evil.example" in editor.client.get("/desk/numbers/missed?kind=wrong").text


def test_the_list_goes_on_page_by_page(library: Library, tmp_path: Path) -> None:
    """Fifty at once, then the older ones, each once."""
    from bot.workbench.missed import found, table
    from bot.workbench.spans import span_of
    from dialogs.messages import Text

    weeks = Weeks(tmp_path, library)

    async def ask() -> None:
        for n in range(7):
            await weeks.says(f"03-20 10:{n:02}", f"web:{n}", Text(f"积分落户第{n}问"))

    asyncio.run(ask())
    span = span_of("", "", "", date(2023, 3, 20))
    first = found(weeks.conductor, span, most=4)
    second = found(weeks.conductor, span, older=first[-1].id, most=4)
    assert [one.words[-2] for one in (*first, *second)] == list("6543210")
    assert len(table(first).rows) == 4
    weeks.leaves()


def test_days_that_make_no_span_get_a_sentence(editor: AtDesk) -> None:
    """On the page beside the default days; for a file as a fault."""
    wrong = {"span": "custom", "from": "2023-03-20", "to": "2023-03-01"}
    for path in ("", "/missed"):
        met = editor.client.get(f"/desk/numbers{path}", params=wrong)
        assert met.status_code == 422 and "前后颠倒了" in met.text and "3月14日" in met.text
    assert editor.client.get("/desk/numbers/table.csv", params=wrong).status_code == 422
    assert editor.client.get("/desk/numbers", params={"door": "fax"}).status_code == 422
    assert editor.client.get("/desk/numbers/table.csv", params={"table": "no"}).status_code == 404


# --- files -----------------------------------------------------------------------------------------------------------


def read(content: bytes) -> list[list[str]]:
    """A CSV as a spreadsheet takes it in."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_a_table_comes_back_from_csv(server: Server, editor: AtDesk) -> None:
    """The header, every day, numbers as numbers; the file is named, and who took it is known."""
    met = editor.client.get("/desk/numbers/table.csv", params={"table": "days"})
    rows = read(met.content)
    assert rows[0][:3] == ["日", "问了", "答上了"] and rows[1] == ["2023-03-14", *"430001003"]
    assert len(rows) == 8 and met.headers["cache-control"] == "no-store"
    assert unquote(met.headers["content-disposition"]).endswith("''按日 2023年3月14日至3月20日.csv")
    assert trail(server, "导出统计")[0] == f"{NAMES['editor']} 按日 2023年3月14日至3月20日 CSV"
    summary = read(editor.client.get("/desk/numbers/table.csv", params={"table": "summary", "door": "tg"}).content)
    assert summary[1][:4] == ["问了", "2", "1", "1"] and summary[9][:4] == ["首次回复中位数", "", "", ""]
    by_day = editor.client.get("/desk/numbers/table.csv?span=custom&from=2022-03-21&to=2023-03-20")
    assert len(read(by_day.content)) == 366  # a row a day, also where the page shows weeks


def test_what_visitors_wrote_is_no_formula(server: Server, editor: AtDesk) -> None:
    """An apostrophe goes before it in CSV."""
    rows = read(editor.client.get("/desk/numbers/missed/list.csv").content)
    assert rows[0] == ["时间（北京）", "入口", "他说的", "为什么", "助手答的"]
    assert [row[:4] for row in rows[1:3]] == [
        ["2023-03-16 23:59", "网页", "呜呜呜呜", "没听懂"],
        ["2023-03-15 12:01", "Telegram", f"'{FORMULA}", "点了不对"],
    ]
    assert trail(server, "导出没答上的")[0].endswith("2023年3月14日至3月20日 CSV")


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "－1", "＋1", "＠a"])
def test_no_beginning_of_a_formula_is_let_through(begins: str) -> None:
    table = Table("t", "t", "", ("a", "b"), ((begins, -1),))
    assert read(csv_of(table))[1] == [f"'{begins}", "-1"]  # a number is a number


def sheets(content: bytes) -> dict[str, ElementTree.Element]:
    """The sheets of a workbook by name, with shared strings put in."""
    file = ZipFile(BytesIO(content))
    shared = [
        "".join(t.text or "" for t in one.iter() if t.tag.endswith("}t"))
        for one in ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
    ]
    names = [one.attrib["name"] for one in ElementTree.fromstring(file.read("xl/workbook.xml")).iter()
             if one.tag.endswith("}sheet")]  # fmt: skip
    found = {}
    for at, name in enumerate(names, 1):
        found[name] = ElementTree.fromstring(file.read(f"xl/worksheets/sheet{at}.xml"))
        for cell in found[name].iter():
            if cell.tag.endswith("}c") and cell.attrib.get("t") == "s":
                cell[0].text = shared[int(cell[0].text or "")]
    return found


def cells(sheet: ElementTree.Element) -> list[list[object]]:
    """The rows of a sheet: text, numbers, and nothing."""
    rows = []
    for row in (one for one in sheet.iter() if one.tag.endswith("}row")):
        held = {cell.attrib["r"]: cell for cell in row}
        rows.append([_cell(held.get(f"{chr(65 + at)}{row.attrib['r']}")) for at in range(len(held))])
    return rows


def _cell(cell: ElementTree.Element | None) -> object:
    if cell is None or not len(cell):
        return None
    assert not [one for one in cell if one.tag.endswith("}f")], "a formula"
    return cell[0].text if cell.attrib.get("t") == "s" else float(cell[0].text or "")


def as_day(serial: object) -> datetime:
    """A day as a workbook counts it."""
    assert isinstance(serial, float)
    return datetime(1899, 12, 30) + timedelta(days=serial)


def test_the_workbook_holds_every_table(server: Server, editor: AtDesk) -> None:
    """Numbers and days as such, the header frozen, columns wide; words of visitors as text; who has taken it when."""
    met = editor.client.get("/desk/numbers/all.xlsx")
    book = sheets(met.content)
    assert list(book) == [
        "总表", "按日", "按方向", "按区", "按问的内容", "按入口", "没答上的原因", "为什么转人工", "工单的结果",
        "没答上的", "说明",
    ]  # fmt: skip
    summary = cells(book["总表"])
    assert summary[0][:3] == ["项目", "这一段", "上一段（2023年3月7日至3月13日）"]
    assert summary[1][:4] == ["问了", 22, 2, 20] and summary[9][:2] == ["首次回复中位数", 11.5]
    days = cells(book["按日"])
    assert as_day(days[1][0]) == datetime(2023, 3, 14) and days[1][1:] == [4, 3, 0, 0, 0, 1, 0, 0, 3]
    lost = cells(book["没答上的"])
    assert abs(as_day(lost[2][0]) - datetime(2023, 3, 15, 12, 1)) < timedelta(seconds=1) and lost[2][2] == FORMULA
    about = cells(book["说明"])
    assert about[1] == ["日期", "2023年3月14日至3月20日"] and str(about[3][1]).startswith(NAMES["editor"])
    for sheet in book.values():
        pane = next(one for one in sheet.iter() if one.tag.endswith("}pane"))
        assert pane.attrib["state"] == "frozen" and pane.attrib["ySplit"] == "1"
        assert all(float(one.attrib["width"]) >= 8 for one in sheet.iter() if one.tag.endswith("}col"))
    assert trail(server, "导出统计")[0] == f"{NAMES['editor']} 全部 2023年3月14日至3月20日 XLSX"


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_keyboard_leads_there_and_a_span_is_chosen(browser: Browser, server: Server) -> None:
    """g and the place's number; a span, a door, days of one's own; back by the same links."""
    one = Reader(browser, server, "officer")
    page = one.page
    page.goto(f"{server.url}/desk/directory")
    where = page.locator("[data-place]").all_inner_texts().index("统计") + 1
    page.locator("body").press("g")
    page.keyboard.press(str(where))
    expect(page).to_have_url(f"{server.url}/desk/numbers")
    expect(page.locator(".numbers .value").first).to_have_text(re.compile(r"^22"))
    page.get_by_role("link", name="Telegram").click()
    expect(page.locator(".numbers .value").first).to_have_text(re.compile(r"^2\+"))
    page.get_by_label("从", exact=True).fill("2023-03-15")
    page.get_by_label("到", exact=True).fill("2023-03-15")
    page.get_by_role("button", name="看", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2023年3月15日 Telegram，和2023年3月14日比")
    expect(page.get_by_role("link", name="Telegram")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="上周").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2023年3月13日至3月19日")
    one.leaves()


def test_a_chart_is_named_and_its_numbers_are_in_the_table(browser: Browser, server: Server) -> None:
    """A picture with a title and what it shows; beside it the table; a bar is as high as its number says."""
    one = Reader(browser, server, "officer")
    chart = one.page.get_by_role("img", name="按日：答上了、反问、测算、其他、归人工、没答上")
    expect(chart).to_be_visible()
    expect(chart).to_have_accessible_description(re.compile("最高的是3-20，7次"))
    heights = chart.locator("rect").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert len(heights) == 11 and sum(heights) == pytest.approx(22 * 22.5, abs=1)
    expect(one.page.get_by_role("region", name="按区的表").get_by_role("row", name="海淀区 2 0")).to_be_visible()
    one.leaves()


@pytest.mark.parametrize("width", HEIGHTS)
def test_pages_fit_and_axe_finds_nothing(width: int, browser: Browser, server: Server) -> None:
    """At three widths nothing runs over the edge; at two, dark at one, there is nothing that axe knows to be wrong.

    The widest page is laid out as the second: no rule of its style sheets begins between them.
    """
    for scheme in ("light", "dark") if width == 1280 else ("light",):
        boss = Reader(browser, server, "admin", width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
        for place in ("numbers", "numbers?span=month", "numbers/missed", "staff/mailboxes"):
            page = boss.page = boss.opens(f"/desk/{place}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (place, width)
            found = Axe().run(page).response["violations"] if width != 1920 else []
            assert not found, [(page.url, one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
            boss.shoot(f"{width}-{scheme}-{re.sub('[^a-z]', '-', place)}")
        boss.leaves()


def test_without_javascript_and_on_paper(browser: Browser, server: Server) -> None:
    """The same numbers; a few pages of A4 without bar, forms and links."""
    one = Reader(browser, server, "editor", java_script_enabled=False)
    one.page.get_by_role("link", name="上周").click()
    expect(one.page.locator(".numbers .value").first).to_have_text(re.compile("^15"))
    paper = pypdfium2.PdfDocument(one.page.pdf(prefer_css_page_size=True))
    assert len(paper) <= 4 and [round(side) for side in paper[0].get_size()] == [595, 842]
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "按方向" in text and "海淀区" in text and "CSV" not in text and "退出" not in text
    one.leaves()


# --- the mailboxes ---------------------------------------------------------------------------------------------------


def test_an_administrator_sees_which_mailboxes_are_confirmed(server: Server) -> None:
    """Confirmed ones first, with whom they reach and the command; nothing can be changed there."""
    store = SqliteStore(server.data)
    for address in (WANG, "gone@jxj.beijing.gov.cn"):
        store.confirm_mailbox(address, datetime.fromisoformat("2023-03-19T20:00:00+00:00"))
    store.close()
    with AtDesk(server.url, NAMES["admin"]) as boss:
        assert "/desk/staff/mailboxes" in boss.client.get("/desk/staff").text
        page = boss.client.get("/desk/staff/mailboxes").text
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', page)
    assert rows[:2] == [
        (WANG, "电子信息处王安然", "2023-03-20确认"),
        ("gone@jxj.beijing.gov.cn", "已不在指南里", "2023-03-20确认"),
    ]
    assert len(rows) > 30 and {row[2] for row in rows[2:]} == {"没有确认"} and "2个确认过" in page
    assert "policydesk mail confirm 邮箱" in page and "<form" not in page.split("<main")[1].split("</main>")[0]
