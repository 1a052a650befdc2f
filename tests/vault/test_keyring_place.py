"""The keyring place against key stores that misbehave."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Iterator

import pytest

from oai_tui.core.errors import VaultMissing, VaultProblem, VaultSilent
from oai_tui.core.secret import Secret
from oai_tui.vault import Condition, Credential, KeyringPlace
from tests.vault import stores
from tests.vault.canary import CANARY, in_text

ORIGIN = "https://api.openai.com"
CREDENTIAL = Credential(Secret(CANARY), ORIGIN)


@pytest.fixture(autouse=True)
def _empty_stores() -> Iterator[None]:
    stores.Good.kept.clear()
    yield
    stores.Good.kept.clear()


def place(store: type, deadline: float = 2.0) -> KeyringPlace:
    return KeyringPlace(f"{stores.__name__}.{store.__name__}", deadline)


async def problem_of_saving(store: type, deadline: float = 2.0) -> VaultProblem:
    with pytest.raises(VaultProblem) as raised:
        await place(store, deadline).save("work", CREDENTIAL)
    assert_discreet(raised.value)
    return raised.value


def assert_discreet(problem: VaultProblem) -> None:
    """Neither its text nor anything that hangs on it may lead to the key."""
    assert not in_text("".join(traceback.format_exception(problem)))
    assert problem.__cause__ is None
    assert problem.__context__ is None


def test_a_named_store_is_used_and_shown_by_its_name() -> None:
    async def story() -> None:
        kept = place(stores.Good)
        state = await kept.state()
        assert state.condition is Condition.WORKING
        assert state.detail.endswith("stores.Good")
        await kept.save("work", CREDENTIAL)
        assert await kept.load("work", ORIGIN) == CREDENTIAL
        assert await kept.load("home", ORIGIN) is None

    asyncio.run(story())


def test_the_origin_is_kept_with_the_key_and_bound_to_it() -> None:
    async def story() -> None:
        kept = place(stores.Good)
        await kept.save("work", Credential(Secret(CANARY), "http://127.0.0.1:8080"))
        with pytest.raises(VaultProblem, match=r"127\.0\.0\.1:8080 and is not sent to https://api"):
            await kept.load("work", ORIGIN)

    asyncio.run(story())


@pytest.mark.parametrize("entry", ["", CANARY, "no-address sk-x", f"{ORIGIN} ", f"{ORIGIN} a b"])
def test_an_entry_of_another_program_is_no_key(entry: str) -> None:
    stores.Good.kept["oai-tui", "work"] = entry
    with pytest.raises(VaultProblem, match="did not write") as raised:
        asyncio.run(place(stores.Good).load("work", ORIGIN))
    assert not in_text(str(raised.value))


def test_a_store_that_forgets_is_found_out() -> None:
    problem = asyncio.run(problem_of_saving(stores.Forgetful))
    assert "did not give the same key back" in problem.what
    assert problem.way_out


def test_a_write_nobody_answered_is_looked_up() -> None:
    asyncio.run(place(stores.LateYes, deadline=0.5).save("work", CREDENTIAL))
    assert asyncio.run(place(stores.Good).load("work", ORIGIN)) == CREDENTIAL


def test_a_write_nobody_answered_that_left_nothing_is_unknown() -> None:
    problem = asyncio.run(problem_of_saving(stores.LateNo, 0.5))
    assert isinstance(problem, VaultSilent)
    assert "not known" in problem.what


def test_an_older_key_does_not_pass_for_the_one_just_written() -> None:
    async def story() -> None:
        await place(stores.Good).save("work", Credential(Secret("sk-admin-older"), ORIGIN))
        await problem_of_saving(stores.Forgetful)
        await problem_of_saving(stores.LateNo, 0.5)

    asyncio.run(story())


def test_a_failure_says_nothing_of_the_key() -> None:
    assert "RuntimeError" in asyncio.run(problem_of_saving(stores.Talkative)).what


def test_a_failure_to_read_says_nothing_of_the_key() -> None:
    async def story() -> None:
        await place(stores.Good).save("work", CREDENTIAL)
        with pytest.raises(VaultSilent, match="RuntimeError") as raised:
            await place(stores.Indiscreet).load("work", ORIGIN)
        assert_discreet(raised.value)
        assert not in_text(repr(await place(stores.Indiscreet).state()))

    asyncio.run(story())


def test_a_key_that_does_not_go_is_told() -> None:
    async def story() -> None:
        await place(stores.Good).save("work", CREDENTIAL)
        with pytest.raises(VaultProblem, match="still holds the key"):
            await place(stores.Clingy).delete("work")
        await place(stores.Good).delete("work")
        assert await place(stores.Good).load("work", ORIGIN) is None

    asyncio.run(story())


def test_what_windows_could_not_keep_is_refused_before_it_is_written() -> None:
    with pytest.raises(VaultProblem, match="too long"):
        asyncio.run(
            place(stores.Good).save("work", Credential(Secret("k" * 1000), "https://" + "h" * 300))
        )
    assert not stores.Good.kept


def test_a_plain_text_store_is_refused_even_by_name() -> None:
    with pytest.raises(VaultMissing, match="plain text"):
        asyncio.run(place(stores.PlaintextKeyring).save("work", CREDENTIAL))
    assert not stores.Good.kept


def test_a_named_store_that_is_not_there_is_told() -> None:
    state = asyncio.run(KeyringPlace("no.such.module.Keyring").state())
    assert state.condition is Condition.MISSING
    assert "no.such.module.Keyring" in state.why
    assert "keyring_backend" in state.way_out


def test_waiting_does_not_hold_the_loop() -> None:
    async def story() -> int:
        turns = 0
        saving = asyncio.create_task(place(stores.LateNo, deadline=0.5).save("work", CREDENTIAL))
        begun = time.monotonic()
        while not saving.done() and time.monotonic() < begun + 60:
            await asyncio.sleep(0.01)
            turns += 1
        with pytest.raises(VaultSilent):
            await saving
        return turns

    assert asyncio.run(story()) >= 5
