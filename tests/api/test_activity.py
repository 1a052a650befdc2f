from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oai_tui.api.activity import ADMIN_KEY_EVENTS, KEY_EVENTS, Trail, Wanted, events
from oai_tui.core.activity import ActorKind, Event
from oai_tui.core.errors import ApiProblem, BadAnswer, PlatformDown, Rejected
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from tests.api.talking import Answer, Platform, asking, client_of

NOW = 1_795_350_000


def ask(world: World, *faults: str, **more: Any) -> list[Event]:
    client = client_of(build(world, faults), key=world.admin_key)
    return asking(client, lambda c: events(c, **more))


def told(*entries: dict[str, Any], **more: Any) -> tuple[list[Event], Platform]:
    platform = Platform(Answer(body={"object": "list", "data": list(entries), "has_more": False}))
    return asking(client_of(platform), lambda c: events(c, **more)), platform


def test_the_whole_log_newest_first() -> None:
    world = World.seeded(7, "small", NOW)
    found = ask(world)
    ordinary = [event for event in world.audit if not event.type.startswith("tenant.")]
    assert [event.id for event in found] == [event.id for event in reversed(ordinary)]
    moments = [event.at for event in found if event.at]
    assert moments == sorted(moments, reverse=True)


def test_the_lines_of_keys() -> None:
    world = World.seeded(7, "small", NOW)
    found = ask(world, types=KEY_EVENTS)
    assert found
    assert {event.type for event in found} <= set(KEY_EVENTS)
    for event in found:
        told = next(each for each in world.audit if each.id == event.id)
        assert event.resource_id == told.resource_id
        assert event.project_id == told.project_id
        assert "@" in event.actor
    created = next(event for event in found if event.type == "api_key.created")
    assert created.scopes is not None
    updated = next(event for event in found if event.type == "api_key.updated")
    assert (updated.scopes, bool(updated.expires_in)) == (None, True)


def test_lines_of_one_key_since_a_time() -> None:
    world = World.seeded(7, "small", NOW)
    event = next(each for each in world.audit if each.type == "api_key.deleted")
    found = ask(world, resources=[event.resource_id])
    assert {each.resource_id for each in found} == {event.resource_id}
    assert found[0].type == "api_key.deleted"
    at = datetime.fromtimestamp(event.at, UTC)
    assert ask(world, resources=[event.resource_id], since=at)[-1].at == at
    assert ask(world, resources=[event.resource_id], since=at + timedelta(seconds=1)) == []


def test_lines_of_admin_keys_are_asked_for_as_those_of_the_tenant() -> None:
    world = World.seeded(7, "small", NOW)
    found = ask(world, types=ADMIN_KEY_EVENTS)
    assert {event.resource_id for event in found} == set(world.admin_keys)


def test_not_more_than_wanted_are_read() -> None:
    world = World.seeded(7, "small", NOW)
    assert len(ask(world, limit=150)) == 150
    many = [{"id": f"log_{number}"} for number in range(9)]
    found, platform = told(*many, limit=5)
    assert [event.id for event in found] == [f"log_{number}" for number in range(5)]
    assert ("limit", "5") in platform.asked[0].query


@pytest.mark.parametrize(
    ("actor", "label"),
    [
        (None, ""),
        ({}, ""),
        ({"type": "session", "session": {"user": {"id": "u1", "email": "b@acme.io"}}}, "b@acme.io"),
        ({"session": {"user": {"id": "u1"}}}, "u1"),
        ({"api_key": {"id": "key_1", "user": {"email": "b@acme.io"}}}, "b@acme.io"),
        ({"api_key": {"id": "key_1", "service_account": {"id": "svc_1", "name": "ci"}}}, "ci"),
        ({"api_key": {"id": "key_1", "service_account": {"id": "svc_1"}}}, "svc_1"),
        ({"api_key": {"id": "key_1"}}, "key key_1"),
    ],
)
def test_whoever_did_it(actor: object, label: str) -> None:
    [event], _ = told({"id": "log_1", "type": "api_key.created", "actor": actor})
    assert event.actor == label


def test_a_line_of_a_type_unknown_to_us() -> None:
    [event], _ = told({"id": "log_1", "type": "odd.thing", "odd.thing": {"id": "x"}, "more": 1})
    assert (event.type, event.at, event.resource_id) == ("odd.thing", None, "x")
    assert event.details == (("id", "x"),)


def test_outside_text_is_cleaned() -> None:
    evil = "\x1b]52;c;x\x07"
    [event], _ = told(
        {
            "id": evil,
            "type": "api_key.updated",
            "project": {"id": evil},
            "actor": {"session": {"user": {"email": evil}}},
            "api_key.updated": {"id": evil, "changes_requested": {"scopes": [evil]}},
        }
    )
    texts = (event.id, event.actor, event.resource_id, event.project_id, *(event.scopes or ()))
    assert [text for text in texts if "\x1b" in text or "\x07" in text] == []


def test_a_log_that_is_switched_off_is_a_problem() -> None:
    off = Platform(Answer(400, {"error": {"message": "Audit logging is not enabled."}}))
    with pytest.raises(Rejected):
        asking(client_of(off), events)
    with pytest.raises(ApiProblem):
        ask(World.seeded(7, "small", NOW), "500")


