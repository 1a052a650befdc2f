"""Costs as they were seen live, amounts as text among them, add up to the last digit."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from oai_tui.core.exact import total
from oai_tui.core.kinds import Dimension
from oai_tui.core.zone import Zone
from oai_tui.services.billing import BillingDesk
from oai_tui.services.billing.own_figures import OwnFigures
from oai_tui.services.billing.words import lines
from oai_tui.services.directory import Directory
from oai_tui.services.usage import UsageDesk
from oai_tui.store.balance import BalanceFile
from oai_tui.store.ledger import Ledger
from oai_tui.store.settings import SettingsFile
from tests.api.talking import client_of
from tests.services.estate import Memory

RECORDED = Path(__file__).resolve().parents[2] / "../shared/data/recorded"
EMPTY = RECORDED / "live_costs_empty_days.json"
pytestmark = pytest.mark.skipif(not EMPTY.exists(), reason="the recorded answers are not here")

ORIGIN, NOW = "http://localhost", datetime(2026, 6, 20, 12, tzinfo=UTC)
DAY = 86_400


def buckets() -> list[dict[str, Any]]:
    """The recorded days, and days that hold every recorded line item and the official example."""
    names = json.loads((RECORDED / "line_items_observed.json").read_text())["line_items"]
    official = json.loads((RECORDED / "official_openapi_examples.json").read_text())
    example = official["GET /organization/costs"]["data"]
    empty = json.loads(EMPTY.read_text())["data"]
    days = {date(2026, 6, 3): [_row(name, place) for place, name in enumerate(names)]}
    days[date(2026, 6, 4)] = [_row("gpt-5.6-luna, output", text="0E-6176")]
    days[date(2026, 6, 10)] = [row for bucket in example for row in bucket["results"]]
    days[date(2026, 6, 11)] = [_row("gpt-5.6-luna, output", text="-1.5E-30")]
    days[date(2026, 6, 12)] = [_row("o1-pro, output", 7), _row("o1-pro, output", text="0E-6176")]
    days[date(2026, 5, 30)] = [_row("o1-pro, output", 3)]
    made = [
        {"object": "bucket", "start_time": _second(day), "results": rows}
        for day, rows in days.items()
    ]
    return sorted([*made, *empty], key=lambda bucket: int(bucket["start_time"]))


def _second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _row(name: str | None, place: int = 0, text: str = "") -> dict[str, Any]:
    value = text or f"{place}.{'1' * 38}{place % 10}"
    amount = {"value": value, "currency": "usd"}
    return {"object": "organization.costs.result", "line_item": name, "amount": amount}


async def costs(request: Request) -> Response:
    """Answer with what was asked for; days without anything are empty buckets, as seen live."""
    start, end = (int(request.query_params[name]) for name in ("start_time", "end_time"))
    known = {int(bucket["start_time"]): bucket for bucket in buckets()}
    days = range(start, min(end, int(NOW.timestamp())), DAY)
    empty = {"object": "bucket", "results": []}
    data = [known.get(day) or {**empty, "start_time": day, "end_time": day + DAY} for day in days]
    return JSONResponse({"object": "page", "data": data, "has_more": False, "next_page": None})


async def nothing(request: Request) -> Response:
    return JSONResponse({"object": "list", "data": [], "has_more": False, "next_page": None})


async def none_set(request: Request) -> Response:
    error = {"message": "No spend limit is configured.", "type": "invalid_request_error"}
    return JSONResponse({"error": error}, 404)


PLATFORM = Starlette(
    routes=[
        Route("/v1/organization/costs", costs),
        Route("/v1/organization/spend_limit", none_set),
        Route("/v1/organization/{rest:path}", nothing),
    ]
)


@asynccontextmanager
async def desk() -> AsyncIterator[BillingDesk]:
    with tempfile.TemporaryDirectory() as name:
        folder, directory = Path(name), Directory()
        ledger = Ledger(folder, "work", ORIGIN)
        async with client_of(PLATFORM) as client:
            usage = UsageDesk(client, ledger, lambda: NOW, directory.name_of, Zone())
            yield BillingDesk(
                client,
                usage,
                Memory(),
                directory,
                OwnFigures(
                    BalanceFile(folder, "work", ORIGIN),
                    SettingsFile(folder),
                    "work",
                    lambda: NOW,
                ),
                lambda: NOW,
            )
        ledger.close()


def asked(question: Callable[[BillingDesk], Any]) -> Any:
    async def ask() -> Any:
        async with desk() as open_desk:
            return await question(open_desk)

    return asyncio.run(ask())


def told(month: int) -> Decimal:
    """Sum what was served of a month, with more digits than any amount has."""
    with localcontext(prec=7000):
        return sum(
            (
                Decimal(str(row["amount"]["value"]))
                for bucket in buckets()
                if datetime.fromtimestamp(bucket["start_time"], UTC).month == month
                for row in bucket["results"]
            ),
            Decimal(0),
        )


def test_the_cycle_is_the_exact_sum_of_what_was_recorded() -> None:
    statement = asked(lambda desk: desk.load())
    assert statement.cycle.spent == told(6)
    assert len(statement.cycle.spent.as_tuple().digits) > 35
    assert total(project.spent for project in statement.projects) == told(6)


def test_days_told_empty_cost_nothing_and_young_ones_are_not_known() -> None:
    cycle = asked(lambda desk: desk.load()).cycle
    assert (cycle.daily[3], cycle.daily[5], cycle.daily[6]) == (0, 0, 0)
    assert cycle.daily[10] == Decimal("-1.5E-30")
    assert (cycle.spent_today, cycle.spent_yesterday) == (None, None)
    assert cycle.unknown_days == 1


def test_the_history_adds_up_by_line_item_to_the_last_digit() -> None:
    history = asked(lambda desk: desk.history(Dimension.LINE_ITEM))
    by_month = {month.first: month for month in history.months}
    assert by_month[date(2026, 6, 1)].total == told(6)
    assert by_month[date(2026, 5, 1)].total == told(5)
    assert history.told_from == date(2026, 5, 30)
    for month in history.months:
        assert total(part.amount for part in month.parts) == month.total


def test_the_words_show_no_exponent() -> None:
    statement = asked(lambda desk: desk.load())
    assert not any("E-" in line.figure + "".join(line.words) for line in lines(statement))
    assert "E-" not in statement.verdict.line()
