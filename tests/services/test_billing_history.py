"""Every month back to the first cost, each figure the platform's own, nothing asked twice."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from oai_tui.core.errors import MissingScope, PlatformDown
from oai_tui.core.exact import total
from oai_tui.core.kinds import Dimension
from oai_tui.core.period import Period, month_of
from oai_tui.services.billing import history_rows
from oai_tui.services.billing.history import ToldHistory
from tests.services.billing_office import NOW, Office, awaited
from tests.services.served_costs import platform

COSTS = "organization/costs"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.mark.parametrize("dimension", [Dimension.PROJECT, Dimension.LINE_ITEM])
@awaited
async def test_months_go_back_to_the_first_cost_and_add_up(
    office: Office, dimension: Dimension
) -> None:
    progress: list[tuple[int, int]] = []
    history = await office.desk.history(dimension, on_progress=lambda *at: progress.append(at))
    assert all(0 <= done <= of for done, of in progress)
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert history.gaps == ()
    assert (history.as_of, history.from_cache) == (NOW, False)
    assert history.told_from is not None
    firsts = [month.first for month in history.months]
    assert firsts[0] == date(2026, 11, 1)
    assert firsts[-1] == history.told_from.replace(day=1)
    assert all(month_of(a).shifted(-1).first == b for a, b in pairwise(firsts))
    for month in history.months:
        assert month.total == total(part.amount for part in month.parts)
        assert month.total == total(day for day in month.days if day is not None)
    assert history.months[0].is_open
    assert history.months[1].change is not None
    statement = await office.desk.load()
    assert statement.cycle is not None
    assert history.months[0].total == statement.cycle.spent
    if dimension is Dimension.PROJECT:
        names = {part.id: part.name for part in history.months[0].parts}
        known = {project.id: project.name for project in statement.projects}
        assert (await office.desk.history(dimension)).months[0].total == history.months[0].total
        assert set(names) <= set(known)


@awaited
async def test_the_other_cut_and_the_statement_ask_for_nothing_more(office: Office) -> None:
    await office.desk.history(Dimension.PROJECT)
    office.asked.clear()
    await office.desk.history(Dimension.LINE_ITEM)
    await office.desk.load()
    assert office.asked_for(COSTS) == 0


@awaited
async def test_since_says_how_far_back(office: Office) -> None:
    history = await office.desk.history(Dimension.PROJECT, since=date(2026, 9, 17))
    assert [month.first.month for month in history.months] == [11, 10, 9]
    assert sum(day is not None for day in history.months[-1].days) == 30


@awaited
async def test_the_search_ends_with_a_year_without_any_cost(tmp_path: Path) -> None:
    served = platform({date(2026, 2, 3): "7.5", date(2023, 1, 1): "1"})
    office = Office(tmp_path, app=served)
    history = await office.desk.history(Dimension.PROJECT)
    assert history.told_from == date(2026, 2, 3)
    assert [month.total for month in history.months[-2:]] == [0, Decimal("7.5")]
    assert len(history.months) == 10
    starts = sorted(int(query.partition("start_time=")[2][:10]) for _, query in office.asked)
    assert datetime.fromtimestamp(starts[0]) > datetime(2024, 11, 1)


@awaited
async def test_without_any_cost_there_is_only_this_month(tmp_path: Path) -> None:
    history = await Office(tmp_path, app=platform({})).desk.history(Dimension.PROJECT)
    assert [(m.first, m.total, m.parts) for m in history.months] == [(date(2026, 11, 1), 0, ())]
    assert history.told_from is None


@awaited
async def test_what_is_known_is_shown_when_the_platform_fails(office: Office) -> None:
    whole = await office.desk.history(Dimension.PROJECT)
    office.faults.set("500")
    office.now += timedelta(hours=1)
    known = await office.desk.history(Dimension.PROJECT)
    assert known.months[1:] == whole.months[1:]
    assert known.from_cache
    assert known.as_of == NOW
    assert len([gap for gap in known.gaps if "as last seen" in gap]) == 1


@awaited
async def test_older_months_that_cannot_be_read_are_told(office: Office) -> None:
    await office.desk.history(Dimension.PROJECT, since=date(2025, 12, 1))
    office.faults.set("500")
    known = await office.desk.history(Dimension.PROJECT)
    assert len(known.months) == 12
    assert any(
        gap.startswith("Months before December 2025 could not be read.") for gap in known.gaps
    )


@awaited
async def test_nothing_known_is_no_history(office: Office) -> None:
    office.faults.set("500")
    with pytest.raises(PlatformDown):
        await office.desk.history(Dimension.PROJECT)
    office.faults.clear()
    with pytest.raises(MissingScope):
        await office.new_desk(office.world.management_only_key).history(Dimension.PROJECT)


@awaited
async def test_an_answer_too_large_for_half_a_year_is_asked_for_by_the_month(
    office: Office,
) -> None:
    whole = await office.desk.history(Dimension.PROJECT)
    through, too_large = office.app, PlainTextResponse("x")

    async def bounded(scope: Any, receive: Any, send: Any) -> None:
        query = dict(part.split("=") for part in scope["query_string"].decode().split("&"))
        if scope["path"].endswith("/costs") and int(query.get("limit", 0)) > 31:
            await too_large(scope, receive, send)
        else:
            await through(scope, receive, send)

    office.app = bounded
    (office.folder / "usage.sqlite3").unlink()
    parts = await office.new_desk().history(Dimension.PROJECT)
    assert parts.months == whole.months
    assert parts.gaps == ()


@awaited
async def test_a_cost_without_an_amount_leaves_what_else_is_told(tmp_path: Path) -> None:
    first = date(2026, 11, 1)
    costs = dict.fromkeys(Period(date(2026, 9, 1), date(2026, 10, 31)), "2") | {first: ""}
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    history = await Office(tmp_path, now, platform(costs)).desk.history(Dimension.PROJECT)
    assert [(m.first.month, m.total) for m in history.months] == [(11, 0), (10, 62), (9, 60)]
    assert not history.months[0].is_told
    assert any("without their amount" in gap for gap in history.gaps)


@awaited
async def test_a_month_told_in_part_does_not_end_the_search_by_the_month(tmp_path: Path) -> None:
    costs = dict.fromkeys(Period(date(2026, 8, 1), date(2026, 11, 22)), "2")
    through = platform(costs | {date(2026, 11, 5): ""})

    async def bounded(scope: Any, receive: Any, send: Any) -> None:
        query = dict(part.split("=") for part in scope["query_string"].decode().split("&"))
        if scope["path"].endswith("/costs") and int(query.get("limit", 0)) > 31:
            await PlainTextResponse("x")(scope, receive, send)
        else:
            await through(scope, receive, send)

    history = await Office(tmp_path, app=bounded).desk.history(Dimension.PROJECT)
    assert [m.total for m in history.months] == [42, 62, 60, 62]
    assert history.gaps == ("1 of 357 days are not known yet.",)


@awaited
async def test_what_came_before_it_was_cancelled_is_not_asked_again(office: Office) -> None:
    old, through, begun = asyncio.Event(), office.app, asyncio.Event()

    async def held(scope: Any, receive: Any, send: Any) -> None:
        if office.asked_for(COSTS) > 3:
            begun.set()
            await old.wait()
        await through(scope, receive, send)

    office.app = held
    reading = asyncio.create_task(office.desk.history(Dimension.PROJECT))
    await begun.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    office.app = through
    before = {query for path, query in office.asked if COSTS in path}
    office.asked.clear()
    await office.desk.history(Dimension.PROJECT)
    again = {query for path, query in office.asked if COSTS in path} & before
    assert len(again) <= len(before) - 2


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@awaited
async def test_a_history_is_handed_on_exactly(office: Office) -> None:
    history: ToldHistory = await office.desk.history(Dimension.PROJECT)
    rows = json.loads(history_rows.history_json(history))
    wholes = {
        row["month"]: Decimal(row["amount"]) for row in rows if row["project_name"] == "total"
    }
    assert wholes == {f"{month.first:%Y-%m}": month.total for month in history.months}
    for month, whole in wholes.items():
        parts = [r for r in rows if r["month"] == month and r["project_name"] != "total"]
        assert total(Decimal(row["amount"]) for row in parts) == whole
        assert all(row["currency"] == "usd" for row in parts)
    assert [(row["is_open"], row["compared_days"]) for row in rows[:1]] == [(True, 21)]
    assert rows[-1]["compared_days"] is None
    spread = table(history_rows.history_csv(history))
    assert [row["amount"] for row in spread] == [row["amount"] for row in rows]


@awaited
async def test_days_are_handed_on_whole_and_with_what_each_was_spent_on(office: Office) -> None:
    november, october = (await office.desk.history(Dimension.LINE_ITEM)).months[:2]
    days = json.loads(history_rows.days_json([november]))
    assert [row["date"] for row in days][:2] == ["2026-11-01", "2026-11-02"]
    assert total(Decimal(row["amount"]) for row in days if row["amount"]) == november.total
    assert [row["is_provisional"] for row in days[-3:]] == [False, True, True]
    assert len(table(history_rows.days_csv([october]))) == 31
    split = json.loads(history_rows.days_json([november], Dimension.LINE_ITEM))
    wholes = [row for row in split if row["line_item_name"] == "total"]
    assert [(row["date"], row["amount"]) for row in wholes] == [
        (row["date"], row["amount"]) for row in days
    ]
    assert [row["is_total"] for row in split] == [row in wholes for row in split]
    for whole in wholes:
        parts = [row for row in split if row["date"] == whole["date"] and row is not whole]
        assert total(Decimal(row["amount"]) for row in parts) == Decimal(whole["amount"])
        assert round(sum(float(row["share"]) for row in parts), 2) == 1
    spread = table(history_rows.days_csv([november], Dimension.LINE_ITEM))
    assert [row["amount"] for row in spread] == [row["amount"] for row in split]


@awaited
async def test_a_day_that_is_not_told_has_no_amount_and_no_parts(office: Office) -> None:
    office.faults.set("late-costs")
    november = (await office.desk.history(Dimension.PROJECT)).months[0]
    last = json.loads(history_rows.days_json([november], Dimension.PROJECT))[-1]
    assert (last["date"], last["project_name"], last["amount"]) == ("2026-11-22", "total", None)
    assert (last["currency"], last["is_provisional"]) == (None, True)


@awaited
async def test_credits_stay_numbers_in_a_spreadsheet_and_names_stay_text(tmp_path: Path) -> None:
    office = Office(tmp_path, app=platform({date(2026, 11, 4): "-40"}))
    history = await office.desk.history(Dimension.PROJECT)
    assert table(history_rows.history_csv(history))[0]["amount"] == "-40"
    assert table(history_rows.days_csv(history.months))[3]["amount"] == "-40"
