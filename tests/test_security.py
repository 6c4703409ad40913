"""What visitors and contacts may send, against servers over HTTP, Telegram and SMTP: script, forged calls, guesses;
and what is left of somebody who has their data deleted.
"""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sqlite_store import FILE, SqliteStore
from bot.workbench.guard import token_of
from tests.bot_api import BotApi, Person
from tests.posting import OWN, Postbox, answer_to, free_port, hand_in, until
from tests.serving import Server
from tests.staff import NAMES, AtDesk, hired
from tests.store_promise import NOON

WANG = "wanganran@jxj.beijing.gov.cn"
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
SECRET = "暗号甲乙丙丁"


class House:
    """A server with every door open, its mail server, Telegram, and its staff."""

    def __init__(self, data: Path, box: Postbox, api: BotApi) -> None:
        port, self.mail_port = free_port(), free_port()
        hired(data)
        store = SqliteStore(data)
        store.confirm_mailbox(WANG, NOON)
        store.close()
        self.data, self.box, self.api = data, box, api
        self.server = Server(
            data, "--workers", "2", "--port", str(port), POLICYDESK_PUBLIC_URL=f"http://127.0.0.1:{port}",
            POLICYDESK_SMTP_HOST="127.0.0.1", POLICYDESK_SMTP_PORT=str(box.port), POLICYDESK_SMTP_FROM=OWN,
            POLICYDESK_SMTP_LISTEN=f"127.0.0.1:{self.mail_port}", POLICYDESK_TELEGRAM_TOKEN=api.token,
            POLICYDESK_TELEGRAM_API=api.url,
        )  # fmt: skip
        self.url = self.server.url
        self.officer = AtDesk(self.url, NAMES["officer"]).client
        self.officer.headers.update({"x-csrf-token": token_of(self.officer.cookies["desk"]), "accept": "*/*"})

    def does(self, path: str, **body: Any) -> dict[str, Any]:
        """An officer's call."""
        return dict(self.officer.post(f"/api/desk/{path}", json=body).raise_for_status().json())

    def sees(self, no: int) -> dict[str, Any]:
        """A ticket."""
        return dict(self.officer.get(f"/api/desk/tickets/{no}").raise_for_status().json())

    def answered(self, no: int, answer: EmailMessage) -> dict[str, Any]:
        """What a contact's answer looks like in the ticket."""
        to = self.box.to(no)[0]["Reply-To"].addresses[0].addr_spec
        assert hand_in(self.mail_port, WANG, to, answer) == (250, "")
        (back,) = until(lambda: self.sees(no)["mail"]["letters"][0]["answers"])
        return dict(back)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house."""
    with Postbox() as box, BotApi() as api:
        made = House(tmp_path_factory.mktemp("house") / "data", box, api)
        with made.server:
            yield made


class Caller:
    """Somebody at the JSON door."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=60)
        self.path = f"/api/conversations/{self.client.post('/api/conversations').json()['id']}/messages"

    def says(self, text: str) -> dict[str, Any]:
        """The reply."""
        return dict(self.client.post(self.path, json={"text": text}).raise_for_status().json())


def number(text: str) -> int:
    """The ticket that a reply tells of."""
    found = re.search(r"工单号(\d+)", text)
    assert found, text
    return int(found[1])


def told(person: Person) -> str:
    """All on a phone's screen."""
    return "\n".join(screen.whole for screen in person.screen())


def is_harmless(page: httpx.Response) -> None:
    """As a page: words, under a policy that runs no script of theirs; as anything else: never taken for a page."""
    kind = page.headers.get("content-type", "")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["content-security-policy"].startswith(("default-src 'none'", "sandbox"))
    if "html" in kind:
        assert "<script>alert" not in page.text and "<img src=x" not in page.text, page.url
        assert "alert(1)&gt;49" not in page.text
    else:
        assert not kind or kind.partition(";")[0] in (
            "application/json", "application/problem+json", "text/plain", "text/vcard", "application/octet-stream",
        ), (page.url, kind)  # fmt: skip


# --- script ----------------------------------------------------------------------------------------------------------


