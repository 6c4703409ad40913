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
        "more_papers": "no",
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
        "which_direction": "",
        "which_of": "",
        "not_in_guide": "",
        "not_understood": "",
        "not_understood_again": "",
        "ask_line": "office name phone",
        "greeting": "batch",
        "thanks": "",
        "bye": "",
        "who": "batch",
        "help": "",
        "wrong": "",
        "again": "what",
        "again_none": "",
        "shorter": "what",
        "privacy": "",
        "human": "",
        "too_long": "limit length",
        "empty": "",
        "old_option": "",
        "part_silent": "says",
        "highest_lead": "",
        "highest_next": "amount who",
        "overview_lead": "count",
        "option_amount": "what",
        "option_conditions": "what",
        "option_contact": "what",
        "option_process": "",
        "option_overview": "",
        "option_consult": "",
        "option_assess": "",
        "noted": "facts",
        "interview_lead": "most",
        "last_question": "",
        "may_be_last": "",
        "ask_scope": "count",
        "ask_scope_again": "count",
        "ask_scope_near": "near",
        "why_scope": "",
        "why_asked": "clause quote",
        "why_district": "",
        "why_decides": "what",
        "option_unknown": "",
        "option_why": "",
        "option_back": "",
        "option_sheet": "",
        "option_stop": "",
        "option_resume": "",
        "option_others": "",
        "option_change": "",
        "option_restart": "",
        "option_keep": "value",
        "option_take": "value",
        "option_other_project": "",
        "option_same_project": "",
        "example_bool": "",
        "example_number": "",
        "example_share": "",
        "example_count": "",
        "example_years": "",
        "example_year": "",
        "example_date": "",
        "example_choice": "",
        "unread": "example",
        "unread_range": "example",
        "unread_rough": "example",
        "unread_tax": "example",
        "unread_currency": "example",
        "unread_which_day": "example",
        "unread_not_yet": "",
        "unread_again": "",
        "left_unknown": "",
        "about": "value",
        "back_first": "",
        "back_done": "what",
        "restarted": "",
        "stopped": "",
        "resumed": "",
        "still_asking": "",
        "still_asking_short": "",
        "not_asking": "",
        "nothing_to_show": "",
        "nothing_asked": "",
        "changed": "what old new",
        "outcome_changed": "what old new",
        "outcome_same": "",
        "ceiling_changed": "what",
        "conflict": "name old new",
        "another_project": "",
        "project_kept": "",
        "project_taken": "",
        "kept_old": "name value",
        "already": "what",
        "which_change": "facts",
        "nothing_told": "",
        "two_values": "name",
        "told_list": "facts",
        "all_told": "",
        "sheet_lead": "",
        "sheet_eligible": "what amount",
        "sheet_eligible_closed": "what amount",
        "sheet_amount": "amount",
        "sheet_amount_open": "",
        "sheet_award": "award",
        "sheet_assumed": "facts",
        "sheet_not": "what because",
        "sheet_more": "verdict what",
        "sheet_gap": "name have need short formula",
        "sheet_fails": "quote",
        "sheet_open": "what missing",
        "sheet_doubt": "what says",
        "sheet_none": "",
        "sheet_best": "why",
        "sheet_steps": "steps",
        "sheet_steps_closed": "steps",
        "sheet_step_library": "",
        "sheet_step_recommendation": "where",
        "sheet_step_review": "",
        "sheet_step_platform": "",
        "sheet_whom": "who",
        "sheet_ask_desk": "who",
        "sheet_near": "what",
        "sheet_district": "where",
        "option_test": "what",
        "sheet_end": "",
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
