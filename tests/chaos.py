"""Kill, cut off, hold up, fill the disk; then compare every chat with the same script in peace.

Two workers on one store talk to the strict Bot API server (`tests/bot_api`), which must find nothing to refuse; beside
it visitors at the web page, officers at the desk (both over HTTP) and a mail server with its moods. Three parts: by
webhook without kills, by webhook with kills, by long polling with kills (without mail, which wants a public address).
A kill is SIGKILL of one worker, of both, or of all processes, while something is on its way: a message, a ticket, an
officer's act, a letter. Meanwhile, at random (SEED): 429, 500, connections that break or stay silent before a call took
effect, updates given again, and a disk that is full for a while (a small tmpfs where it can be mounted, else a limit on
the workers' file sizes). A connection that breaks *after* a send took effect is left out: the Bot API has no key by
which anybody could tell, so whoever tries again says it twice.

What each chat must see, and the state that its conversation must end in, comes from the same script taken in order in
one process (`chaos_scripts.py`), officers' acts at their place among the visitor's words. Counted in messages on the
screen: lost, misrouted (another chat's), out of order, sent twice; and chats whose state differs. Of the desk: tickets
doubled and lost, logs that are no walk of the table, visitors left without a sentence, letters lost or written twice,
notes lost or kept twice.

The officers deal with half of the chats in their Telegram group, as far as that can be typed there. Every ticket must
have its topic with the card, the acts and the visitor's words in it; what was closed is closed. A topic, a notice and
the closing may have been made once more by a kill, and by nothing else (`chaos_group.py` tells why).

KILLS (300 unless set) scales everything down for trying; SABOTAGE=commit|inbox|lock|ticket|notice breaks the product
(`tests/chaos_serve.py`), and then the figures must show it. Exit status 1 where they are not as promised.

Whoever does officers' acts is one of `Hands` (`chaos_desk.py`), chosen in `Part._hands_of`. Of a chat that can't go on
it is told what it lacks and where that stands (`chaos_why.py`).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from bot.opening import open_library
from bot.sqlite_store import FILE, SqliteStore
from dialogs.messages import Text
from tests.bot_api import BotApi, Group, Person, dropped, server_error, silent, too_many
from tests.chaos_desk import AtDesk, AtPage, Hands, MoodyPostbox, count_letters, count_walks, staffed
from tests.chaos_group import MODIFIED, TYPED, InGroup, count_group, count_notes, seated
from tests.chaos_machine import Desk, Disk, sources
from tests.chaos_scripts import (
    PLANS,
    Act,
    Script,
    Seen,
    count,
    numbers_in,
    on_page,
    on_screen,
    own_filled,
    own_hidden,
    own_numbers,
    rehearse,
    script,
    state_of,
)
from tests.chaos_why import asked as asked_of
from tests.chaos_why import why
from tests.load import questions

TURNS, CHATS = 25, 200
ROUND_S, TICK_S, LONGEST_DELAY_S = 1.0, 0.1, 0.15
MOST_GIVEN_UP = 2
"""Chats that have given up, with which a part ends at once and is counted."""
SETTLED_S, FULL_S = 75.0, 1.5
"""Longer than the bot's longest pause between two tries; how long the disk is full."""
PATIENCE_S, LOOKS, WHOLE_S, WORKERS = 150.0, 60, 2.0, 2
"""How long an act is waited for that can't be tried; how often the desk answers one that doesn't get on, beside
SETTLED_S; how long a kill waits until both workers serve. On a crowded machine kills outran the starts: nobody listened
most of the time, or an act was done and its answer cut off again and again, and 75 s alone were not always enough."""
SILENT_S = 21.0
"""Longer than the bot waits for an answer."""

PLANNED, AT_PAGE, IN_GROUP, ACTS_AT_ONCE = 0.6, 0.25, 0.5, 48
"""Of the chats, how many ask for a person, stand on the web page, are dealt with in the officers' group."""


# --- the disturbed run -----------------------------------------------------------------------------------------------


