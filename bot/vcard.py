"""A contact as a vCard that a phone's address book takes.

The guide prints Beijing numbers of eight digits without an area code, which a mobile phone, or one abroad, can't call.
So what is *dialled* carries +86 10 before the printed digits; what is *read* stays as printed, here in the note too.
Any other form of number is left as it is.
"""

from __future__ import annotations

import re

from dialogs.messages import Card

COUNTRY, BEIJING = "+86", "10"


def dialled(phone: str) -> str:
    """A printed number in the international form: 85235681 → +861085235681."""
    return f"{COUNTRY}{BEIJING}{phone}" if re.fullmatch(r"\d{8}", phone) else phone


def vcard(card: Card) -> str:
    """Version 3.0, the one that every address book reads; empty fields are left out."""
    rows = {
        "N": f"{_escaped(card.name or card.office)};;;;",
        "FN": _escaped(card.name or card.office),
        "ORG": _escaped(card.office),
        "TEL;TYPE=WORK,VOICE": dialled(card.phone),
        "EMAIL;TYPE=WORK": _escaped(card.email),
        "NOTE": _escaped("；".join(filter(None, (card.matter, card.phone and f"指南所印电话{card.phone}")))),
    }
    lines = ["BEGIN:VCARD", "VERSION:3.0", *(f"{name}:{value}" for name, value in rows.items() if value), "END:VCARD"]
    return "\r\n".join(lines) + "\r\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", r"\n")
