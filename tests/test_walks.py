"""The harnesses' own measures can tell right from wrong: walks of the log, two who speak, waits, the hurried clock."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.tickets import Moved, TicketRow
from dialogs.library import Library
from tests.chaos_scripts import OWN, PLANS, Act, own_hidden, script
from tests.clocks import Clock
from tests.simulate import answered_by_two, manned
from tests.walks import unlawful

NINE = datetime(2023, 4, 28, 1, tzinfo=UTC)
CLOSED = TicketRow(
    1001, "web:a", 1, "web", "asked", "closed", "", "", NINE, NINE, NINE, NINE, NINE, "已答复", None, None, None, 0
)


def log(*steps: str) -> list[Moved]:
    """A log from lines as `claimed 李明`."""
    return [Moved(1001, NINE, *(*step.split(), "")[:2], "", "", "") for step in steps]


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        (("opened", "claimed 李明", "said 李明", "closed 李明"), ""),
        (("opened", "claimed 李明", "mailed 李明", "mail_sent", "left 李明", "claimed 王芳", "closed 王芳"), ""),
        (("opened", "opened", "claimed 李明", "closed 李明"), "opened while waiting"),
        (("opened", "claimed 李明", "claimed 王芳", "closed 王芳"), "claimed while taken"),
        (("opened", "claimed 李明", "said 王芳", "closed 李明"), "said by 王芳, while 李明 has it"),
        (("opened", "said 李明", "closed 李明"), "said while waiting"),
        (("opened", "claimed 李明"), "ends taken 李明, stands closed "),
    ],
)
def test_a_log_that_is_no_walk_is_found(steps: tuple[str, ...], says: str) -> None:
    """Whatever the table doesn't have, whoever does what isn't theirs to do, an end that isn't the ticket's."""
    assert unlawful(log(*steps), CLOSED) == says


def test_an_act_that_was_refused_moves_nothing() -> None:
    """It stands in the log and is no step."""
    steps = log("opened", "claimed 李明", "claimed 王芳", "closed 李明")
    steps[2] = replace(steps[2], refused="工单1001在李明手里。")
    assert unlawful(steps, CLOSED) == "" and not answered_by_two(steps)


def test_two_who_speak_are_found() -> None:
    """Not those who come one after the other."""
    assert not answered_by_two(
        log("opened", "claimed 李明", "said 李明", "transferred 李明", "claimed 王芳", "said 王芳")
    )
    assert answered_by_two(log("opened", "claimed 李明", "said 李明", "said 王芳"))
    assert answered_by_two(log("opened", "claimed 李明", "claimed 王芳"))


def test_a_wait_counts_while_the_desk_is_open(library: Library) -> None:
    """Neither noon nor the night, nor the days of the holiday."""
    assert manned(library.desk, NINE, NINE + timedelta(minutes=20)) == 20
    assert manned(library.desk, NINE + timedelta(hours=2, minutes=50), NINE + timedelta(hours=4, minutes=40)) == 20
    holiday_over = datetime(2023, 5, 4, 1, 5, tzinfo=UTC)
    assert manned(library.desk, NINE + timedelta(hours=8, minutes=20), holiday_over) == 15


def test_a_clock_hurries_and_jumps() -> None:
    """From one leg to the next, for every process alike."""
    made = Clock(time.time() - 100, 30, ((0.0, NINE.isoformat()), (90.0, "2023-05-04T09:00:00+08:00")))
    assert timedelta(minutes=5) <= made() - datetime(2023, 5, 4, 1, tzinfo=UTC) < timedelta(minutes=6)


@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_begins_with_words_and_ends_with_nobody(plan: str) -> None:
    """A page's first message opens its conversation; whoever has the ticket closes it, or the visitor takes it back."""
    made = script(["你好"], Random(1), 10, "web", plan)
    acts = [step.verb for step in made.steps if isinstance(step, Act)]
    assert not isinstance(made.steps[0], Act) and made.turns == 10
    assert not acts or (acts[0], acts[-1]) == ("claim", "close")


def test_a_chats_own_numbers_are_hidden_and_no_others() -> None:
    """Another's number stays, and shows that it is another's."""
    seen = own_hidden(("工单1001排在第3位，电话55100155，工单1002", "helped:1001.yes"), [1001])
    assert seen == (f"工单{OWN}0排在第几位，电话55100155，工单1002", f"helped:{OWN}0.yes")
