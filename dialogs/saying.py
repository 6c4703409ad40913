"""Putting a reply together so that every figure in it can be traced.

A reply is lines; a line knows the sources of its figures: a quote, a contact's row, what the visitor told, a formula,
or the desk's own (day, counts). `Saying.reply` binds each figure to the narrowest source of its own line; a figure
without one is a fault that the tests refuse (`unproved`).

A corrected contact is said with both: the line that names the new number goes on with since when, who says so and what
is printed. The printed one is of the contact's row, as ever; the new one, its day and its source are the desk's own: no
table of the guide bears them out, an editor does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dialogs.library import Holder, Library, Stated
from dialogs.messages import Card, Citation, Figure, Option, Origin, Reason, Reply, Status
from knowledge.amounts import figures, holds, plain
from knowledge.corrected import noted, notes_of, printed, since
from knowledge.guide import Contact, Correction, District, Person, Provision
from knowledge.quoting import without_references

MOST_OPTIONS = 4
_REFERENCE = re.compile(r"(?:方向|附件)\d+[a-e]?")


@dataclass(frozen=True)
class Source:
    """Where the figures of a line may come from: the text that holds them, and how to name it."""

    origin: Origin
    holds: str
    name: str
    corrected: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Line:
    """A sentence of the reply with its sources, and the origins of its figures where they are known already."""

    text: str
    sources: tuple[Source, ...] = ()
    origins: tuple[Figure, ...] | None = None


def branch_source(branch: str, library: Library) -> Source:
    """A branch's clause, for the figures in its name (2022年度首次纳入规上)."""
    clause = library.guide.branches[branch].clause
    text = library.guide.all_clauses[clause]
    return Source("quoted", text, clause)


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

    def state(self, one: Stated, of: str = "") -> None:
        """Say a provision, with its clause; `of`: behind the name of the branch that it is of."""
        line = self.library.as_said.get(one.id)
        if line is None:
            line = _corrected(Line(one.provision.say, stated_sources(one)), self.library.corrections)
            line = self.library.as_said[one.id] = replace(line, origins=self._origins(line))
        if all(held.text != line.text for held in self.lines):
            self.lines.append(self._behind_name(line, one, of) if of else line)
        self.cite(one.clause, one.provision.quote)

    def _behind_name(self, line: Line, one: Stated, branch: str) -> Line:
        name = self.library.guide.branches[branch].name
        clause = branch_source(branch, self.library).holds
        named = Line(f"{name}：{line.text}", (*stated_sources(one), Source("quoted", clause, " ".join(clause.split()))))
        return replace(named, origins=self._origins(named))

    def cite(self, clause: str, quote: str) -> None:
        """Name a clause under the reply."""
        citation = Citation(self.library.guide.id, clause, " ".join(quote.split()))
        if citation not in self.citations:
            self.citations.append(citation)

    def say(self, phrase: str, /, *sources: Source, first: bool = False, **slots: str | int) -> None:
        """Say one of our own sentences; one that was said already is not said again."""
        line = _noted(Line(self.library.phrases.say(phrase, **slots), sources))
        if all(held.text != line.text for held in self.lines):
            self.lines.insert(0 if first else len(self.lines), line)

    def say_slots(self, phrase: str, source: Source, slots: Mapping[str, str]) -> None:
        """The same where the slots depend on what was asked."""
        self.say(phrase, source, **slots)  # type: ignore[arg-type]

    def line(self, text: str, *sources: Source) -> None:
        """A line made elsewhere (a question, an award's arithmetic), with the sources of its figures."""
        self.lines.append(_noted(Line(text, sources)))

    def heading(self, text: str, *sources: Source) -> None:
        """What the following lines are about; once. `sources`: where figures in it come from."""
        if all(held.text != text for held in self.lines):
            self.lines.append(Line(text, sources))

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
            self._card(person_card(district, person))

    def holder(self, holder: Holder) -> None:
        """The card of a person found by name, phone or mailbox."""
        matters, note = "、".join(holder.matters), notes_of(holder)
        self._card(Card(matters, holder.office, holder.name, holder.phone, holder.email, note))

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

    def _origins(self, line: Line) -> tuple[Figure, ...]:
        if line.origins is not None:
            return line.origins
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
        return tuple(found)

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
    return Card(contact.label, contact.office, contact.name, contact.phone, contact.email, notes_of(contact))


def person_card(district: District, person: Person) -> Card:
    """The card of a person of a district's row."""
    note = notes_of(person, district)
    return Card(district.name, person.office, person.name, person.phone, district.email, note)


def contact_source(contact: Contact) -> Source:
    """The row of a contact as a source of figures and names."""
    fields = (contact.label, contact.office, *_printed(contact, "name", "phone", "email"))
    return Source("contact", " | ".join(fields), contact.label, contact.corrected)


def district_source(district: District) -> Source:
    """A district's row as a source of figures and names."""
    people = (field for one in district.people for field in (one.office, *_printed(one, "name", "phone")))
    held = (district.name, *people, *_printed(district, "email"), district.other_email or "")
    corrected = (*(correction for one in district.people for correction in one.corrected), *district.corrected)
    return Source("contact", " | ".join(held), district.name, corrected)


def card_source(card: Card, library: Library) -> Source:
    """The row that a card was made of."""
    fields = (card.matter, card.office, card.name, card.phone, card.email)
    if not card.note:
        return Source("contact", " | ".join(fields), card.matter)
    held = [one for one in library.holders if one.corrected and (one.name, one.phone) == (card.name, card.phone)]
    sources = [holder_source(one) for one in held]
    rows = " | ".join((*(one.holds for one in sources), card.matter))
    return Source("contact", rows, card.matter, tuple(c for one in sources for c in one.corrected))


def _printed(one: Contact | Person | District, *fields: str) -> tuple[str, ...]:
    """Fields as the guide prints them."""
    return tuple(printed(one, field) for field in fields)


def _noted(line: Line) -> Line:
    """The line with the note behind each corrected field that it names, and the desk as the source of that."""
    found = {one.value: one for source in reversed(line.sources) for one in source.corrected}
    return _beside(line, {value: (noted(one), one) for value, one in found.items()})


def _corrected(line: Line, corrections: Sequence[Correction]) -> Line:
    """A provision's line with what has become of each printed field that it names (whom to call for advice)."""
    return _beside(line, {one.printed: (f"{since(one)}，现在是{one.value}", one) for one in corrections if one.printed})


def _beside(line: Line, notes: Mapping[str, tuple[str, Correction]]) -> Line:
    """The line with a note behind the first place of each value, and the desk as the source of what the note says."""
    text, own = line.text, list[Source]()
    for value, (note, one) in notes.items():
        place = re.search(rf"(?<![0-9A-Za-z.@-]){re.escape(value)}(?![0-9A-Za-z@-])", text)
        if place:
            text = f"{text[: place.end()]}（{note}）{text[place.end() :]}"
            own.append(Source("desk", f"{one.value} | {since(one)}", since(one)))
    return Line(text, (*own, *line.sources)) if own else line


def holder_source(holder: Holder) -> Source:
    """A person's rows as a source of figures and names."""
    if holder.district:
        return district_source(holder.district)
    held = " | ".join(contact_source(row).holds for row in holder.rows)
    return Source("contact", held, holder.matters[0], holder.corrected)


def desk_source(*own: object) -> Source:
    """What the desk itself knows: the day, counts, limits."""
    return Source("desk", " | ".join(map(str, own)), "desk")
