"""Usage is asked for once, every view of it is local, and what is missing is said."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec

import pytest

from oai_tui.api.client import Client
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.cuts import Cut, Step
from oai_tui.core.errors import MissingScope, NotFound, PlatformDown, Unreachable
from oai_tui.core.exact import total
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.metrics import Metric
from oai_tui.core.period import Period, last_days
from oai_tui.core.secret import Secret
from oai_tui.core.zone import Zone
from oai_tui.services.directory import Directory, learn_members
from oai_tui.services.usage import Question, Report, UsageDesk
from oai_tui.simulator.faults import Faults
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from oai_tui.store.ledger import Ledger

P = ParamSpec("P")
NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
MONTH = last_days(30, NOW.date())
TOKENS = Question(MONTH)
COST = Question(MONTH, Metric.COST, Dimension.PROJECT)
USAGE, COSTS = "/v1/organization/usage", "/v1/organization/costs"


class Office:
    """A desk at a simulated platform, with a clock that can be turned."""

    def __init__(self, folder: Path) -> None:
        self.world = World.seeded(7, "small", int(NOW.timestamp()))
        self.faults = Faults(7, self.world)
        self.folder = folder
        self.now = NOW
        self.asked: list[tuple[str, str]] = []
        self.directory = Directory()
        self.app = build(self.world, self.faults)
        self.client = Client(
            BaseUrl.parse("http://localhost/v1"),
            Secret(self.world.admin_key),
            app=self._listening,
            sleep=_at_once,
        )
        self.desk = self.new_desk()

    def new_desk(self) -> UsageDesk:
        ledger = Ledger(self.folder, "work", "here")
        return UsageDesk(
            self.client, ledger, lambda: self.now, self.directory.name_of, Zone("Europe/Berlin")
        )

    async def ask(self, question: Question, columns: int = 60, **more: Any) -> Report:
        await self.desk.prepare(question, **more)
        return self.desk.view(question, columns)

    async def _listening(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append((scope["path"], scope["query_string"].decode()))
        await self.app(scope, receive, send)


async def _at_once(seconds: float) -> None:
    """Wait for nothing."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def awaited(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 240))

    return run


@awaited
async def test_one_request_a_kind_and_then_every_view_is_local(office: Office) -> None:
    progress: list[tuple[int, int]] = []
    first = await office.ask(TOKENS, on_progress=lambda *at: progress.append(at))
    assert progress == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len(office.asked) == 4
    office.faults.set("503")
    for dimension in Metric.TOKENS.dimensions:
        other = await office.ask(replace(TOKENS, dimension=dimension))
        assert other.pivot.total == first.pivot.total > 0
        assert other.pivot.figures == first.pivot.figures
    assert (await office.ask(replace(TOKENS, metric=Metric.CACHED))).pivot.total > 0
    assert len(office.asked) == 4
    assert first.gaps == ()
    assert (first.as_of, first.from_cache, first.step) == (NOW, False, Step.DAY)


@awaited
async def test_everything_is_known_after_the_background_came(office: Office) -> None:
    await office.desk.prepare(TOKENS)
    await office.desk.prepare_all(replace(TOKENS, compare=True))
    office.faults.set("503")
    for metric in Metric:
        for dimension in metric.dimensions:
            asked = Question(MONTH, metric, dimension, compare=True)
            if dimension is Dimension.USER and metric is Metric.COST:
                continue  # the platform tells these by a question of their own
            report = await office.ask(asked)
            assert report.gaps == (), (metric, dimension)
            assert report.pivot.total > 0, (metric, dimension)
            assert report.before
            assert report.before.total > 0


@awaited
async def test_open_days_are_asked_again_after_a_while_and_when_told_to(office: Office) -> None:
    await office.ask(TOKENS)
    asked = len(office.asked)
    office.now += timedelta(minutes=4)
    assert (await office.ask(TOKENS)).as_of == NOW
    assert len(office.asked) == asked
    assert (await office.ask(TOKENS, fresh=True)).as_of == office.now
    assert len(office.asked) == asked + 4
    office.now += timedelta(minutes=6)
    assert (await office.ask(TOKENS)).as_of == office.now
    assert all("limit=3" in query for _, query in office.asked[asked:])


