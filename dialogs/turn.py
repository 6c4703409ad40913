"""One turn: a message and a conversation in, the next conversation, a reply and effects out.

House rules
1. Every message gets exactly one reply, but for those that an officer answers (`handover.py`); there is no state in
   which a visitor is left without a sentence.
2. Nothing here waits, reads a clock, a file or a network: `today` and `library` are handed in.
3. What was told is kept, everything else follows from it; so going back, changing and a restart are no special cases.

The line that every message walks
    a ticket's events    → its table; while an officer has the conversation the assistant says nothing
    a person is wanted   → a ticket
    a tapped option      → what its value says, also months later
    too long             → one sentence, nothing changes
    an option in words   → 第二个, 海淀区
    the open interview   → an answer, a command, a correction; an aside walks on, and the question is put again
    what waits for a yes → 按前面的, 按这次的
    opening an interview → a request, or a story that asks what may be applied for
    a correction         → 投资额改成600万, also after the sheet
    small talk           → greeting, thanks, who are you, help
    a look-up            → name, phone, mailbox, office, district, attachment
    another policy       → said so, with whom to ask
    topic × facet        → the provisions, proved
    what else is asked   → each question by itself, where the reply has nothing of it
    too close to call    → asked back, at most four options
    nothing recognised   → said so; the second time in a row a person is offered
and whatever a message tells of the case is kept on the way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dialogs import (
    asking,
    beginning,
    beside,
    clarifying,
    declining,
    defining,
    glossing,
    handover,
    interviewing,
    looking_up,
    overview,
    smalltalk,
    tapping,
    trades,
)
from dialogs.answering import APPLYING, answer
from dialogs.attachments import attachments
from dialogs.case_in_hand import asks_of_the_case, with_case
from dialogs.comparing_all import TOLD, over_all
from dialogs.confirming import confirmed, floor_confirmed
from dialogs.contacts import narrowest, rows_of
from dialogs.conversation import Conversation, remembered
from dialogs.correcting import revised
from dialogs.covering import besides, ours_beside
from dialogs.districts import districts
from dialogs.duties import NAMED
from dialogs.filling import filled
from dialogs.filtering import directions_with
from dialogs.grounds import after_verdict, grounds_of, say_grounds
from dialogs.hearing import as_read
from dialogs.intent import CEILINGS, RULE_FACETS, Ask, Intent
from dialogs.joining import joined
from dialogs.library import Holder, Library
from dialogs.messages import Choice, Effect, Happened, Message, Reply, Text, TicketOpened
from dialogs.nearest import nearest
from dialogs.noticing import Noticed
from dialogs.outdoing import outdone
from dialogs.reckoning import reckoned
from dialogs.referring import person_ids, subject_of
from dialogs.saying import Saying, desk_source
from dialogs.stepping import Aside, Desk, Step, go_on
from dialogs.stepping import Turn as Turn
from dialogs.supposing import of_the_story, supposed
from dialogs.understanding import places_in, understand
from dialogs.waiting import say_conflict, settled
from dialogs.weighing import verdict_of, weighed
from dialogs.window import behind_state, put_first
from dialogs.yes_first import yes_first
from knowledge.spelling import LONGEST

KINDS = "overview:kinds"
"""What is said of the ways in which money is given (奖励、补贴、贴息), where a word names that."""
UNANSWERED = {"elsewhere", "silent", "not_in_guide", "not_understood"}
"""Kinds of intents that are declined."""


@dataclass(frozen=True)
class Answer:
    """What the assistant answers."""

    conversation: Conversation
    reply: Reply
    effects: tuple[Effect, ...] = ()


def start(library: Library, *, opens: bool = True) -> Conversation:
    """A fresh conversation over a library's guide; `opens`: whether it may open an interview of its own accord."""
    return Conversation(guide=library.guide.id, opens=opens)


def respond(conversation: Conversation, message: Message | TicketOpened, *, library: Library, today: date) -> Turn:
    """The one call of the product: never raises for anything a visitor sends."""
    desk = Desk(library, today)
    if isinstance(message, Happened | TicketOpened):
        return handover.happened(conversation, message, desk)
    if turn := handover.beside(conversation, message, desk):
        return turn
    answer = _answer(conversation.but(helped=0), message, desk)
    return handover.reminding(answer.conversation, answer.reply, answer.effects, desk)


