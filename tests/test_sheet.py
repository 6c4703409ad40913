"""The sheet as a document: what it says of a case, and the same on paper with its own font."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path

from bot.sheet_labels import LABELS
from bot.sheet_pdf import pdf
from dialogs.assessing import results
from dialogs.conversation import Kept
from dialogs.library import Library
from dialogs.sheet_page import Part, SheetPage, sheet_page
from knowledge.amounts import figures, plain
from knowledge.casework import case_of
from knowledge.quoting import without_references
from tests.conftest import BEFORE, CLOSED, OPEN
from tests.test_scenarios import SCENARIOS

UNITS = "万亿元年天%个家月日"
PATH = 2
"""A drawn shape, in the document's own counting (FPDF_PAGEOBJ_PATH)."""

SOUND = {
    "reg_beijing": True, "independent_legal_entity": True, "serious_dishonesty_last_3y": False,
    "other_municipal_funding": False, "district": "顺义区",
}  # fmt: skip
SHORT = SOUND | {
    "is_smart_mfg_project": True, "project_kind": "retrofit", "meets_perf_requirement": True,
    "completion_date": "2021-12-20", "build_years": 4, "fixed_asset_investment_wan": 420,
}  # fmt: skip
LEASE = SOUND | {
    "is_advanced_mfg": True, "lease_key_equipment": True, "lease_mode": "direct", "lease_contract_wan": 3000,
    "sector": "manufacturing", "q1_output_increment_wan": 30000, "q1_output_growth_pct": 12,
}  # fmt: skip


def sheet(
    facts: dict[str, Any], library: Library, today: date = OPEN, scope: tuple[str, ...] | None = None
) -> SheetPage:
    """The sheet of a case; a fact told as None is one the visitor doesn't know."""
    known = {fact: value for fact, value in facts.items() if value is not None}
    found = results(case_of(known, library.guide), today, library, asked=scope)
    return sheet_page(found, [Kept(fact=fact, value=value) for fact, value in facts.items()], library, today)


def part(page: SheetPage, branch: str) -> Part:
    """The part of a branch."""
    return next(one for one in page.parts if one.branch == branch)


def words(page: SheetPage) -> str:
    """Everything that the sheet says."""
    return str(page)


def test_a_gap_is_told_in_its_own_unit(library: Library) -> None:
    """Money in 万元, a day in days, years in years; a bar for each number, none for the day."""
    one = part(sheet(SHORT, library), "10")
    bars = [bar for check in one.checks for bar in check.bars]
    assert [bar.text for bar in bars] == [
        "建设期4年，比上限3年多1年",
        "固定资产投资420万元，差80万元到500万元",
    ]
    assert one.fails == ("竣工日期2021年12月20日，比2022年1月1日早12天",)
    years, money = bars
    assert years.have > years.marks[0] and money.have < money.marks[0] and not money.holds


def test_a_day_told_in_words_is_told_as_a_day(library: Library) -> None:
    """去年9月 means another year to whoever reads the sheet next year; days that nobody counted are not counted."""
    found = results(case_of(SHORT, library.guide), OPEN, library, asked=("10",))
    for words_, day, gap in (
        ("前年底", "2021年12月（您说“前年底”）", "竣工日期2021年12月（您说“前年底”），早于2022年"),
        ("2021年12月", "2021年12月", "竣工日期2021年12月，早于2022年"),
        ("2021年12月20日", "2021年12月20日", "竣工日期2021年12月20日，比2022年1月1日早12天"),
    ):
        told = [
            Kept(fact=fact, value=value, words=words_ * (fact == "completion_date")) for fact, value in SHORT.items()
        ]
        page = sheet_page(found, told, library, OPEN)
        assert f"竣工日期：{day}" in page.told[-1][1] and part(page, "10").fails == (gap,)


def test_a_threshold_in_hundred_millions_is_told_as_printed(library: Library) -> None:
    """9.9亿 against 10亿元."""
    facts = SOUND | {"loan_type": "construction_project", "total_investment_wan": 99000, "is_strategic_major": False}
    one = part(sheet(facts, library), "7c")
    bars = [bar for check in one.checks for bar in check.bars]
    assert any("项目总投资9.9亿元，差0.1亿元到10亿元" in said for said in one.fails)
    assert bars[0].text == "" and bars[0].have < bars[0].marks[0], "the picture stays, the sentence is not said twice"


