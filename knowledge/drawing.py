"""Decisions drawn from the rules: Mermaid for the eye, a table to sign line by line.

Both are made from the rulebook that judges, so that what staff read is what decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from knowledge.awarding import percent, plain_number
from knowledge.rulebook import BranchBook, Check, Node, Share, Value
from knowledge.rules import AS_OF

if TYPE_CHECKING:
    from knowledge.guide import Guide

WORDS = {"at_least": "不低于", "more_than": "超过（不含）", "at_most": "不超过", "is": "", "one_of": "其中之一："}
DUTIES = {"project_library": "纳入高精尖产业项目库", "district_recommendation": "所在区推荐"}
NEVER, DOUBT = "不符合", "正文未写明，转联系人"


def branches_of(id_: str, guide: Guide) -> list[str]:
    """The branches of a direction's number, or one branch; empty for what is neither."""
    return [branch for branch, book in guide.book.branches.items() if id_ in (branch, book.direction)]


# --- words ---------------------------------------------------------------------------------------------------------


def threshold(test: Check, guide: Guide) -> str:
    """What a test wants, as the guide says it: 不低于500万元, 2022年1月1日至2023年4月15日, 是."""
    shown = [_value(test, value, guide) for value in test.values]
    if test.operator == "between":
        return "至".join(shown)
    if test.operator == "told":
        return "说了"
    return WORDS[test.operator] + "、".join(shown)


def _value(test: Check, value: Value, guide: Guide) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        return _number(value, guide.fact[test.fact].unit or "")
    choices = guide.fact[test.fact].choices
    return choices.get(value, value)


def _number(number: Decimal, unit: str) -> str:
    if unit == "万元" and number >= 10_000:
        return f"{plain_number(number / 10_000)}亿元"
    return f"{plain_number(number)}{unit}" if number or unit != "年" else "0（还没有）"


def question(test: Check, guide: Guide) -> str:
    """What is asked for a test."""
    return "咨询的日期" if test.fact == AS_OF else guide.fact[test.fact].question


def said(node: Node, guide: Guide) -> str:
    """A tree in words, on one line."""
    if isinstance(node, Check):
        return f"{question(node, guide)}{threshold(node, guide)}"
    if node.how == "not":
        return f"不是（{said(node.members[0], guide)}）"
    words = [said(member, guide) for member in node.members]
    return (" 且 " if node.how == "all" else " 或 ").join(
        f"（{word}）" if node.how == "any" and " 且 " in word else word for word in words
    )


# --- the diagram ---------------------------------------------------------------------------------------------------


@dataclass
class _Chart:
    """Lines of a flowchart, with a counter for its boxes."""

    prefix: str
    lines: list[str] = field(default_factory=list)
    boxes: int = 0

    def box(self, label: str, shape: str = "[]") -> str:
        name = f"{self.prefix}n{self.boxes}"
        self.boxes += 1
        self.lines.append(f'    {name}{shape[: len(shape) // 2]}"{_safe(label)}"{shape[len(shape) // 2 :]}')
        return name

    def arrow(self, start: str, end: str, label: str = "", style: str = "-->") -> None:
        self.lines.append(f"    {start} {style}{f'|{label}|' if label else ''} {end}")


def diagram(id_: str, guide: Guide) -> str:
    """A direction's (or a branch's) decision as a Mermaid flowchart; ValueError for an id that is neither."""
    branches = branches_of(id_, guide)
    if not branches:
        raise ValueError(f"没有“{id_}”这个方向或分支，可写1到14，或4a、7c这样的分支")
    lines = ["flowchart TD"]
    for branch in branches:
        book = guide.book.branches[branch]
        lines += [f'  subgraph s{branch}["方向{branch} {_safe(guide.branches[branch].name)}"]']
        lines += [*_flow(book, guide), "  end"]
    return "\n".join(lines)


def _flow(book: BranchBook, guide: Guide) -> list[str]:
    chart = _Chart(f"b{book.id}")
    start = chart.box(f"方向{book.id}", "([])")
    never = chart.box(NEVER, "([])")
    last, label = start, ""
    for text in _steps(book, guide):
        step = chart.box(text, "{}")
        chart.arrow(last, step, label)
        chart.arrow(step, never, "否")
        last, label = step, "是"
    done = _awards(chart, book, guide, last, label, never)
    _end(chart, book, done)
    _doubts(chart, book, guide, start)
    return chart.lines


def _steps(book: BranchBook, guide: Guide) -> Iterator[str]:
    """The general conditions in one box, then each condition with its clause, its quote and its test."""
    general = "<br/>".join(f"{r.id} {said(r.whole, guide)}" for r in book.restrictions)
    yield f"通用条件 二（一）1、3<br/>{general}"
    tiers = _tiers(book)
    for node in book.conditions[: len(book.conditions) - bool(tiers)]:
        yield _box(node, guide)


