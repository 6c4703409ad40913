"""The API as a district's programmer meets it: ids, replies, faults with a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.api_forms import ReplyForm
from bot.limits import Limit
from bot.problems import Fault
from dialogs.library import Library
from dialogs.messages import Card, Choice, Citation, Figure, Option, Pick, Progress, Question, Reply, Text
from dialogs.turn import respond, start
from tests.conftest import OPEN
from tests.serving import Server


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a real server."""
    with Server(tmp_path_factory.mktemp("api") / "data") as server, httpx.Client(base_url=server.url) as made:
        yield made


@pytest.fixture
def messages(client: httpx.Client) -> str:
    """Where the messages of a new conversation go."""
    return f"/api/conversations/{client.post('/api/conversations').json()['id']}/messages"


def faulty(response: httpx.Response, status: int, says: str) -> None:
    """The response is a problem object with this sentence."""
    assert response.status_code == status and response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == status and says in told["detail"] and set(told) == {"type", "title", "status", "detail"}


def test_a_conversation_goes_on(client: httpx.Client, messages: str) -> None:
    """Words, then a follow-up, then an option of the reply."""
    assert "3000万元" in client.post(messages, json={"text": "流片最多补多少"}).json()["text"]
    reply = client.post(messages, json={"text": "EDA呢"}).json()
    assert "500万元" in reply["text"]
    about = next(option["value"] for option in reply["options"] if option["value"].startswith("ask:"))
    chosen = client.post(messages, json={"choose": about})
    assert chosen.status_code == 200 and chosen.json()["status"] == "answered"


def test_a_repeated_key_is_answered_once(client: httpx.Client, messages: str) -> None:
    """A client that lost the answer sends again under the same key, and the conversation has not moved twice."""
    replies = [
        client.post(messages, json={"text": text}, headers={"Idempotency-Key": "a1"}).json()
        for text in ("流片最多补多少", "别的")
    ]
    assert replies[0] == replies[1]


def test_chinese_is_not_escaped(client: httpx.Client, messages: str) -> None:
    """JSON is UTF-8 as it is."""
    assert "您好" in client.post(messages, json={"text": "你好"}).text


def test_ids_are_not_to_be_guessed(client: httpx.Client) -> None:
    """A conversation that isn't there, and one of another door, are both unknown."""
    for id_ in ("1", "x" * 32):
        faulty(client.post(f"/api/conversations/{id_}/messages", json={"text": "你好"}), 404, "没有这个会话")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "你好", "choose": "overview@2023-batch-1"},
        {"text": 1},
        {"choose": None},
        {"say": "你好"},
        [],
        "你好",
        None,
    ],
    ids=repr,
)
def test_a_body_of_another_form_is_refused(body: object, client: httpx.Client, messages: str) -> None:
    """The sentence shows what would be right."""
    faulty(client.post(messages, json=body), 422, '{"text": "流片最多补多少"}')


def test_json_that_is_none_is_refused(client: httpx.Client, messages: str) -> None:
    """Half an object, and bytes that are no text."""
    for content in (b'{"text": ', b"\xff\xfe"):
        response = client.post(messages, content=content, headers={"content-type": "application/json"})
        assert response.status_code in (400, 422) and response.json()["detail"]


def test_half_of_a_character_does_no_harm(client: httpx.Client, messages: str) -> None:
    """What JSON can carry and no database keeps is answered like any other text that says nothing."""
    for content in (b'{"text": "\\ud800"}', b'{"choose": "\\ud800"}', b'{"text": "\\u0000"}'):
        response = client.post(messages, content=content, headers={"content-type": "application/json"})
        assert response.status_code == 200 and response.json()["text"]


def test_ten_megabytes_get_a_sentence(client: httpx.Client, messages: str) -> None:
    """With a length told ahead, and without one."""

    def pieces() -> Iterator[bytes]:
        for _ in range(160):
            yield b"x" * 65536

    faulty(client.post(messages, content=b"x" * 10_485_760), 413, "一次最多64KB")
    faulty(client.post(messages, content=pieces()), 413, "一次最多64KB")


def test_five_thousand_characters_fit(client: httpx.Client, messages: str) -> None:
    """What is read fits in every spelling of it; a little more gets the reply's own sentence."""
    assert client.post(messages, json={"text": "流" * 5000}).status_code == 200
    assert "5000" in client.post(messages, json={"text": "流" * 5001}).json()["text"]


def test_a_loop_is_slowed_down(client: httpx.Client, messages: str) -> None:
    """The twenty-first message at once is told when to come back; another visitor isn't concerned."""
    responses = [client.post(messages, json={"text": "你好"}) for _ in range(25)]
    slowed = [response for response in responses if response.status_code == 429]
    assert slowed and int(slowed[0].headers["retry-after"]) >= 1
    faulty(slowed[0], 429, "问得太快了")
    other = client.post("/api/conversations").json()["id"]
    assert client.post(f"/api/conversations/{other}/messages", json={"text": "你好"}).status_code == 200


def test_a_limit_fills_again() -> None:
    """Two at once, then one every ten seconds; nobody is kept whose bucket is full."""
    now = [0.0]
    limit = Limit(burst=2, a_minute=6, clock=lambda: now[0])
    limit.take("a")
    limit.take("a")
    limit.take("b")
    with pytest.raises(Fault) as fault:
        limit.take("a")
    assert fault.value.headers == {"Retry-After": "10"}
    now[0] = 10
    limit.take("a")
    with pytest.raises(Fault):
        limit.take("a")


def test_faults_of_the_address(client: httpx.Client) -> None:
    """A page that isn't there and a method that isn't taken."""
    faulty(client.get("/api/nothing"), 404, "没有这一页")
    faulty(client.delete("/api/conversations"), 405, "不接受这种请求方法")
    page = client.get("/nothing", headers={"accept": "text/html"})
    assert page.status_code == 404 and "<h1>没有这一页</h1>" in page.text


def test_every_response_is_guarded(client: httpx.Client) -> None:
    """Pages, calls, files and faults carry the headers; nothing inline, nothing from elsewhere."""
    for path in ("/", "/source", "/static/chat.js", "/openapi.json", "/nothing", "/healthz"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"


def test_the_keeper_sees_figures_and_no_words(client: httpx.Client, messages: str) -> None:
    """Replies by door and status, the time of a turn."""
    client.post(messages, json={"text": "流片最多补多少"})
    told = client.get("/metrics").text
    assert 'policydesk_replies_total{door="api",status="answered"}' in told and "policydesk_turn_seconds_bucket" in told
    assert "流片" not in told


def test_replies_are_of_the_form_that_is_described(library: Library) -> None:
    """Real replies of every kind, and one with every field, are what /openapi.json says."""
    texts = ["流片最多补多少", "你好", "张静电话", "上海怎么补", "融资租赁什么条件", "?????", "海淀找谁", "看全部方向"]
    for text in texts:
        reply = respond(start(library), Text(text), library=library, today=OPEN).reply
        ReplyForm.model_validate(reply.as_json())
    ReplyForm.model_validate(respond(start(library), Choice("x"), library=library, today=OPEN).reply.as_json())
    full = Reply(
        "question", "问？", "not_in_guide", (Citation("g", "一", "引"),), (Card("a", "b", "c", "1", "e"),),
        (Option("看", "overview@g"),), ("1",), ("amount",), 0.1, (Figure("1", "told", "x"),),
        Question("k", "choice", "万元", (Pick("v", "l", "o"),), "why", ("10",)), Progress(1, 2), {"window": "open"},
    )  # fmt: skip
    ReplyForm.model_validate(full.as_json())
