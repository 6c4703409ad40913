"""What editors add to a guide without touching its folder: phrasings, names, corrected contacts; the same YAML.

    phrasings:
      "8.contact": [租设备的事找谁对接]          # as in phrasings/: an entry (8:floor) or a topic's facet
    aliases:
      "8": [租机器补贴]                          # a direction, a branch or a rule
    contacts:
      row-10: {phone: "55578000", since: "2026-11-20", source: 智能装备处来函}
      haidian/张静: {phone: "82720000", since: "2026-11-20", source: 海淀区来电}
      haidian: {email: "kx@bjhd.gov.cn", since: "2026-11-20", source: 海淀区来电}

An overlay is read from a text (it is kept in the store) and laid over a guide that is proved by itself already. What
may not be said is found by `proving_overlay.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import yaml
from pydantic import Field, field_validator

from knowledge.guide import Contact, Correction, Direction, District, Guide, Person, Rule
from knowledge.reading import BrokenGuide, Document, Fault, document_of, modelled
from knowledge.rules import Model

OVERLAY = "overlay.yaml"
"""How an overlay is called where a fault of it is told."""
CorrectedField = Literal["name", "phone", "email"]
FIELDS: tuple[CorrectedField, ...] = get_args(CorrectedField)
FIELD_NAMES = {"name": "姓名", "phone": "电话", "email": "邮箱"}


class Corrected(Model):
    """One correction of somebody: what is right, since which day, who says so."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    since: str
    source: str

    @property
    def fields(self) -> dict[CorrectedField, str]:
        """What it corrects."""
        return {field: value for field in FIELDS if (value := getattr(self, field)) is not None}


class Overlay(Model):
    """The whole of it; each part may be missing."""

    phrasings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    contacts: dict[str, tuple[Corrected, ...]] = Field(default_factory=dict)

    @field_validator("contacts", mode="before")
    @classmethod
    def one_or_several(cls, value: object) -> object:
        """A person's one correction needs no list around it."""
        if not isinstance(value, dict):
            return value
        return {key: (one,) if isinstance(one, dict) else one for key, one in value.items()}

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.phrasings or self.aliases or self.contacts)


def read_overlay(text: str, name: str = OVERLAY) -> tuple[Overlay, Document]:
    """An overlay with its document to point into; BrokenGuide with every fault of form."""
    if not text.strip():
        return Overlay(), Document(name)
    document = document_of(text, name)
    faults = list(document.faults)
    overlay = modelled(Overlay, document.data, document, faults)
    if overlay is None or faults:
        raise BrokenGuide(sorted(faults))
    return overlay, document


def written(overlay: Overlay) -> str:
    """An overlay as the text that is kept; the same overlay is always the same text."""
    told: dict[str, Any] = {}
    for part in ("phrasings", "aliases"):
        if held := {key: list(texts) for key, texts in sorted(getattr(overlay, part).items()) if texts}:
            told[part] = held
    if overlay.contacts:
        told["contacts"] = {key: _as_written(held) for key, held in sorted(overlay.contacts.items()) if held}
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=10_000) if told else ""


def _as_written(held: Sequence[Corrected]) -> object:
    told = [one.fields | {"since": one.since, "source": one.source} for one in held]
    return told[0] if len(told) == 1 else told


# --- laying it over a guide ------------------------------------------------------------------------------------------


def laid_over(guide: Guide, overlay: Overlay) -> Guide:
    """The guide with the overlay; without one it is the guide itself."""
    if not overlay:
        return guide
    phrasings = dict(guide.phrasings)
    for key, texts in overlay.phrasings.items():
        phrasings[key] = (*phrasings.get(key, ()), *(one for one in texts if one not in phrasings.get(key, ())))
    changed = {
        "phrasings": phrasings,
        "directions": tuple(_direction(one, overlay.aliases) for one in guide.directions),
        "rules": tuple(_rule(one, overlay.aliases) for one in guide.rules),
        "contacts": tuple(_contact(one, overlay.contacts) for one in guide.contacts),
        "districts": tuple(_district(one, overlay.contacts) for one in guide.districts),
    }
    # a copy would take along what the guide has worked out of its parts
    return Guide.model_construct(**{name: getattr(guide, name) for name in Guide.model_fields} | changed)


