"""Same seed and same clock: the same bytes at every address and at both scales."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from oai_tui.simulator.world import Scale
from tests.simulator.conformance.serving import (
    DAY,
    MIDNIGHT,
    PREFIX,
    Platform,
    furnished,
    names,
    platform,
    served,
)

READ = [address for method, address in served(furnished()) if method == "GET"]


def _walk(service: Platform) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    key = next(
        key.value
        for key in service.world.keys.values()
        if service.world.is_live(key) and service.world.projects[key.project_id].archived_at is None
    )
    for address in READ:
        signed = service.world.admin_key if address.startswith(PREFIX) else key
        query = {"start_time": MIDNIGHT - 2 * DAY, "group_by": "project_id", "limit": 2}
        usage = "/usage/" in address.removeprefix("/v1") or address.endswith("/costs")
        query = query if usage and address.startswith(PREFIX) else {}
        path = address.format(**names(service.world, address))
        answer = service.call("GET", path, key=signed, params=query)
        assert answer.status_code in ((401, 403) if "/dashboard/" in address else (200,))
        yield address, answer.content, dict(answer.headers)


@pytest.mark.parametrize("scale", ["small", "large"])
def test_same_seed_and_clock_give_the_same_bytes_everywhere(scale: Scale) -> None:
    with platform(seed=5, scale=scale) as one, platform(seed=5, scale=scale) as other:
        for mine, theirs in zip(_walk(one), _walk(other), strict=True):
            assert mine == theirs


def digest() -> str:
    """Sum up everything a walk gives."""
    with platform(seed=5) as service:
        return sha256(repr(list(_walk(service))).encode()).hexdigest()


def test_another_process_gives_the_same_bytes() -> None:
    """No answer follows the order of a set, which differs from process to process."""
    script = f"from {__name__} import digest; print(digest())"
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[3],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {digest()}


def test_another_seed_gives_other_bytes_wherever_the_organization_shows() -> None:
    with platform(seed=5) as one, platform(seed=6) as other:
        same = {
            a
            for (a, mine, _), (_, theirs, _) in zip(_walk(one), _walk(other), strict=True)
            if mine == theirs
        }
    assert same == {a for a in READ if "/models" in a or "/dashboard/" in a} | {
        f"{PREFIX}/spend_limit",
        f"{PREFIX}/projects/{{project_id}}/spend_limit",
    }


def test_the_large_organization_answers_a_page_of_keys() -> None:
    with platform(scale="large") as service:
        world = service.world
        project_id = names(world, "{project_id}")["project_id"]
        page = service.get(f"projects/{project_id}/api_keys", limit=5, owner_project_access="any")
        assert len(page["data"]) == 5
        assert page["has_more"]
        assert len(service.get("projects", limit=100)["data"]) == 100
        assert len(world.projects) == 1_000
        assert len(world.keys) == 10_000
        assert set(world.rate_limits) <= {project_id}
