"""A figure or day that a question tells, held against the conditions it asks about: 够 or 不够 comes first.

“融资租赁合同800万行不行” asks for a yes or no that the guide decides. What this very message told is weighed, or what
was told before where it only asks whether that suffices (那能报吗); and only where all branches in question agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from dialogs.conversation import Conversation, Kept
from dialogs.doubts import sources_of
from dialogs.failing import in_a_sentence
from dialogs.glossing import between_marks
from dialogs.growing import GROWS, grown
from dialogs.intent import Intent
from dialogs.messages import Reply
from dialogs.noticing import kept_of
from dialogs.saying import Saying, Source
from dialogs.stepping import Desk
from dialogs.telling import in_words, told_source
from dialogs.thresholds import amount_as_printed
from dialogs.window import of_another_year, put_first
from knowledge.amounts import OF_EACH, UP_TO_THE_SUM, amounts_in, holds
from knowledge.amounts import told as told_in
from knowledge.approximate import most_of
from knowledge.awarding import plain_number, wan
from knowledge.binding import part_of_more
from knowledge.casework import case_of, with_defaults
from knowledge.days import Day
from knowledge.finding import is_question
from knowledge.guide import Fact
from knowledge.judging import Gap, Reason, judge_branch, open_doubts
from knowledge.rules import AS_OF
from knowledge.scene import Scene
from knowledge.telling import heard_in

MOST = 2
"""Verdicts before one answer."""


_WHETHER = re.compile(
    r"够|能报|能不能报|可以报|能申请|可以申请|能申报|行不行|行吗|行不|达标|达到|达线|达没达|符合|算不算|算数[吗不]|合格|合规|有资格|满足|有戏|报得[了上]"
    r"|拿得[到着上]|能拿|能要|可以吗|赶得?(?:上|及)|来得?及|能(?:不能)?(?:补|奖|贴|给)|成不成|成吗|轮得[到上]|过线|线过没过|过没过|过得去|过得了|过关"
    r"|碰一?碰|碰得|进得[去了]|卡不卡|卡我|指望得上|摸得[着到]|eligible|qualif|拿不到|报不了"
    r"|差多少|还差|离门槛|过[线了]没|[到过了]没[?]?$|判一?判|判断|评评理|下结论|还(?:给|让|能)(?:奖|补|报|拿|领|贴)?[吗么不]|(?:奖|补|贴|给钱|给)[吗么不][?]?$"
    r"|沾得?(?:上)?[边光]|挨得上|碍不碍事|超没超|超期|超时|算超|通融|行得通|有份"
)
"""What asks whether something suffices."""
_CONFIRMS = re.compile(r"对[吗吧]")
"""What wants a whole sentence confirmed, of which only a no is sure (固投180万元，可以按25%算45万元对吧)."""
_ASKING = re.compile(
    r"(?:行不行|行吗|行不|够不够格?|够吗|够不|能不能报|能报吗|能报不|可以报吗|可以吗|能申请吗|能申报吗|达标吗|符合吗|算不算"
    r"|(?:能|可以)(?:拿|领|享受|报|申请|申报)[^,。?!;\d]{0,10}[吗不么]|能(?:不能)?(?:补|奖|贴|给)(?:我们|咱们?)?[吗不呢]?|够得上[吗不]?|够格[吗不]?|成不成|轮得到(?:我们|咱们?)?[吗不]?|(?:还)?(?:赶得[上及]|来得及)[^,。?!;\d]{0,6}"
    r"|(?:离(?:门槛|要求|线))?还?差(?:了)?(?:多少|几(?:个)?[万亿点])|(?:线)?过[线了]?没(?:有|过)?|到了没|够得着[吗不]?|超没超|合规[吗不吧]?|(?:算|是不是)?超[期时][吗不了]*|算数[吗不]?|拿得[到着][吗不]?|报得[了上][吗不]?)[?]*(?=$|,)"
)
"""How a question ends that tells a figure; without it the figure stands as if told."""
_ASKS_ALONE = re.compile(
    r"(?:够|能[拿报]|能申[请报]|达标|符合|满足|有戏|轮得[到着上])(?:我们|咱们?)?(?:条件|要求|标准)?了?[吗么不没吧啊?]*$"
)
"""How a question ends that only asks whether what was told before suffices (稳运行能拿不)."""
_BOUNDED = re.compile(
    r"(?<!够)不够|没够|未够|不足|不到|没到|未到|不满|未满|没达|未达|不达|没满足|未满足|不满足|不符合|以下|以上|低于|之前|以前|之后|以后|前竣工"
    r"|子公司|母公司"
)
"""What makes a bound of a figure, or somebody else's of it."""
_ELSE = re.compile(
    r"(?:[补贴奖拿领]|给(?!厂|他|它|链主|客户))[^,。?!;\d]{0,5}\d|封顶|最多|最高|上限|最长|最短|要满|但|没有?(?!错|含税|问题)|还没|(?<!\d)-\d|价款|经营性"
)
"""What makes more, less or something else of a figure than that it is there."""
_HOW_MUCH = re.compile(
    r"起步|起报|才(?:能|可以|可|行|算|给|够|有|报|成|让|补|奖)(?!竣工|完工|建成|验收|做完|干完)|至少|最低(?!投资线|要求|门槛)|最少"
    r"|不低于|以上|门槛(?:是|多少)|(?<!差)(?<!差了)多少"
)
"""What asks for the threshold itself, with a figure in it or not."""


