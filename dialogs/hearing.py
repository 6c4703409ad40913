"""A message cut into segments, and what they show together.

One message may hold a paragraph about the company and one question, or three questions. The segments that ask decide;
the others lend their topic.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import chain

from dialogs.library import Library
from knowledge.bank import Bank, Likeness
from knowledge.finding import LONE, Found
from knowledge.learning import strongest_of
from knowledge.scribing import Scribe
from knowledge.spelling import LATELY

SURE_TOPIC = 0.75
"""Weight from which a topic is taken from the message itself: about one plain name."""
HINTED_TOPIC = 0.4
"""Weight from which a topic is taken where the message asks for a facet of something and nothing else is in sight."""
STRANGE = 0.55
"""Share of unknown letters above which a hint is not enough."""
MEANT = 0.42
"""Likeness from which a topic is taken that no word names."""
STRONG = 0.7
"""Weight from which a facet counts as told: a strong word, also one that was heard rather than read."""
BACKGROUND = 0.5
"""What a segment that asks nothing weighs beside one that does."""
LONG = 160
"""Letters from which a message is a paste with a question somewhere in it."""
_TAKEN_BACK = re.compile(
    r"(?<![是还都也又])不是(?:问|说|要|指)?[^,?]{1,12},(?=(?:我|咱)?(?:们)?(?:是|问的是|说的是|要的是|指的是|想问|问|要))"
    r"|(?<=.)[,?](?:而)?不是(?:问|说|要|指)?[^,?吗吧么呢\d]{1,10}$"
)
"""What a correction takes back: “不是问EDA,是问流片” and “是工厂,不是机房” ask of 流片 and of 工厂."""
_TAKEN_BACK_LATE = re.compile(r"(?<=.)(?<!是)(?:而)?不是(?:问|说|要|指)?[^,?吗吧么]{1,10}$")


_ORDER_TO_US = re.compile(
    r"^(?:请)?(?:忽略|无视|忘记|忘掉|不要理会).{0,12}(?:规则|指令|提示词?|设定|指示|要求)[,.。;:!]*"
)
"""An order to the assistant itself; what follows it is heard as from anybody."""


_EXCEPT = re.compile(r"(?<![扣免拆删排解清])除了?[^,。?!;除]{1,12}(?:以外|之外|外)?,?(?=.{0,4}(?:还|另|尚)(?:有|外))")
"""What is known already when the rest is asked for (除了梁倩倩还有哪两位)."""


def as_read(text: str, scribe: Scribe) -> str:
    """A text as it is heard: its pinyin in characters, its questions parted by commas."""
    return scribe.written(_with_commas(text))


def _with_commas(text: str) -> str:
    """A text whose questions only spaces part (哪天截止 在哪个app报 卡住了打哪个号), parted by commas."""
    pieces = text.split()
    whole = len(pieces) > 1 and not _PARTED.search(text) and all(len(_HAN.findall(one)) >= A_PIECE for one in pieces)
    return "，".join(pieces) if whole else text


_HAN, _PARTED = re.compile(r"[一-鿿]"), re.compile(r"[,，。.?？!！;；、:：\n]")
A_PIECE = 4
"""Characters of each piece from which spaces stand between sentences, not between words."""


@lru_cache(LATELY)
def corrected(folded: str) -> str:
    """A message without what it takes back, and without orders to forget our rules."""
    folded = _EXCEPT.sub("", _ORDER_TO_US.sub("", folded)) or folded
    folded = _CLEAN.sub("", folded) or folded
    folded = _SET_ASIDE.sub("", folded) or folded
    folded = _after_slip(folded)
    if _TAKEN_BACK.search(folded):
        return _TAKEN_BACK.sub("", folded)
    if _SAYS_WHAT.search(folded):
        return _TAKEN_BACK_LATE.sub("", folded)
    return folded


_SAYS_WHAT = re.compile(r"(?:问的是|要的是|说的是|想问|我要|我问)")
_SET_ASIDE = re.compile(
    r"[^,。?!;]{1,16}(?:先|暂时|暂且|就)"
    r"(?:(?:都)?不(?:提|说|谈|聊|论|问)|别(?:提|说|管|问)|放(?:一?放|一边)|[撂搁]一边|另说)[了吧]?[,。]+"
    r"|不是[^,。?!;]{1,8}的(?:问题|事儿?)[,。]+(?=[^?]*[谁人哪吗?])"
    r"|(?:先|咱)?不(?:是)?问[^,。?!;]{1,14}[,。]+(?=(?:我|咱)?(?:就|只|单|光|而是)?(?:想)?问)"
)
"""What is set aside before the question (融租先撂一边，光说上险那条; 不问怎么评，问总共最多拿多少)."""
_CLEAN = re.compile(
    r"[^,。?!;有]{0,12}(?<!有)(?:没有?|无|未|从未)(?:任何|受过?|有过?|发生过?|被)*(?:行政)?(?:处罚|违法|违规)(?:记录|行为|情况)?[,。;]"
)
"""What a firm tells of itself before it asks (去年没有任何处罚)."""
_SLIP = re.compile(
    r"(?:哦|噢|啊|呃|诶|唉|(?<![一-鿿])额)(?:不对|不(?![用要能行需必可])|错了?|说错了?)[,.!。]*|(?:说|打|问|写)错了(?![吗吧没么呢?])[,.!。]*"
    r"|口误[,.!。]*"
)
"""Where somebody takes back what they have just said (刚才流片…哦不,我问租赁)."""
_ONLY = re.compile(r"^.*[,.。!?;](?:我)?(?:就|只|其实)(?:是)?(?:想)?问(?:一下|下)?")
_ASKED = re.compile(r"[?吗么呢]|多少|几|哪|谁|什么|怎么|能不能|是不是|要不要|不问")
"""What asks, or sets a question aside, before the one that is meant."""


def _after_slip(folded: str) -> str:
    """What is said after a slip, or behind another question, where that says enough by itself."""
    for mark in (_SLIP, _ONLY):
        found = list(mark.finditer(folded))
        if mark is _ONLY and found and not _ASKED.search(found[-1][0]):
            continue  # …投了两千万,我就问:最多几成 tells of what it asks
        rest = folded[found[-1].end() :].strip(" ,.。!:") if found else ""
        if len(rest) >= ENOUGH:
            folded = (_before_clause(folded[: found[-1].start()]) if mark is _SLIP else "") + rest
    return folded


def _before_clause(said: str) -> str:
    """What was said before the clause that a slip breaks off (去年卖了两千万,国家…哦不市里按几个点奖)."""
    clauses = said.rstrip(" .…").rpartition(",")
    return f"{clauses[0]}," if clauses[2] and len(clauses[0]) >= A_STORY and not _ASKED.search(said) else ""


A_STORY = 8
"""Letters before a clause that is broken off from which they tell something of their own."""
ENOUGH = 5
"""Letters of what follows a slip from which the rest is dropped."""

_ASKING_END = "多少|几个|几成|几年|是几|几号|多久|多长|多大"
"""Words of two letters with which an item of a list asks by itself (投资最低多少、工期上限几年)."""
_MARKS = re.compile(
    r"(?<=[?!。;])|(?<!\d)[.](?!\d)|(?<!\d)[,\n:]|[,\n:](?!\d{3}(?!\d))"
    rf"|(?<![\d.向件第和跟])(?<!xiang )(?<!fang )(?=[1-9](?:[.、)]|\s)(?![\d%]))"
    rf"|(?<=(?:{_ASKING_END})、)(?=[^、]{{0,16}}(?:{_ASKING_END}|最高|上限|封顶|谁|吗))"
    r"|(?<=、)(?=[^、]{0,16}(?:多少|几个点|几成|几年|是几|谁|吗|最高|上限|封顶|联系|电话|条件|比例|能否|能不能|是否|要不要|什么|哪|怎么)[^、]*$)"
)
"""Where a message is cut: also before the numbers of a list (1.门槛 2.比例), at 、 only where the last item asks by
itself (“固贷几个点、租赁几个点”)."""


_ITEM_ASKS = re.compile(
    r"多少|几|谁|吗|最高|最低|上限|封顶|联系|电话|条件|比例|门槛|期限|限制|要求|邮箱|怎么|哪|入库|推荐|库"
)
"""What makes an item of a list a question of its own; 昌平、大兴、延庆的电话 is one question."""


_A_QUESTION = r"多少|多久|几(?!乎|十|百)|谁|吗|哪|什么|怎么"
_RUN_ON = re.compile(
    rf"((?:多少钱?|几年|几个点|几成|几号|哪天|谁|吗|哪里|什么)(?:啊|呀|呢|嘛|哈|来着)(?:就是说)?)(?=[^,?!。]{{3,}}?(?:{_A_QUESTION}))"
    rf"|((?:{_A_QUESTION}|能不能|能否|行不行|要不要|是不是)[^,?!。]{{0,8}}?)(?=(?:还有|另外|再就是)[^,?!。]{{2,}}?(?:{_A_QUESTION}))"
)
"""Where speech without marks goes on to its next question (最多贴几年啊一年贴多少, 几年来着还有那个固投得多少)."""


_ORDINALS = re.compile(r"[,。:;]?第[一二三四五](?:个问题?|问)?[,:、是]?(?=[^批期类轮次段阶代款个条项章步季方产名位大])")
"""How questions are counted (第一哪天截止，第二用哪个APP报)."""


def _items(piece: str) -> list[str]:
    """The items of a list of which each asks by itself (地的性质能不能动、最少要投多少)."""
    items = [item for item in piece.split("、") if item]
    asked = all(len(item) >= ENOUGH and _ITEM_IS_ASKED.search(item) for item in items)
    return items if len(items) > 1 and asked else [piece]


_ITEM_IS_ASKED = re.compile(r"多少|几|谁|[吗么]|怎么|哪|什么|能不能|要不要|是不是|是否")


_MARKED, _GAP = re.compile(r"[,。?!;]"), re.compile(r"(?<=[一-鿿]) (?=[一-鿿]{2})")
"""Marks of sentences; and the gaps that stand for them where there are none (奖多少钱啊 哪天截止 石景山找哪个)."""
A_CLAUSE = 4
"""Letters between gaps from which these part clauses, not words (数据管理 能力 成熟度)."""


def cut(folded: str) -> list[str]:
    """A folded text in segments: at sentence marks, commas and questions; very short ones stay with their neighbour."""
    return list(_cut(folded))


@lru_cache(LATELY)
def _cut(folded: str) -> tuple[str, ...]:
    if not _MARKED.search(folded) and all(len(piece) >= A_CLAUSE for piece in folded.split(" ")):
        folded = _GAP.sub(",", folded)
    folded = _RUN_ON.sub(lambda found: f"{found[0]},", folded)
    if len(_ORDINALS.findall(folded)) > 1:
        folded = _ORDINALS.sub(",", folded)
    pieces = [item for piece in _MARKS.split(folded) if piece.strip() for item in _items(piece.strip())]
    joined: list[str] = []
    for piece in pieces:
        if joined and joined[-1].endswith("、") and not _ITEM_ASKS.search(joined[-1]):
            joined[-1] += piece
        elif (
            joined
            and (len(piece) <= 3 or len(joined[-1]) <= 3 or _TAG.fullmatch(piece))
            and not joined[-1].endswith("?")
        ):
            joined[-1] += "," + piece
        else:
            joined.append(piece)
    return tuple(_LISTED.sub("", piece.rstrip("、")) or piece for piece in joined) or (folded,)


_TAG = re.compile(r"(?:是这样|这样|我)?(?:对不对|是不是|是吧|没错吧|没记错吧|没理解错吧|这么理解对吧|是这样吧)[?]?")
"""What wants confirmed what was said right before it."""
_LISTED = re.compile(r"^[1-9][.、)](?!\d)\s*")


TOPIC_VOTE, FACET_VOTE = 1.0, 0.9
"""What the topic and the facet weigh of which a message is wholly like the kept questions."""
FLOOR, NEAR_BEST = 0.3, 0.6
"""Likeness from which a topic or facet votes at all, and its share of the best one's from which it votes beside it."""
TOLD_AND = 0.85
"""Likeness from which one question asks for a facet besides the one that its words tell."""
WHOLE = 120
"""Letters up to which a message is also compared with the kept questions as a whole."""


