from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from oai_tui.simulator.fault_middleware import FaultMiddleware, fault_routes
from oai_tui.simulator.faults import Fault, Faults
from tests.simulator.usage_world import SmallWorld


class Shop:
    """A list of named things that can be added to, behind faults."""

    def __init__(self) -> None:
        self.things = ["first"]
        self.world = SmallWorld()
        self.faults = Faults(seed=7, world=self.world)
        routes = [Route("/v1/things", self.answer, methods=["GET", "POST"])]
        app = Starlette(routes=[*routes, *fault_routes(self.faults)])
        self.app = FaultMiddleware(app, self.faults)

    async def answer(self, request: Request) -> JSONResponse:
        if request.method == "POST":
            self.things.append("another")
        data = [
            {"id": f"t_{n}", "object": "thing", "name": name, "status": "active", "size": n}
            for n, name in enumerate(self.things)
        ]
        page = {"object": "list", "data": data, "has_more": False, "last_id": data[-1]["id"]}
        return JSONResponse(page)

    @asynccontextmanager
    async def client(self, peer: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app, client=(peer, 123))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            yield client

    def statuses(self, count: int, path: str = "/v1/things", method: str = "GET") -> list[int]:
        async def ask() -> list[int]:
            async with self.client() as client:
                return [(await client.request(method, path)).status_code for _ in range(count)]

        return asyncio.run(ask())

    def answers(self, *paths: str) -> list[Any]:
        async def ask() -> list[Any]:
            async with self.client() as client:
                return [(await client.get(path)).json() for path in paths]

        return asyncio.run(ask())


@pytest.mark.parametrize(
    "text",
    ["429", "500:0.25", "hang@/v1/organization", "429=3:0.5*2@POST /organization/costs", "503*1"],
)
def test_a_fault_is_written_as_it_is_read(text: str) -> None:
    assert str(Fault.parse(text)) == text


def test_the_parts_of_a_fault() -> None:
    fault = Fault.parse("429=3:0.5*2@POST /organization/costs")
    assert fault == Fault("429", 0.5, "/organization/costs", "POST", 2, 3)


@pytest.mark.parametrize("text", ["", "nothing", "429:2", "429:x", "429@", "429 503", "429:-1"])
def test_what_is_no_fault_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"fault|probability"):
        Fault.parse(text)


def test_every_fault_says_what_it_does_in_one_line() -> None:
    assert len(Fault.NAMES) >= 32
    assert all(line and "\n" not in line for line in Fault.NAMES.values())


def test_without_faults_nothing_happens() -> None:
    assert Shop().statuses(3) == [200, 200, 200]


def test_which_requests_are_struck_follows_from_the_seed() -> None:
    runs = []
    for seed in (1, 1, 2):
        shop = Shop()
        shop.faults.seed = seed
        shop.faults.set("500:0.3")
        runs.append(shop.statuses(60))
    assert runs[0] == runs[1] != runs[2]
    assert 8 <= runs[0].count(500) <= 30


def test_a_fault_strikes_only_its_route_and_method_and_only_so_often() -> None:
    shop = Shop()
    shop.faults.set("503*2@POST /things")
    assert shop.statuses(2) == [200, 200]
    assert shop.statuses(3, method="POST") == [503, 503, 200]
    assert shop.things == ["first", "another"]
    shop.faults.set("500@/v1/*ings")
    assert shop.statuses(1) == [500]
    shop.faults.clear()
    assert shop.statuses(1) == [200]


def test_a_fault_given_as_an_object_is_not_used_up() -> None:
    fault = Fault("503", times=1)
    shop = Shop()
    shop.faults.set(fault)
    assert shop.statuses(2) == [503, 200]
    assert fault.times == 1


def test_late_faults_turn_the_world_and_turn_it_back() -> None:
    shop = Shop()
    shop.faults.set("late-keys", "late-revocation=60", "late-costs")
    world = shop.world
    assert (world.new_key_delay, world.revocation_delay, world.cost_lag_hours) == (5, 60, 48)
    shop.faults.set("late-keys=9")
    assert (world.new_key_delay, world.revocation_delay, world.cost_lag_hours) == (9, 0, 5)
    shop.faults.clear()
    assert world.new_key_delay == 0
    shop.faults.set("idle", "credits=700")
    assert (world.idle, world.credit_cents) == (60, 700)
    shop.faults.set("credits")
    assert (world.idle, world.credit_cents) == (0, 50_000)


