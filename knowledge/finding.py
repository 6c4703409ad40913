"""What a text is about: which topics, which facets, which provisions, who and where, each with its evidence.

Text alone is scored here, without any conversation (`dialogs/understanding.py` adds that and decides). Topic and facet
are judged apart: 方向13 上限 is a direction and a facet, and neither word says anything of the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from knowledge.bank import Bank, Likeness, bank
from knowledge.corrected import known_by
from knowledge.guide import Facet, Guide, Provision
from knowledge.lexicon import Lexicon, Match, Target, lexicon
from knowledge.misspelt import respelt
from knowledge.scribing import Scribe, scribe
from knowledge.sieving import Sieve
from knowledge.spelling import LATELY, Speller, alike
from knowledge.words import Elsewhere, Words

ALIAS, BRANCH_ALIAS, CUE = 1.0, 1.25, 0.45
"""What a name, a branch's own name and a hint weigh for a topic."""
NAMING = 5
"""Letters from which a word for a contact's matter also names the direction (智能网联汽车产业链)."""
PROVISION_FOR_TOPIC = 0.3
"""What a provision's cue weighs for the topic it stands in."""
NUMBERED = 3.0
"""What 方向7 weighs: nothing outdoes a number."""
SURE_MATTER = 0.8
"""How surely a word of another policy or matter must have been heard (企业上限 is not 企业上云)."""
WEAK = 0.3
"""What a facet's weak word weighs."""
LONE = 0.6
"""What a facet's word weighs that gives way to any strong one."""

