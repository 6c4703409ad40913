"""Whose case a clause tells of: what is said of a supplier, a parent firm or the rules is not the firm's own.

A party that is the subject of a clause (供应商在海淀, 我们母公司去年产值10亿, 文件要求…) owns what follows up to the
end of the sentence, or until the speaker is the subject again (我们, 本公司). Where the speaker's own figures came
first (固投800万，供应商在上海，去年9月竣工) it owns no more than its own clause. A party that is only an object
(给整车厂做配套, 跟供应商签了合同) owns nothing.
"""

from __future__ import annotations

import re

_OWN = re.compile(
    r"我们|我司|我厂|我单位|我公司|我企业|我方|我家|本公司|本企业|本单位|本厂|本部|咱们?|俺们?|公司(?=就|本身|这边|自己|目前)|(?<![给跟和对])我(?=[在是做有这])"
)
_FIRM = re.compile(r"^(?:那|但|就)?公司(?!的?(?:客户|供应商|母公司|子公司|股东|总部|集团))")
"""公司 at the head of a clause is the speaker's own, unless it goes on of somebody else."""
_ONESELF = re.compile(r"自己|自家")
PARTY = re.compile(
    r"供应商|供货商|供货方|供货的|(?<![新老大])客户(?![端管资经代群])|[老大]客户|甲方|乙方|业主|母公司|总公司|集团|总部(?!注册)|(?<!厂)房东"
    r"|股东(?![会结大])|上级单位|子公司|分公司|办事处|下属(?:企业|公司|单位)|参股的|控股的一家|关联(?:公司|企业)|兄弟(?:公司|单位)|隔壁|邻居"
    r"|楼上|楼下|同行|朋友|同学|亲戚|表[哥弟姐妹]|别人|别家|人家|(?:别的|其他|其它|同类)(?:企业|公司|厂)|竞争对手|(?<!竞争)对手(?![机头])|对家|友商|竞品"
    r"|出租方|出租人|租赁公司|运营方|物业|代工厂|代工的|晶圆厂|封测厂|施工(?:方|总包|单位)|总包|委托的|受托方|委托方|合作(?:方|伙伴|单位|的(?=研究院|高校|企业|公司|医院))"
    r"|经销商|前东家|老东家|(?:那|这)家|某(?:家)?(?:公司|企业|厂)|有一?家[^,]{0,6}(?:企业|公司|厂|单位)|(?:那个|这个|一个)企业|一家公司"
    r"|另(?:外)?一家|案例|例子|链主(?:企业)?(?=那边|的|他|自己|方案)|我们的?链主|他们|对方"
)
_REPORTED = re.compile(
    r"(?:给|跟|和|与|为|买|用)我们[^,]{1,8}的[^,]{0,6}?(?:[那这][家个]|单位|公司|企业|厂|院|高校|总包|方|伙伴)|(?:获奖|拿奖)的[那这][家个]"
    r"|(?:帮|替)(?!我们)[^,]{1,8}(?:咨询|问问?|打听|了解)"
    r"|听(?:说|讲|人[说讲])|据说|传(?:言|闻|的)|(?:据|听)[^,]{1,6}[说讲]"
    r"|(?<![按照据合])(?<!我们公司)(?:文件|政策|条文|条款|指南|通知|规定|原文|中介|网上|公众号|新闻|群里|老师|别人)(?:里|上|中)?[^,]{0,4}"
    r"(?:都在)?(?:说(?!的我|让)|写(?!得)|讲|传|要求|规定|提到)|(?:读|看)到(?:第|条文|文件|政策|指南|一个|有)"
)
"""What is heard, read or said by others (听说…, 文件要求…, 中介说…); 按照政策要求我们… reports nothing."""
_OBJECT = re.compile(
    r"(?:给|为|跟|和|与|向|从|替|帮|对|由|被|把|让|找|是|当|成|做|作为|租|签|供|卖|买|靠|属于|加上|包括|含|以|用|经|通过|配套|欠|借|收购|投|服务|面向|不是|叫|问|等)(?:一家|一个|了|的|某)?[^,]{0,4}$"
)
"""What stands before a party that does or suffers nothing itself (给客户, 跟母公司签的, 我们是供应商)."""
_POSSESSED = re.compile(
    r"(?:公司|厂|企业)?(?:在[^,]{1,6})?(?:的|有一?[个家][^,]{0,8}|旗下|下属|全资|控股|前|老板|园区|行业里|孵化器里)?"
    r"[^,是给跟和为向从替帮对由被把让找卖租签设做投]{0,6}"
)
"""What stands between the speaker and a party of theirs (我们公司在顺义的子公司)."""
_OF_THEIRS = re.compile(
    rf"(?:是|属于|归|算|由)(?:我们|我司|我|咱们?)?(?:家|公司|厂)?的?(?:{PARTY.pattern})[^,]{{0,2}}(?:的|投的|做的|出的|贷的)?$"
    r"|(?:不是|并非|不归|不算)(?:我们|我司|我公司|本公司|咱们?)[^,]{0,4}(?:的款?)?$"
)
"""A clause that ends with whose it is (800万是客户的, 不是我们公司投的)."""
_OF_THE_GROUP = re.compile(r"集团|总部")
_OUR_GROUP = re.compile(r"(?:我们|我司|本|咱们?)(?:公司)?的?$")
_APART = re.compile(r"我们(?!集团|公司的?总部|的?总部)|我司|咱|俺|自己|本公司|本厂|[分子]公司")
"""What sets the speaker apart from a group or head office; without it the speaker is that (我们集团去年产值3亿)."""
_SPEAKS = re.compile(r"我|咱|俺|本公司|本企业|本厂")
_GOES_ON = re.compile(r"^(?:他|她|它|人家|那边|对方)")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千两]+[万亿个]")
_FACTUAL = re.compile(r"\d|[一二三四五六七八九十百千两]+[万亿]|注册|法人|失信|竣工|完工")
"""What tells something of a case."""
_NAMES_ITSELF = re.compile(r"(?:的|北京)(?:分|子)公司$")
"""How a firm that is a branch introduces itself (上海公司在北京的分公司，做芯片设计)."""
QUOTED = 10
"""Letters from which words in quotation marks are somebody else's, not a term."""
_QUOTE = re.compile(rf"“[^”]{{{QUOTED},}}”")
SHORT = 10
"""Letters before a party that belong to it (去年9月集团竣工的, 同一个园区有家企业)."""


