"""The API against its own description: whatever schemathesis makes of it, nothing breaks and nothing is undescribed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.python.asgi import shutdown_lifespans

from bot.conductor import Conductor
from bot.limits import Limit, Limits
from bot.serving import build
from bot.sqlite_store import SqliteStore
from dialogs.library import Library
from tests.conftest import OPEN

pytestmark = pytest.mark.filterwarnings("ignore")
"""The deprecations are of the tool's own client."""


TALK, ASSESS = "POST /api/conversations/{id}/messages", "POST /api/assess"
READ = "GET /api/conversations/{id}/messages"
OPERATIONS = ("POST /api/conversations", TALK, READ, ASSESS, "GET /healthz", "GET /readyz")


@pytest.fixture(scope="module")
def operations(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The described operations of an application without limits, with one conversation that is there."""
    conductor = Conductor(SqliteStore(tmp_path_factory.mktemp("schema")), library, lambda: OPEN)
    conductor.store.open("api:there", conductor.now())
    without_end = Limit(10**9, 10**9)
    boundless = Limits(messages=without_end, openings=without_end, assessments=without_end)
    schema = schemathesis.openapi.from_asgi("/openapi.json", build(conductor, limits=boundless))
    yield {operation.ok().label: operation.ok() for operation in schema.get_all_operations()}
    shutdown_lifespans()  # which the tool would leave open for as long as the process
    conductor.close()


def test_every_operation_is_tried(operations: dict[str, Any]) -> None:
    """A new operation is added to the list above."""
    assert tuple(operations) == OPERATIONS


@pytest.mark.parametrize(
    ("label", "mode"),
    [(label, GenerationMode.POSITIVE) for label in OPERATIONS]
    + [(label, GenerationMode.NEGATIVE) for label in (TALK, ASSESS)],
)
def test_nothing_breaks(label: str, mode: GenerationMode, operations: dict[str, Any]) -> None:
    """No 500; every status, type and body is one that is described."""
    operation = operations[label]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        if "id" in (case.path_parameters or {}) and isinstance(case.body, dict):
            case.path_parameters = {"id": "there"}
        response = case.call()
        case.validate_response(response)

    check()