def suggest(conversation: Conversation, messages: Sequence[Text | Choice], *, library: Library, today: date) -> Turn:
    """What the assistant would have answered to what a visitor has said to an officer, and where it would stand."""
    turns = suggestions(conversation, messages, library=library, today=today)
    return turns[-1] if turns else Turn(conversation.but(ticket=None), None)


def suggestions(
    conversation: Conversation, messages: Sequence[Text | Choice], *, library: Library, today: date
) -> list[Turn]:
    """The same after each of the messages."""
    turns: list[Turn] = []
    after = conversation.but(ticket=None)
    for message in messages:
        answer = _answer(after, message, Desk(library, today))
        after = answer.conversation
        turns.append(Turn(after, answer.reply))
    return turns


def _answer(conversation: Conversation, message: Text | Choice, desk: Desk) -> Answer:
    """The assistant's own answer, whoever has the conversation."""
    library, today = desk.library, desk.today
    if isinstance(message, Choice):
        return _choose(conversation, message.value, library, today)
    if len(message.text) > LONGEST:
        return _stay(conversation, _too_long(message.text, library))
    picked = _picked(conversation, message.text, library)
    if picked:
        return _choose(conversation, picked, library, today)
    heard = as_read(message.text, library.finder.scribe)
    answer = _heard(conversation, heard, desk)
    return answer if heard == message.text else replace(answer, effects=_as_said(answer.effects, message.text))


def _as_said(effects: tuple[Effect, ...], said: str) -> tuple[Effect, ...]:
    """Effects with the visitor's own words, however they were read."""
    return tuple(replace(one, about={**one.about, "text": said}) if one.kind == "note" else one for one in effects)


def _heard(conversation: Conversation, text: str, desk: Desk) -> Answer:
    """A text: the interview's, or a question to be answered from the guide."""
    if conversation.interview == "open":
        heard = interviewing.hear(text, conversation, desk)
        return _turn(heard) if isinstance(heard, Step) else _aside(heard, desk)
    if conversation.waiting and conversation.waiting.kind == "change":
        if step := revised(text, conversation, desk):
            return _turn(step)
        conversation = conversation.but(waiting=None)
    if conversation.waiting:
        saying = desk.saying()
        after = settled(text, conversation, saying, desk.today)
        if after is not None:
            return _turn(go_on(after.but(interview="open"), saying, desk))
        conversation = conversation.but(waiting=None)
    if beginning.opens(text, conversation, desk):
        return _opened(text, conversation, desk)
    if step := beside.outside(text, conversation, desk):
        return _turn(step)
    conversation = conversation.but(asking="")  # a bare 没有 after this answers nothing any more
    noticed = desk.notice(text, conversation)
    intent = understand(text, noticed.conversation, desk.library)
    if noticed.new and conversation.opens and intent.kind in UNANSWERED and not beginning.asks_anything(text, desk):
        return _opened(text, conversation, desk)  # 我们公司注册在海淀，固投800万 asks for nothing else
    whole = supposed(text, conversation.case, desk) if intent.kind != "grounds" else ""
    turn = _asked_whole(whole, noticed.conversation, desk) if whole else None
    if turn is None:
        story = of_the_story(text, conversation.case, desk) if asks_of_the_case(intent, conversation) else ""
        if story and intent.kind == "grounds":  # 这样不行吗 asks of what was told, where nothing was denied yet
            intent = Intent("asks", asks=(Ask(conversation.topics, ("conditions",)),), facets=("conditions",))
        plain = _told(noticed.conversation, intent, text, desk.library, desk.today)
        turn = _judged(plain, story, intent, conversation, noticed.conversation, desk, changed=True) if story else plain
        if turn is plain:
            turn = _judged(plain, text, intent, conversation, noticed.conversation, desk)
    turn = replace(turn, conversation=with_case(turn.conversation, conversation, whole, text, intent, desk))
    return _with_conflict(turn, desk) if turn.conversation.waiting else _with_note(turn, noticed, desk)


