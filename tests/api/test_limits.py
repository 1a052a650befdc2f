from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from oai_tui.api import limits
from oai_tui.api.client import Client
from oai_tui.api.exchange import AsgiApp
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.billing import SpendLimit
from oai_tui.core.errors import BadAnswer, MissingScope, NotFound
from oai_tui.core.secret import Secret
from oai_tui.simulator.model import SpendLimit as Set
from oai_tui.simulator.server import build
from oai_tui.simulator.world import World

NOW = 1_795_350_000


def ask(app: AsgiApp, key: str, question: Any, *arguments: str) -> Any:
    async def answer() -> Any:
        async with Client(BaseUrl.parse("http://localhost/v1"), Secret(key), app=app) as client:
            return await question(client, *arguments)

    return asyncio.run(answer())


def ask_world(world: World, question: Any, *arguments: str, key: str = "") -> Any:
    return ask(build(world), key or world.admin_key, question, *arguments)


def answering(body: object, status: int = 200) -> AsgiApp:
    async def answer(request: Request) -> Response:
        return JSONResponse(body, status)

    return Starlette(routes=[Route("/{path:path}", answer)])


def test_a_limit_is_in_dollars_with_the_platforms_own_word() -> None:
    found = ask_world(World.seeded(7, "small", NOW), limits.spend_limit)
    assert found == SpendLimit(Decimal("2500.00"), "enforcing")


@pytest.mark.parametrize("word", ["inactive", "enforcing", "armed (new)"])
def test_the_word_is_shown_and_not_interpreted(word: str) -> None:
    world = World.seeded(7, "small", NOW)
    world.spend_limits[None] = Set(1, word)
    assert ask_world(world, limits.spend_limit) == SpendLimit(Decimal("0.01"), word)


@pytest.mark.parametrize("shape", ["missing", "zero"])
def test_no_limit_in_either_shape(shape: Any) -> None:
    world = World.seeded(7, "small", NOW)
    world.no_limit_shape = shape
    world.spend_limits.clear()
    assert ask_world(world, limits.spend_limit) is None
    assert ask_world(world, limits.spend_limit, world.default_project.id) is None


def test_a_project_has_a_limit_of_its_own() -> None:
    world = World.seeded(7, "small", NOW)
    project = world.default_project.id
    world.spend_limits[project] = Set(12_345)
    assert ask_world(world, limits.spend_limit, project).amount == Decimal("123.45")


@pytest.mark.parametrize("body", [{}, {"threshold_amount": None}, {"threshold_amount": -1}])
def test_a_limit_without_an_amount_is_not_taken_for_no_limit(body: object) -> None:
    with pytest.raises(BadAnswer):
        ask(answering(body), "sk-admin-x", limits.spend_limit)


def test_a_server_that_does_not_know_limits_does_not_say_that_there_is_none() -> None:
    error = {"error": {"message": "Invalid URL (GET /v1/organization/spend_limit)", "code": None}}
    with pytest.raises(NotFound):
        ask(answering(error, 404), "sk-admin-x", limits.spend_limit)


def test_a_key_that_may_not_manage_is_told_so() -> None:
    world = World.seeded(7, "small", NOW)
    for question in (limits.spend_limit, limits.spend_alerts):
        with pytest.raises(MissingScope):
            ask_world(world, question, key=world.usage_only_key)


def test_alerts_come_smallest_first_in_dollars() -> None:
    found = ask_world(World.seeded(7, "small", NOW), limits.spend_alerts)
    assert [alert.amount for alert in found] == [Decimal("2000.00"), Decimal("2375.00")]
    assert all(alert.recipients == ("finance@acme-research.example",) for alert in found)


def test_an_alert_without_an_amount_is_not_left_out_silently() -> None:
    with pytest.raises(BadAnswer):
        ask(answering({"data": [{"id": "alert_1"}]}), "sk-admin-x", limits.spend_alerts)


@pytest.mark.parametrize("odd", [{"currency": "EUR"}, {"interval": "week"}])
def test_a_limit_in_other_units_is_not_read_as_dollars_a_month(odd: dict[str, str]) -> None:
    with pytest.raises(BadAnswer, match="dollars a month"):
        ask(answering({"threshold_amount": 100, **odd}), "sk-admin-x", limits.spend_limit)
