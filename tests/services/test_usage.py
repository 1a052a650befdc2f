"""Usage is asked once, is remembered for bad days, and says how old it is."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from oai_tui.api.client import Client
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import NotFound, PlatformDown, Rejected
from oai_tui.core.period import Period, last_days
from oai_tui.core.secret import Secret
from oai_tui.core.usage import Dimension, Metric
from oai_tui.services.directory import Directory, learn_members
from oai_tui.services.usage import MOST_KNOWN, UsageDesk
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.server import build
from oai_tui.simulator.world import World

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
MONTH = last_days(30, NOW.date())


class Memory:
    """Snapshots that live as long as the test."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, datetime]] = {}

    def put(self, name: str, payload: bytes, at: datetime) -> None:
        self.kept[name] = payload, at

    def get(self, name: str) -> tuple[bytes, datetime] | None:
        return self.kept.get(name)


class Office:
    """A desk at a simulated platform, with a clock that can be turned."""

    def __init__(self) -> None:
        self.world = World.seeded(7, "small", int(NOW.timestamp()))
        self.faults = Faults(7, self.world)
        self.memory = Memory()
        self.now = NOW
        self.client = Client(
            BaseUrl.parse("http://localhost/v1"),
            Secret(self.world.admin_key),
            app=build(self.world, self.faults),
            sleep=_at_once,
        )
        self.desk = self.new_desk()

    def new_desk(self) -> UsageDesk:
        return UsageDesk(self.client, self.memory, lambda: self.now)


async def _at_once(seconds: float) -> None:
    """Wait for nothing."""


@pytest.fixture
def office() -> Office:
    return Office()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_a_period_is_asked_once_and_again_when_told_to(office: Office) -> None:
    async def story() -> None:
        progress: list[tuple[int, int]] = []
        first = await office.desk.usage(MONTH, on_progress=lambda *at: progress.append(at))
        assert progress == [(1, 4), (2, 4), (3, 4), (4, 4)]
        office.faults.set("503")
        assert await office.desk.usage(MONTH) is first
        late = await office.desk.usage(MONTH, fresh=True)
        assert late.from_cache
        assert late.usage == first.usage
        assert "as last seen" in late.gaps[-1]

    run(story())


def test_a_day_that_has_ended_since_is_asked_again(office: Office) -> None:
    async def story() -> None:
        half = await office.desk.usage(Period(NOW.date(), NOW.date()))
        office.now = NOW + timedelta(days=1)
        whole = await office.desk.usage(Period(NOW.date(), NOW.date()))
        assert (half.as_of, whole.as_of) == (NOW, office.now)

    run(story())


def test_figures_are_said_to_be_as_old_as_the_question(office: Office) -> None:
    async def story() -> None:
        def an_hour_later(*_: int) -> None:
            office.now = NOW + timedelta(hours=1)

        assert (await office.desk.usage(MONTH, on_progress=an_hour_later)).as_of == NOW

    run(story())


def test_only_so_many_reports_are_held(office: Office) -> None:
    async def story() -> None:
        first = await office.desk.usage(MONTH)
        day = Period(NOW.date(), NOW.date())
        for back in range(MOST_KNOWN):
            await office.desk.usage(day.shifted(-back))
        again = await office.desk.usage(MONTH)
        assert again is not first
        assert again.usage == first.usage

    run(story())


def test_what_was_never_seen_is_a_problem_and_no_zero(office: Office) -> None:
    async def story() -> None:
        office.faults.set("503")
        with pytest.raises(PlatformDown):
            await office.desk.usage(MONTH)
        with pytest.raises(PlatformDown):
            await office.desk.costs(MONTH, Dimension.PROJECT)

    run(story())


def test_tomorrow_without_a_network_the_days_of_today_are_still_known(office: Office) -> None:
    async def story() -> None:
        before = await office.desk.usage(MONTH)
        office.now = NOW + timedelta(days=1)
        office.faults.set("503")
        known = await office.new_desk().usage(last_days(30, office.now.date()))
        assert known.from_cache
        assert known.as_of == NOW
        assert known.period == Period(date(2026, 10, 25), date(2026, 11, 22))
        by_day = before.pivot(Metric.TOKENS, Dimension.MODEL, lambda _, id: id).daily
        assert known.pivot(Metric.TOKENS, Dimension.MODEL, lambda _, id: id).daily == by_day[1:]

    run(story())


def test_a_refused_grouping_of_costs_names_the_way_out(office: Office) -> None:
    async def story() -> None:
        office.faults.set("refuse-cost-by-key")
        with pytest.raises(Rejected, match="costs by key") as refused:
            await office.desk.costs(MONTH, Dimension.KEY)
        assert "with g" in refused.value.way_out
        assert (await office.desk.costs(MONTH, Dimension.PROJECT)).costs

    run(story())


def test_names_of_members_are_told_to_those_who_listen(office: Office) -> None:
    async def story() -> None:
        directory, news = Directory(), []
        directory.listen(lambda: news.append("names"))
        person = next(iter(office.world.people.values()))
        assert "unknown user" in directory.name_of(Dimension.USER, person.id)
        await learn_members(office.client, directory)
        assert directory.name_of(Dimension.USER, person.id) == person.name
        await learn_members(office.client, directory)
        assert news == ["names"]
        assert directory.name_of(Dimension.USER, "") == "(no user)"

    run(story())


def test_a_server_without_usage_is_not_taken_for_one_that_was_not_used() -> None:
    office = Office()
    office.faults.set("404-envelope@/v1/organization/usage")
    with pytest.raises(NotFound, match="no usage at all"):
        asyncio.run(office.desk.usage(MONTH))
    office.faults.set("404-envelope@/v1/organization/usage/decisions")
    report = asyncio.run(office.desk.usage(MONTH))
    assert report.usage
    assert report.gaps == ("This server has no usage of decisions.",)
