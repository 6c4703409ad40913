"""Text + conversation → Intent: what a message wants, and how sure that is.

One message may hold a paragraph about the company and one question, or three questions. It is cut into segments; those
that ask decide, the others lend their topic. What was in hand before is used only where a message leaves something out
(“那邮箱呢”, “EDA呢”); a topic named anew always wins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from dialogs.conversation import Conversation
from dialogs.library import Library
from knowledge.finding import Found
from knowledge.words import Elsewhere

Kind = Literal[
    "empty", "too_long", "smalltalk", "people", "phone", "mailbox", "office", "district", "attachment",
    "asks", "overview", "elsewhere", "silent", "which", "not_in_guide", "not_understood",
]  # fmt: skip

SURE_TOPIC = 0.75
"""Weight from which a topic is taken from the message itself: about one plain name."""
HINTED_TOPIC = 0.4
"""Weight from which a topic is taken where the message asks for a facet of something and nothing else is in sight."""
STRONG = 0.7
"""Weight from which a facet counts as told: a strong word, also one that was heard rather than read."""
RIVAL = 0.8
"""Share of the best topic's weight from which another one is a rival."""
ONE_NAME = 1.35
"""Weight of a topic named once: beside a word of another policy in the same breath it is not enough (首台套保险)."""
TOO_CLOSE = 0.9
"""Share of the best direction's weight from which another one with the same words makes it a choice."""
STRANGE = 0.55
"""Share of unknown letters above which a hint is not enough."""
MOST_PARTS = 4
"""Parts of one message that are answered."""
BACKGROUND = 0.5
"""What a segment that asks nothing weighs beside one that does."""
LONG = 160
"""Letters from which a message is a paste with a question somewhere in it."""
ALIKE = 0.62
"""Cosine from which a whole question is like one of the editors' questions."""

RULE_FACETS = {
    "library": "library",
    "recommendation": "recommendation",
    "exclusivity": "exclusivity",
    "other_money": "exclusivity",
    "major_exemption": "exclusivity",
    "window": "deadline",
    "process": "process",
    "truthfulness": "honesty",
    "inspection": "honesty",
    "consequences": "honesty",
    "attachments": "attachment",
    "consultants": "contact",
    "support": "contact",
    "overview": "overview",
    "eligibility": "conditions",
    "local_matching": "other",
    "issue": "other",
}
"""Which facet a rule answers, and (the first of each) which rule answers a facet that no direction is asked for."""
DIRECTION_FACETS = {"library", "recommendation", "exclusivity", "deadline", "process", "attachment", "conditions"}
"""Facets that a direction answers for itself, though a rule has the same name."""
PLAIN_FACETS = {"library", "recommendation", "exclusivity", "deadline", "process", "honesty", "attachment"}
"""Facets of which one word says which rule is meant."""
DUTY_FACETS = {"library", "recommendation", "exclusivity"}
FACET_RULES = {facet: rule for rule, facet in reversed(RULE_FACETS.items())}


@dataclass(frozen=True)
class Ask:
    """One thing asked: of which topics, which facets, with the evidence for single provisions."""

    topics: tuple[str, ...]
    facets: tuple[str, ...]
    provisions: dict[str, float] = field(default_factory=dict)
    alike: dict[str, float] = field(default_factory=dict)
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intent:
    """What a message wants."""

    kind: Kind
    asks: tuple[Ask, ...] = ()
    ids: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    elsewhere: Elsewhere | None = None
    confidence: float = 1.0
    strange: float = 0.0
    evidence: tuple[Found, ...] = ()


