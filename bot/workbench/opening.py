"""All pages and calls of the desk, as the application takes them in."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from bot.mail import calls
from bot.workbench import (
    desk,
    doors,
    knowledge_pages,
    live,
    mailbox_page,
    missed_page,
    numbers_page,
    queue,
    queue_page,
    searching,
    staff_pages,
    ticket_page,
)
from bot.workbench.guard import NotSignedIn, to_sign_in
from bot.workbench.shell import PLACES

ROUTERS = (
    doors.router, desk.router, searching.router, queue.router, live.router, queue_page.router, ticket_page.router,
    calls.router, knowledge_pages.router, staff_pages.router, mailbox_page.router, numbers_page.router,
    missed_page.router,
)  # fmt: skip


def open_desk(app: FastAPI) -> None:
    """Put the desk into the application; a router is appended to `ROUTERS`, so that the navigation knows its pages."""
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(NotSignedIn, to_sign_in)
    served = {route.path for route in iter_route_contexts(app.routes)}
    app.state.desk_paths = served & {place.path for place in PLACES}
