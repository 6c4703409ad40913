"""Whether a message asks of another policy, or of a matter on which the guide is silent, and of which."""

from __future__ import annotations

import math
import re
from typing import Literal

from dialogs.belonging import Evidence, not_ours, of_another_matter, surely_ours
from dialogs.conversation import Conversation
from dialogs.doubting import doubted
from dialogs.going_on import only_figures
from dialogs.hearing import (
    HINTED_TOPIC,
    MANAGES,
    STRONG,
    SURE_TOPIC,
    Heard,
    calls_by_name,
    directions,
    named,
    plain,
    tells_whom,
    top,
    wants_person,
)
from dialogs.in_district import SHORT, asks_which_office, offices_picked, wants_district
from dialogs.intent import DUTY_FACETS, PLAIN_FACETS, RULE_FACETS, Ask, Intent
from dialogs.library import Library
from dialogs.recalling import OTHER_PLACE, comes_back_here
from dialogs.rule_meant import DONE_BY_ENTERING, MONEY_OF, WHOSE_COUNTS
from dialogs.trades import says_a_line_of_work
from dialogs.who_may_apply import may_one_of_there, on_a_list
from dialogs.years import of_that_year
from knowledge.finding import Found
from knowledge.words import Elsewhere


def answerable(whole: Heard, library: Library) -> tuple[Heard, Elsewhere] | None:
    """Of several questions those of ours, with what the others were refused for; None where that does not part them."""
    refused = [one for one in whole.asking if library.finder.elsewhere_in(one.text) or _by_a_word(one, library)]
    if any(one.people for one in refused):
        return None  # 丰慧是处长吗，电话多少 is all of one person
    ours = [one for one in whole.asking if one not in refused]
    if any(one.is_question for one in refused):
        ours = [
            one for one in ours if one.is_question or _wants_whom(one)
        ]  # 文件里说不超过LPR,那LPR是多少 asks for one thing only
    if not refused or not any(_sure(one, library) for one in ours):
        return None
    ours_named = any(_THIS_BATCH.search(one.text) for one in ours)
    if not ours_named and any(
        (formed := library.finder.elsewhere_in(one.text)) and formed.id in QUALIFIES for one in refused
    ):
        return None
    of_what = any(_NAMES_ONE.search(one.text) and not one.is_question for one in refused)
    if of_what and not any(directions(one.topics, library) for one in ours):
        return None  # 科委那个概念验证资金,今年怎么申报 asks of that alone
    kept = Heard(
        [one for one in whole.segments if one not in refused], ",".join(one.text for one in ours), library.finder.bank
    )
    first = refused[0]
    of_which = next(iter([*first.elsewhere, *first.silent]), None) or library.finder.elsewhere_in(first.text)
    return (kept, of_which) if of_which else None


_THIS_BATCH = re.compile(r"第一批|本批|这一?批|这次")
_OF_SOMETHING_ELSE = re.compile(
    r"^(?!.*(?:指南|政策|高精尖|[那这首末]一?批|[二三]批|往年|历年|明年|那版))(?!.*(?:19|20)\d\d年(?:度|的)?(?:那|补|奖|封|申报|标准|上限|比例|条件|多少|还|有|呢|[?]))"
    r".*(?:19|20)\d\d年(?:[\d一二三四五六七八九十]{1,2}月|初|底|末)?(?:的事|贷|借|放款|签|买|投|租|失信|上[的了]?规|注册|成立|评[上的]|入统|纳统)"
    r"|^(?!.*(?:指南|政策)).*(?:失信|被罚|处罚|黑名单|贷款|贷的款|合同|设备)[^,。?!;]{0,6}[,。]?[^,。?!;\d]{0,4}(?:19|20)\d\d年的?$"
)
"""What says of which year something of the firm's is (贷款是2021年贷的)."""
OF_ANY_APPLICATION = {"deadline", "library", "recommendation"}
"""Facets that need no direction to be asked for (到账多久？还有申报最晚哪天)."""
_OURS_BY_NAME = re.compile(r"高精尖|[这本]批|第一批|这份指南")
"""What calls the fund or this batch by name (高精尖资金我最晚拖到哪天)."""
_NAMES_ONE = re.compile(r"(?:资金|补贴|政策|专项|奖励|基金|认定)[,?]?$")
"""How a segment ends that only names a programme, of which the next one asks."""


