"""A figure that a question wants confirmed, held against what the guide states: 对得上 or 不是 comes first.

“有人讲租赁每年给10%，是不是” asks of one figure. Only the figure itself is confirmed, never the whole claim; it is
denied only where no sentence on the topic has it, and nothing is said of a kind of figure (a share, a sum, years, a
day) that the answer leaves open, nor where another sentence decides (专精特新的20万照样加吧).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Literal, get_args

from dialogs.answering import NAMED
from dialogs.intent import Intent
from dialogs.library import Stated
from dialogs.messages import Reply
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.window import parted
from knowledge.amounts import figures, plain, told, wan
from knowledge.numerals import value_of
from knowledge.quoting import without_references
from knowledge.scene import Scene
from knowledge.telling import heard_in

Verdict = Literal["right", "wrong", "some"]
HINTED = 0.4
"""Weight from which another provision that words name decides beside the figure."""
MOST = 3
"""Figures of one message that are confirmed."""

_CLAIMS = re.compile(
    r"是不是(?!要|得|需|还|也|只有)|是[吗吧么]|对[吗吧么]|对不对|没错吧|真的[吗么]|真的假的|这么回事|没记错|属实|难道"
    r"|(?:^|[,?!。])(?:可|但|那|你们?)?不是(?:说)?[^,?]{0,8}\d[^,?]{0,6}[吗么吧?]|(?:我|印象)(?:里|中)?(?:记得|以为)|记错"
    r"|听(?:说|人|他|同事|朋友|中介|别人)|(?:有人|同事|中介|朋友|会计|代理|他们|网上|别人|群里|老板)[^,?]{0,6}(?:说|讲|告诉)"
    r"|\d[^,?]{0,6}吧[?]?$"
)
"""What wants something confirmed."""
_RECKONS = re.compile(
    r"(?:投|花|签|贷|租|买|卖|融|借|交|采购|产值|营收|收入)(?:了|过|资|款)?(?:大概|大约|差不多|约)?\d|算下来|[按照]\d[^,?]*拿|乘|我们|我司|我家|咱"
)
"""What tells of the firm, or reckons with it: such figures are no claims about the guide."""
_SETS = re.compile(r"门槛|最低|至少|起步|起报|下限|不低于|要求")
"""What says that a figure is the guide's own, though a firm may tell it of itself too (固投门槛是1000万)."""
_YEARS = re.compile(r"(?<!\d)([一二三四五六七八九十两]|\d{1,2})年(?!度|以内|内|前|后|期|底|初|\d|来|级)")
_DAY = re.compile(r"(\d{1,2})月(?:份)?(\d{1,2})(?:日|号)?")
_WHOLE = re.compile(r"\d{1,2}年")
_PRINTED_DAY = re.compile(r"(\d{1,2}月\d{1,2}日)")


def confirmed(reply: Reply, text: str, intent: Intent, desk: Desk) -> Reply:
    """The reply with what holds of the claimed figures put first; as it was where nothing was claimed or is decided."""
    topics = {topic for ask in intent.asks for topic in ask.topics}
    folded = desk.library.teller.letters(text)
    if reply.status != "answered" or intent.kind != "asks" or len(topics) != 1 or len(intent.asks) != 1:
        return reply
    if not _CLAIMS.search(folded) or _RECKONS.search(folded):
        return reply
    scene = Scene(folded, desk.today, answer=True)
    own = set() if _SETS.search(folded) else {kept.value for kept in heard_in(scene, desk.library.teller).told}
    claimed = [one for one in _claimed(folded, intent) if not own & _values(one)][:MOST]
    under = desk.library.under(next(iter(topics)))
    under += desk.library.under("window") if "deadline" in intent.facets else []
    said, named = _said(reply, under), intent.asks[0].provisions
    kinds = {_kind(figure) for figure in claimed}
    bearing = [one for one in said if any(_of_kind(one.provision.say, kind) for kind in kinds)]
    if not bearing or bearing[0] != said[0]:
        return reply  # nothing is claimed, or something else decides
    others = (one for one in said if one not in bearing and not (one.provision.ceiling or one.provision.rate))
    if any(named.get(one.id, 0.0) >= HINTED for one in others):
        return reply
    found = {figure: held for figure in claimed if (held := _verdict(figure, said, under, named))}
    if len(found) < len(claimed) or ("some" in found.values() and len(set(found.values())) > 1):
        return reply
    saying = desk.saying()
    _say(saying, found, Source("told", " ".join(claimed), text))
    if "some" in found.values():
        bearing.sort(key=lambda one: not any(_has(one.provision.say, figure) for figure in claimed))
    asked = intent.asks[0].facets
    beside = [one for one in said if one not in bearing and one.provision.facet not in asked]
    return _with_lead(reply, saying, bearing, beside, desk)


