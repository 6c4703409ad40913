"""One script through four doors: terminal, API, the page in a browser, Telegram. Each gives the same replies."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import httpx
import pytest
from playwright.sync_api import Browser

from bot.telegram.drawing import CARDS
from tests.bot_api import BotApi
from tests.bot_api.server import TOKEN
from tests.browsing import Visitor, browser
from tests.forking import POLICYDESK, Forked
from tests.serving import BARE, Server


class Said(NamedTuple):
    """Words that are typed."""

    text: str


class Tapped(NamedTuple):
    """The option with this label, as the reply to an earlier turn (counted from 1) showed it."""

    label: str
    turn: int


SCRIPT = [
    Said("你好"),
    Said("我们做芯片的，流片能补多少，找谁？"),
    Tapped("首轮流片 申报条件", 2),
    Said("那EDA呢"),
    Said("张静电话"),
    Tapped("海淀区", 5),
    Said("海淀区找谁"),
    Said("申报什么时候截止"),
    Said("高新技术企业认定怎么办"),
    Tapped("看全部方向", 1),
]


class Seen(NamedTuple):
    """What a visitor sees of a reply: its words, its options as label and value, its people as name and number."""

    words: str
    options: list[tuple[str, str]]
    people: list[tuple[str, str]]


def seen(reply: dict[str, Any]) -> Seen:
    """A reply object as a visitor would see it."""
    return Seen(
        _together(reply["text"]),
        [(option["label"], option["value"]) for option in reply["options"]],
        [(card["name"], card["phone"]) for card in reply["contacts"]],
    )


def _together(text: str) -> str:
    """Doors break lines each in their own way."""
    return re.sub(r"\s+", "", text)


class Door(Protocol):
    """A door as the script uses it; `before` is what an earlier reply showed."""

    def say(self, text: str) -> Seen: ...

    def tap(self, label: str, before: Seen) -> Seen: ...


def value(label: str, before: Seen) -> str:
    """The value of the option with these words in its label."""
    return next(value for words, value in before.options if label in words)


def walk(door: Door) -> list[Seen]:
    """The script from the first turn to the last."""
    shown: list[Seen] = []
    for turn in SCRIPT:
        shown.append(door.say(turn.text) if isinstance(turn, Said) else door.tap(turn.label, shown[turn.turn - 1]))
    return shown


class Terminal:
    """`policydesk chat --json`."""

    def __init__(self) -> None:
        self.process = Forked(
            [POLICYDESK, "chat", "--json", "--as-of", "2023-03-20"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=BARE,
        )  # fmt: skip

    def say(self, text: str) -> Seen:
        return self._sends({"text": text})

    def tap(self, label: str, before: Seen) -> Seen:
        return self._sends({"choose": value(label, before)})

    def _sends(self, message: dict[str, str]) -> Seen:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()
        return seen(json.loads(self.process.stdout.readline()))


class Api:
    """`POST /api/conversations`, then messages."""

    def __init__(self, url: str) -> None:
        opened = httpx.post(f"{url}/api/conversations").json()
        self.messages = f"{url}/api/conversations/{opened['id']}/messages"

    def say(self, text: str) -> Seen:
        return seen(httpx.post(self.messages, json={"text": text}).json())

    def tap(self, label: str, before: Seen) -> Seen:
        return seen(httpx.post(self.messages, json={"choose": value(label, before)}).json())


class WebPage:
    """The page, typed into and clicked; what it shows is read from what stands there."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.visitor = Visitor(browser, url, 390)

    def say(self, text: str) -> Seen:
        self.visitor.says(text)
        return self._newest()

    def tap(self, label: str, before: Seen) -> Seen:
        button = self.visitor.page.locator(f'#log .chips button[value="{value(label, before)}"]').first
        assert label in button.inner_text()
        button.click()
        self.visitor.waits()
        return self._newest()

    def _newest(self) -> Seen:
        reply = self.visitor.page.locator("#log > .exchange").last
        buttons, cards = reply.locator(".chips button").all(), reply.locator(".card").all()
        return Seen(
            _together(reply.locator(".words").inner_text()),
            [(button.inner_text(), button.get_attribute("value") or "") for button in buttons],
            [(_name(card.locator("strong")), _digits(card.locator(".call").text_content() or "")) for card in cards],
        )


def _name(strong: Any) -> str:
    return str(strong.text_content()) if strong.count() else ""


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


class Telegram:
    """A private chat: a reply's words are what stands before the folded clauses, its people the cards that follow."""

    def __init__(self, api: BotApi) -> None:
        self.api, self.owner = api, api.person()
        self.on: dict[str, int] = {}

    def say(self, text: str) -> Seen:
        self.owner.says(text)
        return self._newest()

    def tap(self, label: str, before: Seen) -> Seen:
        tapped = value(label, before)
        self.owner.taps_data(tapped, on=self.on[tapped])
        return self._newest()

    def people(self) -> list[list[tuple[str, str]]]:
        """The cards of every reply, once all of them are there: one chat is written to in order."""
        self.owner.says("谢谢")
        self.owner.sees("不客气")
        replies: list[list[tuple[str, str]]] = []
        for message in self.owner.screen():
            if message.contact:
                number = message.contact["phone_number"].removeprefix("+8610")
                replies[-1].append((message.contact["first_name"], number))
            else:
                replies.append([])
        return replies[:-1]

    def _newest(self) -> Seen:
        text = self.api.until(lambda: next((one for one in self.owner.new() if one.text), None), "for a reply")
        self.on |= {data: text.message_id for row in text.buttons for _, data in row}
        words = text.text.partition("\n\n依据\n")[0]
        return Seen(_together(words), [one for row in text.buttons for one in row], [])


@pytest.fixture(scope="module")
def bot_api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server
        assert not server.refusals


@pytest.fixture(scope="module")
def server(bot_api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Web, API and Telegram, served by one process."""
    data = tmp_path_factory.mktemp("four") / "data"
    with Server(data, POLICYDESK_TELEGRAM_TOKEN=TOKEN, POLICYDESK_TELEGRAM_API=bot_api.url) as server:
        yield server


@pytest.fixture(scope="module")
def said_on_the_terminal() -> list[Seen]:
    """What the other doors are compared with."""
    shown = walk(Terminal())
    assert len({one.words for one in shown}) == len(SCRIPT), "every turn of the script gets a reply of its own"
    return shown


def test_the_api_says_the_same(server: Server, said_on_the_terminal: list[Seen]) -> None:
    """Words, options, people."""
    assert walk(Api(server.url)) == said_on_the_terminal


def test_the_page_shows_the_same(server: Server, said_on_the_terminal: list[Seen]) -> None:
    """Read from the page, in a browser, with its script."""
    with browser() as started:
        page = WebPage(started, server.url)
        assert walk(page) == said_on_the_terminal
        page.visitor.leaves()


def test_telegram_shows_the_same(bot_api: BotApi, server: Server, said_on_the_terminal: list[Seen]) -> None:
    """Read from the chat; who has no card of their own (from the fourth on) stands in the words with their number."""
    door = Telegram(bot_api)
    shown, people = walk(door), door.people()
    assert [one[:2] for one in shown] == [one[:2] for one in said_on_the_terminal]
    for cards, said in zip(people, said_on_the_terminal, strict=True):
        assert cards == said.people[:CARDS]
        assert all(name in said.words and phone in said.words for name, phone in said.people[CARDS:])