def understand(text: str, conversation: Conversation, library: Library) -> Intent:
    """What a text means in a conversation."""
    folded = _corrected(library.finder.speller.fold(text))
    bare = re.sub(r"[\W_]", "", folded)
    if not bare:
        return Intent("smalltalk" if "?" in folded else "empty", ids=("help",))
    talk = _smalltalk(bare, library)
    if talk:
        return Intent("smalltalk", ids=(talk,))
    segments = [library.finder.find(segment) for segment in cut(folded)]
    whole = _Heard(segments, folded)
    answerable = _answerable(whole, library)
    if answerable:
        kept, refused = answerable
        return replace(_asked(kept, conversation, library), elsewhere=refused)
    return (
        _looked_up(whole, conversation, library)
        or _elsewhere(whole, library)
        or _overview(whole)
        or _district(whole, conversation, library)
        or _asked(whole, conversation, library)
    )


_CORRECTIONS = (
    re.compile(r"不是(?:问|说|要|指)?[^,?]{1,12},(?=(?:我|咱)?(?:们)?(?:是|问的是|说的是|要的是|指的是|想问|问|要))"),
    re.compile(r"(?<=.)[,]?(?:而)?不是(?:问|说|要|指)?[^,?吗吧么]{1,10}$"),
)


def _corrected(folded: str) -> str:
    """A correction without what it takes back: “不是问EDA,是问流片” asks of 流片."""
    if _CORRECTIONS[0].search(folded):
        return _CORRECTIONS[0].sub("", folded)
    if re.search(r"(?:问的是|要的是|说的是|想问|我要|我问)", folded):
        return _CORRECTIONS[1].sub("", folded)
    return folded


def _smalltalk(bare: str, library: Library) -> str | None:
    if bare in library.smalltalk:
        return library.smalltalk[bare]
    stripped = re.sub(r"^(?:你好|您好|那个|嗯|哦|好的?|那)+|(?:啊|呀|吧|呢|了|哦|哈|谢谢|吗|呗|嘛)+$", "", bare)
    if stripped in library.smalltalk:
        return library.smalltalk[stripped]
    if len(bare) <= 14 and any(
        word in bare for word, kind in library.smalltalk.items() if kind == "human" and len(word) > 2
    ):
        return "human"
    who = [w for w, kind in library.smalltalk.items() if kind == "who" and len(w) >= 4 and w in bare]
    return "who" if who and len(bare) <= 16 else None


_MARKS = re.compile(
    r"(?<=[?!。;])|(?<!\d)[.](?!\d)|(?<!\d)[,\n:]|[,\n:](?!\d{3}(?!\d))"
    r"|、(?=[^、]{0,16}(?:多少|几个点|几成|几年|谁|吗|最高|上限|封顶|联系|电话|条件|比例)[^、]*$)"
)
"""Where a message is cut; at 、 only where the last item asks by itself (“固贷几个点、租赁几个点”)."""


def cut(folded: str) -> list[str]:
    """A folded text in segments: at sentence marks, commas and questions; very short ones stay with their neighbour."""
    pieces = [piece.strip() for piece in _MARKS.split(folded) if piece.strip()]
    joined: list[str] = []
    for piece in pieces:
        if joined and (len(piece) <= 3 or len(joined[-1]) <= 3) and not joined[-1].endswith("?"):
            joined[-1] += "," + piece
        else:
            joined.append(piece)
    return joined or [folded]


