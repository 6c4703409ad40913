"""Messages that look somebody or something up: a number (by_number), a name, an office, a desk, an attachment."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.asks import asked
from dialogs.belonging import of_another_matter
from dialogs.branching import narrowed
from dialogs.by_number import by_number, of_one_number
from dialogs.contacts import narrowest
from dialogs.conversation import Conversation
from dialogs.hearing import (
    HINTED_TOPIC,
    MANAGES,
    SURE_TOPIC,
    Heard,
    directions,
    named,
    plain,
    tells_whom,
    top,
)
from dialogs.in_district import OF_THE_CITY, asked_beside, offices_picked
from dialogs.intent import Ask, Intent
from dialogs.library import Holder, Library
from dialogs.plain_questions import HANDS_IN
from dialogs.referring import ONE_NUMBER, OTHERS, THEIR_MATTER, answered_for, colleagues, not_printed, referred
from knowledge.lexicon import Match

PEOPLE_FACETS = {"contact", "email", "reverse_lookup", "overview", "amount", "scope", "conditions"}
"""Facets beside which an office that was named is what is asked for (“电子信息处管哪些活”)."""


def looked_up(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """Who or what a message looks up by name or number; None where it asks of a topic."""
    formed = library.finder.elsewhere_in(whole.folded)
    if formed and formed.id in OF_NOBODY:
        return None
    found = (
        by_number(whole, conversation, library)
        or _by_name(whole, conversation, library)
        or _by_surname(whole, conversation, library)
        or _in_no_table(whole, library)
        or of_one_number(whole, conversation, library)
        or referred(whole, offices_picked(whole, conversation, library), conversation, library)
        or _by_office(whole, library)
        or _by_desk(whole, conversation, library)
        or _by_attachment(whole, conversation)
    )
    return _with_the_rest(found, whole, conversation, library) if found and found.kind in WITH_MORE else found


WITH_MORE = {"people", "district"}
"""Kinds of look-ups beside which other sentences may ask of a direction."""


def _with_the_rest(found: Intent, whole: Heard, conversation: Conversation, library: Library) -> Intent:
    """A look-up with what other sentences ask of a direction (改老厂房最多拿多少？雷东哲邮箱给一个)."""
    others = [one for one in whole.segments if not (one.people or one.districts or one.desks or one.offices)]
    asking = [one for one in others if one in whole.asking and set(top(one.facets)) & OF_A_TOPIC]
    if not asking or any(set(ask.facets) & OF_A_TOPIC for ask in found.asks):
        return found
    told = [one for one in whole.segments if one not in others]
    named_there = [one for one in told if max(directions(one.topics, library).values(), default=0.0) >= SURE_TOPIC]
    rest = Heard([*named_there, *others], ",".join(one.text for one in (*named_there, *others)), library.finder.bank)
    meant = asked(rest, conversation, library).asks
    asks = (replace(ask, facets=tuple(f for f in ask.facets if f in OF_A_TOPIC)) for ask in meant)
    return replace(found, asks=(*(ask for ask in asks if ask.facets), *found.asks))


OF_A_TOPIC = {"amount", "rate", "conditions", "deadline", "library", "exclusivity"}
"""Facets that a sentence beside a look-up may ask for."""


OF_NOBODY = {"office_hours"}
"""Matters of a place rather than of those who sit there (怀柔杜艳丽她们周六有人值班没)."""


def _by_name(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """People named; one who was named to be confirmed for a topic (负责这块的是…吗) comes beside that topic's own."""
    people = whole.gathered("people")
    if HANDS_IN.search(whole.folded):
        return None
    if not people or (of_another_matter(whole) and not _meant(people, whole, library)):
        return None
    if not any(one.people for one in whole.asking) and library.finder.elsewhere_in(whole.folded):
        return None  # 李淑敏。那大兴区里自己另外有没有配套奖励
    weights, words = directions(whole.topics, library), directions(whole.words, library)
    picked = [
        office for office in offices_picked(whole, conversation, library) if not _sits_in(office, people, library)
    ]
    if spoken_of := conversation.subject.partition("district:")[2] if picked else "":
        return Intent("district", ids=(spoken_of,), facets=("contact",), only=tuple(picked), confidence=0.85)
    topic = max(weights, key=lambda one: weights[one], default="")
    own = (topic,) if topic and weights[topic] >= SURE_TOPIC and words.get(topic, 0.0) >= A_HINT else ()
    if own and _asks_apart(whole):
        return None
    held = own or tuple(t for t in conversation.topics if t in library.guide.direction_of)
    rows = library.contacts_of(held)
    answering = {contact.name for contact in [row for row in rows if row.id in whole.contacts()] or rows}
    other = bool(own) and not answering & set(people)
    facets = top(whole.told) or (
        ("email",) if _AND_THEIRS.search(whole.folded) and _mail(conversation) else ("contact",)
    )
    spoken_of = conversation.subject.partition("district:")[2]
    there = [spoken_of] if spoken_of and _belongs(people, spoken_of, library) else []
    besides = bool(re.search(rf"除(?:了|开|去)?{people[0]}[^,。?!;]{{0,4}}外", whole.folded))
    names = tuple(row.name for row in rows if row.name and row.name not in people)
    if besides and own and names:
        return Intent("people", ids=names, facets=facets)
    if (besides or OTHERS.search(whole.folded)) and (others := colleagues("@".join([people[0], *there]), library)):
        return others
    if "recommendation" in facets and held and not tells_whom(whole):
        return None  # 那也得先找区里张静推荐: whether one is needed
    asks: tuple[Ask, ...] = ()
    called = ",".join(one.text for one in whole.segments if one.people)
    duties = own and _WHAT_HE_DOES.search(called) and asked_beside("people", whole, conversation, library)
    if duties:
        return Intent("people", ids=tuple(people), asks=duties, facets=("reverse_lookup",))
    placed = [d for d in _placed(whole) if not _belongs(people, d, library)]
    if len(placed) < len(_placed(whole)) and _of_one_place(whole):
        placed = []  # 怀柔科学城 is of two districts, and who is named belongs to one
    of_a_district = not own and _belongs_there(people, whole, library)  # 石景山联系人是金明东吧, whatever is in hand
    rightly = not own and set(people) <= answering  # 是高少雄是吧，他的邮箱: him alone, not all who answer for it
    if held and (own or not placed) and not of_a_district and not rightly and (_CHECKS.search(whole.folded) or other):
        asks = (Ask(held, ("contact",), whole.provisions, {}, whole.contacts()),)
    if placed and not asks and _CHECKS.search(whole.folded):
        return Intent("people", ids=tuple(people), facets=facets, near=tuple(placed), confidence=0.85)
    if placed and not asks:
        return Intent("district", ids=tuple(placed), facets=("contact",), confidence=0.85)
    theirs = answered_for(people[0], library) if THEIR_MATTER.search(whole.folded) and not asks else ()
    if theirs and (of_it := tuple(facet for facet in facets if facet in OF_A_TOPIC)):
        asks, facets = (Ask(theirs, of_it),), tuple(facet for facet in facets if facet not in of_it) or ("contact",)
    home = next((d for d in whole.gathered("districts") if _belongs(people, d, library)), "")
    if home and not asks and _THE_ONLY_ONE.search(whole.folded):
        return Intent("district", ids=(home,), facets=("contact",), confidence=0.85)
    of_an_office = _OF_AN_OFFICE.search(whole.folded)
    if asks and other and _ASKS_BACK.search(called) and not (of_an_office or _belongs_there(people, whole, library)):
        return Intent("asks", asks=asks, facets=("contact",), confidence=0.85)
    return Intent(
        "people",
        ids=(*people, *_which_one(people, whole, conversation, library)),
        asks=(*asks, *(asked_beside("people", whole, conversation, library) if own else ())),
        facets=facets,
        elsewhere=(no := not_printed(whole, library)),
        partly=no is not None and _asks_what_is_printed(whole, library),
        checks=not asks and _only_checks(people, whole, library),
        one_phone=len(people) > 1 and ONE_NUMBER.search(whole.folded) is not None,
    )


