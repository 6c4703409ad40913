"""A contact's card to the visitor, a letter to the contact: the same for the ticket's page and for the calls."""

from __future__ import annotations

from bot.conductor import Conductor
from bot.problems import Fault
from bot.tickets import TicketRow
from bot.workbench.acting import act
from bot.workbench.guard import Person
from dialogs.library import Holder, Library
from dialogs.mailing import MOST_CARDS, people

CLOSED = "还没有设置发信的邮件服务器，请管理员设置 POLICYDESK_SMTP_HOST。"
CARDED, WRITTEN = "发名片", "写信"


async def carded(conductor: Conductor, person: Person, no: int, to: str, key: str | None = None) -> TicketRow:
    """A contact's card to the visitor; a 422 where it isn't clear whose."""
    found = _people(to, conductor.library)
    if not is_clear(found):
        phones = "、".join(f"{one.office}{one.phone}" for one in found)
        raise Fault(422, f"“{to}”不止一位，请写明姓名和电话：{phones}。")
    row = await act(conductor, no, "carded", person.name, to=to, key=key)
    await conductor.off_the_loop(conductor.store.audit, person, CARDED, f"工单{no}", conductor.now())
    return row


async def written(
    conductor: Conductor, person: Person, no: int, to: str, *, case: bool, text: str, key: str | None = None
) -> TicketRow:
    """A letter to a contact, into the outbox; a 409 or 422 where none may be written."""
    if not conductor.mails:
        raise Fault(409, CLOSED)
    mailboxes = {one.email.lower() for one in _people(to, conductor.library) if one.email}
    if len(mailboxes) != 1:
        raise Fault(422, f"“{to}”{'没有邮箱' if not mailboxes else '不止一个邮箱，请写明邮箱'}。")
    address = mailboxes.pop()
    if address not in await conductor.off_the_loop(conductor.store.mailboxes):
        raise Fault(409, f"邮箱 {address} 还没有确认过，请管理员运行：policydesk mail confirm {address}")
    row = await act(conductor, no, "mailed", person.name, to=address, text=text, case=case, key=key)
    trail = f"工单{no} 致 {address}"
    await conductor.off_the_loop(conductor.store.audit, person, WRITTEN, trail, conductor.now())
    return row


def is_clear(found: tuple[Holder, ...]) -> bool:
    """Whether these are the people of one office, few enough for cards."""
    return 0 < len(found) <= MOST_CARDS and len({one.office for one in found}) == 1


def _people(to: str, library: Library) -> tuple[Holder, ...]:
    found = people(to, library)
    if not found:
        raise Fault(422, "指南的联系人里没有这个邮箱、电话或姓名，请从名录里选。")
    return found