class _Heard:
    """The segments of a message with their weights, and what they show together."""

    def __init__(self, segments: list[Found], folded: str) -> None:
        self.segments, self.folded = segments, folded
        self.long = len(folded) > LONG
        asking = [one for one in segments if one.asks]
        if self.long:
            asking = _likeliest(asking)
        self.asking = asking or segments
        self.background = [one for one in segments if one not in self.asking]
        self.facets = _merged((one.facets, 1.0) for one in self.asking)
        named = max((w for one in self.asking for t, w in one.topics.items() if t[:1].isdigit()), default=0.0)
        low = BACKGROUND / 2 if self.long else BACKGROUND
        self.topics = self._weighed("topics", 1.0 if named < HINTED_TOPIC and not self.long else low)
        self.provisions = self._weighed("provisions", low)

    def _weighed(self, name: str, low: float) -> dict[str, float]:
        """What the asking segments show, summed, and the strongest that the background shows, at a lower weight."""
        weights = defaultdict(float, _merged((getattr(one, name), 1.0) for one in self.asking))
        lent: dict[str, float] = {}
        for one in self.background:
            for key, score in getattr(one, name).items():
                lent[key] = max(lent.get(key, 0.0), score)
        for key, score in lent.items():
            weights[key] += low * score
        return dict(weights)

    def gathered(self, name: str, *, asking: bool = False) -> list[str]:
        """What the segments list under a name (districts, people …), each once; `asking`: only of those that ask."""
        return list(dict.fromkeys(x for one in (self.asking if asking else self.segments) for x in getattr(one, name)))

    def contacts(self) -> tuple[str, ...]:
        """The rows of the contact table that the message names by words of their own (氢能 of 方向13)."""
        return tuple(self.gathered("contacts"))

    @property
    def strange(self) -> float:
        letters = sum(len(one.text) for one in self.asking) or 1
        return sum(one.strange * len(one.text) for one in self.asking) / letters

    def best_alike(self) -> tuple[str, float]:
        scored = [(name, score) for one in self.asking for name, score in one.alike.items()]
        return max(scored, key=lambda pair: pair[1], default=("", 0.0))


def _merged(parts: Iterable[tuple[dict[str, float], float]]) -> dict[str, float]:
    merged: dict[str, float] = defaultdict(float)
    for scores, weight in parts:
        for key, score in scores.items():
            merged[key] += score * weight
    return dict(merged)


def _likeliest(asking: list[Found]) -> list[Found]:
    """Of a long paste the segments that most look like the question: marked ones, and what names something of ours."""

    def weight(one: Found) -> float:
        return (
            (2.0 if "?" in one.text else 0.0)
            + max(one.facets.values(), default=0)
            + max(one.topics.values(), default=0)
        )

    if not asking:
        return asking
    best = max(map(weight, asking))
    return [one for one in asking if weight(one) >= max(1.0, best - 1.0)]


# --- look-ups --------------------------------------------------------------------------------------------------------


def _looked_up(whole: _Heard, conversation: Conversation, library: Library) -> Intent | None:
    facets = _top(whole.facets)
    phones, boxes = whole.gathered("phones"), whole.gathered("mailboxes")
    people = whole.gathered("people")
    if people and boxes:
        return Intent("people", ids=tuple(people), facets=("email",))
    if phones and not any(whole.topics.get(str(n), 0) > 2 for n in range(1, 15)):
        return Intent("phone", ids=tuple(phones), facets=("reverse_lookup",))
    if boxes:
        return Intent("mailbox", ids=tuple(boxes), facets=("reverse_lookup",))
    if people:
        narrowed = (
            *people,
            *(f"district:{d}" for d in whole.gathered("districts")),
            *(f"office:{o}" for o in whole.gathered("offices")),
        )
        weights = _directions(whole.topics, library)
        own = (
            max(weights, key=lambda d: weights[d], default="") if max(weights.values(), default=0) >= SURE_TOPIC else ""
        )
        held = (own,) if own else tuple(t for t in conversation.topics if t in library.guide.direction_of)
        asks = (
            (Ask(held, ("contact",), whole.provisions, {}, whole.contacts()),)
            if held and _CHECKS.search(whole.folded)
            else ()
        )
        return Intent("people", ids=narrowed, asks=asks, facets=facets or ("contact",))
    if conversation.subject.startswith("person:") and _leans(whole) and not _strongest(whole, library)[1] > SURE_TOPIC:
        wants = set(facets) & {"contact", "email", "reverse_lookup"} or re.search(
            r"[他她](?:还|也)?管|还管|哪个方向|哪些方向", whole.folded
        )
        if wants and not whole.gathered("districts"):
            return Intent("people", ids=(conversation.subject.split(":", 1)[1],), facets=facets or ("reverse_lookup",))
    offices = whole.gathered("offices", asking=True)
    people_facets = {"contact", "email", "reverse_lookup", "overview", "amount"}
    if set(facets) - people_facets and "contact" not in facets:
        offices = []
    if offices and _strongest(whole, library)[1] < SURE_TOPIC and not whole.gathered("districts"):
        return Intent("office", ids=tuple(offices), facets=facets or ("contact",))
    attachments = whole.gathered("attachments", asking=True)
    if attachments and (
        not (set(facets) - {"attachment", "definition", "contact", "overview"}) or len(whole.folded) <= 14
    ):
        return Intent("attachment", ids=tuple(attachments), facets=("attachment",))
    return None


