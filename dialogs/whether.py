"""The wordings of a question whether something suffices: what asks it, and what makes another question of it.

All are looked for in a text as the teller folds it.
"""

from __future__ import annotations

import re

from knowledge.amounts import told
from knowledge.finding import is_question

WHETHER = re.compile(
    r"够|能报|能算|到没到|算得上|有[^,。?!;]{0,4}份|合规|对得上|过得了|妨碍|影响|还算|可以[不么]|能不能报|可以报|可申[报请]|能往[^,。?!;]{0,5}报|能申(?!领)|可以申请|行不行|行吗|行不|达标|达到|达线|达没达|符合|算不算|算进|算在内|算数[吗不]|合格|合规|有资格|满足|有戏|报得[了上成]"
    r"|拿得[到着上]|能拿|能领(?!个?多|几)|能要|有我们?[没吗份]|差不差|可以吗|赶得?(?:上|及)|来得?及|能(?:不能)?(?:补|奖|贴|给)|成不成|成吗|轮得[到上]|过线|过不过|线过没过|过没过|过得去|过得了|过关"
    r"|碰一?碰|碰得|进得[去了]|卡不卡|卡我|指望得上|摸得[着到]|eligible|qualif|拿不到|报不了"
    r"|差多少|还差|离门槛|过了?[吗么没]|过[线了]没|[到过了]没[?]?$|判一?判|判断|评评理|下结论|还(?:给|让|能)(?:奖|补|报|拿|领|贴)?[吗么不]|(?:奖|补|贴|给钱|给)[吗么不][?]?$"
    r"|没我们?(?:什么|啥)?事|能不能过|能按[^,。?!;]{0,12}[报领拿申]|白忙|没戏|没希望|没指望|泡汤|还早|卡(?:掉|住|下来)|迈过|跨过|沾得?(?:上)?[边光]|要紧|挨得上|碍不碍事|超没超|超期|超时|算超|通融|行得通|有份"
)
"""What asks whether something suffices."""
CONFIRMS = re.compile(r"对[吗吧]")
"""What wants a whole sentence confirmed, of which only a no is sure (固投180万元，可以按25%算45万元对吧)."""
ASKING = re.compile(
    r"(?:能不能(?:再)?(?:报|申请|申报|拿|领|享受)[^,。?!;\d]{0,10}|行不行|行吗|行不|够不够格?|够吗|够不|能不能报|能报吗|能报不|可以报吗|可以吗|能申请吗|能申报吗|达标吗|符合吗|算不算"
    r"|(?:能|可以)(?:拿|领|享受|报|申请|申报)[^,。?!;\d]{0,10}[吗不么]|能(?:不能)?(?:补|奖|贴|给)(?:我们|咱们?)?[吗不呢]?|够得上[吗不]?|够格[吗不]?|成不成|轮得到(?:我们|咱们?)?[吗不]?|(?:还)?(?:赶得[上及]|来得及)[^,。?!;\d]{0,6}"
    r"|(?:离(?:门槛|要求|线))?还?差(?:了)?(?:多少|几(?:个)?[万亿点])|(?:线)?过[线了]?没(?:有|过)?|到了没|够得着[吗不]?|超没超|合规[吗不吧]?|(?:算|是不是)?超[期时][吗不了]*|算数[吗不]?|拿得[到着][吗不]?|报得[了上成][吗不]?)[?]*(?=$|,)"
)
"""How a question ends that tells a figure; without it the figure stands as if told."""
ASKS_ALONE = re.compile(
    r"(?:够|能[拿报]|能申[请报]|达标|符合|满足|有戏|轮得[到着上])(?:我们|咱们?)?(?:条件|要求|标准)?了?[吗么不没吧啊?]*$"
)
"""How a question ends that only asks whether what was told before suffices (稳运行能拿不)."""
BOUNDED = re.compile(
    r"(?<!够)(?<!够条件)(?<!够格)(?<!够标准)不够|(?<!够)没够|未够|不足|不到|(?<!到)没到|未到|不满|未满|(?<!达)没达|未达|不达|没满足|未满足|不满足|不符合|以下|以上|低于|之前|以前|之后|以后|前竣工"
    r"|子公司|母公司"
)
"""What makes a bound of a figure, or somebody else's of it."""
ELSE = re.compile(
    r"(?:[补贴奖拿领]|给(?!厂|他|它|链主|客户))[^,。?!;\d那这]{0,5}\d|封顶|最多|最高|上限|最长|最短|要满|但|(?<![到过够有超])(?<![够过到超]了)没(?!个|过|到|够)(?!有?(?:错|含税|问题)|有?[?]*$)|还没|(?<!\d)-\d|价款|经营性"
)
"""What makes more, less or something else of a figure than that it is there."""
HOW_MUCH = re.compile(
    r"起步|起报|才(?:(?:能|可以)(?=[报拿领申享给算够补奖贴行有?,]|$)|可(?!以)|行|算|给|够|有|报|成|让|补|奖)(?!竣工|完工|建成|验收|做完|干完)|至少|最低(?!投资|要求|门槛|标准|那)|最少"
    r"|不低于|以上|门槛(?:是|多少)|(?<!差)(?<!差了)多少"
)
"""What asks for the threshold itself, with a figure in it or not."""
SUM_ASKED = re.compile(
    r"(?:最多|最高|顶多|大概|一共|总共|可以|能)*(?:能|可以)?(?:拿|补|奖|给|领|贴|得|到)(?:到|回来?|出来|我们)?(?:多少|几(?:个)?(?:[钱万百千]|点|成))[^,。;]*$"
    r"|(?:最多|最高|顶多|封顶|补贴|奖励|金额|上限)(?:是|能有|有|能到)?(?:多少|几万|几百万)[^,。;]*$"
)
"""How a question ends that wants a sum for what it tells."""
OF_KIND = re.compile(
    r"算不算|算[^,。?!;]{0,8}[吗不么]|属不属于|属于[^,。?!;]{0,10}[吗不么]|范围|认不认|认[吗么]|靠得?上|沾得?上|是不是你们"
)
"""What asks whether something is of the kind that is supported."""
SAYS_MORE = re.compile(r"没|不(?!错)|未|只|还|刚|才|但|可(?![以否])|上海|深圳|外地|天津|河北|苏州")
"""What may say beside a kind that something else fails."""


