"""What an officer with a caller on the line needs of an entry: a sentence to read out, one to paste, the clause, whom.

Everything said is made by the same functions as a visitor's reply, so that each figure has its origin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dialogs.answering import APPLYING, TIMED_RULES, answer
from dialogs.attachments import attachments
from dialogs.districts import districts
from dialogs.hearing_figures import aloud
from dialogs.intent import RULE_FACETS, Ask, Intent
from dialogs.library import Library
from dialogs.looking_up import offices, one_person
from dialogs.messages import Card, Citation, Reply
from dialogs.saying import Saying, Source, card_source, day, desk_source
from dialogs.window import state_of_day
from knowledge.amounts import plain
from knowledge.corrected import printed
from knowledge.placing import Passage, Spelled, passage
from knowledge.searching import Entry

LONGEST_HEARD = 78
"""Characters of a wording for the phone from which a second sentence is left out."""
MOST_NAMED = 4
_SENTENCE = re.compile(r"[^。；]+[。；]?")
_WHOLE = re.compile(r"[^。；？]+[。；？]?")


@dataclass(frozen=True)
class Sheet:
    """What is shown of a hit: `heard` to read out, `written` to paste, the passage of the guide, the state of the day.

    `state` is the sentence of the day, only where it is about applying and the window is not open. `reply` and `spoken`
    carry the origins of the figures. `look`: clause and quote by which the source page marks the place.
    """

    heard: str
    written: str
    state: str
    reply: Reply
    spoken: Reply
    passage: Passage | None
    look: Citation | None


def sheet(entry: Entry, library: Library, source: Spelled, today: date) -> Sheet:
    """The sheet of one of the guide's entries on a day."""
    kind, _, rest = entry.id.partition(":")
    reply = _WORDINGS[kind](rest, library, today)
    spoken = _spoken(kind, entry, reply, library, today)
    written = _with_source(reply, library)
    look = _look(kind, reply, library)
    place = passage(library.guide, source, look.clause, look.quote) if look else None
    if look and place is None:
        place = _row(library, source, look)
    return Sheet(aloud(spoken.text), written.text, _state(reply, library, today), written, spoken, place, look)


# --- the written wording ---------------------------------------------------------------------------------------------


def _asked(topic: str, *facets: str) -> Callable[[Library, date], Reply]:
    ask = Ask((topic,), facets, told=True)
    return lambda library, today: answer(Intent("asks", (ask,)), library, today)


def _overview(topic: str, library: Library, today: date) -> Reply:
    return _asked(topic, "overview")(library, today)


def _topic(rest: str, library: Library, today: date) -> Reply:
    topic, facet = rest.rsplit(".", 1)
    return _asked(topic, facet)(library, today)


def _rule(rule: str, library: Library, today: date) -> Reply:
    return _asked(rule, RULE_FACETS.get(rule, "other"))(library, today)


def _provision(rest: str, library: Library, today: date) -> Reply:
    saying, one = Saying(library), library.stated[rest]
    saying.state(one)
    if one.provision.facet in APPLYING or one.topic in TIMED_RULES:
        state_of_day(saying, today)
    for contact in library.contacts_of((one.topic,))[:3] or library.lines("policy")[:1]:
        saying.card(contact)
    topics = (one.topic,) if one.topic in library.guide.direction_of else ("general",)
    return saying.reply("answered", topics=topics, facets=(one.provision.facet,))


def _clause(label: str, library: Library, today: date) -> Reply:
    """A clause as it stands, without the breaks of the print."""
    saying = Saying(library)
    text = library.guide.all_clauses[label].strip()
    saying.line(_unbroken(text), Source("quoted", text, " ".join(text.split())))
    saying.cite(label, text)
    for direction in library.guide.directions:
        if label in direction.clauses:
            for contact in library.contacts_of((direction.direction,))[:3]:
                saying.card(contact)
    return saying.reply("answered", topics=("general",), facets=("other",))


def _unbroken(text: str) -> str:
    return re.sub(
        r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef])", "", " ".join(text.split())
    )


def _district(id_: str, library: Library, today: date) -> Reply:
    return districts(Intent("district", ids=(id_,)), library, today)


def _person(rest: str, library: Library, today: date) -> Reply:
    name, _, where = rest.partition("@")
    held = [
        at
        for at, one in enumerate(library.holders)
        if one.name == name and where in (one.district.name if one.district else "", *(row.office for row in one.rows))
    ]
    return one_person(held[0], library)


def _office(office: str, library: Library, today: date) -> Reply:
    return offices(Intent("office", ids=(office,)), library)


def _attachment(no: str, library: Library, today: date) -> Reply:
    return attachments(Intent("attachment", ids=(no,)), library)


_WORDINGS: Mapping[str, Callable[[str, Library, date], Reply]] = {
    "direction": _overview,
    "branch": _overview,
    "topic": _topic,
    "rule": _rule,
    "provision": _provision,
    "term": _provision,
    "clause": _clause,
    "district": _district,
    "person": _person,
    "office": _office,
    "attachment": _attachment,
}


def _with_source(reply: Reply, library: Library) -> Reply:
    """A reply with the clause that it stands on, for pasting."""
    first = next(iter(reply.citations), None)
    if first is None or plain(first.quote) in plain(reply.text):
        return reply
    saying = Saying(library)
    own = Source("quoted", first.quote, first.quote)
    saying.say("written_source", own, desk_source(first.clause), clause=first.clause, quote=first.quote)
    source = saying.reply("answered")
    return replace(reply, text=f"{reply.text}\n{source.text}", origins=(*reply.origins, *source.origins))


