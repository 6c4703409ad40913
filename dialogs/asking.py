"""A question of the interview as it is put: the sentence, why, the choices, how far it is, what may be tapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dialogs.conversation import Conversation, Kept, Told
from dialogs.dated import dated
from dialogs.interview import Standing, grounds, must_end, next_fact, open_facts, standing_of
from dialogs.library import Library
from dialogs.messages import Option, Pick, Progress, Question, Reply
from dialogs.noticing import Noticed
from dialogs.saying import Saying, Source, branch_source, contact_source, desk_source
from dialogs.scoping import near_directions
from dialogs.telling import fact_sources, in_words, told_source, value_in_words
from knowledge.guide import Fact
from knowledge.judging import DISTRICT

KEY_LENGTH = 24
"""Letters of a fact's key in an option's value, which has at most 48 bytes; tests hold that they tell facts apart."""
SCOPE = "scope"
MOST_NOTED = 14


def answer_value(fact: Fact, number: int) -> str:
    """An answer's option, without its guide: 0 is 不清楚, else the choice with this number."""
    return f"answer:{fact.key[:KEY_LENGTH]}.{number}"


def fact_of(short: str, library: Library) -> Fact | None:
    """The fact that an option's value names."""
    return next((fact for fact in library.guide.facts if fact.key[:KEY_LENGTH] == short[:KEY_LENGTH]), None)


def choices_of(fact: Fact) -> list[tuple[str, str]]:
    """(value, label) of every answer that can be tapped; none for numbers and days."""
    if fact.kind == "bool":
        yes, no = ("有", "没有") if "有没有" in fact.question else ("是", "否")
        return [("true", yes), ("false", no)]
    return list(fact.choices.items())


def choice_of(kept: Kept) -> str:
    """What was told as a choice's value in the vocabulary: true, design, 800."""
    return str(kept.value).lower() if isinstance(kept.value, bool) else str(kept.value)


def question_of(key: str, standing: Standing, library: Library) -> Question:
    """The question object of a fact."""
    fact, guide = library.guide.fact[key], library.guide
    branches = open_facts(standing).get(key, ())
    ground = next(iter(grounds(key, branches or fact.branches, guide)))
    return Question(
        fact=key,
        kind=fact.kind,
        unit=fact.unit,
        choices=tuple(
            Pick(value, label, f"{answer_value(fact, number)}@{guide.id}")
            for number, (value, label) in enumerate(choices_of(fact), 1)
        ),
        why=f"{ground.clause}：“{' '.join(ground.quote.split())}”",
        decides=branches,
    )


def scope_question(near: tuple[str, ...], library: Library) -> Question:
    """Which directions: those that what was told hints at first."""
    directions = sorted(library.guide.directions, key=lambda one: one.direction not in near)
    return Question(
        fact=None,
        kind="scope",
        choices=tuple(
            Pick(one.direction, one.label, f"assess:{one.direction}@{library.guide.id}") for one in directions
        ),
        why=library.phrases.say("why_scope"),
        decides=tuple(one.direction for one in directions),
    )


def next_question(facts: Mapping[str, Told], today: date, library: Library) -> Question | None:
    """What an interview would ask of a case that is known by its facts alone; None where nothing is left to ask."""
    told = tuple(Kept(fact=key, value=value) for key, value in facts.items())
    conversation = Conversation(guide=library.guide.id, told=told)
    standing = standing_of(conversation, library, today)
    if not standing.branches:
        return scope_question(near_directions(standing, conversation, library), library)
    key = next_fact(standing)
    return question_of(key, standing, library) if key else None


def progress_of(conversation: Conversation, standing: Standing) -> Progress:
    """How many facts were told since the interview began, and how many may still be asked."""
    answered = len({kept.fact for kept in conversation.told if kept.telling > conversation.since})
    return Progress(answered, len(open_facts(standing)))


def put(
    saying: Saying, key: str, conversation: Conversation, standing: Standing, *, asked_already: bool = False
) -> Reply:
    """The reply that asks a fact; `asked_already`: what is said asks it in words of its own."""
    library = saying.library
    fact = library.guide.fact[key]
    if not asked_already:
        _asked(saying, fact, standing)
    question = question_of(key, standing, library)
    _cite_ground(saying, key, standing)
    saying.options[:0] = answer_options(fact, conversation, library)
    del saying.options[4:]
    topics = tuple(dict.fromkeys(library.guide.direction_of[branch].direction for branch in question.decides))
    reply = saying.reply("question", topics=topics, facets=("conditions",))
    return replace(reply, question=question, progress=progress_of(conversation, standing))


def _asked(saying: Saying, fact: Fact, standing: Standing) -> None:
    """The question's sentence, and that the interview is about to end."""
    say, question = saying.library.phrases.say, fact.question
    if len(open_facts(standing)) == 1:
        question += say("last_question")
    elif must_end(standing, fact.key):
        question += say("may_be_last")
    saying.line(question, *fact_sources(fact, saying.library))


def _cite_ground(saying: Saying, key: str, standing: Standing) -> None:
    branches = open_facts(standing).get(key, ()) or saying.library.guide.fact[key].branches
    ground = grounds(key, branches, saying.library.guide)[0]
    saying.cite(ground.clause, ground.quote)


def answer_options(fact: Fact, conversation: Conversation, library: Library) -> list[Option]:
    """What may be tapped under a question beside its choices."""
    at, say = library.guide.id, library.phrases.say
    options = [Option(say("option_unknown"), f"{answer_value(fact, 0)}@{at}"), Option(say("option_why"), f"why:@{at}")]
    if conversation.tellings > conversation.since:
        options.append(Option(say("option_back"), f"back:@{at}"))
    return [*options, Option(say("option_sheet"), f"sheet:@{at}")]


