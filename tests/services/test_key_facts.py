"""What keys did, joined to them, and what is not known of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oai_tui.api.usage import requests_by_key
from oai_tui.core.keys import KeyKind
from oai_tui.core.period import Period, last_days
from oai_tui.services.inventory import Inventory, load
from tests.api.talking import client_of
from tests.services.estate import EVERYTHING, Estate, Memory, living, pictures, row_of, run
from tests.services.estate import NOW as NOW_SECONDS

NOW = datetime.fromtimestamp(NOW_SECONDS, UTC)


def busiest(known: Inventory) -> str:
    return max(known.facts, key=lambda id: known.facts[id].requests or 0)


def test_what_keys_did_is_joined_to_them() -> None:
    estate = Estate()
    whole = pictures(estate, Memory())[-1]
    assert whole.facts_as_of == estate.clock()
    used = whole.facts[busiest(whole)]
    assert used.requests == sum(used.daily) > 0
    assert len(used.daily) == 30
    assert used.cost
    today = datetime.fromtimestamp(NOW_SECONDS, UTC).date()
    counted = requests_of(estate, busiest(whole), last_days(30, today))
    assert used.requests == counted
    quiet = next(key for key in whole.keys if key.project and key.id not in whole.facts)
    assert (whole.facts_of(quiet).requests, whole.facts_of(quiet).cost) == (0, Decimal(0))
    events = [facts.last_event for facts in whole.facts.values() if facts.last_event]
    newest = next(e for e in reversed(estate.world.audit) if e.type.startswith("api_key."))
    assert newest.id in {event.id for event in events}


def requests_of(estate: Estate, key_id: str, period: Period) -> int:
    async def ask() -> int:
        async with estate.client() as client:
            told = await requests_by_key(client, period, [key_id])
            return sum(told.by_key[key_id].values())

    return run(ask())


def test_nothing_is_counted_of_admin_keys() -> None:
    whole = pictures(Estate(), Memory())[-1]
    admin = next(key for key in whole.keys if key.kind is KeyKind.ADMIN)
    assert (whole.facts_of(admin).requests, whole.facts_of(admin).cost) == (None, None)


def test_costs_by_key_that_are_refused_are_not_known_and_not_zero() -> None:
    estate = Estate("refuse-cost-by-key")
    whole = pictures(estate, Memory())[-1]
    assert whole.notes == ("The platform refuses costs by key, so costs are not shown here.",)
    assert whole.gaps == ()
    assert {whole.facts_of(key).cost for key in whole.keys} == {None}
    assert whole.facts[busiest(whole)].requests


@pytest.mark.parametrize("refusal", ["403-envelope", "403-plain"])
def test_a_key_that_may_not_read_usage_still_lists_keys(refusal: str) -> None:
    estate = Estate(f"{refusal}@GET /organization/usage", f"{refusal}@GET /organization/costs")
    whole = pictures(estate, Memory())[-1]
    assert {key.id for key in whole.keys} == living(estate)
    assert len(whole.notes) == 2
    assert whole.gaps == ()
    assert {whole.facts_of(key).requests for key in whole.keys} == {None}
    assert "spending" not in {row.state.word for row in whole.rows(estate.clock())}


def test_an_audit_log_that_is_off_is_noted() -> None:
    estate = Estate("403-envelope@GET /organization/audit_logs")
    whole = pictures(estate, Memory())[-1]
    assert [note.partition(" are not known")[0] for note in whole.notes] == [
        "The last changes of keys"
    ]
    assert not [facts for facts in whole.facts.values() if facts.last_event]


@pytest.mark.parametrize(
    ("route", "subject"),
    [
        ("/organization/usage", "The requests of keys"),
        ("/organization/costs", "The costs of keys"),
        ("/organization/audit_logs", "The last changes of keys"),
        ("/organization/users", "The members"),
    ],
)
def test_one_failing_part_takes_nothing_else_away(route: str, subject: str) -> None:
    estate, memory = Estate(), Memory()
    whole = pictures(estate, memory)[-1]
    estate.clock.pass_by(hours=2)
    estate.faults.set(f"500@GET {route}")
    later = pictures(estate, memory)[-1]
    assert later.is_complete
    assert later.keys == whole.keys
    [gap] = later.gaps
    assert gap.startswith(f"{subject} could not be read")
    if subject == "The members":
        assert later.members == whole.members
    else:
        assert later.facts == whole.facts
        assert later.facts_as_of == whole.as_of
        assert "as of 22 Nov 12:20 UTC" in gap


def test_the_list_does_not_wait_for_the_facts() -> None:
    estate = Estate("hang@GET /organization/usage", "hang@GET /organization/costs")
    whole = living(estate)

    async def read() -> bool:
        client = client_of(estate.app, key=estate.world.admin_key, deadline=30)
        async with client, asyncio.timeout(5):
            async for picture in load(client, Memory(), estate.clock, wants=EVERYTHING):
                if {key.id for key in picture.keys} == whole:
                    return not picture.is_complete
        return False

    assert run(read())


def test_kinds_of_usage_that_fail_are_told_and_no_key_is_called_unused() -> None:
    estate = Estate("500@GET /organization/usage/images")
    whole = pictures(estate, Memory())[-1]
    assert [gap for gap in whole.gaps if "images" in gap]
    assert whole.facts[busiest(whole)].requests
    assert whole.idle.requests is None


def test_deleted_keys_keep_their_last_known_name() -> None:
    estate, memory = Estate(), Memory()
    before = pictures(estate, memory)[-1]
    gone = next(key for key in before.keys if key.id == busiest(before))
    key = estate.world.keys[gone.id]
    key.deleted_at = NOW_SECONDS
    for _ in range(2):
        after = pictures(estate, memory)[-1]
        assert gone.id not in {key.id for key in after.keys}
        assert gone.id not in {row.id for row in after.rows(estate.clock())}
        row = row_of(after, gone.id, deleted=True)
        assert (row.key.name, row.key.kind, row.state.word) == (
            gone.name,
            KeyKind.DELETED,
            "deleted",
        )
        assert row.facts.requests == before.facts[gone.id].requests
    first = pictures(estate, memory)[0]
    assert first.from_cache
    assert gone.id in {key.id for key in first.deleted}


def test_keys_that_usage_names_and_nobody_lists_are_taken_for_deleted() -> None:
    estate = Estate()
    gone = busiest(pictures(estate, Memory())[-1])
    estate.world.keys[gone].deleted_at = NOW_SECONDS
    whole = pictures(estate, Memory())[-1]
    assert [key.id for key in whole.deleted] == [gone]
    row = row_of(whole, gone, deleted=True)
    assert (row.key.name, row.state.word) == ("", "deleted")
    assert row.facts.requests
