"""Proof that the rules decide what the guide says.

reference   every fact, choice, branch, contact and attachment that is named is there; every fact is used where
            facts.yaml says so, and nowhere else
quote       stands in its clause; every figure of a condition, rate, cap or bonus stands whole in its quote
operator    agrees with the quote's words
provision   what is said to people and what is judged by have the same thresholds
branch      can come out eligible, not eligible and unknown (witnessing.py)
ambiguity   has a number of its own, a sentence, a quote that stands in the guide, somebody to ask
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.amounts import figures, holds, plain
from knowledge.guide import Fact, Guide, Provision
from knowledge.quoting import operator_of, printed, without_references
from knowledge.reading import FACTS_FILE, GENERAL_RULES, Draft, Fault, Path_
from knowledge.rulebook import day_of, number_of, rulebook
from knowledge.rules import (
    AS_OF,
    LAST_DAY,
    OWN_DIRECTION,
    Ambiguity,
    BranchRules,
    Cap,
    Condition,
    DirectionRules,
    Part,
    Requirement,
)
from knowledge.witnessing import witnesses

ALLOWED = {
    "bool": ("is",),
    "choice": ("is", "one_of"),
    "number": ("is", "at_least", "more_than", "at_most", "between"),
    "date": ("is", "at_least", "more_than", "at_most", "between"),
}
"""The comparisons that make sense for a kind of fact."""
VERDICTS = {"eligible": "符合", "not_eligible": "不符合", "unknown": "不清楚"}


@dataclass(frozen=True)
class Site:
    """Where a rule stands: its file and path, the clause it is of, the branch it decides over (None for all)."""

    draft: Draft
    file: str
    path: Path_
    clause: str = ""
    branch: str | None = None

    def at(self, *more: str | int, clause: str | None = None) -> Site:
        """A place further in."""
        return Site(self.draft, self.file, (*self.path, *more), clause or self.clause, self.branch)

    def fault(self, says: str) -> Fault:
        """A fault here."""
        return self.draft.fault(self.file, self.path, says)


def prove_rules(draft: Draft) -> Iterator[Fault]:
    """Every fault of a draft's rules, one by one."""
    yield from _general(draft)
    yield from _directions(draft)
    yield from _ambiguity_ids(draft)


def prove_outcomes(draft: Draft) -> Iterator[Fault]:
    """What speaks against the rules as a whole; for a draft whose every rule was proved."""
    found = list(_facts_used(draft))
    yield from found
    if not found:
        yield from _agreement(draft)
        yield from _outcomes(draft)


# --- general conditions and directions -----------------------------------------------------------------------------


def _general(draft: Draft) -> Iterator[Fault]:
    general, site = draft.guide.deciding.general, Site(draft, GENERAL_RULES, ())
    ids = [condition.id for condition in general.conditions]
    places = {*draft.guide.direction_of}
    for at, condition in enumerate(general.conditions):
        here = site.at("conditions", at)
        yield from _requirement(condition.require, here.at("require"), quoted=True)
        yield from (
            here.fault(f"没有“{name}”这个方向或分支，请改成已有的") for name in condition.except_ if name not in places
        )
    yield from _requirement(general.exemption.when, site.at("exemption", "when"), quoted=True)
    for name in general.exemption.lifts:
        if name not in ids:
            yield site.at("exemption", "lifts").fault(f"没有“{name}”这条通用条件，可写{'、'.join(ids)}")
    for duty, fact in general.duties.items():
        if duty not in draft.guide.duties:
            yield site.at("duties", duty).fault(f"没有“{duty}”这件要办的事，可写{'、'.join(draft.guide.duties)}")
        if fact not in draft.guide.fact:
            yield site.at("duties", duty).fault(_no_fact(fact))
    for at, ambiguity in enumerate(general.ambiguities):
        yield from _ambiguity(ambiguity, site.at("ambiguities", at), "0")


