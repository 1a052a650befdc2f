"""Rate limits by project and model, found by filter, with what comes near a ceiling marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from oai_tui.simulator.world import World
from oai_tui.ui.screens.billing import BillingScreen
from tests.ui.app_under_test import awaited, until
from tests.ui.braking import RESEARCH, SIZES, billing, lines, press, project_named, table, text

NEAR = "gpt-6-astra"


def shown(world: World) -> int:
    """Return how many rate limits the projects that live have."""
    living = [each for each in world.projects.values() if each.archived_at is None]
    return sum(len(world.rate_limits_of(each.id)) for each in living)


@pytest.mark.parametrize("size", SIZES)
@awaited
async def test_what_comes_near_its_ceiling_is_first_and_marked(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with billing(world, tmp_path, (), "t", size=size) as pilot:
        first = lines(pilot)[4]
        for words in (NEAR, RESEARCH, "▲ 9"):
            assert words in first
        assert f"{shown(world)} rate limits" in text(pilot)
        assert "1 near a ceiling" in text(pilot)
        assert "near its ceiling: 9" in text(pilot)
        assert "of tokens a minute at" in text(pilot)
        assert "Estimated from" in text(pilot)


@awaited
async def test_all_six_ceilings_can_be_seen(world: World, tmp_path: Path) -> None:
    heads = {"REQ/MIN", "TOK/MIN", "REQ/DAY", "BATCH/DAY", "IMG/MIN", "MB/MIN"}
    async with billing(world, tmp_path, (), "t") as pilot:
        assert heads <= set(lines(pilot)[3].split())
    async with billing(world, tmp_path / "low", (), "t", size=(80, 24)) as pilot:
        seen = set(lines(pilot)[3].split())
        for _ in range(6):
            await press(pilot, "l")
            seen |= set(lines(pilot)[3].split())
        assert heads <= seen


@pytest.mark.parametrize(
    ("filter", "model", "project"),
    [
        ("throttled", NEAR, RESEARCH),
        ("whisper research", "whisper-1", RESEARCH),
        ("model:whisper project:research", "whisper-1", RESEARCH),
        ("project:research !gpt !o4 !text", "whisper-1", RESEARCH),
    ],
)
@awaited
async def test_a_filter_finds_by_word_and_field(
    world: World, tmp_path: Path, filter: str, model: str, project: str
) -> None:
    async with billing(world, tmp_path, (), "t", "slash", size=(80, 24)) as pilot:
        await press(pilot, *("space" if char == " " else char for char in filter), "enter")
        assert [(row.limit.model, row.project) for row in table(pilot).rows] == [(model, project)]
        assert f"1 of {shown(world)}" in text(pilot)
        await press(pilot, "escape")
        assert len(table(pilot).rows) == shown(world)


@awaited
async def test_f_shows_only_what_is_throttled(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "t", "f") as pilot:
        assert [row.limit.model for row in table(pilot).rows] == [NEAR]
        assert "only throttled" in text(pilot)
        await press(pilot, "f")
        assert len(table(pilot).rows) == shown(world)


@awaited
async def test_marks_behind_a_filter_are_not_changed(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "t", "down", "space", "f", "e") as pilot:
        assert f"Rate limits of {NEAR} in {RESEARCH}" in text(pilot)


@awaited
async def test_a_failure_is_told_and_r_tries_again(world: World, tmp_path: Path) -> None:
    from oai_tui.simulator.faults import Faults

    faults = Faults(world=world)
    route = "/v1/organization/projects/*/rate_limits"
    faults.set(f"500@{route}")
    async with billing(world, tmp_path, faults, "t") as pilot:
        assert "could not be read.  r tries again" in "\n".join(lines(pilot))
        assert "req_" in text(pilot)
        faults.clear()
        await press(pilot, "r")
        await until(pilot, lambda: len(table(pilot).rows) == shown(world))


@awaited
async def test_without_use_by_the_minute_nothing_is_marked(world: World, tmp_path: Path) -> None:
    fault = ("403-plain@/v1/organization/usage",)
    async with billing(world, tmp_path, fault, "t") as pilot:
        assert len(table(pilot).rows) == shown(world)
        assert "▲" not in text(pilot)
        assert "no model is marked" in text(pilot)
        await press(pilot, "f")
        assert "Usage is not known" in text(pilot)


@awaited
async def test_a_limit_is_asked_for_the_project_under_the_cursor(
    world: World, tmp_path: Path
) -> None:
    async with billing(world, tmp_path, (), "t", "L") as pilot:
        assert RESEARCH in text(pilot)
        assert "now $1,000.00 a month" in text(pilot)
        assert project_named(world, RESEARCH) in world.spend_limits


@awaited
async def test_read_only_hides_the_hand_on_the_ceilings(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "t", read_only=True) as pilot:
        assert "e edit" not in text(pilot)
        for key in ("e", "enter"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, BillingScreen)
        assert "Read-only" in text(pilot)


@awaited
async def test_what_is_said_of_a_rate_limit_is_not_cut_off_at_80_columns(
    world: World, tmp_path: Path
) -> None:
    async with billing(world, tmp_path, (), "t", size=(80, 24)) as pilot:
        found = text(pilot)
        assert "12,000 tokens/min · 100,000,000 batch tokens/day" in found
        assert "near its ceiling: 93 % of tokens a minute at 07:10 UTC" in found
        assert "Estimated from today and 06:04 to 12:04 UTC; the last minutes come late." in found