CHAT = "off_topic"
"""The matter of what is said beside any matter; around a question it tells nothing of what is asked."""


class Heard:
    """The segments of a message with their weights, and what they show together.

    `topics`, `facets` and `provisions` are what words tell, with what the likeness to kept questions adds; `told` are
    the facets by words alone; `ours` and `others` how like the message is to questions of ours and of other matters.
    """

    def __init__(self, segments: list[Found], folded: str, bank: Bank) -> None:
        self.segments, self.folded = segments, folded
        self._gathered: dict[tuple[str, bool], list[str]] = {}
        self.long = len(folded) > LONG
        asking = _behind_please([one for one in segments if one.asks], segments)
        if self.long:
            asking = _likeliest(asking)
        self.asking = asking or segments
        self.background = [one for one in segments if one not in self.asking]
        self.told = merged((_told_by(one, alone=len(self.asking) > 1), 1.0) for one in self.asking)
        named = max((w for one in self.asking for t, w in one.topics.items() if t[:1].isdigit()), default=0.0)
        low = BACKGROUND / 2 if self.long else BACKGROUND
        self.words = self._weighed("topics", 1.0 if named < HINTED_TOPIC and not self.long else low)
        self.provisions = self._weighed("provisions", low)
        whole = len(segments) > 1 and len(folded) <= WHOLE
        likes: list[Likeness] = [bank.likes(folded)] if whole else [one.liked for one in self.asking]
        self.likes = likes
        self.ours = strongest_of(like.topics for like in likes)
        self.others = strongest_of(like.elsewhere for like in likes)
        if max(self.others, key=lambda name: self.others[name], default="") == CHAT and self.background:
            self.others = strongest_of(one.liked.elsewhere for one in self.asking)  # 孙女替我打字。…最后哪天能交
        if not self.gathered("outside"):
            self.others.pop("other_place", None)  # without another place it is not another place's policy
        self.topics = merged([(self.words, 1.0), (self._votes(self.ours), TOPIC_VOTE)])
        self.liked_facets = strongest_of(like.facets for like in likes)
        asked = strongest_of([self._votes(self.liked_facets), *map(_own_facet, self.asking)])
        if len(self.asking) == 1 and max(self.told.values(), default=0.0) >= 1.0:
            asked = {facet: like for facet, like in asked.items() if facet in self.told or like >= TOLD_AND}
        self.facets = merged([(self.told, 1.0), (asked, FACET_VOTE)])

    def _votes(self, likes: dict[str, float]) -> dict[str, float]:
        best = max((*likes.values(), *self.others.values()), default=0.0)
        return {name: like for name, like in likes.items() if like >= max(FLOOR, NEAR_BEST * best)}

    def _weighed(self, name: str, low: float) -> dict[str, float]:
        """What the asking segments show, summed, and the strongest that the background shows, at a lower weight."""
        weights = defaultdict(float, merged((getattr(one, name), 1.0) for one in self.asking))
        lent: dict[str, float] = {}
        for one in self.background:
            for key, score in getattr(one, name).items():
                lent[key] = max(lent.get(key, 0.0), score)
        for key, score in lent.items():
            weights[key] += low * score
        return dict(weights)

    def gathered(self, name: str, *, asking: bool = False) -> list[str]:
        """What the segments list under a name (districts, people …), each once; `asking`: only of those that ask."""
        held = self._gathered.get((name, asking))
        if held is None:
            found = [getattr(one, name) for one in (self.asking if asking else self.segments)]
            held = list(dict.fromkeys(chain.from_iterable(found)))
            self._gathered[name, asking] = held
        return held

    def contacts(self) -> tuple[str, ...]:
        """The rows of the contact table that the message names by words of their own (氢能 of 方向13)."""
        return tuple(self.gathered("contacts"))

    @cached_property
    def beyond(self) -> float:
        """How much more what is asked is like questions of other matters than like ours."""
        return max(like.beyond for like in [*self.likes, *(one.liked for one in self.asking)])

    @property
    def strange(self) -> float:
        letters = sum(len(one.text) for one in self.asking) or 1
        return sum(one.strange * len(one.text) for one in self.asking) / letters