def _opened(text: str, conversation: Conversation, desk: Desk) -> Answer:
    """The interview opened on a text; where more is asked back, the verdict on what it asked comes first."""
    turn = _turn(beginning.opened(text, conversation.but(case="", said=()), desk))
    if turn.conversation.interview != "open" or turn.conversation.waiting or turn.conversation.asking == asking.SCOPE:
        return turn
    intent = understand(text, conversation, desk.library)
    first = verdict_of(reply_to(intent, conversation, desk.library, desk.today), text, intent, conversation, desk)
    return replace(turn, reply=put_first(turn.reply, first, desk.today)) if first else turn


def _judged(
    turn: Answer,
    text: str,
    intent: Intent,
    before: Conversation,
    said: Conversation,
    desk: Desk,
    *,
    changed: bool = False,
) -> Answer:
    """A turn with what its question supposes weighed and reckoned; the very turn where it is not.

    `before`: the conversation before the message, `said`: with what the message has told; `changed`: the text is the
    question in hand with something changed.
    """
    again = intent.kind == "grounds"  # which says once more what was judged
    if (claimed := floor_confirmed(turn.reply, text, desk)) is not turn.reply:
        return replace(turn, reply=claimed)
    verdict = None if again else weighed(turn.reply, text, intent, before, desk, changed=changed)
    judged = verdict or confirmed(turn.reply, text, intent, said, desk)
    after = after_verdict(turn.conversation, verdict, desk.library, desk.today) if verdict else turn.conversation
    if not (verdict and after.denied):  # no sum for what can't be applied for
        reckoned_ = reckoned(judged, text, intent, before, desk)
        judged = filled(judged, text, intent, desk) if reckoned_ is judged else reckoned_
    judged = outdone(judged, text, intent, desk)
    judged = yes_first(judged, text, intent, desk) if judged is turn.reply else judged
    if judged is turn.reply:
        return turn
    return replace(turn, conversation=after, reply=judged)


def _asked_whole(whole: str, conversation: Conversation, desk: Desk) -> Answer | None:
    """The question in hand as a message has changed it; None where nothing of it is weighed or reckoned."""
    intent = understand(whole, conversation, desk.library)
    if {topic for ask in intent.asks for topic in ask.topics} != set(conversation.topics):
        return None
    turn = _told(conversation, intent, whole, desk.library, desk.today)
    judged = _judged(turn, whole, intent, conversation, conversation, desk, changed=True)
    return None if judged is turn else judged


def _turn(step: Step) -> Answer:
    return Answer(step.conversation, step.reply)


def _aside(aside: Aside, desk: Desk) -> Answer:
    """A question in the midst of the interview: answered, then the standing question again."""
    conversation = aside.noticed.conversation
    meaning = defining.asks_meaning(aside.text)
    explained = defining.explained(conversation, desk.standing(conversation), desk.saying()) if meaning else None
    if explained:
        turn = Answer(conversation, explained)
    else:
        intent = understand(aside.text, conversation, desk.library)
        turn = _told(conversation, intent, aside.text, desk.library, desk.today)
        turn = _judged(turn, aside.text, intent, conversation, conversation, desk)
    step = beside.resumed(turn.conversation, turn.reply, aside.noticed, desk)
    return Answer(step.conversation, step.reply, turn.effects)


def _with_note(turn: Answer, noticed: Noticed, desk: Desk) -> Answer:
    """An answer, and what was told on the way, where an interview may follow."""
    if not noticed.new or not turn.conversation.opens or turn.reply.status != "answered":
        return turn
    saying = desk.saying()
    asking.note(saying, list(noticed.new))
    told = saying.reply("notice")
    reply = replace(turn.reply, text=f"{turn.reply.text}\n{told.text}", origins=(*turn.reply.origins, *told.origins))
    return replace(turn, reply=reply)


def _with_conflict(turn: Answer, desk: Desk) -> Answer:
    """An answer, and that something was told in a second way."""
    waiting = turn.conversation.waiting
    if waiting is None or waiting.kind in ("project", "several") or turn.reply.status == "no_answer":
        return replace(turn, conversation=turn.conversation.but(waiting=None))
    saying = desk.saying()
    say_conflict(saying, turn.conversation)
    asked = saying.reply("clarify")
    reply = replace(
        turn.reply,
        text=f"{turn.reply.text}\n{asked.text}",
        options=(*asked.options, *turn.reply.options)[:4],
        origins=(*turn.reply.origins, *asked.origins),
    )
    return replace(turn, conversation=turn.conversation.then(options=reply.options), reply=reply)


