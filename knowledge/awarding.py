"""How much at most: a branch's award with its arithmetic in words.

Every amount is a ceiling in 万元, never a promise. The money rules (guide/rules.md ①–④):

    ① rate stated, base told       min(rate × base, cap)
    ② rate stated, base not told   the cap; so too where the clause only says 给予奖励 or 分档
    ③ rate not stated (一定比例)    none where the base is told and not above the cap; else the cap
    ④ no cap and not reckonable    none
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from knowledge.rulebook import BranchBook, Case, Ceiling, Extra, Share
from knowledge.rules import Cap


@dataclass(frozen=True)
class Reckoned:
    """An amount in 万元 (None where none can be given) and the sentence that shows how it came about."""

    amount: Decimal | None
    text: str


def award(book: BranchBook, case: Case) -> Reckoned:
    """The most that an eligible case may get under this branch; `case` holds the defaults too."""
    named = next((share.part.by for share in book.shares if share.part.by), None)
    found = NAMED[named](book, case) if named else _highest(book, case)
    return _not_beyond_what_is_open(_with_extras(found, book, case), book.perhaps)


def _highest(book: BranchBook, case: Case) -> Reckoned:
    """The best of the parts that apply: the higher share, or the higher cap."""
    applying = [share for share in book.shares if share.when is None or share.when.holds(case)]
    chosen = max(applying, key=lambda share: (share.rate or Decimal(0), share.cap or Decimal(0)))
    return reckon(chosen, book.ceilings, case)


def reckon(share: Share, ceilings: tuple[Ceiling, ...], case: Case) -> Reckoned:
    """One part of an award under the limits of its enterprise."""
    count = _count(share, case)
    caps = _caps(share, ceilings, count)
    base = _number(case, share.part.base)
    if share.rate is None:
        return _unstated(share, base, caps) if not share.part.stated else Reckoned(caps.amount, caps.text)
    words = f"{_bound(share)}{share.part.of}的{percent(share.rate)}"
    if base is None:
        return Reckoned(caps.amount, _join(f"{words}，{share.part.of}还不知道", caps.text))
    amount, formula = _multiplied(share, base, count)
    most = amount if caps.amount is None else min(amount, caps.amount)
    over = "，超过封顶" if most < amount else ""
    remark = f"（{share.part.remark}）" if share.part.remark else ""
    return Reckoned(most, _join(f"{words}{remark}：{formula}{over}", caps.text))


def _multiplied(share: Share, base: Decimal, count: Decimal) -> tuple[Decimal, str]:
    """Share × base, for one and then for all where the base is told for one; the formula as it is said."""
    assert share.rate is not None
    one = base * share.rate
    formula = f"{wan(base)} × {percent(share.rate)} = {wan(one)}"
    if not share.part.each:
        return one, formula
    if share.cap is not None and one > share.cap:
        formula, one = f"{formula}，超过单个封顶，按{wan(share.cap)}", share.cap
    return (one * count, f"{formula}，× {plain_number(count)} = {wan(one * count)}") if count != 1 else (one, formula)


def _unstated(share: Share, base: Decimal | None, caps: Reckoned) -> Reckoned:
    """A share that the guide leaves to an attachment (③)."""
    part = share.part
    rate = "分档" if part.base is None else "一定比例"
    words = f"按{part.of}的{rate}，正文未写，见{part.see}" if part.base else f"分档奖励，各档正文未写，见{part.see}"
    words += f"（{part.remark}）" if part.remark else ""
    most = share.cap if part.each and share.cap is not None else caps.amount
    if base is not None and (most is None or base <= most):
        return Reckoned(None, _join(f"{words}；{wan(base)}没有超过封顶，算不出金额", caps.text))
    return Reckoned(caps.amount, _join(words, caps.text))


def _caps(share: Share, ceilings: tuple[Ceiling, ...], count: Decimal) -> Reckoned:
    """The lowest of the caps that apply, and all of them in words."""
    amounts, words = [], []
    if share.cap is not None and share.part.cap:
        amounts.append(share.cap * count)
        words.append(_cap_words(share.part.cap, share.cap, count))
    for ceiling in ceilings:
        amounts.append(ceiling.amount)
        words.append(limit_words(ceiling))
    return Reckoned(min(amounts) if amounts else None, "；".join(words))


def _cap_words(cap: Cap, amount: Decimal, count: Decimal) -> str:
    words = f"{cap.per}最高{cap.amount}"
    return words if count == 1 else f"{words} × {plain_number(count)} = {wan(amount * count)}"


def limit_words(ceiling: Ceiling) -> str:
    """An enterprise's limit as it is said: 单个企业年度最高3000万元."""
    limit = ceiling.limit
    return f"{limit.per}{'原则上' * limit.in_principle}{'年度' * limit.yearly}最高{limit.amount}"


