"""The sheet that an interview ends with: what fits, what does not and by how much, what is open, what to do next.

The verdict words are few: 初步符合 (never 可申报 for a closed batch), 不符合, 还定不了. Every figure is quoted, told or
computed by a formula that stands in the sheet.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from dialogs.answering import state_of_day
from dialogs.asking import branch_source
from dialogs.assessing import results, window_on
from dialogs.conversation import Conversation, Kept
from dialogs.interview import Standing, open_facts
from dialogs.messages import Card, Reply
from dialogs.saying import Saying, Source, contact_source, desk_source
from dialogs.scoping import near_directions
from dialogs.telling import fact_sources, figure, in_words, told_source
from knowledge.amounts import holds
from knowledge.awarding import plain_number, wan
from knowledge.guide import Fact
from knowledge.judging import Gap, Judgement, Reason, judge, open_doubts
from knowledge.rules import AS_OF

MOST_OF_A_KIND = 3
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
        self.told, self.doubts = conversation.now, 0
        judged = judge(standing.case, standing.guide, standing.today)
        self.judged = {branch: judged[branch] for branch in standing.branches}
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
        if eligible or open_:
            self._steps(eligible + open_)
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
        name, guide = self.library.name_of(one.branch), self.standing.guide
        missing = [fact for fact in one.missing if fact not in guide.book.defaults or fact in self.told]
        if missing and not self._doubted(one):
            names = "、".join(f"“{guide.fact[fact].name}”" for fact in missing[:4]) + "等" * (len(missing) > 4)
            sources = [source for fact in missing[:4] for source in fact_sources(guide.fact[fact], self.library)]
            self.saying.say("sheet_open", *sources, branch_source(one.branch, self.library), what=name, missing=names)
            return
        for doubt in one.ambiguities[:1]:
            self.doubts += 1
            row = next(contact for contact in guide.contacts if contact.id == doubt.contact)
            text = " ".join([doubt.quote or "", *guide.direction_of[one.branch].clauses.values()])
            sources = [Source("quoted", text, one.branch), contact_source(row), branch_source(one.branch, self.library)]
            self.saying.say("sheet_doubt", *sources, what=name, says=doubt.say)
            self.saying.card(row)
            if doubt.quote:
                self.saying.cite(guide.branches[one.branch].clause, doubt.quote)

    @property
    def leaves_open(self) -> bool:
        """Whether the guide leaves a verdict open, so that only a person can settle it."""
        return self.doubts > 0

    def _doubted(self, one: Judgement) -> bool:
        """Whether the guide itself leaves the verdict open, whatever else is told."""
        told = {**self.standing.guide.book.defaults, **self.standing.case, AS_OF: self.standing.today}
        return bool(open_doubts(self.standing.guide.book.branches[one.branch], told))

    # --- what does not fit

    def _failing(self, failing: list[Judgement]) -> None:
        """Those that fail for the same reason in one line."""
        groups: dict[str, list[Judgement]] = {}
        for one in failing:
            text, _ = self._because(one)
            groups.setdefault(text, []).append(one)
        for text, members in list(groups.items())[:MOST_OF_A_KIND]:
            names = "、".join(self.library.name_of(one.branch) for one in members)
            sources = [source for one in members for source in self._because(one)[1]]
            sources += [branch_source(one.branch, self.library) for one in members]
            self.saying.say("sheet_not", *sources, what=names, because=text)
            reason = self._reason(members[0])
            self.saying.cite(reason.clause, reason.quote)
        self._more([one for members in list(groups.values())[MOST_OF_A_KIND:] for one in members], "not_eligible")

    def _more(self, rest: list[Judgement], verdict: str) -> None:
        """Those that have no line of their own, by their names."""
        if rest:
            names = "、".join(self.library.name_of(one.branch) for one in rest)
            sources = [branch_source(one.branch, self.library) for one in rest]
            self.saying.say("sheet_more", *sources, verdict=VERDICT_WORDS[verdict], what=names)

    def _reason(self, one: Judgement) -> Reason:
        return next(reason for reason in one.because if reason.holds is False)

    def _because(self, one: Judgement) -> tuple[str, list[Source]]:
        """Why a branch fails, in one clause: the gap where there is one, else what was told against what is wanted."""
        reason = self._reason(one)
        gap = next((gap for gap in one.gaps if gap.fact == reason.fact), None)
        if gap and isinstance(gap.have, Decimal) and isinstance(gap.need, Decimal):
            return self._gap(gap, reason)
        fact = self.standing.guide.fact[reason.fact]
        kept = self.told.get(reason.fact) or self._default(reason.fact)
        quote = " ".join(reason.quote.split())
        sources = [told_source(kept, self.library), Source("quoted", reason.quote, quote)]
        says = f"{in_words(kept, self.library)}；{self.library.phrases.say('sheet_fails', quote=quote)}"
        return says, [*sources, *fact_sources(fact, self.library)]

    def _gap(self, gap: Gap, reason: Reason) -> tuple[str, list[Source]]:
        fact, kept = self.standing.guide.fact[gap.fact], self.told[gap.fact]
        assert isinstance(gap.have, Decimal) and isinstance(gap.need, Decimal)
        need, short, have = (self._as_printed(fact, one, gap, reason) for one in (gap.need, gap.short_by, gap.have))
        larger, smaller = (need, have) if gap.need > gap.have else (have, need)
        formula = f"{larger} − {smaller} = {short}"
        says = self.library.phrases.say("sheet_gap", name=fact.name, have=have, need=need, short=short, formula=formula)
        quoted = [Source("quoted", reason.quote, " ".join(reason.quote.split())), *fact_sources(fact, self.library)]
        told = Source("told", have, f"您说的{fact.name}")
        return says, [told_source(kept, self.library), told, *quoted, Source("computed", formula, formula)]

    def _as_printed(self, fact: Fact, number: Decimal, gap: Gap, reason: Reason) -> str:
        """A figure of a gap, in 亿元 where the clause prints its threshold so."""
        assert isinstance(gap.need, Decimal)
        large = f"{plain_number(gap.need / 10_000)}亿元"
        if fact.unit == "万元" and holds(reason.quote, large):
            return f"{plain_number(number / 10_000)}亿元"
        return figure(fact, number)

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
        needs = dict.fromkeys(need for one in members for need in one.needs)
        say, steps = self.library.phrases.say, []
        sources: list[Source] = []
        if "project_library" in needs:
            steps.append(say("sheet_step_library"))
        if "district_recommendation" in needs:
            where, source = self.district()
            sources += source
            steps.append(say("sheet_step_recommendation", where=where))
        if "municipal_review" in needs:
            steps.append(say("sheet_step_review"))
        steps.append(say("sheet_step_platform"))
        marked = [f"{number}. {step}" for number, step in enumerate(steps, 1)] if len(steps) > 1 else steps
        kind = "sheet_steps_closed" if self.closed else "sheet_steps"
        self.saying.say(kind, *sources, desk_source(*range(1, len(steps) + 1)), steps="；".join(marked))

    def district(self) -> tuple[str, list[Source]]:
        cards = [Card(c["for"], c["office"], c["name"], c["phone"], c["email"]) for c in self.found["contacts"]]
        district = self.standing.case.get("district")
        own = [card for card in cards if card.matter == district][:1]
        if not own:
            return "", []
        return f"（{own[0].matter}{own[0].office} {own[0].name} {own[0].phone}）", [_card_source(own[0])]

    def people(self) -> None:
        cards = [Card(c["for"], c["office"], c["name"], c["phone"], c["email"]) for c in self.found["contacts"]]
        self.saying.cards[:0] = [card for card in cards if card not in self.saying.cards]
        district = self.standing.case.get("district")
        people = [card for card in cards if card.matter != district][:MOST_PEOPLE]
        if people:
            who = "；".join(f"{card.matter} {card.office}{card.name} {card.phone}" for card in people)
            self.saying.say("sheet_whom", *map(_card_source, people), who=who)
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


def _card_source(card: Card) -> Source:
    return Source("contact", " | ".join((card.matter, card.office, card.name, card.phone, card.email)), card.matter)


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