@pytest.mark.parametrize("made", [False, True])
def test_a_reset_in_process_is_an_error_before_or_after_the_change(made: bool) -> None:
    shop = Shop()
    shop.faults.set("reset-after" if made else "reset-before")
    with pytest.raises(ConnectionResetError):
        shop.statuses(1, method="POST")
    assert (len(shop.things) == 2) is made


def test_endless_cursors_are_new_and_repeated_ones_are_not() -> None:
    shop = Shop()
    shop.faults.set("endless-cursor")
    pages = shop.answers("/v1/things", "/v1/things?after=endless_1", "/v1/things?after=t_0")
    assert all(page["has_more"] and page["data"] for page in pages)
    assert len({page["last_id"] for page in pages}) == 3
    shop.faults.set("repeating-cursor")
    first, second = shop.answers("/v1/things", "/v1/things?after=t_0")
    assert first["has_more"]
    assert first["last_id"] == second["last_id"]


def test_fields_that_are_null_missing_or_new() -> None:
    shop = Shop()
    shop.things = ["a"] * 20
    shop.faults.set("null-fields")
    nulls = [row["name"] for row in shop.answers("/v1/things")[0]["data"]]
    assert 3 < nulls.count(None) < 17
    shop.faults.set("missing-fields")
    rows = shop.answers("/v1/things")[0]["data"]
    assert 3 < sum("name" not in row for row in rows) < 17
    assert all({"id", "object"} <= set(row) for row in rows)
    shop.faults.set("unknown-fields")
    row = shop.answers("/v1/things")[0]["data"][0]
    assert row["status"] == "dormant"
    assert "x_new_field" in row


def test_numbers_that_are_none_and_names_that_bite() -> None:
    shop = Shop()
    shop.faults.set("nan")
    sizes = [row["size"] for row in shop.answers(*["/v1/things"] * 3)[2]["data"]]
    assert all(size != size or abs(size) == float("inf") for size in sizes)
    shop.faults.set("hostile-names")
    name = shop.answers("/v1/things")[0]["data"][0]["name"]
    for piece in ("\x1b]52;", "\u202e", "[/x]", "\n"):
        assert piece in name


def test_a_held_request_goes_on_when_the_fault_is_switched_off() -> None:
    shop = Shop()
    shop.faults.set("hold*1@POST")
    (hold,) = shop.faults.active

    async def play() -> None:
        async with shop.client() as client:
            held = asyncio.create_task(client.post("/v1/things"))
            while hold.times:  # noqa: ASYNC110
                await asyncio.sleep(0)
            assert (await client.get("/v1/things")).status_code == 200
            assert not held.done()
            assert shop.things == ["first"]
            shop.faults.clear()
            assert (await held).status_code == 200
        assert shop.things == ["first", "another"]

    asyncio.run(play())


def test_the_switchboard_lists_sets_clears_and_refuses_nonsense() -> None:
    shop = Shop()

    async def play() -> None:
        async with shop.client() as client:
            told = await client.post("/_simulator/faults", json=["500@/v1/things", "latency=1"])
            assert told.json() == ["500@/v1/things", "latency=1"]
            assert (await client.get("/v1/things")).status_code == 500
            assert (await client.get("/_simulator/faults")).json() == told.json()
            for wrong in (["nothing"], {"a": 1}):
                refused = await client.post("/_simulator/faults", json=wrong)
                assert refused.status_code == 400
            assert (await client.post("/_simulator/faults", content=b"{")).status_code == 400
            assert len(shop.faults.active) == 2
            assert (await client.delete("/_simulator/faults")).json() == []
            assert (await client.get("/v1/things")).status_code == 200

    asyncio.run(play())


def test_only_this_machine_may_switch() -> None:
    shop = Shop()

    async def play() -> None:
        async with shop.client("192.0.2.7") as client:
            assert (await client.post("/_simulator/faults", json=["500"])).status_code == 403

    asyncio.run(play())
    assert shop.faults.active == []
