"""Which topics and facets a message asks of, part by part, with what was in hand before."""

from __future__ import annotations

import re
from collections import defaultdict

from dialogs.conversation import Conversation
from dialogs.hearing import (
    BACKGROUND,
    HINTED_TOPIC,
    LONG,
    STRONG,
    SURE_TOPIC,
    Heard,
    directions,
    leans,
    merged,
    own_facets,
    top,
)
from dialogs.intent import DIRECTION_FACETS, DUTY_FACETS, FACET_RULES, PLAIN_FACETS, RULE_FACETS, Ask, Intent, Kind, Question
from dialogs.library import Library
from knowledge.finding import LONE, Found
from knowledge.learning import strongest_of

BESIDE = 0.6
"""Share of the best direction's weight from which another one is answered beside it."""
TOO_CLOSE = 0.9
"""Share of the best direction's weight from which another one with the same words makes it a choice."""
STRANGE = 0.55
"""Share of unknown letters above which a hint is not enough."""
MEANT = 0.42
"""Likeness from which a topic is taken that no word names."""
PLAINLY = 0.9
"""Likeness from which a rule is taken though a word tells the facet of another one (报名受不受影响)."""
BRANCH_LIKE = 0.4
"""Likeness from which a branch is taken that no word names."""
NEAR_BRANCH = 0.72
"""Share of the best branch's weight from which another branch is meant beside it."""
OFFERED = 0.2
"""Likeness from which a direction is offered."""
RULE_BESIDE = 1.0
"""Weight from which a segment behind a direction asks of a general rule."""
SHORT, ANOTHER, ANOTHER_IN_SHORT, ANOTHER_GOING_ON = 10, 0.5, 0.85, 1.2
"""Letters of a short message (要区里推荐不), and the likeness to another topic's questions from which a message leaves
the topic in hand: a short one says little of any topic, and one that begins with 那 goes on."""
MOST_PARTS = 4
"""Parts of one message that are answered."""
PART_FLOOR, PART = 0.4, 0.8
"""Likeness from which the entry that a part of a message is most like is meant too, and what it then weighs of the best
one's."""
ENTRY_FLOOR, ENTRY_NEAR = 0.3, 0.75
"""Likeness from which an entry of the topic tells the facet, and its share of the best one's."""


def asked(whole: Heard, conversation: Conversation, library: Library) -> Intent:
    rivals = _rivals(whole, conversation, library)
    if rivals:
        return Intent("which", ids=rivals, facets=top(whole.facets), confidence=0.5)
    asks = tuple(_parts(whole, conversation, library))
    if not asks:
        return _lost(whole, conversation, library)
    facets = tuple(dict.fromkeys(facet for ask in asks for facet in ask.facets))
    return Intent("asks", asks=asks, facets=facets, confidence=_confidence(whole, library))


