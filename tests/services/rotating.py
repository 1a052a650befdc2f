"""A rotator with everything around it, at one estate."""

from __future__ import annotations

from pathlib import Path

from oai_tui.api.client import Client
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.delivery import Command
from oai_tui.core.keys import ApiKey
from oai_tui.core.rotation import Rotation
from oai_tui.core.secret import Secret
from oai_tui.services.rotation import Rotator, Wish
from oai_tui.services.setup import Setup
from oai_tui.simulator.model import AdminKey, Key
from oai_tui.store.journal import Journal
from oai_tui.store.paths import Folders
from oai_tui.store.settings import SettingsFile
from oai_tui.vault.credential import Credential
from oai_tui.vault.environment import EnvironmentPlace
from oai_tui.vault.memory import MemoryPlace
from oai_tui.vault.place import Place
from tests.api.talking import LOCAL, Waits
from tests.safe import Safe
from tests.services.estate import Estate, run

ORIGIN = BaseUrl.parse(LOCAL).origin


class Own:
    """Whoever is signed in."""

    def __init__(self, client: Client, key: str) -> None:
        self.client = client
        self.secret = Secret(key)

    def use(self, secret: Secret) -> None:
        self.client.use(secret)
        self.secret = secret


class Bench:
    """One program at one estate. Another one on the same folder is another program."""

    def __init__(
        self,
        folder: Path,
        estate: Estate | None = None,
        *,
        own_place: str = "keyring",
        own_key: str = "",
        nonce: str = "nonc",
    ) -> None:
        self.folder = folder
        self.estate = estate or Estate()
        self.safe = Safe(folder)
        self.waits = Waits()
        self.journal = Journal(folder / "state")
        self.client = self.estate.client(own_key or None)
        self.own = Own(self.client, own_key or self.estate.world.admin_key)
        self.commands: dict[str, Command] = {}
        self.places: tuple[Place, ...] = (EnvironmentPlace({}), self.safe, MemoryPlace())
        self.nonces = iter(f"{nonce}{number}" for number in range(10))
        self.rotator = self._rotator(own_place)

    def _rotator(self, own_place: str) -> Rotator:
        folders = Folders.under(self.folder)
        setup = Setup(
            profile="work",
            base_url=BaseUrl.parse(LOCAL),
            base_url_from="",
            read_only=False,
            folders=folders,
            settings=SettingsFile(folders.config),
            places=self.places,
            clock=self.estate.clock,
            commands=self.commands,
        )
        return Rotator(
            setup,
            self.client,
            self.journal,
            self.own,
            own_place,
            lambda secret: self.estate.client(secret.reveal()),
            sleep=self.waits,
            nonce=lambda: next(self.nonces),
        )

    def close(self) -> None:
        self.rotator.close()
        self.journal.close()

    async def keep_own(self) -> None:
        await self.safe.save("work", Credential(self.own.secret, ORIGIN))

    async def listed(self) -> list[ApiKey]:
        return await self.estate.listed(self.client)

    async def account_key(self) -> ApiKey:
        """Return a living key of a service account."""
        return next(
            key
            for key in await self.listed()
            if key.owner
            and key.owner.is_service_account
            and key.project
            and not key.project.is_archived
        )

    async def user_key(self) -> ApiKey:
        """Return a living key of a person."""
        return next(
            key
            for key in await self.listed()
            if key.owner
            and key.owner.type == "user"
            and key.project
            and not key.project.is_archived
        )

    async def own_key(self) -> ApiKey:
        id = self.simulated(self.own.secret.reveal()).id
        return next(key for key in await self.listed() if key.id == id)

    async def other_admin_key(self) -> ApiKey:
        own = self.simulated(self.own.secret.reveal()).id
        return next(key for key in await self.listed() if key.project is None and key.id != own)

    async def started(self, key: ApiKey, *destinations: str, keep_old: bool = False) -> Rotation:
        proposal = self.rotator.propose(key)
        wish = Wish(proposal.name, destinations=destinations, keep_old=keep_old)
        return await self.rotator.start(proposal, wish)

    def simulated(self, value: str) -> AdminKey | Key:
        found = self.estate.world.key_with_value(value)
        assert found
        return found

    def lives(self, id: str) -> bool:
        world = self.estate.world
        found = world.keys.get(id) or world.admin_keys[id]
        return found.deleted_at is None

    def value_of(self, id: str) -> str:
        world = self.estate.world
        return (world.keys.get(id) or world.admin_keys[id]).value

    def made(self) -> list[str]:
        """Return the ids of living keys that this bench made."""
        world = self.estate.world
        named: list[Key | AdminKey] = [*world.keys.values(), *world.admin_keys.values()]
        accounts = world.service_accounts
        return [
            each.id
            for each in named
            if each.deleted_at is None
            and (
                "-nonc" in each.name
                or (
                    isinstance(each, Key)
                    and "-nonc" in getattr(accounts.get(each.owner_id), "name", "")
                )
            )
        ]


__all__ = ["ORIGIN", "Bench", "Own", "run"]