def _directions(draft: Draft) -> Iterator[Fault]:
    guide = draft.guide
    ruled = {branch.id for rules in guide.deciding.directions for branch in rules.branches}
    for direction in guide.directions:
        if direction.direction not in draft.rules_files:
            yield Fault(GENERAL_RULES, 1, f"方向{direction.direction}没有规则文件，请在rules/里补上")
    for rules in guide.deciding.directions:
        site = Site(draft, draft.rules_files[rules.direction], ())
        own = [branch.id for d in guide.directions if d.direction == rules.direction for branch in d.branches]
        if not own:
            yield site.at("direction").fault(f"没有方向{rules.direction}，请改成已有的方向")
            continue
        yield from (site.at("branches").fault(f"{id_}没有写规则，请补上") for id_ in own if id_ not in ruled)
        yield from _direction(rules, site, own)


def _direction(rules: DirectionRules, site: Site, own: list[str]) -> Iterator[Fault]:
    guide = site.draft.guide
    clause = guide.branches[own[0]].clause
    for at, limit in enumerate(rules.limits):
        here = site.at("limits", at, clause=clause)
        yield from _cap(limit, here)
        yield from (
            here.fault(f"{id_}不是方向{rules.direction}的分支")
            for id_ in (*limit.over, *limit.perhaps)
            if id_ not in own
        )
    for at, branch in enumerate(rules.branches):
        here = site.at("branches", at)
        if branch.id not in own:
            yield here.at("id").fault(f"{branch.id}不是方向{rules.direction}的分支，可写{'、'.join(own)}")
            continue
        yield from _branch(branch, Site(site.draft, here.file, here.path, guide.branches[branch.id].clause, branch.id))
    for at, ambiguity in enumerate(rules.ambiguities):
        yield from _ambiguity(ambiguity, site.at("ambiguities", at), rules.direction)
    if rules.routes:
        yield from _routes(rules, site.at("routes"))


def _routes(rules: DirectionRules, site: Site) -> Iterator[Fault]:
    assert rules.routes
    contacts = {contact.id for contact in site.draft.guide.contacts}
    fact = site.draft.guide.fact.get(rules.routes.fact)
    if fact is None:
        yield site.at("fact").fault(_no_fact(rules.routes.fact))
        return
    for choice, row in rules.routes.rows.items():
        if choice not in fact.choices:
            yield site.at("rows", choice).fault(_no_choice(fact, choice))
        if row not in contacts:
            yield site.at("rows", choice).fault(f"没有“{row}”这个联系人，请用contacts.yaml里的id")
    if rules.routes.otherwise not in contacts:
        yield site.at("otherwise").fault(f"没有“{rules.routes.otherwise}”这个联系人，请用contacts.yaml里的id")


# --- branches: conditions and awards -------------------------------------------------------------------------------


def _branch(branch: BranchRules, site: Site) -> Iterator[Fault]:
    for at, wanted in enumerate(branch.conditions):
        yield from _requirement(wanted, site.at("conditions", at), quoted=True)
    for at, part in enumerate(branch.award.parts):
        yield from _part(part, site.at("award", "parts", at, clause=part.clause))
    for at, bonus in enumerate(branch.award.bonuses):
        here = site.at("award", "bonuses", at, clause=bonus.clause)
        yield from _quote(bonus.quote, here)
        yield from _figure(bonus.amount, bonus.quote, here.at("amount"))
        yield from _requirement(bonus.when, here.at("when"))
        if bonus.unless:
            yield from _requirement(bonus.unless, here.at("unless"))