@awaited
async def test_without_a_network_what_is_known_is_shown_with_its_age(office: Office) -> None:
    before = await office.ask(TOKENS)
    office.now = NOW + timedelta(hours=3)
    office.faults.set("503")
    office.desk = office.new_desk()
    known = await office.ask(TOKENS)
    assert known.from_cache
    assert known.as_of == NOW
    assert known.pivot == before.pivot
    assert len(known.gaps) == 1
    assert "as last seen 3 h ago" in known.gaps[0]


@awaited
async def test_tomorrow_without_a_network_the_days_of_today_are_still_known(
    office: Office,
) -> None:
    before = await office.ask(TOKENS)
    office.now = NOW + timedelta(days=1)
    office.faults.set("503")
    office.desk = office.new_desk()
    known = await office.ask(Question(last_days(30, office.now.date())))
    assert known.pivot.figures[:-1] == before.pivot.figures[1:]
    assert known.pivot.unknown == {29}
    assert any("1 of 30 days are not known" in gap for gap in known.gaps)


@awaited
async def test_what_was_never_seen_is_a_problem_and_no_zero(office: Office) -> None:
    office.faults.set("503")
    for question in (TOKENS, COST):
        with pytest.raises(PlatformDown):
            await office.desk.prepare(question)
        assert not office.desk.is_known(question)
        assert len(office.desk.view(question, 60).pivot.unknown) == 30


@awaited
async def test_a_kind_the_server_has_not_is_noted(office: Office) -> None:
    office.faults.set(f"404-envelope@{USAGE}/decisions")
    report = await office.ask(TOKENS)
    assert report.pivot.total > 0
    assert report.notes == ("This server has no usage of decisions.",)
    assert report.gaps == ()
    office.faults.set(f"404-envelope@{USAGE}")
    office.desk = UsageDesk(
        office.client, Ledger(office.folder, "x", "y"), lambda: NOW, lambda _, id: id, Zone()
    )
    with pytest.raises(NotFound, match="no usage at all"):
        await office.desk.prepare(TOKENS)


@awaited
async def test_a_kind_the_key_may_not_read_leaves_a_gap_and_is_not_asked_again(
    office: Office,
) -> None:
    office.faults.set(f"403-envelope@{USAGE}/embeddings")
    report = await office.ask(TOKENS)
    assert len(report.gaps) == 1
    assert "Not read: embeddings." in report.gaps[0]
    asked = len(office.asked)
    await office.desk.prepare(Question(MONTH.shifted(-1)))
    assert not any("embeddings" in path for path, _ in office.asked[asked:])
    office.faults.clear()
    assert (await office.ask(TOKENS, fresh=True)).gaps == ()
    office.faults.set(f"403-envelope@{COSTS}")
    with pytest.raises(MissingScope):
        await office.desk.prepare(COST)


@awaited
async def test_dimensions_a_server_does_not_know_are_left_out_from_the_newest_on(
    office: Office,
) -> None:
    whole = await office.ask(TOKENS)
    office.app = _refusing(office.app, "api_source", "service_tier")
    office.desk = UsageDesk(
        office.client, Ledger(office.folder, "x", "y"), lambda: NOW, lambda _, id: id, Zone()
    )
    report = await office.ask(TOKENS)
    assert (report.pivot.total, report.gaps) == (whole.pivot.total, ())
    by_tier = await office.ask(replace(TOKENS, dimension=Dimension.TIER))
    assert by_tier.gaps == ("The platform does not tell tokens in + out by tier here.",)
    assert by_tier.pivot.total == whole.pivot.total
    asked = len(office.asked)
    await office.desk.prepare(Question(MONTH.shifted(-1)))
    assert len(office.asked) == asked + 4


@awaited
async def test_costs_are_asked_by_what_the_platform_takes(office: Office) -> None:
    whole = await office.ask(COST)
    by_key = await office.ask(replace(COST, dimension=Dimension.KEY))
    by_user = await office.ask(replace(COST, dimension=Dimension.USER))
    by_model = await office.ask(replace(COST, dimension=Dimension.MODEL))
    assert whole.pivot.total == by_key.pivot.total == by_user.pivot.total == by_model.pivot.total
    assert whole.gaps == by_key.gaps == by_user.gaps == ()
    nobodys = next(group.total for group in by_key.pivot.groups if group.id == "")
    assert by_key.unattributed == nobodys / whole.pivot.total
    assert whole.cached_share is None
    asked = len(office.asked)
    office.desk = office.new_desk()
    await office.desk.prepare(COST)
    assert len(office.asked) == asked, "what is known is not asked by something finer"


