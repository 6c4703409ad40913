"""`policydesk` as it is, but for the desk's guard: who an officer is stands in a header. `python -m tests.desk_serve …`

With HALT=commit the process dies by SIGKILL in the midst of the transaction that opens a ticket.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Header

from bot import serving, sqlite_tickets
from bot.__main__ import main
from bot.problems import Fault
from bot.workbench import guard


async def officer(x_officer: Annotated[str, Header()] = "") -> guard.Person:
    """Whoever the header says."""
    if not x_officer:
        raise Fault(401, "请先登录。")
    return guard.Person(unquote(x_officer), "officer")


_build, _put_due = serving.build, sqlite_tickets._put_due


def build(*given: Any, **named: Any) -> Any:
    """The application with that guard."""
    made: Any = _build(*given, **named)
    made.app.dependency_overrides[guard.officer] = officer
    return made


def die(db: sqlite3.Connection, *given: Any) -> None:
    """Half of the transaction is written, nothing of it is committed."""
    _put_due(db, *given)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    serving.build = build  # type: ignore[assignment]
    if os.environ.get("HALT") == "commit":
        sqlite_tickets._put_due = die
    main()
