"""An editor at the knowledge pages, by plain HTTP: drafts, previews, publishes, takes back."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import httpx

from bot.opening import GUIDE
from tests.serving import Server
from tests.staff import NAMES, AtDesk, field

QUESTION, ENTRY = "搞铁牛赊账那个事儿该寻哪个", "8.contact"
RIGHT, WRONG = "方向8 融资租赁：规划处 梁倩倩", "指南正文没有写"
PATIENCE_S = 240


def short_guide(folder: Path, most: int = 40, of_each: int = 12) -> Path:
    """The guide with few of its examples, and some phrasings of each entry, so that it is soon learnt and previewed."""
    made = folder / GUIDE.name
    shutil.copytree(GUIDE, made)
    for kept in (made / "phrasings").glob("*.yaml"):
        entries = re.split(r"^(?=\S)", kept.read_text(encoding="utf-8"), flags=re.MULTILINE)
        kept.write_text("".join("".join(one.splitlines(keepends=True)[: of_each + 1]) for one in entries), "utf-8")
    lines = (made / "examples.yaml").read_text(encoding="utf-8").splitlines()
    (made / "examples.yaml").write_text("\n".join(lines[: most + 2]) + "\n", encoding="utf-8")
    return made


class Asking:
    """Somebody who asks one server by its API."""

    def __init__(self, url: str) -> None:
        # a connection kept open would always be answered by the same worker
        self.client = httpx.Client(base_url=url, timeout=30, headers={"Connection": "close"})

    def asks(self, text: str) -> str:
        """The text of the reply, in a conversation of its own; one too many waits as long as it is told to."""
        while (opened := self.client.post("/api/conversations")).status_code == 429:
            time.sleep(float(opened.headers["Retry-After"]))
        id_ = opened.json()["id"]
        reply = self.client.post(f"/api/conversations/{id_}/messages", json={"text": text}).json()
        return str(reply["text"])

    def hears(self, words: str, text: str = QUESTION) -> None:
        """Ask until the reply holds some words, whichever worker answers."""
        until, said = time.monotonic() + PATIENCE_S, [""]
        while not all(words in one for one in said):
            assert time.monotonic() < until, said
            said = [self.asks(text) for _ in range(4)]


class AtKnowledge(AtDesk):
    """An editor."""

    def __init__(self, server: Server) -> None:
        super().__init__(server.url, NAMES["editor"])

    def drafts(self, text: str = QUESTION, entry: str = ENTRY) -> httpx.Response:
        """A phrasing into the draft."""
        return self.sends("/desk/knowledge/phrasings", text=text, target=entry)

    def previews(self) -> str:
        """The page with the preview that is done."""
        assert self.sends("/desk/knowledge/preview").status_code == 303
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            page = self.client.get("/desk/knowledge/draft").text
            if "正在试" not in page:
                return page
            time.sleep(0.5)
        raise AssertionError("the preview has not ended")

    def misses(self, text: str) -> None:
        """Look at what was not answered until a question is gone from it, whichever worker shows the page."""
        until = time.monotonic() + PATIENCE_S
        while text in (page := self.client.get("/desk/knowledge").text):
            assert time.monotonic() < until, page
            time.sleep(0.2)

    def publishes(self, page: str, note: str = "") -> httpx.Response:
        """What the page has shown."""
        return self.sends("/desk/knowledge/publish", seen=field(page, "seen"), note=note)

    def takes_back(self, number: int, newest: int) -> httpx.Response:
        """To an earlier version."""
        return self.sends(f"/desk/knowledge/versions/{number}/again", newest=str(newest))


def complaint(response: httpx.Response) -> str:
    """What a page complains of."""
    found = re.search(r'class="complaint" role="alert">([^<]*)<', response.text)
    return found[1] if found else ""
