"""Proof that an overlay may be laid over a guide.

    target    of every phrasing, name and correction exists
    phrasing  is nobody else's, neither the guide's nor the overlay's own, nor one that is known not to be ours
    name      leads to one thing, unless the guide declares several to share it
    contact   a correction has a day and a source, changes what is printed, and has the form of such a field;
              somebody who stands in several rows is corrected in all of them

What the words of a correction say can't be proved: that is why it carries its day and its source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TypeAlias, get_args

from knowledge.amounts import plain
from knowledge.finding import provisions_of
from knowledge.guide import Contact, Facet, Guide
from knowledge.overlay import FIELD_NAMES, Corrected, Overlay, bare, correctable, fields_of
from knowledge.reading import Path_
from knowledge.words import Words

Told: TypeAlias = Iterator[tuple[Path_, str]]
SHORTEST, LONGEST, LONGEST_SOURCE = 2, 200, 60
"""Letters of a phrasing or a name, and of a source."""
FORMS = {
    "name": (re.compile(r"[一-鿿·]{2,12}"), "应是两个以上的汉字"),
    "phone": (re.compile(r"\d{8}|1\d{10}"), "应是8位号码或11位手机号，只写数字"),
    "email": (re.compile(r"[\w.-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "应是一个完整的邮箱"),
}
FACETS: tuple[str, ...] = get_args(Facet)


def overlay_faults(overlay: Overlay, guide: Guide, words: Words) -> Told:
    """Every fault of an overlay over a proved guide: where, and one sentence."""
    yield from _phrasings(overlay, guide, words)
    yield from _aliases(overlay, guide)
    yield from _contacts(overlay, guide)


# --- phrasings and names ---------------------------------------------------------------------------------------------


def _phrasings(overlay: Overlay, guide: Guide, words: Words) -> Told:
    entries = {name for name, _, _ in provisions_of(guide)}
    owners = asked_under(guide, words)
    for key, texts in overlay.phrasings.items():
        topic, _, facet = key.partition(".")
        if key not in entries and not (topic in topics_of(guide) and facet in FACETS):
            yield ("phrasings", key), f"没有“{key}”这一条，应是条文的编号（如8:floor）或“主题.方面”（如8.contact）"
            continue
        for at, text in enumerate(texts):
            path: Path_ = ("phrasings", key, at)
            if fault := _form(text):
                yield path, fault
                continue
            owner = owners.setdefault(bare(text), key)
            if owner != key:
                where = "“不归我们的事”里" if owner.startswith("no.") else f"“{owner}”下面"
                yield path, f"问法“{text}”已经在{where}，一句话只能放在一处，请去掉一处"
            elif any(bare(text) == bare(other) for other in texts[:at]):
                yield path, f"问法“{text}”写了两次，请去掉一句"


def asked_under(guide: Guide, words: Words) -> dict[str, str]:
    """Every whole question that is kept, as it is compared, with the entry that it belongs to."""
    found: dict[str, str] = {}
    for name, _, provision in provisions_of(guide):
        found |= {bare(text): name for text in provision.asks}
    for key, texts in guide.phrasings.items():
        found |= {bare(text): key for text in texts}
    for matter, texts in words.elsewhere_asks.items():
        found |= {bare(text): f"no.{matter}" for text in texts}
    return found


def topics_of(guide: Guide) -> set[str]:
    """The ids of all topics: directions, branches, rules."""
    return {*guide.direction_of, *(rule.id for rule in guide.rules)}


def _aliases(overlay: Overlay, guide: Guide) -> Told:
    owners = _called(guide)
    for key, texts in overlay.aliases.items():
        if key not in topics_of(guide):
            yield ("aliases", key), f"没有“{key}”这个方向、分支或规则，请改成已有的"
            continue
        for at, text in enumerate(texts):
            path: Path_ = ("aliases", key, at)
            if fault := _form(text):
                yield path, fault
                continue
            others = {owner for owner in owners[plain(text)] if owner != key}
            if others and not {key, *others} <= set(guide.shared_phrasings.get(text, ())):
                yield path, f"叫法“{text}”已经指向{'、'.join(sorted(others))}，一个叫法只能指一处，请去掉一处"
            owners[plain(text)].add(key)


def _called(guide: Guide) -> defaultdict[str, set[str]]:
    """Who is called by each name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for direction in guide.directions:
        for alias in direction.aliases:
            found[plain(alias)].add(direction.direction)
        for branch in direction.branches:
            for alias in branch.aliases:
                found[plain(alias)].add(branch.id)
    for rule in guide.rules:
        for alias in rule.aliases:
            found[plain(alias)].add(rule.id)
    return found


