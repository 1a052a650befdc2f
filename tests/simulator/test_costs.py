from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from oai_tui.simulator.model import Credit
from tests.simulator.usage_world import DAY, MIDNIGHT, NOW, Caller, calling, small_world

MONTH = {"start_time": MIDNIGHT - 30 * DAY, "limit": 31}


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with calling(small_world()) as found:
        yield found


def dollars(rows: list[dict[str, Any]]) -> float:
    return float(sum(row["amount"]["value"] for row in rows))


def by(rows: list[dict[str, Any]], name: str) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for row in rows:
        sums[row[name]] += row["amount"]["value"]
    return sums


@pytest.mark.parametrize(
    "groups",
    [
        ["project_id"],
        ["line_item"],
        ["api_key_id"],
        ["user_id"],
        ["api_source"],
        ["project_id", "line_item", "api_key_id", "api_source"],
        ["user_id", "line_item"],
    ],
)
def test_every_grouping_costs_the_same(caller: Caller, groups: list[str]) -> None:
    whole = caller.rows("costs", **MONTH)
    assert len(whole) == 31
    rows = caller.rows("costs", **MONTH, group_by=groups)
    assert dollars(rows) == pytest.approx(dollars(whole), abs=1e-9)
    for row in rows:
        assert row["object"] == "organization.costs.result"
        assert row["amount"]["currency"] == "usd"
        for name in ("project_id", "line_item", "api_key_id", "user_id", "api_source"):
            assert name in groups or row[name] is None
        if "line_item" not in groups:
            assert (row["quantity"], row["quantity_unit"]) == (None, None)


def test_line_items_follow_use_at_the_prices_but_not_to_the_cent(caller: Caller) -> None:
    span = {"start_time": MIDNIGHT - 5 * DAY, "end_time": MIDNIGHT - DAY}
    rows = caller.rows("costs", **span, group_by="line_item", project_ids="proj_web")
    used = caller.rows("usage/embeddings", **span, project_ids="proj_web")
    tokens = sum(row["input_tokens"] for row in used)
    billed = [row for row in rows if row["line_item"] == "text-embedding-3-small, input"]
    assert sum(row["quantity"] for row in billed) == tokens
    assert {row["quantity_unit"] for row in billed} == {"tokens"}
    exact = tokens * 0.02 / 1e6
    assert dollars(billed) == pytest.approx(exact, rel=0.011)
    assert dollars(billed) != pytest.approx(exact, rel=1e-4)


def test_line_items_have_the_forms_that_were_seen(caller: Caller) -> None:
    rows = caller.rows("costs", **MONTH, group_by="line_item")
    units = {row["line_item"]: row["quantity_unit"] for row in rows}
    assert units["gpt-6-astra, input_tokens"] == "tokens"
    assert units["gpt-4o-mini-2024-07-18, cached input"] == "tokens"
    assert units["gpt-image-2-2026-04-21 image, output"] == "images"
    assert units["gpt-4o-transcribe, duration"] == "duration_seconds"
    assert units["gpt-4o-mini-tts, characters"] == "characters"
    assert units["file search storage"] == "gibibyte_hours"
    assert units["web search tool calls"] is None


def test_some_money_belongs_to_no_project_and_some_comes_back(caller: Caller) -> None:
    rows = caller.rows("costs", **MONTH, group_by=["project_id", "line_item"])
    nobody = by([row for row in rows if row["project_id"] is None], "line_item")
    assert nobody["gpt-6-astra, scale tier bundle"] > 0
    assert nobody["service credit"] < 0


def test_costs_come_late_and_the_last_day_grows() -> None:
    world = small_world()
    with calling(world) as caller:
        query = {"start_time": MIDNIGHT - DAY, "end_time": MIDNIGHT + DAY}
        yesterday, today = caller.page("costs", **query)["data"]
        world.time += 4 * 3600
        yesterday_later, today_later = caller.page("costs", **query)["data"]
        assert yesterday == yesterday_later
        assert 0 < dollars(today["results"]) < dollars(today_later["results"])
        world.cost_lag_hours = 48
        assert dollars(caller.rows("costs", **query)) == 0
        before = caller.rows("costs", start_time=MIDNIGHT - 2 * DAY, end_time=MIDNIGHT - DAY)
        assert 0 < dollars(before) < dollars(yesterday["results"])


def test_filters_give_the_part_that_grouping_shows(caller: Caller) -> None:
    for name, dimension, value in (
        ("project_ids", "project_id", "proj_lab"),
        ("api_key_ids", "api_key_id", "key_web"),
        ("line_items", "line_item", "gpt-6-astra, output_tokens"),
    ):
        grouped = by(caller.rows("costs", **MONTH, group_by=dimension), dimension)
        filtered = caller.rows("costs", **MONTH, **{name: value})
        assert dollars(filtered) == pytest.approx(grouped[value])
        assert filtered


def test_people_cannot_be_combined_with_projects(caller: Caller) -> None:
    for query in (
        {"group_by": ["user_id", "project_id"]},
        {"group_by": "user_id", "project_ids": "proj_web"},
    ):
        assert caller.get("costs", start_time=MIDNIGHT, **query).status_code == 400
    assert caller.get("costs", start_time=MIDNIGHT, group_by="model").status_code == 400


def test_a_revoked_key_is_billed_for_what_it_used() -> None:
    world = small_world()
    with calling(world) as caller:
        query = {"start_time": MIDNIGHT - 3 * DAY, "end_time": MIDNIGHT, "api_key_ids": "key_web"}
        before = dollars(caller.rows("costs", **query))
        world.keys["key_web"].deleted_at = MIDNIGHT - DAY - 3600
        after = dollars(caller.rows("costs", **query))
        world.keys["key_web"].deleted_at = NOW
        assert dollars(caller.rows("costs", **query)) == before
    assert 0 < after < before


def test_credits_are_taken_off_their_day_and_nothing_else() -> None:
    world = small_world()
    with calling(world) as caller:
        before = caller.rows("costs", **MONTH)
        day = datetime.fromtimestamp(MIDNIGHT - 3 * DAY, UTC).date()
        world.credits.append(Credit(day, 12_345, "proj_web"))
        world.credit_cents = 50_000
        assert dollars(before) - dollars(caller.rows("costs", **MONTH)) == pytest.approx(623.45)
        rows = caller.rows("costs", **MONTH, group_by=["project_id", "line_item"])
        large = [row for row in rows if row["amount"]["value"] < -50]
        assert [(row["project_id"], row["line_item"], row["amount"]["value"]) for row in large] == [
            ("proj_web", "service credit", pytest.approx(-123.45)),
            (None, "service credit", pytest.approx(-500, abs=5)),
        ]
        world.credits.clear()
        world.credit_cents = 0
        assert dollars(caller.rows("costs", **MONTH)) == pytest.approx(dollars(before))


def test_idle_days_have_no_use_and_no_costs_and_the_others_are_as_they_were() -> None:
    world = small_world()
    with calling(world) as caller:
        before = caller.rows("costs", **MONTH)
        world.idle = 25
        after = caller.rows("costs", **MONTH)
        assert len(after) == 6
        assert after == before[:6]
        for kind in ("completions", "vector_stores", "web_search_calls"):
            assert len(caller.rows(f"usage/{kind}", **MONTH)) == 6
        world.time += 3 * DAY
        later = {"start_time": MIDNIGHT + DAY}
        assert caller.rows("costs", **later) == []
        world.idle = 0
        assert len(caller.rows("costs", **later)) == 3
        assert len(caller.rows("usage/completions", **later)) == 3
