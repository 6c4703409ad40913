"""Behind a reverse proxy as README sets it up: the visitor's own address and scheme count, told by the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("proxied") / "data") as server:
        yield server


def opened(server: Server, *speak_for: str) -> list[int]:
    """The status of one more conversation that is opened for each of some addresses."""
    with httpx.Client(base_url=server.url, trust_env=False) as proxy:
        calls = (proxy.post("/api/conversations", headers={"X-Forwarded-For": address}) for address in speak_for)
        return [call.status_code for call in calls]


def test_visitors_behind_one_proxy_are_slowed_each_for_themselves(server: Server) -> None:
    """One address too eager gets 429; its neighbour, over the same proxy, does not."""
    eager = opened(server, *["203.0.113.5"] * 200)
    assert eager[0] < 300 and eager[-1] == 429
    assert opened(server, "203.0.113.6")[0] < 300


def test_only_a_proxy_that_is_trusted_speaks_for_others(tmp_path: Path) -> None:
    """A proxy elsewhere that FORWARDED_ALLOW_IPS doesn't name: whatever it claims, all of it is one address."""
    with Server(tmp_path / "data", FORWARDED_ALLOW_IPS="192.0.2.1") as server:
        claimed = opened(server, *(f"203.0.113.{n}" for n in range(200)))
        assert claimed[-1] == 429


def test_a_talk_over_https_keeps_its_cookie_for_https(server: Server) -> None:
    def cookie(**headers: str) -> str:
        answer = httpx.post(f"{server.url}/", data={"text": "流片最多补多少"}, headers=headers, trust_env=False)
        return answer.headers.get("set-cookie", "")

    assert "Secure" in cookie(**{"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"})
    over_http = cookie(**{"X-Forwarded-For": "203.0.113.8"})
    assert over_http and "Secure" not in over_http