def _box(node: Node, guide: Guide) -> str:
    quotes = dict.fromkeys(_joined(quote) for quote in _quotes(node))
    clauses = dict.fromkeys(_clauses(node))
    return "<br/>".join(["、".join(clauses), *(f"“{quote}”" for quote in quotes), said(node, guide)])


def _quotes(node: Node) -> Iterator[str]:
    if node.quote:
        yield node.quote
    elif not isinstance(node, Check):
        for member in node.members:
            yield from _quotes(member)


def _clauses(node: Node) -> Iterator[str]:
    yield from (leaf.clause for leaf in node.leaves() if leaf.clause)


def _tiers(book: BranchBook) -> list[Share]:
    """The parts of an award of which one has to apply."""
    conditional = [share for share in book.shares if share.when]
    return conditional if len(conditional) == len(book.shares) else []


def _awards(chart: _Chart, book: BranchBook, guide: Guide, last: str, label: str, never: str) -> list[str]:
    """The parts of the award: a box each, asked for one after the other where they have conditions."""
    boxes = []
    for share in sorted(book.shares, key=lambda share: share.when is None):
        award = chart.box(_award_words(book, share))
        if share.when:
            step = chart.box(_box(share.when, guide), "{}")
            chart.arrow(last, step, label)
            chart.arrow(step, award, "是")
            last, label = step, "否"
        else:
            chart.arrow(last, award, label)
        boxes.append(award)
    if _tiers(book):
        chart.arrow(last, never, "否")
    return boxes


def _award_words(book: BranchBook, share: Share) -> str:
    part = share.part
    words = []
    if share.rate:
        words.append(f"{part.of}的{percent(share.rate)}")
    elif not part.stated:
        words.append(f"{part.of}的比例或档次正文未写，见{part.see}")
    if part.cap:
        words.append(f"{part.cap.per}最高{part.cap.amount}")
    words += [f"{c.limit.per}{'年度' * c.limit.yearly}最高{c.limit.amount}" for c in book.ceilings]
    words += [f"{c.limit.per}最高{c.limit.amount}管不管这一段未写" for c in book.perhaps]
    words += [f"加奖{extra.bonus.amount}" for extra in book.extras]
    return "奖励上限：" + "；".join(words)


def _end(chart: _Chart, book: BranchBook, awards: list[str]) -> None:
    duties = [DUTIES[duty] for duty, _ in book.duties]
    words = "、".join(duties) if duties else "不需入库，不需区推荐"
    end = chart.box(f"初步符合<br/>还要办：{words}" if duties else f"初步符合<br/>{words}", "([])")
    for award in awards:
        chart.arrow(award, end)


def _doubts(chart: _Chart, book: BranchBook, guide: Guide, start: str) -> None:
    """What makes the verdict unknown, whatever the conditions say."""
    for doubt in book.doubts:
        if doubt.unknown_when:
            text = f"{doubt.ambiguity.id} {said(doubt.unknown_when, guide)}<br/>{DOUBT}"
            chart.arrow(start, chart.box(text, "[()]"), style="-.->")


def _safe(label: str) -> str:
    return label.replace('"', "#quot;")


# --- the table -----------------------------------------------------------------------------------------------------


def table(id_: str, guide: Guide) -> str:
    """A direction's (or a branch's) tests as a Markdown table: clause, quote, test, question, fact."""
    branches = branches_of(id_, guide)
    if not branches:
        raise ValueError(f"没有“{id_}”这个方向或分支，可写1到14，或4a、7c这样的分支")
    rows = ["| 分支 | 条款 | 引文 | 要求 | 问句 | 事实 |", "| --- | --- | --- | --- | --- | --- |"]
    for branch in branches:
        for line in _tests(guide.book.branches[branch]):
            wanted = "不是" * line.denied + threshold(line.test, guide)
            cells = (branch, line.clause, _joined(line.quote), wanted, question(line.test, guide), line.test.fact)
            rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


@dataclass(frozen=True)
class _Line:
    """One comparison with the quote and the clause that it stands on; `denied` under a not."""

    test: Check
    quote: str
    clause: str
    denied: bool


def _tests(book: BranchBook) -> Iterator[_Line]:
    """Every comparison of a branch."""
    for node in (*(restriction.node for restriction in book.restrictions), *book.conditions):
        yield from _quoted(node, "", "", denied=False)


def _quoted(node: Node, quote: str, clause: str, *, denied: bool) -> Iterator[_Line]:
    quote, clause = node.quote or quote, node.clause or clause
    if isinstance(node, Check):
        yield _Line(node, quote, clause, denied)
    else:
        for member in node.members:
            yield from _quoted(member, quote, clause, denied=denied != (node.how == "not"))


def _joined(quote: str) -> str:
    """A quote without the blanks of the print."""
    return re.sub(r"\s+", "", quote)
