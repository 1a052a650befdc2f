from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oai_tui.api.activity import ADMIN_KEY_EVENTS, KEY_EVENTS, events
from oai_tui.core.activity import Event
from oai_tui.core.errors import ApiProblem, Rejected
from oai_tui.simulator.server import build
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
    assert (event.type, event.at, event.resource_id) == ("odd.thing", None, "")


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
