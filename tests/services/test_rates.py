"""Rate limits beside what was used: what is near its ceiling, and what is not known."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oai_tui.core.errors import MissingScope
from oai_tui.core.limits import Ceiling
from oai_tui.core.rates import RateRow
from oai_tui.services.billing.minutes import busiest_minutes
from oai_tui.services.billing.rates import RateTable
from oai_tui.services.billing.use_kinds import KindReader
from tests.api.talking import Answer, Platform
from tests.services.estate import NOW, Estate, run
from tests.services.rating import tables
from tests.simulator.admin_caller import Caller

HERE = datetime.fromtimestamp(NOW // 60 * 60, UTC)
MIDNIGHT = NOW // 86400 * 86400
RESEARCH, ASTRA = "Research", "gpt-6-astra"


def table(estate: Estate, key: str | None = None) -> RateTable:
    """Return the whole table of a first reading."""
    return tables(estate, key=key)[-1]


def row(found: RateTable, project: str, model: str) -> RateRow:
    return next(each for each in found.rows if (each.project, each.limit.model) == (project, model))


def asked(estate: Estate, kind: str, **query: Any) -> list[tuple[int, dict[str, Any]]]:
    """Return rows of usage as the platform tells them, each with when its bucket begins."""
    caller = Caller(estate.world)
    caller.app = estate.app
    answer = caller.get(f"usage/{kind}", **query)
    return [(each["start_time"], row) for each in answer["data"] for row in each["results"]]


def test_every_project_that_lives_is_there_with_what_it_rests_on() -> None:
    estate = Estate()
    found = table(estate)
    living = {each.name for each in estate.world.projects.values() if not each.archived_at}
    assert {each.project for each in found.rows} == living
    assert (found.read, found.to_read) == (len(living), len(living))
    assert found.as_of == estate.clock.now
    assert (found.since, found.until) == (HERE - timedelta(hours=6), HERE)
    assert "06:20 to 12:20 UTC" in found.basis
    assert all(each.startswith("Estimated") and "today" in each for each in found.bases)
    assert found.gaps == ()


def test_the_model_near_its_ceiling_is_marked_and_no_other() -> None:
    found = table(Estate())
    (near,) = found.throttled
    assert (near.project, near.limit.model) == ("Research", "gpt-6-astra")
    assert near.nearest is Ceiling.TOKENS
    assert near.share
    assert 0.9 <= near.share <= 1
    assert near.mark.endswith("UTC")


def test_the_busiest_minute_is_the_one_the_platform_reports() -> None:
    estate = Estate()
    found = row(table(estate), RESEARCH, ASTRA)
    tokens: Counter[int] = Counter()
    requests: Counter[int] = Counter()
    for kind in ("completions", "decisions"):
        for at, each in asked(
            estate,
            kind,
            start_time=NOW // 60 * 60 - 6 * 3600,
            end_time=NOW // 60 * 60,
            bucket_width="1m",
            limit=360,
            project_ids=found.limit.project_id,
            models=ASTRA,
        ):
            tokens[at] += each["input_tokens"] + each["output_tokens"]
            requests[at] += each["num_model_requests"]
    used = found.used[Ceiling.TOKENS]
    assert used.amount == max(tokens.values())
    assert found.used[Ceiling.REQUESTS].amount == max(requests.values())
    assert used.at
    assert tokens[int(used.at.timestamp())] == used.amount


def test_images_count_by_the_minute() -> None:
    estate = Estate()
    found = next(r for r in table(estate).rows if r.used.get(Ceiling.IMAGES))
    images = Counter(
        {
            at: each["images"]
            for at, each in asked(
                estate,
                "images",
                start_time=NOW // 60 * 60 - 6 * 3600,
                end_time=NOW // 60 * 60,
                bucket_width="1m",
                limit=360,
                project_ids=found.limit.project_id,
                models=found.models[0],
            )
        }
    )
    assert found.used[Ceiling.IMAGES].amount == max(images.values())
    assert Ceiling.IMAGES in found.limit.ceilings


def test_the_day_counts_its_requests_and_what_batches_worked_on() -> None:
    estate = Estate()
    found = table(estate)
    day = {"start_time": MIDNIGHT, "end_time": MIDNIGHT + 86400, "bucket_width": "1d", "limit": 1}
    for project, model in (("Data pipeline", "gpt-5.6-mini"), (RESEARCH, ASTRA)):
        here = row(found, project, model)
        alone: Counter[str] = Counter()
        for kind in ("completions", "decisions"):
            chosen = {**day, "project_ids": here.limit.project_id, "models": model}
            for _, each in asked(estate, kind, group_by="batch", **chosen):
                if each["batch"]:
                    alone["batch"] += each["input_tokens"]
                else:
                    alone["requests"] += each["num_model_requests"]
        assert here.used[Ceiling.DAILY_REQUESTS].amount == alone["requests"]
        assert here.used[Ceiling.BATCH].amount == alone["batch"]
    assert row(found, "Data pipeline", "gpt-5.6-mini").used[Ceiling.BATCH].amount


def test_a_ceiling_for_the_day_is_near_by_the_requests_since_midnight() -> None:
    estate = Estate()
    used = row(table(estate), RESEARCH, ASTRA).used[Ceiling.DAILY_REQUESTS].amount
    limits = estate.world.rate_limits_of(row(table(estate), RESEARCH, ASTRA).limit.project_id)
    limit = next(each for each in limits.values() if each.model == ASTRA)
    limit.max_requests_per_1_day = used
    here = row(table(estate), RESEARCH, ASTRA)
    assert (here.nearest, here.share, here.at) == (Ceiling.DAILY_REQUESTS, 1, None)
    assert here.mark == "100 % of requests a day since midnight UTC"


def test_without_minutes_days_are_marked_and_that_is_what_is_said() -> None:
    estate = Estate()
    here = row(table(estate), RESEARCH, ASTRA)
    limits = estate.world.rate_limits_of(here.limit.project_id)
    limit = next(each for each in limits.values() if each.model == ASTRA)
    limit.max_requests_per_1_day = here.used[Ceiling.DAILY_REQUESTS].amount
    estate.app = refusing(estate.app, Answer(404), b"bucket_width=1m")
    found = table(estate)
    assert [each.mark for each in found.throttled] == ["100 % of requests a day since midnight UTC"]
    assert (found.since, found.can_mark) == (None, True)
    assert "no minute is marked, only requests a day" in found.basis
    assert found.gaps == ("This server reports no usage by the minute.",)


def test_batches_do_not_count_against_a_minute() -> None:
    estate = Estate()
    without = row(table(estate), "Data pipeline", "gpt-5.6-mini").used
    refused = Answer(400, {"error": {"message": "Unknown group_by: batch."}})
    estate.app = refusing(estate.app, refused, b"batch")
    found = table(estate)
    with_them = row(found, "Data pipeline", "gpt-5.6-mini").used
    assert with_them[Ceiling.REQUESTS].amount > without[Ceiling.REQUESTS].amount
    assert Ceiling.BATCH not in with_them
    assert "Batches are counted in with completions" in found.gaps[0]


def refusing(app: Any, answer: Answer, *words: bytes) -> Any:
    """Return a platform that refuses the questions with all these words, as an older one would."""
    refused = Platform(answer)

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        asked = scope["path"].encode() + b"?" + scope["query_string"]
        await (refused if all(each in asked for each in words) else app)(scope, receive, send)

    return serve


def test_use_without_a_rate_limit_of_its_name_is_said() -> None:
    found = table(Estate())
    unplaced = {(each.project, each.model) for each in found.unplaced}
    assert ("Web app", "omni-moderation-latest") in unplaced
    assert ("サポート 日本語", "gpt-audio-mini-2025-12-15") in unplaced
    assert any("gpt-audio-mini-2025-12-15, omni-moderation-latest" in each for each in found.notes)
    assert all(each.used[Ceiling.REQUESTS].amount for each in found.unplaced)


def test_a_dated_name_counts_under_its_family_and_that_is_said() -> None:
    estate = Estate()
    project = next(each for each in estate.world.projects.values() if "サポート" in each.name)
    limit = next(iter(estate.world.rate_limits_of(project.id).values()))
    limit.model = "gpt-audio-mini"
    found = table(estate)
    here = row(found, project.name, "gpt-audio-mini")
    assert here.models == ("gpt-audio-mini-2025-12-15",)
    assert here.used[Ceiling.TOKENS].amount
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
    assert not any(each.used for each in found.rows)
    assert "api.usage.read" in found.gaps[0]
    assert "not known" in found.basis


def test_a_kind_that_cannot_be_read_is_said() -> None:
    found = table(Estate("503@GET /organization/usage/embeddings"))
    assert found.since
    assert "embeddings" in found.gaps[0]
    assert found.throttled


def test_a_day_of_which_a_kind_could_not_be_read_has_no_sum() -> None:
    estate = Estate()
    failed = Answer(403, {"error": {"message": "Not today."}})
    estate.app = refusing(estate.app, failed, b"usage/decisions", b"bucket_width=1d")
    found = table(estate)
    here = row(found, RESEARCH, ASTRA)
    assert Ceiling.TOKENS in here.used
    assert not {Ceiling.DAILY_REQUESTS, Ceiling.BATCH} & set(here.used)
    assert "decisions" in found.gaps[0]
    assert not any("today" in each for each in found.bases)


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


def test_how_far_back_follows_from_how_much_there_is() -> None:
    estate = Estate()

    async def since(most_rows: int) -> datetime | None:
        async with estate.client() as client:
            found = await busiest_minutes(KindReader(client), estate.clock(), 6, most_rows)
            return found.since

    assert run(since(100_000)) == HERE - timedelta(hours=6)
    assert run(since(1)) == HERE - timedelta(hours=1)
