"""Who may come to the desk: a route asks for an officer, and gets the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from bot.problems import Fault


@dataclass(frozen=True)
class Person:
    """Somebody of the staff."""

    name: str
    role: str


async def officer() -> Person:
    """The officer who asks; as long as there are no accounts nobody is one."""
    raise Fault(401, "这里只给值守人员用，请先登录。")


Officer = Annotated[Person, Depends(officer)]
