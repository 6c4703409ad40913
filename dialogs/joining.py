"""A reply with what was answered besides: the lines that it has not, behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from dialogs.covering import Besides
from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.window import parted


def _unsaid_in(text: str) -> Callable[[str], str]:
    """Of a line the sentences that a text has not."""
    return lambda line: "".join(one for one in _SENTENCE.findall(line) if one not in text)


_SENTENCE = re.compile(r"[^。]+。?")


def joined(reply: Reply, others: list[Besides], library: Library, today: date) -> Reply:
    """A reply with the first lines of those to what else was asked; the state of the day comes before everything."""
    for other in others:
        said = other.reply
        state, text = parted(said.text, library, today)
        first = [state] if state and not parted(reply.text, library, today)[0] else []
        lines = [line for line in map(_unsaid_in(reply.text), text.splitlines()) if line][: other.lines]
        if not (first or lines):
            continue
        reply = replace(
            reply,
            text="\n".join([*first, reply.text, *lines]),
            citations=tuple(dict.fromkeys((*reply.citations, *said.citations[: len(lines) + 1]))),
            contacts=tuple(dict.fromkeys((*reply.contacts, *said.contacts))),
            origins=(*reply.origins, *said.origins),
            facets=tuple(dict.fromkeys((*reply.facets, *said.facets))),
            topics=tuple(dict.fromkeys((*reply.topics, *said.topics))),
        )
    return reply
