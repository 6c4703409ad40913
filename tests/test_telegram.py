"""Telegram, seen from a phone: every story runs over HTTP against a server that refuses what Telegram would."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr

from bot.conductor import Conductor
from bot.serving import bound, build, doors
from bot.settings import Settings
from bot.sqlite_store import SqliteStore
from bot.store import Exchange, Held, Update
from bot.telegram.door import TelegramDoor
from bot.telegram.polling import poll
from bot.telegram.words import words
from dialogs.library import Library
from dialogs.messages import Choice, Option, Pick, Progress, Question, Reply, Text
from dialogs.turn import start
from tests.bot_api import BotApi, Person, dropped, refused, server_error, slow, too_many
from tests.conftest import OPEN
from tests.test_workers import until


class Running:
    """The door at work in a thread, over a store in a folder: by long polling, or by webhook in the web application."""

    def __init__(self, api: BotApi, library: Library, folder: Path, by: str = "polling") -> None:
        self.conductor = Conductor(SqliteStore(folder), library, lambda: OPEN)
        self.folder, self._api, self._by, self._ready = folder, api, by, threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(60)

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._door = asyncio.ensure_future(self._poll() if self._by == "polling" else self._serve())
        self._ready.set()
        await asyncio.wait([self._door])

    async def _poll(self) -> None:
        door = TelegramDoor(self.conductor, self._api.token, self._api.url)
        try:
            async with self.conductor.at_work():
                await poll(door)
        finally:
            await door.close()

    async def _serve(self) -> None:
        listening = bound("127.0.0.1", 0)
        settings = Settings(
            telegram_token=SecretStr(self._api.token), telegram_api=self._api.url,
            public_url=f"http://127.0.0.1:{listening.getsockname()[1]}",
        )  # fmt: skip
        app = build(self.conductor, *doors(settings))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on"))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await serving

    def said_to(self, visitor: str) -> int:
        """How many turns the store has of a visitor."""
        return len(self.conductor.store.transcript(visitor, 100))

    def stops(self) -> None:
        """End in peace, as on SIGTERM."""
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._door.cancel)
            self._thread.join(60)
            assert not self._thread.is_alive(), "it has not ended"
            self.conductor.close()


@contextmanager
def running(api: BotApi, library: Library, folder: Path, by: str = "polling") -> Iterator[Running]:
    door = Running(api, library, folder, by)
    try:
        yield door
    finally:
        door.stops()


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A server of its own; at the end, nothing that was sent had been against the rules."""
    with BotApi() as server:
        yield server
        assert not server.refusals


