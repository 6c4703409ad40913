"""Putting a reply together so that every figure in it can be traced.

A reply is lines; a line knows the sources of its figures: a quote, a contact's row, what the visitor told, a formula,
or the desk's own (day, counts). `Saying.reply` binds each figure to the narrowest source of its own line; a figure
without one is a fault that the tests refuse (`unproved`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dialogs.library import Holder, Library, Stated
from dialogs.messages import Card, Citation, Figure, Option, Origin, Reason, Reply, Status
from knowledge.amounts import figures, holds, plain
from knowledge.guide import Contact, District, Provision
from knowledge.quoting import without_references

MOST_OPTIONS = 4
_REFERENCE = re.compile(r"(?:方向|附件)\d+[a-e]?")


@dataclass(frozen=True)
class Source:
    """Where the figures of a line may come from: the text that holds them, and how to name it."""

    origin: Origin
    holds: str
    name: str


@dataclass(frozen=True)
class Line:
    """A sentence of the reply with its sources."""

    text: str
    sources: tuple[Source, ...] = ()


def day(value: date) -> str:
    """A day as the guide prints it: 2023年4月15日."""
    return f"{value.year}年{value.month}月{value.day}日"


def stated_sources(one: Stated) -> tuple[Source, ...]:
    """The quotes of a provision, the shortest first."""
    quotes = (one.provision.quote, *one.provision.also)
    return tuple(Source("quoted", quote, " ".join(quote.split())) for quote in sorted(quotes, key=len))


@dataclass
class Saying:
    """A reply in the making."""

    library: Library
    today: date | None = None
    lines: list[Line] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)

    def state(self, one: Stated) -> None:
        """Say a provision, with its clause."""
        if not any(line.text == one.provision.say for line in self.lines):
            self.lines.append(Line(one.provision.say, stated_sources(one)))
        self.cite(one.clause, one.provision.quote)

    def cite(self, clause: str, quote: str) -> None:
        """Name a clause under the reply."""
        citation = Citation(self.library.guide.id, clause, " ".join(quote.split()))
        if citation not in self.citations:
            self.citations.append(citation)

    def say(self, phrase: str, /, *sources: Source, first: bool = False, **slots: str | int) -> None:
        """Say one of our own sentences; one that was said already is not said again."""
        line = Line(self.library.phrases.say(phrase, **slots), sources)
        if all(held.text != line.text for held in self.lines):
            self.lines.insert(0 if first else len(self.lines), line)

    def say_slots(self, phrase: str, source: Source, slots: Mapping[str, str]) -> None:
        """The same where the slots depend on what was asked."""
        self.say(phrase, source, **slots)  # type: ignore[arg-type]

    def line(self, text: str, *sources: Source) -> None:
        """A line made elsewhere (a question, an award's arithmetic), with the sources of its figures."""
        self.lines.append(Line(text, sources))

    def heading(self, text: str) -> None:
        """What the following lines are about; once."""
        if all(held.text != text for held in self.lines):
            self.lines.append(Line(text))

    def offer(self, label: str, value: str) -> None:
        """An option, while there is room for one."""
        option = Option(label, f"{value}@{self.library.guide.id}")
        if len(self.options) < MOST_OPTIONS and option not in self.options:
            self.options.append(option)

    def card(self, contact: Contact) -> None:
        """A municipal contact's card."""
        self._card(card_of(contact))

    def district_cards(self, district: District) -> None:
        """One card a person of a district, in printed order."""
        for person in district.people:
            self._card(Card(district.name, person.office, person.name, person.phone, district.email))

    def holder(self, holder: Holder) -> None:
        """The card of a person found by name, phone or mailbox."""
        self._card(Card("、".join(holder.matters), holder.office, holder.name, holder.phone, holder.email))

    def _card(self, card: Card) -> None:
        if card not in self.cards:
            self.cards.append(card)

    def reply(
        self,
        status: Status,
        *,
        reason: Reason | None = None,
        topics: tuple[str, ...] = (),
        facets: tuple[str, ...] = (),
        confidence: float = 1.0,
    ) -> Reply:
        """The reply, with the origin of every figure."""
        texts = [line.text for line in self.lines]
        together = len(texts) <= 2 and sum(map(len, texts)) <= 90 and texts[0].endswith(("。", "？"))
        return Reply(
            status=status,
            text=("" if together else "\n").join(texts),
            reason=reason,
            citations=tuple(self.citations),
            contacts=tuple(self.cards),
            options=tuple(self.options),
            topics=topics,
            facets=facets,
            confidence=confidence,
            origins=tuple(origin for line in self.lines for origin in self._origins(line)),
        )

    def _origins(self, line: Line) -> list[Figure]:
        found = []
        sources = (*line.sources, *self._names(line.text))
        for figure in dict.fromkeys(figures(without_references(line.text))):
            source = next((source for source in sources if holds(source.holds, figure)), None)
            if source:
                found.append(Figure(figure, source.origin, source.name))
        for reference in dict.fromkeys(_REFERENCE.findall(plain(line.text))):
            found.append(Figure(reference, "quoted", self._heading(reference)))
        said = [name for name in self.library.named if name in line.text]
        for name in sorted(said, key=line.text.index):
            source = next((source for source in line.sources if name in plain(source.holds)), None)
            if source:
                found.append(Figure(name, source.origin, source.name))
        return found

    def _names(self, text: str) -> list[Source]:
        """The printed names of the directions that a line calls by name (“新智造100” holds a figure)."""
        named = (name for short, name in self.library.called if short in text or name in text)
        return [Source("quoted", name, name) for name in named]

    def _heading(self, reference: str) -> str:
        """What the guide prints at a direction's or attachment's number."""
        number = re.sub(r"\D", "", reference)
        if reference.startswith("附件"):
            titles = {attachment.no: attachment.title for attachment in self.library.guide.attachments}
            return f"{number}.{titles[number]}" if number in titles else f"附件1–{len(titles)}"
        direction = self.library.guide.direction_of.get(number)
        return f"方向 {number} {direction.name}" if direction else reference


def unproved(reply: Reply, library: Library) -> list[str]:
    """Every figure and name of a reply's text that has no origin; the tests want none."""
    proved = {figure.figure for figure in reply.origins}
    wanted = [figure for line in reply.text.splitlines() for figure in figures(without_references(line))]
    wanted += _REFERENCE.findall(plain(reply.text))
    names = [holder.name for holder in library.holders if holder.name and holder.name in reply.text]
    return [figure for figure in [*wanted, *names] if figure not in proved]


def quoted(provision: Provision) -> Source:
    """A provision's quote as a source of figures."""
    return Source("quoted", provision.quote, " ".join(provision.quote.split()))


def card_of(contact: Contact) -> Card:
    """The card of a municipal row."""
    return Card(contact.label, contact.office, contact.name, contact.phone, contact.email)


def contact_source(contact: Contact) -> Source:
    """The row of a contact as a source of figures and names."""
    fields = (contact.label, contact.office, contact.name, contact.phone, contact.email)
    return Source("contact", " | ".join(fields), contact.label)


def district_source(district: District) -> Source:
    """A district's row as a source of figures and names."""
    people = (field for person in district.people for field in (person.office, person.name, person.phone))
    return Source(
        "contact", " | ".join((district.name, *people, district.email, district.other_email or "")), district.name
    )


def holder_source(holder: Holder) -> Source:
    """A person's rows as a source of figures and names."""
    if holder.district:
        return district_source(holder.district)
    held = " | ".join(contact_source(row).holds for row in holder.rows)
    return Source("contact", held, holder.matters[0])


def desk_source(*own: object) -> Source:
    """What the desk itself knows: the day, counts, limits."""
    return Source("desk", " | ".join(map(str, own)), "desk")
