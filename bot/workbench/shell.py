"""The desk's frame: what every page stands in, and the way to the others.

    return shown(request, "desk/queue.html", tickets=tickets)

The template extends `desk/shell.html` and fills `title`, `work`, and where it has keys of its own, `keys`. It is given
`person`, `csrf` (for a form: `{% include "desk/token.html" %}`) and `places`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from bot.web import drawn
from bot.workbench.staff_store import ROLE_NAMES, Person, Role


@dataclass(frozen=True)
class Place:
    """A page that the navigation names, for whoever may go there."""

    name: str
    path: str
    role: Role


PLACES = (
    Place("查询", "/desk", "officer"),
    Place("待办", "/desk/queue", "officer"),
    Place("名录", "/desk/directory", "officer"),
    Place("统计", "/desk/numbers", "officer"),
    Place("知识", "/desk/knowledge", "editor"),
    Place("人员", "/desk/staff", "admin"),
    Place("记录", "/desk/audit", "admin"),
)


def shown(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, /, **values: Any
) -> HTMLResponse:
    """A page of the desk, for the person whom its route's guard has let in."""
    person: Person = request.state.person
    return drawn(
        template, status, headers, person=person, csrf=request.state.csrf, role=ROLE_NAMES[person.role],
        places=_places(request, person), here=_here(request.url.path), **values,
    )  # fmt: skip


def _places(request: Request, person: Person) -> list[Place]:
    """The places that are there (a path that no route serves is not named) and that the person may see."""
    served = request.app.state.desk_paths
    return [place for place in PLACES if person.may(place.role) and place.path in served]


def _here(path: str) -> str:
    """The place that a page belongs to; the first page has nothing under it."""
    under = (place.path for place in PLACES[1:] if path.startswith(f"{place.path}/"))
    return next(under, path)