def weighed(
    reply: Reply, text: str, intent: Intent, conversation: Conversation, desk: Desk, *, changed: bool = False
) -> Reply | None:
    """The reply with the verdict on what the question supposes put before it; None where there is no verdict.

    `conversation`: as it was before the message; `changed`: the text is the question in hand with something changed,
    of which it is always said what does not suffice (要是2021年上市的呢).
    """
    topics = _narrowest([topic for ask in intent.asks for topic in ask.topics], desk)
    of_direction = len(topics) == 1 and topics[0] in desk.library.guide.direction_of
    folded = desk.library.teller.letters(text)
    if reply.status == "answered" and "eligibility" in topics:
        first = _of_the_firm(folded, desk)
        return put_first(reply, first, desk.today) if first else None
    if reply.status != "answered" or not of_direction:
        return None
    of_money = bool({"amount", "rate"} & set(intent.facets))
    in_doubt = changed and not of_money and _FIGURE.search(folded) is not None  # 480万 → 500万整呢
    goes_on = topics[0] in conversation.topics and folded.rstrip("?").endswith("呢")
    changed = (changed or (goes_on and not of_money)) and not _OF_SOMEBODY & set(intent.facets)
    spoken_of = topics[0] in conversation.topics and (_WHETHER.search(folded) or "conditions" in conversation.facets)
    if grew := _grew(folded, topics[0], conversation, desk):
        return put_first(reply, grew, desk.today)
    held = [one for one in told_in(conversation.case) if one.kind == "money"]
    # 贷款1个亿贴多少 → 那400万呢 asks of another loan; of two sums it is not plain which is meant
    again = spoken_of and len(held) < 2 and _ANOTHER_SUM.match(folded)
    whether = bool(_WHETHER.search(folded) or again or in_doubt)
    supposed = _ASKING.sub("", folded)
    supposed = re.sub(r"呢[?]*$", "", supposed) if changed else supposed
    only_told = "conditions" in intent.facets and _FIGURE.search(folded) and not is_question(folded)
    if _BOUNDED.search(supposed):
        return None
    branches = desk.library.branches_of(topics[0])
    outside = _done_by(folded, branches, desk, also_yes=False) if whether or of_money else None
    if not (whether or only_told or _CONFIRMS.search(folded)) or _HOW_MUCH.search(folded):
        sum_asked = _SUM_ASKED.search(folded) if of_money else None
        before_it = folded[: sum_asked.start()] if sum_asked else supposed
        failing = _failing(before_it, branches, desk) if sum_asked or changed else None
        if failing is None and changed and not of_money:
            failing = _lone_sum_fails(folded, branches, desk)
        first = outside or failing
        return put_first(reply, first, desk.today) if first else None
    scene = Scene(_with_period(supposed, topics[0]), desk.today, answer=True)
    told = [kept_of(one, desk.library) for one in heard_in(scene, desk.library.teller).told]
    dated = any(desk.library.guide.fact[one.fact].kind == "date" for one in told)
    if not dated and of_another_year(folded, desk.library, desk.today):
        return None
    before = not told and "conditions" in intent.facets and _ASKS_ALONE.search(folded) and not re.search(r"\d", folded)
    if before:  # what else was said then may not have been heard: only a no is sure
        told, supposed = list(conversation.now.values()), ""
    heard = sum(desk.library.guide.fact[one.fact].unit in ("万元", "%") for one in told)
    whole = len(amounts_in(folded)) <= heard  # else what was not heard may fail: only a no is sure
    saying = desk.saying()
    found = [(kept, _verdict(kept, branches, told, desk)) for kept in told]
    of = desk.library.guide.fact
    numbers = {key for key in of if of[key].kind in ("number", "date") and not key.endswith("_year")}
    measured = [
        (kept, verdict) for kept, verdict in found if kept.fact in numbers and not _about(kept, verdict, folded)
    ]
    started = STARTED.search(supposed) is not None
    whole = whether and whole and not before and all(one and one[0].holds for _, one in measured)
    if started:  # a day that fits is not enough where how long was built is not known
        whole = _built_within(saying, scene, branches, desk, whether=whether) and whole
    for kept, verdict in measured:
        sure = of[kept.fact].kind == "date" or not _ELSE.search(supposed)
        plain = sure and (whole or not verdict[0].holds) if verdict else False
        if verdict and len(saying.lines) < MOST and plain:
            _weigh(saying, kept, *verdict, desk)
    missing = [one for one in found if of[one[0].fact].kind == "bool" and one[1] and one[1][0].holds is False]
    if whether and not before and len(missing) == 1 and not saying.lines:
        kept, verdict = missing[0]
        assert verdict is not None
        _weigh(saying, kept, *verdict, desk)
    if not saying.lines and whether and (done := _done_by(folded, branches, desk, also_yes=whole)):
        saying = done
    elif not saying.lines and outside:
        saying = outside
    if not saying.lines and whether:
        _doubtful(saying, measured, branches, desk)
        for kept, _ in measured if saying.lines else ():
            if verdict := _verdict(kept, branches, told, _when_closed(desk)):
                _weigh(saying, kept, *verdict, desk)
    if not saying.lines and whether:
        _unless(saying, [kept for kept, verdict in measured if verdict is None], folded, branches, desk)
    if not saying.lines and whether:
        _too_little(saying, folded, branches, told, desk, before=conversation.now if again else None)
    if not saying.lines:
        return None
    return put_first(reply, saying, desk.today)


