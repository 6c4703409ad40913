"""The officers of a chaos run in their Telegram group: a topic a ticket, acts typed into it, what must stand there.

What an officer types is typed once: an app sends it by itself as soon as it can, and Telegram gives it to the bot until
the bot has confirmed it (now and then again afterwards). What came of it the officer sees at the desk.

Making a topic has no key in the Bot API either: a worker that is killed before it has kept the number of a topic that
it made leaves an empty one behind, and another is made. So are a notice, and the closing of a topic, done once more.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.kept import kept_message
from bot.sqlite_store import SqliteStore
from bot.staffgroup.promise import Group as Bound
from bot.staffgroup.promise import Thread, acted_by
from bot.telegram.words import words
from bot.tickets import TicketRow
from bot.workbench.linking import invited, linked_by
from dialogs.messages import Happened, Text
from tests.bot_api import BotApi, Group, Person
from tests.chaos_desk import AtDesk
from tests.chaos_scripts import MORNING, OFFICERS, Act
from tests.staff import hire
from tests.walks import all_tickets

TYPED = {"claim": "/take", "release": "/release", "close": "/close {text}", "note": "/note {text}", "say": "{text}"}
"""The acts that can be done in the group, as they are typed."""
MODIFIED = "TOPIC_NOT_MODIFIED"
SAYS = words().staff


def seated(data: Path, api: BotApi) -> tuple[Group, list[Person]]:
    """A bound group, and the officers' accounts, each linked by a code."""
    store, group = SqliteStore(data), api.forum("值守群")
    people = [api.person(name) for name in OFFICERS]
    for person in people:
        account = store.account(person.name)
        assert account is not None
        code = invited(store, account.person, MORNING).code
        assert linked_by(store, person.id, code, ("{name}", ""), "linked", MORNING) == account.person
    store.bind_group(Bound(group.id, group.title), hire(store, "赵六", "admin"), "bound", MORNING)
    store.close()
    return group, people


class InGroup:
    """The officers, each with their phone; `given`: the updates by which the bot hears of what they type."""

    def __init__(
        self, group: Group, people: Sequence[Person], desk: AtDesk, given: list[tuple[Person, dict[str, Any]]]
    ) -> None:
        self.group, self._people, self._desk, self._given = group, people, desk, given
        self._typed: set[str] = set()
        self._typing = threading.Lock()

    def tries(self, act: Act, no: int, kept: int, key: str) -> bool | None:
        """Type it into the ticket's topic when the talk has come so far; then look what has come of it."""
        seen = self._desk.looks(act.who, no)
        if seen is None:
            return None
        name = OFFICERS[act.who]
        if key in self._typed:
            refused = any(one["refused"] and one["by"] == name for one in seen["log"])
            return True if _is_done(act, seen, name) else False if refused else None
        topic = self.topic(no)
        if topic and len(seen["talk"]) >= kept:
            self._types(self._people[act.who], TYPED[act.verb].format(**act.body), topic)
            self._typed.add(key)
        return None

    def topic(self, no: int) -> int:
        """The topic in which the ticket's card stands; 0 where there is none yet."""
        with_card = (one for one in topics_of(self.group, no) if any(self.group.texts(one)))
        return next(with_card, 0)

    def _types(self, person: Person, text: str, topic: int) -> None:
        with self._typing:
            person.says(text, to=self.group, topic=topic)
            self._given.append((person, person.last_update))


def topics_of(group: Group, no: int) -> list[int]:
    """The topics that were made for a ticket, the newest first."""
    named = [number for number, topic in group.threads.items() if topic["name"].startswith(f"工单{no} ")]
    return sorted(named, reverse=True)


