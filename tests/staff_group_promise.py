"""What every keeper of `bot.staffgroup.promise.StaffGroupStore` must pass, beside `tests/store_promise.py`."""

from __future__ import annotations

import pytest

from bot.staffgroup.promise import Answer, Group, Thread, act_name, acted_by, read_notice
from bot.store import Held, Stale, Store
from bot.workbench.staff_store import Person
from dialogs.conversation import Conversation, Ticket
from dialogs.messages import Effect, Happened, Text
from tests.store_promise import AFTER, LATER, NOON, Workers, moved, said

CHAT = -1005
LINE = f"tg:{CHAT}"
OPEN = AFTER.model_copy(update={"ticket": Ticket(no=1001, state="waiting")})


def bound(store: Store) -> Person:
    """A group of the staff, by an administrator."""
    boss = store.add_staff("王管理", "admin", NOON)
    assert boss and store.bind_group(Group(CHAT, "值守群"), boss, "m1", NOON)
    return boss


def opens(store: Store, visitor: str = "tg:7") -> None:
    """A turn that opens a ticket."""
    effect = moved(1001, "opened", "waiting", reason="asked")
    store.commit(store.load(visitor), said("t1", visitor), OPEN, (effect,), claim=False)


def happens(store: Store, update: str, event: str, state: str, by: str = "陈值守", visitor: str = "tg:7") -> None:
    """A turn by which something happens to the ticket."""
    after: Conversation = OPEN.model_copy(update={"ticket": None}) if state == "closed" else OPEN
    one = said(update, visitor, Happened(event, 1001, by, text="话"))  # type: ignore[arg-type]
    store.commit(store.load(visitor), one, after, (moved(1001, event, state, by),), claim=False)


def posted(store: Store, line: str = LINE) -> list[str]:
    """Every notice that waits, in order, posted."""
    found, parcel = [], store.claim(line, LATER)
    while parcel is not None:
        found.append(parcel.manner)
        assert parcel.visitor == f"desk:{line.removeprefix('tg:')}"
        parcel = store.posted(parcel, LATER)
    return found


