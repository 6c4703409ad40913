"""Tickets over real HTTP, with two workers: a visitor, officers, what each of them is shown and told."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, expect

from bot.sqlite_store import SqliteStore
from bot.workbench import queue
from tests import browsing
from tests.browsing import Visitor
from tests.serving import Desk
from tests.staff import hire
from tests.store_promise import NOON

SECRET = "备注：对方语气急，先安抚"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Two workers over one store; one colleague with an account, one whose account is disabled, one still to come."""
    data = tmp_path_factory.mktemp("desk") / "data"
    store = SqliteStore(data)
    hire(store, "王芳", "officer")
    assert store.disable(hire(store, "孙离职", "officer").id, NOON)
    assert store.add_staff("周新来", "officer", NOON)
    store.close()
    with Desk(data, "--workers", "2") as made:
        yield made


class Caller:
    """Somebody who asks over the API."""

    def __init__(self, server: Desk) -> None:
        self.client = httpx.Client(base_url=server.url, timeout=60)
        self.path = f"/api/conversations/{self.client.post('/api/conversations').json()['id']}/messages"

    def says(self, text: str) -> dict[str, Any]:
        """The reply to a text; `{"reply": null}` while an officer has the conversation."""
        return dict(self.client.post(self.path, json={"text": text}).raise_for_status().json())

    def reads(self) -> list[dict[str, Any]]:
        """The whole conversation."""
        return list(self.client.get(self.path).raise_for_status().json()["messages"])


class AtDesk:
    """An officer, by name."""

    def __init__(self, server: Desk, name: str) -> None:
        headers = {"x-officer": quote(name)}
        self.client = httpx.Client(base_url=f"{server.url}/api/desk", headers=headers, timeout=60)

    def does(self, act: str, no: int, **body: Any) -> httpx.Response:
        """POST an act on a ticket."""
        return self.client.post(f"/tickets/{no}/{act}", json=body)

    def sees(self, no: int) -> dict[str, Any]:
        """A ticket."""
        return dict(self.client.get(f"/tickets/{no}").raise_for_status().json())


@pytest.fixture
def li(server: Desk) -> AtDesk:
    """An officer."""
    return AtDesk(server, "李明")


@pytest.fixture
def wang(server: Desk) -> AtDesk:
    """Another."""
    return AtDesk(server, "王芳")


def opened(caller: Caller) -> int:
    """A ticket of a caller's, and its number as the reply says it."""
    reply = caller.says("转人工")
    assert reply["status"] == "handover"
    return int(reply["text"].split("工单号")[1][:4])


def test_nobody_comes_to_the_desk_without_being_let_in(server: Desk) -> None:
    """Every call of the desk."""
    routes = [(method, route.path) for route in queue.router.routes for method in route.methods]  # type: ignore[attr-defined]
    assert len(routes) > 12
    for method, path in routes:
        answer = httpx.request(method, server.url + path.replace("{no}", "1001"), json={})
        assert answer.status_code == 401, (method, path, answer.status_code)


