"""What a thing that was just spoken of is called in full (台账全称叫啥, 得接哪个平台, 那个文件名)."""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.hearing import HINTED_TOPIC, STRONG, Heard, directions
from dialogs.intent import Ask
from dialogs.library import Library

_CALLED = re.compile(
    r"^(?!.*(?:公司|企业|我们|咱)).*(?:全称|全名)|(?:文件|台账|平台|目录|标准|办法)(?:的)?(?:名|叫)|(?<!公司)名字(?:再|是什么)|^那?(?:它|这个)?叫什么(?:名字?|来着)?[?]?$"
    r"|(?:哪一?个|什么)(?:平台|文件|台账|标准|目录|办法)[?]?$|^那?(?:得|要|该)?[接入到]{1,2}哪一?个[?]?$"
)
"""What asks how a thing is called."""
_NAME = re.compile(r"《[^》]+》|“[^”]*(?:平台|库|APP)”")
"""A name of the guide: of a list, a standard, a platform."""
SHORT = 20
"""Letters of a message that asks for nothing but a name."""


def named_of(whole: Heard, conversation: Conversation, library: Library) -> tuple[Ask, ...]:
    """The provisions of the topics in hand that name something, where a short message asks for its name."""
    told = {facet for facet, weight in whole.told.items() if weight >= STRONG} - {"definition", "conditions", "scope"}
    named = max(directions(whole.words, library).values(), default=0.0) >= HINTED_TOPIC
    if named or told or len(whole.folded) > SHORT or not _CALLED.search(whole.folded):
        return ()
    kind = next((word for word in KINDS if word in whole.folded), "")
    return tuple(filter(None, (_of_topic(topic, kind, conversation.facets, library) for topic in conversation.topics)))


KINDS = ("平台", "台账", "目录")
"""What a name tells by its last letters that it is one of."""


def _of_topic(topic: str, kind: str, facets: tuple[str, ...], library: Library) -> Ask | None:
    """What names something of a kind under a topic, of the facets last spoken of where these do."""
    names = ((one, name) for one in library.under(topic) for name in _NAME.findall(one.provision.say))
    naming = list(dict.fromkeys(one for one, name in names if kind in name))
    meant = [one for one in naming if one.provision.facet in facets] or naming
    held = tuple(dict.fromkeys(one.provision.facet for one in meant))
    return Ask((topic,), held, {one.id: 2.0 for one in meant}) if meant else None
