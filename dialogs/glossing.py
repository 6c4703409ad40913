"""What a word of the guide means: the guide explains hardly any, so where it stands is shown, and that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.intent import Intent
from dialogs.library import Library, Stated
from dialogs.messages import Reply
from dialogs.saying import Saying, Source
from knowledge.quoting import without_references

LONGEST, SHORTEST = 16, 2
"""Letters of a word that is asked for."""
MANY = 3
"""Directions in which a word may stand; one that stands in more is everybody's (单个企业)."""

_CUE = re.compile(
    r"(?:是|到底|究竟|这个词)*(?:个)?(?:什么意思|什么概念|指(?:的是)?什么|怎么解释"
    r"|(?:中文)?(?:全称|full[ ,]?name)(?:分别)?(?:是什么|叫什么)?|(?:全名|中文名?)(?:分别)?(?:叫|是)什么)"
    r"|什么叫|何谓"
)
_PLAIN_CUE = re.compile(
    r"(?:到底|究竟)?(?:是个?什么(?:东西|玩意儿?)?|(?:该|应该)?怎么理解)[呀啊呢?]*$|^(?:请问|那|那么|到底|究竟)*什么是"
)
"""With these the rest of the sentence has to be a word of the guide and nothing else (全掩膜是什么, 什么是全掩膜)."""
_BESIDE = re.compile(r"^[那这个词的里说文件中提到上写\W]+|[\W的这个词到底究竟是]+$")


def asked_words(folded: str, library: Library) -> tuple[str, ...]:
    """The words of the guide whose meaning a folded text asks for: several abbreviations, or the one word meant."""
    found = dict.fromkeys(_ABBREVIATION.findall(folded))
    if len(found) > 1 and _CUE.search(folded) and _SEVERAL.search(folded):
        short = tuple(one for one in found if _is_word(one, library))
        if len(short) > 1:
            return short[:MANY]
    word = asked_word(folded, library)
    return (word,) if word else ()


_ABBREVIATION = re.compile(r"(?<![a-z])[a-z]{2,6}(?![a-z])")
_SEVERAL = re.compile(r"这?[俩两]个?|分别|各(?:自|是)|[、和跟]")
"""What says that several are asked for (MPW和CMO这俩)."""


def asked_word(folded: str, library: Library) -> str:
    """The word of the guide whose meaning a folded text asks for; nothing where it asks for something else."""
    folded = without_references(folded)  # 方向8是什么 asks of no word
    found = _CUE.search(folded)
    if found is None:
        plain = _BESIDE.sub("", _PLAIN_CUE.sub("", folded)) if _PLAIN_CUE.search(folded) else ""
        return plain if SHORTEST <= len(plain) <= LONGEST and _is_word(plain, library) else ""
    before, after = folded[: found.start()], folded[found.end() :]
    near = after if not _BESIDE.sub("", before) or found[0] in ("什么叫", "何谓") else re.split(r"[,?。;]", before)[-1]
    near = _BESIDE.sub("", near)[-24:]
    return next((piece for piece in _pieces(near) if _is_word(piece, library)), "")


def gloss(intent: Intent, library: Library) -> Reply:
    """The sentence of the guide in which a word stands, and that the guide doesn't explain it further."""
    saying = Saying(library)
    topics = {topic for ask in intent.asks for topic in ask.topics}
    firsts = [_gloss(saying, word, topics, library) for word in intent.ids]
    of = tuple(dict.fromkeys(one if one in library.guide.direction_of else "general" for one in firsts))
    return saying.reply("answered", topics=of, facets=("definition",), confidence=intent.confidence)


def _gloss(saying: Saying, word: str, topics: set[str], library: Library) -> str:
    """Say where a word stands; the topic of that sentence."""
    standing = sorted(_standing(word, library), key=lambda one: _rank(one, topics))
    first = standing[0]
    quote = " ".join(first.provision.quote.split())
    written = re.search(re.escape(word), quote, re.IGNORECASE)
    saying.say(
        "word_stands", Source("quoted", quote, quote), word=written[0] if written else word, quote=between_marks(quote)
    )
    saying.cite(first.clause, quote)
    open_ = (one for one in standing if one.topic == first.topic and _leaves_open(one, word, library))
    for one in list(open_)[:2]:
        saying.state(one)
    for contact in library.contacts_of((first.topic,))[:1] or library.lines("policy")[:1]:
        saying.card(contact)
    return first.topic


def between_marks(quote: str) -> str:
    """A quote as it is printed between quotation marks."""
    return quote.translate({ord("“"): "‘", ord("”"): "’"})


def _pieces(text: str) -> Iterator[str]:
    """The pieces of a text that may be a word, longest first, later ones first."""
    for length in range(min(len(text), LONGEST), SHORTEST - 1, -1):
        for start in range(len(text) - length, -1, -1):
            yield text[start : start + length]


def _rank(one: Stated, topics: set[str]) -> tuple[bool, bool, int]:
    """Of the topic in question first, then who or what is supported, then the shortest."""
    return (one.topic not in topics, one.provision.facet not in ("scope", "conditions"), len(one.provision.quote))


def _leaves_open(one: Stated, word: str, library: Library) -> bool:
    """Whether a provision says of a word what the guide leaves open."""
    of_word = one.provision.facet == "definition" or one.provision.unstated is not None
    return of_word and word in library.finder.speller.fold(one.provision.say)


def _is_word(piece: str, library: Library) -> bool:
    if re.search(r"[\W_]", piece) or piece.isdigit():
        return False
    led = library.finder.lexicon.targets.get(piece, ())
    general = bool(led) and all(target.kind in ("facet", "filler") for target in led)
    directions = {one.topic.rstrip("abcde") for one in _standing(piece, library)}
    return not general and 0 < len(directions) <= MANY


def _standing(word: str, library: Library) -> list[Stated]:
    """The provisions in whose quote a folded word stands, as a word of its own where it is of letters."""
    ends = r"(?!\d)" if word[-1].isdigit() else ""
    whole = rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word) + ends
    found = re.compile(whole)
    return [one for one in library.stated.values() if found.search(library.finder.speller.fold(one.provision.quote))]
