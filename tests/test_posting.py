"""Where a letter may go, when it is tried again, and what never becomes one; with a real mail server on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conductor import Conductor
from bot.mail.outbox import Letter
from bot.mail.posting import Later, Outside, Route, connected, is_loopback, post
from bot.mail.sending import UNCONFIRMED, WAITS_S, Sending
from bot.mail.wording import BadLetter, message_of, token_in_address, tokens_in_ids
from bot.settings import Settings
from bot.sqlite_store import SqliteStore
from bot.store import Away
from bot.workbench.acting import act
from dialogs.library import Library
from dialogs.messages import Text
from tests.conftest import OPEN
from tests.posting import LINK, OWN, Postbox, free_port

MORNING = datetime(2023, 3, 20, 2, tzinfo=UTC)
WANG = "wanganran@jxj.beijing.gov.cn"
LETTER = Letter(
    1, "a" * 32, 1001, "李明", MORNING, WANG, "电子信息处王安然", "比例多少", "", "sending", 0, MORNING, None, ""
)


class Desk:
    """A conductor whose clock is moved by hand, with a ticket that 李明 has."""

    def __init__(self, folder: Path, library: Library) -> None:
        self.at = MORNING
        self.store = SqliteStore(folder)
        self.conductor = Conductor(self.store, library, lambda: OPEN, lambda: self.at)
        assert self.store.confirm_mailbox(WANG, MORNING)

    async def writes(self) -> int:
        """A letter of a fresh ticket; its number."""
        visitor = await self.conductor.open("web")
        await self.conductor.take(visitor, Text("流片最多补多少"))
        await self.conductor.take(visitor, Text("转人工"))
        no = self.store.queue()[-1].no
        await act(self.conductor, no, "claimed", "李明")
        await act(self.conductor, no, "mailed", "李明", to=WANG)
        return no

    def letter(self, no: int) -> Letter:
        """The letter of a ticket."""
        (letter,) = self.store.letters(no)
        return letter


@pytest.fixture
async def desk(tmp_path: Path, library: Library) -> AsyncIterator[Desk]:
    """A desk."""
    made = Desk(tmp_path, library)
    yield made
    made.conductor.close()


@pytest.fixture
def box() -> Iterator[Postbox]:
    """A mail server."""
    with Postbox() as started:
        yield started


def way(port: int) -> Route:
    """To a mail server here."""
    return Route("127.0.0.1", port, OWN)


# --- the guard -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("::ffff:127.0.0.1", True), ("0.0.0.0", False),
     ("192.0.2.7", False), ("10.0.0.1", False), ("::", False), ("::ffff:192.0.2.7", False), ("fe80::1%eth0", False)],
)  # fmt: skip
def test_what_is_loopback(address: str, own: bool) -> None:
    """Neither this house's network nor any address that only looks like one of ours."""
    assert is_loopback(address) is own


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "0.0.0.0", "::ffff:192.0.2.7"])
async def test_no_mail_server_elsewhere_is_spoken_to(host: str) -> None:
    """Refused before a connection is made, whatever the port."""
    with pytest.raises(Outside, match="不在本机"):
        await connected(Route(host, 25, OWN))


async def test_one_address_elsewhere_is_enough(monkeypatch: pytest.MonkeyPatch, box: Postbox) -> None:
    """A name that leads here and elsewhere leads elsewhere; one that leads here is spoken to."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, box.port)) for host in ("127.0.0.1", "192.0.2.7")]

    async def looked_up(*given: object, **named: object) -> object:
        return found

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", looked_up, raising=False)
    with pytest.raises(Outside):
        await connected(Route("mail.example", box.port, OWN))
    del found[1]
    link = await connected(Route("mail.example", box.port, OWN))
    assert link.getpeername() == ("127.0.0.1", box.port)
    link.close()


def test_no_test_opens_the_guard() -> None:
    """The setting is named nowhere in them, so it is as it is by itself; nor is a route made that may leave."""
    assert not Settings().smtp_outside
    for path in Path(__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "SMTP_" + "OUTSIDE" not in text and "outside" + "=True" not in text, path


async def test_a_letter_that_may_not_go_out_waits(desk: Desk) -> None:
    """It is told why, and goes when the setting is right; it is never given up for that."""
    no = await desk.writes()
    sending = Sending(desk.conductor, Route("192.0.2.7", 25, OWN), LINK)
    for _ in range(2 * len(WAITS_S)):
        assert await sending.send_next()
        desk.at += timedelta(seconds=WAITS_S[-1])
    letter = desk.letter(no)
    assert letter.state == "ready" and "不在本机" in letter.why


# --- again and never -------------------------------------------------------------------------------------------------


async def test_a_server_that_is_busy_is_asked_again(desk: Desk, box: Postbox) -> None:
    """Later each time; it goes once."""
    no, sending, box.busy = await desk.writes(), Sending(desk.conductor, way(box.port), LINK), 2
    for wait in WAITS_S[:2]:
        assert await sending.send_next()
        assert desk.letter(no).state == "ready" and "451 4.7.1 greylisted" in desk.letter(no).why
        desk.at += timedelta(seconds=wait - 1)
        assert not await sending.send_next()
        desk.at += timedelta(seconds=1)
    assert await sending.send_next() and not await sending.send_next()
    assert desk.letter(no).state == "sent" and len(box.messages) == 1


async def test_a_copy_that_has_to_wait_is_still_marked_as_one(desk: Desk, box: Postbox) -> None:
    """Killed when the mail server had it; busy at the second try; the third is marked as a second copy."""
    no, sending = await desk.writes(), Sending(desk.conductor, way(box.port), LINK)
    killed = desk.store.next_letter(desk.at)
    assert killed and not killed.again
    await post(message_of(killed, OWN, LINK, MORNING), OWN, WANG, way(box.port))
    box.busy = 1
    assert await sending.send_next() and len(box.messages) == 1
    desk.at += timedelta(seconds=WAITS_S[1])
    assert await sending.send_next() and desk.letter(no).state == "sent"
    assert ["可能已经发过一次" in one.get_content() for one in box.messages] == [False, True]


async def test_a_server_that_stays_away_is_given_up(desk: Desk) -> None:
    """After two days the officer is told."""
    no, sending = await desk.writes(), Sending(desk.conductor, way(free_port()), LINK)
    with pytest.raises(Later):
        await post(message_of(LETTER, OWN, LINK, MORNING), OWN, WANG, way(free_port()))
    for wait in (*WAITS_S, 0):
        assert desk.letter(no).state == "ready"
        assert await sending.send_next()
        desk.at += timedelta(seconds=wait)
    assert desk.letter(no).state == "failed" and desk.store.ticket_log(no)[-1].event == "mail_failed"
    assert not await sending.send_next()


async def test_what_was_sent_is_noted_as_soon_as_the_store_is_back(
    desk: Desk, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full in just that moment doesn't make it go out again."""
    no, note, tried = await desk.writes(), desk.store.letter_sent, list[Letter]()

    def full_at_first(letter: Letter, at: datetime) -> None:
        tried.append(letter)
        if len(tried) < 3:
            raise Away("database or disk is full")
        note(letter, at)

    monkeypatch.setattr(desk.store, "letter_sent", full_at_first)
    sending = Sending(desk.conductor, way(box.port), LINK)
    assert await sending.send_next() and not await sending.send_next()
    assert desk.letter(no).state == "sent" and len(box.messages) == 1 and len(tried) == 3