_CHECKS = re.compile(r"是不是|是.{1,8}(?:吗|吧|么|不)|对吗|对吧|对不对|还是找|归.{1,4}管|负责这|管这")
"""A person is named to be confirmed: 负责这块的是…吗."""


def _leans(whole: _Heard) -> bool:
    """Whether a message leans on what was said before it: short, or with a word that points back."""
    return len(whole.folded) <= 9 or bool(
        re.search(
            r"^(?:那|这|它|他|她|还有|再问)|[他她它]|这个|那个|这项|这条|那边|那位|呢[?]?$|上面|刚才|这里", whole.folded
        )
    )


def _answerable(whole: _Heard, library: Library) -> tuple[_Heard, Elsewhere] | None:
    """Of several questions those of ours, with what the others were refused for; None where that does not part them."""
    refused = [one for one in whole.asking if one.elsewhere or one.silent or library.finder.elsewhere_in(one.text)]
    ours = [one for one in whole.asking if one not in refused]
    if not refused or not any(_sure(one, library) for one in ours):
        return None
    kept = _Heard([one for one in whole.segments if one not in refused], ",".join(one.text for one in ours))
    first = refused[0]
    return kept, (*first.elsewhere, *first.silent, library.finder.elsewhere_in(first.text))[0] or first.silent[0]


def _sure(one: Found, library: Library) -> bool:
    """Whether a segment by itself is a whole question of ours: a topic named, and a facet told."""
    weight = max(
        [*_directions(one.topics, library).values(), *(w for t, w in one.topics.items() if t in RULE_FACETS)], default=0
    )
    return weight >= SURE_TOPIC and any(score >= 1 for score in one.facets.values())


def _elsewhere(whole: _Heard, library: Library) -> Intent | None:
    """Another policy, or a matter on which the guide is silent, where that is what the question asks for."""
    finder = library.finder
    texts = [found.text for found in whole.asking] if whole.long else [whole.folded]
    formed = next((one for text in texts if (one := finder.elsewhere_in(text))), None)
    if formed:
        return Intent(_no(formed, library), elsewhere=formed, confidence=0.9)
    for found in whole.asking:
        weight = max(_directions(found.topics, library).values(), default=0.0)
        if found.silent:
            return Intent("silent", elsewhere=found.silent[0], confidence=0.8)
        if found.elsewhere and weight < ONE_NAME:
            return Intent("elsewhere", elsewhere=found.elsewhere[0], confidence=0.85)
    named = [one for found in whole.segments for one in found.elsewhere]
    if named and not whole.long and _strongest(whole, library)[1] < 1.0:
        return Intent("elsewhere", elsewhere=named[0], confidence=0.8)
    return None


def _no(one: Elsewhere, library: Library) -> Literal["elsewhere", "silent"]:
    """Which kind of no an entry is."""
    return "silent" if one in library.finder.silent_matters else "elsewhere"


def _overview(whole: _Heard) -> Intent | None:
    best = max((score for topic, score in whole.topics.items() if topic[:1].isdigit()), default=0.0)
    if whole.facets.get("overview", 0) >= STRONG and best < HINTED_TOPIC and not _duty_words(whole):
        return Intent("overview", facets=("overview",), confidence=0.9)
    return None


