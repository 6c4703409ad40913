"""What a chat says and what an officer does in it, and what it must see: the script in order, undisturbed."""

from __future__ import annotations

import asyncio
import html
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

from bot import page
from bot.conductor import Conductor
from bot.kept import keep_conversation
from bot.sqlite_store import SqliteStore
from bot.store import Parcel, Store, Update
from bot.telegram.drawing import CardMessage, drawn
from bot.telegram.words import words
from bot.web import drawn as page_of
from bot.workbench.acting import act
from bot.workbench.doing import VERBS
from dialogs.library import Library
from dialogs.messages import Choice, Message, Text
from tests.walks import all_tickets

TODAY = "2023-03-20"
MORNING = datetime(2023, 3, 20, 2, tzinfo=UTC)
"""Monday, 10 o'clock in Beijing: the desk is open, and a run is over before noon."""

OFFICERS = ("王一", "李二", "张三", "刘四", "陈五")
MAILBOX, CONTACT = "wanganran@jxj.beijing.gov.cn", "王安然"
TAPS = ("overview@2023-batch-1", "ask:1.conditions@2023-batch-1", "ask:10.amount@2023-batch-1", "gone:1@2019-batch-1")
ASKS = ("转人工", "找个工作人员", "我要跟真人说")
NUMBER = re.compile(r"工单号?(\d{4,})")
OWN = "№"
"""Stands for a chat's own ticket: in what it says, and in what is compared."""

Seen = tuple[str, str]
"""A message on a screen: its text with its buttons, or a card's name and number."""


@dataclass(frozen=True)
class Act:
    """What one of OFFICERS does to the chat's ticket by a call of the desk's, once all before it is kept."""

    who: int
    verb: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Script:
    """What one chat says and what is done with its ticket, step by step, at which door.

    Rehearsed: what it sees, how much of it (`after`) and how many exchanges are kept (`kept`) after how many steps, how
    many tickets it has, where its conversation ends.
    """

    steps: list[Message | Act]
    door: str = "tg"
    sees: list[Seen] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    tickets: int = 0
    state: str = ""

    @property
    def turns(self) -> int:
        """How many messages the visitor sends."""
        return sum(not isinstance(step, Act) for step in self.steps)

    @property
    def letters(self) -> int:
        """How many letters are written."""
        return sum(isinstance(step, Act) and step.verb == "mail" for step in self.steps)


def script(asked: Sequence[str], rng: Random, turns: int, door: str = "tg", plan: str = "") -> Script:
    """Questions in people's own words, now and then a tap, also an old one; somewhere among them a plan of PLANS."""

    def turn() -> Message:
        return Choice(rng.choice(TAPS)) if rng.random() < 0.15 else Text(rng.choice(asked))

    planned = _steps(plan, rng, turn) if plan else []
    said = sum(not isinstance(step, Act) for step in planned)
    steps: list[Message | Act] = [turn() for _ in range(max(1, turns - said))]
    at = rng.randint(1, len(steps))
    return Script([*steps[:at], *planned, *steps[at:]], door)


PLANS = {
    "mailed with the case": "ask claim mail-case consent say mail close helped",
    "asked twice": "ask turn ask claim say turn note say close unhelped ask claim say close",
    "mailed": "ask claim mail turn say close",
    "given back": "ask claim say note release turn reclaim say close helped",
    "answered": "ask turn claim turn note say close helped",
    "transferred": "ask claim turn note transfer turn reclaim say close",
    "withdrawn": "ask turn enough turn",
    "raised": "ask turn claim raise reclaim turn say close",
    "carded": "ask claim card turn say close",
}


ACTS: Mapping[str, Mapping[str, Any]] = {
    "claim": {}, "release": {}, "raise": {}, "close": {"text": "已答复"}, "card": {"to": CONTACT},
    "mail": {"to": MAILBOX}, "mail-case": {"to": MAILBOX, "case": True},
}  # fmt: skip
"""Acts whose body is always the same; `reclaim`, `say`, `note` and `transfer` depend on who is who."""


def _steps(plan: str, rng: Random, turn: Callable[[], Message]) -> list[Message | Act]:
    first, other = rng.sample(range(len(OFFICERS)), 2)
    mark, has, made = f"{rng.getrandbits(40):010x}", first, list[Message | Act]()
    for number, word in enumerate(PLANS[plan].split()):
        has = {"claim": first, "reclaim": other}.get(word, has)
        match word:
            case "turn":
                made.append(turn())
            case "ask":
                made.append(Text(rng.choice(ASKS)))
            case "enough" | "helped" | "unhelped":
                made.append(Text({"enough": "不用人工了", "helped": "解决了", "unhelped": "没解决"}[word]))
            case "consent":
                made.append(Choice(f"consent:{OWN}.{rng.choice(('yes', 'no'))}@2023-batch-1"))
            case "say":
                made.append(Act(has, word, {"text": f"您好，这一项看附件1（{mark}-{number}）。"}))
            case "note":
                made.append(Act(has, word, {"text": f"给同事的话（{mark}-{number}）。"}))
            case "transfer":
                made.append(Act(has, word, {"to": OFFICERS[other]}))
            case _:
                made.append(Act(has, {"reclaim": "claim", "mail-case": "mail"}.get(word, word), ACTS.get(word, {})))
    return made


# --- in peace --------------------------------------------------------------------------------------------------------


