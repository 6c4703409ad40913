"""Decisions drawn from the rules: Mermaid for the eye, a table to sign line by line.

Both are made from the rulebook that judges, so that what staff read is what decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from knowledge.awarding import limit_words, percent, plain_number
from knowledge.rulebook import BranchBook, Check, Group, Node, Share, Value
from knowledge.rules import AS_OF

if TYPE_CHECKING:
    from knowledge.guide import Guide

WORDS = {"at_least": "不低于", "more_than": "超过（不含）", "at_most": "不超过", "is": "", "one_of": "其中之一："}
DUTIES = {"project_library": "纳入高精尖产业项目库", "district_recommendation": "所在区推荐"}
NEVER, DOUBT = "不符合", "正文未写明，转联系人"


def branches_of(id_: str, guide: Guide) -> list[str]:
    """The branches of a direction's number, or one branch; ValueError for what is neither."""
    found = [branch for branch, book in guide.book.branches.items() if id_ in (branch, book.direction)]
    if not found:
        raise ValueError(f"没有“{id_}”这个方向或分支，可写1到14，或4a、7c这样的分支")
    return found


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
    mixed = [isinstance(member, Group) and member.how != "not" and len(member.members) > 1 for member in node.members]
    return (" 且 " if node.how == "all" else " 或 ").join(
        f"（{word}）" if inner else word for word, inner in zip(words, mixed, strict=True)
    )


# --- the diagram ---------------------------------------------------------------------------------------------------

Ends = list[tuple[str, str]]
"""Boxes from which an arrow is still to be drawn, each with the arrow's label."""


@dataclass
class _Chart:
    """The lines of one branch's part of a flowchart."""

    prefix: str
    lines: list[str] = field(default_factory=list)
    boxes: int = 0

    def box(self, label: str, entries: Ends, shape: str = "[]", style: str = "-->") -> str:
        """A new box, with arrows from `entries`."""
        name, half = f"{self.prefix}n{self.boxes}", len(shape) // 2
        self.boxes += 1
        self.lines.append(f'    {name}{shape[:half]}"{_safe(label)}"{shape[half:]}')
        self.lines += [f"    {start} {style}{f'|{said}|' if said else ''} {name}" for start, said in entries]
        return name


def diagram(id_: str, guide: Guide) -> str:
    """A direction's (or a branch's) decision as a Mermaid flowchart; ValueError for an id that is neither."""
    lines = ["flowchart TB"]
    for branch in branches_of(id_, guide):
        lines += [f'  subgraph s{branch}["方向{branch} {_safe(guide.branches[branch].name)}"]', "    direction TB"]
        lines += [*_flow(guide.book.branches[branch], guide), "  end"]
    return "\n".join(lines)


def _flow(book: BranchBook, guide: Guide) -> list[str]:
    chart = _Chart(f"b{book.id}")
    start = chart.box(f"方向{book.id}", [], "([])")
    general = chart.box(_general(book), [(start, "")], "{{}}")
    met, failed = [(general, "是")], [(general, "否")]
    tiers = _tiers(book)
    for node in book.conditions[: len(book.conditions) - bool(tiers)]:
        met, more = _ask(chart, node, met, guide)
        failed += more
    awards, more = _awards(chart, book, guide, met)
    chart.box(_done(book), [(award, "") for award in awards], "([])")
    chart.box(NEVER, failed + (more if tiers else []), "([])")
    _doubts(chart, book, guide, start)
    return chart.lines


def _general(book: BranchBook) -> str:
    """The general conditions by their quotes, in one box, and what lifts some of them."""
    lines = [f"{restriction.id} “{_joined(restriction.node.quote)}”" for restriction in book.restrictions]
    lifting = next((r.lifted_by for r in book.restrictions if r.lifted_by), None)
    lines += [f"例外 “{_joined(lifting.quote)}”"] if lifting else []
    return "<br/>".join(["通用条件（二（一）1、3）", *lines])


def _ask(chart: _Chart, node: Node, entries: Ends, guide: Guide) -> tuple[Ends, Ends]:
    """A box for a condition, or one after the other for several; what is met, and what is not."""
    if not _opened(node):
        box = chart.box(_box(node, guide), entries, "{{}}")
        return [(box, "是")], [(box, "否")]
    assert isinstance(node, Group)
    done: Ends = []
    for member in node.members:
        met, failed = _ask(chart, member, entries, guide)
        entries, more = (met, failed) if node.how == "all" else (failed, met)
        done += more
    return (entries, done) if node.how == "all" else (done, entries)


def _opened(node: Node) -> bool:
    """Whether a tree is drawn member by member: several conditions, or ways of which one has several."""
    if isinstance(node, Check) or node.quote or node.how == "not":
        return False
    return node.how == "all" or any(_opened(member) for member in node.members)