def _duty_words(whole: _Heard) -> bool:
    return any(
        whole.facets.get(facet, 0) >= STRONG for facet in ("library", "recommendation", "exclusivity", "contact")
    )


def _district(whole: _Heard, conversation: Conversation, library: Library) -> Intent | None:
    districts = whole.gathered("districts", asking=True) or (
        whole.gathered("districts") if _wants_person(whole) else []
    )
    topic, weight = _strongest(whole, library)
    spoken_of = conversation.subject.partition("district:")[2]
    leaning = bool(spoken_of) and _leans(whole) and weight < SURE_TOPIC
    own_mailbox = spoken_of and _commercial_space(whole) and library.district(spoken_of).other_email
    if not districts and ((leaning and _wants_person(whole)) or (own_mailbox and _wants_person(whole))):
        districts = [spoken_of]
    if not districts:
        return None
    asked_other = set(_top(whole.facets)) - {"contact", "email", "district_contact", "recommendation", "reverse_lookup"}
    if weight >= SURE_TOPIC and not (_wants_person(whole) and not asked_other):
        return None
    if asked_other and not _wants_person(whole) and len(whole.folded) > 8:
        return None
    if weight >= SURE_TOPIC and topic and not _commercial_space(whole):
        ask = Ask((topic,), ("contact",), contacts=whole.contacts())
        return Intent("district", ids=tuple(districts), asks=(ask,), facets=_top(whole.facets))
    return Intent("district", ids=tuple(districts), facets=_top(whole.facets), evidence=tuple(whole.segments))


def _wants_person(whole: _Heard) -> bool:
    return any(
        whole.facets.get(facet, 0) >= STRONG for facet in ("contact", "email", "district_contact", "reverse_lookup")
    )


def _commercial_space(whole: _Heard) -> bool:
    return whole.topics.get("5a", 0) > 0


# --- topics and facets -----------------------------------------------------------------------------------------------


def _directions(topics: dict[str, float], library: Library) -> dict[str, float]:
    """Each direction's weight: its own and its branches'."""
    weights: dict[str, float] = defaultdict(float)
    for topic, weight in topics.items():
        direction = library.guide.direction_of.get(topic)
        if direction:
            weights[direction.direction] += weight
    return dict(weights)


def _strongest(whole: _Heard, library: Library) -> tuple[str, float]:
    weights = _directions(whole.topics, library)
    best = max(weights, key=lambda topic: weights[topic], default="")
    return best, weights.get(best, 0.0)


def _top(facets: dict[str, float]) -> tuple[str, ...]:
    """The facets that were asked for, in the order of asking: those told by a strong word, else the best hinted one."""
    strong = [facet for facet, weight in facets.items() if weight >= STRONG]
    if strong:
        return tuple(strong[:4])
    hinted = max(facets, key=lambda f: facets[f], default="")
    return (hinted,) if hinted else ()


def _asked(whole: _Heard, conversation: Conversation, library: Library) -> Intent:
    rivals = _rivals(whole, library)
    if rivals:
        return Intent("which", ids=rivals, facets=_top(whole.facets), confidence=0.5)
    asks = tuple(_parts(whole, conversation, library))
    if not asks:
        return _lost(whole, conversation, library)
    facets = _top(whole.facets)
    return Intent(
        "asks", asks=asks, facets=facets, confidence=_confidence(whole, library), evidence=tuple(whole.segments)
    )


def _rivals(whole: _Heard, library: Library) -> tuple[str, ...]:
    """Directions too close to call: as heavy as the best one, and by the same words."""
    if whole.gathered("numbered"):
        return ()
    weights = _directions(whole.topics, library)
    ranked = sorted(weights, key=lambda d: (-weights[d], int(d)))
    if not ranked or weights[ranked[0]] < SURE_TOPIC:
        return ()
    close = [d for d in ranked if weights[d] >= TOO_CLOSE * weights[ranked[0]]]
    return tuple(close[:4]) if len(close) > 1 and len(_apart(close, whole, library)) == 1 else ()


