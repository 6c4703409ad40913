"""The honest kinds of no, each of which leads somewhere: another policy, not in the guide, not understood."""

from __future__ import annotations

from dialogs.intent import Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import Line, Saying, Source, contact_source


def elsewhere(intent: Intent, library: Library) -> Reply:
    """Another policy, year or place."""
    assert intent.elsewhere
    saying = Saying(library)
    _own(saying, intent.elsewhere.say)
    _line(saying, library, intent.elsewhere.to)
    saying.offer(library.phrases.say("option_overview"), "overview")
    return saying.reply("no_answer", reason="other_policy", facets=("honesty",), confidence=intent.confidence)


def silent(intent: Intent, library: Library) -> Reply:
    """A matter on which the guide is silent."""
    assert intent.elsewhere
    saying = Saying(library)
    _own(saying, intent.elsewhere.say)
    _line(saying, library, intent.elsewhere.to)
    saying.offer(library.phrases.say("option_overview"), "overview")
    saying.offer(library.phrases.say("option_consult"), "ask:consultants.contact")
    return saying.reply("no_answer", reason="not_in_guide", facets=("honesty",), confidence=intent.confidence)


def outside(one: Stated, library: Library, confidence: float) -> Reply:
    """A provision of ours that says that the guide does not treat the matter at all."""
    saying = Saying(library)
    saying.state(one)
    _line(saying, library, "policy")
    saying.offer(library.phrases.say("option_overview"), "overview")
    return saying.reply("no_answer", reason="not_in_guide", facets=("honesty",), confidence=confidence)


def not_in_guide(library: Library, confidence: float) -> Reply:
    """Understood to be a question, but nothing of the guide's."""
    saying = Saying(library)
    saying.say("not_in_guide")
    _line(saying, library, "policy")
    saying.offer(library.phrases.say("option_overview"), "overview")
    return saying.reply("no_answer", reason="not_in_guide", facets=("honesty",), confidence=confidence)


def not_understood(library: Library, misses: int, confidence: float, *, opens: bool = False) -> Reply:
    """Nothing recognised; the second time in a row a person is offered instead of another try."""
    saying = Saying(library)
    if misses and opens:
        saying.say("not_understood_person")
        saying.offer(library.phrases.say("option_human"), "human:missed")
        _line(saying, library, "policy")
        saying.offer(library.phrases.say("option_overview"), "overview")
        return saying.reply("no_answer", reason="not_understood", confidence=confidence)
    saying.say("not_understood" if misses == 0 else "not_understood_again")
    if misses:
        _line(saying, library, "policy")
    saying.offer(library.phrases.say("option_overview"), "overview")
    saying.offer(library.phrases.say("option_consult"), "ask:consultants.contact")
    return saying.reply("no_answer", reason="not_understood", confidence=confidence)


def _own(saying: Saying, sentence: str) -> None:
    """An editor's sentence about what is not here: its figures are addresses of ours (年, 方向), never amounts."""
    saying.lines.append(Line(sentence, (Source("desk", sentence, "elsewhere.yaml"),)))


def _line(saying: Saying, library: Library, to: str) -> None:
    for line in library.lines(to)[:1]:
        saying.say("ask_line", contact_source(line), office=line.office, name=line.name, phone=line.phone)
        saying.card(line)