def _part(part: Part, site: Site) -> Iterator[Fault]:
    yield from _quote(part.quote, site)
    if part.rate:
        yield from _figure(part.rate, part.quote, site.at("rate"))
    for key, fact in (("base", part.base), ("count", part.count)):
        if fact and fact not in site.draft.guide.fact:
            yield site.at(key).fault(_no_fact(fact))
        elif fact and site.draft.guide.fact[fact].kind != "number":
            yield site.at(key).fault(f"“{fact}”不是数字的事实，不能用来计算")
    known = {f"附件{attachment.no}" for attachment in site.draft.guide.attachments}
    if part.see and part.see not in known:
        yield site.at("see").fault(f"没有{part.see}，请改成指南里有的附件")
    if part.cap:
        yield from _cap(part.cap, site.at("cap"))
    if part.when:
        yield from _requirement(part.when, site.at("when"), quoted=True)


def _cap(cap: Cap, site: Site) -> Iterator[Fault]:
    here = site.at(clause=cap.clause)
    yield from _quote(cap.quote, here)
    yield from _figure(cap.amount, cap.quote, here.at("amount"))


def _quote(quote: str, site: Site) -> Iterator[Fault]:
    clauses = site.draft.guide.all_clauses
    if site.clause and site.clause not in clauses:
        yield site.fault(f"没有“{site.clause}”这个条款，请用clauses里的名称")
    elif plain(quote) not in (plain(clauses[site.clause]) if site.clause else printed(site.draft.guide.source)):
        where = f"条款“{site.clause}”" if site.clause else "指南"
        yield site.at("quote").fault(f"引文“{quote[:20]}…”不在{where}里，请照原文逐字引")


def _figure(value: str, quote: str, site: Site) -> Iterator[Fault]:
    try:
        number_of(value)
    except ValueError as error:
        yield site.fault(f"{error}")
        return
    if not holds(quote, value):
        yield site.fault(f"“{value}”不在引文“{quote[:24]}”里，请改数或换引文")


# --- requirements --------------------------------------------------------------------------------------------------


def _requirement(wanted: Requirement, site: Site, *, quoted: bool = False, quote: str = "") -> Iterator[Fault]:
    """The faults of a requirement; `quoted` where it needs a quote, `quote` that of the group around it."""
    site, own = site.at(clause=wanted.clause), wanted.quote or quote
    if wanted.quote:
        yield from _quote(wanted.quote, site)
    if wanted.fact is None:
        for key, members in (("all", wanted.all_), ("any", wanted.any_)):
            for at, member in enumerate(members or ()):
                yield from _requirement(member, site.at(key, at), quoted=quoted, quote=own)
        if wanted.not_:
            yield from _requirement(wanted.not_, site.at("not"), quoted=quoted, quote=own)
        return
    if quoted and not own:
        yield site.fault(f"“{wanted.fact}”这一条没有引文，请补上quote")
    if wanted.told:
        yield from _known(wanted.fact, site)
        return
    yield from _comparison(wanted, site, own)


def _known(key: str, site: Site) -> Iterator[Fault]:
    if key != AS_OF and key not in site.draft.guide.fact:
        yield site.at("fact").fault(_no_fact(key))


def _comparison(wanted: Requirement, site: Site, quote: str) -> Iterator[Fault]:
    assert wanted.fact is not None
    yield from _known(wanted.fact, site)
    fact = site.draft.guide.fact.get(wanted.fact)
    if fact is None and wanted.fact != AS_OF:
        return
    kind = fact.kind if fact else "date"
    name, written = wanted.written[0]
    if name not in ALLOWED[kind]:
        yield site.at(name).fault(f"“{wanted.fact}”不能用{name}来比，可用{'、'.join(ALLOWED[kind])}")
        return
    for value in written if isinstance(written, tuple) else (written,):
        yield from _value(fact, kind, value, site.at(name))
        if quote and isinstance(value, str) and re.match(r"\d", value) and not holds(quote, value) and kind != "choice":
            yield site.at(name).fault(f"“{value}”不在引文“{quote[:24]}”里，请改数或换引文")
    if isinstance(written, str) and quote and "not" not in site.path:
        said = operator_of(quote, written)
        if said is not None and said != name:
            yield site.at(name).fault(f"写的是{name}，而引文“{written}”前后的字是{said}的意思，请改成{said}")