def _claimed(folded: str, intent: Intent) -> list[str]:
    """The figures of a claim as the guide prints them; a bare number takes the unit of what is asked (不是25吗)."""
    facets = {facet for ask in intent.asks for facet in ask.facets}
    found: dict[str, None] = {}
    for one in told(folded):
        if one.value is None or one.rough:
            continue
        if one.kind == "share" or (one.kind == "bare" and facets == {"rate"} and one.value <= 100):
            found[f"{one.value.normalize():f}%"] = None
        elif one.kind == "money" or (one.kind == "bare" and facets == {"amount"} and 30 <= one.value < 10_000):
            large = one.value % 10_000 == 0 and one.value
            found[f"{one.value / 10_000:.0f}亿元" if large else f"{one.value.normalize():f}万元"] = None
    found |= {f"{value:f}年": None for match in _YEARS.finditer(folded) if (value := value_of(match[1]))}
    found |= {f"{int(match[1])}月{int(match[2])}日": None for match in _DAY.finditer(folded)}
    return list(found)


def _values(figure: str) -> set[object]:
    """A figure as a fact would hold it."""
    number = Decimal(re.sub(r"[^\d.]", "", figure)) if not figure.endswith("日") else Decimal(0)
    return {float(number), int(number), float(number) * 10_000}


def _said(reply: Reply, under: Iterable[Stated]) -> list[Stated]:
    """The provisions of a topic that a reply states, in its order."""
    held = [one for one in under if one.provision.say in reply.text]
    return sorted(held, key=lambda one: reply.text.index(one.provision.say))


def _kind(figure: str) -> str:
    """Whether a figure is a share, a sum, years or a day."""
    if figure.endswith(("%", "年", "日")):
        return figure[-1]
    return "元"


def _of_kind(text: str, kind: str) -> list[str]:
    """The figures of one kind in a sentence of the guide."""
    text = without_references(text)
    if kind == "日":
        return _PRINTED_DAY.findall(plain(text))
    found = figures(text)
    return [one for one in found if _WHOLE.fullmatch(one)] if kind == "年" else [o for o in found if o.endswith(kind)]


def _same(one: str, other: str) -> bool:
    return wan(one) == wan(other) if one.endswith("元") else one == other


def _has(text: str, claimed: str) -> bool:
    return any(_same(one, claimed) for one in _of_kind(text, _kind(claimed)))


def _quotes(one: Stated) -> str:
    return " ".join((one.provision.quote, *one.provision.also))


def _verdict(figure: str, said: list[Stated], under: list[Stated], named: Mapping[str, float]) -> Verdict | None:
    """What holds of a claimed figure: it is the one that answers, one of several, or none; None where undecided."""
    stating = [one for one in said if _of_kind(one.provision.say, _kind(figure))]
    having = [one for one in stating if _has(one.provision.say, figure)]
    if not stating:
        return None
    first = stating[0]
    by_name = named.get(first.id, 0.0)
    meant = by_name >= NAMED and not any(named.get(one.id, 0.0) >= by_name for one in stating[1:])
    if first in having:
        return "right" if meant or having == stating else _of_some(first, having)
    if having and not meant:
        return _of_some(first, having)
    nowhere = not any(_has(f"{one.provision.say} {_quotes(one)}", figure) for one in under)
    return "wrong" if nowhere or meant else None


def _of_some(first: Stated, having: list[Stated]) -> Verdict | None:
    """Whether a figure is one of several of the same kind: shares, or sums per the same thing."""
    provisions = [one.provision for one in (first, *having)]
    alike = {(bool(one.rate), one.ceiling and one.ceiling.per) for one in provisions}
    return "some" if len(alike) == 1 and (False, None) not in alike else None


def _say(saying: Saying, found: Mapping[str, Verdict], source: Source) -> None:
    of = {kind: "、".join(figure for figure, held in found.items() if held == kind) for kind in get_args(Verdict)}
    if of["right"] and of["wrong"]:
        saying.say("claim_mixed", source, right=of["right"], wrong=of["wrong"])
    else:
        kind = next(kind for kind in get_args(Verdict) if of[kind])
        saying.say(f"claim_{kind}", source, figures=of[kind])


def _with_lead(reply: Reply, saying: Saying, first: list[Stated], other: list[Stated], desk: Desk) -> Reply:
    """The reply with a verdict behind the state of the day, what bears it out next, and without `other` matters."""
    day, rest = parted(reply.text, desk.library, desk.today)
    lead, more = ([one.provision.say for one in held] for held in (first, other))
    for say in [*lead, *more]:
        rest = rest.replace(say, "")
    lines = (line for line in rest.split("\n") if line.strip())
    text = "\n".join(part for part in (day, *(line.text for line in saying.lines), *lead, *lines) if part)
    return replace(reply, text=text, origins=(*saying.reply("answered").origins, *reply.origins))