def _unless(saying: Saying, undecided: list[Kept], folded: str, branches: tuple[str, ...], desk: Desk) -> None:
    """Say that a figure alone does not suffice where something untold may take its place (10亿元以上或具有全局性)."""
    sums = [one for one in told_in(folded) if one.kind == "money" and not _TO_GET.search(folded[: one.start])]
    if _INSTEAD.search(folded) or len(sums) > 1:
        return
    books = [desk.library.guide.book.branches[branch] for branch in branches]
    leaves = [leaf for book in books for leaf in book.whole.leaves() if leaf.operator == "at_least"]
    for kept in undecided:
        own = [leaf for leaf in leaves if leaf.fact == kept.fact]
        if (
            len(own) == 1
            and kept.value is not None
            and own[0].holds(case_of({kept.fact: kept.value}, desk.library.guide)) is False
        ):
            quote, quoted = _in_marks(own[0].quote)
            said = in_words(kept, desk.library)
            saying.say("weighed_alone", told_source(kept, desk.library), quoted, told=said, quote=quote)
            saying.cite(own[0].clause, own[0].quote)
            return


_TO_GET = re.compile(r"(?:那|这|拿|奖|补|给|领|档)[^,。?!;\d]{0,3}$")
"""What stands before the sum of an award (那50万够着了没)."""
_INSTEAD = re.compile(r"全局|战略")
"""Words of what may take a figure's place."""


def _when_closed(desk: Desk) -> Desk:
    """The desk on the closing day at the earliest: what is told of a time that is not over is weighed as if it were."""
    return replace(desk, today=max(desk.today, date.fromisoformat(desk.library.guide.window.closes)))