def test_a_closed_batch_is_never_open_to_apply(library: Library) -> None:
    """The state comes with the verdict and first of all; the steps are for the next batch."""
    page = sheet(LEASE, library, CLOSED)
    assert part(page, "8").words == "按正文初步符合，但本批已截止" and page.state == "closed"
    assert page.window.startswith("本批申报已于2023年4月15日截止") and "供下一批参考" in page.steps_note
    assert "可申报" not in words(page).replace("不可申报", "")
    assert part(sheet(LEASE, library, BEFORE), "8").words == "按正文初步符合，本批还没有开始申报"
    assert part(sheet(LEASE, library), "8").words == "按正文初步符合"


def test_the_best_choice_and_the_next_stand_on_top(library: Library) -> None:
    """With their ceilings and why; the best's parts come first."""
    facts = LEASE | SHORT | {
        "completion_date": "2022-09-20", "build_years": 1, "fixed_asset_investment_wan": 600,
        "reward_scope_investment_wan": 500,
    }  # fmt: skip
    page = sheet(facts, library, date(2023, 4, 12))  # the first quarter is over
    assert page.best and page.best.names == "方向8 融资租赁 + 方向14 工业企业稳运行"
    assert page.best.ceiling == "最高750万元" and "150万元 + 600万元 = 750万元" in page.best.why
    assert [one.names for one in page.next_best] == ["方向10 新智造100 + 方向14 工业企业稳运行"]
    assert [one.branch for one in page.parts[:2]] == ["8", "14a"]


def test_steps_stand_in_the_order_in_which_they_are_due(library: Library) -> None:
    """Library, district with its people, platform; a district that was not told is asked for."""
    facts = SHORT | {"completion_date": "2022-09-20", "build_years": 1, "fixed_asset_investment_wan": 600}
    page = sheet(facts, library)
    assert [step.text[:9] for step in page.steps] == ["先把项目纳入“高精", "请所在区经济和信息", "登录“北京通企服版"]
    assert [card.name for card in page.steps[1].people] == ["孟秀娟"] and not page.district
    facts.pop("district")
    assert "说出所在的区" in sheet(facts, library).district


def test_where_nothing_fits_nobody_is_named_but_what_can_be_done(library: Library) -> None:
    """No duty, no platform, no contact: what would have to change, the next batch, the other directions."""
    page = sheet(SHORT, library, CLOSED, scope=("10",))
    assert part(page, "10").verdict == "not_eligible" and page.contacts == () and page.hopeless
    change, wish, others = (step.text for step in page.steps)
    assert change.startswith("方向10 新智造100差在“竣工日期”、“建设期”、“固定资产投资”")
    assert "下一批开放时告诉我" in wish and "测其他方向" in others
    assert not sheet(LEASE, library).hopeless


def test_what_is_open_says_its_ceiling_and_asks_the_particular_first(library: Library) -> None:
    """The cap as the clause prints it, as a cap; what only this direction asks for comes before what all ask for."""
    facts = {"lease_contract_wan": 3000, "district": "顺义区"}
    page = sheet(facts, library)
    one = part(page, "8")
    assert one.might == "如果符合，正文的封顶是：单个企业年度最高1000万元（上限，不是能拿到的数）。"
    assert one.missing[0] == "租的是研发、建设、生产环节需要的关键设备和产线吗？" and "登记注册" in one.missing[-4]
    assert page.steps_note == "先弄清上面“还要知道”和没写清的，符合了再办"
    assert part(sheet({"dc_special_part_wan": 100}, library), "11b").might == "这一类的正文没有写封顶。"


def test_of_alternatives_one_is_enough(library: Library) -> None:
    """A new workshop below the standard, without a title: either would do, and both are told in one line."""
    facts = {"project_kind": "new_build", "meets_smart_build_standard": False, "national_smart_title": False}
    assert part(sheet(facts, library), "10").fails == (
        "不是灯塔工厂或国家级标杆；没达到数字化车间或智能工厂建设标准（满足其中一项就行）",
    )