def ceiling_words(book: BranchBook) -> str:
    """Every cap that could apply to a branch, as it is said; nothing where its clause prints none."""
    caps = [_cap_words(share.part.cap, share.cap, Decimal(1)) for share in book.shares if share.part.cap and share.cap]
    extras = [f"另有加奖最高{extra.bonus.amount}" for extra in book.extras]
    return "；".join(dict.fromkeys([*caps, *map(limit_words, book.ceilings), *extras]))


def _with_extras(found: Reckoned, book: BranchBook, case: Case) -> Reckoned:
    """The bonuses on top, those of direction 12: 30 + 20, 50 + 20 + 10."""
    extras = [extra for extra in book.extras if is_given(extra, case)]
    if not extras or found.amount is None:
        return found
    total = found.amount + sum(extra.amount for extra in extras)
    terms = " + ".join([wan(found.amount), *(wan(extra.amount) for extra in extras)])
    return Reckoned(total, f"{found.text}，再增加奖励：{terms} = {wan(total)}")


def is_given(extra: Extra, case: Case) -> bool:
    """Whether a bonus is given by what is told for sure."""
    return extra.when.holds(case) is True and not (extra.unless and extra.unless.holds(case))


def _not_beyond_what_is_open(found: Reckoned, perhaps: tuple[Ceiling, ...]) -> Reckoned:
    """An amount above a limit that may or may not apply (A11.1) is not given."""
    for ceiling in perhaps:
        if found.amount is not None and found.amount > ceiling.amount:
            return Reckoned(None, f"{found.text}；{limit_words(ceiling)}管不管这一段正文未写，封顶待确认")
    return found


def data_centre(book: BranchBook, case: Case) -> Reckoned:
    """Direction 11b: 30% of the special part, 25% of the rest; its paragraph states no cap.

    The first share is the general one (its base the whole scope), the second that of the special part.
    """
    general, special = book.shares
    whole, part = _number(case, general.part.base), _number(case, special.part.base) or Decimal(0)
    assert general.rate is not None and special.rate is not None
    words = f"不超过{general.part.of}的{percent(general.rate)}，{special.part.of}不超过{percent(special.rate)}"
    if whole is None:
        return Reckoned(None, f"{words}；{general.part.of}还不知道，这一段没有写封顶，算不出金额")
    amount = (whole - part) * general.rate + part * special.rate
    if part == 0:
        return Reckoned(amount, f"{words}：{wan(whole)} × {percent(general.rate)} = {wan(amount)}；这一段没有写封顶")
    terms = f"{wan(part)} × {percent(special.rate)}"
    if part != whole:
        terms = f"（{wan(whole)} − {wan(part)}）× {percent(general.rate)} + {terms}"
    return Reckoned(amount, f"{words}：{terms} = {wan(amount)}；这一段没有写封顶")


NAMED: dict[str, Callable[[BranchBook, Case], Reckoned]] = {"data_centre": data_centre}
"""The awards that data can't hold, by the name that a part's `by` gives."""


def together(books: list[tuple[BranchBook, Decimal | None]]) -> Decimal | None:
    """Several branches of one application under the limits that they share; None where one of them has no amount."""
    total, under = Decimal(0), dict[str, tuple[Decimal, Decimal]]()
    for book, amount in books:
        if amount is None:
            return None
        if not book.ceilings:
            total += amount
        for ceiling in book.ceilings:
            held = under.get(ceiling.limit.quote + str(ceiling.limit.over), (Decimal(0), ceiling.amount))
            under[ceiling.limit.quote + str(ceiling.limit.over)] = (held[0] + amount, ceiling.amount)
    return total + sum((min(held, most) for held, most in under.values()), Decimal(0))


def _count(share: Share, case: Case) -> Decimal:
    return _number(case, share.part.count) or Decimal(1)


def _number(case: Case, fact: str | None) -> Decimal | None:
    value = case.get(fact) if fact else None
    return value if isinstance(value, Decimal) else None


def _bound(share: Share) -> str:
    return "不超过" if "不超过" in share.part.quote.replace(" ", "") else "按"


def _join(*words: str) -> str:
    return "；".join(word for word in words if word)


def plain_number(number: Decimal) -> str:
    """A number without idle zeros: 750, 1.5."""
    return f"{number.normalize():f}"


def wan(amount: Decimal) -> str:
    """An amount in 万元 as it is said: 750万元, 1.5亿元."""
    if amount >= 10_000 and amount % 100 == 0:
        return f"{plain_number(amount / 10_000)}亿元"
    return f"{plain_number(amount)}万元"


def percent(share: Decimal) -> str:
    """A share as it is said: 25%."""
    return f"{plain_number(share * 100)}%"
