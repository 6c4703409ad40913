"""What a share comes to for the one sum that a question tells: 老厂房投了600万能补多少 → 600万元 × 20% = 120万元.

Only where one branch with printed shares is meant, and the sum stands beside a word of their base (`told_by` in the
branch's rules) or is hardly more than another sum. Where the share hangs on a tier, each tier is reckoned. The base of
the guide is narrower than what people call it, so the line says what it supposes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from dialogs.conversation import Conversation
from dialogs.intent import Intent
from dialogs.messages import Reply
from dialogs.saying import Saying, Source, branch_source
from dialogs.stepping import Desk
from dialogs.window import of_another_year, put_first
from knowledge.amounts import EACH, OF_EACH, UP_TO_THE_SUM, Measured, told
from knowledge.awarding import Reckoned, award, ceiling_words, is_given, percent, plain_number, reckon, wan
from knowledge.binding import with_tax
from knowledge.casework import case_of
from knowledge.rulebook import BranchBook, Case, Share, Value
from knowledge.scene import Scene
from knowledge.telling import heard_in

_HOW_MUCH = re.compile(
    r"%[是就得,]{0,2}\d|按(?:照)?\d+%|[补奖贴给拿][\d一二两三四五六七八九十百千][\d.一二两三四五六七八九十百千]*[万亿]元?的?(?:[?吧吗对是]|$)|算(?:一?[个下]|算|出来?)(?:数|账)?|重算|再算|多少|几(?:个)?(?:钱|万|百万|千万)|(?:最高|封顶|上限|顶格)(?:是|能|给|拿)?[?]?$|到顶了?没|封顶了?没|(?:能|可以)(?:拿|补|奖|贴|给|领)"
)
_ELSE = re.compile(
    r"他们|人家|对方|供应商的|子公司|母公司|集团|起步|门槛|至少|最低|才(?:能|可以|够|有|算|给|行)|多少(?:钱)?(?:才)?[能得可]|几家|(?:一共|合计)(?!投|花|砸|是?\d|封顶|最多|能|可以)|每年|每月|每平"
    r"|一半|政府(?:买|采购|给过|补过|项目)|买地|土地|写字楼|租金|回报|产值|营收|(?<!能)(?<!可以)(?:补|奖|贴|给|拿|得|领)(?:了|到|我们)?\d(?![\d.]*[万亿]元?的?(?:[?吧吗对是]|$))|封顶\d|上限\d|已经(?:补|拿)|(?:19|20)(?:1\d|2[01])年(?![^,。?!;]{0,6}(?:开工|动工))"
)
"""What makes something else of the sum than the base of the award."""
_LESS = re.compile(r"不到|(?<!封顶)(?<!到顶)没(?!含税|评上|问题)|未(?!税)|不足")
"""What makes so in the clause of a sum, or in the question behind it (没有绿色工厂这类牌子 is of neither)."""
_CLAIMS = re.compile(
    r"(?:能|可以)(?:拿|补|奖|贴|给|领|得)(?:到|够)?[\d.一二两三四五六七八九十百千]+[万亿]元?[吗么不][?]?$|(?:补|奖|贴|给|拿|领)[\d.一二两三四五六七八九十百千]+[万亿]元?[?]$"
    r"|吧[?]?$|对[吗吧]|对不对|是[吗吧]|是不是|听说|没错"
)
"""What wants a reckoning of one's own confirmed (能拿4000万吧)."""
_ONE = re.compile(r"(?<![\d十百千几])[一单每][颗发辆台笔张单个家款种](?!多)")
"""What says that there is one of what is reckoned apart (一颗卫星保费1300万)."""
_ANOTHER_SUM = re.compile(
    r"(?:那么?|要是|如果|假如|改成|改为|换成|变成|再|就|是|我们|咱们?|投资?|投了|花了?|卖了?|了|,"
    r"|财务说|审计说|会计说|老板说|审减了?|审定|核定|核减|核减到|审下来|只认|认定?|只算|实际|其实)*$"
)
"""What may stand before a sum that takes the place of the one spoken of (改成投资5000万算一下)."""
_AND_NOW = re.compile(
    r"(?:的话)?(?:呢|吧|算一?下|算算|怎么算|(?:又)?(?:能|可以)?(?:拿|给|补|奖)(?:多少|几)(?:钱)?|,?(?:重新?|再)算一?下?|,?(?:重|再)来一遍)?[?]?"
)
"""What may stand behind it."""


