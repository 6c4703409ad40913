"""What a consultation reads from: one guide, its finder and our sentences; made once, shared by all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from dialogs.commanding import Commands
from dialogs.phrases import Phrases
from knowledge.canned import CannedTexts
from knowledge.corrected import known_by, noted, printed
from knowledge.desk_hours import DeskHours
from knowledge.finding import Finder, provisions_of
from knowledge.guide import Contact, Correction, District, Guide, Provision
from knowledge.teller import Teller

if TYPE_CHECKING:
    from dialogs.saying import Line, Source


@dataclass(frozen=True)
class Stated:
    """A provision with its full id (3:cap_product), the topic it stands under and its clause's label."""

    id: str
    topic: str
    clause: str
    provision: Provision


@dataclass(frozen=True)
class Holder:
    """A person (or technical line) with all that the tables say of them: municipal rows, or a district."""

    name: str
    office: str
    phone: str
    email: str
    rows: tuple[Contact, ...] = ()
    district: District | None = None
    corrected: tuple[Correction, ...] = ()

    @property
    def matters(self) -> tuple[str, ...]:
        """What they are there for, as labels."""
        return tuple(row.label for row in self.rows) or ((self.district.name,) if self.district else ())


@dataclass(frozen=True, repr=False, eq=False)
class Library:
    """The guide, the finder over it, our sentences, and the look-ups that answers are made of."""

    guide: Guide
    finder: Finder
    phrases: Phrases
    smalltalk: Mapping[str, str]
    stated: Mapping[str, Stated]
    holders: tuple[Holder, ...]
    teller: Teller
    commands: Commands
    desk: DeskHours
    canned: CannedTexts
    overlay: str
    printed: Guide

    def under(self, topic: str) -> list[Stated]:
        """The provisions of a topic: a rule's, a branch's with what its direction shares, or a whole direction's."""
        return list(_under(self, topic))

    def _under(self, topic: str) -> list[Stated]:
        direction = self.guide.direction_of.get(topic)
        if direction is None:
            return [one for one in self.stated.values() if one.topic == topic]
        branches = {branch.id for branch in direction.branches} if topic == direction.direction else {topic}
        return [
            one for one in self.stated.values() if one.topic in branches or one.id.split(":")[0] == direction.direction
        ]

    def said_under(self, topic: str) -> tuple[tuple[str, str], ...]:
        """The sentences of a topic's provisions, each with the id of its own."""
        return _said_under(self, topic)

    @cached_property
    def sources(self) -> dict[str, list[Source]]:
        """The clauses that speak of a fact, by its key, as they are asked for (`telling.fact_sources`)."""
        return {}

    @cached_property
    def as_said(self) -> dict[str, Line]:
        """The provisions as they are said, by their ids, once they have been (`Saying.state`)."""
        return {}

    @cached_property
    def said_by(self) -> Mapping[str, Stated]:
        """The first provision that is said with a sentence."""
        return {one.provision.say: one for one in reversed(tuple(self.stated.values()))}

    @cached_property
    def kind_words(self) -> re.Pattern[str]:
        """Nothing but thanks."""
        kind = sorted((word for word, kind in self.smalltalk.items() if kind == "thanks"), key=len, reverse=True)
        words = "|".join(map(re.escape, kind))
        return re.compile(rf"{_PARTICLES}*(?:{words})(?:{words}|{_PARTICLES})*")

    @cached_property
    def rules(self) -> frozenset[str]:
        """The ids of the general rules."""
        return frozenset(rule.id for rule in self.guide.rules)

    @cached_property
    def number_of(self) -> Mapping[str, str]:
        """The number of the direction that a topic is, or is a branch of; none for a rule."""
        return {topic: direction.direction for topic, direction in self.guide.direction_of.items()}

    @cached_property
    def called(self) -> tuple[tuple[str, str], ...]:
        """The directions' short and printed names."""
        return tuple((one.short, one.name) for one in self.guide.directions)

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """Everything that was corrected of anybody in the tables."""
        return tuple(dict.fromkeys(one for holder in self.holders for one in holder.corrected))

    @cached_property
    def canned_slots(self) -> Mapping[str, str]:
        """What the slots of canned texts are filled with: the desk's hours and the consultation line."""
        line = self.lines("policy")[0]
        notes = "".join(f"（{noted(one)}）" for one in line.corrected if one.field == "phone")
        return {"hours": self.desk.spoken, "office": line.office, "phone": f"{line.phone}{notes}"}

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The names of all people, each once; those that are printed of them too."""
        return tuple({name for holder in self.holders for name in known_by(holder, "name")})

    def branches_of(self, topic: str) -> tuple[str, ...]:
        """The branch ids of a direction or of a branch; none for a rule."""
        direction = self.guide.direction_of.get(topic)
        if direction is None:
            return ()
        return tuple(branch.id for branch in direction.branches) if topic == direction.direction else (topic,)

    def name_of(self, topic: str) -> str:
        """How a topic is called in a sentence: 方向8融资租赁, 方向4国际注册, or the rule's name."""
        direction = self.guide.direction_of.get(topic)
        if direction is None:
            return next((rule.name for rule in self.guide.rules if rule.id == topic), topic)
        if topic == direction.direction:
            return direction.label
        return f"方向{direction.direction} {self.guide.branches[topic].name}"

    def contacts_of(self, topics: tuple[str, ...]) -> list[Contact]:
        """The municipal rows that answer for topics, in printed order."""
        return list(_contacts_of(self, topics))

    def _contacts_of(self, topics: tuple[str, ...]) -> list[Contact]:
        branches = {branch for topic in topics for branch in self.branches_of(topic)}
        return [contact for contact in self.guide.contacts if not branches.isdisjoint(contact.branches)]

    def lines(self, kind: str) -> list[Contact]:
        """The consultation (`policy`) or technical (`support`) lines."""
        return [contact for contact in self.guide.contacts if contact.id.startswith(f"{kind}-")]

    def district(self, id_: str) -> District:
        """A district by its id."""
        return next(district for district in self.guide.districts if district.id == id_)


