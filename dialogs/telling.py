"""What was told, said back: one fact in words, the figures in it traced to the telling."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dialogs.conversation import Kept, Told
from dialogs.interview import grounds
from dialogs.library import Library
from dialogs.saying import Source
from knowledge.awarding import plain_number
from knowledge.guide import Fact


def in_words(kept: Kept, library: Library) -> str:
    """固定资产投资420万元; 独立法人; 竣工日期：去年9月; 建设期：不清楚."""
    fact = library.guide.fact[kept.fact]
    if kept.value is None:
        return f"{fact.name}：不清楚"
    if fact.kind == "bool":
        return fact.says["yes" if kept.value else "no"]
    if fact.key == "district":
        return str(kept.value)
    if fact.kind == "choice" and (label := value_in_words(fact, kept)) == "其他":
        return f"{fact.name}属于{label}类"
    mark = "" if fact.kind == "number" and not fact.key.endswith("_year") else "："
    return f"{fact.name}{mark}{value_in_words(fact, kept)}"


def value_in_words(fact: Fact, kept: Kept) -> str:
    """The value alone: 420万元, 3亿元, 去年9月, 回租, 是, 尚未纳入."""
    value = kept.value
    if value is None:
        return "不清楚"
    if fact.kind == "bool":
        return "是" if value else "否"
    if fact.kind == "choice":
        return fact.choices.get(str(value), str(value))
    if fact.kind == "date":
        return kept.words or day_in_words(str(value))
    if fact.key.endswith("_year") and not value:
        return "尚未纳入"
    return _large(fact, Decimal(str(value))) or _months(fact, Decimal(str(value))) or figure(fact, value)


def _months(fact: Fact, value: Decimal) -> str:
    """A length in years and months as people say it (3年2个月, 8个月); nothing for whole years, halves or odd days."""
    months = round(value * 12)
    near = abs(value - Decimal(months) / 12) < Decimal("0.006")
    if fact.unit != "年" or fact.key.endswith("_year") or value * 2 % 1 == 0 or not near:
        return ""
    return f"{months // 12}年{months % 12}个月" if months > 12 else f"{months}个月"


def _large(fact: Fact, value: Decimal) -> str:
    """A sum from 1亿元 on as people say it (3亿元, 9.9亿元); nothing for a smaller or a crooked one."""
    return f"{plain_number(value / 10_000)}亿元" if fact.unit == "万元" and value >= 10_000 and not value % 1000 else ""


def figure(fact: Fact, value: Told | Decimal) -> str:
    """A number with the fact's unit; a count with several measure words stands alone."""
    unit = fact.unit or ""
    return plain_number(Decimal(str(value))) + ("" if "、" in unit else unit)


def day_in_words(iso: str) -> str:
    """2022-09-15 → 2022年9月15日."""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def told_source(kept: Kept, library: Library) -> Source:
    """What was told as a source of figures."""
    fact = library.guide.fact[kept.fact]
    said = value_in_words(fact, kept)
    plain = figure(fact, kept.value) if fact.kind == "number" and kept.value is not None else said
    return Source("told", said if plain in said else f"{said} {plain}", f"您说的{fact.name}")


def fact_sources(fact: Fact, library: Library) -> list[Source]:
    """The clauses that speak of a fact, as sources of the figures in its question and name, the shortest first."""
    if fact.key not in library.sources:
        library.sources[fact.key] = _fact_sources(fact, library)
    return [*library.sources[fact.key]]


def _fact_sources(fact: Fact, library: Library) -> list[Source]:
    quotes = {ground.quote for ground in grounds(fact.key, fact.branches, library.guide)}
    clauses = {library.guide.branches[branch].clause for branch in fact.branches} if len(fact.branches) < 7 else set()
    texts = [library.guide.all_clauses[clause] for clause in clauses]
    return [
        Source("quoted", text, " ".join(text.split()))
        for text in [*sorted(quotes, key=len), *sorted(texts, key=len)]
    ]  # fmt: skip