def reckoned(reply: Reply, text: str, intent: Intent, conversation: Conversation, desk: Desk) -> Reply:
    """The reply with the arithmetic put first behind the state of the day; as it was where there is none.

    `conversation`: as it was before the message, of which one that is hardly more than a sum asks again (5000万呢).
    """
    topics = {topic for ask in intent.asks for topic in ask.topics}
    if reply.status != "answered" or intent.kind != "asks" or len(topics) != 1:
        return reply
    topic = next(iter(topics))
    branches = desk.library.branches_of(topic)
    folded = desk.library.teller.letters(text)
    measured = [one for one in told(folded) if one.kind in ("money", "share") and _is_sum(one)]
    of_money = not conversation.facets or bool({"amount", "rate"} & set(conversation.facets))
    again = topic in conversation.topics and of_money and len(measured) == 1 and _asks_of_another(measured[0], folded)
    if not (again or _HOW_MUCH.search(folded)) or _is_of_else(folded):
        return _stacked(reply, folded, branches, conversation, desk) if _ADDS_UP.search(folded) else reply
    if of_another_year(folded, desk.library, desk.today):
        return reply
    if _ADDS_UP.search(folded) and (stacked := _stacked(reply, folded, branches, conversation, desk)) is not reply:
        return stacked
    found = [one for branch in branches if (one := _found(branch, folded, measured, desk, again=again))]
    if not found or len(found) < len(branches) or len({one.result.amount for one in found}) > 1:
        return reply
    if len(branches) > 1 and (found[0].result.amount is None or len(found[0].shares) > 1):
        return reply
    return _with_line(reply, found[0], desk, of_several=len(branches) > 1)


def _is_of_else(folded: str) -> bool:
    """Whether a text makes something else of its sum than the base of an award."""
    clauses = re.split(r"(?<=[,。;])", folded)
    bearing = "".join(one for one in clauses[:-1] if told(one)) + clauses[-1]
    return bool(_ELSE.search(folded) or _LESS.search(bearing))


def _is_sum(one: Measured) -> bool:
    """Whether a figure is told as a sum of some size (那一块 is a part, not a yuan)."""
    return one.value is not None and one.value >= LEAST


LEAST = Decimal("0.001")
"""万元 below which nothing is a sum."""
_ADDS_UP = re.compile(
    r"加(?:在)?(?:一起|一块|起来)|全加|都加上|合(?:在)?(?:一起|计|起来)|一共|总共|共(?:能|可)|叠|摞|全拿|都拿|拿满|顶天|凑一起|总数|最多能拿多少|能拿\d+万"
)
"""What asks for an award with what is given on top of it."""