def _grew(folded: str, topic: str, conversation: Conversation, desk: Desk) -> Saying | None:
    """What two years' figures come to, and whether that suffices; None where growth decides nothing of a topic."""
    branch = _branch_grown(topic, folded)
    if not branch or of_another_year(folded, desk.library, desk.today):
        return None
    keys = GROWS[branch]
    held = conversation.now.get(keys[0])
    before = (
        Decimal(str(held.value)) if held and held.value is not None else _increment_in(conversation.case, keys[0], desk)
    )
    two = grown(folded, before)
    if two is None:
        return None
    saying = desk.saying()
    if two.increment <= 0:
        formula = f"{wan(two.before)} − {wan(two.after)} = {wan(-two.increment)}"
        said = Source("told", f"{wan(two.before)} {wan(two.after)}", "您说的两年的数")
        saying.say("fell", said, Source("computed", formula, formula), formula=formula)
        return saying
    sums = Source("told", f"{wan(two.before)} {wan(two.after)}", "您说的两年的数")
    sources = (sums, Source("computed", two.formula, two.formula), Source("computed", two.share, two.share))
    saying.say("grown", *sources, formula=two.formula, share=two.share)
    told = [Kept(fact=key, value=float(value)) for key, value in zip(keys, (two.increment, two.growth), strict=True)]
    _doubtful(saying, [(kept, None) for kept in told], (branch,), desk)
    verdicts = [(kept, _verdict(kept, (branch,), told, _when_closed(desk))) for kept in told]
    for kept, verdict in verdicts:
        if verdict:
            _weigh(saying, kept, *verdict, desk)
    if {verdict[0].holds for _, verdict in verdicts if verdict} == {True, False}:
        saying.say("both_needed")
    return saying


def _branch_grown(topic: str, folded: str) -> str:
    """The branch of which two years' figures would be: that in hand, or the one that words tell."""
    told = (one for one in GROWS if topic in (one, one[:-1]) and _OF_GROWTH[one].search(folded))
    return next(told, topic if topic in GROWS else "")


def _with_period(folded: str, topic: str) -> str:
    """A text with the time of which the guide asks, where a figure of growth is told without any (软件增量5.9亿)."""
    period = _PERIODS.get(_branch_grown(topic, folded), "")
    return f"{period},{folded}" if period and not _SOME_TIME.search(folded) else folded


_PERIODS = {"14a": "一季度", "14b": "1-2月"}
_SOME_TIME = re.compile(r"[月季年]")


def _increment_in(case: str, key: str, desk: Desk) -> Decimal | None:
    """The increment that the question in hand tells."""
    told = bool(case) and not _REQUIRED.search(case)
    found = heard_in(Scene(case, desk.today, answer=True), desk.library.teller).told if told else ()
    return next((Decimal(str(one.value)) for one in found if one.fact == key), None)


_REQUIRED = re.compile(r"要(?!是)|至少|最少|门槛|不低于|是吧|对吧|多少")
"""What tells a figure that is asked for, not the firm's."""
_OF_GROWTH = {"14a": re.compile(r"产值|工业|季"), "14b": re.compile(r"营收|收入|软件|[12]月|两个月")}
"""What tells of which branch of 方向14 two figures are."""
_SUM_ASKED = re.compile(
    r"(?:最多|最高|大概|一共|总共|可以|能)*(?:能|可以)?(?:拿|补|奖|给|领|贴|得)(?:到|回|我们)?(?:多少|几(?:个)?[钱万百千])[^,。;]*$"
    r"|(?:最多|最高|封顶|补贴|奖励|金额|上限)(?:是|能有|有)?(?:多少|几万)[^,。;]*$"
)
"""How a question ends that wants a sum for what it tells."""


def _failing(supposed: str, branches: tuple[str, ...], desk: Desk) -> Saying | None:
    """What was told that alone rules a direction out, each with its sentence; None where nothing does."""
    guide, saying = desk.library.guide, desk.saying()
    for one in heard_in(Scene(supposed, desk.today, answer=True), desk.library.teller).told:
        kept = kept_of(one, desk.library)
        if kept.fact.endswith("_year") or (guide.fact[kept.fact].kind == "number" and _ELSE.search(supposed)):
            continue  # another year is another award's (2023年的呢)
        case = case_of({kept.fact: kept.value}, guide)
        judged = [judge_branch(branch, case, guide, desk.today) for branch in branches]
        reasons = [
            reason for one in judged for reason in one.because if (reason.fact, reason.holds) == (kept.fact, False)
        ]
        if reasons and all(one.verdict == "not_eligible" for one in judged) and len(saying.lines) < MOST:
            _weigh(saying, kept, reasons[0], judged[0].gaps, desk)
    return saying if saying.lines else None


