"""The places that need no key store."""

from __future__ import annotations

import asyncio

import pytest

from oai_tui.core.errors import VaultProblem
from oai_tui.core.secret import Secret
from oai_tui.vault import Condition, Credential, EnvironmentPlace, MemoryPlace, Place
from tests.vault.canary import CANARY, in_text

ORIGIN = "https://api.openai.com"


def test_the_key_of_the_environment_is_for_the_official_address() -> None:
    place: Place = EnvironmentPlace({"OPENAI_ADMIN_KEY": f" '{CANARY}' "})
    found = asyncio.run(place.load("work", ORIGIN))
    assert found == Credential(Secret(CANARY), ORIGIN)
    assert asyncio.run(place.state()).condition is Condition.WORKING


def test_the_key_of_the_environment_is_for_the_address_beside_it() -> None:
    address = "HTTPS://Proxy.Example:443/openai/v1"
    place = EnvironmentPlace({"OPENAI_ADMIN_KEY": CANARY, "OPENAI_BASE_URL": address})
    found = asyncio.run(place.load("work", "https://proxy.example"))
    assert found is not None
    assert found.secret == Secret(CANARY)
    with pytest.raises(VaultProblem, match=r"https://proxy\.example and is not sent to"):
        asyncio.run(place.load("work", ORIGIN))


@pytest.mark.parametrize("environ", [{}, {"OPENAI_ADMIN_KEY": " "}])
def test_an_environment_without_a_key_has_none(environ: dict[str, str]) -> None:
    place = EnvironmentPlace(environ)
    assert asyncio.run(place.load("work", ORIGIN)) is None
    state = asyncio.run(place.state())
    assert state.condition is Condition.MISSING
    assert state.way_out
    asyncio.run(place.delete("work"))


@pytest.mark.parametrize(
    "environ",
    [
        {"OPENAI_ADMIN_KEY": CANARY + "\n" + CANARY},
        {"OPENAI_ADMIN_KEY": CANARY, "OPENAI_BASE_URL": "http://proxy.example"},
    ],
)
def test_an_unusable_environment_is_told_without_the_key(environ: dict[str, str]) -> None:
    place = EnvironmentPlace(environ)
    state = asyncio.run(place.state())
    assert state.condition is Condition.MISSING
    with pytest.raises(VaultProblem) as raised:
        asyncio.run(place.load("work", ORIGIN))
    assert state.why == raised.value.what
    assert not in_text(str(raised.value))


def test_the_environment_is_never_written() -> None:
    environ = {"OPENAI_ADMIN_KEY": CANARY}
    place = EnvironmentPlace(environ)
    with pytest.raises(VaultProblem, match="only read"):
        asyncio.run(place.save("work", Credential(Secret("sk-other"), ORIGIN)))
    with pytest.raises(VaultProblem, match="cannot unset"):
        asyncio.run(place.delete("work"))
    assert environ == {"OPENAI_ADMIN_KEY": CANARY}


def test_memory_keeps_a_key_for_its_origin_until_it_is_deleted() -> None:
    async def story() -> None:
        place: Place = MemoryPlace()
        credential = Credential(Secret(CANARY), ORIGIN)
        assert (await place.state()).condition is Condition.WORKING
        assert await place.load("work", ORIGIN) is None
        await place.save("work", credential)
        assert await place.load("work", ORIGIN) == credential
        with pytest.raises(VaultProblem):
            await place.load("work", "https://proxy.example")
        await place.delete("work")
        await place.delete("work")
        assert await place.load("work", ORIGIN) is None

    asyncio.run(story())


def test_a_credential_does_not_show_its_key() -> None:
    assert not in_text(repr(Credential(Secret(CANARY), ORIGIN)))
