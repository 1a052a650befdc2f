"""A platform with nothing but costs, a row a day as they are given."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oai_tui.api.exchange import AsgiApp


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
