"""Limits and alerts on the bill: what is set, what is not, and what this key may not read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.errors import MissingScope
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.remaining import CapKind
from oai_tui.core.verdict import Level
from oai_tui.simulator.model import Alert
from oai_tui.simulator.model import SpendLimit as Set
from tests.services.billing_office import Office, awaited


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.mark.parametrize("shape", ["missing", "zero"])
@awaited
async def test_no_limit_is_known_to_be_none(office: Office, shape: Any) -> None:
    office.world.no_limit_shape = shape
    office.world.spend_limits.clear()
    office.world.alerts.clear()
    known = await office.desk.load()
    assert (known.limit.value, known.limit.is_known, known.nearest) == (None, True, None)
    assert (known.alerts, known.alerts_known) == ((), True)
    assert all(p.limit.value is None and p.limit_known for p in known.projects if p.id)
    assert known.gaps == ()


@awaited
async def test_projects_have_their_own_limits_alerts_and_paces(office: Office) -> None:
    world = office.world
    id = next(id for id in world.spend_limits if id)
    world.alerts["alert_p"] = Alert("alert_p", id, 100, ["a@b.example"], "", 1)
    known = await office.desk.load()
    found = {p.id: p.limit.value for p in known.projects if p.limit.value}
    assert found == {
        id: SpendLimit(Money.of_cents(limit.cents), "enforcing")
        for id, limit in world.spend_limits.items()
        if id
    }
    mine = next(project for project in known.projects if project.id == id)
    assert mine.pace is not None
    assert mine.limit_due == mine.pace.reached(Decimal(world.spend_limits[id].cents) / 100)
    alert = next(state for state in known.alerts if state.alert.id == "alert_p")
    assert (alert.name, alert.is_passed, alert.spent) == (mine.name, True, mine.spent)
    assert alert.passed_on == date(2026, 11, 1)
    organization = [state for state in known.alerts if not state.name]
    assert [state.alert.amount for state in organization] == [
        Money.of_cents(200_000),
        Money.of_cents(237_500),
    ]
    assert known.cycle is not None
    assert all(state.spent == known.cycle.spent for state in organization)


@awaited
async def test_an_unreadable_limit_is_not_no_limit(office: Office) -> None:
    office.faults.set("500@GET /v1/organization/spend_limit")
    known = await office.desk.load()
    assert (known.limit.value, known.limit.is_known) == (None, False)
    assert known.gaps[0].startswith("Could not be read: the spend limit.")
    assert known.nearest is None
    assert known.verdict.level is Level.UNKNOWN


@pytest.mark.parametrize("fault", ["null-fields", "missing-fields", "unknown-fields"])
@awaited
async def test_an_answer_with_holes_is_never_taken_for_no_limit(office: Office, fault: str) -> None:
    office.faults.set(f"{fault}@GET /v1/organization/spend_*")
    known = await office.desk.load()
    assert known.limit.value or not known.limit.is_known
    assert known.alerts or not known.alerts_known


@awaited
async def test_a_key_that_may_not_manage_gets_costs_without_limits(office: Office) -> None:
    whole = await office.desk.load()
    office.asked.clear()
    known = await office.new_desk(office.world.usage_only_key).load()
    assert (known.cycle, known.price, known.pace) == (whole.cycle, whole.price, whole.pace)
    assert not known.limit.is_known
    assert not known.alerts_known
    assert not any(project.limit_known for project in known.projects)
    (gap,) = known.gaps
    assert gap.startswith(
        "Could not be read: the spend limit, the spend alerts, the names of the projects, "
        "the limits of projects, the alerts of projects. "
        "This key lacks the permission api.management.read. Request req_"
    )
    # What is refused of the organization is not asked of each of its projects.
    assert not office.asked_for("/projects/")


@awaited
async def test_a_key_that_may_not_read_usage_gets_limits_without_costs(office: Office) -> None:
    whole = await office.desk.load()
    known = await office.new_desk(office.world.management_only_key).load()
    assert (known.cycle, known.pace, known.as_of) == (None, None, None)
    assert known.limit == whole.limit
    assert [s.alert for s in known.alerts] == [s.alert for s in whole.alerts]
    assert all(state.spent is None and not state.is_passed for state in known.alerts)
    assert all(project.spent is None for project in known.projects)
    limits = {p.id: p.limit.value for p in whole.projects if p.id and p.limit.value}
    assert {p.id: p.limit.value for p in known.projects if p.limit.value} == limits
    assert {cap.kind for cap in known.caps} == {CapKind.LIMIT, CapKind.PROJECT}
    assert any("api.usage.read" in gap for gap in known.gaps)
    assert known.verdict.level is Level.UNKNOWN


@awaited
async def test_a_key_that_may_do_neither_is_told_so(office: Office) -> None:
    office.faults.set("403-envelope")
    with pytest.raises(MissingScope):
        await office.desk.load()


@awaited
async def test_a_reached_limit_leaves_nothing(office: Office) -> None:
    spent = (await office.desk.load()).cycle.spent  # type: ignore[union-attr]
    office.world.spend_limits[None] = Set(int(spent * 100))
    known = await office.desk.load(fresh=True)
    assert known.nearest is not None
    assert known.nearest.left == 0
    assert known.verdict.level is Level.OVER