def _wants_whom(one: Found) -> bool:
    """Whether a segment asks for somebody or an address."""
    return any(one.facets.get(facet, 0.0) >= 1 for facet in ("contact", "email"))


def _by_a_word(one: Found, library: Library) -> bool:
    """Whether a segment has a word of another matter, and does not ask whom to turn to for one of ours (车险谁管)."""
    ours = max(directions(one.topics, library).values(), default=0.0) >= SURE_TOPIC
    return bool(one.elsewhere or one.silent) and not (_wants_whom(one) and ours)


def asks_by_words_alone(tail: Heard, library: Library) -> bool:
    """Whether words alone tell what of ours is asked: a topic or a provision, and a facet."""
    named_ = max(directions(tail.words, library).values(), default=0.0) >= SURE_TOPIC
    if _OURS_BY_NAME.search(tail.folded) and any(tail.told.get(one, 0.0) >= STRONG for one in OF_ANY_APPLICATION):
        return True
    ruled = any(weight >= 1.0 for id_, weight in tail.provisions.items() if id_.partition(":")[0] in RULE_FACETS)
    return ruled or (named_ and max(tail.told.values(), default=0.0) >= STRONG)


def _sure(one: Found, library: Library) -> bool:
    """Whether a segment by itself is a whole question of ours: a topic named, and a facet told."""
    weight = max(
        [*directions(one.topics, library).values(), *(w for t, w in one.topics.items() if t in RULE_FACETS)], default=0
    )
    if weight >= SURE_TOPIC and any(score >= 1 for score in one.facets.values()):
        return True
    if (one.districts or one.people) and _wants_whom(one):
        return True
    return one.is_question and any(one.facets.get(facet, 0.0) >= 1 for facet in OF_ANY_APPLICATION)


