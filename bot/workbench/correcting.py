"""A correction as its form gives it: somebody of the directory, what is right, since when, who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.workbench.drafting import Unpublished
from dialogs.library import Holder, Library
from knowledge.corrected import printed
from knowledge.overlay import FIELDS, Change, Corrected, CorrectedField, person_key


@dataclass(frozen=True)
class Somebody:
    """A choice of the form: a person of the tables, or a district for its mailbox."""

    value: str
    label: str


def people(library: Library) -> dict[str, list[Somebody]]:
    """Whom the form offers, group by group."""
    found: dict[str, list[Somebody]] = {"市级处室": [], "各区的人": [], "各区的邮箱": []}
    for at, one in enumerate(library.holders):
        where = one.district.name if one.district else "、".join(one.matters)
        label = " ".join(filter(None, (where, one.office, one.name, one.phone)))
        found["各区的人" if one.district else "市级处室"].append(Somebody(f"person:{at}", label))
    found["各区的邮箱"] = [Somebody(f"district:{d.id}", f"{d.name} {d.email}") for d in library.guide.districts]
    return found


def changes_of(form: Mapping[str, str], library: Library, today: date) -> list[Change]:
    """The changes that a form asks for, one for each row in which somebody stands; raises `Unpublished`."""
    told: dict[CorrectedField, str] = {field: value for field in FIELDS if (value := form.get(field, "").strip())}
    if not told:
        raise Unpublished("没有写改什么：请至少写电话、邮箱、姓名之一。")
    since, source = form.get("since", "").strip(), form.get("source", "").strip()
    try:
        if date.fromisoformat(since) > today:
            raise Unpublished(f"日期{since}还没有到，请写更正生效的那一天。")
    except ValueError:
        raise Unpublished(f"日期“{since[:20]}”读不懂，请写成2026-11-20这样。") from None
    return [
        Change(part="contacts", key=key, correction=Corrected(**fields, since=since, source=source))
        for key, fields in _rows(form.get("who", ""), told, library)
    ]


def _rows(
    who: str, told: Mapping[CorrectedField, str], library: Library
) -> Iterator[tuple[str, dict[CorrectedField, str]]]:
    """Each key of the overlay with the fields that are corrected there."""
    kind, _, rest = who.partition(":")
    if kind == "district" and any(rest == district.id for district in library.guide.districts):
        yield rest, dict(told)
        return
    one = _holder(rest, library) if kind == "person" else None
    if one is None:
        raise Unpublished("请先选要更正的人。")
    own: dict[CorrectedField, str] = {field: value for field, value in told.items() if field != "email"}
    if one.district:
        if own:
            yield _key(one), own
        if "email" in told:
            yield one.district.id, {"email": told["email"]}
        return
    boxed = [row for row in one.rows if printed(row, "email") == printed(one, "email")] or list(one.rows)
    for row in one.rows:
        mail: dict[CorrectedField, str] = {"email": told["email"]} if "email" in told and row in boxed else {}
        if own or mail:
            yield row.id, own | mail


def _holder(at: str, library: Library) -> Holder | None:
    if not (at.isascii() and at.isdigit() and len(at) < 5 and int(at) < len(library.holders)):
        return None
    return library.holders[int(at)]


def _key(one: Holder) -> str:
    """How a person of a district is called in an overlay: by the printed name."""
    assert one.district
    district = next(d for d in [one.district])
    person = next(p for p in district.people if (p.name, p.phone) == (one.name, one.phone))
    return person_key(district, person.model_copy(update={"name": printed(person, "name")}))


def undone(key: str, library: Library) -> list[Change]:
    """The changes that take out every correction of somebody, in all rows in which they stand."""
    own = next((one for one in library.holders if key in [row.id for row in one.rows]), None)
    keys = [row.id for row in own.rows if row.corrected] if own else [key]
    return [Change(part="contacts", key=one, out=True) for one in keys]