def _is_done(act: Act, seen: dict[str, Any], name: str) -> bool:
    ticket = seen["ticket"]
    match act.verb:
        case "claim":
            return bool(ticket["holder"] == name)
        case "say":
            said = [one["reply"]["text"] for one in seen["talk"] if one["event"] == "said" and one["reply"]]
            return any(act.body["text"] in text for text in said)
        case "note":
            return any(one["text"] == act.body["text"] for one in seen["notes"])
        case _:
            return bool(ticket["state"] == {"close": "closed", "release": "waiting"}[act.verb])


# --- counting --------------------------------------------------------------------------------------------------------


def count_group(store: SqliteStore, api: BotApi, group: Group, found: Counter[str]) -> None:
    """Each ticket has its topic, in which everything stands that happened; what was closed is closed."""
    for row in all_tickets(store):
        topics, thread = topics_of(group, row.no), store.thread(row.no)
        found["topics"] += len(topics)
        found["topics_twice"] += max(0, len(topics) - 1)
        found["topics_lost"] += thread is None or thread.thread not in topics
        found["topics_open"] += thread is not None and row.state == "closed" and not _is_closed(group, thread)
        shown = Counter(line for topic in topics for text in group.texts(topic) for line in set(_lines(text, row.no)))
        wanted = Counter(happened(store, row))
        found["notices"] += wanted.total()
        found["notices_lost"] += (lost := wanted - shown).total()
        if lost:
            print(f"ticket {row.no}: not in its topics {topics}: {list(lost.elements())}", file=sys.stderr)
        found["notices_twice"] += sum(max(0, shown[line] - times) for line, times in wanted.items())
    found["topics_closed_twice"] += sum(MODIFIED in made.says for made in api.refusals)


def _is_closed(group: Group, thread: Thread) -> bool:
    return bool(group.threads.get(thread.thread, {}).get("closed"))


def _lines(text: str, no: int) -> Iterator[str]:
    """The lines of a message; of a card's head what doesn't change."""
    for line in text.split("\n"):
        yield f"工单{no} · " if line.startswith(f"工单{no} · ") else line


_SAID = """
select q.id, q."update", q.body, l.event, l.officer, l.addressed, l.said from messages q
left join ticket_events l on l.message = q.id and l.ticket = :no and l.refused = ''
where q.direction = 'in' and q.conversation = (select conversation from tickets where no = :no)
and q.id >= (select min(message) from ticket_events where ticket = :no and event = 'opened')
and q.id <= coalesce((select max(message) from ticket_events where ticket = :no
    and event in ('closed', 'withdrawn') and refused = ''), q.id)
order by q.id
"""


def happened(store: SqliteStore, row: TicketRow) -> Iterator[str]:
    """What must be read in a ticket's topic, by its log and its conversation: the card, acts, the visitor's words.

    A tap is left out (its label depends on what was shown), and so is what an officer has said in the topic itself.
    """
    yield f"工单{row.no} · "
    said: dict[int, list[Any]] = defaultdict(list)
    with store._connection() as db:
        for one in db.execute(_SAID, {"no": row.no}).fetchall():
            said[one[0]].append(one)
    for moves in said.values():
        _, update, body, *_ = moves[0]
        message = kept_message(body)
        events = [tuple(one[3:]) for one in moves if one[3]]
        if isinstance(message, Text) and all(event != "opened" for event, *_ in events):
            yield SAYS.visitor.format(words=message.text).partition("\n")[0]
        for event, by, to, text in events:
            if event == "said" and isinstance(message, Happened) and not acted_by(update):
                yield SAYS.officer.format(by=by, words=message.text)
            elif event in SAYS.events:
                yield SAYS.events[event].format(by=by, to=to, text=text).strip()


def count_notes(store: SqliteStore, wanted: Sequence[Act], found: Counter[str]) -> None:
    """Each note is there, once."""
    kept = Counter(note.text for row in all_tickets(store) for note in store.notes(row.no))
    times = [kept[act.body["text"]] for act in wanted]
    found["notes"] += len(times)
    found["notes_lost"] += times.count(0)
    found["notes_twice"] += sum(max(0, one - 1) for one in times)
