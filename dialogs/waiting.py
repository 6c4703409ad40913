"""What waits for a word: a second figure (按前面的 / 按这次的), another project (接着测 / 换成新的), 改一项."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dialogs.asking import KEY_LENGTH, choice_of, list_told, progress_of, question_of, sources_of, told_line
from dialogs.changing import read
from dialogs.conversation import Conversation, Kept, Waiting
from dialogs.interview import Standing, grounds
from dialogs.library import Library
from dialogs.messages import Pick, Question, Reply
from dialogs.noticing import ENTERPRISE, alike
from dialogs.saying import Saying, Source, desk_source
from dialogs.telling import fact_sources, in_words
from knowledge.scene import Scene


def put_waiting(saying: Saying, conversation: Conversation, standing: Standing) -> Reply:
    """Ask what waits."""
    waiting = conversation.waiting
    assert waiting is not None
    if waiting.kind == "project":
        return _put_project(saying, conversation, standing)
    if waiting.kind == "several":
        return _put_several(saying, waiting)
    if waiting.kind == "change":
        return _put_change(saying, conversation, standing)
    return _put_figure(saying, waiting.told[0], conversation, standing)


def say_conflict(saying: Saying, conversation: Conversation) -> None:
    """The sentence and the options for a second figure."""
    assert conversation.waiting is not None
    kept, library = conversation.waiting.told[0], saying.library
    fact, old = library.guide.fact[kept.fact], conversation.now[kept.fact]
    (was, was_from), (is_, is_from) = (told_line(one, library) for one in (old, kept))
    saying.say("conflict", *was_from, *is_from, *fact_sources(fact, library), name=fact.name, old=was, new=is_)
    saying.options[:] = []
    saying.offer(library.phrases.say("option_keep", value=was), "keep:")
    saying.offer(library.phrases.say("option_take", value=is_), "take:")
    if fact.subject != ENTERPRISE:
        saying.offer(library.phrases.say("option_other_project"), "other-project:")


def _put_figure(saying: Saying, kept: Kept, conversation: Conversation, standing: Standing) -> Reply:
    library = saying.library
    say_conflict(saying, conversation)
    fact, old = library.guide.fact[kept.fact], conversation.now[kept.fact]
    ground = grounds(kept.fact, fact.branches, library.guide)[0]
    picks = tuple(
        Pick(choice_of(one), told_line(one, library)[0], f"{verb}:@{library.guide.id}")
        for one, verb in ((old, "keep"), (kept, "take"))
    )
    why = f"{ground.clause}：“{' '.join(ground.quote.split())}”"
    question = Question(kept.fact, fact.kind, fact.unit, picks, why, ())
    reply = saying.reply("question", facets=("conditions",))
    far = progress_of(conversation, standing)
    return replace(reply, question=question, progress=replace(far, at_most_left=far.at_most_left + 1))


def _put_project(saying: Saying, conversation: Conversation, standing: Standing) -> Reply:
    library = saying.library
    saying.say("another_project")
    saying.options[:] = []
    saying.offer(library.phrases.say("option_same_project"), "keep:")
    saying.offer(library.phrases.say("option_other_project"), "take:")
    return replace(saying.reply("clarify", facets=("conditions",)), progress=None)


def _put_several(saying: Saying, waiting: Waiting) -> Reply:
    """Ask which of several comes first."""
    count = len(waiting.labels)
    saying.say("which_first", desk_source(f"{count}个"), count=count)
    saying.options[:] = []
    for number, label in enumerate(waiting.labels[:MOST_NAMED], 1):
        saying.offer(label, f"pick:{number}")
    return saying.reply("clarify", facets=("conditions",))


MOST_NAMED = 4
"""Facts that 改一项 offers to tap: those told last."""


def _put_change(saying: Saying, conversation: Conversation, standing: Standing) -> Reply:
    """Ask which told fact is to change, or what it becomes."""
    assert conversation.waiting is not None
    library, chosen = saying.library, conversation.waiting.told
    saying.options[:] = []
    if not chosen:
        list_told(saying, "which_change", conversation)
        last = [key for key in reversed(conversation.now) if key in library.guide.fact][:MOST_NAMED]
        for key in last:
            saying.offer(library.guide.fact[key].name, f"change:{key[:KEY_LENGTH]}")
        return saying.reply("clarify", facets=("conditions",))
    fact = library.guide.fact[chosen[0].fact]
    words, sources = told_line(chosen[0], library)
    saying.say("change_to", *sources, *fact_sources(fact, library), name=fact.name, old=words, question=fact.question)
    saying.offer(library.phrases.say("option_leave"), "leave:")
    reply = saying.reply("question", facets=("conditions",))
    question = question_of(fact.key, standing, library)
    far = progress_of(conversation, standing)
    return replace(reply, question=question, progress=replace(far, at_most_left=far.at_most_left + 1))


def settled(text: str, conversation: Conversation, saying: Saying, today: date) -> Conversation | None:
    """The conversation once a text has settled what waits; None where the text speaks of something else."""
    library, waiting = saying.library, conversation.waiting
    assert waiting is not None
    folded = library.teller.letters(text)
    if Scene(folded, today).text.endswith("?"):
        return None
    if waiting.kind == "several":
        number = _which(folded, waiting, library)
        return taken_first(number, conversation, saying) if number else None
    if library.commands.says("another", folded) and waiting.kind == "figure":
        return taken_as_project(conversation, saying)
    choice = _choice(folded, library)
    if choice == "keep":
        return kept_old(conversation, saying)
    if choice == "take":
        return taken(conversation, saying)
    return _said_anew(text, conversation, saying, today) if waiting.kind == "figure" else None


_FIRST = re.compile(r"^(?:先?测?|选)?第?(?P<nth>[一二三四1-4])(?:[个条款次项笔份家颗台]|号)?(?:吧|项目)?$")


def _which(folded: str, waiting: Waiting, library: Library) -> int:
    """The number of the one of several that a text names: by its place, or by words of it alone; 0 for none."""
    bare = folded.strip(" ,。!?；;")
    if place := _FIRST.match(bare):
        number = "一二三四".find(place["nth"]) + 1 or int(place["nth"])
        return number if number <= len(waiting.labels) else 0
    pieces = {bare[at : at + 2] for at in range(len(bare) - 1)}
    labels = [label.lower() for label in waiting.labels]
    named = [
        number
        for number, label in enumerate(labels, 1)
        if any(piece in label and sum(piece in each for each in labels) == 1 for piece in pieces)
    ]
    return named[0] if len(named) == 1 else 0


def taken_first(number: int, conversation: Conversation, saying: Saying) -> Conversation:
    """What was told of one of several counts; of the others nothing is kept."""
    assert conversation.waiting is not None
    kept = tuple(one for one in conversation.waiting.told if one.telling == number)
    facts = "；".join(in_words(one, saying.library) for one in kept) or conversation.waiting.labels[number - 1]
    label = Source("told", conversation.waiting.labels[number - 1], "您说的")
    saying.say("first_taken", *sources_of(list(kept), saying.library), label, facts=facts)
    return conversation.telling(kept).but(waiting=None) if kept else conversation.but(waiting=None)


def _choice(folded: str, library: Library) -> str:
    bare = folded.strip(" ,。!?；;的吧了呢啊").removeprefix("按").removeprefix("就")
    if len(bare) > 12:
        return ""
    if library.commands.says("keep", folded) or bare in ("1", "一", "a"):
        return "keep"
    if library.commands.says("take", folded) or bare in ("2", "二", "b"):
        return "take"
    yes = any(spot == (0, len(bare)) for one in library.teller.replies["yes"] for spot in one.spots(bare))
    no = any(spot == (0, len(bare)) for one in library.teller.replies["no"] for spot in one.spots(bare))
    return "take" if yes else "keep" if no else ""


def _said_anew(text: str, conversation: Conversation, saying: Saying, today: date) -> Conversation | None:
    """A value in answer: one of the two, or a third that counts."""
    assert conversation.waiting is not None
    kept = conversation.waiting.told[0]
    fact = saying.library.guide.fact[kept.fact]
    said = read(fact, text, saying.library, today)
    if said is None or said.value is None:
        return None
    if alike(conversation.now[kept.fact], said, fact):
        return kept_old(conversation, saying)
    return taken(conversation.but(waiting=Waiting(kind="figure", told=(said,))), saying)


def kept_old(conversation: Conversation, saying: Saying) -> Conversation:
    """What was told first stays."""
    assert conversation.waiting is not None
    if conversation.waiting.kind == "project":
        saying.say("project_kept")
    else:
        old = conversation.now[conversation.waiting.told[0].fact]
        fact = saying.library.guide.fact[old.fact]
        value, sources = told_line(old, saying.library)
        saying.say("kept_old", *sources, name=fact.name, value=value)
    return conversation.but(waiting=None)


def taken(conversation: Conversation, saying: Saying) -> Conversation:
    """What was told last counts; another project takes the place of the first."""
    assert conversation.waiting is not None
    waiting, library = conversation.waiting, saying.library
    if waiting.kind == "project":
        return taken_as_project(conversation, saying)
    kept = waiting.told[0]
    (was, was_from), (is_, is_from) = (told_line(one, library) for one in (conversation.now[kept.fact], kept))
    name = library.guide.fact[kept.fact].name
    saying.say("changed", *was_from, *is_from, what=name, old=was, new=is_)
    return conversation.telling((kept,)).but(waiting=None)


def taken_as_project(conversation: Conversation, saying: Saying) -> Conversation:
    """Only what was told of the enterprise stays, and what waits is the new project's."""
    assert conversation.waiting is not None
    saying.say("project_taken")
    facts = saying.library.guide.fact
    own = tuple(one for one in conversation.told if one.fact in facts and facts[one.fact].subject == ENTERPRISE)
    return conversation.but(told=own).telling(conversation.waiting.told).but(waiting=None)