def _stacked(reply: Reply, folded: str, branches: tuple[str, ...], conversation: Conversation, desk: Desk) -> Reply:
    """The reply with an award and what is added to it, by what a firm tells that it is (升规、专精特新一共能拿多少).

    Only where something is added for sure, and the branch is met by what is told or granted; of several the highest.
    """
    before = {key: one.value for key, one in conversation.now.items() if one.value is not None}
    case = {**case_of(before, desk.library.guide), **_case(folded, desk)}
    if any(word in folded and fact not in case for word, fact in _NAMES_MORE.items()):
        return reply  # what is named may be given too, and was not heard for sure
    found: list[tuple[Decimal, str, BranchBook]] = []
    for branch in branches:
        book = desk.library.guide.book.branches[branch]
        if not any(is_given(one, case) for one in book.extras) or book.whole.holds(_granted(book, case)) is not True:
            continue
        result = award(book, case)
        if result.amount is not None:
            found.append((result.amount, result.text, book))
    if not found:
        return reply
    _, text, book = max(found, key=lambda one: one[0])
    saying = desk.saying()
    quotes = [share.part.quote for share in book.shares] + [extra.bonus.quote for extra in book.extras]
    sources = [Source("quoted", quote, " ".join(quote.split())) for quote in dict.fromkeys(quotes)]
    saying.say("stacked", *sources, Source("computed", text, text), branch_source(book.id, desk.library), award=text)
    saying.cite(desk.library.guide.branches[book.id].clause, book.shares[0].part.quote)
    return put_first(reply, saying, desk.today)


_NAMES_MORE = {"dcmm": "dcmm_or_security", "分类分级": "dcmm_or_security", "专精特新": "is_zjtx"}
"""What adds to an award by the word that names it, with the fact that has to be told."""
_GRANTED: Case = {
    "reg_beijing": True, "independent_legal_entity": True, "serious_dishonesty_last_3y": False,
    "other_direction_applied": "none", "other_municipal_funding": False, "is_advanced_mfg": True,
    "sw_code_64_65": True, "output_over_1yi_before_2022": False,
}  # fmt: skip
"""What a firm that asks for an award's sum is taken to meet where it says nothing of it."""


def _granted(book: BranchBook, case: Case) -> dict[str, Value]:
    """A case with what nobody tells; a firm that tells its output or revenue is above the scale already."""
    sized = any(leaf.fact in case for leaf in book.whole.leaves() if leaf.fact.endswith("_wan"))
    year: dict[str, Value] = {"first_above_scale_year": Decimal(2022)} if sized else {}
    return {**_GRANTED, **year, **case}


@dataclass(frozen=True)
class _Found:
    """What a branch gives for a told sum: the phrase and its slots, and what they stand on."""

    phrase: str
    sums: str
    claimed: str
    shares: tuple[Share, ...]
    result: Reckoned
    book: BranchBook


def _found(branch: str, folded: str, measured: list[Measured], desk: Desk, *, again: bool) -> _Found | None:
    """What a branch gives for the one base that a question tells; None where none is plain, or it suffices not."""
    book = desk.library.guide.book.branches[branch]
    shares = _shares(book)
    if not shares:
        return None
    shares = _told_share(shares, measured)
    bases = [one for one in measured if again or _tells_base(one, shares[0], folded)]
    bases = bases or [one for one in measured if _stands_alone(one, measured, shares[0], folded)]
    others = [one for one in measured if one.kind == "money"]
    if shares[0].part.by and (parted := _of_special(book, others, folded)):
        return parted
    if len(bases) != 1 or (len(others) > 1 and not _CLAIMS.search(folded)):
        return None
    have = bases[0].value
    assert have is not None
    count = _count(bases[0], folded)
    each = OF_EACH.search(folded[: bases[0].start]) is not None
    if each and count is None and not shares[0].part.count:
        return None  # 设备每台20万: of how many is not told
    if _of_another_measure(shares[0], folded, desk):
        return None
    one = bool(shares[0].part.count) and (count is not None or bool(_ONE.search(folded)))
    apart = count is not None and _per_project(shares[0])
    total = have if count is None or shares[0].part.each or apart else have * count
    if _below_a_floor(total, book):
        return None
    sums = wan(total) if count is None or total == have else f"{wan(have)} × {plain_number(count)} = {wan(total)}，"
    sums = f"每个项目{sums}" if apart else sums
    case, guessed = _case(folded, desk), False
    shares = _that_apply(shares, case)
    if shares[0].part.by:
        special = {key: told for key, told in case.items() if key in {str(share.part.base) for share in book.shares}}
        result = award(book, {**special, str(shares[0].part.base): total})
    elif len(shares) > 1:
        result = _by_tiers(total, shares, book)
    else:
        alone = _award(total, shares[0], book, count=count, one=one)
        found = alone or _award(total, shares[0], book, count=count, one=True)
        given = total * (shares[0].rate or 0)
        if found is None or (alone is None and given > FAR_ABOVE * (shares[0].cap or given)):
            return None  # 保费200万 is that of many cars
        cap, result = shares[0].part.cap, found
        sums = sums if alone or cap is None else f"{sums}算在{cap.per}上，"
        guessed = alone is None
    most = result.amount or _most_of_tiers(total, shares, book)
    if apart and most is not None and count is not None:
        most = most * count  # each of them has its own cap; whether several may be applied for is not written
    several = count is None and _SEVERAL.search(folded) is not None
    years = _YEARS.search(folded) is not None and shares[0].part.remark is not None
    claimed = None if guessed or several or years else _claimed(folded, measured, bases[0])
    phrase, got = _held_against(claimed, most, sure=result.amount is not None and not apart)
    return _Found(phrase, sums, got, shares, result, book)