_PLEASE = re.compile(r"^(?:烦|敬)?请(?:问|教|告知)|^(?:我)?想(?:问|咨询|请教)")


def _behind_please(asking: list[Found], segments: list[Found]) -> list[Found]:
    """Of a message that says where its question begins (请问…) the segments from there on, and real questions."""
    begins = next((at for at, one in enumerate(segments) if at > 1 and _PLEASE.search(one.text)), 0)
    behind = [one for one in asking if one in segments[begins:] or one.is_question]
    return behind if begins and any(one in segments[begins:] for one in behind) else asking


def _told_by(one: Found, *, alone: bool) -> dict[str, float]:
    """The facets that a segment tells; of several questions one may ask for the day alone (材料哪天之前交完)."""
    day = one.facets.get("deadline", 0.0)
    if not alone or day < max([LONE, *one.facets.values()]):
        return one.facets
    return {**one.facets, "deadline": max(STRONG, day)}


def _own_facet(one: Found) -> dict[str, float]:
    """The facet that a segment by itself is most like to ask for."""
    best = max(one.liked.facets, key=lambda facet: one.liked.facets[facet], default="")
    return {best: one.liked.facets[best]} if best and one.liked.facets[best] >= FLOOR else {}


def own_facets(one: Found) -> dict[str, float]:
    """What a segment by itself asks for, by words and by likeness."""
    return merged([(one.facets, 1.0), (_own_facet(one), FACET_VOTE)])


