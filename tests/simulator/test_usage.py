from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from oai_tui.simulator.kinds import USAGE_KINDS
from tests.simulator.usage_world import (
    DAY,
    EVERY_KIND,
    MIDNIGHT,
    NOW,
    Caller,
    calling,
    key,
    small_world,
    traffic,
)

Row = dict[str, Any]


@pytest.fixture
def caller() -> Iterator[Caller]:
    with calling(small_world()) as found:
        yield found


def added(rows: list[Row]) -> Counter[str]:
    """Sum every number of the rows."""
    sums: Counter[str] = Counter()
    for row in rows:
        for name, value in row.items():
            if isinstance(value, int) and not isinstance(value, bool):
                sums[name] += value
    return sums


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_width_gives_the_same_sums(caller: Caller, kind: str) -> None:
    span = {"start_time": MIDNIGHT - 2 * DAY + 3700, "end_time": NOW - 77}
    days = added(caller.rows(f"usage/{kind}", **span))
    hours = added(caller.rows(f"usage/{kind}", **span, bucket_width="1h", limit=168))
    minutes = added(caller.rows(f"usage/{kind}", **span, bucket_width="1m", limit=1440))
    assert days
    assert days == hours == minutes


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_grouping_gives_the_same_sums_and_fills_only_what_was_asked(
    caller: Caller, kind: str
) -> None:
    span = {"start_time": MIDNIGHT - 9 * DAY, "limit": 31}
    whole = added(caller.rows(f"usage/{kind}", **span))
    dimensions = USAGE_KINDS[kind].dimensions
    for groups in [[name] for name in dimensions] + [list(dimensions)]:
        rows = caller.rows(f"usage/{kind}", **span, group_by=groups)
        assert added(rows) == whole
        for row in rows:
            assert row["object"] == USAGE_KINDS[kind].object
            assert set(dimensions) <= set(row)
            assert all(row[name] is None for name in dimensions if name not in groups)


@pytest.mark.parametrize("kind", ["completions", "decisions"])
def test_token_fields_add_up_as_documented_in_every_bucket(caller: Caller, kind: str) -> None:
    rows = caller.rows(
        f"usage/{kind}", start_time=NOW - 6 * 3600, bucket_width="1m", limit=360, group_by="model"
    )
    assert len(rows) > 10
    for row in rows:
        text_audio_image = ("text", "audio", "image")
        uncached = sum(row[f"input_{part}_tokens"] for part in text_audio_image)
        cached = sum(row[f"input_cached_{part}_tokens"] for part in text_audio_image)
        written = row["input_cache_write_30m_tokens"] + row["input_cache_write_12h_tokens"]
        assert row["input_uncached_tokens"] == uncached
        assert row["input_cached_tokens"] == cached
        assert row["input_cache_write_tokens"] == written
        assert row["input_tokens"] == uncached + cached + written
        assert row["output_tokens"] == sum(row[f"output_{p}_tokens"] for p in text_audio_image)
        assert row["num_model_requests"] > 0


def test_old_answers_do_not_tell_the_kinds_of_cache_writes_apart(caller: Caller) -> None:
    (row,) = caller.rows(
        "usage/completions", start_time=MIDNIGHT - 280 * DAY, end_time=MIDNIGHT - 279 * DAY
    )
    assert row["input_cache_write_30m_tokens"] is None
    assert row["input_cache_write_tokens"] > 0


def test_the_same_seed_gives_the_same_answers_and_another_gives_others() -> None:
    answers = []
    for seed in (7, 7, 8):
        with calling(small_world(seed=seed)) as caller:
            answers.append(caller.page("usage/completions", start_time=NOW - 5 * DAY))
    assert answers[0] == answers[1]
    assert answers[0]["data"][1]["results"] != answers[2]["data"][1]["results"]


def test_what_was_used_once_never_changes_and_today_grows() -> None:
    world = small_world()
    with calling(world) as caller:
        span = {"start_time": MIDNIGHT - DAY, "end_time": MIDNIGHT + DAY}
        yesterday, today = caller.page("usage/completions", **span)["data"]
        world.time += 3 * 3600
        yesterday_later, today_later = caller.page("usage/completions", **span)["data"]
    assert yesterday == yesterday_later
    assert added(today_later["results"])["input_tokens"] > added(today["results"])["input_tokens"]
    assert today["end_time"] == MIDNIGHT + DAY


def test_keys_are_used_only_while_they_live() -> None:
    world = small_world()
    ended, born = MIDNIGHT - 20 * DAY, MIDNIGHT - 30 * DAY
    world.keys["key_old"] = key(
        "old", "proj_web", "user_alice", traffic(200, days=30, last_day=ended)
    )
    with calling(world) as caller:
        buckets = caller.buckets(
            "usage/completions",
            start_time=MIDNIGHT - 40 * DAY,
            group_by="api_key_id",
            api_key_ids="key_old",
        )
    used = [bucket["start_time"] for bucket in buckets if bucket["results"]]
    assert (min(used), max(used)) == (born, ended)
    assert len(buckets) == 41