@pytest.fixture(params=["polling", "webhook"])
def door(api: BotApi, library: Library, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    with running(api, library, tmp_path, request.param) as door:
        yield door


@pytest.fixture
def owner(api: BotApi, door: Running) -> Person:
    return api.person()


# --- a private talk --------------------------------------------------------------------------------------------------


def test_a_question_is_answered_with_card_and_clause(owner: Person) -> None:
    """The ceiling first, the clause folded underneath with its quote, the person as a card that can be called."""
    owner.says("我们做芯片的，流片能补多少，找谁？")
    text, card = owner.sees("3000万元", "王安然", messages=2)
    styles = dict(text.styles)
    assert styles["bold"] == "首轮流片单个企业奖励金额最高不超过3000万元。" == text.text.splitlines()[0]
    assert "一（一）方向1：“单个企业奖励金额最高不超过3000 万元”" in styles["expandable_blockquote"]
    assert card.contact["first_name"] == "王安然" and card.contact["last_name"] == "电子信息处"
    assert card.contact["phone_number"] == "+861085235681"
    assert "wanganran@jxj.beijing.gov.cn" in card.contact["vcard"]


def test_an_option_is_tapped_and_the_talk_goes_on(api: BotApi, owner: Person) -> None:
    """The clock on the button stops, the answer comes, and the next words are understood from it."""
    owner.says("流片最多补多少")
    owner.sees("3000万元")
    tap = owner.taps("申报条件")
    owner.sees("流片")
    api.until(lambda: tap.answer is not None, "for the button's clock to stop")
    owner.says("EDA呢")
    owner.sees("EDA")
    owner.says("那最多多少")
    owner.sees("500万元")


def test_an_old_button_gets_a_sentence(owner: Person) -> None:
    """A value that nobody knows any more leads on."""
    owner.says("你好")
    shown = owner.sees("政策咨询助手")[0]
    owner.taps_data("ask:99@2019-batch-7", on=shown.message_id)
    assert owner.sees("已经失效", "看全部方向")[0].buttons


@pytest.mark.parametrize("command", list(words().commands))
def test_every_command_does_something(owner: Person, command: str) -> None:
    """None of the menu is an ornament: each gets an answer that is not a “not understood”."""
    owner.says(f"/{command}")
    shown = owner.sees("。" if command != "overview" else "方向14")[0].text
    assert "没听明白" not in shown and "已经失效" not in shown


def test_a_command_may_be_followed_by_a_question(owner: Person) -> None:
    """`/contact 海淀区` asks for Haidian; an unknown command is read as words; a link's parameter is no question."""
    owner.says("/contact 海淀区")
    owner.sees("88497135")
    owner.says("/EDA")
    owner.sees("EDA")
    owner.says("/start from_a_poster")
    owner.sees("政策咨询助手")


@pytest.mark.parametrize(
    ("thing", "says"),
    [("photo", "图片我看不了"), ("voice", "语音我听不了"), ("document", "文件我打不开"), ("contact", "名片不用发"),
     ("location", "在哪个区"), ("sticker", "只看得懂文字"), ("video", "视频我看不了")],
)  # fmt: skip
def test_what_is_not_text_is_met_kindly(owner: Person, thing: str, says: str) -> None:
    """Said so, with what would help and something to tap."""
    owner.sends(thing)
    assert owner.sees(says, "请说一下要问的事")[0].buttons


def test_a_picture_with_words_is_answered_by_the_words(owner: Person) -> None:
    """The caption is a question."""
    owner.sends("photo", "流片最多补多少")
    owner.sees("图片我看不了", "3000万元")


def test_an_album_is_one_message(owner: Person) -> None:
    """Three pictures, one answer."""
    for caption in ("流片最多补多少", "", ""):
        owner.sends("photo", caption, album="77")
    owner.says("谢谢")
    owner.sees("不客气")
    assert [screen.text[:7] for screen in owner.screen() if screen.text] == ["图片我看不了。", "不客气。还有要"]


def test_an_edited_message_is_answered_anew(owner: Person) -> None:
    """As an answer to that message."""
    first = owner.says("流片最多补多少")
    owner.sees("3000万元", messages=2)
    owner.edits(first, "EDA最多补多少")
    assert owner.sees("按您改过的话回答", "500万元")[0].answers == first


def committed(folder: Path, library: Library, visitor: str, reply: Reply) -> None:
    """A reply that a process kept and had no time to send."""
    store = SqliteStore(folder)
    exchange = Exchange(visitor, "900000001", datetime.now(UTC), Text("测算结果"), reply)
    store.commit(Held(), exchange, start(library), ())
    store.close()


def test_a_long_reply_comes_in_parts(api: BotApi, library: Library, tmp_path: Path) -> None:
    """Between paragraphs, each at most 4096 UTF-16 units, nothing lost; the buttons under the last one."""
    owner = api.person()
    paragraphs = [f"第{n}条 🧑‍🔬😀" + "可以申报。" * 90 for n in range(40)]
    reply = Reply("answered", "\n\n".join(paragraphs), options=(Option("看全部方向", "overview@2023-batch-1"),))
    committed(tmp_path, library, f"tg:{owner.id}", reply)
    with running(api, library, tmp_path):
        owner.sees("看全部方向")
    parts = owner.screen()
    assert len(parts) == 5 and "\n\n".join(part.text for part in parts) == reply.text
    assert [bool(part.buttons) for part in parts] == [False] * 4 + [True]


def test_a_question_shows_its_choices_and_how_to_answer(api: BotApi, library: Library, tmp_path: Path) -> None:
    """Choices as buttons, a hint under the question, how far it is; a tap brings the choice's own option back."""
    owner = api.person()
    picks = tuple(
        Pick(label, label, f"answer:listed.{n}@2023-batch-1") for n, label in enumerate(("是", "否", "不清楚"))
    )
    question = Question("listed", "bool", choices=picks, why="这决定方向10能否申报")
    options = (Option("先不测了", "stop:interview@2023-batch-1"), Option("是", picks[0].option))
    reply = Reply("question", "企业是否已入库？", question=question, progress=Progress(3, 4), options=options)
    committed(tmp_path, library, f"tg:{owner.id}", reply)
    with running(api, library, tmp_path) as door:
        shown = owner.sees("企业是否已入库？", "为什么问：这决定方向10能否申报", "打“是”", "已答3题，最多还有4题")[0]
        assert [[label for label, _ in row] for row in shown.buttons] == [["是", "否"], ["不清楚", "先不测了"]]
        owner.taps("否")
        owner.sees("。")
        assert door.conductor.store.transcript(f"tg:{owner.id}", 1)[0].message == Choice("answer:listed.1@2023-batch-1")


# --- when things go wrong --------------------------------------------------------------------------------------------


def test_a_wait_that_telegram_asks_for_is_kept(api: BotApi, owner: Person) -> None:
    """429 with one second: the answer comes, once."""
    api.fails("sendMessage", too_many(1), to=owner)
    owner.says("流片最多补多少")
    owner.sees("3000万元")
    tries = api.made("sendMessage")
    assert [made.status for made in tries] == [429, 200]


def test_a_server_that_stumbles_is_asked_again(api: BotApi, owner: Person) -> None:
    """500 and a connection that breaks: tried again until it is said; nobody else waits meanwhile."""
    neighbour = api.person("李先生")
    api.fails("sendMessage", server_error(), dropped(), server_error(502), to=owner)
    owner.says("流片最多补多少")
    neighbour.says("EDA最多补多少")
    neighbour.sees("500万元")
    assert not owner.new()
    owner.sees("3000万元")
    assert len([one for one in owner.new() if one.text]) == 1


def test_a_poll_that_breaks_is_taken_up_again(api: BotApi, owner: Person) -> None:
    """Nothing that was said meanwhile is lost."""
    api.fails("getUpdates", dropped(after=True), server_error())
    owner.says("流片最多补多少")
    owner.sees("3000万元")
    assert len([one for one in owner.new() if one.text]) == 1


def test_a_reply_that_waits_keeps_the_order(api: BotApi, owner: Person) -> None:
    """The second one waits behind it."""
    api.fails("sendMessage", too_many(1), to=owner)
    owner.says("流片最多补多少")
    owner.says("EDA最多补多少")
    owner.sees("500万元")
    spoken = [screen.text for screen in owner.screen() if screen.text]
    assert "3000万元" in spoken[0] and "500万元" in spoken[1]


def test_who_has_blocked_the_bot_is_left_alone(
    api: BotApi, owner: Person, door: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """One try, a line in the log that names nobody, nothing kept for later; who comes back is served."""
    owner.blocks()
    with caplog.at_level(logging.INFO, "policydesk.telegram"):
        owner.says("流片最多补多少")
        until(lambda: "停用了机器人" in caplog.text)
        owner.unblocks()
        owner.says("谢谢")
        owner.sees("不客气")
    assert "停用了机器人" in caplog.text and str(owner.id) not in caplog.text and "流片" not in caplog.text
    assert [made.status for made in api.made("sendMessage")] == [403, 200] and not api.made("sendContact")
    door.stops()
    assert not SqliteStore(door.folder).due_lines(datetime.now(UTC))


def test_styles_that_telegram_minds_are_left_out(api: BotApi, owner: Person) -> None:
    """400: the same words and buttons, plain; then without buttons."""
    api.fails("sendMessage", refused("can't parse entities"), to=owner)
    owner.says("流片最多补多少")
    shown = owner.sees("3000万元", messages=2)[0]
    assert not shown.styles and shown.buttons
    api.fails("sendMessage", refused("can't parse entities"), refused("BUTTON_DATA_INVALID"), to=owner)
    api.fails("sendContact", refused("PHONE_NUMBER_INVALID"), to=owner)
    owner.says("EDA找谁")
    assert not owner.sees("丰慧", messages=2)[0].buttons


def test_an_update_that_comes_again_is_answered_once(api: BotApi, owner: Person, door: Running) -> None:
    """Also while its reply is on the way."""
    api.fails("sendMessage", slow(0.3), to=owner)
    owner.says("你好")
    owner.gets_it_again()
    owner.sees("政策咨询助手")
    owner.gets_it_again()
    owner.says("谢谢")
    owner.sees("不客气")
    assert [s.text[:3] for s in owner.screen()] == ["您好，", "不客气"] and door.said_to(f"tg:{owner.id}") == 2


def test_a_restart_loses_nothing_and_says_nothing_twice(api: BotApi, library: Library, tmp_path: Path) -> None:
    """An update that was accepted and never taken is answered; one that Telegram gives again is known."""
    owner = api.person()
    with running(api, library, tmp_path):
        owner.says("流片最多补多少")
        owner.sees("3000万元")
        given = owner.last_update
    before = Conductor(SqliteStore(tmp_path), library, lambda: OPEN)
    kept = Update(f"tg:{owner.id}", "900000001", before.now(), Text("EDA呢"), 900000001)
    asyncio.run(before.accept([kept]))
    before.close()
    api.world.push_again(given)
    with running(api, library, tmp_path) as door:
        owner.sees("500万元")
        owner.says("谢谢")
        owner.sees("不客气")
        assert door.said_to(f"tg:{owner.id}") == 3
    assert len([screen for screen in owner.screen() if screen.text]) == 3


def test_telegram_keeps_an_update_until_the_inbox_holds_it(
    api: BotApi, owner: Person, door: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed in between gets it again: it is neither confirmed nor answered before."""
    accept, held, entered = door.conductor.store.accept, threading.Event(), threading.Semaphore(0)

    def slowly(updates: Any) -> list[bool]:
        entered.release()
        assert held.wait(60)
        return accept(updates)

    monkeypatch.setattr(door.conductor.store, "accept", slowly)
    owner.says("你好")
    assert entered.acquire(timeout=60)
    assert owner.last_update in api.world.waiting and not owner.new()
    held.set()
    owner.sees("政策咨询助手")
    owner.says("谢谢")
    owner.sees("不客气")
    api.until(lambda: owner.last_update not in api.world.waiting or door._by == "polling", "for the confirmation")


# --- groups ----------------------------------------------------------------------------------------------------------


def test_a_group_is_answered_only_when_it_asks(api: BotApi, door: Running) -> None:
    """Talk among people, other bots' commands, unknown commands are let pass; mention, answer and command count."""
    group, wang, li = api.group("园区群"), api.person("王"), api.person("李")
    wang.says("流片最多补多少，谁知道？", to=group)
    wang.says("/help@another_bot", to=group)
    wang.says("/weather", to=group)
    li.sends("photo", to=group)
    asked = wang.says("😀 @PolicyDesk_bot 流片最多补多少", to=group)
    answer = wang.sees("3000万元", of=group)[0]
    assert answer.answers == asked and len(group_texts(wang, group)) == 1
    li.says("那EDA呢", to=group, answering=answer.message_id)
    li.sees("500万元", of=group)
    wang.says("/overview@policydesk_bot", to=group)
    wang.sees("方向14", of=group)
    li.sends("photo", "@policydesk_bot 融资租赁补多少", to=group)
    li.sees("图片我看不了", "1000万元", of=group)
    kept = [door.conductor.store.transcript(f"tg:{group.id}:{one.id}", 9) for one in (wang, li)]
    assert [len(turns) for turns in kept] == [2, 2] and kept[0][0].message == Text("😀   流片最多补多少")


def group_texts(person: Person, group: object) -> list[str]:
    return [screen.text for screen in person.screen(group) if screen.text]  # type: ignore[arg-type]


def test_members_of_a_group_do_not_share_a_talk(api: BotApi, door: Running) -> None:
    """What one has in hand is not what the other goes on with; a tap counts for who taps."""
    group, wang, li = api.group("园区群"), api.person("王"), api.person("李")
    wang.says("@policydesk_bot 流片最多补多少", to=group)
    wang.sees("3000万元", of=group, messages=2)
    li.taps("申报条件", to=group)
    li.sees("流片", of=group)
    held = door.conductor.store.load(f"tg:{group.id}:{li.id}").conversation
    assert held and held.topics == ("1",)
    assert door.conductor.store.transcript(f"tg:{group.id}:{li.id}", 1)[0].message == Choice(
        "ask:1.conditions@2023-batch-1"
    )