def merged(parts: Iterable[tuple[Mapping[str, float], float]]) -> dict[str, float]:
    merged: dict[str, float] = defaultdict(float)
    for scores, weight in parts:
        for key, score in scores.items():
            merged[key] += score * weight
    return dict(merged)


def _likeliest(asking: list[Found]) -> list[Found]:
    """Of a long paste the segments that most look like the question: marked ones, and what names something of ours."""

    def weight(one: Found) -> float:
        return (
            (2.0 if "?" in one.text else 0.0)
            + max(one.facets.values(), default=0)
            + max(one.topics.values(), default=0)
        )

    if not asking:
        return asking
    best = max(map(weight, asking))
    return [one for one in asking if weight(one) >= max(1.0, best - 1.0)]


PLAIN = {"topic", "facet", "filler", "contact", "office", "district", "desk", "person"}
"""Kinds of words that a plain message is made of."""


def plain(whole: Heard) -> bool:
    """Whether a message says nothing but a topic and a facet (方向4上限): answered by all that the guide states."""
    kinds = ({target.kind for target in match.targets} for one in whole.segments for match in one.matches)
    return whole.strange <= 0.05 and all(held & PLAIN for held in kinds)


ASKS_TIME = re.compile(
    r"几年|(?:补|贴|给|享受)(?:满|够)?[一二三四五六七八九十两\d]+年|[一二三四五六七八九十两\d]年(?:都|全|也)(?:能)?(?:给|补|贴)|时间(?:要求|限制|上|段|范围|条件)|对时间|期限|年限|哪段时间|多久以内|什么时间段"
)
"""What asks for the period in which something must have happened, or for how long it is given."""