def _about(kept: Kept, verdict: tuple[Reason, tuple[Gap, ...]] | None, folded: str) -> bool:
    """Whether a sum that is told with 约 or 左右 lies so near what is required that it decides nothing."""
    if verdict is None or isinstance(kept.value, bool) or not isinstance(kept.value, int | float):
        return False
    value = Decimal(str(kept.value))
    told = [one for one in told_in(folded) if one.about and one.value == value]
    return any(abs(need - value) <= value / 10 for need in _required(verdict[0].quote)) if told else False


def _required(quote: str) -> list[Decimal]:
    """The figures that a condition's quote holds."""
    return [one.value for one in told_in("".join(quote.split())) if one.value is not None]


def _narrowest(topics: list[str], desk: Desk) -> list[str]:
    """The topics, a direction without its branches where it is asked of beside them."""
    of = desk.library.guide.direction_of
    return [one for one in dict.fromkeys(topics) if one not in of or of[one].direction == one
            or of[one].direction not in topics]  # fmt: skip


def _of_the_firm(folded: str, desk: Desk) -> Saying | None:
    """That a firm does not meet a general condition, by what a question tells of it (2021年有一条严重失信，影响吗)."""
    if not (_WHETHER.search(folded) or _AFFECTS.search(folded)) or _BOUNDED.search(_ASKING.sub("", folded)):
        return None
    scene = Scene(_AFFECTS.sub("", _ASKING.sub("", folded)), desk.today, answer=True)
    told = {one.fact: kept_of(one, desk.library) for one in heard_in(scene, desk.library.teller).told}
    for one in desk.library.under("eligibility"):
        needs = one.provision.condition
        kept = told.get(needs.fact) if needs and needs.is_ is not None else None
        if needs is None or kept is None or kept.value is not (not needs.is_):
            continue
        if _SEVERAL_FIRMS.search(folded) or (needs.fact == CREDIT and _long_past(folded, desk)):
            continue
        saying, (quote, quoted) = desk.saying(), _in_marks(one.provision.quote)
        said = in_words(kept, desk.library)
        saying.say("weighed_fails", told_source(kept, desk.library), quoted, told=said, quote=quote)
        saying.cite(one.clause, one.provision.quote)
        return saying
    return None


def _long_past(folded: str, desk: Desk) -> bool:
    """Whether what is told may not count any more: it lies three years back or more, or was cleared since."""
    if _CLEARED.search(folded):
        return True
    years = [int(year) for year in re.findall(r"20\d\d(?=年)", folded)]
    return any(desk.today.year - year > SPAN_OF_CREDIT for year in years)


_CLEARED = re.compile(r"修复|移出|消掉|消除|撤销|解除|还清|(?<!前)(?<![一1两2去])年多?(?:以)?前")
"""What says that a stain was cleared or is long past."""
_SEVERAL_FIRMS = re.compile(r"各|分别|[甲乙丙]")
CREDIT = "serious_dishonesty_last_3y"
"""The fact of a stain on the credit, of which alone it counts how long ago it was."""
SPAN_OF_CREDIT = 3
"""Years back that a serious stain on the credit counts (二（一）1)."""
_AFFECTS = re.compile(
    r"(?:这|会|有|还|是否|是不是)*(?:影响|妨碍|耽误)[^,。?!;]{0,8}[吗么不]?|(?:要紧|碍事|有没有事)[吗么不]?"
)
"""What asks whether something stands in the way."""
_OF_SOMEBODY = {"contact", "email", "district_contact", "reverse_lookup"}
"""Facets that ask for somebody: what is told beside only says for what (医药健康链呢)."""
_FIGURE = re.compile(r"[\d一二两三四五六七八九十百千万]")
"""What a message has to hold for a figure or day to be told in it."""
_ANOTHER_SUM = re.compile(
    r"^(?:那|不对|不是|错了|改成|换成|要是|如果|只有|才|是|[,。])*\d[\d.]*(?:万|亿|千万|百万)元?[^\d]{0,6}$"
)
"""What puts another sum in place of the one that was spoken of (不对不对，是400万，够吗)."""


