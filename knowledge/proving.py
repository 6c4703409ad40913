"""Proof that a guide says only what its text says.

    clause  stands in the source            quote   stands in its clause
    figure  of a sentence stands whole in the quotes under it
    operator agrees with the quote's words  (不低于 → at_least, 后 → more_than, 不超过 → at_most)
    contact  all fields stand in one row of the printed table
    rules    decide what the clauses say (proving_rules.py, proving_outcomes.py)
    branch   has provisions, an award, a contact, and the duties that the guide lists for it
    phrasing leads to one thing, unless several things are declared to share it

A fault is one Chinese sentence with file, line and the mend (`reading.Fault`); `prove` returns them all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.amounts import figures, holds, plain
from knowledge.guide import Branch, Contact, Direction, District, Guide, Provision, Rule
from knowledge.proving_outcomes import prove_outcomes
from knowledge.proving_rules import prove_rules
from knowledge.quoting import operator_of, printed, without_references
from knowledge.reading import CONTACTS_FILE, DISTRICTS_FILE, FACTS_FILE, GUIDE_FILE, BrokenGuide, Draft, Fault, Path_
from knowledge.rules import Condition

DIRECTIONS, BRANCHES, ATTACHMENTS, DISTRICTS, MUNICIPAL_ROWS, LINES = 14, 27, 16, 17, 23, 5
"""What 2023-batch-1 prints; another guide's counts would be stated in its guide.yaml once there is one."""


@dataclass(frozen=True)
class Proved:
    """The counts that `knowledge check` prints."""

    directions: int
    branches: int
    contact_rows: int
    lines: int
    districts: int
    attachments: int
    provisions: int
    conditions: int
    ambiguities: int


def proved(draft: Draft) -> Guide:
    """The guide of a draft, once nothing speaks against it; BrokenGuide with all faults otherwise."""
    faults = sorted(set(prove(draft)))
    if faults:
        raise BrokenGuide(faults)
    return draft.guide


def counts(guide: Guide) -> Proved:
    """How much of each kind a guide holds."""
    shared = sum(len(direction.shared) for direction in guide.directions)
    rules = guide.deciding
    conditions = sum(1 for book in guide.book.branches.values() for part in book.conditions for _ in part.leaves())
    of_branches = sum(len(branch.provisions) for branch in guide.branches.values())
    return Proved(
        directions=len(guide.directions),
        branches=len(guide.branches),
        contact_rows=sum(bool(contact.branches) for contact in guide.contacts),
        lines=sum(not contact.branches for contact in guide.contacts),
        districts=len(guide.districts),
        attachments=len(guide.attachments),
        provisions=shared + of_branches + sum(len(rule.provisions) for rule in guide.rules),
        conditions=conditions + len(rules.general.conditions),
        ambiguities=len(rules.general.ambiguities) + sum(len(found.ambiguities) for found in rules.directions),
    )


def prove(draft: Draft) -> Iterator[Fault]:
    """Every fault of a draft; what follows from the rules as a whole only where nothing else speaks against it."""
    proofs = (
        _clauses,
        _provisions,
        _branches,
        _duties,
        _contacts,
        _districts,
        _attachments,
        _phrasings,
        _facts,
        _trades,
        prove_rules,
    )
    found = [fault for proof in proofs for fault in proof(draft)]
    yield from found or prove_outcomes(draft)


# --- clauses and provisions ------------------------------------------------------------------------------------------


def _clauses(draft: Draft) -> Iterator[Fault]:
    source = printed(draft.guide.source)
    for label, text in draft.guide.clauses.items():
        if plain(text) not in source:
            yield draft.fault(GUIDE_FILE, ("clauses", label), f"条款“{label}”的文字与source.txt不一致，请照原文改")
    for direction in draft.guide.directions:
        file = draft.direction_files[direction.direction]
        for label, text in direction.clauses.items():
            if plain(text) not in source:
                yield draft.fault(file, ("clauses", label), f"条款“{label}”的文字与source.txt不一致，请照原文改")
    window = draft.guide.window
    if plain(window.quote) not in source:
        yield draft.fault(GUIDE_FILE, ("window", "quote"), "申报时间的引文不在source.txt里，请照原文改")


