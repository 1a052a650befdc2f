"""The key list as it becomes known: from memory, in parts, whole, and with gaps."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.errors import ApiProblem, KeyRefused, PlatformDown, Unreachable
from oai_tui.core.keys import KeyKind
from oai_tui.services.inventory import Inventory, Wants, load, remembered
from oai_tui.store.cache import Cache
from tests.api.talking import Answer, Platform, client_of, closed_port
from tests.canary import leaks
from tests.services.estate import EVERYTHING, Estate, Memory, living, pictures, run


def test_the_whole_list() -> None:
    estate = Estate()
    whole = pictures(estate, Memory())[-1]
    assert {key.id for key in whole.keys} == living(estate)
    assert len(whole.keys) == len({key.id for key in whole.keys})
    assert {project.id for project in whole.projects} == set(estate.world.projects)
    assert whole.is_complete
    assert whole.read == whole.to_read > 2 * len(estate.world.projects)
    assert (whole.gaps, whole.as_of, whole.from_cache) == ((), estate.clock(), False)
    assert any(key.owner_access == "inactive" for key in whole.keys)


def test_a_list_is_said_to_be_as_old_as_the_question() -> None:
    estate = Estate()
    asked_at, platform = estate.clock(), estate.app

    async def slow(*connection: Any) -> None:
        estate.clock.pass_by(minutes=1)
        await platform(*connection)

    estate.app = slow
    assert pictures(estate, Memory())[-1].as_of == asked_at


def test_what_is_remembered_comes_first() -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    estate.clock.pass_by(hours=3)
    first, *_, last = pictures(estate, memory)
    assert first.from_cache
    assert not first.is_complete
    assert (first.keys, first.as_of) == (whole.keys, whole.as_of)
    assert last.is_complete
    assert last.as_of == estate.clock()


def test_parts_arrive_in_order_over_those_of_before() -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    gate = asyncio.Event()
    platform = estate.app
    last = whole.projects[-1].id

    async def one_is_slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].endswith(f"{last}/api_keys"):
            await gate.wait()
        await platform(scope, receive, send)

    estate.app = one_is_slow

    async def read() -> list[Inventory]:
        found: list[Inventory] = []
        async with estate.client() as client:
            async for picture in load(client, memory, estate.clock, wants=EVERYTHING):
                found.append(picture)
                if picture.to_read and picture.read == picture.to_read - 1:
                    gate.set()
        return found

    found = run(read())
    parts = found[1:-1]
    assert parts
    assert all(picture.as_of == estate.clock() for picture in parts)
    reads = [picture.read for picture in parts]
    assert reads == sorted(reads)
    assert not any(picture.is_complete for picture in parts)
    assert {picture.keys for picture in found} == {whole.keys}


def test_a_project_that_fails_becomes_a_gap_and_keeps_its_old_keys() -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    project = next(key.project for key in whole.keys if key.project)
    estate.faults.set(f"500@GET /organization/projects/{project.id}/api_keys")
    last = pictures(estate, memory)[-1]
    assert len(last.gaps) == 1
    assert project.name in last.gaps[0]
    assert set(last.keys) == set(whole.keys)
    fresh = pictures(estate, Memory())[-1]
    assert {key.id for key in whole.keys} - {key.id for key in fresh.keys} == {
        key.id for key in whole.keys if key.project == project
    }


def test_admin_keys_that_fail_are_a_gap_and_stay_remembered() -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    estate.faults.set("403-plain@GET /organization/admin_api_keys")
    last = pictures(estate, memory)[-1]
    assert [gap.partition(":")[0] for gap in last.gaps] == ["The admin keys could not be read"]
    assert last.keys == whole.keys
    fresh = pictures(estate, Memory())[-1]
    assert {key.kind for key in fresh.keys} == {KeyKind.PROJECT}


def test_archived_projects_that_refuse_are_no_gap() -> None:
    estate = Estate()
    archived = [p.id for p in estate.world.projects.values() if p.archived_at is not None]
    assert archived
    platform = estate.app

    async def refusing(scope: Any, receive: Any, send: Any) -> None:
        if any(id in scope["path"] for id in archived):
            await Platform(Answer(400, {"error": "archived"}))(scope, receive, send)
        else:
            await platform(scope, receive, send)

    estate.app = refusing
    last = pictures(estate, Memory())[-1]
    assert last.is_complete
    assert last.gaps == ()


@pytest.mark.parametrize(
    ("fault", "kind"), [("500", PlatformDown), ("401-envelope", KeyRefused), ("hang", ApiProblem)]
)
def test_without_projects_there_is_a_problem_after_what_is_remembered(
    fault: str, kind: type[ApiProblem]
) -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    kept = memory.kept.copy()
    estate.faults.set(fault)
    assert_fails_after_memory(estate, memory, whole, kind)
    assert memory.kept == kept


def test_without_a_network_the_remembered_list_is_shown() -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    assert_fails_after_memory(estate, memory, whole, Unreachable, address=closed_port())


def assert_fails_after_memory(
    estate: Estate,
    memory: Memory,
    whole: Inventory,
    kind: type[ApiProblem],
    *,
    address: str = "",
) -> None:
    found: list[Inventory] = []

    async def read() -> None:
        client = client_of(address=address) if address else estate.client()
        async with client:
            async for picture in load(client, memory, estate.clock, wants=EVERYTHING):
                found.append(picture)

    with pytest.raises(kind):
        run(read())
    assert [picture.keys for picture in found] == [whole.keys]
    assert found[0].from_cache


def test_a_reader_that_leaves_stops_the_requests() -> None:
    estate = Estate("hang@GET /organization/projects/*/api_keys")

    async def leave() -> None:
        async with estate.client() as client:
            pictures = load(client, Memory(), estate.clock)
            assert not (await anext(pictures)).is_complete
            await pictures.aclose()  # type: ignore[attr-defined]
            assert asyncio.all_tasks() == {asyncio.current_task()}

    run(leave())


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"keys": 7}', b"\xff"])
def test_a_damaged_memory_is_none(payload: bytes) -> None:
    estate, memory = Estate(), Memory()
    memory.put("inventory", payload, estate.clock())
    assert remembered(memory) is None
    assert pictures(estate, memory)[-1].is_complete


def test_an_organization_without_anything() -> None:
    estate = Estate()
    estate.world.projects.clear()
    estate.world.audit.clear()
    last = pictures(estate, Memory())[-1]
    assert last.is_complete
    assert last.projects == ()


def test_no_secret_is_remembered() -> None:
    estate, memory = Estate(), Memory()
    pictures(estate, memory)
    payload = memory.kept["inventory"][0]
    secrets = [key.value for key in estate.world.keys.values()] + [estate.world.admin_key]
    assert not [secret for secret in secrets if leaks(secret, payload)]


def test_a_large_organization_is_read_whole() -> None:
    estate = Estate(scale="large")
    whole = pictures(estate, Memory())[-1]
    assert len(whole.projects) >= 500
    assert {key.id for key in whole.keys} == living(estate)
    assert whole.gaps == ()


def test_archived_projects_are_read_on_request_only() -> None:
    estate = Estate()
    archived = {p.id for p in estate.world.projects.values() if p.archived_at is not None}
    usual = pictures(estate, Memory(), wants=Wants())[-1]
    everything = pictures(estate, Memory())[-1]
    assert set(usual.projects) == set(everything.projects)
    missing = {key.project.id for key in set(everything.keys) - set(usual.keys) if key.project}
    assert missing
    assert missing <= archived
    assert usual.unread == archived


def test_what_was_not_read_anew_keeps_its_age() -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    project = next(key.project for key in whole.keys if key.project)
    estate.faults.set(f"500@GET /organization/projects/{project.id}/api_keys")
    for _ in range(2):
        estate.clock.pass_by(hours=1)
        last = pictures(estate, memory)[-1]
        assert last.as_of == estate.clock()
        assert "They are shown as of 22 Nov 12:20 UTC." in last.gaps[0]
    again = remembered(memory, EVERYTHING)
    assert again
    assert again.gaps == last.gaps


def test_a_reason_is_told_once_for_many_projects() -> None:
    estate = Estate("500@GET /organization/projects/*/api_keys")
    whole = pictures(estate, Memory())[-1]
    assert len(whole.gaps) == 1
    assert f"and {len(whole.projects) - 2} more projects" in whole.gaps[0]
    assert whole.is_complete


def test_what_is_remembered_is_all_there_was() -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    again = remembered(memory, EVERYTHING)
    assert again
    assert again == replace(whole, from_cache=True, read=0, to_read=0)
    assert again.rows(estate.clock()) == whole.rows(estate.clock())


def test_it_fits_into_the_cache(tmp_path: Path) -> None:
    estate = Estate()
    cache = Cache(tmp_path, "acme", "https://api.openai.com")

    async def read() -> Inventory:
        async with estate.client() as client:
            return [each async for each in load(client, cache, estate.clock)][-1]

    whole = run(read())
    again = remembered(cache)
    cache.close()
    assert again
    assert again.keys == whole.keys
    assert again.as_of == whole.as_of