def _too_little(
    saying: Saying,
    folded: str,
    branches: tuple[str, ...],
    told: list[Kept],
    desk: Desk,
    *,
    before: Mapping[str, Kept] | None,
) -> None:
    """Say that a sum is below what is required, where it holds all that the condition is on (投了499万，够吗).

    A sum that was told roughly (九百多万) is below where the most that it may be is. `before`: what was told, where the
    message is hardly more than the sum: that then stands for the one figure that decides, and is enough too where that
    figure was told before (融资租赁合同900万够吗 → 那1000万呢).
    """
    sums = [one for one in told_in(folded) if one.kind == "money" and not _LACKS.search(folded[: one.start])]
    most = most_of(sums[0], folded) if len(sums) == 1 else None
    if most is None or most < LEAST or part_of_more(Scene(folded, desk.today, answer=True), sums[0], sums):
        return
    facts = desk.library.guide.fact
    keys = [key for key in facts if facts[key].unit == "万元" and set(facts[key].branches) & set(branches)]
    none = {key: Kept(fact=key, value=0.0) for key in keys}
    asked_for = [key for key in keys if _verdict(none[key], branches, [*told, none[key]], desk)]
    lead = folded[: sums[0].start]
    if _NO_SUM_OF_ITS.search(lead) or (before is not None and _A_PART.search(lead)):
        return
    per_each = {share.part.base for branch in branches for share in desk.library.guide.book.branches[branch].shares
                if share.part.each}  # fmt: skip
    for key in keys:
        if key not in per_each and OF_EACH.search(lead):
            continue  # 60台设备每台50万 is not what was invested
        words = "|".join(map(re.escape, facts[key].within)) or "(?!)"
        beside = re.search(rf"(?:{words}){UP_TO_THE_SUM}$", lead)
        alone = asked_for == [key] and _SPENT.search(lead) and not _OF_ANOTHER.search(lead)
        kept = Kept(fact=key, value=float(most))
        meant = beside or alone or before is not None
        verdict = _verdict(kept, branches, [*told, kept], desk) if meant else None
        if verdict and not verdict[0].holds and not sums[0].exact:
            said = f"{facts[key].name}{folded[sums[0].start : sums[0].end]}"
            _say(saying, verdict[0], said, Source("told", said, f"您说的{facts[key].name}"))
            return
        told_before = before is not None and key in before
        if verdict and sums[0].exact and verdict[0].holds and not told_before and not beside:
            if (before is not None or _SUFFICES.search(folded)) and not desk.library.teller.figures[key].rules.net:
                _if_all(saying, kept, verdict[0], facts[key], desk)
            return
        if verdict and sums[0].exact and (not verdict[0].holds or told_before):
            _weigh(saying, kept, *verdict, desk)
            return


def _lone_sum_fails(folded: str, branches: tuple[str, ...], desk: Desk) -> Saying | None:
    """That the only sum of a message is too little for the one figure that is required (那只拿900万那份报呢)."""
    saying, guide = desk.saying(), desk.library.guide
    sums = [one for one in told_in(folded) if one.kind == "money"]
    leaves = [leaf for branch in branches for leaf in guide.book.branches[branch].whole.leaves()]
    floors = {leaf.fact for leaf in leaves if leaf.operator in ("at_least", "more_than") and leaf.fact.endswith("_wan")}
    if len(sums) == 1 and _A_PART.search(folded[: sums[0].start]):
        return None
    if len(sums) != 1 or len(floors) != 1 or _OF_ANOTHER.search(folded[: sums[0].start]) or not sums[0].exact:
        return None
    kept = Kept(fact=next(iter(floors)), value=float(sums[0].value or 0))
    verdict = _verdict(kept, branches, [kept], desk)
    if verdict and not verdict[0].holds:
        _weigh(saying, kept, *verdict, desk)
    return saying if saying.lines else None


def _built_within(saying: Saying, scene: Scene, branches: tuple[str, ...], desk: Desk, *, whether: bool) -> bool:
    """Say whether a project was built in time, where that is sure from its first day to its last; whether it was."""
    begun, done = _day_of(STARTED, scene), _day_of(COMPLETED, scene)
    if begun is None or done is None or BUILT not in desk.library.guide.fact or done.first <= begun.last:
        return False
    spans = ((done.first - begun.last).days, (done.last - begun.first).days)
    kept = [Kept(fact=BUILT, value=round(days / 365.25, 2)) for days in spans]
    verdicts = [_verdict(one, branches, [one], desk) for one in kept]
    if None in verdicts or len({one[0].holds for one in verdicts if one}) > 1:
        return False
    reason = verdicts[0][0] if verdicts[0] else None
    assert reason is not None
    if reason.holds and not whether:
        return True
    said = "、".join(f"{scene.text[one.start : one.end]}{word}" for one, word in ((begun, "开工"), (done, "竣工")))
    _say(saying, reason, said, Source("told", said, "您说的开工和竣工"))
    return bool(reason.holds)


