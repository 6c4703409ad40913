"""What was told of a case, read strictly: keys of the vocabulary, values of the right kind.

JSON in (true/false, numbers, text), a `Case` out (bool, Decimal, str, date); `BadCase` holds one Chinese sentence for
every value that can't be read, naming the key and what would be right.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from knowledge.rulebook import Case, Value

if TYPE_CHECKING:
    from knowledge.guide import Fact, Guide


class BadCase(ValueError):
    """What was told can't be read; `sentences` says why, one for each fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("；".join(sentences))
        self.sentences = sentences


def case_of(told: Mapping[str, object], guide: Guide) -> dict[str, Value]:
    """The case that JSON facts tell of; BadCase names every key that is unknown and every value of a wrong kind."""
    case: dict[str, Value] = {}
    faults: list[str] = []
    for key, given in told.items():
        fact = guide.fact.get(key)
        try:
            if fact is None:
                raise ValueError(_unknown(key, guide))
            case[key] = value_of(fact, given)
        except ValueError as fault:
            faults.append(str(fault))
    if faults:
        raise BadCase(faults)
    return case


def _unknown(key: str, guide: Guide) -> str:
    near = difflib.get_close_matches(key, guide.fact, 1, 0.5)
    asked = difflib.get_close_matches(key, {fact.question: fact.key for fact in guide.facts}, 1, 0.4)
    meant = near or [fact.key for fact in guide.facts if fact.question in asked]
    return f"不认识的事实“{key}”" + (f"，是不是“{meant[0]}”？" if meant else "，请用policydesk facts列出的键")


def value_of(fact: Fact, given: object) -> Value:
    """One JSON value as the fact's kind; ValueError with a sentence otherwise."""
    if given is None:
        raise ValueError(f"“{fact.key}”是空的；不知道的事实就不要写")
    readers: dict[str, Callable[[Fact, object], Value]]
    readers = {"bool": _bool, "number": _number, "choice": _choice, "date": _date}
    return readers[fact.kind](fact, given)


def _bool(fact: Fact, given: object) -> bool:
    if not isinstance(given, bool):
        raise ValueError(f"“{fact.key}”应写true或false，现在是{_shown(given)}")
    return given


def _number(fact: Fact, given: object) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise ValueError(f"“{fact.key}”应是数字（单位{fact.unit}），不加引号，现在是{_shown(given)}")
    number = Decimal(str(given))
    if not number.is_finite():
        raise ValueError(f"“{fact.key}”应是数字（单位{fact.unit}），现在是{_shown(given)}")
    if number < 0 and not fact.signed:
        raise ValueError(f"“{fact.key}”不能是负数，现在是{given}")
    if fact.whole and number != number.to_integral_value():
        raise ValueError(f"“{fact.key}”应是整数（单位{fact.unit}），现在是{given}")
    if fact.whole and fact.default == 1 and number < 1:
        raise ValueError(f"“{fact.key}”至少是1（单位{fact.unit}），现在是{given}")
    return number


def _choice(fact: Fact, given: object) -> str:
    if isinstance(given, str) and given in fact.choices:
        return given
    text = str(given)
    labels = {label: value for value, label in fact.choices.items()}
    near = labels.get(text) or next(iter(difflib.get_close_matches(text, fact.choices, 1, 0.5)), None)
    named = next((value for label, value in labels.items() if text and (text in label or label in text)), None)
    meant = near or (named if isinstance(given, str) else None) or (text if text in fact.choices else None)
    hint = f'，是不是"{meant}"？' if meant else ""
    raise ValueError(f"“{fact.key}”没有{_shown(given)}这个选项{hint}（可用：{'、'.join(fact.choices)}）")


def _date(fact: Fact, given: object) -> date:
    try:
        if isinstance(given, str) and len(given) == len("2023-04-15"):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise ValueError(f'“{fact.key}”应写成"2022-09-30"这样的日期，现在是{_shown(given)}')


def _shown(given: object) -> str:
    text = str(given).lower() if isinstance(given, bool) else str(given)
    return f"“{text[:30]}”" if isinstance(given, str) else text[:30]


def with_defaults(case: Case, guide: Guide) -> dict[str, Value]:
    """The case with what a starred fact counts as when it was not told."""
    return {**guide.book.defaults, **case}


def told_as_json(value: Value) -> bool | int | float | str:
    """A value of a case as JSON has it."""
    if isinstance(value, Decimal):
        return number_as_json(value)
    return value.isoformat() if isinstance(value, date) else value


def number_as_json(number: Decimal) -> int | float:
    """750 for 750.00, 1.5 for 1.50."""
    return int(number) if number == number.to_integral_value() else float(number)