FAR_ABOVE = 3
"""How many times the cap of one an award may be until it is plainly for several."""
_SEVERAL = re.compile(r"(?:[两俩三四五六七八九十几多\d]+)(?:个|家|颗|枚|笔|台|辆|张|份|款|种)(?!点)|[都各]")
"""What says that there are several of what may each have a cap."""
_YEARS = re.compile(r"[\d二两三四五]年(?!\d|[内初末底])")
"""What asks of several years together."""


def _claimed(folded: str, measured: list[Measured], base: Measured) -> Decimal | None:
    """The sum that a question would get, beside the one of the base (投了4000万，能拿1000万吗)."""
    others = [one for one in measured if one is not base and one.kind == "money" and one.exact]
    got = [one.value for one in others if _WOULD_GET.search(folded[: one.start])]
    return got[0] if len(others) == 1 and got else None


_WOULD_GET = re.compile(
    r"(?:能|可以|就是?|该|应该|是)(?:拿|补|奖|贴|给|领|得)?(?:到|够)?$|(?:^|,)(?:那|就|是|得|该)*(?:补|奖|贴|给|拿|领)$"
)
"""What stands before a sum that one would get."""


def _held_against(claimed: Decimal | None, most: Decimal | None, *, sure: bool) -> tuple[str, str]:
    """The phrase for what is claimed beside the most that there is, and the claimed sum as it is said.

    `sure`: that most is the firm's own, not the one of the highest of several shares.
    """
    if claimed is None or most is None or claimed < most or (claimed == most and not sure):
        return "reckoned", ""
    return ("reckoned_beyond" if claimed > most else "reckoned_just"), wan(claimed)


def _case(folded: str, desk: Desk) -> dict[str, Value]:
    """What the question tells of the case besides its sum (智能工厂, 液冷部分)."""
    told = heard_in(Scene(folded, desk.today, answer=True), desk.library.teller).told
    return case_of({one.fact: one.value for one in told}, desk.library.guide)


def _that_apply(shares: tuple[Share, ...], case: dict[str, Value]) -> tuple[Share, ...]:
    """The highest share that applies by what is told, else all that may."""
    held = [(share, share.when.holds(case) if share.when else None) for share in shares]
    sure = [share for share, holds in held if holds]
    may = tuple(share for share, holds in held if holds is not False)
    return (max(sure, key=lambda share: share.rate or 0),) if sure else may or shares


def _per_project(share: Share) -> bool:
    """Whether a share's cap is one for each project, so that several are not added up."""
    return share.part.cap is not None and "项目" in share.part.cap.per and not share.part.count