def test_what_is_sent_in_an_address_is_words(house: House) -> None:
    """Every parameter that a page takes, by somebody who isn't signed in and by each role; faults too."""
    asked = {"quote": SCRIPT, "clause": SCRIPT, "name": SCRIPT, "phone": SCRIPT, "next": SCRIPT, "q": SCRIPT,
             "after": SCRIPT, "who": SCRIPT, "object": SCRIPT, "ticket": SCRIPT, "since": SCRIPT}  # fmt: skip
    paths = (
        "/", "/messages", "/source", "/contact.vcf", "/desk", "/desk/sign-in", "/desk/directory", "/desk/queue",
        "/desk/audit", "/desk/staff", "/desk/mine", "/api/search", "/api/desk/queue", "/api/desk/events", "/healthz",
        f"/{SCRIPT}", f"/sheet/{SCRIPT}", f"/desk/tickets/{SCRIPT}", f"/api/conversations/{SCRIPT}/messages",
    )  # fmt: skip
    clients = [httpx.Client(base_url=house.url, headers={"accept": "text/html"})]
    clients += [AtDesk(house.url, name).client for name in NAMES.values()]
    for client in clients:
        for path in paths:
            is_harmless(client.get(path, params=asked if path != "/api/desk/events" else asked | {"ticket": "x"}))
        client.close()


def test_what_a_visitor_writes_is_words_wherever_it_is_read(house: House) -> None:
    """At every door, in every field; read on the visitor's pages and, by each role, on the desk's."""
    with httpx.Client(base_url=house.url, timeout=60) as page:
        shown = [page.post("/", data={"text": SCRIPT}), page.post("/", data={"choose": SCRIPT, "text": SCRIPT})]
        shown.append(page.post("/messages", data={"text": f"{SCRIPT}二", "update": SCRIPT}))
        shown.append(page.post("/feedback", data={"update": SCRIPT, "useful": SCRIPT}))
        asked = page.post("/messages", data={"text": "转人工"})
        numbers = [number(html.unescape(asked.text))]
        shown += [asked, page.get("/"), page.get("/messages")]
        house.does(f"tickets/{numbers[0]}/claim")
        page.post("/messages", data={"text": SCRIPT})
        house.does(f"tickets/{numbers[0]}/say", text=SCRIPT)
        shown += [page.get("/"), page.get("/messages")]
    caller = Caller(house.url)
    caller.says(SCRIPT)
    numbers.append(number(caller.says("转人工")["text"]))
    shown.append(caller.client.get(caller.path, headers={"accept": "text/html"}))
    person = house.api.person(SCRIPT[:60])
    person.says(SCRIPT)
    person.sees("")
    person.says("转人工")
    person.sees("工单号")
    numbers.append(number(told(person)))
    call = house.does("tickets")["ticket"]["no"]
    house.does(f"tickets/{call}/heard", text=SCRIPT)
    numbers.append(call)
    for no in numbers:
        if no != call:
            house.officer.post(f"/api/desk/tickets/{no}/claim")
        house.does(f"tickets/{no}/note", text=SCRIPT)
        house.does(f"tickets/{no}/suggest", text=SCRIPT)
    paths = ["/desk", "/desk/queue", "/desk/mine", "/desk/audit", "/desk/directory", "/api/desk/queue",
             "/api/desk/chats", "/api/desk/closed"]  # fmt: skip
    for name in NAMES.values():
        with AtDesk(house.url, name) as one:
            shown += [one.client.get(path, params={"q": SCRIPT}) for path in paths]
            shown += [one.client.get(f"/desk/tickets/{no}") for no in numbers]
            shown += [one.client.get(f"/api/desk/tickets/{no}") for no in numbers]
    house.does(f"tickets/{numbers[0]}/close", text=SCRIPT)
    shown += [
        AtDesk(house.url, NAMES["officer"]).client.get(path) for path in ("/desk/queue", f"/desk/tickets/{numbers[0]}")
    ]
    for one in shown:
        is_harmless(one)
    assert sum("&lt;script&gt;alert" in one.text for one in shown) > 10
    assert not house.api.refusals


def test_what_a_contact_writes_is_words_and_files_are_files(house: House) -> None:
    """Sender, text and names of what is attached; a page that is attached is never shown as one, to nobody."""
    caller = Caller(house.url)
    caller.says("流片最多补多少")
    no = number(caller.says("转人工")["text"])
    house.does(f"tickets/{no}/claim")
    house.does(f"tickets/{no}/mail", to=WANG)
    answer = answer_to(until(lambda: house.box.to(no))[0], SCRIPT)
    answer.add_attachment(SCRIPT.encode(), maintype="text", subtype="html", filename=f'a"; x={SCRIPT}.html')
    back = house.answered(no, answer)
    assert SCRIPT in back["text"]
    path = back["files"][0]["path"]
    file = house.officer.get(path)
    is_harmless(file)
    assert file.headers["content-type"] == "application/octet-stream" and file.content == SCRIPT.encode()
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", file.headers["content-disposition"])
    is_harmless(AtDesk(house.url, NAMES["officer"]).client.get(f"/desk/tickets/{no}"))
    for stranger in (httpx.Client(), caller.client, httpx.Client(cookies={"conversation": caller.path.split("/")[3]})):
        assert stranger.get(f"{house.url}{path}").status_code == 401


