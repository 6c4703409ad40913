"""What a store keeps of letters to named contacts, and promises about them.

A letter stands in the outbox with the ticket's event, in one transaction (`letter` effects of a turn), as it is to be
written: to whom, the question, and the visitor's case apart from it, which goes only where they have agreed.

    consent ──agreed, declined──▶ ready ──▶ sending ──▶ sent ──▶ answered
       └──closed──▶ dropped         ▲          │          └────▶ bounced
                                    └─put off──┴──▶ bounced, failed, dropped

One worker at a time sends (`hold("mail")`). Before anything goes out a letter is `sending`, lasting; one that is found
so was being sent by a worker who is no more, and is sent once more, marked as that. Every step is a line of the
ticket's log.

A letter's `token` is in its Message-ID and in the address to which it is answered: who does not know it can't answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

LetterState = Literal["consent", "ready", "sending", "sent", "bounced", "failed", "dropped", "answered"]
STATE_NAMES: dict[LetterState, str] = {
    "consent": "等来访者同意", "ready": "待发", "sending": "正在发", "sent": "已发出", "bounced": "被退回",
    "failed": "没发出去", "dropped": "没有发", "answered": "已答复",
}  # fmt: skip

AnswerKind = Literal["answer", "auto", "bounce", "delay"]
KIND_NAMES: dict[AnswerKind, str] = {"answer": "答复", "auto": "自动回复", "bounce": "退信", "delay": "还没送到"}

AUTOS_KEPT, ANSWERS_KEPT = 5, 50
"""Of one letter: more automatic answers are refused, and so is everything beyond so many answers."""


@dataclass(frozen=True)
class File:
    """Something attached to an answer; `kept`: whether its content is."""

    n: int
    name: str
    size: int
    kept: bool


@dataclass(frozen=True)
class Answer:
    """What came back on a letter; of `kind` answer it is shown as the contact's, everything else is only recorded."""

    id: int
    at: datetime
    kind: AnswerKind
    sender: str
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter; `case`: the visitor's case, empty where it does not go along; `again`: it may have been sent before."""

    id: int
    token: str
    ticket: int
    officer: str
    at: datetime
    address: str
    contact: str
    question: str
    case: str
    state: LetterState
    tries: int
    due: datetime
    sent: datetime | None
    why: str
    again: bool = False
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Arrived:
    """A message that came in for a letter, read; `name`: its Message-ID's digest, by which it is known again."""

    name: str
    kind: AnswerKind
    sender: str
    text: str
    files: tuple[tuple[str, int, bytes | None], ...] = ()


class MailStore(Protocol):
    """The promise; times are aware, every call may raise `bot.store.Away`."""

    def mailboxes(self) -> dict[str, datetime]:
        """The mailboxes that may be written to, and since when."""

    def confirm_mailbox(self, address: str, at: datetime) -> bool:
        """An operator has made sure of a mailbox; False where it was confirmed already."""

    def revoke_mailbox(self, address: str) -> bool:
        """A mailbox is not written to any more; False where it wasn't."""

    def letters(self, no: int) -> list[Letter]:
        """The letters of a ticket with what came back, in order."""

    def consent(self, no: int) -> str:
        """What the visitor has said of their case: yes, no, or nothing yet."""

    def next_letter(self, now: datetime) -> Letter | None:
        """The next letter to be sent, now `sending`."""

    def letter_sent(self, letter: Letter, at: datetime) -> None:
        """The mail server has taken it."""

    def letter_ended(self, letter: Letter, state: LetterState, why: str, at: datetime) -> None:
        """It won't be sent any more: refused (`bounced`), given up (`failed`), or not to be sent (`dropped`)."""

    def letter_put_off(self, letter: Letter, why: str, due: datetime) -> None:
        """Try again later."""

    def letter_of(self, token: str) -> Letter | None:
        """The letter with a token."""

    def keep_arrived(self, letter: Letter, arrived: Arrived, at: datetime) -> Literal["kept", "known", "full", "gone"]:
        """Keep what came back: `known` came before, `full` is one too many, `gone`: the letter was erased meanwhile."""

    def answer_file(self, no: int, answer: int, n: int) -> tuple[str, bytes] | None:
        """The name and content of an attachment of a ticket, if it is kept."""
