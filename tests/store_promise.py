"""What every keeper of `bot.store.Store` must pass: subclass `Promise` and say how a worker opens the store.

class TestMine(Promise):
    @pytest.fixture
    def workers(self, tmp_path): ...        # () → a Store of another worker, on the same data, each time it is called
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.counting import Missing
from bot.store import AGAIN, Exchange, Held, Parcel, Repeated, Stale, Store, Update
from dialogs.conversation import Conversation
from dialogs.messages import Choice, Effect, Happened, Message, Reply, Text

NOON = datetime(2023, 3, 20, 4, tzinfo=UTC)
LAST_DAY = date(2023, 3, 31)
LATER = NOON + timedelta(minutes=1)
AFTER = Conversation(guide="2023-batch-1", topics=("1",))
FINE = Reply("notice", "好的。")
LONG = Reply("answered", "可以申报。" * 300)

Workers = Callable[[], Store]


def said(
    update: str | None, visitor: str = "web:a", message: Message | None = None, reply: Reply | None = FINE
) -> Exchange:
    """An exchange; the message is the update's name unless it is given."""
    return Exchange(visitor, update, NOON, message or Text(update or "话"), reply)


def update(name: str, visitor: str = "web:a", place: int = 0, at: datetime = NOON) -> Update:
    """An update for the inbox."""
    return Update(visitor, name, at, Text(name), place)


def turn(store: Store, name: str, visitor: str = "web:a") -> Parcel | None:
    """Take one update from its arrival to its commit."""
    store.accept([update(name, visitor)])
    return store.commit(store.load(visitor), said(name, visitor), AFTER, ())


def moved(no: int, event: str, state: str, by: str = "", **more: str) -> Effect:
    """What a turn says of a ticket."""
    return Effect("ticket", {"no": str(no), "event": event, "state": state, "by": by, "to": "", "text": "", **more})


def ticket(store: Store, no: int, visitor: str, **more: str) -> None:
    """A turn that opens a ticket."""
    opened = moved(no, "opened", "waiting", reason="asked", **more)
    store.commit(store.load(visitor), said(f"t{no}", visitor), AFTER, (opened,))


def move(store: Store, no: int, event: str, state: str, by: str = "", visitor: str = "web:a") -> None:
    """A turn that moves it."""
    store.commit(store.load(visitor), said(f"{event}{no}", visitor), AFTER, (moved(no, event, state, by),))


