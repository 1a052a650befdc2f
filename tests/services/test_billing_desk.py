"""The bill is told from what is known: costs once, limits with their age, gaps in words."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oai_tui.api.exchange import AsgiApp
from oai_tui.core.balance import EntryKind
from oai_tui.core.errors import MissingScope, PlatformDown, StoreProblem, WrongInput
from oai_tui.core.exact import plus
from oai_tui.core.keys import Project
from oai_tui.core.limits import Budget, SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.period import Period
from oai_tui.core.remaining import CapKind, tokens_left
from oai_tui.core.thresholds import Warnings
from oai_tui.core.verdict import Level
from oai_tui.services.billing import Statement, desk
from oai_tui.services.billing.assembly import judged
from oai_tui.simulator.model import Alert, Credit
from oai_tui.simulator.model import SpendLimit as Set
from tests.services.billing_office import NOW, Office, awaited

DAY = timedelta(days=1)
LIMITS, ALERTS, COSTS = "spend_limit", "spend_alerts", "organization/costs"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def spent_by_project(statement: Statement) -> dict[str, Decimal]:
    return {project.id: project.spent for project in statement.projects if project.spent}


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
    assert any("as last seen 3 d ago" in gap for gap in known.gaps)
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
    assert known.gaps == (
        "Could not be read: the spend limit, the spend alerts, the names of the projects, "
        "the limits of projects, the alerts of projects. "
        "This key lacks the permission api.management.read.",
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
async def test_a_thousand_projects_are_asked_in_two_goes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "MOST_AT_ONCE", 2)
    known = await office.desk.load()
    most = [p.id for p in known.projects if p.id][:2]
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
async def test_the_price_is_what_was_paid_for_the_tokens_of_thirty_days(office: Office) -> None:
    known = await office.desk.load()
    price = known.price
    assert price.period == Period(date(2026, 10, 22), date(2026, 11, 20))
    assert price.cost is not None
    assert price.tokens
    assert price.per_million == price.cost / price.tokens * 1_000_000
    assert price.low is not None
    assert price.high is not None
    assert price.low <= price.per_million <= price.high
    assert len(known.prices) == 3
    assert [p.tokens for p in known.prices] == sorted(
        (p.tokens or 0 for p in known.prices), reverse=True
    )
    assert sum(p.tokens or 0 for p in known.prices) <= price.tokens
    assert known.nearest is not None
    assert tokens_left(known.nearest.left, price.per_million)


@awaited
async def test_a_credit_makes_no_token_cheaper(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.world.credits.append(Credit(date(2026, 11, 10), 50_000))
    credited = await office.desk.load()
    price = credited.price
    usual = (await Office(tmp_path / "other").desk.load()).price
    assert price.per_million
    assert usual.per_million
    assert abs(price.per_million / usual.per_million - 1) < Decimal("0.02")
    assert price.low
    assert price.high
    assert price.low <= price.per_million <= price.high
    assert any("credits" in note for note in credited.notes)


@awaited
async def test_costs_two_days_late_are_unknown_and_left_out_of_the_price(tmp_path: Path) -> None:
    on_time = await Office(tmp_path / "a").desk.load()
    office = Office(tmp_path / "b")
    office.faults.set("late-costs")
    late = await office.desk.load()
    assert late.cycle is not None
    assert (late.cycle.spent_today, late.cycle.spent_yesterday) == (None, None)
    assert late.price.period == Period(date(2026, 10, 21), date(2026, 11, 19))
    assert late.price.per_million is not None
    assert on_time.price.per_million is not None
    assert abs(late.price.per_million / on_time.price.per_million - 1) < Decimal("0.005")


@awaited
async def test_tokens_that_cannot_be_read_leave_money_alone(office: Office) -> None:
    office.faults.set("500@GET /v1/organization/usage/*")
    known = await office.desk.load()
    assert known.nearest is not None
    assert known.nearest.left
    assert known.price.per_million is None
    assert known.prices == ()
    assert any(gap.startswith("Not read: ") for gap in known.gaps)


@awaited
async def test_amounts_as_strings_give_the_same_sums(tmp_path: Path) -> None:
    plain = await Office(tmp_path / "a").desk.load()
    office = Office(tmp_path / "b")
    office.faults.set("string-amounts")
    strings = await office.desk.load()
    assert strings.cycle == plain.cycle
    assert spent_by_project(strings) == spent_by_project(plain)


@awaited
async def test_a_reached_limit_leaves_nothing(office: Office) -> None:
    spent = (await office.desk.load()).cycle.spent  # type: ignore[union-attr]
    office.world.spend_limits[None] = Set(int(spent * 100))
    known = await office.desk.load(fresh=True)
    assert known.nearest is not None
    assert known.nearest.left == 0
    assert known.verdict.level is Level.OVER


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


def platform(costs: dict[date, str]) -> AsgiApp:
    """Serve these costs, a row a day, and an organization with nothing else in it."""

    async def answer(request: Request) -> Response:
        path = request.url.path
        if path.endswith("/organization/costs"):
            since, until = (int(request.query_params[n]) for n in ("start_time", "end_time"))
            asked = [d for d in costs if since <= _seconds(d) < until]
            body: object = {"data": [_bucket(day, costs[day]) for day in asked]}
        elif "spend_limit" in path:
            body = {"threshold_amount": 10_000, "enforcement": {"status": "inactive"}}
        else:
            body = {"data": []}
        return Response(json.dumps(body), media_type="application/json")

    return Starlette(routes=[Route("/{path:path}", answer)])


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _bucket(day: date, amount: str) -> dict[str, object]:
    start = _seconds(day)
    told = {"value": amount} if amount else {}
    row = {"object": "organization.costs.result", "amount": {**told, "currency": "usd"}}
    return {"start_time": start, "end_time": start + 86_400, "results": [row]}


@awaited
async def test_credits_may_outweigh_the_spend(tmp_path: Path) -> None:
    served = platform({date(2026, 11, 3): "4.5", date(2026, 11, 4): "-40"})
    known = await Office(tmp_path, app=served).desk.load()
    assert known.cycle is not None
    assert known.cycle.spent == Decimal("-35.5")
    assert known.nearest is not None
    assert known.nearest.left == Decimal("135.5")
    assert known.price.per_million is None
    assert known.limit.value == SpendLimit(Money.of_cents(10_000), "inactive")


@awaited
async def test_a_day_of_which_some_cost_has_no_amount_is_unknown_and_never_cheaper(
    tmp_path: Path,
) -> None:
    costs = dict.fromkeys(Period(date(2026, 11, 1), date(2026, 11, 22)), "2")
    served = platform(costs | {date(2026, 11, 5): ""})
    for _ in range(2):
        known = await Office(tmp_path, app=served).desk.load()
        assert known.cycle is not None
        assert known.cycle.unknown_days == 1
        assert known.cycle.spent == 42
        assert any("without their amount" in gap for gap in known.gaps)
    costs[date(2026, 11, 5)] = "7"
    told = await Office(tmp_path, app=platform(costs)).desk.load()
    assert told.cycle is not None
    assert (told.cycle.spent, told.cycle.unknown_days) == (49, 0)


@pytest.mark.parametrize("amount", ["0", "0E-6176"])
@awaited
async def test_a_month_of_zeros_costs_nothing_and_a_limit_stays_whole(
    tmp_path: Path, amount: str
) -> None:
    served = platform(dict.fromkeys(Period(date(2026, 11, 1), date(2026, 11, 22)), amount))
    known = await Office(tmp_path, app=served).desk.load()
    assert known.cycle is not None
    assert known.cycle.is_reported
    assert known.cycle.spent == 0
    assert known.nearest is not None
    assert known.nearest.left == 100


@awaited
async def test_days_are_utc_whatever_zone_the_clock_speaks(tmp_path: Path) -> None:
    elsewhere = datetime.fromisoformat("2026-12-01T01:30:00+02:00")
    served = platform({date(2026, 11, 30): "2"})
    known = await Office(tmp_path, elsewhere, served).desk.load()
    assert known.cycle is not None
    assert (known.cycle.today, known.cycle.spent) == (date(2026, 11, 30), 2)


@awaited
async def test_a_balance_is_counted_down_and_told_where_it_drifts(office: Office) -> None:
    desk = office.desk
    await desk.load()
    first = await office.own.add_balance(EntryKind.BALANCE, NOW - 10 * DAY, Money.parse("2000"))
    known = desk.remembered()
    assert known is not None
    assert known.balance is not None
    assert known.balance.since == first
    assert 0 < known.balance.left < 2000
    assert known.balance.runway_days
    left = known.balance.left
    await office.own.add_balance(
        EntryKind.TOP_UP, NOW - 2 * DAY, Money.parse("100"), date(2027, 11, 1)
    )
    known = desk.remembered()
    assert known is not None
    assert known.balance is not None
    assert known.balance.left == plus(left, Decimal(100))
    assert [entry.expires for entry in known.balance.expiring] == [date(2027, 11, 1)]
    cap = next(cap for cap in known.caps if cap.kind is CapKind.BALANCE)
    assert cap.left == known.balance.left
    balance, drift = await desk.preview(EntryKind.BALANCE, NOW, Money.parse("1000"))
    assert balance is not None
    assert balance.left == 1000
    assert drift is not None
    again = await office.own.add_balance(EntryKind.BALANCE, NOW, Money.parse("1000"))
    known = await desk.load()
    assert [d.difference for d in known.drifts] == [drift.difference]
    assert known.drifts[0].expected == plus(left, Decimal(100))
    await office.own.remove_balance(again.id)
    await office.own.remove_balance(again.id)
    assert (await desk.load()).entries[0] == first
    told = [(change.action.value, change.was) for change in office.changes.recent()]
    assert [action for action, _ in told] == [
        "remove-balance",
        *["add-balance"] * 3,
    ]
    assert told[0][1] == "$1,000.00 at 2026-11-22 12:20 UTC"


@awaited
async def test_an_old_balance_has_its_costs_asked_for(office: Office) -> None:
    await office.desk.load()
    await office.own.add_balance(EntryKind.BALANCE, NOW - 200 * DAY, Money.parse("90000"))
    local = office.desk.remembered()
    assert local is not None
    assert local.balance is not None
    assert local.balance.unknown_days > 100
    known = await office.desk.load()
    assert known.balance is not None
    assert known.balance.unknown_days == 0
    assert known.balance.spent > local.balance.spent


@pytest.mark.parametrize(
    ("kind", "at", "amount", "expires"),
    [
        (EntryKind.BALANCE, NOW + timedelta(hours=1), "5", None),
        (EntryKind.BALANCE, NOW - 500 * DAY, "5", None),
        (EntryKind.TOP_UP, NOW, "0", None),
        (EntryKind.TOP_UP, NOW, "5", date(2026, 11, 1)),
    ],
)
@awaited
async def test_a_balance_that_cannot_be_is_refused(
    office: Office, kind: EntryKind, at: datetime, amount: str, expires: date | None
) -> None:
    with pytest.raises(WrongInput):
        await office.own.add_balance(kind, at, Money.parse(amount), expires)
    assert office.changes.recent() == ()


@awaited
async def test_budgets_are_local_and_kept_in_the_settings(office: Office) -> None:
    await office.desk.load()
    asked = len(office.asked)
    await office.own.set_budget(Budget(Money.parse("60"), Money.parse("1500.50")))
    known = office.new_desk().remembered()
    assert known is not None
    assert known.cycle is not None
    caps = {cap.kind: cap for cap in known.caps}
    assert caps[CapKind.DAILY].spent == known.cycle.spent_today
    assert caps[CapKind.MONTHLY].amount == Money.parse("1500.50")
    assert all(caps[kind].kind.is_local for kind in (CapKind.DAILY, CapKind.MONTHLY))
    assert known.nearest is caps[CapKind.MONTHLY]
    assert len(office.asked) == asked
    assert "1500.50" in office.settings.path.read_text()
    await office.own.set_budget(Budget())
    assert "budget" not in office.settings.path.read_text()
    was = [(change.was, change.is_now) for change in office.changes.recent()]
    assert was == [
        ("$60.00 a day and $1,500.50 a month", "none"),
        ("none", "$60.00 a day and $1,500.50 a month"),
    ]


@awaited
async def test_thresholds_come_from_the_settings_or_the_caller(office: Office) -> None:
    plain = await office.desk.load()
    assert plain.verdict.level is Level.UNDER
    assert judged(plain, Warnings(near_percent=50)).level is Level.NEAR
    office.settings.path.parent.mkdir(exist_ok=True)
    office.settings.path.write_text("[billing]\nnear_percent = 50\n")
    assert (await office.desk.load()).verdict.level is Level.NEAR


@awaited
async def test_what_a_person_typed_and_cannot_be_read_is_told(office: Office) -> None:
    await office.own.add_balance(EntryKind.BALANCE, NOW - DAY, Money.parse("5"))
    (office.folder / "state" / "balance.json").write_text("{")
    office.settings.path.parent.mkdir(exist_ok=True)
    office.settings.path.write_text("theme = [")
    known = await office.desk.load()
    assert known.budget == Budget()
    assert known.entries == ()
    assert any("balance-damaged-1.json" in gap for gap in known.gaps)
    assert any("The budgets could not be read." in gap for gap in known.gaps)
    (office.folder / "state" / "balance.json").unlink()
    (office.folder / "state" / "balance.json").mkdir()
    known = await office.desk.load()
    assert any("The balance you entered could not be read." in gap for gap in known.gaps)
    with pytest.raises(StoreProblem):
        await office.own.add_balance(EntryKind.BALANCE, NOW, Money.parse("5"))


@awaited
async def test_limits_seen_long_ago_say_so_and_are_asked_again_with_the_rest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.desk.load()
    monkeypatch.setattr(desk, "MOST_AT_ONCE", 2)
    office.now += timedelta(hours=3)
    known = await office.desk.load()
    assert known.unasked > 1
    assert f"The limits of {known.unasked} projects are as seen 3 h ago." in known.notes
    assert all(project.limit_known for project in known.projects if project.id)
    rest = await office.desk.load_rest()
    assert (rest.unasked, rest.notes) == (0, ())


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
