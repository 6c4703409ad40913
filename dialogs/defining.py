"""什么是纳统, 什么意思: a word of the interview explained by the guide's own text, or said to be left open there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.conversation import Conversation
from dialogs.interview import Ground, Standing, grounds, open_facts
from dialogs.messages import Reply
from dialogs.saying import Saying, Source
from dialogs.telling import fact_sources
from knowledge.guide import Fact

_ASKS = re.compile(
    r"^(?:请问|那|这个|这里的?|你说的|您说的|[,，。\s])*(?:什么|啥)(?:叫做?|是|叫作)(?P<after>.{0,12}?)(?:啊|呀|呢|[?？。\s])*$"
    r"|^(?P<before>.{0,14}?)(?:是|到底是|具体)?(?:指的?(?:是)?(?:什么|啥)|(?:什么|啥)(?:意思|东西|概念)|怎么理解|怎么讲)(?:啊|呀|呢|[?？。\s])*$"
)
_ROUND = re.compile(r"^(?:请问|那|这个|这里的?|你说的|您说的|[“”\"'‘’,，\s])+|[“”\"'‘’,，\s]+$")


def word_asked(text: str) -> str | None:
    """The word that a text asks the meaning of; empty for a bare 什么意思, None where it asks something else."""
    found = _ASKS.match(text.strip())
    return None if found is None else _ROUND.sub("", found["after"] or found["before"] or "")


def explained(word: str, conversation: Conversation, standing: Standing, saying: Saying) -> Reply | None:
    """What the guide's text has about a word, or about the question in hand; None where it has nothing."""
    fact = saying.library.guide.fact.get(conversation.asking)
    where = next(_holding(word, fact, standing), None)
    if fact is None or where is None:
        return None
    quote = " ".join(where.quote.split())
    sources = Source("quoted", f"{where.clause} {where.quote}", quote), Source("told", word, word)
    slots = {"word": word or fact.name, "clause": where.clause, "quote": quote}
    saying.say("no_meaning", *sources, *fact_sources(fact, saying.library), **slots)  # type: ignore[arg-type]
    saying.cite(where.clause, where.quote)
    return saying.reply("answered", facets=("definition",))


_SAYS_SO = re.compile(r"没有另外解释|未写|没写|没有写|是指|指的是|即")


def says_so(word: str, reply: Reply) -> bool:
    """Whether a reply speaks of a word's meaning already: what it is, or that the guide does not say."""
    lines = re.split(r"[。；;\n]", reply.text)
    return bool(word) and any(word in line and _SAYS_SO.search(line) for line in lines)


def _holding(word: str, asked: Fact | None, standing: Standing) -> Iterator[Ground]:
    """The clauses that a word stands in, those of the question in hand first; for no word, those of the question."""
    facts = [fact for fact in standing.guide.facts if set(fact.branches) & set(standing.branches)]
    for fact in [asked, *facts] if asked else []:
        if word or fact is asked:
            branches = open_facts(standing).get(fact.key, ()) or fact.branches
            found = grounds(fact.key, branches, standing.guide)
            yield from (one for one in found if word in "".join(one.quote.split()))
