"""`policydesk serve`: the web chat, the API and what the keeper of the machine looks at, in one process or several."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot import api, memory, sheets, web
from bot import workers as crew
from bot.api_forms import request_of_assess
from bot.conductor import Conductor
from bot.guards import Guard
from bot.limits import Limits
from bot.problems import Fault, Problem, problem, title
from bot.settings import Settings
from bot.store import Away, StoreFault
from bot.workbench import attendance
from bot.workbench.opening import open_desk
from bot.workbench.previewing import previews
from knowledge.guide import Guide

STATIC = Path(__file__).parent / "pages" / "static"
GRACE_S = 5
SWITCH_S = 0.001
"""Python's turns are short, so that a turn that is being made doesn't keep the loop from its sockets."""

Door = Callable[[Conductor], AbstractAsyncContextManager[None]]
"""A door that is open as long as its context: Telegram, beside the web."""


def doors(settings: Settings) -> tuple[list[Door], list[Route]]:
    """The doors that open beside the web, by what is set, and the routes that they need."""
    opened: list[Door] = []
    if settings.smtp_host is not None:
        from bot.mail import running as mail

        opened.append(mail.beside(settings))
    if settings.telegram_token is None:
        return opened, []
    from bot.telegram import running, webhook

    route = running.hook(settings)
    routes = [Route(webhook.PATH, route.receive, methods=["POST"])] if route else []
    return [*opened, running.beside(settings, route)], routes


def build(
    conductor: Conductor, beside: Sequence[Door] = (), routes: Sequence[Route] = (), limits: Limits | None = None
) -> ASGIApp:
    """The whole application."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(conductor.at_work())
            await stack.enter_async_context(attendance.watched(conductor))
            await stack.enter_async_context(previews(conductor))
            for door in beside:
                await stack.enter_async_context(door(conductor))
            yield

    app = FastAPI(
        title="政策咨询助手", version="1", docs_url=None, redoc_url=None, lifespan=lifespan,
        description="高精尖资金政策咨询：按指南正文答复，每个数字都有出处；故障是RFC 9457的problem对象。",
    )  # fmt: skip
    app.state.conductor, app.state.limits = conductor, limits or Limits()
    app.router.routes.extend(routes)
    app.include_router(api.router)
    app.include_router(web.router)
    app.include_router(sheets.router)
    open_desk(app)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_api_route("/healthz", healthz, summary="进程活着", tags=["运维"], response_class=PlainTextResponse)
    app.add_api_route("/readyz", readyz, summary="能答能存", tags=["运维"], response_class=PlainTextResponse)
    app.add_api_route("/metrics", metrics, include_in_schema=False)
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(Away, _away)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _broken)
    _describe(app, conductor.library.guide)
    return Guard(app, {route.path: route.app for route in routes})


async def healthz() -> str:
    """The process is alive."""
    return "ok"


async def readyz(request: Request) -> str:
    """The library is loaded, and a turn could be kept."""
    try:
        await api.conductor_of(request).check()
    except StoreFault as fault:
        raise Fault(503, str(fault)) from None
    return "ok"


async def metrics() -> Response:
    """For Prometheus; of all workers."""
    registry: Collector = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _describe(app: FastAPI, guide: Guide) -> None:
    """Put the problem object and the guide's facts where the operations' descriptions point to."""
    made = app.openapi()
    schemas = made["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    schemas["AssessRequest"] = request_of_assess(guide)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)


# --- faults ----------------------------------------------------------------------------------------------------------


def _told(request: Request, status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A fault for whoever asked: a page for a person's browser, a problem object for everything else."""
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api"):
        home = "/desk" if request.url.path.startswith("/desk") else "/"
        page = web.drawn("error.html", status, title=title(status), detail=detail, home=home)
        page.headers.update(headers or {})
        return page
    return problem(status, detail, headers)


async def _fault(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Fault)
    return _told(request, fault.status, fault.detail, fault.headers)


async def _away(request: Request, fault: Exception) -> Response:
    return _told(request, 503, "这会儿存不下消息，请稍后再试。", {"Retry-After": "5"})


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    sentences = {
        404: "这里没有这一页，请从首页开始。",
        405: "这个地址不接受这种请求方法。",
        400: "请求的内容读不懂，请检查格式。",
    }
    return _told(request, fault.status_code, sentences.get(fault.status_code, fault.detail), dict(fault.headers or {}))


async def _invalid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    where = {str(error["loc"][0]) for error in fault.errors()}
    if "header" in where:
        return _told(request, 422, "Idempotency-Key 应是1到64个字母、数字或“_.:-”。")
    if where & {"path", "query"}:
        return _told(request, 422, "地址里的参数不合格式，请检查。")
    return _told(request, 422, '请求应是JSON对象，含text或choose之一，如{"text": "流片最多补多少"}。')


async def _broken(request: Request, fault: Exception) -> Response:
    return _told(request, 500, "服务内部出错，这次没有答成，请稍后再试。")


# --- the process -----------------------------------------------------------------------------------------------------


class _Server(uvicorn.Server):
    """Tells when it answers; ends quietly when it is told to, or when the process that began it is no more."""

    def __init__(self, config: uvicorn.Config, conductor: Conductor, ready: Callable[[], None], lifeline: int | None):
        super().__init__(config)
        self._conductor, self._ready, self._lifeline = conductor, ready, lifeline

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of who only listens, then end."""
        self._conductor.end_listening()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """SIGTERM and SIGINT end the service with exit status 0."""
        loop = asyncio.get_running_loop()
        for ended in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(ended, self.handle_exit, ended, None)
        if self._lifeline is not None:
            loop.add_reader(self._lifeline, self._cut_off, loop)
        yield

    def _cut_off(self, loop: asyncio.AbstractEventLoop) -> None:
        assert self._lifeline is not None
        loop.remove_reader(self._lifeline)
        self.should_exit = True


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens; OSError where the address is taken or isn't ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named; else every answer waits 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except BaseException:
        listening.close()
        raise
    return listening


def beside(listening: socket.socket) -> socket.socket:
    """One more socket at an address: the system shares out who comes, while one socket for several workers gives most
    to whoever is quick to wake up. Where the system doesn't, the same socket."""
    if sys.platform != "linux":
        return listening
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # only now: taken addresses were to be refused
    own = socket.socket(listening.family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    own.bind(listening.getsockname())
    return own


def serve(conductor: Callable[[], Conductor], settings: Settings, listening: socket.socket, workers: int) -> None:
    """Serve on a bound socket until the process is told to end; each worker makes a conductor of its own."""
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def say() -> None:
        print(f"网页咨询已就绪：{address}", flush=True)

    def work(lifeline: int | None, ready: Callable[[], None]) -> None:
        _work(conductor(), settings, beside(listening) if workers > 1 else listening, ready, lifeline)

    memory.give_back_what_is_large()
    memory.keep()
    if workers == 1:
        work(None, say)
    else:
        crew.run(workers, work, say)


def _work(
    conductor: Conductor, settings: Settings, listening: socket.socket, ready: Callable[[], None], lifeline: int | None
) -> None:
    config = uvicorn.Config(
        build(conductor, *doors(settings)), log_level="warning", access_log=False, server_header=False,
        timeout_graceful_shutdown=GRACE_S, lifespan="on",
    )  # fmt: skip
    server = _Server(config, conductor, ready, lifeline)
    sys.setswitchinterval(SWITCH_S)
    memory.keep()
    try:
        server.run(sockets=[listening])
    finally:
        conductor.close()
    if not server.started:
        sys.exit(1)