@dataclass(frozen=True)
class Placed:
    """A provision with where it stands: file, path, the clause that it is of, and the direction (None for a rule)."""

    provision: Provision
    file: str
    path: Path_
    clause: str
    direction: Direction | None
    branch: Branch | None = None
    rule: Rule | None = None


def placed(draft: Draft) -> Iterator[Placed]:
    """Every provision of a draft with its place."""
    for direction in draft.guide.directions:
        file = draft.direction_files[direction.direction]
        for index, provision in enumerate(direction.shared):
            clause = provision.clause or next(iter(direction.clauses))
            yield Placed(provision, file, ("shared", index), clause, direction)
        for at, branch in enumerate(direction.branches):
            for index, provision in enumerate(branch.provisions):
                path = ("branches", at, "provisions", index)
                yield Placed(provision, file, path, provision.clause or branch.clause, direction, branch)
    for at, rule in enumerate(draft.guide.rules):
        for index, provision in enumerate(rule.provisions):
            path = ("rules", at, "provisions", index)
            yield Placed(provision, GUIDE_FILE, path, provision.clause or rule.clause, None, rule=rule)


def _provisions(draft: Draft) -> Iterator[Fault]:
    clauses, source = draft.guide.all_clauses, printed(draft.guide.source)
    facts = {fact.key: fact for fact in draft.guide.facts}
    for place in placed(draft):
        provision = place.provision

        def fault(key: str, says: str, place: Placed = place) -> Fault:
            return draft.fault(place.file, (*place.path, key), says)

        clause = clauses.get(place.clause)
        if clause is None:
            yield fault("clause", f"没有“{place.clause}”这个条款，请用clauses里的名称")
            continue
        if plain(provision.quote) not in plain(clause):
            yield fault("quote", f"引文“{provision.quote[:20]}…”不在条款“{place.clause}”里，请照原文逐字引")
        for index, quote in enumerate(provision.also):
            if plain(quote) not in source:
                yield draft.fault(
                    place.file, (*place.path, "also", index), f"引文“{quote[:20]}…”不在source.txt里，请照原文逐字引"
                )
        yield from _figures(provision, fault)
        yield from _values(provision, fault)
        if provision.condition:
            yield from _condition(provision.condition, provision, facts, fault)


def _quotes(provision: Provision) -> list[str]:
    return [provision.quote, *provision.also]


def _figures(provision: Provision, fault: object) -> Iterator[Fault]:
    assert callable(fault)
    quotes = _quotes(provision)
    for figure in figures(without_references(provision.say)):
        if not any(holds(quote, figure) for quote in quotes):
            longer = any(plain(figure) in plain(quote) for quote in quotes)
            why = "引文里它只是更长的数的一部分" if longer else "引文里找不到"
            yield fault("say", f"“{figure}”在{why}，请改数或换引文“{provision.quote[:24]}”")


def _values(provision: Provision, fault: object) -> Iterator[Fault]:
    assert callable(fault)
    for key, value in _written_values(provision):
        if not any(holds(quote, value) for quote in _quotes(provision)):
            longer = any(plain(value) in plain(quote) for quote in _quotes(provision))
            why = "引文里它只是更长的数的一部分" if longer else f"引文写的是“{provision.quote[:24]}”"
            yield fault(key, f"{key}的“{value}”不成立：{why}，请改数或换引文")


def _written_values(provision: Provision) -> Iterator[tuple[str, str]]:
    """Every figure that stands in a structured value, with the key that holds it."""
    if provision.ceiling:
        yield "ceiling", provision.ceiling.amount
    if provision.rate:
        yield from (("rate", value) for value in (provision.rate.at_most, provision.rate.exactly) if value)
    if provision.bonus:
        yield "bonus", provision.bonus.amount
    if provision.period:
        yield "period", provision.period.at_most
    if provision.condition:
        for _, value in provision.condition.comparisons:
            values = value if isinstance(value, tuple) else (value,)
            yield from (("condition", v) for v in values if isinstance(v, str) and re.match(r"\d", v))