def _of_another_measure(share: Share, folded: str, desk: Desk) -> bool:
    """Whether a sum is told of another year than its base is of, or with tax where that is without."""
    figure = desk.library.teller.figures.get(str(share.part.base))
    if figure is None:
        return False
    years = {int(year) for year in _YEAR.findall(folded)}
    other_year = figure.rules.year is not None and bool(years) and figure.rules.year not in years
    return other_year or bool(figure.rules.net and with_tax(folded))


_YEAR = re.compile(r"(20\d\d)年")


def _asks_of_another(one: Measured, folded: str) -> bool:
    """Whether a message goes on from a sum with another one, of all or of each (三颗卫星每颗都1200万呢)."""
    goes_on = folded.rstrip("?").endswith("呢") and one.kind == "money" and one.exact
    each = goes_on and bool(OF_EACH.search(folded[: one.start])) and _count(one, folded) is not None
    return _only_a_sum(one, folded) or (each and not _IS_ELSE.search(folded[: one.start]))


def _only_a_sum(one: Measured, folded: str) -> bool:
    """Whether a message is hardly more than a sum (那5000万能拿多少)."""
    lead, rest = folded[: one.start], folded[one.end :]
    return one.kind == "money" and one.exact and bool(_ANOTHER_SUM.match(lead) and _AND_NOW.fullmatch(rest))


def _shares(book: BranchBook) -> tuple[Share, ...]:
    """The shares of a branch, where all are printed, of one base and one cap, and the words of that base are known.

    So too where an award of its own name reckons them together.
    """
    parts = {(share.part.base, share.part.told_by, share.cap) for share in book.shares}
    known = all(share.rate is not None and share.part.told_by and not share.part.by for share in book.shares)
    named = book.shares[0].part.by and book.shares[0].part.told_by  # its award knows what the parts are
    return book.shares if named or (known and len(parts) == 1) else ()


def _tells_base(one: Measured, share: Share, folded: str) -> bool:
    """Whether a sum stands right behind a word of a share's base."""
    words = "|".join(map(re.escape, share.part.told_by))
    lead = re.sub(
        rf"(?:[\d一二两三四五六七八九十百千]+[{''.join(_APART)}],?)?(?:{EACH}|{_OF_ONE})$", "", folded[: one.start]
    )
    beside = re.search(rf"(?:{words}){UP_TO_THE_SUM}$", lead)
    other = _WORTH.search(lead) or _WORTH_BEHIND.match(folded[one.end :])
    return one.kind == "money" and one.exact and beside is not None and not other


def _of_special(book: BranchBook, sums: list[Measured], folded: str) -> _Found | None:
    """What a data centre's special part gives alone, or with the rest that is told beside it (液冷600万，其他900万)."""
    general, special = book.shares
    if any(_WORTH.search(folded[: one.start]) or _WORTH_BEHIND.match(folded[one.end :]) for one in sums):
        return None
    parts = [one for one in sums if one.exact and _SPECIAL.search(folded[: one.start])]
    if len(parts) != 1 or special.rate is None or not special.part.base or not general.part.base:
        return None
    part = parts[0].value
    assert part is not None
    if len(sums) == 1:
        given, rate = part * special.rate, percent(special.rate)
        text = f"{special.part.of}不超过{rate}：{wan(part)} × {rate} = {wan(given)}；这一段没有写封顶"
        return _Found("reckoned", wan(part), "", (special,), Reckoned(given, text), book)
    if whole := _with_total(parts[0], sums, folded):
        result = award(book, {str(general.part.base): whole, str(special.part.base): part})
        return _Found("reckoned", wan(whole), "", book.shares, result, book)
    rest = [one for one in sums if one.exact and _THE_REST.search(folded[: one.start])]
    if len(sums) != 2 or len(rest) != 1 or rest[0].value is None:
        return None
    whole = part + rest[0].value
    result = award(book, {str(general.part.base): whole, str(special.part.base): part})
    sums_ = f"{wan(part)} + {wan(rest[0].value)} = {wan(whole)}，"
    return _Found("reckoned", sums_, "", book.shares, result, book)