def _confidence(whole: _Heard, library: Library) -> float:
    weights = sorted(_directions(whole.topics, library).values(), reverse=True) or [0.0]
    margin = weights[0] - (weights[1] if len(weights) > 1 else 0.0)
    return max(0.3, min(0.99, 0.45 + 0.25 * min(weights[0], 1.5) + 0.12 * min(margin, 1.5) - 0.3 * whole.strange))


def _parts(whole: _Heard, conversation: Conversation, library: Library) -> list[Ask]:
    """What is asked, part by part: one a topic and group of facets."""
    topics = _chosen(whole, conversation, library)
    facets = _with_duties(_top(whole.facets), whole, topics, library)
    if len(topics) > 1 and whole.facets.get("exclusivity") and "compare" not in facets:
        return [Ask(topics, ("exclusivity",), whole.provisions, {}, whole.contacts())]
    groups = _grouped(topics, whole, library)
    if len(groups) > 1:
        return [_ask_of(topic, held, whole, facets) for topic, held in groups][:MOST_PARTS]
    if not topics:
        rule = _rule(whole, facets, library)
        return [_ask((rule,), facets, whole)] if rule else []
    if len(topics) == 1 and topics[0] not in library.guide.direction_of:
        return [_ask(topics, facets, whole)]
    if (
        _open_facet(whole, facets)
        and conversation.facets
        and (len(whole.folded) <= 16 or whole.folded.rstrip("?").endswith("呢"))
    ):
        facets = conversation.facets
    return [_ask((topic,), facets, whole) for topic in topics]


