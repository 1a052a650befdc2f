"""Spend alerts are made, edited and deleted, and every one is told as it was and as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, Select

from oai_tui.simulator.faults import Faults
from oai_tui.simulator.model import Alert
from oai_tui.simulator.world import World
from tests.ui.app_under_test import awaited, said, settle
from tests.ui.braking import (
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


def alerts(world: World, project_id: str | None = None) -> list[Alert]:
    return [each for each in world.alerts.values() if each.project_id == project_id]


def smallest(world: World) -> Alert:
    return min(alerts(world), key=lambda each: each.cents)


@pytest.mark.parametrize("size", SIZES)
@awaited
async def test_an_alert_is_made_for_the_organization(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    known = set(world.alerts)
    async with billing(world, tmp_path, (), "a", "n", size=size) as pilot:
        await typed(pilot, "1,600.50")
        assert "$1,600.50 a month: at this pace on" in text(pilot)
        await press(pilot, "tab")
        await typed(pilot, "a@example.com, b@example.com")
        await press(pilot, "tab")
        await typed(pilot, "[spend]")
        await press(pilot, "enter")
        await done(pilot)
        (made,) = (each for id, each in world.alerts.items() if id not in known)
        assert (made.project_id, made.cents) == (None, 160_050)
        assert made.recipients == ["a@example.com", "b@example.com"]
        assert made.subject_prefix == "[spend]"
        assert "no alert → $1,600.50 a month" in text(pilot)
        await closed(pilot)
        assert table(pilot).move_to_id(made.id)
        await settle(pilot)
        assert "a@example.com, b@example.com; subject “[spend]”" in text(pilot)
        assert made.id in text(pilot)


@awaited
async def test_an_alert_of_a_project_is_made_and_edited(world: World, tmp_path: Path) -> None:
    web = project_named(world, WEB)
    async with billing(world, tmp_path, (), "a", "n", size=(80, 24)) as pilot:
        question(pilot).query_one(Select).value = web
        await settle(pilot)
        await typed(pilot, "100")
        assert "passed already" in text(pilot)
        await press(pilot, "tab")
        await typed(pilot, "a@example.com")
        await press(pilot, "enter")
        await done(pilot)
        await closed(pilot)
        (made,) = alerts(world, web)
        assert table(pilot).move_to_id(made.id)
        await press(pilot, "enter")
        assert f"{WEB} {made.id}" in text(pilot)
        assert question(pilot).query_one("#people", Input).value == "a@example.com"
        await typed(pilot, "450")
        await press(pilot, "enter")
        await done(pilot)
        assert (made.cents, made.recipients) == (45_000, ["a@example.com"])
        assert "$100.00 a month, mails a@example.com → $450.00 a month" in text(pilot)


@awaited
async def test_an_alert_is_deleted_only_by_a_yes(world: World, tmp_path: Path) -> None:
    alert = smallest(world)
    async with billing(world, tmp_path, (), "a", size=(80, 24)) as pilot:
        assert table(pilot).move_to_id(alert.id)
        await press(pilot, "X")
        assert alert.id in text(pilot)
        assert f"{alert.recipients[0]} would not hear of it" in text(pilot)
        assert "an alert stops nothing" in text(pilot)
        await press(pilot, "enter")
        assert alert.id in world.alerts
        await press(pilot, "X", "y")
        await done(pilot)
        assert alert.id not in world.alerts
        assert "→ no alert" in text(pilot)
        await closed(pilot)
        assert not table(pilot).move_to_id(alert.id)


@pytest.mark.parametrize(
    ("amount", "people", "told"),
    [
        ("ten", "a@example.com", "not an amount"),
        ("10", "", "somebody to mail to"),
        ("10", "nobody", "not an e-mail address"),
    ],
)
@awaited
async def test_what_cannot_be_an_alert_is_said_and_nothing_is_sent(
    world: World, tmp_path: Path, amount: str, people: str, told: str
) -> None:
    known = set(world.alerts)
    async with billing(world, tmp_path, (), "a", "n", size=(80, 24)) as pilot:
        await typed(pilot, amount)
        await press(pilot, "tab")
        await typed(pilot, people)
        await press(pilot, "enter")
        assert told in said(pilot.app, "#told")
        assert set(world.alerts) == known


@awaited
async def test_an_alert_left_as_it_is_is_not_sent(world: World, tmp_path: Path) -> None:
    async with billing(world, tmp_path, (), "a") as pilot:
        assert table(pilot).move_to_id(smallest(world).id)
        await press(pilot, "e", "enter")
        assert "Nothing is to be changed" in text(pilot)


@awaited
async def test_a_failure_is_told_and_what_was_typed_stays(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    known = set(world.alerts)
    async with billing(world, tmp_path, faults, "a", "n", size=(80, 24)) as pilot:
        await typed(pilot, "77")
        await press(pilot, "tab")
        await typed(pilot, "a@example.com")
        faults.set("500@POST /v1/organization/spend_alerts")
        await press(pilot, "enter")
        await done(pilot)
        assert "request req_" in said(pilot.app, "#told")
        assert set(world.alerts) == known
        assert question(pilot).query_one("#people", Input).value == "a@example.com"
        faults.clear()
        await press(pilot, "enter")
        await done(pilot)
        assert len(world.alerts) == len(known) + 1


@awaited
async def test_a_deletion_that_fails_can_be_tried_again(
    world: World, tmp_path: Path, faults: Faults
) -> None:
    alert = smallest(world)
    async with billing(world, tmp_path, faults, "a") as pilot:
        assert table(pilot).move_to_id(alert.id)
        await press(pilot, "X")
        faults.set("403-envelope@DELETE /v1/organization/spend_alerts")
        await press(pilot, "y")
        await done(pilot)
        assert "request req_" in text(pilot)
        assert alert.id in world.alerts
        faults.clear()
        await pilot.click("#again")
        await press(pilot, "y")
        await done(pilot)
        assert alert.id not in world.alerts


@awaited
async def test_an_alert_that_somebody_changed_is_shown_as_it_is_now(
    world: World, tmp_path: Path
) -> None:
    alert = smallest(world)
    async with billing(world, tmp_path, (), "a") as pilot:
        assert table(pilot).move_to_id(alert.id)
        await press(pilot, "e")
        await typed(pilot, "333")
        alert.cents = 99_900
        await press(pilot, "enter")
        await done(pilot)
        assert alert.cents == 99_900
        assert "$999.00 a month" in text(pilot)
        await press(pilot, "enter")
        await done(pilot)
        assert alert.cents == 33_300
