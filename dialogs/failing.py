"""Why a branch does not fit: every condition that fails, how far it is away, and where the figures come from.

Of alternatives the nearest ones are told (满足一项就行); what the exemption would lift is told with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dialogs.conversation import Kept
from dialogs.dated import dated, to_the_day
from dialogs.library import Library
from dialogs.saying import Source
from dialogs.telling import day_in_words, fact_sources, in_words, told_source, value_in_words
from dialogs.thresholds import amount_as_printed, default_of, prints_large
from knowledge.amounts import holds
from knowledge.awarding import plain_number
from knowledge.casework import with_defaults
from knowledge.guide import Fact
from knowledge.rulebook import Case, Check, Group, Node
from knowledge.rules import AS_OF

MEASURED = ("at_least", "more_than", "at_most", "between")


@dataclass(frozen=True)
class Failure:
    """A condition that fails: the sentence, the same without the clause's words, the sources of its figures.

    `facts`: those that would have to change; clause and quote: what they fail; `gap`: a distance without its formula.
    """

    text: str
    short: str
    sources: tuple[Source, ...]
    facts: tuple[str, ...]
    clause: str
    quote: str
    gap: str = ""


def failures(branch: str, case: Case, told: Mapping[str, Kept], library: Library, today: date) -> tuple[Failure, ...]:
    """Every condition of a branch that what was told (or a default) fails, in the order of the rules."""
    book = library.guide.book.branches[branch]
    full = with_defaults({**case, AS_OF: today}, library.guide)
    one = _Case(full, told, library, today)
    nodes = [restriction.node for restriction in book.restrictions if restriction.whole.holds(full) is False]
    nodes += [node for node in book.conditions if node.holds(full) is False]
    return tuple(failure for node in nodes for failure in one.failures(node))


def nearest(found: Mapping[str, Sequence[Failure]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Of branches that fail those that lack least, joined where the same facts would have to change: (them, facts)."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for branch, failing in found.items():
        groups.setdefault(tuple(dict.fromkeys(fact for one in failing for fact in one.facts)), []).append(branch)
    least = min(map(len, found.values()))
    return [(tuple(branches), facts) for facts, branches in groups.items() if len(found[branches[0]]) == least]


@dataclass(frozen=True)
class _Case:
    """A case whose failing conditions are put into words."""

    full: Case
    told: Mapping[str, Kept]
    library: Library
    today: date

    def failures(self, node: Node) -> Iterator[Failure]:
        if isinstance(node, Check):
            yield self._check(node)
        elif node.how == "all":
            for member in map(_within(node), node.members):
                if member.holds(self.full) is False:
                    yield from self.failures(member)
        elif node.how == "any":
            yield self._any(node)
        else:
            yield self._plain(next(node.leaves()), node)

    def _any(self, group: Group) -> Failure:
        """Of alternatives those that lack least; where these are several, without the words of each clause."""
        wanting = [(self._wanting(member), member) for member in map(_within(group), group.members)]
        least = min(count for count, _ in wanting)
        nearest = [failure for count, member in wanting if count == least for failure in self.failures(member)]
        first = nearest[0]
        texts = list(dict.fromkeys(failure.short for failure in nearest))
        if len(texts) == 1:
            return first
        text = self.library.phrases.say("sheet_any", says="；".join(texts))
        sources = tuple(source for failure in nearest for source in failure.sources)
        facts = tuple(dict.fromkeys(fact for failure in nearest for fact in failure.facts))
        return Failure(text, text, sources, facts, first.clause, first.quote)

    def _wanting(self, node: Node) -> int:
        """How many comparisons of an alternative don't hold."""
        if isinstance(node, Check) or node.how == "not":
            return int(node.holds(self.full) is not True)
        counts = [self._wanting(member) for member in node.members]
        return min(counts) if node.how == "any" else sum(counts)

    def _check(self, test: Check) -> Failure:
        fact = self.library.guide.fact[test.fact]
        if test.operator in MEASURED and not test.fact.endswith("_year") and test.fact in self.told:
            return self._day(test, fact) if fact.kind == "date" else self._number(test, fact)
        return self._plain(test, test)

    def _plain(self, test: Check, node: Node) -> Failure:
        """What was told against the words of the clause."""
        fact, say = self.library.guide.fact[test.fact], self.library.phrases.say
        told = test.fact in self.told
        kept = self._kept(test.fact) if told else default_of(test.fact, self.library)
        said = in_words(kept, self.library)
        said = said if told else say("page_default", facts=said)
        quote = " ".join((node.quote or test.quote).split())
        sources = (told_source(kept, self.library), Source("quoted", quote, quote))
        says = say("sheet_fails", said=said, quote=in_a_sentence(quote))
        own = () if told else (Source("desk", said, "未提及时的算法"),)
        named = (*sources, *fact_sources(fact, self.library), *own)
        return Failure(says, said, named, (test.fact,), node.clause or test.clause, quote)

    def _number(self, test: Check, fact: Fact) -> Failure:
        have = Decimal(str(self.told[test.fact].value))
        need = min((value for value in test.values if isinstance(value, Decimal)), key=lambda bound: abs(have - bound))
        large = prints_large(test, need, fact)
        had, wanted, short = (amount_as_printed(fact, one, large) for one in (have, need, abs(need - have)))
        if have == need:
            text = self.library.phrases.say("page_not_over", name=fact.name, have=had, need=wanted)
            return self._measured(test, text, had)
        formula = f"{wanted} − {had} = {short}" if need > have else f"{had} − {wanted} = {short}"
        phrase = "page_short" if have < need else "page_beyond"
        says = self.library.phrases.say(phrase, name=fact.name, have=had, need=wanted, short=short)
        text = self.library.phrases.say("sheet_gap", says=says, formula=formula)
        return self._measured(test, text, had, Source("computed", formula, formula), gap=says)

    def _day(self, test: Check, fact: Fact) -> Failure:
        """A day before the first or after the last that is wanted; the days between only where a day was told."""
        kept, guide = self._kept(test.fact), self.library.guide
        have = date.fromisoformat(str(kept.value))
        need = min((value for value in test.values if isinstance(value, date)), key=lambda bound: abs(have - bound))
        had, wanted, last = value_in_words(fact, kept), day_in_words(need.isoformat()), need == guide.book.last_day
        slots = {"name": fact.name, "have": had}
        own = [Source("quoted", guide.window.quote, guide.window.quote)] if last else []
        if have != need and not to_the_day(kept):
            wanted = wanted if last or holds(test.quote, wanted) else f"{need.year}年"
            named = self.library.phrases.say("sheet_last_day") * last + wanted
            phrase = "page_sooner" if have < need else "page_later"
            return self._measured(test, self.library.phrases.say(phrase, need=named, **slots), had, *own)
        if have == need:
            return self._measured(test, self.library.phrases.say("page_not_after", need=wanted, **slots), had, *own)
        short = plain_number(Decimal(abs((need - have).days)))
        phrase = "page_early" if have < need else "page_late"
        formula = f"{wanted} − {had} = {short}天" if have < need else f"{had} − {wanted} = {short}天"
        says = self.library.phrases.say(phrase, need=wanted, short=short, **slots)
        return self._measured(test, says, had, *own, Source("computed", formula, formula))

    def _measured(self, test: Check, text: str, had: str, *more: Source, gap: str = "") -> Failure:
        fact, quote = self.library.guide.fact[test.fact], " ".join(test.quote.split())
        told = Source("told", had, f"您说的{fact.name}")
        sources = (told, Source("quoted", quote, quote), *fact_sources(fact, self.library), *more)
        return Failure(text, text, sources, (test.fact,), test.clause, quote, gap)

    def _kept(self, fact: str) -> Kept:
        return dated(self.told[fact], self.library, self.today)


_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=\d)|(?<=\d)\s+(?=[\u4e00-\u9fff])")


def in_a_sentence(quote: str) -> str:
    """A quote within a sentence of ours: without the word that joined it to its clause, nor gaps around figures."""
    return _GAP.sub("", quote).removeprefix("且").removeprefix("并")


def _within(group: Group) -> Callable[[Node], Node]:
    """A member of a group speaks with the group's quote where it has none of its own."""

    def named(member: Node) -> Node:
        return member._replace(quote=member.quote or group.quote, clause=member.clause or group.clause)

    return named