def _condition(condition: Condition, provision: Provision, facts: object, fault: object) -> Iterator[Fault]:
    assert callable(fault) and isinstance(facts, dict)
    fact = facts.get(condition.fact)
    if fact is None:
        yield fault("condition", f"没有“{condition.fact}”这个事实，请用facts.yaml里的键")
        return
    if fact.kind == "bool" and not isinstance(condition.is_, bool):
        yield fault("condition", f"“{condition.fact}”只能用is比，写true或false，现在是“{condition.is_}”")
    for value in condition.one_of or ():
        if value not in fact.choices:
            yield fault("condition", f"“{condition.fact}”没有“{value}”这个选项，可用{'、'.join(fact.choices)}")
    for operator in ("at_least", "at_most", "more_than"):
        value = getattr(condition, operator)
        if not isinstance(value, str):
            continue
        said = next((said for q in _quotes(provision) if (said := operator_of(q, value))), None)
        if said is not None and said != operator:
            yield fault("condition", f"写的是{operator}，而引文“{value}”前后的字是{said}的意思，请改成{said}")


# --- branches, duties, contacts --------------------------------------------------------------------------------------


def _branches(draft: Draft) -> Iterator[Fault]:
    answered_by = {branch for contact in draft.guide.contacts for branch in contact.branches}
    for direction in draft.guide.directions:
        file = draft.direction_files[direction.direction]
        for at, branch in enumerate(direction.branches):
            whole = [*branch.provisions, *direction.shared]
            if branch.id not in answered_by:
                yield draft.fault(
                    file, ("branches", at), f"{branch.id}没有联系人，请在{CONTACTS_FILE}里把{branch.id}写进branches"
                )
            if not any(p.ceiling or p.rate for p in whole):
                yield draft.fault(
                    file, ("branches", at), f"{branch.id}没有写奖励（ceiling或rate），正文未写比例的写stated: false"
                )
    for at, contact in enumerate(draft.guide.contacts):
        for branch_id in contact.branches:
            if branch_id not in draft.guide.branches:
                yield draft.fault(
                    CONTACTS_FILE, ("contacts", at, "branches"), f"没有“{branch_id}”这个分支，请改成已有的"
                )


def _duties(draft: Draft) -> Iterator[Fault]:
    source = printed(draft.guide.source)
    for duty, rule in draft.guide.duties.items():
        if plain(rule.quote) not in source:
            yield draft.fault(GUIDE_FILE, ("duties", duty, "quote"), "引文不在source.txt里，请照原文逐字引")
            continue
        named = set(re.findall(r"方向(\d+)", plain(rule.quote)))
        listed = {draft.guide.direction_of[b].direction for b in rule.branches if b in draft.guide.direction_of}
        for number in sorted(named ^ listed, key=int):
            says = (
                f"引文里有方向{number}，branches里没有，请补上"
                if number in named
                else f"引文里没有方向{number}，请去掉"
            )
            yield draft.fault(GUIDE_FILE, ("duties", duty, "branches"), says)
        for direction in draft.guide.directions:
            file = draft.direction_files[direction.direction]
            for at, branch in enumerate(direction.branches):
                if (branch.id in rule.branches) != (duty in branch.needs):
                    says = "缺了" if branch.id in rule.branches else "多了"
                    yield draft.fault(
                        file, ("branches", at, "needs"), f"{branch.id}的needs{says}{duty}，请与{rule.clause}一致"
                    )


def table_rows(source: str) -> list[str]:
    """The rows of the guide's two contact tables and its lists of lines, in `plain` spelling.

    Each printed row ends with its mailbox, so the text is cut behind every mailbox.
    """
    text = printed(source)
    start = text.find(plain("2.政策咨询联系人"))
    tables = text[start : text.find(plain("附件：1."), start)]
    pieces = re.split(r"(?<=gov\.cn)|(?<=163\.com)|(?<=126\.com)|(?=3\.各领域联系方式)|(?=技术支持[：:])", tables)
    return [piece for piece in pieces if piece]


