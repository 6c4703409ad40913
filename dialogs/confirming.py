"""A figure that a question wants confirmed, held against what the guide states: 对得上 or 不是 comes first.

“听说流片最多补2000万” asks of one figure. A verdict is given only where nothing else is claimed with it: one figure,
of a topic that is named or in hand, as a ceiling, a share or the closing day, held against the sentence that states
just that. Bounds, negations, sums of several, what it is counted per, and whatever a sentence leaves open are left to
the sentences themselves, which follow in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from dialogs.conversation import Conversation
from dialogs.duties import NAMED
from dialogs.intent import Intent
from dialogs.library import Stated
from dialogs.messages import Reply
from dialogs.saying import Source, day, desk_source
from dialogs.stepping import Desk
from dialogs.window import first_sentence, parted, put_first
from dialogs.within_ceiling import held_against_ceiling
from dialogs.within_period import held_against_period
from knowledge.amounts import figures, told, wan
from knowledge.days import Day, days
from knowledge.quoting import without_references

_CLAIMS = re.compile(
    r"是不是(?=[^,?]{0,12}\d|这么回事|真的|这样)|(?:对吗|对吧|对不对?|没错吧|是吗|是吧|真的吗|真的假的|属实吗|没(?:记|弄|说|理解)错吧?|没毛病吧?|是这样吗?|这么分的吧?|这条吗)[?]?$"
    r"|^我?(?:听说|听人说|我记得|有人(?:说|讲)|同事(?:说|讲)|中介(?:说|讲)|群里(?:说|讲))|\d(?:万|亿|%|日|号)?元?吧[?]?$"
)
"""What wants something confirmed."""
_MORE_IS_SAID = re.compile(
    r"至少|最少|起码|保底|不低于|不少于|以上|以下|以内|不超|不会超|低于|超过|不到|不足|起(?:步|报|$)|没有|没(?!错|记错|毛病|弄错|说错|理解错)|(?<!是)不(?!是)|(?<=.)(?<!是)不是"
    r"|一共|合计|总共|加起来|加上|累计|各|都|每|单个|单家|年度|一年|一次性|整个|全部|平均|保证|肯定|[、]|还有|而且|再加|另外"
    r"|保费|合同|投资|费用|履约|销售|产值|营收|收入|增速|固投|[一二两三四五六\d]年|我们|我司|我家|咱|去年|今年|明年|这两|近"
)
"""What says more than the figure: a bound, a denial, a sum, what it is counted per, or a base to reckon with."""
_OF_A_BASE = re.compile(
    r"(?:按|到|不超过)[^,。?!;\d]{0,8}(?:投资额?|费用|保费|合同额?|履约金额|销售额)的?(?=[\d一二两三四五]+(?:%|成|个点))"
)
"""What a share is of, which says no more than the share (最多按投资额的三成给)."""
_AS_CEILING = re.compile(r"最多|最高|封顶|上限|顶格|(?:补|奖|贴|给|拿)(?:到|了)?\d")
_CLOSES = re.compile(r"截止|最后(?:一天|期限)|最晚|报到|到期|截至")
_TODAY = "今天"
_OF_THE_PROJECT = re.compile(r"[竣完开动]工|投产|建成|验收|改造完|纳统|上规")
"""What a day is of that is no day of applying (5月竣工的还能报吗)."""
_UNTIL = re.compile(r"(?<=截止)到|(?<=报)到")
_STILL = re.compile(
    r"(?:还|再)?(?:能不能|可不可以|能|可以|来得及|赶得上|让)(?:再)?(?:报|交|递|申|填|提|传|补)?.{0,4}[吗不么]|行[吗不]|怎么办|咋办"
)
_OPENS = re.compile(r"开始|起|发布|前|之后|\d{4}年")
_LEFT_OPEN = re.compile(r"没有写|未写|正文没有")


def confirmed(reply: Reply, text: str, intent: Intent, conversation: Conversation, desk: Desk) -> Reply:
    """The reply with what holds of the claimed figure put first; as it was where none is claimed or it is not decided.

    `conversation`: as it was before the message.
    """
    folded = desk.library.teller.letters(text)
    topics = {topic for ask in intent.asks for topic in ask.topics}
    if reply.status != "answered" or intent.kind != "asks" or len(topics) != 1 or len(intent.asks) != 1:
        return reply
    topic = next(iter(topics))
    if (late := _too_late(reply, folded, desk)) is not reply:
        return late
    if (beyond := _beyond(reply, folded, topic, desk)) is not reply:
        return beyond
    if (held := held_against_ceiling(reply, folded, topic, desk)) is not reply:
        return held
    if (lasting := held_against_period(reply, folded, topic, desk)) is not reply:
        return lasting
    if not _CLAIMS.search(folded) or _MORE_IS_SAID.search(_OF_A_BASE.sub("", folded)):
        return reply
    if topic == "window":
        folded = _UNTIL.sub("", folded)
        return _day_confirmed(reply, folded, desk)
    known = topic in conversation.topics or desk.library.finder.find(folded).topics.get(topic, 0.0) >= NAMED
    claimed = _claimed(folded, desk)
    said = _said(reply, desk.library.under(topic))
    if said and not parted(reply.text, desk.library, desk.today)[1].startswith(said[0].provision.say):
        return reply  # 正文写的是 would be followed by something else
    if topic not in desk.library.guide.direction_of or not known or not claimed or not said:
        return reply
    if claimed.endswith("%") and said[0].provision.rate is None:
        return _share_stands(reply, claimed, said, desk)
    return _with_verdict(reply, claimed, _verdict(claimed, said, desk.library.under(topic)), desk)


def floor_confirmed(reply: Reply, text: str, desk: Desk) -> Reply:
    """The reply behind whether the threshold that it states first is the claimed one (固投得500万起步，没记错吧)."""
    folded = desk.library.teller.letters(text)
    asks = _CLAIMS.search(folded) and _AS_FLOOR.search(folded) and not _OF_ONESELF.search(folded)
    found = [one for one in told(folded) if one.kind == "money"] if asks else []
    if reply.status != "answered" or len(found) != 1 or found[0].value is None or found[0].rough:
        return reply
    stated = [one for one in reply.text.split("\n") if _FLOOR.search(one)]
    floors = list(dict.fromkeys(one for each in stated for one in figures(each) if one.endswith("元")))
    if len(floors) != 1 or not _FLOOR.search(first_sentence(reply.text, desk.library, desk.today)):
        return reply
    return _with_verdict(reply, _as_printed(found[0].value), found[0].value == wan(floors[0]), desk)


_AS_FLOOR = re.compile(
    r"起(?:步|报|$|[,，])|至少|最少|门槛|不低于|以上|得(?:有|够|满)?\d|要(?:有|够|满)?\d|满\d|得[一二两三四五六七八九]|要[一二两三四五六七八九]"
)
"""What puts a sum as the least that is asked for."""
_FLOOR = re.compile(r"不低于|以上")
_OF_ONESELF = re.compile(r"我们|我司|我家|咱|去年|今年|前年|投了|花了|只有|才\d|\d年")
"""What tells of one's own sum, or claims a year with it."""


