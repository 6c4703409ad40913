"""The sheet that an interview ends with: what fits, what does not and by how much, what is open, what to do next.

The verdict words are few: 初步符合 (never 可申报 for a closed batch), 不符合, 还定不了. Every figure is quoted, told or
computed by a formula that stands in the sheet.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dialogs.assessing import results, window_on
from dialogs.conversation import Conversation, Kept
from dialogs.doubts import asked_of, sources_of
from dialogs.failing import failures, nearest
from dialogs.instead import MOST_NAMED, named, steps_instead
from dialogs.interview import Standing, open_facts
from dialogs.messages import Reply, card_from
from dialogs.saying import Saying, Source, branch_source, card_source, contact_source, desk_source
from dialogs.scoping import near_directions
from dialogs.telling import fact_sources, in_words, told_source
from dialogs.window import state_of_day
from knowledge.awarding import ceiling_words, wan
from knowledge.judging import Judgement, judge, open_doubts
from knowledge.rules import AS_OF, Ambiguity, Requirement

MOST_OF_A_KIND = 3
MOST_FAILING = 6
MOST_DOUBTS = 4
MOST_PEOPLE = 3
MOST_NEAR = 3


def sheet(saying: Saying, conversation: Conversation, standing: Standing) -> Reply:
    """The result of an interview, as far as it has come."""
    found = results(standing.case, standing.today, saying.library, asked=standing.branches)
    one = _Sheet(saying, conversation, standing, found)
    one.write()
    saying.options[:] = []
    if open_facts(standing):
        saying.offer(saying.library.phrases.say("option_resume"), "go:")
    for number in one.near[:1]:
        label = saying.library.guide.direction_of[number].label
        saying.offer(saying.library.phrases.say("option_test", what=label), f"assess:{number}")
    if conversation.opens and one.leaves_open:
        saying.offer(saying.library.phrases.say("option_human"), "human:doubt")
    for phrase, value in (("option_others", "other:"), ("option_change", "change:"), ("option_restart", "restart:")):
        saying.offer(saying.library.phrases.say(phrase), value)
    topics = tuple(dict.fromkeys(saying.library.guide.direction_of[branch].direction for branch in standing.branches))
    reply = saying.reply("result", topics=topics, facets=("conditions", "amount"))
    return replace(reply, results=found)


class _Sheet:
    """One sheet in the making."""

    def __init__(self, saying: Saying, conversation: Conversation, standing: Standing, found: dict[str, Any]) -> None:
        self.saying, self.library, self.standing, self.found = saying, saying.library, standing, found
        self.told, self.left_open = conversation.now, 0
        judged = judge(standing.case, standing.guide, standing.today, scope=standing.branches)
        self.judged = {branch: judged[branch] for branch in standing.branches}
        self.failures = {
            branch: failures(branch, standing.case, self.told, self.library, standing.today)
            for branch, one in self.judged.items()
            if one.verdict == "not_eligible"
        }
        self.said = set[str]()
        self.near = near_directions(standing, conversation, saying.library, beyond=True)[:MOST_NEAR]
        self.closed = window_on(standing.today, standing.guide.window) == "closed"

    def write(self) -> None:
        """All of its lines, in order."""
        state_of_day(self.saying, self.standing.today)
        self.saying.say("sheet_lead")
        eligible, open_, failing = (self._of(verdict) for verdict in ("eligible", "unknown", "not_eligible"))
        for one in eligible[:MOST_OF_A_KIND]:
            self._eligible(one)
        self._more(eligible[MOST_OF_A_KIND:], "eligible")
        if not eligible:
            self.saying.say("sheet_none")
        for one in open_[:MOST_OF_A_KIND]:
            self._open(one)
        self._more(open_[MOST_OF_A_KIND:], "unknown")
        self._failing(failing)
        self._best()
        if eligible:
            self._steps(eligible + open_)
        elif open_:
            self._steps_once_known(open_)
        else:
            self._instead()
        if eligible or open_:
            if self.closed:
                self.saying.say("sheet_wish")
            self.people()
        if self.near:
            names = "、".join(self.library.guide.direction_of[number].label for number in self.near)
            self.saying.say("sheet_near", what=names)
        self.saying.say("sheet_end")

    def _of(self, verdict: str) -> list[Judgement]:
        first = [branch for one in self.found["best"] for branch in one["directions"]]
        chosen = [one for one in self.judged.values() if one.verdict == verdict]
        return sorted(chosen, key=lambda one: first.index(one.branch) if one.branch in first else len(first))

    # --- what fits

    def _eligible(self, one: Judgement) -> None:
        name, award = self.library.name_of(one.branch), one.award
        assert award is not None
        sources = self._award_sources(one)
        amount = self.library.phrases.say("sheet_amount_open")
        if award.amount is not None:
            amount = self.library.phrases.say("sheet_amount", amount=wan(award.amount))
        kind = "sheet_eligible_closed" if self.closed else "sheet_eligible"
        self.saying.say(kind, *sources, what=name, amount=amount)
        self.saying.say("sheet_award", *sources, award=award.text)
        for share in self.standing.guide.book.branches[one.branch].shares[:1]:
            clause = share.part.clause or self.standing.guide.branches[one.branch].clause
            self.saying.cite(clause, share.part.quote)
        if one.assumed:
            self.saying.say("sheet_assumed", *self._default_sources(one.assumed), facts=self._defaults(one.assumed))
        self._doubts(one)

    def _award_sources(self, one: Judgement) -> list[Source]:
        """Where the figures of an award come from: told, quoted, and what the formula makes of these."""
        book = self.standing.guide.book.branches[one.branch]
        bases = [fact for share in book.shares for fact in (share.part.base, share.part.count) if fact in self.told]
        told = [told_source(self.told[fact], self.library) for fact in dict.fromkeys(bases) if fact]
        quotes = [share.part.quote for share in book.shares]
        quotes += [share.part.cap.quote for share in book.shares if share.part.cap]
        quotes += [ceiling.limit.quote for ceiling in (*book.ceilings, *book.perhaps)]
        quotes += [extra.bonus.quote for extra in book.extras]
        quoted = [Source("quoted", quote, " ".join(quote.split())) for quote in sorted(quotes, key=len)]
        formula = one.award.text if one.award else ""
        return [*told, *quoted, branch_source(one.branch, self.library), Source("computed", formula, formula)]

    def _defaults(self, facts: tuple[str, ...]) -> str:
        return "；".join(in_words(self._default(fact), self.library) for fact in facts[:5])

    def _default(self, fact: str) -> Kept:
        return Kept(fact=fact, value=self.standing.guide.fact[fact].default)

    def _default_sources(self, facts: tuple[str, ...]) -> list[Source]:
        own = [Source("desk", in_words(self._default(fact), self.library), "未提及时的算法") for fact in facts]
        return [*(s for fact in facts for s in fact_sources(self.standing.guide.fact[fact], self.library)), *own]

    # --- what is open

    def _open(self, one: Judgement) -> None:
        name, source = self.library.name_of(one.branch), branch_source(one.branch, self.library)
        missing = self._missing(one)
        if missing and not self._doubted(one):
            names, sources = self._named(missing)
            self.saying.say("sheet_open", *sources, source, what=name, missing=names)
            self._ceiling(one)
            self._doubts(one)
            return
        for doubt in one.ambiguities[:1]:
            self.left_open += 1
            self.said.add(doubt.id)
            self.saying.say(
                "sheet_doubt", *sources_of(doubt, one.branch, self.library), source, what=name, says=doubt.say
            )
            self._against(one)
            self._ceiling(one)
            self.saying.card(asked_of(doubt, self.library))
            if doubt.quote:
                self.saying.cite(self.standing.guide.branches[one.branch].clause, doubt.quote)
        self._doubts(one)

    def _against(self, one: Judgement) -> None:
        """What speaks against a case whose verdict the guide leaves open: growth of 8% where 10% is wanted."""
        for failure in failures(one.branch, self.standing.case, self.told, self.library, self.standing.today):
            if set(failure.facts) & set(self.told):
                self.saying.line(self.library.phrases.say("sheet_against", because=failure.text), *failure.sources)
                self.saying.cite(failure.clause, failure.quote)

    def _missing(self, one: Judgement) -> list[str]:
        """What has to be known yet, the most particular first: what few branches ask for."""
        guide = self.standing.guide
        missing = [fact for fact in one.missing if fact not in guide.book.defaults or fact in self.told]
        return sorted(missing, key=lambda fact: len(guide.fact[fact].branches))

    def _named(self, facts: list[str]) -> tuple[str, list[Source]]:
        guide = self.standing.guide
        sources = [s for fact in facts[:MOST_NAMED] for s in fact_sources(guide.fact[fact], self.library)]
        return named(facts, self.library), sources

    def _ceiling(self, one: Judgement) -> None:
        """What it could come to at most, as the clause prints it."""
        book = self.standing.guide.book.branches[one.branch]
        words = ceiling_words(book)
        phrase = "sheet_ceiling" if words else "sheet_no_ceiling"  # several branches may have the same
        self.saying.line(self.library.phrases.say(phrase, caps=words), *self._award_sources(one))

    @property
    def leaves_open(self) -> bool:
        """Whether the guide leaves a verdict open, so that only a person can settle it."""
        return self.left_open > 0

    def _doubted(self, one: Judgement) -> bool:
        """Whether the guide itself leaves the verdict open, whatever else is told."""
        told = {**self.standing.guide.book.defaults, **self.standing.case, AS_OF: self.standing.today}
        return bool(open_doubts(self.standing.guide.book.branches[one.branch], told))

    # --- what does not fit

    def _failing(self, failing: list[Judgement]) -> None:
        """Every condition that fails; branches that fail for the same reasons together."""
        groups: dict[tuple[str, ...], list[Judgement]] = {}
        for one in failing:
            groups.setdefault(tuple(failure.text for failure in self.failures[one.branch]), []).append(one)
        for members in list(groups.values())[:MOST_FAILING]:
            self._fails(members)
        self._more([one for members in list(groups.values())[MOST_FAILING:] for one in members], "not_eligible")

    def _fails(self, members: list[Judgement]) -> None:
        names = "、".join(self.library.name_of(one.branch) for one in members)
        named = [branch_source(one.branch, self.library) for one in members]
        found = self.failures[members[0].branch]
        self.saying.say("sheet_not", desk_source(f"{len(found)}项"), *named, what=names, count=len(found))
        for failure in found:
            self.saying.line(self.library.phrases.say("sheet_not_one", because=failure.text), *failure.sources)
        for failure in found:
            self.saying.cite(failure.clause, failure.quote)
        for one in members:
            self._doubts(one)

    def _more(self, rest: list[Judgement], verdict: str) -> None:
        """Those that have no line of their own, by their names."""
        if rest:
            names = "、".join(self.library.name_of(one.branch) for one in rest)
            sources = [branch_source(one.branch, self.library) for one in rest]
            self.saying.say("sheet_more", *sources, verdict=VERDICT_WORDS[verdict], what=names)

    # --- what the guide leaves open

    def _doubts(self, one: Judgement) -> None:
        """What its clause leaves open for this case, each doubt once, with whom to ask."""
        for doubt in one.ambiguities:
            if doubt.id in self.said or self._of_the_day(doubt) or len(self.said) >= MOST_DOUBTS:
                continue
            self.said.add(doubt.id)
            row = asked_of(doubt, self.library)
            known = row.phone in {card["phone"] for card in self.found["contacts"]}
            who = "" if known else f"（{row.office}{row.name} {row.phone}）"
            sources = sources_of(doubt, one.branch, self.library)
            self.saying.say("sheet_unclear", *sources, says=doubt.say.rstrip("。"), who=who)

    def _of_the_day(self, doubt: Ambiguity) -> bool:
        """Whether a doubt only says that the batch is closed, which stands first of all."""
        return self.closed and isinstance(doubt.noted_when, Requirement) and doubt.noted_when.fact == AS_OF

    # --- what to do

    def _best(self) -> None:
        if not self.found["best"]:
            return
        best = self.found["best"][0]
        if len(self.found["best"]) == 1 and len(best["directions"]) == 1:
            return
        branches = [branch for one in self.found["best"] for branch in one["directions"] if branch in self.judged]
        sources = [source for branch in branches for source in self._award_sources(self.judged[branch])]
        self.saying.say(
            "sheet_best", *sources, Source("computed", best["why"], best["why"]), why=best["why"].rstrip("。")
        )

    def _steps(self, members: list[Judgement]) -> None:
        """What is to be done, in order: the project library, the district, the platform."""
        steps, sources = self._duties(members)
        kind = "sheet_steps_closed" if self.closed else "sheet_steps"
        self._list(kind, steps, sources)

    def _list(self, kind: str, steps: list[str], sources: list[Source]) -> None:
        """Steps one below the other; a single one in its sentence."""
        if len(steps) == 1:
            self.saying.say(kind, *sources, steps=f"{steps[0]}。")
            return
        self.saying.say(kind, steps="")
        for number, step in enumerate(steps, 1):
            self.saying.say("sheet_step", *sources, desk_source(number), number=number, step=step)

    def _duties(self, members: list[Judgement]) -> tuple[list[str], list[Source]]:
        needs = dict.fromkeys(need for one in members for need in one.needs)
        say, steps = self.library.phrases.say, list[str]()
        sources: list[Source] = []
        if "project_library" in needs:
            steps.append(say("sheet_step_library"))
        if "district_recommendation" in needs:
            where, source = self.district()
            sources += source
            steps.append(say("sheet_step_recommendation", where=where))
        if "municipal_review" in needs:
            steps.append(say("sheet_step_review"))
        return [*steps, say("sheet_step_platform")], sources

    def _steps_once_known(self, open_: list[Judgement]) -> None:
        """Where nothing fits yet: first what is missing, or whom to ask; the duties only if it fits then."""
        say, first, sources = self.library.phrases.say, list[str](), list[Source]()
        missing = dict.fromkeys(fact for one in open_ if not self._doubted(one) for fact in self._missing(one))
        if missing:
            names, sources = self._named(list(missing))
            first.append(say("sheet_step_learn", missing=names))
        doubts = {doubt.id: doubt for one in open_ if self._doubted(one) for doubt in one.ambiguities[:1]}
        for doubt in list(doubts.values())[:1]:
            row = asked_of(doubt, self.library)
            sources.append(contact_source(row))
            first.append(say("sheet_step_ask", who=f"{row.office}{row.name}"))
        duties, more = self._duties(open_)
        steps = [*first, say("sheet_step_then", steps="、".join(duties))]
        kind = "sheet_next_closed" if self.closed else "sheet_next"
        self._list(kind, steps, [*sources, *more])

    def _instead(self) -> None:
        """Where nothing fits: what would have to change, the next batch, other directions."""
        steps = steps_instead(self.failures, self.library)
        branches = [branch for branches, _ in nearest(self.failures) for branch in branches]
        facts = dict.fromkeys(fact for _, facts in nearest(self.failures) for fact in facts)
        sources = [source for fact in facts for source in fact_sources(self.standing.guide.fact[fact], self.library)]
        sources += [branch_source(branch, self.library) for branch in branches]
        self._list("sheet_next", steps, sources)

    def district(self) -> tuple[str, list[Source]]:
        cards = [card_from(c) for c in self.found["contacts"]]
        district = self.standing.case.get("district")
        own = [card for card in cards if card.matter == district][:1]
        if not own:
            return "", []
        return f"（{own[0].matter}{own[0].office} {own[0].name} {own[0].phone}）", [card_source(own[0], self.library)]

    def people(self) -> None:
        cards = [card_from(c) for c in self.found["contacts"]]
        self.saying.cards[:0] = [card for card in cards if card not in self.saying.cards]
        district = self.standing.case.get("district")
        people = [card for card in cards if card.matter != district][:MOST_PEOPLE]
        if people:
            who = "；".join(f"{card.matter} {card.office}{card.name} {card.phone}" for card in people)
            self.saying.say("sheet_whom", *(card_source(card, self.library) for card in people), who=who)
        elif not self.saying.cards:
            row = self.library.lines("policy")[0]
            self.saying.say("sheet_ask_desk", contact_source(row), who=f"{row.office}{row.name} {row.phone}")
            self.saying.card(row)


def whom(saying: Saying, conversation: Conversation, standing: Standing) -> None:
    """Only whom to turn to, as the sheet has it."""
    found = results(standing.case, standing.today, saying.library, asked=standing.branches)
    one = _Sheet(saying, conversation, standing, found)
    needs = {need for judgement in one.judged.values() for need in judgement.needs}
    one.people()
    if "district_recommendation" in needs:
        where, sources = one.district()
        if where:
            saying.say("sheet_district", *sources, where=where.strip("（）"))


# --- what a change did -----------------------------------------------------------------------------------------------

VERDICT_WORDS = {"eligible": "初步符合", "not_eligible": "不符合", "unknown": "还定不了"}


def outcome_changes(before: Standing, after: Standing, saying: Saying) -> None:
    """Say what a change did to the verdicts and ceilings of the scope."""
    old, new = (judge(one.case, one.guide, one.today) for one in (before, after))
    changed = False
    for branch in after.branches:
        if branch not in before.branches:
            continue
        name, source = saying.library.name_of(branch), branch_source(branch, saying.library)
        if old[branch].verdict != new[branch].verdict:
            was, is_ = (VERDICT_WORDS[one[branch].verdict] for one in (old, new))
            saying.say("outcome_changed", source, what=name, old=was, new=is_)
            changed = True
        elif old[branch].max_award_wan != new[branch].max_award_wan:
            saying.say("ceiling_changed", source, what=name)
            changed = True
    if not changed:
        saying.say("outcome_same")