FORM = re.compile(r"(.)不\1|[吗么不没][?]*$")
"""The form of a yes-or-no question, which denies nothing."""
CLAUSE = re.compile(r"[,。;!]+|(?<=[?])")
"""Where a text is cut in clauses; a question keeps its mark."""


def whether_part(folded: str) -> str:
    """A message up to its question whether something suffices, where one behind it asks for a figure (够吗？封顶多少).

    The whole of it where there is no such question behind.
    """
    parts = _PARTS.split(folded)
    for at, part in enumerate(parts[:-1]):
        if WHETHER.search(part) and is_question(part) and not HOW_MUCH.search(part):
            behind = any(HOW_MUCH.search(one) for one in parts[at + 1 :])
            return "".join(parts[: at + 1]).rstrip(",") if behind else folded
    return folded


def asks_of_what_it_tells(folded: str) -> bool:
    """Whether a message ends with a yes-or-no question behind what it tells (固投620万，工期两年，行?)."""
    *before, last = _clauses(folded)
    figure = any(one.kind in ("money", "share") for one in told(last))
    tells = (before or len(last) > _LONG) and not _REQUIRED.search(folded)
    return bool(tells and not figure and _is_yes_or_no(last))


def ends_in_yes_or_no(folded: str) -> bool:
    """Whether the last clause of a message is a yes-or-no question."""
    return _is_yes_or_no(_clauses(folded)[-1])


def asks_yes_or_no(folded: str) -> bool:
    """Whether a message is a yes-or-no question that tells no figure (还能按首批次奖励报吗)."""
    return _is_yes_or_no(folded) and not told(folded)


def _clauses(folded: str) -> list[str]:
    """The clauses of a text, at least one, which may be empty."""
    return [part for part in CLAUSE.split(folded) if part] or [""]


def _is_yes_or_no(folded: str) -> bool:
    return bool(_YES_NO.search(folded) and not _ONLY_CONFIRMS.search(folded) and not _WHICH.search(folded))


_LONG = 24
"""Letters from which on a clause is a whole story without commas (a voice transcript)."""
_YES_NO = re.compile(r"(?:[吗么不没呗]|(?<![对是错])吧|行|成|中)[?]*$|([^时动,])不\1|(?:是|有|能|可)(?:不是|没有|否)")
"""What makes a yes-or-no question of a clause."""
_WHICH = re.compile(r"多少|几|谁|哪|什么|怎么|何|多[久长大]")
"""What asks for more than a yes or no."""
_REQUIRED = re.compile(r"(?<!合)(?<!够)(?:要求|规定)|门槛(?:是|写|不是)|至少|最少|不低于|起步|标准是|写的是|条件是")
"""What tells of the rules, not of oneself."""
_ONLY_CONFIRMS = re.compile(
    r"(?:[对是]|没错|真的|知道|明白|清楚|没毛病|没记错)的?[吗么不吧][?]*$|(?:是|有)[^,]{0,3}(?:数|说法|回事|规定)[^,]{0,2}$|是[^,]+吧[?]*$|就行了"
)
"""How a question ends that wants to hear that it is so."""


_PARTS = re.compile(r"(?<=[?。;!])|(?<=,)(?=另外|还有|再就是|顺便|再问|[给贴补奖]几|[给贴补奖]多少|最多|封顶)")