def _done_by(folded: str, branches: tuple[str, ...], desk: Desk, *, also_yes: bool) -> Saying | None:
    """Whether a project is completed in time, by the day told beside 竣工; None where that hangs on the year.

    A day to come is no fact of the case (预计5月竣工), but none behind the closing day can meet the condition.
    `also_yes`: that it is in time is said as well.
    """
    done = _day_of(COMPLETED, Scene(folded, desk.today, answer=True))
    if done is None or DONE not in desk.library.guide.fact:
        return None
    days = [done]
    if done.guessed_year:  # 4月16号 may be last year's, unless it is still to come
        if {(one.month, one.day) for one in (done.first, done.last)} & {(2, 29)}:
            return None
        years = (desk.today.year,) if _TO_COME.search(folded) else (desk.today.year, desk.today.year - 1)
        days = [replace(done, first=done.first.replace(year=y), last=done.last.replace(year=y)) for y in years]
    found = [
        _verdict(kept, branches, [kept], desk)
        for kept in (Kept(fact=DONE, value=day.isoformat()) for one in days for day in (one.first, one.last))
    ]
    reasons = [one[0] for one in found if one]
    if len(reasons) < len(found) or len({one.holds for one in reasons}) > 1 or (reasons[0].holds and not also_yes):
        return None
    saying, said = desk.saying(), f"{folded[done.start : done.end]}竣工"
    _say(saying, reasons[0], said, Source("told", said, "您说的竣工日期"))
    return saying


def _day_of(event: re.Pattern[str], scene: Scene) -> Day | None:
    """The one day that is told beside an event, of that event alone (2019年1月就开工了)."""
    beside = rf"(?:就|才|能够?|可以|预计|已经?|正式|的?时候?|是|在)*(?:{event.pattern})"
    behind = rf"(?:{event.pattern})(?:的?(?:时间|日期|日子))?(?:是|在|于|:)*$"
    found = [day for day in scene.days if re.match(beside, scene.text[day.end :])]
    found = found or [day for day in scene.days if re.search(behind, scene.text[: day.start])]
    return found[0] if len(found) == 1 else None


BUILT, DONE = "build_years", "completion_date"
_TO_COME = re.compile(
    r"预计|还没|尚未|要到|得到|拖到|等到|才能?(?:竣工|完工|建成|验收)|计划|这批|估计|打算|加班|抢|争取|能(?:竣工|完工|建成|验收)|赶得?[上在不]"
)
STARTED = re.compile(r"开工|动工|动的工|开建|开始建|破土|进场|开干|开始干")
COMPLETED = re.compile(r"竣工|完工|完的工|建成|验收|收尾|干完|做完|弄完|改完|建完")


_SUFFICES = re.compile(r"够|达标|达到|达线|过线|过关|过得|符合|满足|合格|门槛|[那的]条线")
"""What asks whether a sum is enough, not what is given for it."""
_A_PART = re.compile(r"(?:其中|里面|里头|包括|含|扣掉|扣除|刨掉|刨去|土地|利息|设备|软件|土建|税)[^,。?!;\d]{0,6}$")
"""What stands before a sum that is a part of the one that was told (其中设备300万呢)."""
_LACKS = re.compile(r"(?:就?差|还?差|超|多|少)(?:了|出)?$")
"""What stands before a sum by which another one differs from what is asked for (499万，差一万能通融吗)."""
_NO_SUM_OF_ITS = re.compile(r"(?:[差缺少超多]|凑|编|虚报|改)(?:了|个|出|到|成|够)*$|(?:凑|编|虚报)[^,。?!;]{0,8}$")
"""What stands before a sum that a project lacks, or that is to be made up (固投凑到五百万)."""
LEAST = 1
"""万元 below which nothing is a project's sum (有一块是上液冷的 tells of no money)."""
_SPENT = re.compile(r"(?:投|花|拢共|总共|一共|合计|合同|做|买|租|固投|设备|金额|用|供|签|改造|履约)[^,。?!;\d]{0,8}$")
"""What stands before a sum that is the project's own, where its direction asks for but one."""
_OF_ANOTHER = re.compile(
    r"(?:租金|房租|押金|订单|买地|土地|利息|贷|借|营收|收入|产值|资本|保费|补贴|奖励?|估值|利润|税|封顶|上限)[^,。?!;\d]{0,6}$"
)
"""What stands before a sum of something else."""