def read_out(reply: Reply) -> str:
    """What a caller is read of a reply: its first sentences, and where it asks, the question; figures as heard."""
    lines = [line for line in reply.text.split("\n") if line.strip()]
    sentences = [one for line in lines for one in _WHOLE.findall(line)]
    heard = "".join(sentences[:2]) if len("".join(sentences[:2])) <= LONGEST_HEARD else "".join(sentences[:1])
    if reply.question and sentences and sentences[-1] not in heard:
        heard = sentences[-1] if reply.status == "question" else heard + sentences[-1]
    return aloud(heard)


# --- the wording to read out -----------------------------------------------------------------------------------------


def _spoken(kind: str, entry: Entry, reply: Reply, library: Library, today: date) -> Reply:
    """One or two short sentences: that the batch is closed where it matters, then the answer or the person."""
    saying = Saying(library)
    state = _state(reply, library, today)
    if state:
        _say_state(saying, today)
    if kind in ("person", "office", "district") or entry.id.endswith((".contact", ".email")):
        _say_people(saying, kind, reply)
    else:
        _say_sentences(saying, kind, reply, state)
    spoken = saying.reply("answered")
    known = {figure.figure for figure in spoken.origins}
    origins = (*spoken.origins, *(figure for figure in reply.origins if figure.figure not in known))
    return replace(spoken, text="".join(line.text for line in saying.lines), origins=origins)


def _say_state(saying: Saying, today: date) -> None:
    opens, closes = (
        date.fromisoformat(d) for d in (saying.library.guide.window.opens, saying.library.guide.window.closes)
    )
    if today > closes:
        saying.say("phone_closed", desk_source(day(closes)), closes=day(closes))
    else:
        saying.say("phone_before", desk_source(day(opens)), opens=day(opens))


def _say_people(saying: Saying, kind: str, reply: Reply) -> None:
    cards = reply.contacts
    first = cards[0]
    phrase = "phone_line" if not first.name else "phone_who" if kind == "person" else "phone_person"
    where = {"matter": first.matter.replace(f"（{first.office}）", "")}
    if first.matter.endswith("区"):
        phrase, where = "phone_district", {"district": first.matter}
    who = {"name": first.name} if first.name else {}
    saying.say_slots(
        phrase, card_source(first, saying.library), where | {"office": first.office, "phone": first.phone} | who
    )
    names = list(dict.fromkeys(card.name for card in cards if card.name))
    if len(names) > 1:
        shown = "、".join(names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")
        sources = [card_source(card, saying.library) for card in cards]
        saying.say("phone_several", desk_source(len(names), f"{len(names)}位"), *sources, count=len(names), names=shown)


def _say_sentences(saying: Saying, kind: str, reply: Reply, state: str) -> None:
    """The first sentences of the reply, as many as are heard in one go, and what they are about."""
    lines = [line for line in reply.text.replace(state, "").split("\n") if line]
    sentences = [_closed(one) for line in lines for one in _SENTENCE.findall(line) if not one.endswith("：")]
    if kind == "clause" and len(sentences) > 1 and sentences[0].startswith("方向"):
        sentences = sentences[1:]
    sentences = sentences or lines
    most = 1 if saying.lines else 2
    heard = sentences[0]
    if most > 1 and len(sentences) > 1 and len(heard) + len(sentences[1]) <= LONGEST_HEARD:
        heard += sentences[1]
    sources = [Source(figure.origin, figure.figure, figure.source) for figure in reply.origins]
    if kind == "clause":
        saying.say("phone_clause", *sources, says=heard)
    elif about := _about(reply, heard, saying):
        saying.say("phone_about", *sources, what=about, says=heard)
    else:
        saying.line(heard, *sources)


def _closed(sentence: str) -> str:
    """A sentence with its full stop."""
    return sentence if sentence.endswith(("。", "：")) else f"{sentence.rstrip('；')}。"


def _about(reply: Reply, heard: str, saying: Saying) -> str:
    """The name of the direction, where a sentence does not say which one it is about."""
    direction = saying.library.guide.direction_of.get(reply.topics[0]) if reply.topics else None
    return direction.short if direction and direction.short not in heard else ""


def _state(reply: Reply, library: Library, today: date) -> str:
    """The sentence of the day, where a reply says it first because it is about applying; else nothing."""
    saying = Saying(library)
    state_of_day(saying, today)
    said = saying.lines[0].text if saying.lines else ""
    return said if said and said in reply.text else ""


# --- the place in the guide ------------------------------------------------------------------------------------------


def _look(kind: str, reply: Reply, library: Library) -> Citation | None:
    """Where to look: the first clause that is not the window's; of people the row of the first one."""
    window = [one for one in reply.citations if one.quote.startswith("本批申报时间")]
    cited = [one for one in reply.citations if one not in window] or window
    if not cited:
        return None
    if cited[0].clause in ("二（三）3", "二（三）4") and reply.contacts:
        return replace(cited[0], quote=_printed_phone(reply.contacts[0], library))
    return cited[0]


def _printed_phone(card: Card, library: Library) -> str:
    """The number by which the guide's table has the person of a card."""
    held = (one for one in library.holders if card.note and (one.name, one.phone) == (card.name, card.phone))
    return next((printed(one, "phone") for one in held), card.phone)


def _row(library: Library, source: Spelled, look: Citation) -> Passage | None:
    """The printed row of a table that holds a phone."""
    held = next((one for one in library.holders if printed(one, "phone") == look.quote), None)
    if held is None:
        return None
    span = source.span(look.quote) or (-1, -1)
    where = held.district.name if held.district else "、".join(row.matter for row in held.rows)
    before, mail = f"{where}　{held.office}　{printed(held, 'name')}　", f"　{printed(held, 'email')}"
    return Passage(look.clause, before, look.quote, mail, *span)
