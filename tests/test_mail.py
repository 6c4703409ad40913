"""A named contact is written to and answers: over real HTTP and real SMTP, both ways, with two workers."""

from __future__ import annotations

import smtplib
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.mail import calls
from bot.mail.outbox import AUTOS_KEPT
from bot.sqlite_store import SqliteStore
from tests.posting import LINK, OWN, Postbox, answer_to, free_port, hand_in, report_on, until
from tests.serving import Desk
from tests.store_promise import NOON
from tests.test_desk_tickets import AtDesk, Caller, opened

WANG, FENG, WEI = "wanganran@jxj.beijing.gov.cn", "fenghui@jxj.beijing.gov.cn", "weiyuanyuan@jxj.beijing.gov.cn"
ASKED = "方向1的奖励比例附件1里写的是多少"


class MailDesk(Desk):
    """A desk that writes to a postbox and listens for answers."""

    command = (sys.executable, "-m", "tests.mail_serve")

    def __init__(self, data: Path, box: Postbox, *arguments: str, **environment: str) -> None:
        self.mail_port = free_port()
        settings = {
            "POLICYDESK_SMTP_HOST": "127.0.0.1", "POLICYDESK_SMTP_PORT": str(box.port), "POLICYDESK_SMTP_FROM": OWN,
            "POLICYDESK_SMTP_LISTEN": f"127.0.0.1:{self.mail_port}", "POLICYDESK_PUBLIC_URL": LINK,
        }  # fmt: skip
        super().__init__(data, *arguments, **(settings | environment))


@pytest.fixture(scope="module")
def box() -> Iterator[Postbox]:
    """The mail server of the house."""
    with Postbox(refuses={FENG}) as started:
        yield started


@pytest.fixture(scope="module")
def server(box: Postbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailDesk]:
    """Two workers; two mailboxes are confirmed, 韦园园's is not."""
    data = tmp_path_factory.mktemp("mail") / "data"
    confirm(data, WANG, FENG)
    with MailDesk(data, box, "--workers", "2") as made:
        yield made


def confirm(data: Path, *addresses: str) -> None:
    """As `policydesk mail confirm` does."""
    store = SqliteStore(data)
    assert all(store.confirm_mailbox(address, NOON) for address in addresses)
    store.close()


@pytest.fixture
def li(server: MailDesk) -> AtDesk:
    """An officer."""
    return AtDesk(server, "李明")


def taken(server: MailDesk, li: AtDesk, *said: str) -> tuple[Caller, int]:
    """A caller who has said something, and the number of their ticket, which the officer has."""
    caller = Caller(server)
    for words in said or (ASKED,):
        caller.says(words)
    no = opened(caller)
    assert li.does("claim", no).status_code == 200
    return caller, no


def the_letter(li: AtDesk, no: int, state: str = "sent") -> dict[str, Any]:
    """The only letter of a ticket, once it is in a state."""

    def look() -> dict[str, Any] | None:
        (letter,) = li.sees(no)["mail"]["letters"]
        return letter if letter["state"] == state else None

    return until(look)


def sent(server: MailDesk, li: AtDesk, box: Postbox) -> tuple[Caller, int, EmailMessage]:
    """A letter that has gone out, as it was received."""
    caller, no = taken(server, li)
    assert li.does("mail", no, to=WANG).status_code == 201
    the_letter(li, no)
    return caller, no, box.to(no)[0]


def events(li: AtDesk, no: int) -> list[str]:
    """What stands in the ticket's log."""
    return [one["event"] for one in li.sees(no)["log"]]


# --- out -------------------------------------------------------------------------------------------------------------