def _verdict(
    kept: Kept, branches: tuple[str, ...], told: list[Kept], desk: Desk
) -> tuple[Reason, tuple[Gap, ...]] | None:
    """What the condition on a figure says, where all branches agree and it is decided."""
    guide = desk.library.guide
    case = case_of({one.fact: one.value for one in told if one.value is not None}, guide)
    judged = [judge_branch(branch, case, guide, desk.today) for branch in branches]
    found = [(reason, one.gaps) for one in judged for reason in one.because if reason.fact == kept.fact]
    particular = guide.fact[kept.fact].branches != guide.fact["reg_beijing"].branches
    decided = {reason.holds for reason, _ in found}
    return found[0] if particular and len(decided) == 1 and None not in decided else None


def _doubtful(
    saying: Saying,
    measured: list[tuple[Kept, tuple[Reason, tuple[Gap, ...]] | None]],
    branches: tuple[str, ...],
    desk: Desk,
) -> None:
    """Say why what was told decides nothing yet, where the guide leaves open just that (一季度还没有结束)."""
    guide = desk.library.guide
    case = case_of({kept.fact: kept.value for kept, _ in measured if kept.value is not None}, guide)
    told = {kept.fact for kept, verdict in measured if verdict is None}
    full = with_defaults({**case, AS_OF: desk.today}, guide)
    for branch in branches:
        for doubt in open_doubts(guide.book.branches[branch], full):
            if doubt.unknown_when and told & {leaf.fact for leaf in doubt.unknown_when.leaves()}:
                saying.line(doubt.ambiguity.say, *sources_of(doubt.ambiguity, branch, desk.library))
                return


def _weigh(saying: Saying, kept: Kept, reason: Reason, gaps: tuple[Gap, ...], desk: Desk) -> None:
    gap = next((one for one in gaps if one.fact == kept.fact and isinstance(one.short_by, Decimal)), None)
    own = told_source(kept, desk.library)
    if not reason.holds and gap and isinstance(gap.have, Decimal) and isinstance(gap.need, Decimal):
        _short(saying, kept, gap, reason, [own, _in_marks(reason.quote)[1]], desk)
        saying.cite(reason.clause, reason.quote)
    else:
        _say(saying, reason, in_words(kept, desk.library), own)


def _say(saying: Saying, reason: Reason, said: str, own: Source) -> None:
    """够 or 不符合: what was told, and the sentence that it is held against."""
    phrase = "weighed_meets" if reason.holds else "weighed_fails"
    quote, quoted = _in_marks(reason.quote)
    saying.say(phrase, own, quoted, told=said, quote=quote)
    saying.cite(reason.clause, reason.quote)


def _if_all(saying: Saying, kept: Kept, reason: Reason, fact: Fact, desk: Desk) -> None:
    """That a sum is enough where all of it counts (投了500万整，够吗: how much of it is 固定资产投资 is not told)."""
    quote, quoted = _in_marks(reason.quote)
    have = in_words(kept, desk.library).removeprefix(fact.name)
    own = told_source(kept, desk.library)
    saying.say("weighed_if_all", own, quoted, told=have, name=fact.name, quote=quote)
    saying.cite(reason.clause, reason.quote)


def _in_marks(quote: str) -> tuple[str, Source]:
    """A quote as it stands in a sentence of ours, and as a source."""
    plain = " ".join(quote.split())
    return between_marks(in_a_sentence(plain)), Source("quoted", quote, plain)


def _short(saying: Saying, kept: Kept, gap: Gap, reason: Reason, sources: list[Source], desk: Desk) -> None:
    fact = desk.library.guide.fact[gap.fact]
    assert isinstance(gap.have, Decimal) and isinstance(gap.need, Decimal)
    large = fact.unit == "万元" and holds(reason.quote, f"{plain_number(gap.need / 10_000)}亿元")
    need, short, have = (amount_as_printed(fact, number, large) for number in (gap.need, gap.short_by, gap.have))
    larger, smaller = (need, have) if gap.need > gap.have else (have, need)
    formula = f"{larger} − {smaller} = {short}"
    own = Source("told", have, f"您说的{fact.name}")
    reckoned = Source("computed", formula, formula)
    phrase = "weighed_short" if gap.need > gap.have else "weighed_over"
    saying.say(phrase, *sources, own, reckoned, name=fact.name, have=have, need=need, short=short, formula=formula)