ASKS_FLOOR = re.compile(r"门槛|起步|起报|最低|至少|资格|(?<!时间)(?<!期限)(?:条件|要求)")
"""What asks for what is to be met, also beside a period (门槛/期限/上限)."""


ASKS_REST = re.compile(
    r"还差|还缺|光(?:这样|这个|有这)|还(?:得|要|需要?)(?:满足|符合)(?:什么|哪些)|还有(?:什么|哪些)(?:条件|要求)"
)
"""What asks for all that is to be met, beside what was told."""
ASKS_MOST = re.compile(r"最高|最多|至多|顶|上限|天花板|最大")
"""What asks for the highest of several."""


WHY = re.compile(
    r"(?:^|[,。?])[那嗯哦]*(?:(?:为(?:什么|啥)|凭(?:什么|啥))(?=[?]?$|不(?!接)|没有?给|一分)|差在?哪|哪(?:条|里|儿|项)?(?:不够|不行|不符合|没过)|线划在哪)"
)
"""What asks why not, of what was told before."""


ASKS_WHETHER_PAID = re.compile(
    r"(?:给|有|掏|出|发)(?:点|个|些)?(?:钱|鼓励|奖励?|补贴|补助|好处)[^,。?!;才]{0,2}(?:吗|么|不|没|[?])|(?<!还)(?:给|奖|补|贴)不(?:给|奖|补|贴)"
    r"|有(?:没有)?(?:什么|啥)?说法[没吗么不?]|(?:会不会|能不能|可不可以|有没有|是不是)(?:也|都)?(?:给|有)?(?:点|个|些)?(?:钱|鼓励|奖励?|补贴|补助|好处)"
)
"""What asks whether there is money for something, so also how much (这种花架子也给钱？)."""


