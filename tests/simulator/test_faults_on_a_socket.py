from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from oai_tui.simulator.server import Running, running
from tests.simulator.usage_world import DAY, MIDNIGHT, NOW

COSTS = f"/organization/costs?start_time={MIDNIGHT - 3 * DAY}"
PROJECTS = "/organization/projects"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(now=NOW) as found:
        yield found


@pytest.fixture
def client(simulator: Running) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {simulator.admin_key}"}
    with httpx.Client(base_url=simulator.base_url, headers=headers, timeout=5) as found:
        yield found
    simulator.faults.clear()


def names(client: httpx.Client) -> list[str]:
    return [row["name"] for row in client.get(PROJECTS, params={"limit": 100}).json()["data"]]


@pytest.mark.parametrize(
    ("name", "problem", "made"),
    [
        ("reset-before", httpx.ReadError, False),
        ("reset-after", httpx.ReadError, True),
        ("hang", httpx.ReadTimeout, False),
        ("timeout-after", httpx.ReadTimeout, True),
        ("cut-body", httpx.RemoteProtocolError, True),
    ],
)
def test_connections_that_break(
    simulator: Running,
    client: httpx.Client,
    name: str,
    problem: type[Exception],
    made: bool,
) -> None:
    simulator.faults.set(f"{name}@POST {PROJECTS}")
    with pytest.raises(problem):
        client.post(PROJECTS, json={"name": f"under {name}"}, timeout=0.3)
    assert (f"under {name}" in names(client)) is made


@pytest.mark.parametrize(
    ("name", "status", "text"),
    [
        ("401-envelope", 401, '"code": "invalid_api_key"'),
        ("401-plain", 401, '{"error": "You have insufficient'),
        ("403-envelope", 403, "Missing scopes: api.management.read"),
        ("403-plain", 403, '{"error": "You have insufficient'),
        ("404-envelope", 404, '{"error": {'),
        ("404-bare", 404, '{"code": 404, "message": '),
        ("429", 429, "rate_limit_exceeded"),
        ("429-bare", 429, "slow_down"),
        ("429-long", 429, "rate_limit_exceeded"),
        ("500", 500, "server_error"),
        ("502-html", 502, "<!DOCTYPE html>"),
        ("503", 503, "server_is_overloaded"),
        ("wrong-type", 200, "<!DOCTYPE html>"),
    ],
)
def test_answers_that_refuse_change_nothing(
    simulator: Running, client: httpx.Client, name: str, status: int, text: str
) -> None:
    simulator.faults.set(f"{name}@POST {PROJECTS}")
    answer = client.post(PROJECTS, json={"name": f"under {name}"})
    assert answer.status_code == status
    assert text in answer.text
    waits = {"429": "1", "429-long": "600"}.get(name)
    assert answer.headers.get("retry-after") == waits
    kind = "text/html" if text.startswith("<") else "application/json"
    assert answer.headers["content-type"].startswith(kind)
    assert f"under {name}" not in names(client)


def test_latency_is_waited(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("latency=120")
    started = time.monotonic()
    assert client.get(PROJECTS).status_code == 200
    assert time.monotonic() - started >= 0.12


def test_a_slow_answer_comes_byte_by_byte(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("slow-bytes=1")
    with client.stream("GET", PROJECTS, params={"limit": 1}) as answer:
        sizes = [len(piece) for piece in answer.iter_raw()]
    assert len(sizes) > 50
    assert sum(sizes) == int(answer.headers["content-length"])


def test_a_giant_body_is_still_json(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("giant-body=3")
    answer = client.get(PROJECTS)
    assert len(answer.content) > 3 << 20
    assert answer.json()["object"] == "list"


def test_an_empty_body(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("empty-body")
    answer = client.get(PROJECTS)
    assert (answer.status_code, answer.content) == (200, b"")


def amounts(page: dict[str, Any]) -> list[Any]:
    return [row["amount"]["value"] for bucket in page["data"] for row in bucket["results"]]


def test_amounts_as_text_have_the_same_sum(simulator: Running, client: httpx.Client) -> None:
    path = f"{COSTS}&group_by=line_item"
    plain = sum(Decimal(repr(value)) for value in amounts(client.get(path).json()))
    simulator.faults.set("string-amounts")
    texts = amounts(client.get(path).json())
    assert all(isinstance(text, str) for text in texts)
    assert sum(map(Decimal, texts)) == plain
    assert "0E-6176" in texts
    assert any(len(text.partition(".")[2]) == 39 for text in texts)


def test_costs_by_key_can_be_refused(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("refuse-cost-by-key")
    assert client.get(f"{COSTS}&group_by[]=api_key_id&group_by[]=line_item").status_code == 400
    assert client.get(f"{COSTS}&group_by=line_item").status_code == 200


def test_usage_pages_without_end(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("endless-cursor")
    path = f"/organization/usage/completions?start_time={MIDNIGHT}"
    tokens = set()
    page = client.get(path).json()
    for _ in range(4):
        tokens.add(page["next_page"])
        page = client.get(path, params={"start_time": MIDNIGHT, "page": page["next_page"]}).json()
        assert page["has_more"]
        assert page["data"]
    assert len(tokens) == 4


def test_unknown_results_stand_among_the_others(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("unknown-fields")
    page = client.get(COSTS).json()
    objects = {row["object"] for bucket in page["data"] for row in bucket["results"]}
    assert objects == {"organization.costs.result", "organization.usage.holograms.result"}


def test_new_keys_are_late(simulator: Running, client: httpx.Client) -> None:
    simulator.faults.set("late-keys=60")
    value = client.post("/organization/admin_api_keys", json={"name": "late"}).json()["value"]
    signed = {"authorization": f"Bearer {value}"}
    assert client.get(PROJECTS, headers=signed).status_code == 401
    simulator.faults.clear()
    assert client.get(PROJECTS, headers=signed).status_code == 200


def test_faults_are_switched_over_the_socket(simulator: Running, client: httpx.Client) -> None:
    switchboard = simulator.base_url.removesuffix("/v1") + "/_simulator/faults"
    assert httpx.post(switchboard, json=["500*1"]).json() == ["500*1"]
    assert [client.get(PROJECTS).status_code for _ in range(2)] == [500, 200]
    assert httpx.delete(switchboard).json() == []