# --- forged calls and guesses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/messages", "/feedback", "/new", "/typing"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_speaks_for_nobody(path: str, site: str, house: House) -> None:
    """Nor does it put a conversation of its own in the place of the visitor's, or take theirs away."""
    with httpx.Client(base_url=house.url, timeout=60) as page:
        page.post("/", data={"text": "流片最多补多少"})
        key = page.cookies["conversation"]
        forged = page.post(
            path, data={"text": "转人工"}, headers={"sec-fetch-site": site, "origin": "https://e.example"}
        )
        assert forged.status_code == 403 and "set-cookie" not in forged.headers and "没有收下" in forged.text
        assert page.cookies["conversation"] == key and "工单" not in page.get("/messages").text
        own = page.post(path, data={"text": "你好"}, headers={"sec-fetch-site": "same-origin"})
        assert own.status_code != 403


def test_conversations_guessed_at_speed_are_throttled(tmp_path: Path) -> None:
    """By reading or writing; whoever has one at the same address goes on."""
    with Server(tmp_path / "data") as server:
        caller = Caller(server.url)
        met = [httpx.get(f"{server.url}/api/conversations/{n:032}/messages").status_code for n in range(12)]
        body = {"text": "你好"}
        met += [
            httpx.post(f"{server.url}/api/conversations/{n:032}/messages", json=body).status_code for n in range(18)
        ]
        assert met[:20] == [404] * 20 and met[-1] == 429
        assert caller.says("你好")["status"] == "notice"


# --- deleted ---------------------------------------------------------------------------------------------------------


def counted(data: Path) -> dict[tuple[str, ...], int]:
    """What is counted: messages by day, door and direction, tickets by reason."""
    db = sqlite3.connect(data / FILE)
    days = db.execute(
        "select date(at, '+8 hours'), door, direction, count(*) from messages group by 1, 2, 3"
    ).fetchall()
    tickets = db.execute("select 'ticket', door, reason, count(*) from tickets group by 2, 3").fetchall()
    db.close()
    return {tuple(map(str, row[:3])): row[3] for row in (*days, *tickets)}


def traces(data: Path) -> int:
    """How often the words stand in any of the store's files, byte for byte."""
    files = [path for path in data.iterdir() if path.is_file()]
    return sum(path.read_bytes().count(SECRET.encode()) for path in files)


def test_who_is_deleted_leaves_no_byte(house: House) -> None:
    """Talk, ticket, note, reasons, letter and what came back: gone from every file; receipt and counts stay."""
    caller = Caller(house.url)
    caller.says(f"我们是{SECRET}公司，流片最多补多少")
    no = number(caller.says("转人工")["text"])
    house.does(f"tickets/{no}/claim")
    caller.says(f"我是{SECRET}的")
    house.does(f"tickets/{no}/say", text=f"{SECRET}您好")
    house.does(f"tickets/{no}/note", text=f"{SECRET}急")
    house.does(f"tickets/{no}/mail", to=WANG, text=f"{SECRET}问比例")
    answer = answer_to(until(lambda: house.box.to(no))[0], f"答{SECRET}")
    answer.add_attachment(SECRET.encode(), maintype="application", subtype="pdf", filename=f"{SECRET}.pdf")
    house.answered(no, answer)
    db = sqlite3.connect(house.data / FILE)
    db.execute("pragma wal_checkpoint")  # so that some of it stands in the one file, and some in the other
    db.close()
    house.does(f"tickets/{no}/release", text=f"{SECRET}找别人")
    assert traces(house.data)
    before = counted(house.data)
    receipt = re.search(r"回执号([A-Z0-9]{10})", caller.says("删除我的数据")["text"])
    assert receipt
    until(lambda: traces(house.data) == 0)
    changed = {key: after - before[key] for key, after in counted(house.data).items() if after != before[key]}
    assert list(changed.values()) == [1, 1] and {key[1:] for key in changed} == {("api", "in"), ("api", "out")}
    shown = str(house.sees(no))
    assert SECRET not in shown and "erased" in shown
    store = SqliteStore(house.data)
    assert store.erasure(receipt[1])
    store.close()
    assert SECRET not in str(caller.client.get(caller.path).json())