class Promise:
    """The stories; `workers` opens the same store for one worker more."""

    @pytest.fixture
    def store(self, workers: Workers) -> Store:
        return workers()

    # --- turns -------------------------------------------------------------------------------------------------------

    def test_a_turn_is_kept_whole(self, store: Store, workers: Workers) -> None:
        """Conversation, message and reply stand there together, for every worker."""
        assert store.load("web:a") == Held()
        one = Exchange("web:a", "7", NOON, Choice("overview@2023-batch-1"), LONG, manner="photo")
        store.commit(Held(), one, AFTER, (Effect("note", {"text": "流片"}),))
        for worker in (store, workers()):
            assert worker.load("web:a") == Held(AFTER, 1)
            kept = worker.exchange("web:a", "7")
            assert kept and [kept] == worker.transcript("web:a", 9)
            assert (kept.message, kept.reply, kept.manner, kept.at) == (one.message, LONG, "photo", NOON)

    def test_a_turn_from_an_old_revision_leaves_nothing_behind(self, store: Store) -> None:
        """Whoever comes second has to load again; nothing of the attempt is kept."""
        turn(store, "1")
        with pytest.raises(Stale):
            store.commit(Held(), said("2"), Conversation(guide="x"), (Effect("note"),))
        assert store.load("web:a") == Held(AFTER, 1)
        assert [one.update for one in store.transcript("web:a", 9)] == ["1"]

    def test_an_update_is_kept_once_for_each_visitor(self, store: Store) -> None:
        """The same name again is refused; another visitor may use it; what has no name is never the same."""
        turn(store, "7")
        with pytest.raises(Repeated):
            store.commit(Held(AFTER, 1), said("7"), AFTER, ())
        turn(store, "7", "web:b")
        for _ in range(2):
            store.commit(store.load("web:b"), said(None, "web:b"), AFTER, ())
        assert (store.load("web:a").revision, store.load("web:b").revision) == (1, 3)

    def test_a_visitor_is_known_once_opened(self, store: Store) -> None:
        """Opened, or heard; twice is as good as once."""
        assert not store.knows("web:a")
        for _ in range(2):
            store.open("web:a", NOON)
        turn(store, "1", "web:b")
        assert store.knows("web:a") and store.knows("web:b") and store.load("web:a") == Held()

    def test_a_first_message_leads_back_to_what_it_has_opened(self, store: Store, workers: Workers) -> None:
        """Whichever worker meets it again, an officer's acts apart; not after other words, nor for ever."""
        assert store.open("web:a", NOON, "first") == "web:a" == workers().open("web:b", LATER, "first")
        assert store.open("web:c", NOON, "other") == "web:c" and store.open("web:d", NOON) == "web:d"
        turn(store, "1", "web:a")
        claimed = said("2", "web:a", Happened("claimed", 1001, "李明"))
        store.commit(store.load("web:a"), claimed, AFTER, ())
        assert store.open("web:e", LATER, "first") == "web:a" and not store.knows("web:e")
        assert store.open("web:f", NOON + AGAIN, "first") == "web:f"
        turn(store, "3", "web:a")
        assert store.open("web:g", LATER, "first") == "web:g" and store.knows("web:g")

    def test_a_word_on_a_reply_stays_with_it(self, store: Store) -> None:
        """The last word counts; a reply that isn't there can't be judged."""
        turn(store, "7")
        assert store.rate("web:a", "7", True, NOON) and store.rate("web:a", "7", False, NOON)
        assert [one.useful for one in store.transcript("web:a", 9)] == [False]
        assert not store.rate("web:b", "7", True, NOON)

    # --- the inbox ---------------------------------------------------------------------------------------------------

    def test_the_inbox_holds_an_update_until_its_turn_is_kept(self, store: Store, workers: Workers) -> None:
        """Whichever worker takes it; then nothing waits."""
        assert store.accept([update("1")]) == [True]
        other = workers()
        waits = other.waiting("web:a")
        assert waits == (update("1"), Held(), False)
        other.commit(waits[1], said("1"), AFTER, ())
        assert store.waiting("web:a") is None and store.load("web:a").revision == 1

    def test_an_update_that_comes_again_changes_nothing(self, store: Store, workers: Workers) -> None:
        """While it waits, after it was taken, and twice in one delivery."""
        assert store.accept([update("1"), update("1")]) == [True, False]
        assert workers().accept([update("1"), update("1", "web:b")]) == [False, True]
        store.commit(Held(), said("1"), AFTER, ())
        assert store.accept([update("1")]) == [False] and store.waiting("web:a") is None

    def test_updates_wait_in_the_doors_order(self, store: Store) -> None:
        """By place, then as they came; the conversation comes along."""
        store.accept([update("9", place=9), update("8", place=8), update("8b", place=8)])
        taken = []
        while found := store.waiting("web:a"):
            taken.append(found[0].update)
            store.commit(found[1], said(found[0].update), AFTER, ())
        assert taken == ["8", "8b", "9"]

    def test_no_turn_is_kept_before_its_time(self, store: Store) -> None:
        """An older update that has come meanwhile is first."""
        store.accept([update("2", place=2)])
        found = store.waiting("web:a")
        store.accept([update("1", place=1)])
        assert found
        with pytest.raises(Stale):
            store.commit(found[1], said("2"), AFTER, ())
        assert store.load("web:a").revision == 0 and store.crowd("web:a") == 2

    def test_what_was_left_is_found(self, store: Store) -> None:
        """The visitors whose updates have waited since before a time."""
        store.accept([update("1"), update("2"), update("1", "web:b", at=LATER)])
        assert store.left(NOON) == [] and store.left(LATER) == ["web:a"]

    def test_paces_are_told(self, store: Store) -> None:
        """When the last messages came, newest first."""
        for name in "123":
            turn(store, name)
        assert store.paces("web:a", 2) == [(NOON, ""), (NOON, "")] and store.paces("web:b", 2) == []

    # --- the outbox --------------------------------------------------------------------------------------------------

    def test_a_reply_comes_with_its_line(self, store: Store) -> None:
        """At a door that sends, the commit hands out what to send; at the others there is nothing to send."""
        parcel = turn(store, "1", "tg:5")
        assert parcel and (parcel.line, parcel.visitor, parcel.update) == ("tg:5", "tg:5", "1")
        assert (parcel.reply, parcel.parts, parcel.tries) == (FINE, 0, 0)
        assert turn(store, "1", "web:a") is None and store.due_lines(LATER) == []

    def test_a_line_has_one_holder_and_keeps_its_order(self, store: Store, workers: Workers) -> None:
        """What another worker commits meanwhile waits for the holder; so do the members of a group for each other."""
        first, other = turn(store, "1", "tg:-5:7"), workers()
        assert turn(other, "2", "tg:-5:8") is None and turn(other, "3", "tg:-5:7") is None
        assert other.claim("tg:-5", LATER) is None and other.due_lines(LATER) == []
        sent = []
        while first:
            sent.append(first.update)
            first = store.posted(first, LATER)
        assert sent == ["1", "2", "3"]
        assert turn(other, "4", "tg:-5:7") and store.claim("tg:-5", LATER) is None
        kept = store.exchange("tg:-5:8", "2")
        assert kept and kept.sent

    def test_a_line_that_is_put_off_is_due_later(self, store: Store, workers: Workers) -> None:
        """For everybody; the tries are counted until something of it is sent."""
        parcel, other = turn(store, "1", "tg:5"), workers()
        assert parcel
        store.put_off(parcel, LATER)
        assert turn(store, "2", "tg:5") is None
        assert other.due_lines(NOON) == [] and other.claim("tg:5", NOON) is None
        assert other.due_lines(LATER) == ["tg:5"]
        again = other.claim("tg:5", LATER)
        assert again and (again.update, again.tries) == ("1", 1)
        other.part_sent(again, 1)
        other.put_off(again, LATER)
        third = store.claim("tg:5", LATER)
        assert third and (third.parts, third.tries) == (1, 1)

    def test_a_line_that_nobody_reads_is_retired(self, store: Store) -> None:
        """What waits on it is not sent; who comes back is served."""
        parcel = turn(store, "1", "tg:5")
        turn(store, "2", "tg:5")
        assert parcel
        store.retire("tg:5", NOON)
        assert store.due_lines(LATER) == [] and store.claim("tg:5", LATER) is None
        back = turn(store, "3", "tg:5")
        assert back and back.update == "3"

    # --- by and by ---------------------------------------------------------------------------------------------------

    def test_what_is_due_is_taken_once(self, store: Store, workers: Workers) -> None:
        """At its time, by whichever worker asks first; the last word under a name counts."""
        store.put_due(update("due", at=LATER + timedelta(days=1)))
        store.put_due(update("due", at=LATER))
        assert store.ripen(NOON) == [] and store.waiting("web:a") is None
        assert [workers().ripen(LATER), store.ripen(LATER)] == [["web:a"], []]
        found = store.waiting("web:a")
        assert found and found[0].update == "due"

    # --- tickets -----------------------------------------------------------------------------------------------------

    def test_a_ticket_stands_where_its_reply_does(self, store: Store, workers: Workers) -> None:
        """For every worker; a turn that is refused leaves neither."""
        assert store.next_ticket("web:a") == (1001, 1)
        ticket(store, 1001, "web:a")
        for worker in (store, workers()):
            row = worker.ticket(1001)
            assert row and (row.state, row.place, row.holder, row.visitor) == ("waiting", 1, "", "web:a")
            assert worker.queue() == [row] and worker.next_ticket("web:a") == (1001, 1)
        with pytest.raises(Stale):
            store.commit(Held(), said("x", "web:a"), AFTER, (moved(1001, "claimed", "taken", "李明"),))
        row = store.ticket(1001)
        assert row and row.state == "waiting" and [one.event for one in store.ticket_log(1001)] == ["opened"]

    def test_a_number_is_given_once(self, store: Store, workers: Workers) -> None:
        """Whoever comes second with it has to make the turn again; nothing of it is kept."""
        assert store.next_ticket("web:a") == workers().next_ticket("web:b") == (1001, 1)
        ticket(store, 1001, "web:a")
        with pytest.raises(Stale):
            ticket(store, 1001, "web:b")
        assert store.load("web:b") == Held() and store.next_ticket("web:b") == (1002, 2)

    def test_a_visitor_has_one_open_ticket(self, store: Store) -> None:
        """Another one only after it was closed."""
        ticket(store, 1001, "web:a")
        with pytest.raises(Stale):
            ticket(store, 1002, "web:a")
        move(store, 1001, "closed", "closed")
        ticket(store, 1002, "web:a")
        assert [row.no for row in store.queue()] == [1002] and [row.no for row in store.closed_tickets(9)] == [1001]

    def test_the_queue_has_who_waits_longest_first(self, store: Store) -> None:
        """Raised ones before; taken ones at the end, without a place."""
        for no, visitor in ((1001, "web:a"), (1002, "web:b"), (1003, "web:c"), (1004, "web:d")):
            ticket(store, no, visitor)
        move(store, 1001, "claimed", "taken", "李明", "web:a")
        move(store, 1003, "raised", "raised", "", "web:c")
        assert [(row.no, row.place) for row in store.queue()] == [(1003, 1), (1002, 2), (1004, 3), (1001, 0)]
        assert [row.no for row in store.held_by("李明")] == [1001] and store.held_by("王芳") == []

    def test_who_is_at_a_ticket_is_known_to_every_worker(self, store: Store, workers: Workers) -> None:
        """Who types, until they say otherwise; after a minute nobody is remembered."""
        ticket(store, 1001, "web:a")
        assert (found := workers().open_ticket("web:a")) and found.no == 1001 and store.open_ticket("web:b") is None
        store.attend(1001, "李明", NOON, typing=True)
        store.attend(1001, "", NOON, typing=False)
        other = workers()
        assert [(one.who, one.typing) for one in other.present(1001, NOON)] == [("", None), ("李明", NOON)]
        store.attend(1001, "李明", LATER + timedelta(seconds=1), typing=False)
        assert [(one.who, one.typing) for one in other.present(1001, NOON)] == [("李明", None)]
        assert other.present(1002, NOON) == []

    def test_a_ticket_that_waits_is_due(self, store: Store) -> None:
        """At its time it comes as an update; one that was taken meanwhile is not due."""
        for no, visitor in ((1001, "web:a"), (1002, "web:b")):
            ticket(store, no, visitor, due=LATER.isoformat())
        move(store, 1002, "claimed", "taken", "李明", "web:b")
        assert store.ripen(NOON) == [] and store.ripen(LATER) == ["web:a"]
        found = store.waiting("web:a")
        assert found and found[0].message == Happened("raised", 1001)

    def test_what_was_refused_is_in_the_log(self, store: Store) -> None:
        """With its sentence, and found by the update."""
        ticket(store, 1001, "web:a")
        no = Effect("refused", {"no": "1001", "event": "said", "by": "王芳", "says": "请先接手。"})
        store.accept([update("r")])
        store.commit(store.load("web:a"), said("r", reply=None), AFTER, (no,))
        assert [(one.event, one.by, one.refused) for one in store.moved_by("web:a", "r")] == [
            ("said", "王芳", "请先接手。")
        ]
        row = store.ticket(1001)
        assert row and row.state == "waiting"

    def test_notes_stand_apart(self, store: Store, workers: Workers) -> None:
        """In order, for every worker, in no transcript."""
        ticket(store, 1001, "web:a")
        before = store.transcript("web:a", 99)
        assert store.keep_note(1001, "李明", "先安抚", NOON) and not store.keep_note(7, "李明", "无", NOON)
        assert [(one.by, one.text) for one in workers().notes(1001)] == [("李明", "先安抚")]
        assert store.transcript("web:a", 99) == before

    def test_a_note_is_kept_once_under_its_key(self, store: Store, workers: Workers) -> None:
        """Sent again, also to another worker; without a key, by another officer or on another ticket it is another."""
        for no, visitor in ((1001, "web:a"), (1002, "web:b")):
            ticket(store, no, visitor)
        one = (1001, "李明", "先安抚", NOON, "k1")
        assert [store.keep_note(*one), workers().keep_note(*one), store.keep_note(*one)] == [True, False, False]
        assert store.keep_note(1001, "王芳", "先安抚", NOON, "k1") and store.keep_note(1002, "李明", "先", NOON, "k1")
        assert store.keep_note(1001, "李明", "又", NOON) and store.keep_note(1001, "李明", "又", NOON)
        assert [(one.by, one.text) for one in store.notes(1001)] == [
            ("李明", "先安抚"), ("王芳", "先安抚"), ("李明", "又"), ("李明", "又"),
        ]  # fmt: skip

    def test_officers_who_are_away_are_found(self, store: Store) -> None:
        """By what they hold; who was seen since isn't away."""
        ticket(store, 1001, "web:a")
        move(store, 1001, "claimed", "taken", "李明")
        assert [row.no for row in store.absent(NOON)] == [1001]
        store.seen("李明", LATER)
        assert store.absent(LATER) == [] and [row.no for row in store.absent(LATER + timedelta(seconds=1))] == [1001]

    def test_conversations_are_found_by_their_number(self, store: Store) -> None:
        """Those that moved last, with the visitor's words; what happened to a ticket is nobody's words."""
        turn(store, "流片", "web:a")
        turn(store, "EDA", "web:b")
        turn(store, "海淀", "web:a")
        store.commit(store.load("web:b"), said("e", "web:b", Happened("claimed", 1001, "李明")), AFTER, ())
        talks = store.talks(9)
        assert [(one.words, one.door, one.ticket) for one in talks] == [("海淀", "web", 0), ("EDA", "web", 0)]
        assert [store.visitor_of(one.chat) for one in talks] == ["web:a", "web:b"] and store.visitor_of(99) == ""

    def test_a_person_is_erased(self, store: Store, workers: Workers) -> None:
        """The receipt is what remains of the talk; another visitor's stands; the same visitor begins anew."""
        for visitor in ("web:a", "web:b"):
            turn(store, "我们投资三千万", visitor)
        ticket(store, 1001, "web:a")
        store.keep_note(1001, "李明", "三千万那家", NOON)
        assert store.traces("web:a").turns == 2
        closed = moved(1001, "erased", "closed", "")
        store.accept([update("删除")])
        receipt = Reply("notice", "回执号R1。")
        store.commit(
            store.load("web:a"),
            said("删除", reply=receipt),
            Conversation(guide="g"),
            (closed, Effect("erase", {"receipt": "R1"})),
        )
        for worker in (store, workers()):
            assert [one.reply for one in worker.transcript("web:a", 9)] == [receipt]
            assert worker.load("web:a") == Held(Conversation(guide="g"), 1) and worker.notes(1001) == []
            row = worker.ticket(1001)
            assert row and row.state == "closed" and row.outcome == "erased" and "web:a" not in row.visitor
            assert worker.erasure("R1") == NOON and worker.erasure("R2") is None
        assert len(store.transcript("web:b", 9)) == 1
        turn(store, "流片", "web:a")
        assert store.load("web:a").revision == 2

    # --- what is counted ---------------------------------------------------------------------------------------------

    def test_every_turn_of_a_visitor_is_counted_once(self, store: Store, workers: Workers) -> None:
        """Alike turns together, for every worker; an officer's acts are none; a turn that is refused is not."""
        day = date(2023, 3, 20)
        answer = Reply("answered", "答。", topics=("1", "10"), facets=("amount",))
        for number, visitor in enumerate(("web:a", "web:a", "tg:5")):
            store.commit(store.load(visitor), said(str(number), visitor, reply=answer), AFTER, ())
        with pytest.raises(Repeated):
            store.commit(store.load("web:a"), said("0", reply=answer), AFTER, ())
        store.commit(store.load("web:a"), said("desk", message=Happened("claimed", 1, "李明")), AFTER, ())
        store.commit(store.load("web:a"), said("wait", reply=None), AFTER, ())
        found = workers().tallies(day, day)
        assert sorted((one.door, one.status, one.topics, one.n) for one in found) == [
            ("tg", "answered", ("1", "10"), 1), ("web", "answered", ("1", "10"), 2), ("web", "none", (), 1),
        ]  # fmt: skip
        assert sum(one.n for one in store.daily(day, day)) == 4 and store.daily(date(2023, 3, 21), LAST_DAY) == []
        assert store.visitors([(day, day), (LAST_DAY, LAST_DAY)]) == [{"web": 1, "tg": 1}, {}]

    def test_a_word_on_a_reply_counts_for_the_day_of_the_reply(self, store: Store) -> None:
        """The last word, whenever it is said; what was called wrong is listed with what was said."""
        day = date(2023, 3, 20)
        store.commit(store.load("web:a"), said("1"), AFTER, ())
        for useful in (True, False):
            store.rate("web:a", "1", useful, NOON + timedelta(days=9))
        assert [(one.day, one.useful, one.tally.status) for one in store.judged(day, day)] == [(day, False, "notice")]
        note = Effect("note", {"reason": "not_in_guide", "text": "问"})
        store.commit(store.load("web:b"), said("2", "web:b", reply=Reply("result", "结果")), AFTER, (note,))
        assert [(one.words, one.reply.text, one.wrong) for one in store.missed(Missing(day, day), 9)] == [
            ("1", "好的。", True)
        ]

    def test_a_ticket_is_counted_with_its_wait(self, store: Store) -> None:
        """The first answer's; the second one's doesn't count."""
        day = date(2023, 3, 20)
        ticket(store, 1001, "web:a")
        for waited in ("90", "900"):
            about = moved(1001, "said", "taken", "李明", waited=waited)
            store.commit(store.load("web:a"), said(f"s{waited}"), AFTER, (about,))
        found = store.ticket_counts(day, day)
        assert [(one.day, one.door, one.reason, one.waited, one.closed) for one in found] == [
            (day, "web", "asked", 90, False)
        ]
        assert store.ticket_counts(LAST_DAY, LAST_DAY) == []

    # --- workers -----------------------------------------------------------------------------------------------------

    def test_a_task_has_one_worker(self, store: Store, workers: Workers) -> None:
        """Until it is let go."""
        other = workers()
        assert store.hold("poll") and store.hold("poll") and not other.hold("poll")
        other.let_go("poll")
        assert not other.hold("poll")
        store.let_go("poll")
        assert other.hold("poll")

    def test_a_worker_that_ends_holds_nothing(self, store: Store, workers: Workers) -> None:
        """Its lines are due at once for whoever looks, and its tasks are free."""
        leaving = workers()
        assert turn(leaving, "1", "tg:5") and leaving.hold("poll")
        assert not store.bury()
        leaving.close()
        assert store.due_lines(NOON) == ["tg:5"] and store.hold("poll")
        parcel = store.claim("tg:5", NOON)
        assert parcel and parcel.update == "1"

    def test_the_watch_tells_of_other_workers(self, store: Store, workers: Workers) -> None:
        """Whose exchanges were committed, by this worker or another."""
        ended = threading.Event()
        news = store.watch(ended)
        assert next(news) == frozenset()
        turn(workers(), "1", "web:b")
        assert next(news) == {"web:b"}
        turn(store, "1", "web:a")
        assert next(news) == {"web:a"}
        ended.set()
        assert list(news) == []

    def test_a_word_is_kept_for_all_workers(self, store: Store, workers: Workers) -> None:
        """The last one counts."""
        assert store.recall("webhook") == ""
        for word in ("一", "二"):
            store.remember("webhook", word)
        assert workers().recall("webhook") == "二"

    def test_it_can_be_written(self, store: Store) -> None:
        """The check finds nothing to say."""
        store.check()
