"""A reply as a person reads it on a terminal: the text, the people, the clauses, the choices, the next steps."""

from __future__ import annotations

from dialogs.messages import Card, Progress, Question, Reply


def as_text(reply: Reply) -> str:
    """The whole reply as lines."""
    parts = [reply.text]
    untold = [card for card in reply.contacts if card.phone not in reply.text]
    if untold:
        parts.append("\n".join(_card(card) for card in untold))
    if reply.citations and reply.status != "question":
        parts.append("\n".join(f"依据 {c.clause}：“{c.quote}”" for c in reply.citations[:3]))
    if reply.question:
        parts.append(_question(reply.question, reply.progress, [option.label for option in reply.options]))
    elif reply.options:
        parts.append("还可以问：" + "  ".join(f"[{n}] {o.label}" for n, o in enumerate(reply.options, 1)))
    return "\n\n".join(parts)


def _question(question: Question, progress: Progress | None, others: list[str]) -> str:
    """The choices by number, how to answer where there are none, how far it is, and what may be said instead."""
    lines = []
    if question.choices:
        picks = [f"[{number}] {pick.label}" for number, pick in enumerate(question.choices, 1)]
        few = sum(map(len, picks)) <= 60
        lines.append("  ".join(picks) if few else "\n".join(f"  {pick}" for pick in picks))
    elif question.kind == "date":
        lines.append("（说到月就行，如 2022年9月）")
    else:
        lines.append(f"（答一个数，单位{question.unit}）" if question.unit else "（答一个数）")
    left = f"，最多还有{progress.at_most_left}" if progress and progress.few else ""
    far = f"已答{progress.answered}{left}  " if progress and question.fact else ""
    lines.append(f"{far}也可以说：{' · '.join(others)}" if others else far.strip())
    return "\n".join(line for line in lines if line)


def _card(card: Card) -> str:
    who = " ".join(filter(None, (card.office, card.name)))
    return f"☎ {card.matter}：{who} {card.phone}" + "".join(f"  {more}" for more in (card.email, card.note) if more)
