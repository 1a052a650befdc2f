"""Ceilings change only after old and new were shown beside each other, one or many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import RateLimit
from oai_tui.simulator.world import World
from tests.ui.app_under_test import awaited, said, settle
from tests.ui.braking import (
    RESEARCH,
    SIZES,
    WEB,
    billing,
    closed,
    done,
    press,
    project_named,
    question,
    table,
    text,
    typed,
)

REQUESTS, TOKENS = "max_requests_per_1_minute", "max_tokens_per_1_minute"


def ceiling(world: World, model: str, project: str = RESEARCH) -> RateLimit:
    found = world.rate_limits_of(project_named(world, project)).values()
    return next(each for each in found if each.model == model)


async def opened(pilot: Pilot[Any], limits: Iterable[RateLimit]) -> None:
    """Mark rate limits, or go to the only one, and ask for others."""
    limits = list(limits)
    for limit in limits:
        assert table(pilot).move_to_id(f"{limit.project_id}/{limit.id}")
        if len(limits) > 1:
            await press(pilot, "space")
    await press(pilot, "e")


async def fill(pilot: Pilot[Any], **values: str) -> None:
    for name, value in values.items():
        question(pilot).query_one(f"#{name}", Input).focus()
        await settle(pilot)
        await typed(pilot, value)


@pytest.mark.parametrize("size", SIZES)
@awaited
async def test_one_model_gets_a_value_and_a_factor(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    limit = ceiling(world, "whisper-1")
    requests, tokens = limit.max_requests_per_1_minute, limit.max_tokens_per_1_minute
    async with billing(world, tmp_path, (), "t", size=size) as pilot:
        await opened(pilot, [limit])
        assert f"now {requests:,}" in text(pilot)
        await fill(pilot, **{REQUESTS: "777", TOKENS: "x2"})
        assert f"{tokens:,} → {2 * tokens:,}" in text(pilot)
        await press(pilot, "enter")
        assert f"requests a minute {requests:,} → 777" in text(pilot)
        assert f"tokens a minute {tokens:,} → {2 * tokens:,}" in text(pilot)
        assert limit.max_requests_per_1_minute == requests
        assert pilot.app.focused is question(pilot).query_one("#no")
        await press(pilot, "y")
        await done(pilot)
        assert (limit.max_requests_per_1_minute, limit.max_tokens_per_1_minute) == (777, 2 * tokens)
        assert "Read back from the platform" in text(pilot)
        assert "→ 777 requests a minute" in text(pilot)
        await closed(pilot)
        row = table(pilot).current
        assert row is not None
        assert "777" in text(pilot)


@awaited
async def test_many_models_get_a_factor_each_from_its_own_value(
    world: World, tmp_path: Path
) -> None:
    limits = [ceiling(world, "whisper-1", RESEARCH), ceiling(world, "gpt-5.6", WEB)]
    before = [each.max_requests_per_1_minute for each in limits]
    async with billing(world, tmp_path, (), "t", size=(80, 24)) as pilot:
        await opened(pilot, limits)
        assert "Rate limits of 2 models" in text(pilot)
        await fill(pilot, **{REQUESTS: "50%"})
        await press(pilot, "enter")
        for limit, was in zip(limits, before, strict=True):
            assert f"requests a minute {was:,} → {was // 2:,}" in text(pilot)
            assert limit.model in text(pilot)
        await press(pilot, "y")
        await done(pilot)
        assert [each.max_requests_per_1_minute for each in limits] == [was // 2 for was in before]
        assert "2 of 2 changed and read back" in text(pilot)


@awaited
async def test_one_that_fails_stops_no_other_and_is_tried_again(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    limits = [ceiling(world, "whisper-1", RESEARCH), ceiling(world, "gpt-5.6", WEB)]
    project = limits[0].project_id
    async with billing(world, tmp_path, faults, "t") as pilot:
        await opened(pilot, limits)
        await fill(pilot, **{REQUESTS: "99"})
        await press(pilot, "enter")
        faults.set(f"500@POST /v1/organization/projects/{project}/rate_limits")
        await press(pilot, "y")
        await done(pilot)
        assert limits[0].max_requests_per_1_minute != 99
        assert limits[1].max_requests_per_1_minute == 99
        assert "1 of 2 changed and read back" in text(pilot)
        assert "request req_" in text(pilot)
        assert str(question(pilot).query_one("#again", Button).label) == "Try again (1)"
        faults.clear()
        await pilot.click("#again")
        await settle(pilot)
        await press(pilot, "y")
        await done(pilot)
        assert limits[0].max_requests_per_1_minute == 99


@awaited
async def test_a_failure_of_one_keeps_what_was_typed(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    limit = ceiling(world, "whisper-1")
    before = limit.max_requests_per_1_minute
    async with billing(world, tmp_path, faults, "t", size=(80, 24)) as pilot:
        await opened(pilot, [limit])
        await fill(pilot, **{REQUESTS: "99"})
        faults.set("403-envelope@POST /v1/organization/projects/*/rate_limits")
        await press(pilot, "enter", "y")
        await done(pilot)
        assert "request req_" in said(pilot.app, "#told")
        assert limit.max_requests_per_1_minute == before
        assert question(pilot).query_one(f"#{REQUESTS}", Input).value == "99"


@awaited
async def test_going_below_what_is_used_is_warned_of(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "t") as pilot:
        await opened(pilot, [ceiling(world, "gpt-6-astra")])
        await fill(pilot, **{TOKENS: "50%"})
        await press(pilot, "enter")
        assert "below what was used lately" in text(pilot)


@pytest.mark.parametrize(
    ("value", "told"), [("", "Nothing is to be changed"), ("many", "neither"), ("-99999999", "no")]
)
@awaited
async def test_what_is_no_ceiling_is_said(
    world: World, tmp_path: Path, value: str, told: str
) -> None:
    async with billing(world, tmp_path, (), "t", size=(80, 24)) as pilot:
        await opened(pilot, [ceiling(world, "whisper-1")])
        await fill(pilot, **{REQUESTS: value})
        await press(pilot, "enter")
        assert told in said(pilot.app, "#told")
        assert not question(pilot).is_sure
