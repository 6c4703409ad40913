"""Our own sentences, filled. Where a sentence has a slot that nothing fills, loading says so, not a visitor."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass

SLOTS: Mapping[str, frozenset[str]] = {
    name: frozenset(slots.split())
    for name, slots in {
        "window_open": "closes today days",
        "window_last_day": "today",
        "window_before": "opens today",
        "window_closed": "closes today",
        "needs_library": "what",
        "needs_no_library": "what",
        "needs_recommendation": "what",
        "needs_no_recommendation": "what",
        "may_join_14": "what",
        "more_conditions": "no",
        "listed": "who",
        "unlisted": "who",
        "attachment_of": "what no title",
        "attachment_is": "no title",
        "attachment_none": "no count",
        "contact_line": "matter office name phone",
        "contact_line_mail": "matter office name email",
        "contact_line_both": "matter office name phone email",
        "line_only": "matter office phone",
        "district_line": "district office name phone",
        "district_mail": "district email",
        "district_mail_other": "what email",
        "by_order": "",
        "two_offices": "",
        "printed_so": "",
        "phone_unknown": "phone",
        "mailbox_unknown": "",
        "person_duties": "name office matters phone",
        "person_district": "name district office phone",
        "phone_of": "phone who",
        "mailbox_of": "email who",
        "same_name": "count name",
        "office_lists": "office",
        "which_direction": "",
        "which_of": "",
        "which_about": "what",
        "no_detail": "no",
        "not_in_guide": "",
        "not_understood": "",
        "not_understood_again": "",
        "ask_line": "office name phone",
        "greeting": "batch",
        "thanks": "",
        "bye": "",
        "who": "batch",
        "help": "",
        "privacy": "",
        "human": "",
        "too_long": "limit length",
        "empty": "",
        "old_option": "",
        "computed_days": "closes days",
        "part_unknown": "part",
        "part_silent": "says",
        "more_cards": "",
        "highest_lead": "",
        "highest_next": "amount who",
        "overview_lead": "count",
        "page_title": "",
        "page_day": "today",
        "page_counts": "count verdicts",
        "page_count": "what count",
        "page_count_fits": "",
        "page_none": "",
        "page_fits": "",
        "page_fits_closed": "",
        "page_fits_before": "",
        "page_open": "",
        "page_fails": "",
        "page_ceiling": "amount",
        "page_no_ceiling": "",
        "page_best": "",
        "page_best_closed": "",
        "page_short": "name have short need",
        "page_not_over": "name have need",
        "page_beyond": "name have need short",
        "page_early": "name have need short",
        "page_late": "name have need short",
        "page_not_after": "name have need",
        "page_reached": "name have threshold",
        "page_not_told": "names",
        "page_default": "facts",
        "page_in_doubt": "",
        "page_ask": "who",
        "page_step_library": "what",
        "page_step_recommendation": "what",
        "page_step_review": "what",
        "page_steps_closed": "",
        "page_district": "",
        "page_footer": "",
        "link_given": "link",
        "link_until": "until",
        "link_web": "",
        "link_nowhere": "",
        "code_given": "code until",
        "code_how": "code",
        "code_shown": "",
        "code_nothing": "",
        "code_taken": "facts",
        "code_unknown": "length days",
        "code_too_many": "",
        "code_elsewhere": "",
        "case_dropped": "links codes",
        "case_none": "",
        "wish_ask": "",
        "wish_kept": "",
        "wish_web": "",
        "wish_shown": "since",
        "wish_none": "",
        "wish_dropped": "",
        "option_link": "",
        "option_code": "",
        "option_wish": "",
        "option_wish_yes": "",
        "option_wish_no": "",
        "option_amount": "what",
        "option_conditions": "what",
        "option_contact": "what",
        "option_process": "",
        "option_overview": "",
        "option_consult": "",
    }.items()
}
"""Every sentence that the program says, with the slots it fills."""


@dataclass(frozen=True)
class Phrases:
    """The sentences by name."""

    sentences: Mapping[str, str]

    def say(self, phrase: str, /, **slots: str | int) -> str:
        """A sentence with its slots filled; KeyError for one that `SLOTS` does not know."""
        assert SLOTS[phrase] >= set(slots), phrase
        return self.sentences[phrase].format(**slots)


def phrase_faults(sentences: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is wrong with a set of sentences: (name, one Chinese sentence) each."""
    faults = [(name, f"缺少句子“{name}”，请补上") for name in SLOTS if name not in sentences]
    for name, sentence in sentences.items():
        if name not in SLOTS:
            faults.append((name, f"程序里没有叫“{name}”的句子，请删去或改成已有的名称"))
        elif not isinstance(sentence, str):
            faults.append((name, f"“{name}”应是一句文字，请加引号"))
        else:
            faults += [(name, says) for says in _slot_faults(name, sentence)]
    return faults


def _slot_faults(name: str, sentence: str) -> list[str]:
    try:
        used = {slot for _, slot, _, _ in string.Formatter().parse(sentence) if slot is not None}
    except ValueError:
        return [f"“{name}”里的花括号不成对，请检查"]
    return [
        f"“{name}”里的空位{{{slot}}}没有内容可填，可用的空位："
        + ("、".join(f"{{{known}}}" for known in sorted(SLOTS[name])) or "无")
        for slot in sorted(used - SLOTS[name])
    ]