_THE_ONLY_ONE = re.compile(r"(?:就|只)(?:有|是|他|她|这)?[一1]个|只有|唯一|就(?:他|她|这)一?个?人?")
"""What asks whether there is nobody else in a district (延庆就一个联系人吴桐吧)."""


def _mail(conversation: Conversation) -> bool:
    """Whether a mailbox was asked for last."""
    return conversation.facets == ("email",)


_AND_THEIRS = re.compile(r"的?呢[?]?$")
"""How the same is asked of somebody else (高郑州的呢)."""


def _of_one_place(whole: Heard) -> bool:
    """Whether the districts of a message are those of one place that lies in several."""
    held = [[t.id for t in m.targets if t.kind == "district"] for one in whole.segments for m in one.matches]
    return [len(one) > 1 for one in held if one] == [True]


def _placed(whole: Heard) -> list[str]:
    """The districts that a message names, but for what only acknowledges the last reply (哦丰台。那刘小亮)."""
    said = _I_SEE.sub("", whole.folded)
    spots = ((one.text[match.start : match.end], match) for one in whole.segments for match in one.matches)
    kept = [t.id for term, match in spots for t in match.targets if t.kind == "district" and term in said]
    return list(dict.fromkeys(kept))


_I_SEE = re.compile(r"^(?:哦|噢|喔|嗯|好的?|行|得|知道了|明白了?|收到)[^。?!;]{0,8}[。!;]")
"""How a message begins that has heard the last reply."""