class StaffGroupPromise:
    """The stories; `workers` and `store` as in `Promise`."""

    def test_a_notice_is_there_exactly_where_its_event_is(self, store: Store, workers: Workers) -> None:
        """Of a turn that was taken, in the order of what happened, for whichever worker; none of one that wasn't."""
        bound(store)
        opens(store)
        with pytest.raises(Stale):
            effect = moved(1002, "opened", "waiting", reason="asked")
            store.commit(Held(), said("t2", "tg:7"), OPEN, (effect,))
        happens(store, "desk-1", "claimed", "taken")
        store.commit(store.load("tg:7"), said("8", "tg:7", Text("那邮箱呢"), reply=None), OPEN, ())
        store.commit(store.load("tg:9"), said("1", "tg:9"), AFTER, (), claim=False)
        happens(store, "desk-2", "closed", "closed")
        assert posted(workers()) == ["bound:0", "open:1001", "did:1001:desk-1", "did:1001:8", "did:1001:desk-2"]
        assert posted(store) == []

    def test_what_an_officer_says_in_the_group_is_not_told_there(self, store: Store) -> None:
        """What they do is; a refusal is told to whoever acted there, and not of the workbench's."""
        bound(store)
        opens(store)
        happens(store, act_name(5), "claimed", "taken")
        happens(store, act_name(6), "said", "taken")
        refused = Effect("refused", {"no": "1001", "event": "claimed", "by": "赵", "says": "有人办了"})
        for update in (act_name(7), "desk-7"):
            one = said(update, "tg:7", Happened("claimed", 1001, "赵"), reply=None)
            store.commit(store.load("tg:7"), one, OPEN, (refused,))
        assert posted(store)[2:] == [f"did:1001:{act_name(5)}", f"did:1001:{act_name(7)}"]
        assert (acted_by(act_name(5)), acted_by("desk-5"), read_notice("did:1001:a:b")) == (5, 0, ("did", 1001, "a:b"))

    def test_without_a_group_nothing_is_kept_for_one(self, store: Store) -> None:
        """Nor after it was let go; binding one brings what is open."""
        opens(store)
        assert LINE not in store.due_lines(LATER)
        boss = bound(store)
        assert store.staff_group() == Group(CHAT, "值守群") and store.unbind_group(boss, NOON)
        assert not store.unbind_group(boss, NOON) and store.staff_group() is None
        happens(store, "desk-1", "claimed", "taken")
        assert posted(store) == []
        assert store.bind_group(Group(CHAT, "值守群"), boss, "m2", NOON)
        assert not store.bind_group(Group(CHAT, "值守群"), boss, "m2", NOON)
        assert posted(store) == ["bound:0", "open:1001"]

    def test_words_that_do_not_arrive_are_told(self, store: Store) -> None:
        """Refused, and gone with the whole line; only what officers have said."""
        bound(store)
        opens(store)
        happens(store, act_name(5), "said", "taken")
        parcel = store.claim("tg:7", LATER)
        assert parcel and parcel.update == "t1"
        following = store.posted(parcel, LATER)
        assert following and following.update == act_name(5)
        store.posted(following, LATER, "refused")
        happens(store, act_name(6), "said", "taken")
        store.commit(store.load("tg:7"), said("9", "tg:7"), OPEN, (), claim=False)
        store.retire("tg:7", LATER)
        told = [one for one in posted(store) if one.startswith("lost")]
        assert told == [f"lost:1001:{act_name(5)}", f"lost:1001:{act_name(6)}"]
        assert [one.lost for one in store.transcript("tg:7", 9)] == ["", "refused", "gone", "gone"]

    def test_a_link_is_made_once_by_a_good_code(self, store: Store, workers: Workers) -> None:
        """Not by an old one, nor twice; another account takes the place of the first; a disabled officer is nobody."""
        chen = store.add_staff("陈值守", "officer", NOON)
        assert chen is not None
        says = ("您是{name}", "不对")
        store.keep_link_code(chen.id, "one", LATER)
        assert store.link(77, "one", says, "m1", LATER) is None
        assert store.link(77, "one", says, "m2", NOON) == chen == workers().linked(77)
        assert store.linked_since(chen.id) == NOON
        assert store.link(78, "one", says, "m3", NOON) is None
        store.keep_link_code(chen.id, "two", LATER)
        assert store.link(78, "two", says, "m4", NOON) == chen and store.linked(77) is None
        assert store.disable(chen.id, NOON) and store.linked(78) is None
        store.keep_link_code(chen.id, "three", LATER)
        assert store.link(79, "three", says, "m5", NOON) is None
        assert store.enable(chen.id) and store.linked(78) == chen
        assert store.unlink(chen, NOON) and not store.unlink(chen, NOON) and store.linked(78) is None

    def test_what_is_done_under_a_name_is_done_once(self, store: Store) -> None:
        """A sentence; a note with its sentence."""
        chen = bound(store)
        opens(store)
        answer = Answer(CHAT, "记下了", 30, 5)
        assert [store.note_and_tell(1001, chen, "急", answer, "m5", NOON) for _ in range(2)] == [True, False]
        assert [store.tell(answer, "m6", NOON) for _ in range(2)] == [True, False]
        assert store.told(CHAT, "m6") and not store.told(CHAT, "m7") and not store.told(7, "m6")
        assert [one.text for one in store.notes(1001)] == ["急"]
        assert posted(store)[2:] == ["tell:30:5"] * 2

    def test_a_thread_is_a_tickets(self, store: Store, workers: Workers) -> None:
        """Known to every worker, by both sides; who erases their data takes it along."""
        bound(store)
        opens(store)
        store.keep_thread(1001, Thread(CHAT, 30))
        other = workers()
        assert other.thread(1001) == Thread(CHAT, 30) and other.ticket_in(Thread(CHAT, 30)) == 1001
        assert other.ticket_in(Thread(CHAT, 31)) == other.ticket_in(Thread(-9, 30)) == 0
        gone = (moved(1001, "erased", "closed"), Effect("erase", {"receipt": "R"}))
        store.commit(store.load("tg:7"), said("e", "tg:7"), AFTER, gone, claim=False)
        assert "erase:1001" in posted(store)
        store.drop_thread(1001)
        assert other.thread(1001) is None

    def test_notices_are_nobodys_conversation(self, store: Store) -> None:
        """They count as no talk, and as nothing that the visitor was told."""
        bound(store)
        opens(store)
        row = store.ticket(1001)
        assert row and row.spoken == NOON
        assert [one.door for one in store.talks(9)] == ["tg"] and not store.left(LATER)
