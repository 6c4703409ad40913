"""什么意思, said to a question of the interview: the clause that it is asked for, and that the guide says no more."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.glossing import between_marks
from dialogs.interview import Standing, grounds, open_facts
from dialogs.messages import Reply
from dialogs.saying import Saying, Source
from dialogs.telling import fact_sources

_ASKS = re.compile(
    r"^(?:请问|那|[你您]说的|[你您]问的|这里的?|这个?(?:题|问题)?|[,，。\s])*(?:到底|具体)?是?"
    r"(?:指的?是?(?:什么|啥)|(?:什么|啥)(?:意思|东西|概念)|怎么理解|怎么讲)(?:啊|呀|呢|[?？。\s])*$"
)


def asks_meaning(text: str) -> bool:
    """Whether a text asks what is meant, and names no word (a word that is named is `glossing`'s)."""
    return bool(_ASKS.match(text.strip()))


def explained(conversation: Conversation, standing: Standing, saying: Saying) -> Reply | None:
    """What the guide's text has about the question in hand; None where it has nothing."""
    fact = saying.library.guide.fact.get(conversation.asking)
    branches = open_facts(standing).get(conversation.asking, ()) or (fact.branches if fact else ())
    where = next(iter(grounds(conversation.asking, branches, standing.guide)), None)
    if fact is None or where is None:
        return None
    quote = " ".join(where.quote.split())
    source = Source("quoted", f"{where.clause} {where.quote}", quote)
    sources = (source, *fact_sources(fact, saying.library))
    saying.say("no_meaning", *sources, word=fact.name, clause=where.clause, quote=between_marks(quote))
    saying.cite(where.clause, where.quote)
    return saying.reply("answered", facets=("definition",))