def _direction(one: Direction, aliases: Mapping[str, tuple[str, ...]]) -> Direction:
    branches = tuple(
        branch.model_copy(update={"aliases": (*branch.aliases, *aliases[branch.id])})
        if branch.id in aliases and branch.id != one.direction
        else branch
        for branch in one.branches
    )
    own = (*one.aliases, *aliases.get(one.direction, ()))
    return one.model_copy(update={"aliases": own, "branches": branches})


def _rule(one: Rule, aliases: Mapping[str, tuple[str, ...]]) -> Rule:
    return one.model_copy(update={"aliases": (*one.aliases, *aliases.get(one.id, ()))})


def _contact(one: Contact, held: Mapping[str, tuple[Corrected, ...]]) -> Contact:
    return one.model_copy(update=_corrected(one, held.get(one.id, ())))


def _district(one: District, held: Mapping[str, tuple[Corrected, ...]]) -> District:
    people = tuple(
        person.model_copy(update=_corrected(person, held.get(person_key(one, person), ()))) for person in one.people
    )
    return one.model_copy(update={"people": people} | _corrected(one, held.get(one.id, ())))


def _corrected(one: Contact | Person | District, held: Sequence[Corrected]) -> dict[str, Any]:
    found = {
        field: Correction(field=field, value=value, printed=getattr(one, field), since=of.since, source=of.source)
        for of in held
        for field, value in of.fields.items()
    }
    return {field: of.value for field, of in found.items()} | {"corrected": tuple(found.values())}


def person_key(district: District, person: Person) -> str:
    """How a person of a district's row is called in an overlay."""
    return f"{district.id}/{person.name}"


def correctable(guide: Guide) -> dict[str, Contact | Person | District]:
    """Everything whose fields may be corrected, by its key; of the guide as it is printed."""
    found: dict[str, Contact | Person | District] = {contact.id: contact for contact in guide.contacts}
    for district in guide.districts:
        found[district.id] = district
        found |= {person_key(district, person): person for person in district.people}
    return found


def fields_of(one: Contact | Person | District) -> tuple[CorrectedField, ...]:
    """What may be corrected of it: what is printed of it."""
    if isinstance(one, Contact):
        return FIELDS
    return ("email",) if isinstance(one, District) else ("name", "phone")


# --- one change after another ----------------------------------------------------------------------------------------

Part = Literal["phrasings", "aliases", "contacts"]


class Change(Model):
    """What an editor wants changed: a text added to a key's phrasings or aliases, a correction made; or taken out."""

    part: Part
    key: str
    text: str = ""
    correction: Corrected | None = None
    out: bool = False


def changed(overlay: Overlay, changes: Sequence[Change]) -> Overlay:
    """The overlay after some changes, one after the other."""
    for change in changes:
        held: dict[str, tuple[Any, ...]] = dict(getattr(overlay, change.part))
        own = tuple(_after(held.get(change.key, ()), change))
        held.pop(change.key, None)
        overlay = overlay.model_copy(update={change.part: held | ({change.key: own} if own else {})})
    return overlay


def _after(own: Sequence[Any], change: Change) -> Iterator[Any]:
    if change.part != "contacts":
        yield from (text for text in own if text != change.text)
        if not change.out:
            yield change.text
        return
    made = change.correction
    for one in own:
        rest = {f: v for f, v in one.fields.items() if made and f not in made.fields and not change.out}
        if rest:
            yield Corrected(**rest, since=one.since, source=one.source)
    if made and not change.out:
        yield made


def bare(text: str) -> str:
    """A question without what makes no other question of it: spaces, marks, widths, case."""
    from knowledge.amounts import plain

    return re.sub(r"[\W_]", "", plain(text))


def broken(faults: Sequence[tuple[tuple[str | int, ...], str]], document: Document) -> list[Fault]:
    """Faults at paths of an overlay's document."""
    return sorted({Fault(document.file, document.line(*path), says) for path, says in faults})
