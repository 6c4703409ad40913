"""Opening the interview: on a request, on a story that asks what may be applied for, on a chosen direction."""

from __future__ import annotations

import re

from dialogs import asking, changing
from dialogs.asking import SCOPE
from dialogs.conversation import Conversation, Kept
from dialogs.hearing import STRONG, corrected, cut
from dialogs.interview import open_facts
from dialogs.library import Library
from dialogs.messages import FEW_QUESTIONS
from dialogs.noticing import Noticed
from dialogs.saying import Saying, desk_source
from dialogs.scoping import directions_in
from dialogs.stepping import Desk, Step, finish, go_on
from dialogs.telling import fact_sources
from dialogs.understanding import understand
from dialogs.who_may_apply import not_met
from dialogs.window import state_of_day
from knowledge.scene import Scene, of_oneself


def opens(text: str, conversation: Conversation, desk: Desk) -> bool:
    """Whether a text opens an interview: a request, or a story that asks what may be applied for."""
    if not conversation.opens or conversation.interview == "open":
        return False
    folded = desk.library.teller.letters(text)
    if desk.library.commands.says("assess", folded):
        return True
    return _asks_of_a_case(text, folded, conversation, desk) and not _asks_plainly(text, conversation, desk)


def _asks_plainly(text: str, conversation: Conversation, desk: Desk) -> bool:
    """Whether a story ends in a question answered by itself.

    It asks of a duty, a share, somebody, or no matter of ours; or tells what no general condition lets through
    (拿过市里的钱了，再来报可以吗), of which nothing is left to be asked.
    """
    library = desk.library
    folded = corrected(library.finder.speller.fold(text))
    if _SEEKS.search(folded):
        return False
    asking = (one for one in map(library.finder.find, cut(folded)) if one.is_question)
    told = {facet for one in asking for facet, weight in one.facets.items() if weight >= STRONG}
    if told & PLAINLY_ANSWERED or ("exclusivity" in told and _GO_TOGETHER.search(folded)):
        return True
    told_now = desk.notice(text, conversation.but(told=())).conversation
    if asks(text, desk) and any(not_met(rule, told_now, library) for rule in ("eligibility", "other_money")):
        return True
    return understand(text, conversation, library).kind in ("elsewhere", "silent")


PLAINLY_ANSWERED = {"recommendation", "library", "process", "contact", "email", "attachment", "rate"}
"""Facets that are answered by themselves, whatever is told of the case beside them."""
_GO_TOGETHER = re.compile(r"同时|一[起块道并]|叠|冲突|打架|[两几]个(?:方向|都|能)|两头都|都(?:能|可以)?报|只能报")
"""What asks whether things go together, not what was got before (没拿过市级资金，能报吗)."""
_SEEKS = re.compile(r"(?:报|申报|申请|符合|适合|走|沾)[^,。?!;]{0,3}(?:什么|哪)")
"""What seeks a direction for a case (我们能报什么)."""


def _asks_of_a_case(text: str, folded: str, conversation: Conversation, desk: Desk) -> bool:
    """Whether a text tells of a case and asks what it may be applied for, or whether it suffices."""
    commands, library = desk.library.commands, desk.library
    if conversation.told and (commands.says("firmly", folded) or commands.whole_of(text) == "standing"):
        return False
    if conversation.told and changing.put_right(text, conversation, library, desk.today):
        return False
    what, whether, story = commands.says("what", folded), commands.says("whether", folded), not asks(text, desk)
    if not what and not whether and not story:
        return False
    fresh = conversation.but(told=())
    facts = [library.guide.fact[key] for key in _told_in(text, fresh, desk)]
    own = [fact for fact in facts if fact.key in library.guide.book.particular]
    if story and not what and not whether:
        return (
            conversation.interview == ""
            and bool(facts)
            and _is_story({fact.key for fact in facts} | set(conversation.now), library)
        )
    if what and of_oneself(folded):
        return bool(facts) or not understood_in(text, conversation, library)
    if not facts and _is_own_case(text, fresh, desk):
        return True
    some = any(len(fact.branches) < len(library.guide.branches) for fact in facts)
    return bool(own) or (some and (what or bool(understood_in(text, conversation, library))))


def _told_in(text: str, fresh: Conversation, desk: Desk) -> dict[str, None]:
    """The facts that a text tells, also those of several projects that are held apart."""
    after = desk.notice(text, fresh).conversation
    return dict.fromkeys(kept.fact for kept in (*after.told, *(after.waiting.told if after.waiting else ())))


OF_ITS_OWN = 2
"""Particular facts from which a text without 我们 that asks what may be applied for tells of a case all the same."""


def _is_own_case(text: str, fresh: Conversation, desk: Desk) -> bool:
    """Whether a text that names nobody tells too many particulars, and a figure, for a question of the rules."""
    guide = desk.library.guide
    told = {kept.fact for kept in desk.notice(text, fresh, answer=True).conversation.told} & set(guide.book.particular)
    return len(told) >= OF_ITS_OWN and any(guide.fact[key].kind == "number" for key in told)


