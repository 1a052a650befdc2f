"""A change that fails: it was made, or it was not, or nobody knows; never twice."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from oai_tui.api import keys
from oai_tui.api.client import Client
from oai_tui.core.errors import (
    ApiProblem,
    KeyRefused,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from oai_tui.core.keys import ApiKey, KeyKind, NewKey
from oai_tui.simulator.server import Running, running
from tests.api.talking import Answer, Platform, asking, client_of

ADMIN_KEYS = "/organization/admin_api_keys"


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(now=1_795_350_000) as found:
        yield found


def named(served: Running, name: str) -> list[str]:
    return [key.id for key in served.world.admin_keys.values() if key.name == name]


def making(client: Client, name: str) -> NewKey:
    return asking(client, lambda c: keys.create_admin_key(c, name, None))


@pytest.mark.parametrize(
    ("fault", "made", "kind"),
    [
        ("reset-before", 0, OutcomeUnknown),
        ("reset-after", 1, OutcomeUnknown),
        ("timeout-after", 1, OutcomeUnknown),
        ("hang", 0, OutcomeUnknown),
        ("cut-body", 1, OutcomeUnknown),
        ("empty-body", 1, OutcomeUnknown),
        ("500", 0, OutcomeUnknown),
        ("502-html", 0, OutcomeUnknown),
        ("503", 0, OutcomeUnknown),
        ("wrong-type", 0, OutcomeUnknown),
        ("401-envelope", 0, KeyRefused),
        ("401-plain", 0, MissingScope),
        ("403-envelope", 0, MissingScope),
        ("403-plain", 0, MissingScope),
        ("404-envelope", 0, NotFound),
        ("404-bare", 0, NotFound),
        ("429", 0, RateLimited),
        ("429-bare", 0, RateLimited),
        ("429-long", 0, RateLimited),
    ],
)
def test_a_failed_creation_is_sent_once_and_told_as_what_it_is(
    served: Running, fault: str, made: int, kind: type[ApiProblem]
) -> None:
    # Struck once only: sent again, the creation would succeed.
    served.faults.set(f"{fault}*1@POST {ADMIN_KEYS}")
    client = client_of(address=served.base_url, key=served.admin_key, deadline=1.5)
    with pytest.raises(kind) as caught:
        making(client, f"under {fault}")
    assert type(caught.value) is kind
    assert len(named(served, f"under {fault}")) == made
    if kind is OutcomeUnknown:
        assert "not known" in caught.value.what
        assert caught.value.way_out


@pytest.mark.parametrize("fault", ["null-fields", "missing-fields", "unknown-fields"])
def test_a_creation_survives_a_contract_that_drifts(served: Running, fault: str) -> None:
    served.faults.set(f"{fault}@POST {ADMIN_KEYS}")
    client = client_of(address=served.base_url, key=served.admin_key)
    made = making(client, f"under {fault}")
    assert named(served, f"under {fault}") == [made.id]
    assert made.secret.reveal().startswith("sk-admin-")


@pytest.mark.parametrize("status", [500, 501, 520, 522, 524, 599])
def test_whatever_failed_behind_the_door_may_have_made_it(status: int) -> None:
    platform = Platform(Answer(status, b"<html>", content_type="text/html"))
    with pytest.raises(OutcomeUnknown):
        making(client_of(platform), "ops")
    assert len(platform.asked) == 1


@pytest.mark.parametrize("status", [408, 500, 503])
def test_not_even_a_missing_permission_is_believed_of_a_failure(status: int) -> None:
    platform = Platform(Answer(status, {"error": "Missing scopes: api.management.read"}))
    with pytest.raises(OutcomeUnknown):
        making(client_of(platform), "ops")


@pytest.mark.parametrize(
    "body",
    [
        {"id": "key_1", "name": "ops"},
        {"id": "key_1", "value": None},
        {"id": "key_1", "value": ""},
        {"id": "key_1", "value": "sk-admin-a\x1b]52;c;x\x07"},
        {"id": "key_1", "value": "sk-admin-é"},
        {"id": "key_1", "value": "sk admin"},
        {"value": "sk-admin-abc"},
        [],
    ],
)
def test_an_answer_without_a_usable_key_leaves_one_to_look_for(body: object) -> None:
    with pytest.raises(OutcomeUnknown):
        making(client_of(Platform(Answer(body=body))), "ops")


def test_a_connection_that_never_opens_sent_nothing() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        place = busy.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(place)
        client = client_of(address=f"http://127.0.0.1:{place[1]}/v1", deadline=0.5)
        with pytest.raises(Unreachable):
            making(client, "ops")
        for each in waiting:
            each.close()


def test_a_cancelled_creation_leaves_no_connection(served: Running) -> None:
    served.faults.set(f"timeout-after@POST {ADMIN_KEYS}")

    async def cancel() -> int:
        client = client_of(address=served.base_url, key=served.admin_key)
        async with client:
            tasks = [
                asyncio.create_task(keys.create_admin_key(client, f"cut {number}", None))
                for number in range(8)
            ]
            while not all(named(served, f"cut {number}") for number in range(8)):
                await asyncio.wait(tasks, timeout=0.01)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(each, asyncio.CancelledError) for each in ended)
            served.faults.clear()
            # All places side by side are free again.
            found = await asyncio.gather(*(keys.admin_keys(client) for _ in range(8)))
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return len(found)

    assert asyncio.run(cancel()) == 8


def test_a_client_that_is_closed_under_a_change_does_not_say_it_was_not_made(
    served: Running,
) -> None:
    served.faults.set(f"timeout-after@POST {ADMIN_KEYS}")

    async def close() -> BaseException:
        client = client_of(address=served.base_url, key=served.admin_key)
        task = asyncio.create_task(keys.create_admin_key(client, "closed", None))
        while not named(served, "closed"):
            await asyncio.wait({task}, timeout=0.01)
        await client.close()
        (ended,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(ended, BaseException)
        return ended

    assert isinstance(asyncio.run(close()), OutcomeUnknown)


def revoking(client: Client, key: ApiKey) -> None:
    asking(client, lambda c: keys.delete_key(c, key))


@pytest.mark.parametrize("fault", ["reset-before", "reset-after", "timeout-after", "cut-body"])
def test_a_revocation_is_repeated_until_it_is_certain(served: Running, fault: str) -> None:
    served.faults.clear()
    made = making(client_of(address=served.base_url, key=served.admin_key), f"gone by {fault}")
    served.faults.set(f"{fault}*1@DELETE {ADMIN_KEYS}")
    key = ApiKey(made.id, made.name, KeyKind.ADMIN, "sk-admin…abcd", None)
    revoking(client_of(address=served.base_url, key=served.admin_key, deadline=1.5), key)
    assert served.world.admin_keys[made.id].deleted_at is not None


def test_a_revocation_that_does_not_say_so_is_not_one() -> None:
    key = ApiKey("key_1", "ops", KeyKind.ADMIN, "sk-admin…abcd", None)
    with pytest.raises(OutcomeUnknown):
        revoking(client_of(Platform(Answer(body={"id": "key_1"}))), key)


@pytest.mark.parametrize("id", ["..", ".", "a/b", "a?b", "a#b", "", "key_\ufffd", "a b", "ключ"])
def test_an_id_leads_no_request_elsewhere(id: str) -> None:
    platform = Platform(Answer(404))
    with pytest.raises(ApiProblem):
        revoking(client_of(platform), ApiKey(id, "x", KeyKind.ADMIN, "", None))
    assert not platform.asked
