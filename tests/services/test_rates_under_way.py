"""Readings of rate limits beside changes, beside other readings, and when they come to nothing."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from oai_tui.core.adjusting import RateChange
from oai_tui.core.limits import Ceiling
from oai_tui.services.billing.rate_changes import RateOutcome
from oai_tui.services.billing.rate_use import RateUse
from oai_tui.services.billing.writing import Done
from tests.services.estate import Estate, Memory, run
from tests.services.rating import Listening, desk_of, tables


def test_an_answer_that_was_under_way_does_not_replace_what_was_changed() -> None:
    estate, memory = Estate(), Memory()
    tables(estate, memory)
    through, reached, gate = estate.app, asyncio.Event(), asyncio.Event()

    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        reached.set()
        await gate.wait()
        await through(scope, receive, send)

    async def change() -> RateChange:
        async with desk_of(estate, memory) as desk:
            known = await anext(desk.load())
            wanted = RateChange(known.rows[0].limit, {Ceiling.REQUESTS: 77})

            async def read() -> None:
                async for _ in desk.load(fresh=True):
                    pass

            reading = asyncio.create_task(read())
            await reached.wait()
            taking = asyncio.create_task(desk.take([RateOutcome(wanted, Done("", "", "", ""))]))
            await asyncio.sleep(0)
            gate.set()
            await asyncio.gather(reading, taking)
            return wanted

    estate.app = waiting
    wanted = run(change())
    rows = {(row.limit.project_id, row.limit.id): row for row in tables(estate, memory)[0].rows}
    now = rows[wanted.limit.project_id, wanted.limit.id].limit
    assert now.ceilings[Ceiling.REQUESTS] == 77


def test_what_goes_wrong_with_one_project_comes_out_as_itself() -> None:
    estate = Estate()

    def fail(path: str) -> None:
        if path.endswith("/rate_limits"):
            raise LookupError(path)

    Listening(estate, fail)
    with pytest.raises(LookupError):
        tables(estate)


def test_use_of_before_is_let_go_of_when_it_is_asked_for_again() -> None:
    estate = Estate()

    async def ask() -> list[int]:
        held = []
        async with desk_of(estate, Memory()) as desk:
            for _ in range(3):
                estate.clock.pass_by(minutes=5)
                async for _ in desk.load():
                    pass
                gc.collect()
                held.append(sum(isinstance(each, RateUse) for each in gc.get_objects()))
        return held

    first, *later = run(ask())
    assert later == [first, first]


def test_an_answer_is_as_old_as_its_question() -> None:
    estate, memory = Estate(), Memory()
    tables(estate, memory)
    asked_at = estate.clock.now

    def take_long(path: str) -> None:
        if path.endswith("/rate_limits"):
            estate.clock.pass_by(minutes=1)

    Listening(estate, take_long)
    only = (estate.world.default_project.id,)
    assert tables(estate, memory, fresh=True, only=only)[-1].as_of == asked_at
    assert estate.clock.now > asked_at


def test_use_that_could_not_be_read_is_asked_for_again_at_once() -> None:
    estate = Estate("403-plain@GET /organization/usage")

    async def ask() -> list[bool]:
        known = []
        async with desk_of(estate, Memory()) as desk:
            for _ in range(2):
                known.append([found async for found in desk.load()][-1].can_mark)
                estate.faults.clear()
        return known

    assert run(ask()) == [False, True]