@awaited
async def test_costs_that_cannot_be_told_by_key_are_shown_whole(office: Office) -> None:
    office.faults.set("refuse-cost-by-key")
    report = await office.ask(replace(COST, dimension=Dimension.KEY))
    assert report.gaps == ("The platform does not tell cost by key here.",)
    assert [group.name for group in report.pivot.groups] == ["(not told by key)"]
    assert report.unattributed is None, "that nobody tells is not that nobody did"
    by_project = await office.ask(COST)
    assert by_project.pivot.total == report.pivot.total
    assert by_project.gaps == ()
    filtered = await office.ask(replace(COST, filters=((Dimension.KEY, "key_1"),)))
    assert filtered.gaps == ("Cost cannot be told by key here.",)
    assert filtered.pivot.groups == ()


@awaited
async def test_costs_are_exact_and_of_utc_days_whatever_the_zone(office: Office) -> None:
    utc = await office.ask(COST)
    local = await office.ask(replace(COST, zone=Zone("America/New_York")))
    assert local.pivot.cuts == utc.pivot.cuts
    assert local.zone.is_utc
    assert total(utc.pivot.figures) == utc.pivot.total
    assert utc.provisional == 28, "costs of yesterday may be yet to come"


@awaited
async def test_filters_narrow_and_drill_down_to_the_same_sum(office: Office) -> None:
    by_project = await office.ask(replace(TOKENS, dimension=Dimension.PROJECT))
    for group in by_project.pivot.groups[:3]:
        within = replace(TOKENS, filters=((Dimension.PROJECT, group.id),))
        report = await office.ask(within)
        assert report.pivot.total == group.total
        assert report.pivot.figures == group.figures
        both = replace(within, filters=(*within.filters, (Dimension.KIND, "embeddings")))
        parts = await office.ask(both)
        assert parts.pivot.total <= group.total
    totals = office.desk.totals(replace(TOKENS, dimension=Dimension.PROJECT), group.id)
    assert totals[Metric.TOKENS] == group.total
    assert totals[Metric.COST] is None
    await office.desk.prepare(COST)
    totals = office.desk.totals(replace(TOKENS, dimension=Dimension.PROJECT), group.id)
    cost = office.desk.view(COST, 60).pivot
    assert totals[Metric.COST] == next(g.total for g in cost.groups if g.id == group.id)


@awaited
async def test_costs_narrow_by_the_model_of_a_line_item(office: Office) -> None:
    by_model = await office.ask(replace(COST, dimension=Dimension.MODEL))
    for group in by_model.pivot.groups[:5]:
        report = await office.ask(replace(COST, filters=((Dimension.MODEL, group.id),)))
        assert report.pivot.total == group.total


@awaited
async def test_the_period_before_is_compared_where_it_is_known(office: Office) -> None:
    compared = await office.ask(replace(TOKENS, compare=True))
    before = await office.ask(Question(MONTH.shifted(-1)))
    assert compared.before
    assert compared.before.total == before.pivot.total
    assert len(compared.movers) == 3
    first = compared.movers[0]
    assert first.change == compared.changes[first.id]
    office.faults.set("503")
    older = replace(TOKENS, period=MONTH.shifted(-1), compare=True)
    alone = await office.ask(older)
    assert alone.before is None
    assert any("nothing is compared" in gap for gap in alone.gaps)


@awaited
async def test_a_day_is_shown_by_the_hour_and_hours_by_the_minute(office: Office) -> None:
    today = Question(Period(NOW.date(), NOW.date()))
    report = await office.ask(today)
    assert report.step is Step.HOUR
    assert report.provisional == 12
    assert report.pivot.unknown == set(range(13, 24))
    month = await office.ask(TOKENS)
    assert report.pivot.total == month.pivot.figures[-1]
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    yesterday = Period(date(2026, 11, 21), date(2026, 11, 21))
    hour = Question(yesterday, within=Cut(noon, noon + timedelta(hours=1)))
    minutes = await office.ask(hour)
    assert (minutes.step, len(minutes.pivot.cuts)) == (Step.MINUTE, 60)
    hours = await office.ask(Question(yesterday))
    assert minutes.pivot.total == hours.pivot.figures[12]