COMPARES = re.compile(
    r"比(?!例|率|重|较)[^,。?!;]{1,14}?(?:更|还)?[高低多少严松](?:多少|些|点|[吗么不呢?]|$)"
    r"|(?:跟|和|与|(?<!合)同)[^,。?!;]{1,14}?"
    r"(?:一样|相同|一致|比(?:呢|起来|哪个|$)|有(?:什么)?(?:区别|不同|差别)|还是更?[高低多少])"
)
"""What compares something with what was spoken of (跟它一样还是更高, 跟新智造比哪个高)."""
ASKS_PROMISE = re.compile(
    r"包票|保证(?!金|书|.{0,2}真实)|承诺(?!书|事项)|打?保票|百分[之百]百|拍胸脯|铁定|肯定能(?:批|过|下)"
)
"""What wants it promised that one gets something (你给我打个包票)."""
ASKS_ALIKE = re.compile(
    r"(?:一样|相同|一致)(?:高|多|严|的)?(?:吗|么|不|吧|[?]|对|不一样)|一不一样|一样不一样|"
    r"(?:跟|和|与)[^,。?!;]{1,8}一样[^,。?!;]{1,12}[吗吧么?]|是不是(?:都)?(?:一样|相同|一致)|都是?一样"
)
"""What asks whether two are the same (跟制造业门槛一样吗)."""
FORMS = {"time": ASKS_TIME, "floor": ASKS_FLOOR, "rest": ASKS_REST, "most": ASKS_MOST, "paid": ASKS_WHETHER_PAID,
         "alike": ASKS_ALIKE, "promise": ASKS_PROMISE}  # fmt: skip


def forms_in(texts: Iterable[str]) -> frozenset[str]:
    """In which of these forms texts ask."""
    said = tuple(texts)
    return frozenset(name for name, form in FORMS.items() if any(form.search(text) for text in said))


_LEANS = re.compile(
    r"^(?:那|这|它|他|她|还有|再问|(?:na|zhe|ta) )|[他她它]|这个|那个|这项|这条|那边|那位|呢[?]?$|上面|刚才|这里"
)


MANAGES = re.compile(r"管|负责|分管|手里|手上")
"""What asks of an office what it answers for (规划处手里管着哪几个方向)."""


def leans(whole: Heard) -> bool:
    """Whether a message leans on what was said before it: short, or with a word that points back."""
    letters = len(whole.folded) if not whole.folded.isascii() else len(whole.folded) / LETTERS_OF_A_SYLLABLE
    return letters <= A_FEW_WORDS or bool(_LEANS.search(whole.folded))


A_FEW_WORDS, LETTERS_OF_A_SYLLABLE = 9, 3
"""Characters of a message that says too little to stand alone; of typed pinyin some letters make one."""


def wants_person(whole: Heard) -> bool:
    return any(
        whole.facets.get(facet, 0) >= STRONG for facet in ("contact", "email", "district_contact", "reverse_lookup")
    )


def tells_whom(whole: Heard) -> bool:
    """Whether words, not likeness, ask for somebody or an address."""
    return any(whole.told.get(facet, 0.0) >= STRONG for facet in ("contact", "email"))


def directions(topics: Mapping[str, float], library: Library) -> dict[str, float]:
    """Each direction's weight: its own and its branches'."""
    weights: dict[str, float] = {}
    number_of = library.number_of
    for topic, weight in topics.items():
        if number := number_of.get(topic):
            weights[number] = weights.get(number, 0.0) + weight
    return weights


def calls_by_name(whole: Heard, library: Library) -> bool:
    """Whether a message calls any direction by a name of its own (not only by hints)."""
    targets = (t for one in whole.segments for match in one.matches for t in match.targets)
    return any(t.kind == "topic" and t.id in library.guide.direction_of for t in targets)


def named(whole: Heard, library: Library) -> tuple[str, float]:
    """The direction that the words of a message name most, with its weight."""
    weights = directions(whole.words, library)
    best = max(weights, key=lambda topic: weights[topic], default="")
    return best, weights.get(best, 0.0)


MOST_FACETS = 6
"""Facets of one message that are answered."""


def top(facets: dict[str, float]) -> tuple[str, ...]:
    """The facets that were asked for, in the order of asking: those told by a strong word, else the best hinted one."""
    strong = [facet for facet, weight in facets.items() if weight >= STRONG]
    if strong:
        particular = [facet for facet in strong if facet != "overview"]
        return tuple((particular or strong)[:MOST_FACETS])
    hinted = max(facets, key=lambda f: facets[f], default="")
    return (hinted,) if hinted else ()