def _box(node: Node, guide: Guide) -> str:
    """Clause, quote and test of a condition."""
    quotes = dict.fromkeys(_joined(quote) for quote in _quotes(node))
    clauses = dict.fromkeys(leaf.clause for leaf in node.leaves() if leaf.clause)
    return "<br/>".join(["、".join(clauses), *(f"“{quote}”" for quote in quotes), said(node, guide)])


def _quotes(node: Node) -> Iterator[str]:
    if node.quote:
        yield node.quote
    elif isinstance(node, Group):
        for member in node.members:
            yield from _quotes(member)


def _tiers(book: BranchBook) -> list[Share]:
    """The parts of an award of which one has to apply."""
    conditional = [share for share in book.shares if share.when]
    return conditional if len(conditional) == len(book.shares) else []


def _awards(chart: _Chart, book: BranchBook, guide: Guide, met: Ends) -> tuple[list[str], Ends]:
    """The parts of the award, asked for one after the other where they have conditions; and what is left over."""
    boxes = []
    for share in sorted(book.shares, key=lambda share: share.when is None):
        taken = met
        if share.when:
            taken, met = _ask(chart, share.when, met, guide)
        boxes.append(chart.box(_award_words(book, share, guide), taken))
    return boxes, met


def _award_words(book: BranchBook, share: Share, guide: Guide) -> str:
    part = share.part
    words = []
    if share.rate:
        words.append(f"{part.of}的{percent(share.rate)}")
    elif not part.stated:
        words.append(f"{part.of}的比例或档次正文未写，见{part.see}")
    if part.cap:
        words.append(f"{part.cap.per}最高{part.cap.amount}")
    words += [limit_words(ceiling) for ceiling in book.ceilings]
    words += [f"{limit_words(ceiling)}管不管这一段未写" for ceiling in book.perhaps]
    for extra in book.extras:
        unless = f"；除非 {said(extra.unless, guide)}" if extra.unless else ""
        words.append(f"加奖{extra.bonus.amount}（{said(extra.when, guide)}{unless}）")
    return "奖励上限<br/>" + "<br/>".join(words)


def _done(book: BranchBook) -> str:
    duties = [DUTIES[duty] for duty, _ in book.duties]
    return "初步符合<br/>" + (f"还要办：{'、'.join(duties)}" if duties else "不需入库，不需区推荐")


def _doubts(chart: _Chart, book: BranchBook, guide: Guide, start: str) -> None:
    """What makes the verdict unknown, whatever the conditions say."""
    for doubt in book.doubts:
        if doubt.unknown_when:
            text = f"{doubt.ambiguity.id} {said(doubt.unknown_when, guide)}<br/>{DOUBT}"
            chart.box(text, [(start, "")], "[()]", "-.->")


def _safe(label: str) -> str:
    return label.replace('"', "#quot;")


# --- the table -----------------------------------------------------------------------------------------------------


def table(id_: str, guide: Guide) -> str:
    """A direction's (or a branch's) tests as a Markdown table: clause, quote, test, question, fact, alternative."""
    rows = ["| 分支 | 条款 | 引文 | 要求 | 问句 | 事实 | 情形 |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for branch in branches_of(id_, guide):
        for line in _tests(guide.book.branches[branch]):
            wanted = "不是" * line.denied + threshold(line.test, guide)
            cells = (
                branch,
                line.clause,
                _joined(line.quote),
                wanted,
                question(line.test, guide),
                line.test.fact,
                line.way,
            )
            rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


@dataclass(frozen=True)
class _Line:
    """One comparison with the quote and the clause that it stands on.

    `denied`: under a not; `way`: the alternative that it belongs to (情形1, 情形2之1): one of them is enough.
    """

    test: Check
    quote: str
    clause: str
    denied: bool
    way: str


def _tests(book: BranchBook) -> Iterator[_Line]:
    """Every comparison of a branch."""
    for node in (*(restriction.node for restriction in book.restrictions), *book.conditions):
        yield from _quoted(node, _Line(_NONE, "", "", denied=False, way=""))


_NONE = Check("", "", (), "", "")


def _quoted(node: Node, under: _Line) -> Iterator[_Line]:
    """The comparisons of a tree; `under`: what the tree above says for them."""
    under = replace(under, quote=node.quote or under.quote, clause=node.clause or under.clause)
    if isinstance(node, Check):
        yield replace(under, test=node)
        return
    for number, member in enumerate(node.members, 1):
        way = f"{under.way}{'之' if under.way else '情形'}{number}" if node.how == "any" else under.way
        yield from _quoted(member, replace(under, denied=under.denied != (node.how == "not"), way=way))


def _joined(quote: str) -> str:
    """A quote without the blanks of the print."""
    return re.sub(r"\s+", "", quote)
