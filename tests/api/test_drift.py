"""A platform that drifts from its contract, or means harm, under the questions we ask of it."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import msgspec
import pytest

from oai_tui.api import keys, projects, spend, usage
from oai_tui.api.client import Client
from oai_tui.core.errors import ApiProblem, BadAnswer
from oai_tui.core.exact import total
from oai_tui.core.period import Period
from oai_tui.core.text import HARMFUL
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from tests.api.talking import client_of

PERIOD = Period(date(2026, 10, 1), date(2026, 11, 22))
NOW = 1_795_350_000


async def everything(client: Client, project_id: str) -> dict[str, Any]:
    """Ask every question there is."""
    found: dict[str, Any] = {"projects": await projects.projects(client, archived=True)}
    project = next(each for each in found["projects"] if each.id == project_id)
    found["keys"] = [key async for page in keys.project_keys(client, project) for key in page]
    found["admin keys"] = await keys.admin_keys(client)
    found["accounts"] = await keys.service_accounts(client, project.id)
    found["users"] = await keys.users(client)
    found["usage"] = await usage.usage(client, "completions", PERIOD)
    found["costs"] = await usage.costs(client, PERIOD, ["project_id", "line_item"])
    found["limit"] = await spend.spend_limit(client)
    found["alerts"] = await spend.spend_alerts(client)
    found["organization"] = client.organization
    return found


def under(*faults: str) -> dict[str, Any]:
    world = World.seeded(7, "small", NOW)
    project_id = next(iter(world.service_accounts.values())).project_id

    async def ask() -> dict[str, Any]:
        async with client_of(build(world, faults), key=world.admin_key) as client:
            return await everything(client, project_id)

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    found = under()
    assert all(found.values())
    return found


def test_no_hostile_name_gets_through(plain: dict[str, Any]) -> None:
    found = under("hostile-names")
    text = msgspec.json.encode(found).decode()
    assert "␛]52;c;" in text
    told = repr(msgspec.json.decode(text))
    assert not HARMFUL.search(told)
    assert not set("\t\n\r") & set(told)
    assert [key.id for key in found["keys"]] == [key.id for key in plain["keys"]]


@pytest.mark.parametrize("fault", ["unknown-fields", "string-amounts"])
def test_new_words_and_texts_for_numbers_change_no_sum(plain: dict[str, Any], fault: str) -> None:
    routes = ("projects", "users", "admin_api_keys", "usage", "costs")
    found = under(*(f"{fault}@GET /organization/{route}" for route in routes))
    assert total(row.amount for row in found["costs"]) == total(r.amount for r in plain["costs"])
    assert found["usage"] == plain["usage"]
    assert len(found["keys"]) == len(plain["keys"])


@pytest.mark.parametrize("fault", ["null-fields", "missing-fields"])
def test_half_of_the_fields_are_enough(plain: dict[str, Any], fault: str) -> None:
    found = under(fault)
    for what in ("projects", "keys", "admin keys", "accounts", "users"):
        assert len(found[what]) == len(plain[what])
    for name in ("input_tokens", "output_tokens", "num_model_requests"):
        asked = sum(getattr(row, name) for row in found["usage"])
        assert asked == sum(getattr(row, name) for row in plain["usage"])


def test_a_limit_in_other_units_is_not_taken_for_dollars_a_month() -> None:
    with pytest.raises(BadAnswer, match="fortnight"):
        under("unknown-fields@GET /organization/spend_limit")


def test_no_number_that_is_none_is_taken() -> None:
    with pytest.raises(ApiProblem):
        under("nan@/organization/costs")
    with pytest.raises(ApiProblem):
        under("nan@/organization/usage/completions")
