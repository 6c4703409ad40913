"""Exactly one speaks to the visitor: every event in every state, through the real store; and walks of many events."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conductor import Conductor
from bot.sqlite_store import SqliteStore
from bot.tickets import TicketRow
from dialogs.handover import EVENTS, STATES, speaker, step
from dialogs.library import Library
from dialogs.messages import Happened, Text, TicketEvent, TicketState
from tests.conftest import OPEN
from tests.walks import all_tickets, unlawful

MORNING = datetime(2023, 3, 20, 2, tzinfo=UTC)
MAILBOX = "wanganran@jxj.beijing.gov.cn"
LI, WANG = "李明", "王芳"
PAIRS = [(state, event) for state in STATES for event in EVENTS]
ON_THE_WAY: dict[TicketState, tuple[TicketEvent, ...]] = {
    "none": (), "waiting": ("opened",), "raised": ("opened", "raised"), "taken": ("opened", "claimed"),
    "closed": ("opened", "claimed", "closed"),
}  # fmt: skip


class Talk:
    """One visitor's conversation over a store on disk, and whatever happens to it."""

    def __init__(self, folder: Path, library: Library) -> None:
        self.store = SqliteStore(folder)
        self.conductor = Conductor(self.store, library, lambda: OPEN, lambda: MORNING)

    async def happens(self, event: TicketEvent, by: str = LI) -> None:
        """An event as it comes: the visitor's own by their words, an officer's as an update."""
        if event in ("opened", "withdrawn", "erased"):
            words = {"opened": "转人工", "withdrawn": "不用人工了", "erased": "删除我的数据"}[event]
            await self.conductor.take("web:a", Text(words))
            return
        to = MAILBOX if event in ("carded", "mailed") else WANG
        no = 0 if event == "called" or self.row is None else self.row.no
        await self.conductor.take("web:a", Happened(event, no, by, to, "请带营业执照。"))

    @property
    def row(self) -> TicketRow | None:
        """The newest ticket."""
        rows = all_tickets(self.store)
        return rows[-1] if rows else None

    @property
    def state(self) -> TicketState:
        """The state that the store's row says."""
        return self.row.state if self.row else "none"

    async def one_speaks(self) -> None:
        """Row, conversation and log say the same; a word of the visitor's has one who answers it."""
        held, row = self.store.load("web:a").conversation, self.row
        open_ = row is not None and row.state != "closed"
        assert (held.ticket if held else None) is None if not open_ else held and held.ticket, (row, held)
        if open_ and row and held and held.ticket:
            assert (held.ticket.no, held.ticket.state, held.ticket.by) == (row.no, row.state, row.holder)
        assert sum(one.state != "closed" for one in all_tickets(self.store)) <= 1
        assert not [found for one in all_tickets(self.store) if (found := unlawful(self.store.ticket_log(one.no), one))]
        assert (await self.conductor.take("web:a", Text("流片最多补多少")) is None) == (
            speaker(self.state) == "officer"
        )

    async def said_by(self, *officers: str) -> list[str]:
        """Whose words reach the visitor, of officers who all write at once."""
        before = len(await self.conductor.transcript("web:a"))
        await asyncio.gather(*(self.happens("said", by) for by in officers))
        talk = (await self.conductor.transcript("web:a"))[before:]
        return [one.message.by for one in talk if isinstance(one.message, Happened) and one.reply]


@pytest.fixture
def talk(tmp_path: Path, library: Library) -> Iterator[Talk]:
    """A fresh one."""
    made = Talk(tmp_path, library)
    yield made
    made.conductor.close()


@pytest.mark.parametrize(("state", "event"), PAIRS, ids=[f"{state}-{event}" for state, event in PAIRS])
async def test_one_speaks_after_every_event_in_every_state(state: TicketState, event: TicketEvent, talk: Talk) -> None:
    """The row goes where the table says or stays; the other officer never gets a word in."""
    await talk.conductor.take("web:a", Text("流片最多补多少"))
    for before in ON_THE_WAY[state]:
        await talk.happens(before)
    assert talk.state == state
    await talk.one_speaks()
    no, entry = talk.row and talk.row.no, step(state, event)
    await talk.happens(event)
    if state == "closed" and event in ("opened", "called"):  # another wish, another ticket
        assert talk.row and talk.row.no != no and talk.state == step("none", event)
    else:
        assert talk.state == (state if entry.startswith("refused") else entry)
    await talk.one_speaks()
    assert await talk.said_by(WANG, LI) == ([LI] if talk.state == "taken" else [])


STEPS = st.lists(
    st.tuples(st.sampled_from([one for one in EVENTS if one != "erased"]), st.sampled_from([LI, WANG])), max_size=20
)
"""A walk that a transcript shows whole: it holds the latest 50 exchanges, and a step makes two."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_one_speaks_after_any_walk(library: Library, steps: list[tuple[TicketEvent, str]]) -> None:
    """Whatever two officers and the visitor do, in whatever order."""

    async def walk(folder: str) -> None:
        talk = Talk(Path(folder), library)
        try:
            for event, by in steps:
                await talk.happens(event, by)
                await talk.one_speaks()
            spoke = await talk.said_by(LI, WANG)
            assert spoke == ([talk.row.holder] if talk.row and talk.state == "taken" else [])
        finally:
            talk.conductor.close()

    with TemporaryDirectory() as folder:
        asyncio.run(walk(folder))


async def test_of_many_who_claim_at_once_one_has_it(talk: Talk) -> None:
    """Every officer of the house at the same moment; one has it, and only their words come."""
    await talk.happens("opened")
    crowd = [f"值守{n}" for n in range(8)]
    await asyncio.gather(*(talk.happens("claimed", by) for by in crowd))
    assert talk.row and talk.row.holder in crowd
    assert await talk.said_by(*crowd) == [talk.row.holder]
    await talk.one_speaks()