def _told(conversation: Conversation, intent: Intent, text: str, library: Library, today: date) -> Answer:
    def answered(one: Intent) -> Reply:
        return reply_to(one, conversation, library, today)

    if ours := ours_beside(text, intent, conversation, library, answered):
        intent = replace(ours.intent, elsewhere=intent.elsewhere, partly=True)
    reply = _dated(reply_to(intent, conversation, library, today), intent, library, today)

    def followed(before: Conversation, one: Intent, said: Reply) -> Conversation:
        return _in_hand(before, one, said, library) if said.status == "answered" else before

    others = besides(text, intent, reply, conversation, library, answered, followed)
    reply = joined(reply, others, library, today)
    reply = joined(reply, nearest(text, intent, reply, conversation, library, answered), library, today)
    missed = reply.reason == "not_understood"
    effects = (Effect("note", {"reason": reply.reason or "", "text": text}),) if reply.status == "no_answer" else ()
    if reply.status == "notice" or reply.status == "no_answer":
        other = f"elsewhere:{intent.elsewhere.id}" if intent.elsewhere else ""
        of = intent.asks[0].topics if intent.kind == "silent" and intent.asks else conversation.topics
        after = conversation.going_over_to(of).then(
            options=reply.options,
            subject=other or conversation.subject,
            facets=intent.facets if other and intent.ids else conversation.facets,
            misses=conversation.misses + 1 if missed else 0,
            earlier_topics=remembered((*conversation.earlier_topics, *(intent.ids if other else ()))),
        )
    else:
        after = _in_hand(conversation, intent, reply, library)
        if intent.kind != "grounds":  # which says again what was said before
            after = after.but(grounds=grounds_of(reply, library), denied=False)
    return Answer(after.having_named(places_in(text, library)), reply, effects)


def _dated(reply: Reply, intent: Intent, library: Library, today: date) -> Reply:
    """A look-up beside which something of applying is asked, behind the state of the day."""
    applying = intent.kind != "asks" and any(set(ask.facets) & APPLYING for ask in intent.asks)
    return behind_state(reply, library, today) if applying and reply.status == "answered" else reply


def reply_to(intent: Intent, conversation: Conversation, library: Library, today: date) -> Reply:
    """The reply to an intent."""
    match intent.kind:
        case "empty":
            return smalltalk.say("empty", conversation, library)
        case "smalltalk":
            return smalltalk.say(intent.ids[0], conversation, library)
        case "people":
            return looking_up.people(intent, library)
        case "phone":
            return looking_up.phones(intent, library)
        case "mailbox":
            return looking_up.mailboxes(intent, library)
        case "office":
            return looking_up.offices(intent, library)
        case "desk":
            return looking_up.desks(intent, library)
        case "district":
            return districts(intent, library, today)
        case "attachment":
            return attachments(intent, library)
        case "asks" if _of_everything(intent):
            return overview.overview(library)
        case "asks":
            return answer(intent, library, today)
        case "grounds":
            return say_grounds(intent, library, today, denied=conversation.denied)
        case "define":
            return glossing.gloss(intent, library)
        case "overview":
            return overview.overview(library, intent.figure, next(iter(intent.ids), ""))
        case "filter":
            return directions_with(intent, library, today)
        case "trade":
            return trades.directions_of(intent, library, today)
        case "over_all":
            return over_all(intent, library, today)
        case "elsewhere":
            return declining.elsewhere(intent, library)
        case "silent":
            return declining.silent(intent, library)
        case "which":
            return clarifying.which_direction(intent, library)
        case "not_in_guide":
            return declining.not_in_guide(library, intent.confidence)
        case _:
            return declining.not_understood(library, conversation.misses, intent.confidence, opens=conversation.opens)


