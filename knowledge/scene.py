"""A told text made ready for reading: its clauses, and what of it tells nothing (questions, wishes, doubts)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from knowledge.amounts import Measured
from knowledge.amounts import told as measured
from knowledge.days import Day, Span, days, spans
from knowledge.owners import of_others
from knowledge.spelling import LATELY

_CLAUSE = re.compile(r"[^,;。!?:嗯]+|[,;。!?:嗯]")
_ASKS = re.compile(
    r"(?:吗|么|呢|能不|行不|可以不|好不|对不|够不|[走报拿领]一个不)$|(?<!没)(?<!没有)(?<!任何)什么|多少|哪(?!怕)|怎么|能不能|能否|是不是|有没有|算不算|会不会"
    r"|可不可以|可否|要不要|行不行|够不够|是否(?!属)|多久|咨询一下|请问|还来得及|有戏|谁|哪位|邮箱|电话|座机|联系(?:方式|人)|号码|tel|mail|几成|几个点|几年|百分之几|怎样|合不合|符不符|算几"
    r"|^(?:who|what|how|where|when|which|why|can|do|does|is|are)\s+[a-z]+\s+[a-z]+"
)
_QUESTION_FROM = re.compile(
    r"(?<![智功性节产氢热动势机电效可职])能(?![耗源效级力量评])|可以|可不可以|最多|最高|有没有|是不是|算不算|会不会|要不要|行不行|够不够|给多少|补多少|奖多少|贴多少"
    r"|多少|(?<!没)(?<!没有)什么|哪|怎么|该|应该|还来得及|够|算不|算重|可否|是否|这种|这个算|请问|想问"
)
_THAT_ONE = re.compile(r"[那这哪]一?[条项款]")
_IF = re.compile(
    r"如果|要是|假如|假设|万一|倘若|若是|假定|比如说?|例如|打个比方|一旦|除非|就算|哪怕是?|(?:(?<=[,。们司])|^)若(?![干非水])|得是(?=.{1,10}才)|(?<=[是有在])[^,;。!?:]{1,12}(?:的话|才行|才可以|才能)"
)
_WISH = re.compile(
    r"打算|计划(?!单)|(?<!标)准备(?!金|了|好)|想(?!着|到)|拟(?!态|合|定)|将来|明年|下一步|考虑|争取|希望|(?<!目)预计|预期|有望|有意向|目标是|即将|快要|马上(?:就)?要|下个月要?|(?<!去年)(?<!前年)(?<!\d年)(?<!当年)下半年(?![^,。]{0,12}[了完])|要(?=[在上建迁搬贷改扩])|会(?=把|在|投)|正在(?:申|评|谈|办|走|排|争)|还在(?:申|评|谈|争|考)|能不能"
)
_PLANNED = re.compile(
    r"(?:明年|后年|(?<!去年)(?<!前年)(?<!\d年)(?<!当年)下半年|下个月|打算|(?<!按)计划(?!单)|(?<!标)准备(?![金了好])|有意向|马上|即将|快要)"
    r"[^,;。!?:]{0,8}(?:建|上一?[条个套]|上产线|改造|迁|搬|扩|做[直回]租|买)(?![^,;。!?:]{0,4}[了完])"
)
"""What is planned, with what belongs to it."""
_NOW = re.compile(r"去年|前年|今年|目前|现在|已经?|20[012]\d年|了$")
_DOUBT = re.compile(
    r"不清楚|不知道|不确定|说不准|拿不准|不好说|不晓得|没搞清|没弄清|搞不清|弄不清|不太懂|说不清|没定|未定|还没想好|不了解"
)
_TAG = re.compile(
    r"^(?:我?没错吧|对吧?|对吗|是吗|是吧|是不是|确认一?下|我没记错吧|没记错吧|没关系吧|没问题吧|这样理解)"
)
_SELF = re.compile(
    r"我们|我司|我厂|我单位|我公司|我企业|本公司|本企业|本单位|本厂|咱|俺|我(?=[在是做有])|独立法人|法人"
    r"|(?<!租赁)(?<!保险)(?<!哪家)(?<!一般)(?<!总)公司(?!业)|手里|手上"
)
_TOLD = re.compile(
    r"[拿领]过|享受过|市科委|市发改委|[花投卖做评拿进贷签买租建获过完改给批放报]了|做完|改完|竣工|完工|去年|今年|前年|上个?月|已经?|失信|市里|市级|注册(?:地|在)|固投\d|目前|现在|还没|没有?拿"
)
_BEFORE_NO = re.compile(
    r"(?:并不是|唔系|唔是|唔係|不是|不算|不属于|没有|没能|没|未能|尚未|暂未|未曾|未|并非|非|无|不在|不具备|不具有|不含|别|不带|谈不上|够不上|称不上|从不|不做|不搞|不|缺)"
    r"(?:[^,;。!?:]?(?:任何|什么|有过|有|被|评上|评为|评定为|评|获评|获批|获得|获|拿到|拿过|拿|进入|进|列入|纳入|入|达到|达|到|过|是|在|算|属于|那个|这个|那种|那些|市级|国家级|国家|北京市|市里|市|"
    r"中央|的|能|搞|做|申请过|申请|申报过|享受过|享受|通过|取得|认定|级|接入|接上|接|所谓|上|成|该|办|再|把|用|引进|涉及|采用|使用|其他|别的))*$"
)
_AFTER_NO = re.compile(
    r"^(?:的?(?:称号|名单|资质|认定|牌子|认证|平台|那块|那个|那些|这块|之类|什么|那种|方案|审核|等等|等|这类))*(?:的|我们|咱们|那边|目前|暂时|倒|也|还|都|是|一直|从来|至今|尚|一概|一个|并|就|到现在|现在|其实|压根)*"
    r"(?:(?:没有?|未)(?=评|拿到|进|入|办|接|做|过|到|上|通过|批|获|达|纳|定|推荐|能|弄|下|了?$|有?$)|不是|不(?!低于|少|含税|超过|到|足|错|清|知|确|小|高|变|改|多|只|仅|过)|无(?!失信|严重))"
)
_NONE_OF = re.compile(r"^[^,;。!?:]{0,12}?(?:都|全|均|一个|一样|哪个|啥)也?(?:没(?!问题)|不(?!错)|未|无)")


@dataclass(frozen=True)
class Scene:
    """A folded text with today, from which readers take what stands in it."""

    text: str
    today: date
    answer: bool = False
    """Whether it answers a question of ours, and so tells of the case whatever its form."""
    supposed: bool = False
    """Whether what it supposes or wishes for is taken as told, to see what would follow from it."""

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        """The spans between sentence marks."""
        return list(_clauses(self.text))

    @cached_property
    def silent(self) -> list[tuple[int, int]]:
        """The spans that tell nothing: what is asked, supposed, wished for or not known."""
        if not self._told_of_oneself:
            return [(0, len(self.text))]
        found = of_others(self.text, self.clauses)
        for start, end in self.clauses:
            clause = self.text[start:end]
            if self._asks(start, end):
                found.append((start + _asked_from(clause), end))
            if _TAG.match(clause):
                found.append((self._sentence_start(start), end))
            supposed = None if self.supposed else _IF.search(clause)
            if supposed:
                found.append((start + supposed.start(), self._sentence_end(end)))
            planned = None if self.supposed else _PLANNED.search(clause)
            if planned:
                found.append((start + planned.start(), self._planned_until(end)))
            for pattern in (_DOUBT,) if self.supposed else (_WISH, _DOUBT):
                if wished := pattern.search(clause):
                    found.append((start + wished.start(), end))
        return found

    @property
    def supposes(self) -> bool:
        """Whether it supposes, plans or wishes for anything."""
        return any(form.search(self.text) for form in (_IF, _PLANNED, _WISH))

    def _asks(self, start: int, end: int) -> bool:
        return self.text[end : end + 1] == "?" or bool(_ASKS.search(self.text[start:end]))

    @cached_property
    def _told_of_oneself(self) -> bool:
        """Whether a text tells of somebody's own case; 专精特新再加多少 only asks for the rule."""
        if self.answer or _SELF.search(self.text):
            return True
        asks = any(self._asks(start, end) for start, end in self.clauses)
        return len({found[0] for found in _TOLD.finditer(self.text)}) >= (2 if asks else 1)

    def _planned_until(self, at: int) -> int:
        """Where a plan ends that is told over several clauses (明年要上一条产线，固投2000万)."""
        for start, end in self.clauses:
            clause = self.text[start:end]
            if start > at and (_NOW.search(clause) or _SELF.match(clause)):
                return start
        return self._sentence_end(at)

    def _sentence_start(self, at: int) -> int:
        return max(self.text.rfind(mark, 0, at) for mark in "。!?;") + 1

    def _sentence_end(self, at: int) -> int:
        ends = [place for mark in "。!?;" if (place := self.text.find(mark, at)) >= 0]
        return min(ends, default=len(self.text))

    @cached_property
    def measured(self) -> list[Measured]:
        """Its sums, shares, counts and bare numbers, without those that are part of a day."""
        return list(_measured(self.text, self.today))

    @cached_property
    def days(self) -> list[Day]:
        """Its days, months and years."""
        return list(_days(self.text, self.today))

    @cached_property
    def spans(self) -> list[Span]:
        """Its lengths of time."""
        return spans(self.text)

    def clause_at(self, place: int) -> tuple[int, int]:
        """The clause around a place."""
        at = bisect_right([start for start, _ in self.clauses], place) - 1
        return self.clauses[at] if at >= 0 else (0, len(self.text))

    @property
    def tells_nothing(self) -> bool:
        """Whether nothing in it is said as a fact: a question of the rules, as most messages are."""
        return not self._told_of_oneself

    def tells(self, start: int, end: int) -> bool:
        """Whether a span is said as a fact: not asked, supposed, wished or doubted."""
        return not any(a < end and start < b for a, b in self.silent)

    def negated(self, start: int, end: int) -> bool:
        """Whether what stands in a span is denied by the words around it in its clause."""
        first, last = self.clause_at(start)
        before, after = self.text[max(first, start - 14) : start], self.text[end:last]
        return bool(_BEFORE_NO.search(before) or _AFTER_NO.match(after) or _NONE_OF.match(after))


@lru_cache(LATELY)
def _clauses(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _CLAUSE.finditer(text) if found[0] not in ",;。!?:嗯")


@lru_cache(LATELY)
def _days(text: str, today: date) -> tuple[Day, ...]:
    return tuple(days(text, today))


@lru_cache(LATELY)
def _measured(text: str, today: date) -> tuple[Measured, ...]:
    inside = [(day.start, day.end) for day in _days(text, today)]
    return tuple(one for one in measured(text) if not any(a <= one.start < b for a, b in inside))


def of_oneself(folded: str) -> bool:
    """Whether a folded text speaks of the speaker's own enterprise (我们, 公司)."""
    return bool(_SELF.search(folded))


def _asked_from(clause: str) -> int:
    """From where on a clause asks; its beginning may still tell (固投420万能报什么)."""
    marker = _QUESTION_FROM.search(clause)
    if not marker or marker.start() < 4 or _THAT_ONE.search(clause):
        return 0
    before = clause[: marker.start()]
    return marker.start() if _SELF.search(before) or _TOLD.search(before) else 0