def test_a_phone_stands_once(library: Library) -> None:
    """On the card; in the line that asks only for somebody who has none."""
    asks = [doubt.ask for one in sheet(LEASE, library).parts for doubt in one.doubts]
    assert asks and all(ask.split()[-1] == "梁倩倩" for ask in asks if "梁倩倩" in ask)
    other = SOUND | {"insurance_field": "other"}
    page = sheet(other, library)
    assert any("55578183" in doubt.ask for doubt in (*page.doubts, *page.parts[0].doubts)) and not page.contacts


def test_numbers_paired_by_order_are_said_to_be(library: Library) -> None:
    """Where the table doesn't say whose number is whose, the sheet says so."""
    paired = next(one.name for one in library.guide.districts if one.paired_by_order)
    assert "按排列顺序对应" in sheet(LEASE | {"district": paired}, library).contacts_note
    assert sheet(LEASE, library).contacts_note == ""


def test_the_count_names_only_what_there_is(library: Library) -> None:
    """Nothing is counted as none."""
    assert sheet(LEASE, library, CLOSED, scope=("8",)).counts == "测了1类：初步符合1类。"
    assert sheet(LEASE | SHORT, library, CLOSED).counts == "测了3类：初步符合2类，不符合1类。"


def test_what_is_open_is_asked_and_what_is_assumed_is_said(library: Library) -> None:
    """A fact not told is a question; one not known is told as that and not asked again; a default is named."""
    facts = {fact: value for fact, value in LEASE.items() if fact != "lease_contract_wan"}
    one = part(sheet(facts, library), "8")
    assert one.verdict == "unknown" and one.missing == ("申报的融资租赁合同额多少？",)
    page = sheet(facts | {"lease_contract_wan": None}, library)
    assert part(page, "8").missing == ("融资租赁合同额（您说不清楚）",) and "融资租赁合同额：不清楚" in words(page)
    assert "按未提及计：本批已报的方向：没有" in part(sheet(LEASE, library), "8").assumed


def test_what_was_not_asked_gets_no_verdict(library: Library) -> None:
    """Only the scope has parts; the rest is named."""
    page = sheet(LEASE, library, scope=("8",))
    assert [one.branch for one in page.parts] == ["8"]
    assert "方向14 稳运行" in page.unasked and "方向8 融资租赁" not in page.unasked


@pytest.mark.parametrize("item", SCENARIOS, ids=lambda item: item["id"])
def test_no_figure_comes_from_nowhere(item: dict[str, Any], library: Library) -> None:
    """Every figure of every open scenario's sheet is told, quoted, computed in the outcome, or of the day."""
    today = date.fromisoformat(item["as_of"])
    page = sheet(item["facts"], library, today)
    found = results(case_of(item["facts"], library.guide), today, library)
    names = "".join(fact.name + fact.question + str(fact.says) + str(fact.choices) for fact in library.guide.facts)
    sources = json.dumps([found, item["facts"]], ensure_ascii=False), library.guide.source, names, page.window
    known = {figure.rstrip(UNITS) for source in sources for figure in figures(plain(source))}
    known |= {figure.rstrip(UNITS) for fact in page.told for words in fact[1] for figure in figures(plain(words))}
    for text in _texts(page):
        for figure in figures(plain(without_references(text))):
            bare = figure.rstrip(UNITS)
            assert bare in known or _larger(bare) in known, (figure, text)


def test_what_was_told_is_said_with_its_unit(library: Library) -> None:
    """Money, a day, a share, yes and no, a choice."""
    said = "；".join(one for _, told in sheet(LEASE | SHORT, library).told for one in told)
    for wanted in (
        "融资租赁合同额3000万元",
        "竣工日期：2021年12月20日",
        "一季度产值增速12%",
        "租赁方式：直租",
        "独立法人",
    ):
        assert wanted in said


def _larger(figure: str) -> str:
    """An amount of 亿元 in 万元."""
    try:
        return f"{float(figure) * 10_000:g}"
    except ValueError:
        return figure