def _value(fact: Fact | None, kind: str, value: object, site: Site) -> Iterator[Fault]:
    if kind == "bool" and not isinstance(value, bool):
        yield site.fault(f"应写true或false，现在是“{value}”")
    if kind == "choice" and fact and value != OWN_DIRECTION and value not in fact.choices:
        yield site.fault(_no_choice(fact, str(value)))
    if kind in ("number", "date"):
        yield from _readable(kind, value, site)


def _readable(kind: str, value: object, site: Site) -> Iterator[Fault]:
    if isinstance(value, bool) or (kind == "date" and isinstance(value, int)):
        yield site.fault(f"应写{'数' if kind == 'number' else '日期'}，现在是“{value}”")
        return
    try:
        if isinstance(value, str):
            _ = number_of(value) if kind == "number" else day_of(value, date.max)
    except ValueError as error:
        yield site.fault(str(error))


def _no_fact(key: str) -> str:
    return f"没有“{key}”这个事实，请用facts.yaml里的键"


def _no_choice(fact: Fact, value: str) -> str:
    return f"“{fact.key}”没有“{value}”这个选项，可用{'、'.join(fact.choices)}"


# --- ambiguities ---------------------------------------------------------------------------------------------------


def _ambiguity(ambiguity: Ambiguity, site: Site, direction: str) -> Iterator[Fault]:
    guide = site.draft.guide
    if not re.fullmatch(rf"A{direction}\.\d+", ambiguity.id):
        yield site.at("id").fault(f"编号“{ambiguity.id}”应是A{direction}.1这样的")
    if ambiguity.contact not in {contact.id for contact in guide.contacts}:
        yield site.at("contact").fault(f"没有“{ambiguity.contact}”这个联系人，请用contacts.yaml里的id")
    if ambiguity.quote and plain(ambiguity.quote) not in printed(guide.source):
        yield site.at("quote").fault(f"引文“{ambiguity.quote[:20]}…”不在指南里，请照原文逐字引")
    for figure in figures(without_references(ambiguity.say)):
        if not holds(guide.source, figure):
            yield site.at("say").fault(f"“{figure}”在指南里找不到，请改数")
    for name in ambiguity.branches:
        if name not in guide.direction_of:
            yield site.at("branches").fault(f"没有“{name}”这个方向或分支，请改成已有的")
    for key in ("unknown_when", "noted_when"):
        wanted = getattr(ambiguity, key)
        if isinstance(wanted, Requirement):
            yield from _requirement(wanted, site.at(key))


def _ambiguity_ids(draft: Draft) -> Iterator[Fault]:
    seen: set[str] = set()
    general = [(GENERAL_RULES, draft.guide.deciding.general.ambiguities)]
    of_directions = [
        (draft.rules_files[rules.direction], rules.ambiguities) for rules in draft.guide.deciding.directions
    ]
    for file, ambiguities in [*general, *of_directions]:
        for at, ambiguity in enumerate(ambiguities):
            if ambiguity.id in seen:
                yield draft.fault(file, ("ambiguities", at, "id"), f"编号“{ambiguity.id}”写了两次，请改一个")
            seen.add(ambiguity.id)


# --- the whole -----------------------------------------------------------------------------------------------------


def _facts_used(draft: Draft) -> Iterator[Fault]:
    """facts.yaml says which branches ask for a fact; the rules ask for no others, and for every fact somewhere."""
    guide, book = draft.guide, rulebook(draft.guide)
    used = {branch: {*_asked_by(guide, branch)} for branch in book.branches}
    for at, fact in enumerate(guide.facts):
        if not any(fact.key in used[branch] for branch in fact.branches):
            yield draft.fault(FACTS_FILE, ("facts", at), f"“{fact.key}”没有一条规则用到，请在rules/里用上或删去")
        for branch, keys in used.items():
            if fact.key in keys and branch not in fact.branches:
                says = f"{branch}的规则用了“{fact.key}”，请在branches里补上{branch}"
                yield draft.fault(FACTS_FILE, ("facts", at), says)