class Part:
    """One run: scripts said to a desk that is disturbed."""

    def __init__(self, name: str, by: str, scripts: Sequence[Script], kills: int, rng: random.Random) -> None:
        self.name, self.by, self.scripts, self.kills, self._rng = name, by, scripts, kills, rng
        self.found: Counter[str] = Counter()
        self._at = [0] * len(scripts)
        self._given: list[tuple[Person, dict[str, Any]]] = []
        self._people: dict[int, Person] = {}
        self._pages: dict[int, AtPage] = {}
        self._busy: dict[int, Future[bool | None]] = {}
        self._since, self._looks = [0.0] * len(scripts), [0] * len(scripts)
        self._seen: dict[int, int] = {}
        self._grouped = {chat for chat in range(len(scripts)) if rng.random() < IN_GROUP}

    def run(self, others: set[Seen]) -> Counter[str]:
        """Say everything, disturb, wait until all is quiet, and count."""
        with (
            tempfile.TemporaryDirectory(prefix="chaos-") as place, BotApi() as api, MoodyPostbox(self._rng) as box,
            ThreadPoolExecutor(ACTS_AT_ONCE) as self._pool,
        ):  # fmt: skip
            disk, data = Disk(Path(place)), Path(place) / "data"
            log = Path(tempfile.gettempdir()) / f"policydesk-chaos-{os.getpid()}-{self.name}.log"
            self._api, self._disk, self._box, self._data = api, disk, box, data
            staffed(data)
            self._group, people = seated(data, api)
            self._desk = Desk(api, data, self.by, log, box.settings)
            try:
                self._officers = AtDesk(self._desk.url, self.found)
                self._phones = InGroup(self._group, people, self._officers, self._given)
                for chat, one in enumerate(self.scripts):
                    if one.door == "tg":
                        self._people[chat] = api.person()
                    else:
                        self._pages[chat] = AtPage(self._desk.url, self.found)
                self._disturb()
                self._settle()
                screens = [self._whole_screen(chat) for chat in range(len(self.scripts))]
                self._desk.end()
                self._count(others, screens, data)
            finally:
                self._desk.end()
                disk.close()
        return self.found

    def _disturb(self) -> None:
        rounds = self.kills or max(8, self._left() // 17)
        full_at = {rounds // 4, rounds // 2, 3 * rounds // 4}
        killed = number = 0
        while (killed < self.kills or self._left()) and not self._is_lost():
            began = time.monotonic()
            if number in full_at:
                self._fill_the_disk()
            if killed < self.kills:
                self._until_whole()
            share = max(1, self._left() // max(1, rounds - number))
            self._make_faults()
            self._say(max(1, share // 3))
            if killed < self.kills:
                time.sleep(self._rng.uniform(0, LONGEST_DELAY_S))
                killed += self._kill()
            self._wait(ROUND_S / 4)
            self._say(share - max(1, share // 3))
            number += 1
            if number % 20 == 0:
                print(
                    f"{time.strftime('%H:%M:%S')} {self.name}: {killed} kills, {self._left()} left to say",
                    file=sys.stderr,
                )
            self._wait(began + (ROUND_S if self.kills else ROUND_S / 2) - time.monotonic())

    def _until_whole(self) -> None:
        """Until both workers serve again, or it takes too long."""
        end = time.monotonic() + WHOLE_S
        while self._desk.listening() < WORKERS and time.monotonic() < end:
            self._act()
            time.sleep(TICK_S / 2)

    def _wait(self, seconds: float) -> None:
        """So long; meanwhile officers go on."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._act()
            time.sleep(min(TICK_S, left))

    def _left(self) -> int:
        """Turns that are still to be said."""
        return sum(
            not isinstance(step, Act) for one, at in zip(self.scripts, self._at, strict=True) for step in one.steps[at:]
        )

    def _next(self, chat: int) -> Any:
        """The step that a chat is at; None where all is said and done."""
        return self.scripts[chat].steps[self._at[chat]] if self._at[chat] < len(self.scripts[chat].steps) else None

    def _say(self, messages: int) -> None:
        """So many more messages, some of them in a row without waiting."""
        said = 0
        while said < messages:
            open_ = [n for n in range(len(self.scripts)) if self._may_say(n)]
            if not open_:
                break
            chat = self._rng.choice(open_)
            for _ in range(self._rng.choice((1, 1, 2, 3))):
                if said < messages and self._may_say(chat):
                    self._say_one(chat)
                    said += 1

    def _may_say(self, chat: int) -> bool:
        step = self._next(chat)
        return step is not None and not isinstance(step, Act) and chat not in self._busy

    def _say_one(self, chat: int) -> None:
        message = own_filled(self._next(chat), self._number(chat))
        self.found["messages"] += 1
        if chat in self._pages:
            key = f"{self.name}-{chat}-{self._at[chat]}"
            self._busy[chat] = self._pool.submit(self._pages[chat].says, message, key)
            return
        person = self._people[chat]
        if isinstance(message, Text):
            person.says(message.text)
        else:
            mine = min(self._api.world.messages[person.id], default=0) or person.says("")
            person.taps_data(message.value, on=mine)
        self._at[chat] += 1
        self._given.append((person, person.last_update))

    # --- officers ----------------------------------------------------------------------------------------------------

    def _act(self) -> None:
        """Take note of what has been done, and begin what can be: each chat's next act, when its number is known."""
        for chat, future in list(self._busy.items()):
            if future.done():
                del self._busy[chat]
                self._done(chat, future.result())
        for chat in range(len(self.scripts)):
            step = self._next(chat)
            if chat in self._busy or not isinstance(step, Act):
                continue
            self._since[chat] = self._since[chat] or time.monotonic()
            if no := self._number_for(step, chat):
                kept = self.scripts[chat].kept[self._at[chat] - 1]
                key = f"{self.name}-{chat}-{self._at[chat]}"
                self._busy[chat] = self._pool.submit(self._hands_of(chat, step).tries, step, no, kept, key)
            elif time.monotonic() > self._since[chat] + PATIENCE_S:
                self._give_up(chat)

    def _hands_of(self, chat: int, step: Act) -> Hands:
        """Where an act is done: in the group, for the chats that are dealt with there, what can be typed there."""
        return self._phones if chat in self._grouped and step.verb in TYPED else self._officers

    def _done(self, chat: int, done: bool | None) -> None:
        """An act or a message at the page: done, not yet, or refused."""
        acted = isinstance(self._next(chat), Act)
        if done:
            self.found["acts"] += acted
            self.found["acts_in_the_group"] += acted and self._hands_of(chat, self._next(chat)) is self._phones
            self._at[chat] += 1
            self._since[chat], self._looks[chat] = 0.0, 0
        elif not acted or done is False or self._is_in_vain(chat):
            self._give_up(chat)

    def _is_in_vain(self, chat: int) -> bool:
        """Whether an act has been tried long enough, and so often that the desk has answered."""
        waited, looks = time.monotonic() - self._since[chat], self._officers.met[self._number(chat)]["look 200"]
        self._looks[chat] = self._looks[chat] or looks
        return waited > 4 * SETTLED_S or (waited > SETTLED_S and looks > self._looks[chat] + LOOKS)

    def _give_up(self, chat: int) -> None:
        """What should have been can't be done: the rest of the script is left, and its messages are lost."""
        self.found["given_up"] += 1
        print(f"{self.name}: chat {chat} gives up at step {self._at[chat]}: {self._next(chat)}", file=sys.stderr)
        no = self._number(chat)
        print(f"  its ticket {no}, the calls about it {dict(self._officers.met[no])}", file=sys.stderr)
        if chat in self._people:
            expected = self.scripts[chat].sees[: self._expected(chat)]
            shown = [on_screen(one) for one in self._screen(chat)]
            print(why(self._api, self._data / FILE, self._people[chat].id, shown, expected), file=sys.stderr)
        self._at[chat] = len(self.scripts[chat].steps)

    def _number_for(self, step: Act, chat: int) -> int:
        """The ticket that an act is for; 0 where nobody can know it yet: it is claimed when its visitor was told."""
        waits = step.verb == "claim" and chat in self._people and len(self._screen(chat)) < self._expected(chat)
        return 0 if waits else self._number(chat)

    def _number(self, chat: int) -> int:
        """The ticket that the visitor was told of last, 0 where none was."""
        seen = on_page(self._pages[chat].shown) if chat in self._pages else map(on_screen, self._screen(chat))
        return (numbers_in(list(seen)) or [0])[-1]

    def _bears_faults(self, person: Person | Group | None) -> bool:
        """Whether a chat (or, without one, all together) has seen something since its last faults, which are over.

        Each fault in a row doubles the bot's pause; new ones for who is in such a pause would hold it up for ever.
        """
        if isinstance(person, Group):
            seen = len(self._api.world.messages[person.id])
        else:
            seen = len(person.screen()) if person else sum(len(one.screen()) for one in self._people.values())
        if self._api.faults_for(person) or self._seen.get(person.id if person else 0) == seen:
            return False
        self._seen[person.id if person else 0] = seen
        return True

    def _make_faults(self) -> None:
        rng = self._rng
        people = [one for one in self._people.values() if self._bears_faults(one)]
        if not people:
            return
        for make in (too_many, server_error, dropped, server_error):
            if rng.random() < 0.5:
                self._api.fails("sendMessage", make(), to=rng.choice(people))
        if rng.random() < 0.03:
            self._api.fails("sendMessage", silent(SILENT_S), to=rng.choice(people))
        bears = self._bears_faults(None)
        if rng.random() < 0.3 and bears:
            self._api.fails("sendContact", rng.choice((server_error(), dropped(), too_many())))
        if self.by == "polling" and rng.random() < 0.3 and bears:
            self._api.fails("getUpdates", rng.choice((dropped(after=True), server_error())))
        if self._bears_faults(self._group):
            for often, method in ((0.3, "sendMessage"), (0.2, "createForumTopic")):
                if rng.random() < often:
                    self._api.fails(method, rng.choice((server_error(), dropped(), too_many())), to=self._group)
        for _, update in rng.sample(self._given, min(2, len(self._given))):
            with self._api.world.changed:
                if update not in self._api.world.waiting:
                    self._api.world.push_again(update)
                    self.found["given_again"] += 1

    def _fill_the_disk(self) -> None:
        with self._disk.full(self._desk.workers()):
            self._say(5)
            time.sleep(FULL_S)
        self.found["disk_full"] += 1

    def _kill(self) -> int:
        on_the_way = self._on_the_way()
        if not on_the_way:
            self._say(1)
        whole = self._rng.random() < 0.04
        workers = self._desk.workers()
        pids = workers if whole or self._rng.random() < 0.15 else self._rng.sample(workers, min(1, len(workers)))
        if whole:
            self._desk.process.kill()
        killed = self._desk.kill(pids)
        self.found["kills"] += killed
        self.found["kills_in_flight"] += killed if on_the_way else 0
        self.found["kills_at_the_desk"] += killed if self._busy or self._letters_left() else 0
        if whole:
            self._desk.process.wait()
            self._desk.start()
        return killed

    def _on_the_way(self) -> bool:
        return bool(self._busy) or any(len(self._screen(n)) < self._expected(n) for n in self._people)

    def _expected(self, chat: int) -> int:
        said = self._at[chat]
        return self.scripts[chat].after[said - 1] if said else 0

    def _letters_left(self) -> int:
        """Letters that were written and have not reached the mail server, roughly: a second copy counts for another."""
        acts = [step for one, at in zip(self.scripts, self._at, strict=True) for step in one.steps[:at]]
        return sum(isinstance(step, Act) and step.verb == "mail" for step in acts) - len(self._box.messages)

    def _screen(self, chat: int) -> list[Any]:
        return self._people[chat].screen()

    def _whole_screen(self, chat: int) -> list[Seen]:
        return self._pages[chat].screen() if chat in self._pages else [on_screen(one) for one in self._screen(chat)]

    def _settle(self) -> None:
        """Until everybody has seen everything and every letter is out, or nothing moves any more, or it never ends."""
        seen, since = -1, time.monotonic()
        end = since + 2 * SETTLED_S
        while self._moving() and not self._is_lost() and time.monotonic() < min(end, since + SETTLED_S):
            self._say(1)
            self._act()
            now = sum(len(self._screen(n)) for n in self._people) + sum(self._at) + len(self._box.messages)
            now -= self._unsent()
            seen, since = (now, time.monotonic()) if now != seen else (seen, since)
            time.sleep(0.3)
        time.sleep(2)

    def _is_lost(self) -> bool:
        """Whether so many chats gave up that the rest would only take the time of whoever waits."""
        return self.found["given_up"] >= MOST_GIVEN_UP

    def _moving(self) -> bool:
        unfinished = any(self._next(chat) is not None for chat in range(len(self.scripts)))
        return unfinished or self._on_the_way() or self._letters_left() > 0 or self._unsent() > 0

    def _unsent(self) -> int:
        """Replies and notices that wait in the outbox."""
        return len(asked_of(self._data / FILE, "select id from messages where line is not null and outcome is null"))

    # --- counting ----------------------------------------------------------------------------------------------------

    def _count(self, others: set[Seen], screens: Sequence[Sequence[Seen]], data: Path) -> None:
        found, store = self.found, SqliteStore(data)
        numbers = own_numbers(store)
        for chat, one in enumerate(self.scripts):
            visitor = self._pages[chat].visitor if chat in self._pages else f"tg:{self._people[chat].id}"
            own = numbers[visitor]
            count(one.sees, [own_hidden(seen, own) for seen in screens[chat]], others, found)
            if (state := state_of(store, visitor, own)) != one.state:
                found["state_differs"] += 1
                print(f"{self.name}: chat {chat} ends at {state}\n  and not at {one.state}", file=sys.stderr)
            found["tickets"] += one.tickets
            found["tickets_doubled"] += max(0, len(own) - one.tickets)
            found["tickets_lost"] += max(0, one.tickets - len(own))
            told = set(numbers_in(screens[chat]))
            found["visitors_unanswered"] += (
                not set(own) <= told or not told <= set(own) or self._last_word_is_theirs(chat)
            )
        count_walks(store, found)
        count_group(store, self._api, self._group, found)
        steps = [step for one in self.scripts for step in one.steps]
        count_notes(store, [step for step in steps if isinstance(step, Act) and step.verb == "note"], found)
        wanted = sum(one.letters for one in self.scripts) if self.by == "webhook" else 0
        count_letters(store, self._box, wanted, found)
        later = datetime.now(UTC) + timedelta(days=1)
        left = store._all("select count(*) from inbox")[0][0] + len(store.due_lines(later))
        store.close()
        found["left_over"] += left
        found["chats"] += len(self.scripts)
        found["refusals"] += sum(MODIFIED not in made.says for made in self._api.refusals)
        found["asked_again"] += sum(status != 200 for _, status in self._api.deliveries)
        found["store_kb"] += (data / FILE).stat().st_size // 1000

    def _last_word_is_theirs(self, chat: int) -> bool:
        """Whether a visitor's last message stands without anything after it."""
        if chat in self._pages:
            return False  # each message there waits for its exchange
        messages = self._api.world.messages[self._people[chat].id]
        return bool(messages) and not messages[max(messages)]["from"]["is_bot"]


def scripts_for(chats: int, turns: int, asked: Sequence[str], rng: random.Random, *, mail: bool) -> list[Script]:
    """Chats of one part: some at the web page, most of which ask for a person, by every plan in turn."""
    plans = cycle(name for name in PLANS if mail or not name.startswith("mailed"))
    doors = ["web" if rng.random() < AT_PAGE else "tg" for _ in range(chats)]
    return [script(asked, rng, turns, door, next(plans) if rng.random() < PLANNED else "") for door in doors]


def run(seed: int, kills: int) -> dict[str, Any]:
    """All parts, one after the other."""
    rng = random.Random(seed)
    asked = questions()
    share = min(1.0, kills / 300)
    chats, turns = max(8, round(CHATS / 2 * share)), TURNS + 1 if share == 1 else TURNS
    library = open_library()
    parts = [
        ("quiet", "webhook", scripts_for(max(8, chats // 2), 10, asked, rng, mail=True), 0),
        ("webhook", "webhook", scripts_for(chats, turns, asked, rng, mail=True), (kills + 1) // 2),
        ("polling", "polling", scripts_for(chats, turns, asked, rng, mail=False), kills // 2),
    ]
    with tempfile.TemporaryDirectory(prefix="chaos-peace-") as folder:
        for name, _, scripts, _ in parts:
            asyncio.run(rehearse(scripts, library, Path(folder) / name))
    others = {one for _, _, scripts, _ in parts for each in scripts for one in each.sees}
    total: Counter[str] = Counter()
    for name, by, scripts, wanted in parts:
        began = time.monotonic()
        found = Part(name, by, scripts, wanted, rng).run(others)
        print(f"{name} in {time.monotonic() - began:.0f} s: {dict(found)}", file=sys.stderr, flush=True)
        if not wanted:
            for name in TWICE:
                found[f"{name}_without_kills"] = found.pop(name)
        total += found
    return {"seed": seed, "sabotage": os.environ.get("SABOTAGE", "")} | {name: total[name] for name in KEYS}


KEYS = (
    "kills", "kills_in_flight", "messages", "chats", "lost", "misrouted", "out_of_order", "state_differs", "sent_twice",
    "sent_twice_without_kills", "strange", "left_over", "refusals", "given_again", "asked_again", "disk_full",
    "kills_at_the_desk", "acts", "given_up", "tickets", "tickets_doubled", "tickets_lost", "unlawful",
    "visitors_unanswered", "letters", "letters_lost", "letters_twice", "letters_twice_without_kills",
    "letters_unmarked", "letters_unsent", "mail_busy", "mail_hung_up", "server_errors", "acts_in_the_group", "topics",
    "topics_lost", "topics_open", "topics_twice", "topics_twice_without_kills", "topics_closed_twice",
    "topics_closed_twice_without_kills", "notices", "notices_lost", "notices_twice", "notices_twice_without_kills",
    "notes", "notes_lost", "notes_twice",
)  # fmt: skip
TWICE = ("sent_twice", "letters_twice", "topics_twice", "topics_closed_twice", "notices_twice")
"""What a kill may have done once more, and nothing else."""
NEVER = (
    "lost", "misrouted", "out_of_order", "state_differs", "strange", "left_over", "refusals", "given_up",
    "tickets_doubled", "tickets_lost", "unlawful", "visitors_unanswered", "letters_lost", "letters_unmarked",
    "letters_unsent", "topics_lost", "topics_open", "notices_lost", "notes_lost", "notes_twice",
    *(f"{name}_without_kills" for name in TWICE),
)  # fmt: skip


def kept_word(found: dict[str, Any]) -> bool:
    """Whether everything is as it is promised."""
    return not any(found[name] for name in NEVER) and max(found[name] for name in TWICE) <= found["kills"]


CHANGED = 3
"""Exit status of a run that tells nothing, as a server that starts after a kill takes the files that are there then."""


def main(after: Callable[[int], None] = sys.exit) -> None:
    """Run, print, and tell by the exit status."""
    rehearsed = sources()
    found = run(int(os.environ.get("SEED", "1")), int(os.environ.get("KILLS", "300")))
    if sources() != rehearsed:
        print("the project changed during the run: what was rehearsed is not what was served", file=sys.stderr)
        after(CHANGED)
        return
    print(json.dumps(found, ensure_ascii=False))
    after(0 if kept_word(found) else 1)


if __name__ == "__main__":
    main()