_DIGITS = {ch: n for n, ch in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"(?:\d{1,2}[a-e]?|十[一二三四]?|[一二三四五六七八九])"
_ORDINAL_UP_TO = r"1[0-4]|[1-9]|十[一二三四]?|[一二三四五六七八九]"
_BEYOND_FEW = r"1[0-4]|[5-9]|十[一二三四]?|[五六七八九]"
_LIST = rf"{_NUMBER}(?:(?:[、和跟与及,/或同]|还有|以及|到|至|-|方向|\s)+{_NUMBER})*"
_DIRECTIONS = re.compile(
    rf"(?:支持)?(?:方向|fang ?xiang(?=\s*[\d一二三四五六七八九十])|方(?=\s*\d))\s*第?({_LIST})"
    r"(?!\d|(?<=十)[一二三四]|个|条(?![件款文])|万|亿|%|年(?!度)|月|块|起|并|样|般|律|共|家|户|类|位|次|轮|笔|句|遍|下|\.\d|张|台|颗|辆|吨)"
    rf"|第({_LIST})个?(?:号)?方向|({_LIST})号方向|(?<![一-鿿\d])([五六七八九十])方向|(?<=[和跟与、])([五六七八九十])方向|(?<![a-z0-9])d(\d{{1,2}}[a-e]?)(?![a-z0-9年月日天个])"
)
_BARE = re.compile(
    rf"^\D{{0,6}}?({_LIST})(?:这|那)?(?:两个|两者|几个)?(?:的)?(?:区别|有什么区别|对比|比较|不同|哪个|有啥区别|有什么不同|差别)"
)
_COUNTED = (
    "个条万亿年月日号家项倍块元点台辆人天位种份笔次类期级到至颗发张套批款件亩吨架座间所株艘支"
    "枚部节座户幢栋名周季度股角分秒小时层楼路环线厂"
)
_SHORTHAND = re.compile(rf"^(1[0-4]|[1-9])([a-e])?(?: |(?=[一-鿿]))(?![{_COUNTED}])")
"""An officer's shorthand: the direction's bare number first (8 单企 年顶)."""
_NTH = re.compile(rf"^那?第(?:({_ORDINAL_UP_TO})个方向|({_BEYOND_FEW})个)(?:是|叫|讲)(?:什么|哪)")
"""A direction by its place in the list (第九个是啥)."""
_THOSE_TWO = re.compile(
    r"^那?(1[0-4]|[1-9])(?:[、和跟与,/]| )(1[0-4]|[1-9])(?:一起|一块儿?|同时|也)?呢"
    r"|(?:^|[,。]|觉得|感觉)(1[0-4]|[1-9])[和跟与](1[0-4]|[1-9])(?=都|两个|这两|哪个)"
    r"|^那(1[0-4]|[1-9])再?加个?(1[0-4]|[1-9])呢"
)
"""Two other directions by bare numbers, going on (那12和10呢)."""
_TWO_TOGETHER = re.compile(
    rf"(?<![\d.第目])(1[0-4]|[1-9])(?:\s?(?:\+|再加|加上?|[、和跟与及/])\s?|\s)(?:方向)?(1[0-4]|[1-9])(?![\d.%{_COUNTED}季])"
    r"(?=[^\d,。?]{0,6}(?:同报|一起|一块|同时|一道|一并|都能?报|兼|叠|并报))"
)
"""Two directions by bare numbers, of which it is asked whether they go together (14+12 同报?)."""
_APPLIED_FOR = re.compile(
    r"(?:再|也|又|先|想|要|能|改)?报(?:了|完|过)?(1[0-4]|[1-9])(?=就|的话|算|,|[?。]|还能|之后|以后|以外|呢|吗|不|行|$)"
)
"""A direction by its bare number, applied for (报了14就占掉名额, 再报6算重复吗)."""
_EITHER = re.compile(rf"报(1[0-4]|[1-9])(?:还是|或者?|和|跟)报?(1[0-4]|[1-9])(?![\d%{_COUNTED}])")
"""Two directions by bare numbers (报9还是报10)."""
_THAT_ONE = re.compile(r"^那(1[0-4]|[1-9])(?:那个|号)?呢")
"""Another direction by its bare number, going on (那14呢，也要推荐不)."""
_INSTEAD = re.compile(
    rf"(?:把|将)?(?:方向)?(?<!\d)(?:1[0-4]|[1-9])号?(?:换|改)(?:成|为|作)(?:方向)?(1[0-4]|[1-9])(?![\d.%{_COUNTED}季])"
)
"""One direction in the place of another by bare numbers (那把9换成14呢)."""
_TOO = re.compile(r"(?<![\d月])(1[0-4]|[1-9])号(?:能不能|能|可以|可不可以)?(?:再|也|一[起块]|同时|叠)")
"""A direction by its number where it is asked whether it goes with others (14号能不能再叠上去)."""
_ADDED = re.compile(r"再(?:加|报|来|申请?)上?一?个?(1[0-4]|[1-9])(?=呢|行|可|能|也|号|一[起块]|[吗么?,。]|$)")
"""One more direction by its bare number (那我报12和14，再加个10呢)."""
_ORDINAL = r"(\d{1,2}|十[一二三四五六七八九]?|[一二三四五六七八九])"
_ATTACHMENT = re.compile(rf"附件?\s*第?{_ORDINAL}(?!近)|第?{_ORDINAL}(?:个|号)(?:的)?附件")
_AND_ATTACHMENT = re.compile(r"(?<=\d)(?:、|,|和|跟|与|还有|以及|及)(1[0-6]|[1-9])(?!\d|[.%万亿年月日号个家项条])")
"""Another attachment by its bare number behind the first one (附件15、16)."""
_PHONE = re.compile(r"(?<![\da-z.@_-])(\d{7,11})(?![\da-z.@_]|万|元|亿|%)")
_WRITTEN = re.compile(
    r"(?<![\da-z.@_-])(?:\+?86[- ]?)?(?:\(?0?10\)?[- ]?)?(\d{4})[- ]?(\d{4})(?![\da-z.@_-]|万|元|亿|%)"
)
"""A Beijing number as people write it: 010-5557 8399, +86 10 55578399, 5557-8399."""
_MAILBOX = re.compile(r"[a-z0-9._-]+@(?:[a-z0-9.-]+)?|[a-z]{4,}\d*(?=@)")
_MAY_NUMBER = re.compile(r"[\d一二三四五六七八九十@]")
"""What stands in every text of which one of these patterns holds: most texts are passed over by it."""
_RANGE = re.compile(rf"({_NUMBER})\s*(?:到|至|-)\s*(?:方向)?\s*({_NUMBER})")

ZONES = ("开发区", "经开区")
"""What Beijing's zone is called too: behind a place elsewhere it is that place's (廊坊开发区)."""
LATIN = 0.35
"""What an unknown letter of the Latin alphabet weighs beside a character (sign off is two words, not seven)."""


def number(text: str) -> str:
    """A direction's or attachment's number as the guide writes it: 十二 → 12, 07 → 7, 4A → 4a."""
    if text[:1].isdigit():
        return text.lstrip("0") or "0"
    if text.startswith("十"):
        return str(10 + _DIGITS.get(text[1:], 0))
    return str(_DIGITS[text])


def numbers(listed: str) -> list[str]:
    """The numbers of a list: 7和8 → 7, 8; 9到11 → 9, 10, 11."""
    found: list[str] = []
    for first, last in _RANGE.findall(listed):
        low, high = number(first), number(last)
        if low.isdigit() and high.isdigit() and int(low) < int(high):
            found += [str(n) for n in range(int(low), int(high) + 1)]
    found += [number(one) for one in re.findall(_NUMBER, listed)]
    return list(dict.fromkeys(found))


@dataclass
class Found:
    """Everything a text shows, with its weight; the matches are the evidence."""

    text: str
    matches: list[Match]
    liked: Likeness
    topics: dict[str, float] = field(default_factory=dict)
    facets: dict[str, float] = field(default_factory=dict)
    provisions: dict[str, float] = field(default_factory=dict)
    districts: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    offices: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    mailboxes: list[str] = field(default_factory=list)
    desks: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    silent: list[Elsewhere] = field(default_factory=list)
    strange: float = 0.0

    @cached_property
    def is_question(self) -> bool:
        """Whether the text has the form of a question."""
        return is_question(self.text)

    @cached_property
    def asks(self) -> bool:
        """Whether the text has the form of a question or names what it wants."""
        if self.is_question:
            return True
        told = _WHOEVER.search(self.text) or _OF_ITSELF.search(self.text)
        return max(self.facets.values(), default=0.0) >= 1.0 and not told


_QUESTION = re.compile(
    r"[?]|([^时动])不\1|吗|呢|(?<![这那要])么|多少|什么|哪|谁|怎么|(?<!十)几(?!乎|十|百|千|万|亿)|能不能|能否|可否|是否|可不可以|要不要|行不|是不是|有没有|还是|多久|多大|为什么|算不算|够不够|与否|何日|何时|(?<!任)何处|何名|不$|没$|是吧$|对吧$|没错吧$"
)


def is_question(folded: str) -> bool:
    """Whether a folded text has the form of a question."""
    return bool(_QUESTION.search(folded))


_WHOEVER = re.compile(r"[了过着的]的?(?:企业|公司|单位|项目|厂家?|人|话)$|的话$")
"""Who or what a question goes on to speak of (拿了升规奖励的企业,…)."""
_OF_ITSELF = re.compile(
    r"(?<!有)(?:没有?|无|未|从未)(?:任何|受过?|有过?|发生过?|被)*(?:行政)?(?:处罚|失信|违法|违规|不良)"
)
"""What a firm tells of itself (近三年无处罚), not what it asks."""


def _formed(text: str, forms: Sieve[Facet]) -> Iterator[Match]:
    """What a text asks by its form, each facet once."""
    for found, facet in forms.found(text):
        yield Match(found[0], found.start(), found.end(), "form", 1.0, (Target("facet", facet, 1.0),))


def _but_added(matches: list[Match], text: str) -> list[Match]:
    """The matches without those of the words that add a direction by its number (再加个10 adds no money)."""
    added = _ADDED.search(text)
    return [one for one in matches if not added or one.end <= added.start() or one.start >= added.end()]


def _by_chance(match: Match, text: str) -> bool:
    """Whether two sounds that are also somebody's name are a word of how things go (一块儿申成不成 is no 申宸)."""
    return match.how == "sound" and len(match.term) == 2 and text[match.end - 1] in "成不了过上得"


@dataclass(frozen=True, eq=False)
class Finder:
    """The tables of one guide with the words of its people."""

    lexicon: Lexicon
    speller: Speller
    bank: Bank
    elsewhere: Mapping[str, Elsewhere]
    elsewhere_forms: Sieve[str]
    silent_matters: tuple[Elsewhere, ...]
    scribe: Scribe
    facet_forms: Sieve[Facet]

    def find(self, text: str) -> Found:
        """What a folded text shows."""
        return _found(self, text)

    def _find(self, text: str) -> Found:
        matches = _but_added(self.lexicon.spot(text, self.speller), text)
        found = Found(text, [*matches, *_formed(text, self.facet_forms)], self.bank.likes(respelt(text, matches)))
        facets: dict[str, float] = defaultdict(float)
        topics: dict[str, float] = defaultdict(float)
        provisions: dict[str, float] = defaultdict(float)
        seen: set[tuple[str, str]] = set()
        for match in found.matches:
            for target in match.targets:
                weight = target.weight * match.surety
                if target.kind == "facet":
                    facets[target.id] = max(facets[target.id], weight) if weight < 1 else facets[target.id] + weight
                elif target.kind in ("topic", "cue") and (match.term, target.id) not in seen:
                    seen.add((match.term, target.id))
                    topics[target.id] += weight * _length_bonus(match)
                elif target.kind == "provision":
                    provisions[target.id] += weight * _length_bonus(match)
                elif target.kind == "person" and _by_chance(match, text):
                    continue
                elif (
                    match.how != "near"
                    or target.kind not in ("policy", "matter")
                    or not self._over_a_facet(match, text)
                ):
                    self._note(found, target, match.surety)
        self._numbers(found, topics)
        found.topics, found.facets, found.provisions = dict(topics), dict(facets), dict(provisions)
        found.strange = _strange(text, found.matches)
        return found

    def _over_a_facet(self, near: Match, text: str) -> bool:
        """Whether a word for a facet stands where another matter's word was taken (条件是什么 is not 条文是什么)."""
        heard = text[near.start : near.end]
        pairs = {heard[at : at + 2] for at in range(len(heard) - 1)}
        other = (pair for pair in pairs if pair not in near.term and pair in self.lexicon.targets)
        return any(target.kind == "facet" for pair in other for target in self.lexicon.targets[pair])

    def _note(self, found: Found, target: Target, surety: float) -> None:
        lists = {
            "district": found.districts,
            "outside": found.outside,
            "person": found.people,
            "office": found.offices,
            "attachment": found.attachments,
            "contact": found.contacts,
            "mailbox": found.mailboxes,
            "desk": found.desks,
        }
        if target.kind in lists:
            if target.id not in lists[target.kind]:
                lists[target.kind].append(target.id)
        elif target.kind in ("policy", "matter") and surety < SURE_MATTER:
            return
        elif target.kind == "policy":
            found.elsewhere.append(self.elsewhere[target.id])
        elif target.kind == "matter":
            found.silent.append(self.elsewhere[target.id])

    def _numbers(self, found: Found, topics: dict[str, float]) -> None:
        if not _MAY_NUMBER.search(found.text):
            return
        bare = [] if "附件" in found.text else [m.groups() for m in _BARE.finditer(found.text)]
        for groups in [m.groups() for m in _DIRECTIONS.finditer(found.text)] + bare:
            for listed in filter(None, groups):
                found.numbered += [n for n in numbers(listed) if n not in found.numbered]
        for either in [
            *_TWO_TOGETHER.findall(found.text),
            *_EITHER.findall(found.text),
            *_THOSE_TWO.findall(found.text),
            *((one,) for form in (_APPLIED_FOR, _ADDED, _TOO, _INSTEAD) for one in form.findall(found.text)),
        ]:
            found.numbered += [n for n in filter(None, either) if n not in found.numbered]
        if place := _NTH.match(found.text):
            found.numbered += [number(place[1] or place[2])]
        if going_on := _THAT_ONE.match(found.text):
            found.numbered += [going_on[1]] if going_on[1] not in found.numbered else []
        short = _SHORTHAND.match(found.text) if len(found.text) <= 14 and not found.numbered else None
        if short and (not short[2] or f"{short[1]}{short[2]}" in self.bank.group_of):  # 3D打印 is no direction
            found.numbered.append(short[1] + (short[2] or ""))
        for one in found.numbered:
            topics[one] += NUMBERED
        for listed in filter(None, chain.from_iterable(_ATTACHMENT.findall(found.text))):
            if number(listed) not in found.attachments:
                found.attachments.append(number(listed))
        if found.attachments:
            more = [number(one) for one in _AND_ATTACHMENT.findall(found.text)]
            found.attachments += [one for one in more if one not in found.attachments]
        boxes = [box for box in _MAILBOX.findall(found.text) if len(box) > 3]
        found.mailboxes += [box for box in boxes if box not in found.mailboxes]
        written = [a + b for a, b in _WRITTEN.findall(found.text)]
        plain = [] if written else _PHONE.findall(found.text)
        found.phones = [phone for phone in [*written, *plain] if phone not in found.mailboxes]

    def elsewhere_in(self, text: str) -> Elsewhere | None:
        """Another policy, year or place that a folded text asks for by its very form (天津…专项资金)."""
        return _elsewhere_in(self, text)

    def _elsewhere_in(self, text: str) -> Elsewhere | None:
        return next((self.elsewhere[id_] for _, id_ in self.elsewhere_forms.found(text)), None)


@lru_cache(LATELY)
def _found(finder: Finder, text: str) -> Found:
    return finder._find(text)


@lru_cache(LATELY)
def _elsewhere_in(finder: Finder, text: str) -> Elsewhere | None:
    return finder._elsewhere_in(text)


def _length_bonus(match: Match) -> float:
    """A longer name is rarer by chance: 流片 1, 集成电路首轮流片 1.5."""
    return min(1.5, 0.8 + 0.1 * len(match.term))


def _strange(text: str, matches: list[Match]) -> float:
    """The share of a text's letters that no known word covers; one of the Latin alphabet is a third of a character."""
    known = {i for match in matches for i in range(match.start, match.end)}
    weights = {i: LATIN if ch.isascii() else 1.0 for i, ch in enumerate(text) if ch.isalpha()}
    return sum(weight for i, weight in weights.items() if i not in known) / sum(weights.values()) if weights else 0.0


# --- building --------------------------------------------------------------------------------------------------------


def provisions_of(guide: Guide) -> Iterator[tuple[str, str, Provision]]:
    """Every provision with its full id (3:cap_product) and the topic that it stands under (direction, branch, rule)."""
    for direction in guide.directions:
        for provision in direction.shared:
            yield f"{direction.direction}:{provision.id}", direction.direction, provision
        for branch in direction.branches:
            for provision in branch.provisions:
                yield f"{branch.id}:{provision.id}", branch.id, provision
    for rule in guide.rules:
        for provision in rule.provisions:
            yield f"{rule.id}:{provision.id}", rule.id, provision


def finder(guide: Guide, words: Words, speller: Speller) -> Finder:
    """The finder of a guide."""
    elsewhere = {one.id: one for one in (*words.elsewhere.policy, *words.elsewhere.matter)}
    terms = lexicon(_terms(guide, words), speller)
    return Finder(
        terms,
        speller,
        bank(guide, provisions_of(guide), words, speller, terms),
        elsewhere,
        forms_of(words),
        words.elsewhere.matter,
        scribe(_kept_texts(guide, words), _letters_alone(guide, words, speller), speller),
        Sieve.of(("|".join(told.forms), facet) for facet, told in words.facets.items() if told.forms),
    )


def _kept_texts(guide: Guide, words: Words) -> Iterator[str]:
    """All that people ask and we say, and every word of the lists: what characters stand beside each other in."""
    for _, _, provision in provisions_of(guide):
        yield from (provision.say, *provision.asks)
    for asks in (*guide.phrasings.values(), *words.elsewhere_asks.values(), *words.facet_asks.values()):
        yield from asks
    for term, one in _terms(guide, words):
        yield from (term,) * (SCRIBED_NAME if one.kind in ("person", "district") else SCRIBED)


SCRIBED, SCRIBED_NAME = 3, 12
"""What a word of a list and a name count beside a question in which they may stand."""


def _letters_alone(guide: Guide, words: Words, speller: Speller) -> Iterator[str]:
    """The lists' words that are no pinyin, and mailboxes that are nobody's name (gengenze)."""
    named = {
        tuple(sound.syllable for sound in speller.heard(term))
        for term, one in _terms(guide, words)
        if one.kind == "person"
    }
    for term, one in _terms(guide, words):
        if one.kind != "mailbox" or tuple(map(alike, speller.syllables_of(term.rstrip("0123456789")))) not in named:
            yield term


def forms_of(words: Words) -> Sieve[str]:
    """How questions of other policies and matters are put, each with the id of its own."""
    outside = "(?:" + "|".join(sorted(map(re.escape, words.places.outside), key=len, reverse=True)) + ")"
    return Sieve.of(
        (pattern.replace("{outside}", outside), one.id)
        for one in (*words.elsewhere.policy, *words.elsewhere.matter)
        for pattern in one.patterns
    )


def _terms(guide: Guide, words: Words) -> Iterator[tuple[str, Target]]:
    yield from _topic_terms(guide)
    yield from _provision_terms(guide)
    yield from _people_terms(guide, words)
    for facet, told in words.facets.items():
        yield from ((word, Target("facet", facet, 1.0)) for word in told.strong)
        yield from ((word, Target("facet", facet, WEAK)) for word in told.weak)
        yield from ((word, Target("facet", facet, LONE)) for word in told.alone)
    for place in words.places.outside:
        yield place, Target("outside", place)
        yield from ((f"{place}{zone}", Target("outside", place)) for zone in ZONES if not place.endswith(zone))
    for one in words.elsewhere.policy:
        yield from ((word, Target("policy", one.id)) for word in one.words)
    for one in words.elsewhere.matter:
        yield from ((word, Target("matter", one.id)) for word in one.words)
    for group in words.fillers.values():
        yield from ((word, Target("filler", word, 0.0)) for word in group)


def _topic_terms(guide: Guide) -> Iterator[tuple[str, Target]]:
    for direction in guide.directions:
        for alias in (*direction.aliases, direction.name, direction.short):
            yield alias, Target("topic", direction.direction, ALIAS)
        for cue in direction.cues:
            yield cue, Target("cue", direction.direction, CUE)
        for branch in direction.branches:
            own = [contact for contact in guide.contacts if branch.id in contact.branches]
            row = own[0].id if len(own) == 1 and len(own[0].branches) == 1 < len(direction.branches) else ""
            for alias in branch.aliases:
                yield alias, Target("topic", branch.id, BRANCH_ALIAS)
                if row:
                    yield alias, Target("contact", row)
            for cue in branch.cues:
                yield cue, Target("cue", branch.id, CUE)
    for rule in guide.rules:
        yield from ((alias, Target("topic", rule.id, ALIAS)) for alias in rule.aliases)
        yield from ((cue, Target("cue", rule.id, CUE)) for cue in rule.cues)
    for contact in guide.contacts:
        for alias in contact.called:
            yield alias, Target("contact", contact.id)
            if len(alias) >= NAMING and contact.branches:
                yield alias, Target("topic", _common(contact.branches, guide), ALIAS)
            for branch_id in contact.branches:
                yield alias, Target("cue", branch_id, CUE / len(contact.branches))
    for attachment in guide.attachments:
        yield from ((alias, Target("attachment", attachment.no)) for alias in attachment.aliases)


def _common(branches: tuple[str, ...], guide: Guide) -> str:
    """What a contact answers for: one branch, or the whole direction."""
    return branches[0] if len(branches) == 1 else guide.direction_of[branches[0]].direction


def _provision_terms(guide: Guide) -> Iterator[tuple[str, Target]]:
    holders: dict[str, set[str]] = defaultdict(set)
    for _, topic, provision in provisions_of(guide):
        owner = guide.direction_of[topic].direction if topic in guide.direction_of else topic
        for cue in provision.cues:
            holders[cue].add(owner)
    for name, topic, provision in provisions_of(guide):
        for cue in provision.cues:
            yield cue, Target("provision", name, 1.0)
            yield cue, Target("cue", topic, PROVISION_FOR_TOPIC / len(holders[cue]))


def _people_terms(guide: Guide, words: Words) -> Iterator[tuple[str, Target]]:
    for contact in guide.contacts:
        yield from ((name, Target("person", contact.name)) for name in known_by(contact, "name"))
        yield contact.office, Target("office", contact.office)
        yield from chain.from_iterable(map(_mailbox_terms, known_by(contact, "email")))
    offices = {person.office for district in guide.districts for person in district.people}
    for district in guide.districts:
        for person in district.people:
            yield from ((name, Target("person", person.name)) for name in known_by(person, "name"))
            for piece in _pieces_of(person.office):
                if len(piece) > 4 or not any(o != piece and o.startswith(piece) for o in offices):  # not 经信局
                    yield piece, Target("desk", person.office)
        yield from chain.from_iterable(map(_mailbox_terms, known_by(district, "email")))
        yield from _mailbox_terms(district.other_email or "")
        yield district.name, Target("district", district.id)
        shared = (place for place, names in words.places.shared.items() if district.name in names)
        for place in (*words.places.beijing.get(district.name, ()), *shared):
            yield place, Target("district", district.id)


def _pieces_of(office: str) -> set[str]:
    """The names by which an office of a district is known: whole, its parts, and without the body that it is of."""
    pieces = {office.replace(" ", ""), *office.split()}
    return pieces | {tail for piece in pieces if len(tail := _BODY.sub("", piece)) > 4 and "产业" not in tail}


_BODY = re.compile(r"^.*(?:发改委|经信局|科信局|管委会)")


def _mailbox_terms(email: str) -> Iterator[tuple[str, Target]]:
    """The part before @, where it is long enough to be nothing else."""
    local = email.partition("@")[0].lower()
    if len(local) >= 4:
        yield local, Target("mailbox", local)