def test_a_conversation_is_handed_over_and_back(server: Desk, li: AtDesk) -> None:
    """Number at once; the officer knows all of it; the assistant is silent meanwhile; back at the same question."""
    caller = Caller(server)
    caller.says("测一测方向10")
    asked = caller.says("是")["question"]["fact"]
    no = opened(caller)
    assert no in [one["no"] for one in li.client.get("/queue").json()["tickets"]]
    assert caller.says("方向1最多补多少")["status"] == "answered"  # while it only waits

    shown = li.does("claim", no).json()
    assert shown["ticket"]["state"] == "taken" and shown["ticket"]["holder"] == "李明"
    assert shown["package"]["facts"] == ["是符合标准的智能制造项目"] or shown["package"]["facts"]
    assert [one["branch"] for one in shown["package"]["verdicts"]] == ["10"]
    assert any("智能制造" in one["quote"] for one in shown["package"]["clauses"])

    assert caller.says("2022年9月竣工的算不算") == {"reply": None}
    shown = li.sees(no)
    assert shown["package"]["unanswered"] == "2022年9月竣工的算不算"
    assert shown["package"]["suggestion"]["text"] and "visitor" not in shown["ticket"]

    assert li.does("note", no, text=SECRET).status_code == 201
    assert li.does("say", no, text="算的，2022年内竣工都在范围里。").status_code == 200
    words = caller.reads()[-1]
    assert words["text"] is None and "工作人员：算的" in words["reply"]["text"]

    assert li.does("close", no, text="已答复").json()["ticket"]["state"] == "closed"
    last = caller.reads()[-1]["reply"]
    assert "解决了吗" in last["text"] and last["question"]["fact"] == asked
    assert caller.says("解决了")["question"]["fact"] == asked
    assert li.sees(no)["ticket"]["helped"] is True
    assert SECRET not in str(caller.reads())
    assert [one["text"] for one in li.sees(no)["notes"]] == [SECRET]


def test_of_two_officers_one_gets_it(server: Desk, li: AtDesk, wang: AtDesk) -> None:
    """At the same moment, through two workers; the other is told who has it, and can neither speak nor close."""
    for _ in range(5):
        no = opened(Caller(server))
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda officer, no=no: officer.does("claim", no), (li, wang)))  # type: ignore[misc]
        assert sorted(one.status_code for one in answers) == [200, 409]
        loser = answers[0] if answers[0].status_code == 409 else answers[1]
        winner, other = (li, wang) if answers[0].status_code == 200 else (wang, li)
        assert ("李明" if winner is li else "王芳") in loser.json()["detail"]
        assert other.does("say", no, text="我来").status_code == 409
        assert other.does("close", no).status_code == 409
        assert winner.does("claim", no).status_code == 200  # again changes nothing
        assert winner.does("close", no).status_code == 200


def test_a_repeated_act_is_done_once(server: Desk, li: AtDesk) -> None:
    """An officer's page that lost the answer sends it again."""
    caller = Caller(server)
    no = opened(caller)
    li.does("claim", no)
    for _ in range(3):
        again = li.client.post(f"/tickets/{no}/say", json={"text": "请稍等。"}, headers={"Idempotency-Key": "k1"})
        assert again.status_code == 200
    assert sum("请稍等" in (one["reply"] or {}).get("text", "") for one in caller.reads()) == 1
    for _ in range(2):  # also the last thing that can be done with a ticket
        again = li.client.post(f"/tickets/{no}/close", json={"text": "已答复"}, headers={"Idempotency-Key": "k2"})
        assert (again.status_code, again.json()["ticket"]["state"]) == (200, "closed")
    assert li.client.post(f"/tickets/{no}/close", json={}, headers={"Idempotency-Key": "k3"}).status_code == 409


def test_a_note_that_is_sent_again_is_kept_once(server: Desk, li: AtDesk, wang: AtDesk) -> None:
    """By the call, and by the page's form, where other words are another note; the trail has each once."""
    no = opened(Caller(server))
    for officer in (li, li, wang):
        sent = officer.client.post(f"/tickets/{no}/note", json={"text": SECRET}, headers={"Idempotency-Key": "n1"})
        assert sent.status_code == 201
    page = httpx.Client(base_url=server.url, headers=li.client.headers, timeout=30)
    for text in ("待回电", "待回电", "已回电"):
        assert page.post(f"/desk/tickets/{no}/note", data={"text": text, "key": "f1"}).status_code == 303
    assert [one["text"] for one in li.sees(no)["notes"]] == [SECRET, SECRET, "待回电", "已回电"]


