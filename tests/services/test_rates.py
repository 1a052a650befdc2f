"""Rate limits beside the busiest minutes: what is near its ceiling, and what is not known."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oai_tui.api.client import Client
from oai_tui.core.errors import MissingScope, Rejected
from oai_tui.core.keys import Project
from oai_tui.core.limits import Ceiling
from oai_tui.services.billing.minutes import busiest_minutes
from oai_tui.services.billing.rates import RateTable, rates
from tests.services.estate import NOW, Estate
from tests.simulator.admin_caller import Caller

HERE = datetime.fromtimestamp(NOW // 60 * 60, UTC)


def table(estate: Estate, key: str | None = None, **more: Any) -> RateTable:
    async def ask() -> RateTable:
        async with estate.client(key) as client:
            return await rates(client, estate.clock, **more)

    return asyncio.run(ask())


def row(found: RateTable, project: str, model: str) -> Any:
    return next(each for each in found.rows if (each.project, each.limit.model) == (project, model))


def test_every_project_that_lives_is_there_with_what_it_rests_on() -> None:
    estate = Estate()
    told: list[tuple[int, int]] = []
    found = table(estate, on_progress=lambda *at: told.append(at))
    living = {each.name for each in estate.world.projects.values() if not each.archived_at}
    assert {each.project for each in found.rows} == living
    assert told[-1] == (len(living), len(living))
    assert (found.since, found.until) == (HERE - timedelta(hours=6), HERE)
    assert "06:20 to 12:20 UTC" in found.basis
    assert found.basis.startswith("Estimated")
    assert found.gaps == ()


def test_the_model_near_its_ceiling_is_marked_and_no_other() -> None:
    found = table(Estate())
    (near,) = found.throttled
    assert (near.project, near.limit.model) == ("Research", "gpt-6-astra")
    assert near.nearest is Ceiling.TOKENS
    assert 0.9 <= near.share <= 1
    assert near.mark.endswith("UTC")


def test_the_busiest_minute_is_the_one_the_platform_reports() -> None:
    estate = Estate()
    found = row(table(estate, hours=2), "Research", "gpt-6-astra")
    caller = Caller(estate.world)
    caller.app = estate.app
    project = caller.project_id("Research")
    tokens: Counter[int] = Counter()
    requests: Counter[int] = Counter()
    for kind in ("completions", "decisions"):
        answer = caller.get(
            f"usage/{kind}",
            start_time=NOW // 60 * 60 - 7200,
            end_time=NOW // 60 * 60,
            bucket_width="1m",
            limit=120,
            project_ids=project,
            models="gpt-6-astra",
        )
        for bucket in answer["data"]:
            for each in bucket["results"]:
                tokens[bucket["start_time"]] += each["input_tokens"] + each["output_tokens"]
                requests[bucket["start_time"]] += each["num_model_requests"]
    assert found.peak.tokens == max(tokens.values())
    assert found.peak.requests == max(requests.values())
    assert tokens[int(found.peak.tokens_at.timestamp())] == found.peak.tokens


def test_batches_do_not_count_against_a_minute() -> None:
    estate = Estate()
    without = row(table(estate), "Data pipeline", "gpt-5.6-mini").peak

    async def ask() -> RateTable:
        async with estate.client() as client:
            refuse_batches(client)
            return await rates(client, estate.clock)

    with_them = asyncio.run(ask())
    assert row(with_them, "Data pipeline", "gpt-5.6-mini").peak.requests > without.requests
    assert "Batches are counted in with completions" in with_them.gaps[0]


def refuse_batches(client: Client) -> None:
    """Have the platform refuse to tell batches apart."""
    real = client.get

    async def get(into: Any, path: str, params: Any = None) -> Any:
        if params and "batch" in params.get("group_by", ()):
            raise Rejected("The platform refused this (400).")
        return await real(into, path, params)

    client.get = get  # type: ignore[method-assign]


def test_use_without_a_rate_limit_of_its_name_is_said() -> None:
    found = table(Estate())
    unplaced = {(each.project, each.model) for each in found.unplaced}
    assert ("Web app", "omni-moderation-latest") in unplaced
    assert ("サポート 日本語", "gpt-audio-mini-2025-12-15") in unplaced
    assert any("gpt-audio-mini-2025-12-15, omni-moderation-latest" in each for each in found.notes)
    assert all(each.peak.requests for each in found.unplaced)


def test_a_dated_name_counts_under_its_family_and_that_is_said() -> None:
    estate = Estate()
    project = next(each for each in estate.world.projects.values() if "サポート" in each.name)
    limit = next(iter(estate.world.rate_limits_of(project.id).values()))
    limit.model = "gpt-audio-mini"
    found = table(estate)
    here = row(found, project.name, "gpt-audio-mini")
    assert here.models == ("gpt-audio-mini-2025-12-15",)
    assert here.peak.tokens
    assert (
        "Use of gpt-audio-mini-2025-12-15 is counted under gpt-audio-mini, which has no date in "
        "its name." in found.notes
    )


def test_names_of_one_family_count_together() -> None:
    estate = Estate()
    key = next(each for each in estate.world.keys.values() if each.name == "agents-eval")
    assert key.traffic
    dated = ("gpt-9-2026-01-01", "gpt-9-2026-02-01")
    key.traffic = replace(key.traffic, models=dated, requests_per_day=20_000)
    limit = next(iter(estate.world.rate_limits_of(key.project_id).values()))
    limit.model = "gpt-9"
    assert row(table(estate), "Research", "gpt-9").models == dated


def test_without_usage_nothing_is_marked_and_the_ceilings_are_there() -> None:
    estate = Estate()
    found = table(estate, key=estate.world.management_only_key)
    assert len(found.rows) == 70
    assert (found.since, found.throttled) == (None, ())
    assert all(each.peak is None for each in found.rows)
    assert "api.usage.read" in found.gaps[0]
    assert "not known" in found.basis


def test_a_kind_that_cannot_be_read_is_said() -> None:
    found = table(Estate("503@GET /organization/usage/embeddings"))
    assert found.since
    assert "embeddings" in found.gaps[0]
    assert found.throttled


def test_a_kind_that_does_not_exist_lacks_nothing() -> None:
    assert table(Estate("404-envelope@GET /organization/usage/decisions")).gaps == ()


def test_a_project_that_cannot_be_read_is_said_and_all_of_them_is_a_failure() -> None:
    estate = Estate()
    broken = estate.world.default_project
    estate.faults.set(f"404-bare@GET /organization/projects/{broken.id}/rate_limits")
    found = table(estate)
    assert len(found.rows) == 60
    assert found.gaps[0].startswith(f"The rate limits of {broken.name} could not be read")
    estate.faults.set("403-envelope@GET /organization/projects/*/rate_limits")
    with pytest.raises(MissingScope):
        table(estate)


def test_only_the_projects_that_are_given_are_read() -> None:
    estate = Estate()
    project = estate.world.default_project
    found = table(estate, projects=[Project(project.id, project.name)])
    assert {each.project for each in found.rows} == {project.name}
    assert found.unplaced == ()


def test_how_far_back_follows_from_how_much_there_is() -> None:
    estate = Estate()

    async def ask(most_rows: int) -> Any:
        async with estate.client() as client:
            return (await busiest_minutes(client, estate.clock(), 6, most_rows)).since

    assert asyncio.run(ask(100_000)) == HERE - timedelta(hours=6)
    assert asyncio.run(ask(1)) == HERE - timedelta(hours=1)
