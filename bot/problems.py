"""Faults as problem objects (RFC 9457): a status, and one Chinese sentence that says what would be right."""

from __future__ import annotations

import json
from http import HTTPStatus

from fastapi.responses import Response
from pydantic import BaseModel

TITLES = {
    400: "请求读不懂",
    401: "请先登录",
    403: "不能这样做",
    404: "没有这一页",
    405: "方法不对",
    408: "请求太慢",
    409: "现在办不了",
    410: "不再有效",
    413: "内容太大",
    422: "请求不合格式",
    429: "太快了",
    500: "服务出错",
    503: "暂时不能服务",
}


class Problem(BaseModel):
    """The body of every fault, as `application/problem+json`."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Fault(Exception):
    """Raised by a door to be answered with a problem."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


def title(status: int) -> str:
    """The short name of a status."""
    return TITLES.get(status, HTTPStatus(status).phrase)


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """The response that carries a problem."""
    body = Problem(title=title(status), status=status, detail=detail).model_dump()
    return Response(json.dumps(body, ensure_ascii=False), status, headers, "application/problem+json")


def described(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The faults of an operation, for its OpenAPI description."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": title(status), "content": content} for status in statuses}