_PARTICLES = "(?:[啊呀吧呢了哦哈嘛哎您你]|老师)"
"""What stands around kind words and says nothing."""


@lru_cache(256)
def _under(library: Library, topic: str) -> tuple[Stated, ...]:
    return tuple(library._under(topic))


@lru_cache(256)
def _said_under(library: Library, topic: str) -> tuple[tuple[str, str], ...]:
    return tuple((one.provision.say, one.id) for one in library.under(topic))


@lru_cache(256)
def _contacts_of(library: Library, topics: tuple[str, ...]) -> tuple[Contact, ...]:
    return tuple(library._contacts_of(topics))


def forget_old() -> None:
    """Let go of libraries that are served no longer."""
    for kept in (_under, _said_under, _contacts_of):
        kept.cache_clear()


def library(
    guide: Guide,
    finder: Finder,
    phrases: Phrases,
    smalltalk: Mapping[str, tuple[str, ...]],
    teller: Teller,
    commands: Commands,
    desk: DeskHours,
    canned: CannedTexts,
    overlay: str = "",
    printed: Guide | None = None,
) -> Library:
    """The library of a proved guide; `overlay`: the text of what was laid over it, `printed`: the guide without it."""
    clause_of = {branch.id: branch.clause for branch in guide.branches.values()} | {r.id: r.clause for r in guide.rules}
    first = {direction.direction: next(iter(direction.clauses)) for direction in guide.directions}
    stated = {
        name: Stated(name, topic, provision.clause or clause_of.get(topic) or first[topic], provision)
        for name, topic, provision in provisions_of(guide)
    }
    said = {
        finder.speller.fold(word).replace(" ", "").replace("...", "…"): kind
        for kind, words in smalltalk.items()
        for word in words
    }
    holders = tuple(_holders(guide))
    return Library(
        guide, finder, phrases, said, stated, holders, teller, commands, desk, canned, overlay, printed or guide
    )


def _holders(guide: Guide) -> list[Holder]:
    """Everybody in printed order, told apart as printed: an old button that names a place in it stays right."""
    rows: dict[tuple[str, str], list[Contact]] = {}
    for contact in guide.contacts:
        name, phone = (printed(contact, field) for field in ("name", "phone"))
        rows.setdefault((name or contact.label, phone), []).append(contact)
    found = [
        Holder(
            held[0].name, held[0].office, held[0].phone, next((c.email for c in held if c.email), ""), tuple(held),
            corrected=tuple(dict.fromkeys(one for contact in held for one in contact.corrected)),
        )
        for held in rows.values()
    ]  # fmt: skip
    for district in guide.districts:
        found += [
            Holder(p.name, p.office, p.phone, district.email, (), district, (*p.corrected, *district.corrected))
            for p in district.people
        ]
    return found