def _rivals(whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """Directions too close to call: as heavy as the best one, and by the same words."""
    if whole.gathered("numbered"):
        return ()
    weights = directions(whole.topics, library)
    ranked = sorted(weights, key=lambda d: (-weights[d], int(d)))
    if not ranked or weights[ranked[0]] < SURE_TOPIC:
        return ()
    close = [d for d in ranked if weights[d] >= TOO_CLOSE * weights[ranked[0]]]
    if {_of(topic, library) for topic in conversation.topics} & set(close):
        return ()
    return tuple(close[:4]) if len(close) > 1 and len(_apart(close, whole, library)) == 1 else ()


def _confidence(whole: Heard, library: Library) -> float:
    weights = sorted(directions(whole.topics, library).values(), reverse=True) or [0.0]
    margin = weights[0] - (weights[1] if len(weights) > 1 else 0.0)
    return max(0.3, min(0.99, 0.45 + 0.25 * min(weights[0], 1.5) + 0.12 * min(margin, 1.5) - 0.3 * whole.strange))


def _parts(whole: Heard, conversation: Conversation, library: Library) -> list[Ask]:
    """What is asked, part by part: one a topic and group of facets."""
    topics = _chosen(whole, conversation, library)
    hinted = _facets_of(_alike(topics[0], whole, library), library) if topics else {}
    facets = _with_duties(top(merged([(whole.facets, 1.0), (hinted, 1.0)])), whole, topics, library)
    one_or_several = whole.facets.get("exclusivity", 0.0) >= max(LONE, 0.65 * max(whole.facets.values(), default=0.0))
    held_exclusivity = "exclusivity" in conversation.facets and _open_facet(whole, facets)
    if len(topics) > 1 and (one_or_several or held_exclusivity) and "compare" not in facets:
        duties = tuple(facet for facet in facets if facet in ("library", "recommendation"))
        together = Ask(topics, ("exclusivity",), whole.provisions, {}, whole.contacts())
        return [together, *(Ask((topic,), duties) for topic in topics if duties)]
    groups = _grouped(topics, whole, library)
    if len(groups) > 1:
        return [_ask_of(topic, held, whole, facets, library) for topic, held in groups][:MOST_PARTS]
    if not topics:
        return _of_rules(_rule(whole, facets, library), facets, whole, library)
    if len(topics) == 1 and topics[0] not in library.guide.direction_of:
        return [_ask(topics, facets, whole, library)]
    if plain(whole) and not whole.told and not conversation.facets:
        facets = ()
    if (
        _open_facet(whole, facets)
        and conversation.facets
        and (
            len(whole.folded) <= 16
            or whole.folded.rstrip("?").endswith("呢")
            or not any(one.asks for one in whole.segments)
        )
    ):
        facets = conversation.facets
    return [_ask((topic,), facets, whole, library) for topic in topics]


def _of_rules(rule: str | None, facets: tuple[str, ...], whole: Heard, library: Library) -> list[Ask]:
    """What is asked of general rules: several where several of their facets are named (截止时间跟申报入口)."""
    if not rule:
        return []
    named = [f for f in facets if f in PLAIN_FACETS and (whole.told.get(f, 0.0) >= LONE or len(whole.asking) > 1)]
    told = [f for f in named if FACET_RULES[f] != rule and RULE_FACETS.get(rule) != f]
    own = tuple(f for f in facets if f not in told) or facets
    beside = {FACET_RULES[facet]: facet for facet in told}
    called = (t for t, w in whole.words.items() if w >= SURE_TOPIC and t != rule and is_rule(t, library))
    beside |= {t: RULE_FACETS[t] for t in called if RULE_FACETS.get(t) in PLAIN_FACETS - set(own)}
    return [
        _ask((rule,), own, whole, library),
        *(_ask((other,), (facet,), whole, library) for other, facet in list(beside.items())[:2]),
    ]


def _with_duties(facets: tuple[str, ...], whole: Heard, topics: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """A direction together with a duty's name asks for that duty: 方向14 … 盖推荐章."""
    if not any(topic in library.guide.direction_of for topic in topics):
        return facets
    hit = {name.split(":")[0] for name, w in whole.provisions.items() if w >= 0.9}
    named = (RULE_FACETS[t] for t, w in whole.topics.items() if t in RULE_FACETS and (w >= SURE_TOPIC or t in hit))
    found = tuple(dict.fromkeys([*facets, *(facet for facet in named if facet in DUTY_FACETS)]))
    if {"library", "recommendation"} & set(found) and not _CONDITIONS.search(whole.folded):
        return tuple(facet for facet in found if facet not in ("conditions", "scope", "rate", "overview"))
    return found


_CONDITIONS = re.compile(r"条件|门槛|要求|资格|比例|几成|几个点|还有什么|够不够|符合")
"""What asks of conditions beside a duty; 要不要 or 需要 alone only ask of the duty."""


def _grouped(topics: tuple[str, ...], whole: Heard, library: Library) -> list[tuple[str, list[Found]]]:
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
    weights = directions(one.topics, library)
    best = max(weights, key=lambda d: weights[d], default="")
    rule = max((t for t in one.topics if is_rule(t, library)), key=lambda t: one.topics[t], default="")
    held = library.guide.direction_of.get(current)
    if best and weights[best] >= (SURE_TOPIC if current else HINTED_TOPIC):
        if held and weights.get(held.direction, 0.0) >= weights[best]:
            best = held.direction
        return _narrowed(best, one, library) if not (held and held.direction == best) else _moved(current, one, library)
    if (
        rule
        and one.topics[rule] >= (RULE_BESIDE if held else SURE_TOPIC)
        and not (held and RULE_FACETS.get(rule) in DIRECTION_FACETS)
    ):
        return rule
    if not current:
        facets = top(one.facets)
        return next((FACET_RULES[f] for f in facets if f in FACET_RULES and one.facets[f] > 0.5), "")
    return _moved(current, one, library) if held else current


def _moved(current: str, one: Found, library: Library) -> str:
    """The topic in hand, moved to the one branch of its direction that a segment names; likeness alone moves none."""
    direction = library.guide.direction_of[current].direction
    if current != direction and not any(one.topics.get(branch) for branch in library.branches_of(direction)):
        return current
    named = _branches(direction, one, library)
    return named[0] if len(named) == 1 else current


def _ask_of(topic: str, held: list[Found], whole: Heard, facets: tuple[str, ...], library: Library) -> Ask:
    """What a group of segments asks; where it names no facet, what the whole message asks."""
    alike = library.finder.bank.entries_like(topic, [one.text for one in held])
    own = top(merged([*((one.facets, 1.0) for one in held), (_facets_of(alike, library), 1.0)])) or facets
    rules = [t for one in held for t, w in one.topics.items() if w >= SURE_TOPIC and t in RULE_FACETS]
    own = tuple(dict.fromkeys([*own, *(RULE_FACETS[rule] for rule in rules if RULE_FACETS[rule] in DUTY_FACETS)]))
    provisions = merged(
        [*((one.provisions, 1.0) for one in held), *((one.provisions, BACKGROUND) for one in whole.background)]
    )
    told = any(one.facets.get(facet, 0.0) >= STRONG for facet in own for one in held)
    time = any(_TIME.search(one.text) for one in held)
    return Ask((topic,), own, provisions, alike, whole.contacts(), time, told, _questions(topic, held, library))


def _questions(topic: str, held: list[Found], library: Library) -> tuple[Question, ...]:
    """Each of several segments as a question of its own about a topic; none where there is but one."""
    if len(held) < 2:
        return ()
    bank = library.finder.bank
    return tuple(
        Question(top(own_facets(one)), one.provisions, bank.entries_like(topic, [one.text])) for one in held[:MOST_PARTS]
    )


def _open_facet(whole: Heard, facets: tuple[str, ...]) -> bool:
    """Whether a message leaves open what it asks of its topic (“EDA呢”, “那工业的呢”)."""
    if plain(whole) and not whole.told:
        return True
    leaning = whole.folded.rstrip("?").endswith("呢") or _TOO.search(whole.folded)
    told = whole.told if leaning or not any(one.asks for one in whole.segments) else whole.facets
    return not any(told.get(facet, 0) >= LONE or facet in DUTY_FACETS for facet in facets)


_TOO = re.compile(r"也(?:要|需要|得|行|可以|能|有|是|算|一样)?[吗么吧呢不?]*$")
"""What asks of another topic what was asked before (保险那个也要?)."""


def _ask(topics: tuple[str, ...], facets: tuple[str, ...], whole: Heard, library: Library) -> Ask:
    time = bool(_TIME.search(whole.folded))
    if plain(whole) and topics[0] in library.guide.direction_of:
        return Ask(topics, facets, {}, {}, whole.contacts(), time)
    told = any(whole.told.get(facet, 0.0) >= STRONG for facet in facets)
    provisions = dict(whole.provisions)
    if "exclusivity" in facets and whole.ours.get("other_money", 0.0) > whole.ours.get("exclusivity", 0.0):
        provisions[OTHER_MONEY] = max(1.0, provisions.get(OTHER_MONEY, 0.0))
    alike, questions = _alike(topics[0], whole, library), _questions(topics[0], whole.asking, library)
    return Ask(topics, facets, provisions, alike, whole.contacts(), time, told, questions)


OTHER_MONEY = "other_money:municipal"
"""What is said of money that a project has had from the city already."""
PLAIN = {"topic", "facet", "filler", "contact", "office", "district", "desk", "person"}
"""Kinds of words that a plain message is made of."""


def plain(whole: Heard) -> bool:
    """Whether a message says nothing but a topic and a facet (方向4上限): answered by all that the guide states."""
    kinds = ({target.kind for target in match.targets} for one in whole.segments for match in one.matches)
    return whole.strange <= 0.05 and all(held & PLAIN for held in kinds)


_TIME = re.compile(r"时间(?:要求|限制|上|段|范围|条件)|对时间|期限|年限|哪段时间|多久以内|什么时间段")
"""What asks for the period in which something must have happened, or for how long it is given."""


def _alike(topic: str, whole: Heard, library: Library) -> dict[str, float]:
    """The entries of a topic that the asking segments, or a short message as a whole, are like."""
    texts = [one.text for one in whole.asking[:4]]
    if len(whole.folded) <= LONG:
        texts.append(whole.folded)
    likes = [library.finder.bank.entries_like(topic, [text]) for text in dict.fromkeys(texts)]
    alike = strongest_of(likes)
    strongest = max(alike.values(), default=0.0)
    for like in likes:
        best = max(like, key=lambda entry: like[entry], default="")
        if best and like[best] >= PART_FLOOR:
            alike[best] = max(alike[best], PART * strongest)
    return alike


def _facets_of(alike: dict[str, float], library: Library) -> dict[str, float]:
    """The facets of the entries that a text is like, where one stands out."""
    facets: dict[str, float] = {}
    best = max(alike.values(), default=0.0)
    for entry, score in alike.items():
        if score >= max(ENTRY_FLOOR, ENTRY_NEAR * best):
            facet = library.stated[entry].provision.facet if entry in library.stated else entry.partition(".")[2]
            facets[facet] = max(facets.get(facet, 0.0), score)
    return facets


def _chosen(whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The directions or branches a message is about, best first; empty where it names none."""
    weights = directions(whole.topics, library)
    ranked = sorted(weights, key=lambda d: (-weights[d], int(d)))
    numbered = whole.gathered("numbered")
    if numbered:
        return tuple(_narrowed(n, whole, library) for n in numbered if n in library.guide.direction_of)
    inherited = _inherited(whole, conversation, library)
    best = weights[ranked[0]] if ranked else 0.0
    rule = max(((w, t) for t, w in whole.topics.items() if is_rule(t, library)), default=(0.0, ""))
    if inherited and _leaves_topic_out(whole, inherited, library, firmly=conversation.interview == "open"):
        return _refined(inherited, whole, library)
    if not ranked or best < HINTED_TOPIC or (rule[0] > best and best < SURE_TOPIC):
        return ()
    if not _named(whole, library) and _rule_is_meant(whole, library):
        return ()
    if best < SURE_TOPIC and whole.strange > STRANGE:
        return ()
    several = [d for d in ranked if weights[d] >= max(SURE_TOPIC, best * BESIDE)] or ranked[:1]
    if _ALL_OF_THEM.search(whole.folded) and len(named := _all_named(whole, library)) > 1:
        return tuple(_narrowed(d, whole, library) for d in named[:4])
    if len(several) > 1:
        several = _apart(several, whole, library)
    if len(several) == 1:
        several += _beside(several[0], whole, library)
    if whole.facets.get("compare", 0) >= STRONG and len(several) == 1:
        return (several[0],)
    return tuple(_narrowed(d, whole, library) for d in several[:4])


_ALL_OF_THEM = re.compile(r"(?:两|三|2|3)(?:项|个|样|种|块|边|头)(?!月|年|人|亿|百)|各自|各(?=多少|是|最|给|能)|分别")
"""What is asked of everything that was named, also in another sentence (又流片又买EDA,两项各最高多少)."""


def _all_named(whole: Heard, library: Library) -> list[str]:
    """The directions that a message calls by name, in its order."""
    targets = (t for one in whole.segments for match in one.matches for t in match.targets)
    topics = (t.id for t in targets if t.kind == "topic" and t.id in library.guide.direction_of)
    return list(dict.fromkeys(library.guide.direction_of[topic].direction for topic in topics))


_PAIR = re.compile(r"([^,?]{2,14}?)(?:跟|和|与|同|还是|比|vs|、)([^,?]{2,14}?)(?:这?两|,|哪|谁|各|分别|哪个|比|[?]|$)")
_TELLS_APART = re.compile(r"哪|各|分别|谁|区别|比")
"""A pair is asked apart: 甲跟乙这两样，哪个门槛低."""


def _beside(named: str, whole: Heard, library: Library) -> list[str]:
    """The other direction of a pair of which only one is named by words of its own."""
    pair = _PAIR.search(whole.folded)
    if pair is None or not _TELLS_APART.search(whole.folded[pair.start() :]):
        return []
    sides = [_likeliest(library.finder.find(side), named, library) for side in pair.groups()]
    return [side for side in sides if side != named] if named in sides and all(sides) else []


def _likeliest(one: Found, named: str, library: Library) -> str:
    """The direction that one side of a pair hints at, where it is the one that is named, or is plainly like."""
    if directions(one.topics, library).get(named):
        return named
    if max(one.facets.values(), default=0.0) >= STRONG:
        return ""  # 奖励比例 is a facet of the one named, not another one
    weights = merged([(directions(one.topics, library), 1.0), (directions(one.liked.topics, library), 1.0)])
    best = max(weights, key=lambda topic: weights[topic], default="")
    return best if best and weights[best] >= MEANT else ""


def _rule_is_meant(whole: Heard, library: Library) -> bool:
    """Whether a message is more like the questions of a general rule than like any direction's."""
    rules = max((score for topic, score in whole.ours.items() if is_rule(topic, library)), default=0.0)
    others = max((score for topic, score in whole.ours.items() if not is_rule(topic, library)), default=0.0)
    return rules >= MEANT and rules > others + 0.1


def _inherited(whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The topics in hand; a general rule only while the message asks for no other rule's facet."""
    topics = tuple(t for t in conversation.topics if t in library.guide.direction_of or is_rule(t, library))
    if topics and is_rule(topics[0], library):
        asked = {FACET_RULES[f] for f in top(whole.facets) if f in PLAIN_FACETS and whole.facets[f] >= LONE}
        kin = {RULE_FACETS.get(topic) for topic in topics}
        return () if any(RULE_FACETS[rule] not in kin for rule in asked) else topics
    return topics


def _leaves_topic_out(whole: Heard, inherited: tuple[str, ...], library: Library, *, firmly: bool) -> bool:
    """Whether a message names no topic of its own and can be about the one in hand (`firmly`: in its interview)."""
    of_rule = is_rule(inherited[0], library)
    named = max(
        (w for t, w in whole.words.items() if is_rule(t, library) and not _fits_direction(t, whole)), default=0.0
    )
    if named >= SURE_TOPIC and not (of_rule and named < SURE_TOPIC):
        return False
    weights = directions(whole.words, library)
    own = {library.guide.direction_of[t].direction for t in inherited if t in library.guide.direction_of}
    other = max((w for d, w in weights.items() if d not in own), default=0.0)
    liked = max(
        (s for t, s in whole.ours.items() if _of(t, library) not in own and not _fits_direction(t, whole)), default=0.0
    )
    own_like = max((s for t, s in whole.ours.items() if _of(t, library) in own), default=0.0)
    another = ANOTHER_IN_SHORT if len(whole.folded) <= SHORT else ANOTHER
    if firmly or _GOES_ON.match(whole.folded):
        another = ANOTHER_GOING_ON
    if own & _of_contacts(whole, library) and whole.facets.get("contact", 0.0) >= STRONG:
        return True
    if _named(whole, library) or other >= SURE_TOPIC or (liked >= another and liked > own_like + 0.15):
        return False
    if leans(whole) and _hints(whole, inherited, library):
        return True
    return _fits(whole, inherited, library)


def _of_contacts(whole: Heard, library: Library) -> set[str]:
    """The directions of the contacts' rows that a message names by their matter (集成电路那条链)."""
    rows = [contact for contact in library.guide.contacts if contact.id in whole.contacts()]
    return {library.guide.direction_of[branch].direction for contact in rows for branch in contact.branches}


_GOES_ON = re.compile(r"(?:那|它|这)(?:是|个|又|要|得|按|最|给|算)?(?!个?方向)")
"""How a message begins that goes on with what is in hand (那是按采购额的几成)."""


def _of(topic: str, library: Library) -> str:
    """The direction's number of a direction or branch, the rule's own id."""
    return library.guide.direction_of[topic].direction if topic in library.guide.direction_of else topic


def _fits_direction(rule: str, whole: Heard) -> bool:
    """Whether a rule's facet is one that the direction in hand answers for itself."""
    plain = rule == "consultants" and not re.search(r"政策咨询|规划处", whole.folded)
    figured = rule == "eligibility" and bool(_HOW_MUCH.search(whole.folded))
    return (
        plain
        or figured
        or rule == "amounts_are_ceilings"
        or RULE_FACETS.get(rule) in DIRECTION_FACETS - {"conditions"}
    )


_HOW_MUCH = re.compile(r"投|(?:多少|几)(?:钱|万|金额|额)|规模|营收|产值|销售额|合同额|保费|金额")
"""What asks for a figure, of which the general conditions hold none (最少得投多少才有资格)."""


def _named(whole: Heard, library: Library) -> bool:
    """Whether a message calls any direction by a name of its own (not only by hints)."""
    targets = (t for one in whole.segments for match in one.matches for t in match.targets)
    return any(t.kind == "topic" and t.id in library.guide.direction_of for t in targets)


def _hints(whole: Heard, inherited: tuple[str, ...], library: Library) -> bool:
    """Whether a message hints at the direction in hand, or at nothing at all."""
    weights = directions(whole.words, library)
    own = {library.guide.direction_of[topic].direction for topic in inherited if topic in library.guide.direction_of}
    return not weights or any(weights.get(direction) for direction in own)


def is_rule(topic: str, library: Library) -> bool:
    return any(rule.id == topic for rule in library.guide.rules)


def _fits(whole: Heard, inherited: tuple[str, ...], library: Library) -> bool:
    """Whether a message without a topic of its own can be about the one in hand."""
    own = {one.id for topic in inherited for one in library.under(topic)}
    touches = any(name in own for name in whole.provisions)
    named = max(
        (
            w
            for t, w in directions(whole.words, library).items()
            if t not in {library.guide.direction_of[i].direction for i in inherited if i in library.guide.direction_of}
        ),
        default=0.0,
    )
    if named >= HINTED_TOPIC and not touches:
        return False
    if whole.strange > STRANGE and not touches:
        return False
    return touches or leans(whole) or (bool(whole.facets) and len(whole.folded) <= 24)


_DENIED = re.compile(r"^(?:我们?|咱们?)?(?:这)?(?:个|家)?(?:公司|企业|项目)?不是")
"""A message that says what it is not about (不是重大项目): the other branches are meant."""


def _refined(inherited: tuple[str, ...], whole: Heard, library: Library) -> tuple[str, ...]:
    """The topics in hand, moved to another branch of the same direction where the message names one."""
    refined: list[str] = []
    denied = bool(_DENIED.match(whole.folded))
    for topic in inherited:
        direction = library.guide.direction_of.get(topic)
        named = _branches(direction.direction, whole, library) if direction else ()
        if denied and named and direction:
            named = tuple(branch.id for branch in direction.branches if branch.id not in named)
        refined += list(named) or [topic]
    return tuple(dict.fromkeys(refined))


def _narrowed(number: str, whole: Heard | Found, library: Library) -> str:
    """A direction, or the one branch of it that a message decides for."""
    if number not in {d.direction for d in library.guide.directions}:
        return number
    named = _branches(number, whole, library)
    if isinstance(whole, Heard) and len(whole.contacts()) > 1:
        return number  # several rows of one direction (整车的链和集成电路的链)
    return named[0] if len(named) == 1 and not _paired(number, whole, library) else number


def _paired(number: str, whole: Heard | Found, library: Library) -> bool:
    """Whether a pair is asked of whose sides hint at different branches of a direction (工厂和机房各是多少)."""
    pair = _PAIR.search(whole.folded if isinstance(whole, Heard) else whole.text)
    branches = {branch.id for branch in library.guide.direction_of[number].branches}
    sides = [branches & library.finder.find(side).topics.keys() for side in pair.groups()] if pair else []
    return bool(sides) and all(sides) and len(sides[0] | sides[1]) > 1


def _branches(number: str, whole: Heard | Found, library: Library) -> tuple[str, ...]:
    """The branches of a direction that a message names, or plainly means, where they outdo the others."""
    branches = [branch.id for branch in library.guide.direction_of[number].branches]
    if len(branches) == 1:
        return ()
    words, likes = (whole.words, whole.ours) if isinstance(whole, Heard) else (whole.topics, whole.liked.topics)
    named = {branch: words.get(branch, 0.0) for branch in branches}
    liked = {branch: likes.get(branch, 0.0) for branch in branches}
    if max(named.values()) >= max(HINTED_TOPIC, 0.8 * words.get(number, 0.0)):
        weights = {branch: named[branch] + liked[branch] for branch in branches}
    elif isinstance(whole, Heard) and plain(whole):
        return ()
    elif max(liked.values()) >= BRANCH_LIKE and max(liked.values()) > likes.get(number, 0.0) + 0.1:
        weights = liked
    else:
        return ()
    near = [branch for branch in branches if weights[branch] >= NEAR_BRANCH * max(weights.values())]
    return tuple(near) if len(near) < len(branches) else ()


def _apart(several: list[str], whole: Heard, library: Library) -> list[str]:
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


def _rule(whole: Heard, facets: tuple[str, ...], library: Library) -> str | None:
    """The general rule that a message without a direction asks for: named, or plainly meant, or told by its facet."""
    rules = {t: w for t, w in whole.topics.items() if is_rule(t, library)}
    if any(w >= HINTED_TOPIC for t, w in rules.items() if t != "overview"):
        rules.pop("overview", None)
    best = max(rules, key=lambda t: rules[t], default=None)
    worded = [t for t in rules if whole.words.get(t, 0.0) >= SURE_TOPIC]
    if worded:
        return max(worded, key=lambda t: rules[t])
    told = [f for f, weight in whole.told.items() if f in PLAIN_FACETS and weight >= LONE]
    liked = max((t for t in whole.ours if is_rule(t, library)), key=lambda t: whole.ours[t], default="")
    other = bool(told) and RULE_FACETS.get(liked) not in told
    if liked and whole.ours[liked] >= (PLAINLY if other else MEANT):
        return liked
    if told and whole.strange <= STRANGE:
        return FACET_RULES[told[0]]
    if best and rules[best] >= HINTED_TOPIC and whole.strange <= STRANGE:
        return best
    others = [f for f in facets if f in FACET_RULES and whole.told.get(f, 0) >= STRONG and whole.strange <= 0.2]
    return FACET_RULES[others[0]] if others and not _wants_direction(facets) else None


def _wants_direction(facets: tuple[str, ...]) -> bool:
    """Whether what is asked differs from direction to direction."""
    return bool(set(facets) & {"amount", "rate", "conditions", "scope", "contact", "email"})


def _lost(whole: Heard, conversation: Conversation, library: Library) -> Intent:
    """Nothing of ours was recognised well enough: ask which direction, or say that it isn't in the guide."""
    facets = top(whole.facets)
    likes: dict[str, float] = {}
    for topic, score in whole.ours.items():
        if topic in library.guide.direction_of:
            number = library.guide.direction_of[topic].direction
            likes[number] = max(likes.get(number, 0.0), score)
    near = [number for number in sorted(likes, key=lambda n: -likes[n]) if likes[number] >= OFFERED][:3]
    if near or (_wants_direction(facets) and whole.strange <= 0.3):
        return Intent("which", ids=tuple(near), facets=facets, confidence=0.4, strange=whole.strange)
    kind: Kind = "not_in_guide" if whole.topics or facets else "not_understood"
    return Intent(kind, facets=facets, confidence=0.3, strange=whole.strange)