def refused(whole: Heard, conversation: Conversation, library: Library, *, over_all: bool) -> Intent | None:
    """Another policy, or a matter on which the guide is silent, where that is what the question asks for.

    `over_all`: it is a question over all directions, which only a form of another matter outdoes.
    """
    if not over_all and (before := _refused_before(whole, conversation, library)):
        return Intent(_no(before, library), elsewhere=before, confidence=0.6)
    texts = [found.text for found in whole.asking] if whole.long else [_AND_HERE.sub("", whole.folded)]
    formed = next((one for text in texts if (one := library.finder.elsewhere_in(text))), None)
    alone = formed is not None and formed.id in DECIDES_ALONE
    if _whom_elsewhere(whole, conversation, library):
        there = library.finder.elsewhere[OTHER_PLACE]
        return Intent(_no(there, library), elsewhere=there, confidence=0.8)
    if (formed is None or formed.id not in DECIDES) and _plainly_ours(whole, conversation, library):
        return None
    if formed is None and over_all and (says_a_line_of_work(whole.folded, library) or not _plainly_others(whole)):
        return None
    if may_one_of_there(whole) and named(whole, library)[1] >= SURE_TOPIC:
        return None  # 深圳注册的公司能报EDA吗
    if conversation.topics and (_MOVES_HERE.search(whole.folded) or (only_figures(whole) and "年" not in whole.folded)):
        return None
    if formed is None and "library" in conversation.facets and _the_way(whole):
        return None
    supposed = _SUPPOSES.search(whole.folded) and any(one.isdigit() or one in "百千万台辆" for one in whole.folded)
    if formed and formed.id == "other_batch" and conversation.topics and supposed:
        return None  # 要是明年扩到一千台，总的有没有个盖子
    if formed and formed.id == "other_bureau" and _GOT.search(whole.folded) and whole.told.get("exclusivity", 0) >= 1:
        return None  # 市科委的补助已经到账了，再报6算重复吗
    worded = _matter_worded(whole)
    if formed is None:
        still = calls_by_name(whole, library) and _STILL_THERE.search(whole.folded)
        by_form = BY_FORM | (OF_A_TIME if still or _names_in_a_direction(whole, library) else set())
        of_this = _THIS_BATCH.search(whole.folded) or _OF_SOMETHING_ELSE.search(whole.folded)
        by_form |= {"other_batch"} if of_this else set()
        whole.others = {name: like for name, like in whole.others.items() if name not in by_form}
    matter = max(whole.others, key=lambda name: whole.others[name], default="")
    evidence = Evidence(
        formed=formed is not None,
        qualified=(formed is not None and formed.id in QUALIFIES) or _liked_elsewhere(whole, matter),
        worded=worded is not None,
        known=_known(whole, conversation, library, formed=formed is not None),
        goes_on=bool(conversation.topics) and not _leaves(whole, formed or worded),
    )
    if not alone and surely_ours(whole, evidence):
        return None
    if not (formed or worded or _resembles_others(whole)):
        return None
    others = any(one.silent or one.elsewhere for one in whole.segments)
    stuck = whole.words.get("support", 0.0) >= SURE_TOPIC and not others  # 系统登不上去一直转圈
    if not (formed or worded) and (stuck or _asks_a_duty(whole) or _far_more_ours(whole, library)):
        return None
    odds = not_ours(whole, evidence)
    found = formed or worded or library.finder.elsewhere.get(matter)
    if found is None or (odds < 0 and not alone):
        return None
    if found.id == "other_batch" and of_that_year(whole.folded, conversation, library):
        return None  # 2022年首次纳规的给多少 → 2023年的呢
    if found.id == "credit_repair" and on_a_list(whole):
        return None
    topic, weight = named(whole, library)
    of = (topic,) if weight >= SURE_TOPIC else ()
    ids = of if found.id == OTHER_PLACE else ()  # 深圳有没有流片补贴 → 北京这边一家公司顶格多少
    facets = top(whole.told) if ids else ()
    no = _no(found, library)
    asks = (Ask(of, ()),) if of and no == "silent" else ()  # 升规奖励多久到账 → 那找谁问
    sure = round(1 / (1 + math.exp(-odds)), 2)
    return Intent(no, asks=asks, ids=ids, facets=facets, elsewhere=found, confidence=sure)


_STILL_THERE = re.compile(r"取消|还在|还有(?:没有|[吗么?])|停了|停掉|没了|砍了|砍掉|不给了|不奖了|不补了|作废")
"""What asks whether something of ours is still there (新冠药的奖励听说今年取消了？)."""


def _far_more_ours(whole: Heard, library: Library) -> bool:
    """Whether a direction is called by name, and its questions are far more alike than any of another matter."""
    ours, others = (max(likes.values(), default=0.0) for likes in (whole.ours, whole.others))
    return calls_by_name(whole, library) and ours >= FAR_MORE and others < HARDLY_LIKE


HARDLY_LIKE = 0.45
"""Likeness to other matters below which a direction called by name is what is asked of."""


def _the_way(whole: Heard) -> bool:
    """Whether a few letters ask how it is done, behind the project library (要进项目库吗 → 怎么进)."""
    return len(whole.folded) <= FEW_LETTERS and whole.told.get("process", 0.0) >= STRONG


def _asks_a_duty(whole: Heard) -> bool:
    """Whether a word and the questions that a message is most like tell the same duty (到底谁给企业背书算数)."""
    liked = max(whole.ours, key=lambda topic: whole.ours[topic], default="")
    facet = RULE_FACETS.get(liked, "")
    told = facet in OF_EACH_APPLICATION and whole.told.get(facet, 0.0) >= STRONG
    named = max(whole.words, key=lambda topic: whole.words[topic], default="")
    worded = whole.words.get(named, 0.0) >= SURE_TOPIC and whole.told.get(RULE_FACETS.get(named, ""), 0.0) >= STRONG
    most = max(whole.others.values(), default=0.0)
    of_us = worded and whole.strange <= LITTLE_STRANGE and most < LIKE_OTHERS
    return of_us or (told and whole.ours[liked] >= max(LIKED_OURS, most))