def _asked_by(guide: Guide, branch: str) -> Iterator[str]:
    """Every fact that something of a branch asks for; what is there in general counts for all."""
    book = rulebook(guide).branches[branch]
    yield from (leaf.fact for leaf in book.whole.leaves())
    for share in book.shares:
        yield from filter(None, (share.part.base, share.part.count))
        yield from (leaf.fact for leaf in (share.when.leaves() if share.when else ()))
    for extra in book.extras:
        yield from (leaf.fact for node in (extra.when, extra.unless) if node for leaf in node.leaves())
    for doubt in book.doubts:
        yield from (leaf.fact for leaf in (doubt.unknown_when.leaves() if doubt.unknown_when else ()))
    general = guide.deciding.general
    yield from (fact for duty, fact in book.duties)
    yield from (leaf.fact for leaf in guide.book.exemption.leaves())
    yield from (condition.require.fact for condition in general.conditions if condition.require.fact)
    if any(duty == "district_recommendation" for duty, _ in book.duties):
        yield "district"


def _agreement(draft: Draft) -> Iterator[Fault]:
    """What people are told and what is judged by: one threshold for one fact of a branch."""
    guide = draft.guide
    for rules in guide.deciding.directions:
        direction = guide.direction_of[rules.direction]
        file = draft.rules_files[rules.direction]
        for at, branch in enumerate(rules.branches):
            said = [*guide.branches[branch.id].provisions, *direction.shared]
            conditions = _conditions_of(said)
            for wanted in _leaves(branch):
                other = conditions.get(wanted.fact or "")
                if other and not _same(wanted, other, guide):
                    yield draft.fault(
                        file,
                        ("branches", at),
                        f"{branch.id}的“{wanted.fact}”写的是{_shown(wanted)}，而条文里是{_shown(other)}，请改成一致",
                    )


def _conditions_of(provisions: list[Provision]) -> dict[str, Condition]:
    found = (provision.condition for provision in provisions)
    return {condition.fact: condition for condition in found if condition and not condition.one_of}


def _leaves(branch: BranchRules) -> Iterator[Requirement]:
    pending = [*branch.conditions, *(part.when for part in branch.award.parts if part.when)]
    while pending:
        wanted = pending.pop()
        pending += wanted.members
        if wanted.fact and not wanted.one_of and not wanted.told and wanted.is_ in (None, True, False):
            yield wanted


def _same(one: Requirement, other: Condition, guide: Guide) -> bool:
    read: Callable[[str], object] = number_of if guide.fact[other.fact].kind == "number" else _read_day
    return _values(one.written[0], read) == _values(other.written[0], read)


def _values(written: tuple[str, object], read: Callable[[str], object]) -> tuple[str, tuple[object, ...]]:
    name, value = written
    return name, tuple(read(v) if isinstance(v, str) else v for v in (value if isinstance(value, tuple) else (value,)))


def _read_day(text: str) -> object:
    return LAST_DAY if text == LAST_DAY else day_of(text, date.max)


def _shown(wanted: Requirement | Condition) -> str:
    name, value = wanted.written[0]
    return f"{name} {value}"


def _outcomes(draft: Draft) -> Iterator[Fault]:
    """Every branch can come out each way."""
    guide = draft.guide
    for branch, book in guide.book.branches.items():
        file = draft.rules_files[book.direction]
        lacking = [word for verdict, word in VERDICTS.items() if verdict not in witnesses(book, guide)]
        at = next(i for r in guide.deciding.directions for i, b in enumerate(r.branches) if b.id == branch)
        for word in lacking:
            yield draft.fault(
                file, ("branches", at), f"{branch}怎么填都得不到“{word}”，请检查条件是否互相矛盾或总是成立"
            )
