"""The officers' group on Telegram, over real HTTP: a thread a ticket, who counts there, what reaches the visitor."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.sqlite_store import SqliteStore
from bot.staffgroup.promise import Group as Bound
from bot.staffgroup.promise import Thread
from bot.store import Away
from bot.telegram.words import words
from bot.workbench import linking
from bot.workbench.linking import OF_ACCOUNT, invited, linked_by
from bot.workbench.staff_store import Person as Staff
from bot.workbench.staff_store import Role, Sought
from dialogs.library import Library
from dialogs.messages import Text
from tests.bot_api import BotApi, Group, Person, dropped, refused, server_error, slow, too_many
from tests.serving import Server
from tests.staff import NAMES, AtDesk, hire, hired
from tests.test_telegram import Running, api, running  # noqa: F401
from tests.test_telegram_command import run
from tests.test_webhook import free_url

SAYS = words().staff
ASKED = "方向10二手设备能不能算进去"


class Desk:
    """A running door with a bound group, an officer and an administrator who are linked."""

    def __init__(self, api: BotApi, door: Running) -> None:  # noqa: F811
        self.api, self.door, self.store = api, door, door.conductor.store
        self.group = api.forum("值守群")
        self.boss, self.chen = self.hires("admin"), self.hires("officer")
        self.boss.says("/desk", to=self.group)
        self.boss.sees("这里是值守群了", of=self.group)

    def hires(self, role: Role, name: str = "") -> Person:
        """Somebody of the staff, linked by a code."""
        staff = hire(self.store, name or NAMES[role], role)  # type: ignore[arg-type]
        person = self.api.person(staff.name)
        self.links(person, staff)
        return person

    def links(self, person: Person, staff: Staff) -> None:
        """By a code from the workbench, sent to the bot alone."""
        person.says(f"/link {invited(self.store, staff, datetime.now(UTC)).code}")
        person.sees(f"您是{staff.name}")

    def opens(self, visitor: Person, *said: str) -> int:
        """A visitor asks for a person; the ticket's thread, with the card in it."""
        before = set(self.group.threads)
        for words_ in (*(said or (ASKED,)), "转人工"):
            visitor.says(words_)
            visitor.sees("。")
        self.api.until(lambda: set(self.group.threads) - before, "for the thread")
        (thread,) = set(self.group.threads) - before
        self.reads(thread, "建议答复")
        return thread

    def takes(self, officer: Person, thread: int) -> None:
        """/take, and it is said in the thread."""
        officer.says("/take", to=self.group, topic=thread)
        self.reads(thread, f"{officer.name}接手了")

    def reads(self, thread: int | None, *pieces: str) -> str:
        """Wait until each piece stands in a thread; all that the bot has written there."""

        def shown() -> bool:
            whole = "\n".join(self.group.texts(thread))
            return all(piece in whole for piece in pieces)

        self.api.until(shown, f"for {pieces} in {thread}: {self.group.texts(thread)}")
        return "\n".join(self.group.texts(thread))

    def no(self, thread: int) -> int:
        """The ticket of a thread."""
        return self.store.ticket_in(Thread(self.group.id, thread))

    def said_to(self, visitor: Person) -> str:
        """All that the bot has written to a visitor."""
        return "\n".join(screen.text for screen in visitor.screen())


