"""A contact as a file that a phone's address book takes (vCard 3.0)."""

from __future__ import annotations

from functools import lru_cache

from dialogs.library import Holder, Library
from knowledge.corrected import notes_of

BEIJING = "+8610"
"""The area code before the eight digits that the guide prints, so that a call goes through from anywhere."""


def tel(phone: str) -> str:
    """A printed number as it is dialled."""
    return f"{BEIJING}{phone}" if len(phone) == 8 and phone.isdigit() else phone


def holder_of(library: Library, name: str, phone: str) -> Holder | None:
    """The person of the guide's tables with this name and number; nobody else gets a card from us."""
    return next((one for one in library.holders if (one.name, one.phone) == (name, phone)), None)


@lru_cache(maxsize=256)  # the guide's people are few, and each is sent again and again
def vcard(holder: Holder) -> str:
    """The card, with what the person is there for as its note."""
    name = holder.name or holder.office
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_escaped(name)};;;;",
        f"FN:{_escaped(name)}",
        f"ORG:{_escaped(holder.office)}",
        f"TEL;TYPE=WORK,VOICE:{tel(holder.phone)}",
        *([f"EMAIL;TYPE=WORK:{_escaped(holder.email)}"] if holder.email else []),
        f"NOTE:{_escaped('。'.join(filter(None, ('、'.join(holder.matters), notes_of(holder)))))}",
        "END:VCARD",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """A line in pieces of at most 75 bytes, each but the first after a space."""
    pieces, piece = [], ""
    for ch in line:
        if len((piece + ch).encode()) > 75:
            pieces.append(piece)
            piece = " "
        piece += ch
    return [*pieces, piece]
