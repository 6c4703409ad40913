"""What the chat page shows: a reply, and what the visitor said before it, ready for the templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bot.sheet_labels import LABELS
from bot.store import Exchange
from dialogs.handover import is_for_a_ticket
from dialogs.library import Library
from dialogs.messages import Card, Choice, Citation, Happened, Message, Reply, Text
from dialogs.sheet_page import unasked

VERDICTS = {"eligible": "按正文初步符合", "unknown": "还定不了", "not_eligible": "不符合"}
CLOSED = "按正文初步符合，但本批已截止"
KINDS = {
    "初步符合：": "yes",
    "按正文初步符合": "yes",
    "还定不了：": "open",
    "不符合：": "no",
    "　不满足：": "no more",
    r"　\d+\.": "step",
    "　": "more",
}
"""How the lines of a result begin, and how the page marks them; the words say it too."""
HOLDS = {True: "yes", False: "no", None: "open"}
EXAMPLES = (
    "流片最多补多少",
    "融资租赁什么条件",
    "海淀区找谁",
    "哪些方向要区里推荐",
    "贷款贴息和融资租赁有什么区别",
)


@dataclass(frozen=True)
class Spoken:
    """One exchange of the page: the visitor's words, and the reply (None while a person has the conversation).

    `said` is None where the visitor said nothing: that a ticket was taken or closed, or an officer's words, which then
    stand in `words`.
    """

    update: str
    said: str | None
    reply: Reply | None
    useful: bool | None
    last: bool
    words: str = ""


def spoken(exchanges: Sequence[Exchange], now: Mapping[str, Reply] | None = None) -> list[Spoken]:
    """A transcript as the page shows it; a tapped option reads as its label.

    `now`: replies just made, by their update; what is said only once is shown from here, and not kept.
    """
    labels: dict[str, str] = {}
    shown = []
    heard = [one for one in exchanges if one.reply or not is_for_a_ticket(one.message)]
    for number, one in enumerate(heard, 1):
        said = words_of(one.message, labels)
        reply = (now or {}).get(one.update or "", one.reply)
        last, words = number == len(heard), _officers_words(one.message)
        shown.append(Spoken(one.update or "", said, reply, one.useful, last, words))
        labels |= spoken_options(one.reply)
    return shown


def words_of(message: Message, labels: Mapping[str, str]) -> str | None:
    """What the visitor said, a tapped option by its label; None where it was nobody's words."""
    if isinstance(message, Choice):
        return labels.get(message.value, "（点选）")
    return message.text if isinstance(message, Text) else None


def _officers_words(message: Message) -> str:
    return message.text if isinstance(message, Happened) and message.event == "said" else ""


def spoken_options(reply: Reply | None) -> dict[str, str]:
    """The options and choices that a reply shows, by their values."""
    if reply is None:
        return {}
    picks = {pick.option: pick.label for pick in reply.question.choices} if reply.question else {}
    return {option.value: option.label for option in reply.options} | picks


@dataclass(frozen=True)
class Line:
    """A line of a reply: its pieces, each with the number that it dials (or ""), and how it is marked."""

    text: str
    pieces: tuple[tuple[str, str], ...]
    kind: str


def lines(reply: Reply) -> list[Line]:
    """The text of a reply as the page shows it, the answer first; the phones of its people can be dialled."""
    phones = [card.phone for card in reply.contacts if card.phone]
    return [
        Line(line, tuple(_pieces(line.strip(), phones)), _kind(line) if reply.status == "result" else "")
        for line in reply.text.split("\n")
        if line.strip()
    ]


def _kind(line: str) -> str:
    return next((kind for start, kind in KINDS.items() if re.match(start, line)), "")


def _pieces(line: str, phones: Sequence[str]) -> Iterator[tuple[str, str]]:
    pattern = "|".join(map(re.escape, phones))
    for piece in re.split(f"({pattern})", line) if pattern else [line]:
        if piece:
            yield piece, piece if piece in phones else ""


def told_in_words(reply: Reply) -> bool:
    """Whether the text names the phone of everybody on its cards, so that these need not stand open beside it."""
    return all(card.phone in reply.text for card in reply.contacts)


def source_link(citation: Citation) -> str:
    """The page of the original text with the quote marked in its place."""
    return f"/source?{urlencode({'clause': citation.clause, 'quote': citation.quote})}#quote"


def card_link(card: Card) -> str:
    """The card as a file for an address book."""
    return f"/contact.vcf?{urlencode({'name': card.name, 'phone': card.phone})}"


def copied(card: Card) -> str:
    """A contact in one line, as it is copied."""
    return " ".join(filter(None, (card.matter, card.office, card.name, card.phone, card.email)))


def day(value: date) -> str:
    """2023年4月15日."""
    return f"{value.year}年{value.month}月{value.day}日"


def window(library: Library, today: date) -> tuple[str, str]:
    """The state of applying on a day, and the sentence for it."""
    opens, closes = (date.fromisoformat(one) for one in (library.guide.window.opens, library.guide.window.closes))
    if today < opens:
        return "before", f"本批申报从{day(opens)}开始"
    if today > closes:
        return "closed", f"本批申报已于{day(closes)}截止"
    return "open", f"本批申报到{day(closes)}止"


def sheet(reply: Reply, library: Library) -> dict[str, Any]:
    """What a result's text leaves out: every condition of the directions asked about, and the names of the others."""
    results = reply.results or {}
    asked = [(id_, one) for id_, one in results.get("directions", {}).items() if one.get("asked", True)]
    order = list(VERDICTS)
    asked.sort(key=lambda pair: order.index(pair[1]["verdict"]))
    parts = [_part(id_, one, results.get("window") == "closed", library) for id_, one in asked]
    return {
        "parts": parts,
        "count": sum(len(part["checks"]) for part in parts),
        "unasked": unasked(results, library),
    }


def _part(id_: str, one: Mapping[str, Any], closed: bool, library: Library) -> dict[str, Any]:
    verdict = one["verdict"]
    return {
        "name": library.name_of(id_),
        "verdict": verdict,
        "words": CLOSED if verdict == "eligible" and closed else VERDICTS[verdict],
        "checks": [
            {
                "kind": HOLDS[because["holds"]],
                "word": LABELS["holds"][because["holds"]],
                "fact": library.guide.fact[because["fact"]].name,
                "citation": Citation(library.guide.id, because["clause"], " ".join(because["quote"].split())),
            }
            for because in one.get("because", ())
        ],
    }


def beyond(reply: Reply) -> list[Citation]:
    """The citations that a result's conditions don't show already."""
    directions = (reply.results or {}).get("directions", {}).values()
    shown = {" ".join(b["quote"].split()) for one in directions if one.get("asked") for b in one.get("because", ())}
    return [citation for citation in reply.citations if citation.quote not in shown]
