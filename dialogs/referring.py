"""What a message asks of the person or the district last spoken of, naming neither (他是哪个科的, 那位直接打哪).

A conversation keeps the person as `person:张静@haidian` (where several share the name: the district, or the office)
and the district as `district:haidian`.
"""

from __future__ import annotations

import re

from dialogs.conversation import Conversation
from dialogs.hearing import HINTED_TOPIC, SURE_TOPIC, Heard, leans, named, tells_whom, top
from dialogs.intent import Intent
from dialogs.library import Holder, Library
from dialogs.recalling import recalled, recalled_place, shared_letters
from dialogs.rule_meant import is_rule
from knowledge.words import Elsewhere

ENOUGH, ENOUGH_AGAIN = 24, 40
"""Letters of a message that may still ask nothing but this; that asks for the same once more."""
_OF_THEM = re.compile(
    r"哪个?(?:科|处|局|部门|单位|条链)|什么(?:科|处|局|部门|单位)|科室|叫(?:什么|啥)|姓(?:什么|啥|甚)|名字|全名|怎么称呼|对口"
    r"|(?:[他她]|这位|那位|这个人|这人|老师).{0,6}(?:管|负责)|还管|哪个方向|哪些方向"
)
"""What asks of somebody beside the number and the mailbox."""
_AGAIN = re.compile(
    r"(?:再|重新|重)(?:发|报|说|念|给)(?:我|给我)?(?:一)?(?:次|遍|下)|没(?:写|打|弄)错|(?:写|打|弄|记)错(?:了)?[吗吧没]|(?:完整|全部?)(?:地)?(?:发|说|报|写)|(?:发|报|念)(?:给)?我一遍"
)
"""What asks for the same once more."""
ONE_NUMBER = re.compile(r"(?:号|电话)(?:怎么|咋)?(?:都|是)?(?:一样|相同|重复)|(?:一样|相同|同一个?|一个)的?(?:号|电话)")
"""What asks whether several have one number (张亚楠和王安然是不是同一个号)."""
_SAME_NUMBER = re.compile(rf"{ONE_NUMBER.pattern}|不止一个人|都有谁|几个人(?:用|共)|都是谁")
"""What asks why several have one number, so who shares it (怎么俩号码一样，是同一个人接吗)."""
_ELSE = re.compile(r"市里|市级|市局|市经信|推荐|政策咨询|技术支持|区里|[那这]个区|(?:刚才|前面|之前)(?:说|问|提)?的?区")
"""What asks for somebody else."""
OTHERS = re.compile(
    r"(?:还有|有没有|换|找)(?:个|其他|其它|别的?)人|还有(?:谁|别人|哪位|没有别人|[一1](?:个|位)(?:是|叫|呢|谁|电话|人))|(?:还有|有没有)(?:别的|第二个|另一个|其他的?|另外的?)(?:电话|号|座机)|另外?(?:的)?[一那]?(?:个|位)|别人(?:没有|吗)|其他联系人"
    r"|还(?:能|可以)(?:打|找|问)(?:给)?谁|除(?:了|开|去)[^,。?!;]{1,6}还有(?:谁|哪位)|有(?:没有)?第二个(?:人)?(?:没有?|吗)?[?]?$"
    r"|换一个(?:[吧?]|$)|^就(?:这|那|他)?们?[俩两一1](?:个|位)?人?[吗么?]*$"
)
"""What asks for others of the same office (刘力一直占线，还有别人没有)."""
_PLAINLY = re.compile(r"[他她].{0,2}(?:还|也|另外)?(?:管|负责)")
"""What asks what somebody answers for, whatever else is named (除了接政策咨询，她还管着哪两个方向)."""


THEIR_MATTER = re.compile(
    r"[他她][这那](?:个|条|块)?(?:方向|链|奖励?|补贴|政策)|[他她这那](?:个人|位)?.{0,2}(?:管|负责)的?(?:这|那)?(?:个|项|块|条)?(?:的)?(?:方向|奖励?|补贴|政策|事)"
)
"""What asks of the matter that somebody answers for (她管的这个奖励拿什么做基数)."""


