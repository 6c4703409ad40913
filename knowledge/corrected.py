"""What a correction leaves behind: the field as the guide prints it, and the note that is said beside the new one."""

from __future__ import annotations

from typing import Protocol

from knowledge.guide import Correction


class Correctable(Protocol):
    """A row, a person or a district, with what was corrected of it."""

    @property
    def corrected(self) -> tuple[Correction, ...]:
        """Its corrections."""


_FIELDS = {"name": "姓名", "phone": "电话", "email": "邮箱"}


def printed(one: Correctable, field: str) -> str:
    """A field as the guide prints it."""
    return next((held.printed for held in one.corrected if held.field == field), str(getattr(one, field)))


def known_by(one: Correctable, field: str) -> tuple[str, ...]:
    """A field as it is, and as it is printed where that is something else; an empty one is left out."""
    return tuple(dict.fromkeys(filter(None, (str(getattr(one, field)), printed(one, field)))))


def noted(one: Correction) -> str:
    """What is said beside a corrected field: since when, who says so, and what is printed."""
    beside = f"；指南印的是{one.printed}" if one.printed else "；指南没有印"
    return f"{since(one)}{beside}"


def since(one: Correction) -> str:
    """Since when, and who says so."""
    year, month, day = one.since.split("-")
    return f"{year}年{int(month)}月{int(day)}日更正，来源：{one.source}"


def notes_of(*somebody: Correctable) -> str:
    """What is to be said beside a card of somebody: each corrected field with its note; nothing where there is none."""
    return "。".join(dict.fromkeys(f"{_FIELDS[one.field]}{noted(one)}" for held in somebody for one in held.corrected))