_ELSEWHERE = "这里照指南印的写，更正请写在补充里（docs/editing.md“电话换了怎么办”），不写corrected"


def _in_one_row(rows: list[str], parts: list[str]) -> bool:
    return any(all(_stands(row, part) for part in parts) for row in rows)


def _stands(row: str, part: str) -> bool:
    """Whether a contact's field stands in a row as a whole: a mailbox at its end, a phone as 8 digits of their own."""
    wanted = plain(part)
    if "@" in wanted:
        before = row[: -len(wanted)][-1:]
        return row.endswith(wanted) and not re.match(r"[a-z._-]", before)
    if wanted.isdigit():
        return any(wanted in re.findall(rf"\d{{{len(wanted)}}}", run) for run in re.findall(r"\d+", row))
    return wanted in row


def _contacts(draft: Draft) -> Iterator[Fault]:
    rows = table_rows(draft.guide.source)
    for at, contact in enumerate(draft.guide.contacts):
        if contact.corrected:
            yield draft.fault(CONTACTS_FILE, ("contacts", at, "corrected"), _ELSEWHERE)
    for at, contact in enumerate(draft.guide.contacts):
        parts = [contact.matter, *contact.office.split(), contact.name, contact.phone, contact.email]
        if not _in_one_row(rows, [part for part in parts if part]):
            yield draft.fault(
                CONTACTS_FILE, ("contacts", at), f"“{contact.label}”的{_stray(rows, contact)}，请照联系表这一行改"
            )
    named = sum(bool(contact.branches) for contact in draft.guide.contacts)
    if named != MUNICIPAL_ROWS or len(draft.guide.contacts) - named != LINES:
        yield draft.fault(
            CONTACTS_FILE, ("contacts",), f"应有{MUNICIPAL_ROWS}行业务联系人和{LINES}条咨询、技术线路，请补齐或去重"
        )


def _stray(rows: list[str], contact: Contact) -> str:
    """Which field does not stand in the row of the contact's matter."""
    own = [row for row in rows if plain(contact.matter) in row]
    if not own:
        return f"事项“{contact.matter}”在联系表里找不到"
    for word, value in (("姓名", contact.name), ("电话", contact.phone), ("邮箱", contact.email)):
        if value and not any(_stands(row, value) for row in own):
            return f"{word}“{value}”不在这一行里"
    return f"处室“{contact.office}”等各项不在同一行里"


def _districts(draft: Draft) -> Iterator[Fault]:
    rows = table_rows(draft.guide.source)
    for at, district in enumerate(draft.guide.districts):
        if district.corrected or any(person.corrected for person in district.people):
            yield draft.fault(DISTRICTS_FILE, ("districts", at), _ELSEWHERE)
        for says in _district_faults(rows, district):
            yield draft.fault(DISTRICTS_FILE, ("districts", at), says)
    if len(draft.guide.districts) != DISTRICTS:
        yield draft.fault(DISTRICTS_FILE, ("districts",), f"应有{DISTRICTS}个区，请补齐或去重")


def _district_faults(rows: list[str], district: District) -> Iterator[str]:
    for person in district.people:
        parts = [district.printed, *person.office.split(), person.name, person.phone, district.email]
        if not _in_one_row(rows, parts):
            yield f"“{district.name}”{person.name}的科室、电话或邮箱不在同一行里，请照各区联系表改"
    if district.other_email and not any(_stands(row, district.other_email) for row in rows):
        yield f"“{district.name}”的邮箱“{district.other_email}”在表里找不到，请照各区联系表改"


# --- attachments, phrasings, facts -----------------------------------------------------------------------------------


