"""The directory: everybody whom the guide's tables name, in printed order, with what may confuse said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dialogs.library import Holder, Library
from knowledge.corrected import known_by, notes_of


@dataclass(frozen=True)
class Row:
    """One person (or technical line): what they are there for, how to reach them, what to mind; `find`: all of it."""

    matters: tuple[str, ...]
    office: str
    name: str
    phone: str
    email: str
    minds: tuple[str, ...]
    find: str

    @property
    def card(self) -> str:
        """The whole contact in one line, as it is copied."""
        return " ".join(filter(None, ("、".join(self.matters), self.office, self.name, self.phone, self.email)))


@dataclass(frozen=True)
class Group:
    """The municipal offices, or the districts."""

    name: str
    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        """How many."""
        return len(self.rows)


def directory(library: Library, sought: str = "") -> list[Group]:
    """Both tables, with only the rows in which every word that is sought stands (initials of pinyin count)."""
    words = [library.finder.speller.fold(word).replace(" ", "") for word in sought.split()]
    groups = {"市级处室": [one for one in library.holders if one.rows],
              "各区": [one for one in library.holders if one.district]}  # fmt: skip
    rows = {name: [_row(one, library) for one in held] for name, held in groups.items()}
    return [Group(name, tuple(row for row in held if all(w in row.find for w in words))) for name, held in rows.items()]


def _row(one: Holder, library: Library) -> Row:
    aliases = [alias for row in one.rows for alias in row.aliases]
    fields = (value for field in ("name", "phone", "email") for value in known_by(one, field))
    told = [*one.matters, one.office, *fields, *aliases]
    speller = library.finder.speller
    find = "\n".join(speller.fold(text).replace(" ", "") for text in told if text)
    initials = "\n".join(_initials(text) for text in (one.name, one.office, *one.matters) if text)
    return Row(
        one.matters, one.office, one.name, one.phone, one.email, tuple(_minds(one, library)), f"{find}\n{initials}"
    )


def _minds(one: Holder, library: Library) -> Iterable[str]:
    """What whoever reads this contact out has to know."""
    if one.corrected:
        yield notes_of(one)
    for other in _others(library.holders, one):
        if other.name and other.name == one.name:
            yield f"同名：还有{_where(other)}的{other.name}，{other.phone}"
    sharing = [other.name for other in _others(library.holders, one) if other.phone == one.phone]
    if sharing:
        yield f"共用电话：{one.phone}也是{'、'.join(sharing)}的"
    notes = [one.district.note] if one.district else [row.note for row in one.rows]
    for sentence in "".join(note or "" for note in notes).split("。"):
        if sentence and "同名" not in sentence:  # which is said above, of this very person
            yield sentence


def _others(holders: Sequence[Holder], one: Holder) -> list[Holder]:
    return [other for other in holders if other is not one]


def _where(one: Holder) -> str:
    return one.district.name if one.district else one.office


@lru_cache(maxsize=512)
def _initials(text: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower().replace(" ", "")
