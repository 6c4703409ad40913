"""Whose case a clause tells of: what is said of a supplier, a parent firm or the rules is not the firm's own.

A party that is the subject of a clause (供应商在海淀, 我们母公司去年产值10亿, 文件要求…) owns what follows, over
commas, until the speaker is the subject again (我们, 本公司, 自己). A party that is only an object (给整车厂做配套,
跟供应商签了合同) owns nothing.
"""

from __future__ import annotations

import re

_OWN = re.compile(
    r"我们|我司|我厂|我单位|我公司|我企业|我方|我家|本公司|本企业|本单位|本厂|本部|咱们?|俺们?|(?<![给跟和对])我(?=[在是做有这])"
    r"|自己|自家|(?:^|(?<=[那但就]))公司(?!的?(?:客户|供应商|母公司|子公司|股东|总部|集团))"
)
PARTY = re.compile(
    r"供应商|供货商|供货方|供货的|客户|甲方|乙方|业主|母公司|总公司|集团|总部(?!注册)|股东|子公司|分公司|办事处|下属(?:企业|公司|单位)"
    r"|关联(?:公司|企业)|兄弟(?:公司|单位)|隔壁|邻居|楼上|楼下|同行|朋友|别人|别家|人家|(?:别的|其他|其它|同类)(?:企业|公司|厂)|竞争对手"
    r"|对手|对家|友商|竞品|房东|出租方|出租人|租赁公司|运营方|物业|代工厂|代工的|晶圆厂|封测厂|施工方|委托的|受托方|委托方|合作方|经销商"
    r"|前东家|老东家|(?<![的了])那家|某(?:家)?(?:公司|企业|厂)|有一?家[^,]{0,6}(?:企业|公司|厂|单位)|(?:那个|这个|一个)企业|一家公司"
    r"|另(?:外)?一家|案例|例子|链主(?=那边|的|他|自己)|我们的?链主|他们|对方"
)
_TOLD_OF_RULES = re.compile(
    r"(?:给|跟|和|与)我们[^,]{1,8}的(?:那|这)(?:家|个)|(?:获奖|拿奖|抢市场)的(?:那|这)(?:家|个)|听(?:说|讲|人[说讲])|据说|传(?:言|闻|的)|(?:据|听)[^,]{1,6}[说讲]"
    r"|(?:文件|政策|条文|条款|指南|通知|规定|原文|中介|网上|公众号|新闻|群里|老师|别人)(?:里|上|中)?[^,]{0,4}(?:都在)?(?:说|写|讲|传|要求|规定|提到)"
    r"|(?:读|看)到(?:第|条文|文件|政策|指南|一个|有)"
)
_OBJECT = re.compile(
    r"(?:给|为|跟|和|与|向|从|替|帮|对|由|被|把|让|找|是|当|成|做|作为|租|签|供|卖|买|靠|属于|加上|包括|含|以|用|经|通过|配套|欠|借|收购|投|服务|面向|不是|叫|问|等)(?:一家|一个|了|的|某)?[^,]{0,4}$"
)
"""What stands before a party that does or suffers nothing itself (给客户, 跟母公司签的, 我们是供应商)."""
_POSSESSED = re.compile(
    r"(?:公司|厂|企业)?(?:在[^,]{1,6})?(?:的|有个|有一?家|旗下|下属|控股|全资|的全资|前|老板的?|园区|行业里|孵化器里的?)*"
    r"[^,是给跟和为向从替帮对由被把让找卖租签设做投]{0,4}$"
)
"""What stands between the speaker and a party of theirs (我们公司在顺义的子公司)."""
_OF_THEIRS = re.compile(
    rf"(?:是|属于|归|算|由)(?:我们|我司|我|咱们?)?(?:家|公司|厂)?的?(?:{PARTY.pattern})[^,]{{0,2}}(?:的|投的|做的|出的|贷的)?$"
    r"|(?:不是|并非|不归|不算)(?:我们|我司|我公司|本公司|咱们?)[^,]{0,4}(?:的款?)?$"
)
"""A clause that ends with whose it is (800万是客户的, 不是我们公司投的)."""
_GOES_ON = re.compile(r"^(?:他|她|它|人家|那边|对方)")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千两]+[万亿个]")
_NAMES_ITSELF = re.compile(r"(?:的|北京)(?:分|子)公司$")
"""How a firm that is a branch introduces itself (上海公司在北京的分公司，做芯片设计)."""
_ONE_SPEAKS = re.compile(r"我|咱|俺|本公司|本企业|本厂")
QUOTED = 10
"""Letters from which words in quotation marks are somebody else's, not a term."""
_QUOTE = re.compile(rf"“[^”]{{{QUOTED},}}”")


def of_others(text: str, clauses: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of a folded text that tell of somebody else's case, or report what the rules say."""
    found = [match.span() for match in _QUOTE.finditer(text)]
    others = False
    for start, end in clauses:
        clause = text[start:end]
        if not start and _NAMES_ITSELF.search(clause) and not _ONE_SPEAKS.search(text):
            continue
        if start and text[start - 1] in "。!?;" and not _GOES_ON.match(clause):
            others = False
        begins = _begins(clause)
        own = _own_subject(clause, 0 if begins is None else begins[1])
        if begins is not None:
            found.append((start + begins[0], end if own is None else start + own))
            others = own is None
        elif own is not None:
            if others and own:
                found.append((start, start + own))
            others = False
        elif others:
            found.append((start, end))
        if _OF_THEIRS.search(clause) and not _OWN.match(clause):
            found.append((start, end))
    return found


def own_words(text: str, clauses: list[tuple[int, int]]) -> str:
    """A folded text without what tells of somebody else's case; marks stay."""
    theirs = {at for start, end in of_others(text, clauses) for at in range(start, end)}
    return "".join(letter for at, letter in enumerate(text) if at not in theirs).lstrip(",;") if theirs else text


def _begins(clause: str) -> tuple[int, int] | None:
    """From where somebody else is the subject of a clause, and where their name ends; None where nobody is."""
    report = _TOLD_OF_RULES.search(clause)
    if report:
        return report.start(), len(clause)
    for party in PARTY.finditer(clause):
        before = clause[: party.start()]
        own = list(_OWN.finditer(before))
        held = own and _POSSESSED.fullmatch(before[own[-1].end() :])
        if held:
            lead = before[: own[-1].start()]
            if _OBJECT.search(lead):
                continue
            return (own[-1].start() if _FIGURE.search(lead) else 0), party.end()
        if own or (_OBJECT.search(before) and before not in ("是", "就是", "而是", "其实是")):
            continue
        return (party.start() if _FIGURE.search(before) and len(before) > SHORT else 0), party.end()
    return None


SHORT = 10
"""Letters before a party that belong to it (去年9月集团竣工的, 同一个园区有家企业)."""


def _own_subject(clause: str, after: int) -> int | None:
    """Where the speaker is the subject of a clause, behind a place of it."""
    for own in _OWN.finditer(clause, after):
        before, behind = clause[: own.start()], clause[own.end() :]
        if _OBJECT.search(before) and not before.endswith(("是", "和", "与")):
            continue
        party = PARTY.match(behind) or PARTY.match(behind.lstrip("的"))
        if not party:
            return own.start()
    return None