def matters_of(whole: Heard, conversation: Conversation, library: Library) -> tuple[str, ...]:
    """The topics that the person in hand answers for, where a message asks of what that person answers for."""
    kind, _, held = conversation.subject.partition(":")
    asks = kind == "person" and THEIR_MATTER.search(whole.folded)
    return answered_for(held.partition("@")[0], library) if asks else ()


def answered_for(name: str, library: Library) -> tuple[str, ...]:
    """The branch or direction that somebody answers for, where it is one."""
    rows = [row for holder in library.holders if holder.name == name for row in holder.rows]
    branches = list(dict.fromkeys(branch for row in rows for branch in row.branches))
    of = library.guide.direction_of
    numbers = list(dict.fromkeys(of[branch].direction for branch in branches))
    return (branches[0],) if len(branches) == 1 else tuple(numbers) if len(numbers) == 1 else ()


_STILL = re.compile(r"[他她](?:老师)?还(?:另外)?(?:管|负责)")
"""What asks for all that somebody answers for, though one direction is named (他还管别的吗，医药那条也是他)."""


_NTH = {
    re.compile(r"(?:前面|前|第[一1]|头一)(?:个|那)?(?:一)?位"): 0,
    re.compile(r"(?:后面|后|第[二2]|最后)(?:个|那)?(?:一)?位"): -1,
}
"""What points at the first or the last of a district's people."""


_BOTH = re.compile(r"(?:两|俩)(?:边|头|个?区|家)|(?:这|那)(?:两|俩)")
"""What asks of the two districts spoken of (两边邮箱一起发我)."""


def _of_the_row(folded: str, held: str, library: Library) -> tuple[str, ...]:
    """The one of a district's people that a message points at by the order in which they stand (后面那位的号给我)."""
    people = library.district(held).people
    at = next((at for form, at in _NTH.items() if form.search(folded)), None)
    return (people[at].name, f"district:{held}") if at is not None and len(people) > 1 else ()


def _narrowed(folded: str, name: str, library: Library) -> tuple[str, ...]:
    """Of several of one name the one whose office a message names (科学城管委会那个)."""
    called = [one for one in library.holders if one.name == name]
    shared = {at: shared_letters(one.office, folded) for at, one in enumerate(called)}
    most = max(shared.values(), default=0)
    meant = [called[at] for at, letters in shared.items() if letters == most]
    if len(called) < 2 or len(meant) != 1 or most < OF_AN_OFFICE:
        return ()
    return person_ids(subject_of(meant[0]))


OF_AN_OFFICE = 3
"""Letters of an office's name by which it is picked out."""


def subject_of(holder: Holder) -> str:
    """How a conversation keeps one person."""
    return f"person:{holder.name}@{holder.district.id if holder.district else holder.office}"


def person_ids(subject: str) -> tuple[str, ...]:
    """A kept person as an intent names people: the name, and what narrows it."""
    name, _, where = subject.removeprefix("person:").partition("@")
    if not where:
        return (name,)
    return (name, f"district:{where}" if where.isascii() else f"office:{where}")


def referred(whole: Heard, picked: list[str], conversation: Conversation, library: Library) -> Intent | None:
    """The person or the district in hand, where a message asks of them; `picked`: the district's offices it names."""
    kind, _, held = conversation.subject.partition(":")
    if kind == "phone" and _SAME_NUMBER.search(whole.folded):
        return Intent("phone", ids=(held,), facets=("reverse_lookup",))
    if kind == "district" and _BOTH.search(whole.folded) and _asks_of_them(whole, picked, library):
        ids = tuple(dict.fromkeys([*conversation.earlier_places[-1:], held]))
        return Intent("district", ids=ids, facets=("email",) if whole.told.get("email") else ("contact",))
    if len(whole.folded) <= ENOUGH and not named(whole, library)[0]:
        one: tuple[str, ...] = ()
        if kind == "district":
            one = _of_the_row(whole.folded, held, library)
        elif kind == "person" and "@" not in held:
            one = _narrowed(whole.folded, held, library)
        if one:
            return Intent("people", ids=one, facets=("contact", "email") if whole.told.get("email") else ("contact",))
    if (
        kind not in ("person", "district")
        or recalled_place(whole.folded, conversation)
        or (kind == "person" and recalled(whole.folded, conversation, library))
        or not _asks_of_them(whole, picked, library)
    ):
        return None
    facets = tuple(f for f in top(whole.told) if f in ("contact", "email", "reverse_lookup")) or _again(
        whole, conversation
    )
    where = held.rpartition("@")[2]
    if kind == "person" and picked and any(one.id == where for one in library.guide.districts):
        return Intent("district", ids=(where,), facets=facets or ("contact",), only=tuple(picked))
    if kind == "person" and OTHERS.search(whole.folded):
        people = library.district(conversation.place).people if conversation.place else ()
        there = any(one.name == held for one in people)
        return colleagues(f"{held}@{conversation.place}" if there else held, library)
    if kind == "person" and _SAME_NUMBER.search(whole.folded):
        name = held.partition("@")[0]
        phones = dict.fromkeys(one.phone for one in library.holders if one.name == name)
        return Intent("phone", ids=tuple(phones), facets=facets)
    if kind == "person":
        no = not_printed(whole, library)
        ids = person_ids(conversation.subject)
        return Intent("people", ids=ids, facets=facets or ("reverse_lookup",), elsewhere=no)
    people = library.district(held).people
    if (no := not_printed(whole, library)) and len(people) == 1:
        return Intent("people", ids=(people[0].name, f"district:{held}"), facets=("contact",), elsewhere=no)
    return Intent("district", ids=(held,), facets=facets or ("contact",), only=tuple(picked))


