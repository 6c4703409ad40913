"""What is said beside the matter: greeting, thanks, who are you, help, a person."""

from __future__ import annotations

from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, Source, contact_source


def say(kind: str, library: Library) -> Reply:
    """One of our own sentences as a notice; `human` names the consultation line and promises nothing."""
    saying = Saying(library)
    if kind in ("greeting", "who"):
        guide = library.guide
        saying.say(kind, Source("quoted", guide.title, guide.title), batch=guide.batch)
    else:
        saying.say(kind)
    if kind == "human":
        for line in library.lines("policy"):
            saying.say(
                "contact_line",
                contact_source(line),
                matter=line.label,
                office=line.office,
                name=line.name,
                phone=line.phone,
            )
            saying.card(line)
    if kind in ("greeting", "help", "who", "empty", "old_option"):
        saying.offer(library.phrases.say("option_overview"), "overview")
        saying.offer(library.phrases.say("option_process"), "ask:process.process")
        saying.offer(library.phrases.say("option_consult"), "ask:consultants.contact")
    return saying.reply("notice", facets=("other",))