def example_of(fact: Fact, library: Library) -> str:
    """How an answer to a fact may look."""
    kind: str = fact.kind
    if kind == "number":
        by_unit = {"万元": "number", "%": "share", "年": "years"}
        kind = "year" if fact.key.endswith("_year") else by_unit.get(fact.unit or "", "count")
    elif "有没有" in fact.question:
        kind = "have"
    return library.phrases.say(f"example_{kind}")


def put_scope(saying: Saying, near: tuple[str, ...], *, again: bool = False) -> Reply:
    """The opening question where nothing particular was told."""
    library = saying.library
    if near:
        labels = "、".join(library.guide.direction_of[number].label for number in near)
        saying.say("ask_scope_near", near=labels)
    else:
        saying.say(
            "ask_scope_again" if again else "ask_scope", desk_source("14个"), count=len(library.guide.directions)
        )
    question = scope_question(near, library)
    saying.offer(library.phrases.say("option_all"), "all:")
    saying.offer(library.phrases.say("option_overview"), "overview")
    saying.offer(library.phrases.say("option_stop"), "stop:")
    reply = saying.reply("question", facets=("conditions",))
    return replace(reply, question=question)


def note(saying: Saying, kept: list[Kept]) -> None:
    """我记下了：… in one line."""
    library = saying.library
    shown = _as_taken(kept[:MOST_NOTED], saying)
    if shown:
        facts = "；".join(in_words(one, library) for one in shown)
        saying.say("noted", *sources_of(shown, library), facts=facts)


def _as_taken(kept: list[Kept], saying: Saying) -> list[Kept]:
    """Days told in words with the day that they are taken for (去年9月 is 2022年9月)."""
    return [dated(one, saying.library, saying.today) if saying.today else one for one in kept]


def say_back(saying: Saying, noticed: Noticed) -> None:
    """What a message told, and what of it could not be taken and why."""
    note(saying, [kept for kept in noticed.new if kept.value is not None])
    not_taken(saying, noticed)


def not_taken(saying: Saying, noticed: Noticed) -> None:
    """What a message told and could not be taken, with the guide's doubt or what would be right."""
    library = saying.library
    for _, id_ in noticed.unsettled:
        unsettled(saying, id_)
    if noticed.gross and any(key in library.guide.fact for key in library.teller.figures):
        saying.say("gross_heard")
    if noticed.several:
        saying.say("several_told")


def unsettled(saying: Saying, id_: str) -> None:
    """Say a doubt of the guide, and whom to ask."""
    guide = saying.library.guide
    doubts = ((branch, doubt) for branch, book in guide.book.branches.items() for doubt in book.doubts)
    branch, doubt = next((branch, doubt.ambiguity) for branch, doubt in doubts if doubt.ambiguity.id == id_)
    row = next(contact for contact in guide.contacts if contact.id == doubt.contact)
    text = " ".join([doubt.quote or "", *guide.direction_of[branch].clauses.values()])
    sources = [Source("quoted", text, branch), contact_source(row), branch_source(branch, saying.library)]
    saying.say("unsettled", *sources, says=doubt.say)
    saying.card(row)
    if doubt.quote:
        saying.cite(guide.branches[branch].clause, doubt.quote)


def list_told(saying: Saying, phrase: str, conversation: Conversation) -> None:
    """Everything that counts as told, in one line."""
    kept = [one for one in conversation.now.values() if one.fact in saying.library.guide.fact]
    if not kept:
        saying.say("nothing_told")
        return
    kept = _as_taken(kept, saying)
    facts = "；".join(in_words(one, saying.library) for one in kept)
    saying.say(phrase, *sources_of(kept, saying.library), facts=facts)


def sources_of(kept: list[Kept], library: Library) -> list[Source]:
    told = [told_source(one, library) for one in kept]
    names = [source for one in kept for source in fact_sources(library.guide.fact[one.fact], library)]
    return [*told, *names]


def told_line(kept: Kept, library: Library) -> tuple[str, list[Source]]:
    """One told value in words, with its sources."""
    fact = library.guide.fact[kept.fact]
    words = in_words(kept, library) if fact.kind == "bool" and kept.value is not None else value_in_words(fact, kept)
    return words, sources_of([kept], library)


def why(saying: Saying, key: str, standing: Standing) -> None:
    """The clauses that a question is asked for."""
    guide = saying.library.guide
    branches = open_facts(standing).get(key, ())
    if key == DISTRICT:
        saying.say("why_district")
    for ground in grounds(key, branches or guide.fact[key].branches, guide)[:2]:
        quote = " ".join(ground.quote.split())
        saying.say(
            "why_asked", Source("quoted", f"{ground.clause} {ground.quote}", quote), clause=ground.clause, quote=quote
        )
        saying.cite(ground.clause, ground.quote)
    if branches:
        names = "、".join(saying.library.name_of(branch) for branch in branches[:3])
        saying.say("why_decides", *_names_sources(branches, saying.library), what=names)


def _names_sources(branches: tuple[str, ...], library: Library) -> list[Source]:
    return [branch_source(branch, library) for branch in branches]


def already(saying: Saying, kept: Kept) -> None:
    """Say that a fact is known, and how."""
    saying.say("already", *sources_of([kept], saying.library), what=in_words(kept, saying.library))