def of_others(text: str, clauses: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of a folded text that tell of somebody else's case, or report what the rules say."""
    found = [match.span() for match in _QUOTE.finditer(text)]
    others = own_first = False
    for start, end in clauses:
        clause = text[start:end]
        if start and text[start - 1] in "。!?;":
            others, own_first = others and bool(_GOES_ON.match(clause)), False
        if not start and _NAMES_ITSELF.search(clause) and not _SPEAKS.search(text):
            continue
        begins = _begins(clause, text)
        own = _own_subject(clause, 0 if begins is None else begins[1], others)
        if begins is not None:
            found.append((start + begins[0], end if own is None else start + own))
            others = own is None and not own_first
        elif own is not None:
            if others and own:
                found.append((start, start + own))
            others = False
        elif others:
            found.append((start, end))
        if _OF_THEIRS.search(clause) and not _OWN.match(clause):
            found.append((start, end))
        own_first = own_first or (not others and begins is None and bool(_FACTUAL.search(clause)))
    return found


def own_words(text: str, clauses: list[tuple[int, int]]) -> str:
    """A folded text without what tells of somebody else's case; marks stay."""
    theirs = {at for start, end in of_others(text, clauses) for at in range(start, end)}
    return "".join(letter for at, letter in enumerate(text) if at not in theirs).lstrip(",;") if theirs else text


def _begins(clause: str, text: str) -> tuple[int, int] | None:
    """From where somebody else is the subject of a clause, and where their name ends; None where nobody is."""
    report = _REPORTED.search(clause)
    if report:
        return report.start(), len(clause)
    for party in PARTY.finditer(clause):
        before, behind = clause[: party.start()], clause[party.end() :]
        ours = _OUR_GROUP.search(before) or (not before and behind.startswith("在"))
        if _OF_THE_GROUP.match(party[0]) and ours and not _APART.search(text):
            continue
        own = list(_OWN.finditer(before))
        if own and _POSSESSED.fullmatch(before[own[-1].end() :]):
            lead = before[: own[-1].start()]
            if _OBJECT.search(lead) and not before.endswith("的"):
                continue
            return (own[-1].start() if _FIGURE.search(lead) else 0), party.end()
        if own or (_OBJECT.search(before) and before not in ("是", "就是", "而是", "其实是")):
            continue
        return (party.start() if _FIGURE.search(before) and len(before) > SHORT else 0), party.end()
    return None


def _own_subject(clause: str, after: int, others: bool) -> int | None:
    """Where the speaker is the subject of a clause, behind a place of it; `others`: it goes on of somebody else."""
    if not after and not others and _FIRM.match(clause):
        return 0
    marks: list[re.Match[str]] = [*_OWN.finditer(clause, after), *(_ONESELF.finditer(clause) if not after else ())]
    for own in sorted(marks, key=lambda one: one.start()):
        before, behind = clause[: own.start()], clause[own.end() :]
        if _OBJECT.search(before) and not before.endswith(("是", "和", "与")):
            continue
        party = PARTY.match(behind.lstrip("的"))
        if not party or (_OF_THE_GROUP.match(party[0]) and not _APART.search(clause)):
            return own.start()
    return None
