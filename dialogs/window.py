"""Whether one may apply on a day: the sentence that comes first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, day, desk_source


def state_of_day(saying: Saying, today: date, *, always: bool = False) -> None:
    """Say first whether one may apply on this day; while the window is open only where it was asked (`always`)."""
    window = saying.library.guide.window
    opens, closes = date.fromisoformat(window.opens), date.fromisoformat(window.closes)
    own = desk_source(day(today), day(opens), day(closes), (closes - today).days, f"{(closes - today).days}天")
    if today > closes:
        saying.say("window_closed", own, first=True, closes=day(closes), today=day(today))
    elif today < opens:
        saying.say("window_before", own, first=True, opens=day(opens), today=day(today))
    elif always and today == closes:
        saying.say("window_last_day", own, first=True, today=day(today))
    elif always:
        saying.say("window_open", own, first=True, closes=day(closes), today=day(today), days=(closes - today).days)
    else:
        return
    saying.cite(window.clause, window.quote)
    _without_doubles(saying)


def behind_state(reply: Reply, library: Library, today: date) -> Reply:
    """A reply behind the state of the day, where that has to be said and the reply does not begin with it."""
    saying = Saying(library)
    state_of_day(saying, today)
    if not saying.lines or parted(reply.text, library, today)[0]:
        return reply
    state = saying.reply("answered")
    return replace(
        reply,
        text=f"{state.text}\n{reply.text}",
        origins=(*state.origins, *reply.origins),
        citations=(*state.citations, *(one for one in reply.citations if one not in state.citations)),
    )


def put_first(reply: Reply, saying: Saying, today: date, *, before_state: bool = False) -> Reply:
    """A reply with what a saying holds put before it, behind the state of the day where it begins with that.

    `before_state`: before that too (赶不上这一批 before 还剩26天).
    """
    state, rest = parted(reply.text, saying.library, today)
    first = saying.reply("answered")
    lines = [line.text for line in saying.lines]
    return replace(
        reply,
        text="\n".join(part for part in ((*lines, state, rest) if before_state else (state, *lines, rest)) if part),
        origins=(*first.origins, *reply.origins),
        citations=tuple(dict.fromkeys((*first.citations, *reply.citations))),
    )


def parted(text: str, library: Library, today: date) -> tuple[str, str]:
    """A reply's text as the state of the day that it begins with (nothing where it does not), and what follows."""
    saying = Saying(library)
    state_of_day(saying, today, always=True)
    state = saying.lines[0].text
    return (state, text[len(state) :].lstrip("\n")) if text.startswith(state) else ("", text)


def first_sentence(text: str, library: Library, today: date) -> str:
    """The first line of a reply's text behind the state of the day."""
    return parted(text, library, today)[1].partition("\n")[0]


def of_another_year(folded: str, library: Library, today: date) -> bool:
    """Whether a text tells of a year by which a batch that is long closed does not ask (今年一季度, said in 2026)."""
    year = date.fromisoformat(library.guide.window.opens).year
    later = any(int(told) > year for told in _YEAR.findall(folded))
    return later or (today.year > year and bool(_AS_OF_NOW.search(folded)))


_YEAR = re.compile(r"(20\d\d)年")
_AS_OF_NOW = re.compile(r"今年|去年|前年|本年|上个?月|这个?月")
"""Times that are told from the day of the conversation."""


def _without_doubles(saying: Saying) -> None:
    """Take away the lines that say once more what the first sentence and the span of the window say."""
    said = {id_: saying.library.stated[f"window:{id_}"].provision.say for id_ in ("span", "opens", "closes")}
    texts = [line.text for line in saying.lines]
    doubled = {said["closes"], *({said["opens"]} if said["span"] in texts else ())}
    if len(texts) > 2 and (rest := [line for line in saying.lines if line.text not in doubled]):
        saying.lines[:] = rest
