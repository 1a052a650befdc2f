from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import openai
import pytest

from oai_tui.simulator.platform import build
from oai_tui.simulator.server import running, serve
from oai_tui.simulator.world import World
from tests.simulator.usage_world import DAY, MIDNIGHT, NOW

SCRIPT = """
from oai_tui.simulator.server import serve
serve(now={now}, faults={faults!r}, announce=lambda line: print(line, flush=True))
"""


@contextmanager
def served(*faults: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Serve from a process of its own; gives it, the base URL and the admin key."""
    script = SCRIPT.format(now=NOW, faults=faults)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url, key = process.stdout.readline(), process.stdout.readline()
        assert url.startswith("base URL   http://127.0.0.1:")
        assert url.endswith("/v1\n")
        assert key.startswith("admin key  sk-admin-")
        yield process, url.split()[-1], key.split()[-1]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_once_announced_and_ends_well_by_signal(number: signal.Signals) -> None:
    with served() as (process, url, key):
        headers = {"authorization": f"Bearer {key}"}
        with httpx.Client(base_url=url, headers=headers) as client:
            assert client.get("/organization/projects").status_code == 200
            process.send_signal(number)
            out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, "", "")


def test_it_ends_well_while_a_request_hangs() -> None:
    with served("hang") as (process, url, _):
        address = httpx.URL(url)
        with socket.create_connection((address.host, address.port or 0)) as sock:
            sock.sendall(b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
            sock.settimeout(0.2)
            with pytest.raises(TimeoutError):
                sock.recv(1)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_taken_port_is_said() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        with pytest.raises(OSError, match="in use"):
            serve(port=sock.getsockname()[1])


def test_an_unknown_fault_is_said() -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        build(World.seeded(now=NOW), ["nothing"])


def test_two_servers_of_one_seed_agree() -> None:
    pages = []
    for _ in range(2):
        with running(seed=11, now=NOW) as simulator:
            answer = httpx.get(
                f"{simulator.base_url}/organization/usage/completions",
                params={"start_time": MIDNIGHT - 9 * DAY, "group_by": "api_key_id", "limit": 31},
                headers={"authorization": f"Bearer {simulator.admin_key}"},
            )
            pages.append(answer.json())
    assert pages[0] == pages[1]


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with running(now=NOW) as simulator:
        headers = {"authorization": f"Bearer {simulator.admin_key}"}
        with httpx.Client(base_url=simulator.base_url, headers=headers) as client:
            took = []
            for _ in range(10):
                started = time.perf_counter()
                client.get("/organization/projects", params={"limit": 1})
                took.append(time.perf_counter() - started)
    assert sorted(took)[3] < 0.03


def test_the_official_client_reads_all_usage_and_costs() -> None:
    with (
        running(now=NOW) as simulator,
        openai.OpenAI(
            admin_api_key=simulator.admin_key,
            base_url=simulator.base_url,
            api_key="sk-none",
            _strict_response_validation=True,
        ) as client,
    ):
        usage = client.admin.organization.usage
        kinds = (
            usage.completions, usage.decisions, usage.embeddings, usage.moderations, usage.images,
            usage.audio_speeches, usage.audio_transcriptions, usage.vector_stores,
            usage.code_interpreter_sessions, usage.file_search_calls, usage.web_search_calls,
            usage.costs,
        )  # fmt: skip
        for kind in kinds:
            page = kind(start_time=MIDNIGHT - 6 * DAY, group_by=["project_id"])
            rows = [row for bucket in page.data for row in bucket.results]
            assert rows
            assert any(row.project_id for row in rows)


def test_a_small_organization_spends_what_a_small_organization_spends() -> None:
    with running(now=NOW) as simulator:
        page = httpx.get(
            f"{simulator.base_url}/organization/costs",
            params={"start_time": MIDNIGHT - 30 * DAY, "end_time": MIDNIGHT, "limit": 31},
            headers={"authorization": f"Bearer {simulator.admin_key}"},
        ).json()
    spent = sum(row["amount"]["value"] for bucket in page["data"] for row in bucket["results"])
    assert 1_500 < spent < 2_500
