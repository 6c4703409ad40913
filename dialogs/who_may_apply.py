"""What the general conditions say beside a direction that is asked of: who may apply, and what told facts fail."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.conversation import Conversation
from dialogs.hearing import Heard
from dialogs.intent import Ask
from dialogs.library import Library


def with_eligibility(parts: list[Ask], whole: Heard, conversation: Conversation, library: Library) -> list[Ask]:
    """The parts behind who may apply at all, where what is asked names that beside a direction (分公司能报吗)."""
    under = {one.id: one for one in library.under("eligibility") if one.provision.id in WHO_MAY}
    named = {id_: 2.0 for id_ in under if any(one.provisions.get(id_, 0.0) >= 1.0 for one in whole.asking)}
    named |= not_met("eligibility", conversation, library)
    money = not_met("other_money", conversation, library)
    of_there = may_one_of_there(whole)
    if of_there or (whole.gathered("outside") and _REGISTERED.search(whole.folded) and not _is_of_here(whole)):
        named |= {REGISTERED: 2.0}
    of = library.guide.direction_of
    of_directions = parts and all(ask.topics[0] in of or ask.topics[0] == "recommendation" for ask in parts)
    asks = {facet for ask in parts for facet in ask.facets} & {"conditions", "scope", "definition", "recommendation"}
    parts = [_with_what_fails(ask, conversation, library) for ask in parts]
    if not (of_directions and (asks or money or of_there)):
        return parts
    of_firm = [Ask(("eligibility",), ("conditions",), named)] if named and (asks or of_there) else []
    return [*of_firm, *([Ask(("other_money",), ("exclusivity",), money)] if money else []), *parts]


def may_one_of_there(whole: Heard) -> bool:
    """Whether it is asked if a firm of another place may apply (成都企业能拿升规奖吗)."""
    there = "|".join(map(re.escape, whole.gathered("outside")))
    firm = rf"(?:{there})(?:市|省|本地|当地|那边|这边|注册)?的?[^,。?!;]{{0,3}}(?:公司|企业|厂(?![房子])|车企|药企)"
    if _OURS.search(whole.folded):
        return False  # 苏州的兄弟厂有奖，我们北京厂能拿么
    return bool(there) and bool(re.search(firm, whole.folded)) and bool(_MAY.search(whole.folded))


def _is_of_here(whole: Heard) -> bool:
    """Whether a firm is registered in Beijing, whatever else it has elsewhere (注册在大兴，生产在廊坊; 刚迁到北京)."""
    there = "|".join(map(re.escape, whole.gathered("outside")))
    at = rf"注册(?:地址?)?(?:都)?(?:在|于|是)(?!{there}|外地|外省|哪)"
    here = re.search(at, whole.folded) or _HERE.search(whole.folded)
    return bool(here) and not _IF_MOVED.search(whole.folded)


_HERE = re.compile(r"(?:北京|本市)注册|(?:迁|搬)(?:到|回|来|进)了?(?:北京|京)")


_IF_MOVED = re.compile(r"要是|如果|假如|打算|准备|想")


def on_a_list(whole: Heard) -> bool:
    """Whether a firm tells that it is listed as dishonest, and asks neither for a cure nor of time (被列入失信了)."""
    return bool(_LISTED.search(whole.folded)) and not _CURE.search(whole.folded)


_LISTED = re.compile(r"(?:被列[入为进]|列入了|[上进]了|成了|被列了?)(?:严重)?(?:失信|老赖|黑名单|被执行人)")
_CURE = re.compile(r"修复|移出|撤销|解除|消除|\d年前|[三四五六七八九十]年前|会不会|要是|如果|怎么办|会被|会[列上进]")


def is_of_there(whole: Heard) -> bool:
    """Whether nothing is told but that the firm is of another place (我们在河北)."""
    there = "|".join(map(re.escape, whole.gathered("outside")))
    told = rf"(?:{_WE})+(?:是|在|设在|注册(?:地|地址)?在)?(?:{there})(?:省|市|那边)?的?(?:公司|企业|厂)?"
    return bool(there) and bool(re.fullmatch(told, whole.folded))


_WE = "我们|我司|咱们?|我|公司|企业|厂|单位"


def not_met(rule: str, conversation: Conversation, library: Library) -> dict[str, float]:
    """The general conditions of a rule that a told fact does not meet (拿过市科委同一个项目的钱 → 还能不能报)."""
    now, found = conversation.now, dict[str, float]()
    for one in library.under(rule):
        needs = one.provision.condition
        kept = now.get(needs.fact) if needs and needs.is_ is not None else None
        if kept and needs and kept.value is (not needs.is_):
            found[one.id] = 2.0
    return found


def _with_what_fails(ask: Ask, conversation: Conversation, library: Library) -> Ask:
    """An ask of money with the provisions that a told fact runs counter to (拿过中央的钱，那20万还有份儿没)."""
    if not set(ask.facets) & {"amount", "rate"} or len(ask.topics) != 1:
        return ask
    now, failing = conversation.now, dict[str, float]()
    for one in library.under(ask.topics[0]) if ask.topics[0] in library.guide.direction_of else ():
        needs = one.provision.condition
        kept = now.get(needs.fact) if needs and needs.is_ is False else None
        if kept and kept.value is True:
            failing[one.id] = 2.0
    return replace(ask, provisions={**ask.provisions, **failing}) if failing else ask


_OURS = re.compile(r"我们|我司|咱|北京|本市")
_MAY = re.compile(
    r"(?:能|可以|可否|能否|有资格|够格)[^,。?!;]{0,10}(?:报|申请|拿|领|享受|参加)(?!多少)|报不报得了|报得了"
)
REGISTERED, NO_DISHONESTY, PENALISED = "eligibility:registered", "eligibility:dishonesty", "eligibility:penalty"
_REGISTERED = re.compile(
    r"注册(?:在|地)|(?:公司|企业|厂子?)(?:都)?(?:开|设)在|在.{2,4}注册|总部(?:是|都)?(?:设)?在"
    r"|(?:我们|咱们?|我司)[^,。?!;]{2,4}(?:那|这|的)家?(?:公司|企业|总部|母公司|子公司)"
)
"""What tells where a firm is registered."""
WHO_MAY = {"legal_entity", "persons"}
"""What the general conditions say of who may apply, whatever a direction says."""
