"""What a pasted key is told: each kind its sentence, and nothing sent that should not be."""

from __future__ import annotations

from datetime import date

import pytest

from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import ApiProblem, KeyRefused, PlatformDown, Unreachable, VaultProblem
from oai_tui.core.secret import Secret
from oai_tui.services.kept import Kept, kept
from oai_tui.services.login import Proof, prove, refuse_session_key
from oai_tui.vault.credential import Credential
from oai_tui.vault.memory import MemoryPlace
from tests.api.talking import Answer, Platform, client_of, closed_port
from tests.canary import CANARY, leaks
from tests.services.estate import Estate, run

TODAY = date(2026, 11, 22)
HERE = BaseUrl.parse("https://api.openai.com/v1")
PAD = "x" * 40


def proved(estate: Estate, key: str) -> Proof:
    async def ask() -> Proof:
        async with estate.client(key) as client:
            return await prove(client, Secret(key), TODAY)

    return run(ask())


def refused(estate: Estate, key: str) -> KeyRefused:
    with pytest.raises(KeyRefused) as caught:
        proved(estate, key)
    assert not leaks(key, str(caught.value))
    assert caught.value.way_out
    return caught.value


def test_an_admin_key_may_do_both() -> None:
    estate = Estate()
    proof = proved(estate, estate.world.admin_key)
    assert proof.management.allowed
    assert proof.usage.allowed
    assert proof.is_useful
    assert proof.organization == estate.world.slug


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("shape", ["string", "envelope"])
def test_a_restricted_key_may_do_one(status: int, shape: str) -> None:
    estate = Estate()
    estate.world.missing_scope_status = status  # type: ignore[assignment]
    estate.world.error_shape = shape  # type: ignore[assignment]
    usage = proved(estate, estate.world.usage_only_key)
    assert (usage.management.allowed, usage.usage.allowed) == (False, True)
    assert usage.management.scopes == ("api.management.read",)
    managing = proved(estate, estate.world.management_only_key)
    assert (managing.management.allowed, managing.usage.allowed) == (True, False)
    assert managing.usage.scopes == ("api.usage.read",)
    assert "api.usage.read" in managing.usage.why


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("sk-admin-" + PAD, "refuses this admin key"),
        ("sk-proj-" + PAD, "This is a project key"),
        ("sk-svcacct-" + PAD, "service account's key"),
        ("sk-" + "a1" * 24, "old user key"),
        ("sk-None-" + PAD, "old user key"),
        ("some-other-token-" + PAD, "does not accept this as a key"),
    ],
)
@pytest.mark.parametrize("fault", ["401-envelope", "401-plain", "403-plain", "403-envelope"])
def test_every_kind_of_key_has_its_sentence(fault: str, key: str, sentence: str) -> None:
    problem = refused(Estate(fault), key)
    if fault != "401-envelope" and not key.startswith(("sk-proj", "sk-svc", "sk-a1", "sk-None")):
        sentence = "This admin key is restricted"
    assert sentence in problem.what
    assert problem.request_id


def test_living_keys_of_other_kinds_are_told_what_they_are() -> None:
    estate = Estate()
    kinds = {"user": "This is a project key", "service_account": "service account's key"}
    for owner, sentence in kinds.items():
        key = next(
            key
            for key in estate.world.keys.values()
            if key.owner_type == owner and estate.world.is_live(key)
        )
        assert sentence in refused(estate, key.value).what


def test_a_revoked_admin_key() -> None:
    estate = Estate()
    key = next(iter(estate.world.admin_keys.values()))
    key.deleted_at = 0
    assert "revoked, has expired or was cut short" in refused(estate, key.value).what


def test_a_refusal_that_has_nothing_to_do_with_the_key_says_so() -> None:
    body = {"error": {"message": "Country not supported", "code": "unsupported_country"}}
    client = client_of(Platform(Answer(403, body)))
    with pytest.raises(KeyRefused, match="Country not supported"):
        run(prove(client, Secret(CANARY), TODAY))


def test_a_session_key_is_never_sent() -> None:
    platform = Platform(Answer())
    key = Secret("sess-" + PAD)
    with pytest.raises(KeyRefused, match="session key"):
        run(prove(client_of(platform, key=key.reveal()), key, TODAY))
    with pytest.raises(KeyRefused):
        refuse_session_key(key)
    assert platform.asked == []
    refuse_session_key(Secret(CANARY))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("500", PlatformDown), ("reset-before", Unreachable), ("429-long", ApiProblem)],
)
def test_a_platform_that_cannot_be_asked_is_no_refusal(fault: str, kind: type[ApiProblem]) -> None:
    estate = Estate(fault)
    with pytest.raises(kind) as caught:
        proved(estate, estate.world.admin_key)
    assert not isinstance(caught.value, KeyRefused)


def test_a_network_that_is_gone_is_no_refusal() -> None:
    with pytest.raises(Unreachable):
        run(prove(client_of(address=closed_port()), Secret(CANARY), TODAY))


def test_two_cheap_questions_are_asked() -> None:
    platform = Platform(Answer(body={"data": []}))
    run(prove(client_of(platform), Secret(CANARY), TODAY))
    asked = {each.path: dict(each.query) for each in platform.asked}
    assert asked["/v1/organization/projects"]["limit"] == "1"
    assert asked["/v1/organization/costs"]["limit"] == "1"
    assert len(platform.asked) == 2


class Locked(MemoryPlace):
    """A place that is there and does not open."""

    async def load(self, profile: str, origin: str) -> Credential | None:
        raise VaultProblem("It is locked.")


async def place(origin: str | None) -> MemoryPlace:
    made = MemoryPlace()
    if origin:
        await made.save("work", Credential(Secret(CANARY), origin))
    return made


def test_a_key_is_looked_for_in_one_place_after_another() -> None:
    async def look() -> tuple[Kept | None, tuple[VaultProblem, ...], MemoryPlace]:
        foreign = await place("https://evil.example")
        right = await place(HERE.origin)
        places = [Locked(), await place(None), foreign, right, Locked()]
        found, problems = await kept(places, "work", HERE)
        return found, problems, right

    found, problems, right = run(look())
    assert found
    assert found.place is right
    assert found.credential == Credential(Secret(CANARY), HERE.origin)
    assert [problem.what.split()[0] for problem in problems] == ["It", "The"]


def test_a_key_that_is_nowhere() -> None:
    async def look() -> tuple[Kept | None, tuple[VaultProblem, ...]]:
        return await kept([await place(None), Locked()], "work", HERE)

    found, problems = run(look())
    assert found is None
    assert len(problems) == 1
