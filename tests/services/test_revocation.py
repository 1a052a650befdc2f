from __future__ import annotations

from dataclasses import replace

import pytest

from oai_tui.core.errors import ApiProblem, OutcomeUnknown, Rejected, WrongInput
from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project
from oai_tui.core.secret import Secret
from oai_tui.services.revocation import (
    KeptWithAccount,
    delete_account,
    is_in_use,
    keys_of_account,
    revoke,
)
from tests.api.talking import Answer, Platform, client_of
from tests.canary import CANARY
from tests.services.estate import Estate, run

OWN = ApiKey("key_1", "ops", KeyKind.ADMIN, f"sk-admin…{CANARY[-4:]}", None)
SECRET = Secret(CANARY)


@pytest.mark.parametrize(
    ("masked", "own"),
    [
        (f"sk-admin…{CANARY[-4:]}", True),
        (f"sk-admin…{CANARY[-3:]}", True),
        ("sk-admin…", True),
        ("", True),
        ("sk-admin…zzzz", False),
        ("sk-admin…def", False),
    ],
)
def test_ones_own_key_is_known_by_any_ending(masked: str, own: bool) -> None:
    assert is_in_use(replace(OWN, masked=masked), SECRET) is own


def test_a_project_key_is_never_ones_own() -> None:
    assert not is_in_use(replace(OWN, kind=KeyKind.PROJECT, project=Project("p", "P")), SECRET)


@pytest.mark.parametrize("redaction", ["dots", "stars"])
def test_the_key_in_use_is_not_revoked(redaction: str) -> None:
    estate = Estate()
    estate.world.redaction = redaction  # type: ignore[assignment]
    secret = estate.world.admin_key

    async def try_it() -> list[ApiKey]:
        async with estate.client() as client:
            listed = [key for key in await estate.listed(client) if is_in_use(key, Secret(secret))]
            for key in listed:
                with pytest.raises(WrongInput, match="signed in with"):
                    await revoke(client, key, Secret(secret))
            return listed

    assert len(run(try_it())) == 1
    assert next(iter(estate.world.admin_keys.values())).deleted_at is None


def revoked(estate: Estate, *, of_service: bool | None) -> str:
    """Revoke the first key of that kind (None: an admin key) and give its id."""

    async def do() -> str:
        async with estate.client() as client:
            for key in await estate.listed(client):
                owner_fits = key.owner and key.owner.is_service_account is of_service
                fits = owner_fits if key.project else of_service is None
                if fits and not is_in_use(key, Secret(estate.world.admin_key)):
                    await revoke(client, key, Secret(estate.world.admin_key))
                    return key.id
        raise AssertionError("no such key")

    return run(do())


@pytest.mark.parametrize("of_service", [True, False, None])
def test_every_kind_of_key_is_revoked(of_service: bool | None) -> None:
    estate = Estate()
    id = revoked(estate, of_service=of_service)
    keys = estate.world.admin_keys if of_service is None else estate.world.keys
    assert keys[id].deleted_at is not None


@pytest.mark.parametrize("fault", ["404-envelope", "404-bare"])
def test_a_key_that_is_gone_counts_as_revoked(fault: str) -> None:
    assert revoked(Estate(f"{fault}@DELETE /"), of_service=False)


def test_a_service_accounts_key_that_cannot_be_deleted_has_a_way_out() -> None:
    estate = Estate()
    estate.world.service_account_key_delete = "refused"
    with pytest.raises(KeptWithAccount) as caught:
        revoked(estate, of_service=True)
    assert "service account" in caught.value.way_out
    assert caught.value.way_out.endswith("revokes it.")
    assert caught.value.request_id


@pytest.mark.parametrize("fault", ["500", "reset-before", "429-long", "403-plain", "401-envelope"])
def test_a_revocation_that_failed_says_so(fault: str) -> None:
    estate = Estate(f"{fault}@DELETE /")
    before = {key.id: key.deleted_at for key in estate.world.keys.values()}
    with pytest.raises(ApiProblem):
        revoked(estate, of_service=False)
    assert {key.id: key.deleted_at for key in estate.world.keys.values()} == before


@pytest.mark.parametrize("fault", ["500", "reset-before", "timeout-after"])
def test_an_answer_that_never_came_says_nothing(fault: str) -> None:
    with pytest.raises(OutcomeUnknown, match="was revoked") as caught:
        revoked(Estate(f"{fault}@DELETE /"), of_service=False)
    assert "no harm" in caught.value.way_out


@pytest.mark.parametrize("kind", [KeyKind.DELETED, KeyKind.ACCOUNT])
def test_what_is_no_living_key_is_not_sent(kind: KeyKind) -> None:
    platform = Platform()
    key = ApiKey("key_1", "x", kind, "sk-proj…abcd", None, project=Project("p", "P"))
    with pytest.raises(WrongInput, match="no key here"):
        run(revoke(client_of(platform), key, SECRET))
    assert not platform.asked


def test_the_account_goes_with_all_its_keys_and_no_other() -> None:
    estate = Estate()
    estate.world.service_account_key_delete = "refused"

    async def do() -> tuple[ApiKey, ...]:
        async with estate.client() as client:
            listed = await estate.listed(client)
            owned = [key for key in listed if key.owner and key.owner.is_service_account]
            counts = [(await keys_of_account(client, key), key) for key in owned]
            going, key = max(counts, key=lambda each: len(each[0]))
            assert going[0] == key
            await delete_account(client, key)
            return going

    before = {key.id for key in estate.world.keys.values() if key.deleted_at is None}
    going = run(do())
    after = {key.id for key in estate.world.keys.values() if key.deleted_at is None}
    assert before - after == {key.id for key in going}
    assert len(going) > 1


def test_an_owner_without_a_name_is_told_by_id() -> None:
    owner = Owner("service_account", "svc_1", "")
    key = ApiKey("key_1", "x", KeyKind.PROJECT, "", None, owner=owner, project=Project("p", "P"))
    client = client_of(Platform(Answer(400, {"error": "older behaviour"})))
    with pytest.raises(Rejected, match="svc_1"):
        run(revoke(client, key, SECRET))