def _asks_what_is_printed(whole: Heard, library: Library) -> bool:
    """Whether another sentence asks for what the tables print (是处长吗？他的电话和邮箱一起报给我)."""
    others = [one for one in whole.asking if library.finder.elsewhere_in(one.text) is None]
    return any(one.facets.get(facet, 0.0) >= 1.0 for one in others for facet in ("contact", "email"))


def _only_checks(people: list[str], whole: Heard, library: Library) -> bool:
    """Whether a message says nothing but that a person is a district's (石景山联系人是金明东吧)."""
    places = whole.gathered("districts")
    if len(people) != 1 or len(places) != 1 or not _belongs(people, places[0], library):
        return False
    named_ = library.district(places[0]).name
    said = whole.folded.replace(people[0], "").replace(named_, "").replace(named_.removesuffix("区"), "")
    return bool(_CHECKS.search(whole.folded)) and not _NOTHING_ELSE.sub("", said)


_NOTHING_ELSE = re.compile(r"联系人|是不是|对不对|对[吗吧]|没错吧|老师|那位|区里|是|找|的|吗|吧|么|[?,。]")
"""What says no more than that somebody is the one."""


def _sits_in(office: str, people: list[str], library: Library) -> bool:
    return any(one.office == office for one in _called(people, library))


def _asks_apart(whole: Heard) -> bool:
    """Whether somebody is only named, and what is asked is something else (杨柏林，好的。那保险一年能补多少)."""
    facets = {facet for one in whole.asking for facet in top(one.facets)}
    return (
        bool(facets)
        and not facets & {"contact", "email", "reverse_lookup", "scope", "overview"}
        and not (any(one.people for one in whole.asking))
    )


def _called(people: list[str], library: Library) -> list[Holder]:
    return [one for one in library.holders if one.name in people]


def _which_one(people: list[str], whole: Heard, conversation: Conversation, library: Library) -> list[str]:
    """What says which of several of one name is meant: district, office, city; 延庆的还是市里的 asks of both."""
    called = _called(people, library)
    if _EACH_OF_ONE_NAME.search(whole.folded):
        return [f"district:{one.district.id}" if one.district else f"office:{one.office}" for one in called]
    if "还是" in whole.folded:
        return []
    placed = [f"district:{d}" for d in whole.gathered("districts")]
    offices = whole.gathered("offices")
    spoken_of = conversation.subject.partition("office:")[2]  # 规划处都有谁 → 把李丹的号给我
    offices = offices or [one.office for one in called if not placed and one.office == spoken_of]
    consulted = {line.name for line in library.lines("policy")} if "consultants" in conversation.topics else set()
    offices = offices or (
        [] if placed else [one.office for one in called if not one.district and one.name in consulted]
    )
    held = conversation.subject.removeprefix("district:").rpartition("@")[2]
    city = not placed and OF_THE_CITY.search(whole.folded)
    if not placed and not offices and not city and any(one.district and one.district.id == held for one in called):
        placed = [f"district:{held}"]
    if not offices and city:
        offices = [one.office for one in called if not one.district]
    return [*placed, *(f"office:{office}" for office in offices)]


def _meant(people: list[str], whole: Heard, library: Library) -> bool:
    """Whether people are asked for whatever the message is like: their district is said too, or they are asked for."""
    return _belongs_there(people, whole, library) or _asks_for_them(whole, library)