def _form(text: str) -> str:
    """What is wrong with a text as a phrasing or a name."""
    if not SHORTEST <= len(bare(text)) <= LONGEST:
        return f"“{text[:20]}”不能用：去掉标点应有{SHORTEST}到{LONGEST}个字"
    return f"“{text[:20]}…”应是一行，不要分行" if "\n" in text else ""


# --- contacts --------------------------------------------------------------------------------------------------------


def _contacts(overlay: Overlay, guide: Guide) -> Told:
    known = correctable(guide)
    for key, held in overlay.contacts.items():
        if key not in known:
            yield ("contacts", key), f"没有“{key}”这个联系人，应是contacts.yaml里的id（如row-10）或“区/姓名”"
            continue
        for at, one in enumerate(held):
            path: Path_ = ("contacts", key, at)
            for says in (*_dated(one), *_right(one, key, guide)):
                yield path, f"“{key}”的更正{says}"
            twice = [FIELD_NAMES[field] for other in held[:at] for field in one.fields if field in other.fields]
            if twice:
                yield path, f"“{key}”的{'、'.join(twice)}更正了两次，请只留一次"
    yield from _in_all_rows(overlay, guide)


def _dated(one: Corrected) -> Iterator[str]:
    try:
        date.fromisoformat(one.since)
    except ValueError:
        yield f"的日期“{one.since}”读不懂，请写成2026-11-20这样"
    if not one.source.strip():
        yield "没有写来源，请写明是谁、怎么告诉的"
    elif len(one.source) > LONGEST_SOURCE or "\n" in one.source:
        yield f"的来源太长，请用一行{LONGEST_SOURCE}个字以内写明"


def _right(one: Corrected, key: str, guide: Guide) -> Iterator[str]:
    printed = correctable(guide)[key]
    if not one.fields:
        yield "没有写改什么，请写姓名、电话、邮箱之一"
    for field, value in one.fields.items():
        form, right = FORMS[field]
        if field not in fields_of(printed):
            yield f"不能改{FIELD_NAMES[field]}：{_instead(key)}"
        elif not form.fullmatch(value):
            yield f"的{FIELD_NAMES[field]}“{value}”不对，{right}"
        elif value == getattr(printed, field):
            yield f"的{FIELD_NAMES[field]}“{value}”就是指南印的，不用更正"


def _instead(key: str) -> str:
    if "/" in key:
        return f"区里的邮箱是一区一个，请写在“{key.partition('/')[0]}”下面"
    return "区的姓名、电话请写在“区/姓名”下面"


def _in_all_rows(overlay: Overlay, guide: Guide) -> Told:
    """One person of several rows has one name and one number."""
    rows: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for contact in guide.contacts:
        rows[contact.name or contact.label, contact.phone].append(contact)
    for held in rows.values():
        told = {
            row.id: {f: v for one in overlay.contacts.get(row.id, ()) for f, v in one.fields.items()} for row in held
        }
        for field in ("name", "phone"):
            said = {fields.get(field) for fields in told.values()}
            if len(said) > 1:
                first = next(row.id for row in held if told[row.id].get(field))
                ids = "、".join(row.id for row in held)
                yield ("contacts", first), f"{held[0].name}在{ids}里是同一个人，{FIELD_NAMES[field]}要几处一起更正"