def _with_total(special: Measured, sums: list[Measured], folded: str) -> Decimal | None:
    """The total that is told beside a special part of it, with or without the rest (一共1000万，其中液冷400万)."""
    others = [one for one in sums if one is not special and one.exact and one.value is not None]
    rest = [one for one in others if _THE_REST.search(folded[: one.start])]
    totals = [one.value for one in others if one not in rest and _IN_ALL.search(folded[: one.start])]
    if len(totals) != 1 or len(others) != len(rest) + 1 or len(rest) > 1 or special.value is None:
        return None
    parts = special.value + sum((one.value for one in rest if one.value is not None), Decimal(0))
    whole = totals[0]
    if whole is None:
        return None
    fits = whole == parts if rest else whole > special.value and bool(_OF_IT.search(folded[: special.start]))
    return whole if fits else None


_IN_ALL = re.compile(r"(?:一共|总共|合计|总投资|总的|总额|总|投资)[^,。?!;\d]{0,6}$")
_OF_IT = re.compile(r"(?:其中|里面|里头|包括|含)[^,。?!;\d]{0,12}$")
"""What stands before a total, and before a part of it."""


_SPECIAL = re.compile(r"(?:液冷|余热|光伏|氢能|算力)[^,。?!;\d]{0,12}$")
_THE_REST = re.compile(r"(?:其他|其它|其余|剩下|剩余|别的|另外)[^,。?!;\d]{0,12}$")
"""What stands before the sum of a data centre's special part, and before that of the rest."""


def _told_share(shares: tuple[Share, ...], measured: list[Measured]) -> tuple[Share, ...]:
    """The shares of the rate that a question tells, where it is one of them (按25%算), else all."""
    rates = {one.value / 100 for one in measured if one.kind == "share" and one.value is not None}
    return tuple(share for share in shares if share.rate in rates) or shares


def _stands_alone(one: Measured, measured: list[Measured], share: Share, folded: str) -> bool:
    """Whether the one sum of a question, of which it says nothing else, is what was invested (审下来4200万全认)."""
    alone = [other for other in measured if other.kind == "money"] == [one]
    lead, behind = folded[: one.start], folded[one.end :]
    other = _IS_ELSE.search(lead) or _WORTH.search(lead) or _WORTH_BEHIND.match(behind)
    return alone and one.exact and INVESTED in share.part.told_by and not other


INVESTED = "投"
"""The word that tells of a base that it is an investment, of which people say no more than the sum."""
_IS_ELSE = re.compile(
    r"(?:营收|收入|产值|销售|卖|利润|资本|资产|净|税|估值|融资|贷|借|租|首付|土地|买地|工资|社保|门槛|其中|合同|履约|保|增|奖|补|拿|给|得到|拿得|能得|领|贴"
    r"|封顶|上限|最高|最多|至少|起|超过?|不到|差|还|再|少|退)[^,。?!;\d]{0,5}$"
)
"""What stands before a sum that is no investment."""
_WORTH = re.compile(
    r"(?:评估|作价|订单|节约|节省|产出|产能|效益|回款|租金|房租|买来|收入|营收|产值|利润|贷款?|估值)[^,。?!;\d]{0,6}$"
)
_WORTH_BEHIND = re.compile(
    r"的?(?:订单|营收|合同|贷款|收入|产值|评估|租金|利润|效益|回款)|是?(?:贷|借|补|租)(?:款|的|来)"
)
"""What stands before and behind a sum that tells what something is worth or brings, not what was put into it."""


_OF_ONE = "[一1][台辆颗家个款种发笔份张枚](?:车|星)?(?:是|要|就|都)?"
"""What says of a sum that it is that of one (保费一台4万)."""


def _count(base: Measured, folded: str) -> Decimal | None:
    """How many there are of what a sum is told of each (30台车每台保费2万8); None where the sum is of all."""
    counts = [one for one in told(folded) if one.kind == "count" and one.value is not None and one.unit in _APART]
    each = OF_EACH.search(folded[: base.start])
    several = {one.value for one in counts if one.value and one.value > 1}
    return several.pop() if each and len(several) == 1 else None


