"""Everything in a guide that an officer may look for, as entries of the search."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from knowledge.corrected import known_by
from knowledge.finding import provisions_of
from knowledge.guide import Branch, Contact, Direction, District, Guide, Provision, Rule
from knowledge.lexicon import Lexicon
from knowledge.searching import Entry
from knowledge.syllables import lettered

FACETS = {
    "amount": "最高多少",
    "rate": "按多少比例",
    "conditions": "申报条件",
    "scope": "支持什么",
    "contact": "联系人",
    "email": "联系邮箱",
    "process": "怎么申报、交什么材料",
    "library": "要不要入库",
    "recommendation": "要不要区里推荐",
    "exclusivity": "能不能和别的一起报",
    "deadline": "什么时候截止",
    "attachment": "申报说明在哪个附件",
}
"""What is looked up of a direction, with the title it is shown under; each becomes an entry beside the direction."""
OWN_WORDS = {"process": ("材料", "申报材料", "流程"), "amount": ("金额", "上限", "封顶"), "rate": ("比例",)}
"""Short names that an officer types where visitors ask in a sentence."""

REACHED = ("联系人", "电话", "邮箱")
"""What is typed with somebody who is looked for."""


def entries_of(guide: Guide, lexicon: Lexicon) -> Iterator[Entry]:
    """Every entry of a guide, those first that are shown first where they answer alike."""
    words = _facet_words(lexicon)
    yield from map(_direction, guide.directions)
    yield from (_district(district, _places(lexicon, district)) for district in guide.districts)
    yield from _people(guide)
    yield from _offices(guide)
    yield from map(_rule, guide.rules)
    for direction in guide.directions:
        if len(direction.branches) > 1:
            yield from (_branch(direction, branch) for branch in direction.branches)
    for facet, title in FACETS.items():
        for direction in guide.directions:
            yield _topic(direction, facet, title, words[facet])
    yield from (
        Entry(f"attachment:{one.no}", f"附件{one.no} {one.title}", (one.title, one.no, f"附件{one.no}", *one.aliases))
        for one in guide.attachments
    )
    yield from _provisions(guide)
    yield from _clauses(guide)


def _direction(direction: Direction) -> Entry:
    return Entry(f"direction:{direction.direction}", direction.label, _names(direction), direction.cues, direction.name)


def _names(direction: Direction) -> tuple[str, ...]:
    number = direction.direction
    return (direction.short, number, f"方向{number}", direction.name, *direction.aliases)


def _branch(direction: Direction, branch: Branch) -> Entry:
    title = f"方向{direction.direction} {branch.name}"
    names = (branch.name, direction.direction, branch.id, f"方向{branch.id}", *branch.aliases)
    words = (f"方向{direction.direction}", direction.short, *branch.cues)
    return Entry(f"branch:{branch.id}", title, names, words, direction.label)


def _topic(direction: Direction, facet: str, title: str, words: tuple[str, ...]) -> Entry:
    """The words of a facet are words of the entry; the direction's own names are its names."""
    shown = f"{direction.label} · {title}"
    return Entry(f"topic:{direction.direction}.{facet}", shown, _names(direction), words, direction.name)


def _rule(rule: Rule) -> Entry:
    return Entry(f"rule:{rule.id}", rule.name, (rule.name, *rule.aliases), rule.cues, rule.clause)


def _provisions(guide: Guide) -> Iterator[Entry]:
    """A provision is also called by the names of what it stands under."""
    called = {d.direction: (d.label, _names(d)) for d in guide.directions}
    called |= {b.id: called[d.direction] for d in guide.directions for b in d.branches if b.id not in called}
    called |= {rule.id: (rule.name, (rule.name, *rule.aliases)) for rule in guide.rules}
    for id_, topic, provision in provisions_of(guide):
        yield _provision(id_, *called[topic], provision)


