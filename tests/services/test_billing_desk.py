"""The bill is told from what is known: everything asked once, and kept as it came."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.errors import PlatformDown
from oai_tui.core.keys import Project
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.services.billing.desk import MOST_AT_ONCE
from oai_tui.simulator.model import SpendLimit as Set
from tests.services.billing_office import NOW, Office, awaited

DAY = timedelta(days=1)
LIMITS, ALERTS, COSTS = "spend_limit", "spend_alerts", "organization/costs"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@awaited
async def test_everything_is_asked_once_and_then_only_what_may_have_changed(
    office: Office,
) -> None:
    progress: list[tuple[int, int]] = []
    first = await office.desk.load(on_progress=lambda *at: progress.append(at))
    assert progress[-1] == (len(office.asked), len(office.asked))
    assert all(done <= of for done, of in progress)
    office.asked.clear()
    again = await office.desk.load()
    assert office.asked == []
    assert (again.cycle, again.limit, again.projects) == (first.cycle, first.limit, first.projects)
    office.now += timedelta(minutes=6)
    later = await office.desk.load()
    assert later.as_of == office.now == later.limit.at
    # Only the days that may still change, and no name of a project.
    assert all("limit=4" in query for path, query in office.asked if COSTS in path)
    assert not any(path.endswith("/projects") for path, _ in office.asked)
    office.asked.clear()
    await office.desk.load(fresh=True)
    assert office.asked_for(LIMITS) == office.asked_for(ALERTS) > 1
    assert office.asked_for(COSTS) == 1


@awaited
async def test_what_is_remembered_needs_no_request(office: Office) -> None:
    assert office.desk.remembered() is None
    seen = await office.desk.load()
    office.asked.clear()
    office.now += timedelta(hours=3)
    known = office.new_desk().remembered()
    assert known is not None
    assert office.asked == []
    assert (known.cycle, known.alerts, known.prices) == (seen.cycle, seen.alerts, seen.prices)
    assert [p.name for p in known.projects] == [p.name for p in seen.projects]
    assert (known.from_cache, known.as_of, known.limit.at) == (True, NOW, NOW)
    assert office.new_desk(office.world.usage_only_key).remembered() is None


@awaited
async def test_what_was_seen_last_stands_in_for_a_platform_that_is_down(office: Office) -> None:
    office.faults.set("500")
    with pytest.raises(PlatformDown):
        await office.desk.load()
    office.faults.clear()
    seen = await office.desk.load()
    office.faults.set("500")
    office.now += 3 * DAY
    known = await office.desk.load()
    assert known.from_cache
    assert known.as_of == known.limit.at == NOW
    assert known.limit.is_old
    assert known.cycle == seen.cycle
    (old,) = [gap for gap in known.gaps if "as last seen 3 d ago" in gap]
    assert " Request req_" in old
    assert any("Could not be read: the spend limit" in gap for gap in known.gaps)
    assert any("was seen 3 d ago" in gap for gap in known.gaps)


@awaited
async def test_what_came_before_it_was_cancelled_is_kept(office: Office) -> None:
    begun, gate, through = asyncio.Event(), asyncio.Event(), office.app

    async def held(scope: Any, receive: Any, send: Any) -> None:
        if "/projects/" in scope["path"]:
            begun.set()
            await gate.wait()
        await through(scope, receive, send)

    office.app = held
    loading = asyncio.create_task(office.desk.load())
    await begun.wait()
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    gate.set()
    known = office.new_desk().remembered()
    assert known is not None
    assert known.cycle is not None
    assert known.limit.value == SpendLimit(Money(Decimal("2500")), "enforcing")
    assert not any(project.limit_known for project in known.projects)


def found_projects(office: Office, number: int) -> None:
    """Let the organization have so many more projects that spend nothing."""
    known = next(iter(office.world.projects.values()))
    for place in range(number):
        id = f"proj_more{place:03}"
        office.world.projects[id] = replace(known, id=id, name=f"more {place:03}")


@awaited
async def test_a_thousand_projects_are_asked_in_two_goes(office: Office) -> None:
    found_projects(office, 60)
    known = await office.desk.load()
    most = [p.id for p in known.projects if p.id][:MOST_AT_ONCE]
    assert [p.id for p in known.projects if p.limit_known] == most
    assert known.unasked > 1
    assert f"{known.unasked} projects were not asked for a limit of its own yet." in known.notes
    office.asked.clear()
    rest = await office.desk.load_rest()
    assert rest.unasked == 0
    assert rest.notes == ()
    assert not any(id in path for path, _ in office.asked for id in most)
    assert (await office.desk.load()).unasked == 0


@awaited
async def test_one_refusal_that_holds_for_all_projects_ends_the_asking(office: Office) -> None:
    office.faults.set("403-envelope@GET /v1/organization/projects/*/spend_limit")
    known = await office.desk.load()
    assert 1 <= office.asked_for("spend_limit") - 1 <= 8
    assert known.limit.is_known
    assert all(not project.limit_known for project in known.projects)
    assert all(project.alerts_known for project in known.projects if project.id)
    assert len(known.gaps) == 1


@awaited
async def test_a_scope_that_was_changed_is_asked_anew_alone(office: Office) -> None:
    await office.desk.load()
    office.world.spend_limits[None] = Set(123_456, "inactive")
    office.asked.clear()
    assert (await office.desk.load()).limit.value != SpendLimit(Money.of_cents(123_456), "inactive")
    office.desk.forget()
    known = await office.desk.load()
    assert known.limit.value == SpendLimit(Money.of_cents(123_456), "inactive")
    assert sorted(path for path, _ in office.asked) == [
        "/v1/organization/spend_alerts",
        "/v1/organization/spend_limit",
    ]


@awaited
async def test_limits_that_cannot_be_read_back_are_forgotten(office: Office) -> None:
    cache = office.new_cache()
    for payload in (
        b'{"scopes": 3}',
        b"\xff",
        b'{"scopes":{"":{"limit":{"amount":{"dollars":"NaN"},"enforcement":""},'
        b'"limit_at":"2026-11-22T12:00:00Z"}}}',
    ):
        cache.put("limits", payload, NOW)
        assert office.new_desk().remembered() is None


@awaited
async def test_limits_seen_long_ago_say_so_and_are_asked_again_with_the_rest(
    office: Office,
) -> None:
    found_projects(office, 60)
    await office.desk.load()
    await office.desk.load_rest()
    office.now += timedelta(hours=3)
    known = await office.desk.load()
    assert known.unasked > 1
    assert f"The limits of {known.unasked} projects are as seen 3 h ago." in known.notes
    assert all(project.limit_known for project in known.projects if project.id)
    rest = await office.desk.load_rest()
    assert (rest.unasked, rest.notes) == (0, ())


@awaited
async def test_a_turn_of_the_month_between_two_questions_is_the_new_month(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, datetime(2026, 11, 30, 23, 58, tzinfo=UTC))
    last = await office.desk.load()
    assert last.cycle is not None
    assert last.cycle.month.first == date(2026, 11, 1)
    office.now += timedelta(minutes=4)
    known = await office.desk.load()
    assert known.cycle is not None
    assert known.cycle.today == date(2026, 12, 1)


@awaited
async def test_a_name_learned_since_the_projects_were_listed_stays(office: Office) -> None:
    await office.desk.load()
    id, name = "proj_lgjPnDYMGdbRsO6Gi6TtZlAi", "Skunk works"
    assert any(project.name == "Research" for project in (await office.desk.load()).projects)
    office.directory.learn_estate([Project(id, name)], ())
    known = await office.desk.load()
    assert next(project.name for project in known.projects if project.id == id) == name


@awaited
async def test_what_failed_once_is_mended_by_asking_for_the_rest(office: Office) -> None:
    office.faults.set("500@GET /v1/organization/projects/*/spend_limit")
    known = await office.desk.load()
    number = known.unasked
    assert number > 1
    assert any(f"Could not be read: {number} limits of projects." in gap for gap in known.gaps)
    office.faults.clear()
    rest = await office.desk.load_rest()
    assert (rest.unasked, rest.gaps) == (0, ())
    assert not any(project.limit.is_old for project in rest.projects)