def _of_everything(intent: Intent) -> bool:
    """Whether the whole guide is asked for at a glance, not one thing that is said of it (一共多少钱, 高精尖是什么)."""
    if [ask.topics for ask in intent.asks] != [("overview",)] or {"definition", "other"} & set(intent.facets):
        return False
    return intent.asks[0].provisions.get(KINDS, 0.0) < NAMED


def _in_hand(conversation: Conversation, intent: Intent, reply: Reply, library: Library) -> Conversation:
    """What stays in hand for the next message: topics, facets, the district or person spoken of."""
    topics = tuple(dict.fromkeys(topic for ask in intent.asks for topic in ask.topics))
    topics = intent.ids if intent.kind == "trade" else topics
    topics = tuple(topic for topic in topics if topic != CEILINGS) or topics  # no figure is a promise: of 方向7 it was
    holders = _holders_in(reply, library) if intent.kind in ("phone", "mailbox") else []
    if intent.kind == "over_all" and not intent.figure.endswith(TOLD):
        subject = f"over_all:{intent.facets[0]}"
    elif intent.kind == "district":
        subject = f"district:{intent.ids[-1]}"
    elif intent.kind == "office" and len(intent.ids) == 1:
        subject = f"office:{intent.ids[0]}"
    elif intent.kind == "people":
        own = {
            row.name for ask in intent.asks if ask.facets == ("contact",) for row in narrowest(rows_of(ask, library))
        }
        subject = f"person:{own.pop()}" if len(own) == 1 else _person_shown(intent, reply, library)
        held = conversation.subject.partition("person:")[2].partition("@")[0]
        if intent.by_surname and held in intent.ids:
            subject = conversation.subject  # 李京龙 → 李老师？姓李的好几个 → 就他
    elif intent.kind == "mailbox" and len(holders) == 1 and holders[0].district:
        subject = f"district:{holders[0].district.id}"
    elif len(holders) == 1:
        subject = subject_of(holders[0])
    elif intent.kind == "phone" and len(intent.ids) == 1 and holders:
        subject = f"phone:{intent.ids[0]}"
    elif topics and "contact" in reply.facets and (name := _one_person(intent, reply, library)):
        subject = f"person:{name}"
    else:
        subject = conversation.subject if intent.kind in ("attachment", "which") else ""
    facets = intent.facets if intent.kind == "which" or topics else conversation.facets
    if intent.kind in ("district", "people", "office", "desk", "phone", "mailbox"):
        facets = ("email",) if intent.facets == ("email",) else ("contact",)
    elif intent.kind == "attachment":
        facets = ("attachment",)
    elif topics and not facets:
        facets = tuple(RULE_FACETS[topic] for topic in topics if topic in RULE_FACETS)
    if intent.kind == "people" and not topics:
        topics = _matters_of(person_ids(subject)[0], library)
    of = library.guide.direction_of
    if topics and not any(topic in of for topic in topics) and any(topic in of for topic in conversation.topics):
        topics = conversation.topics  # a general matter in between (现在还能申报吗) does not take the direction away
    after = conversation.going_over_to(topics or conversation.topics)
    return after.then(options=reply.options, facets=facets, subject=subject, misses=0)


def _holders_in(reply: Reply, library: Library) -> list[Holder]:
    """The people of the tables whose cards a reply shows."""
    shown = {(card.name, card.phone) for card in reply.contacts}
    return [holder for holder in library.holders if holder.name and (holder.name, holder.phone) in shown]


def _person_shown(intent: Intent, reply: Reply, library: Library) -> str:
    """The person that a look-up has shown, and of several of one name which one."""
    name = next(id_ for id_ in intent.ids if ":" not in id_)
    holders = [holder for holder in _holders_in(reply, library) if holder.name == name]
    return subject_of(holders[0]) if len(holders) == 1 else f"person:{name}"


def _one_person(intent: Intent, reply: Reply, library: Library) -> str:
    """The one person whom a reply names, or who answers for the narrowest matter that was asked about."""
    if len(names := {contact.name for contact in reply.contacts}) == 1:
        return names.pop()
    rows = narrowest(rows_of(intent.asks[0], library)) if len(intent.asks) == 1 and intent.asks[0].contacts else []
    return rows[0].name if len(rows) == 1 else ""