def _provision(id_: str, topic: str, names: tuple[str, ...], provision: Provision) -> Entry:
    kind = "term" if provision.facet == "definition" else "provision"
    words = (*provision.cues, provision.say, *provision.asks, "".join(provision.quote.split()))
    return Entry(f"{kind}:{id_}", provision.say, names, words, topic)


def _clauses(guide: Guide) -> Iterator[Entry]:
    for label, text in guide.all_clauses.items():
        shown = " ".join(text.split())
        yield Entry(f"clause:{label}", f"原文 {label}", (label,), (_unbroken(text),), shown[:60])


def _unbroken(text: str) -> str:
    """A clause without the breaks and gaps of the print."""
    return "".join(text.split())


def _district(district: District, places: tuple[str, ...]) -> Entry:
    names = (district.name, district.name.removesuffix("区"), district.printed, *places)
    mails = (*known_by(district, "email"), district.other_email or "")
    who = "、".join(person.name for person in district.people)
    words = chain.from_iterable(
        (person.office, *known_by(person, "name"), *known_by(person, "phone")) for person in district.people
    )
    return Entry(f"district:{district.id}", district.name, names, (*words, *mails, *REACHED), who)


def _places(lexicon: Lexicon, district: District) -> tuple[str, ...]:
    """Everyday places that lie in a district."""
    return tuple(
        term
        for term, targets in lexicon.targets.items()
        if any(t.kind == "district" and t.id in (district.id, district.name) for t in targets)
    )


def person_id(name: str, where: str) -> str:
    """The id of a person: one name may stand in several districts and offices."""
    return f"person:{name}@{where}"


def _people(guide: Guide) -> Iterator[Entry]:
    rows: dict[str, list[Contact]] = {}
    for contact in guide.contacts:
        if contact.name:
            rows.setdefault(person_id(contact.name, contact.office), []).append(contact)
    for id_, held in rows.items():
        first = held[0]
        labels = tuple(dict.fromkeys(contact.label for contact in held))
        aliases = tuple(alias for contact in held for alias in contact.aliases)
        called = dict.fromkeys(n for contact in held for f in ("name", "phone", "email") for n in known_by(contact, f))
        names = (*called, first.office)
        yield Entry(id_, first.name, names, (*labels, *aliases, *REACHED), f"{first.office} · {'、'.join(labels)}")
    for district in guide.districts:
        for person in district.people:
            own = len(district.people) == 1 or _spells(district.email, person.name)
            mails = known_by(district, "email") if own else ()
            names = (
                *known_by(person, "name"),
                *known_by(person, "phone"),
                *mails,
                district.name,
                district.name.removesuffix("区"),
            )
            words = (person.office, district.email, *REACHED)
            id_ = person_id(person.name, district.name)
            yield Entry(id_, person.name, names, words, f"{district.name} · {person.office}")


def _spells(mail: str, name: str) -> bool:
    """Whether a mailbox is called after a person."""
    return mail.lower().startswith(lettered(name).replace("'", ""))


def _offices(guide: Guide) -> Iterator[Entry]:
    held: dict[str, list[Contact]] = {}
    for contact in guide.contacts:
        held.setdefault(contact.office, []).append(contact)
    for office, rows in held.items():
        labels = tuple(dict.fromkeys(row.label for row in rows))
        lines = tuple(row for row in rows if not row.name)
        names = (
            office,
            *(phone for row in lines for phone in known_by(row, "phone")),
            *(alias for row in lines for alias in row.aliases),
        )
        people = (name for row in rows for name in (row.name, row.phone))
        yield Entry(f"office:{office}", office, names, (*labels, *people, *REACHED), "、".join(labels))


def _facet_words(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """The words that tell each facet by themselves, with the facet's own title."""
    found: dict[str, list[str]] = {facet: [title, *OWN_WORDS.get(facet, ())] for facet, title in FACETS.items()}
    for term, targets in lexicon.targets.items():
        for target in targets:
            if target.kind == "facet" and target.id in found and target.weight >= 0.5:
                found[target.id].append(term)
    return {facet: tuple(words) for facet, words in found.items()}