def _share_stands(reply: Reply, claimed: str, said: list[Stated], desk: Desk) -> Reply:
    """The reply behind that a share is the only one that it states, which does not stand first in it."""
    rates = [one for one in said if one.provision.rate]
    given = {printed for one in rates for printed in _of_kind(one.provision.say, "%")}
    if given != {claimed} or any(one.provision.unstated for one in rates):
        return reply
    saying = desk.saying()
    saying.say("claim_stands", Source("told", claimed, claimed), figure=claimed)
    return put_first(reply, saying, desk.today)


def _beyond(reply: Reply, folded: str, topic: str, desk: Desk) -> Reply:
    """The reply behind that no ceiling of its topic reaches the one sum that somebody would get (流片能拿4000万吗)."""
    found = [one for one in told(folded) if one.kind == "money"]
    wanted = _WANTS.search(folded)
    if (
        _SEVERAL.search(folded)
        or topic not in desk.library.guide.direction_of
        or len(found) != 1
        or not found[0].exact
        or not wanted
    ):
        return reply
    books = [desk.library.guide.book.branches[branch] for branch in desk.library.branches_of(topic)]
    capped = [one.provision for one in desk.library.under(topic) if one.provision.ceiling]
    if any("原则上" in one.say for one in capped):
        return reply
    limits = [one.ceiling for one in capped if one.ceiling]
    most = max(limits, key=lambda one: wan(one.amount) or 0, default=None)
    value, within = found[0].value, wanted.start() < found[0].start < wanted.end()
    if most is None or value is None or value <= (wan(most.amount) or 0) or not within or any(b.extras for b in books):
        return reply
    said = folded[found[0].start : found[0].end]
    per = "单个项目" if "项目" in most.per else "一个年度" if most.yearly else ""
    saying = desk.saying()
    saying.say("claim_beyond", Source("told", said, said), figure=said, per=per)
    return put_first(reply, saying, desk.today)


_SEVERAL = re.compile(
    r"(?:[两俩二三四五六七八九十几多\d]+)(?:个|家|颗|枚|笔|台|辆|张|份|款|种|年|套)(?!点)|都|各|加起来|一共|总共|合起来|[和跟与、]"
)
"""What asks of several firms, projects, things or years together, which no single ceiling bounds."""
_WANTS = re.compile(
    r"(?<!不)(?:能|可以)(?:不能)?(?:拿|领|补|奖|贴|给|得)(?:到|够)?(?:我们|咱们?)?[\d.一二两三四五六七八九十百千]+[万亿]元?[^,。?!;]{0,3}[吗么不吧?]"
)
"""What asks whether one would get a sum."""