def test_everything_that_is_told_of_a_line() -> None:
    limits = {"max_requests_per_1_minute": 500, "nested": {"deep": [1, "two", None]}}
    [event], _ = told(
        {
            "id": "log_1",
            "type": "rate_limit.updated",
            "effective_at": NOW,
            "project": {"id": "proj_1", "name": "Web"},
            "actor": {
                "type": "session",
                "session": {
                    "user": {"id": "user_1", "email": "b@acme.io"},
                    "ip_address": "203.0.113.7",
                    "user_agent": "curl",
                },
            },
            "rate_limit.updated": {"id": "rl_1", "changes_requested": limits},
        }
    )
    assert (event.actor_kind, event.actor_id) == (ActorKind.SESSION, "user_1")
    assert (event.actor_email, event.ip, event.agent) == ("b@acme.io", "203.0.113.7", "curl")
    assert (event.project_id, event.project_name) == ("proj_1", "Web")
    assert dict(event.details) == {
        "id": "rl_1",
        "max_requests_per_1_minute": "500",
        "nested.deep": "1, two, null",
    }


def test_details_are_bounded_and_hold_no_key_and_no_control() -> None:
    many = {f"name{number}": "x" * 9000 for number in range(500)}
    odd = {"key": "sk-proj-" + "a" * 60, "\x1b[2J": "\x1b]52;c;x\x07", "deep": {}}
    inner = odd["deep"]
    for _ in range(50):
        inner["deep"] = {}  # type: ignore[index]
        inner = inner["deep"]  # type: ignore[index]
    [event], _ = told({"id": "log_1", "type": "odd.thing", "odd.thing": {**odd, **many}})
    assert len(event.details) == 40
    assert all(len(name) <= 80 and len(value) <= 300 for name, value in event.details)
    assert dict(event.details)["key"] == "<key removed>"
    assert "\x1b" not in str(event.details)


@pytest.mark.parametrize(
    "odd",
    [
        {"actor": "bob"},
        {"actor": {"session": []}},
        {"project": 7},
        {"api_key.updated": "nothing"},
        {"api_key.updated": {"id": 7}},
        {"api_key.updated": {"id": "key_1", "changes_requested": {"scopes": "all"}}},
    ],
)
def test_a_part_that_is_not_as_documented_does_not_take_the_line(odd: dict[str, Any]) -> None:
    [event], _ = told({"id": "log_1", "type": "api_key.updated", "effective_at": NOW, **odd})
    assert event.type == "api_key.updated"
    assert event.at is not None


def test_a_line_without_an_id_is_a_problem() -> None:
    with pytest.raises(BadAnswer):
        told({"type": "api_key.updated"})


def read(world: World, wanted: Wanted, *faults: str, pages: int = 99) -> list[list[Event]]:
    """Read a trail to its end, or so many pages of it."""

    async def follow(trail: Trail) -> list[list[Event]]:
        found: list[list[Event]] = []
        while not trail.is_done and len(found) < pages:
            found.append(await trail.next())
        return found

    client = client_of(build(world, faults), key=world.admin_key)
    return asking(client, lambda c: follow(Trail(c, wanted, 40)))


def test_a_trail_is_read_page_by_page() -> None:
    world = World.seeded(7, "small", NOW)
    pages = read(world, Wanted())
    ids = [event.id for page in pages for event in page]
    ordinary = [event.id for event in world.audit if not event.type.startswith("tenant.")]
    assert ids == ordinary[::-1]
    assert {len(page) for page in pages[:-1]} == {40}


def test_a_trail_by_whoever_did_it_where_and_when() -> None:
    world = World.seeded(7, "small", NOW)
    bob = next(person for person in world.people.values() if person.name == "Bob Okafor")
    by_mail = [e.id for page in read(world, Wanted(emails=(bob.email,))) for e in page]
    by_id = [e.id for page in read(world, Wanted(actors=(bob.id,))) for e in page]
    assert by_mail == by_id != []
    since, until = (datetime.fromtimestamp(NOW - days * 86400, UTC) for days in (30, 10))
    found = [e for page in read(world, Wanted(since=since, until=until)) for e in page]
    assert found
    assert all(e.at and since <= e.at < until for e in found)
    place = world.default_project.id
    found = [e for page in read(world, Wanted(projects=(place,))) for e in page]
    assert {e.project_id for e in found} == {place}
    found = [e for page in read(world, Wanted(tenant=True)) for e in page]
    assert found
    assert all(e.is_tenant for e in found)


def test_a_page_that_failed_can_be_asked_for_again() -> None:
    page = {"data": [{"id": "log_2"}], "has_more": True, "last_id": "log_2"}
    last = {"data": [{"id": "log_1"}], "has_more": False}
    platform = Platform(Answer(body=page), Answer(501), Answer(body=last))

    async def follow(trail: Trail) -> list[str]:
        first = await trail.next()
        with pytest.raises(PlatformDown):
            await trail.next()
        assert not trail.is_done
        return [event.id for event in (*first, *await trail.next())]

    assert asking(client_of(platform), lambda c: follow(Trail(c, Wanted()))) == ["log_2", "log_1"]


@pytest.mark.parametrize(
    "pages",
    [
        [{"data": [{"id": "a"}], "has_more": True, "last_id": "a"}],
        [{"data": [], "has_more": True, "last_id": "a"}],
        [
            {"data": [{"id": "a"}], "has_more": True, "last_id": "c"},
            {"data": [{"id": "b"}], "has_more": True, "last_id": "c"},
        ],
    ],
)
def test_a_log_without_an_end_is_refused(pages: list[dict[str, Any]]) -> None:
    platform = Platform(*(Answer(body=page) for page in pages))
    with pytest.raises(BadAnswer, match="come to an end"):
        asking(client_of(platform), events)


def test_a_cursor_that_comes_again_is_not_followed_for_ever() -> None:
    numbers = iter(range(99))

    def page(_: object) -> Answer:
        return Answer(
            body={"data": [{"id": f"log_{next(numbers)}"}], "has_more": True, "last_id": "c"}
        )

    platform = Platform(page)
    with pytest.raises(BadAnswer, match="come to an end"):
        asking(client_of(platform), lambda c: events(c, limit=50))
    assert len(platform.asked) == 2