def colleagues(held: str, library: Library) -> Intent | None:
    """The others of the office, line or district of a person, kept or only named."""
    name, _, where = held.partition("@")
    called = [one for one in library.holders if one.name == name]
    if not where and len({one.district.id if one.district else "" for one in called}) > 1:
        return None  # two of one name: which of them is asked first
    own = [one for one in called if not where or where in (one.office, one.district and one.district.id)]
    if own and own[0].district:
        return Intent("district", ids=(own[0].district.id,), facets=("contact",), confidence=0.85)
    offices = {holder.office for holder in own}
    lines = [line.name for line in library.lines("policy")]
    sitting = lines if name in lines else [one.name for one in library.holders if one.office in offices]
    names = [other for other in dict.fromkeys(sitting) if other and other != name]
    ids = (*names, *(f"office:{office}" for office in offices))
    return Intent("people", ids=ids, facets=("contact",)) if names else None


def not_printed(whole: Heard, library: Library) -> Elsewhere | None:
    """What is asked of somebody that the tables do not print (手机号, 传真, 是处长吗)."""
    formed = library.finder.elsewhere_in(whole.folded)
    return formed if formed and formed.id == NOT_PRINTED else None


NOT_PRINTED = "other_details"


def _again(whole: Heard, conversation: Conversation) -> tuple[str, ...]:
    return conversation.facets if _AGAIN.search(whole.folded) else ()


def _asks_of_them(whole: Heard, picked: list[str], library: Library) -> bool:
    others = ("districts", "people", "offices", "phones", "mailboxes", "numbered", "attachments", "outside")
    if any(whole.gathered(name) for name in others) or (whole.gathered("desks") and not picked):
        return False
    plainly = bool(_PLAINLY.search(whole.folded))
    if THEIR_MATTER.search(whole.folded) or (_somebody_else(whole, library) and not plainly):
        return False
    if named(whole, library)[1] >= HINTED_TOPIC and not _STILL.search(whole.folded):
        return False
    formed = library.finder.elsewhere_in(whole.folded)
    if (formed and formed != not_printed(whole, library)) or any(one.silent or one.elsewhere for one in whole.asking):
        return False
    asks = tells_whom(whole) or whole.told.get("reverse_lookup", 0.0) >= 1.0 or bool(picked)
    asks = (
        asks
        or any(form.search(whole.folded) for form in (_OF_THEM, _AGAIN, _SAME_NUMBER, OTHERS))
        or formed is not None
    )
    length = ENOUGH_AGAIN if _AGAIN.search(whole.folded) else ENOUGH
    return asks and (leans(whole) or len(whole.folded) <= length)


def _somebody_else(whole: Heard, library: Library) -> bool:
    rules = (topic for topic, weight in whole.words.items() if weight >= SURE_TOPIC and is_rule(topic, library))
    ruled = any(rule != "consultants" for rule in rules)  # whose words are those of any phone
    return ruled or bool(_ELSE.search(whole.folded))