def _claimed(folded: str, desk: Desk) -> str:
    """The one figure of a claim as the guide prints it, a ceiling or a share; nothing where there are more or none."""
    bare = folded
    for name, _ in desk.library.called:
        bare = bare.replace(desk.library.teller.letters(name), "")
    measured = [one for one in told(bare) if one.value is not None]
    if len(measured) != 1 or len(re.findall(r"\d+(?:\.\d+)?", bare)) > 1 or measured[0].rough:
        return ""
    value = measured[0].value
    assert value is not None
    if measured[0].kind == "share":
        return f"{value.normalize():f}%"
    if measured[0].kind == "money" and value >= 1 and _AS_CEILING.search(bare):
        return _as_printed(value)
    return ""


def _as_printed(value: Decimal) -> str:
    """A sum (万元) as the guide prints it."""
    return f"{value / 10_000:.0f}亿元" if value % 10_000 == 0 else f"{value.normalize():f}万元"


def _said(reply: Reply, under: Iterable[Stated]) -> list[Stated]:
    """The provisions of a topic that a reply states, in its order, each sentence once."""
    held = {one.provision.say: one for one in under if one.provision.say in reply.text}
    return sorted(held.values(), key=lambda one: reply.text.index(one.provision.say))


def _of_kind(text: str, kind: str) -> list[str]:
    """The shares (%) or sums (元) in a sentence of the guide."""
    return [one for one in figures(without_references(text)) if one.endswith(kind)]


def _same(one: str, other: str) -> bool:
    return wan(one) == wan(other) if one.endswith("元") else one == other


def _verdict(figure: str, said: list[Stated], under: list[Stated]) -> bool | None:
    """Whether a claimed ceiling or share is the one of the guide; None where it gives several, or leaves it open."""
    kind = figure[-1]
    own = [one for one in said if (one.provision.ceiling if kind == "元" else one.provision.rate)]
    if not own or own[0] != said[0] or _LEFT_OPEN.search(said[0].provision.say) or said[0].provision.unstated:
        return None
    given = {printed for one in own for printed in _of_kind(one.provision.say, kind)}
    if len(given) != 1:
        return None
    if _same(next(iter(given)), figure):
        return True
    stands = any(
        _same(printed, figure)
        for one in under
        for printed in _of_kind(f"{one.provision.say} {one.provision.quote} {' '.join(one.provision.also)}", kind)
    )
    return None if stands else False


def _day_confirmed(reply: Reply, folded: str, desk: Desk) -> Reply:
    """The verdict on a day that is claimed for the closing one; none where the closing day may lie in it (4月中)."""
    closes = date.fromisoformat(desk.library.guide.window.closes)
    found = _days_of(closes, folded, desk)
    if len(found) != 1 or not _CLOSES.search(folded) or _OPENS.search(folded) or found[0].first.year != closes.year:
        return reply
    one = found[0]
    held = (True if one.first == one.last else None) if one.first <= closes <= one.last else False
    exact = one.first == one.last
    claimed = day(one.first).partition("年")[2] if exact else folded[one.start : one.end]
    return _with_verdict(reply, claimed, held, desk)


def _too_late(reply: Reply, folded: str, desk: Desk) -> Reply:
    """That a day on which somebody would apply lies behind the closing one (4月16号还能交吗)."""
    if not _STILL.search(folded) or _OF_THE_PROJECT.search(folded):
        return reply
    closes = date.fromisoformat(desk.library.guide.window.closes)
    found = [one for one in _days_of(closes, folded, desk) if folded[one.start : one.end] != _TODAY]
    if len(found) != 1 or found[0].first <= closes or found[0].first.year != closes.year:
        return reply
    saying = desk.saying()
    claimed = folded[found[0].start : found[0].end]
    sources = (Source("told", claimed, claimed), desk_source(day(closes)))
    saying.say("day_too_late", *sources, day=claimed, closes=day(closes))
    return put_first(reply, saying, desk.today, before_state=desk.today <= closes)


def _days_of(closes: date, folded: str, desk: Desk) -> list[Day]:
    """The days of a text, of which one without a year is of the closing day's."""
    return [
        replace(one, first=one.first.replace(year=closes.year), last=one.last.replace(year=closes.year))
        if one.guessed_year and (one.first.month, one.first.day) != (2, 29)
        else one
        for one in days(folded, desk.today)
    ]


def _with_verdict(reply: Reply, claimed: str, held: bool | None, desk: Desk) -> Reply:
    """The reply with a verdict behind the state of the day."""
    if held is None:
        return reply
    saying = desk.saying()
    saying.say("claim_right" if held else "claim_wrong", Source("told", claimed, claimed), figure=claimed)
    return put_first(reply, saying, desk.today)