def _texts(page: SheetPage) -> Iterator[str]:
    """Every text of the sheet that speaks of the case."""
    for one in page.parts:
        yield from (one.ceiling, one.award, *one.fails, one.might, *one.missing)
        yield from (bar.text for check in one.checks for bar in check.bars)
        yield from (text for check in one.checks for text in (check.said, check.quote))
    for best in (page.best, *page.next_best):
        yield from (best.ceiling, best.why) if best else ()
    yield from (text for step in page.steps for text in (step.text, step.quote))


# --- on paper --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper(library: Library) -> tuple[SheetPage, bytes]:
    """A sheet with something of everything, after the last day, as a document."""
    page = sheet(LEASE | SHORT, library, CLOSED)
    return page, pdf(page)


def test_paper_says_what_the_page_says(paper: tuple[SheetPage, bytes]) -> None:
    """A4; the texts of every section can be read out of the document, the state of the batch first."""
    page, made = paper
    document = pypdfium2.PdfDocument(made)
    text = plain("".join(one.get_textpage().get_text_range() for one in document)).replace("\ufffe", "")
    assert document[0].get_size() == pytest.approx((595.28, 841.89), abs=1)
    assert text.startswith(plain(page.window))
    wanted = [page.title, page.guide, page.counts, page.best.why if page.best else "", page.footer, "69444379"]
    wanted += [one.words for one in page.parts] + [step.text for step in page.steps]
    wanted += [bar.text for one in page.parts for check in one.checks for bar in check.bars]
    wanted += [check.quote for one in page.parts for check in one.checks]
    assert [one for one in wanted if plain(one) not in text] == []


def test_lines_break_as_chinese_is_set(paper: tuple[SheetPage, bytes]) -> None:
    """No line begins with a closing mark or ends with an opening one, none is broken inside a figure, none runs out."""
    lines, right = [], 0.0
    for one in pypdfium2.PdfDocument(paper[1]):
        read = one.get_textpage()
        lines += read.get_text_range().split("\r\n")
        right = max([right, *(read.get_charbox(at)[2] for at in range(read.count_chars()))])
    assert len(lines) > 60 and right < 595 - 45
    assert [line for line in lines if line.strip() and line.strip()[0] in "，。、；：）》”"] == []
    assert [line for line in lines if line.strip() and line.strip()[-1] in "（《“"] == []
    broken = [(a, b) for a, b in itertools.pairwise(lines) if a[-1:].isdigit() and b[:1].isdigit() and len(a) > 30]
    assert broken == []


def test_the_font_goes_with_the_document(paper: tuple[SheetPage, bytes]) -> None:
    """Embedded, cut to what is used, and none of the machine's."""
    _, made = paper
    document = pypdfium2.PdfDocument(made)
    fonts = {
        (font.get_base_name(), font.is_embedded)
        for one in document for item in one.get_objects() if isinstance(item, pypdfium2.PdfTextObj)
        for font in [item.get_font()]
    }  # fmt: skip
    assert fonts and all("NotoSansSC" in name and embedded for name, embedded in fonts)
    assert len(made) < 200_000


def test_the_bars_are_drawn(paper: tuple[SheetPage, bytes]) -> None:
    """A page has more drawn shapes with bars than the plates and strips that stand without them."""
    page, made = paper
    bars = sum(len(check.bars) for one in page.parts for check in one.checks)
    shapes = [item for one in pypdfium2.PdfDocument(made) for item in one.get_objects() if item.type == PATH]
    assert bars == 5 and len(shapes) >= 3 * bars + len(page.parts) + 2


def test_every_sign_has_its_glyph(library: Library) -> None:
    """Nothing that the guide or one of our sentences holds is missing from the font."""
    glyphs = TTFont(sans_path()).getBestCmap()
    ours = library.guide.source + "".join(library.phrases.sentences.values()) + str(LABELS) + "·−×＋"
    ours += "".join(fact.name + fact.question + str(fact.says) + str(fact.choices) for fact in library.guide.facts)
    assert {sign for sign in ours if ord(sign) not in glyphs and sign not in "\n\x0c"} == set()