def test_a_first_message_that_is_sent_again_opens_one_ticket(server: Desk, li: AtDesk) -> None:
    """The answer was lost, and the cookie with it, also for who has no script; another page is another visitor."""
    name, before = secrets.token_urlsafe(16), len(li.client.get("/queue").json()["tickets"])
    sent = [httpx.post(server.url + path, data={"text": "转人工", "update": name}) for path in ("/messages", "/", "/")]
    numbers = {re.findall(r"工单号(\d+)", one.text)[0] for one in sent}
    assert len(numbers) == 1 == len({one.cookies["conversation"] for one in sent})
    assert len(li.client.get("/queue").json()["tickets"]) == before + 1
    other = httpx.post(f"{server.url}/messages", data={"text": "转人工", "update": secrets.token_urlsafe(16)})
    weak = [httpx.post(f"{server.url}/messages", data={"text": "转人工", "update": "u1"}) for _ in range(2)]
    assert len({one.cookies["conversation"] for one in (sent[0], other, *weak)}) == 4


def test_many_open_tickets_at_once_and_each_gets_its_own(server: Desk) -> None:
    """Numbers are never given twice; asking again gives the same one."""
    callers = [Caller(server) for _ in range(12)]
    with ThreadPoolExecutor(12) as crowd:
        numbers = list(crowd.map(opened, callers))
    assert len(set(numbers)) == 12
    assert f"工单{numbers[0]}还在排队" in callers[0].says("找人工")["text"]


def test_who_leaves_gives_theirs_back(server: Desk, wang: AtDesk) -> None:
    """The visitor is told, and has the assistant again."""
    caller = Caller(server)
    no = opened(caller)
    wang.does("claim", no)
    assert no in wang.client.post("/leave").json()["given_back"]
    assert "先离开了" in caller.reads()[-1]["reply"]["text"]
    assert "3000万元" in caller.says("流片最多补多少")["text"]


def test_a_ticket_is_transferred(server: Desk, li: AtDesk, wang: AtDesk) -> None:
    """It waits for the colleague by name."""
    no = opened(Caller(server))
    li.does("claim", no)
    moved = li.does("transfer", no, to="王芳", text="她管方向10").json()["ticket"]
    assert (moved["state"], moved["addressed"], moved["holder"]) == ("waiting", "王芳", "")
    assert wang.does("claim", no).json()["ticket"]["holder"] == "王芳"
    assert [one["event"] for one in li.sees(no)["log"]] == ["opened", "claimed", "transferred", "claimed"]


@pytest.mark.parametrize(
    ("to", "says"), [("没有这人", "没有“没有这人”这位同事"), ("孙离职", "已停用"), ("周新来", "还没有登录过")]
)
def test_a_ticket_goes_to_nobody_who_cannot_have_it(server: Desk, li: AtDesk, to: str, says: str) -> None:
    """One sentence, and it stays where it is; a name's width and case don't matter where it is right."""
    no = opened(Caller(server))
    li.does("claim", no)
    refused = li.does("transfer", no, to=to)
    assert refused.status_code == 422 and says in refused.json()["detail"]
    assert li.sees(no)["ticket"]["holder"] == "李明"
    assert li.does("transfer", no, to=" 王芳 ").json()["ticket"]["addressed"] == "王芳"


def test_an_officer_takes_a_conversation_over(server: Desk, li: AtDesk) -> None:
    """Found by its number; the visitor is told, and a second officer is told who has it."""
    caller = Caller(server)
    caller.says("流片最多补多少，话题甲")
    chat = next(one for one in li.client.get("/chats").json()["chats"] if "话题甲" in one["words"])
    made = li.client.post("/tickets", json={"chat": chat["chat"]})
    assert made.status_code == 201 and made.json()["ticket"]["reason"] == "called"
    assert "工作人员来接着答您" in caller.reads()[-1]["reply"]["text"]
    assert caller.says("EDA呢") == {"reply": None}
    again = li.client.post("/tickets", json={"chat": chat["chat"]})
    assert again.status_code == 409 and "李明" in again.json()["detail"]


