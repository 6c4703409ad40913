"""Publishing and taking back on real servers: every worker answers anew, whatever dies in between."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sqlite_store import SqliteStore
from bot.workbench.knowledge_store import Version
from bot.workbench.staff_store import Sought
from knowledge.overlay import Overlay, written
from tests.forking import POLICYDESK, ran
from tests.publishing import ENTRY, QUESTION, RIGHT, WRONG, Asking, AtKnowledge, complaint, short_guide
from tests.serving import BARE, Server
from tests.staff import hired


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide with few examples."""
    return short_guide(tmp_path_factory.mktemp("guide"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A store with its staff."""
    hired(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def server(data: Path, guide: Path) -> Iterator[Server]:
    """Two workers."""
    with Server(data, "--workers", "2", POLICYDESK_KNOWLEDGE=str(guide)) as started:
        yield started


def test_what_is_published_in_one_process_is_answered_by_all(server: Server, data: Path, guide: Path) -> None:
    """Two workers and a service of its own: anew within seconds, and as before once it is taken back."""
    with Server(data, POLICYDESK_KNOWLEDGE=str(guide)) as second, AtKnowledge(server) as editor:
        both = [Asking(server.url), Asking(second.url)]
        assert all(WRONG in one.asks(QUESTION) for one in both)
        assert QUESTION in editor.client.get("/desk/knowledge").text
        assert editor.drafts().status_code == 303
        page = editor.previews()
        assert "变了" in page and QUESTION in page and "梁倩倩" in page
        made = editor.publishes(page, "租赁的口语")
        assert (made.status_code, made.headers["location"]) == (303, "/desk/knowledge/versions")
        for one in both:
            one.hears(RIGHT)
        editor.misses(QUESTION)
        settings = {"POLICYDESK_DATA": str(data), "POLICYDESK_KNOWLEDGE": str(guide)}
        assert RIGHT in ran([POLICYDESK, "ask", QUESTION], env=BARE | settings)[1]
        listed = editor.client.get("/desk/knowledge/versions").text
        assert "第1版" in listed and "李编辑" in listed and "租赁的口语" in listed and f"加了“{QUESTION}”" in listed
        assert editor.takes_back(0, 1).status_code == 303
        for one in both:
            one.hears(WRONG)
        assert editor.takes_back(1, 2).status_code == 303
        both[1].hears(RIGHT)
    store = SqliteStore(data)
    assert [(one.number, one.again) for one in store.versions()] == [(3, 1), (2, 0), (1, None)]
    done = [one.action for one in store.trail(Sought(who="李编辑"), 99)]
    assert {"看问不上来的", "加进草稿", "预览草稿", "发布知识", "退回知识"} <= set(done)
    assert not any(QUESTION in one.object for one in store.trail(Sought(), 99))
    store.close()


def test_a_service_that_starts_later_serves_the_newest(data: Path, guide: Path) -> None:
    """From its first answer on; one whose overlay stands no proof serves the guide alone, says so, and goes on."""
    store = SqliteStore(data)
    document = written(Overlay(phrasings={ENTRY: (QUESTION,)}))
    store.publish(Version(1, datetime.now(UTC), "李编辑", "", document), [])
    with Server(data, "--workers", "2", POLICYDESK_KNOWLEDGE=str(guide)) as server:
        assert RIGHT in Asking(server.url).asks(QUESTION)
        store.publish(Version(2, datetime.now(UTC), "李编辑", "", 'phrasings: {"99.x": [这个方向找谁]}'), [])
        Asking(server.url).hears(WRONG)
        with AtKnowledge(server) as editor:
            page = editor.client.get("/desk/knowledge/versions").text
            assert "最新这一版用不上了" in page and "没有“99.x”这一条" in page
            assert editor.takes_back(1, 2).status_code == 303
        Asking(server.url).hears(RIGHT)
        status, _, errors = server.end()
    assert status == 0 and "没有“99.x”这一条" in errors and "Traceback" not in errors
    broken = Version(4, datetime.now(UTC), "李编辑", "", 'aliases: {"8": [租机器补贴]')
    assert store.publish(broken, [])
    store.close()
    with Server(data, POLICYDESK_KNOWLEDGE=str(guide)) as server:
        assert WRONG in Asking(server.url).asks(QUESTION)
        assert "先按指南本身回答" in server.end()[2]


@pytest.mark.parametrize("halt", ["before", "after"])
def test_killed_in_the_midst_of_publishing_it_is_the_old_or_the_new(halt: str, data: Path, guide: Path) -> None:
    """SIGKILL with the version half written, or just committed: the next service has all of it or nothing."""

    class Killed(Server):
        command = (sys.executable, "-m", "tests.knowledge_serve")

    root = str(Path(__file__).parent.parent)
    with Killed(data, POLICYDESK_KNOWLEDGE=str(guide), HALT=halt, PYTHONPATH=root) as server:
        with AtKnowledge(server) as editor:
            editor.drafts()
            page = editor.previews()
            with pytest.raises(Exception, match=r"disconnected|reset"):
                editor.publishes(page)
        assert server.process.wait(60) == -9
    store = SqliteStore(data)
    assert [one.number for one in store.versions()] == ([1] if halt == "after" else [])
    assert len(store.drafts()) == (0 if halt == "after" else 1)
    store.close()
    with Server(data, POLICYDESK_KNOWLEDGE=str(guide)) as server:
        assert (RIGHT if halt == "after" else WRONG) in Asking(server.url).asks(QUESTION)


def test_nothing_is_published_that_was_not_seen(server: Server) -> None:
    """A draft that was changed since is to be previewed again; so is one that was never tried, or a page too old."""
    with AtKnowledge(server) as editor, AtKnowledge(server) as other:
        assert "草稿和现在用的一样" in complaint(editor.sends("/desk/knowledge/preview"))
        editor.drafts()
        seen = re.search(r'name="seen" value="(\w*)"', editor.client.get("/desk/knowledge/draft").text)
        assert seen is None
        page = editor.previews()
        other.drafts("租赁机器的事打给谁")
        assert "请再预览一次" in complaint(editor.publishes(page))
        assert complaint(editor.sends("/desk/knowledge/publish", seen="x")) != ""
        assert "没有这个更早的版本" in complaint(editor.takes_back(7, 0))
        assert "看过再退回" in complaint(editor.takes_back(0, 7))


def test_what_may_not_be_drafted_is_told(server: Server) -> None:
    """In one sentence on the page; nothing of it is kept."""
    with AtKnowledge(server) as editor:
        assert "已经在“8:who”下面" in complaint(editor.drafts("租厂房算融资租赁补贴吗", "9.contact"))
        assert "没有“.”这一条" in complaint(editor.sends("/desk/knowledge/phrasings", text="租设备找谁"))
        wrong = {"who": "person:0", "phone": "123", "since": "2026-11-20", "source": "来函"}
        assert "8位号码" in complaint(editor.sends("/desk/knowledge/contacts", **wrong))
        right = wrong | {"phone": "55578000"}
        for given, says in (
            ({"since": "2999-01-01"}, "还没有到"),
            ({"since": "x"}, "读不懂"),
            ({"who": ""}, "先选要更正的人"),
            ({"phone": ""}, "没有写改什么"),
            ({"source": ""}, "没有写来源"),
        ):
            assert says in complaint(editor.sends("/desk/knowledge/contacts", **(right | given)))
        assert "草稿里的改动（0处）" in editor.client.get("/desk/knowledge/draft").text
        assert editor.sends("/desk/knowledge/draft/77/remove").status_code == 404
        editor.drafts()
        assert "已经是这样了" in complaint(editor.drafts())