def _attachments(draft: Draft) -> Iterator[Fault]:
    source = printed(draft.guide.source)
    known = {attachment.no for attachment in draft.guide.attachments}
    for at, attachment in enumerate(draft.guide.attachments):
        if plain(attachment.no + "." + attachment.title) not in source:
            yield draft.fault(
                GUIDE_FILE, ("attachments", at, "title"), f"附件{attachment.no}的标题与原文不一致，请照原文改"
            )
    if len(known) != ATTACHMENTS:
        yield draft.fault(GUIDE_FILE, ("attachments",), f"应有{ATTACHMENTS}个附件，请补齐或去重")
    for place in placed(draft):
        provision = place.provision
        sees = [provision.rate.see if provision.rate else None, provision.unstated.see if provision.unstated else None]
        text = " ".join([provision.say, *[see for see in sees if see]])
        for no in re.findall(r"附件\s*(\d+)", text):
            if no not in known:
                yield draft.fault(place.file, place.path, f"没有附件{no}，指南只有附件1至附件{ATTACHMENTS}")


def _phrasings(draft: Draft) -> Iterator[Fault]:
    """An alias or a whole question belongs to one thing, unless shared_phrasings declares who shares it."""
    claims: dict[str, dict[str, tuple[str, Path_]]] = defaultdict(dict)
    for direction in draft.guide.directions:
        file = draft.direction_files[direction.direction]
        for at, alias in enumerate(direction.aliases):
            claims[plain(alias)].setdefault(direction.direction, (file, ("aliases", at)))
        for number, branch in enumerate(direction.branches):
            for at, alias in enumerate(branch.aliases):
                claims[plain(alias)].setdefault(branch.id, (file, ("branches", number, "aliases", at)))
    for place in placed(draft):
        owner = place.branch or place.rule or place.direction
        for at, question in enumerate(place.provision.asks):
            name = f"{getattr(owner, 'id', '')}:{place.provision.id}"
            claims[plain(question)].setdefault(name, (place.file, (*place.path, "asks", at)))
    for number, rule in enumerate(draft.guide.rules):
        for at, alias in enumerate(rule.aliases):
            claims[plain(alias)].setdefault(rule.id, (GUIDE_FILE, ("rules", number, "aliases", at)))
    shared = {plain(phrasing): set(owners) for phrasing, owners in draft.guide.shared_phrasings.items()}
    for phrasing, owners in claims.items():
        if len(owners) > 1 and not set(owners) <= shared.get(phrasing, set()):
            file, path = list(owners.values())[-1]
            yield draft.fault(
                file,
                path,
                f"说法“{phrasing}”同时指向{'、'.join(owners)}，请只留一处，或在guide.yaml的shared_phrasings里声明",
            )
    ids = {*draft.guide.direction_of, *(rule.id for rule in draft.guide.rules)} | {
        name for owners in claims.values() for name in owners
    }
    for phrasing, owners_ in draft.guide.shared_phrasings.items():
        for owner_id in owners_:
            if owner_id not in ids:
                yield draft.fault(
                    GUIDE_FILE,
                    ("shared_phrasings", phrasing),
                    f"说法“{phrasing}”指向的“{owner_id}”不存在，请改成已有的",
                )


def _trades(draft: Draft) -> Iterator[Fault]:
    for name, trade in draft.guide.trades.items():
        for topic in trade.of:
            if topic not in draft.guide.direction_of:
                yield draft.fault(GUIDE_FILE, ("trades", name, "of"), f"没有方向或分支“{topic}”，请改成已有的")


def _facts(draft: Draft) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, fact in enumerate(draft.guide.facts):
        if fact.key in seen:
            yield draft.fault(FACTS_FILE, ("facts", at), f"“{fact.key}”写了两次，请删去一个")
        seen.add(fact.key)
        if (fact.kind == "choice") != bool(fact.choices):
            yield draft.fault(FACTS_FILE, ("facts", at), f"“{fact.key}”是choice才有choices，请对照改")
        for branch in fact.branches:
            if branch not in draft.guide.branches:
                yield draft.fault(FACTS_FILE, ("facts", at), f"“{fact.key}”用到的分支“{branch}”不存在，请改成已有的")
    if len(draft.guide.branches) != BRANCHES or len(draft.guide.directions) != DIRECTIONS:
        yield draft.fault(
            GUIDE_FILE,
            ("id",),
            f"应有{DIRECTIONS}个方向、{BRANCHES}个分支，现在是"
            f"{len(draft.guide.directions)}个、{len(draft.guide.branches)}个，请补齐",
        )