def test_a_revoked_key_stops_at_that_second() -> None:
    world = small_world()
    with calling(world) as caller:
        span = {"start_time": MIDNIGHT, "api_key_ids": "key_web"}
        before = added(caller.rows("usage/completions", **span))
        world.keys["key_web"].deleted_at = MIDNIGHT + 6 * 3600
        after = added(caller.rows("usage/completions", **span))
        late = caller.rows(
            "usage/completions", start_time=MIDNIGHT + 6 * 3600, api_key_ids="key_web"
        )
    assert 0 < after["input_tokens"] < before["input_tokens"]
    assert late == []


def test_traffic_given_to_a_key_later_shows_at_once() -> None:
    world = small_world()
    with calling(world) as caller:
        span = {"start_time": MIDNIGHT - 5 * DAY, "api_key_ids": "key_idle"}
        assert caller.rows("usage/completions", **span) == []
        world.keys["key_idle"].traffic = traffic(50)
        assert caller.rows("usage/completions", **span)


def test_weekends_are_quiet_and_a_spike_stands_out() -> None:
    world = small_world()
    spike = MIDNIGHT - 10 * DAY
    world.keys = {
        "key_one": key(
            "one", "proj_web", "user_alice", traffic(4000, spike_day=spike, spike_factor=9.0)
        )
    }
    with calling(world) as caller:
        buckets = caller.buckets(
            "usage/completions", start_time=MIDNIGHT - 84 * DAY, end_time=MIDNIGHT, limit=31
        )
    requests = {b["start_time"]: added(b["results"])["num_model_requests"] for b in buckets}
    days: dict[bool, list[int]] = {True: [], False: []}
    for day, count in requests.items():
        if day != spike:
            days[(day // DAY + 3) % 7 >= 5].append(count)
    weekend, weekday = (sum(days[which]) / len(days[which]) for which in (True, False))
    assert 0.25 < weekend / weekday < 0.45
    assert requests[spike] > 4 * weekday
    assert 3000 < weekday < 4500


def test_people_own_their_use_and_service_accounts_have_nobody(caller: Caller) -> None:
    rows = caller.rows(
        "usage/completions", start_time=NOW - 6 * DAY, group_by=["api_key_id", "user_id"]
    )
    owners = {row["api_key_id"]: row["user_id"] for row in rows}
    assert owners == {"key_web": None, "key_alice": "user_alice", "key_bob": "user_bob", None: None}


def test_some_use_belongs_to_no_project_and_no_key(caller: Caller) -> None:
    rows = caller.rows("usage/completions", start_time=NOW - 6 * DAY, group_by=["project_id"])
    shares = Counter[str | None]()
    for row in rows:
        shares[row["project_id"]] += row["input_tokens"]
    assert 0 < shares[None] < 0.1 * shares["proj_web"]


@pytest.mark.parametrize(
    ("name", "dimension", "value"),
    [
        ("project_ids", "project_id", "proj_lab"),
        ("user_ids", "user_id", "user_alice"),
        ("api_key_ids", "api_key_id", "key_bob"),
        ("models", "model", "gpt-6-astra"),
        ("batch", "batch", True),
        ("batch", "batch", False),
    ],
)
def test_a_filter_gives_the_part_that_grouping_shows(
    caller: Caller, name: str, dimension: str, value: Any
) -> None:
    span = {"start_time": MIDNIGHT - 6 * DAY}
    grouped = caller.rows("usage/completions", **span, group_by=dimension)
    asked = str(value).lower() if isinstance(value, bool) else value
    filtered = caller.rows("usage/completions", **span, **{name: asked})
    assert added(filtered) == added([row for row in grouped if row[dimension] == value])
    assert filtered


def test_vector_stores_are_a_level_that_grows_slowly(caller: Caller) -> None:
    span = {"start_time": MIDNIGHT - 20 * DAY, "limit": 31}
    levels = [row["usage_bytes"] for row in caller.rows("usage/vector_stores", **span)]
    assert len(levels) == 21
    assert levels[0] < levels[-1] < 2 * levels[0]
    hour = caller.rows("usage/vector_stores", start_time=NOW - 3600, bucket_width="1h")
    assert {row["usage_bytes"] for row in hour} == {levels[-1]}
    grouped = caller.rows("usage/vector_stores", **span, group_by="project_id")
    assert {row["project_id"] for row in grouped} == {"proj_web"}


def test_object_names_that_differ_from_the_path(caller: Caller) -> None:
    span = {"start_time": MIDNIGHT - 3 * DAY}
    (searches, *_) = caller.rows("usage/web_search_calls", **span, group_by="context_level")
    assert searches["object"] == "organization.usage.web_searches.result"
    assert searches["num_requests"] >= searches["num_model_requests"]
    (files, *_) = caller.rows("usage/file_search_calls", **span, group_by="vector_store_id")
    assert files["object"] == "organization.usage.file_searches.result"
    assert files["vector_store_id"].startswith("vs_")
