"""An officer's acts with the trail that they leave: who opened, claimed, answered, closed what; never the words.

`acting.py` moves the ticket, this keeps who did it; pages and calls come through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from bot.conductor import Conductor
from bot.problems import Fault
from bot.tickets import TicketRow
from bot.workbench.acting import PHONE, act, call, give_back, hear, row_of
from bot.workbench.guard import Person
from bot.workbench.labels import TRAIL
from dialogs.messages import Choice, Text, TicketEvent

VERBS: Mapping[str, TicketEvent] = {
    "claim": "claimed",
    "release": "released",
    "raise": "raised",
    "transfer": "transferred",
    "say": "said",
    "close": "closed",
}
LOOKED, HEARD, NOTED, CALLED, ANSWERED = "看工单", "代来电者输入", "记备注", "接过会话", "接电话"
AGAIN = timedelta(minutes=10)
"""Looking at the same ticket again within this time is one look."""
MOST_LOOKS = 5000

_looks: WeakKeyDictionary[Conductor, dict[tuple[str, int], datetime]] = WeakKeyDictionary()


async def done(
    conductor: Conductor, person: Person, verb: str, no: int, *, to: str = "", text: str = "", key: str | None = None
) -> TicketRow:
    """Do one of `VERBS` with a ticket; a 409 with the sentence that says why not."""
    event = VERBS[verb]
    if verb == "transfer":
        to = await colleague(conductor, person, to)
    row = await act(conductor, no, event, person.name, to=to, text=text, key=key)
    await _keep(conductor, person, TRAIL[event], no)
    return row


async def colleague(conductor: Conductor, person: Person, to: str) -> str:
    """The colleague's name as their account has it; a 422 where they can't hold a ticket."""
    account = await conductor.off_the_loop(conductor.store.account, to)
    if account is None:
        raise Fault(422, f"没有“{to}”这位同事，请从名单里选。")
    name = account.person.name
    if account.person.id == person.id and person.id:
        raise Fault(422, "不能转给自己；想放下这张就退回队列。")
    if account.disabled:
        raise Fault(422, f"“{name}”的账号已停用，接不了工单，请转给别的同事。")
    if account.password is None:
        raise Fault(422, f"“{name}”还没有登录过，接不了工单，请转给别的同事。")
    return name


async def taken_over(conductor: Conductor, person: Person, chat: int | None) -> TicketRow:
    """Take a conversation over by its number, or a phone call up."""
    if chat is None:
        row = await call(conductor, await conductor.open(PHONE), person.name, "phone")
    else:
        visitor = await conductor.off_the_loop(conductor.store.visitor_of, chat)
        if not visitor:
            raise Fault(404, f"没有会话{chat}，可能来访者已删除数据。")
        row = await call(conductor, visitor, person.name, "called")
    await _keep(conductor, person, ANSWERED if chat is None else CALLED, row.no)
    return row


async def heard(conductor: Conductor, person: Person, no: int, message: Text | Choice) -> None:
    """What a caller says."""
    await hear(conductor, await row_of(conductor, no), person, message)
    await _keep(conductor, person, HEARD, no)


async def noted(conductor: Conductor, person: Person, no: int, text: str, key: str | None = None) -> None:
    """A note among officers. `key`: the same note again is kept once."""
    await row_of(conductor, no)
    if await conductor.off_the_loop(conductor.store.keep_note, no, person.name, text, conductor.now(), key):
        await _keep(conductor, person, NOTED, no)


async def looked(conductor: Conductor, person: Person, no: int) -> None:
    """An officer has opened a ticket; kept once, however often its page is drawn anew meanwhile."""
    looks, now = _looks.setdefault(conductor, {}), conductor.now()
    last = looks.get((person.name, no))
    if last is not None and now - last < AGAIN:
        return
    if len(looks) > MOST_LOOKS:
        looks.clear()
    looks[person.name, no] = now
    await _keep(conductor, person, LOOKED, no)


async def left(conductor: Conductor, person: Person) -> list[int]:
    """An officer goes: the numbers that were given back."""
    given_back = await give_back(conductor, person.name)
    for no in given_back:
        await _keep(conductor, person, TRAIL["released"], no)
    return given_back


async def _keep(conductor: Conductor, person: Person, action: str, no: int) -> None:
    await conductor.off_the_loop(conductor.store.audit, person, action, f"工单{no}", conductor.now())