A_STORY = 4
"""Facts from which messages that ask nothing are a story, told in order to know what may be applied for."""


def _is_story(told: set[str], library: Library) -> bool:
    general = {fact.key for fact in library.guide.facts if len(fact.branches) == len(library.guide.branches)}
    return len(told) >= A_STORY and bool(told - general)


def opened(text: str, conversation: Conversation, desk: Desk) -> Step:
    """Open the interview on a text: what it tells counts, and is said back."""
    noticed = desk.notice(text, conversation)
    if not noticed.new and not noticed.conversation.waiting:
        noticed = desk.notice(text, conversation, answer=True)  # who wants to be tested tells of their own case
    conversation = noticed.conversation
    standing = desk.standing(conversation)
    named = _all_in(text, desk) or directions_in(text, desk.library, plainly=True)
    if not named and not (standing.branches and noticed.new) and not _says(text, "what", desk):
        named = understood_in(text, conversation, desk.library)
    a_story = len(text) >= A_SENTENCE and _says(text, "what", desk) and not _says(text, "assess", desk)
    no_direction = a_story and not named and not standing.branches and not conversation.waiting
    return open_scope(named, conversation, desk, noticed, misses=int(no_direction))


A_SENTENCE = 12
"""Letters from which a message that asks what may be applied for should have told of a direction."""


def _all_in(text: str, desk: Desk) -> tuple[str, ...]:
    """Every direction, where a request asks for all of them (测一测全部)."""
    folded = desk.library.teller.letters(text)
    spot = desk.library.commands.found("assess", folded)
    if spot is None or desk.library.commands.whole_of(folded[: spot[0]] + folded[spot[1] :]) != "all":
        return ()
    return tuple(one.direction for one in desk.library.guide.directions)


def _says(text: str, name: str, desk: Desk) -> bool:
    return desk.library.commands.says(name, desk.library.teller.letters(text))


def understood_in(text: str, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The directions that a text is about, where it is clearly about some."""
    intent = understand(text, conversation.but(topics=(), facets=(), subject=""), library, ours=True)
    if intent.kind != "asks" or intent.confidence < 0.8:
        return ()
    topics = (topic for ask in intent.asks for topic in ask.topics if topic in library.guide.direction_of)
    return tuple(dict.fromkeys(library.guide.direction_of[topic].direction for topic in topics))


def open_scope(
    named: tuple[str, ...], conversation: Conversation, desk: Desk, noticed: Noticed | None = None, *, misses: int = 0
) -> Step:
    """Open the interview (or widen its scope) to directions or branches."""
    begun = conversation.interview == "open"
    first = not begun or conversation.asking == SCOPE
    scope = tuple(dict.fromkeys((*conversation.scope, *named)))
    since = conversation.tellings if first else conversation.since
    conversation = conversation.but(interview="open", scope=scope, since=since, misses=misses)
    saying, standing = desk.saying(), desk.standing(conversation)
    if not begun:
        state_of_day(saying, desk.today)
    if noticed:
        asking.note(saying, list(noticed.new) if begun else _told_so_far(conversation, desk.library))
        asking.not_taken(saying, noticed)
        _doubts(saying, noticed.doubtful)
    most = 0 if conversation.waiting else len(open_facts(standing))
    if first and standing.branches and most > FEW_QUESTIONS:
        saying.say("interview_lead_many")
    elif first and standing.branches and most > 1:
        saying.say("interview_lead", desk_source(f"{most}个"), most=most)
    step = go_on(conversation, saying, desk)
    if step.reply.status == "result" and not begun:
        return finish(conversation, _only_noted(desk, noticed), desk)
    return step


def _only_noted(desk: Desk, noticed: Noticed | None) -> Saying:
    """A reply that says back what was told; the sheet says the day itself."""
    saying = desk.saying()
    if noticed:
        asking.note(saying, _told_so_far(noticed.conversation, desk.library))
        asking.not_taken(saying, noticed)
    return saying


def _told_so_far(conversation: Conversation, library: Library) -> list[Kept]:
    return [kept for kept in conversation.now.values() if kept.fact in library.guide.fact and kept.value is not None]


def _doubts(saying: Saying, facts: tuple[str, ...]) -> None:
    for key in facts[:2]:
        fact = saying.library.guide.fact[key]
        saying.say("two_values", *fact_sources(fact, saying.library), name=fact.name)


def asks(text: str, desk: Desk) -> bool:
    """Whether a text that is no answer asks something, by its form."""
    scene = Scene(desk.library.teller.letters(text), desk.today)
    return any(scene._asks(start, end) for start, end in scene.clauses)


def asks_anything(text: str, desk: Desk) -> bool:
    """The same, or by any word of a question (研发费加计扣除现在按75还是100)."""
    find = desk.library.finder.find
    return asks(text, desk) or any(
        find(one).is_question for one in cut(corrected(desk.library.finder.speller.fold(text)))
    )