def test_a_letter_says_number_question_and_link(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """In Chinese, with nothing of the visitor's case; what it is and to whom it is answered stands in its headers."""
    caller, no = taken(server, li, "测一测方向10", "是", ASKED)
    made = li.does("mail", no, to=WANG).json()
    assert made["mail"]["letters"][0]["contact"] == "电子信息处王安然"
    the_letter(li, no)
    (letter,) = box.to(no)
    body = letter.get_content()
    assert letter["Subject"] == f"政策咨询工单{no}：请您协助答复"
    assert letter["To"].addresses[0].addr_spec == WANG and letter["To"].addresses[0].display_name == "电子信息处王安然"
    assert ASKED in body and f"{LINK}/desk/tickets/{no}" in body and "来访者说的情况" not in body
    token = letter["Message-ID"].split(".")[1].split("@")[0]
    assert letter["Reply-To"].addresses[0].addr_spec == f"zhishou+{no}-{token}@hotline.example"
    assert box.senders[box.messages.index(letter)] == letter["Reply-To"].addresses[0].addr_spec
    assert letter["Auto-Submitted"] == "auto-generated" and len(token) == 32
    assert events(li, no)[-2:] == ["mailed", "mail_sent"]
    assert li.sees(no)["mail"]["letters"][0]["state_name"] == "已发出"
    assert all("王安然" not in (one["reply"] or {}).get("text", "") for one in caller.reads()[-1:])


def test_nobody_is_written_to_before_an_operator_has_confirmed(server: MailDesk, li: AtDesk) -> None:
    """Neither a contact of the tables, nor anybody else, nor by somebody who has not claimed the ticket."""
    caller, no = taken(server, li)
    answer = li.does("mail", no, to=WEI)
    assert answer.status_code == 409 and f"policydesk mail confirm {WEI}" in answer.json()["detail"]
    for stranger in ("a@b.example", f"{WANG}\r\nBcc: a@b.example", "王某某"):
        assert li.does("mail", no, to=stranger).status_code == 422
    assert AtDesk(server, "王芳").does("mail", no, to=WANG).status_code == 409
    assert li.sees(no)["mail"]["letters"] == [] and "mailed" not in str(caller.reads())


def test_a_repeated_act_writes_one_letter(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """The officer's page lost the answer."""
    _, no = taken(server, li)
    for _ in range(3):
        key = {"Idempotency-Key": f"mail-{no}"}
        assert li.client.post(f"/tickets/{no}/mail", json={"to": "王安然"}, headers=key).status_code == 201
    the_letter(li, no)
    assert len(box.to(no)) == 1


def test_the_case_goes_along_when_the_visitor_agrees(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """Asked once, with two options; nothing goes before; afterwards it is known."""
    caller, no = taken(server, li, "测一测方向10", "是")
    made = li.does("mail", no, to=WANG, case=True, text="竣工验收以哪天为准？").json()["mail"]
    assert made["letters"][0]["state_name"] == "等来访者同意" and made["consent_name"] == "已问来访者"
    asked = caller.reads()[-1]["reply"]
    assert [one["label"] for one in asked["options"]] == ["同意", "不同意"] and "电子信息处王安然" in asked["text"]
    answer = caller.client.post(caller.path, json={"choose": asked["options"][0]["value"]})
    assert answer.json() == {"reply": None}
    the_letter(li, no)
    body = box.to(no)[0].get_content().replace("\r\n", "\n")
    assert (
        "问题：\n竣工验收以哪天为准？" in body
        and "来访者说的情况：\n· " in body
        and "智能制造" in body
        and "初步结论" in body
    )
    before = len(caller.reads())
    assert li.does("mail", no, to=WANG, case=True).status_code == 201
    until(lambda: len(box.to(no)) == 2)
    assert "来访者说的情况" in box.to(no)[1].get_content() and len(caller.reads()) == before
    assert li.sees(no)["mail"]["consent_name"] == "同意附上情况" and "agreed" in events(li, no)


def test_without_the_visitors_word_only_the_question_goes(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """不同意, typed; and of what waits for a word when the ticket is closed nothing goes at all."""
    caller, no = taken(server, li, "测一测方向10", "是")
    li.does("mail", no, to=WANG, case=True)
    assert caller.says("不同意。") == {"reply": None}
    letter = the_letter(li, no)
    assert letter["case"] == "" and "来访者说的情况" not in box.to(no)[0].get_content()
    assert li.does("mail", no, to=WANG, case=True).json()["mail"]["letters"][1]["case"] == ""

    caller, no = taken(server, li, "测一测方向10", "是")
    li.does("mail", no, to=WANG, case=True)
    li.does("close", no, text="已答复")
    letter = the_letter(li, no, "dropped")
    assert letter["case"] == "" and box.to(no) == [] and "还没有选" in letter["why"]


def test_a_refused_letter_is_a_bounce(server: MailDesk, li: AtDesk) -> None:
    """The mail server's own words, in the log and beside the letter; it isn't tried again."""
    _, no = taken(server, li)
    li.does("mail", no, to=FENG)
    letter = the_letter(li, no, "bounced")
    assert letter["state_name"] == "被退回" and "550 5.1.1 no such user" in letter["why"]
    assert events(li, no)[-1] == "mail_bounced" and letter["again_at"] is None


# --- back ------------------------------------------------------------------------------------------------------------


def test_an_answer_lands_in_its_ticket(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """As the contact's, without what it quotes; the visitor hears nothing of it; twice is once."""
    caller, no, letter = sent(server, li, box)
    said = len(caller.reads())
    answer = answer_to(letter, "按附件1执行，比例是二成。")
    answer.add_attachment(b"%PDF-1.7 small", maintype="application", subtype="pdf", filename="附件1 节选.pdf")
    answer.add_attachment(b"x" * 3_000_000, maintype="application", subtype="zip", filename="../大.zip")
    to = letter["Reply-To"].addresses[0].addr_spec
    for _ in range(2):
        assert hand_in(server.mail_port, WANG, to, answer) == (250, "")
    shown = the_letter(li, no, "answered")
    (back,) = shown["answers"]
    assert (back["kind"], back["from"], back["sender"]) == ("answer", "电子信息处王安然", WANG)
    assert back["text"] == "按附件1执行，比例是二成。" and not back["other_sender"]
    assert [(one["name"], one["size"]) for one in back["files"]] == [("附件1 节选.pdf", 14), ("大.zip", 3_000_000)]
    assert back["files"][1]["path"] is None
    file = li.client.get(f"{server.url}{back['files'][0]['path']}")
    assert file.content == b"%PDF-1.7 small" and file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert events(li, no)[-1] == "mail_answered" and len(caller.reads()) == said


def test_an_answer_finds_its_ticket_by_what_it_answers_to(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """Where the house's mail server knows one address only; late answers are kept too."""
    _, no, letter = sent(server, li, box)
    li.does("close", no, text="已口头答复")
    answer = answer_to(letter, "补充一句。")
    del answer["From"]
    answer["From"] = "colleague@jxj.beijing.gov.cn"
    assert hand_in(server.mail_port, WANG, OWN, answer) == (250, "")
    (back,) = the_letter(li, no, "answered")["answers"]
    assert back["text"] == "补充一句。" and back["other_sender"]


def test_unknown_and_forged_tokens_are_refused(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """Nobody guesses one; another ticket's number makes it false; we are nobody's relay."""
    _, no, letter = sent(server, li, box)
    true = letter["Reply-To"].addresses[0].addr_spec
    token = true.split("-")[1]
    forged = [f"zhishou+{no}-{'0' * 32}@hotline.example", f"zhishou+{no + 1}-{token}", f"zhishou+{no}@hotline.example"]
    for to in (*forged, "somebody@else.example", "other@hotline.example"):
        with smtplib.SMTP("127.0.0.1", server.mail_port, "mx.example", timeout=60) as client:
            client.ehlo()
            client.mail("a@b.example")
            assert client.rcpt(to)[0] == 550, to
    lone = EmailMessage()
    lone["From"], lone["Subject"] = "a@b.example", "您好"
    lone.set_content("hi")
    assert hand_in(server.mail_port, "a@b.example", OWN, lone)[0] == 550
    assert the_letter(li, no)["answers"] == []


def test_a_later_bounce_is_told(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """A delay first, then the report that it has failed, with its reason."""
    _, no, letter = sent(server, li, box)
    to = letter["Reply-To"].addresses[0].addr_spec
    assert hand_in(server.mail_port, "", to, report_on(letter, "delayed")) == (250, "")
    assert the_letter(li, no)["answers"][0]["kind_name"] == "还没送到"
    assert hand_in(server.mail_port, "", to, report_on(letter)) == (250, "")
    shown = the_letter(li, no, "bounced")
    assert "552 5.2.2 mailbox full" in shown["why"] and events(li, no)[-2:] == ["mail_delayed", "mail_bounced"]


def test_a_loop_of_automatic_answers_ends(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """Each kind is recorded and none is answered; after a few they are refused; an answer still comes through."""
    _, no, letter = sent(server, li, box)
    to, before = letter["Reply-To"].addresses[0].addr_spec, len(box.messages)
    loop = [
        answer_to(letter, Auto_Submitted="auto-replied"),
        answer_to(letter, Precedence="bulk"),
        answer_to(letter, X_Autoreply="yes"),
        answer_to(letter, message_id=letter["Message-ID"]),
    ]
    codes = [hand_in(server.mail_port, WANG, to, one)[0] for one in loop]
    codes += [hand_in(server.mail_port, "", to, answer_to(letter))[0] for _ in range(4)]
    assert codes == [250] * AUTOS_KEPT + [550] * (8 - AUTOS_KEPT)
    assert {one["kind_name"] for one in the_letter(li, no)["answers"]} == {"自动回复"}
    assert hand_in(server.mail_port, WANG, to, answer_to(letter, "真的答复"))[0] == 250
    the_letter(li, no, "answered")
    assert len(box.messages) == before


def test_thirty_megabytes_are_refused(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """At once where the size is told, at the limit where it isn't; the next mail is taken."""
    _, no, letter = sent(server, li, box)
    to = letter["Reply-To"].addresses[0].addr_spec
    large = answer_to(letter).as_bytes() + b"\r\n" + (b"x" * 70 + b"\r\n") * (30 * 1024 * 1024 // 72)
    assert hand_in(server.mail_port, WANG, to, large)[0] == 552
    with smtplib.SMTP("127.0.0.1", server.mail_port, "mx.example", timeout=60) as client:
        client.ehlo()
        client.mail(WANG)  # without SIZE
        client.rcpt(to)
        assert client.data(large)[0] == 552
    assert the_letter(li, no)["answers"] == []
    assert hand_in(server.mail_port, WANG, to, answer_to(letter)) == (250, "")


# --- beside it -------------------------------------------------------------------------------------------------------


def test_a_card_reaches_the_visitor(server: MailDesk, li: AtDesk) -> None:
    """From the officer, with every figure from the tables; who is meant has to be clear."""
    caller, no = taken(server, li)
    assert li.does("card", no, to="王安然").json()["ticket"]["answered"] is None
    reply = caller.reads()[-1]["reply"]
    assert "电子信息处王安然，电话85235681" in reply["text"] and reply["contacts"][0]["email"] == WANG
    assert {one["origin"] for one in reply["origins"]} == {"contact"}
    assert li.does("card", no, to="没有这个人").status_code == 422
    answer = li.does("card", no, to="张静")
    assert answer.status_code == 422 and "不止一位" in answer.json()["detail"]
    assert AtDesk(server, "王芳").does("card", no, to="王安然").status_code == 409
    assert "carded" in events(li, no)


def test_who_erases_their_data_erases_the_letters(server: MailDesk, li: AtDesk, box: Postbox) -> None:
    """With what was answered; who answers after that is told that there is nobody."""
    caller, no, letter = sent(server, li, box)
    to = letter["Reply-To"].addresses[0].addr_spec
    hand_in(server.mail_port, WANG, to, answer_to(letter, "机密答复"))
    the_letter(li, no, "answered")
    assert "已删除" in caller.says("删除我的数据")["text"]
    store = SqliteStore(server.data)
    assert store._all("select body from letter_answers") and store.letters(no) == []
    assert "机密答复" not in str(store._all("select body from letter_answers"))
    store.close()
    assert hand_in(server.mail_port, WANG, to, answer_to(letter))[0] == 550


def test_nobody_writes_without_being_let_in(server: MailDesk) -> None:
    """Every call of mail."""
    routes = [(method, route.path) for route in calls.router.routes for method in route.methods]  # type: ignore[attr-defined]
    assert len(routes) == 3
    for method, path in routes:
        path = path.format(no=1001, answer=1, n=1)
        assert httpx.request(method, server.url + path, json={"to": WANG}).status_code == 401, path


def test_without_a_mail_server_nothing_is_promised(tmp_path: Path) -> None:
    """The officer is told what is missing, and the page too."""
    with Desk(tmp_path / "data") as server:
        li = AtDesk(server, "李明")
        no = li.client.post("/tickets", json={}).json()["ticket"]["no"]
        answer = li.does("mail", no, to=WANG)
        assert answer.status_code == 409 and "POLICYDESK_SMTP_HOST" in answer.json()["detail"]
        assert li.sees(no)["mail"]["open"] is False


def test_a_kill_loses_no_letter(tmp_path: Path) -> None:
    """SIGKILL after it went out, before that is noted; again before it goes out; then it goes, marked as the second."""
    data = tmp_path / "data"
    confirm(data, WANG)
    with Postbox() as box:
        with MailDesk(data, box, HALT="after") as server:
            li = AtDesk(server, "李明")
            no = li.client.post("/tickets", json={}).json()["ticket"]["no"]
            assert li.does("mail", no, to=WANG).status_code == 201
            server.process.wait(60)
        with MailDesk(data, box, HALT="before") as server:
            server.process.wait(60)
        assert len(box.messages) == 1
        with MailDesk(data, box) as server:
            li = AtDesk(server, "李明")
            the_letter(li, no)
            assert events(li, no)[1:] == ["mailed", "mail_again", "mail_again", "mail_sent"]
        first, second = box.messages
        assert first["Message-ID"] == second["Message-ID"]
        assert "可能已经发过一次" not in first.get_content() and "可能已经发过一次" in second.get_content()
