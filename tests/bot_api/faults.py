"""What may go wrong on demand, and how a call is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class Refusal(Exception):
    """A call that the API refuses: the status, Telegram's words and its parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        told = {"ok": False, "error_code": self.code, "description": self.description}
        return told | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str) -> Refusal:
    """The commonest refusal."""
    return Refusal(400, f"Bad Request: {description}")


@dataclass(frozen=True)
class Fault:
    """A call that goes wrong: refused, answered `wait` seconds late, or cut off before or after it had its effect."""

    code: int = 0
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    wait: float = 0
    cut: str = ""


def too_many(retry_after: int = 1) -> Fault:
    """429: come back after so many seconds."""
    return Fault(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def server_error(code: int = 500) -> Fault:
    """The API's own fault."""
    return Fault(code, "Internal Server Error")


def slow(seconds: float) -> Fault:
    """Done at once, but the answer comes late."""
    return Fault(wait=seconds)


def silent(seconds: float) -> Fault:
    """No answer for so long, then the connection breaks; the call had no effect."""
    return Fault(wait=seconds, cut="before")


def dropped(*, after: bool = False) -> Fault:
    """The connection breaks: before the call was looked at, or after it had its effect and before the answer."""
    return Fault(cut="after" if after else "before")


def blocked() -> Fault:
    """403, as from a person who has blocked the bot."""
    return Fault(403, "Forbidden: bot was blocked by the user")


def moved(to: int) -> Fault:
    """400: the group has become a supergroup under another id."""
    return Fault(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": to})


def refused(description: str) -> Fault:
    """400 with words of one's own."""
    return Fault(400, f"Bad Request: {description}")
