"""A session without a screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import VaultLocked, VaultMissing
from oai_tui.core.secret import Secret
from oai_tui.services.headless import signed_in
from oai_tui.services.setup import Setup
from oai_tui.store.paths import Folders
from oai_tui.store.settings import SettingsFile
from oai_tui.vault.credential import Credential
from oai_tui.vault.environment import EnvironmentPlace
from oai_tui.vault.place import Place
from tests.api.talking import LOCAL
from tests.canary import CANARY
from tests.safe import Safe
from tests.services.estate import Clock, run

ORIGIN = BaseUrl.parse(LOCAL).origin


class NoStore(Safe):
    async def load(self, profile: str, origin: str) -> Credential | None:
        raise VaultMissing("There is no key store.", "Start one.")


def setup_with(folder: Path, *places: Place) -> Setup:
    folders = Folders.under(folder)
    return Setup(
        profile="work",
        base_url=BaseUrl.parse(LOCAL),
        base_url_from="",
        read_only=False,
        folders=folders,
        settings=SettingsFile(folders.config),
        places=(EnvironmentPlace({}), *places),
        clock=Clock(),
    )


async def entered(setup: Setup) -> tuple[Secret, str, bool]:
    async with signed_in(setup) as session:
        return session.secret, session.place, session.rotator is not None


def test_the_key_that_is_kept_opens_a_session_without_a_request(tmp_path: Path) -> None:
    safe = Safe(tmp_path)
    run(safe.save("work", Credential(Secret(CANARY), ORIGIN)))
    assert run(entered(setup_with(tmp_path, safe))) == (Secret(CANARY), "keyring", True)


@pytest.mark.parametrize("place", [Safe, NoStore])
def test_nobody_signed_in_is_told_with_the_ways_in(tmp_path: Path, place: type[Safe]) -> None:
    with pytest.raises(VaultMissing) as told:
        run(entered(setup_with(tmp_path, place(tmp_path))))
    assert "profile work" in told.value.what
    assert "oai-tui login" in told.value.way_out


def test_a_locked_store_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    safe = Safe(tmp_path)
    safe.lock()
    with pytest.raises(VaultLocked):
        run(entered(setup_with(tmp_path, NoStore(tmp_path), safe)))