@awaited
async def test_never_more_bars_than_columns(office: Office) -> None:
    await office.desk.prepare(TOKENS)
    for columns in (1, 2, 7, 29, 30, 200):
        assert len(office.desk.view(TOKENS, columns).pivot.cuts) <= columns
        exact = replace(TOKENS, step=Step.HOUR)
        assert len(office.desk.view(exact, columns).pivot.cuts) <= columns


@awaited
async def test_stored_bytes_are_a_level_and_never_add_up(office: Office) -> None:
    stored = Question(MONTH, Metric.BYTES, Dimension.PROJECT)
    by_day = await office.ask(stored)
    by_month = office.desk.view(stored, 1)
    assert by_day.pivot.total == by_day.pivot.figures[-1]
    assert len(by_month.pivot.cuts) <= 2
    assert by_month.pivot.total == by_day.pivot.total
    assert office.desk.totals(stored)[Metric.BYTES] == by_day.pivot.total


@awaited
async def test_what_came_is_kept_when_somebody_leaves(office: Office) -> None:
    came = asyncio.Event()
    year = Question(last_days(365, NOW.date()))
    fetching = asyncio.create_task(
        office.desk.prepare(year, on_progress=lambda done, of: came.set() if done >= 6 else None)
    )
    await came.wait()
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    asked = len(office.asked)
    await office.desk.prepare(year)
    assert len(office.asked) - asked <= 4 * 12 - 6
    assert office.desk.view(year, 400).gaps == ()


@awaited
async def test_the_largest_pages_are_asked_for_side_by_side(office: Office) -> None:
    year = last_days(365, NOW.date())
    await office.desk.prepare_all(Question(year))
    await office.desk.prepare(Question(MONTH, zone=Zone("Europe/Berlin")))
    asked = [(path.rpartition("/")[2], query.split("&")) for path, query in office.asked]
    assert any("limit=180" in query for about, query in asked if about == "costs")
    decisions = [query for about, query in asked if about == "decisions"]
    assert sum("limit=31" in query for query in decisions) == 11
    assert sum("limit=168" in query for query in decisions) == 4
    usage = [path for path, _ in office.asked if "/usage/images" in path]
    assert len(usage) == 12


@awaited
async def test_a_year_without_a_network_is_given_up_at_once(office: Office) -> None:
    async def dead(scope: Any, receive: Any, send: Any) -> None:
        raise OSError("no route")

    office.app = dead
    with pytest.raises(Unreachable):
        await office.desk.prepare(Question(last_days(365, NOW.date())))
    assert len(office.asked) <= 3 * 16, "three tries of what was under way or next"


@awaited
async def test_days_that_begin_within_an_hour_of_the_platform_are_said_to(
    office: Office,
) -> None:
    report = await office.ask(replace(TOKENS, zone=Zone("Asia/Kolkata")))
    assert any("Days in Asia/Kolkata begin within an hour" in note for note in report.notes)
    assert len(report.pivot.cuts) == 30


@awaited
async def test_numbers_that_were_not_told_are_no_zeros_without_a_word(office: Office) -> None:
    real = office.app

    async def older(scope: Any, receive: Any, send: Any) -> None:
        async def without(message: Any) -> None:
            if "body" in message:
                message["body"] = message["body"].replace(b"input_cache_write_tokens", b"x")
            await send(message)

        await real(scope, receive, without)

    office.app = older
    report = await office.ask(replace(TOKENS, metric=Metric.CACHE_WRITE))
    assert report.pivot.groups == ()
    assert any("no cache writes, so it may be more" in gap for gap in report.gaps)


@awaited
async def test_a_ledger_that_cannot_be_written_is_a_gap_and_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    office = Office(tmp_path / "file" / "folder")
    report = await office.ask(TOKENS)
    assert report.pivot.total > 0
    assert len(report.gaps) == 1
    assert "a file is where a folder should be" in report.gaps[0]