LITTLE_STRANGE, LIKE_OTHERS = 0.2, 0.6
"""Share of unknown letters and likeness to other matters up to which a rule named with its facet is meant."""
_MOVES_HERE = re.compile(
    r"注册(?:地|地址)?[^,。?!;]{0,4}(?:迁|搬|改|挪|换|变更)[到来进为成至]?(?:北京|本市)|(?:迁|搬)到北京"
)
"""What asks of a firm that would be registered here (那注册地迁到北京呢)."""
OF_EACH_APPLICATION = DUTY_FACETS | {"process", "deadline"}
"""Facets of every application, which a word and a like question tell together beyond doubt."""


def _whom_elsewhere(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether somebody of another place is asked for (雄安有联系人吗), not from there (人在深圳出差，打哪个电话)."""
    outside = whole.gathered("outside")
    if not outside:
        return False
    ours = any(whole.gathered(kind) for kind in ("districts", "people", "offices", "desks", "phones", "mailboxes"))
    if ours or conversation.topics or not tells_whom(whole) or named(whole, library)[1] >= HINTED_TOPIC:
        return False
    from_there = re.search(rf"(?:[在从去到来跑]|注册|总部|来自)(?:{'|'.join(map(re.escape, outside))})", whole.folded)
    of_a_district = _WHICH_DISTRICT.search(whole.folded) and _A_FIRM.search(whole.folded)
    return bool(of_a_district or not from_there) and not _AT_HOME.search(whole.folded)


_WHICH_DISTRICT, _A_FIRM = re.compile(r"哪个?区|区的?联系|表里"), re.compile(r"公司|厂|企业|项目|基地")
"""What asks for a district's contact, and for a firm of another place (我们在雄安的子公司找哪个区的联系人)."""

_AT_HOME = re.compile(r"北京|市里|本市|区里|推荐|申报|指南|高精尖|政策咨询|规划处")
"""What says of a message with another place that it is of ours."""


def _liked_elsewhere(whole: Heard, matter: str) -> bool:
    """Whether a message is more like questions of other places than of ours, beyond doubt (那苏州的奖励有这么高吗)."""
    return matter == OTHER_PLACE and whole.others[matter] >= max([FAR_MORE, *whole.ours.values()])


def _leaves(whole: Heard, other: Elsewhere | None) -> bool:
    """Whether another matter's word or form, and likeness to such questions, leaves the topic in hand."""
    return other is not None and max(whole.others.values(), default=0.0) >= LIKE_ANOTHER


def _refused_before(whole: Heard, conversation: Conversation, library: Library) -> Elsewhere | None:
    """The other matter that was just refused, where a message goes on with it (财务等着我回话，到底交不交)."""
    held = library.finder.elsewhere.get(conversation.subject.partition("elsewhere:")[2])
    if held and held.id == OTHER_PLACE and comes_back_here(whole.folded, conversation):
        return None  # 深圳那边流片补贴多少 → 北京这边呢
    somebody = any(whole.gathered(kind) for kind in ("districts", "people", "phones", "mailboxes", "attachments"))
    named_ = named(whole, library)[1] >= HINTED_TOPIC
    if _asks_on(whole, conversation):
        return None if somebody or named_ else held
    asks = any(one.is_question for one in whole.segments)
    if held and asks and (worded := _matter_worded(whole)) and worded != held:
        return None  # 房租补贴有没有 → 人才落户归你们管吗
    told = max(whole.told.values(), default=0.0) >= STRONG
    ours = named_ or max(whole.words.values(), default=0.0) >= HINTED_TOPIC
    liked = max(whole.ours.values(), default=0.0) >= LIKED_OURS and len(whole.folded) > FEW_LETTERS
    return held if held and not (told or ours or somebody or liked) else None


def _asks_on(whole: Heard, conversation: Conversation) -> bool:
    """Whether a few letters ask for what any matter has, where nothing of ours is in hand (给多少, 那找谁)."""
    asked = {facet for facet, weight in whole.told.items() if weight >= STRONG}
    return bool(asked) and asked <= OF_ANY_MATTER and not conversation.topics and len(whole.folded) <= FEW_LETTERS


OF_ANY_MATTER, FEW_LETTERS = {"amount", "rate", "contact", "conditions"}, 4
LIKED_OURS = 0.6
"""Likeness to questions of ours from which a message leaves another matter."""


_GOT = re.compile(r"(?:已经|已|都|刚)?(?:到账|拿到|拿过|拿了|领了|领过|给过|给了|批了|发了)")
"""What tells that money was got already."""
_AND_HERE = re.compile(r"^.*[,。;](?=(?:那|咱们?|我们)?北京(?:这边|这里|市)?呢[?]?$)")
"""What is said of another place before it is asked how it is here (广州那边可以叠着拿,北京呢)."""
ANOTHER_YEAR = "other_year"
DECIDES_ALONE = {
    ANOTHER_YEAR, "listed_where", "outcome", "papers", "other_details", "tax", "budget", "office_hours", "writing",
    "choosing", "their_phone", "own_workings",
}  # fmt: skip
"""Forms of questions that decide by themselves: another year's guide, who stands in a list or was approved, letters to
be written, what the tables do not print of somebody, taxes, how much money there is, office hours, papers to be
drafted, which vendor to take, and the phones of other bureaus."""
DECIDES = {*DECIDES_ALONE, "recognition", "other_batch", "use_of_money", "district_policy"}
"""Forms of questions that count though every word is one of ours (绿色工厂怎么认定)."""
BY_FORM = {"lpr_value", "credit_repair"}
"""Matters that only the form of a question tells: what it names stands in the guide (LPR档每年最多)."""
OF_A_TIME = {"other_batch", ANOTHER_YEAR}
"""Matters of another time, which only the form tells where a provision of ours is named (指导目录是哪一年的版本)."""
QUALIFIES = {ANOTHER_YEAR, "other_batch", "other_place"}
"""Matters that make a whole message another one's, whatever else it asks: another year, batch or place."""


LIKE_ANOTHER = 0.4
"""Likeness from which another matter's word leaves the topic in hand (这笔钱要不要交企业所得税)."""
HALF_UNKNOWN, PLAINLY_RESEMBLING = 0.5, 0.5
"""Share of letters without a meaning from which a message has to be much like such questions (搞铁牛赊账那个事儿)."""
RESEMBLING, ASKED_BEYOND = 0.2, 0.2
"""Likeness to questions of other matters, and of what is asked, below which a message is rather not understood."""


def _resembles_others(whole: Heard) -> bool:
    """Whether a message is like any questions of other matters at all (哇啦哇啦 is like nothing)."""
    least = RESEMBLING if whole.strange < HALF_UNKNOWN else PLAINLY_RESEMBLING
    return max(whole.others.values(), default=0.0) >= least or whole.beyond >= ASKED_BEYOND


def _plainly_ours(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether a message says nothing but names and facets of ours, picks out an office, or is typed pinyin of ours.

    Pinyin holds no characters, so that it is like nobody's questions; what it names decides.
    """
    if (plain(whole) and not _plainly_others(whole)) or offices_picked(whole, conversation, library):
        return True
    of_ours = any(topic in library.guide.direction_of for topic in conversation.topics)
    if whole.gathered("outside") and of_ours and _DONE_THERE.search(whole.folded):
        return True
    outside = _matter_worded(whole) or whole.gathered("outside")
    called = [one for one, weight in directions(whole.words, library).items() if weight >= SURE_TOPIC]
    if len(called) > 1 and whole.told.get("compare", 0.0) >= STRONG and not outside:
        return True  # 融资租赁和老旧厂房哪个划算
    if whole.strange <= ALL_KNOWN and not outside and _names_twice(whole, library):
        return True
    if whole.told.get("overview", 0.0) >= 1.0 and "方向" in whole.folded and not outside:
        return True
    if WHOSE_COUNTS.search(whole.folded) and _named_there(whole, library):
        return True
    if whole.gathered("numbered") and top(whole.told) and not _matter_worded(whole):
        return True
    if whole.gathered("districts") and (whole.gathered("desks") or len(whole.folded) <= SHORT):
        return True
    if whole.gathered("districts") and conversation.subject.startswith("district:") and not whole.told:
        return True
    if "eligibility" in conversation.topics and _LONG_PAST.search(whole.folded):
        return True
    if conversation.topics and (MONEY_OF.match(whole.folded) or _A_SUM.fullmatch(whole.folded)):
        return True
    if DONE_BY_ENTERING.search(whole.folded) or _asks_whom_there(whole, library):
        return True
    if _tells_a_direction(whole, library) or doubted(whole, conversation, library):
        return True
    if asks_which_office(whole) or _narrows(whole, conversation, library):
        return True
    letters = sum(ch.isascii() and ch.isalpha() for ch in whole.folded)
    typed = letters >= MOSTLY * len(whole.folded.replace(" ", ""))
    told = any(weight >= STRONG for facet, weight in whole.told.items() if facet in PLAIN_FACETS)
    typed = typed and not _matter_worded(whole)
    return typed and ((told and whole.strange < PARTLY) or named(whole, library)[1] >= HINTED_TOPIC)


_LONG_PAST = re.compile(
    r"(?:19|20)\d\d年的事|[一二三四五六七八九十]年前的事|早(?:就|已|都)?(?:修复|还清|解除|移出|撤销|好|过|没)了|看?近几年的?$"
)
"""What says of a stain on the credit that it is long past (那是2018年的事了，早修复了)."""


_A_SUM = re.compile(r"那?[\d.一二两三四五六七八九十百千]+(?:[万亿ew]|个亿)元?[呢吧?]*")
"""A message that is nothing but another sum of what is in hand (1.2亿呢)."""


def _plainly_others(whole: Heard) -> bool:
    """Whether a message is far more like questions of another matter than of ours (去年一共有几家拿到这个补贴)."""
    most = max(whole.others.values(), default=0.0)
    return most >= FAR_MORE and most > max(whole.ours.values(), default=0.0) and whole.beyond > 0


FAR_MORE = 1.0
"""Likeness to another matter's questions that outdoes words of which each is ours."""


def _tells_a_direction(whole: Heard, library: Library) -> bool:
    """Whether a message asks nothing and calls one of our directions, of which it is more than of another matter."""
    ours, others = (max(likes.values(), default=0.0) for likes in (whole.ours, whole.others))
    return not any(one.asks for one in whole.segments) and calls_by_name(whole, library) and ours > others


def _narrows(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether a message asks nothing and tells more of what is in hand (我们去年评上世界经济论坛灯塔工厂了)."""
    if any(one.asks for one in whole.segments) or not conversation.topics:
        return False
    return _names_in_hand(whole, conversation, library)


def _names_in_hand(whole: Heard, conversation: Conversation, library: Library) -> bool:
    """Whether words name a provision of the topics in hand."""
    held = (one.id for topic in conversation.topics for one in library.under(topic))
    return any(whole.provisions.get(name, 0.0) >= 1.0 for name in held)


def _names_in_a_direction(whole: Heard, library: Library) -> bool:
    """Whether words name a direction and one of its provisions."""
    best, weight = named(whole, library)
    if weight < SURE_TOPIC:
        return False
    return any(whole.provisions.get(one.id, 0.0) >= 1.0 for one in library.under(best))


def _names_twice(whole: Heard, library: Library) -> bool:
    """Whether words name one provision of a direction more than once, and nothing else is asked (绩效评价B级30%)."""
    of = library.guide.direction_of
    named = (weight for id_, weight in whole.provisions.items() if id_.partition(":")[0] in of)
    return max(named, default=0.0) >= TWICE and not any(one.is_question for one in whole.segments)


ALL_KNOWN, TWICE = 0.05, 2.0
"""Share of unknown letters up to which every word is known; weight from which a provision is named twice."""


def _asks_whom_there(whole: Heard, library: Library) -> bool:
    """Whether a short message asks, by words, for somebody of the districts that it names (朝阳区联系人？顺义呢？)."""
    other = _matter_worded(whole) or library.finder.elsewhere_in(whole.folded)
    there = bool(whole.gathered("districts")) and len(whole.folded) <= FEW_NAMES
    return there and tells_whom(whole) and not other


FEW_NAMES = 24
"""Letters of a message that holds little more than districts and what is wanted of them."""


def _named_there(whole: Heard, library: Library) -> bool:
    """Whether any sentence names a provision of the direction that words name or hint at."""
    best, weight = named(whole, library)
    held = {one.id for one in library.under(best)} if weight >= HINTED_TOPIC else set()
    return any(score >= 1.0 and id_ in held for one in whole.segments for id_, score in one.provisions.items())


MOSTLY, PARTLY = 0.8, 0.3
"""Share of letters from which a message is typed in them; and of unknown letters from which it may be any matter."""


def _known(whole: Heard, conversation: Conversation, library: Library, *, formed: bool) -> bool:
    """Whether a message looks up somebody whom the tables print."""
    if whole.gathered("outside") and REGISTERED_THERE.search(whole.folded):
        return True
    short = len(whole.folded.rstrip("?")) <= NAMES_ONLY
    other = _matter_worded(whole) or (of_another_matter(whole) and not short and not _SUPPOSES.search(whole.folded))
    if _names_in_hand(whole, conversation, library) and not other and not formed:
        return True
    somebody = any(whole.gathered(kind) for kind in ("people", "offices", "mailboxes")) and (
        wants_person(whole) or bool(MANAGES.search(whole.folded))
    )
    if whole.gathered("districts") and wants_person(whole):
        return True
    if of_another_matter(whole) and not whole.gathered("desks"):
        return False
    placed = whole.gathered("districts") or conversation.subject.startswith("district:")
    return somebody or bool(whole.gathered("desks")) or bool(placed and wants_district(whole, conversation, library))


REGISTERED_THERE = re.compile(r"(?:注册|执照|总部)(?:地|地址)?(?:是|都)?在")
_DONE_THERE = re.compile(
    r"(?:研发|团队|工厂|厂子?|厂房|产业化|生产|产线|项目|车间|配套厂?|供应商)(?:都|也|要|会|只|放|设|建|落)*在"
)
"""What tells of a firm in hand where it does something (研发在上海呢)."""
"""What tells where a firm is registered (公司注册在廊坊，厂子和人都在大兴)."""
NAMES_ONLY = 12
"""Letters up to which words of what is in hand decide, whatever a message is like (是哪一年的版本来着)."""
_SUPPOSES = re.compile(r"^那?(?:要是|如果|假如|假设|万一)")
"""How a message begins that supposes something of the firm (要是评上北京市智能工厂了呢)."""


def _matter_worded(whole: Heard) -> Elsewhere | None:
    """A matter that is not ours, by a word of its own list; asked words first."""
    asking = [one for found in whole.asking for one in (*found.silent, *found.elsewhere)]
    named = [one for found in whole.segments for one in found.elsewhere] if not whole.long else []
    return next(iter([*asking, *named]), None)


def _no(one: Elsewhere, library: Library) -> Literal["elsewhere", "silent"]:
    """Which kind of no an entry is."""
    return "silent" if one in library.finder.silent_matters else "elsewhere"
