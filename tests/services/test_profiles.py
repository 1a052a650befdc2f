"""A profile comes with its first key and leads back to its address."""

from __future__ import annotations

import asyncio
from pathlib import Path

from oai_tui.core.secret import Secret
from oai_tui.services.signing_in import keep
from oai_tui.services.start import setup_of
from oai_tui.store.paths import Folders
from oai_tui.vault.credential import Credential
from oai_tui.vault.keyring_place import KeyringPlace
from oai_tui.vault.memory import MemoryPlace


class Taking(KeyringPlace):
    """A key store that takes every key."""

    async def save(self, profile: str, credential: Credential) -> None:
        """Take it."""


def test_a_kept_key_makes_a_profile_with_its_address(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path)
    there = {"OPENAI_BASE_URL": "https://gateway.example/v1"}
    setup = setup_of(there, folders, profile="work")
    asyncio.run(keep(setup, Taking(), Credential(Secret("sk-admin-x"), setup.base_url.origin)))

    later = setup_of({}, folders, profile="work")
    assert later.base_url.url == "https://gateway.example/v1"
    assert later.base_url_from == "the profile"


def test_a_key_for_this_run_leaves_no_profile(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path)
    setup = setup_of({"OPENAI_BASE_URL": "https://gateway.example/v1"}, folders)
    credential = Credential(Secret("sk-admin-x"), setup.base_url.origin)
    asyncio.run(keep(setup, MemoryPlace(), credential))

    assert setup_of({}, folders).base_url.is_official
    assert not setup.settings.path.exists()
