"""What the chat page shows: a reply, and what the visitor said before it, ready for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bot.store import Exchange
from dialogs.handover import is_for_a_ticket
from dialogs.library import Library
from dialogs.messages import Card, Choice, Citation, Message, Reply, Text
from dialogs.sheet_page import unasked
from dialogs.thresholds import gap_sentences

VERDICTS = {"eligible": "初步符合", "unknown": "还定不了", "not_eligible": "不符合"}
DUTIES = {"project_library": "入项目库", "district_recommendation": "区里推荐"}
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

    `said` is None where the visitor said nothing: an officer's words, or that a ticket was taken or closed.
    """

    update: str
    said: str | None
    reply: Reply | None
    useful: bool | None
    last: bool


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
        shown.append(Spoken(one.update or "", said, reply, one.useful, number == len(heard)))
        labels |= _labels(one.reply)
    return shown


def words_of(message: Message, labels: Mapping[str, str]) -> str | None:
    """What the visitor said, a tapped option by its label; None where it was nobody's words."""
    if isinstance(message, Choice):
        return labels.get(message.value, "（点选）")
    return message.text if isinstance(message, Text) else None


def _labels(reply: Reply | None) -> dict[str, str]:
    if reply is None:
        return {}
    picks = {pick.option: pick.label for pick in reply.question.choices} if reply.question else {}
    return {option.value: option.label for option in reply.options} | picks


def paragraphs(text: str) -> list[str]:
    """The lines of a reply, the answer first."""
    return [line for line in text.split("\n") if line.strip()]


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


def sheet(results: dict[str, Any], library: Library) -> dict[str, Any]:
    """A result as the page's table: the directions asked about by verdict, the rest named apart."""
    rows = [_row(id_, one, library) for id_, one in results.get("directions", {}).items()]
    asked = [row for row in rows if row["asked"]]
    return {
        "groups": [(label, [row for row in asked if row["verdict"] == verdict]) for verdict, label in VERDICTS.items()],
        "unasked": unasked(results, library),
        "closed": results.get("window") == "closed",
        "best": [
            {
                "names": "、".join(library.name_of(id_) for id_ in one.get("directions", ())),
                "ceiling": one.get("max_award_wan"),
                "why": one.get("why", ""),
            }
            for one in results.get("best", ())
        ][:1],
    }


def _row(id_: str, one: dict[str, Any], library: Library) -> dict[str, Any]:
    questions = {fact.key: fact.question for fact in library.guide.facts}
    return {
        "name": library.name_of(id_),
        "verdict": one.get("verdict"),
        "asked": one.get("asked", True),
        "award": one.get("award"),
        "needs": [DUTIES.get(duty, duty) for duty in one.get("needs", ())],
        "missing": [questions.get(key, key) for key in one.get("missing", ())],
        "gaps": [sentence for _, sentence in gap_sentences(id_, one, library)],
        "failed": [because for because in one.get("because", ()) if because.get("holds") is False],
    }