def _matters_of(name: str, library: Library) -> tuple[str, ...]:
    """The directions that a person answers for, where they are few enough to go on with (“那个最多给多少”)."""
    branches = [b for holder in library.holders if holder.name == name for row in holder.rows for b in row.branches]
    directions = tuple(dict.fromkeys(library.guide.direction_of[branch].direction for branch in branches))
    return directions if len(directions) <= 2 else ()


def _stay(conversation: Conversation, reply: Reply) -> Answer:
    """A reply that changes nothing."""
    return Answer(conversation, reply)


def _too_long(text: str, library: Library) -> Reply:
    saying = Saying(library)
    saying.say("too_long", desk_source(f"{LONGEST}个 {len(text)}个"), limit=LONGEST, length=len(text))
    return saying.reply("notice")


# --- options ---------------------------------------------------------------------------------------------------------


def _picked(conversation: Conversation, text: str, library: Library) -> str | None:
    """The option that a text names among those last shown: by its place (2, 第二个) or by words of its label."""
    if not conversation.shown:
        return None
    folded = library.finder.speller.fold(text).strip(" ?.!,。")
    places = {"1": 0, "2": 1, "3": 2, "4": 3, "一": 0, "二": 1, "三": 2, "四": 3}
    bare = folded.removeprefix("选").removeprefix("第").removesuffix("个").removesuffix("项")
    if bare in places and places[bare] < len(conversation.shown):
        return conversation.shown[places[bare]].value
    fold = library.finder.speller.fold
    exact = [option.value for option in conversation.shown if fold(option.label) == folded]
    if exact:
        return exact[0]
    if not any(option.value.startswith("person:") for option in conversation.shown) or len(folded) > 20:
        return None
    wanted = re.sub(r"(?:不是|不要|不找)[^,]{1,8}", "", folded)
    named = [o.value for o in conversation.shown if _shares(fold(o.label.split(" ")[0]), wanted)]
    return named[0] if len(named) == 1 else None


def _shares(place: str, folded: str) -> bool:
    return place in folded or (place.endswith("区") and place[:-1] in folded)


def _choose(conversation: Conversation, value: str, library: Library, today: date) -> Answer:
    """What a tapped option says; one that leads nowhere any more gets a sentence, not an error."""
    shown = next((o.value for o in conversation.shown if value in (o.value, o.label)), value)
    body, _, guide = shown.partition("@")
    verb, _, arg = body.partition(":")
    desk = Desk(library, today)
    if step := tapping.chosen_value(value, conversation, desk):
        return _turn(step)
    if guide == library.guide.id:
        if step := tapping.tapped(verb, arg, conversation, desk):
            return _turn(step)
        if turn := _asked_by_tap(verb, arg, value, conversation, desk):
            return _again(turn, desk) if conversation.interview == "open" else turn
    stale = _stay(conversation, smalltalk.say("old_option", conversation, library))
    return _again(stale, desk) if conversation.interview == "open" else stale


def _again(turn: Answer, desk: Desk) -> Answer:
    """A tap beside the interview: its reply, then the standing question again."""
    step = beside.resumed(turn.conversation, turn.reply, Noticed(turn.conversation), desk)
    return Answer(step.conversation, step.reply, turn.effects)


def _asked_by_tap(verb: str, arg: str, value: str, conversation: Conversation, desk: Desk) -> Answer | None:
    """A tapped question of the guide, or person."""
    library, today = desk.library, desk.today
    if verb == "overview":
        return _told(conversation, Intent("overview", facets=("overview",)), value, library, today)
    if verb == "ask":
        topic, _, facet = arg.partition(".")
        if topic in library.guide.direction_of or topic in library.rules:
            facets = (facet,) if facet else ("conditions",)
            intent = Intent("asks", asks=(Ask((topic,), facets),), facets=facets)
            return _told(conversation, intent, value, library, today)
    if verb == "person" and arg.isascii() and arg.isdigit() and int(arg) < len(library.holders):
        reply = looking_up.one_person(int(arg), library)
        subject = subject_of(library.holders[int(arg)])
        return Answer(conversation.then(options=reply.options, subject=subject, misses=0), reply)
    return None
