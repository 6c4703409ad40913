"""The wordings of a question whether something suffices: what asks it, and what makes another question of it.

All are looked for in a text as the teller folds it.
"""

from __future__ import annotations

import re

from knowledge.finding import is_question

WHETHER = re.compile(
    r"够|能报|能算|到没到|算得上|有[^,。?!;]{0,4}份|合规|对得上|过得了|妨碍|影响|还算|可以[不么]|能不能报|可以报|可申[报请]|能往[^,。?!;]{0,5}报|能申(?!领)|可以申请|行不行|行吗|行不|达标|达到|达线|达没达|符合|算不算|算进|算在内|算数[吗不]|合格|合规|有资格|满足|有戏|报得[了上成]"
    r"|拿得[到着上]|能拿|能领(?!个?多|几)|能要|有我们?[没吗份]|差不差|可以吗|赶得?(?:上|及)|来得?及|能(?:不能)?(?:补|奖|贴|给)|成不成|成吗|轮得[到上]|过线|过不过|线过没过|过没过|过得去|过得了|过关"
    r"|碰一?碰|碰得|进得[去了]|卡不卡|卡我|指望得上|摸得[着到]|eligible|qualif|拿不到|报不了"
    r"|差多少|还差|离门槛|过了?[吗么没]|过[线了]没|[到过了]没[?]?$|判一?判|判断|评评理|下结论|还(?:给|让|能)(?:奖|补|报|拿|领|贴)?[吗么不]|(?:奖|补|贴|给钱|给)[吗么不][?]?$"
    r"|没我们?(?:什么|啥)?事|迈过|跨过|沾得?(?:上)?[边光]|挨得上|碍不碍事|超没超|超期|超时|算超|通融|行得通|有份"
)
"""What asks whether something suffices."""
CONFIRMS = re.compile(r"对[吗吧]")
"""What wants a whole sentence confirmed, of which only a no is sure (固投180万元，可以按25%算45万元对吧)."""
ASKING = re.compile(
    r"(?:行不行|行吗|行不|够不够格?|够吗|够不|能不能报|能报吗|能报不|可以报吗|可以吗|能申请吗|能申报吗|达标吗|符合吗|算不算"
    r"|(?:能|可以)(?:拿|领|享受|报|申请|申报)[^,。?!;\d]{0,10}[吗不么]|能(?:不能)?(?:补|奖|贴|给)(?:我们|咱们?)?[吗不呢]?|够得上[吗不]?|够格[吗不]?|成不成|轮得到(?:我们|咱们?)?[吗不]?|(?:还)?(?:赶得[上及]|来得及)[^,。?!;\d]{0,6}"
    r"|(?:离(?:门槛|要求|线))?还?差(?:了)?(?:多少|几(?:个)?[万亿点])|(?:线)?过[线了]?没(?:有|过)?|到了没|够得着[吗不]?|超没超|合规[吗不吧]?|(?:算|是不是)?超[期时][吗不了]*|算数[吗不]?|拿得[到着][吗不]?|报得[了上成][吗不]?)[?]*(?=$|,)"
)
"""How a question ends that tells a figure; without it the figure stands as if told."""
ASKS_ALONE = re.compile(
    r"(?:够|能[拿报]|能申[请报]|达标|符合|满足|有戏|轮得[到着上])(?:我们|咱们?)?(?:条件|要求|标准)?了?[吗么不没吧啊?]*$"
)
"""How a question ends that only asks whether what was told before suffices (稳运行能拿不)."""
BOUNDED = re.compile(
    r"(?<!够)不够|没够|未够|不足|不到|没到|未到|不满|未满|没达|未达|不达|没满足|未满足|不满足|不符合|以下|以上|低于|之前|以前|之后|以后|前竣工"
    r"|子公司|母公司"
)
"""What makes a bound of a figure, or somebody else's of it."""
ELSE = re.compile(
    r"(?:[补贴奖拿领]|给(?!厂|他|它|链主|客户))[^,。?!;\d]{0,5}\d|封顶|最多|最高|上限|最长|最短|要满|但|没有?(?!错|含税|问题)|还没|(?<!\d)-\d|价款|经营性"
)
"""What makes more, less or something else of a figure than that it is there."""
HOW_MUCH = re.compile(
    r"起步|起报|才(?:能|可以|可|行|算|给|够|有|报|成|让|补|奖)(?!竣工|完工|建成|验收|做完|干完)|至少|最低(?!投资|要求|门槛|标准|那)|最少"
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
SAYS_MORE = re.compile(r"没|不(?!错)|未|只|还|刚|才|但|可(?!以)|就是|上海|深圳|外地|天津|河北|苏州")
"""What may say beside a kind that something else fails."""


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


_PARTS = re.compile(r"(?<=[?。;!])|(?<=,)(?=另外|还有|再就是|顺便|再问)")
