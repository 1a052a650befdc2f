from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.usage_world import ADMIN, DAY, MIDNIGHT, NOW, Caller, calling, small_world


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with calling(small_world()) as found:
        yield found


@pytest.mark.parametrize("path", ["usage/completions", "usage/images", "costs"])
@pytest.mark.parametrize("size", [1, 3])
def test_small_pages_give_what_one_page_gives(caller: Caller, path: str, size: int) -> None:
    query: dict[str, Any] = {"start_time": MIDNIGHT - 9 * DAY - 500, "group_by": ["project_id"]}
    whole = caller.page(path, **query, limit=31)
    assert (whole["has_more"], whole["next_page"]) == (False, None)
    assert caller.buckets(path, **query, limit=size) == whole["data"]


@pytest.mark.parametrize(
    ("width", "usual", "most"), [("1d", 7, 31), ("1h", 24, 168), ("1m", 60, 1440)]
)
def test_buckets_a_page(caller: Caller, width: str, usual: int, most: int) -> None:
    query: dict[str, Any] = {"start_time": MIDNIGHT - 40 * DAY, "bucket_width": width}
    assert len(caller.page("usage/embeddings", **query)["data"]) == usual
    assert len(caller.page("usage/embeddings", **query, limit=most)["data"]) == most
    assert caller.get("usage/embeddings", **query, limit=most + 1).status_code == 400


def test_costs_give_up_to_180_days(caller: Caller) -> None:
    query: dict[str, Any] = {"start_time": MIDNIGHT - 300 * DAY}
    assert len(caller.page("costs", **query)["data"]) == 7
    assert len(caller.page("costs", **query, limit=180)["data"]) == 180
    assert caller.get("costs", **query, limit=181).status_code == 400
    assert caller.get("costs", **query, bucket_width="1h").status_code == 400


def test_a_start_within_a_day_makes_a_short_first_bucket(caller: Caller) -> None:
    first, second = caller.page(
        "usage/completions", start_time=MIDNIGHT - DAY - 45_474, end_time=MIDNIGHT
    )["data"]
    assert (first["start_time"], first["end_time"]) == (MIDNIGHT - DAY - 45_474, MIDNIGHT - DAY)
    assert (second["start_time"], second["end_time"]) == (MIDNIGHT - DAY, MIDNIGHT)


def test_time_without_use_is_empty_buckets_and_the_future_none(caller: Caller) -> None:
    old = caller.page("usage/completions", start_time=0, limit=2)
    assert [bucket["results"] for bucket in old["data"]] == [[], []]
    assert old["has_more"]
    later = caller.page("usage/completions", start_time=NOW + DAY, end_time=NOW + 9 * DAY)
    assert (later["data"], later["has_more"]) == ([], False)


def test_both_spellings_of_lists_and_repeated_names(caller: Caller) -> None:
    span = {"start_time": MIDNIGHT - 2 * DAY}
    plain = caller.page("usage/completions", **span, group_by=["model", "project_id"])
    brackets = caller.page("usage/completions", **span, **{"group_by[]": ["project_id", "model"]})
    mixed = caller.page(
        "usage/completions", **span, **{"group_by": ["model", "model"], "group_by[]": "project_id"}
    )
    assert plain == brackets == mixed
    both = caller.page(
        "usage/completions",
        **span,
        **{"project_ids[]": ["proj_web", "proj_lab"]},
        group_by="project_id",
    )
    names = {row["project_id"] for bucket in both["data"] for row in bucket["results"]}
    assert names == {"proj_web", "proj_lab"}


def test_a_page_token_belongs_to_its_query(caller: Caller) -> None:
    query: dict[str, Any] = {"start_time": MIDNIGHT - 9 * DAY, "group_by": "model", "limit": 2}
    token = caller.page("usage/completions", **query)["next_page"]
    assert token.startswith("page_")
    assert caller.get("usage/completions", **query, page=token).status_code == 200
    for change in (
        {"start_time": MIDNIGHT - 8 * DAY},
        {"end_time": MIDNIGHT},
        {"group_by": "project_id"},
        {"bucket_width": "1h"},
        {"models": "gpt-6-astra"},
    ):
        refused = caller.get("usage/completions", **{**query, **change}, page=token)
        assert refused.status_code == 400, change
        assert refused.json()["error"]["param"] == "page"
    assert caller.get("usage/embeddings", **query, page=token).status_code == 400
    assert caller.get("usage/completions", **query, page=f"{token[:-4]}AAAA").status_code == 400


def test_pages_of_a_report_until_now_end_where_the_first_one_said() -> None:
    world = small_world()
    with calling(world) as caller:
        query = {"start_time": MIDNIGHT, "bucket_width": "1h", "limit": 13}
        first = caller.page("usage/completions", **query)
        world.time += 5 * 3600
        second = caller.page("usage/completions", **query, page=first["next_page"])
    assert second["data"][-1]["end_time"] == NOW
    assert not second["has_more"]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({}, "start_time"),
        ({"start_time": "yesterday"}, "start_time"),
        ({"start_time": "1.5"}, "start_time"),
        ({"start_time": -1}, "start_time"),
        ({"start_time": NOW * 1000}, "start_time"),
        ({"start_time": "9" * 40}, "start_time"),
        ({"start_time": "٣"}, "start_time"),
        ({"start_time": NOW, "end_time": NOW}, "end_time"),
        ({"start_time": NOW, "end_time": NOW - 1}, "end_time"),
        ({"start_time": NOW + 5}, "end_time"),
        ({"start_time": 1, "end_time": "9" * 18}, "end_time"),
        ({"start_time": 1, "limit": 0}, "limit"),
        ({"start_time": 1, "limit": -3}, "limit"),
        ({"start_time": 1, "limit": "many"}, "limit"),
        ({"start_time": 1, "bucket_width": "1w"}, "bucket_width"),
        ({"start_time": 1, "group_by": "line_item"}, "group_by"),
        ({"start_time": 1, "group_by": "model,project_id"}, "group_by"),
        ({"start_time": 1, "batch": "maybe"}, "batch"),
        ({"start_time": 1, "page": "page_"}, "page"),
        ({"start_time": 1, "page": "page_ü"}, "page"),
        ({"start_time": 1, "page": "x" * 500}, "page"),
    ],
)
def test_wrong_queries_are_refused_and_named(
    caller: Caller, query: dict[str, Any], param: str
) -> None:
    refused = caller.get("usage/completions", **query)
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == param
    assert refused.json()["error"]["type"] == "invalid_request_error"


def test_values_that_a_filter_cannot_have_are_refused(caller: Caller) -> None:
    for path, name in (
        ("images", "sizes"),
        ("images", "sources"),
        ("web_search_calls", "context_levels"),
    ):
        assert caller.get(f"usage/{path}", start_time=1, **{name: "huge"}).status_code == 400


def test_a_misspelt_page_parameter_is_not_seen(caller: Caller) -> None:
    query: dict[str, Any] = {"start_time": MIDNIGHT - 9 * DAY, "limit": 2}
    first = caller.page("usage/completions", **query)
    again = caller.page("usage/completions", **query, next_page=first["next_page"])
    assert again == first


def test_reading_usage_needs_the_scope(caller: Caller) -> None:
    for path in ("usage/completions", "costs"):
        assert caller.get(path, key=ADMIN, start_time=1).status_code == 200
        narrow = caller.get(path, key="sk-admin-narrow", start_time=1)
        assert narrow.status_code == 403
        assert "api.usage.read" in narrow.text
        assert caller.get(path, key="sk-web", start_time=1).status_code == 403
        assert caller.get(path, key="sk-unknown", start_time=1).status_code == 401