def _belongs_there(people: list[str], whole: Heard, library: Library) -> bool:
    """Whether people are those of a district that is named."""
    return any(_belongs(people, district, library) for district in whole.gathered("districts"))


def _asks_for_them(whole: Heard, library: Library) -> bool:
    """Whether a message with a name that the tables print asks for that person, whatever else it is like."""
    formed = library.finder.elsewhere_in(whole.folded)
    of_them = formed is None or formed == not_printed(whole, library)
    asked = tells_whom(whole) or bool(MANAGES.search(whole.folded))
    return of_them and (asked or len(whole.folded) <= NAME_ALONE)


_EACH_OF_ONE_NAME = re.compile(r"两(?:边|个|位|头)|俩")
"""What asks for both of one name (两个张静的电话报一下)."""
A_HINT = 0.3
"""Weight of the words from which a direction that a message is like counts as named beside somebody."""
NAME_ALONE = 14
"""Letters of a message that holds little more than a name (材科产业处魏媛圆电活)."""


def _belongs(people: list[str], district: str, library: Library) -> bool:
    """Whether one of some people is printed in a district's row."""
    return any(person.name in people for person in library.district(district).people)


def _by_surname(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """A surname with a title (梁老师): everybody of that surname."""
    called = {"".join(found) for found in _TITLED.findall(whole.folded)}
    if not called:
        return None
    holders = [holder for holder in library.holders if holder.name[:1] in called]
    sitting = any(_names_office(one.office, whole.folded) for one in holders if not one.district)
    if not sitting and _asks_apart(whole) and named(whole, library)[1] >= SURE_TOPIC:
        return None  # 徐老师那个新基建的，没进库能不能先报上
    if whole.gathered("districts") and not _near(holders, whole, conversation, library):
        return None  # 王女士，…密云，找谁: who asks, not who is looked for
    near = _near(holders, whole, conversation, library)
    names = tuple(dict.fromkeys(holder.name for holder in near or holders))
    there = tuple(dict.fromkeys(f"district:{one.district.id}" for one in near if one.district))
    if _SAME_OFFICE.search(whole.folded):
        there = tuple(dict.fromkeys(f"office:{one.office}" for one in near if not one.district))
    if not names:
        return None
    if OTHERS.search(whole.folded) and len(names) == 1 and (others := colleagues(names[0], library)):
        return others  # 梁老师占线，换一个
    no = not_printed(whole, library)
    partly = no is not None and _asks_what_is_printed(whole, library)
    facets = top(whole.told) or ("contact",)
    which = not _EACH.search(whole.folded)
    return Intent("people", ids=(*names, *there), facets=facets, by_surname=which, elsewhere=no, partly=partly)


def _in_no_table(whole: Heard, library: Library) -> Intent | None:
    """That the tables print nobody of a name with a title, beside the people of the district that is named."""
    if whole.gathered("people") or not (tells_whom(whole) or MANAGES.search(whole.folded)):
        return None
    if named(whole, library)[1] >= HINTED_TOPIC or len(whole.asking) > 1:
        return None
    for one in whole.segments:
        known = {at for match in one.matches if _says_more(match) for at in range(match.start, match.end)}
        for found in _NAMED_WITH_TITLE.finditer(one.text):
            if shortened := [name for name in _printed(library) if _leaves_out(found[1], name)]:
                return Intent("people", ids=tuple(shortened), facets=top(whole.told) or ("contact",), confidence=0.7)
            if not known & set(range(*found.span(1))) and not _nearly_printed(found[1], library):
                no = library.finder.elsewhere[IN_NO_TABLE]
                placed = tuple(whole.gathered("districts"))
                if placed:
                    facets = top(whole.told) or ("contact",)
                    return Intent("district", ids=placed, facets=facets, elsewhere=no, confidence=0.8)
                return Intent("silent", elsewhere=no, confidence=0.8)
    return None


def _nearly_printed(name: str, library: Library) -> bool:
    """Whether the tables print a name that may be meant: of its surname and length, or but for a letter."""
    alike = (one for one in _printed(library) if len(one) == len(name))
    return any(one[0] == name[0] or sum(a != b for a, b in zip(one, name, strict=True)) <= 1 for one in alike)


def _printed(library: Library) -> list[str]:
    return list(dict.fromkeys(one.name for one in library.holders if one.name))


def _leaves_out(name: str, printed: str) -> bool:
    """Whether a name is a printed one with a letter left out (梁倩 for 梁倩倩)."""
    letters = iter(printed)
    return len(printed) == len(name) + 1 and all(letter in letters for letter in name)


def _says_more(match: Match) -> bool:
    """Whether a match is more than a filler word."""
    return any(target.kind != "filler" for target in match.targets)


IN_NO_TABLE = "in_no_table"
"""The matter of people whom the tables do not print."""
_NAMED_WITH_TITLE = re.compile(
    r"(?:(?<![一-鿿])|(?<=[找给问叫是的区处局科]))(?!谢谢|各位|两位|几位|单位|常务|高工|项目|车间|相关|负责|全体|有关|主管|[一-鿿]{1,2}[副工总位务目间责科处])([赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉"
    r"岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛禹狄米贝明臧成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季"
    r"麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封"
    r"储靳段富巫乌焦巴弓牧隗山谷车侯全班仰秋仲伊宫宁仇栾甘戎祖武符刘景詹束龙叶幸司韶黎薄白怀蒲卓蔺屠蒙池乔翟谭贡姬申冉宰雍桑桂"
    r"边尚温庄晏柴瞿阎连习容向古易廖终步都耿满匡国文寇广欧沃利蔚越师聂晁勾敖融辛阚简饶曾沙养丰关肖涂闫][一-鿿]{1,2})"
    r"(?=老师|处长|科长|主任|女士|先生|同志|局长)"
)
"""A whole name before a title; a surname alone is that of several (王老师)."""


def _near(holders: list[Holder], whole: Heard, conversation: Conversation, library: Library) -> list[Holder]:
    """Of some people those of the district, office or topic that a message speaks of, or the one before it spoke of."""
    there = [one for one in holders if one.district and one.district.id in whole.gathered("districts")]
    sitting = [one for one in holders if not one.district and _names_office(one.office, whole.folded)]
    if there or sitting:
        return [*there, *sitting]
    kind, _, who = conversation.subject.partition(":")
    if kind == "person" and _SAME_OFFICE.search(whole.folded):
        own_offices = {one.office for one in _called([who.partition("@")[0]], library)}
        return [one for one in holders if one.office in own_offices]
    placed = [conversation.subject.partition("district:")[2]]
    topic, weight = named(whole, library)
    held = tuple(one for one in conversation.topics if one in library.guide.direction_of)
    rows = library.contacts_of((narrowed(topic, whole, library),) if weight >= SURE_TOPIC else held)
    own = narrowest([row for row in rows if row.id in whole.contacts()])
    answering = {row.name for row in own or rows}
    if not answering & {one.name for one in holders}:
        answering = {row.name for row in rows}  # 强链补链里做集成电路那条，姓张还是姓王
    if "consultants" in conversation.topics and not answering:
        answering = {line.name for line in library.lines("policy")}
    return [one for one in holders if (one.district and one.district.id in placed) or one.name in answering]


def _names_office(office: str, folded: str) -> bool:
    """Whether a text names an office of the bureau by what tells it from the others (装备处, 搞智能装备那个处)."""
    telling = office.removesuffix("处").removesuffix("产业")
    pieces = (re.escape(telling[at : at + OF_AN_OFFICE]) for at in range(len(telling) - OF_AN_OFFICE + 1))
    return any(re.search(f"{piece}[^,。?!;哪]{{0,3}}处", folded) for piece in pieces)


OF_AN_OFFICE = 2
"""Letters of an office's name by which it is known."""
_SAME_OFFICE = re.compile(r"(?:同一?|一)个?(?:处|科|屋|部门|办公室)室?的?(?!几|有)|同处室")
"""What says of somebody that he sits with the one in hand (跟他一个处、姓李的那位)."""
_EACH = re.compile(r"各(?:有|是|叫)|分别|两[边位个头]|[俩都]")
"""What asks for each of several people."""
_TITLED = re.compile(
    r"(?<![一-鿿])([一-鿿])(?:老师|处长|科长|主任|局长|经理|女士|先生|小姐|工(?=的|电|在|座))|姓([一-鿿])(?![名氏甚什啥])"
)
_CHECKS = re.compile(r"是不是|是.{1,12}(?:吗|吧|么|不)|没错|对吗|对吧|对不对|还是找|归.{1,4}管|负责这|管这")
"""A person is named to be confirmed: 负责这块的是…吗."""
_WHAT_HE_DOES = re.compile(
    r"(?:管|负责)(?:的是?|着)?(?:哪|什么|啥)|(?:是)?(?:哪个|什么)(?:处|科|局)|干(?:什么|嘛|啥)的"
)
"""What asks of a person what he answers for, beside another question (…，还有杨柏林是管哪块的)."""
_OF_AN_OFFICE = re.compile(r"是(?!不是)[^,。?!;]{2,10}(?:处|局|科|中心|委)的[吧吗么?]")
"""A person is taken for one of an office (魏媛媛是生物医药处的吧)."""
_ASKS_BACK = re.compile(r"[吗吧么?]|也(?:打|找|是|归|问)|还是")
"""A person is named beside a topic of somebody else: 厂房更新也打他这个号吗."""


def _by_office(whole: Heard, library: Library) -> Intent | None:
    offices = whole.gathered("offices", asking=True)
    facets = top(whole.told)
    if not_printed(whole, library):
        return None  # 规划处的处长现在是哪位
    if of_another_matter(whole) and not plain(whole) and not MANAGES.search(whole.folded):
        return None
    if set(facets) - PEOPLE_FACETS and "contact" not in facets and not MANAGES.search(whole.folded):
        return None
    if whole.provisions.get(ON_PAPER, 0.0) >= 1.0 and not tells_whom(whole):
        return None  # 还跟以前一样打印装订送规划处
    if offices and named(whole, library)[1] < SURE_TOPIC and not whole.gathered("districts"):
        return Intent("office", ids=tuple(offices), facets=facets or ("contact",))
    return None


ON_PAPER = "process:paper"
"""What says whether papers are handed in."""


def _by_desk(whole: Heard, conversation: Conversation, library: Library) -> Intent | None:
    """An office of some district by its name alone (规划科电话): of the district in hand, or of each that has one."""
    desks = whole.gathered("desks", asking=True)
    if not desks and whole.told.get("reverse_lookup", 0.0) >= 1.0:
        desks = whole.gathered("desks")  # 环境资源科这名儿听着像环保局，是哪个区的
    if not desks or whole.gathered("outside"):
        return None  # 廊坊经信局产业科的电话
    if not_printed(whole, library) or whole.gathered("districts") or set(top(whole.told)) - PEOPLE_FACETS:
        return None
    if of_another_matter(whole) and not tells_whom(whole):
        return None
    there = conversation.subject.removeprefix("district:").rpartition("@")[2]
    held = there if any(one.id == there for one in library.guide.districts) else conversation.place
    if held and any(person.office in desks for person in library.district(held).people):
        return Intent("district", ids=(held,), facets=("contact",), only=tuple(desks))
    return Intent("desk", ids=tuple(desks), facets=("district_contact",))


def _by_attachment(whole: Heard, conversation: Conversation) -> Intent | None:
    """Attachments by their numbers, also the next one (附件15是干嘛的, 16呢)."""
    if conversation.facets == ("attachment",) and (next_one := _NEXT_ONE.match(whole.folded)):
        return Intent("attachment", ids=(next_one[1],), facets=("attachment",))
    if _LAST_TWO.search(whole.folded):
        return Intent("attachment", ids=("15", "16"), facets=("attachment",))
    attachments = whole.gathered("attachments", asking=True) if not whole.gathered("numbered") else []
    if any(weight >= 1.0 and id_[:1].isdigit() for id_, weight in whole.provisions.items()):
        attachments = []  # 《…指导目录》在附件3里面能翻到吗 asks of what is named
    other = set(top(whole.told)) - {"attachment", "definition", "contact", "overview", "compare", "reverse_lookup"}
    if attachments and (not other or len(whole.folded) <= 14):
        named_ = [*whole.gathered("attachments"), *_THAT_ONE.findall(whole.folded)]  # 附件15吧,那16是啥
        return Intent("attachment", ids=tuple(dict.fromkeys(named_)), facets=("attachment",))
    return None


_THAT_ONE = re.compile(r"[那和跟](\d{1,2})(?:是|呢|讲|管)")
_LAST_TWO = re.compile(r"附件[^?!;]{0,20}(?:最后|末尾|剩下)(?:那)?(?:两|俩|2)个?")
"""What asks for the two attachments of no direction (前十四个附件都是各方向的说明，最后俩是什么)."""
_NEXT_ONE = re.compile(r"^那?(\d{1,2})号?呢")