@awaited
async def test_names_of_members_are_told_to_those_who_listen(office: Office) -> None:
    directory, news = Directory(), []
    directory.listen(lambda: news.append("names"))
    person = next(iter(office.world.people.values()))
    assert "unknown user" in directory.name_of(Dimension.USER, person.id)
    await learn_members(office.client, directory)
    assert directory.name_of(Dimension.USER, person.id) == person.name
    await learn_members(office.client, directory)
    assert news == ["names"]
    assert directory.name_of(Dimension.USER, "") == "(no user)"
    assert directory.name_of(Dimension.KIND, Kind.SPEECHES) == "speech"
    assert directory.name_of(Dimension.BATCH, "true") == "in batches"
    assert directory.name_of(Dimension.LINE_ITEM, "gpt-5.6, input") == "gpt-5.6, input"


def _refusing(app: Any, *fields: str) -> Any:
    """Return a platform that knows no dimension of these names."""

    async def refusing(scope: Any, receive: Any, send: Any) -> None:
        if not any(field.encode() in scope["query_string"] for field in fields):
            await app(scope, receive, send)
            return
        head = [(b"content-type", b"application/json")]
        body = b'{"error": {"message": "Unknown group_by.", "type": "invalid_request_error"}}'
        await send({"type": "http.response.start", "status": 400, "headers": head})
        await send({"type": "http.response.body", "body": body})

    return refusing


@awaited
async def test_what_could_not_be_read_again_stays_said_until_it_is(office: Office) -> None:
    await office.ask(TOKENS)
    office.faults.set("503")
    office.now += timedelta(minutes=2)
    assert (await office.ask(TOKENS, fresh=True)).from_cache
    await office.desk.prepare_all(TOKENS)
    by_project = replace(TOKENS, dimension=Dimension.PROJECT)
    assert (await office.ask(by_project)).from_cache
    office.faults.clear()
    assert (await office.ask(by_project)).from_cache
    assert not (await office.ask(by_project, fresh=True)).from_cache


@awaited
async def test_reading_other_figures_again_leaves_it_said_that_these_are_old(
    office: Office,
) -> None:
    await office.desk.prepare_all(TOKENS)
    office.faults.set("503")
    await office.ask(TOKENS, fresh=True)
    office.faults.clear()
    await office.ask(COST, fresh=True)
    assert (await office.ask(TOKENS)).from_cache


@awaited
async def test_what_a_project_has_none_of_is_nothing_once_it_was_read(office: Office) -> None:
    images = replace(TOKENS, metric=Metric.IMAGES, dimension=Dimension.PROJECT)
    await office.ask(TOKENS)
    without = replace(TOKENS, filters=((Dimension.PROJECT, "proj_of_nobody"),))
    assert office.desk.totals(without)[Metric.TOKENS] == 0
    assert office.desk.totals(without)[Metric.IMAGES] is None
    await office.ask(images)
    assert office.desk.totals(without)[Metric.IMAGES] == 0


@awaited
async def test_a_part_that_was_not_read_makes_no_nothing(office: Office) -> None:
    office.faults.set(f"403-envelope@{USAGE}/completions")
    await office.ask(TOKENS)
    without = replace(TOKENS, filters=((Dimension.PROJECT, "proj_of_nobody"),))
    assert office.desk.totals(without)[Metric.TOKENS] is None


@awaited
async def test_cached_shares_are_of_the_input_that_can_be_cached(office: Office) -> None:
    by_kind = replace(TOKENS, dimension=Dimension.KIND)
    found = await office.ask(by_kind)
    shares = office.desk.cached_shares(by_kind)
    assert set(shares) <= {"completions", "decisions"}
    by_batch = office.desk.cached_shares(replace(TOKENS, dimension=Dimension.BATCH))
    assert found.cached_share is not None
    assert min(by_batch.values()) <= found.cached_share <= max(by_batch.values())
    models = office.desk.cached_shares(TOKENS)
    assert models
    assert not [model for model in models if "embedding" in model or "moderation" in model]


@awaited
async def test_a_part_of_the_costs_is_not_taken_for_the_costs(office: Office) -> None:
    await office.ask(replace(COST, period=last_days(7, NOW.date())))
    await office.ask(TOKENS)
    assert office.desk.is_known(COST)
    assert not office.desk.is_whole(COST)
    assert office.desk.totals(TOKENS)[Metric.COST] is None
    whole = await office.ask(COST)
    assert office.desk.is_whole(COST)
    assert office.desk.totals(TOKENS)[Metric.COST] == whole.pivot.total
