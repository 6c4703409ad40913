"""Attachments: their titles; what they hold is not in the guide."""

from __future__ import annotations

from dialogs.intent import Intent
from dialogs.library import Library
from dialogs.messages import Reply
from dialogs.saying import Saying, Source, desk_source


def attachments(intent: Intent, library: Library) -> Reply:
    """What an attachment is called; its contents are not in the guide."""
    saying = Saying(library)
    titles = {attachment.no: attachment for attachment in library.guide.attachments}
    topics = []
    for no in intent.ids:
        if no in titles:
            title = titles[no].title
            saying.say("attachment_is", Source("quoted", title, title), no=no, title=title)
            saying.cite("附件", f"{no}.{titles[no].title}")
            if no in library.guide.direction_of:
                topics.append(no)
                for contact in library.contacts_of((no,))[:2]:
                    saying.card(contact)
        else:
            saying.say("attachment_none", desk_source(no), no=no, count=len(titles))
    if not saying.cards:
        for line in library.lines("policy")[:1]:
            saying.card(line)
    return saying.reply("answered", topics=tuple(topics) or ("general",), facets=("attachment",))


def attachment_of(saying: Saying, topic: str) -> None:
    """Which attachment belongs to a topic."""
    library = saying.library
    direction = library.guide.direction_of[topic]
    title = next(a.title for a in library.guide.attachments if a.no == direction.attachment)
    saying.say("attachment_of", what=direction.label, no=direction.attachment, title=title)
    saying.cite("附件", f"{direction.attachment}.{title}")


def more_in_attachment(saying: Saying, topic: str, phrase: str) -> None:
    """Where the further conditions or papers stand, unless a line has named the attachment already."""
    direction = saying.library.guide.direction_of[topic]
    if not any(f"附件{direction.attachment}" in line.text for line in saying.lines):
        saying.say(phrase, no=direction.attachment)
        saying.cite("二（一）5", "具体申报说明（申报条件、支持标准等内容）详见附件")
