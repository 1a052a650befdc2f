"""Rate limits are remembered with their age, and asked for again only when they are old."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace

import pytest

from oai_tui.core.adjusting import RateChange
from oai_tui.core.errors import ApiProblem, BadAnswer, MissingScope
from oai_tui.core.limits import Ceiling
from oai_tui.core.rates import RateRow
from oai_tui.services.billing import rate_memory
from oai_tui.services.billing.rate_changes import RateOutcome
from oai_tui.services.billing.rates import RateTable
from oai_tui.services.billing.writing import Done
from tests.services.estate import Estate, Memory, run
from tests.services.rating import Listening, desk_of, tables

LIVING = 7
ROUTE = "GET /organization/projects/*/rate_limits"


def read(estate: Estate) -> Memory:
    """Return what the first run remembered."""
    memory = Memory()
    tables(estate, memory)
    return memory


def limits(found: RateTable) -> list[object]:
    return [(row.project, row.limit) for row in found.rows]


def test_what_was_listed_is_there_at_once_in_the_next_run_with_its_age() -> None:
    estate = Estate()
    memory, first = read(estate), estate.clock.now
    estate.clock.pass_by(hours=3)
    heard = Listening(estate)
    known, *_, whole = tables(estate, memory)
    assert len(known.rows) == 70
    assert (known.as_of, known.is_awaited, known.throttled) == (first, True, ())
    assert limits(known) == limits(whole)
    assert whole.as_of == estate.clock.now
    assert len(heard.projects) == LIVING


@pytest.mark.parametrize(("minutes", "asked"), [(0, 0), (59, 0), (60, LIVING)])
def test_only_what_is_older_than_an_hour_is_asked_for_again(minutes: int, asked: int) -> None:
    estate = Estate()
    memory = read(estate)
    heard = Listening(estate)
    estate.clock.pass_by(minutes=minutes)
    assert tables(estate, memory)[-1].to_read == asked
    assert len(heard.projects) == asked


def test_asking_afresh_asks_for_everything() -> None:
    estate = Estate()
    memory = read(estate)
    heard = Listening(estate)
    assert tables(estate, memory, fresh=True)[-1].to_read == LIVING
    assert len(heard.projects) == LIVING
    assert "/v1/organization/projects" in heard.asked


def test_use_is_asked_for_once_in_five_minutes() -> None:
    estate, memory = Estate(), Memory()
    heard = Listening(estate)

    async def ask() -> list[int]:
        asked = []
        async with desk_of(estate, memory) as desk:
            for minutes in (0, 4, 1):
                estate.clock.pass_by(minutes=minutes)
                before = len(heard.asked)
                async for _ in desk.load():
                    pass
                asked.append(sum("/usage/" in path for path in heard.asked[before:]))
        return asked

    first, second, third = run(ask())
    assert (second, third) == (0, first)


def test_the_projects_in_use_are_asked_first() -> None:
    estate, memory = Estate(), Memory()
    heard = Listening(estate)

    async def ask() -> set[str]:
        async with desk_of(estate, memory) as desk:
            found = [found async for found in desk.load()][-1]
            heard.asked.clear()
            async for _ in desk.load(fresh=True):
                pass
        names = {each.project for each in found.unplaced}
        rows = [row for row in found.rows if row.used or row.project in names]
        return {row.limit.project_id for row in rows}

    used = run(ask())
    assert 0 < len(used) < LIVING
    assert set(heard.projects[: len(used)]) == used


def test_what_came_is_kept_when_the_reading_is_broken_off() -> None:
    estate, memory = Estate(scale="large"), Memory()

    async def leave() -> set[str]:
        async with desk_of(estate, memory) as desk, aclosing(desk.load()) as loading:
            async for found in loading:
                if found.rows:
                    return {row.limit.project_id for row in found.rows}
        return set()

    heard = Listening(estate)
    seen = run(leave())
    assert 0 < len(seen) < 1_000
    known = tables(estate, memory, only=tuple(seen))[0]
    assert {row.limit.project_id for row in known.rows} == seen
    assert len(heard.projects) < 1_000


def test_an_archived_project_is_forgotten_and_a_new_one_is_asked_for() -> None:
    estate = Estate()
    memory = read(estate)
    gone = next(p for p in estate.world.projects.values() if p.name == "Research")
    gone.archived_at = int(estate.clock.now.timestamp())
    estate.clock.pass_by(hours=1)
    known, *_, whole = tables(estate, memory)
    assert any(row.project == "Research" for row in known.rows)
    assert not any(row.project == "Research" for row in whole.rows)


def test_what_cannot_be_read_again_is_shown_as_it_was_with_its_age() -> None:
    estate = Estate()
    memory, first = read(estate), estate.clock.now
    estate.clock.pass_by(hours=3)
    broken = estate.world.default_project
    estate.faults.set(f"404-bare@GET /organization/projects/{broken.id}/rate_limits")
    found = tables(estate, memory)[-1]
    assert (len(found.rows), found.as_of) == (70, first)
    assert found.gaps[0].endswith("What was seen of them last is shown.")
    estate.faults.set("500@GET /organization/projects")
    estate.clock.pass_by(hours=3)
    found = tables(estate, memory)[-1]
    assert len(found.rows) == 70
    assert found.gaps[0].startswith("The projects are as last seen:")


def test_what_holds_for_all_projects_is_not_asked_of_each() -> None:
    estate = Estate(scale="large")
    estate.faults.set(f"403-envelope@{ROUTE}")
    heard = Listening(estate)
    with pytest.raises(MissingScope):
        tables(estate)
    assert len(heard.projects) < 20


def test_nothing_known_and_no_projects_is_a_failure() -> None:
    estate = Estate("500@GET /organization/projects")
    with pytest.raises(ApiProblem):
        tables(estate)


def test_what_was_read_back_of_a_change_is_known_at_once_and_a_doubt_is_asked_about() -> None:
    estate = Estate()
    memory = read(estate)
    heard = Listening(estate)

    async def change() -> list[RateRow]:
        async with desk_of(estate, memory) as desk:
            shown = [found async for found in desk.load()][-1]
            by_project = {row.project: row for row in shown.rows}
            rows = [by_project["Web app"], by_project["Research"]]
            good, bad = (RateChange(row.limit, {Ceiling.REQUESTS: 77}) for row in rows)
            done = Done("", "", "", "")
            await desk.take([RateOutcome(good, done), RateOutcome(bad, problem=BadAnswer("No."))])
            return rows

    good, bad = run(change())
    known, *_, whole = tables(estate, memory)
    now = {(row.limit.project_id, row.limit.id): row.limit for row in known.rows}
    was = good.limit
    changed = {**was.ceilings, Ceiling.REQUESTS: 77}
    assert now[was.project_id, was.id] == replace(was, ceilings=changed)
    assert now[bad.limit.project_id, bad.limit.id] == bad.limit
    assert heard.projects == [bad.limit.project_id]
    assert whole.to_read == 1


@pytest.mark.parametrize("reads_meanwhile", [False, True])
def test_a_run_that_ends_in_a_change_leaves_what_it_changed_to_be_asked_for(
    reads_meanwhile: bool,
) -> None:
    estate = Estate()
    memory = read(estate)

    async def begin() -> str:
        async with desk_of(estate, memory) as desk:
            limit = [found async for found in desk.load()][-1].rows[0].limit
            await desk.doubt([RateChange(limit, {Ceiling.REQUESTS: 77})])
            async for _ in desk.load(fresh=reads_meanwhile, only=(limit.project_id,)):
                pass
            return limit.project_id

    changed = run(begin())
    heard = Listening(estate)
    tables(estate, memory)
    tables(estate, memory)
    assert heard.projects == [changed]


def test_a_change_that_went_well_leaves_nothing_to_be_asked_for() -> None:
    estate = Estate()
    memory = read(estate)
    heard = Listening(estate)

    async def change() -> None:
        async with desk_of(estate, memory) as desk:
            row = [found async for found in desk.load()][-1].rows[0]
            wanted = RateChange(row.limit, {Ceiling.REQUESTS: 77})
            await desk.doubt([wanted])
            await desk.take([RateOutcome(wanted, Done("", "", "", ""))])

    run(change())
    tables(estate, memory)
    assert heard.projects == []


@pytest.mark.parametrize("payload", [b"", b"\x00", b"{}", b"\x95\x02\x80\xc0\x90\x90"])
def test_a_damaged_memory_is_none(payload: bytes) -> None:
    estate = Estate()
    memory = read(estate)
    memory.put(rate_memory.NAME, payload, estate.clock.now)
    assert tables(estate, memory)[-1].to_read == LIVING


def test_what_is_remembered_is_bounded_and_the_oldest_make_room() -> None:
    estate = Estate()
    memory = Memory()
    each = rate_memory.MOST_ROWS // 10
    now = estate.clock.now
    found = next(row.limit for row in tables(estate)[-1].rows)
    many = rate_memory.Memory()
    for number in range(12):
        estate.clock.pass_by(minutes=1)
        many.listed[str(number)] = rate_memory.Listed(estate.clock.now, (found,) * each)
    rate_memory.keep(memory, many, now)
    assert set(rate_memory.recall(memory).listed) == {str(number) for number in range(2, 12)}
