"""Handing a case on: the link of its sheet, a code for another door, the wish to hear of the next batch.

    handing = HandingOn(store, lambda: library, today, now, address)
    heard = handing.hear("tg:123", conversation, Text("编号 K7MQ3X"))   # None: not for us, a message like any other

`hear` takes the few messages that are about this, before the dialogue sees them; the conductor commits what comes of
it like any turn. A code is said once: the reply that is kept names none (`Heard.kept`), so that a transcript gives
nobody a case. The pages call the other methods. Everything here blocks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bot.cases import (
    CODE_LENGTH,
    LASTS,
    Case,
    HeldCase,
    case_in_hand,
    digest_of,
    is_token,
    new_code,
    new_token,
    read_code,
    taken_up,
)
from bot.store import Store
from dialogs.conversation import Conversation, Ticket
from dialogs.library import Library
from dialogs.messages import Choice, Message, Option, Reply
from dialogs.saying import Saying, Source, day, desk_source
from dialogs.telling import in_words
from dialogs.turn import Turn, respond

FILE = Path(__file__).with_suffix(".yaml")
BEIJING = ZoneInfo("Asia/Shanghai")
CODE = "{code}"
RECENT = 50
"""Exchanges in which the last sheet is looked for."""
OFFERED = {"link": "option_link", "code": "option_code", "wish": "option_wish"}


@dataclass(frozen=True)
class Heard:
    """A turn of ours, and the reply as it is kept."""

    turn: Turn
    kept: Reply

    def with_ticket(self, ticket: Ticket | None) -> Heard:
        """The same, with the ticket that is open: another case is no other visitor."""
        return replace(self, turn=replace(self.turn, conversation=self.turn.conversation.but(ticket=ticket)))


@dataclass(frozen=True)
class Handed:
    """A fresh token or code, and until when it is good."""

    secret: str
    until: datetime


def offers(library: Library) -> tuple[Option, ...]:
    """What a door may offer beside a sheet."""
    return tuple(
        Option(library.phrases.say(phrase), f"case:{verb}@{library.guide.id}") for verb, phrase in OFFERED.items()
    )


class HandingOn:
    """Hands cases on for the doors of one process; `address`: where its pages are reached from outside."""

    def __init__(
        self,
        store: Store,
        library: Callable[[], Library],
        today: Callable[[], date],
        now: Callable[[], datetime],
        address: str | None = None,
    ) -> None:
        self.store, self._library, self.today, self.now, self.address = store, library, today, now, address

    @property
    def library(self) -> Library:
        """The library that is served now."""
        return self._library()

    # --- for pages

    def case(self, visitor: str) -> Case | None:
        """The visitor's case as it stands, with the scope of the last sheet; None where nothing was told."""
        conversation = self.store.load(visitor).conversation
        if conversation is None or conversation.guide != self.library.guide.id:
            return None
        return case_in_hand(visitor, conversation, self._scope(visitor))

    def link(self, case: Case) -> Handed:
        """A link to the sheet of a case."""
        token, at = new_token(), self.now()
        self.store.keep_case("sheet", digest_of("sheet", token), case, at)
        return Handed(token, at + LASTS["sheet"])

    def code(self, case: Case) -> Handed:
        """A code for a case; the visitor's earlier one is void."""
        code, at = new_code(), self.now()
        self.store.keep_case("code", digest_of("code", code), case, at)
        return Handed(code, at + LASTS["code"])

    def sheet(self, token: str) -> HeldCase | None:
        """The case behind a link that is still good."""
        return self.store.held_case("sheet", digest_of("sheet", token), self.now()) if is_token(token) else None

    def drop_link(self, visitor: str, token: str) -> bool:
        """Take a visitor's own link back."""
        return self.store.drop_cases(visitor, "sheet", self.now(), digest_of("sheet", token)) > 0

    def _scope(self, visitor: str) -> tuple[str, ...]:
        """The branches that the visitor's last sheet was about."""
        for one in reversed(self.store.transcript(visitor, RECENT)):
            if one.reply and one.reply.results:
                directions = one.reply.results.get("directions", {})
                return tuple(branch for branch, found in directions.items() if found.get("asked"))
        return ()

    # --- for messages

    def hear(self, visitor: str, conversation: Conversation, message: Message) -> Heard | None:
        """What comes of a message that is about handing on; None for every other."""
        verb, code = self._read(message)
        if code:
            return self._take(visitor, conversation, code)
        said = {
            "link": self._say_link, "paper": self._say_paper, "code": self._say_code, "drop": self._say_dropped,
            "wish": self._ask_wish,
            "wish-yes": self._keep_wish, "wish-show": self._show_wish, "wish-no": self._drop_wish,
        }.get(verb)  # fmt: skip
        if said is None:
            return None
        shown = said(visitor)
        kept = self._said("code_shown") if verb == "code" and _names_code(shown) else shown
        return Heard(Turn(conversation.then(options=shown.options), shown), kept)

    def _read(self, message: Message) -> tuple[str, str | None]:
        """The verb of a message, or the code that it names."""
        if isinstance(message, Choice):
            body, _, guide = message.value.partition("@")
            kind, _, verb = body.partition(":")
            return (verb, None) if kind == "case" and guide == self.library.guide.id else ("", None)
        folded = _folded(message.text)
        for pattern in ways().take:
            found = pattern.fullmatch(folded)
            if found and (code := read_code(found[1])):
                return "", code
        return ways().verbs.get(folded, ""), None

    def _take(self, visitor: str, conversation: Conversation, code: str) -> Heard:
        """Go on with the case behind a code; whatever is wrong with the code, the sentence is the same."""
        if not self.store.try_code(visitor, self.now()):
            return _stays(conversation, self._said("code_too_many"))
        held = self.store.held_case("code", digest_of("code", code), self.now())
        if held is None:
            own = desk_source(f"{CODE_LENGTH}位", f"{LASTS['code'].days}天")
            unknown = self._said("code_unknown", own, length=CODE_LENGTH, days=LASTS["code"].days)
            return _stays(conversation, unknown)
        self.store.forgive_try(visitor)
        if held.case.guide != self.library.guide.id:
            return _stays(conversation, self._said("code_elsewhere"))
        told = [in_words(kept, self.library) for kept in held.case.told if kept.fact in self.library.guide.fact]
        words = "、".join(told)
        taken = self._said("code_taken", Source("told", words, "您前面说的情况"), facts=words)
        after = taken_up(held.case)
        turn = respond(after, Choice(f"go:@{self.library.guide.id}"), library=self.library, today=self.today())
        if turn.reply is None or turn.reply.status not in ("question", "result"):
            return _stays(after, taken)
        reply = _joined(taken, turn.reply)
        return Heard(Turn(turn.conversation, reply, turn.effects), reply)

    def _say_link(self, visitor: str) -> Reply:
        case = self.case(visitor)
        if case is None:
            return self._said("code_nothing")
        if self.address is None:
            return self._said("link_web" if visitor.startswith("web:") else "link_nowhere")
        handed = self.link(case)
        saying, link = Saying(self.library), f"{self.address}/sheet/{handed.secret}"
        saying.say("link_given", desk_source(link), link=link)
        saying.say("link_until", desk_source(_day(handed.until)), until=_day(handed.until))
        return saying.reply("notice", facets=("other",))

    def _say_paper(self, visitor: str) -> Reply:
        """Said before the document that the visitor's door sends."""
        case = self.case(visitor)
        return self._said("paper_coming" if case and case.scope else "code_nothing")

    def _say_code(self, visitor: str) -> Reply:
        case = self.case(visitor)
        if case is None:
            return self._said("code_nothing")
        handed = self.code(case)
        saying, until = Saying(self.library), _day(handed.until)
        saying.say("code_given", desk_source(handed.secret, until), code=handed.secret, until=until)
        saying.say("code_how", desk_source(handed.secret), code=handed.secret)
        return saying.reply("notice", facets=("other",))

    def _say_dropped(self, visitor: str) -> Reply:
        links = self.store.drop_cases(visitor, "sheet", self.now())
        codes = self.store.drop_cases(visitor, "code", self.now())
        if not links and not codes:
            return self._said("case_none")
        return self._said("case_dropped", desk_source(f"{links}个", f"{codes}个"), links=links, codes=codes)

    def _ask_wish(self, visitor: str) -> Reply:
        if self.store.wish(visitor):
            return self._show_wish(visitor)
        saying = Saying(self.library)
        saying.say("wish_ask")
        saying.offer(self.library.phrases.say("option_wish_yes"), "case:wish-yes")
        saying.offer(self.library.phrases.say("option_wish_no"), "case:wish-no")
        return saying.reply("notice", facets=("other",))

    def _keep_wish(self, visitor: str) -> Reply:
        self.store.keep_wish(visitor, self.library.guide.id, self.now())
        saying = Saying(self.library)
        saying.say("wish_kept")
        if visitor.startswith("web:"):
            saying.say("wish_web")
        return saying.reply("notice", facets=("other",))

    def _show_wish(self, visitor: str) -> Reply:
        since = self.store.wish(visitor)
        return self._said("wish_shown", desk_source(_day(since)), since=_day(since)) if since else self._none()

    def _drop_wish(self, visitor: str) -> Reply:
        return self._said("wish_dropped") if self.store.drop_wish(visitor) else self._none()

    def _none(self) -> Reply:
        return self._said("wish_none")

    def _said(self, phrase: str, /, *sources: Source, **slots: str | int) -> Reply:
        saying = Saying(self.library)
        saying.say(phrase, *sources, **slots)  # type: ignore[arg-type]
        return saying.reply("notice", facets=("other",))