_APART = frozenset("台辆颗家个种款件笔份张")
"""What is counted of what an award is reckoned for apart, and what says that a sum is that of each."""


def _award(have: Decimal, share: Share, book: BranchBook, *, count: Decimal | None, one: bool) -> Reckoned | None:
    """The most for a sum; None where it hangs on how many there are.

    `one`: it is said that the sum is for one of them; `count`: and of how many.
    """
    assert share.rate is not None and share.part.base is not None
    if share.part.count and share.cap is not None and have * share.rate > share.cap and not one:
        return None
    case = {share.part.base: have} | ({share.part.count: count} if share.part.count and count else {})
    return reckon(share, book.ceilings, case)


def _by_tiers(have: Decimal, shares: tuple[Share, ...], book: BranchBook) -> Reckoned:
    """What a sum comes to at each printed share; which of them it is, the lines of the reply tell."""
    rates = sorted({share.rate for share in shares if share.rate is not None})
    cap = _cap(shares, book)
    products = [(rate, have * rate) for rate in rates]
    terms = [f"{wan(have)} × {percent(rate)} = {wan(product)}" for rate, product in products]
    over = "超过封顶的按封顶；" if cap is not None and any(product > cap for _, product in products) else ""
    return Reckoned(None, f"按{shares[0].part.of}分档：{'，'.join(terms)}；{over}{ceiling_words(book)}")


def _cap(shares: tuple[Share, ...], book: BranchBook) -> Decimal | None:
    """The lowest cap over some shares; None where the clause prints none."""
    own = [share.cap for share in shares if share.cap is not None]
    return min(own + [one.amount for one in book.ceilings], default=None)


def _most_of_tiers(have: Decimal, shares: tuple[Share, ...], book: BranchBook) -> Decimal | None:
    """The most that a sum comes to at the highest of several printed shares."""
    if any(share.part.by for share in shares):
        return None
    most = max(have * share.rate for share in shares if share.rate is not None)
    cap = _cap(shares, book)
    return most if cap is None else min(most, cap)


def _below_a_floor(have: Decimal, book: BranchBook) -> bool:
    """Whether a branch has a least sum above the one that is told (固定资产投资不低于500万元)."""
    floors = (leaf for leaf in book.whole.leaves() if leaf.operator in ("at_least", "more_than"))
    return any(leaf.fact.endswith("_wan") and have < value for leaf in floors for value in leaf.values
               if isinstance(value, Decimal))  # fmt: skip


def _with_line(reply: Reply, found: _Found, desk: Desk, *, of_several: bool) -> Reply:
    """The reply with the arithmetic; of several branches that come to the same without their different caps."""
    saying: Saying = desk.saying()
    shares, book = found.shares, found.book
    text = found.result.text.partition("；")[0] if of_several else found.result.text
    quotes = [
        quote for share in shares for quote in (share.part.quote, *([share.part.cap.quote] if share.part.cap else []))
    ]
    quotes += [ceiling.limit.quote for ceiling in book.ceilings]
    sources = [Source("quoted", quote, " ".join(quote.split())) for quote in dict.fromkeys(quotes)]
    sources += [Source("computed" if "=" in found.sums else "told", found.sums, "您说的金额")]
    sources += [Source("computed", text, text), branch_source(book.id, desk.library)]
    if found.claimed:
        sources += [Source("told", found.claimed, found.claimed)]
        saying.say(found.phrase, *sources, have=found.sums, award=text, claimed=found.claimed)
    else:
        saying.say(found.phrase, *sources, have=found.sums, award=text)
    saying.cite(shares[0].part.clause or desk.library.guide.branches[book.id].clause, shares[0].part.quote)
    return put_first(reply, saying, desk.today)
