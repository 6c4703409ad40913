"""A sum that somebody would get, held against the ceiling: 超没超, 在不在限里 is answered first, with by how much."""

from __future__ import annotations

import re
from decimal import Decimal

from dialogs.library import Stated
from dialogs.messages import Reply
from dialogs.saying import Source, stated_sources
from dialogs.stepping import Desk
from dialogs.window import put_first
from knowledge.amounts import told, wan
from knowledge.awarding import wan as as_sum

_ASKS = re.compile(
    r"超没超|超(?:了)?没|(?<!还)没(?:有)?超|超不超|有没有超|超(?:了|过|出)?(?:封顶|上限|限额?|标|顶|那个数|数)?[吗吧]|冒了|冲过头|爆|在不在限|在限|在里头|顶得住"
    r"|给得了|(?:over|exceed)[ ,]?(?:the)?[ ,]?limit|碰顶|封得住"
    r"|没?(?:碰|顶|够)到(?:封?顶|头|上限|线)|在(?:不在)?(?:这个)?(?:上限|封顶|封顶线|线|限|cap)(?:里头|里面|之内|以内|内|里)"
)
"""What asks whether a sum exceeds what there is at most."""
_CLAIMS = re.compile(
    r"对[吧吗]|没错吧|是吧|行不行|行吗|可以吧|能照|全能|能全|全额|全给|给这个数|这么报|到得了|拿得到|砍|给得了|能给吗|能贴吗|能拿吗|给足|都给|ok不ok"
)
_AS_AWARD = re.compile(
    r"(?:就是|算出来|算下来|算出|合起来|加起来|加一?块儿?|能拿|能给|能顶到|觉得能?|三成|一半|两成半?|%|%的话|写|想拿|补|按比例算出来)(?:就?是|能?拿|,)?[^,。?!;\d]{0,5}$"
)
"""What wants a sum confirmed, and what stands before it where it is an award's (补一半就是650万，能全给？)."""
_OF_A_BASE = re.compile(r"(?:投|花|砸|保费|贷|合同|履约|产值|营收|收入|卖|销售|纳入)[^,。?!;\d]{0,5}$")
_A_NUMBER = re.compile(r"[\d二两三四五六七八九][\d零二两三四五六七八九十百千]+")
"""What stands before a sum that an award is reckoned from, and any other figure."""
_OF_TIME = re.compile(r"超[期时]|年[限头]|工期|建设期|期限")
"""What asks so of a length of time."""
_PER = {
    "产品": "产品|品种|每种|单品|单个",
    "药品": "药",
    "医疗器械": "器械",
    "品种": "品种|单品|单个",
    "发（颗）": "[颗发星箭]",
    "车": "[车台辆]",
    "笔保单": "[单笔张]",
    "项目": "项目",
    "配套企业": "[单每一]家|配套|供应商|对.{0,4}厂",
    "产业链龙头企业": "一年|全年|年度|总共|加起来|合起来",
    "企业": "公司|企业|一年|全年|年度|总数|总共|加起来|合起来|加一?块",
}
"""Words that say for what a sum would be got, by what a ceiling is counted for."""


def held_against_ceiling(reply: Reply, folded: str, topic: str, desk: Desk) -> Reply:
    """The reply behind whether the last sum of a question is above the ceiling; as it was where that is not plain."""
    asks = _ASKS.search(folded) is not None
    if not (asks or claims_a_sum(folded)) or _OF_TIME.search(folded):
        return reply
    sums = [one for one in told(folded) if one.kind == "money" and one.value]
    if not sums or not sums[-1].exact or not (asks or _AS_AWARD.search(folded[: sums[-1].start])):
        return reply
    if _OF_A_BASE.search(folded[: sums[-1].start]) or _A_NUMBER.search(folded[sums[-1].end :]):
        return reply  # 投了八千万，三成两千四: the award is told without its unit
    claimed = sums[-1].value
    assert claimed is not None
    stated = {one.provision.say: one for one in desk.library.under(topic) if one.provision.ceiling}
    limits = _meant(list(stated.values()), folded)
    if not limits:
        return reply
    over = {claimed > _most(one) for one in limits}
    if over == {False} and not asks:
        return reply  # that a sum is no more than a ceiling confirms none
    if len(over) != 1 or any("原则上" in one.provision.say for one in limits):
        return reply
    saying, sum_ = desk.saying(), as_sum(claimed)
    own = Source("told", sum_, sum_)
    limit = (max if True in over else min)(limits, key=_most)
    cap = as_sum(_most(limit))
    if True in over:
        formula = f"{sum_} − {cap} = {as_sum(claimed - _most(limit))}"
        sources = (own, *stated_sources(limit), Source("computed", formula, formula))
        saying.say("above_ceiling", *sources, per=_per(limit), most=cap, formula=formula)
    else:
        saying.say("within_ceiling", own, *stated_sources(limit), figure=sum_, per=_per(limit), most=cap)
    saying.cite(limit.clause, limit.provision.quote)
    return put_first(reply, saying, desk.today)


def claims_a_sum(folded: str) -> bool:
    """Whether a question wants a sum confirmed that it has told."""
    return _CLAIMS.search(folded) is not None


def _meant(stated: list[Stated], folded: str) -> list[Stated]:
    """The ceilings that are counted for what is asked of, by its words; all where it has none of them."""
    if _TOGETHER.search(folded):
        return [one for one in stated if _counted_for(one) in ("企业", "产业链龙头企业")]
    named = [one for one in stated if re.search(_PER.get(_counted_for(one), "(?!)"), folded)]
    narrow = [one for one in named if _counted_for(one) != "企业"]
    return narrow or named or stated


_TOGETHER = re.compile(
    r"合起来|加起来|加一?块|一共|总共|[两俩三四五六七八九十\d](?:个|款|种|颗|家)(?:品种|药|产品)?(?:全|都|就|合|一共|,)"
)
"""What says that a sum is for several things together."""


def _counted_for(one: Stated) -> str:
    return one.provision.ceiling.per.partition("（读法")[0] if one.provision.ceiling else ""


def _most(one: Stated) -> Decimal:
    assert one.provision.ceiling is not None
    return Decimal(str(wan(one.provision.ceiling.amount)))


def _per(one: Stated) -> str:
    ceiling = one.provision.ceiling
    assert ceiling is not None
    one_of = "单" if ceiling.per in ("车", "笔保单", "发（颗）") else "单个"
    return f"{one_of}{_counted_for(one)}{'一年' if ceiling.yearly else ''}"