def _with_duties(facets: tuple[str, ...], whole: _Heard, topics: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """A direction together with a duty's name asks for that duty: 方向14 … 盖推荐章."""
    if not any(topic in library.guide.direction_of for topic in topics):
        return facets
    hit = {name.split(":")[0] for name, w in whole.provisions.items() if w >= 0.9}
    named = (RULE_FACETS[t] for t, w in whole.topics.items() if t in RULE_FACETS and (w >= SURE_TOPIC or t in hit))
    return tuple(dict.fromkeys([*facets, *(facet for facet in named if facet in DUTY_FACETS)]))


def _grouped(topics: tuple[str, ...], whole: _Heard, library: Library) -> list[tuple[str, list[Found]]]:
    """The asking segments by the topic each is about: its own where it names one, else the one before it."""
    if len(whole.asking) < 2 or whole.gathered("numbered"):
        return []
    groups: dict[str, list[Found]] = {}
    current = topics[0] if topics else ""
    for one in whole.asking:
        current = _topic_of(one, current, library)
        if current:
            groups.setdefault(current, []).append(one)
    rest = [topic for topic in topics if not any(_same(topic, held, library) for held in groups)]
    if len(groups) == 1 and rest:  # one question of several topics that were named before it
        return []
    return list(groups.items())


def _same(topic: str, other: str, library: Library) -> bool:
    of = library.guide.direction_of
    return topic == other or (topic in of and other in of and of[topic].direction == of[other].direction)


def _topic_of(one: Found, current: str, library: Library) -> str:
    """The topic that a segment is about, when the one before it was about `current`."""
    weights = _directions(one.topics, library)
    best = max(weights, key=lambda d: weights[d], default="")
    rule = max((t for t in one.topics if _is_rule(t, library)), key=lambda t: one.topics[t], default="")
    held = library.guide.direction_of.get(current)
    if best and weights[best] >= (SURE_TOPIC if current else HINTED_TOPIC):
        if held and weights.get(held.direction, 0.0) >= weights[best]:
            best = held.direction
        return _narrowed(best, one, library) if not (held and held.direction == best) else _moved(current, one, library)
    if rule and one.topics[rule] >= SURE_TOPIC and not (held and RULE_FACETS.get(rule) in DIRECTION_FACETS):
        return rule
    if not current:
        facets = _top(one.facets)
        return next((FACET_RULES[f] for f in facets if f in FACET_RULES and one.facets[f] > 0.5), "")
    return _moved(current, one, library) if held else current


def _moved(current: str, one: Found, library: Library) -> str:
    """The topic in hand, moved to the one branch of its direction that a segment names."""
    named = _branches(library.guide.direction_of[current].direction, one, library)
    return named[0] if len(named) == 1 else current


def _ask_of(topic: str, held: list[Found], whole: _Heard, facets: tuple[str, ...]) -> Ask:
    """What a group of segments asks; where it names no facet, what the whole message asks."""
    own = _top(_merged((one.facets, 1.0) for one in held)) or facets
    rules = [t for one in held for t, w in one.topics.items() if w >= SURE_TOPIC and t in RULE_FACETS]
    own = tuple(dict.fromkeys([*own, *(RULE_FACETS[rule] for rule in rules if RULE_FACETS[rule] in DUTY_FACETS)]))
    provisions = _merged(
        [*((one.provisions, 1.0) for one in held), *((one.provisions, BACKGROUND) for one in whole.background)]
    )
    return Ask((topic,), own, provisions, _merged((one.alike, 1.0) for one in held[:3]), whole.contacts())


def _open_facet(whole: _Heard, facets: tuple[str, ...]) -> bool:
    """Whether a message leaves open what it asks of its topic (“EDA呢”, “那工业的呢”)."""
    return not any(whole.facets.get(facet, 0) >= STRONG or facet in DUTY_FACETS for facet in facets)


def _ask(topics: tuple[str, ...], facets: tuple[str, ...], whole: _Heard) -> Ask:
    alike = _merged((one.alike, 1.0) for one in whole.asking[:3])
    return Ask(topics, facets, whole.provisions, alike, whole.contacts())


def _chosen(whole: _Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The directions or branches a message is about, best first; empty where it names none."""
    weights = _directions(whole.topics, library)
    ranked = sorted(weights, key=lambda d: (-weights[d], int(d)))
    numbered = whole.gathered("numbered")
    if numbered:
        return tuple(_narrowed(n, whole, library) for n in numbered if n in library.guide.direction_of)
    inherited = tuple(t for t in conversation.topics if t in library.guide.direction_of or _is_rule(t, library))
    best = weights[ranked[0]] if ranked else 0.0
    rule = max(((w, t) for t, w in whole.topics.items() if _is_rule(t, library)), default=(0.0, ""))
    elsewhere = rule[0] >= SURE_TOPIC and RULE_FACETS.get(rule[1]) not in DIRECTION_FACETS
    if best < SURE_TOPIC and inherited and not elsewhere and _fits(whole, inherited, library):
        return _refined(inherited, whole, library)
    if not ranked or best < HINTED_TOPIC or (rule[0] > best and best < SURE_TOPIC):
        return ()
    if best < SURE_TOPIC and whole.strange > STRANGE:
        return ()
    several = [d for d in ranked if weights[d] >= max(SURE_TOPIC, best * RIVAL * 0.75)] or ranked[:1]
    if len(several) > 1:
        several = _apart(several, whole, library)
    if whole.facets.get("compare", 0) >= STRONG and len(several) == 1:
        return (several[0],)
    return tuple(_narrowed(d, whole, library) for d in several[:4])


def _is_rule(topic: str, library: Library) -> bool:
    return any(rule.id == topic for rule in library.guide.rules)


def _fits(whole: _Heard, inherited: tuple[str, ...], library: Library) -> bool:
    """Whether a message without a topic of its own can be about the one in hand."""
    own = {one.id for topic in inherited for one in library.under(topic)}
    touches = any(name in own for name in whole.provisions)
    named = max(
        (
            w
            for t, w in _directions(whole.topics, library).items()
            if t not in {library.guide.direction_of[i].direction for i in inherited if i in library.guide.direction_of}
        ),
        default=0.0,
    )
    if named >= HINTED_TOPIC and not touches:
        return False
    if whole.strange > STRANGE and not touches:
        return False
    return touches or _leans(whole) or (bool(whole.facets) and len(whole.folded) <= 24)


def _refined(inherited: tuple[str, ...], whole: _Heard, library: Library) -> tuple[str, ...]:
    """The topics in hand, moved to another branch of the same direction where the message names one."""
    refined = []
    for topic in inherited:
        direction = library.guide.direction_of.get(topic)
        named = _branches(direction.direction, whole, library) if direction else ()
        refined += list(named) or [topic]
    return tuple(dict.fromkeys(refined))


def _narrowed(number: str, whole: _Heard | Found, library: Library) -> str:
    """A direction, or the one branch of it that a message decides for."""
    if number not in {d.direction for d in library.guide.directions}:
        return number
    named = _branches(number, whole, library)
    return named[0] if len(named) == 1 else number


def _branches(number: str, whole: _Heard | Found, library: Library) -> tuple[str, ...]:
    """The branches of a direction that a message itself names, where they outdo the others."""
    direction = library.guide.direction_of[number]
    weights = {branch.id: whole.topics.get(branch.id, 0.0) for branch in direction.branches}
    best = max(weights.values())
    if best < HINTED_TOPIC or len(weights) == 1:
        return ()
    near = [branch for branch, weight in weights.items() if weight >= 0.6 * best]
    return tuple(near) if len(near) < len(weights) else ()


def _apart(several: list[str], whole: _Heard, library: Library) -> list[str]:
    """Of several strong directions those with words of their own: one that only shares the best one's words goes."""
    best = several[0]
    kept = [best]
    words_of: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    for at, one in enumerate(whole.segments):
        for match in one.matches:
            for target in match.targets:
                if target.kind == "topic" and target.id in library.guide.direction_of:
                    number = library.guide.direction_of[target.id].direction
                    words_of[number].add((at, match.start, match.end))
    for number in several[1:]:
        if words_of[number] - words_of[best]:
            kept.append(number)
    return kept


def _rule(whole: _Heard, facets: tuple[str, ...], library: Library) -> str | None:
    """The general rule that a message without a direction asks for."""
    rules = {t: w for t, w in whole.topics.items() if _is_rule(t, library)}
    if any(w >= HINTED_TOPIC for t, w in rules.items() if t != "overview"):
        rules.pop("overview", None)
    best = max(rules, key=lambda t: rules[t], default=None)
    if best and rules[best] >= SURE_TOPIC:
        return best
    told = [f for f in facets if f in FACET_RULES and whole.facets.get(f, 0) > 0.5 and whole.strange <= STRANGE]
    plain = [f for f in told if f in PLAIN_FACETS]
    if plain:
        return FACET_RULES[plain[0]]
    if best and rules[best] >= 0.25 and whole.strange <= STRANGE:
        return best
    name, score = whole.best_alike()
    if score >= ALIKE and name.split(":")[0] in {rule.id for rule in library.guide.rules}:
        return name.split(":")[0]
    return FACET_RULES[told[0]] if told else None


def _lost(whole: _Heard, conversation: Conversation, library: Library) -> Intent:
    """Nothing of ours was recognised well enough: ask which direction, or say that it isn't in the guide."""
    name, score = whole.best_alike()
    topic = name.split(":")[0]
    if score >= ALIKE and topic in library.guide.direction_of:
        return Intent("asks", asks=(_ask((topic,), _top(whole.facets), whole),), confidence=score)
    facets = _top(whole.facets)
    if set(facets) & {"amount", "rate", "conditions", "scope", "contact", "email"} and whole.strange <= 0.3:
        return Intent("which", facets=facets, confidence=0.4, strange=whole.strange)
    ours = bool(whole.topics) or score > 0.35
    kind: Kind = "not_in_guide" if ours or facets else "not_understood"
    return Intent(kind, facets=facets, confidence=0.3, strange=whole.strange)
