"""The search of one process: the index over the guide with what was put in from outside, and the sheets of a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from bot.page import copied, source_link
from dialogs.library import Library
from dialogs.reading_out import Sheet, sheet
from knowledge.placing import Spelled
from knowledge.searchable import entries_of
from knowledge.searching import Answer, Entry, Found, Index, Matched

LABELS = {
    "direction": "方向",
    "district": "区",
    "office": "处室",
    "person": "联系人",
    "rule": "规则",
    "branch": "分支",
    "topic": "方面",
    "attachment": "附件",
    "provision": "条文",
    "term": "怎么算",
    "clause": "原文",
    "canned": "常用语",
    "phrasing": "问法",
    "ticket": "工单",
}
WHERE = {"whole": "就是这个名称", "begins": "在名称开头", "inside": "在名称里"}
BY = {"characters": "", "pinyin": "（拼音）", "initials": "（首字母）"}


class Searcher:
    """Finds, and tells of each hit what is to be said; made anew when another library is served.

    `put` and `drop` are for tickets, canned texts and phrasings; they are kept when the library changes.
    """

    def __init__(self, library: Callable[[], Library], today: Callable[[], date]) -> None:
        self._library, self._today = library, today
        self._others: dict[str, Entry] = {}
        self._held: Library | None = None
        self._making = asyncio.Lock()
        self._index: Index
        self._source: Spelled
        self._sheets: dict[str, Sheet] = {}
        self._day: date | None = None

    async def ready(self) -> Searcher:
        """With the index over the library that is served now; the first time it takes about a second, off the loop."""
        async with self._making:
            if self._held is not self._library():
                await asyncio.to_thread(self.make)
        return self

    def make(self) -> None:
        """Make the index."""
        library = self._library()
        index = Index(entries_of(library.guide, library.finder.lexicon), library.finder.speller.simplified)
        for entry in list(self._others.values()):
            index.add(entry)
        self._index, self._source, self._held, self._sheets = index, Spelled(library.guide.source), library, {}

    def put(self, entries: Iterable[Entry]) -> None:
        """Put in entries from outside, or those with the same ids anew."""
        for entry in entries:
            self._others[entry.id] = entry
            if self._held is not None:
                self._index.add(entry)

    def drop(self, ids: Iterable[str]) -> None:
        """Take entries from outside out again."""
        for id_ in ids:
            if self._others.pop(id_, None) and self._held is not None:
                self._index.remove(id_)

    def search(self, query: str, limit: int = 12) -> dict[str, Any]:
        """The answer object of `GET /api/search`."""
        answer: Answer = self._index.search(query, limit)
        return {
            "q": query,
            "hits": [self._hit(found) for found in answer.found],
            "unanswered": list(answer.unanswered),
        }

    def _hit(self, found: Found) -> dict[str, Any]:
        entry = found.entry
        told = {"id": entry.id, "kind": entry.kind, "label": LABELS[entry.kind], "title": entry.title}
        told |= {"under": entry.under, "why": "，".join(map(_why, found.matched))}
        return told | (_from_outside(entry) if entry.id in self._others else _drawn(self._sheet(entry)))

    def _sheet(self, entry: Entry) -> Sheet:
        assert self._held
        today = self._today()
        if today != self._day:
            self._sheets, self._day = {}, today
        if entry.id not in self._sheets:
            self._sheets[entry.id] = sheet(entry, self._held, self._source, today)
        return self._sheets[entry.id]


def _why(matched: Matched) -> str:
    return f"“{matched.token}”{WHERE[matched.where] if matched.named else '在内容里'}{BY[matched.by]}"


def _from_outside(entry: Entry) -> dict[str, Any]:
    return {
        "heard": "", "written": entry.says, "state": "", "clause": None, "contacts": [], "origins": [],
        "link": entry.link,
    }  # fmt: skip


def _drawn(one: Sheet) -> dict[str, Any]:
    place, look = one.passage, one.look
    clause = place and {
        "label": place.clause,
        "quote": look.quote if look else "",
        "before": place.before,
        "marked": place.marked,
        "after": place.after,
        "start": place.start,
        "end": place.end,
    }
    return {
        "heard": one.heard,
        "written": one.written,
        "state": one.state,
        "clause": clause,
        "contacts": [card.as_json() | {"copy": copied(card)} for card in one.reply.contacts],
        "origins": [{"figure": f.figure, "origin": f.origin, "from": f.source} for f in one.reply.origins],
        "link": source_link(look) if look else "",
    }