@pytest.fixture(params=["polling", "webhook"])
def desk(
    api: BotApi,  # noqa: F811
    library: Library,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    """By both ways in which updates come. A code's digest takes no time: each story would make four of the slow ones,
    which the workbench's own (`test_the_workbench_gives_a_code_and_takes_the_link_back`) and the kills are left."""
    monkeypatch.setattr(linking, "digest_of", lambda code: sha256(code.encode()).hexdigest())
    with running(api, library, tmp_path, request.param) as door:
        yield Desk(api, door)


@pytest.fixture
def visitor(api: BotApi) -> Person:  # noqa: F811
    """Somebody with a question."""
    return api.person("来访人")


# --- a ticket from its thread to its end -----------------------------------------------------------------------------


def test_a_ticket_has_a_thread_and_a_reply_there_reaches_the_visitor(desk: Desk, visitor: Person) -> None:
    """The card says what to say; taken, answered, noted, closed; the visitor's words and what to answer come along."""
    thread = desk.opens(visitor, "测一测方向10", "是")
    no = desk.no(thread)
    assert desk.group.threads[thread]["name"] == f"工单{no} · 方向10 · Telegram"
    card = desk.reads(thread, f"工单{no} · 等人接手", "说过的情况：", "方向10", "杨春辉 55578393", "/take")
    assert "建议答复（没有发给来访者）" in card
    desk.takes(desk.chen, thread)
    visitor.sees("已接手")
    visitor.says("那什么时候截止")
    desk.reads(thread, "来访者：那什么时候截止", "2023年4月15日")
    desk.chen.says("您好，4月15日截止。", to=desk.group, topic=thread)
    visitor.sees("工作人员：您好，4月15日截止。")
    desk.chen.says("/note 对方语气急", to=desk.group, topic=thread)
    desk.reads(thread, SAYS.noted)
    assert [(one.by, one.text) for one in desk.store.notes(no)] == [(desk.chen.name, "对方语气急")]
    desk.chen.says("/close", to=desk.group, topic=thread)
    desk.reads(thread, SAYS.close_what)
    desk.chen.says("/close 已答复", to=desk.group, topic=thread)
    visitor.sees("解决了吗")
    desk.reads(thread, f"{desk.chen.name}办结：已答复")
    desk.api.until(lambda: desk.group.threads[thread]["closed"], "for the thread to be closed")
    assert "语气急" not in desk.said_to(visitor)
    row = desk.store.ticket(no)
    assert row and (row.state, row.outcome) == ("closed", "已答复")
    acts = {one.action for one in desk.store.trail(Sought(who=desk.chen.name, object=f"工单{no}"), 20)}
    assert acts == {"接手工单", "回复来访者", "记备注", "办结工单"}
    assert len(desk.group.threads) == 1


def test_tickets_of_every_door_come_to_the_group(desk: Desk) -> None:
    """A visitor of the web: the same thread, and the words reach the page."""
    conductor = desk.door.conductor

    async def asks(*said: str) -> str:
        web = await conductor.open("web")
        for one in said:
            await conductor.take(web, Text(one))
        return web

    web = asyncio.run_coroutine_threadsafe(asks("流片最多补多少", "转人工"), desk.door.loop).result(60)
    desk.api.until(lambda: desk.group.threads, "for the thread")
    (thread,) = desk.group.threads
    assert desk.group.threads[thread]["name"].endswith("方向1 · 网页")
    desk.takes(desk.chen, thread)
    desk.chen.says("要看附件1。", to=desk.group, topic=thread)
    desk.api.until(
        lambda: any("要看附件1" in (one.reply.text if one.reply else "") for one in desk.store.transcript(web, 9)),
        "for the words",
    )


def test_what_is_done_at_the_workbench_is_told_in_the_thread(desk: Desk, visitor: Person) -> None:
    """Who claims, says, raises there; a raised ticket is told to all."""
    from bot.workbench.acting import act

    thread = desk.opens(visitor)
    no = desk.no(thread)

    def does(event: str, **more: str) -> None:
        moved = act(desk.door.conductor, no, event, desk.boss.name, **more)  # type: ignore[arg-type]
        asyncio.run_coroutine_threadsafe(moved, desk.door.loop).result(60)

    does("claimed")
    desk.reads(thread, f"{desk.boss.name}接手了")
    does("said", text="请稍等，我查一下。")
    desk.reads(thread, f"{desk.boss.name}在工作台对来访者说：请稍等，我查一下。")
    does("raised", text="要处长定")
    desk.reads(thread, "已上报一级，请尽快 /take。要处长定")
    desk.reads(None, f"工单{no}上报一级，等人接手：{ASKED}")


# --- who counts ------------------------------------------------------------------------------------------------------


def test_only_who_holds_a_ticket_speaks(desk: Desk, visitor: Person) -> None:
    """Before /take, by a colleague, by a stranger, by whoever was disabled: a sentence, and nothing to the visitor."""
    zhao, stranger = desk.hires("officer", "赵同事"), desk.api.person("路人")
    thread = desk.opens(visitor)
    desk.chen.says("我来说", to=desk.group, topic=thread)
    desk.reads(thread, SAYS.take_first)
    for words_ in ("我也来", "再来一句"):
        stranger.says(words_, to=desk.group, topic=thread)
    desk.takes(desk.chen, thread)
    zhao.says("插一句", to=desk.group, topic=thread)
    desk.reads(thread, f"这张是{desk.chen.name}在办")
    zhao.says("/close 乱办结", to=desk.group, topic=thread)
    desk.reads(thread, "没有办成")
    stranger.says("/take", to=desk.group, topic=thread)
    account = desk.store.account(desk.chen.name)
    assert account and desk.store.disable(account.person.id, datetime.now(UTC))
    desk.chen.says("停用以后的话", to=desk.group, topic=thread)
    zhao.says("/help", to=desk.group)
    desk.reads(None, "每张工单一个话题")
    whole = desk.reads(thread)
    assert whole.count("您还没有连上工作台账号") == 2  # one sentence each, however much they say
    row = desk.store.ticket(desk.no(thread))
    assert row and (row.state, row.holder) == ("taken", desk.chen.name)
    assert not any(one in desk.said_to(visitor) for one in ("我来说", "我也来", "插一句", "停用以后"))


def test_two_officers_race_for_a_ticket(desk: Desk, visitor: Person) -> None:
    """One has it, the other is told who."""
    zhao = desk.hires("officer", "赵同事")
    thread = desk.opens(visitor)
    for officer in (desk.chen, zhao):
        officer.says("/take", to=desk.group, topic=thread)
    whole = desk.reads(thread, "接手了", "没有办成")
    assert whole.count("接手了。") == 1
    row = desk.store.ticket(desk.no(thread))
    assert row and row.holder in (desk.chen.name, zhao.name) and row.holder in whole.rpartition("没有办成")[2]


def test_a_ticket_is_passed_on_and_raised_from_its_thread(desk: Desk, visitor: Person) -> None:
    """To somebody who can have it, with why, by whoever has it; the visitor and the trail know, once."""
    zhao = desk.hires("officer", "赵同事")
    thread = desk.opens(visitor)
    no = desk.no(thread)
    desk.takes(desk.chen, thread)
    zhao.says("/pass 王管理", to=desk.group, topic=thread)
    desk.reads(thread, "没有办成")
    for words_, says in (
        ("/pass", SAYS.pass_what), ("/pass 火星人", "没有“火星人”这位同事"), ("/pass 陈值守", "不能转给自己"),
    ):  # fmt: skip
        desk.chen.says(words_, to=desk.group, topic=thread)
        desk.reads(thread, f"{says}\n在岗的：赵同事" if words_ == "/pass" else says)
    assert (row := desk.store.ticket(no)) and (row.state, row.holder) == ("taken", desk.chen.name)
    desk.chen.says("/pass 赵同事 他管方向10", to=desk.group, topic=thread)
    desk.chen.gets_it_again()
    desk.reads(thread, f"{desk.chen.name}转给赵同事，请赵同事来 /take。他管方向10")
    visitor.sees("转给")
    assert (row := desk.store.ticket(no)) and (row.state, row.addressed) == ("waiting", "赵同事")
    desk.takes(zhao, thread)
    zhao.says("/raise 要处长定", to=desk.group, topic=thread)
    desk.reads(thread, "已上报一级，请尽快 /take。要处长定")
    desk.reads(None, f"工单{no}上报一级，等人接手")
    assert (row := desk.store.ticket(no)) and row.state == "raised"
    trail = desk.store.trail(Sought(object=f"工单{no}"), 20)
    acts = [(one.who, one.action) for one in reversed(trail)]
    assert acts == [
        (desk.chen.name, "接手工单"), (desk.chen.name, "转交工单"), ("赵同事", "接手工单"), ("赵同事", "上报工单"),
    ]  # fmt: skip
    desk.chen.says("/help", to=desk.group)
    assert all(one in desk.reads(None, "每张工单一个话题") for one in ("/pass 李四", "/raise"))


def test_a_code_is_good_once_for_ten_minutes(desk: Desk) -> None:
    """A used one, an old one, one that was never ours lead nowhere; after some tries nobody is listened to."""
    staff = hire(desk.store, "孙新", "officer")  # type: ignore[arg-type]
    sun, guesser = desk.api.person("孙新"), desk.api.person("猜的人")
    old = invited(desk.store, staff, datetime.now(UTC) - timedelta(minutes=11)).code
    sun.says(f"/link {old}")
    sun.sees(SAYS.not_linked)
    code = invited(desk.store, staff, datetime.now(UTC)).code
    sun.says(f"/link {code.lower().replace('-', ' ')}")
    sun.sees("您是孙新")
    sun.gets_it_again()
    guesser.says(f"/link {code}")
    guesser.sees(SAYS.not_linked)
    for _ in range(OF_ACCOUNT - 1):
        guesser.says("/link AAAA-3333")
        guesser.sees(SAYS.not_linked)
    good = invited(desk.store, hire(desk.store, "李新", "officer"), datetime.now(UTC)).code  # type: ignore[arg-type]
    guesser.says(f"/link {good}")
    guesser.sees(SAYS.too_many)
    assert desk.store.linked(guesser.id) is None and desk.store.linked(sun.id) == staff
    assert desk.said_to(sun).count("您是孙新") == 1
    assert code.replace("-", "") not in str(desk.store._all("select * from telegram_codes"))  # type: ignore[attr-defined]
    assert desk.store.unlink(staff, datetime.now(UTC)) and desk.store.linked(sun.id) is None


def test_only_an_administrator_binds_a_group_with_topics(api: BotApi, library: Library, tmp_path: Path) -> None:  # noqa: F811
    """Not a stranger, not an officer, not a group without topics; a visitor's own group stays theirs."""
    with running(api, library, tmp_path) as door:
        desk = Desk.__new__(Desk)
        desk.api, desk.door, desk.store, desk.group = api, door, door.conductor.store, api.forum("值守群")
        stranger, officer, boss = api.person("路人"), desk.hires("officer"), desk.hires("admin")
        plain = api.group("园区群")
        for person, group, says in (
            (stranger, desk.group, SAYS.bind_who),
            (officer, desk.group, SAYS.bind_admin),
            (boss, plain, SAYS.bind_forum),
        ):
            person.says("/desk", to=group)
            person.sees(says, of=group)
            assert desk.store.staff_group() is None
        boss.says("/desk@policydesk_bot", to=desk.group)
        boss.sees("这里是值守群了", of=desk.group)
        assert desk.store.staff_group() == Bound(desk.group.id, "值守群")
        assert [one["command"] for one in api.world.commands_of[desk.group.id]] == list(SAYS.commands)
        officer.says("@policydesk_bot 流片最多补多少", to=plain)
        officer.sees("3000万元", of=plain)
        officer.says("流片最多补多少", to=desk.group)
        officer.says("/who 海淀", to=desk.group)
        officer.sees("88497135", of=desk.group)
        assert "3000万元" not in "\n".join(desk.group.texts())


def test_the_directory_is_asked_in_the_group_and_alone(desk: Desk) -> None:
    """/who with phones and what to mind, in the group and alone; a visitor's /who is a question."""
    desk.chen.says("/who 张静", to=desk.group)
    desk.chen.sees("同名", of=desk.group)
    desk.chen.says("/who 海淀")
    desk.chen.sees("88497135")
    desk.chen.says("/who 火星")
    desk.chen.sees("名录里没有“火星”")
    desk.chen.says("/who 处")
    desk.chen.sees("请写得再细一点")
    guest = desk.api.person("企业")
    guest.says("/who 海淀区找谁")
    guest.sees("海淀")


# --- what does not arrive --------------------------------------------------------------------------------------------


def test_an_answer_that_did_not_arrive_says_so(desk: Desk, visitor: Person) -> None:
    """Blocked, then refused in every form: told in the thread with its words, in answer to them."""
    thread = desk.opens(visitor)
    desk.takes(desk.chen, thread)
    visitor.sees("已接手")
    visitor.blocks()
    said = desk.chen.says("第一句到不了", to=desk.group, topic=thread)
    desk.reads(thread, "没有送到来访者：对方停用了机器人", "第一句到不了")
    assert desk.chen.screen(desk.group)[-1].answers == said
    assert [one.lost for one in desk.store.transcript(f"tg:{visitor.id}", 1)] == ["gone"]
    visitor.unblocks()
    desk.api.fails("sendMessage", *[refused("MESSAGE_STRANGE")] * 3, to=visitor)
    desk.chen.says("第二句被拒", to=desk.group, topic=thread)
    desk.reads(thread, "没有送到来访者：Telegram不收这条", "第二句被拒")
    desk.chen.says("第三句到了", to=desk.group, topic=thread)
    visitor.sees("第三句到了")


def test_a_changed_message_is_not_sent_again(desk: Desk, visitor: Person) -> None:
    """The visitor has the first one; that is told. Pictures don't go through either."""
    thread = desk.opens(visitor)
    desk.takes(desk.chen, thread)
    said = desk.chen.says("比例是百分之三", to=desk.group, topic=thread)
    visitor.sees("百分之三")
    desk.chen.edits(said, "比例是百分之五", to=desk.group)
    desk.reads(thread, SAYS.edited)
    assert "百分之五" not in desk.said_to(visitor)
    desk.chen.sends("photo", "看这张图", to=desk.group, topic=thread)
    desk.reads(thread, SAYS.not_text)
    assert "看这张图" not in desk.said_to(visitor)


def test_what_telegram_gives_again_is_done_once(desk: Desk, visitor: Person) -> None:
    """A reply, a note, a command."""
    thread = desk.opens(visitor)
    desk.takes(desk.chen, thread)
    for words_, shown in (("/note 一次", SAYS.noted), ("/who 海淀", "88497135")):
        desk.chen.says(words_, to=desk.group, topic=thread)
        desk.reads(thread, shown)
        desk.chen.gets_it_again()
    desk.chen.says("只说一次", to=desk.group, topic=thread)
    visitor.sees("只说一次")
    desk.chen.gets_it_again()
    desk.chen.says("/note 两次", to=desk.group, topic=thread)
    desk.api.until(lambda: len(desk.store.notes(desk.no(thread))) == 2, "for the second note")
    whole = desk.reads(thread)
    assert desk.said_to(visitor).count("只说一次") == 1 and whole.count("88497135") == 1


def test_an_act_that_is_given_again_after_the_ticket_moved_on_is_not_complained_of(desk: Desk, visitor: Person) -> None:
    """It was sent, and it did close the ticket: nobody is told that it was not."""
    thread = desk.opens(visitor)
    desk.takes(desk.chen, thread)
    desk.chen.says("看附件1。", to=desk.group, topic=thread)
    said = desk.chen.last_update
    visitor.sees("看附件1。")
    desk.chen.says("/close 已答复", to=desk.group, topic=thread)
    desk.reads(thread, "办结：已答复")
    desk.chen.gets_it_again()
    desk.api.world.push_again(said)
    desk.chen.says("/note 都办完了", to=desk.group, topic=thread)
    whole = desk.reads(thread, SAYS.noted)
    assert "这句没有发" not in whole and desk.said_to(visitor).count("看附件1。") == 1


# --- the thread ------------------------------------------------------------------------------------------------------


def test_a_thread_that_was_deleted_begins_afresh(desk: Desk, visitor: Person) -> None:
    """The visitor's next words come with the card, in a new one."""
    thread = desk.opens(visitor)
    with desk.api.world.changed:
        del desk.api.world.threads[desk.group.id][thread]
    desk.api.calls.clear()
    visitor.says("EDA最多补多少")
    desk.api.until(lambda: desk.group.threads, "for another thread")
    (fresh,) = desk.group.threads
    desk.reads(fresh, "建议答复", "来访者：EDA最多补多少", "助手答：")
    desk.api.calls.clear()  # that the old one is gone was refused, rightly


def test_without_the_right_to_make_threads_nothing_is_lost(desk: Desk, visitor: Person) -> None:
    """The card stands in the common one, with what is to be mended; mended, the next words have their thread."""
    with desk.api.world.changed:
        desk.api.world.rights[desk.group.id].clear()
    visitor.says("转人工")
    desk.reads(None, SAYS.no_thread, "等人接手")
    with desk.api.world.changed:
        desk.api.world.rights[desk.group.id].add("can_manage_topics")
    visitor.says("流片最多补多少")
    desk.api.until(lambda: desk.group.threads, "for the thread")
    (thread,) = desk.group.threads
    desk.reads(thread, "来访者：流片最多补多少")
    desk.api.calls.clear()


def test_what_a_visitor_erases_goes_from_the_group(desk: Desk, visitor: Person) -> None:
    """The thread with all that stood in it; without the right to, somebody is asked to."""
    thread = desk.opens(visitor)
    visitor.says("删除我的数据")
    visitor.sees("回执")
    desk.api.until(lambda: thread not in desk.group.threads, "for the thread to go")
    assert ASKED not in "\n".join(one.get("text", "") for one in desk.api.world.messages[desk.group.id].values())
    with desk.api.world.changed:
        desk.api.world.rights[desk.group.id].discard("can_delete_messages")
    another = desk.api.person("另一位")
    other = desk.opens(another)
    another.says("删除我的数据")
    desk.reads(other, SAYS.erase_by_hand)
    desk.api.calls.clear()  # that it may not delete was refused, rightly


def test_the_group_is_waited_for_like_every_chat(desk: Desk, visitor: Person) -> None:
    """429, 500, a broken connection: the notices come, in order; the visitor doesn't wait for them."""
    desk.api.fails("createForumTopic", too_many(1), server_error(), to=desk.group)
    desk.api.fails("sendMessage", server_error(), dropped(), to=desk.group)
    thread = desk.opens(visitor)
    desk.takes(desk.chen, thread)
    for number in range(3):
        visitor.says(f"第{number}问")
    whole = desk.reads(thread, *(f"来访者：第{number}问" for number in range(3)))
    assert whole.index("第0问") < whole.index("第1问") < whole.index("第2问") and len(desk.group.threads) == 1


def test_a_thread_that_could_not_be_noted_at_once_is_not_made_again(
    desk: Desk, visitor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full for a moment after Telegram had made it: it is noted when there is room, and used."""
    keep, times = type(desk.store).keep_thread, iter(range(3))

    def full(store: SqliteStore, no: int, thread: Thread) -> None:
        if next(times, None) is not None:
            raise Away("database or disk is full")
        keep(store, no, thread)

    monkeypatch.setattr(type(desk.store), "keep_thread", full)
    thread = desk.opens(visitor)
    assert list(desk.group.threads) == [thread] and desk.no(thread) == 1001


def test_binding_again_brings_every_open_ticket(desk: Desk, visitor: Person) -> None:
    """Another group: a card for what is open, nothing in the old one any more."""
    thread = desk.opens(visitor)
    other: Group = desk.api.forum("新群")
    desk.boss.says("/desk", to=other)
    desk.api.until(lambda: other.threads, "for the thread in the new group")
    visitor.says("EDA最多补多少")
    (fresh,) = other.threads
    desk.api.until(lambda: "来访者：EDA" in "\n".join(other.texts(fresh)), "for the words")
    assert "EDA" not in desk.reads(thread)
    assert desk.store.unbind_group(Staff("王管理", "admin"), datetime.now(UTC)) and desk.store.staff_group() is None


# --- killed ----------------------------------------------------------------------------------------------------------


def staffed(data: Path, group: Group, officer: Person) -> int:
    """A store with a bound group and a linked officer."""
    store, now = SqliteStore(data), datetime.now(UTC)
    staff, boss = hire(store, officer.name, "officer"), hire(store, NAMES["admin"], "admin")
    assert linked_by(store, officer.id, invited(store, staff, now).code, ("{name}", ""), "m0", now) == staff
    assert store.bind_group(Bound(group.id, group.title), boss, "m0", now)
    store.close()
    return staff.id


def served(api: BotApi, data: Path, by: str) -> Server:  # noqa: F811
    """`policydesk serve` with Telegram, by either way."""
    public = {"POLICYDESK_PUBLIC_URL": free_url()} if by == "webhook" else {}
    port = ("--port", public["POLICYDESK_PUBLIC_URL"].rpartition(":")[2]) if public else ()
    return Server(data, *port, POLICYDESK_TELEGRAM_TOKEN=api.token, POLICYDESK_TELEGRAM_API=api.url, **public)


def kill(server: Server) -> None:
    """SIGKILL."""
    server.process.kill()
    server.process.communicate(timeout=60)


def cards(group: Group) -> dict[int, str]:
    """The threads in which a card stands, with all that is written there."""
    texts = {thread: "\n".join(group.texts(thread)) for thread in group.threads}
    return {thread: text for thread, text in texts.items() if "等人接手" in text}


@pytest.mark.parametrize("by", ["polling", "webhook"])
def test_a_kill_between_ticket_and_notice_loses_neither(api: BotApi, tmp_path: Path, by: str) -> None:  # noqa: F811
    """SIGKILL while the group can't be reached: one ticket, its thread after the restart, the talk goes on."""
    group, visitor, officer = api.forum("值守群"), api.person("来访人"), api.person("陈值守")
    staffed(tmp_path / "data", group, officer)
    api.fails("createForumTopic", *[server_error()] * 4)
    first = served(api, tmp_path / "data", by)
    visitor.says("转人工")
    visitor.sees("工单号1001")
    api.until(lambda: api.made("createForumTopic"), "for the first try")
    kill(first)
    assert not cards(group)
    with served(api, tmp_path / "data", by):
        api.until(lambda: cards(group), "for the card")
        (thread,) = group.threads
        officer.says("/take", to=group, topic=thread)
        visitor.sees("已接手")
        officer.says("您好，请讲。", to=group, topic=thread)
        visitor.sees("您好，请讲。")
    store = SqliteStore(tmp_path / "data")
    assert [row.no for row in store.queue()] == [1001]
    store.close()


def test_a_kill_while_a_thread_is_made_leaves_at_worst_two(api: BotApi, tmp_path: Path) -> None:  # noqa: F811
    """The thread is there, its number was never heard: another one has the card, and words in the first go nowhere."""
    group, visitor, officer = api.forum("值守群"), api.person("来访人"), api.person("陈值守")
    staffed(tmp_path / "data", group, officer)
    api.fails("createForumTopic", slow(5))
    first = served(api, tmp_path / "data", "polling")
    visitor.says("转人工")
    api.until(lambda: group.threads, "for the thread")
    (lost,) = group.threads
    kill(first)
    with served(api, tmp_path / "data", "polling"):
        api.until(lambda: cards(group), "for the card")
        assert len(group.threads) == 2 and lost not in cards(group)
        officer.says("有人吗", to=group, topic=lost)
        api.until(lambda: SAYS.no_ticket in "\n".join(group.texts(lost)), "for the sentence")
    assert "有人吗" not in "\n".join(screen.text for screen in visitor.screen())


def test_whenever_it_is_killed_each_visitor_has_one_ticket_and_the_group_knows(api: BotApi, tmp_path: Path) -> None:  # noqa: F811
    """Kills at several moments after the words came in: one ticket each, at least one card, a sentence to everybody."""
    group, officer = api.forum("值守群"), api.person("陈值守")
    staffed(tmp_path / "data", group, officer)
    visitors = []
    for moment in range(6):
        server = served(api, tmp_path / "data", "webhook")
        api.until(lambda: api.world.webhook, "for the webhook")
        visitors.append(api.person(f"来访{moment}"))
        visitors[-1].says("转人工")
        made = len(api.calls)
        api.until(lambda made=made, moment=moment: len(api.calls) >= made + moment, "for the moment")
        kill(server)
    with served(api, tmp_path / "data", "webhook"):
        for visitor in visitors:
            visitor.sees("工单号", within=120)
        api.until(lambda: len(cards(group)) >= len(visitors), "for every card", 40)
    store = SqliteStore(tmp_path / "data")
    rows = store.queue()
    assert len(rows) == len(visitors) == len({row.visitor for row in rows})
    assert all(store.thread(row.no) for row in rows)
    store.close()


# --- the workbench and the set-up ------------------------------------------------------------------------------------


def test_the_workbench_gives_a_code_and_takes_the_link_back(tmp_path: Path) -> None:
    """Shown once, good once; who is linked sees since when; the trail knows; the administrator lets the group go."""
    data = tmp_path / "data"
    hired(data)
    with Server(data) as server, AtDesk(server.url, NAMES["admin"]) as boss:
        page = boss.client.get("/desk/telegram").text
        assert "没有接Telegram机器人" in page and "/desk/telegram" in boss.client.get("/desk/password").text
        found = re.search(r"<code>/link ([A-Z0-9]{4}-[A-Z0-9]{4})</code>", boss.sends("/desk/telegram/code").text)
        assert found and found[1] not in boss.client.get("/desk/telegram").text
        store, now = SqliteStore(data), datetime.now(UTC)
        person = linked_by(store, 77, found[1], ("{name}", ""), "m1", now)
        assert person and person.name == NAMES["admin"] and store.linked(77) == person
        assert store.bind_group(Bound(-5, "值守群"), person, "m2", now)
        page = boss.client.get("/desk/telegram").text
        assert "连着一个Telegram账号" in page and "“值守群”" in page
        boss.sends("/desk/telegram/unlink")
        boss.sends("/desk/telegram/unbind")
        assert store.linked(77) is None and store.staff_group() is None
        acts = {one.action for one in store.trail(Sought(who=NAMES["admin"]), 20)}
        assert {"连上Telegram", "断开Telegram", "绑定值守群", "解除值守群"} <= acts
        store.close()


def test_the_setup_registers_the_groups_commands(api: BotApi, tmp_path: Path) -> None:  # noqa: F811
    """With the group's own scope, beside the menu for everybody; a folder without data is left alone."""
    group, officer = api.forum("值守群"), api.person("陈值守")
    run(tmp_path, "--setup", TELEGRAM_TOKEN=api.token, TELEGRAM_API=api.url)
    assert not api.world.commands_of and not list(tmp_path.glob("*.sqlite3"))
    staffed(tmp_path, group, officer)
    _, out, _ = run(tmp_path, "--setup", TELEGRAM_TOKEN=api.token, TELEGRAM_API=api.url)
    assert "已为值守群“值守群”登记8条命令：/take" in out
    assert {"command": "take", "description": "接手这张工单"} in api.world.commands_of[group.id]
    assert {"command": "help", "description": "看看怎么问"} in api.world.commands