def _stays(conversation: Conversation, reply: Reply) -> Heard:
    return Heard(Turn(conversation, reply), reply)


def _joined(first: Reply, reply: Reply) -> Reply:
    """What was taken up, before what comes next."""
    return replace(reply, text=f"{first.text}\n{reply.text}", origins=(*first.origins, *reply.origins))


def _names_code(reply: Reply) -> bool:
    return any(read_code(figure) for figure in re.findall(r"[A-Z0-9]{6}", reply.text))


def _day(at: datetime) -> str:
    return day(at.astimezone(BEIJING).date())


# --- how people say it -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ways:
    """What people say, read: whole messages by their verb, and patterns that hold a code."""

    verbs: dict[str, str]
    take: tuple[re.Pattern[str], ...]


@cache
def ways() -> Ways:
    """The ways of saying it, read once."""
    listed: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    take = [re.escape(_folded(said.replace(CODE, "\0"))) for said in listed.pop("take")]
    verbs = {_folded(said): verb for verb, all_said in listed.items() for said in all_said}
    return Ways(verbs, tuple(re.compile(one.replace("\0", r"([a-z0-9\-·]{6,11})")) for one in take))


def _folded(text: str) -> str:
    """Without widths, case, blanks and the marks at the end of a sentence."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
    return re.sub(r"[。.!?,，:：；;、“”\"']", "", folded)
