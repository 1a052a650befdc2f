"""Which key stores are used unasked, and why others are not."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, chainer, fail, null

from oai_tui.core.errors import VaultMissing, VaultProblem
from oai_tui.vault.backends import pick, shown
from tests.vault import stores


@pytest.fixture(autouse=True)
def _keyring_as_it_was() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


class Chain(chainer.ChainerBackend):
    backends: list[KeyringBackend] = []


def test_a_trusted_store_is_used() -> None:
    trusted = SecretService.Keyring()
    keyring.set_keyring(trusted)
    assert pick(None) is trusted
    assert shown(trusted) == "Secret Service"


def test_the_first_trusted_member_of_a_chain_is_used() -> None:
    trusted = SecretService.Keyring()
    Chain.backends = [stores.Alternative(), stores.Stranger(), trusted, SecretService.Keyring()]
    keyring.set_keyring(Chain())
    assert pick(None) is trusted


@pytest.mark.parametrize(
    ("store", "reason"),
    [
        (null.Keyring, "switched off"),
        (stores.Alternative, "keyrings.alt.file.Alternative keeps keys in a file"),
        (stores.PlaintextKeyring, "plain text"),
        (stores.Stranger, "acme.vault.Stranger is a key store that oai-tui does not know"),
    ],
)
def test_others_are_refused_with_a_reason(store: type[KeyringBackend], reason: str) -> None:
    keyring.set_keyring(store())
    with pytest.raises(VaultMissing, match=reason) as raised:
        pick(None)
    assert raised.value.way_out


def test_a_chain_of_untrusted_members_is_refused() -> None:
    Chain.backends = [stores.Alternative(), stores.Stranger()]
    keyring.set_keyring(Chain())
    with pytest.raises(VaultProblem, match=r"keyrings\.alt"):
        pick(None)


def test_a_machine_without_a_store_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(VaultMissing, match="No key store") as raised:
        pick(None)
    assert "OPENAI_ADMIN_KEY" in raised.value.way_out


@pytest.mark.parametrize("store", [null.Keyring, fail.Keyring])
def test_what_keeps_nothing_is_refused_even_by_name(store: type[KeyringBackend]) -> None:
    with pytest.raises(VaultMissing):
        pick(f"{store.__module__}.{store.__qualname__}")