async def test_a_mailbox_that_was_revoked_gets_nothing_more(desk: Desk, box: Postbox) -> None:
    """What waits for it neither."""
    no = await desk.writes()
    assert desk.store.revoke_mailbox(WANG)
    assert await Sending(desk.conductor, way(box.port), LINK).send_next()
    letter = desk.letter(no)
    assert (letter.state, letter.why, box.messages) == ("dropped", UNCONFIRMED, [])


async def test_a_letter_that_is_on_its_way_is_seen_through(desk: Desk, box: Postbox) -> None:
    """Who is asked to end sends it to the end: it goes once, and that is known."""
    no, sending = await desk.writes(), Sending(desk.conductor, way(box.port), LINK)
    working = asyncio.create_task(sending.send_for_ever())
    while desk.letter(no).state == "ready":
        await asyncio.sleep(0)
    working.cancel()
    await asyncio.wait([working])
    assert desk.letter(no).state == "sent" and len(box.messages) == 1


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["contact", "address"])
@pytest.mark.parametrize(
    "more", ["\r\nBcc: a@b.example", "\nBcc: a@b.example", "\rX: y", "\x00", "\u2028X: y", ", a@b.example"]
)
def test_a_header_of_somebody_elses_is_refused(field: str, more: str) -> None:
    """Whatever has got into a contact: no letter is made of it."""
    bad = replace(LETTER, **{field: getattr(LETTER, field) + more})  # type: ignore[arg-type]
    if field == "contact" and more.startswith(","):
        written = message_of(bad, OWN, LINK, MORNING)
        assert [one.addr_spec for one in written["To"].addresses] == [WANG]
        return
    with pytest.raises(BadLetter, match="没有发"):
        message_of(bad, OWN, LINK, MORNING)


def test_words_of_a_visitor_stay_in_the_body() -> None:
    """What looks like a header, or like the end of a message, is text."""
    words = "比例？\r\nBcc: a@b.example\r\n\r\n.\r\nMAIL FROM:<x@y.example>\r\n.."
    raw = message_of(replace(LETTER, question=words), OWN, LINK, MORNING).as_bytes()
    assert b"Bcc" not in raw and b"\r\n.\r\n" not in raw and b"x@y" not in raw
    head = raw.split(b"\r\n\r\n")[0].decode("ascii")
    assert "比例" not in head and "1001" in head


async def test_words_arrive_as_they_were_written(desk: Desk, box: Postbox) -> None:
    """Every character, also lone dots, emoji and long lines."""
    words = "第一行\n.\n..两点\n“引号”😀𠮷\n" + "长" * 3000
    letter = replace(LETTER, question=words)
    await post(message_of(letter, OWN, LINK, MORNING), OWN, WANG, way(box.port))
    assert words in box.wait(1).get_content().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "address",
    [f"zhishou+1001-{'a' * 31}@hotline.example", f"zhishou+1001-{'a' * 32}@other.example", OWN,
     f"zhishou1001-{'a' * 32}@hotline.example", f"zhishou+1001-{'g' * 32}@hotline.example", "", "@", "zhishou+@"],
)  # fmt: skip
def test_what_is_no_address_of_ours(address: str) -> None:
    """Only the whole of it is; capitals, which some mail servers make, don't matter."""
    assert token_in_address(address, OWN) is None
    assert token_in_address(f"ZHISHOU+1001-{'A' * 32}@Hotline.Example", OWN) == (1001, "a" * 32)
    assert tokens_in_ids(f"<x@y> <1001.{'a' * 32}@hotline.example>\r\n <1.{'b' * 32}@else.example>", OWN) == [
        (1001, "a" * 32)
    ]