def test_a_phone_call_is_a_ticket_too(server: Desk, li: AtDesk, wang: AtDesk) -> None:
    """The interview runs for the caller: what they say goes in, what to ask next comes out; several at once."""
    first, second = (li.client.post("/tickets", json={}).json()["ticket"]["no"] for _ in range(2))
    asked = li.does("heard", first, text="想测一测方向10").json()["package"]["suggestion"]
    assert asked["question"]["fact"] == "is_smart_mfg_project"
    shown = li.does("heard", first, choose="true").json()["package"]
    assert shown["suggestion"]["question"]["fact"] == "completion_date" and len(shown["facts"]) == 1
    answer = li.does("heard", second, text="海淀区找谁").json()["package"]["suggestion"]
    assert "88499349" in answer["text"]
    assert wang.does("heard", first, text="是").status_code == 409
    assert li.does("close", first, text="已口头答复").json()["ticket"]["outcome"] == "已口头答复"


def test_what_is_wrong_is_said(server: Desk, li: AtDesk) -> None:
    """A number that isn't there, words that are none, an act out of turn."""
    assert "没有工单9" in li.client.get("/tickets/9").json()["detail"]
    no = opened(Caller(server))
    assert li.does("say", no, text="").status_code == 422
    assert "请先接手" in li.does("say", no, text="您好").json()["detail"]
    assert "不用退回" in li.does("release", no).json()["detail"]


# --- the web chat ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser."""
    with browsing.browser() as started:
        yield started


@pytest.mark.parametrize("width", [390, 1280])
def test_an_officers_words_come_to_the_page(server: Desk, li: AtDesk, chromium: Browser, width: int) -> None:
    """Without a reload, whichever worker has the page; then the assistant again."""
    visitor = Visitor(chromium, server.url, width)
    visitor.says("流片最多补多少")
    visitor.says("转人工")
    no = int(visitor.reply.split("工单号")[1][:4])
    visitor.shoot(f"handover-{width}")
    li.does("claim", no)
    expect(visitor.page.locator(".reply").last).to_contain_text("已接手")
    visitor.says("比例到底多少")
    expect(visitor.page.locator(".handed").last).to_be_visible()
    li.does("say", no, text="要看附件1，我发您链接。")
    expect(visitor.page.locator(".reply").last).to_contain_text("要看附件1")
    li.does("close", no)
    expect(visitor.page.locator(".reply").last).to_contain_text("解决了吗")
    visitor.shoot(f"closed-{width}")
    visitor.taps("解决了")
    assert "谢谢" in visitor.reply
    visitor.leaves()


# --- killed ----------------------------------------------------------------------------------------------------------


def test_a_kill_between_ticket_and_reply_leaves_both_or_neither(tmp_path: Path) -> None:
    """SIGKILL in the midst of the transaction: neither is there; the next start takes the message up, both are."""
    data = tmp_path / "data"
    with Desk(data, HALT="commit") as server:
        path = f"{server.url}/api/conversations/{httpx.post(f'{server.url}/api/conversations').json()['id']}/messages"
        with pytest.raises(httpx.HTTPError):
            httpx.post(path, json={"text": "转人工"}, headers={"Idempotency-Key": "one"}, timeout=60)
        server.process.wait(60)
    store = SqliteStore(data)
    visitor = f"api:{path.split('/')[-2]}"
    assert store.queue() == [] and store.transcript(visitor, 9) == [] and store.crowd(visitor) == 1
    store.close()
    with Desk(data) as server:
        again = httpx.post(
            f"{server.url}/{path.split('/', 3)[3]}", json={"text": "转人工"}, headers={"Idempotency-Key": "one"}
        )
        assert "工单号1001" in again.json()["text"]
    store = SqliteStore(data)
    assert [row.no for row in store.queue()] == [1001] and len(store.transcript(visitor, 9)) == 1
    store.close()