async def rehearse(scripts: Sequence[Script], library: Library, folder: Path) -> None:
    """Take every script in order, undisturbed, and note what is drawn."""
    conductor = Conductor(SqliteStore(folder), library, lambda: date.fromisoformat(TODAY), lambda: MORNING)
    parcels: list[Parcel] = []
    conductor.carries("tg", parcels.append)
    for number, one in enumerate(scripts, 1):
        visitor = f"{one.door}:{number}"
        conductor.store.open(visitor, MORNING)
        for place, step in enumerate(one.steps, 1):
            if isinstance(step, Act):
                await _does(conductor, _last_number(conductor.store, visitor), step)
            else:
                said = own_filled(step, _last_number(conductor.store, visitor))
                await conductor.accept([Update(visitor, str(place), MORNING, said, place)])
                await conductor.advance(visitor)
            while parcels:
                parcel = parcels.pop()
                before = words().before(parcel.manner)
                one.sees += [_drawn(m) for m in drawn(parcel.reply, words(), library, before=before)]
                assert await conductor.posted(parcel) is None
            one.after.append(len(one.sees))
            one.kept.append(len(conductor.store.transcript(visitor, 200)))
        if one.door != "tg":
            shown = page.spoken(await conductor.transcript(visitor))
            one.sees = on_page(page_of("exchanges.html", exchanges=shown, library=library).body.decode())
        numbers = own_numbers(conductor.store)[visitor]
        one.tickets = len(numbers)
        one.sees = [own_hidden(seen, numbers) for seen in one.sees]
        one.state = state_of(conductor.store, visitor, numbers)
    while conductor._tasks:
        await asyncio.wait(conductor._tasks)
    conductor.close()


async def _does(conductor: Conductor, no: int, step: Act) -> None:
    if step.verb == "note":
        conductor.store.keep_note(no, OFFICERS[step.who], step.body["text"], MORNING)
        return
    event = {"card": "carded", "mail": "mailed"}.get(step.verb) or VERBS[step.verb]
    given = {key: step.body[key] for key in ("to", "text", "case") if key in step.body}
    await act(conductor, no, event, OFFICERS[step.who], **given)  # type: ignore[arg-type]


def _last_number(store: Store, visitor: str) -> int:
    row = store.open_ticket(visitor)
    return row.no if row else 0


def own_filled(message: Message, no: int) -> Message:
    """A choice with the number of the chat's ticket in its place."""
    return Choice(message.value.replace(OWN, str(no))) if isinstance(message, Choice) else message


# --- what is compared ------------------------------------------------------------------------------------------------


def own_numbers(store: Store) -> dict[str, list[int]]:
    """Each visitor's tickets, in order."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in all_tickets(store):
        numbers[row.visitor].append(row.no)
    return numbers


def own_hidden(seen: Seen, numbers: Sequence[int]) -> Seen:
    """A message without what depends on who else waits: its own tickets' numbers, and the place."""
    return _hidden(seen[0], numbers), _hidden(seen[1], numbers)


def _hidden(text: str, numbers: Sequence[int]) -> str:
    for at, no in enumerate(numbers):
        text = re.sub(rf"(?<!\d){no}(?!\d)", f"{OWN}{at}", text)
    return re.sub(r"排在第\d+位", "排在第几位", text)


def state_of(store: Any, visitor: str, numbers: Sequence[int]) -> str:
    """Where a conversation stands."""
    held = store.load(visitor)
    return _hidden(f"{held.revision} {keep_conversation(held.conversation) if held.conversation else ''}", numbers)


def on_page(log: str) -> list[Seen]:
    """The exchanges that a page shows, as they are read."""
    parts = log.split('<article class="exchange"')[1:]
    return [(" ".join(html.unescape(re.sub(r"<[^>]*>", " ", part.partition(">")[2])).split()), "") for part in parts]


def _drawn(message: Any) -> Seen:
    if isinstance(message, CardMessage):
        return message.phone, message.name
    return message.text, "|".join(button["callback_data"] for row in message.keyboard for button in row)


def on_screen(screen: Any) -> Seen:
    """A message of a phone's screen."""
    if screen.contact:
        return screen.contact["phone_number"], screen.contact["first_name"]
    return screen.text, "|".join(data for row in screen.buttons for _, data in row)


def numbers_in(seen: Sequence[Seen]) -> list[int]:
    """The tickets that a screen tells of."""
    return [int(no) for no in chain.from_iterable(NUMBER.findall(text) for text, _ in seen)]


def count(wanted: Sequence[Seen], shown: Sequence[Seen], others: set[Seen], found: Counter[str]) -> None:
    """Add up how a screen differs from what it should show."""
    expected, seen = Counter(wanted), Counter(shown)
    surplus = seen - expected
    missing = expected - seen
    found["lost"] += missing.total()
    found["sent_twice"] += sum(times for one, times in surplus.items() if one in expected)
    strange = [one for one in surplus.elements() if one not in expected]
    found["misrouted"] += sum(one in others for one in strange)
    found["strange"] += sum(one not in others for one in strange)
    if missing or strange:
        print(f"a screen lacks {list(missing.elements())} and shows {strange} that is not its own", file=sys.stderr)
    found["out_of_order"] += (expected & seen).total() - _longest_common(wanted, shown)


def _longest_common(one: Sequence[Seen], other: Sequence[Seen]) -> int:
    """The length of the longest sequence that both hold in this order."""
    row = [0] * (len(other) + 1)
    for a in one:
        before, row = row, [0]
        for at, b in enumerate(other):
            row.append(before[at] + 1 if a == b else max(before[at + 1], row[at]))
    return row[-1]
