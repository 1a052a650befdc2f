"""What the audit log tells of one key."""

from __future__ import annotations

from oai_tui.core.keys import ApiKey, KeyKind
from oai_tui.services.key_story import Story, story
from tests.services.estate import Estate, pictures, run
from tests.services.estate import Memory as Nothing


def told(estate: Estate, key: ApiKey) -> Story:
    async def ask() -> Story:
        async with estate.client() as client:
            return await story(client, key)

    return run(ask())


def newest(estate: Estate) -> ApiKey:
    keys = [key for key in pictures(estate, Nothing())[-1].keys if key.kind is KeyKind.PROJECT]
    return max(keys, key=lambda key: key.created_at or estate.clock())


def test_the_trail_of_a_key() -> None:
    estate = Estate()
    key = newest(estate)
    found = told(estate, key)
    assert {event.resource_id for event in found.events} == {key.id}
    assert found.events[-1].type == "api_key.created"
    assert found.note == ""
    assert found.scopes == estate.world.keys[key.id].scopes


def test_the_trail_of_an_admin_key() -> None:
    estate = Estate()
    key = next(k for k in pictures(estate, Nothing())[-1].keys if k.kind is KeyKind.ADMIN)
    assert [event.type for event in told(estate, key).events] == ["tenant.admin_api_key.created"]


def test_a_key_the_log_does_not_mention() -> None:
    estate = Estate()
    found = told(estate, ApiKey("key_unheard_of", "", KeyKind.PROJECT, "", None))
    assert (found.events, found.scopes) == ((), None)
    assert found.note == "The audit log does not mention it."


def test_a_log_that_cannot_be_read_is_noted() -> None:
    estate = Estate()
    key = newest(estate)
    estate.faults.set("403-envelope@GET /organization/audit_logs")
    found = told(estate, key)
    assert found.events == ()
    assert found.note.startswith("The audit log could not be read: ")
